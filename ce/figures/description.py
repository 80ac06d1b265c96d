"""The words for a picture, made from its numbers: what a reader who does not see it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sympy import Symbol

from ce.figures.panel import Panel
from ce.figures.parameters import Bars, Choice, Slider, Switch
from ce.figures.readout import Passage, Readout
from ce.figures.scales import tick_text
from ce.figures.scene import Scene
from ce.figures.table import readout_text
from ce.figures.telling import told
from ce.figures.triangle import Triangle

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


def _panel(scene: Scene, panel: Panel | Triangle) -> str:
    axis = scene.figure.x_axis(panel)
    said = [text for trace in scene.traces(panel) if (text := told(trace, panel, axis))]
    y = scene.figure.y_axis(panel).label
    title, what, across = map(scene.words, (panel.title, y, axis.label))
    if isinstance(panel, Triangle):
        corners = ", ".join(panel.pmf.names)
        return f"Triangle “{title}” of {panel.pmf.label}, with the corners {corners}: {'; '.join(said)}."
    if panel.y_axis.categories:
        return f"Panel “{title}” shows, as {across}, {'; '.join(said)}."
    over = f" against {across}" if across else ""
    return f"Panel “{title}” shows {what}{over}: {'; '.join(said)}."


def _readout(scene: Scene, part: Readout | Passage) -> str:
    return " ".join(filter(None, (scene.words(part.label), part.column, readout_text(scene, part))))
