"""Efficiency, and maximum likelihood in a model that does not contain the truth: claims S2 and S3."""

from __future__ import annotations

from sympy import Integer, KroneckerDelta, Rational, Sum, Symbol, exp, log

from ce.claims.registry import claim
from ce.derivation import (
    LOG_LEMMA,
    SQUARES,
    ArgMin,
    At,
    AtLeast,
    Cite,
    Counterexample,
    Derivation,
    Derivative,
    Equal,
    LogGap,
    Rounded,
    Slip,
    World,
)
from ce.formulas import SIGMOID, cross_entropy, kl_divergence
from ce.symbols import K, N, j, k, logit, m, n, p, prob, q, theta, v, x

HIDDEN = Symbol("theta", positive=True)
SPREAD, BREAD, MEAT = (Symbol(name, positive=True) for name in ("V", "A", "B"))
SUCCESSES = Sum((k - 1) * p[k], (k, 1, K))
BINOMIAL = {q[k]: exp(v[k] + (k - 1) * logit) / (1 + exp(logit)) ** (K - 1)}
CHANCE = SIGMOID[prob]
OF_ONE = (k - 1 - (K - 1) * HIDDEN) / (HIDDEN * (1 - HIDDEN))
PRODUCT = HIDDEN * (1 - HIDDEN)
HUMPS_SQUARED = ((1 - HIDDEN) ** 2 - Rational(1, 2)) ** 2 + (2 * PRODUCT) ** 2 + (HIDDEN**2 - Rational(1, 2)) ** 2
MODEL = (
    r"model \(\mathrm{Bin}(K - 1, \theta)\), \(0 < \theta < 1\): \(z\) is the logit of \(\theta\), "
    r"\(v_k\) the logarithm of a binomial coefficient"
)
TWO_HUMPS = -log((1 - HIDDEN) ** 2) / 2 - log(HIDDEN**2) / 2


@claim
def mean_of_the_score() -> Derivation:
    """S2: the gradient of the log-likelihood has mean zero."""
    return Derivation(
        claim="S2",
        part="mean of the score",
        title="The gradient of the log-likelihood has mean zero under the model",
        conditions=(r"\(\partial \log q_k / \partial z_j = [j = k] - q_j\)", "the classes are drawn from the pmf q"),
        world=World(normalised=(q,), in_range={j: K}),
        head=r"\mathbb{E}\, s_j",
        start=Sum(q[k] * (KroneckerDelta(j, k) - q[j]), (k, 1, K)),
        steps=(Equal(Integer(0), r"\(q_j - q_j\)"),),
        counterexamples=(
            Slip(
                "the classes are drawn from another pmf p",
                1,
                world=World(normalised=(p, q), in_range={j: K}),
                before=Sum(p[k] * (KroneckerDelta(j, k) - q[j]), (k, 1, K)),
                moral="It is pⱼ − qⱼ then: minus the gradient of the loss.",
            ),
        ),
    )


@claim
def covariance_of_the_score() -> Derivation:
    """S2: its covariance, the Fisher information, is the Hessian of the loss."""
    return Derivation(
        claim="S2",
        part="information",
        title="The Fisher information of the logits is the Hessian of cross-entropy",
        conditions=("the classes are drawn from the pmf q",),
        world=World(normalised=(q,), in_range={j: K, m: K}),
        head=r"\mathbb{E}\, s_j s_m",
        start=Sum(q[k] * (KroneckerDelta(j, k) - q[j]) * (KroneckerDelta(m, k) - q[m]), (k, 1, K)),
        steps=(Equal(q[j] * (KroneckerDelta(j, m) - q[m]), "the deltas leave one term each"),),
        counterexamples=(
            Slip(
                "the classes are drawn from another pmf p",
                1,
                world=World(normalised=(p, q), in_range={j: K, m: K}),
                before=Sum(p[k] * (KroneckerDelta(j, k) - q[j]) * (KroneckerDelta(m, k) - q[m]), (k, 1, K)),
                moral="If the model is wrong the two differ.",
            ),
        ),
    )


@claim
def covariance_of_the_estimate() -> Derivation:
    """S2: the covariance of the indicators of one roll."""
    world = World(normalised=(q,), in_range={j: K, m: K})
    return Derivation(
        claim="S2",
        part="covariance of the estimate",
        title="The covariance of the estimate from N rolls",
        conditions=("independent rolls with pmf q: covariances of single rolls, divided by N",),
        world=world,
        head=r"\mathrm{Cov}(\hat{q}_j, \hat{q}_m)",
        start=Sum(q[k] * (KroneckerDelta(k, j) - q[j]) * (KroneckerDelta(k, m) - q[m]), (k, 1, K)) / N,
        steps=(Equal(q[j] * (KroneckerDelta(j, m) - q[m]) / N, r"\(\mathbb{E}\,[k = j][k = m] = q_j [j = m]\)"),),
        counterexamples=(
            Counterexample("q sums to one", 1, world.without(normalised=(q,))),
            Slip(
                "one and the same roll is counted N times",
                1,
                before=Sum(q[k] * (KroneckerDelta(k, j) - q[j]) * (KroneckerDelta(k, m) - q[m]), (k, 1, K)),
                moral="N copies of one roll have the covariance of one roll.",
            ),
        ),
    )


@claim
def cramer_rao_is_attained() -> Derivation:
    """S2: A = diag(q) − q qᵀ satisfies A diag(1/q) A = A, so the bound A A⁺ A / N is A/N: attained."""
    a_first = q[j] * (KroneckerDelta(j, k) - q[k])
    a_second = q[k] * (KroneckerDelta(k, m) - q[m])
    world = World(normalised=(q,), in_range={j: K, m: K})
    return Derivation(
        claim="S2",
        part="Cramér–Rao",
        title="The estimate attains the Cramér–Rao bound",
        conditions=(
            "q is a pmf",
            r"\(A_{jk} = q_j ([j = k] - q_k)\): Jacobian \(\partial q_j / \partial z_k\) and information at once",
            r"the bound is \(A A^{-} A / N\), with any generalised inverse; here \(A^{-} = \mathrm{diag}(1/q)\)",
        ),
        world=world,
        head=r"(A A^{-} A)_{jm}",
        start=Sum(a_first * (1 / q[k]) * a_second, (k, 1, K)),
        steps=(Equal(q[j] * (KroneckerDelta(j, m) - q[m]), "one sum over k; q sums to one"),),
        conclusion=r"The bound is \(A/N\), the covariance of the estimate.",
        counterexamples=(Counterexample("q sums to one", 1, world.without(normalised=(q,))),),
    )


@claim
def consistency_and_efficiency() -> Derivation:
    """S2: consistency and efficiency in general, cited with their hypotheses."""
    return Derivation(
        claim="S2",
        part="asymptotics",
        title="Maximum likelihood is consistent and asymptotically efficient",
        conditions=(
            "the model contains the truth, and not at its edge",
            "a uniform law and a maximum well apart from the rest (theorem 5.7: consistency)",
            "a smooth model: differentiable in quadratic mean, its log-likelihood Lipschitz in the "
            "parameter, with a square-integrable constant (theorem 5.39)",
            "the information is not singular",
        ),
        world=World(labels={x: K}, in_range={j: K}),
        head=r"\hat{q}_j",
        start=Sum(KroneckerDelta(x[n], j), (n, 1, N)) / N,
        steps=(
            Cite(
                q[j],
                "in probability; √N times the error tends to a normal law whose covariance is the "
                "inverse information (theorem 5.39), the least of regular estimates (chapter 8)",
                source="vandervaart1998",
            ),
        ),
    )


@claim
def limit_of_a_misspecified_estimate() -> Derivation:
    """S3: the estimate tends to the member closest in divergence, cited."""
    return Derivation(
        claim="S3",
        part="limit",
        title="A misspecified estimate tends to the member closest in divergence",
        conditions=("one member is closest", "the averages converge uniformly over the parameter"),
        world=World(normalised=(p, q), labels={x: K}, depends_on={q: theta}),
        head=r"\hat{\theta}",
        start=ArgMin(-Sum(log(q[x[n]]), (n, 1, N)) / N, theta),
        steps=(Cite(ArgMin(kl_divergence.textbook, theta), "as N grows, for rolls drawn from p", source="white1982"),),
    )


@claim
def closest_binomial_to_two_humps() -> Derivation:
    """S3: truth (1/2, 0, 1/2), model Bin(2, θ): the expected loss is smallest at θ = 1/2."""
    product = 4 * HIDDEN * (1 - HIDDEN)
    return Derivation(
        claim="S3",
        part="closest member",
        title="The binomial closest to a truth with two humps",
        conditions=(r"truth \((\tfrac12, 0, \tfrac12)\)", r"model \(\mathrm{Bin}(2, \theta)\), \(0 < \theta < 1\)"),
        world=World(intervals={HIDDEN: (0, 1)}),
        head=r"H(p, q_\theta)",
        start=TWO_HUMPS,
        steps=(
            Equal(-log(product) + 2 * log(2), "the logarithm of a product"),
            Equal(
                2 * log(2) + LogGap(Integer(1), product) + (2 * HIDDEN - 1) ** 2,
                r"\(1 - 4\theta(1 - \theta) = (2\theta - 1)^2\)",
            ),
            AtLeast(
                2 * log(2),
                r"\(-\log x \ge 1 - x\) and a square: equality only at \(\theta = \tfrac12\)",
                lemma=LOG_LEMMA,
            ),
        ),
        counterexamples=(Slip("one hump is counted alone", 1, before=-log((1 - HIDDEN) ** 2)),),
    )


@claim
def closest_member_is_far() -> Derivation:
    """S3: and it is log 2 nats away: half of its mass is on a face that never comes."""
    world = World(values={p: (Rational(1, 2), 0, Rational(1, 2)), q: (Rational(1, 4), Rational(1, 2), Rational(1, 4))})
    return Derivation(
        claim="S3",
        part="far away",
        title="The closest member is far from the truth",
        conditions=(r"\(p = (\tfrac12, 0, \tfrac12)\)", r"\(q = \mathrm{Bin}(2, \tfrac12)\)"),
        world=world,
        head=r"\mathrm{KL}(p \,\|\, q)",
        start=Sum(p[k] * log(p[k]) - p[k] * log(q[k]), (k, 1, K)),
        steps=(Equal(log(2), "two terms of a half log 2"), Rounded(because="in nats", digits=3)),
        counterexamples=(
            Counterexample(
                "the truth is outside the model",
                1,
                world.but(
                    values={
                        p: (Rational(1, 4), Rational(1, 2), Rational(1, 4)),
                        q: (Rational(1, 4), Rational(1, 2), Rational(1, 4)),
                    }
                ),
            ),
        ),
    )


@claim
def closest_binomial_matches_the_mean() -> Derivation:
    """S3: whatever the truth is, the closest binomial is the one with its mean."""
    world = World(normalised=(p,), define=BINOMIAL)
    return Derivation(
        claim="S3",
        part="mean",
        title="The closest binomial has the mean of the truth, and nothing else of it",
        conditions=("p is a pmf", MODEL),
        world=world,
        head=r"H(p, q_\theta)",
        start=cross_entropy.textbook,
        steps=(
            Derivative((K - 1) * CHANCE - SUCCESSES, "the expected number of successes, model less truth", by=logit),
            Derivative((K - 1) * CHANCE * (1 - CHANCE), "and again: convex in the logit", by=logit),
        ),
        conclusion=r"The slope is 0 at \(\theta = \sum_k (k-1)\,p_k / (K-1)\).",
        counterexamples=(Counterexample("p is a pmf", 1, world.without(normalised=(p,))),),
    )


@claim
def sandwich_of_a_binomial() -> Derivation:
    """S3: variance of the score over the squared curvature is the exact variance of the estimate."""
    curvature = (K - 1) / PRODUCT
    return Derivation(
        claim="S3",
        part="sandwich",
        title="The sandwich of a binomial model is the true variance of its estimate",
        conditions=(
            r"slope of one roll: \(((k-1) - (K-1)\theta) / \theta(1-\theta)\); its variance is \(B\)",
            r"curvature \(A = (K-1)/\theta(1-\theta)\) at the closest \(\theta\)",
            r"\(N\) independent rolls, drawn from \(p\)",
        ),
        world=World(normalised=(p,), intervals={HIDDEN: (0, 1)}, positive=(K - 1,)),
        head=r"B / (A^2 N)",
        start=Sum(p[k] * OF_ONE**2, (k, 1, K)) / (curvature**2 * N),
        steps=(
            Equal(
                Sum(p[k] * (k - 1 - (K - 1) * HIDDEN) ** 2, (k, 1, K)) / ((K - 1) ** 2 * N),
                r"\(\theta(1-\theta)\) cancels",
            ),
        ),
        conclusion=r"It is the variance of \(\hat\theta = \tfrac1N \sum_n (x_n - 1)/(K-1)\), whatever \(p\) is.",
        counterexamples=(
            Slip("the model is believed: the curvature is divided by alone", 1, before=1 / (curvature * N)),
        ),
    )


@claim
def sandwich_in_general() -> Derivation:
    """S3: in general the covariance of the estimate is the sandwich, cited."""
    return Derivation(
        claim="S3",
        part="spread",
        title="A misspecified estimate scatters as the sandwich says",
        conditions=(
            "one member is closest, inside the model, and the estimate tends to it",
            "a smooth loss with a square-integrable Lipschitz constant (theorem 5.23)",
            r"the curvature \(A\) of the expected loss at the closest member is not singular",
        ),
        world=World(),
        head=r"N\,\mathrm{Cov}(\hat\theta)",
        start=SPREAD,
        steps=(
            Cite(
                MEAT / BREAD**2,
                r"in the limit; \(B\): covariance of the slope of one example",
                source="vandervaart1998",
            ),
        ),
    )


@claim
def squared_distance_to_two_humps() -> Derivation:
    """S3: by squared distance the binomials closest to two humps lie to the sides."""
    gap = 6 * (PRODUCT - Rational(1, 6)) ** 2
    return Derivation(
        claim="S3",
        part="squared",
        title="By squared distance, two binomials are closest to the two humps",
        conditions=(r"truth \((\tfrac12, 0, \tfrac12)\)", r"model \(\mathrm{Bin}(2, \theta)\), \(0 < \theta < 1\)"),
        world=World(intervals={HIDDEN: (0, 1)}),
        head=r"\sum_k (q_k - p_k)^2",
        start=HUMPS_SQUARED,
        steps=(
            Equal(Rational(1, 3) + gap, "multiplied out, and completed to a square"),
            AtLeast(
                Rational(1, 3),
                r"equality where \(\theta(1-\theta) = \tfrac16\): at \(\theta = \tfrac12 \pm \tfrac{1}{\sqrt{12}}\)",
                lemma=SQUARES,
            ),
        ),
        counterexamples=(Slip("the middle is forgotten", 1, before=HUMPS_SQUARED - (2 * PRODUCT) ** 2),),
    )


@claim
def squared_distance_in_the_middle() -> Derivation:
    """S3: the binomial that cross-entropy takes is farther by squared distance."""
    return Derivation(
        claim="S3",
        part="squared, in the middle",
        title="The closest by divergence is not the closest by squared distance",
        conditions=(r"truth \((\tfrac12, 0, \tfrac12)\)", r"model \(\mathrm{Bin}(2, \theta)\)"),
        world=World(intervals={HIDDEN: (0, 1)}),
        head=r"\sum_k (q_k - p_k)^2",
        start=HUMPS_SQUARED,
        steps=(At(Rational(3, 8), r"\(\theta = \tfrac12\)", put={HIDDEN: Rational(1, 2)}),),
        conclusion=r"It is more than \(\tfrac13\).",
        counterexamples=(Slip("the middle is forgotten", 1, after=Rational(1, 8)),),
    )
