"""An exercise whose answer is a number, computed from an expression at given values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from numbers import Real
from typing import Any, ClassVar

from sympy import IndexedBase, Integer, Rational, Symbol
from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.exercises.grading import Feedback, Outcome
from ce.exercises.markup import math, prose
from ce.exercises.mistakes import MISTAKES
from ce.exercises.notation import MalformedAnswer, written
from ce.exercises.question import Question
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
    span,
    with_unit,
)

__all__ = ["NumberExercise"]

_TIE = Rational(10) ** -9
_WORDS = ("", "one", "two", "three", "four", "five", "six")
_HINTS = {mistake.name: mistake.hint for mistake in MISTAKES} | {
    "percent": "Is it a share, or per cent?",
    "rounding": "Round once, at the end.",
    "given": "That number stands in the question.",
}
_STANDING = re.compile(r"[-−]?(?<![\w.])[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")


@dataclass(frozen=True)
class NumberExercise(Question):
    """A question answered by a number: a decimal, a fraction or an expression such as log(100).

    A number is right when it rounds to the same significant digits as the answer.

    Parameters
    ----------
    question, shows, because, name, claims
        As for every :class:`~ce.exercises.question.Question`.
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
    slips
        What readers work out in its place: the words after "you probably", each with the expression.

    Raises
    ------
    ValueError
        When the values leave something open or are no numbers, the answer is undefined there or beyond what a float
        can hold, the unit is unknown, so many digits cannot be asked for, or a slip leads to the answer.

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

    answer: Expr
    values: Mapping[Symbol | IndexedBase, Any] = field(default_factory=dict)
    unit: str = ""
    digits: int = 3
    converts: bool = False
    slips: Mapping[str, Expr | float] = field(default_factory=dict)
    kind: ClassVar[str] = "number"

    def __post_init__(self) -> None:
        super().__post_init__()
        for thing, given in self.values.items():
            several = isinstance(thing, IndexedBase)
            entries = (given,) if not several else given if isinstance(given, tuple | list) else ()
            if not entries or not all(isinstance(entry, Real | Expr) for entry in entries):
                expected = "a tuple of numbers" if several else "a number"
                raise ValueError(f"NumberExercise: expected {expected} for {thing} in values, got {given!r}")
        if self.unit not in {"", *UNITS}:
            raise ValueError(f"NumberExercise: expected a unit among {['', *UNITS]}, got {self.unit!r}")
        if self.digits not in range(1, len(_WORDS)):
            most = len(_WORDS) - 1
            got = repr(self.digits)
            raise ValueError(f"NumberExercise: expected from 1 to {most} significant digits, got {got}")
        value = self.value  # an answer that is undefined, or leaves something open, is refused here
        if value.is_finite and abs(float(value)) == float("inf"):
            raise ValueError(f"NumberExercise: expected an answer that a float can hold, got {value}")
        for words, number in self.slipped.items():
            if agrees(number, value, self.digits):
                raise ValueError(f"NumberExercise: expected another number where a reader {words}, got {number}")

    @cached_property
    def value(self) -> Expr:
        """The answer in the unit asked for."""
        return self._at(self.values)

    @cached_property
    def slipped(self) -> dict[str, Expr]:
        """What each slip leads to, in the unit asked for."""
        unit = UNITS.get(self.unit, 1)
        return {words: evaluated(sympify(slip) / unit, self.values) for words, slip in self.slips.items()}

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
            readings = read_quantity(text, self._noun)
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
            return Outcome.WRONG, f"the answer is not in {typed.unit}", ""
        unit = typed.unit or self.unit
        if self.converts and unit != self.unit:
            return Outcome.WRONG, f"the question is how many {self.unit} that is", "units"
        exact = typed.value.is_Rational or not typed.value.is_finite
        given = typed.value if exact else typed.value.evalf(DIGITS)
        value = self._in(unit, self.value)
        if agrees(given, value, self.digits):
            converted = f"{with_unit(given, unit)} is {with_unit(self.value, self.unit)}"
            return Outcome.RIGHT, converted if unit != self.unit else typed.note, ""
        if typed.value not in self._standing and _is_rounding(typed, value):
            return Outcome.ROUNDED, f"give {self._digits}", ""
        last = Rational(10) ** last_place(value, self.digits) if value.is_finite else Integer(0)
        fits = {
            "given": typed.value in self._standing,
            "rounding": typed.place is not None and value.is_finite and bool(abs(given - value) < 1.05 * last),
        }
        for name, words, number in self._mistakes:
            wrong = number if name == "units" or number is None else self._in(unit, number)
            if fits.get(name) or (wrong is not None and self._is(typed, given, wrong)):
                return Outcome.WRONG, words.replace("%s", unit), name
        too = f"{with_unit(given, unit)} is too {'large' if given > value else 'small'}"
        return Outcome.WRONG, too, ""

    @property
    def _digits(self) -> str:
        return f"{_WORDS[self.digits]} significant digit{'s' if self.digits > 1 else ''}"

    def _in(self, unit: str, value: Expr) -> Expr:
        """Convert from the unit asked for."""
        factor = UNITS[self.unit] / UNITS[unit] if unit and value.is_finite else Integer(1)
        return (value * factor).evalf(DIGITS) if value.is_finite else value

    def _is(self, typed: Quantity, given: Expr, slip: Expr) -> bool:
        """Whether a number is what a slip leads to, or that rounded to two digits or more."""
        return agrees(given, slip, self.digits) or _is_rounding(typed, slip, one_digit=False)

    @property
    def _noun(self) -> str:
        """What may be counted, without the ending of the plural: "byte" of "How many bytes …?", or times; 400×."""
        counted = re.search(r"how many (\w+)s\b", self.question, re.IGNORECASE)
        return f"{counted[1] if counted and counted[0].split()[-1] not in UNITS else 'time'}|x|×"

    @property
    def _standing(self) -> set[Expr]:
        """The numbers that stand in the question."""
        return {Rational(found.replace("−", "-").replace(",", "")) for found in _STANDING.findall(self.question)}

    @cached_property
    def _mistakes(self) -> list[tuple[str, str, Expr | None]]:
        """Name each mistake, with its words and what it leads to in the unit asked for; those by chance come last.

        What a slip of units leads to is in the other unit. ``%s`` stands for the unit given.
        """
        value, found = self.value, [("sign", "you probably have the sign the other way round", -self.value)]
        if not value.is_finite:
            return found
        found += [("slip", f"you probably {words}", number) for words, number in self.slipped.items()]
        for other in UNITS if self.unit else ():
            found.append(("units", f"you probably gave {other} for %s", self._in(other, value)))
        if not self.unit and 0 < value < 1:
            found.append(("percent", "you probably gave per cent: write % after it, or divide by 100", 100 * value))
        found += [("swapped", words, other_way) for other_way, words in self._swapped()]
        found += [
            ("rounding", "the last digit is off: round at the end only, and to the nearest", None),
            ("given", "that number stands in the question and is not what is asked", None),
            ("factor", "you probably forgot a factor 2 (or have a factor 1/2 too many)", value / 2),
            ("factor", "you probably have a factor 2 too many (or forgot a factor 1/2)", value * 2),
        ]
        if not self.unit and 0 < value < 1:
            found.append(("complement", "you probably took one minus what is asked", 1 - value))
        if value != 0:
            found.append(("inverted", "you probably have it upside down", 1 / value))
        return found

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
        return with_unit(self.value, self.unit, self._shown_digits)

    @property
    def _shown_digits(self) -> int:
        return max(4, self.digits)

    @property
    def worked_html(self) -> str:
        """The worked answer: the expression in the unit asked for, the numbers put in, and its value."""
        value = f"{'=' if is_whole(self.value, self._shown_digits) else '≈'} {self.answer_text}"
        put_in = put_into(self._in_unit, self.values)
        middle = f" = {math(put_in)}" if put_in != self._in_unit else ""
        line = value.removeprefix("= ") if self._in_unit.is_Integer else f"{math(self._in_unit)}{middle} {value}"
        return f"{line}. {prose(self.because)}".rstrip()

    @property
    def page_data(self) -> dict[str, Any]:
        """The right number, and what the mistakes lead to."""
        return {
            "unit": self.unit,
            "value": _for_page(self.value),
            "digits": self.digits,
            "give": f"rounded too far: give {self._digits}",
            "converts": self.converts,
            "noun": self._noun,
            "standing": sorted(map(float, self._standing)),
            "mistakes": [[name, words, _for_page(number)] for name, words, number in self._mistakes],
            "hints": {name: _HINTS[name] for name, _, _ in self._mistakes},
        }

    @property
    def marking(self) -> dict[str, Any]:
        """The answers of a quiz: a number, how far from it others are the same, its share, what is said of it.

        There is none for infinity.
        """
        value, answers = self.value, [(self.value, 100, "")]
        for _, words, number in self._mistakes:
            if number is not None and number.is_finite and not agrees(number, value, self.digits):
                answers.append((number, 0, words.replace("%s", self.unit)))
        rows = ([*map(float, span(number, self.digits)), share, words] for number, share, words in answers)
        return {"numbers": [*rows]} if value.is_finite else {}

    def __str__(self) -> str:
        answer = f"Answer: {written(self._in_unit)} = {self.answer_text}"
        return f"{self.question_text}\n{answer}"


def _is_rounding(typed: Quantity, value: Expr, *, one_digit: bool = True) -> bool:
    """Whether a plain number is a value rounded further, even to one digit: 0.7 is 0.693, and 1 is another number.

    So is a whole number of one digit: who answers 2 for 1.6 has not rounded, but had another idea.
    """
    if typed.place is None or typed.value == 0 or not value.is_finite or value == 0:
        return False
    first = last_place(typed.value, 1)
    if typed.place >= (max(0, first) if one_digit else first):
        return False
    half = Rational(10) ** typed.place / 2 * (1 + _TIE)
    return bool(first == last_place(value, 1) and abs(typed.value - value) <= half)


def _for_page(number: Expr | None) -> float | str | None:
    """Return a number as JSON can hold it, and as JavaScript makes a number of it."""
    if number is None or number.is_finite:
        return None if number is None else float(number)
    return str(number).replace("oo", "Infinity")
