"""How matplotlib draws each kind of mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from ce.figures.marks import Area, Arrow, Bar, Length, Line, Mark, Point, Rule
from ce.figures.measured import Band, Series
from ce.figures.palette import LIGHT, ROLES
from ce.figures.path import Path
from ce.figures.scene import Trace

__all__ = ["Look", "look", "paint"]

MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "cross": "X", "star": "*"}
HATCHES = ("", "////", "||||", "\\\\\\\\", "----", "....")
# Measured series with more points than this are drawn without markers.
FEW = 24


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
    (left, right), (low, high) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
    if not (left <= trace.x[0] <= right and low <= trace.y[0] <= high):
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
    arrow = {"arrowstyle": "-|>", "color": style.colour, "linewidth": 1.3}
    axes.annotate("", (trace.x[1], trace.y[1]), (trace.x[0], trace.y[0]), arrowprops=arrow, zorder=4)


_PAINTERS: Mapping[type[Mark], Callable[..., None]] = {
    Line: _line, Path: _line, Series: _series, Band: _band, Area: _area, Point: _point, Rule: _rule,
    Bar: _bar, Length: _length, Arrow: _arrow,
}  # fmt: skip
