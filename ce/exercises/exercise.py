"""An exercise whose answer is an expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from sympy import IndexedBase, Symbol
from sympy.core.expr import Expr

from ce.derivation import EQUALS, Relation, World, judge
from ce.exercises.alphabet import Alphabet
from ce.exercises.appraisal import SECONDS, appraise
from ce.exercises.asking import Asking, require_shown
from ce.exercises.display import math
from ce.exercises.form import ANY_FORM, Form
from ce.exercises.grammar import parse
from ce.exercises.judgement import Judgement
from ce.exercises.notation import written
from ce.exercises.task import Task

__all__ = ["Exercise", "check_step"]


@dataclass(frozen=True)
class Exercise(Asking):
    """A question answered by an expression, judged by the engine that checks the book's own derivations.

    Parameters
    ----------
    question
        Running text; ``{name}`` stands for an expression of ``shows``.
    answer
        The worked answer.
    world
        The assumptions under which answers are compared. Declare free indices of the answer in range.
    alphabet
        The names a reader may use.
    form
        The form asked for.
    given, relation
        The line from which the answer follows and how, such as ``DerivativeRelation(z[j])``. The engine
        judges the worked answer too: a book with a false one does not build.
    parameter
        What is being fitted, for the hint on what does not depend on it.
    shows
        The expressions the question shows.
    because
        A sentence beside the worked answer.

    Raises
    ------
    ValueError
        When the worked answer is refuted, is not of the form asked for, or the question names other
        expressions than it shows.

    Examples
    --------
    >>> from sympy import Sum, exp, log
    >>> from ce.derivation import DerivativeRelation, World
    >>> from ce.exercises import alphabet
    >>> from ce.symbols import K, j, k, l, p, y, z
    >>> softmax = exp(z[k]) / Sum(exp(z[l]), (l, 1, K))
    >>> loss = -Sum(y[k] * log(p[k]), (k, 1, K))
    >>> exercise = Exercise(
    ...     "Differentiate {loss} by {logit}, where p is the softmax of z.",
    ...     answer=p[j] - y[j], given=loss, relation=DerivativeRelation(z[j]),
    ...     world=World(normalised=(y,), define={p[k]: softmax}, in_range={j: K}),
    ...     alphabet=alphabet(p, y, z), shows={"loss": loss, "logit": z[j]},
    ... )
    >>> print(exercise.check("p_j - y_j"))
    right
    >>> print(exercise.check("y_j - p_j"))
    wrong: you probably have the sign the other way round
    """

    question: str
    answer: Expr
    world: World
    alphabet: Alphabet
    form: Form = ANY_FORM
    given: Expr | None = None
    relation: Relation = EQUALS
    parameter: Symbol | IndexedBase | None = None
    shows: Mapping[str, Expr] = field(default_factory=dict)
    because: str = ""

    def __post_init__(self) -> None:
        require_shown(self.question, self.shows)
        given, relation = (self.answer, EQUALS) if self.given is None else (self.given, self.relation)
        verdict = judge(given, self.answer, relation, self.world)
        if not verdict.holds:
            got = f"{self.answer}: {verdict.refutation}"
            raise ValueError(f"Exercise: expected a worked answer that holds, got {got}")
        if not self.form.holds(self.answer):
            raise ValueError(f"Exercise: expected a worked answer {self.form.asks}, got {self.answer}")

    def check(self, text: str, seconds: float = SECONDS) -> Judgement:
        """Judge what the reader typed.

        Parameters
        ----------
        text
            The answer, in the notation of :mod:`ce.exercises.grammar`.
        seconds
            Time for the judge.

        Raises
        ------
        TypeError
            When ``text`` is not a string.
        """
        task = Task(self.answer, self.world, self.alphabet, parameter=self.parameter)
        return appraise(text, task, self.form, seconds)

    @property
    def worked_html(self) -> str:
        """The worked answer, with the line it is equal to where there is one."""
        left = f"{math(self.given)} = " if self.given is not None and self.relation == EQUALS else ""
        return f"{left}{math(self.answer)}. {escape(self.because)}".rstrip()

    def __str__(self) -> str:
        return f"{self.question_text}\nAnswer: {written(self.answer)}"


def check_step(
    before: str | Expr,
    after: str,
    relation: Relation,
    world: World,
    alphabet: Alphabet,
    *,
    parameter: Symbol | IndexedBase | None = None,
    seconds: float = SECONDS,
) -> Judgement:
    """Judge a reader's own step of a derivation.

    Parameters
    ----------
    before
        The line the step starts from, typed or as an expression.
    after
        The line the reader arrives at.
    relation
        How it is said to follow: ``EQUALS``, ``DerivativeRelation(z[j])``, ``SameArgminRelation(theta)``, …
    world
        The assumptions.
    alphabet
        The names a reader may use.
    parameter
        What is being fitted, for the hint on what does not depend on it.
    seconds
        Time for the judge.

    Raises
    ------
    MalformedAnswer
        When ``before`` cannot be read; a line that cannot be read as ``after`` gives a judgement.
    TypeError
        When ``after`` is not a string.

    Examples
    --------
    >>> from ce.derivation import EQUALS, World
    >>> from ce.exercises import alphabet
    >>> from ce.symbols import p, q
    >>> world, names = World(normalised=(p, q)), alphabet(p, q, measures=True)
    >>> print(check_step("KL(p || q)", "H(p, q) - H(p)", EQUALS, world, names))
    right
    >>> print(check_step("KL(p || q)", "H(q, p) - H(q)", EQUALS, world, names))
    wrong: you probably have p and q swapped
    """
    line = parse(before, alphabet) if isinstance(before, str) else before
    return appraise(after, Task(line, world, alphabet, relation, parameter), seconds=seconds)
