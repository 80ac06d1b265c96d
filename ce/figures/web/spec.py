"""The wire form of a figure: JSON with all that the front end needs, always the same for the same figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from sympy import IndexedBase, Symbol
from sympy.core.basic import Basic

from ce.bundle import source
from ce.figures.alt_text import describe
from ce.figures.evaluation import Scene
from ce.figures.grammar.figure_data import FigureData
from ce.figures.grammar.marks import Mark, UnknownMarkError
from ce.figures.grammar.panels import Panel, Triangle
from ce.figures.grammar.parameters import Bars, Parameter, Slider
from ce.figures.grammar.sequences import Iteration, Sequence
from ce.figures.grammar.tasks import CLOSE
from ce.figures.palette import ROLES
from ce.formulas import to_wire

__all__ = ["VERSION", "figure_spec", "kinds_of_marks"]

# Raised by one when a front end of the version before could not read the spec any more.
VERSION = 3


def kinds_of_marks() -> set[str]:
    """Return the kinds of marks that the front end draws: the entries of MARKS in ``mark.js``.

    Examples
    --------
    >>> "line" in kinds_of_marks()
    True
    """
    table = source(__package__, "mark.js").partition("export const MARKS = {\n")[2].partition("\n};\n")[0]
    return set(re.findall(r"^  (\w+): \{$", table, re.MULTILINE))


def figure_spec(figure: FigureData) -> dict[str, Any]:
    """Return the spec of a figure: its dataclasses field by field, expressions in wire form."""
    scene = Scene(figure, figure.values())
    return {
        "version": VERSION,
        "name": figure.name,
        "title": figure.title,
        "caption": figure.caption,
        "prompt": figure.prompt,
        "alt": describe(figure, scene.parameters),
        "picture": dict(zip(("width", "height"), figure.picture_size, strict=True)),
        "roles": [
            {"label": label, "dash": list(role.dash), "marker": role.marker}
            for label, role in zip(figure.roles, ROLES, strict=False)
        ],
        "parameters": [_parameter(figure, part) for part in figure.parameters],
        "sequences": [_sequence(figure, sequence) for sequence in figure.sequences],
        "panels": [_panel(figure, panel) for panel in figure.panels],
        "readouts": [_record(figure, part) for part in figure.readouts],
        "start": [scene.readout(part) for part in figure.readouts],
        **_goal(figure),
        **_guess(figure),
        **_formula(figure),
        "buttons": [
            {
                "label": button.label,
                "sets": {symbol.name: _wire(figure, value) for symbol, value in figure.settings(button).items()},
            }
            for button in figure.buttons
        ],
    }


def _goal(figure: FigureData) -> dict[str, Any]:
    goal = figure.goal
    return {} if goal is None else {"goal": {"condition": _wire(figure, goal.condition), "reached": goal.reached}}


def _guess(figure: FigureData) -> dict[str, Any]:
    guess = figure.guess
    if guess is None:
        return {}
    at = figure.on_steps(guess.at)
    scene, sliders = Scene(figure, figure.values(at)), guess.sliders
    said = {
        "question": guess.question,
        "parameters": [_parameter(figure, slider) for slider in sliders],
        "truths": scene.truths(guess),
        "unit": scene.words(getattr(guess.of, "unit", "steps")),
        "digits": getattr(guess.of, "digits", 3),
        "close": CLOSE,
        "lesson": guess.lesson,
        "at": at,
    }
    shown = {
        "on": guess.on,
        "over": list(guess.over),
        "panel": figure.panel_of(guess),
        "marks": [_mark(figure, mark) for mark in guess.marks],
    }
    return {"guess": said | (shown if guess.on else {})}


def _formula(figure: FigureData) -> dict[str, Any]:
    formula = figure.formula
    if formula is None:
        return {}
    linked = figure.linked(formula)
    labels = list(dict.fromkeys(linked.values()))
    marked = formula.tex({term: labels.index(label) for term, label in linked.items()})
    return {"formula": {"tex": formula.tex(), "marked": marked, "labels": labels}}


def _mark(figure: FigureData, mark: Mark) -> dict[str, Any]:
    record = _record(figure, replace(mark, role=mark.colour))
    if record["kind"] not in kinds_of_marks():
        raise UnknownMarkError(mark, f"the entry {record['kind']!r}", "web/static/mark.js")
    return record


def _parameter(figure: FigureData, part: Parameter) -> dict[str, Any]:
    record = _record(figure, part)
    if isinstance(part, Bars):
        record["symbols"] = _names(part.symbols)
    if isinstance(part, Slider):
        record["integer"] = part.integer
    return record


def _sequence(figure: FigureData, sequence: Sequence) -> dict[str, Any]:
    about = {"name": sequence.name, "symbols": _names(sequence.symbols), "length": sequence.length}
    if sequence.at is not None:
        about["at"] = sequence.at.name
    if isinstance(sequence, Iteration):
        update, start = _wire(figure, sequence.updates), _wire(figure, sequence.starts)
        return {"kind": "iteration", **about, "update": update, "start": start}
    seed = _wire(figure, sequence.seed)
    return {"kind": "draws", **about, "pmf": _names(sequence.pmf.symbols), "seed": seed}


def _panel(figure: FigureData, panel: Panel | Triangle) -> dict[str, Any]:
    marks = [_mark(figure, mark) for mark in panel.marks]
    if isinstance(panel, Triangle):
        pmf = panel.pmf
        return {
            "kind": "triangle",
            "title": panel.title,
            "base": str(pmf.base),
            "marks": marks,
            "symbols": _names(pmf.symbols),
            "names": list(pmf.names),
        }
    x, y = (_record(figure, axis) for axis in (figure.x_axis(panel), figure.y_axis(panel)))
    return {"kind": "panel", "title": panel.title, "x": x, "y": y, "marks": marks}


def _names(symbols: Iterable[Symbol]) -> list[str]:
    return [symbol.name for symbol in symbols]


def _record(figure: FigureData, part: Any) -> dict[str, Any]:
    """Return the fields of a dataclass under its name, those that say nothing left out."""
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    told = {name: value for name, value in values.items() if value is not None and value not in ("", {}, ())}
    record = {name: _wire(figure, value) for name, value in told.items()}
    return {"kind": type(part).__name__.lower(), **record}


def _wire(figure: FigureData, value: Any) -> Any:
    if isinstance(value, Sequence):
        return value.name
    if isinstance(value, IndexedBase | Bars):
        return str(value.base if isinstance(value, Bars) else value)
    if isinstance(value, Basic):
        return to_wire(figure.explicit(value))
    if isinstance(value, Mapping):
        return {symbol.name: number for symbol, number in value.items()}
    if isinstance(value, tuple):
        return [_wire(figure, entry) for entry in value]
    return value
