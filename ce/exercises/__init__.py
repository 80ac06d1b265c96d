"""A reader's answer or step is read, judged and explained.

``Exercise`` asks for an expression, ``NumberExercise`` for a number, ``StepByStep`` for the lines of a derivation;
``Choice``, ``Condition``, ``FalseLine`` and ``Order`` list what to choose from; ``check_step`` judges one step.
What is typed is read in ordinary notation (:mod:`ce.exercises.notation`) and judged by the engine that checks the
book's own derivations. On a page without a kernel the scripts of ``static/`` judge, at points that
:mod:`ce.exercises.points` wrote.
"""

from ce.exercises.choice import Choice, Condition, FalseLine, Order
from ce.exercises.exercise import Exercise, StepByStep, check_step
from ce.exercises.grading import Difference, Feedback, Outcome
from ce.exercises.markup import static_files
from ce.exercises.notation import RANGES, MalformedAnswer, Names, parse, written
from ce.exercises.number import NumberExercise
from ce.exercises.task import (
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
    "Choice",
    "Condition",
    "Difference",
    "Exercise",
    "FalseLine",
    "Feedback",
    "MalformedAnswer",
    "Names",
    "NumberExercise",
    "Order",
    "Outcome",
    "RequiredForm",
    "StepByStep",
    "as_short_as",
    "check_step",
    "parse",
    "static_files",
    "without",
    "written",
]
