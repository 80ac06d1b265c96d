"""A figure in numbers: what each mark comes to at given values, for the picture and for its description."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol
from sympy.core.basic import Basic

from ce.figures.evaluation.scales import number_text, steps_text
from ce.figures.grammar.figure_data import FigureData
from ce.figures.grammar.guesses import Guess
from ce.figures.grammar.marks import Mark
from ce.figures.grammar.panels import Panel, Triangle
from ce.figures.grammar.parameters import Choice
from ce.figures.grammar.readouts import FirstPassage, Readout
from ce.figures.grammar.sequences import Iteration, Sequence
from ce.formulas import numpy_function

__all__ = ["Array", "Scene", "count_draws"]

Array: TypeAlias = NDArray[np.float64]


class Scene:
    """A figure at given values.

    Parameters
    ----------
    figure
        The figure.
    values
        A number for each symbol, as :meth:`ce.figures.Figure.values` returns it.
    """

    def __init__(self, figure: FigureData, values: Mapping[Symbol, float]) -> None:
        self.figure = figure
        self.parameters = dict(values)
        self._trajectories: dict[Sequence, dict[Symbol, Array]] = {}

    def number(self, expression: Basic, along: Sequence | None = None) -> float:
        """Return the value of an expression, at the current step of ``along`` where given."""
        return float(self.array(expression, self.state(along)))

    def state(self, sequence: Sequence | None) -> dict[Symbol, float]:
        """Return the values of a sequence's symbols at its current step."""
        if sequence is None:
            return {}
        at = self.step(sequence)
        return {symbol: float(states[at]) for symbol, states in self.trajectory(sequence).items()}

    def array(self, expression: Basic, varying: Mapping[Symbol, Any]) -> Any:
        """Return an expression with arrays for some of its symbols."""
        values = self.parameters | dict(varying)
        body = self.figure.explicit(expression)
        symbols = sorted(body.free_symbols, key=str)
        with np.errstate(all="ignore"):
            result = _compiled(body, tuple(symbols))(*(np.asarray(values[s], dtype=float) for s in symbols))
            shape = np.broadcast_shapes(np.shape(result), *(np.shape(value) for value in varying.values()))
            return np.broadcast_to(result, shape)

    def step(self, sequence: Sequence) -> int:
        """Return the step at which points and read-outs along a sequence are taken."""
        return sequence.length if sequence.at is None else round(self.parameters[sequence.at])

    def trajectory(self, sequence: Sequence) -> dict[Symbol, Array]:
        """Return the values of a sequence's symbols at the steps 0 … length, the step's own among them."""
        if sequence not in self._trajectories:
            states = (
                self._iterated(sequence)
                if isinstance(sequence, Iteration)
                else count_draws(
                    [self.parameters[symbol] for symbol in sequence.pmf.symbols],
                    round(self.number(sequence.seed)),
                    sequence.length,
                )
            )
            found = dict(zip(sequence.symbols, states, strict=True))
            if sequence.at is not None:
                found[sequence.at] = np.arange(sequence.length + 1.0)
            self._trajectories[sequence] = found
        return self._trajectories[sequence]

    def _iterated(self, sequence: Iteration) -> list[Array]:
        bodies = [self.figure.explicit(update) for update in sequence.updates]
        own = set(sequence.symbols)
        others = sorted(set().union(*(body.free_symbols for body in bodies)) - own, key=str)
        given = [self.parameters[symbol] for symbol in others]
        updates = [_compiled(body, (*sequence.symbols, *others)) for body in bodies]
        states = np.empty((sequence.length + 1, len(updates)))
        states[0] = [self.number(start) for start in sequence.starts]
        with np.errstate(all="ignore"):
            for at in range(sequence.length):
                now = states[at].tolist() if len(updates) > 1 else (states[at, 0],)
                states[at + 1] = [update(*now, *given) for update in updates]
        return list(states.T)

    def first_passage(self, passage: FirstPassage) -> int | None:
        """Return the first step at which the condition holds, or None when it never does."""
        holds = self.array(passage.condition, self.trajectory(passage.along))
        return int(np.argmax(holds)) if np.any(holds) else None

    def truths(self, guess: Guess) -> list[float]:
        """Return what a guess is about: one number, or those of a curve at its places; NaN for what never happens."""
        part = guess.of
        if isinstance(part, FirstPassage):
            step = self.first_passage(part)
            return [math.nan if step is None else float(step)]
        if not guess.over:
            return [self.number(part.expression, part.along)]
        places = {self.figure.panels[self.figure.panel_of(guess)].x_axis.symbol: np.array(guess.over)}
        return [float(height) for height in self.array(part.expression, self.state(part.along) | places)]

    def shown(self, panel: Panel | Triangle) -> list[Mark]:
        """Return the marks of a panel that the current choices show."""
        return [
            mark for mark in panel.marks if all(self.parameters[symbol] == value for symbol, value in mark.when.items())
        ]

    def readout(self, part: Readout | FirstPassage) -> str:
        """Return what a read-out says: a number with its unit, or a number of steps."""
        if isinstance(part, FirstPassage):
            step = self.first_passage(part)
            return f"not within {steps_text(part.along.length)}" if step is None else steps_text(step)
        value = number_text(self.number(part.expression, part.along), part.digits)
        return " ".join(filter(None, (value, self.words(part.unit))))

    def words(self, text: str) -> str:
        """Return a text with the option chosen in the place of the name of a choice in braces."""
        for part in self.figure.parameters:
            if isinstance(part, Choice):
                text = text.replace(f"{{{part.symbol.name}}}", part.name(self.parameters[part.symbol]))
        return text


@lru_cache(maxsize=512)
def _compiled(body: Basic, symbols: tuple[Symbol, ...]) -> Callable[..., Any]:
    return numpy_function(body, symbols)


def count_draws(pmf: Iterable[float], seed: int, length: int) -> list[Array]:
    """Return how often each outcome has come up in 0 … length draws, one array for each outcome.

    Examples
    --------
    >>> [counts.tolist() for counts in count_draws((0.5, 0.5), seed=1, length=4)]
    [[0.0, 0.0, 1.0, 2.0, 2.0], [0.0, 1.0, 1.0, 1.0, 2.0]]
    """
    chances = np.array(list(pmf), dtype=float)
    # Rounding must not bring what cannot happen.
    last = int(np.flatnonzero(chances > 0)[-1])
    faces = (uniforms(seed, length)[:, None] >= np.cumsum(chances)[:-1]).sum(axis=1)
    faces = np.where(chances[faces] > 0, faces, last)
    drawn = faces[:, None] == np.arange(len(chances))
    return list(np.vstack([np.zeros(len(chances)), np.cumsum(drawn, axis=0)]).T)


def uniforms(seed: int, count: int) -> Array:
    """Return the uniform numbers in [0, 1) of the draws 1 … count.

    This is mulberry32 (Ettinger 2017) with the state counted from the seed, in 32-bit arithmetic, so that
    browser and Python draw the same.

    Examples
    --------
    >>> uniforms(1, 2).round(4).tolist()
    [0.5465, 0.4596]
    """
    at = np.arange(1, count + 1, dtype=np.uint32)
    start = np.uint32(seed * 0x9E3779B1 % 2**32)
    with np.errstate(over="ignore"):
        a = start + at * np.uint32(0x6D2B79F5)
        t = (a ^ (a >> np.uint32(15))) * (a | np.uint32(1))
        t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
    return (t ^ (t >> np.uint32(14))) / 2.0**32
