"""Gibbs' inequality, what it rests on, and a divergence in numbers: claims I3 and I5."""

from __future__ import annotations

from dataclasses import replace

from sympy import Integer, Rational, Sum, log, sqrt

from ce.claims.cross_entropy import BINOMIAL, WORKED, WORKED_CONDITIONS
from ce.claims.registry import claim
from ce.derivation import (
    LOG_LEMMA,
    SQUARES,
    At,
    AtLeast,
    Counterexample,
    Derivation,
    Equal,
    LogGap,
    Rounded,
    Slip,
    World,
)
from ce.formulas import cross_entropy, entropy, kl_divergence
from ce.symbols import K, k, p, q

PMFS = r"\(\sum_k p_k = \sum_k q_k = 1\)"
COVERED = r"\(q_k > 0\) wherever \(p_k > 0\)"
SUPPORT = COVERED + r"; \(0 \log 0 = 0\); a class with \(p_k = q_k = 0\) is left out"


@claim
def log_below_its_tangent() -> Derivation:
    """I3, lemma: the gap between the logarithm and its tangent is never negative."""
    proof = LOG_LEMMA.proofs[0]
    return replace(
        proof,
        counterexamples=(
            Slip(
                "a is not taken away",
                2,
                before=proof.steps[0].expr + proof.start.args[0],
                moral="The bound log x ≤ x is true and touches nowhere.",
            ),
        ),
    )


@claim
def log_below_its_tangent_at_zero() -> Derivation:
    """I3, lemma: and neither where a is 0."""
    return replace(
        LOG_LEMMA.proofs[1], counterexamples=(Slip("0 log 0 is taken to leave nothing at all", 1, after=Integer(0)),)
    )


@claim
def gibbs_inequality() -> Derivation:
    """I3: the divergence is never negative."""
    world = World(normalised=(p, q))
    gaps = Sum(LogGap(p[k], q[k]), (k, 1, K))
    return Derivation(
        claim="I3",
        part="Gibbs",
        title="Gibbs' inequality: the divergence is never negative",
        conditions=(SUPPORT, PMFS),
        world=world,
        head=r"\mathrm{KL}(p \,\|\, q)",
        start=kl_divergence.textbook,
        steps=(
            Equal(gaps + Sum(p[k], (k, 1, K)) - Sum(q[k], (k, 1, K)), r"\(\mathrm{gap}(a, b) = b - a + a \log(a/b)\)"),
            Equal(gaps, "both sums are 1"),
            AtLeast(
                Integer(0),
                r"\(\log x \le x - 1\) at \(x = q_k / p_k\), times \(p_k\): every gap is \(\ge 0\)",
                slack=gaps,
                lemma=LOG_LEMMA,
            ),
        ),
        counterexamples=(
            Counterexample("q sums to one", 2, world.without(normalised=(q,))),
            Counterexample(
                "q sums to one (in the conclusion)",
                3,
                world.without(normalised=(q,)),
                from_start=True,
                moral="If q sums to more than 1 the “divergence” can be negative.",
            ),
            Counterexample("q > 0 where p > 0", 1, world.but(may_vanish=(q,))),
        ),
    )


@claim
def divergence_bounds_a_distance() -> Derivation:
    """I3: the divergence bounds a squared distance, so it is zero only for p = q, zeros in p included."""
    world = World(normalised=(p, q))
    slack = 2 * Sum(sqrt(p[k]) * LogGap(sqrt(p[k]), sqrt(q[k])), (k, 1, K))
    return Derivation(
        claim="I3",
        part="equality",
        title="The divergence is zero only when the two pmfs are equal",
        conditions=(SUPPORT, PMFS),
        world=world,
        head=r"\mathrm{KL}(p \,\|\, q)",
        start=kl_divergence.textbook,
        steps=(
            AtLeast(
                2 - 2 * Sum(sqrt(p[k]) * sqrt(q[k]), (k, 1, K)),
                r"the lemma at \(x = \sqrt{q_k / p_k}\), times \(2 p_k\)",
                slack=slack,
                lemma=LOG_LEMMA,
            ),
            Equal(Sum((sqrt(p[k]) - sqrt(q[k])) ** 2, (k, 1, K)), "complete the square; both pmfs sum to one"),
            AtLeast(
                Integer(0), "a sum of squares", slack=Sum((sqrt(p[k]) - sqrt(q[k])) ** 2, (k, 1, K)), lemma=SQUARES
            ),
        ),
        conclusion=r"If \(\mathrm{KL}(p \,\|\, q) = 0\) every square is 0, so \(q_k = p_k\) for every \(k\).",
        counterexamples=(
            Counterexample("both pmfs sum to one", 2, world.without(normalised=(p,))),
            Slip("the bound is doubled", 1, after=4 - 4 * Sum(sqrt(p[k]) * sqrt(q[k]), (k, 1, K))),
        ),
    )


@claim
def divergence_from_itself() -> Derivation:
    """I3: the divergence of a pmf from itself is zero."""
    return Derivation(
        claim="I3",
        part="itself",
        title="The divergence of a pmf from itself is zero",
        conditions=(r"\(p\) is a pmf", r"\(p_k > 0\), or the sum runs over such k"),
        world=World(normalised=(p, q), positive=(p,)),
        head=r"\mathrm{KL}(p \,\|\, q)",
        start=kl_divergence.textbook,
        steps=(At(Integer(0), r"every logarithm is \(\log 1\)", put={q[k]: p[k]}),),
        counterexamples=(
            Counterexample(
                "p > 0", 1, World(normalised=(p, q)), moral="0 log(0/0) needs its convention: leave such k out."
            ),
        ),
    )


@claim
def truth_minimises_cross_entropy() -> Derivation:
    """I3: q = p minimises H(p, ·)."""
    world = World(normalised=(p, q))
    return Derivation(
        claim="I3",
        part="minimum",
        title="Cross-entropy is smallest at q = p, where it is the entropy",
        conditions=(SUPPORT, PMFS),
        world=world,
        head="H(p, q)",
        start=cross_entropy.textbook,
        steps=(
            Equal(entropy.textbook + Sum(LogGap(p[k], q[k]), (k, 1, K)), r"\(H(p) + \mathrm{KL}(p \,\|\, q)\)"),
            AtLeast(entropy.textbook, "Gibbs' inequality", slack=Sum(LogGap(p[k], q[k]), (k, 1, K)), lemma=LOG_LEMMA),
        ),
        counterexamples=(
            Slip(
                "q = p is called a maximum",
                2,
                before=entropy.textbook,
                after=cross_entropy.textbook,
                moral="That q = p maximises has been printed, and is wrong.",
            ),
            Counterexample("q sums to one", 1, world.without(normalised=(q,))),
        ),
    )


@claim
def divergence_forward_in_numbers() -> Derivation:
    """I5: KL(p‖q) for the uniform against a binomial."""
    exact = (log(Rational(100, 147)) + log(Rational(100, 126)) + log(Rational(100, 27))) / 3
    return Derivation(
        claim="I5",
        part="forward",
        title="A divergence in numbers: uniform against Bin(2, 0.3)",
        conditions=WORKED_CONDITIONS,
        world=WORKED,
        head=r"\mathrm{KL}(p \,\|\, q)",
        start=kl_divergence.textbook,
        steps=(Equal(exact, "put the numbers in"), Rounded(because="in nats", digits=3)),
        counterexamples=(
            Slip(
                "p and q are swapped",
                1,
                before=Sum(q[k] * log(q[k] / p[k]), (k, 1, K)),
                moral="The other direction is another number.",
            ),
        ),
    )


@claim
def divergence_backward_in_numbers() -> Derivation:
    """I5: KL(q‖p) is another number."""
    exact = sum((b * log(3 * b) for b in BINOMIAL), Integer(0))
    return Derivation(
        claim="I5",
        part="backward",
        title="The same two pmfs the other way round",
        conditions=WORKED_CONDITIONS,
        world=WORKED,
        head=r"\mathrm{KL}(q \,\|\, p)",
        start=Sum(q[k] * log(q[k] / p[k]), (k, 1, K)),
        steps=(Equal(exact, "put the numbers in"), Rounded(because="in nats", digits=3)),
        counterexamples=(Slip("p and q are swapped", 1, before=kl_divergence.textbook),),
    )
