"""The words for a picture, made from its numbers: what a reader who does not see it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from sympy import Symbol

from ce.figures.marks import Area, Bar, Length, Line, Rule
from ce.figures.measured import Band, Series
from ce.figures.panel import Axis, Panel
from ce.figures.parameters import Bars, Choice, Slider, Switch
from ce.figures.path import Path
from ce.figures.readout import Passage, Readout
from ce.figures.scales import number_text, steps_text, tick_text
from ce.figures.scene import Scene, Trace

if TYPE_CHECKING:
    from ce.figures.figure import Figure

__all__ = ["describe"]


def describe(figure: Figure, values: Mapping[Symbol, float]) -> str:
    """Return the alternative text of a figure at given values."""
    scene = Scene(figure, values)
    parts = [f"{figure.title}."]
    settings = [_setting(scene, part) for part in figure.parameters if not isinstance(part, Bars)]
    if settings:
        parts.append(f"Drawn at {', '.join(settings)}.")
    parts += [_panel(scene, panel) for panel in figure.panels]
    if figure.readouts:
        parts.append(f"Read-outs: {'; '.join(_readout(scene, part) for part in figure.readouts)}.")
    return " ".join(parts)


def _setting(scene: Scene, part: Slider | Choice | Switch) -> str:
    value = scene.parameters[part.symbol]
    if isinstance(part, Switch):
        return f"{part.label} {'on' if value else 'off'}"
    return part.name(value) if isinstance(part, Choice) else f"{part.label} = {tick_text(value)}"


def _panel(scene: Scene, panel: Panel) -> str:
    axis = scene.figure.x_axis(panel)
    said = [text for trace in scene.traces(panel) if (text := _mark(trace, axis))]
    title, what, across = map(scene.words, (panel.title, panel.y_axis.label, axis.label))
    if panel.y_axis.categories:
        return f"Panel “{title}” shows, as {across}, {'; '.join(said)}."
    over = f" against {across}" if across else ""
    return f"Panel “{title}” shows {what}{over}: {'; '.join(said)}."


def _mark(trace: Trace, axis: Axis) -> str:
    mark = trace.mark
    if isinstance(mark, Line | Path | Series):
        return _curve(trace)
    if isinstance(mark, Area):
        return f"shaded where {mark.label}, {_ranges(trace)}"
    if isinstance(mark, Bar | Length):
        return _bars(trace, axis)
    if isinstance(mark, Rule) and mark.label:
        at = ("x", trace.x[0]) if mark.y is None else ("y", trace.y[0])
        return f"a line at {at[0]} = {number_text(at[1], 3)}, {mark.label}"
    if isinstance(mark, Band):
        return f"a band around {mark.label}"
    return ""


def _bars(trace: Trace, axis: Axis) -> str:
    mark = trace.mark
    if isinstance(mark, Length):
        start, end = (number_text(at, 3) for at in trace.x)
        return f"{mark.label} in the row “{mark.row}” from {start} to {end}"
    pairs = zip(axis.categories, trace.y, strict=True)
    bars = ", ".join(f"{name} {number_text(height, 3)}" for name, height in pairs)
    return f"bars of {mark.label}: {bars}"


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
    edges = [at for at in range(len(trace.y)) if trace.y[at] > 0]
    if not edges:
        return "which is nowhere in this range"
    stretches: list[list[int]] = []
    for at in edges:
        if stretches and stretches[-1][1] == at - 1:
            stretches[-1][1] = at
        else:
            stretches.append([at, at])
    ends = ((number_text(trace.x[first], 2), number_text(trace.x[last], 2)) for first, last in stretches)
    return " and ".join(f"from {first} to {last}" for first, last in ends)


def _readout(scene: Scene, part: Readout | Passage) -> str:
    if isinstance(part, Passage):
        step = scene.passage(part)
        found = f"not within {steps_text(part.along.length)}" if step is None else steps_text(step)
        return " ".join(filter(None, (scene.words(part.label), part.column, found)))
    value = number_text(scene.number(part.expression, part.along), part.digits)
    return " ".join(filter(None, (scene.words(part.label), part.column, value, scene.words(part.unit))))
