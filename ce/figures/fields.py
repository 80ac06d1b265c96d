"""Marks that cover a part of the plane: the region between two curves, and heat maps with contours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from sympy import Expr

from ce.figures.checks import numbers
from ce.figures.marks import Mark

__all__ = ["Fill", "HeatMap"]


@dataclass(frozen=True)
class Fill(Mark):
    """The region between two curves over the symbol of the x axis.

    Examples
    --------
    The lead of the cross-entropy over the entropy of a coin:

    >>> from ce.symbols import logit
    >>> Fill(0, logit**2, label="area").high
    z**2
    """

    low: Expr
    high: Expr
    named: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self._expressions("low", "high")


@dataclass(frozen=True)
class HeatMap(Mark):
    """The values of an expression over the plane, as shading and as contour lines.

    Parameters
    ----------
    value
        An expression of the symbols of both axes, or of the three probabilities of a triangle.
    levels
        The values at which contours are drawn, ascending; the shading goes evenly from each to the next.
    dark
        Which values are dark: ``"low"`` ones, so that a valley is, or ``"high"`` ones.

    Raises
    ------
    ValueError
        For fewer than two levels or levels out of order.

    Examples
    --------
    >>> from ce.symbols import logit, rate
    >>> HeatMap(logit**2 + rate**2, (0.1, 1, 2), label="bowl").levels
    (0.1, 1.0, 2.0)
    """

    value: Expr
    levels: tuple[float, ...]
    dark: Literal["low", "high"] = "low"
    named: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self._expressions("value")
        where = f"HeatMap({self.label!r})"
        levels = numbers(f"{where}.levels", self.levels)
        if len(levels) < 2 or any(low >= high for low, high in pairwise(levels)):
            raise ValueError(f"{where}.levels: expected two or more ascending numbers, got {levels}")
        object.__setattr__(self, "levels", levels)
        if self.dark not in ("low", "high"):
            raise ValueError(f'{where}.dark: expected "low" or "high", got {self.dark!r}')
