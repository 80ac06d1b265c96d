"""What each direction of the divergence asks of a model, and how it is estimated: C3."""

from __future__ import annotations

from sympy import E, Integer, Rational, Sum, Symbol, exp, log, pi, sqrt
from sympy.core.expr import Expr

from ce.claims.registry import claim
from ce.derivation import LOG_LEMMA, AtLeast, Counterexample, Derivation, Derivative, Equal, LogGap, Slip, World
from ce.formulas import Expectation, NormalExpectation, cross_entropy
from ce.symbols import K, k, l, p, q, theta, v

X = Symbol("x", real=True)
MEANS = Symbol("mu_1", real=True), Symbol("mu_2", real=True)
DEVIATIONS = Symbol("sigma_1", positive=True), Symbol("sigma_2", positive=True)
RATIO = DEVIATIONS[0] ** 2 / DEVIATIONS[1] ** 2
DISTANCE = (MEANS[0] - MEANS[1]) ** 2 / (2 * DEVIATIONS[1] ** 2)
CLOSED = log(DEVIATIONS[1] / DEVIATIONS[0]) + RATIO / 2 + DISTANCE - Rational(1, 2)
NORMAL = r"\(f_i\) is the density of \(\mathcal{N}(\mu_i, \sigma_i^2)\)"
FAMILY = {q[k]: exp(theta * v[k]) / Sum(exp(theta * v[l]), (l, 1, K))}
MEMBER = r"\(q_k \propto e^{\theta v_k}\)"
REVERSED = Sum(q[k] * log(q[k] / p[k]), (k, 1, K))
SAMPLED = r"\(k\) is drawn from \(q\); \(r = p_k / q_k\)"


def density(at: int) -> Expr:
    """Return the density of the first or the second normal distribution, 0 or 1."""
    mean, deviation = MEANS[at], DEVIATIONS[at]
    return exp(-((X - mean) ** 2) / (2 * deviation**2)) / (deviation * sqrt(2 * pi))


def under_first(value: Expr) -> Expr:
    """Return the expectation under the first normal distribution."""
    return NormalExpectation(value, X, MEANS[0], DEVIATIONS[0])


@claim
def data_first_matches_moments() -> Derivation:
    """C3: the slope of H(p, q) is the mean under the model less the mean under the data."""
    world = World(normalised=(p,), define=FAMILY)
    return Derivation(
        claim="C3",
        part="moments",
        title="With the data first, the best member has the data’s mean",
        conditions=(MEMBER, r"\(p\) is a pmf"),
        world=world,
        head=r"H(p, q)",
        start=cross_entropy.textbook,
        steps=(
            Derivative(
                Sum(q[k] * v[k], (k, 1, K)) - Sum(p[k] * v[k], (k, 1, K)),
                r"prediction minus label, times \(v_k\)",
                by=theta,
            ),
        ),
        conclusion=r"The second derivative is the variance of \(v\) under \(q\): a stationary point is a minimum.",
        counterexamples=(
            Counterexample("p sums to one", 1, world.without(normalised=(p,))),
            Slip("the sign is turned", 1, after=Sum(p[k] * v[k], (k, 1, K)) - Sum(q[k] * v[k], (k, 1, K))),
        ),
    )


@claim
def model_first_averages_over_the_model() -> Derivation:
    """C3: the slope of KL(q‖p) is a covariance under the model: what the model does not visit has no say."""
    mean = Sum(q[l] * v[l], (l, 1, K))
    return Derivation(
        claim="C3",
        part="model first",
        title="With the model first, only what the model visits has a say",
        conditions=(MEMBER, r"\(p_k > 0\)"),
        world=World(normalised=(p,), positive=(p,), define=FAMILY),
        head=r"\mathrm{KL}(q \,\|\, p)",
        start=REVERSED,
        steps=(
            Derivative(
                Sum(q[k] * (v[k] - mean) * log(q[k] / p[k]), (k, 1, K)),
                r"\(\partial q_k / \partial\theta = q_k (v_k - \mathbb{E}_q v)\); the logarithm’s slope averages to 0",
                by=theta,
            ),
        ),
        counterexamples=(Slip("the mean is not taken away", 1, after=Sum(q[k] * v[k] * log(q[k] / p[k]), (k, 1, K))),),
    )


@claim
def minus_log_ratio_is_unbiased() -> Derivation:
    """C3: the plain estimator, minus the log-ratio, is right on average."""
    return Derivation(
        claim="C3",
        part="k1",
        title="Minus the log-ratio is right on average",
        conditions=(SAMPLED, r"\(p_k > 0\)", r"\(p\) and \(q\) are pmfs"),
        world=World(normalised=(p, q), positive=(p,)),
        head=r"\mathbb{E}_q[-\log r]",
        start=Expectation(-log(p[k] / q[k]), q[k], k, K),
        steps=(Equal(REVERSED, "the definition"),),
        counterexamples=(
            Slip("k is drawn from p", 1, before=Expectation(-log(p[k] / q[k]), p[k], k, K)),
            Slip(
                "half the squared log-ratio is averaged",
                1,
                before=Expectation(log(p[k] / q[k]) ** 2 / 2, q[k], k, K),
                moral="It is close where p and q are, and not unbiased.",
            ),
        ),
    )


@claim
def ratio_less_one_costs_nothing() -> Derivation:
    """C3: adding r − 1, whose mean is 0, leaves the mean and makes every term nonnegative."""
    world = World(normalised=(p, q), positive=(p,))
    ratio = p[k] / q[k]
    return Derivation(
        claim="C3",
        part="k3",
        title="Adding r − 1 changes no average, and makes every term nonnegative",
        conditions=(SAMPLED, r"\(p\) and \(q\) are pmfs", r"\(q_k > 0\) wherever \(p_k > 0\)"),
        world=world,
        head=r"\mathbb{E}_q[(r - 1) - \log r]",
        start=Expectation(ratio - 1 - log(ratio), q[k], k, K),
        steps=(
            Equal(REVERSED, r"\(\sum_k q_k (p_k / q_k - 1) = 0\)"),
            AtLeast(
                Integer(0),
                r"\(\log r \le r - 1\), term by term",
                slack=Sum(LogGap(q[k], p[k]), (k, 1, K)),
                lemma=LOG_LEMMA,
            ),
        ),
        counterexamples=(
            Counterexample("p sums to one", 1, world.without(normalised=(p,))),
            Counterexample("q sums to one", 1, world.without(normalised=(q,))),
        ),
    )


@claim
def divergence_of_two_normals() -> Derivation:
    """C3: the divergence of one normal density from another, and that it is never negative."""
    return Derivation(
        claim="C3",
        part="divergence",
        title="The divergence of two normal densities",
        conditions=(NORMAL,),
        world=World(),
        head=r"\mathrm{KL}(f_1 \,\|\, f_2)",
        start=under_first(log(density(0)) - log(density(1))),
        steps=(
            Equal(
                CLOSED,
                r"\(\mathbb{E}[(x - \mu_1)^2] = \sigma_1^2\) and "
                r"\(\mathbb{E}[(x - \mu_2)^2] = \sigma_1^2 + (\mu_1 - \mu_2)^2\)",
            ),
            AtLeast(
                Integer(0),
                r"\(\log x \le x - 1\) at \(x = \sigma_1^2 / \sigma_2^2\), and a square",
                slack=LogGap(Integer(1), RATIO) / 2 + DISTANCE,
                lemma=LOG_LEMMA,
            ),
        ),
        conclusion="It is not symmetric: the distance of the means is measured in deviations of the second.",
        counterexamples=(
            Slip(
                "the two deviations are exchanged",
                1,
                after=CLOSED.xreplace(dict(zip(DEVIATIONS, reversed(DEVIATIONS), strict=True))),
            ),
            Slip("the ½ is forgotten", 1, after=CLOSED + Rational(1, 2)),
        ),
    )


@claim
def entropy_of_a_normal() -> Derivation:
    """C3: the differential entropy of a normal density, which may be negative."""
    entropy = log(2 * pi * E * DEVIATIONS[0] ** 2) / 2
    return Derivation(
        claim="C3",
        part="entropy",
        title="The differential entropy of a normal density",
        conditions=(NORMAL,),
        world=World(),
        head="h(f_1)",
        start=under_first(-log(density(0))),
        steps=(Equal(entropy, r"\(\mathbb{E}[(x - \mu_1)^2] = \sigma_1^2\)"),),
        conclusion=r"It is negative for \(\sigma_1^2 < 1 / (2 \pi e)\): densities may be larger than 1.",
        counterexamples=(Slip("the variance is left out", 1, after=entropy - log(DEVIATIONS[0])),),
    )
