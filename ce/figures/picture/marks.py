"""How matplotlib draws each kind of mark."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch, Polygon

from ce.figures.evaluation import Array, Trace
from ce.figures.grammar import marks
from ce.figures.grammar.marks import Mark, UnknownMarkError
from ce.figures.grammar.sequences import Draws
from ce.figures.palette import LIGHT, ROLES

__all__ = ["Look", "look", "paint"]

MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "cross": "X", "star": "*"}
HATCHES = ("", "////", "||||", "\\\\\\\\", "----", "....")
# Measured series with more points than this are drawn without markers.
FEW = 24
# Part of an axis by which a point may lie beyond it.
ROUNDING = 1e-9
# Pixels below which an arrow is not drawn.
VISIBLE = 4
# Opacity of the colour from the one end of the levels to the other.
FAINT, STRONG = 0.04, 0.5
# Cells on each side whose mean a cell beyond a border takes.
REACH = 2


@dataclass(frozen=True)
class Look:
    """Colour, dash, marker and hatch of a mark."""

    colour: str
    dash: Any
    marker: str
    hatch: str


NEUTRAL = Look(LIGHT.ink, (0, (4, 3)), "o", "")


def look(roles: tuple[str, ...], mark: Mark) -> Look:
    """Return the look of a mark: that of its label, or the neutral one."""
    if not mark.colour:
        return NEUTRAL
    index = roles.index(mark.colour)
    role = ROLES[index]
    return Look(role.light, (0, role.dash) if role.dash else "-", MARKERS[role.marker], HATCHES[index])


@singledispatch
def paint(mark: Mark, axes: Axes, trace: Trace, style: Look, slot: tuple[int, int]) -> None:
    """Draw a mark; ``slot`` says which of how many sets of bars in the panel it is."""
    raise UnknownMarkError(mark, "the paint", "picture/marks.py")


@paint.register
def _(mark: marks.Line | marks.Path, axes: Axes, trace: Trace, style: Look, slot: Any) -> None:
    # Dashes say nothing along a path that jumps to and fro.
    jumps = isinstance(mark, marks.Path) and mark.x is not None and isinstance(mark.along, Draws)
    dash = "-" if jumps else style.dash
    axes.plot(trace.x, trace.y, color=style.colour, linestyle=dash, linewidth=1.6, zorder=3)


@paint.register
def _(mark: marks.Series, axes: Axes, trace: Trace, style: Look, slot: Any) -> None:
    axes.plot(
        trace.x,
        trace.y,
        color=style.colour,
        linestyle=style.dash,
        linewidth=1.4,
        marker=style.marker if len(trace.x) <= FEW else None,
        markersize=4,
        zorder=3,
    )


@paint.register
def _(mark: marks.Band | marks.Between, axes: Axes, trace: Trace, style: Look, slot: Any) -> None:
    assert trace.high is not None
    axes.fill_between(trace.x, trace.y, trace.high, color=style.colour, alpha=0.16, linewidth=0, zorder=1)


@paint.register
def _(mark: marks.Span, axes: Axes, trace: Trace, style: Look, slot: Any) -> None:
    axes.fill_between(
        trace.x,
        0,
        1,
        where=trace.y > 0,
        transform=axes.get_xaxis_transform(),
        color=style.colour if mark.role else LIGHT.muted,
        alpha=0.12,
        linewidth=0,
        zorder=0,
    )


@paint.register
def _(mark: marks.Point, axes: Axes, trace: Trace, style: Look, slot: Any) -> None:
    # A point beyond the range of the axes is not shown: at the edge it would say a wrong number.
    # As shares of the axes, since on a logarithmic one 0 is infinitely far away.
    with np.errstate(all="ignore"):
        place = axes.transAxes.inverted().transform(axes.transData.transform((trace.x[0], trace.y[0])))
    if not np.all((place >= -ROUNDING) & (place <= 1 + ROUNDING)):
        return
    axes.plot(
        trace.x,
        trace.y,
        marker=style.marker,
        color=style.colour,
        markersize=6.5,
        linestyle="none",
        markeredgecolor=LIGHT.surface,
        markeredgewidth=0.8,
        zorder=5,
        clip_on=False,
    )


@paint.register
def _(mark: marks.Rule, axes: Axes, trace: Trace, style: Look, slot: Any) -> None:
    draw, at = (axes.axhline, trace.y) if mark.x is None else (axes.axvline, trace.x)
    colour = style.colour if mark.role else LIGHT.line
    draw(at[0], color=colour, linestyle=(0, (4, 3)), linewidth=0.9, zorder=1)


@paint.register
def _(mark: marks.Bar, axes: Axes, trace: Trace, style: Look, slot: tuple[int, int]) -> None:
    width = 0.72 / slot[1]
    centres = trace.x + (slot[0] - (slot[1] - 1) / 2) * width
    low, high = axes.get_ylim()
    heights = [min(max(height, low), high) for height in trace.y]  # an infinite bar fills the panel
    axes.bar(centres, heights, width * 0.92, zorder=2, **_filled(mark, style))


@paint.register
def _(mark: marks.Segment, axes: Axes, trace: Trace, style: Look, slot: Any) -> None:
    # The end of an infinite one is the end of the panel.
    left, right = sorted(min(max(float(at), axes.get_xlim()[0]), axes.get_xlim()[1]) for at in trace.x)
    axes.barh(trace.y[0], right - left, left=left, height=0.62, zorder=2, **_filled(mark, style))


def _filled(mark: Mark, style: Look) -> dict[str, Any]:
    """Return how a bar looks, and its name for the legend."""
    return {
        "facecolor": style.colour + "40",
        "edgecolor": style.colour,
        "hatch": style.hatch,
        "linewidth": 1,
        "label": mark.label,
    }


@paint.register
def _(mark: marks.Arrow, axes: Axes, trace: Trace, style: Look, slot: tuple[int, int]) -> None:
    # There is little room for names among bars.
    if slot[1] and mark.label and mark.label not in axes.get_legend_handles_labels()[1]:
        axes.plot([], [], color=style.colour, linewidth=1.3, marker=">", markersize=4, label=mark.label)
    with np.errstate(invalid="ignore"):
        (x0, y0), (x1, y1) = axes.transData.transform(np.column_stack([trace.x, trace.y]))
    long = math.hypot(x1 - x0, y1 - y0)
    if not VISIBLE <= long < math.inf:
        return
    # A short arrow has a small head, and its point is where it ends.
    ends = zip(trace.x, trace.y, strict=True)
    axes.add_patch(
        FancyArrowPatch(
            *ends,
            arrowstyle="-|>",
            shrinkA=0,
            shrinkB=0,
            mutation_scale=min(10.0, long / 3),
            color=style.colour,
            linewidth=1.3,
            zorder=4,
        )
    )


@paint.register
def _(mark: marks.HeatMap, axes: Axes, trace: Trace, style: Look, slot: Any) -> None:
    # Over the whole of a plot, cut off at the sides of a triangle.
    colour, cells = style.colour, trace.cells
    assert cells is not None
    cut = [patch for patch in axes.patches if isinstance(patch, Polygon)]
    shown = bordered(cells) if cut else cells
    deep = depth(shown, mark.levels)
    opacity = FAINT + STRONG * (deep if mark.dark == "high" else 1 - deep)
    image = np.empty((*shown.shape, 4))
    image[..., :3] = to_rgb(colour)
    image[..., 3] = np.where(np.isnan(opacity), 0, opacity)
    ends = axes.get_xlim(), axes.get_ylim()
    # The cells are evenly apart on the scale of the axes, logarithmic ones too.
    drawn = axes.imshow(
        image,
        origin="lower",
        extent=(0, 1, 0, 1),
        transform=axes.transAxes,
        aspect=axes.get_aspect(),
        interpolation="bilinear",
        zorder=0.5,
    )
    heights = continued(cells) if cut else np.where(np.isfinite(cells), cells, np.nan)
    lines = axes.contour(
        trace.x,
        trace.y,
        heights,
        levels=mark.levels,
        colors=colour,
        linewidths=0.7,
        linestyles="solid",
        alpha=0.6,
        zorder=1,
    )
    for patch in cut:
        drawn.set_clip_path(patch)
        lines.set_clip_path(patch)
    axes.set(xlim=ends[0], ylim=ends[1])
    axes.fill_between([], [], color=colour, alpha=(FAINT + STRONG) * 0.8, linewidth=0, label=mark.label)


def depth(values: Array, levels: tuple[float, ...]) -> Array:
    """Return how far values are from the lowest level, 0, to the highest, 1: evenly from each to the next.

    Examples
    --------
    >>> depth(np.array([-1.0, 0.5, 3.0, 9.0]), (0, 1, 5)).tolist()
    [0.0, 0.25, 0.75, 1.0]
    """
    found = np.interp(np.nan_to_num(values, nan=0.0), levels, np.linspace(0, 1, len(levels)))
    return np.where(np.isnan(values), np.nan, found)


def continued(cells: Array) -> Array:
    """Return cells with two more at both ends of each row, on the straight line through the last two.

    A contour then crosses a slanted border, or runs along it, without regard to the grid.
    """
    found = np.where(np.isfinite(cells), cells, np.nan)
    for _ in range(2):
        known = np.pad(found, ((0, 0), (2, 2)), constant_values=np.nan)
        for near, far in ((known[:, 3:-1], known[:, 4:]), (known[:, 1:-3], known[:, :-4])):
            found = np.where(np.isnan(found), 2 * near - far, found)
    return found


def bordered(cells: Array) -> Array:
    """Return cells with those beyond a border, which have no value, taking the mean of neighbours that do.

    Nothing then ends before a border that cuts through cells.
    """
    around = np.pad(np.where(np.isfinite(cells), cells, np.nan), REACH, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(around, (2 * REACH + 1,) * 2)
    known = np.isfinite(windows)
    count = known.sum(axis=(2, 3))
    total = np.where(known, windows, 0).sum(axis=(2, 3))
    return np.where(np.isnan(cells), total / np.where(count > 0, count, np.nan), cells)
