"""Ranges, ticks and how numbers are written; the front end follows the same rules."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

__all__ = ["count_text", "limits", "number_text", "steps_text", "tick_text", "ticks"]

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# On a logarithmic axis that follows the data: decades below the largest value beyond which nothing is shown.
DECADES = 12


def number_text(value: float, digits: int) -> str:
    """Write a number with ``digits`` significant digits, ties away from zero, with a true minus sign.

    Examples
    --------
    >>> number_text(0.30685, 3), number_text(-4.54e-5, 3), number_text(float("inf"), 3)
    ('0.307', '−4.54×10⁻⁵', '∞')
    """
    if math.isnan(value):
        return "undefined"
    sign = "−" if value < 0 else ""
    if math.isinf(value):
        return sign + "∞"
    if value == 0:
        return "0"
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).plus(Decimal(abs(value)))
    exponent = rounded.adjusted()
    figures = "".join(map(str, rounded.as_tuple().digits)).ljust(digits, "0")[:digits]
    if -4 <= exponent < 6:
        if exponent >= digits:
            return sign + str(Decimal(abs(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
        padded = "0" * max(0, -exponent) + figures
        whole = max(exponent, 0) + 1
        return sign + padded[:whole] + ("." + padded[whole:] if padded[whole:] else "")
    mantissa = figures[0] + ("." + figures[1:] if digits > 1 else "")
    return f"{sign}{mantissa}×10{str(exponent).translate(SUPERSCRIPTS)}"


def tick_text(value: float, log: bool = False) -> str:
    """Write the number at a tick: a power of ten on a logarithmic axis from 10⁻² down and 10⁴ up."""
    exponent = round(math.log10(value)) if log and value > 0 else 0
    if log and not -2 < exponent < 4:
        return "10" + str(exponent).translate(SUPERSCRIPTS)
    text = number_text(value, 6)
    return re.sub(r"\.?0+(?=×|$)", "", text) if "." in text else text


def count_text(count: int) -> str:
    """Write a count with commas between thousands."""
    return f"{count:,}"


def steps_text(count: int) -> str:
    """Write a number of steps."""
    return f"{count_text(count)} {'step' if count == 1 else 'steps'}"


def nice_step(step: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is not below ``step``."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * (1 - 1e-9))


def ticks(low: float, high: float, log: bool, most: int) -> list[float]:
    """Return round values from ``low`` to ``high``, about ``most`` of them; on a linear axis at least 3."""
    if log:
        first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
        stride = max(1, math.ceil((last - first + 1) / most))
        return [10.0**power for power in range(last, first - 1, -stride)][::-1]
    step = nice_step((high - low) / most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    if last < first + 2:  # fewer than three do not show a scale
        return ticks(low, high, log, most + 1)
    return [at * step for at in range(first, last + 1)]


def limits(low: float | None, high: float | None, log: bool, values: Iterable[float]) -> tuple[float, float]:
    """Return the range of an axis: the given ends, and round ones around ``values`` where None is given.

    On a logarithmic axis only positive values count, and a given end that is not positive counts as None.
    """
    seen = [value for value in values if math.isfinite(value) and (value > 0 or not log)]
    if log:
        top = max(seen, default=1.0)
        bottom = max(min(seen, default=0.1), top / 10.0**DECADES)
        highest, lowest = math.ceil(math.log10(top) - 1e-9), math.floor(math.log10(bottom) + 1e-9)
        round_low, round_high = 10.0 ** min(lowest, highest - 1), 10.0**highest
        low = low if low is not None and low > 0 else None
        high = high if high is not None and high > 0 else None
    else:
        bottom, top = min(seen, default=0.0), max(seen, default=1.0)
        # Rounding alone is no difference.
        if top - bottom <= 1e-9 * max(abs(bottom), abs(top)):
            bottom, top = bottom - 0.5, top + 0.5
        step = nice_step((top - bottom) / 5)
        round_low, round_high = math.floor(bottom / step + 1e-9) * step, math.ceil(top / step - 1e-9) * step
    found = (round_low if low is None else low, round_high if high is None else high)
    # One given end can lie beyond every value: then the other end makes room.
    if found[0] >= found[1]:
        return (
            (found[0], found[0] * 10 if log else found[0] + 1)
            if low is not None
            else (found[1] / 10 if log else found[1] - 1, found[1])
        )
    return found
