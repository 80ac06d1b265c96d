"""Where the focal loss is convex in the logit, and where it is not: claim V3."""

from __future__ import annotations

from sympy import Integer, Rational, exp, log, oo

from ce.claims.registry import on_page
from ce.derivation import At, AtMost, Counterexample, Derivation, Derivative, Limit, Root, Slip, World
from ce.symbols import gamma, logit, prob

FOCAL = "when-to-change/focal-loss"
SIGMOID = {prob: 1 / (1 + exp(-logit))}
UNIT = {prob: (0, 1)}
GRADIENT = (1 - prob) ** gamma * (gamma * prob * log(prob) - (1 - prob))
BRACKET = (2 * gamma + 1) * (1 - prob) + gamma * log(prob) * (1 - prob - gamma * prob)
BRACKET_SLOPE = -(2 * gamma + 1) + gamma * ((1 - prob - gamma * prob) / prob - (1 + gamma) * log(prob))
TRUE_CLASS = r"\(\hat{p}\): probability of the true class, the sigmoid of its logit"


@on_page(FOCAL)
def focal_curvature() -> Derivation:
    """V3: the second derivative at the logit."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="V3", part="curvature", title="The curvature of the focal loss",
        conditions=(TRUE_CLASS,), world=world, head=r"\frac{\partial L_\gamma}{\partial z}", start=GRADIENT,
        steps=(Derivative(prob * (1 - prob) ** gamma * BRACKET, "product and chain rule", by=logit),),
        counterexamples=(Slip("the logarithm is dropped", 1,
                              after=prob * (1 - prob) ** gamma * (2 * gamma + 1) * (1 - prob)),),
    )  # fmt: skip


@on_page(FOCAL)
def focal_is_not_convex_when_wrong() -> Derivation:
    """V3: for every γ > 0 the curvature is negative once p̂ is small enough."""
    world = World(intervals=UNIT, positive=(gamma,))
    return Derivation(
        claim="V3", part="not convex", title="For every γ > 0 it is not convex for a confident mistake",
        conditions=(r"\(\gamma > 0\)",), world=world, head=r"\left(\text{bracket of the curvature}\right)",
        start=BRACKET,
        steps=(Limit(-oo, r"\(\gamma \log \hat{p} \to -\infty\), the rest stays", variable=prob,
                     to=Integer(0), side="+"),),
        counterexamples=(Counterexample("γ > 0", 1, World(define={gamma: Integer(0)}, intervals=UNIT)),),
    )  # fmt: skip


@on_page(FOCAL)
def focal_bracket_is_concave() -> Derivation:
    """V3: for every γ > 0 the bracket of the curvature is concave in p̂."""
    world = World(intervals=UNIT, positive=(gamma,))
    slack = gamma * (1 / prob**2 + (1 + gamma) / prob)
    return Derivation(
        claim="V3", part="bracket, shape", title="For every γ > 0 the bracket of the curvature is concave",
        conditions=(r"\(\gamma > 0\)", r"\(0 < \hat{p} < 1\)"), world=world, head="B", start=BRACKET,
        steps=(
            Derivative(BRACKET_SLOPE, "product rule", by=prob),
            Derivative(-slack, "and again", by=prob),
            AtMost(Integer(0), r"\(\gamma > 0\)", slack=slack, strict=True),
        ),
        counterexamples=(
            Counterexample("γ > 0", 3, World(intervals=UNIT),
                           moral="At γ = 0 it is a straight line: the loss is cross-entropy, convex "
                                 "everywhere."),
        ),
    )  # fmt: skip


@on_page(FOCAL)
def focal_bracket_at_certainty() -> Derivation:
    """V3: it ends at 0, where the prediction is certain."""
    world = World(intervals=UNIT)
    return Derivation(
        claim="V3", part="bracket, end", title="At p̂ = 1 the bracket is zero",
        conditions=(r"\(\hat{p} = 1\)",), world=world, head="B", start=BRACKET,
        steps=(At(Integer(0), r"\(\log 1 = 0\)", put={prob: Integer(1)}),),
        counterexamples=(Slip("p̂ is written for its logarithm", 1,
                              before=BRACKET.subs(log(prob), prob)),),
    )  # fmt: skip


@on_page(FOCAL)
def focal_bracket_slope_at_certainty() -> Derivation:
    """V3: it comes down to that end; so for every γ > 0 it is zero exactly once before."""
    world = World(intervals=UNIT, positive=(gamma,))
    return Derivation(
        claim="V3", part="one turning point", title="For every γ > 0 the curvature changes sign exactly once",
        conditions=(r"\(\gamma > 0\)", r"\(\hat{p} = 1\)"), world=world,
        head=r"\frac{\partial B}{\partial \hat{p}}", start=BRACKET_SLOPE,
        steps=(
            At(-((gamma + 1) ** 2), r"\(\log 1 = 0\)", put={prob: Integer(1)}),
            AtMost(Integer(0), "minus a square", slack=(gamma + 1) ** 2, strict=True),
        ),
        conclusion=r"\(B\) is concave, comes from \(-\infty\) and comes down to 0 at \(\hat{p} = 1\): it "
                   r"crosses 0 once on the way. Below that \(\hat{p}\) the loss is not convex in the logit, "
                   r"above it is.",
        counterexamples=(Slip("the bracket is taken for its slope", 1, before=BRACKET),),
    )  # fmt: skip


@on_page(FOCAL)
def focal_turning_point() -> Derivation:
    """V3: for γ = 2 the curvature changes sign at a small p̂."""
    world = World(intervals=UNIT)
    return Derivation(
        claim="V3", part="turning point", title="Where the focal loss with γ = 2 stops being convex",
        conditions=(r"\(\gamma = 2\)",), world=world, head=r"\left(\text{bracket of the curvature}\right)",
        start=BRACKET,
        steps=(
            At(5 * (1 - prob) + 2 * log(prob) * (1 - 3 * prob), "put in", put={gamma: Integer(2)}),
            Root(because="found numerically: a change of sign", variable=prob,
                 between=(Rational(1, 100), Rational(3, 10)), digits=3),
        ),
        counterexamples=(Slip("γ = 1 is put in", 2, before=BRACKET.subs(gamma, 1)),),
    )  # fmt: skip
