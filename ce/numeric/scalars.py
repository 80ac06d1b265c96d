"""Single values among the arguments: numbers in a range, counts, names."""

from __future__ import annotations

import math

import numpy as np

from ce.numeric.validation import message

__all__ = ["number", "one_of", "positive_integer"]


def number(value: float, function: str, name: str, *, low: float, high: float = np.inf) -> float:
    """Return one finite number from ``low`` to ``high``.

    Raises
    ------
    TypeError, ValueError
        For anything else.

    Examples
    --------
    >>> number(-0.5, "smooth_labels", "epsilon", low=0, high=1)
    Traceback (most recent call last):
        ...
    ValueError: smooth_labels: argument `epsilon`: expected a number from 0 to 1, got -0.5
    """
    if type(value) is float and low <= value <= high and math.isfinite(value):
        return value
    upward = f"a finite number of at least {low:g}"
    expected = f"a number from {low:g} to {high:g}" if math.isfinite(high) else upward
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(message(function, name, expected, repr(value)))
    if not (low <= value <= high and math.isfinite(value)):
        raise ValueError(message(function, name, expected, f"{value}"))
    return float(value)


def positive_integer(value: int, function: str, name: str) -> int:
    """Return ``value`` as an int of at least 1.

    Raises
    ------
    TypeError, ValueError
        For anything that is not an integer (True is none), or one below 1.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise TypeError(message(function, name, "a positive integer", repr(value)))
    if value < 1:
        raise ValueError(message(function, name, "a positive integer", repr(value)))
    return int(value)


def one_of(value: str, choices: tuple[str, ...], function: str, name: str) -> None:
    """Refuse a ``value`` that is not among ``choices``.

    Raises
    ------
    ValueError
        When it is not.
    """
    if not isinstance(value, str) or value not in choices:
        raise ValueError(message(function, name, f"one of {', '.join(map(repr, choices))}", repr(value)))
