"""Entropy, cross-entropy and Kullback–Leibler divergence of probability mass functions, in nats."""

from __future__ import annotations

from sympy import Sum, log

from ce.formulas.formula import Formula
from ce.formulas.functions import xlogy
from ce.symbols import K, k, p, q

__all__ = ["cross_entropy", "entropy", "kl_divergence"]

entropy = Formula(
    name="entropy",
    head="H(p)",
    textbook=-Sum(p[k] * log(p[k]), (k, 1, K)),
    stable=-Sum(xlogy(p[k], p[k]), (k, 1, K)),
    source="cover2006",
)

cross_entropy = Formula(
    name="cross-entropy",
    head="H(p, q)",
    textbook=-Sum(p[k] * log(q[k]), (k, 1, K)),
    stable=-Sum(xlogy(p[k], q[k]), (k, 1, K)),
    source="cover2006",
)

kl_divergence = Formula(
    name="Kullback–Leibler divergence",
    head=r"\mathrm{KL}(p \,\|\, q)",
    textbook=Sum(p[k] * log(p[k] / q[k]), (k, 1, K)),
    stable=Sum(xlogy(p[k], p[k]) - xlogy(p[k], q[k]), (k, 1, K)),
    source="cover2006",
)
