"""Proper scores, and what is special about the logarithm: claim S1."""

from __future__ import annotations

from sympy import Function, Integer, KroneckerDelta, Sum, Symbol, log, oo, sqrt

from ce.claims.registry import claim
from ce.derivation import (
    LOG_LEMMA,
    SQUARES,
    AtLeast,
    Cite,
    Counterexample,
    Derivation,
    Derivative,
    Equal,
    LogGap,
    Minimum,
    Slip,
    World,
)
from ce.formulas import binary_cross_entropy, brier_score, cross_entropy, entropy, kl_divergence
from ce.symbols import K, c, j, k, l, label, multiplier, p, prob, q, share, y

EXPECTED_BRIER = Sum(p[l] * brier_score.textbook.xreplace({y[k]: KroneckerDelta(k, l)}), (l, 1, K))
SCORE, SCORE_SLOPE = Function("f", real=True), Function("f'", real=True)
ARGUMENT = Symbol("t", positive=True)


@claim
def log_score_regret() -> Derivation:
    """S1: the regret of the log score is the divergence, so it is strictly proper."""
    world = World(normalised=(p, q))
    gaps = Sum(LogGap(p[k], q[k]), (k, 1, K))
    return Derivation(
        claim="S1",
        part="log score",
        title="The regret of the log score is the divergence: strictly proper",
        conditions=(r"\(q_k > 0\)", "p and q are pmfs"),
        world=world,
        head="H(p, q) - H(p)",
        start=cross_entropy.textbook - entropy.textbook,
        steps=(
            Equal(kl_divergence.textbook, "one logarithm"),
            Equal(gaps, "p and q sum to one"),
            AtLeast(Integer(0), "Gibbs’ inequality; equality only at q = p", lemma=LOG_LEMMA),
        ),
        counterexamples=(Counterexample("q sums to one", 2, world.without(normalised=(q,))),),
    )


@claim
def log_score_of_two_classes() -> Derivation:
    """S1: for two classes, by the slope: the expected loss falls until p̂ is the true share, then rises."""
    expected = binary_cross_entropy.textbook.subs(label, share)
    return Derivation(
        claim="S1",
        part="log score of two classes",
        title="With two classes the expected loss is smallest where the true share is reported",
        conditions=(r"\(\pi_1\): true share of label 1, \(0 < \pi_1 < 1\)", r"\(0 < \hat{p} < 1\)"),
        world=World(intervals={prob: (0, 1), share: (0, 1)}),
        head=r"\mathbb{E}\, L",
        start=expected,
        steps=(
            Minimum(
                expected.subs(prob, share),
                r"its slope is \((\hat{p} - \pi_1) / (\hat{p} (1 - \hat{p}))\)",
                variable=prob,
                at=share,
                slope=1 / (prob * (1 - prob)),
            ),
        ),
        counterexamples=(
            Slip("the labels are exchanged", 1, before=expected.subs(share, 1 - share)),
            Counterexample("p̂ < 1", 1, World(intervals={prob: (0, oo), share: (0, 1)})),
        ),
    )


@claim
def brier_score_regret() -> Derivation:
    """S1: the regret of the Brier score is the squared distance, so it is strictly proper too."""
    world = World(normalised=(p, q))
    distance = Sum((q[k] - p[k]) ** 2, (k, 1, K))
    at_truth = EXPECTED_BRIER.xreplace({q: p})
    return Derivation(
        claim="S1",
        part="Brier score",
        title="The regret of the Brier score is a squared distance: strictly proper",
        conditions=("p is a pmf",),
        world=world,
        head=r"\mathbb{E}_{p} B(q, y) - \mathbb{E}_{p} B(p, y)",
        start=EXPECTED_BRIER - at_truth,
        steps=(
            Equal(
                Sum(q[k] ** 2 - 2 * p[k] * q[k], (k, 1, K)) + Sum(p[k] ** 2, (k, 1, K)),
                r"\(\mathbb{E}\,[k = l] = p_k\)",
            ),
            Equal(distance, "complete the square"),
            AtLeast(Integer(0), "a sum of squares: zero only at q = p", lemma=SQUARES),
        ),
        counterexamples=(Counterexample("p is a pmf", 1, world.without(normalised=(p,))),),
    )


@claim
def spherical_score_regret() -> Derivation:
    """S1: the regret of the spherical score is a squared distance of directions: strictly proper."""
    length_p, length_q = (sqrt(Sum(pmf[l] ** 2, (l, 1, K))) for pmf in (p, q))
    hit = Sum(p[k] * q[k], (k, 1, K))
    distance = length_p * Sum((p[k] / length_p - q[k] / length_q) ** 2, (k, 1, K)) / 2
    return Derivation(
        claim="S1",
        part="spherical score",
        title="The regret of the spherical score is a distance between directions: strictly proper",
        conditions=("p and q are pmfs",),
        world=World(normalised=(p, q), positive=(length_p**2, length_q**2)),
        head=r"\mathbb{E}_{p} S(p, y) - \mathbb{E}_{p} S(q, y)",
        start=Sum(p[k] ** 2, (k, 1, K)) / length_p - hit / length_q,
        steps=(
            Equal(distance, "complete the square; each direction has length one"),
            AtLeast(Integer(0), "a sum of squares: zero only for one direction, and so only at q = p", lemma=SQUARES),
        ),
        counterexamples=(
            Slip(
                "the probability is not divided by the length of q",
                2,
                before=length_p**2 - hit,
                moral="Paid by the bare probability of what happens, a model had better claim certainty.",
            ),
        ),
    )


@claim
def local_score_stationarity() -> Derivation:
    """S1: for a local score f(q_c) the stationary condition is p_j f'(q_j) = λ."""
    world = World(in_range={j: K}, slopes={SCORE: SCORE_SLOPE})
    return Derivation(
        claim="S1",
        part="local, stationarity",
        title="A local score depends on the probability of what happened only",
        conditions=(r"\(f\) is differentiable", r"\(q\) varies freely; \(\lambda\) enforces \(\sum_k q_k = 1\)"),
        world=world,
        head=r"\Lambda",
        start=Sum(p[k] * SCORE(q[k]), (k, 1, K)) - multiplier * (Sum(q[k], (k, 1, K)) - 1),
        steps=(Derivative(p[j] * SCORE_SLOPE(q[j]) - multiplier, r"only \(k = j\) contains \(q_j\)", by=q[j]),),
        conclusion=r"Proper means stationary at \(q = p\), whatever \(p\): \(t f'(t)\) is the same \(\lambda\) at \(t "
        r"= p_1, \dots, p_K\). With \(K \ge 3\) any two values \(t_1 + t_2 < 1\) occur together, so \(t f'(t)\) is "
        r"constant.",
        counterexamples=(Counterexample("j is one of the classes", 1, world.without(in_range=(j,))),),
    )


@claim
def only_the_logarithm_is_local() -> Derivation:
    """S1, lemma: if t f'(t) = λ for every t, then f(t) − λ log t has slope 0."""
    return Derivation(
        claim="S1",
        part="local, lemma",
        title="If t f′(t) is constant, f is a logarithm",
        conditions=(r"\(0 < t < 1\)",),
        world=World(slopes={SCORE: SCORE_SLOPE}, intervals={ARGUMENT: (0, 1)}),
        head=r"\left(f(t) - \lambda \log t\right)",
        start=SCORE(ARGUMENT) - multiplier * log(ARGUMENT),
        steps=(
            Derivative(SCORE_SLOPE(ARGUMENT) - multiplier / ARGUMENT, "term by term", by=ARGUMENT),
            Equal((ARGUMENT * SCORE_SLOPE(ARGUMENT) - multiplier) / ARGUMENT, r"zero where \(t f'(t) = \lambda\)"),
        ),
        conclusion=r"So \(f(t) = \lambda \log t\) plus a constant: the log score, up to scale and shift.",
        counterexamples=(Slip("the multiplier is taken to be 1", 2, before=SCORE_SLOPE(ARGUMENT) - 1 / ARGUMENT),),
    )


@claim
def brier_is_local_for_two_classes() -> Derivation:
    """S1: with two classes the Brier score is local as well: the theorem needs K >= 3."""
    three = World(in_range={c: 2}, shapes={q: (3,), p: (3,)}, normalised=(q,))
    return Derivation(
        claim="S1",
        part="two classes",
        title="With two classes the Brier score is local too",
        conditions=(r"\(K = 2\)", r"\(q_1 + q_2 = 1\)"),
        world=World(in_range={c: 2}, shapes={q: (2,), p: (2,)}, normalised=(q,)),
        head="B(q, c)",
        start=(q[1] - KroneckerDelta(1, c)) ** 2 + (1 - q[1] - KroneckerDelta(2, c)) ** 2,
        steps=(
            Equal(
                2 * (1 - q[1]) ** 2 * KroneckerDelta(1, c) + 2 * q[1] ** 2 * (1 - KroneckerDelta(1, c)),
                r"\(2 (1 - q_c)^2\) either way, since \(q_2 = 1 - q_1\)",
            ),
        ),
        conclusion="A second local proper score: “unique” needs at least three classes.",
        counterexamples=(
            Slip(
                "there are three classes",
                1,
                world=three,
                before=Sum((q[k] - KroneckerDelta(k, c)) ** 2, (k, 1, 3)),
                moral="With three classes the score depends on how the rest is split.",
            ),
        ),
    )


@claim
def log_score_is_the_only_local_one() -> Derivation:
    """S1: the theorem, cited."""
    return Derivation(
        claim="S1",
        part="locality",
        title="The log score is the only local proper score for three or more classes",
        conditions=(r"\(K \ge 3\)", "up to scale and shift"),
        world=World(in_range={c: K}),
        head="f(q_c)",
        start=SCORE(q[c]),
        steps=(Cite(multiplier * log(q[c]), "the argument above in full generality", source="gneiting2007"),),
    )
