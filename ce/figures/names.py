"""Writing the names of curves, ranges and rules into a matplotlib plot."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from ce.figures.artists import look
from ce.figures.fields import Fill
from ce.figures.marks import Area, Arrow, Line, Mark, Point, Rule
from ce.figures.measured import Series
from ce.figures.palette import LIGHT
from ce.figures.panel import Panel
from ce.figures.path import Path
from ce.figures.placement import Box, Corners, along, beside, dense, place, within
from ce.figures.scene import Scene, Trace
from ce.figures.triangle import Triangle

__all__ = ["write_names"]

Size: TypeAlias = tuple[float, float]

CURVES = (Line, Path, Series)
# A label is written once, for the first of these that has it.
NAMED = (Area, Rule, *CURVES, Fill, Arrow, Point)


def write_names(scene: Scene, panel: Panel | Triangle, axes: Axes) -> None:
    """Write the name of each label once: ranges and rules first, then curves, then points that have none."""
    window = axes.get_window_extent()
    area = (window.width, window.height)
    traces = scene.traces(panel)
    corners = {id(trace): _corners(axes, trace) for trace in traces}
    symbol = scene.figure.x_axis(panel).symbol
    now = math.nan
    if symbol in scene.parameters:
        now = axes.transData.transform((scene.parameters[symbol], axes.get_ylim()[0]))[0] - window.x0
    taken: list[Box] = []
    named: set[str] = set()
    for trace in (trace for kind in NAMED for trace in traces if isinstance(trace.mark, kind)):
        mark, own = trace.mark, corners[id(trace)]
        if not mark.label or mark.label in named or (isinstance(mark, Arrow) and panel.x_axis.categories):
            continue
        colour = look(scene.figure.roles, mark).colour if mark.colour else LIGHT.muted
        words = axes.text(0, 0, mark.label, color=colour, fontsize=8, zorder=6, va="bottom", linespacing=1.1)
        if isinstance(mark, Area):
            _wrap(words, max(70.0, own[-1][0] - own[0][0] - 10) if own else 70.0)
        extent = words.get_window_extent()
        size = (extent.width, extent.height)
        others = [corners[id(t)] for t in traces if t is not trace and isinstance(t.mark, CURVES)]
        places = _candidates(mark, own, size, area)
        box = place(places, own if mark.colour == mark.label else (), others, area, taken, now=now)
        if box is None:
            words.remove()
            continue
        named.add(mark.label)
        taken.append(box)
        words.set_transform(None)
        words.set_position((window.x0 + box.left, window.y1 - box.top - box.height))
        if not isinstance(mark, Area):
            words.set_path_effects([withStroke(linewidth=2.5, foreground=LIGHT.surface)])


def _candidates(mark: Mark, own: Corners, size: Size, area: Size) -> Iterable[Box]:
    if not own:
        return ()
    if isinstance(mark, Area) or (isinstance(mark, Rule) and mark.y is None):
        return within(own[0][0], own[-1][0], size, area)
    return along(own[0][1], size, area) if isinstance(mark, Rule) else beside(own, size, area)


def _corners(axes: Axes, trace: Trace) -> Corners:
    """Return the finite corners of a mark in pixels from the top left of the plot."""
    window = axes.get_window_extent()
    pairs = np.column_stack([trace.x, trace.y])
    if isinstance(trace.mark, Area):
        pairs = pairs[pairs[:, 1] > 0]
    pairs = np.where(np.isnan(pairs), [axes.get_xlim()[0], axes.get_ylim()[0]], pairs)
    with np.errstate(all="ignore"):
        pixels = axes.transData.transform(pairs)
    pixels = pixels[np.isfinite(pixels).all(axis=1)]
    # A long path has thousands of corners in one pixel.
    apart = np.r_[True, np.abs(np.diff(pixels.round(), axis=0)).sum(axis=1) > 0] if len(pixels) else []
    return dense([(float(x - window.x0), float(window.y1 - y)) for x, y in pixels[apart]])


def _wrap(words: Text, width: float) -> None:
    """Break a text into lines that are not wider than ``width`` pixels, if its words allow that."""
    lines: list[str] = []
    for word in words.get_text().split():
        words.set_text(f"{lines[-1]} {word}" if lines else word)
        if lines and words.get_window_extent().width <= width:
            lines[-1] = words.get_text()
        else:
            lines.append(word)
    words.set_text("\n".join(lines))
