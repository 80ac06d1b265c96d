"""The loss of the categorical case, on a label vector y and logits z, for any number K of classes."""

from __future__ import annotations

from sympy import Sum, log

from ce.formulas.formula import Formula
from ce.formulas.functions import LogSumExp
from ce.formulas.models import PARTITION, SOFTMAX
from ce.symbols import K, k, q, y, z

__all__ = ["categorical_cross_entropy"]

categorical_cross_entropy = Formula(
    name="categorical cross-entropy",
    head=r"L_{\mathrm{CE}}",
    textbook=-Sum(y[k] * log(SOFTMAX[q[k]]), (k, 1, K)),
    stable=Sum(y[k] * (LogSumExp(PARTITION) - z[k]), (k, 1, K)),
    source="bishop2006",
)
