"""A reader's answer or step is read, judged and explained.

``Exercise`` asks for an expression, ``NumberExercise`` for a number, ``check_step`` judges one step of a
derivation. All read ordinary notation (:mod:`ce.exercises.grammar`); expressions and steps are judged by the
engine that checks the book's own derivations.
"""

from ce.exercises.alphabet import RANGES, Alphabet, alphabet
from ce.exercises.exercise import Exercise, check_step
from ce.exercises.form import ANY_FORM, WITHOUT_SUMS, Form, as_short_as, without
from ce.exercises.grammar import parse
from ce.exercises.judgement import Difference, Judgement, Outcome
from ce.exercises.malformed import MalformedAnswer
from ce.exercises.notation import written
from ce.exercises.number import NumberExercise

__all__ = [
    "ANY_FORM", "RANGES", "WITHOUT_SUMS", "Alphabet", "Difference", "Exercise", "Form", "Judgement",
    "MalformedAnswer", "NumberExercise", "Outcome", "alphabet", "as_short_as", "check_step", "parse",
    "without", "written",
]  # fmt: skip
