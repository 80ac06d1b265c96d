"""What it costs to believe q where p is the truth: cross-entropy by itself, claims I1 and I5."""

from __future__ import annotations

from sympy import Integer, Sum, Symbol, log, oo

from ce.claims.registry import on_page
from ce.claims.units import BINOMIAL, WORKED, WORKED_CONDITIONS
from ce.derivation import Counterexample, Derivation, Equal, Limit, Rounded, Slip, World
from ce.formulas import cross_entropy
from ce.symbols import K, c, k, p, q

CROSS_ENTROPY_PAGE = "quantity/cross-entropy"


@on_page(CROSS_ENTROPY_PAGE)
def cross_entropy_in_bits() -> Derivation:
    """I1: cross-entropy in another unit, as entropy."""
    world = World()
    return Derivation(
        claim="I1", part="cross-entropy in bits",
        title="Cross-entropy in bits is cross-entropy in nats divided by log 2",
        conditions=(r"\(q_k > 0\)",),
        world=world, head=r"-\sum_{k} p_{k} \log_2 q_{k}", start=-Sum(p[k] * (log(q[k]) / log(2)), (k, 1, K)),
        steps=(Equal(cross_entropy.textbook / log(2), r"\(1 / \log 2\) is the same in every term"),),
        counterexamples=(Slip("nats are reported as bits", 1, after=cross_entropy.textbook),),
    )  # fmt: skip


@on_page(CROSS_ENTROPY_PAGE)
def uniform_belief_costs_log_of_the_classes() -> Derivation:
    """I1: who holds all K classes for equally likely is surprised by log K, whatever the truth."""
    world = World(normalised=(p,), define={q[k]: 1 / K})
    return Derivation(
        claim="I1", part="uniform belief", title="Knowing nothing costs log K, whatever the truth",
        conditions=(r"\(\sum_k p_k = 1\)", r"\(q_k = 1/K\)"),
        world=world, head="H(p, q)", start=cross_entropy.textbook,
        steps=(
            Equal(Sum(p[k] * log(K), (k, 1, K)), r"\(-\log(1/K) = \log K\) for every class"),
            Equal(log(K), r"\(p\) sums to one"),
        ),
        counterexamples=(
            Counterexample("p sums to one", 2, world.without(normalised=(p,)),
                           moral="Weights in place of probabilities move the level of knowing nothing."),
            Counterexample("the belief is uniform", 1, World(normalised=(p, q))),
        ),
    )  # fmt: skip


@on_page(CROSS_ENTROPY_PAGE)
def one_hot_truth_leaves_one_surprise() -> Derivation:
    """I1: for a one-hot truth the cross-entropy is the surprise at the true class."""
    world = World(one_hot={p: c}, in_range={c: K}, normalised=(q,))
    return Derivation(
        claim="I1", part="one-hot truth", title="With a one-hot label only the true class counts",
        conditions=(r"\(p_k = [k = c]\)", r"\(q_k > 0\)"),
        world=world, head="H(p, q)", start=cross_entropy.textbook,
        steps=(Equal(-log(q[c]), r"only the term \(k = c\) has a weight"),),
        counterexamples=(
            Counterexample("p is one-hot", 1, World(normalised=(p, q), in_range={c: K}),
                           moral="A soft label asks about the other classes too."),
        ),
    )  # fmt: skip


@on_page(CROSS_ENTROPY_PAGE)
def ruling_out_what_happens_costs_without_bound() -> Derivation:
    """I1: a belief near zero in what does happen costs without bound, however seldom it happens."""
    share, belief = Symbol("a", positive=True), Symbol("b", positive=True)
    world = World(intervals={share: (0, 1), belief: (0, 1)})
    lost = -share * log(belief) - (1 - share) * log(1 - belief)
    return Derivation(
        claim="I1", part="ruled out", title="To rule out what happens costs without bound",
        conditions=(r"\(p = (a, 1 - a)\), \(0 < a < 1\)", r"\(q = (b, 1 - b)\)"),
        world=world, head="H(p, q)", start=lost,
        steps=(Limit(oo, r"\(-a \log b \to \infty\) as \(b \to 0\), however small \(a\) is",
                     variable=belief, to=0, side="+"),),
        counterexamples=(
            Slip("the term of what is ruled out is left out", 1, before=-(1 - share) * log(1 - belief),
                 moral="What never happens may be ruled out for nothing."),
        ),
    )  # fmt: skip


@on_page(CROSS_ENTROPY_PAGE)
def cross_entropy_is_not_symmetric() -> Derivation:
    """I5: H(p, q) − H(q, p) is not zero; here it is in numbers."""
    difference = cross_entropy.textbook + Sum(q[k] * log(p[k]), (k, 1, K))
    return Derivation(
        claim="I5", part="cross-entropy", title="Cross-entropy is not symmetric",
        conditions=WORKED_CONDITIONS, world=WORKED, head="H(p, q) - H(q, p)", start=difference,
        steps=(
            Equal(-sum((log(b) for b in BINOMIAL), Integer(0)) / 3 - log(3), "put the numbers in"),
            Rounded(because="in nats: far from 0", digits=3),
        ),
        counterexamples=(
            Slip("the two orders are taken for one", 1, after=Integer(0)),
        ),
    )  # fmt: skip
