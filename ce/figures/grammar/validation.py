"""Whether the parts of a figure fit together; what does not is an error that says where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Symbol
from sympy.core.basic import Basic

from ce.figures.grammar.checks import text
from ce.figures.grammar.figure_data import FigureData
from ce.figures.grammar.marks import (
    Area,
    Arrow,
    Band,
    Bar,
    Fill,
    HeatMap,
    Length,
    Line,
    Mark,
    Path,
    Point,
    Rule,
    Series,
)
from ce.figures.grammar.panels import Axis, Panel, Triangle
from ce.figures.grammar.parameters import Bars, Button, Choice, Slider, Switch
from ce.figures.grammar.readouts import Passage, Readout
from ce.figures.grammar.sequences import Iteration, Sequence
from ce.figures.palette import ROLES
from ce.formulas import to_wire

__all__ = ["check"]


def check(figure: FigureData) -> None:
    """Raise ValueError for the first part of ``figure`` that does not fit the others."""
    where = f"Figure({figure.name!r})"
    if not isinstance(figure.name, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", figure.name):
        raise ValueError(f"{where}.name: expected small letters, digits and hyphens, got {figure.name!r}")
    for name in ("title", "see", "attempt"):
        text(f"{where}.{name}", getattr(figure, name))
    _types(f"{where}.parameters", figure.parameters, Slider | Choice | Switch | Bars)
    _types(f"{where}.panels", figure.panels, Panel | Triangle)
    _types(f"{where}.readouts", figure.readouts, Readout | Passage)
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
    _buttons(figure, where)
    _braces(figure, where)
    for sequence in figure.sequences:
        _sequence(figure, f"{where}, {sequence.name}", sequence)
    for panel in figure.panels:
        check_panel(figure, f"{where}, panel {panel.title!r}", panel)
    for readout in figure.readouts:
        body = readout.condition if isinstance(readout, Passage) else readout.expression
        check_known(figure, f"{where}, read-out {readout.label!r}", body, state(readout.along))


def _sequence(figure: FigureData, where: str, sequence: Sequence) -> None:
    if isinstance(sequence, Iteration):
        for update, start in zip(sequence.updates, sequence.starts, strict=True):
            check_known(figure, f"{where}.update", update, set(sequence.symbols))
            check_known(figure, f"{where}.start", start, set())
    else:
        check_known(figure, f"{where}.seed", sequence.seed, set())
        if sequence.pmf not in figure.parameters:
            raise ValueError(f"{where}.pmf: expected a Pmf among the parameters, got {sequence.pmf}")
    sliders = {part.symbol: part for part in figure.parameters if isinstance(part, Slider)}
    if sequence.at is not None:
        steps = sliders.get(sequence.at)
        if steps is None or steps.low < 0 or steps.high > sequence.length:
            raise ValueError(f"{where}.at: expected the symbol of a slider within 0 … {sequence.length}, "
                             f"got {sequence.at} with {steps}")  # fmt: skip


def _buttons(figure: FigureData, where: str) -> None:
    _different(f"{where}.buttons", (button.label for button in figure.buttons))
    for button in figure.buttons:
        name = f"{where}, button {button.label!r}"
        for symbol, value in figure.settings(button).items():
            if symbol not in figure.start:
                raise ValueError(f"{name}: expected symbols of parameters, got {symbol}")
            check_known(figure, name, value, set())


def _braces(figure: FigureData, where: str) -> None:
    names = {part.symbol.name for part in figure.parameters if isinstance(part, Choice)}
    for words in _words(figure):
        if unknown := set(re.findall(r"{(.*?)}", words)) - names:
            raise ValueError(f"{where}: expected symbols of choices {sorted(names)} in braces, got "
                             f"{sorted(unknown)} in {words!r}")  # fmt: skip


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
        if not isinstance(part, expected):
            raise ValueError(f"{where}: expected {getattr(expected, '__name__', expected)}, got {part!r}")


OVER_X = (Line, Area, Fill)
RANGING = (Series, Band, Path, Length)


def check_panel(figure: FigureData, where: str, panel: Panel | Triangle) -> None:
    """Raise ValueError for the first part of a panel that does not fit the figure."""
    if isinstance(panel, Triangle):
        if panel.pmf not in figure.parameters:
            raise ValueError(f"{where}.pmf: expected a Pmf among the parameters, got {panel.pmf}")
    else:
        axis = panel.x_axis
        _over(figure, f"{where}.x", axis)
        _over(figure, f"{where}.y", panel.y_axis)
        if axis.symbol is None and not axis.categories:
            text(f"{where}.x.label", axis.label)
            ranged = axis.low is not None and axis.high is not None
            if not ranged and not any(isinstance(mark, RANGING) for mark in panel.marks):
                raise ValueError(f"{where}: expected low and high for the x axis, which no data give, "
                                 f"got {axis}")  # fmt: skip
    for mark in panel.marks:
        _mark(figure, f"{where}, {type(mark).__name__}({mark.label!r})", panel, mark)


def _over(figure: FigureData, where: str, axis: Axis) -> None:
    """Check the symbol of an axis."""
    sliders = {part.symbol for part in figure.parameters if isinstance(part, Slider)}
    if axis.symbol is None or axis.symbol in sliders:
        return
    if axis.symbol in figure.start:
        raise ValueError(f"{where}: expected a slider's symbol on the axis, got {axis.symbol}")
    if not axis.label or axis.low is None or axis.high is None:
        raise ValueError(f"{where}: expected label, low and high for an axis over {axis.symbol}, which "
                         f"no slider has, got {axis}")  # fmt: skip


def _mark(figure: FigureData, where: str, panel: Panel | Triangle, mark: Mark) -> None:
    choices = {part.symbol: part for part in figure.parameters if isinstance(part, Choice | Switch)}
    for symbol, value in mark.when.items():
        if symbol not in choices:
            raise ValueError(f"{where}.when: expected symbols of choices {list(choices)}, got {symbol}")
        choices[symbol].accept(f"{where}.when[{symbol}]", value)
    axis = panel.x_axis.symbol
    if isinstance(mark, OVER_X) and axis is None:
        raise ValueError(f"{where}: expected an x axis with a symbol, got {panel.x_axis}")
    if isinstance(mark, Point) and mark.x is None and mark.along is None and axis not in figure.start:
        raise ValueError(f"{where}: expected x, as the x axis has no slider, got None")
    if isinstance(mark, Bar) and isinstance(mark.heights, Bars) and mark.heights not in figure.parameters:
        kind = type(mark.heights).__name__
        raise ValueError(f"{where}: expected a {kind} among the parameters, got {mark.heights}")
    extra = state(mark.along) | _varying(where, panel, mark)
    for body in _bodies(mark):
        check_known(figure, where, body, extra)


def _varying(where: str, panel: Panel | Triangle, mark: Mark) -> set[Symbol]:
    """Return the symbols over which a mark runs."""
    if isinstance(mark, HeatMap):
        if isinstance(panel, Triangle):
            return set(panel.pmf.symbols)
        axes = {panel.x_axis.symbol, panel.y_axis.symbol}
        if None in axes:
            raise ValueError(f"{where}: expected a symbol on both axes, got {panel.x_axis} and "
                             f"{panel.y_axis}")  # fmt: skip
        return {symbol for symbol in axes if symbol is not None}
    axis = panel.x_axis.symbol
    return {axis} if isinstance(mark, OVER_X) and axis is not None else set()


def _bodies(mark: Mark) -> Iterator[Basic]:
    """Yield the expressions of a mark."""
    if isinstance(mark, Area):
        yield mark.condition
    elif isinstance(mark, Line | Path | Point | Rule):
        yield from (body for body in (mark.y, getattr(mark, "x", None)) if body is not None)
    elif isinstance(mark, Fill):
        yield from (mark.low, mark.high)
    elif isinstance(mark, HeatMap):
        yield mark.value
    elif isinstance(mark, Arrow):
        yield from (*mark.start, *mark.end)
    elif isinstance(mark, Length):
        yield from (mark.start, mark.end)
    elif isinstance(mark, Bar) and not isinstance(mark.heights, Bars):
        yield from mark.heights


def check_known(figure: FigureData, where: str, body: Basic, extra: set[Symbol]) -> None:
    """Raise when an expression has a symbol that nothing gives or a node the front end does not know."""
    given = set(figure.start) | extra
    explicit = figure.explicit(body)
    missing = explicit.free_symbols - given
    if missing:
        alike = {symbol.name for symbol in given} & {symbol.name for symbol in missing}
        hint = f"; {sorted(alike)} differ in their assumptions" if alike else ""
        raise ValueError(f"{where}: expected symbols among {sorted(map(str, given))}, got "
                         f"{sorted(map(str, missing))} besides in {explicit}{hint}")  # fmt: skip
    try:
        to_wire(explicit)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def state(sequence: Sequence | None) -> set[Symbol]:
    """Return the symbols that a sequence gives values."""
    return set() if sequence is None else set(sequence.symbols)
