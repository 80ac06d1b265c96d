"""Where squared error is not convex in the logit: claim M2."""

from __future__ import annotations

from sympy import Integer, Rational, exp, log

from ce.claims.registry import on_page
from ce.derivation import At, AtLeast, AtMost, Counterexample, Derivation, Derivative, Equal, Slip, World
from ce.formulas import binary_cross_entropy
from ce.symbols import label, logit, prob

SATURATES = "gradient/squared-error-saturates"
SIGMOID = {prob: 1 / (1 + exp(-logit))}
CHAIN = r"chain rule, with \(\partial \hat{p} / \partial z = \hat{p} (1 - \hat{p})\)"
FOR_ZERO = 2 * prob**2 * (1 - prob)
CURVATURE = r"\frac{\partial^2 L}{\partial z^2}"
CURVATURE_FOR_ONE = 2 * prob * (1 - prob) ** 2 * (3 * prob - 1)
CURVATURE_FOR_ZERO = 2 * prob**2 * (1 - prob) * (2 - 3 * prob)


@on_page(SATURATES)
def squared_error_curvature() -> Derivation:
    """M2: for y = 1 the second derivative is 2 p̂ (1 − p̂)² (3 p̂ − 1)."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M2", part="curvature", title="The curvature of the squared error against the logit",
        conditions=(r"\(y = 1\)",),
        world=world, head="L", start=(prob - 1) ** 2,
        steps=(
            Derivative(-2 * prob * (1 - prob) ** 2, CHAIN, by=logit),
            Derivative((-2 * (1 - prob) ** 2 + 4 * prob * (1 - prob)) * prob * (1 - prob),
                       "product and chain rule", by=logit),
            Equal(CURVATURE_FOR_ONE, "collect the factors"),
        ),
        counterexamples=(
            Slip("the loss for the label 0 is taken", 1, before=prob**2,
                 moral="For y = 0 everything is mirrored."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_is_not_convex() -> Derivation:
    """M2: below p̂ = 1/3 the curvature is negative."""
    world = World(intervals={prob: (0, Rational(1, 3))})
    return Derivation(
        claim="M2", part="where negative", title="Below p̂ = 1/3 the squared error is not convex",
        conditions=(r"\(y = 1\)", r"\(0 < \hat{p} < 1/3\)"),
        world=world, head=CURVATURE, start=CURVATURE_FOR_ONE,
        steps=(AtMost(Integer(0), r"\(3 \hat{p} < 1\)", slack=2 * prob * (1 - prob) ** 2 * (1 - 3 * prob),
                      strict=True),),
        counterexamples=(
            Counterexample("p̂ < 1/3", 1, World(intervals={prob: (0, Rational(1, 2))}),
                           moral="Above 1/3 the curvature is positive again."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_is_convex_above_a_third() -> Derivation:
    """M2: above p̂ = 1/3 it is positive."""
    world = World(intervals={prob: (Rational(1, 3), 1)})
    return Derivation(
        claim="M2", part="where positive", title="Above p̂ = 1/3 it is convex",
        conditions=(r"\(y = 1\)", r"\(1/3 < \hat{p} < 1\)"),
        world=world, head=CURVATURE, start=CURVATURE_FOR_ONE,
        steps=(AtLeast(Integer(0), r"\(3 \hat{p} > 1\)", slack=CURVATURE_FOR_ONE, strict=True),),
        counterexamples=(Counterexample("p̂ > 1/3", 1, World(intervals={prob: (0, 1)})),),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_turning_point() -> Derivation:
    """M2: p̂ = 1/3 is z = −log 2."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M2", part="turning point", title="The curvature changes sign at z = −log 2",
        conditions=(r"\(y = 1\)",),
        world=world, head=r"\hat{p}", start=prob,
        steps=(At(Rational(1, 3), r"\(e^{\log 2} = 2\)", put={logit: -log(2)}),),
        counterexamples=(Slip("the turning point for the label 0 is taken", 1, after=Rational(2, 3),
                              moral="For y = 0 it is z = +log 2."),),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_curvature_for_zero() -> Derivation:
    """M2: for y = 0 the second derivative is 2 p̂² (1 − p̂) (2 − 3 p̂)."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M2", part="mirror", title="For y = 0 the range is mirrored: negative above p̂ = 2/3",
        conditions=(r"\(y = 0\)",),
        world=world, head="L", start=prob**2,
        steps=(
            Derivative(FOR_ZERO, CHAIN, by=logit),
            Derivative(CURVATURE_FOR_ZERO, "product and chain rule", by=logit),
        ),
        counterexamples=(Slip("the loss for the label 1 is taken", 1, before=(prob - 1) ** 2),),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_is_not_convex_for_zero() -> Derivation:
    """M2: for y = 0 the curvature is negative above p̂ = 2/3."""
    world = World(intervals={prob: (Rational(2, 3), 1)})
    return Derivation(
        claim="M2", part="where negative for zero",
        title="Label 0: above p̂ = 2/3 the squared error is not convex",
        conditions=(r"\(y = 0\)", r"\(2/3 < \hat{p} < 1\)"),
        world=world, head=CURVATURE, start=CURVATURE_FOR_ZERO,
        steps=(AtMost(Integer(0), r"\(3 \hat{p} > 2\)", slack=2 * prob**2 * (1 - prob) * (3 * prob - 2),
                      strict=True),),
        counterexamples=(
            Counterexample("2/3 < p̂", 1, World(intervals={prob: (Rational(1, 2), 1)}),
                           moral="Below 2/3 the curvature is positive."),
            Slip("the curvature for the label 1 is taken", 1, before=CURVATURE_FOR_ONE),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_is_convex_below_two_thirds_for_zero() -> Derivation:
    """M2: and positive below it."""
    world = World(intervals={prob: (0, Rational(2, 3))})
    return Derivation(
        claim="M2", part="where positive for zero", title="Label 0: below p̂ = 2/3 it is convex",
        conditions=(r"\(y = 0\)", r"\(0 < \hat{p} < 2/3\)"),
        world=world, head=CURVATURE, start=CURVATURE_FOR_ZERO,
        steps=(AtLeast(Integer(0), r"\(3 \hat{p} < 2\)", slack=CURVATURE_FOR_ZERO, strict=True),),
        counterexamples=(Counterexample("p̂ < 2/3", 1, World(intervals={prob: (0, 1)})),),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_turning_point_for_zero() -> Derivation:
    """M2: p̂ = 2/3 is z = +log 2."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M2", part="turning point for zero", title="Label 0: the curvature changes sign at z = log 2",
        conditions=(r"\(y = 0\)",),
        world=world, head=r"\hat{p}", start=prob,
        steps=(At(Rational(2, 3), r"\(e^{-\log 2} = \tfrac12\)", put={logit: log(2)}),),
        counterexamples=(Slip("the turning point for the label 1 is taken", 1, after=Rational(1, 3),
                              moral="For y = 1 it is z = −log 2."),),
    )  # fmt: skip


@on_page(SATURATES)
def cross_entropy_is_convex() -> Derivation:
    """M2: the curvature of cross-entropy is p̂ (1 − p̂) > 0 everywhere."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M2", part="cross-entropy", title="Cross-entropy is convex in the logit everywhere",
        conditions=(r"\(y\) does not depend on \(z\)",),
        world=world, head="L", start=binary_cross_entropy.textbook,
        steps=(
            Derivative(prob - label, "prediction minus label", by=logit),
            Derivative(prob * (1 - prob), "the slope of the sigmoid", by=logit),
            Equal(exp(logit) / (1 + exp(logit)) ** 2, "the sigmoid, put in"),
            AtLeast(Integer(0), "both factors are positive", slack=exp(logit) / (1 + exp(logit)) ** 2,
                    strict=True),
        ),
        counterexamples=(
            Slip("the loss is squared error", 4, before=CURVATURE_FOR_ONE),
            Counterexample("y does not depend on z", 2, world.but(define={**SIGMOID, label: prob**2})),
        ),
    )  # fmt: skip
