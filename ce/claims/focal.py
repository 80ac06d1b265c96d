"""The focal loss, its gradient and what it makes a model report: claim V3."""

from __future__ import annotations

from sympy import Integer, Rational, exp, log, oo

from ce.claims.registry import on_page
from ce.derivation import (
    LOG_LEMMA,
    At,
    AtLeast,
    Counterexample,
    Derivation,
    Derivative,
    Equal,
    LogGap,
    Root,
    Slip,
    World,
)  # fmt: skip
from ce.formulas import focal_loss
from ce.symbols import gamma, logit, prob, share

FOCAL = "when-to-change/focal-loss"
SIGMOID = {prob: 1 / (1 + exp(-logit))}
UNIT = {prob: (0, 1)}
GRADIENT = (1 - prob) ** gamma * (gamma * prob * log(prob) - (1 - prob))
BY_PROBABILITY = gamma * (1 - prob) ** (gamma - 1) * log(prob) - (1 - prob) ** gamma / prob
MIXED = -share * (1 - prob) ** gamma * log(prob) - (1 - share) * prob**gamma * log(1 - prob)
SLOPE = (
    share * (gamma * (1 - prob) ** (gamma - 1) * log(prob) - (1 - prob) ** gamma / prob)
    - (1 - share) * (gamma * prob ** (gamma - 1) * log(1 - prob) - prob**gamma / (1 - prob))
)  # fmt: skip
TRUE_CLASS = r"\(\hat{p}\): probability of the true class, the sigmoid of its logit"


@on_page(FOCAL)
def focal_without_focus_is_cross_entropy() -> Derivation:
    """V3: γ = 0 is cross-entropy."""
    world = World(intervals=UNIT)
    return Derivation(
        claim="V3", part="γ = 0", title="Without focus the focal loss is cross-entropy",
        conditions=(r"\(0 < \hat{p} < 1\)",), world=world, head=r"L_\gamma", start=focal_loss.textbook,
        steps=(At(-log(prob), r"\((1 - \hat{p})^0 = 1\)", put={gamma: Integer(0)}),),
        counterexamples=(Slip("a factor is left in", 1, after=-(1 - prob) * log(prob)),),
    )  # fmt: skip


@on_page(FOCAL)
def focal_gradient() -> Derivation:
    """V3: the gradient at the logit."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="V3", part="gradient", title="The gradient of the focal loss",
        conditions=(TRUE_CLASS,), world=world, head=r"L_\gamma", start=focal_loss.textbook,
        steps=(
            Derivative(BY_PROBABILITY * prob * (1 - prob),
                       "product and chain rule", by=logit),
            Equal(GRADIENT, r"take \((1 - \hat{p})^\gamma\) out"),
        ),
        counterexamples=(Slip("the factor is treated as a constant", 2,
                              after=-((1 - prob) ** gamma) * (1 - prob),
                              moral="The gradient of cross-entropy times the factor is not it."),),
    )  # fmt: skip


@on_page(FOCAL)
def focal_expected_slope() -> Derivation:
    """V3: the derivative of the expected focal loss by the reported probability."""
    world = World(intervals={prob: (0, 1), share: (0, 1)})
    return Derivation(
        claim="V3", part="expected loss", title="The slope of the expected focal loss",
        conditions=(r"\(\pi_1\): true share of label 1", r"\(\hat{p}\): reported probability"), world=world,
        head=r"\mathbb{E}\, L_\gamma", start=MIXED, steps=(Derivative(SLOPE, "product rule", by=prob),),
        counterexamples=(Slip("only the label 1 is counted", 1,
                              before=-((1 - prob) ** gamma) * log(prob)),),
    )  # fmt: skip


@on_page(FOCAL)
def focal_report() -> Derivation:
    """V3: for a true share of 0.8 the model is made to report 0.627 at γ = 2."""
    world = World(intervals={prob: (0, 1), share: (0, 1)})
    return Derivation(
        claim="V3", part="what it reports", title="What the focal loss makes a model report",
        conditions=(r"\(\gamma = 2\), true share 0.8",), world=world,
        head=r"\frac{\partial}{\partial \hat{p}} \mathbb{E}\, L_\gamma", start=SLOPE,
        steps=(
            At(SLOPE.subs({gamma: 2, share: Rational(4, 5)}), "put in",
               put={gamma: Integer(2), share: Rational(4, 5)}),
            Root(because="found numerically: a change of sign", variable=prob,
                 between=(Rational(1, 2), Rational(9, 10)), digits=3),
        ),
        conclusion="Not 0.8: the focal loss is not proper.",
        counterexamples=(
            Slip("the loss is cross-entropy", 2,
                 before=-share.subs(share, Rational(4, 5)) / prob + Rational(1, 5) / (1 - prob),
                 moral="Cross-entropy reports 0.8."),
        ),
    )  # fmt: skip


@on_page(FOCAL)
def focal_is_convex_in_the_probability() -> Derivation:
    """V3: at γ = 2 the loss is convex in p̂, so that root is the only minimum."""
    world = World(intervals=UNIT)
    curvature = -2 * log(prob) + 4 * (1 - prob) / prob + (1 - prob) ** 2 / prob**2
    slack = 2 * LogGap(Integer(1), prob) + 2 * (1 - prob) + 4 * (1 - prob) / prob + (1 - prob) ** 2 / prob**2
    return Derivation(
        claim="V3", part="one minimum", title="With γ = 2 the loss is convex in the reported probability",
        conditions=(r"\(0 < \hat{p} < 1\)",), world=world, head="L_2", start=-((1 - prob) ** 2) * log(prob),
        steps=(
            Derivative(2 * (1 - prob) * log(prob) - (1 - prob) ** 2 / prob, "product rule", by=prob),
            Derivative(curvature, "and again", by=prob),
            AtLeast(Integer(0), r"\(-\log \hat{p} \ge 1 - \hat{p} > 0\)", slack=slack, lemma=LOG_LEMMA),
        ),
        conclusion="The expected loss is convex in p̂ as well, and its stationary point is its only minimum.",
        counterexamples=(Counterexample("p̂ < 1", 3, World(intervals={prob: (1, oo)})),),
    )  # fmt: skip
