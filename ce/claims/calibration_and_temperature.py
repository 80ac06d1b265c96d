"""From the largest logit to the log-sum-exp: claim C13."""

from __future__ import annotations

from sympy import Sum, Symbol, exp, log

from ce.claims.registry import claim
from ce.derivation import Apply, AtLeast, AtMost, Derivation, Slip, World
from ce.formulas import Largest
from ce.symbols import K, k, z

TEMPERATURE = Symbol("T", positive=True)
LARGEST = Largest(z[k] / TEMPERATURE, k, K)
POWERS = Sum(exp(z[k] / TEMPERATURE), (k, 1, K))
SUM = r"\sum_{k} e^{z_{k} / T}"


@claim
def log_sum_exp_above_the_largest() -> Derivation:
    """C13: the log-sum-exp is at least the largest entry."""
    return Derivation(
        claim="C13",
        part="from below",
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
    """C13: and at most log K more than that, so T times it tends to the largest logit as T tends to 0."""
    return Derivation(
        claim="C13",
        part="from above",
        title="The log-sum-exp is at most log K more than the largest entry",
        conditions=(r"\(T > 0\)",),
        world=World(),
        head=SUM,
        start=POWERS,
        steps=(
            AtMost(
                K * exp(LARGEST),
                r"each of the \(K\) terms is at most that of the largest",
                slack=Sum(exp(LARGEST) - exp(z[k] / TEMPERATURE), (k, 1, K)),
            ),
            Apply(log(K) + LARGEST, "the logarithm is increasing", function=log),
        ),
        conclusion=r"Times \(T\), it is at most \(T \log K\) above \(\max_k z_k\): a cold softmax is a hard "
        "choice.",
        counterexamples=(Slip("all terms but one are counted", 1, after=(K - 1) * exp(LARGEST)),),
    )
