"""The maximum-likelihood estimate of a die, unseen faces included, and its shares: claims L4 and L5."""

from __future__ import annotations

from sympy import Integer, KroneckerDelta, Sum, Symbol, log, oo

from ce.claims.registry import claim
from ce.derivation import (
    LOG_LEMMA,
    At,
    AtLeast,
    Cite,
    Counterexample,
    Derivation,
    Derivative,
    Equal,
    Limit,
    LogGap,
    Slip,
    World,
)
from ce.formulas import cross_entropy, entropy
from ce.symbols import K, N, j, k, m, multiplier, n, p, q, r, smoothing, v, x

SLOPE = r"\frac{\partial \Lambda}{\partial q_{j}}"


@claim
def mle_stationarity() -> Derivation:
    """L4: the condition for a stationary point of the Lagrangian."""
    world = World(normalised=(p,), in_range={j: K})
    return Derivation(
        claim="L4",
        part="stationarity",
        title="Stationary points of the mean log-likelihood under Σ q = 1",
        conditions=(
            r"\(q_k > 0\) for every face: an interior point",
            r"\(q\) varies freely; \(\lambda\) enforces \(\sum_k q_k = 1\)",
        ),
        world=world,
        head=r"\Lambda",
        start=cross_entropy.textbook + multiplier * (Sum(q[k], (k, 1, K)) - 1),
        steps=(Derivative(multiplier - p[j] / q[j], r"only the terms with \(k = j\) contain \(q_j\)", by=q[j]),),
        conclusion=r"At a stationary point \(p_j = \lambda q_j\) for every \(j\).",
        counterexamples=(
            Counterexample(
                "q varies freely while differentiating",
                1,
                world.but(normalised=(p, q)),
                moral="Imposing Σ q = 1 first would make the multiplier’s term vanish.",
            ),
            Counterexample("j is one of the faces", 1, world.without(in_range=(j,))),
        ),
    )


@claim
def multiplier_of_the_mean() -> Derivation:
    """L4: with the mean log-likelihood the multiplier is 1."""
    world = World(normalised=(p, q))
    return Derivation(
        claim="L4",
        part="multiplier of the mean",
        title="With −ℓ/N the multiplier is 1",
        conditions=(r"\(p_j = \lambda q_j\) for every \(j\), so this sum is 0", r"\(\sum_k p_k = \sum_k q_k = 1\)"),
        world=world,
        head=r"\sum_{j} q_{j} \left(\lambda - \frac{p_{j}}{q_{j}}\right)",
        start=Sum(q[j] * (multiplier - p[j] / q[j]), (j, 1, K)),
        steps=(Equal(multiplier - 1, "both pmfs sum to one"),),
        conclusion=r"So \(\lambda = 1\) and \(q = p\).",
        counterexamples=(
            Counterexample("q sums to one", 1, world.without(normalised=(q,))),
            Counterexample("p sums to one", 1, world.without(normalised=(p,))),
            Slip(
                "the multiplier of the sum is taken",
                1,
                after=multiplier - N,
                moral="That is the multiplier of the sum; the two must not be mixed.",
            ),
        ),
    )


@claim
def multiplier_of_the_sum() -> Derivation:
    """L4: with the log-likelihood itself it is N."""
    world = World(normalised=(p, q))
    return Derivation(
        claim="L4",
        part="multiplier of the sum",
        title="With −ℓ the multiplier is N",
        conditions=(r"\(N p_j = \lambda q_j\) for every \(j\), so this sum is 0", r"\(\sum_k p_k = \sum_k q_k = 1\)"),
        world=world,
        head=r"\sum_{j} q_{j} \left(\lambda - \frac{N p_{j}}{q_{j}}\right)",
        start=Sum(q[j] * (multiplier - N * p[j] / q[j]), (j, 1, K)),
        steps=(Equal(multiplier - N, "both pmfs sum to one"),),
        conclusion=r"So \(\lambda = N\), and again \(q = p\).",
        counterexamples=(
            Counterexample("q sums to one", 1, world.without(normalised=(q,))),
            Counterexample("p sums to one", 1, world.without(normalised=(p,))),
            Slip("the multiplier of the mean is taken", 1, after=multiplier - 1),
        ),
    )


@claim
def mle_second_order() -> Derivation:
    """L4: the Hessian is diagonal with entries p_j / q_j²: the objective is convex."""
    return Derivation(
        claim="L4",
        part="Hessian",
        title="The second derivatives of the objective",
        conditions=(r"\(q_k > 0\)",),
        world=World(in_range={j: K, m: K}),
        head=SLOPE,
        start=multiplier - p[j] / q[j],
        steps=(Derivative(KroneckerDelta(j, m) * p[j] / q[j] ** 2, r"zero unless \(m = j\)", by=q[m]),),
        counterexamples=(Slip("the mixed derivatives are taken to be alike", 1, after=p[j] / q[j] ** 2),),
    )


@claim
def mle_is_a_minimum() -> Derivation:
    """L4: so every second directional derivative is >= 0, and the stationary point is a minimum."""
    form = Sum(Sum(v[j] * KroneckerDelta(j, m) * p[j] / q[j] ** 2 * v[m], (m, 1, K)), (j, 1, K))
    square = Sum(p[j] * v[j] ** 2 / q[j] ** 2, (j, 1, K))
    return Derivation(
        claim="L4",
        part="second order",
        title="The stationary point is a minimum: the objective is convex",
        conditions=(r"\(q_k > 0\)", r"\(v\) is any direction"),
        world=World(),
        head=r"v^{\mathsf T} \nabla^2 \Lambda \, v",
        start=form,
        steps=(Equal(square, "the delta leaves one sum"), AtLeast(Integer(0), r"\(p_j \ge 0\), and squares")),
        counterexamples=(
            Counterexample(
                "p is a pmf, so p ≥ 0",
                2,
                World(define={p[k]: v[k]}),
                moral="With negative weights it would not be convex.",
            ),
        ),
    )


@claim
def interior_gradient_at_the_estimate() -> Derivation:
    """L4: at q = p the gradient of the Lagrangian with λ = 1 is zero, if every face was seen."""
    world = World(positive=(p,), in_range={j: K})
    return Derivation(
        claim="L4",
        part="every face seen",
        title="If every face was seen, q = p is stationary",
        conditions=(r"\(p_j > 0\) for every \(j\)",),
        world=world,
        head=SLOPE,
        start=1 - p[j] / q[j],
        steps=(At(Integer(0), r"\(p_j / p_j = 1\)", put={q[k]: p[k]}),),
        counterexamples=(
            Counterexample(
                "every face was seen",
                1,
                world.without(positive=(p,)),
                moral="For a face never seen pⱼ/qⱼ is 0/0 at q = p: that face needs its own argument.",
            ),
        ),
    )


@claim
def unseen_face_gradient() -> Derivation:
    """L4: towards a face never seen the Lagrangian has slope λ = 1 > 0: no interior point is stationary."""
    seen = Symbol("p_u", nonnegative=True)
    given = Symbol("q_u", positive=True)
    return Derivation(
        claim="L4",
        part="unseen face, slope",
        title="A face u never seen: the slope towards it is positive",
        conditions=(r"\(p_u = 0\), \(q_u > 0\), \(\lambda = 1\)",),
        world=World(intervals={given: (0, 1)}),
        head=r"\frac{\partial \Lambda}{\partial q_{u}}",
        start=1 - seen / given,
        steps=(
            At(Integer(1), r"\(p_u = 0\)", put={seen: Integer(0)}),
            AtLeast(
                Integer(0),
                r"so \(q_u\) is pushed to its bound 0, with the multiplier \(\mu_u = 1 > 0\) of \(q_u \ge 0\)",
                strict=True,
            ),
        ),
        counterexamples=(
            Slip(
                "the slope is set to zero, as for a face that was seen",
                1,
                after=Integer(0),
                moral="Stationarity without the bound, λ = pᵤ/qᵤ, would say 1 = 0.",
            ),
        ),
    )


@claim
def unseen_face_cost() -> Derivation:
    """L4: giving a face that was never seen the share ε costs −log(1 − ε) >= ε."""
    world = World(normalised=(p,), intervals={smoothing: (0, 1)})
    return Derivation(
        claim="L4",
        part="unseen face, cost",
        title="Giving an unseen face the share ε costs at least ε",
        conditions=(
            r"\(\sum_k p_k = 1\)",
            r"the sum runs over the seen faces; the unseen one adds \(-0 \log \varepsilon = 0\)",
            r"\(0 < \varepsilon < 1\)",
            r"the seen faces share \(1 - \varepsilon\) in proportion",
        ),
        world=world,
        head=r"H(p, q)",
        start=-Sum(p[k] * log((1 - smoothing) * p[k]), (k, 1, K)),
        steps=(
            Equal(entropy.textbook - log(1 - smoothing), "the logarithm of a product; p sums to one"),
            AtLeast(
                entropy.textbook + smoothing,
                r"\(-\log x \ge 1 - x\) at \(x = 1 - \varepsilon\)",
                slack=LogGap(Integer(1), 1 - smoothing),
                lemma=LOG_LEMMA,
            ),
        ),
        conclusion=r"Of these dice the one with \(\varepsilon = 0\) fits best; by Gibbs’ inequality it is "
        r"the best of all dice.",
        counterexamples=(
            Counterexample("p sums to one", 1, world.without(normalised=(p,))),
            Slip("the cost is taken to be 2ε", 2, after=entropy.textbook + 2 * smoothing),
        ),
    )


@claim
def expected_indicator() -> Derivation:
    """L5: the expectation of the indicator of a face is its probability."""
    world = World(normalised=(r,), in_range={j: K})
    return Derivation(
        claim="L5",
        part="expected indicator",
        title="The expectation of an indicator is a probability",
        conditions=(r"\(X\) has pmf \(r\)",),
        world=world,
        head=r"\mathbb{E}\,[X = j]",
        start=Sum(r[k] * KroneckerDelta(k, j), (k, 1, K)),
        steps=(Equal(r[j], r"only \(k = j\) is left"),),
        counterexamples=(Counterexample("j is one of the faces", 1, world.without(in_range=(j,))),),
    )


@claim
def variance_of_the_indicator_average() -> Derivation:
    """L5: the variance of the average of N independent indicators tends to 0: a weak law, proven."""
    world = World(normalised=(r,), in_range={j: K})
    variance = Sum(r[k] * (KroneckerDelta(k, j) - r[j]) ** 2, (k, 1, K))
    return Derivation(
        claim="L5",
        part="weak law",
        title="The variance of the average of N indicators tends to zero",
        conditions=(r"\(\sum_k r_k = 1\)", "the rolls are independent, so variances add up"),
        world=world,
        head=r"\mathrm{Var}\left(\tfrac1N \textstyle\sum_n [X_n = j]\right)",
        start=variance / N,
        steps=(
            Equal(r[j] * (1 - r[j]) / N, r"\([k = j]^2 = [k = j]\), and r sums to one"),
            Limit(Integer(0), r"\(1/N \to 0\)", variable=N, to=oo),
        ),
        counterexamples=(
            Counterexample("r sums to one", 1, world.without(normalised=(r,))),
            Slip(
                "one and the same roll is counted N times",
                1,
                after=r[j] * (1 - r[j]),
                moral="If all rolls are one and the same roll, averaging them gains nothing.",
            ),
        ),
    )


@claim
def strong_law() -> Derivation:
    """L5: almost sure convergence is the strong law of large numbers, cited."""
    return Derivation(
        claim="L5",
        part="strong law",
        title="The share of rolls that show face j converges almost surely",
        conditions=("the rolls are independent with the same pmf r",),
        world=World(labels={x: K}, in_range={j: K}, normalised=(r,)),
        head=r"\tfrac1N \textstyle\sum_n [x_n = j]",
        start=Sum(KroneckerDelta(x[n], j), (n, 1, N)) / N,
        steps=(
            Cite(r[j], "strong law of large numbers, almost surely as N grows (theorem 2.4.1)", source="durrett2019"),
        ),
    )
