"""A figure as data: parameters, panels, read-outs and the words around them.

Whether these fit together is checked when a figure is made; what does not is an error that says where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sympy import Expr, Indexed, IndexedBase, Product, Sum, Symbol
from sympy.core.basic import Basic

from ce.figures.grammar.checks import instance, several, text
from ce.figures.grammar.linked_formulas import LinkedFormula
from ce.figures.grammar.marks import Bar, Mark
from ce.figures.grammar.panels import Axis, Panel, Triangle
from ce.figures.grammar.parameters import Bars, Button, Choice, Parameter, Slider, Switch
from ce.figures.grammar.readouts import FirstPassage, Readout
from ce.figures.grammar.sequences import Iteration, Sequence
from ce.figures.grammar.tasks import Goal, Guess
from ce.figures.palette import ROLES
from ce.formulas import instantiate, to_wire

__all__ = ["FigureData"]

# Sizes of a picture in pixels: multiples of 9, so that no fraction of an inch is rounded.
WIDE, NARROW, TALL, FOOT = 900, 450, 423, 36


@dataclass(frozen=True)
class FigureData:
    """What there is to know of a figure: :class:`ce.figures.Figure` explains the fields and can show it."""

    name: str
    title: str
    caption: str
    prompt: str
    parameters: tuple[Parameter, ...]
    panels: tuple[Panel | Triangle, ...]
    readouts: tuple[Readout | FirstPassage, ...] = ()
    buttons: tuple[Button, ...] = ()
    goal: Goal | None = None
    guess: Guess | None = None
    formula: LinkedFormula | None = None

    def __post_init__(self) -> None:
        for name in ("parameters", "panels", "readouts", "buttons"):
            object.__setattr__(self, name, several(f"Figure({self.name!r}).{name}", getattr(self, name)))
        _check(self)

    @property
    def start(self) -> dict[Symbol, float]:
        """The starting value of every symbol that the reader can change."""
        return {symbol: value for part in self.parameters for symbol, value in part.start.items()}

    @property
    def sequences(self) -> tuple[Sequence, ...]:
        """The sequences that marks and read-outs run along, each once."""
        marks = [mark for panel in self.panels for mark in panel.marks]
        found = (part.along for part in (*marks, *self.readouts))
        return tuple(dict.fromkeys(sequence for sequence in found if sequence is not None))

    @property
    def roles(self) -> tuple[str, ...]:
        """The labels that have a colour, in the order in which they appear."""
        marks = (mark for panel in self.panels for mark in panel.marks)
        return tuple(dict.fromkeys(mark.colour for mark in marks if mark.colour))

    def explicit(self, expression: Basic) -> Basic:
        """Return an expression with its sums written out, K being the size of the figure's bars."""
        if not expression.has(Sum, Product, Indexed):
            return expression
        sizes = {len(part.values) for part in self.parameters if isinstance(part, Bars)}
        if len(sizes) != 1:
            raise ValueError(
                f"Figure({self.name!r}): expected distributions and vectors of one size to write out "
                f"{expression}, got sizes {sorted(sizes)}; write it out with ce.formulas.instantiate"
            )
        return instantiate(expression, {"K": sizes.pop()})

    def x_axis(self, panel: Panel | Triangle) -> Axis:
        """Return the x axis of a panel with the range and label that a slider or the data give it."""
        axis = self._over_slider(panel.x_axis)
        if panel.y_axis.categories:
            return axis  # a free end follows the lengths on the rows
        if axis.categories or (axis.low is not None and axis.high is not None):
            return axis
        ends = [end for mark in panel.marks for end in mark.extent]
        low = axis.low if axis.low is not None else min(ends) or float(axis.log is True)
        return replace(axis, low=low, high=axis.high if axis.high is not None else max(ends))

    def y_axis(self, panel: Panel | Triangle) -> Axis:
        """Return the y axis of a panel with the range and label that a slider gives it."""
        return self._over_slider(panel.y_axis)

    def _over_slider(self, axis: Axis) -> Axis:
        for part in self.parameters:
            if isinstance(part, Slider) and part.symbol == axis.symbol:
                label = axis.label or part.label
                return replace(axis, label=label, low=part.low, high=part.high, log=part.log)
        return axis

    def settings(self, button: Button) -> dict[Symbol, Expr]:
        """Return what each single parameter becomes when a button is pressed."""
        bases = {part.base: part.symbols for part in self.parameters if isinstance(part, Bars)}
        found: dict[Symbol, Expr] = {}
        for key, value in button.sets.items():
            if isinstance(key, Symbol):
                found[key] = value
                continue
            symbols = bases.get(key, ())
            values = bases.get(value, ()) if isinstance(value, IndexedBase) else (value,) * len(symbols)
            if not symbols or len(values) != len(symbols):
                raise ValueError(
                    f"Figure({self.name!r}), button {button.label!r}: expected distributions or "
                    f"vectors of one size among {[*bases]}, got {key} set to {value}"
                )
            found |= dict(zip(symbols, values, strict=True))
        return found

    def values(self, changes: Mapping[str, Any] | None = None) -> dict[Symbol, float]:
        """Return the value of every symbol: the starting one, or the one that ``changes`` has under its name.

        Raises
        ------
        ValueError
            For a name that no parameter has, a number out of range, probabilities that do not sum to one.
        """
        changes = dict(changes or {})
        names = {symbol.name: value for symbol, value in self.start.items()} | changes
        unknown = sorted(names.keys() - {symbol.name for symbol in self.start})
        if unknown:
            raise ValueError(
                f"Figure({self.name!r}): expected names among {[symbol.name for symbol in self.start]}, got {unknown}"
            )
        found: dict[Symbol, float] = {}
        for part in self.parameters:
            if isinstance(part, Bars):
                where = f"{type(part).__name__}({part.base})"
                entries = part.accept(where, [names[symbol.name] for symbol in part.symbols])
                found |= dict(zip(part.symbols, entries, strict=True))
            else:
                found[part.symbol] = part.accept(part.symbol.name, names[part.symbol.name])
        return found

    def linked(self, formula: LinkedFormula) -> dict[Basic, str]:
        """Return the label that each term of a formula has in the figure, those of parameters by their symbols."""
        own = {part.base if isinstance(part, Bars) else part.symbol: part.label for part in self.parameters}
        return {term: label for term, label in own.items() if formula.has(term)} | dict(formula.terms)

    def on_steps(self, wanted: Mapping[Symbol, float]) -> dict[str, float]:
        """Return values by name, those of sliders at the nearest step."""
        sliders = {part.symbol: part for part in self.parameters if isinstance(part, Slider)}
        return {s.name: sliders[s].snapped(value) if s in sliders else value for s, value in wanted.items()}

    def panel_of(self, guess: Guess) -> int:
        """Return the place of the panel that a guess is marked in."""
        titles = [panel.title for panel in self.panels]
        if guess.panel and guess.panel not in titles:
            raise ValueError(f"Figure({self.name!r}).guess.panel: expected one of {titles}, got {guess.panel!r}")
        return titles.index(guess.panel) if guess.panel else 0

    @property
    def columns(self) -> int:
        """The number of panels side by side in a picture."""
        return len(self.panels) if len(self.panels) <= 3 else 2

    @property
    def picture_size(self) -> tuple[int, int]:
        """Width and height of a picture in pixels."""
        rows = -(-len(self.panels) // self.columns)
        return (WIDE if self.columns == 1 else self.columns * NARROW), FOOT + rows * TALL


def _check(figure: FigureData) -> None:
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
