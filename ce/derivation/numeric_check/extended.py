"""The witness's arithmetic with the few values that are not real: log 0, and 1/0 under a logarithm."""

from __future__ import annotations

from typing import Any

from ce.derivation.numeric_check.points import MP
from ce.derivation.verdict import Undefined

__all__ = ["POLE", "Pole", "added", "finite", "is_finite", "multiplied"]


class Pole:
    """The value of 1/0; only its logarithm is of use."""


POLE = Pole()


def is_finite(value: Any) -> bool:
    """Return whether a value is a real number; of what mpmath keeps, infinity has an exponent alone."""
    if isinstance(value, Pole):
        return False
    _, digits, exponent, _ = getattr(value, "_mpf_", (0, 1, 0, 0))  # a label is an int
    return bool(digits) or not exponent


def finite(value: Any) -> Any:
    """Return a value that is a real number, and refuse any other."""
    if not is_finite(value):
        raise Undefined("a function of something infinite")
    return value


def added(values: list[Any]) -> Any:
    """Return the sum; one infinite value less another is undefined."""
    total, infinite = MP.zero, None
    for value in values:
        if isinstance(value, Pole):
            raise Undefined("a division by zero")
        if is_finite(value):
            total += value
        elif infinite is None or infinite == value:
            infinite = value
        else:
            raise Undefined("one infinite value less another")
    return total if infinite is None else infinite


def multiplied(values: list[Any]) -> Any:
    """Return the product, with 0 · log 0 = 0; 0/0 is undefined."""
    result, zero, infinite, pole = MP.one, False, False, False
    for value in values:
        if isinstance(value, Pole):
            pole = True
        elif not value:
            zero = True
        elif is_finite(value):
            result *= value
        else:
            infinite = True
            result *= value
    if pole:
        if zero or infinite:
            raise Undefined("a division of zero by zero")
        return POLE
    return MP.zero if zero else result  # 0 · log 0 = 0, and 0 times anything finite
