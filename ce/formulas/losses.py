"""The book's formulas: what its models make of logits, entropy and divergence (in nats), losses, how long they take.

The stable forms are written with σ(z) and σ(−z), never with 1 − σ(z): for a confident, right prediction the
difference cancels to zero, and with it the loss and its gradient.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Rational, Sum, exp, log, pi, sqrt
from sympy.core.expr import Expr

from ce.formulas.formula import Formula
from ce.formulas.functions import LogSumExp, sigmoid, softplus, xlogy
from ce.symbols import (
    K,
    gamma,
    k,
    l,
    label,
    log_variance,
    logit,
    mean,
    p,
    prob,
    q,
    sigma,
    smoothing,
    start,
    target,
    y,
    z,
)

__all__ = [
    "PARTITION",
    "SIGMOID",
    "SOFTMAX",
    "binary_cross_entropy",
    "brier_score",
    "categorical_cross_entropy",
    "cross_entropy",
    "cross_entropy_escape_time",
    "entropy",
    "focal_loss",
    "gaussian_nll",
    "heteroscedastic_nll",
    "kl_divergence",
    "smoothed_cross_entropy",
    "smoothed_label",
    "softmax_squared_error",
    "spherical_score",
    "squared_distance",
    "squared_error",
    "squared_error_escape_time",
]

PARTITION = Sum(exp(z[l]), (l, 1, K))
"""The partition function: what the softmax divides by, and what ``LogSumExp`` takes the logarithm of."""

SIGMOID: Mapping[Expr, Expr] = {prob: sigmoid(logit).meaning()}
"""The probability of label 1 by the logit: abbreviations of a ``World``, the ``where`` of a ``Formula``."""

SOFTMAX: Mapping[Expr, Expr] = {q[k]: exp(z[k]) / PARTITION}
"""The probabilities of the classes by their logits, for any number K of them."""


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


_residual = (1 - label) * sigmoid(logit) - label * sigmoid(-logit)

binary_cross_entropy = Formula(
    name="binary cross-entropy",
    head=r"L_{\mathrm{CE}}",
    textbook=-label * log(prob) - (1 - label) * log(1 - prob),
    stable=label * softplus(-logit) + (1 - label) * softplus(logit),
    source="bishop2006",
    where=SIGMOID,
)

squared_error = Formula(
    name="squared error through the sigmoid",
    head=r"L_{\mathrm{SE}}",
    textbook=(prob - label) ** 2,
    stable=_residual**2,
    source="bishop2006",
    where=SIGMOID,
    unit="",
)

categorical_cross_entropy = Formula(
    name="categorical cross-entropy",
    head=r"L_{\mathrm{CE}}",
    textbook=-Sum(y[k] * log(SOFTMAX[q[k]]), (k, 1, K)),
    stable=Sum(y[k] * (LogSumExp(PARTITION) - z[k]), (k, 1, K)),
    source="bishop2006",
)

squared_distance = Sum((target[k] - mean[k]) ** 2, (k, 1, K))
"""What both count: how far the predicted mean is from the target."""

gaussian_nll = Formula(
    name="Gaussian negative log-likelihood",
    head=r"-\log f(t)",
    textbook=K * log(2 * pi * sigma**2) / 2 + squared_distance / (2 * sigma**2),
    stable=K * (log(2 * pi) / 2 + log(sigma)) + squared_distance / (2 * sigma**2),
    source="bishop2006",
)

heteroscedastic_nll = Formula(
    name="Gaussian negative log-likelihood with predicted variance, up to a constant",
    head="L(s)",
    textbook=K * log_variance / 2 + exp(-log_variance) * squared_distance / 2,
    stable=K * log_variance / 2 + exp(-log_variance) * squared_distance * Rational(1, 2),
    source="kendall2018",
)

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

# How long gradient flow takes from a confident, wrong logit to the decision boundary: for the label 1, a start z₀ < 0
# and the flow dz/dt = −L′(z), the integral of dz / (−L′(z)) from z₀ to 0, in units of 1/η steps of gradient descent
# with a small learning rate η.
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
