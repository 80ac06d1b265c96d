"""The words for a picture, made from its numbers: what a reader who does not see it needs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

import numpy as np
from sympy import Symbol

from ce.figures.evaluation import Scene, Trace, number_text, traced
from ce.figures.grammar import marks
from ce.figures.grammar.figure_data import FigureData
from ce.figures.grammar.marks import Mark, UnknownMarkError
from ce.figures.grammar.panels import Axis, Panel, Triangle
from ce.figures.grammar.readouts import FirstPassage, Readout

__all__ = ["describe"]


def describe(figure: FigureData, values: Mapping[Symbol, float]) -> str:
    """Return the alternative text of a figure at given values."""
    scene = Scene(figure, values)
    parts = [f"{figure.title}."]
    if setting := scene.setting():
        parts.append(f"{setting}.")
    parts += [_panel(scene, panel) for panel in figure.panels]
    if figure.readouts:
        parts.append(f"Read-outs: {'; '.join(_readout(scene, part) for part in figure.readouts)}.")
    return " ".join(parts)


def _panel(scene: Scene, panel: Panel | Triangle) -> str:
    axis = scene.figure.x_axis(panel)
    said = [text for trace in traced(scene, panel) if (text := tell(trace.mark, trace, panel, axis))]
    y = scene.figure.y_axis(panel).label
    title, what, across = map(scene.words, (panel.title, y, axis.label))
    if isinstance(panel, Triangle):
        corners = ", ".join(panel.pmf.names)
        return f"Triangle “{title}” of {panel.pmf.label}, with the corners {corners}: {'; '.join(said)}."
    if panel.y_axis.categories:
        return f"Panel “{title}” shows, as {across}, {'; '.join(said)}."
    over = f" against {across}" if across else ""
    return f"Panel “{title}” shows {what}{over}: {'; '.join(said)}."


def _readout(scene: Scene, part: Readout | FirstPassage) -> str:
    return " ".join(filter(None, (scene.words(part.label), part.column, scene.readout(part))))


@singledispatch
def tell(mark: Mark, trace: Trace, panel: Panel | Triangle, axis: Axis) -> str:
    """Return what is said of a mark over the x axis given, nothing where words would not help."""
    raise UnknownMarkError(mark, "the words", "alt_text.py")


@tell.register
def _(mark: marks.Line | marks.Series, trace: Trace, panel: Any, axis: Any) -> str:
    return _curve(trace)


@tell.register
def _(mark: marks.Path, trace: Trace, panel: Panel | Triangle, axis: Any) -> str:
    return _curve(trace) if mark.x is None else _way(trace, panel)


@tell.register
def _(mark: marks.Point, trace: Trace, panel: Panel | Triangle, axis: Any) -> str:
    return "" if mark.x is None else _way(trace, panel)


@tell.register
def _(mark: marks.Span, trace: Trace, panel: Any, axis: Any) -> str:
    return f"shaded where {mark.label}, {_ranges(trace)}"


@tell.register
def _(mark: marks.Bar, trace: Trace, panel: Any, axis: Axis) -> str:
    pairs = zip(axis.categories, trace.y, strict=True)
    return f"bars of {mark.label}: {', '.join(f'{name} {number_text(y, 3)}' for name, y in pairs)}"


@tell.register
def _(mark: marks.Segment, trace: Trace, panel: Any, axis: Any) -> str:
    start, end = (number_text(at, 3) for at in trace.x)
    return f"{mark.label} in the row “{mark.row}” from {start} to {end}"


@tell.register
def _(mark: marks.Rule, trace: Trace, panel: Any, axis: Any) -> str:
    if not mark.label:
        return ""
    name, at = ("x", trace.x[0]) if mark.y is None else ("y", trace.y[0])
    return f"a line at {name} = {number_text(at, 3)}, {mark.label}"


@tell.register
def _(mark: marks.Band, trace: Trace, panel: Any, axis: Any) -> str:
    return f"a band around {mark.label}"


@tell.register
def _(mark: marks.Arrow, trace: Trace, panel: Panel | Triangle, axis: Axis) -> str:
    if not mark.label or not np.isfinite([trace.x, trace.y]).all():
        return ""
    if axis.categories and trace.x[0] == trace.x[1] == round(trace.x[0]):
        ends = " to ".join(number_text(y, 3) for y in trace.y)
        return f"an arrow at {axis.categories[round(trace.x[0])]} from {ends}, {mark.label}"
    ends = " to ".join(_place(x, y, panel) for x, y in zip(trace.x, trace.y, strict=True))
    return f"an arrow from {ends}, {mark.label}"


@tell.register
def _(mark: marks.Between, trace: Trace, panel: Any, axis: Any) -> str:
    assert trace.high is not None
    tall = np.where(np.isfinite(trace.high - trace.y), np.abs(trace.high - trace.y), -1.0)
    at = int(np.argmax(tall))
    return (
        f"a region {trace.mark.label}, tallest at {number_text(trace.x[at], 3)}, from "
        f"{number_text(trace.y[at], 3)} to {number_text(trace.high[at], 3)}"
    )


@tell.register
def _(mark: marks.HeatMap, trace: Trace, panel: Panel | Triangle, axis: Any) -> str:
    assert trace.cells is not None
    finite = np.where(np.isfinite(trace.cells), trace.cells, np.nan)
    if np.isnan(finite).all():
        return f"shading of {trace.mark.label}, which has no finite value here"
    said = []
    for word, found in (("lowest", np.nanargmin(finite)), ("highest", np.nanargmax(finite))):
        row, column = np.unravel_index(found, finite.shape)
        where = _place(trace.x[column], trace.y[row], panel)
        said.append(f"{word}, {number_text(finite[row, column], 3)}, near {where}")
    return f"shading and contours of {trace.mark.label}: {' and '.join(said)}"


def _place(x: float, y: float, panel: Panel | Triangle) -> str:
    """Write where a point is: its coordinates, or its probabilities in a triangle."""
    numbers = [x, y]
    if isinstance(panel, Triangle):
        third = y / panel.y_axis.ends[1]
        numbers = [max(0.0, share) for share in (1 - x - third / 2, x - third / 2, third)]
    return f"({', '.join(number_text(number, 3) for number in numbers)})"


def _way(trace: Trace, panel: Panel | Triangle) -> str:
    known = np.flatnonzero(np.isfinite(trace.x) & np.isfinite(trace.y))
    if not len(known) or not trace.mark.label:
        return ""
    ends = [_place(trace.x[at], trace.y[at], panel) for at in (known[0], known[-1])]
    if len(trace.x) == 1:
        return f"{trace.mark.label} at {ends[0]}"
    return f"{trace.mark.label} goes from {ends[0]} to {ends[1]}"


def _curve(trace: Trace) -> str:
    """Say where a curve begins, where it ends and where it is highest or lowest between."""
    finite = np.isfinite(trace.x) & np.isfinite(trace.y)
    xs, ys = trace.x[finite], trace.y[finite]
    if not len(ys):
        return f"{trace.mark.label} has no finite value here"
    corner = {0: "starts", len(ys) - 1: "ends"}
    for word, at in (("is highest,", int(np.argmax(ys))), ("is lowest,", int(np.argmin(ys)))):
        corner.setdefault(at, word)
    said = (f"{corner[at]} at {number_text(ys[at], 3)} at {number_text(xs[at], 3)}" for at in sorted(corner))
    return f"{trace.mark.label} {', '.join(said)}"


def _ranges(trace: Trace) -> str:
    held = np.flatnonzero(trace.y > 0)
    if not len(held):
        return "which is nowhere in this range"
    stretches = np.split(held, np.flatnonzero(np.diff(held) > 1) + 1)
    ends = ((number_text(trace.x[at[0]], 2), number_text(trace.x[at[-1]], 2)) for at in stretches)
    return " and ".join(f"from {first} to {last}" for first, last in ends)
