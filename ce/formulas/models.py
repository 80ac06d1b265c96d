"""What the book's models make of logits: the sigmoid of one, the softmax of several, each written once."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Sum, exp
from sympy.core.expr import Expr

from ce.formulas.functions import sigmoid
from ce.symbols import K, k, l, logit, prob, q, z

__all__ = ["PARTITION", "SIGMOID", "SOFTMAX"]

PARTITION = Sum(exp(z[l]), (l, 1, K))
"""The partition function: what the softmax divides by, and what ``LogSumExp`` takes the logarithm of."""

SIGMOID: Mapping[Expr, Expr] = {prob: sigmoid(logit).meaning()}
"""The probability of label 1 by the logit: abbreviations of a ``World``, the ``where`` of a ``Formula``."""

SOFTMAX: Mapping[Expr, Expr] = {q[k]: exp(z[k]) / PARTITION}
"""The probabilities of the classes by their logits, for any number K of them."""
