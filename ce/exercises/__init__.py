"""A reader's answer or step is read, judged and explained.

``Exercise`` asks for an expression, ``NumberExercise`` for a number, ``check_step`` judges one step of a
derivation. All read ordinary notation (:mod:`ce.exercises.notation`); expressions and steps are judged by the
engine that checks the book's own derivations.
"""

from ce.exercises.exercise import Exercise, check_step
from ce.exercises.feedback import Difference, Feedback, Outcome
from ce.exercises.notation import RANGES, MalformedAnswer, Names, parse, written
from ce.exercises.number import NumberExercise
from ce.exercises.required_form import (
    ANY_FORM,
    ONE_LOGARITHM,
    ONE_SUM,
    TWO_SUMS,
    WITHOUT_SUMS,
    RequiredForm,
    as_short_as,
    without,
)

__all__ = [
    "ANY_FORM",
    "ONE_LOGARITHM",
    "ONE_SUM",
    "RANGES",
    "TWO_SUMS",
    "WITHOUT_SUMS",
    "Difference",
    "Exercise",
    "Feedback",
    "MalformedAnswer",
    "Names",
    "NumberExercise",
    "Outcome",
    "RequiredForm",
    "as_short_as",
    "check_step",
    "parse",
    "without",
    "written",
]
