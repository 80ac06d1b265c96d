"""What a code costs: its lengths are a belief, and no code does better than the entropy, claim C1."""

from __future__ import annotations

from sympy import Integer, Sum, Symbol, log, oo

from ce.claims.registry import claim
from ce.derivation import (
    LOG_LEMMA,
    AtLeast,
    AtMost,
    Cite,
    Counterexample,
    Derivation,
    Equal,
    Limit,
    LogGap,
    Slip,
    World,
)
from ce.formulas import cross_entropy, entropy, kl_divergence
from ce.symbols import K, N, k, length, p, q, r, v

UNUSED = Symbol("u", nonnegative=True)
ROOM = Symbol("R", positive=True)
MEAN_LENGTH = Sum(p[k] * length[k], (k, 1, K))
IN_ROOM = {length[k]: -log(ROOM * q[k]) / log(2)}
LENGTHS = r"\(\ell_k\) are the lengths of a code that can be decoded"


@claim
def code_words_share_one_room() -> Derivation:
    """C1: the Kraft–McMillan inequality, cited."""
    return Derivation(
        claim="C1",
        part="Kraft",
        title="The words of a code share one unit of room",
        conditions=(f"{LENGTHS}: any string of words is read in one way only", "two symbols, 0 and 1"),
        world=World(),
        head=r"\sum_{k} 2^{-\ell_k}",
        start=Sum(2 ** (-length[k]), (k, 1, K)),
        steps=(
            Cite(
                ROOM,
                r"\(R \le 1\): Kraft’s inequality, which McMillan proved for all such codes",
                source="mcmillan1956",
            ),
        ),
    )


@claim
def no_code_beats_the_entropy() -> Derivation:
    """C1: the mean length is at least the cross-entropy in bits, and that at least the entropy."""
    world = World(normalised=(p, q), define={**IN_ROOM, ROOM: 1 / (1 + UNUSED)})
    return Derivation(
        claim="C1",
        part="entropy",
        title="No code needs fewer bits on average than the entropy",
        conditions=(
            f"{LENGTHS}, which take the room \\(R \\le 1\\); \\(q_k = 2^{{-\\ell_k}} / R\\)",
            r"\(p\) and \(q\) are pmfs",
        ),
        world=world,
        head=r"\sum_{k} p_{k} \ell_{k}",
        start=MEAN_LENGTH,
        steps=(
            Equal(cross_entropy.textbook / log(2) - log(ROOM) / log(2), r"\(\ell_k = -\log_2 R - \log_2 q_k\)"),
            AtLeast(cross_entropy.textbook / log(2), r"\(R \le 1\)", slack=log(1 + UNUSED) / log(2)),
            AtLeast(
                entropy.textbook / log(2),
                "Gibbs’ inequality",
                slack=Sum(LogGap(p[k], q[k]), (k, 1, K)) / log(2),
                lemma=LOG_LEMMA,
            ),
        ),
        conclusion=r"Equality needs \(R = 1\) and \(p_k = 2^{-\ell_k}\) for every \(k\).",
        counterexamples=(
            Counterexample(
                "R ≤ 1", 2, world.without(define=(ROOM,)), moral="Words that are too short cannot be told apart."
            ),
            Counterexample("p sums to one", 1, world.without(normalised=(p,))),
            Slip("nats are called bits", 3, before=cross_entropy.textbook),
        ),
    )


@claim
def wrong_lengths_cost_the_cross_entropy() -> Derivation:
    """C1: lengths made for q, paid where p is true, cost the cross-entropy in bits."""
    return Derivation(
        claim="C1",
        part="wrong code",
        title="The wrong code costs the cross-entropy, and wastes the divergence",
        conditions=(r"\(\ell_k = -\log_2 q_k\)", r"\(p\) and \(q\) are pmfs, \(q_k > 0\)"),
        world=World(normalised=(p, q), define={length[k]: -log(q[k]) / log(2)}),
        head=r"\sum_{k} p_{k} \ell_{k}",
        start=MEAN_LENGTH,
        steps=(
            Equal(cross_entropy.textbook / log(2), "the surprise of the belief, in bits"),
            Equal(
                (entropy.textbook + kl_divergence.textbook) / log(2), "what nobody can save, and what the belief wastes"
            ),
        ),
        counterexamples=(Slip("p and q are swapped", 1, before=-Sum(q[k] * log(p[k]), (k, 1, K)) / log(2)),),
    )


@claim
def rounded_lengths_have_room() -> Derivation:
    """C1: the lengths −log₂ p rounded up satisfy Kraft's inequality."""
    world = World(normalised=(p,), define={q[k]: p[k] - r[k]})
    return Derivation(
        claim="C1",
        part="rounded up, room",
        title="Lengths rounded up from −log₂ p fit into the room",
        conditions=(
            r"\(\ell_k \ge -\log_2 p_k\): word \(k\) takes the room \(q_k = 2^{-\ell_k} = p_k - r_k\), \(r_k \ge 0\)",
            r"\(p\) is a pmf",
        ),
        world=world,
        head=r"\sum_{k} 2^{-\ell_k}",
        start=Sum(q[k], (k, 1, K)),
        steps=(
            Equal(1 - Sum(r[k], (k, 1, K)), r"\(p\) sums to one"),
            AtMost(Integer(1), "no word takes more than its share"),
        ),
        counterexamples=(Counterexample("p sums to one", 1, world.without(normalised=(p,))),),
    )


@claim
def rounded_lengths_are_within_one_bit() -> Derivation:
    """C1: and their mean is less than one bit above the entropy."""
    world = World(normalised=(p,), positive=(p, v), define={length[k]: -log(p[k]) / log(2) + 1 - v[k]})
    return Derivation(
        claim="C1",
        part="rounded up, cost",
        title="They cost less than one bit more than the entropy",
        conditions=(
            r"\(\ell_k = -\log_2 p_k + 1 - v_k\) with \(v_k > 0\): rounding up adds less than one",
            r"\(p\) is a pmf",
        ),
        world=world,
        head=r"\sum_{k} p_{k} \ell_{k}",
        start=MEAN_LENGTH,
        steps=(
            Equal(entropy.textbook / log(2) + 1 - Sum(p[k] * v[k], (k, 1, K)), r"\(p\) sums to one"),
            AtMost(entropy.textbook / log(2) + 1, "and no word is longer by one", strict=True),
        ),
        counterexamples=(Counterexample("p sums to one", 1, world.without(normalised=(p,))),),
    )


@claim
def blocks_share_the_last_bit() -> Derivation:
    """C1: coded in blocks of N, each letter pays its entropy and one N-th of a bit at most."""
    bits = Symbol("H", nonnegative=True)
    return Derivation(
        claim="C1",
        part="blocks",
        title="Long blocks make the last bit as cheap as you like",
        conditions=(r"independent letters of \(H\) bits each: a block of \(N\) has the entropy \(NH\)",),
        world=World(),
        head=r"\text{bits a letter, at most}",
        start=(N * bits + 1) / N,
        steps=(
            Equal(bits + 1 / N, "less than one bit a block is wasted"),
            Limit(bits, "as blocks grow", variable=N, to=oo),
        ),
        counterexamples=(Slip("one bit is wasted for each letter", 1, after=bits + 1),),
    )
