"""A panel in the shape of the probability triangle: its places are distributions over three outcomes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ce.figures.checks import text
from ce.figures.fields import HeatMap
from ce.figures.marks import Arrow, Mark, Point
from ce.figures.panel import Axis
from ce.figures.path import Path
from ce.figures.pmf import Pmf

__all__ = ["Triangle"]

IN_TRIANGLE = (HeatMap, Point, Path, Arrow)


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
        object.__setattr__(self, "marks", tuple(self.marks))
        wrong = [mark for mark in self.marks if not isinstance(mark, IN_TRIANGLE)]
        if wrong or not self.marks:
            raise ValueError(f"{where}.marks: expected one or more of "
                             f"{[kind.__name__ for kind in IN_TRIANGLE]}, got {wrong or 'none'}")  # fmt: skip
        for mark in self.marks:
            if isinstance(mark, Point | Path) and mark.x is None:
                kind = type(mark).__name__
                raise ValueError(f"{where}, {kind}({mark.label!r}).x: expected one, such as {kind}.ternary "
                                 "gives, got None")  # fmt: skip

    @property
    def x_axis(self) -> Axis:
        """The range of x, the sides being 1."""
        return Axis("", 0, 1)

    @property
    def y_axis(self) -> Axis:
        """The range of y, the sides being 1."""
        return Axis("", 0, math.sqrt(3) / 2)
