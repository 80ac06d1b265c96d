"""Losses, entropies and likelihoods, each written once: ``textbook`` prints, ``stable`` computes.

A new formula is a new :class:`Formula` in the module of its kind; nothing else needs an edit but this export list.
"""

from ce.formulas.binary import binary_cross_entropy, squared_error
from ce.formulas.categorical import categorical_cross_entropy
from ce.formulas.evaluate import numpy_function
from ce.formulas.formula import Formula
from ce.formulas.functions import LogSumExp, sigmoid, softplus, xlogy
from ce.formulas.information import cross_entropy, entropy, kl_divergence
from ce.formulas.instantiate import component, instantiate
from ce.formulas.typeset import typeset
from ce.formulas.wire import to_wire

__all__ = [
    "Formula", "LogSumExp", "binary_cross_entropy", "categorical_cross_entropy", "component", "cross_entropy",
    "entropy", "instantiate", "kl_divergence", "numpy_function", "sigmoid", "softplus", "squared_error", "to_wire",
    "typeset", "xlogy",
]  # fmt: skip
