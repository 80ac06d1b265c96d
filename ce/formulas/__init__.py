"""Losses, entropies and likelihoods, each written once: ``textbook`` prints, ``stable`` computes.

A new formula is a new :class:`Formula` in :mod:`ce.formulas.losses`; nothing else needs an edit but this export
list.
"""

from ce.formulas.evaluate import component, evaluated_in, instantiate, numpy_function
from ce.formulas.formula import Formula
from ce.formulas.functions import LogSumExp, Node, Rounded, sigmoid, softplus, xlogy
from ce.formulas.losses import (
    PARTITION,
    SIGMOID,
    SOFTMAX,
    binary_cross_entropy,
    brier_score,
    categorical_cross_entropy,
    cross_entropy,
    cross_entropy_escape_time,
    entropy,
    focal_loss,
    gaussian_nll,
    heteroscedastic_nll,
    kl_divergence,
    smoothed_cross_entropy,
    smoothed_label,
    softmax_squared_error,
    spherical_score,
    squared_distance,
    squared_error,
    squared_error_escape_time,
)
from ce.formulas.operators import Expectation, Largest, NormalExpectation
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
