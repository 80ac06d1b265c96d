"""The two limits of binary cross-entropy: claim V1."""

from __future__ import annotations

from sympy import Integer, exp, log, oo

from ce.claims.registry import on_page
from ce.derivation import Derivation, Equal, Limit, Slip, World
from ce.symbols import logit, prob

CROSS_ENTROPY_PAGE = "quantity/cross-entropy"
SIGMOID = {prob: 1 / (1 + exp(-logit))}


@on_page(CROSS_ENTROPY_PAGE)
def loss_of_a_right_prediction() -> Derivation:
    """V1: the loss tends to 0 as the prediction gets right."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="V1", part="right", title="The loss of a right prediction tends to zero",
        conditions=(r"\(y = 1\)",), world=world, head="L", start=-log(prob),
        steps=(
            Equal(log(1 + exp(-logit)), "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^{-z} \to 0\)", variable=logit, to=oo),
        ),
        counterexamples=(Slip("the label 0 is taken for 1", 2, before=-log(1 - prob)),),
    )  # fmt: skip


@on_page(CROSS_ENTROPY_PAGE)
def loss_of_a_wrong_prediction() -> Derivation:
    """V1: it grows without bound as the prediction gets wrong."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="V1", part="wrong", title="The loss of a wrong prediction grows without bound",
        conditions=(r"\(y = 1\)",), world=world, head="L", start=-log(prob),
        steps=(
            Equal(log(1 + exp(-logit)), "the sigmoid, put in"),
            Limit(oo, r"\(e^{-z} \to \infty\)", variable=logit, to=-oo),
        ),
        counterexamples=(
            Slip("the loss is squared error", 2, before=(1 - prob) ** 2,
                 moral="The squared error of a mistake is at most 1."),
        ),
    )  # fmt: skip


@on_page(CROSS_ENTROPY_PAGE)
def loss_of_a_wrong_prediction_grows_linearly() -> Derivation:
    """V1: no faster than the logit."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="V1", part="rate", title="It grows like the logit, no faster",
        conditions=(r"\(y = 1\)",), world=world, head="L / |z|", start=-log(prob) / -logit,
        steps=(Limit(Integer(1), r"\(\log(1 + e^{-z}) + z \to 0\)", variable=logit, to=-oo),),
        counterexamples=(Slip("the loss is compared with z²", 1, before=-log(prob) / logit**2),),
    )  # fmt: skip


@on_page(CROSS_ENTROPY_PAGE)
def loss_of_a_right_prediction_for_zero() -> Derivation:
    """V1: for label 0 the right end is z → −∞."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="V1", part="right for zero", title="Label 0: the loss of a right prediction tends to zero",
        conditions=(r"\(y = 0\)",), world=world, head="L", start=-log(1 - prob),
        steps=(
            Equal(log(1 + exp(logit)), "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^z \to 0\)", variable=logit, to=-oo),
        ),
        counterexamples=(Slip("the label 1 is taken for 0", 2, before=-log(prob)),),
    )  # fmt: skip


@on_page(CROSS_ENTROPY_PAGE)
def loss_of_a_wrong_prediction_for_zero() -> Derivation:
    """V1: and the wrong end z → +∞."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="V1", part="wrong for zero",
        title="Label 0: the loss of a wrong prediction grows without bound",
        conditions=(r"\(y = 0\)",), world=world, head="L", start=-log(1 - prob),
        steps=(
            Equal(log(1 + exp(logit)), "the sigmoid, put in"),
            Limit(oo, r"\(e^z \to \infty\)", variable=logit, to=oo),
        ),
        counterexamples=(
            Slip("the loss is squared error", 2, before=prob**2,
                 moral="The squared error of a mistake is at most 1."),
        ),
    )  # fmt: skip
