"""What one temperature does to all logits, and where it is best: claims C6 and C4."""

from __future__ import annotations

from sympy import Sum, Symbol, exp, log

from ce.claims.registry import claim
from ce.derivation import Apply, AtLeast, AtMost, Counterexample, Derivation, Derivative, Equal, Slip, World
from ce.formulas import Largest
from ce.symbols import K, c, j, k, l, q, temperature, z

INVERSE = Symbol("b", positive=True)
AT_TEMPERATURE = {q[k]: exp(INVERSE * z[k]) / Sum(exp(INVERSE * z[l]), (l, 1, K))}
EXPECTED_LOGIT = Sum(q[k] * z[k], (k, 1, K))
LARGEST = Largest(z[k] / temperature, k, K)
POWERS = Sum(exp(z[k] / temperature), (k, 1, K))
SUM = r"\sum_{k} e^{z_{k} / T}"


@claim
def log_sum_exp_above_the_largest() -> Derivation:
    """C4: the log-sum-exp is at least the largest entry."""
    return Derivation(
        claim="C4",
        part="log-sum-exp, from below",
        title="The log-sum-exp is at least the largest entry",
        conditions=(r"\(T > 0\)",),
        world=World(),
        head=SUM,
        start=POWERS,
        steps=(
            AtLeast(exp(LARGEST), "one of the terms is that of the largest, and the others are positive"),
            Apply(LARGEST, "the logarithm is increasing", function=log),
        ),
        counterexamples=(Slip("the largest of twice the logits is taken", 1, after=exp(2 * LARGEST)),),
    )


@claim
def log_sum_exp_below_the_largest_and_log_classes() -> Derivation:
    """C4: and at most log K more than that, so T times it tends to the largest logit as T tends to 0."""
    return Derivation(
        claim="C4",
        part="log-sum-exp, from above",
        title="The log-sum-exp is at most log K more than the largest entry",
        conditions=(r"\(T > 0\)",),
        world=World(),
        head=SUM,
        start=POWERS,
        steps=(
            AtMost(
                K * exp(LARGEST),
                r"each of the \(K\) terms is at most that of the largest",
                slack=Sum(exp(LARGEST) - exp(z[k] / temperature), (k, 1, K)),
            ),
            Apply(log(K) + LARGEST, "the logarithm is increasing", function=log),
        ),
        conclusion=r"Times \(T\), it is at most \(T \log K\) above \(\max_k z_k\), which falls to 0 with \(T\).",
        counterexamples=(Slip("all terms but one are counted", 1, after=(K - 1) * exp(LARGEST)),),
    )


@claim
def temperature_keeps_the_ranking() -> Derivation:
    """C6: the logarithm of a ratio of probabilities is divided by T, and so keeps its sign."""
    return Derivation(
        claim="C6",
        part="ranking",
        title="A temperature changes no ranking",
        conditions=(r"\(q\) is the softmax of \(b z\), \(b = 1/T > 0\)",),
        world=World(define=AT_TEMPERATURE, in_range={j: K, l: K}),
        start=log(q[j] / q[l]),
        steps=(Equal(INVERSE * (z[j] - z[l]), "the denominators cancel"),),
        conclusion="Its sign is that of the difference of the logits: who was ahead stays ahead.",
        counterexamples=(Slip("each logit has a temperature of its own", 1, after=INVERSE * z[j] - z[l]),),
    )


@claim
def slope_in_the_inverse_temperature() -> Derivation:
    """C6: the slope of one example's loss in 1/T is the expected logit minus the logit of the label."""
    world = World(define=AT_TEMPERATURE, in_range={c: K})
    return Derivation(
        claim="C6",
        part="optimum",
        title="The slope in 1/T is the expected logit minus the logit of the label",
        conditions=(r"\(q\) is the softmax of \(b z\), \(b = 1/T\)", "c is the true class"),
        world=world,
        head="L(b)",
        start=-log(q[c]),
        steps=(Derivative(EXPECTED_LOGIT - z[c], "the log-sum-exp has an average as its slope", by=INVERSE),),
        conclusion="Averaged over a data set it is zero at the best temperature: there the mean logit of the "
        "labels is the mean logit that the model expects.",
        counterexamples=(Counterexample("c is one of the classes", 1, world.without(in_range=(c,))),),
    )


@claim
def loss_is_convex_in_the_inverse_temperature() -> Derivation:
    """C6: the second derivative is the variance of the logits under q."""
    return Derivation(
        claim="C6",
        part="curvature",
        title="The loss is convex in 1/T: its second derivative is a variance",
        conditions=(r"\(q\) is the softmax of \(b z\), \(b = 1/T\)",),
        world=World(define=AT_TEMPERATURE, in_range={c: K}),
        head=r"\frac{\partial L}{\partial b}",
        start=EXPECTED_LOGIT - z[c],
        steps=(
            Derivative(
                Sum(q[k] * z[k] ** 2, (k, 1, K)) - EXPECTED_LOGIT**2,
                "mean of squares minus square of the mean",
                by=INVERSE,
            ),
        ),
        conclusion="A variance is never negative. So there is at most one best temperature, unless the variance is 0 "
        "throughout; and there is none where the loss falls, or rises, all the way.",
        counterexamples=(Slip("the square of the mean is left out", 1, after=Sum(q[k] * z[k] ** 2, (k, 1, K))),),
    )
