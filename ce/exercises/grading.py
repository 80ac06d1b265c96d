"""From a reader's text to feedback: read it, ask the engine, look for the mistake."""

from __future__ import annotations

from sympy.core.expr import Expr

from ce.derivation import Derivative, EngineError, Equal, Grade, Refutation, Root, Rounded
from ce.exercises.feedback import Difference, Feedback, Outcome
from ce.exercises.mistakes import likely_mistake
from ce.exercises.notation import MalformedAnswer
from ce.exercises.required_form import ANY_FORM, RequiredForm
from ce.exercises.task import Task, free_indices, summed_indices
from ce.exercises.units import read_line

__all__ = ["grade"]


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
        return _with_mistake(first, line, task) if wrong else first
    except EngineError as error:
        message = f"the judge contradicts itself here, please report it: {error}"
        return Feedback(Outcome.UNDECIDED, message, text, line)


def _first_feedback(text: str, line: Expr, task: Task, form: RequiredForm) -> Feedback:
    extra = [index for index in free_indices(line, task.names) if not task.allows(index)]
    if extra:
        return Feedback(Outcome.WRONG, _left_free(line, extra[0].name), text, line)
    verdict = task.verdict(line)
    if verdict.grade is Grade.U and verdict.refutation:
        return Feedback(Outcome.UNDECIDED, verdict.refutation.why, text, line)
    if verdict.refutation:
        return _refuted(text, line, verdict.refutation, task)
    if verdict.grade not in {Grade.A, Grade.B} and not issubclass(task.kind, Root | Rounded):
        return Feedback(Outcome.UNDECIDED, "no number refutes it, and no rule proves it", text, line)
    if not form.holds(line):
        return Feedback(Outcome.NOT_AS_ASKED, f"write it {form.asks}", text, line)
    return Feedback(Outcome.RIGHT, "", text, line, proof=f"{verdict.grade.value} (grade {verdict.grade.name})")


def _left_free(line: Expr, name: str) -> str:
    message = f"the index {name} has no value here, outside of any sum over it"
    if name in {index.name for index in summed_indices(line)}:
        return f"{message}: a sum ends at + or -, brackets extend it"
    return message


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
