"""Surprise, entropy and their units: claim I1."""

from __future__ import annotations

from sympy import Integer, Sum, Symbol, log, oo

from ce.claims.registry import claim
from ce.derivation import (
    LOG_LEMMA,
    At,
    AtLeast,
    AtMost,
    Counterexample,
    Derivation,
    Equal,
    LogGap,
    Rounded,
    Slip,
    World,
)
from ce.formulas import entropy
from ce.symbols import K, k, p

A, B = Symbol("a", positive=True), Symbol("b", positive=True)


@claim
def surprise_adds_up() -> Derivation:
    """I1: the surprise of two independent events adds up."""
    return Derivation(
        claim="I1",
        part="surprise",
        title="The surprise of two independent events is the sum of their surprises",
        conditions=(r"probabilities \(a, b > 0\), events independent",),
        world=World(intervals={A: (0, 1), B: (0, 1)}),
        head="-\\log ab",
        start=-log(A * B),
        steps=(Equal(-log(A) - log(B), "the logarithm of a product"),),
        counterexamples=(
            Slip(
                "one coin is looked at twice, so that both events have the probability a",
                1,
                before=-log(A),
                after=-2 * log(A),
                moral="The second look is no surprise: where events depend, their probabilities do not multiply.",
            ),
        ),
    )


@claim
def entropy_in_bits() -> Derivation:
    """I1: another base is another unit: divide nats by log 2 for bits."""
    return Derivation(
        claim="I1",
        part="bits",
        title="Entropy in bits is entropy in nats divided by log 2",
        conditions=(r"\(0 \log 0 = 0\)", r"\(\log_2 x = \log x / \log 2\)"),
        world=World(),
        head=r"-\sum_{k} p_{k} \log_2 p_{k}",
        start=-Sum(p[k] * (log(p[k]) / log(2)), (k, 1, K)),
        steps=(Equal(entropy.textbook / log(2), r"\(1 / \log 2\) is the same in every term"),),
        counterexamples=(
            Slip(
                "nats are multiplied by log 2",
                1,
                after=entropy.textbook * log(2),
                moral="A nat is more than a bit: 1.44 of them.",
            ),
            Slip("nats are reported as bits", 1, after=entropy.textbook),
        ),
    )


@claim
def entropy_in_any_unit() -> Derivation:
    """I1: a logarithm to the base b divides everything by log b: hartleys at b = 10, nats at b = e."""
    in_base = -Sum(p[k] * (log(p[k]) / log(B)), (k, 1, K))
    return Derivation(
        claim="I1",
        part="any unit",
        title="The base of the logarithm is the unit: hartleys, and any other",
        conditions=(r"\(b > 1\), \(\log_b x = \log x / \log b\)", r"\(0 \log 0 = 0\)"),
        world=World(intervals={B: (1, oo)}),
        head=r"-\sum_{k} p_{k} \log_b p_{k}",
        start=in_base,
        steps=(
            Equal(entropy.textbook / log(B), r"\(1 / \log b\) is the same in every term"),
            At(entropy.textbook / log(10), "hartleys", put={B: Integer(10)}),
        ),
        counterexamples=(
            Counterexample(
                "b > 1",
                1,
                World(define={B: Integer(1)}),
                moral="Base 1 is no unit: its logarithm would divide by zero.",
            ),
            Slip("the base of the logarithm is forgotten", 1, after=entropy.textbook),
            Slip("bits are reported as hartleys", 2, after=entropy.textbook / log(2)),
        ),
    )


@claim
def one_nat_in_bits() -> Derivation:
    """I1: one nat is 1.4427 bits."""
    return Derivation(
        claim="I1",
        part="nat",
        title="One nat in bits",
        conditions=(),
        world=World(),
        head=r"1 \text{ nat in bits}",
        start=1 / log(2),
        steps=(Rounded(because="computed", digits=4),),
        counterexamples=(Slip("nats per bit are taken", 1, before=log(2)),),
    )


@claim
def one_hartley_in_bits() -> Derivation:
    """I1: one hartley is log 10 nats, 3.3219 bits."""
    return Derivation(
        claim="I1",
        part="hartley",
        title="One hartley in bits",
        conditions=(),
        world=World(),
        head=r"1 \text{ hartley in bits}",
        start=log(10) / log(2),
        steps=(Rounded(because="computed", digits=4),),
        counterexamples=(Slip("the answer is given in nats", 1, before=log(10)),),
    )


@claim
def entropy_of_the_uniform() -> Derivation:
    """I1: the uniform pmf on K faces has entropy log K."""
    return Derivation(
        claim="I1",
        part="uniform",
        title="The entropy of a fair die with K faces",
        conditions=(r"\(p_k = 1/K\)",),
        world=World(define={p[k]: 1 / K}),
        head="H(p)",
        start=entropy.textbook,
        steps=(Equal(Sum(log(K) / K, (k, 1, K)), r"\(-\log(1/K) = \log K\)"), Equal(log(K), "K equal terms")),
        counterexamples=(
            Slip(
                "the minus sign is kept", 2, after=-log(K), moral="An entropy is never negative; −log n is a misprint."
            ),
            Counterexample("the die is fair", 1, World(normalised=(p,))),
        ),
    )


@claim
def entropy_is_never_negative() -> Derivation:
    """I1: an entropy is at least the chance that two draws differ, and so never negative."""
    world = World(normalised=(p,), positive=(p,))
    spread = Sum(p[k] * (1 - p[k]), (k, 1, K))
    return Derivation(
        claim="I1",
        part="smallest",
        title="No entropy is negative",
        conditions=(r"\(\sum_k p_k = 1\)", r"the sum runs over the outcomes with \(p_k > 0\)"),
        world=world,
        head="H(p)",
        start=entropy.textbook,
        steps=(
            AtLeast(
                spread,
                r"\(-\log x \ge 1 - x\) at \(x = p_k\), times \(p_k\)",
                slack=Sum(p[k] * LogGap(Integer(1), p[k]), (k, 1, K)),
                lemma=LOG_LEMMA,
            ),
            AtLeast(Integer(0), r"\(p_k \le 1\)"),
        ),
        conclusion=r"It is 0 only where every \(p_k (1 - p_k)\) is: for a certainty.",
        counterexamples=(
            Counterexample(
                "p sums to one",
                2,
                world.without(normalised=(p,)),
                from_start=True,
                moral="With weights above one the sum can be negative.",
            ),
        ),
    )


@claim
def entropy_is_at_most_log_of_the_classes() -> Derivation:
    """I1: no pmf on K outcomes has more entropy than the uniform one: its gap to log K is a divergence."""
    world = World(normalised=(p,))
    gaps = Sum(LogGap(p[k], 1 / K), (k, 1, K))
    return Derivation(
        claim="I1",
        part="largest",
        title="No pmf on K outcomes has more entropy than log K",
        conditions=(r"\(\sum_k p_k = 1\)", r"\(0 \log 0 = 0\)"),
        world=world,
        head="H(p)",
        start=entropy.textbook,
        steps=(
            Equal(
                log(K) - Sum(p[k] * log(p[k] / (1 / K)), (k, 1, K)),
                r"\(p\) sums to one; the sum is \(\mathrm{KL}(p \,\|\, u)\) with \(u_k = 1/K\)",
            ),
            AtMost(log(K), r"\(\log x \le x - 1\) at \(x = 1 / (K p_k)\), times \(p_k\)", slack=gaps, lemma=LOG_LEMMA),
        ),
        conclusion=r"Equality needs \(K p_k = 1\) for every \(k\): the uniform pmf alone reaches \(\log K\).",
        counterexamples=(
            Counterexample("p sums to one", 1, world.without(normalised=(p,))),
            Counterexample(
                "p sums to one (in the conclusion)",
                2,
                world.without(normalised=(p,)),
                from_start=True,
                moral="Weights that do not sum to one can exceed log K.",
            ),
        ),
    )
