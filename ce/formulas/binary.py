"""Losses of the binary case, on the label y and the logit z.

The stable forms are written with σ(z) and σ(−z), never with 1 − σ(z): for a confident, right prediction the
difference cancels to zero, and with it the loss and its gradient.
"""

from __future__ import annotations

from sympy import log

from ce.formulas.formula import Formula
from ce.formulas.functions import sigmoid, softplus
from ce.formulas.models import SIGMOID
from ce.symbols import label, logit, prob

__all__ = ["binary_cross_entropy", "squared_error"]

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
