"""Whether a panel and its marks fit into their figure; what does not is an error that says where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sympy import Symbol
from sympy.core.basic import Basic

from ce.figures.checks import text
from ce.figures.fields import Fill, HeatMap
from ce.figures.known import check_known, state
from ce.figures.marks import Area, Arrow, Bar, Length, Line, Mark, Point, Rule
from ce.figures.measured import Band, Series
from ce.figures.panel import Axis, Panel
from ce.figures.parameters import Bars, Choice, Slider, Switch
from ce.figures.path import Path
from ce.figures.triangle import Triangle

if TYPE_CHECKING:
    from ce.figures.figure import Figure

__all__ = ["check_panel"]

OVER_X = (Line, Area, Fill)
RANGING = (Series, Band, Path, Length)


def check_panel(figure: Figure, where: str, panel: Panel | Triangle) -> None:
    """Raise ValueError for the first part of a panel that does not fit the figure."""
    if isinstance(panel, Triangle):
        if panel.pmf not in figure.parameters:
            raise ValueError(f"{where}.pmf: expected a Pmf among the parameters, got {panel.pmf}")
    else:
        axis = panel.x_axis
        _over(figure, f"{where}.x", axis)
        _over(figure, f"{where}.y", panel.y_axis)
        if axis.symbol is None and not axis.categories:
            text(f"{where}.x.label", axis.label)
            ranged = axis.low is not None and axis.high is not None
            if not ranged and not any(isinstance(mark, RANGING) for mark in panel.marks):
                raise ValueError(f"{where}: expected low and high for the x axis, which no data give, "
                                 f"got {axis}")  # fmt: skip
    for mark in panel.marks:
        _mark(figure, f"{where}, {type(mark).__name__}({mark.label!r})", panel, mark)


def _over(figure: Figure, where: str, axis: Axis) -> None:
    """Check the symbol of an axis."""
    sliders = {part.symbol for part in figure.parameters if isinstance(part, Slider)}
    if axis.symbol is None or axis.symbol in sliders:
        return
    if axis.symbol in figure.start:
        raise ValueError(f"{where}: expected a slider's symbol on the axis, got {axis.symbol}")
    if not axis.label or axis.low is None or axis.high is None:
        raise ValueError(f"{where}: expected label, low and high for an axis over {axis.symbol}, which "
                         f"no slider has, got {axis}")  # fmt: skip


def _mark(figure: Figure, where: str, panel: Panel | Triangle, mark: Mark) -> None:
    choices = {part.symbol: part for part in figure.parameters if isinstance(part, Choice | Switch)}
    for symbol, value in mark.when.items():
        if symbol not in choices:
            raise ValueError(f"{where}.when: expected symbols of choices {list(choices)}, got {symbol}")
        choices[symbol].accept(f"{where}.when[{symbol}]", value)
    axis = panel.x_axis.symbol
    if isinstance(mark, OVER_X) and axis is None:
        raise ValueError(f"{where}: expected an x axis with a symbol, got {panel.x_axis}")
    if isinstance(mark, Point) and mark.x is None and mark.along is None and axis not in figure.start:
        raise ValueError(f"{where}: expected x, as the x axis has no slider, got None")
    if isinstance(mark, Bar) and isinstance(mark.heights, Bars) and mark.heights not in figure.parameters:
        kind = type(mark.heights).__name__
        raise ValueError(f"{where}: expected a {kind} among the parameters, got {mark.heights}")
    extra = state(mark.along) | _varying(where, panel, mark)
    for body in _bodies(mark):
        check_known(figure, where, body, extra)


def _varying(where: str, panel: Panel | Triangle, mark: Mark) -> set[Symbol]:
    """Return the symbols over which a mark runs."""
    if isinstance(mark, HeatMap):
        if isinstance(panel, Triangle):
            return set(panel.pmf.symbols)
        axes = {panel.x_axis.symbol, panel.y_axis.symbol}
        if None in axes:
            raise ValueError(f"{where}: expected a symbol on both axes, got {panel.x_axis} and "
                             f"{panel.y_axis}")  # fmt: skip
        return {symbol for symbol in axes if symbol is not None}
    axis = panel.x_axis.symbol
    return {axis} if isinstance(mark, OVER_X) and axis is not None else set()


def _bodies(mark: Mark) -> Iterator[Basic]:
    """Yield the expressions of a mark."""
    if isinstance(mark, Area):
        yield mark.condition
    elif isinstance(mark, Line | Path | Point | Rule):
        yield from (body for body in (mark.y, getattr(mark, "x", None)) if body is not None)
    elif isinstance(mark, Fill):
        yield from (mark.low, mark.high)
    elif isinstance(mark, HeatMap):
        yield mark.value
    elif isinstance(mark, Arrow):
        yield from (*mark.start, *mark.end)
    elif isinstance(mark, Length):
        yield from (mark.start, mark.end)
    elif isinstance(mark, Bar) and not isinstance(mark.heights, Bars):
        yield from mark.heights
