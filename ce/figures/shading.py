"""How matplotlib draws a heat map: shading of one colour and contour lines."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Polygon

from ce.figures.fields import HeatMap
from ce.figures.orbit import Array
from ce.figures.trace import Trace

__all__ = ["bordered", "continued", "depth", "shade"]

# Opacity of the colour from the one end of the levels to the other.
FAINT, STRONG = 0.04, 0.5
# Cells on each side whose mean a cell beyond a border takes.
REACH = 2


def shade(axes: Axes, trace: Trace, colour: str) -> None:
    """Draw a heat map over the whole of a plot, cut off at the sides of a triangle."""
    mark, cells = trace.mark, trace.cells
    assert isinstance(mark, HeatMap)
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
    drawn = axes.imshow(image, origin="lower", extent=(0, 1, 0, 1), transform=axes.transAxes,
                        aspect=axes.get_aspect(), interpolation="bilinear", zorder=0.5)  # fmt: skip
    heights = continued(cells) if cut else np.where(np.isfinite(cells), cells, np.nan)
    lines = axes.contour(trace.x, trace.y, heights, levels=mark.levels, colors=colour, linewidths=0.7,
                         linestyles="solid", alpha=0.6, zorder=1)  # fmt: skip
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
