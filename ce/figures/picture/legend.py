"""The head of a plot of matplotlib: its title, the unit of its y axis and the key of what is filled."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Annotation
from matplotlib.transforms import ScaledTranslation

from ce.figures.palette import LIGHT

__all__ = ["level", "write_head", "write_legend"]

# Points from line to line, and pixels between the unit and the key beside it.
ROW, GAP = 11, 12
POINTS_PER_INCH = 72


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
