"""The picture of a figure, for print, for readers without JavaScript and for previews; drawn by matplotlib."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sympy import Symbol

from ce.figures.artists import look, paint
from ce.figures.marks import Area, Bar, Line, Mark, Path, Point, Rule, Series
from ce.figures.palette import LIGHT
from ce.figures.panel import Panel
from ce.figures.parameters import Choice, Slider
from ce.figures.placement import Box, Corners, along, beside, place, within
from ce.figures.scales import limits, tick_text, ticks
from ce.figures.scene import Scene, Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from ce.figures.figure import Figure

__all__ = ["draw", "size"]

DOTS = 144
STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans", "font.size": 8, "axes.edgecolor": LIGHT.line, "axes.labelcolor": LIGHT.muted,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.7, "xtick.color": LIGHT.line,
    "ytick.color": LIGHT.line, "xtick.labelcolor": LIGHT.muted, "ytick.labelcolor": LIGHT.muted,
    "text.color": LIGHT.ink, "hatch.linewidth": 0.6, "lines.dash_capstyle": "butt",
}  # fmt: skip


def size(figure: Figure) -> tuple[int, int]:
    """Return width and height of the picture in pixels."""
    width, height = _inches(figure)
    return round(width * DOTS), round(height * DOTS)


def draw(figure: Figure, values: Mapping[Symbol, float]) -> bytes:
    """Return the PNG of a figure at given values; the same figure gives the same bytes."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    scene = Scene(figure, values)
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        canvas = Canvas(figsize=_inches(figure), dpi=DOTS, facecolor=LIGHT.surface, layout="constrained")
        FigureCanvasAgg(canvas)
        columns = _columns(figure)
        rows = -(-len(figure.panels) // columns)
        canvas.get_layout_engine().set(w_pad=0.12, h_pad=0.1)
        grid = canvas.add_gridspec(rows, columns)
        drawn = [(panel, canvas.add_subplot(grid[divmod(at, columns)])) for at, panel in enumerate(figure.panels)]
        for panel, axes in drawn:
            _panel(scene, panel, axes)
        canvas.supxlabel(_caption(scene), fontsize=7.5, color=LIGHT.muted)
        # The names need the final size of the plots, which the layout settles first.
        canvas.draw_without_rendering()
        canvas.set_layout_engine("none")
        for panel, axes in drawn:
            _names(scene, panel, axes)
        buffer = io.BytesIO()
        canvas.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _columns(figure: Figure) -> int:
    return len(figure.panels) if len(figure.panels) <= 3 else 2


def _inches(figure: Figure) -> tuple[float, float]:
    columns = _columns(figure)
    return (6.2 if columns == 1 else 3.1 * columns), 0.25 + 2.9 * -(-len(figure.panels) // columns)


def _caption(scene: Scene) -> str:
    parts = []
    for part in scene.figure.parameters:
        if isinstance(part, Slider):
            parts.append(f"{part.label} = {tick_text(scene.parameters[part.symbol])}")
        elif isinstance(part, Choice):
            parts.append(f"{part.label}: {part.name(scene.parameters[part.symbol])}")
    return "Drawn at " + ", ".join(parts) if parts else ""


def _panel(scene: Scene, panel: Panel, axes: Axes) -> None:
    traces = scene.traces(panel)
    x, log = scene.figure.x_axis(panel), panel.y.log is True
    axes.set_yscale("log" if log else "linear")
    axes.set_ylim(*limits(panel.y.low, panel.y.high, log, scene.heights(traces)))
    if x.categories:
        axes.set_xticks(range(len(x.categories)), x.categories)
        axes.tick_params(axis="x", length=0)
    else:
        assert x.low is not None and x.high is not None  # x_axis resolves both ends
        axes.set_xscale("log" if x.log else "linear")
        axes.set_xlim(x.low, x.high)
        at = ticks(x.low, x.high, bool(x.log), 5)
        axes.set_xticks(at, [tick_text(value, bool(x.log)) for value in at], minor=False)
    at = ticks(*axes.get_ylim(), log, 5)
    axes.set_yticks(at, [tick_text(value, log) for value in at])
    axes.minorticks_off()
    axes.grid(axis="y", color=LIGHT.grid, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(x.label)
    axes.set_title(panel.title + "\n", loc="left", fontsize=9, fontweight="bold")
    axes.text(0, 1.03, panel.y.label, transform=axes.transAxes, color=LIGHT.muted)
    if x.symbol in scene.parameters:
        axes.axvline(scene.parameters[x.symbol], color=LIGHT.line, linewidth=0.8, zorder=1)
    bars = [trace.mark for trace in traces if isinstance(trace.mark, Bar)]
    for trace in traces:
        slot = (bars.index(trace.mark), len(bars)) if isinstance(trace.mark, Bar) else (0, 1)
        paint(axes, trace, look(scene.figure.roles, trace.mark), slot)
    if bars:
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(bars), frameon=False, fontsize=8,
                    borderpad=0, handlelength=1.2)  # fmt: skip


def _names(scene: Scene, panel: Panel, axes: Axes) -> None:
    """Write the name of each label once: ranges and rules first, then curves, then points that have none."""
    window = axes.get_window_extent()
    area = (window.width, window.height)
    traces = scene.traces(panel)
    corners = {id(trace): _corners(axes, trace) for trace in traces}
    taken: list[Box] = []
    named: set[str] = set()
    for trace in sorted((t for t in traces if type(t.mark) in _NAMED), key=lambda t: _NAMED.index(type(t.mark))):
        mark, own = trace.mark, corners[id(trace)]
        if not mark.label or mark.label in named:
            continue
        colour = look(scene.figure.roles, mark).colour if mark.colour else LIGHT.muted
        words = axes.text(0, 0, mark.label, color=colour, fontsize=8, zorder=6, va="bottom", linespacing=1.1)
        if isinstance(mark, Area):
            _wrap(words, max(70.0, own[-1][0] - own[0][0] - 10) if own else 70.0)
        extent = words.get_window_extent()
        size = (extent.width, extent.height)
        others = [corners[id(t)] for t in traces if t is not trace and isinstance(t.mark, Line | Path | Series)]
        box = place(_candidates(mark, own, size, area), own if mark.colour == mark.label else (), others, area, taken)
        if box is None:
            words.remove()
            continue
        named.add(mark.label)
        taken.append(box)
        words.set_transform(None)
        words.set_position((window.x0 + box.left, window.y1 - box.top - box.height))


_NAMED = [Area, Rule, Line, Path, Series, Point]


def _candidates(mark: Mark, own: Corners, size: tuple[float, float], area: tuple[float, float]) -> Iterable[Box]:
    if not own:
        return ()
    if isinstance(mark, Area) or (isinstance(mark, Rule) and mark.y is None):
        return within(own[0][0], own[-1][0], size, area)
    return along(own[0][1], size, area) if isinstance(mark, Rule) else beside(own, size, area)


def _corners(axes: Axes, trace: Trace) -> Corners:
    """Return the finite corners of a mark in pixels from the top left of the plot, at most a few hundred."""
    import numpy as np

    window = axes.get_window_extent()
    stride = max(1, len(trace.x) // 400)
    pairs = np.column_stack([trace.x, trace.y])[::stride]
    if isinstance(trace.mark, Area):
        pairs = pairs[pairs[:, 1] > 0]
    pairs = np.where(np.isnan(pairs), [axes.get_xlim()[0], axes.get_ylim()[0]], pairs)
    with np.errstate(all="ignore"):
        pixels = axes.transData.transform(pairs)
    return [(float(x - window.x0), float(window.y1 - y)) for x, y in pixels if np.isfinite([x, y]).all()]


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
