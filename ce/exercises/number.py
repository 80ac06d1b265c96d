"""An exercise whose answer is a number, computed from an expression at given values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from itertools import combinations
from typing import Any, ClassVar

from sympy import IndexedBase, Integer, Rational, Symbol
from sympy.core.expr import Expr

from ce.exercises.feedback import Feedback, Outcome
from ce.exercises.html import math
from ce.exercises.notation import MalformedAnswer, written
from ce.exercises.question import Question, require_shown
from ce.exercises.units import (
    DIGITS,
    UNITS,
    Quantity,
    agrees,
    evaluated,
    is_whole,
    last_place,
    put_into,
    read_quantity,
    short,
    with_unit,
)

__all__ = ["NumberExercise"]

_WORDS = ("", "one", "two", "three", "four", "five", "six")
_STANDING = re.compile(r"[-−]?(?<![0-9.])[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class NumberExercise(Question):
    """A question answered by a number: a decimal, a fraction or an expression such as log(100).

    A number is right when it rounds to the same significant digits as the answer.

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
    digits
        How many significant digits are asked for, from 1 to 6; the reader is told beside the box.
    converts
        Whether the question is the conversion itself, so that no other unit will do.
    shows
        The expressions the question shows.
    because
        One sentence more, beside the worked answer and after a right one.
    name
        A name that no other exercise of the book has; made of the question where none is given.

    Raises
    ------
    ValueError
        When the values leave something open, the answer is undefined there, the unit is unknown, or so many
        digits cannot be asked for.

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
    >>> print(exercise.wanted)
    in nats, to three significant digits
    >>> print(exercise.check("4.605"))
    right
    >>> print(exercise.check("4.6"))
    right but rounded too far: give three significant digits
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
    digits: int = 3
    converts: bool = False
    shows: Mapping[str, Expr] = field(default_factory=dict)
    because: str = ""
    name: str = ""
    kind: ClassVar[str] = "number"

    def __post_init__(self) -> None:
        require_shown(self.question, self.shows)
        if self.unit not in {"", *UNITS}:
            raise ValueError(f"NumberExercise: expected a unit among {['', *UNITS]}, got {self.unit!r}")
        if self.digits not in range(1, len(_WORDS)):
            most = len(_WORDS) - 1
            got = repr(self.digits)
            raise ValueError(f"NumberExercise: expected from 1 to {most} significant digits, got {got}")
        _ = self.value  # an answer that is undefined, or leaves something open, is refused here

    @cached_property
    def value(self) -> Expr:
        """The answer in the unit asked for."""
        return self._at(self.values)

    @property
    def wanted(self) -> str:
        """What the box asks for: the unit and the digits."""
        unit = f"in {self.unit}, " if self.unit else ""
        return f"{unit}to {self._digits}"

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
            readings = read_quantity(text)
        except MalformedAnswer as error:
            return Feedback(Outcome.UNREAD, str(error), text)
        judged = [self._judged(text, typed) for typed in readings]
        return next((feedback for feedback in judged if feedback.right), judged[0])

    def _judged(self, text: str, typed: Quantity) -> Feedback:
        # a decimal is not worth repeating
        shown = None if typed.value.is_Rational or typed.value.is_infinite else typed.value
        outcome, message, mistake = self._verdict(typed)
        return Feedback(outcome, message, text, shown, mistake)

    def _verdict(self, typed: Quantity) -> tuple[Outcome, str, str]:
        """Return the outcome, its message and the name of the mistake."""
        if typed.unit and not self.unit:
            return Outcome.WRONG, f"the answer is a pure number, not in {typed.unit}", ""
        unit = typed.unit or self.unit
        if self.converts and unit != self.unit:
            return Outcome.WRONG, f"the question is how many {self.unit} that is", "units"
        exact = typed.value.is_Rational or not typed.value.is_finite
        given = typed.value if exact else typed.value.evalf(DIGITS)
        value = self._in(unit, self.value)
        if agrees(given, value, self.digits, typed.place):
            converted = f"{with_unit(given, unit)} is {with_unit(self.value, self.unit)}"
            return Outcome.RIGHT, converted if unit != self.unit else typed.note, ""
        if typed.value not in self._standing and self._is_rounding(typed, value):
            return Outcome.ROUNDED, f"give {self._digits}", ""
        found = (
            (name, words)
            for name, wrong, words in self._mistakes(typed, unit, value)
            if agrees(given, wrong, self.digits, typed.place)
        )
        too = f"{with_unit(given, unit)} is too {'large' if given > value else 'small'}"
        mistake, message = next(found, ("", too))
        return Outcome.WRONG, message, mistake

    @property
    def _digits(self) -> str:
        return f"{_WORDS[self.digits]} significant digit{'s' if self.digits > 1 else ''}"

    def _in(self, unit: str, value: Expr) -> Expr:
        """Convert from the unit asked for."""
        factor = UNITS[self.unit] / UNITS[unit] if unit and value.is_finite else Integer(1)
        return (value * factor).evalf(DIGITS) if value.is_finite else value

    def _is_rounding(self, typed: Quantity, value: Expr) -> bool:
        """Whether a plain number is the value rounded further: 0.7 is 0.693, and 1 is another number."""
        if typed.place is None or typed.value == 0 or not value.is_finite or value == 0:
            return False
        half = Rational(10) ** typed.place / 2
        same = last_place(typed.value.evalf(DIGITS), 1) == last_place(value, 1)
        return bool(same and abs(typed.value - value) <= half)

    @property
    def _standing(self) -> set[Expr]:
        """The numbers that stand in the question or are given with it."""
        words = (found.replace("−", "-") for found in _STANDING.findall(self.question))
        given = (number for number in self.values.values() if isinstance(number, int | float | Rational))
        found = {Rational(str(number)) for number in (*words, *given)}
        return found | {abs(number) for number in found}

    def _mistakes(self, typed: Quantity, unit: str, value: Expr) -> Iterator[tuple[str, Expr, str]]:
        """Yield (name, what comes out, words) for each mistake; those that fit by chance come last."""
        yield "sign", -value, "you probably have the sign the other way round"
        if not value.is_finite:
            return
        for other in UNITS if self.unit else ():
            yield "units", self._in(other, self.value), f"you probably gave {other} for {unit}"
        if not self.unit:
            yield "percent", 100 * value, "you probably gave per cent: write % after it, or divide by 100"
        for other_way, words in self._swapped():
            yield "swapped", self._in(unit, other_way), words
        last = Rational(10) ** last_place(value, self.digits)
        if typed.place is not None and abs(typed.value - value) < 1.05 * last:
            message = "the last digit is off: round at the end only, and to the nearest"
            yield "rounding", typed.value, message
        if typed.value in self._standing:
            message = f"{short(typed.value)} stands in the question and is not what is asked"
            yield "given", typed.value, message
        yield "factor", value / 2, "you probably forgot a factor 2 (or have a factor 1/2 too many)"
        yield "factor", value * 2, "you probably have a factor 2 too many (or forgot a factor 1/2)"
        if not self.unit and 0 < value < 1:
            yield "complement", 1 - value, "you probably took one minus what is asked"
        if value != 0:
            yield "inverted", 1 / value, "you probably have it upside down"

    def _swapped(self) -> Iterator[tuple[Expr, str]]:
        """Yield what comes out with two distributions swapped, and the words for it."""
        bases = [thing for thing in self.values if isinstance(thing, IndexedBase)]
        for first, second in combinations(bases, 2):
            swapped = {**self.values, first: self.values[second], second: self.values[first]}
            with suppress(ValueError):  # undefined the other way round, where an entry is zero
                yield self._at(swapped), f"you probably have {first} and {second} swapped"

    @property
    def answer_text(self) -> str:
        """The number, with its unit."""
        return with_unit(self.value, self.unit)

    @property
    def worked_html(self) -> str:
        """The worked answer: the expression in the unit asked for, the numbers put in, and its value."""
        value = f"{'=' if is_whole(self.value) else '≈'} {with_unit(self.value, self.unit)}"
        put_in = put_into(self._in_unit, self.values)
        middle = f" = {math(put_in)}" if put_in != self._in_unit else ""
        return f"{math(self._in_unit)}{middle} {value}. {escape(self.because)}".rstrip()

    @property
    def page_data(self) -> dict[str, Any]:
        """The right number, and what the mistakes lead to."""
        return {
            "unit": self.unit,
            "value": float(self.value) if self.value.is_finite else str(self.value).replace("oo", "Infinity"),
            "digits": self.digits,
            "digitsText": self._digits,
            "converts": self.converts,
            "standing": sorted(map(float, self._standing)),
            "swapped": [[float(number), words] for number, words in self._swapped() if number.is_finite],
        }

    def __str__(self) -> str:
        answer = f"Answer: {written(self._in_unit)} = {with_unit(self.value, self.unit)}"
        return f"{self.question_text}\n{answer}"
