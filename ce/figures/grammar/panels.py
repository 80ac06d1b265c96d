"""A panel: two axes and the marks drawn between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from sympy import Symbol

from ce.figures.grammar.checks import instance, number, plain, several, text
from ce.figures.grammar.marks import Mark, Place
from ce.figures.grammar.parameters import Pmf, Vector

__all__ = ["Axis", "Panel", "Triangle"]


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
        What varies along the axis; a y axis can have one where the x axis has one too. The symbol of a slider
        brings its range, label and scale, and lets the reader drag in the panel; any other symbol needs a
        label and a range of its own.
    categories
        Names in place of numbers: of bars on the x axis, of the rows of lengths on the y axis.

    Raises
    ------
    ValueError
        For an empty range, a logarithmic range that does not lie above zero, categories with a range.

    Examples
    --------
    >>> Axis("loss in nats", 0, 6, log="reader").ends
    (0.0, 6.0)
    """

    label: str = ""
    low: float | None = None
    high: float | None = None
    log: bool | Literal["reader"] = False
    symbol: Symbol | None = None
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        plain("Axis", self)
        where = f"Axis({self.label or self.symbol!r})"
        for name in ("low", "high"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, number(f"{where}.{name}", getattr(self, name)))
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"{where}: expected low < high, got {self.low} and {self.high}")
        if not isinstance(self.log, bool | str) or self.log not in (True, False, "reader"):
            raise ValueError(f'{where}.log: expected True, False or "reader", got {self.log!r}')
        if self.log is True and any(end is not None and end <= 0 for end in (self.low, self.high)):
            raise ValueError(f"{where}: expected a log scale above zero, got {self.low} to {self.high}")
        instance(f"{where}.symbol", self.symbol, Symbol | None, "a SymPy Symbol")
        names = several(f"{where}.categories", self.categories)
        object.__setattr__(self, "categories", tuple(text(f"{where}.categories", name) for name in names))
        if self.categories and (self.symbol is not None or self.low is not None or self.high is not None):
            raise ValueError(f"{where}: expected categories or a range or a symbol, got more than one")

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends of the range; categories stand at 0, 1, … with half a unit around them."""
        if self.categories:
            return -0.5, len(self.categories) - 0.5
        if self.low is None or self.high is None:
            raise ValueError(f"Axis({self.label or self.symbol!r}): expected low and high, got {self}")
        return self.low, self.high


def _keep_marks(panel: Panel | Triangle, where: str) -> None:
    """Make a tuple of the marks of a panel; none, or what is no mark among them, is an error."""
    marks = several(f"{where}.marks", panel.marks)
    if not marks or not all(isinstance(mark, Mark) for mark in marks):
        raise ValueError(f"{where}.marks: expected one or more marks, got {marks!r}")
    object.__setattr__(panel, "marks", marks)


@dataclass(frozen=True)
class Panel:
    """Marks between two axes.

    Parameters
    ----------
    x
        An :class:`Axis`, or for short the symbol that varies along it, or the :class:`Pmf` or :class:`Vector`
        whose names are its categories.
    y
        An :class:`Axis`, or for short its label or the symbol that varies along it.
    marks
        What is drawn, later marks over earlier ones.
    title
        What the panel shows, in a few words.

    Raises
    ------
    ValueError
        For a part of another type, no mark, bars without categories or a number of them that does not fit.

    Examples
    --------
    >>> from ce.figures import Line
    >>> from ce.symbols import logit
    >>> panel = Panel(logit, Axis("z²", 0, 4), (Line(logit**2, label="square"),), "A square")
    >>> panel.x_axis.symbol
    z
    """

    x: Axis | Symbol | Pmf | Vector
    y: Axis | Symbol | str
    marks: tuple[Mark, ...]
    title: str

    def __post_init__(self) -> None:
        where = f"Panel({self.title!r})"
        text(f"{where}.title", self.title)
        sideways, upwards = Axis | Symbol | Pmf | Vector, Axis | Symbol | str
        if not isinstance(self.x, sideways) or not isinstance(self.y, upwards):
            raise ValueError(f"{where}: expected an Axis for x and y, got {self.x!r} and {self.y!r}")
        x, y = self.x_axis, self.y_axis
        if x.log == "reader":
            raise ValueError(f'{where}: expected log="reader" only on the y axis, got x={x}')
        if y.symbol is None and not y.categories:
            text(f"{where}.y.label", y.label)
        elif y.symbol is not None and (x.symbol in {None, y.symbol} or y.log == "reader"):
            raise ValueError(
                f"{where}: expected a symbol on the y axis only beside another on the x "
                f"axis, and no log scale for the reader, got x={x} and y={y}"
            )
        _keep_marks(self, where)
        if y.categories and (x.categories or x.symbol is not None):
            raise ValueError(f"{where}: expected a plain range on the x axis of rows, got {x}")
        place: Place = "on rows" if y.categories else "among bars" if x.categories else "over numbers"
        for mark in self.marks:
            mark.check_place(where, place, x.categories or y.categories)

    @property
    def x_axis(self) -> Axis:
        """The x axis as an :class:`Axis`."""
        if isinstance(self.x, Pmf | Vector):
            return Axis(categories=self.x.names)
        return self.x if isinstance(self.x, Axis) else Axis(symbol=self.x)

    @property
    def y_axis(self) -> Axis:
        """The y axis as an :class:`Axis`."""
        if isinstance(self.y, Symbol):
            return Axis(symbol=self.y)
        return Axis(self.y) if isinstance(self.y, str) else self.y


@dataclass(frozen=True)
class Triangle:
    """Marks in the probability triangle; dragging in it moves a distribution.

    Corner 1 is left, corner 2 right, corner 3 at the top. Points, paths and arrows are written with
    :meth:`Point.ternary`, :meth:`Path.ternary` and :func:`ce.figures.ternary`, heat maps in the three
    probabilities.

    Parameters
    ----------
    pmf
        The distribution over three outcomes that the reader moves; another panel draws its bars.
    marks
        What is drawn, later marks over earlier ones.
    title
        What the triangle shows, in a few words.

    Raises
    ------
    ValueError
        For a distribution of another size, no mark, a mark that has no place in a triangle.

    Examples
    --------
    >>> from ce.figures import Point
    >>> from ce.symbols import q
    >>> model = Pmf(q, (0.5, 0.3, 0.2), ("a", "b", "c"), "model q")
    >>> Triangle(model, (Point.ternary(model.symbols, label="model q"),), "All models").x_axis.ends
    (0.0, 1.0)
    """

    pmf: Pmf
    marks: tuple[Mark, ...]
    title: str

    def __post_init__(self) -> None:
        where = f"Triangle({self.title!r})"
        text(f"{where}.title", self.title)
        if not isinstance(self.pmf, Pmf) or len(self.pmf.values) != 3:
            raise ValueError(f"{where}.pmf: expected a Pmf over three outcomes, got {self.pmf!r}")
        _keep_marks(self, where)
        for mark in self.marks:
            mark.check_place(where, "in a triangle")
            if getattr(mark, "x", 0) is None:
                kind = type(mark).__name__
                raise ValueError(
                    f"{where}, {kind}({mark.label!r}).x: expected one, such as {kind}.ternary gives, got None"
                )

    @property
    def x_axis(self) -> Axis:
        """The range of x, the sides being 1."""
        return Axis("", 0, 1)

    @property
    def y_axis(self) -> Axis:
        """The range of y, the sides being 1."""
        return Axis("", 0, math.sqrt(3) / 2)
