"""From averages to expectations: claim L5."""

from __future__ import annotations

from sympy import Integer, KroneckerDelta, Product, Sum, exp, log, oo

from ce.claims.registry import on_page
from ce.derivation import (
    ArgMax,
    ArgMin,
    At,
    AtMost,
    Cite,
    Counterexample,
    Derivation,
    Equal,
    Limit,
    SameArgmin,
    Slip,
    World,
)
from ce.symbols import K, N, j, k, n, q, r, theta, x

DIE = "three-names/rolling-a-die"
FROM_LIKELIHOOD = "three-names/from-likelihood-to-cross-entropy"


@on_page(DIE)
def expected_indicator() -> Derivation:
    """L5: the expectation of the indicator of a face is its probability."""
    world = World(normalised=(q,), in_range={j: K})
    return Derivation(
        claim="L5", part="expected indicator", title="The expectation of an indicator is a probability",
        conditions=(r"\(X\) has pmf \(q\)",),
        world=world, head=r"\mathbb{E}\,[X = j]", start=Sum(q[k] * KroneckerDelta(k, j), (k, 1, K)),
        steps=(Equal(q[j], r"only \(k = j\) is left"),),
        counterexamples=(Counterexample("j is one of the faces", 1, world.without(in_range=(j,))),),
    )  # fmt: skip


@on_page(DIE)
def variance_of_the_indicator_average() -> Derivation:
    """L5: the variance of the average of N independent indicators tends to 0: a weak law, proven."""
    world = World(normalised=(q,), in_range={j: K})
    variance = Sum(q[k] * (KroneckerDelta(k, j) - q[j]) ** 2, (k, 1, K))
    return Derivation(
        claim="L5", part="weak law", title="The variance of the average of N indicators tends to zero",
        conditions=(r"\(\sum_k q_k = 1\)", "the rolls are independent, so variances add up"),
        world=world, head=r"\mathrm{Var}\left(\tfrac1N \textstyle\sum_n [X_n = j]\right)", start=variance / N,
        steps=(
            Equal(q[j] * (1 - q[j]) / N, r"\([k = j]^2 = [k = j]\), and q sums to one"),
            Limit(Integer(0), r"\(1/N \to 0\)", variable=N, to=oo),
        ),
        counterexamples=(
            Counterexample("q sums to one", 1, world.without(normalised=(q,))),
            Slip("one and the same roll is counted N times", 2, before=q[j] * (1 - q[j]),
                 moral="If all rolls are one and the same roll, averaging them gains nothing."),
        ),
    )  # fmt: skip


@on_page(DIE)
def strong_law() -> Derivation:
    """L5: almost sure convergence is the strong law of large numbers, cited."""
    world = World(labels={x: K}, in_range={j: K}, normalised=(q,))
    return Derivation(
        claim="L5", part="strong law", title="The share of rolls that show face j converges almost surely",
        conditions=("the rolls are independent with the same pmf q",),
        world=world, head=r"\tfrac1N \textstyle\sum_n [x_n = j]",
        start=Sum(KroneckerDelta(x[n], j), (n, 1, N)) / N,
        steps=(Cite(q[j], "strong law of large numbers, almost surely as N grows",
                    source="vandervaart1998"),),
        counterexamples=(),
    )  # fmt: skip


@on_page(FROM_LIKELIHOOD)
def from_product_to_expectation() -> Derivation:
    """L5: from the largest product to the smallest expected loss."""
    world = World(labels={x: K}, depends_on={q: theta}, normalised=(r,))
    return Derivation(
        claim="L5", part="chain", title="From the largest likelihood to the smallest expected loss",
        conditions=(r"\(q_k > 0\)", r"the rolls are independent with pmf \(r\)",
                    r"for the last step a uniform law of large numbers over \(\theta\)"),
        world=world, head=r"\hat{\theta}", start=ArgMax(Product(q[x[n]], (n, 1, N)), theta),
        steps=(
            SameArgmin(ArgMax(Sum(log(q[x[n]]), (n, 1, N)), theta), "the logarithm is increasing", over=theta,
                       through="log"),
            SameArgmin(ArgMin(-Sum(log(q[x[n]]), (n, 1, N)) / N, theta),
                       "a minus sign turns max into min; 1/N > 0",
                       over=theta, scaled=1 / N),
            Cite(ArgMin(-Sum(r[k] * log(q[k]), (k, 1, K)), theta),
                 "as N grows, if the averages converge uniformly in θ and the minimiser is well "
                 "separated (theorem 5.7)",
                 source="vandervaart1998"),
        ),
        counterexamples=(
            Counterexample("q > 0", 1, world.but(may_vanish=(q,)), moral="The logarithm of 0 is no number."),
            Slip("max becomes min, and the sign stays", 2,
                 after=ArgMax(-Sum(log(q[x[n]]), (n, 1, N)) / N, theta)),
        ),
    )  # fmt: skip


@on_page(FROM_LIKELIHOOD)
def pointwise_limit_of_a_moving_dip() -> Derivation:
    """L5: objectives with a dip at θ = N converge at every θ to one with its minimum at 0."""
    return Derivation(
        claim="L5", part="pointwise limit", title="Objectives that converge at every θ …",
        conditions=(r"\(\theta\) stays while \(N\) grows",),
        world=World(), head=r"f_N(\theta)", start=theta**2 / (1 + theta**2) - 2 * exp(-((theta - N) ** 2)),
        steps=(Limit(theta**2 / (1 + theta**2), r"the dip at \(N\) moves away", variable=N, to=oo),),
        conclusion=r"The limit is smallest at \(\theta = 0\).",
        counterexamples=(Counterexample("θ stays while N grows", 1, World(define={theta: N})),),
    )  # fmt: skip


@on_page(FROM_LIKELIHOOD)
def minimum_of_a_moving_dip() -> Derivation:
    """L5: … while the minimum of each runs away: pointwise convergence does not move an argmin along."""
    return Derivation(
        claim="L5", part="pointwise is not enough", title="… while their minima run away",
        conditions=(r"\(\theta = N\)",),
        world=World(), head=r"f_N(\theta)", start=theta**2 / (1 + theta**2) - 2 * exp(-((theta - N) ** 2)),
        steps=(
            At(N**2 / (1 + N**2) - 2, r"\(e^0 = 1\)", put={theta: N}),
            AtMost(Integer(-1), r"\(N^2 / (1 + N^2) < 1\)", slack=1 / (1 + N**2)),
        ),
        conclusion=r"\(f_N\) is at most −1 at \(\theta = N\) and more than −1 near 0 once N is large: no "
                   r"minimum tends to 0.",
        counterexamples=(Slip("the dip is left out", 2, before=N**2 / (1 + N**2)),),
    )  # fmt: skip
