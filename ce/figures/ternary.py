"""The probability triangle: each distribution over three outcomes is a place in it."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Expr, sqrt

from ce.figures.checks import expression

__all__ = ["ternary"]


def ternary(pmf: Iterable[Expr | float]) -> tuple[Expr, Expr]:
    """Return where three probabilities stand in the triangle with the corners (0, 0), (1, 0), (1/2, √3/2).

    Parameters
    ----------
    pmf
        Three expressions that sum to one.

    Raises
    ------
    ValueError
        For another number of them.

    Examples
    --------
    >>> from sympy import Rational
    >>> ternary((Rational(1, 3),) * 3)
    (1/2, sqrt(3)/6)
    """
    found = [expression(f"ternary[{at}]", value) for at, value in enumerate(pmf)]
    if len(found) != 3:
        raise ValueError(f"ternary: expected three probabilities, got {found}")
    return found[1] + found[2] / 2, found[2] * sqrt(3) / 2
