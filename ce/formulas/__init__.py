"""Losses, entropies and likelihoods, each written once: ``textbook`` prints, ``stable`` computes.

A new formula is a new :class:`Formula` in the module of its kind; nothing else needs an edit but this export
list.
"""

from ce.formulas.evaluate import numpy_function
from ce.formulas.formula import Formula
from ce.formulas.functions import LogSumExp, Node, Rounded, sigmoid, softplus, xlogy
from ce.formulas.information import cross_entropy, entropy, kl_divergence
from ce.formulas.instantiate import component, instantiate
from ce.formulas.losses import (
    binary_cross_entropy,
    brier_score,
    categorical_cross_entropy,
    cross_entropy_escape_time,
    focal_loss,
    gaussian_nll,
    heteroscedastic_nll,
    smoothed_cross_entropy,
    smoothed_label,
    softmax_squared_error,
    spherical_score,
    squared_distance,
    squared_error,
    squared_error_escape_time,
)
from ce.formulas.models import PARTITION, SIGMOID, SOFTMAX
from ce.formulas.operators import Expectation, Largest, NormalExpectation
from ce.formulas.precision import evaluated_in
from ce.formulas.typeset import typeset
from ce.formulas.wire import to_wire

__all__ = [
    "PARTITION",
    "SIGMOID",
    "SOFTMAX",
    "Expectation",
    "Formula",
    "Largest",
    "LogSumExp",
    "Node",
    "NormalExpectation",
    "Rounded",
    "binary_cross_entropy",
    "brier_score",
    "categorical_cross_entropy",
    "component",
    "cross_entropy",
    "cross_entropy_escape_time",
    "entropy",
    "evaluated_in",
    "focal_loss",
    "gaussian_nll",
    "heteroscedastic_nll",
    "instantiate",
    "kl_divergence",
    "numpy_function",
    "sigmoid",
    "smoothed_cross_entropy",
    "smoothed_label",
    "softmax_squared_error",
    "softplus",
    "spherical_score",
    "squared_distance",
    "squared_error",
    "squared_error_escape_time",
    "to_wire",
    "typeset",
    "xlogy",
]
