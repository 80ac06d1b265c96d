"""Experiments: gradient descent on one logit, its limit of small steps, and the study on real digits."""

from ce.experiments.descent import Descent, first_passage, gradient_descent
from ce.experiments.flow import cross_entropy_escape_time, escape_time, squared_error_escape_time

__all__ = [
    "Descent", "cross_entropy_escape_time", "escape_time", "first_passage", "gradient_descent",
    "squared_error_escape_time",
]  # fmt: skip
