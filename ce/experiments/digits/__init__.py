"""The study on real digits: three losses, two models, ordinary and saturated starts."""

from ce.experiments.digits.data import Examples, Specimens, Splits, digits_splits, specimens
from ce.experiments.digits.results import CaseResult, Curve, Forecasts
from ce.experiments.digits.study import MODELS, Study, StudyResult, run_study
from ce.experiments.digits.training import Course, Performance, training_course
from ce.notebook import Table

__all__ = [
    "MODELS",
    "CaseResult",
    "Course",
    "Curve",
    "Examples",
    "Forecasts",
    "Performance",
    "Specimens",
    "Splits",
    "Study",
    "StudyResult",
    "Table",
    "digits_splits",
    "run_study",
    "specimens",
    "training_course",
]
