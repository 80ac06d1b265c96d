"""The read-outs in words, and their table for a page on which no script runs."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from ce.figures.readout import Passage, Readout
from ce.figures.scales import number_text, steps_text

if TYPE_CHECKING:
    from ce.figures.scene import Scene

__all__ = ["readout_text", "table_html"]


def readout_text(scene: Scene, part: Readout | Passage) -> str:
    """Return what a read-out says at the values of a scene: a number with its unit, or a number of steps."""
    if isinstance(part, Passage):
        step = scene.passage(part)
        return f"not within {steps_text(part.along.length)}" if step is None else steps_text(step)
    value = number_text(scene.number(part.expression, part.along), part.digits)
    return " ".join(filter(None, (value, scene.words(part.unit))))


def table_html(spec: Mapping[str, Any]) -> str:
    """Return the table of a figure's read-outs at its starting values, empty for a figure without any.

    It has the rows and columns of the live one, which takes its place.
    """
    parts = spec["readouts"]
    if not parts:
        return ""
    texts = {(part["label"], part.get("column", "")): text
             for part, text in zip(parts, spec["start"], strict=True)}  # fmt: skip
    columns = list(dict.fromkeys(part["column"] for part in parts if "column" in part))
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    lines = [f"<thead><tr><td></td>{head}</tr></thead>"] if columns else []
    lines.append("<tbody>")
    for label in dict.fromkeys(part["label"] for part in parts):
        wide = f' colspan="{len(columns)}"' if columns else ""
        cells = [f"<td{wide}>{escape(texts[label, ''])}</td>"] if (label, "") in texts else [
            f"<td>{escape(texts.get((label, column), ''))}</td>" for column in columns]  # fmt: skip
        lines.append(f'<tr><th scope="row">{escape(_words(spec, label))}</th>{"".join(cells)}</tr>')
    title = escape(str(spec["title"]))
    caption = f'<caption class="ce-spoken">Values at the start: {title}</caption>'
    return "\n".join(['<table class="ce-table">', caption, *lines, "</tbody>", "</table>\n"])


def _words(spec: Mapping[str, Any], text: str) -> str:
    """Return a text with the option chosen at the start in the place of the name of a choice in braces."""
    for part in spec["parameters"]:
        if part["kind"] == "choice":
            name = next(name for name, value in part["options"] if value == part["value"])
            text = text.replace(f"{{{part['symbol']}}}", name)
    return text
