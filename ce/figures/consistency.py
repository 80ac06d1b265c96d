"""Whether the parts of a figure fit together; what does not is an error that says where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sympy import Symbol
from sympy.core.basic import Basic

from ce.figures.button import Button
from ce.figures.checks import text
from ce.figures.iteration import Iteration
from ce.figures.marks import Area, Arrow, Bar, Length, Line, Mark, Path, Point, Rule
from ce.figures.measured import Band, Series
from ce.figures.palette import ROLES
from ce.figures.panel import Panel
from ce.figures.parameters import Choice, Slider, Switch
from ce.figures.pmf import Pmf
from ce.figures.readout import Passage, Readout
from ce.formulas import to_wire

if TYPE_CHECKING:
    from ce.figures.figure import Figure

__all__ = ["check"]


def check(figure: Figure) -> None:
    """Raise ValueError for the first part of ``figure`` that does not fit the others."""
    where = f"Figure({figure.name!r})"
    if not isinstance(figure.name, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", figure.name):
        raise ValueError(f"{where}.name: expected small letters, digits and hyphens, got {figure.name!r}")
    for name in ("title", "see", "attempt"):
        text(f"{where}.{name}", getattr(figure, name))
    _types(f"{where}.parameters", figure.parameters, Slider | Choice | Switch | Pmf)
    _types(f"{where}.panels", figure.panels, Panel)
    _types(f"{where}.readouts", figure.readouts, Readout | Passage)
    _types(f"{where}.buttons", figure.buttons, Button)
    if not figure.panels:
        raise ValueError(f"{where}.panels: expected one or more panels, got none")
    _different(f"{where}.parameters", (symbol.name for part in figure.parameters for symbol in part.start))
    _different(f"{where}.panels", (panel.title for panel in figure.panels))
    _different(f"{where}.readouts", ((part.label, part.column) for part in figure.readouts))
    _different(f"{where}: iterations", (iteration.name for iteration in figure.iterations))
    if len(figure.roles) > len(ROLES):
        raise ValueError(f"{where}: expected at most {len(ROLES)} labels with a colour, got {figure.roles}")
    drawn = [mark.heights for panel in figure.panels for mark in panel.marks if isinstance(mark, Bar)]
    for part in figure.parameters:
        if isinstance(part, Pmf) and part not in drawn:
            raise ValueError(f"{where}: expected a Bar that draws Pmf({part.base}), got none")
    _buttons(figure, where)
    for iteration in figure.iterations:
        _iteration(figure, f"{where}, {iteration.name}", iteration)
    _braces(figure, where)
    for panel in figure.panels:
        _panel(figure, f"{where}, panel {panel.title!r}", panel)
    for readout in figure.readouts:
        body = readout.condition if isinstance(readout, Passage) else readout.expression
        _known(figure, f"{where}, read-out {readout.label!r}", body, _state(readout.along))


def _iteration(figure: Figure, where: str, iteration: Iteration) -> None:
    _known(figure, f"{where}.update", iteration.update, {iteration.symbol})
    _known(figure, f"{where}.start", iteration.start, set())
    sliders = {part.symbol: part for part in figure.parameters if isinstance(part, Slider)}
    if iteration.at is not None:
        steps = sliders.get(iteration.at)
        if steps is None or steps.low < 0 or steps.high > iteration.length:
            raise ValueError(f"{where}.at: expected the symbol of a slider within 0 … {iteration.length}, "
                             f"got {iteration.at} with {steps}")  # fmt: skip


def _panel(figure: Figure, where: str, panel: Panel) -> None:
    axis = panel.x_axis
    sliders = {part.symbol for part in figure.parameters if isinstance(part, Slider)}
    if axis.symbol is not None and axis.symbol not in sliders:
        if axis.symbol in figure.start:
            raise ValueError(f"{where}: expected a slider's symbol on the x axis, got {axis.symbol}")
        if not axis.label or axis.low is None or axis.high is None:
            raise ValueError(f"{where}: expected label, low and high for an x axis over {axis.symbol}, which "
                             f"no slider has, got {axis}")  # fmt: skip
    if axis.symbol is None and not axis.categories:
        text(f"{where}.x.label", axis.label)
        ranged = axis.low is not None and axis.high is not None
        if not ranged and not any(isinstance(mark, Series | Band | Path | Length) for mark in panel.marks):
            raise ValueError(f"{where}: expected low and high for the x axis, which no data give, got {axis}")
    for mark in panel.marks:
        _mark(figure, f"{where}, {type(mark).__name__}({mark.label!r})", panel, mark)


def _mark(figure: Figure, where: str, panel: Panel, mark: Mark) -> None:
    choices = {part.symbol: part for part in figure.parameters if isinstance(part, Choice | Switch)}
    for symbol, value in mark.when.items():
        if symbol not in choices:
            raise ValueError(f"{where}.when: expected symbols of choices {list(choices)}, got {symbol}")
        choices[symbol].accept(f"{where}.when[{symbol}]", value)
    axis = panel.x_axis.symbol
    if isinstance(mark, Line | Area) and axis is None:
        raise ValueError(f"{where}: expected an x axis with a symbol, got {panel.x}")
    if isinstance(mark, Point) and mark.x is None and mark.along is None and axis not in figure.start:
        raise ValueError(f"{where}: expected x, as the x axis has no slider, got None")
    if isinstance(mark, Bar) and isinstance(mark.heights, Pmf) and mark.heights not in figure.parameters:
        raise ValueError(f"{where}: expected a Pmf among the parameters, got {mark.heights}")
    extra = _state(getattr(mark, "along", None))
    if isinstance(mark, Line | Area) and axis is not None:
        extra.add(axis)
    for body in _bodies(mark):
        _known(figure, where, body, extra)


def _bodies(mark: Mark) -> Iterator[Basic]:
    """Yield the expressions of a mark."""
    if isinstance(mark, Area):
        yield mark.condition
    elif isinstance(mark, Line | Path | Point | Rule):
        yield from (body for body in (mark.y, getattr(mark, "x", None)) if body is not None)
    elif isinstance(mark, Arrow):
        yield from (*mark.start, *mark.end)
    elif isinstance(mark, Length):
        yield from (mark.start, mark.end)
    elif isinstance(mark, Bar) and not isinstance(mark.heights, Pmf):
        yield from mark.heights


def _known(figure: Figure, where: str, body: Basic, extra: set[Symbol]) -> None:
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


def _buttons(figure: Figure, where: str) -> None:
    _different(f"{where}.buttons", (button.label for button in figure.buttons))
    for button in figure.buttons:
        name = f"{where}, button {button.label!r}"
        for symbol, value in figure.settings(button).items():
            if symbol not in figure.start:
                raise ValueError(f"{name}: expected symbols of parameters, got {symbol}")
            _known(figure, name, value, set())


def _braces(figure: Figure, where: str) -> None:
    names = {part.symbol.name for part in figure.parameters if isinstance(part, Choice)}
    for words in _words(figure):
        if unknown := set(re.findall(r"{(.*?)}", words)) - names:
            raise ValueError(f"{where}: expected symbols of choices {sorted(names)} in braces, got "
                             f"{sorted(unknown)} in {words!r}")  # fmt: skip


def _words(figure: Figure) -> Iterator[str]:
    """Yield the words in which the name of a choice in braces stands for the option chosen."""
    for panel in figure.panels:
        yield from (panel.title, panel.x_axis.label, panel.y_axis.label)
    for part in figure.readouts:
        yield from (part.label, getattr(part, "unit", ""))


def _state(iteration: Iteration | None) -> set[Symbol]:
    return set() if iteration is None else {iteration.symbol}


def _different(where: str, names: Iterable[object]) -> None:
    seen = list(names)
    twice = sorted({str(name) for name in seen if seen.count(name) > 1})
    if twice:
        raise ValueError(f"{where}: expected different names, got {twice} more than once")


def _types(where: str, parts: Iterable[object], expected: Any) -> None:
    for part in parts:
        if not isinstance(part, expected):
            raise ValueError(f"{where}: expected {getattr(expected, '__name__', expected)}, got {part!r}")
