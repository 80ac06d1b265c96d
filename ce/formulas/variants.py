"""What is used beside cross-entropy: label smoothing, the focal loss, the Brier and the spherical score."""

from __future__ import annotations

from sympy import Sum, exp, log, sqrt

from ce.formulas.formula import Formula
from ce.formulas.functions import LogSumExp, sigmoid, softplus
from ce.symbols import K, gamma, k, l, logit, prob, q, smoothing, y, z

__all__ = ["brier_score", "focal_loss", "smoothed_cross_entropy", "softmax_squared_error", "spherical_score"]

_total = Sum(exp(z[l]), (l, 1, K))
_softmax = {q[k]: exp(z[k]) / _total}
_smoothed = (1 - smoothing) * y[k] + smoothing / K

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
    stable=Sum((exp(z[k] - LogSumExp(_total)) - y[k]) ** 2, (k, 1, K)),
    source="bridle1990",
    where=_softmax,
    unit="",
)

smoothed_cross_entropy = Formula(
    name="cross-entropy with smoothed labels",
    head=r"L_{\varepsilon}",
    textbook=-Sum(_smoothed * log(q[k]), (k, 1, K)),
    stable=Sum(_smoothed * (LogSumExp(_total) - z[k]), (k, 1, K)),
    source="mueller2019",
    where=_softmax,
)

focal_loss = Formula(
    name="focal loss",
    head=r"L_{\gamma}",
    textbook=-((1 - prob) ** gamma) * log(prob),
    stable=sigmoid(-logit) ** gamma * softplus(-logit),
    source="lin2017",
    where={prob: 1 / (1 + exp(-logit))},
)
