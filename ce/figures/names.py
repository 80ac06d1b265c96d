"""Writing the names of curves, ranges and rules into a matplotlib plot."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from ce.figures.artists import look
from ce.figures.fields import Fill
from ce.figures.marks import Area, Arrow, Line, Mark, Point, Rule
from ce.figures.measured import Series
from ce.figures.orbit import Array
from ce.figures.palette import LIGHT
from ce.figures.panel import Panel
from ce.figures.path import Path
from ce.figures.placement import (
    CROSSED,
    Box,
    Corners,
    along,
    beside,
    between,
    dense,
    place,
    ring,
    upright,
    within,
)
from ce.figures.scene import Scene, Trace
from ce.figures.triangle import Triangle

__all__ = ["write_names"]

Size: TypeAlias = tuple[float, float]

# Pixels between two names in one line.
APART = 12
CURVES = (Line, Path, Series)
# A label is written once, for the first of these that has it.
NAMED = (Area, Rule, *CURVES, Fill, Arrow, Point)


def write_names(scene: Scene, panel: Panel | Triangle, axes: Axes) -> None:
    """Write the name of each label once: ranges and rules first, then curves, then points that have none."""
    window = axes.get_window_extent()
    area = (window.width, window.height)
    traces = scene.traces(panel)
    corners = {id(trace): _corners(axes, trace, trace.y) for trace in traces}
    rest = [_obstacle(trace, corners[id(trace)], area) for trace in traces]
    symbol = scene.figure.x_axis(panel).symbol
    if symbol in scene.parameters and scene.figure.y_axis(panel).symbol not in scene.parameters:
        now = axes.transData.transform((scene.parameters[symbol], axes.get_ylim()[0]))[0] - window.x0
        rest.append(dense([(now, 0.0), (now, area[1])]))
    taken: list[Box] = []
    named: set[str] = set()
    for trace in (trace for kind in NAMED for trace in traces if isinstance(trace.mark, kind)):
        mark, own = trace.mark, corners[id(trace)]
        if not mark.label or mark.label in named or (isinstance(mark, Arrow) and panel.x_axis.categories):
            continue
        colour = look(scene.figure.roles, mark).colour if mark.colour else LIGHT.muted
        words = axes.text(0, 0, mark.label, color=colour, fontsize=8, zorder=6, va="bottom", linespacing=1.1)
        curves = [corners[id(t)] for t in traces if t is not trace and isinstance(t.mark, CURVES)]
        near = own if mark.colour == mark.label and not isinstance(mark, Fill) else ()
        upper = _corners(axes, trace, trace.high) if trace.high is not None else ()
        found = []
        room = max(70.0, own[-1][0] - own[0][0] - 10) if own and isinstance(mark, Area) else math.inf
        for text in _wrapped(words, room):
            words.set_text(text)
            extent = words.get_window_extent()
            places = _candidates(mark, own, upper, (extent.width, extent.height), area)
            best = place(places, near, curves, rest, area=area, taken=taken)
            # In a fill a name would be read as that of what crosses it.
            if best is not None and (best[0] < CROSSED or not isinstance(mark, Fill)):
                found.append((best[0] + 10 * text.count("\n"), text, best[1]))
        if not found:
            words.remove()
            continue
        _, text, box = min(found, key=lambda one: one[0])
        named.add(mark.label)
        taken.append(Box(box.left - APART, box.top, box.width + 2 * APART, box.height))
        words.set_text(text)
        words.set_transform(None)
        words.set_position((window.x0 + box.left, window.y1 - box.top - box.height))
        if not isinstance(mark, Area):
            words.set_path_effects([withStroke(linewidth=2.5, foreground=LIGHT.surface)])


def _candidates(mark: Mark, own: Corners, upper: Corners, size: Size, area: Size) -> Iterable[Box]:
    if not own:
        return ()
    if isinstance(mark, Area):
        return within(own[0][0], own[-1][0], size, area)
    if isinstance(mark, Rule):
        return along(own[0][1], size, area) if mark.x is None else upright(own[0][0], size, area)
    return between(upper, own, size, area) if isinstance(mark, Fill) else beside(own, size, area)


def _corners(axes: Axes, trace: Trace, heights: Array) -> Corners:
    """Return the finite corners of a mark in pixels from the top left of the plot."""
    window = axes.get_window_extent()
    pairs = np.column_stack([trace.x, heights])
    if isinstance(trace.mark, Area):
        pairs = pairs[pairs[:, 1] > 0]
    pairs = np.where(np.isnan(pairs), [axes.get_xlim()[0], axes.get_ylim()[0]], pairs)
    with np.errstate(all="ignore"):
        pixels = axes.transData.transform(pairs)
    pixels = pixels[np.isfinite(pixels).all(axis=1)]
    # A long path has thousands of corners in one pixel.
    apart = np.r_[True, np.abs(np.diff(pixels.round(), axis=0)).sum(axis=1) > 0] if len(pixels) else []
    return dense([(float(x - window.x0), float(window.y1 - y)) for x, y in pixels[apart]])


def _obstacle(trace: Trace, corners: Corners, area: Size) -> Corners:
    """Return the places where a mark other than a curve would run through a name."""
    if not corners or isinstance(trace.mark, Arrow):
        return corners
    x, y = corners[0]
    if isinstance(trace.mark, Rule):
        ends = ((0.0, y), (area[0], y)) if trace.mark.x is None else ((x, 0.0), (x, area[1]))
        return dense(ends)
    if isinstance(trace.mark, Point):
        return ring(x, y)
    return ()


def _wrapped(words: Text, room: float) -> Iterator[str]:
    """Yield a text in one line, or in lines that fit into the room, and in two and more shorter ones."""
    whole, text = words.get_window_extent().width, words.get_text()
    for width in (room, 0.6 * whole, 0.0):
        lines: list[str] = []
        for word in text.split():
            words.set_text(f"{lines[-1]} {word}" if lines else word)
            if lines and words.get_window_extent().width <= width:
                lines[-1] = words.get_text()
            else:
                lines.append(word)
        yield "\n".join(lines)
