"""Squared error is the negative log-likelihood of a Gaussian: claims R1 and R2."""

from __future__ import annotations

from sympy import IndexedBase, Integer, Product, Rational, Sum, exp, log, pi, sqrt

from ce.claims.registry import claim
from ce.derivation import (
    SQUARES,
    ArgMax,
    ArgMin,
    At,
    AtLeast,
    Counterexample,
    Derivation,
    Derivative,
    Equal,
    SameArgmin,
    Slip,
    Solve,
    World,
)
from ce.formulas import gaussian_nll, heteroscedastic_nll, squared_distance
from ce.symbols import K, M, N, k, log_variance, m, mean, n, sigma, target, theta

DENSITY = exp(-((target[k] - mean[k]) ** 2) / (2 * sigma**2)) / sqrt(2 * pi * sigma**2)
SQUARED = Sum(Sum((target[n, k] - mean[n, k]) ** 2, (k, 1, K)), (n, 1, N))
SLOPE = K * Rational(1, 2) - exp(-log_variance) * squared_distance / 2


@claim
def gaussian_log_density() -> Derivation:
    """R1: minus the log-density of a Gaussian with covariance σ²I, with its normaliser."""
    world = World()
    return Derivation(
        claim="R1",
        part="log-density",
        title="Minus the log-density of a Gaussian with covariance σ²I",
        conditions=(r"K independent coordinates, each with variance \(\sigma^2 > 0\)",),
        world=world,
        head=r"-\log f(t)",
        start=-log(Product(DENSITY, (k, 1, K))),
        steps=(
            Equal(
                Sum(log(2 * pi * sigma**2) / 2 + (target[k] - mean[k]) ** 2 / (2 * sigma**2), (k, 1, K)),
                "the logarithm of a product",
            ),
            Equal(gaussian_nll.textbook, "K equal terms"),
        ),
        counterexamples=(
            Slip(
                "the normaliser is dropped",
                1,
                after=Sum((target[k] - mean[k]) ** 2 / (2 * sigma**2), (k, 1, K)),
                moral="Without it the two sides differ by K/2 · log 2πσ², which matters once σ is learned.",
            ),
        ),
    )


@claim
def squared_error_from_gaussian_likelihood() -> Derivation:
    """R1: with fixed σ the likelihood is largest where the squared error is smallest."""
    world = World(depends_on={mean: theta}, shapes={target: (N, K), mean: (N, K)})
    nll = Sum(
        K * log(2 * pi * sigma**2) / 2 + Sum((target[n, k] - mean[n, k]) ** 2, (k, 1, K)) / (2 * sigma**2), (n, 1, N)
    )
    return Derivation(
        claim="R1",
        part="same minimisers",
        title="With fixed variance, maximum likelihood is least squares",
        conditions=(r"\(\sigma\) is fixed: it does not depend on \(\theta\)",),
        world=world,
        head=r"\hat{\theta}",
        start=ArgMin(nll, theta),
        steps=(
            SameArgmin(
                ArgMin(SQUARED / N, theta),
                r"drop the normaliser, multiply by \(2 \sigma^2 / N > 0\)",
                over=theta,
                scaled=2 * sigma**2 / N,
            ),
        ),
        counterexamples=(
            Counterexample(
                "σ does not depend on θ",
                1,
                world.but(depends_on={mean: theta, sigma: theta}),
                moral="A variance that is learned weighs the squares.",
            ),
            Slip("the likelihood is made small", 1, before=ArgMax(nll, theta)),
        ),
    )


@claim
def mean_has_the_least_squares() -> Derivation:
    """R1: the one number with the least squared error is the mean of the targets."""
    return Derivation(
        claim="R1",
        part="mean",
        title="The number with the least squared error is the mean",
        conditions=(r"one prediction \(\theta\) for all K targets",),
        world=World(),
        head=r"\sum_{k} (\theta - t_{k})^2",
        start=Sum((theta - target[k]) ** 2, (k, 1, K)),
        steps=(
            Derivative(2 * Sum(theta - target[k], (k, 1, K)), "term by term", by=theta),
            Solve(Sum(target[k], (k, 1, K)) / K, r"set to zero: it only grows with \(\theta\)", variable=theta),
        ),
        counterexamples=(
            Slip("the sum is taken for the mean", 2, after=Sum(target[k], (k, 1, K))),
            Slip("the error is not squared", 1, before=Sum(theta - target[k], (k, 1, K))),
        ),
    )


@claim
def slope_of_the_predicted_variance() -> Derivation:
    """R2: predicting s = log σ² as well: the slope of the loss by s."""
    world = World()
    return Derivation(
        claim="R2",
        part="slope",
        title="Predicting the variance as well: the slope by its logarithm",
        conditions=(r"\(s = \log \sigma^2\)", "up to a constant"),
        world=world,
        head="L(s)",
        start=heteroscedastic_nll.textbook,
        steps=(
            Derivative(SLOPE, "term by term", by=log_variance),
            Derivative(exp(-log_variance) * squared_distance / 2, "and again", by=log_variance),
            AtLeast(
                Integer(0),
                "squares, times a positive factor: convex in s",
                slack=exp(-log_variance) * squared_distance / 2,
                lemma=SQUARES,
            ),
        ),
        counterexamples=(
            Slip(
                "the logarithm of the variance is left out",
                1,
                before=exp(-log_variance) * squared_distance / 2,
                moral="Without it the model would declare infinite variance.",
            ),
        ),
    )


@claim
def best_predicted_variance() -> Derivation:
    """R2: the best variance is the mean squared error: the weighting of Kendall, Gal and Cipolla."""
    world = World(positive=(squared_distance,))
    return Derivation(
        claim="R2",
        part="best variance",
        title="The best predicted variance is the mean squared error",
        conditions=(r"some target differs from its prediction",),
        world=world,
        head=r"\frac{\partial L}{\partial s}",
        start=SLOPE,
        steps=(
            At(Integer(0), r"\(e^{-s} = K / \sum_k (t_k - \mu_k)^2\)", put={log_variance: log(squared_distance / K)}),
        ),
        counterexamples=(
            Counterexample(
                "some target differs from its prediction",
                1,
                World(define={mean[k]: target[k]}),
                moral="A perfect fit would be given variance 0, and the loss has no minimum.",
            ),
        ),
    )


@claim
def loss_by_standard_deviation() -> Derivation:
    """R2: the same loss in terms of σ."""
    world = World(positive=(sigma,))
    return Derivation(
        claim="R2",
        part="σ form",
        title="The same in terms of σ",
        conditions=(r"\(s = \log \sigma^2\)",),
        world=world,
        head="L",
        start=heteroscedastic_nll.textbook,
        steps=(
            At(
                K * log(sigma) + squared_distance / (2 * sigma**2),
                r"\(e^{-s} = 1/\sigma^2\)",
                put={log_variance: log(sigma**2)},
            ),
        ),
        counterexamples=(
            Slip("log σ is taken for log σ²", 1, after=2 * K * log(sigma) + squared_distance / (2 * sigma**2)),
        ),
    )


@claim
def weighted_tasks() -> Derivation:
    """R2: for several tasks each squared error is weighted by 1/(2σ²), and log σ keeps σ finite."""
    spread = IndexedBase("sigma", positive=True)
    error = target[m, k] - mean[m, k]
    density = exp(-(error**2) / (2 * spread[m] ** 2)) / sqrt(2 * pi * spread[m] ** 2)
    world = World(shapes={target: (M, K), mean: (M, K), spread: (M,)})
    weighted = Sum(Sum(error**2, (k, 1, K)) / (2 * spread[m] ** 2) + K * log(spread[m]), (m, 1, M))
    return Derivation(
        claim="R2",
        part="tasks",
        title="Several tasks: each is weighted by its own variance",
        conditions=(r"M tasks of K targets each, Gaussian and independent", r"\(\sigma_m > 0\), learned"),
        world=world,
        head=r"-\log f(t)",
        start=-log(Product(Product(density, (k, 1, K)), (m, 1, M))),
        steps=(
            Equal(
                Sum(Sum(log(2 * pi * spread[m] ** 2) / 2 + error**2 / (2 * spread[m] ** 2), (k, 1, K)), (m, 1, M)),
                "the logarithm of a product of products",
            ),
            Equal(weighted + M * K * log(2 * pi) / 2, r"\(\log \sigma_m\) is the same K times"),
        ),
        conclusion=r"The term \(\tfrac12 KM \log 2\pi\) is free of everything that is learned.",
        counterexamples=(
            Slip(
                "log σ is dropped",
                2,
                after=Sum(Sum(error**2, (k, 1, K)) / (2 * spread[m] ** 2), (m, 1, M)),
                moral="Without log σ every task would be given infinite variance.",
            ),
        ),
    )
