"""Marks in numbers: the corners that picture and description are made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch

import numpy as np
from sympy.core.basic import Basic

from ce.figures.evaluation.scene import Array, Scene
from ce.figures.grammar import marks
from ce.figures.grammar.marks import Mark, UnknownMarkError
from ce.figures.grammar.panels import Axis, Panel, Triangle
from ce.figures.grammar.parameters import Bars

__all__ = ["Trace", "heights", "trace", "traced"]

SAMPLES = 481
# Cells of a heat map along each axis.
CELLS = 96


@dataclass(frozen=True)
class Trace:
    """A mark in numbers: its corners ``x``, ``y``.

    A region has the upper corners in ``high``; a heat map has the centres of its cells in ``x`` and ``y`` and
    their values in ``cells``, one row for each y.
    """

    mark: Mark
    x: Array
    y: Array
    high: Array | None = None
    cells: Array | None = None


def traced(scene: Scene, panel: Panel | Triangle) -> list[Trace]:
    """Return the marks of a panel that are shown, in numbers."""
    return [trace(mark, scene, panel) for mark in scene.shown(panel)]


def heights(shown: Iterable[Trace]) -> list[float]:
    """Return the y values that an axis without fixed ends makes room for."""
    found: list[float] = []
    for one in shown:
        shape = one.mark.traits.shape
        if shape not in ("range", "field"):
            found += [float(value) for value in (*one.y, *(() if one.high is None else one.high))]
            found += [0.0] if shape == "bar" else []
    return found


@singledispatch
def trace(mark: Mark, scene: Scene, panel: Panel | Triangle) -> Trace:
    """Return one mark of a panel in numbers."""
    raise UnknownMarkError(mark, "the trace", "evaluation/traces.py")


@trace.register
def _(mark: marks.Line, scene: Scene, panel: Panel) -> Trace:
    return Trace(mark, *_curve(scene, panel, mark, mark.y))


@trace.register
def _(mark: marks.Span, scene: Scene, panel: Panel) -> Trace:
    xs, holds = _curve(scene, panel, mark, mark.condition)
    return Trace(mark, xs, holds.astype(float))


@trace.register
def _(mark: marks.Between, scene: Scene, panel: Panel) -> Trace:
    xs, low = _curve(scene, panel, mark, mark.low)
    return Trace(mark, xs, low, _curve(scene, panel, mark, mark.high)[1])


@trace.register
def _(mark: marks.Path, scene: Scene, panel: Panel | Triangle) -> Trace:
    last = scene.step(mark.along) if mark.so_far else mark.along.length
    states = {symbol: column[: last + 1] for symbol, column in scene.trajectory(mark.along).items()}
    axis = panel.x_axis.symbol
    if mark.x is not None:
        xs = scene.array(mark.x, states)
    else:
        xs = states[axis] if axis in mark.along.symbols else np.arange(last + 1.0)
    return Trace(mark, xs, scene.array(mark.y, states))


@trace.register
def _(mark: marks.Series, scene: Scene, panel: Panel) -> Trace:
    return Trace(mark, np.array(mark.x), np.array(mark.y))


@trace.register
def _(mark: marks.Band, scene: Scene, panel: Panel) -> Trace:
    return Trace(mark, np.array(mark.x), np.array(mark.low), np.array(mark.high))


@trace.register
def _(mark: marks.Bar, scene: Scene, panel: Panel) -> Trace:
    heights = mark.heights.symbols if isinstance(mark.heights, Bars) else mark.heights
    values = np.array([scene.number(height, mark.along) for height in heights])
    return Trace(mark, np.arange(len(values), dtype=float), values)


@trace.register
def _(mark: marks.Segment, scene: Scene, panel: Panel) -> Trace:
    ends = np.array([scene.number(end, mark.along) for end in (mark.start, mark.end)])
    return Trace(mark, ends, np.full(2, float(panel.y_axis.categories.index(mark.row))))


@trace.register
def _(mark: marks.Arrow, scene: Scene, panel: Panel | Triangle) -> Trace:
    ends = np.array([[scene.number(value, mark.along) for value in end] for end in (mark.start, mark.end)])
    return Trace(mark, ends[:, 0], ends[:, 1])


@trace.register
def _(mark: marks.Rule, scene: Scene, panel: Panel) -> Trace:
    x, y = (np.nan if end is None else scene.number(end, mark.along) for end in (mark.x, mark.y))
    return Trace(mark, np.array([x]), np.array([y]))


@trace.register
def _(mark: marks.Point, scene: Scene, panel: Panel | Triangle) -> Trace:
    axis = panel.x_axis.symbol
    if mark.x is not None:
        x = scene.number(mark.x, mark.along)
    elif mark.along is None:
        x = scene.parameters[axis]
    elif axis in mark.along.symbols:
        x = scene.state(mark.along)[axis]
    else:
        x = float(scene.step(mark.along))
    return Trace(mark, np.array([x]), np.array([scene.number(mark.y, mark.along)]))


@trace.register
def _(mark: marks.HeatMap, scene: Scene, panel: Panel | Triangle) -> Trace:
    axes = scene.figure.x_axis(panel), scene.figure.y_axis(panel)
    xs, ys = (_centres(axis) for axis in axes)
    across, up = np.meshgrid(xs, ys)
    if isinstance(panel, Triangle):
        third = up / axes[1].ends[1]
        second = across - third / 2
        pmf = (1 - second - third, second, third)
        outside = np.minimum.reduce(pmf) < 0  # beyond the borders of the triangle
        varying = dict(zip(panel.pmf.symbols, pmf, strict=True))
        cells = np.where(outside, np.nan, scene.array(mark.value, scene.state(mark.along) | varying))
    else:
        varying = {axes[0].symbol: across, axes[1].symbol: up}
        cells = scene.array(mark.value, scene.state(mark.along) | varying)
    return Trace(mark, xs, ys, cells=cells)


def _curve(scene: Scene, panel: Panel, mark: Mark, body: Basic) -> tuple[Array, Array]:
    """Return the samples along the x axis and an expression there."""
    axis = scene.figure.x_axis(panel)
    space = np.geomspace if axis.log else np.linspace
    xs = space(*axis.ends, SAMPLES)
    return xs, scene.array(body, scene.state(mark.along) | {axis.symbol: xs})


def _centres(axis: Axis) -> Array:
    """Return the centres of the cells of a heat map, evenly apart on the axis's scale."""
    low, high = np.log10(axis.ends) if axis.log else axis.ends
    at = low + (np.arange(CELLS) + 0.5) / CELLS * (high - low)
    return 10**at if axis.log else at
