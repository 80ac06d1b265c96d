"""Whether the parts of a figure fit together; what does not is an error that says where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ce.figures.button import Button
from ce.figures.checks import text
from ce.figures.contents import check_panel
from ce.figures.iteration import Iteration
from ce.figures.known import check_known, state
from ce.figures.marks import Bar
from ce.figures.palette import ROLES
from ce.figures.panel import Panel
from ce.figures.parameters import Bars, Choice, Slider, Switch
from ce.figures.readout import Passage, Readout
from ce.figures.rolls import Sequence
from ce.figures.triangle import Triangle

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


def _sequence(figure: Figure, where: str, sequence: Sequence) -> None:
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


def _buttons(figure: Figure, where: str) -> None:
    _different(f"{where}.buttons", (button.label for button in figure.buttons))
    for button in figure.buttons:
        name = f"{where}, button {button.label!r}"
        for symbol, value in figure.settings(button).items():
            if symbol not in figure.start:
                raise ValueError(f"{name}: expected symbols of parameters, got {symbol}")
            check_known(figure, name, value, set())


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


def _different(where: str, names: Iterable[object]) -> None:
    seen = list(names)
    twice = sorted({str(name) for name in seen if seen.count(name) > 1})
    if twice:
        raise ValueError(f"{where}: expected different names, got {twice} more than once")


def _types(where: str, parts: Iterable[object], expected: Any) -> None:
    for part in parts:
        if not isinstance(part, expected):
            raise ValueError(f"{where}: expected {getattr(expected, '__name__', expected)}, got {part!r}")
