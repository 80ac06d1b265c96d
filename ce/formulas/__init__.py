"""Losses, entropies and likelihoods, each written once: ``textbook`` prints, ``stable`` computes.

A new formula is a new :class:`Formula` in :mod:`ce.formulas.losses`; nothing else needs an edit but that module's
export list.
"""

from ce.formulas import losses
from ce.formulas.evaluate import component, evaluated_in, instantiate, numpy_function
from ce.formulas.formula import Formula
from ce.formulas.functions import LogSumExp, Node, Rounded, sigmoid, softplus, xlogy
from ce.formulas.losses import *  # noqa: F403
from ce.formulas.operators import Expectation, Largest, NormalExpectation
from ce.formulas.typeset import typeset
from ce.formulas.wire import to_wire

__all__ = [
    "Expectation",
    "Formula",
    "Largest",
    "LogSumExp",
    "Node",
    "NormalExpectation",
    "Rounded",
    "component",
    "evaluated_in",
    "instantiate",
    "numpy_function",
    "sigmoid",
    "softplus",
    "to_wire",
    "typeset",
    "xlogy",
]
__all__ += losses.__all__
