"""An exercise whose answer is an expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any, ClassVar

from sympy import IndexedBase, Symbol
from sympy.core.expr import Expr

from ce.derivation import Derivation, Equal, Step, World, judge
from ce.exercises.grading import Feedback, Outcome, grade
from ce.exercises.markup import line_items, math, prose, working_html
from ce.exercises.notation import MalformedAnswer, Names, parse, written
from ce.exercises.points import formula_data
from ce.exercises.question import Question
from ce.exercises.task import ANY_FORM, RequiredForm, Task
from ce.exercises.units import read_line

__all__ = ["Exercise", "StepByStep", "check_step"]


@dataclass(frozen=True)
class Exercise(Question):
    """A question answered by an expression, judged by the engine that checks the book's own derivations.

    Parameters
    ----------
    question, shows, because, name, claims
        As for every :class:`~ce.exercises.question.Question`.
    answer
        The worked answer: an expression, or the step that leads to it from ``given``, such as
        ``Derivative(p[j] - y[j], by=z[j])``.
    world
        The assumptions under which answers are compared. Declare free indices of the answer in range.
    names
        The names a reader may use.
    form
        The form asked for; the question says so in the same words.
    given
        The line from which the answer follows. The engine judges the worked answer too: a book with a false
        one does not build.
    working
        The steps from ``given`` to the answer, each with its reason, shown as the worked solution.
    slips
        What readers write in its place: the words after "you probably", each with what comes out.

    Raises
    ------
    ValueError
        When the worked answer or a step of the working is refuted, is not of the form asked for, or cannot be typed
        with the names, or a slip is the answer.

    Examples
    --------
    >>> from sympy import Sum, log
    >>> from ce.derivation import Derivative, World
    >>> from ce.exercises import Names
    >>> from ce.formulas import SOFTMAX
    >>> from ce.symbols import K, j, k, q, y, z
    >>> loss = -Sum(y[k] * log(q[k]), (k, 1, K))
    >>> exercise = Exercise(
    ...     "Differentiate {loss} by {logit}, where q is the softmax of z.",
    ...     answer=Derivative(q[j] - y[j], by=z[j]), given=loss,
    ...     world=World(normalised=(y,), define=SOFTMAX, in_range={j: K}),
    ...     names=Names(q, y, z), shows={"loss": loss, "logit": z[j]},
    ... )
    >>> print(exercise.check("q_j - y_j"))
    right
    >>> print(exercise.check("y_j - q_j"))
    wrong: you probably have the sign the other way round
    """

    answer: Expr | Step
    world: World
    names: Names
    form: RequiredForm = ANY_FORM
    given: Expr | None = None
    working: tuple[Step, ...] = ()
    slips: Mapping[str, Expr] = field(default_factory=dict)
    kind: ClassVar[str] = "formula"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.working:
            if self.given is None or self.working[-1].expr != self.line:
                raise ValueError(f"Exercise: expected a working from a given line to {self.line}, got {self.working}")
            Derivation(self.slug, self.question, (), self.world, self.given, self.working).check()
        step = self.answer if isinstance(self.answer, Step) else Equal(self.answer)
        verdict = judge(self.line if self.given is None else self.given, step, self.world)
        if not verdict.holds:
            got = f"{self.line}: {verdict.refutation}"
            raise ValueError(f"Exercise: expected a worked answer that holds, got {got}")
        try:
            parse(self.answer_text, self.names)
        except MalformedAnswer as error:
            raise ValueError(f"Exercise: expected names to type {self.answer_text} with, got {error}") from None
        for words, slip in self.slips.items():
            if self._task.verdict(slip).holds:
                raise ValueError(f"Exercise: expected another line where a reader {words}, got {slip}")
        if not self.form.holds(self.line):
            raise ValueError(f"Exercise: expected a worked answer {self.form.asks}, got {self.line}")
        if self.form is not ANY_FORM and self.form.asks not in self.question:
            asks = f"expected the question to say {self.form.asks!r}, since the form is judged"
            raise ValueError(f"Exercise: {asks}, got {self.question!r}")

    @property
    def line(self) -> Expr:
        """The worked answer as an expression."""
        return self.answer.expr if isinstance(self.answer, Step) else self.answer

    def check(self, text: str) -> Feedback:
        """Judge what the reader typed, in the notation of :mod:`ce.exercises.notation`.

        Raises
        ------
        TypeError
            When ``text`` is not a string.
        """
        return grade(text, self._task, self.form)

    @property
    def _task(self) -> Task:
        return Task(self.line, self.world, self.names, slips=self.slips)

    @property
    def answer_text(self) -> str:
        """The worked answer as a reader would type it."""
        return written(self.line)

    @property
    def worked_html(self) -> str:
        """The worked answer, with its working or with the line it is equal to where there is one."""
        if self.working:
            return f"{working_html(self.given, self.working)} {prose(self.because)}".rstrip()
        is_equal = self.given is not None and not isinstance(self.answer, Step)
        left = f"{math(self.given)} = " if is_equal else ""
        return f"{left}{math(self.line)}. {prose(self.because)}".rstrip()

    @property
    def page_data(self) -> dict[str, Any]:
        """Points, right values and the form asked for."""
        form = {"forms": self.form.on_page, "asks": self.form.asks}
        return {**formula_data(self._task), **form}

    def __str__(self) -> str:
        return f"{self.question_text}\nAnswer: {written(self.line)}"


@dataclass(frozen=True)
class StepByStep(Exercise):
    """A derivation that fades: first its last line is the reader's, then every line after the first.

    It takes what :class:`Exercise` takes, ``given`` and ``working`` among them. Any line that follows from the line
    before it is accepted on the way; the form asked for says where the way ends.

    Examples
    --------
    >>> from sympy import Sum, log
    >>> from ce.derivation import Equal, World
    >>> from ce.exercises import ONE_SUM, Names
    >>> from ce.symbols import K, k, p, q
    >>> apart = Sum(p[k] * log(p[k]), (k, 1, K)) - Sum(p[k] * log(q[k]), (k, 1, K))
    >>> one = Sum(p[k] * log(p[k] / q[k]), (k, 1, K))
    >>> fading = StepByStep(
    ...     "Write {apart} as one sum.", answer=one, given=apart, form=ONE_SUM, world=World(), names=Names(p, q),
    ...     working=(Equal(one, "logarithms subtract"),), shows={"apart": apart},
    ... )
    >>> fading.check("sum_k (p_k log p_k - p_k log q_k)").outcome.name
    'RIGHT'
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.working or self.form is ANY_FORM:
            raise ValueError("StepByStep: expected a working, and a form that says where it ends")

    @property
    def _lines(self) -> tuple[Expr, ...]:
        assert self.given is not None, "a working has a given line"
        return (self.given, *(step.expr for step in self.working))

    @property
    def _groups(self) -> list[int]:
        """Number the lines: those that are equal to the line before have its number."""
        return [0, *accumulate(int(not isinstance(step, Equal)) for step in self.working)]

    def check(self, text: str, before: str = "") -> Feedback:
        """Judge a line that the reader typed, by the line before it.

        Parameters
        ----------
        text
            The line.
        before
            The line it is to follow from, typed, or ``"line 1"`` for the first of the derivation; where there is
            none, it is held against the last.

        Raises
        ------
        TypeError
            When ``text`` is not a string.
        """
        if not before:
            return super().check(text)
        number = re.fullmatch(r"line (\d+)", before)
        try:
            line = self._lines[int(number[1]) - 1] if number else read_line(before, self.names)
        except MalformedAnswer as error:  # of a line that the page has read
            return Feedback(Outcome.UNREAD, f"the line before: {error}", text)
        held = (Task(one, self.world, self.names) for one in self._lines)
        group = next((own for own, task in zip(self._groups, held, strict=True) if task.verdict(line).holds), 0)
        kinds: list[Callable[[Expr], Step]] = [Equal]
        if group + 1 in self._groups:
            following = self.working[self._groups.index(group + 1) - 1]
            kinds.append(lambda line: replace(following, expr=line))
        for reached, kind in enumerate(kinds, group):
            last = reached == self._groups[-1]
            said = grade(text, Task(line, self.world, self.names, kind), self.form if last else _ON_THE_WAY)
            if said.outcome is not Outcome.WRONG:
                break
        return said

    @property
    def listed_html(self) -> tuple[str, ...]:
        """The lines of the derivation."""
        return line_items(self.given, self.working)

    @property
    def page_data(self) -> dict[str, Any]:
        """What every formula has, and which lines are equal to one another."""
        groups = self._groups
        firsts = [self._lines[groups.index(group)] for group in range(groups[-1])]
        return {**super().page_data, **formula_data(self._task, firsts), "groups": groups}


_ON_THE_WAY = RequiredForm("as the last line of the derivation", lambda _: False)


def check_step(
    before: str | Expr,
    after: str,
    step: Callable[[Expr], Step],
    world: World,
    names: Names,
    *,
    parameter: Symbol | IndexedBase | None = None,
) -> Feedback:
    """Judge a reader's own step of a derivation.

    Parameters
    ----------
    before
        The line the step starts from, typed or as an expression.
    after
        The line the reader arrives at.
    step
        How it is said to follow: ``Equal``, ``partial(Derivative, by=z[j])``, …
    world
        The assumptions.
    names
        The names a reader may use.
    parameter
        What is being fitted, for the hint on what does not depend on it.

    Raises
    ------
    MalformedAnswer
        When ``before`` cannot be read; a line that cannot be read as ``after`` gives a feedback.
    TypeError
        When ``after`` is not a string.

    Examples
    --------
    >>> from ce.derivation import Equal, World
    >>> from ce.exercises import Names
    >>> from ce.symbols import p, q
    >>> world, names = World(normalised=(p, q)), Names(p, q)
    >>> print(check_step("sum_k p_k log(p_k/q_k)", "sum_k p_k (log p_k - log q_k)", Equal, world, names))
    right
    >>> print(check_step("sum_k p_k log(p_k/q_k)", "sum_k q_k log(q_k/p_k)", Equal, world, names))
    wrong: you probably have p and q swapped
    """
    line = parse(before, names) if isinstance(before, str) else before
    return grade(after, Task(line, world, names, step, parameter))
