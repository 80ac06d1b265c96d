"""Exercises without typing: choose, find the false line, say which condition is needed, put lines in order."""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from html import escape, unescape
from random import Random
from typing import Any, ClassVar, NamedTuple

from sympy.core.expr import Expr

from ce.derivation import Grade, Step, Verdict, World, judge
from ce.exercises.grading import Feedback, Outcome
from ce.exercises.markup import line_items, math, prose
from ce.exercises.question import Question, in_html, in_text

__all__ = ["Choice", "Condition", "FalseLine", "Option", "Order"]

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BESIDE = {word + end for word in ("and", "und", "option", "answer", "line") for end in ("", "s")}


class Option(NamedTuple):
    """One of the things to choose from: its words, whether it is right, and the reason."""

    text: str
    right: bool
    why: str


class _Lettered(Question):
    """A question answered by the letters of what is listed."""

    numbered: ClassVar[bool] = True

    def _letters(self, text: str) -> list[int] | Feedback:
        """Read ``b``, ``(b)``, ``A. and C.``, ``2`` or the words of one."""
        listed = [_words(unescape(re.sub(r"<[^>]*>", " ", shown))) for shown in self.listed_html]
        typed = _words(text)
        if typed in listed:
            return [listed.index(typed)]
        letters = _LETTERS[: len(listed)]
        found: list[int] = []
        for word in typed if re.fullmatch(r"(?:[\w\s.,;:()\[\]{}&+→]|-?>){1,400}", text) else ():
            if word not in _BESIDE:
                found += [int(word) - 1] if self.numbered and word.isdecimal() else map(letters.find, word)
        if not found or not set(found) <= set(range(len(listed))):
            return Feedback(Outcome.UNREAD, f"expected letters from a to {letters[-1]}, such as 'b'", text)
        return found


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


class _Chosen(_Lettered):
    kind = "choice"
    several: bool = False
    _begins: ClassVar[dict[bool, str]] = {True: "Right: ", False: "No: "}

    def __post_init__(self) -> None:
        super().__post_init__()
        options, right = self.options, sum(option.right for option in self.options)
        fits = len(options) >= 2 and right and (right == 1 or self.several)
        fits = fits and len(set(self.listed_html)) == len(options) <= len(_LETTERS)
        if not fits or not all(option.why for option in options):
            most = f"two to {len(_LETTERS)} different options"
            expected = f"expected {most}, each with a reason, and one that is right (or several=True)"
            got = f"got {right} right of {len(options)} in {self.question!r}"
            raise ValueError(f"{type(self).__name__}: {expected}, {got}")

    @property
    @abstractmethod
    def options(self) -> tuple[Option, ...]:
        """The options in the order in which they are shown."""

    @property
    def listed_html(self) -> tuple[str, ...]:
        """The words of the options, in the order in which they are shown."""
        return tuple(in_html(option.text, self.shows) for option in self.options)

    def check(self, text: str) -> Feedback:
        """Judge the letters of the options chosen, such as ``"a"`` or ``"a, c"``.

        Raises
        ------
        TypeError
            When ``text`` is not a string.
        """
        picked = self._letters(text)
        if isinstance(picked, Feedback):
            return picked
        right = {at for at, option in enumerate(self.options) if option.right}
        said = " ".join(
            f"{_LETTERS[at]}: {self.options[at].why}" if self.several else self.options[at].why for at in picked
        )
        if set(picked) < right:
            said += " More of them are right."
        return Feedback(Outcome.RIGHT if set(picked) == right else Outcome.WRONG, said, text)

    @property
    def wanted(self) -> str:
        """Whether several may be right."""
        return "with all that are right" if self.several else ""

    @property
    def answer_text(self) -> str:
        """The letters of the options that are right."""
        return ", ".join(_LETTERS[at] for at, option in enumerate(self.options) if option.right)

    @property
    def worked_html(self) -> str:
        """Each option with its reason."""
        rows = (f"<li>{self._begins[option.right]}{prose(option.why)}</li>" for option in self.options)
        return f'<ol type="a">{"".join(rows)}</ol>{prose(self.because)}'

    @property
    def page_data(self) -> dict[str, Any]:
        """Which are right, and why each is or is not."""
        options = [{"right": option.right, "why": option.why} for option in self.options]
        return {"several": self.several, "options": options}

    @property
    def marking(self) -> dict[str, Any]:
        """Which are right, and why each is or is not."""
        return self.page_data


@dataclass(frozen=True)
class Choice(_Chosen):
    """A question with options, one or several of them right, and a reason for each.

    Parameters
    ----------
    question, shows, because, name, claims
        As for every :class:`~ce.exercises.question.Question`; options and reasons may name expressions, too.
    choices
        For each option its words, whether it is right, and the reason. They are shown in an order of their own.
    several
        Whether more than one may be right.

    Raises
    ------
    ValueError
        When no option or, without ``several``, more than one is right, a reason is missing, two options are the
        same, or there are more than the 26 letters.

    Examples
    --------
    >>> sign = Choice(
    ...     "Can a surprise be negative?",
    ...     (("Yes.", False, "A probability above one is needed."), ("No.", True, "The logarithm of p is at most 0.")),
    ... )
    >>> print(sign.check(sign.answer_text))
    right: The logarithm of p is at most 0.
    """

    choices: tuple[tuple[str, bool, str], ...]
    several: bool = False

    @property
    def _more_texts(self) -> list[str]:
        return [part for text, _, why in self.choices for part in (text, why)]

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The options in the order in which they are shown."""
        options = [Option(text, right, in_text(why, self.shows)) for text, right, why in self.choices]
        Random(self.question).shuffle(options)
        return tuple(options)


@dataclass(frozen=True)
class FalseLine(_Chosen):
    """A derivation with one line that does not follow: which? The checker says why.

    Parameters
    ----------
    question, shows, because, name, claims
        As for every :class:`~ce.exercises.question.Question`.
    given
        The first line, which is not doubted.
    steps
        The lines after it, as steps; exactly one is false.
    world
        The assumptions.

    Raises
    ------
    ValueError
        When not exactly one line is refuted by the checker, or another is not proven.

    Examples
    --------
    >>> from sympy import log
    >>> from ce.derivation import Equal
    >>> from ce.symbols import K, k, q
    >>> slip = FalseLine(
    ...     "Which line does not follow?", given=log(q[k] ** 2),
    ...     steps=(Equal(2 * log(q[k]), "the power comes out"), Equal(log(2 * q[k]), "two logarithms are one")),
    ...     world=World(in_range={k: K}),
    ... )
    >>> slip.answer_text
    'b'
    """

    given: Expr
    steps: tuple[Step, ...]
    world: World
    numbered: ClassVar[bool] = False  # the first line is given, and not counted by all
    _begins: ClassVar[dict[bool, str]] = {True: "", False: ""}  # a line that follows is no wrong line

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The lines; the right option is the one that does not follow."""
        befores = [self.given, *(step.expr for step in self.steps)]
        verdicts = [judge(before, step, self.world) for before, step in zip(befores, self.steps, strict=False)]
        undecided = [
            str(step.expr) for step, verdict in zip(self.steps, verdicts, strict=True) if verdict.grade is Grade.U
        ]
        if undecided:
            raise ValueError(f"FalseLine: expected lines that are proven or refuted, got undecided {undecided}")
        return tuple(
            Option("", not verdict.holds, _refuted(verdict) or f"It follows: {step.because or 'the two are equal'}.")
            for step, verdict in zip(self.steps, verdicts, strict=True)
        )

    @property
    def listed_html(self) -> tuple[str, ...]:
        """What is listed, in the order in which it is shown."""
        return line_items(self.given, self.steps)[1:]

    @property
    def question_html(self) -> str:
        """The question, and the line that is given."""
        return f"{in_html(self.question, self.shows)} The first line is {math(self.given)}."


@dataclass(frozen=True)
class Condition(_Chosen):
    """Which condition does a step need? The checker tries each in its world.

    Parameters
    ----------
    question, shows, because, name, claims
        As for every :class:`~ce.exercises.question.Question`; the conditions may name expressions, too.
    given, step
        A line, and the step from it that needs a condition.
    worlds
        For each condition its words and the world in which it, and no other of them, is assumed.

    Raises
    ------
    ValueError
        When the step stands in none or in more than one of the worlds, or is not decided in one.

    Examples
    --------
    >>> from sympy import Sum
    >>> from ce.derivation import Equal
    >>> from ce.symbols import K, k, p, q
    >>> needed = Condition(
    ...     "When does {sum} equal one?", given=Sum(q[k], (k, 1, K)), step=Equal(1),
    ...     worlds=(("q sums to one", World(normalised=(q,))), ("p sums to one", World(normalised=(p,)))),
    ...     shows={"sum": Sum(q[k], (k, 1, K))},
    ... )
    >>> print(needed.check(needed.answer_text))
    right: The checker proves it under this condition.
    """

    given: Expr
    step: Step
    worlds: tuple[tuple[str, World], ...]

    @property
    def _more_texts(self) -> list[str]:
        return [words for words, _ in self.worlds]

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The conditions, each with what the checker says of the step in its world."""
        found = []
        for words, world in self.worlds:
            verdict = judge(self.given, self.step, world)
            if verdict.grade is Grade.U:
                raise ValueError(f"Condition: expected the checker to decide, got no decision under {words!r}")
            holds = "The checker proves it under this condition."
            found.append(Option(words, verdict.holds, _refuted(verdict) or holds))
        Random(self.question).shuffle(found)
        return tuple(found)


@dataclass(frozen=True)
class Order(_Lettered):
    """Lines to be put in order.

    Parameters
    ----------
    question, shows, because, name, claims
        As for every :class:`~ce.exercises.question.Question`.
    lines
        Expressions or texts, in the right order; they are shown in another.

    Raises
    ------
    ValueError
        For fewer than three lines, more than the 26 letters, or two that are the same.

    Examples
    --------
    >>> steps = Order("From data to loss.", ("Write the likelihood.", "Take its logarithm.", "Change the sign."))
    >>> print(steps.check(steps.answer_text))
    right
    """

    lines: tuple[Expr | str, ...]
    kind: ClassVar[str] = "order"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not len(_LETTERS) >= len(set(self.lines)) == len(self.lines) >= 3:
            raise ValueError(f"Order: expected 3 to {len(_LETTERS)} different lines, got {self.lines}")

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Where each line, in the right order, is shown."""
        places = list(range(len(self.lines)))
        Random(f"{self.question}{places}").shuffle(places)
        if places == sorted(places):
            places.reverse()
        return tuple(places)

    def check(self, text: str) -> Feedback:
        """Judge the letters in the order in which the lines follow, such as ``"b, a, c"``.

        Raises
        ------
        TypeError
            When ``text`` is not a string.
        """
        given = self._letters(text)
        if isinstance(given, Feedback):
            return given
        if sorted(given) != list(range(len(self.lines))):
            return Feedback(Outcome.UNREAD, f"expected each of {len(self.lines)} letters once", text)
        placed = next((at for at, (mine, right) in enumerate(zip(given, self.order, strict=True)) if mine != right), -1)
        if placed < 0:
            return Feedback(Outcome.RIGHT, "", text)
        return Feedback(Outcome.WRONG, self._says[placed], text)

    @property
    def _says(self) -> list[str]:
        """What is said when so many lines are in place."""
        more = [f"the first {placed} of them are in place" for placed in range(2, len(self.lines) - 1)]
        return ["look for the line from which all others follow", "the first of them is in place", *more]

    @property
    def answer_text(self) -> str:
        """The letters in the right order."""
        return ", ".join(_LETTERS[at] for at in self.order)

    @property
    def listed_html(self) -> tuple[str, ...]:
        """What is listed, in the order in which it is shown."""
        shown = sorted(zip(self.order, self.lines, strict=True), key=lambda pair: pair[0])
        return tuple(_line_html(line) for _, line in shown)

    @property
    def worked_html(self) -> str:
        """The lines in order."""
        rows = "".join(f"<li>{_line_html(line)}</li>" for line in self.lines)
        return f"<ol>{rows}</ol>{prose(self.because)}"

    @property
    def page_data(self) -> dict[str, Any]:
        """Where each line is shown."""
        return {"order": list(self.order), "says": self._says}

    @property
    def marking(self) -> dict[str, Any]:
        """Where each line is shown."""
        return {"order": list(self.order)}


def _line_html(line: Expr | str) -> str:
    return escape(line) if isinstance(line, str) else math(line)


def _refuted(verdict: Verdict) -> str:
    """Say at which numbers a step fails; nothing for one that stands."""
    found = verdict.refutation
    if found is None:
        return ""
    values = f": {found.left_value} and {found.right_value}" if found.residual else ""
    return f"At {found.where} {found.why}{values}." if found.where else f"It does not follow: {found.why}."
