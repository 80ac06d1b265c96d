"""Escape times: how long gradient flow takes from a confident, wrong logit to the decision boundary.

For the label 1, a start z₀ < 0 and the flow dz/dt = −L′(z), the time is the integral of dz / (−L′(z)) from z₀
to 0. It is in units of 1/η steps of gradient descent with a small learning rate η.
"""

from __future__ import annotations

from sympy import Rational, exp

from ce.formulas.formula import Formula
from ce.symbols import start

__all__ = ["cross_entropy_escape_time", "squared_error_escape_time"]

_linear = 1 - start - exp(start)
_exponential = (Rational(5, 2) + exp(-start) - 3 * start - 3 * exp(start) - exp(2 * start) / 2) / 2

cross_entropy_escape_time = Formula(
    name="escape time under cross-entropy",
    head=r"T_{\mathrm{CE}}(z_0)",
    textbook=_linear,
    stable=_linear,
    source="",  # integrated on the page; from no source
    unit="",
)

squared_error_escape_time = Formula(
    name="escape time under squared error through the sigmoid",
    head=r"T_{\mathrm{SE}}(z_0)",
    textbook=_exponential,
    stable=_exponential,
    source="",
    unit="",
)
