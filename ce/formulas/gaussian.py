"""Negative log-likelihoods of Gaussian models: what squared error is made of."""

from __future__ import annotations

from sympy import Rational, Sum, exp, log, pi

from ce.formulas.formula import Formula
from ce.symbols import K, k, log_variance, mean, sigma, target

__all__ = ["gaussian_nll", "heteroscedastic_nll", "squared_distance"]

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
