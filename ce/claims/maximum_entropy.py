"""Where the softmax comes from: entropy as large as a mean score allows, claim C4."""

from __future__ import annotations

from sympy import Integer, Rational, Sum, exp, log, oo

from ce.claims.registry import claim
from ce.derivation import (
    LOG_LEMMA,
    Apply,
    AtLeast,
    AtMost,
    Counterexample,
    Derivation,
    Derivative,
    Equal,
    Limit,
    LogGap,
    Slip,
    Solve,
    World,
)
from ce.formulas import PARTITION, SOFTMAX, entropy, sigmoid
from ce.symbols import K, c, j, k, logit, multiplier, p, q, temperature, z

GAIN = entropy.textbook.xreplace({p: q}) + Sum(q[k] * z[k], (k, 1, K))


@claim
def entropy_and_score_stationarity() -> Derivation:
    """C4: where entropy plus mean score is stationary, each probability is e to its score, up to a factor."""
    return Derivation(
        claim="C4",
        part="stationarity",
        title="Entropy plus mean score is stationary at powers of e",
        conditions=(r"\(q_k > 0\) varies freely; \(\lambda\) enforces \(\sum_k q_k = 1\)",),
        world=World(in_range={j: K}),
        head=r"\Lambda",
        start=GAIN - multiplier * (Sum(q[k], (k, 1, K)) - 1),
        steps=(
            Derivative(z[j] - log(q[j]) - 1 - multiplier, r"only \(k = j\) contains \(q_j\)", by=q[j]),
            Solve(exp(z[j] - 1 - multiplier), "set to zero: it only falls as the entry grows", variable=q[j]),
        ),
        conclusion=r"The factor \(e^{-1 - \lambda}\) is the same for every class: \(q\) is the softmax of \(z\).",
        counterexamples=(
            Counterexample("j is one of the classes", 1, World()),
            Slip("the slope of the entropy is taken to be −log q", 2, after=exp(z[j] - multiplier)),
        ),
    )


@claim
def softmax_has_the_largest_entropy_plus_score() -> Derivation:
    """C4: no pmf has more entropy plus mean score than the log-sum-exp of the scores."""
    world = World(normalised=(q,))
    return Derivation(
        claim="C4",
        part="largest",
        title="Entropy plus mean score is at most the log-sum-exp of the scores",
        conditions=(r"\(q\) is a pmf",),
        world=world,
        head=r"H(q) + \sum_{k} q_{k} z_{k}",
        start=GAIN,
        steps=(
            AtMost(
                log(PARTITION),
                r"the gap is the divergence of \(q\) from the softmax of \(z\)",
                slack=Sum(LogGap(q[k], SOFTMAX[q[k]]), (k, 1, K)),
                lemma=LOG_LEMMA,
            ),
        ),
        counterexamples=(Counterexample("q sums to one", 1, world.without(normalised=(q,))),),
    )


@claim
def softmax_attains_it() -> Derivation:
    """C4: and the softmax has just that."""
    return Derivation(
        claim="C4",
        part="attained",
        title="The softmax has that much, and it alone",
        conditions=(r"\(q\) is the softmax of \(z\)",),
        world=World(define=SOFTMAX),
        head=r"H(q) + \sum_{k} q_{k} z_{k}",
        start=GAIN,
        steps=(Equal(log(PARTITION), r"\(-\log q_k = \log S - z_k\), and \(q\) sums to one"),),
        conclusion="The gap is a divergence, and zero only where the two pmfs are equal.",
        counterexamples=(Counterexample("q is the softmax of z", 1, World(normalised=(q,))),),
    )


@claim
def log_sum_exp_is_at_least_every_score() -> Derivation:
    """C4: the log-sum-exp is at least every score, and so at least the largest."""
    world = World(in_range={c: K})
    return Derivation(
        claim="C4",
        part="soft maximum",
        title="The log-sum-exp is at least every score",
        conditions=(r"\(c\) is any class",),
        world=world,
        head=r"\sum_{k} e^{z_{k}}",
        start=PARTITION,
        steps=(
            AtLeast(exp(z[c]), "one term, and the others are positive"),
            Apply(z[c], "the logarithm grows", function=log),
        ),
        counterexamples=(
            Counterexample("c is one of the classes", 1, world.without(in_range=(c,))),
            Slip("two terms are counted", 1, after=2 * exp(z[c])),
        ),
    )


@claim
def low_temperature_picks_the_largest_score() -> Derivation:
    """C4: two classes whose scores differ by 1: as T → 0 the larger takes all."""
    return Derivation(
        claim="C4",
        part="low temperature",
        title="As the temperature falls to zero the larger score takes all",
        conditions=(r"two classes, whose scores differ by 1", r"\(T \to 0\) from above"),
        world=World(),
        head="q_1",
        start=sigmoid(1 / temperature).meaning(),
        steps=(Limit(Integer(1), r"\(e^{-1/T} \to 0\)", variable=temperature, to=0, side="+"),),
        counterexamples=(
            Slip("the share of the smaller score is taken", 1, before=sigmoid(-1 / temperature).meaning()),
        ),
    )


@claim
def high_temperature_knows_no_scores() -> Derivation:
    """C4: as T → ∞ both have the same share, whatever their scores."""
    return Derivation(
        claim="C4",
        part="high temperature",
        title="As the temperature grows the scores no longer count",
        conditions=(r"two classes, whose scores differ by \(z\)", r"\(T \to \infty\)"),
        world=World(),
        head="q_1",
        start=sigmoid(logit / temperature).meaning(),
        steps=(Limit(Rational(1, 2), r"\(z / T \to 0\)", variable=temperature, to=oo),),
        counterexamples=(
            Slip("a difference of 1 is multiplied by the temperature", 1, before=sigmoid(temperature).meaning()),
        ),
    )
