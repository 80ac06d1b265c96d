"""The wire form of a figure: JSON with all that the front end needs, always the same for the same figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from sympy import IndexedBase
from sympy.core.basic import Basic

from ce.figures.iteration import Iteration
from ce.figures.marks import Length, Mark
from ce.figures.palette import ROLES
from ce.figures.panel import Panel
from ce.figures.parameters import Parameter, Slider
from ce.figures.picture import size
from ce.figures.pmf import Pmf
from ce.formulas import to_wire

if TYPE_CHECKING:
    from ce.figures.figure import Figure

__all__ = ["VERSION", "figure_spec"]

# Raised by one when a front end of the version before could not read the spec any more.
VERSION = 1


def figure_spec(figure: Figure) -> dict[str, Any]:
    """Return the spec of a figure: its dataclasses field by field, expressions in wire form."""
    return {
        "version": VERSION,
        "name": figure.name,
        "title": figure.title,
        "see": figure.see,
        "attempt": figure.attempt,
        "alt": figure.description(),
        "picture": dict(zip(("width", "height"), size(figure), strict=True)),
        "roles": [{"label": label, "dash": list(role.dash), "marker": role.marker}
                  for label, role in zip(figure.roles, ROLES, strict=False)],
        "parameters": [_parameter(figure, part) for part in figure.parameters],
        "iterations": [_record(figure, iteration) for iteration in figure.iterations],
        "panels": [
            {
                "title": panel.title,
                "x": _record(figure, figure.x_axis(panel)),
                "y": _record(figure, panel.y_axis),
                "marks": [_mark(figure, panel, mark) for mark in panel.marks],
            }
            for panel in figure.panels
        ],
        "readouts": [_record(figure, part) for part in figure.readouts],
        "buttons": [
            {"label": button.label, "sets": {symbol.name: _wire(figure, value)
                                             for symbol, value in figure.settings(button).items()}}
            for button in figure.buttons
        ],
    }  # fmt: skip


def _mark(figure: Figure, panel: Panel, mark: Mark) -> dict[str, Any]:
    record = _record(figure, replace(mark, role=mark.colour))
    if isinstance(mark, Length):
        record["row"] = panel.y_axis.categories.index(mark.row)
    return record


def _parameter(figure: Figure, part: Parameter) -> dict[str, Any]:
    record = _record(figure, part)
    if isinstance(part, Pmf):
        record["symbols"] = [symbol.name for symbol in part.symbols]
    if isinstance(part, Slider):
        record["integer"] = part.integer
    return record


def _record(figure: Figure, part: Any) -> dict[str, Any]:
    """Return the fields of a dataclass under its name, those that say nothing left out."""
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    told = {name: value for name, value in values.items() if value is not None and value not in ("", {}, ())}
    record = {name: _wire(figure, value) for name, value in told.items()}
    return {"kind": type(part).__name__.lower(), **record}


def _wire(figure: Figure, value: Any) -> Any:
    if isinstance(value, IndexedBase | Pmf | Iteration):
        return str(value.base if isinstance(value, Pmf) else value.name)
    if isinstance(value, Basic):
        return to_wire(figure.explicit(value))
    if isinstance(value, Mapping):
        return {symbol.name: number for symbol, number in value.items()}
    if isinstance(value, tuple):
        return [_wire(figure, entry) for entry in value]
    return value
