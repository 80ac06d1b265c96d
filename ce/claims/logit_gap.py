"""How far apart label smoothing wants the logits: claim V2."""

from __future__ import annotations

from sympy import Integer, KroneckerDelta, Sum, exp, log, oo

from ce.claims.registry import on_page
from ce.derivation import At, Counterexample, Derivation, Equal, Limit, Slip, World
from ce.symbols import K, k, l, q, smoothing, z

SMOOTHING = "when-to-change/label-smoothing"
SOFTMAX = {q[k]: exp(z[k]) / Sum(exp(z[l]), (l, 1, K))}
BETWEEN = {smoothing: (0, 1)}
EPSILON = r"\(0 < \varepsilon < 1\)"


@on_page(SMOOTHING)
def optimal_gap_over_all_classes() -> Derivation:
    """V2: the best logit gap is finite: log(K(1 − ε)/ε + 1)."""
    world = World(define=SOFTMAX, intervals=BETWEEN, at_least={K: 2})
    label = (1 - smoothing) * KroneckerDelta(k, 1) + smoothing / K
    return Derivation(
        claim="V2", part="gap, ε/K", title="The best gap between the logits is finite (ε over all classes)",
        conditions=(EPSILON, r"the true class is numbered 1, any other 2; \(K \ge 2\)",
                    r"\(q\) is the softmax of \(z\), and at its best the smoothed label"),
        world=world, head=r"(z_{1} - z_{2})", start=z[1] - z[2],
        steps=(
            Equal(log(q[1] / q[2]), "the softmax: its denominator cancels"),
            At(log((1 - smoothing + smoothing / K) / (smoothing / K)), "the smoothed label, put in",
               put={q[k]: label}),
            Equal(log(K * (1 - smoothing) / smoothing + 1), r"divide by \(\varepsilon / K\)"),
        ),
        counterexamples=(
            Counterexample("q is the softmax of z", 1, world.without(define=tuple(SOFTMAX))),
            Slip("the gap of the other convention is taken", 3,
                 after=log((K - 1) * (1 - smoothing) / smoothing)),
        ),
    )  # fmt: skip


@on_page(SMOOTHING)
def optimal_gap_over_the_others() -> Derivation:
    """V2: in the other convention log((K − 1)(1 − ε)/ε)."""
    world = World(define=SOFTMAX, intervals=BETWEEN, at_least={K: 2})
    true = KroneckerDelta(k, 1)
    label = (1 - smoothing) * true + smoothing / (K - 1) * (1 - true)
    return Derivation(
        claim="V2", part="gap, ε/(K−1)",
        title="The best gap between the logits is finite (ε over the other classes)",
        conditions=(EPSILON, r"the true class is numbered 1, any other 2; \(K \ge 2\)",
                    r"\(q\) is the softmax of \(z\), and at its best the smoothed label"),
        world=world, head=r"(z_{1} - z_{2})", start=z[1] - z[2],
        steps=(
            Equal(log(q[1] / q[2]), "the softmax: its denominator cancels"),
            At(log((1 - smoothing) / (smoothing / (K - 1))), "the smoothed label, put in", put={q[k]: label}),
            Equal(log((K - 1) * (1 - smoothing) / smoothing), r"divide by \(\varepsilon / (K - 1)\)"),
        ),
        counterexamples=(
            Counterexample("K ≥ 2", 3, world.without(at_least=(K,))),
            Slip("the gap of the other convention is taken", 3,
                 after=log(K * (1 - smoothing) / smoothing + 1)),
        ),
    )  # fmt: skip


@on_page(SMOOTHING)
def hard_labels_have_no_finite_gap() -> Derivation:
    """V2: without smoothing the gap has no finite optimum."""
    world = World(intervals=BETWEEN)
    return Derivation(
        claim="V2", part="no smoothing", title="Without smoothing the best gap is infinite",
        conditions=(EPSILON,), world=world, head=r"z_{c} - z_{j}",
        start=log(K * (1 - smoothing) / smoothing + 1),
        steps=(Limit(oo, r"\(K (1 - \varepsilon) / \varepsilon\) grows without bound", variable=smoothing,
                     to=Integer(0), side="+"),),
        counterexamples=(
            Slip("the division by ε is forgotten", 1, before=log(K * (1 - smoothing) + 1),
                 moral="Without the division by ε the gap would stay finite."),
        ),
    )  # fmt: skip
