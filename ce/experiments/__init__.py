"""Experiments: gradient descent on one logit and on a few weights, its limit of small steps, real digits.

Where a loss breaks in floating point, and language models on a real text.
"""

from ce.experiments.breakdown import breaking_point, breaking_points
from ce.experiments.descent import (
    Arrivals,
    Descent,
    arrivals,
    first_passage,
    first_step,
    gradient_descent,
    joint_descent,
    neuron_outputs,
)
from ce.experiments.flow import escape_time, integrated_escape_time
from ce.notebook import Table

__all__ = [
    "Arrivals",
    "Descent",
    "Table",
    "arrivals",
    "breaking_point",
    "breaking_points",
    "escape_time",
    "first_passage",
    "first_step",
    "gradient_descent",
    "integrated_escape_time",
    "joint_descent",
    "neuron_outputs",
]
