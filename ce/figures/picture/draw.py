"""The picture of a figure for print, for previews and for readers without JavaScript, by matplotlib."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Polygon
from matplotlib.text import Annotation
from matplotlib.transforms import ScaledTranslation
from sympy import Symbol

from ce.figures.evaluation import Scene, Trace, heights, limits, tick_text, ticks, traced
from ce.figures.grammar.figure_data import FigureData
from ce.figures.grammar.panels import Panel, Triangle
from ce.figures.palette import LIGHT
from ce.figures.picture.labels import write_names
from ce.figures.picture.marks import look, paint

__all__ = ["draw"]

# Points from line to line, and pixels between the unit and the key beside it.
ROW, GAP = 11, 12
POINTS_PER_INCH = 72
# Pixels per inch.
DOTS = 144
STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "text.color": LIGHT.ink,
    "axes.edgecolor": LIGHT.line,
    "axes.labelcolor": LIGHT.muted,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": LIGHT.line,
    "ytick.color": LIGHT.line,
    "xtick.labelcolor": LIGHT.muted,
    "ytick.labelcolor": LIGHT.muted,
    "hatch.linewidth": 0.6,
    "lines.dash_capstyle": "butt",
    "figure.constrained_layout.w_pad": 0.12,
    "figure.constrained_layout.h_pad": 0.1,
}


def draw(figure: FigureData, values: Mapping[Symbol, float]) -> bytes:
    """Return the PNG of a figure at given values; the same figure gives the same bytes."""
    scene = Scene(figure, values)
    width, height = figure.picture_size
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        inches = (width / DOTS, height / DOTS)
        canvas = Canvas(figsize=inches, dpi=DOTS, facecolor=LIGHT.surface, layout="constrained")
        FigureCanvasAgg(canvas)
        rows = -(-len(figure.panels) // figure.columns)
        grid = canvas.add_gridspec(rows, figure.columns)
        cells = [canvas.add_subplot(grid[divmod(at, figure.columns)]) for at in range(len(figure.panels))]
        drawn = list(zip(figure.panels, cells, strict=True))
        for panel, axes in drawn:
            if isinstance(panel, Triangle):
                _triangle(scene, panel, axes)
            else:
                _panel(scene, panel, axes)
        canvas.supxlabel(scene.setting(), fontsize=7.5, color=LIGHT.muted)
        # The names need the final size of the plots, which the layout settles first.
        canvas.draw_without_rendering()
        if level(cells):
            canvas.draw_without_rendering()
        canvas.set_layout_engine("none")
        for panel, axes in drawn:
            write_names(scene, panel, axes)
        buffer = io.BytesIO()
        canvas.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _panel(scene: Scene, panel: Panel, axes: Axes) -> None:
    shown = traced(scene, panel)
    x, y = scene.figure.x_axis(panel), scene.figure.y_axis(panel)
    log, rows = y.log is True, y.categories
    axes.set_yscale("log" if log else "linear")
    axes.set_xscale("log" if x.log else "linear")
    if rows:
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(*limits(x.low, x.high, False, [float(at) for trace in shown for at in trace.x]))
    else:
        axes.set_ylim(*limits(y.low, y.high, log, heights(shown)))
        axes.set_xlim(*x.ends)
    if x.categories:
        axes.set_xticks(range(len(x.categories)), x.categories)
        axes.tick_params(axis="x", length=0)
    else:
        at = ticks(*axes.get_xlim(), bool(x.log), 5)
        axes.set_xticks(at, [tick_text(value, bool(x.log)) for value in at])
    if rows:
        axes.set_yticks(range(len(rows)), rows)
        axes.tick_params(axis="y", length=0)
    else:
        at = ticks(*axes.get_ylim(), log, 5)
        axes.set_yticks(at, [tick_text(value, log) for value in at])
        if not any(trace.mark.traits.shape == "field" for trace in shown):
            axes.grid(axis="y", color=LIGHT.grid, linewidth=0.7)
    axes.minorticks_off()
    axes.set_axisbelow(True)
    axes.set_xlabel(scene.words(x.label))
    if x.categories and axes.get_ylim()[0] < 0 < axes.get_ylim()[1]:
        axes.axhline(0, color=LIGHT.line, linewidth=0.8, zorder=1)
    if x.symbol in scene.parameters and y.symbol not in scene.parameters:
        axes.axvline(scene.parameters[x.symbol], color=LIGHT.line, linewidth=0.8, zorder=1)
    write_head(axes, scene.words(panel.title), scene.words(y.label))
    _paint(scene, shown, axes)


def _triangle(scene: Scene, panel: Triangle, axes: Axes) -> None:
    """Draw the triangle with a grid at every fifth, the names of its corners and its marks."""
    (left, right), (foot, top) = panel.x_axis.ends, panel.y_axis.ends
    corners = np.array([(left, foot), (right, foot), ((left + right) / 2, top)])
    axes.set(xlim=(left, right), ylim=(foot, top), aspect="equal")
    axes.axis("off")
    axes.add_patch(Polygon(corners, closed=True, fill=False, edgecolor=LIGHT.line, linewidth=0.8, zorder=2))
    for share in (0.2, 0.4, 0.6, 0.8):
        for at in range(3):
            ends = [share * corners[at] + (1 - share) * corners[at - side] for side in (1, 2)]
            axes.plot(*np.transpose(ends), color=LIGHT.line, alpha=0.35, linewidth=0.5, zorder=1)
    for name, (x, y), down in zip(panel.pmf.names, corners, (True, True, False), strict=True):
        axes.annotate(
            name,
            (x, y),
            (0, -5 if down else 4),
            textcoords="offset points",
            ha="center",
            va="top" if down else "bottom",
            fontsize=9,
        )
    # The name of the upper corner stands between the plot and its head.
    write_head(axes, scene.words(panel.title), scene.words(panel.pmf.label), 1)
    _paint(scene, traced(scene, panel), axes, 1)


def _paint(scene: Scene, shown: list[Trace], axes: Axes, rows: int = 0) -> None:
    bars = [trace.mark for trace in shown if trace.mark.traits.shape == "bar"]
    for trace in shown:
        slot = (bars.index(trace.mark) if trace.mark in bars else 0, len(bars))
        paint(trace.mark, axes, trace, look(scene.figure.roles, trace.mark), slot)
    write_legend(axes, rows)


def write_head(axes: Axes, title: str, unit: str, rows: int = 0) -> None:
    """Write the title and under it the unit, ``rows`` lines above the plot."""
    axes.set_title(title + "\n" * (rows + 1), loc="left", fontsize=9, fontweight="bold")
    axes.annotate(
        unit,
        (0, 1),
        (0, 5 + rows * ROW),
        xycoords="axes fraction",
        textcoords="offset points",
        color=LIGHT.muted,
        gid="unit",
    )


def write_legend(axes: Axes, rows: int = 0) -> None:
    """Write the legend of what was drawn with a label, in the line of the unit."""
    labels = set(axes.get_legend_handles_labels()[1])
    if not labels:
        return
    canvas = axes.figure
    assert isinstance(canvas, Canvas)
    above = ScaledTranslation(0, rows * ROW / POINTS_PER_INCH, canvas.dpi_scale_trans)
    axes.legend(
        loc="lower right",
        bbox_to_anchor=(1, 1),
        bbox_transform=axes.transAxes + above,
        ncols=len(labels),
        frameon=False,
        fontsize=8,
        borderpad=0,
        handlelength=1.2,
        handletextpad=0.5,
        columnspacing=1.1,
    )


def level(plots: Sequence[Axes]) -> bool:
    """Give the heads of plots that are laid out one height, and units lines of their own where keys need it.

    Return whether anything moved.
    """
    moved = False
    lines = max(_lines(axes) + _crowded(axes) for axes in plots)
    for axes in plots:
        for _ in range(lines - _lines(axes)):
            moved = True
            unit = _unit(axes)
            unit.set_position((0, unit.get_position()[1] + ROW))
            axes.set_title(axes.get_title(loc="left") + "\n", loc="left", fontsize=9, fontweight="bold")
    return moved


def _lines(axes: Axes) -> int:
    return axes.get_title(loc="left").count("\n")


def _crowded(axes: Axes) -> bool:
    """Say whether the key of a plot runs into its unit."""
    key, unit = axes.get_legend(), _unit(axes)
    if key is None or not unit.get_text():
        return False
    return bool(key.get_window_extent().x0 < unit.get_window_extent().x1 + GAP)


def _unit(axes: Axes) -> Annotation:
    return next(text for text in axes.texts if isinstance(text, Annotation) and text.get_gid() == "unit")
