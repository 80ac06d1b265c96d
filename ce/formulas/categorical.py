"""The loss of the categorical case, on a label vector y and logits z, for any number K of classes."""

from __future__ import annotations

from sympy import Sum, exp, log

from ce.formulas.formula import Formula
from ce.formulas.functions import LogSumExp
from ce.symbols import K, k, l, y, z

__all__ = ["categorical_cross_entropy"]

_total = Sum(exp(z[l]), (l, 1, K))

categorical_cross_entropy = Formula(
    name="categorical cross-entropy",
    head=r"L_{\mathrm{CE}}",
    textbook=-Sum(y[k] * log(exp(z[k]) / _total), (k, 1, K)),
    stable=Sum(y[k] * (LogSumExp(_total) - z[k]), (k, 1, K)),
    source="bishop2006",
)
