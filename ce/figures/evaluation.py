"""A figure in numbers: what expressions and marks come to at given values, for the picture and for its description.

Ranges, ticks and how numbers are written come first; the front end follows the same rules.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache, singledispatch
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol
from sympy.core.basic import Basic

from ce.figures.grammar import marks
from ce.figures.grammar.figure_data import FigureData
from ce.figures.grammar.marks import Mark, UnknownMarkError
from ce.figures.grammar.panels import Axis, Panel, Triangle
from ce.figures.grammar.parameters import Bars, Choice, Slider, Switch
from ce.figures.grammar.readouts import FirstPassage, Readout
from ce.figures.grammar.sequences import Iteration, Sequence
from ce.figures.grammar.tasks import Guess
from ce.formulas import numpy_function

__all__ = [
    "Array",
    "Scene",
    "Trace",
    "count_draws",
    "count_text",
    "heights",
    "limits",
    "number_text",
    "steps_text",
    "tick_text",
    "ticks",
    "trace",
    "traced",
]

Array: TypeAlias = NDArray[np.float64]

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# On a logarithmic axis that follows the data: decades below the largest value beyond which nothing is shown.
DECADES = 12
SAMPLES = 481
# Cells of a heat map along each axis.
CELLS = 96


def number_text(value: float, digits: int) -> str:
    """Write a number with ``digits`` significant digits, ties away from zero, with a true minus sign.

    Examples
    --------
    >>> number_text(0.30685, 3), number_text(-4.54e-5, 3), number_text(float("inf"), 3)
    ('0.307', '−4.54×10⁻⁵', '∞')
    """
    if math.isnan(value):
        return "undefined"
    sign = "−" if value < 0 else ""
    if math.isinf(value):
        return sign + "∞"
    if value == 0:
        return "0"
    exact = Decimal(abs(value))
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).plus(exact)
    exponent = rounded.adjusted()
    if -4 <= exponent < 6:
        last = Decimal(10) ** -max(0, digits - 1 - exponent)
        return f"{sign}{exact.quantize(last, rounding=ROUND_HALF_UP)}"
    mantissa = f"{rounded:.{digits - 1}e}".partition("e")[0]
    return f"{sign}{mantissa}×10{str(exponent).translate(SUPERSCRIPTS)}"


def tick_text(value: float, log: bool = False) -> str:
    """Write the number at a tick: a power of ten on a logarithmic axis from 10⁻² down and 10⁴ up."""
    exponent = round(math.log10(value)) if log and value > 0 else 0
    if log and not -2 < exponent < 4:
        return "10" + str(exponent).translate(SUPERSCRIPTS)
    text = number_text(value, 6)
    return re.sub(r"\.?0+(?=×|$)", "", text) if "." in text else text


def count_text(count: int) -> str:
    """Write a count with commas between thousands."""
    return f"{count:,}"


def steps_text(count: int) -> str:
    """Write a number of steps."""
    return f"{count_text(count)} {'step' if count == 1 else 'steps'}"


def nice_step(step: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is not below ``step``."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * (1 - 1e-9))


def ticks(low: float, high: float, log: bool, most: int) -> list[float]:
    """Return round values from ``low`` to ``high``, about ``most`` of them; on a linear axis at least 3."""
    if log:
        first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
        stride = max(1, math.ceil((last - first + 1) / most))
        return [10.0**power for power in range(last, first - 1, -stride)][::-1]
    step = nice_step((high - low) / most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    if last < first + 2:  # fewer than three do not show a scale
        return ticks(low, high, log, most + 1)
    return [at * step for at in range(first, last + 1)]


def limits(low: float | None, high: float | None, log: bool, values: Iterable[float]) -> tuple[float, float]:
    """Return the range of an axis: the given ends, and round ones around ``values`` where None is given.

    On a logarithmic axis only positive values count, and a given end that is not positive counts as None.
    """
    seen = [value for value in values if math.isfinite(value) and (value > 0 or not log)]
    if log:
        top = max(seen, default=1.0)
        bottom = max(min(seen, default=0.1), top / 10.0**DECADES)
        highest, lowest = math.ceil(math.log10(top) - 1e-9), math.floor(math.log10(bottom) + 1e-9)
        round_low, round_high = 10.0 ** min(lowest, highest - 1), 10.0**highest
        low = low if low is not None and low > 0 else None
        high = high if high is not None and high > 0 else None
    else:
        bottom, top = min(seen, default=0.0), max(seen, default=1.0)
        # Rounding alone is no difference.
        if top - bottom <= 1e-9 * max(abs(bottom), abs(top)):
            bottom, top = bottom - 0.5, top + 0.5
        step = nice_step((top - bottom) / 5)
        round_low, round_high = math.floor(bottom / step + 1e-9) * step, math.ceil(top / step - 1e-9) * step
    found = (round_low if low is None else low, round_high if high is None else high)
    # One given end can lie beyond every value: then the other end makes room.
    if found[0] >= found[1]:
        return (
            (found[0], found[0] * 10 if log else found[0] + 1)
            if low is not None
            else (found[1] / 10 if log else found[1] - 1, found[1])
        )
    return found


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
            # A curve of an integer is one of floats; only truth is left as it is.
            return np.broadcast_to(result if np.asarray(result).dtype == bool else np.asarray(result, float), shape)

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

    def setting(self) -> str:
        """Return at what sliders, choices and switches stand, empty for a figure without any."""
        said = []
        for part in self.figure.parameters:
            if isinstance(part, Slider):
                said.append(f"{part.label} = {tick_text(self.parameters[part.symbol])}")
            elif isinstance(part, Choice):
                said.append(f"{part.label}: {part.name(self.parameters[part.symbol])}")
            elif isinstance(part, Switch):
                said.append(f"{part.label}: {'on' if self.parameters[part.symbol] else 'off'}")
        return f"Drawn at {', '.join(said)}" if said else ""

    def words(self, text: str) -> str:
        """Return a text with the option chosen in the place of the name of a choice in braces."""
        for part in self.figure.parameters:
            if isinstance(part, Choice):
                text = text.replace(f"{{{part.symbol.name}}}", part.name(self.parameters[part.symbol]))
        return text


_compiled = lru_cache(maxsize=512)(numpy_function)


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


@dataclass(frozen=True)
class Trace:
    """A mark in numbers: its corners ``x``, ``y``.

    A region has the upper corners in ``high``; a heat map has the centres of its cells in ``x`` and ``y`` and
    their values in ``cells``, one row for each y.
    """

    mark: Mark
    x: Array
    y: Array
    high: Array | None = None
    cells: Array | None = None


def traced(scene: Scene, panel: Panel | Triangle) -> list[Trace]:
    """Return the marks of a panel that are shown, in numbers."""
    return [trace(mark, scene, panel) for mark in scene.shown(panel)]


def heights(shown: Iterable[Trace]) -> list[float]:
    """Return the y values that an axis without fixed ends makes room for."""
    found: list[float] = []
    for one in shown:
        shape = one.mark.traits.shape
        if shape not in ("range", "field"):
            found += [float(value) for value in (*one.y, *(() if one.high is None else one.high))]
            found += [0.0] if shape == "bar" else []
    return found


@singledispatch
def trace(mark: Mark, scene: Scene, panel: Panel | Triangle) -> Trace:
    """Return one mark of a panel in numbers."""
    raise UnknownMarkError(mark, "the trace", "evaluation.py")


@trace.register
def _(mark: marks.Line, scene: Scene, panel: Panel) -> Trace:
    return Trace(mark, *_curve(scene, panel, mark, mark.y))


@trace.register
def _(mark: marks.Span, scene: Scene, panel: Panel) -> Trace:
    xs, holds = _curve(scene, panel, mark, mark.condition)
    return Trace(mark, xs, holds.astype(float))


@trace.register
def _(mark: marks.Between, scene: Scene, panel: Panel) -> Trace:
    xs, low = _curve(scene, panel, mark, mark.low)
    return Trace(mark, xs, low, _curve(scene, panel, mark, mark.high)[1])


@trace.register
def _(mark: marks.Path, scene: Scene, panel: Panel | Triangle) -> Trace:
    last = scene.step(mark.along) if mark.so_far else mark.along.length
    states = {symbol: column[: last + 1] for symbol, column in scene.trajectory(mark.along).items()}
    axis = panel.x_axis.symbol
    if mark.x is not None:
        xs = scene.array(mark.x, states)
    else:
        xs = states[axis] if axis in mark.along.symbols else np.arange(last + 1.0)
    return Trace(mark, xs, scene.array(mark.y, states))


@trace.register
def _(mark: marks.Series, scene: Scene, panel: Panel) -> Trace:
    return Trace(mark, np.array(mark.x), np.array(mark.y))


@trace.register
def _(mark: marks.Band, scene: Scene, panel: Panel) -> Trace:
    return Trace(mark, np.array(mark.x), np.array(mark.low), np.array(mark.high))


@trace.register
def _(mark: marks.Bar, scene: Scene, panel: Panel) -> Trace:
    heights = mark.heights.symbols if isinstance(mark.heights, Bars) else mark.heights
    values = np.array([scene.number(height, mark.along) for height in heights])
    return Trace(mark, np.arange(len(values), dtype=float), values)


@trace.register
def _(mark: marks.Segment, scene: Scene, panel: Panel) -> Trace:
    ends = np.array([scene.number(end, mark.along) for end in (mark.start, mark.end)])
    return Trace(mark, ends, np.full(2, float(panel.y_axis.categories.index(mark.row))))


@trace.register
def _(mark: marks.Arrow, scene: Scene, panel: Panel | Triangle) -> Trace:
    ends = np.array([[scene.number(value, mark.along) for value in end] for end in (mark.start, mark.end)])
    return Trace(mark, ends[:, 0], ends[:, 1])


@trace.register
def _(mark: marks.Rule, scene: Scene, panel: Panel) -> Trace:
    x, y = (np.nan if end is None else scene.number(end, mark.along) for end in (mark.x, mark.y))
    return Trace(mark, np.array([x]), np.array([y]))


@trace.register
def _(mark: marks.Point, scene: Scene, panel: Panel | Triangle) -> Trace:
    axis = panel.x_axis.symbol
    if mark.x is not None:
        x = scene.number(mark.x, mark.along)
    elif mark.along is None:
        x = scene.parameters[axis]
    elif axis in mark.along.symbols:
        x = scene.state(mark.along)[axis]
    else:
        x = float(scene.step(mark.along))
    return Trace(mark, np.array([x]), np.array([scene.number(mark.y, mark.along)]))


@trace.register
def _(mark: marks.HeatMap, scene: Scene, panel: Panel | Triangle) -> Trace:
    axes = scene.figure.x_axis(panel), scene.figure.y_axis(panel)
    xs, ys = (_centres(axis) for axis in axes)
    across, up = np.meshgrid(xs, ys)
    if isinstance(panel, Triangle):
        third = up / axes[1].ends[1]
        second = across - third / 2
        pmf = (1 - second - third, second, third)
        outside = np.minimum.reduce(pmf) < 0  # beyond the borders of the triangle
        varying = dict(zip(panel.pmf.symbols, pmf, strict=True))
        cells = np.where(outside, np.nan, scene.array(mark.value, scene.state(mark.along) | varying))
    else:
        varying = {axes[0].symbol: across, axes[1].symbol: up}
        cells = scene.array(mark.value, scene.state(mark.along) | varying)
    return Trace(mark, xs, ys, cells=cells)


def _curve(scene: Scene, panel: Panel, mark: Mark, body: Basic) -> tuple[Array, Array]:
    """Return the samples along the x axis and an expression there."""
    axis = scene.figure.x_axis(panel)
    space = np.geomspace if axis.log else np.linspace
    xs = space(*axis.ends, SAMPLES)
    return xs, scene.array(body, scene.state(mark.along) | {axis.symbol: xs})


def _centres(axis: Axis) -> Array:
    """Return the centres of the cells of a heat map, evenly apart on the axis's scale."""
    low, high = np.log10(axis.ends) if axis.log else axis.ends
    at = low + (np.arange(CELLS) + 0.5) / CELLS * (high - low)
    return 10**at if axis.log else at
