"""Whether the parts of a figure fit together; what does not is an error that says where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from sympy import Symbol
from sympy.core.basic import Basic

from ce.figures.grammar.checks import instance, text
from ce.figures.grammar.figure_data import FigureData
from ce.figures.grammar.goals import Goal
from ce.figures.grammar.guesses import Guess
from ce.figures.grammar.linked_formulas import LinkedFormula
from ce.figures.grammar.marks import Bar, Mark
from ce.figures.grammar.panels import Axis, Panel, Triangle
from ce.figures.grammar.parameters import Bars, Button, Choice, Slider, Switch
from ce.figures.grammar.readouts import FirstPassage, Readout
from ce.figures.grammar.sequences import Iteration, Sequence
from ce.figures.palette import ROLES
from ce.formulas import to_wire

__all__ = ["check"]


def check(figure: FigureData) -> None:
    """Raise ValueError for the first part of ``figure`` that does not fit the others."""
    where = f"Figure({figure.name!r})"
    if not isinstance(figure.name, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", figure.name):
        raise ValueError(f"{where}.name: expected small letters, digits and hyphens, got {figure.name!r}")
    for name in ("title", "caption", "prompt"):
        text(f"{where}.{name}", getattr(figure, name))
    _types(f"{where}.parameters", figure.parameters, Slider | Choice | Switch | Bars)
    _types(f"{where}.panels", figure.panels, Panel | Triangle)
    _types(f"{where}.readouts", figure.readouts, Readout | FirstPassage)
    _types(f"{where}.buttons", figure.buttons, Button)
    if not figure.panels:
        raise ValueError(f"{where}.panels: expected one or more panels, got none")
    _different(f"{where}.parameters", (symbol.name for part in figure.parameters for symbol in part.start))
    _different(f"{where}.panels", (panel.title for panel in figure.panels))
    _different(f"{where}.readouts", ((part.label, part.column) for part in figure.readouts))
    _different(f"{where}: sequences", (sequence.name for sequence in figure.sequences))
    if len(figure.roles) > len(ROLES):
        raise ValueError(f"{where}: expected at most {len(ROLES)} labels with a colour, got {figure.roles}")
    drawn = [mark.heights for panel in figure.panels for mark in panel.marks if isinstance(mark, Bar)]
    for part in figure.parameters:
        if isinstance(part, Bars) and part not in drawn:
            kind = type(part).__name__
            raise ValueError(f"{where}: expected a Bar that draws {kind}({part.base}), got none")
    _asked(figure, where)
    _buttons(figure, where)
    _braces(figure, where)
    for sequence in figure.sequences:
        _sequence(figure, f"{where}, {sequence.name}", sequence)
    for panel in figure.panels:
        _panel(figure, f"{where}, panel {panel.title!r}", panel)
    for readout in figure.readouts:
        _fields(figure, f"{where}, read-out {readout.label!r}", readout, _states(readout.along))


def _sequence(figure: FigureData, where: str, sequence: Sequence) -> None:
    if isinstance(sequence, Iteration):
        for update, start in zip(sequence.updates, sequence.starts, strict=True):
            _known(figure, f"{where}.update", update, set(sequence.symbols))
            _known(figure, f"{where}.start", start, set())
    else:
        _known(figure, f"{where}.seed", sequence.seed, set())
        if sequence.pmf not in figure.parameters:
            raise ValueError(f"{where}.pmf: expected a Pmf among the parameters, got {sequence.pmf}")
    sliders = {part.symbol: part for part in figure.parameters if isinstance(part, Slider)}
    if sequence.at is not None:
        steps = sliders.get(sequence.at)
        if steps is None or steps.low < 0 or steps.high > sequence.length:
            raise ValueError(
                f"{where}.at: expected the symbol of a slider within 0 … {sequence.length}, "
                f"got {sequence.at} with {steps}"
            )


def _asked(figure: FigureData, where: str) -> None:
    """Check what a figure may have besides: its task, its question, its formula."""
    if figure.goal is not None:
        _types(f"{where}.goal", (figure.goal,), Goal)
        _known(figure, f"{where}.goal", figure.goal.condition, set())
    if figure.guess is not None:
        _types(f"{where}.guess", (figure.guess,), Guess)
        _guess(figure, f"{where}.guess", figure.guess)
    if figure.formula is not None:
        _types(f"{where}.formula", (figure.formula,), LinkedFormula)
        marks = [mark for panel in figure.panels for mark in panel.marks]
        labels = {part.label for part in (*figure.parameters, *marks)}
        linked = set(figure.linked(figure.formula).values())
        if not linked or not linked <= labels:
            raise ValueError(
                f"{where}.formula: expected terms with labels among {sorted(labels)}, got {sorted(linked)}"
            )


def _guess(figure: FigureData, where: str, guess: Guess) -> None:
    panel = figure.panels[figure.panel_of(guess)]
    axes = {"x": figure.x_axis(panel), "y": figure.y_axis(panel)}
    running = axes["x"].symbol
    if guess.over and running is None:
        raise ValueError(f"{where}.over: expected a panel whose x axis has a symbol, got {panel.title!r}")
    places = {guess.on: (guess.low, guess.high)} | ({"x": (min(guess.over), max(guess.over))} if guess.over else {})
    for name, (low, high) in places.items():
        axis = axes.get(name, Axis())
        if (axis.low is not None and low < axis.low) or (axis.high is not None and high > axis.high):
            raise ValueError(
                f"{where}: expected places on the {name} axis, {axis.low} to {axis.high}, got {low} to {high}"
            )
    if guess.marks:
        replace(panel, marks=(*panel.marks, *guess.marks))  # whether they can stand there
    _fields(figure, f"{where}.of", guess.of, _states(guess.of.along) | ({running} if guess.over else set()))


def _buttons(figure: FigureData, where: str) -> None:
    _different(f"{where}.buttons", (button.label for button in figure.buttons))
    for button in figure.buttons:
        name = f"{where}, button {button.label!r}"
        for symbol, value in figure.settings(button).items():
            if symbol not in figure.start:
                raise ValueError(f"{name}: expected symbols of parameters, got {symbol}")
            _known(figure, name, value, set())


def _braces(figure: FigureData, where: str) -> None:
    names = {part.symbol.name for part in figure.parameters if isinstance(part, Choice)}
    for words in _words(figure):
        if unknown := set(re.findall(r"{(.*?)}", words)) - names:
            raise ValueError(
                f"{where}: expected symbols of choices {sorted(names)} in braces, got {sorted(unknown)} in {words!r}"
            )


def _words(figure: FigureData) -> Iterator[str]:
    """Yield the words in which the name of a choice in braces stands for the option chosen."""
    for panel in figure.panels:
        yield from (panel.title, panel.x_axis.label, panel.y_axis.label)
    for part in figure.readouts:
        yield from (part.label, getattr(part, "unit", ""))


def _different(where: str, names: Iterable[object]) -> None:
    seen = list(names)
    twice = sorted({str(name) for name in seen if seen.count(name) > 1})
    if twice:
        raise ValueError(f"{where}: expected different names, got {twice} more than once")


def _types(where: str, parts: Iterable[object], expected: Any) -> None:
    for part in parts:
        instance(where, part, expected, getattr(expected, "__name__", str(expected)))


def _panel(figure: FigureData, where: str, panel: Panel | Triangle) -> None:
    if isinstance(panel, Triangle):
        if panel.pmf not in figure.parameters:
            raise ValueError(f"{where}.pmf: expected a Pmf among the parameters, got {panel.pmf}")
    else:
        axis = panel.x_axis
        _axis(figure, f"{where}.x", axis)
        _axis(figure, f"{where}.y", panel.y_axis)
        if axis.symbol is None and not axis.categories:
            text(f"{where}.x.label", axis.label)
            ranged = panel.y_axis.categories or (axis.low is not None and axis.high is not None)
            if not ranged and not any(mark.extent for mark in panel.marks):
                raise ValueError(f"{where}: expected low and high for the x axis, which no data give, got {axis}")
    for mark in panel.marks:
        _mark(figure, f"{where}, {type(mark).__name__}({mark.label!r})", panel, mark)


def _axis(figure: FigureData, where: str, axis: Axis) -> None:
    sliders = {part.symbol for part in figure.parameters if isinstance(part, Slider)}
    if axis.symbol is None or axis.symbol in sliders:
        return
    if axis.symbol in figure.start:
        raise ValueError(f"{where}: expected a slider's symbol on the axis, got {axis.symbol}")
    if not axis.label or axis.low is None or axis.high is None:
        raise ValueError(
            f"{where}: expected label, low and high for an axis over {axis.symbol}, which no slider has, got {axis}"
        )


def _mark(figure: FigureData, where: str, panel: Panel | Triangle, mark: Mark) -> None:
    choices = {part.symbol: part for part in figure.parameters if isinstance(part, Choice | Switch)}
    for symbol, value in mark.when.items():
        if symbol not in choices:
            raise ValueError(f"{where}.when: expected symbols of choices {list(choices)}, got {symbol}")
        choices[symbol].accept(f"{where}.when[{symbol}]", value)
    # A point stands at the current value of the x axis unless it says where.
    placed = getattr(mark, "x", None) is not None or mark.along is not None
    if mark.traits.shape == "point" and not placed and panel.x_axis.symbol not in figure.start:
        raise ValueError(f"{where}: expected x, as the x axis has no slider, got None")
    _fields(figure, where, mark, _states(mark.along) | _running(where, panel, mark))


def _running(where: str, panel: Panel | Triangle, mark: Mark) -> set[Symbol]:
    """Return the symbols of the axes that run through the expressions of a mark."""
    over, x, y = mark.traits.over, panel.x_axis, panel.y_axis
    if over == "nothing":
        return set()
    if isinstance(panel, Triangle):
        return set(panel.pmf.symbols)
    if x.symbol is None or (over == "plane" and y.symbol is None):
        wanted = "an x axis with a symbol" if over == "x" else "a symbol on both axes"
        raise ValueError(f"{where}: expected {wanted}, got {x} and {y}")
    return {x.symbol} if over == "x" or y.symbol is None else {x.symbol, y.symbol}


def _fields(figure: FigureData, where: str, part: Mark | Readout | FirstPassage, extra: set[Symbol]) -> None:
    """Check every expression in the fields of a part; ``extra`` symbols have a value too."""
    for field in fields(part):
        if field.name != "when":
            for body in _expressions(figure, f"{where}.{field.name}", getattr(part, field.name)):
                _known(figure, f"{where}.{field.name}", body, extra)


def _expressions(figure: FigureData, where: str, value: object) -> Iterator[Basic]:
    """Yield the expressions in a field; what they could hide in is an error."""
    if isinstance(value, Bars):
        if value not in figure.parameters:
            raise ValueError(f"{where}: expected a {type(value).__name__} among the parameters, got {value}")
    elif isinstance(value, Basic):
        yield value
    elif isinstance(value, tuple):
        for entry in value:
            yield from _expressions(figure, where, entry)
    elif not isinstance(value, str | int | float | Sequence | None):
        raise ValueError(f"{where}: expected expressions, numbers, texts or tuples of them, got {value!r}")


def _known(figure: FigureData, where: str, body: Basic, extra: set[Symbol]) -> None:
    """Raise when an expression has a symbol that nothing gives or a node the front end does not know."""
    given = set(figure.start) | extra
    explicit = figure.explicit(body)
    missing = explicit.free_symbols - given
    if missing:
        alike = {symbol.name for symbol in given} & {symbol.name for symbol in missing}
        hint = f"; {sorted(alike)} differ in their assumptions" if alike else ""
        raise ValueError(
            f"{where}: expected symbols among {sorted(map(str, given))}, got "
            f"{sorted(map(str, missing))} besides in {explicit}{hint}"
        )
    try:
        to_wire(explicit)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def _states(sequence: Sequence | None) -> set[Symbol]:
    """Return the symbols that a sequence gives values."""
    return set() if sequence is None else set(sequence.symbols)
