"""What is used beside cross-entropy: label smoothing, the focal loss, the Brier and the spherical score."""

from __future__ import annotations

from sympy import Sum, exp, log, sqrt

from ce.formulas.formula import Formula
from ce.formulas.functions import LogSumExp, sigmoid, softplus
from ce.formulas.models import PARTITION, SIGMOID, SOFTMAX
from ce.symbols import K, gamma, k, logit, prob, q, smoothing, y, z

__all__ = [
    "brier_score",
    "focal_loss",
    "smoothed_cross_entropy",
    "smoothed_label",
    "softmax_squared_error",
    "spherical_score",
]

smoothed_label = (1 - smoothing) * y[k] + smoothing / K
"""Entry k of a label vector after smoothing, in the convention that spreads ε over all K classes."""

brier_score = Formula(
    name="Brier score",
    head="B(q, y)",
    textbook=Sum((q[k] - y[k]) ** 2, (k, 1, K)),
    stable=Sum((q[k] - y[k]) ** 2, (k, 1, K)),
    source="brier1950",
    unit="",
)

# To be made large, where all the others are made small.
spherical_score = Formula(
    name="spherical score",
    head="S(q, y)",
    textbook=Sum(y[k] * q[k], (k, 1, K)) / sqrt(Sum(q[k] ** 2, (k, 1, K))),
    stable=Sum(y[k] * q[k], (k, 1, K)) / sqrt(Sum(q[k] ** 2, (k, 1, K))),
    source="gneiting2007",
    unit="",
)

softmax_squared_error = Formula(
    name="squared error through the softmax",
    head=r"L_{\mathrm{SE}}",
    textbook=Sum((q[k] - y[k]) ** 2, (k, 1, K)),
    stable=Sum((exp(z[k] - LogSumExp(PARTITION)) - y[k]) ** 2, (k, 1, K)),
    source="bridle1990",
    where=SOFTMAX,
    unit="",
)

smoothed_cross_entropy = Formula(
    name="cross-entropy with smoothed labels",
    head=r"L_{\varepsilon}",
    textbook=-Sum(smoothed_label * log(q[k]), (k, 1, K)),
    stable=Sum(smoothed_label * (LogSumExp(PARTITION) - z[k]), (k, 1, K)),
    source="mueller2019",
    where=SOFTMAX,
)

focal_loss = Formula(
    name="focal loss",
    head=r"L_{\gamma}",
    textbook=-((1 - prob) ** gamma) * log(prob),
    stable=sigmoid(-logit) ** gamma * softplus(-logit),
    source="lin2017",
    where=SIGMOID,
)
