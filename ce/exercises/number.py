"""An exercise whose answer is a number, computed from an expression at given values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from itertools import combinations
from typing import Any

from sympy import IndexedBase, Integer, Symbol
from sympy.core.expr import Expr

from ce.exercises.feedback import Difference, Feedback, Outcome
from ce.exercises.html import math
from ce.exercises.notation import MalformedAnswer, written
from ce.exercises.question import Question, require_shown
from ce.exercises.units import (
    DIGITS,
    UNITS,
    evaluated,
    is_rounding,
    is_whole,
    read_quantity,
    short,
    with_unit,
)

__all__ = ["NumberExercise"]


@dataclass(frozen=True)
class NumberExercise(Question):
    """A question answered by a number: a decimal, a fraction or an expression such as log(100).

    Parameters
    ----------
    question
        Running text; ``{name}`` stands for an expression of ``shows``.
    answer
        The expression, in nats where it has a unit; sums over 1, …, K are written out.
    values
        Numbers for its symbols, tuples for its indexed symbols.
    unit
        The unit asked for: ``"nats"``, ``"bits"``, ``"hartleys"`` or ``""`` for a pure number.
    tolerance
        Relative error allowed; absolute where the answer is zero.
    shows
        The expressions the question shows.
    because
        A sentence beside the worked answer.

    Raises
    ------
    ValueError
        When the values leave something open, the answer is undefined there, or the unit is unknown.

    Examples
    --------
    >>> from sympy import Rational
    >>> from ce.formulas import binary_cross_entropy, entropy
    >>> from ce.symbols import label, p, prob
    >>> loss = binary_cross_entropy.textbook
    >>> exercise = NumberExercise(
    ...     "What is {loss} for a positive example that the model gives one per cent?",
    ...     answer=loss, values={label: 1, prob: Rational(1, 100)}, unit="nats", shows={"loss": loss},
    ... )
    >>> print(exercise.check("4.605"))
    right
    >>> print(exercise.check("-4.605"))
    wrong: you probably have the sign the other way round
    >>> coin = NumberExercise("The entropy of a fair coin?", entropy.stable, {p: (0.5, 0.5)}, unit="bits")
    >>> print(coin.check("0.693"))
    wrong: you probably gave nats for bits
    """

    question: str
    answer: Expr
    values: Mapping[Symbol | IndexedBase, Any] = field(default_factory=dict)
    unit: str = ""
    tolerance: float = 0.005
    shows: Mapping[str, Expr] = field(default_factory=dict)
    because: str = ""

    def __post_init__(self) -> None:
        require_shown(self.question, self.shows)
        if self.unit not in {"", *UNITS}:
            raise ValueError(f"NumberExercise: expected a unit among {['', *UNITS]}, got {self.unit!r}")
        if not 0 < self.tolerance < 0.1:
            raise ValueError(f"NumberExercise: expected a tolerance between 0 and 0.1, got {self.tolerance}")
        self._at(self.values)

    @property
    def value(self) -> Expr:
        """The number, in the unit asked for."""
        return self._at(self.values)

    @property
    def _in_unit(self) -> Expr:
        return self.answer / UNITS.get(self.unit, Integer(1))

    def _at(self, values: Mapping[Symbol | IndexedBase, Any]) -> Expr:
        return evaluated(self._in_unit, values)

    def check(self, text: str) -> Feedback:
        """Judge what the reader typed: a number, and its unit if they like.

        Raises
        ------
        TypeError
            When ``text`` is not a string.
        """
        try:
            read, unit = read_quantity(text)
        except MalformedAnswer as error:
            return Feedback(Outcome.UNREAD, str(error), text)
        if unit and not self.unit:
            return Feedback(Outcome.WRONG, f"the answer is a pure number, not in {unit}", text)
        factor = UNITS[unit] / UNITS[self.unit] if unit else Integer(1)
        shown = None if read.is_Rational or read.is_infinite else read  # a decimal is not worth repeating
        given, value = (read * factor).evalf(DIGITS) if read.is_finite else read, self.value
        if self._close(given, value):
            note = f"{with_unit(read, unit)} is {with_unit(value, self.unit)}" if factor != 1 else ""
            return Feedback(Outcome.RIGHT, note, text, shown)
        if is_rounding(text, given, value):
            return Feedback(Outcome.ROUNDED, "give three significant digits", text, shown)
        for name, wrong, words in self._likely(value):
            if self._close(given, wrong):
                return Feedback(Outcome.WRONG, f"you probably {words}", text, shown, name)
        difference = Difference("", short(given), short(value))
        message = f"yours is {with_unit(given, self.unit)}, expected {with_unit(value, self.unit)}"
        return Feedback(Outcome.WRONG, message, text, shown, difference=difference)

    def _close(self, given: Expr, value: Expr) -> bool:
        if not (given.is_finite and value.is_finite):
            return bool(given == value)
        return bool(abs(given - value) <= self.tolerance * (abs(value) if value != 0 else 1))

    def _likely(self, value: Expr) -> Iterator[tuple[str, Expr, str]]:
        """Yield (name, value, words) of what comes out after one mistake."""
        yield "sign", -value, "have the sign the other way round"
        if not value.is_finite:
            return
        for other in UNITS if self.unit else ():
            in_other = value * (UNITS[self.unit] / UNITS[other]).evalf(DIGITS)
            yield "units", in_other, f"gave {other} for {self.unit}"
        bases = [thing for thing in self.values if isinstance(thing, IndexedBase)]
        for first, second in combinations(bases, 2):
            swapped = {**self.values, first: self.values[second], second: self.values[first]}
            with suppress(ValueError):  # undefined the other way round, where an entry is zero
                yield "swapped", self._at(swapped), f"have {first} and {second} swapped"
        yield "factor", value / 2, "forgot a factor 2 (or have a factor 1/2 too many)"
        yield "factor", value * 2, "have a factor 2 too many (or forgot a factor 1/2)"
        yield "complement", 1 - value, "took one minus what is asked"
        if value != 0:
            yield "inverted", 1 / value, "have it upside down"

    @property
    def worked_html(self) -> str:
        """The worked answer: the expression in the unit asked for, and its value."""
        value = f"{'=' if is_whole(self.value) else '≈'} {with_unit(self.value, self.unit)}"
        return f"{math(self._in_unit)} {value}. {escape(self.because)}".rstrip()

    def __str__(self) -> str:
        answer = f"Answer: {written(self._in_unit)} = {with_unit(self.value, self.unit)}"
        return f"{self.question_text}\n{answer}"
