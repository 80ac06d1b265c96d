"""Entropy, cross-entropy and divergence: claims I1 to I5."""

from __future__ import annotations

from sympy import Integer, Sum, Symbol, log

from ce.claims.registry import on_page
from ce.derivation import ArgMin, Counterexample, Derivation, Equal, SameArgmin, Slip, World
from ce.formulas import cross_entropy, entropy, kl_divergence
from ce.symbols import K, c, k, p, q, theta

ONE_PROCEDURE = "three-names/one-procedure"
Q_POSITIVE = r"\(q_k > 0\) wherever \(p_k > 0\)"
H = Symbol("H(p)", real=True)
KL = Symbol(r"\mathrm{KL}(p \,\|\, q)", real=True)
NAMED = {H: entropy.textbook, KL: kl_divergence.textbook}


@on_page(ONE_PROCEDURE)
def cross_entropy_splits() -> Derivation:
    """I2: cross-entropy is entropy plus divergence."""
    world = World(define=NAMED)
    return Derivation(
        claim="I2", title="Cross-entropy is entropy plus divergence",
        conditions=(Q_POSITIVE, r"\(0 \log 0 = 0\); a class with \(p_k = q_k = 0\) is left out"),
        world=world, head="H(p, q)", start=cross_entropy.textbook,
        steps=(
            Equal(Sum(-p[k] * log(p[k]) + p[k] * (log(p[k]) - log(q[k])), (k, 1, K)),
                  r"add and subtract \(p_k \log p_k\)"),
            Equal(entropy.textbook + kl_divergence.textbook,
                  "a difference of logarithms is the logarithm of a ratio"),
            Equal(H + KL, "by their definitions"),
        ),
        counterexamples=(
            Counterexample("q > 0 where p > 0", 1, world.but(may_vanish=(q,)),
                           moral="Both sides are infinite then, and there is nothing to add up."),
            Slip("the divergence is taken from q to p", 3,
                 after=H + Sum(q[k] * log(q[k] / p[k]), (k, 1, K)),
                 moral="The two divergences are different numbers."),
        ),
    )  # fmt: skip


@on_page(ONE_PROCEDURE)
def same_minimisers_as_divergence() -> Derivation:
    """I4: cross-entropy and divergence have the same minimisers, since H(p) is free of θ."""
    world = World(normalised=(p, q), depends_on={q: theta})
    varying = world.but(depends_on={q: theta, p: theta})
    return Derivation(
        claim="I4", part="same minimisers", title="Minimising cross-entropy is minimising divergence",
        conditions=(r"\(p\) does not depend on \(\theta\)", Q_POSITIVE),
        world=world, head=r"\hat{\theta}", start=ArgMin(cross_entropy.textbook, theta),
        steps=(
            Equal(ArgMin(entropy.textbook + kl_divergence.textbook, theta),
                  r"\(H(p, q) = H(p) + \mathrm{KL}(p \,\|\, q)\)"),
            SameArgmin(ArgMin(kl_divergence.textbook, theta), r"\(H(p)\) does not contain \(\theta\)",
                       over=theta),
        ),
        counterexamples=(
            Counterexample("p does not depend on θ", 2, varying,
                           moral="A target that moves with the parameters, as in self-training, takes its "
                                 "entropy along."),
            Slip("the divergence is taken from q to p", 2,
                 after=ArgMin(Sum(q[k] * log(q[k] / p[k]), (k, 1, K)), theta)),
            Counterexample("q > 0 where p > 0", 1, world.but(may_vanish=(q,))),
        ),
    )  # fmt: skip


@on_page(ONE_PROCEDURE)
def equal_to_divergence_for_one_hot() -> Derivation:
    """I4: cross-entropy equals divergence exactly when H(p) = 0, as for a one-hot target."""
    world = World(one_hot={p: c}, in_range={c: K}, normalised=(q,))
    return Derivation(
        claim="I4", part="one-hot",
        title="For a one-hot target cross-entropy and divergence are the same number",
        conditions=(r"\(p_k = [k = c]\)", r"\(q_k > 0\)"),
        world=world, head="H(p, q)", start=cross_entropy.textbook,
        steps=(
            Equal(-log(q[c]), r"only the term \(k = c\) is left"),
            Equal(kl_divergence.textbook, r"\(p_c = 1\), and \(0 \log 0 = 0\) for the other classes"),
        ),
        counterexamples=(
            Counterexample("p is one-hot", 2, World(normalised=(p, q)), from_start=True,
                           moral="For a soft target they differ by its entropy: “CE = NLL = KL” is false."),
        ),
    )  # fmt: skip


@on_page(ONE_PROCEDURE)
def entropy_of_one_hot() -> Derivation:
    """I4: the entropy of a one-hot target is zero."""
    world = World(one_hot={p: c}, in_range={c: K})
    return Derivation(
        claim="I4", part="entropy", title="The entropy of a one-hot target is zero",
        conditions=(r"\(p_k = [k = c]\)", r"\(0 \log 0 = 0\)"),
        world=world, head="H(p)", start=entropy.textbook,
        steps=(Equal(Integer(0), r"\(1 \log 1\) and \(0 \log 0\) are both 0"),),
        counterexamples=(Counterexample("p is one-hot", 1, World(normalised=(p,))),),
    )  # fmt: skip
