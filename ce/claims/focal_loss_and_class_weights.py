"""The focal loss and class weights, and what they make a model report: claims V3 and C7."""

from __future__ import annotations

from sympy import Integer, Rational, Symbol, log, oo

from ce.claims.registry import claim
from ce.derivation import (
    LOG_LEMMA,
    At,
    AtLeast,
    AtMost,
    Counterexample,
    Derivation,
    Derivative,
    Equal,
    Limit,
    LogGap,
    Root,
    Rounded,
    Slip,
    World,
)
from ce.formulas import SIGMOID, focal_loss
from ce.symbols import gamma, logit, prob, share

UNIT = {prob: (0, 1)}
GRADIENT = (1 - prob) ** gamma * (gamma * prob * log(prob) - (1 - prob))
BY_PROBABILITY = gamma * (1 - prob) ** (gamma - 1) * log(prob) - (1 - prob) ** gamma / prob
MIXED = share * focal_loss.textbook + (1 - share) * focal_loss.textbook.subs(prob, 1 - prob)
SLOPE = share * BY_PROBABILITY - (1 - share) * BY_PROBABILITY.subs(prob, 1 - prob)
PULL, PULL_BACK = -BY_PROBABILITY, -BY_PROBABILITY.subs(prob, 1 - prob)
FOR_ONE, FOR_ZERO = Symbol("w_1", positive=True), Symbol("w_0", positive=True)
WEIGHTED = FOR_ONE * share / (FOR_ONE * share + FOR_ZERO * (1 - share))
TRUE_CLASS = r"\(\hat{p}\): probability of the true class, the sigmoid of its logit"
BRACKET = (2 * gamma + 1) * (1 - prob) + gamma * log(prob) * (1 - prob - gamma * prob)
BRACKET_SLOPE = -(2 * gamma + 1) + gamma * ((1 - prob - gamma * prob) / prob - (1 + gamma) * log(prob))


@claim
def focal_without_focus_is_cross_entropy() -> Derivation:
    """V3: γ = 0 is cross-entropy."""
    return Derivation(
        claim="V3",
        part="γ = 0",
        title="Without focus the focal loss is cross-entropy",
        conditions=(r"\(0 < \hat{p} < 1\)",),
        world=World(intervals=UNIT),
        head=r"L_\gamma",
        start=focal_loss.textbook,
        steps=(At(-log(prob), r"\((1 - \hat{p})^0 = 1\)", put={gamma: Integer(0)}),),
        counterexamples=(Slip("a factor is left in", 1, after=-(1 - prob) * log(prob)),),
    )


@claim
def focal_gradient() -> Derivation:
    """V3: the gradient at the logit."""
    return Derivation(
        claim="V3",
        part="gradient",
        title="The gradient of the focal loss",
        conditions=(TRUE_CLASS,),
        world=World(define=SIGMOID),
        head=r"L_\gamma",
        start=focal_loss.textbook,
        steps=(
            Derivative(BY_PROBABILITY * prob * (1 - prob), "product and chain rule", by=logit),
            Equal(GRADIENT, r"take \((1 - \hat{p})^\gamma\) out"),
        ),
        counterexamples=(
            Slip(
                "the factor is treated as a constant",
                2,
                after=-((1 - prob) ** gamma) * (1 - prob),
                moral="The gradient of cross-entropy times the factor is not it.",
            ),
        ),
    )


@claim
def focal_expected_slope() -> Derivation:
    """V3: the derivative of the expected focal loss by the reported probability."""
    return Derivation(
        claim="V3",
        part="expected loss",
        title="The slope of the expected focal loss",
        conditions=(r"\(\pi_1\): true share of label 1", r"\(\hat{p}\): reported probability"),
        world=World(intervals={prob: (0, 1), share: (0, 1)}),
        head=r"\mathbb{E}\, L_\gamma",
        start=MIXED,
        steps=(Derivative(SLOPE, "product rule", by=prob),),
        counterexamples=(Slip("only the label 1 is counted", 1, before=focal_loss.textbook),),
    )


@claim
def focal_report() -> Derivation:
    """V3: for a true share of 0.8 the model is made to report 0.627 at γ = 2."""
    return Derivation(
        claim="V3",
        part="what it reports",
        title="What the focal loss makes a model report",
        conditions=(r"\(\gamma = 2\), true share 0.8",),
        world=World(intervals={prob: (0, 1), share: (0, 1)}),
        head=r"\frac{\partial}{\partial \hat{p}} \mathbb{E}\, L_\gamma",
        start=SLOPE,
        steps=(
            At(SLOPE.subs({gamma: 2, share: Rational(4, 5)}), "put in", put={gamma: Integer(2), share: Rational(4, 5)}),
            Root(
                because="found numerically: a change of sign",
                variable=prob,
                between=(Rational(1, 2), Rational(9, 10)),
                digits=3,
            ),
        ),
        conclusion="Not 0.8: the focal loss is not proper.",
        counterexamples=(
            Slip(
                "the loss is cross-entropy",
                2,
                before=-Rational(4, 5) / prob + Rational(1, 5) / (1 - prob),
                moral="Cross-entropy reports 0.8.",
            ),
        ),
    )


@claim
def focal_is_convex_in_the_probability() -> Derivation:
    """V3: at γ = 2 the loss is convex in p̂, so that root is the only minimum."""
    curvature = -2 * log(prob) + 4 * (1 - prob) / prob + (1 - prob) ** 2 / prob**2
    slack = 2 * LogGap(Integer(1), prob) + 2 * (1 - prob) + 4 * (1 - prob) / prob + (1 - prob) ** 2 / prob**2
    return Derivation(
        claim="V3",
        part="one minimum",
        title="With γ = 2 the loss is convex in the reported probability",
        conditions=(r"\(0 < \hat{p} < 1\)",),
        world=World(intervals=UNIT),
        head="L_2",
        start=focal_loss.textbook.subs(gamma, 2),
        steps=(
            Derivative(BY_PROBABILITY.subs(gamma, 2), "product rule", by=prob),
            Derivative(curvature, "and again", by=prob),
            AtLeast(Integer(0), r"\(-\log \hat{p} \ge 1 - \hat{p} > 0\)", slack=slack, lemma=LOG_LEMMA),
        ),
        conclusion="The expected loss is convex in p̂ as well, and its stationary point is its only minimum.",
        counterexamples=(Counterexample("p̂ < 1", 3, World(intervals={prob: (1, oo)})),),
    )


@claim
def focal_curvature() -> Derivation:
    """V3: the second derivative at the logit."""
    return Derivation(
        claim="V3",
        part="curvature",
        title="The curvature of the focal loss",
        conditions=(TRUE_CLASS,),
        world=World(define=SIGMOID),
        head=r"\frac{\partial L_\gamma}{\partial z}",
        start=GRADIENT,
        steps=(Derivative(prob * (1 - prob) ** gamma * BRACKET, "product and chain rule", by=logit),),
        counterexamples=(
            Slip("the logarithm is dropped", 1, after=prob * (1 - prob) ** gamma * (2 * gamma + 1) * (1 - prob)),
        ),
    )


@claim
def focal_is_not_convex_when_wrong() -> Derivation:
    """V3: for every γ > 0 the curvature is negative once p̂ is small enough."""
    return Derivation(
        claim="V3",
        part="not convex",
        title="For every γ > 0 it is not convex for a confident mistake",
        conditions=(r"\(\gamma > 0\)",),
        world=World(intervals=UNIT, positive=(gamma,)),
        head=r"\left(\text{bracket of the curvature}\right)",
        start=BRACKET,
        steps=(
            Limit(-oo, r"\(\gamma \log \hat{p} \to -\infty\), the rest stays", variable=prob, to=Integer(0), side="+"),
        ),
        counterexamples=(Counterexample("γ > 0", 1, World(define={gamma: Integer(0)}, intervals=UNIT)),),
    )


@claim
def focal_bracket_is_concave() -> Derivation:
    """V3: for every γ > 0 the bracket of the curvature is concave in p̂."""
    return Derivation(
        claim="V3",
        part="bracket, shape",
        title="For every γ > 0 the bracket of the curvature is concave",
        conditions=(r"\(\gamma > 0\)", r"\(0 < \hat{p} < 1\)"),
        world=World(intervals=UNIT, positive=(gamma,)),
        head="B",
        start=BRACKET,
        steps=(
            Derivative(BRACKET_SLOPE, "product rule", by=prob),
            Derivative(-gamma * (1 / prob**2 + (1 + gamma) / prob), "and again", by=prob),
            AtMost(Integer(0), r"\(\gamma > 0\)", strict=True),
        ),
        counterexamples=(
            Counterexample(
                "γ > 0",
                3,
                World(intervals=UNIT),
                moral="At γ = 0 it is a straight line: the loss is cross-entropy, convex everywhere.",
            ),
        ),
    )


@claim
def focal_bracket_at_certainty() -> Derivation:
    """V3: it ends at 0, where the prediction is certain."""
    return Derivation(
        claim="V3",
        part="bracket, end",
        title="At p̂ = 1 the bracket is zero",
        conditions=(r"\(\hat{p} = 1\)",),
        world=World(intervals=UNIT),
        head="B",
        start=BRACKET,
        steps=(At(Integer(0), r"\(\log 1 = 0\)", put={prob: Integer(1)}),),
        counterexamples=(Slip("p̂ is written for its logarithm", 1, before=BRACKET.subs(log(prob), prob)),),
    )


@claim
def focal_bracket_slope_at_certainty() -> Derivation:
    """V3: it comes down to that end; so for every γ > 0 it is zero exactly once before."""
    return Derivation(
        claim="V3",
        part="one turning point",
        title="For every γ > 0 the curvature changes sign exactly once",
        conditions=(r"\(\gamma > 0\)", r"\(\hat{p} = 1\)"),
        world=World(intervals=UNIT, positive=(gamma,)),
        head=r"\frac{\partial B}{\partial \hat{p}}",
        start=BRACKET_SLOPE,
        steps=(
            At(-((gamma + 1) ** 2), r"\(\log 1 = 0\)", put={prob: Integer(1)}),
            AtMost(Integer(0), "minus a square", strict=True),
        ),
        conclusion=r"\(B\) is concave, comes from \(-\infty\) and comes down to 0 at \(\hat{p} = 1\): it crosses 0 "
        r"once on the way. Below that \(\hat{p}\) the loss is not convex in the logit, above it is.",
        counterexamples=(Slip("the bracket is taken for its slope", 1, before=BRACKET),),
    )


@claim
def focal_turning_point() -> Derivation:
    """V3: for γ = 2 the curvature changes sign at a small p̂."""
    return Derivation(
        claim="V3",
        part="turning point",
        title="Where the focal loss with γ = 2 stops being convex",
        conditions=(r"\(\gamma = 2\)",),
        world=World(intervals=UNIT),
        head=r"\left(\text{bracket of the curvature}\right)",
        start=BRACKET,
        steps=(
            At(5 * (1 - prob) + 2 * log(prob) * (1 - 3 * prob), "put in", put={gamma: Integer(2)}),
            Root(
                because="found numerically: a change of sign",
                variable=prob,
                between=(Rational(1, 100), Rational(3, 10)),
                digits=3,
            ),
        ),
        counterexamples=(Slip("γ = 1 is put in", 2, before=BRACKET.subs(gamma, 1)),),
    )


@claim
def share_behind_a_focal_report() -> Derivation:
    """V3: at γ = 2, the true share for which a report makes the expected focal loss stationary, in closed form."""
    up, down = Symbol("u", real=True), Symbol("d", real=True)
    pulls = {up: PULL.subs(gamma, 2), down: PULL_BACK.subs(gamma, 2)}
    return Derivation(
        claim="V3",
        part="share behind a report",
        title="Which true share stands behind a report, with γ = 2",
        conditions=(r"\(\gamma = 2\)", r"\(\pi_1\): true share of label 1", r"\(0 < \hat{p} < 1\)"),
        world=World(intervals={prob: (0, 1), share: (0, 1)}, define=pulls),
        head=r"\mathbb{E}\, L_2",
        start=MIXED.subs(gamma, 2),
        steps=(
            Derivative((1 - share) * down - share * up, "label 1 pulls up, label 0 pulls down", by=prob),
            Equal(down - share * (up + down), "both pulls are positive, since no logarithm here is: so is their sum"),
        ),
        conclusion=r"Zero where \(\pi_1 = d / (u + d)\).",
        counterexamples=(Slip("only the label 1 pulls", 1, before=share * focal_loss.textbook.subs(gamma, 2)),),
    )


@claim
def class_weights_move_the_report() -> Derivation:
    """C7: with weights w₁ and w₀ the loss is smallest at the share of the weighted examples."""
    expected = -FOR_ONE * share * log(prob) - FOR_ZERO * (1 - share) * log(1 - prob)
    return Derivation(
        claim="C7",
        part="report",
        title="What class weights make a model report",
        conditions=(
            r"weight \(w_1\) for label 1, \(w_0\) for label 0",
            r"\(\pi_1\): true share of label 1, \(0 < \pi_1 < 1\)",
        ),
        world=World(intervals={prob: (0, 1), share: (0, 1)}, positive=(FOR_ONE * share + FOR_ZERO * (1 - share),)),
        head=r"\mathbb{E}\, L",
        start=expected,
        steps=(
            Derivative(
                (prob - WEIGHTED) * (FOR_ONE * share + FOR_ZERO * (1 - share)) / (prob * (1 - prob)),
                "one fraction",
                by=prob,
            ),
            At(Integer(0), "its sign is that of the first factor", put={prob: WEIGHTED}),
        ),
        conclusion="Negative below that report and positive above: the loss is smallest there, and nowhere else.",
        counterexamples=(Slip("the weights are left out", 2, before=-share / prob + (1 - share) / (1 - prob)),),
    )


@claim
def class_weights_shift_the_logit() -> Derivation:
    """C7: in logits the weights add log(w₁/w₀), whatever the share."""
    return Derivation(
        claim="C7",
        part="shift",
        title="Class weights shift the reported logit by the logarithm of their ratio",
        conditions=(r"the odds of the report are \(w_1 \pi_1\) to \(w_0 (1 - \pi_1)\)",),
        world=World(intervals={share: (0, 1)}),
        head=r"\log \frac{\hat{p}}{1 - \hat{p}}",
        start=log(FOR_ONE * share / (FOR_ZERO * (1 - share))),
        steps=(Equal(log(share / (1 - share)) + log(FOR_ONE / FOR_ZERO), "a product of odds; the logarithm splits"),),
        conclusion="The ranking stays; a constant taken off the bias undoes it.",
        counterexamples=(
            Slip("the ratio is upside down", 1, after=log(share / (1 - share)) + log(FOR_ZERO / FOR_ONE)),
        ),
    )


@claim
def class_weights_in_numbers() -> Derivation:
    """C7: weights 9 : 1 make a model report 0.973 for a true share of 0.8."""
    return Derivation(
        claim="C7",
        part="numbers",
        title="What weights 9 : 1 make of a true share of 0.8",
        conditions=(r"\(w_1 = 9\), \(w_0 = 1\), \(\pi_1 = 0.8\)",),
        world=World(intervals={share: (0, 1)}),
        head=r"\hat{p}",
        start=WEIGHTED,
        steps=(
            At(Rational(36, 37), "put in", put={share: Rational(4, 5), FOR_ONE: Integer(9), FOR_ZERO: Integer(1)}),
            Rounded(because="instead of 0.8", digits=3),
        ),
        counterexamples=(Slip("the weights are left out", 1, before=share),),
    )
