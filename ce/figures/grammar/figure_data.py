"""A figure as data: parameters, panels, read-outs and the words around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sympy import Expr, Indexed, IndexedBase, Product, Sum, Symbol
from sympy.core.basic import Basic

from ce.figures.grammar.goals import Goal
from ce.figures.grammar.guesses import Guess
from ce.figures.grammar.linked_formulas import LinkedFormula
from ce.figures.grammar.panels import Axis, Panel, Triangle
from ce.figures.grammar.parameters import Bars, Button, Parameter, Slider
from ce.figures.grammar.readouts import FirstPassage, Readout
from ce.figures.grammar.sequences import Sequence
from ce.formulas import instantiate

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
            object.__setattr__(self, name, tuple(getattr(self, name)))

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
