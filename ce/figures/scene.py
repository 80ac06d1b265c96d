"""A figure in numbers: what each mark comes to at given values, for the picture and for its description."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, singledispatchmethod
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol
from sympy.core.basic import Basic

from ce.figures.iteration import Iteration
from ce.figures.marks import Area, Arrow, Bar, Length, Line, Mark, Path, Point, Rule
from ce.figures.measured import Band, Series
from ce.figures.panel import Axis, Panel
from ce.figures.parameters import Choice
from ce.figures.pmf import Pmf
from ce.figures.readout import Passage
from ce.formulas import numpy_function

if TYPE_CHECKING:
    from ce.figures.figure import Figure

__all__ = ["Array", "Scene", "Trace"]

Array: TypeAlias = NDArray[np.float64]

SAMPLES = 481


@dataclass(frozen=True)
class Trace:
    """A mark in numbers: its corners ``x``, ``y``; a band has the upper ones in ``high``."""

    mark: Mark
    x: Array
    y: Array
    high: Array | None = None


class Scene:
    """A figure at given values.

    Parameters
    ----------
    figure
        The figure.
    values
        A number for each symbol, as :meth:`ce.figures.Figure.values` returns it.
    """

    def __init__(self, figure: Figure, values: Mapping[Symbol, float]) -> None:
        self.figure = figure
        self.parameters = dict(values)
        self._orbits: dict[Iteration, Array] = {}

    def number(self, expression: Basic, along: Iteration | None = None) -> float:
        """Return the value of an expression, at the current step of ``along`` where given."""
        state = {} if along is None else {along.symbol: self.orbit(along)[self.step(along)]}
        return float(self.array(expression, state))

    def array(self, expression: Basic, varying: Mapping[Symbol, Any]) -> Any:
        """Return an expression with arrays for some of its symbols."""
        values = self.parameters | dict(varying)
        body = self.figure.explicit(expression)
        symbols = sorted(body.free_symbols, key=str)
        with np.errstate(all="ignore"):
            result = _compiled(body, tuple(symbols))(*(np.asarray(values[s], dtype=float) for s in symbols))
            shape = np.broadcast_shapes(np.shape(result), *(np.shape(value) for value in varying.values()))
            return np.broadcast_to(result, shape)

    def step(self, iteration: Iteration) -> int:
        """Return the step at which points and read-outs along an iteration are taken."""
        return iteration.length if iteration.at is None else round(self.parameters[iteration.at])

    def orbit(self, iteration: Iteration) -> Array:
        """Return the values z₀, …, z_length of an iteration."""
        if iteration not in self._orbits:
            update = self.figure.explicit(iteration.update)
            others = sorted(update.free_symbols - {iteration.symbol}, key=str)
            function = _compiled(update, (iteration.symbol, *others))
            given = [self.parameters[symbol] for symbol in others]
            states = np.empty(iteration.length + 1)
            states[0] = self.number(iteration.start)
            with np.errstate(all="ignore"):
                for at in range(iteration.length):
                    states[at + 1] = function(states[at], *given)
            self._orbits[iteration] = states
        return self._orbits[iteration]

    def passage(self, passage: Passage) -> int | None:
        """Return the first step at which the condition holds, or None when it never does."""
        holds = self.array(passage.condition, {passage.along.symbol: self.orbit(passage.along)})
        return int(np.argmax(holds)) if np.any(holds) else None

    def shown(self, panel: Panel) -> list[Mark]:
        """Return the marks of a panel that the current choices show."""
        return [mark for mark in panel.marks
                if all(self.parameters[symbol] == value for symbol, value in mark.when.items())]  # fmt: skip

    def traces(self, panel: Panel) -> list[Trace]:
        """Return the marks of a panel that are shown, in numbers."""
        axis, rows = self.figure.x_axis(panel), panel.y_axis.categories
        return [
            self._length(mark, rows.index(mark.row)) if isinstance(mark, Length) else self.trace(mark, axis)
            for mark in self.shown(panel)
        ]

    def words(self, text: str) -> str:
        """Return a text with the option chosen in the place of the name of a choice in braces."""
        for part in self.figure.parameters:
            if isinstance(part, Choice):
                text = text.replace(f"{{{part.symbol.name}}}", part.name(self.parameters[part.symbol]))
        return text

    def _length(self, mark: Length, row: int) -> Trace:
        return Trace(mark, np.array([self.number(mark.start), self.number(mark.end)]), np.full(2, float(row)))

    def heights(self, traces: Iterable[Trace]) -> list[float]:
        """Return the y values that an axis without fixed ends makes room for."""
        found: list[float] = []
        for trace in traces:
            if isinstance(trace.mark, Area):
                continue
            found += [float(value) for value in trace.y]
            found += [] if trace.high is None else [float(value) for value in trace.high]
            found += [0.0] if isinstance(trace.mark, Bar) else []
        return found

    @singledispatchmethod
    def trace(self, mark: Mark, axis: Axis) -> Trace:
        """Return one mark in numbers, over the x axis given."""
        raise TypeError(f"Scene: expected a mark of ce.figures.marks, got {type(mark).__name__}")

    @trace.register
    def _(self, mark: Line, axis: Axis) -> Trace:
        xs = _grid(axis)
        return Trace(mark, xs, self.array(mark.y, {axis.symbol: xs}))

    @trace.register
    def _(self, mark: Area, axis: Axis) -> Trace:
        xs = _grid(axis)
        return Trace(mark, xs, self.array(mark.condition, {axis.symbol: xs}).astype(float))

    @trace.register
    def _(self, mark: Path, axis: Axis) -> Trace:
        states = self.orbit(mark.along)
        xs = states if axis.symbol == mark.along.symbol else np.arange(len(states), dtype=float)
        return Trace(mark, xs, self.array(mark.y, {mark.along.symbol: states}))

    @trace.register
    def _(self, mark: Series, axis: Axis) -> Trace:
        return Trace(mark, np.array(mark.x), np.array(mark.y))

    @trace.register
    def _(self, mark: Band, axis: Axis) -> Trace:
        return Trace(mark, np.array(mark.x), np.array(mark.low), np.array(mark.high))

    @trace.register
    def _(self, mark: Bar, axis: Axis) -> Trace:
        heights = mark.heights.symbols if isinstance(mark.heights, Pmf) else mark.heights
        values = np.array([self.number(height) for height in heights])
        return Trace(mark, np.arange(len(values), dtype=float), values)

    @trace.register
    def _(self, mark: Arrow, axis: Axis) -> Trace:
        ends = np.array([[self.number(value) for value in end] for end in (mark.start, mark.end)])
        return Trace(mark, ends[:, 0], ends[:, 1])

    @trace.register
    def _(self, mark: Rule, axis: Axis) -> Trace:
        x, y = (np.nan if end is None else self.number(end) for end in (mark.x, mark.y))
        return Trace(mark, np.array([x]), np.array([y]))

    @trace.register
    def _(self, mark: Point, axis: Axis) -> Trace:
        x, y = self._abscissa(axis, mark), self.number(mark.y, mark.along)
        return Trace(mark, np.array([x]), np.array([y]))

    def _abscissa(self, axis: Axis, point: Point) -> float:
        if point.x is not None:
            return self.number(point.x, point.along)
        if point.along is not None:
            at = self.step(point.along)
            return float(self.orbit(point.along)[at]) if axis.symbol == point.along.symbol else float(at)
        return self.parameters[axis.symbol]


def _grid(axis: Axis) -> Array:
    space = np.geomspace if axis.log else np.linspace
    return space(*axis.ends, SAMPLES)


@lru_cache(maxsize=512)
def _compiled(body: Basic, symbols: tuple[Symbol, ...]) -> Callable[..., Any]:
    return numpy_function(body, symbols)
