"""How matplotlib draws each kind of mark."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch

from ce.figures.fields import Fill, HeatMap
from ce.figures.marks import Area, Arrow, Bar, Length, Line, Mark, Point, Rule
from ce.figures.measured import Band, Series
from ce.figures.palette import LIGHT, ROLES
from ce.figures.path import Path
from ce.figures.rolls import Rolls
from ce.figures.scene import Trace
from ce.figures.shading import shade

__all__ = ["Look", "look", "paint"]

MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "cross": "X", "star": "*"}
HATCHES = ("", "////", "||||", "\\\\\\\\", "----", "....")
# Measured series with more points than this are drawn without markers.
FEW = 24
# Part of an axis by which a point may lie beyond it.
ROUNDING = 1e-9
# Pixels below which an arrow is not drawn.
VISIBLE = 4


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


def paint(axes: Axes, trace: Trace, style: Look, slot: tuple[int, int]) -> None:
    """Draw a mark; ``slot`` says which of how many sets of bars it is."""
    _PAINTERS[type(trace.mark)](axes, trace, style, slot)


def _line(axes: Axes, trace: Trace, style: Look, _: Any) -> None:
    axes.plot(trace.x, trace.y, color=style.colour, linestyle=style.dash, linewidth=1.6, zorder=3)


def _path(axes: Axes, trace: Trace, style: Look, slot: tuple[int, int]) -> None:
    # Dashes say nothing along a path that jumps to and fro.
    jumps = getattr(trace.mark, "x", None) is not None and isinstance(trace.mark.along, Rolls)
    _line(axes, trace, replace(style, dash="-") if jumps else style, slot)


def _heatmap(axes: Axes, trace: Trace, style: Look, _: Any) -> None:
    shade(axes, trace, style.colour)


def _series(axes: Axes, trace: Trace, style: Look, _: Any) -> None:
    marker = style.marker if len(trace.x) <= FEW else None
    axes.plot(trace.x, trace.y, color=style.colour, linestyle=style.dash, linewidth=1.4, marker=marker,
              markersize=4, zorder=3)  # fmt: skip


def _band(axes: Axes, trace: Trace, style: Look, _: Any) -> None:
    low, high = trace.y, trace.y if trace.high is None else trace.high
    axes.fill_between(trace.x, low, high, color=style.colour, alpha=0.16, linewidth=0, zorder=1)


def _area(axes: Axes, trace: Trace, style: Look, _: Any) -> None:
    colour = style.colour if trace.mark.role else LIGHT.muted
    axes.fill_between(trace.x, 0, 1, where=trace.y > 0, transform=axes.get_xaxis_transform(), color=colour,
                      alpha=0.12, linewidth=0, zorder=0)  # fmt: skip


def _point(axes: Axes, trace: Trace, style: Look, _: Any) -> None:
    # A point beyond the range of the axes is not shown: at the edge it would say a wrong number.
    # As shares of the axes, since on a logarithmic one 0 is infinitely far away.
    with np.errstate(all="ignore"):
        place = axes.transAxes.inverted().transform(axes.transData.transform((trace.x[0], trace.y[0])))
    if not np.all((place >= -ROUNDING) & (place <= 1 + ROUNDING)):
        return
    axes.plot(trace.x, trace.y, marker=style.marker, color=style.colour, markersize=6.5, linestyle="none",
              markeredgecolor=LIGHT.surface, markeredgewidth=0.8, zorder=5, clip_on=False)  # fmt: skip


def _rule(axes: Axes, trace: Trace, style: Look, _: Any) -> None:
    draw = axes.axhline if trace.mark.x is None else axes.axvline  # type: ignore[attr-defined]
    at = trace.y if trace.mark.x is None else trace.x  # type: ignore[attr-defined]
    colour = style.colour if trace.mark.role else LIGHT.line
    draw(at[0], color=colour, linestyle=(0, (4, 3)), linewidth=0.9, zorder=1)


def _bar(axes: Axes, trace: Trace, style: Look, slot: tuple[int, int]) -> None:
    width = 0.72 / slot[1]
    centres = trace.x + (slot[0] - (slot[1] - 1) / 2) * width
    low, high = axes.get_ylim()
    heights = [min(max(height, low), high) for height in trace.y]  # an infinite bar fills the panel
    axes.bar(centres, heights, width * 0.92, facecolor=style.colour + "40", edgecolor=style.colour,
             hatch=style.hatch, linewidth=1, zorder=2, label=trace.mark.label)  # fmt: skip


def _length(axes: Axes, trace: Trace, style: Look, _: Any) -> None:
    # The end of an infinite one is the end of the panel.
    left, right = sorted(min(max(float(at), axes.get_xlim()[0]), axes.get_xlim()[1]) for at in trace.x)
    axes.barh(trace.y[0], right - left, left=left, height=0.62, facecolor=style.colour + "40",
              edgecolor=style.colour, hatch=style.hatch, linewidth=1, zorder=2,
              label=trace.mark.label)  # fmt: skip


def _arrow(axes: Axes, trace: Trace, style: Look, _: Any) -> None:
    with np.errstate(invalid="ignore"):
        (x0, y0), (x1, y1) = axes.transData.transform(np.column_stack([trace.x, trace.y]))
    long = math.hypot(x1 - x0, y1 - y0)
    if not VISIBLE <= long < math.inf:
        return
    # A short arrow has a small head, and its point is where it ends.
    axes.add_patch(FancyArrowPatch(
        (trace.x[0], trace.y[0]), (trace.x[1], trace.y[1]), arrowstyle="-|>", shrinkA=0, shrinkB=0,
        mutation_scale=min(10.0, long / 3), color=style.colour, linewidth=1.3, zorder=4))  # fmt: skip


_PAINTERS: Mapping[type[Mark], Callable[..., None]] = {
    Line: _line, Path: _path, Series: _series, Band: _band, Area: _area, Fill: _band, HeatMap: _heatmap,
    Point: _point, Rule: _rule, Bar: _bar, Length: _length, Arrow: _arrow,
}  # fmt: skip
