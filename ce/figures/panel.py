"""A panel: two axes and the marks drawn between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sympy import Symbol

from ce.figures.checks import number, text
from ce.figures.marks import Bar, Mark
from ce.figures.parameters import Pmf

__all__ = ["Axis", "Panel"]


@dataclass(frozen=True)
class Axis:
    """One axis of a panel.

    Parameters
    ----------
    label
        What is drawn along the axis and in which unit, as a short Unicode text.
    low, high
        The range; an end that is None follows the marks.
    log
        ``True`` for a logarithmic axis; ``"reader"`` (y axis only) for a switch that the reader operates.
    symbol
        What varies along an x axis. The symbol of a slider brings its range, label and scale, and lets the reader
        drag in the panel; any other symbol needs a label and a range of its own.
    categories
        Names in place of numbers, for bars.

    Raises
    ------
    ValueError
        For an empty range, a logarithmic range that does not lie above zero, categories with a range.
    """

    label: str = ""
    low: float | None = None
    high: float | None = None
    log: bool | Literal["reader"] = False
    symbol: Symbol | None = None
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = f"Axis({self.label or self.symbol!r})"
        for name in ("low", "high"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, number(f"{where}.{name}", getattr(self, name)))
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"{where}: expected low < high, got {self.low} and {self.high}")
        if self.log not in (True, False, "reader"):
            raise ValueError(f'{where}.log: expected True, False or "reader", got {self.log!r}')
        if self.log is True and any(end is not None and end <= 0 for end in (self.low, self.high)):
            raise ValueError(f"{where}: expected a range above zero on a log scale, got {self.low} to {self.high}")
        if self.symbol is not None and not isinstance(self.symbol, Symbol):
            raise ValueError(f"{where}.symbol: expected a SymPy Symbol, got {self.symbol!r}")
        object.__setattr__(self, "categories", tuple(text(f"{where}.categories", c) for c in self.categories))
        if self.categories and (self.symbol is not None or self.low is not None or self.high is not None):
            raise ValueError(f"{where}: expected categories or a range or a symbol, got more than one of them")


@dataclass(frozen=True)
class Panel:
    """Marks between two axes.

    Parameters
    ----------
    x
        An :class:`Axis`, or for short the symbol that varies along it, or the :class:`Pmf` whose names are its
        categories.
    y
        An :class:`Axis`, or for short its label.
    marks
        What is drawn, later marks over earlier ones.
    title
        What the panel shows, in a few words.

    Raises
    ------
    ValueError
        For a part of another type, no mark, bars without categories or a number of them that does not fit.
    """

    x: Axis | Symbol | Pmf
    y: Axis | str
    marks: tuple[Mark, ...]
    title: str

    def __post_init__(self) -> None:
        where = f"Panel({self.title!r})"
        text(f"{where}.title", self.title)
        x = self.x
        if isinstance(x, Symbol):
            x = Axis(symbol=x)
        elif isinstance(x, Pmf):
            x = Axis(categories=x.names)
        y = Axis(text(f"{where}.y", self.y)) if isinstance(self.y, str) else self.y
        if not isinstance(x, Axis) or not isinstance(y, Axis):
            raise ValueError(f"{where}: expected an Axis for x and y, got {self.x!r} and {self.y!r}")
        if x.log == "reader" or y.symbol is not None or y.categories:
            raise ValueError(f'{where}: expected log="reader" on the y axis only, symbol and categories on the '
                             f"x axis only, got x={x} and y={y}")  # fmt: skip
        text(f"{where}.y.label", y.label)
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)
        object.__setattr__(self, "marks", tuple(self.marks))
        if not self.marks or not all(isinstance(mark, Mark) for mark in self.marks):
            raise ValueError(f"{where}.marks: expected one or more marks, got {self.marks!r}")
        self._check_bars(where, x)

    def _check_bars(self, where: str, x: Axis) -> None:
        for mark in self.marks:
            if isinstance(mark, Bar):
                count = len(mark.heights.values if isinstance(mark.heights, Pmf) else mark.heights)
                if count != len(x.categories):
                    raise ValueError(f"{where}: expected {len(x.categories)} bars for the categories "
                                     f"{x.categories} of the x axis, got {count} in {mark.label!r}")  # fmt: skip
            elif x.categories:
                raise ValueError(f"{where}: expected bars over categories, got a {type(mark).__name__}")
