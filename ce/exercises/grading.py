"""From a reader's text to feedback: read it, ask the engine, look for the mistake, and say what the judge says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sympy.core.expr import Expr

from ce.derivation import Derivative, EngineError, Equal, Grade, Refutation
from ce.exercises.markup import feedback_html
from ce.exercises.mistakes import likely_mistake
from ce.exercises.notation import MalformedAnswer
from ce.exercises.task import ANY_FORM, RequiredForm, Task
from ce.exercises.units import read_line
from ce.formulas.names import bound_in

__all__ = ["Difference", "Feedback", "Outcome", "grade"]


class Outcome(Enum):
    """The kinds of feedback; the value is how it begins in words."""

    RIGHT = "right"
    NOT_AS_ASKED = "right but not simplified as asked"
    ROUNDED = "right but rounded too far"
    WRONG = "wrong"
    UNREAD = "not understood"
    UNDECIDED = "not decided"


@dataclass(frozen=True)
class Difference:
    """Where a wrong answer shows itself.

    Parameters
    ----------
    where
        A point, in words: ``"K = 2, q = (1/4, 3/4)"``.
    yours, expected
        The two values there; empty where there is none.
    """

    where: str
    yours: str
    expected: str


@dataclass(frozen=True)
class Feedback:
    """The judge's answer to a reader's; printed in words, shown in a notebook with colour and words.

    Parameters
    ----------
    outcome
        Its kind.
    message
        What follows the colon: the likely mistake, the point of difference, or what could not be read.
    text
        What the reader wrote.
    read_as
        The expression it was read as; ``None`` when it could not be read.
    mistake
        Name of the mistake in the table of mistakes, empty when none fits.
    difference
        For a wrong answer, numbers at which it differs from the right one.
    proof
        For a right answer, how the engine has proven it, with the grade.

    Examples
    --------
    >>> print(Feedback(Outcome.WRONG, "you probably have the sign the other way round", "-x", mistake="sign"))
    wrong: you probably have the sign the other way round
    """

    outcome: Outcome
    message: str = ""
    text: str = ""
    read_as: Expr | None = None
    mistake: str = ""
    difference: Difference | None = None
    proof: str = ""

    @property
    def right(self) -> bool:
        """Whether the answer is right, in the form that was asked for."""
        return self.outcome is Outcome.RIGHT

    def __str__(self) -> str:
        return f"{self.outcome.value}: {self.message}" if self.message else self.outcome.value

    def _repr_html_(self) -> str:
        return feedback_html(str(self), self.read_as)


def grade(text: str, task: Task, form: RequiredForm = ANY_FORM) -> Feedback:
    """Read and judge a reader's line.

    Parameters
    ----------
    text
        What the reader wrote; a unit at its end is taken as one, bits being log 2 nats.
    task
        What it is held against.
    form
        The form asked for.

    Raises
    ------
    TypeError
        When ``text`` is not a string. Whatever a string holds gives feedback.
    """
    if not isinstance(text, str):
        raise TypeError(f"expected the answer as a str, got {type(text).__name__}")
    try:
        line = read_line(text, task.names)
    except MalformedAnswer as error:
        return Feedback(Outcome.UNREAD, str(error), text)
    try:
        first = _first_feedback(text, line, task, form)
        wrong = first.outcome is Outcome.WRONG and task.differs(line)
        return _with_mistake(first, line, task) if wrong or first.outcome is Outcome.UNREAD else first
    except EngineError as error:
        message = f"the judge contradicts itself here, please report it: {error}"
        return Feedback(Outcome.UNDECIDED, message, text, line)


def _first_feedback(text: str, line: Expr, task: Task, form: RequiredForm) -> Feedback:
    if extra := task.without_value(line):
        name = extra[0].name
        message = f"the index {name} has no value here, outside of any sum over it"
        if name in {index.name for index in bound_in(line)}:
            message += ": a sum ends at + or -, brackets extend it"
        return Feedback(Outcome.UNREAD, message, text, line)
    verdict = task.verdict(line)
    if verdict.grade in {Grade.D, Grade.U}:
        return Feedback(Outcome.UNDECIDED, "no number refutes it, and no rule proves it", text, line)
    if verdict.refutation:
        return _refuted(text, line, verdict.refutation, task)
    if not form.holds(line):
        return Feedback(Outcome.NOT_AS_ASKED, f"write it {form.asks}", text, line)
    return Feedback(Outcome.RIGHT, "", text, line, proof=f"{verdict.grade.value} (grade {verdict.grade.name})")


def _refuted(text: str, line: Expr, refutation: Refutation, task: Task) -> Feedback:
    if not refutation.residual:
        place = f"at {refutation.where} " if refutation.where else ""
        why = refutation.why.replace("the right side", "your answer")
        elsewhere = "; elsewhere it agrees" if task.agrees_elsewhere(line) else ""
        return Feedback(Outcome.WRONG, f"{place}{why}{elsewhere}", text, line)
    refutation = task.at_probabilities(line) or refutation
    place = f"at {refutation.where} " if refutation.where else ""
    if not issubclass(task.kind, Equal | Derivative):
        values = f"{refutation.left_value} and {refutation.right_value}"
        return Feedback(Outcome.WRONG, f"{place}{refutation.why}: {values}", text, line)
    if refutation.left_value == refutation.right_value:
        message = "the two agree to eight digits and cannot be told apart; write it in a simpler form"
        return Feedback(Outcome.UNDECIDED, message, text, line)
    difference = Difference(refutation.where, refutation.right_value, refutation.left_value)
    message = f"{place}the two differ: yours is {difference.yours}, expected {difference.expected}"
    return Feedback(Outcome.WRONG, message, text, line, difference=difference)


def _with_mistake(feedback: Feedback, line: Expr, task: Task) -> Feedback:
    name, words = likely_mistake(line, task)
    if not name:
        return feedback
    message = f"you probably {words}"
    return Feedback(Outcome.WRONG, message, feedback.text, line, name, feedback.difference)
