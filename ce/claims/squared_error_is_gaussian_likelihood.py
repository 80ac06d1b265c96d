"""Squared error is the negative log-likelihood of a Gaussian, and what a predicted variance does to it: R1 and R2."""

from __future__ import annotations

from sympy import Abs, IndexedBase, Integer, Product, Rational, Sum, Symbol, exp, log, oo, pi, sqrt

from ce.claims.registry import claim
from ce.claims.two_directions_of_kl import DEVIATIONS, MEANS, NORMAL, X, density, under_first
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
    Limit,
    SameArgmin,
    Slip,
    Solve,
    World,
)
from ce.formulas import NormalExpectation, gaussian_nll, heteroscedastic_nll, squared_distance
from ce.symbols import K, M, N, j, k, log_variance, m, mean, n, sigma, target, theta

DENSITY = exp(-((target[k] - mean[k]) ** 2) / (2 * sigma**2)) / sqrt(2 * pi * sigma**2)
SQUARED = Sum(Sum((target[n, k] - mean[n, k]) ** 2, (k, 1, K)), (n, 1, N))
UNIT, SCALE = Symbol("a", positive=True), Symbol("tau", positive=True)
FLOOR = Symbol("s_0", real=True)
ABSOLUTE = Sum(Abs(target[k] - mean[k]), (k, 1, K))
SLOPE = K * Rational(1, 2) - exp(-log_variance) * squared_distance / 2


@claim
def gaussian_log_density() -> Derivation:
    """R1: minus the log-density of a Gaussian with covariance σ²I, with its normaliser."""
    return Derivation(
        claim="R1",
        part="log-density",
        title="Minus the log-density of a Gaussian with covariance σ²I",
        conditions=(r"K independent coordinates, each with variance \(\sigma^2 > 0\)",),
        world=World(),
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
    errors = Symbol("E", nonnegative=True)
    world = World(depends_on={mean: theta}, shapes={target: (N, K), mean: (N, K)}, define={errors: SQUARED})
    nll = N * K * log(2 * pi * sigma**2) / 2 + errors / (2 * sigma**2)
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
                ArgMin(errors / N, theta),
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
def another_unit_moves_the_loss() -> Derivation:
    """R1: in another unit the loss is moved by a constant; so its sign says nothing."""
    scaled = Sum((UNIT * target[k] - UNIT * mean[k]) ** 2, (k, 1, K))
    return Derivation(
        claim="R1",
        part="unit",
        title="In another unit the loss is moved by a constant",
        conditions=(r"target, prediction and \(\sigma\) are multiplied by \(a > 0\)",),
        world=World(),
        head=r"-\log f_a(at)",
        start=K * log(2 * pi * (UNIT * sigma) ** 2) / 2 + scaled / (2 * (UNIT * sigma) ** 2),
        steps=(Equal(gaussian_nll.textbook + K * log(UNIT), r"the squares cancel, \(\log a\) comes out"),),
        conclusion="The same model of the same data: which loss is negative depends on the unit.",
        counterexamples=(
            Slip(
                "σ keeps its old number",
                1,
                before=K * log(2 * pi * sigma**2) / 2 + scaled / (2 * sigma**2),
                moral="σ is measured in the unit of the target.",
            ),
        ),
    )


@claim
def cross_entropy_of_two_normals() -> Derivation:
    """R1: the expected loss of a Gaussian model on Gaussian data: a squared error, noise included."""
    first, second = DEVIATIONS
    expected = log(2 * pi * second**2) / 2 + (first**2 + (MEANS[0] - MEANS[1]) ** 2) / (2 * second**2)
    return Derivation(
        claim="R1",
        part="cross-entropy",
        title="The cross-entropy of two normal densities",
        conditions=(NORMAL,),
        world=World(),
        head=r"H(f_1, f_2)",
        start=under_first(-log(density(1))),
        steps=(Equal(expected, r"\(\mathbb{E}[(x - \mu_2)^2] = \sigma_1^2 + (\mu_1 - \mu_2)^2\)"),),
        conclusion="The noise and the squared error of the mean stand side by side: whoever fits the variance "
        "fits their sum.",
        counterexamples=(
            Slip("the noise is forgotten", 1, after=expected - first**2 / (2 * second**2)),
            Slip("the two are exchanged", 1, before=NormalExpectation(-log(density(0)), X, MEANS[1], second)),
        ),
    )


@claim
def laplace_log_density() -> Derivation:
    """R1: with a Laplace density the loss is the absolute error."""
    laplace = exp(-Abs(target[k] - mean[k]) / SCALE) / (2 * SCALE)
    return Derivation(
        claim="R1",
        part="Laplace",
        title="Minus the log-density of a Laplace law is an absolute error",
        conditions=(r"K independent coordinates with the density \(e^{-|t - \mu|/\tau} / 2\tau\), \(\tau > 0\)",),
        world=World(),
        head=r"-\log f(t)",
        start=-log(Product(laplace, (k, 1, K))),
        steps=(
            Equal(Sum(log(2 * SCALE) + Abs(target[k] - mean[k]) / SCALE, (k, 1, K)), "the logarithm of a product"),
            Equal(K * log(2 * SCALE) + ABSOLUTE / SCALE, "K equal terms"),
        ),
        conclusion="Its minimum over one prediction is a median of the targets, not their mean.",
        counterexamples=(Slip("the density is a Gaussian", 1, before=-log(Product(DENSITY, (k, 1, K)))),),
    )


@claim
def slope_of_the_predicted_variance() -> Derivation:
    """R2: predicting s = log σ² as well: the slope of the loss by s."""
    return Derivation(
        claim="R2",
        part="slope",
        title="Predicting the variance as well: the slope by its logarithm",
        conditions=(r"\(s = \log \sigma^2\)", "up to a constant"),
        world=World(),
        head="L(s)",
        start=heteroscedastic_nll.textbook,
        steps=(
            Derivative(SLOPE, "term by term", by=log_variance),
            Derivative(exp(-log_variance) * squared_distance / 2, "and again", by=log_variance),
            AtLeast(Integer(0), "squares, times a positive factor: convex in s", lemma=SQUARES),
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
    return Derivation(
        claim="R2",
        part="best variance",
        title="The best predicted variance is the mean squared error",
        conditions=(r"some target differs from its prediction",),
        world=World(positive=(squared_distance,)),
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
def slope_in_the_predicted_mean() -> Derivation:
    """R2: the error pulls on the mean with a weight of one over the variance."""
    return Derivation(
        claim="R2",
        part="slope in the mean",
        title="The larger the predicted variance, the weaker the pull of an error",
        conditions=(r"\(s = \log \sigma^2\)",),
        world=World(in_range={j: K}),
        head="L(s)",
        start=heteroscedastic_nll.textbook,
        steps=(
            Derivative(
                exp(-log_variance) * (mean[j] - target[j]), r"prediction minus target, over \(\sigma^2\)", by=mean[j]
            ),
        ),
        counterexamples=(Slip("the weight is forgotten", 1, after=mean[j] - target[j]),),
    )


@claim
def loss_at_the_best_variance() -> Derivation:
    """R2: with the best variance the loss is the logarithm of the mean squared error, up to constants."""
    return Derivation(
        claim="R2",
        part="best loss",
        title="With the best variance the loss is the logarithm of the mean squared error",
        conditions=(r"some target differs from its prediction", r"\(\sigma^2\) is the mean squared error"),
        world=World(positive=(squared_distance,)),
        head="L(s)",
        start=heteroscedastic_nll.textbook,
        steps=(
            At(
                K * (1 + log(squared_distance / K)) / 2,
                r"\(s = \log\bigl(\tfrac1K \sum_k (t_k - \mu_k)^2\bigr)\)",
                put={log_variance: log(squared_distance / K)},
            ),
        ),
        conclusion="It is negative for a mean squared error below 1/e, and has no lower bound.",
        counterexamples=(Slip("the sum is taken for the mean", 1, after=K * (1 + log(squared_distance)) / 2),),
    )


@claim
def a_perfect_fit_has_no_floor() -> Derivation:
    """R2: where the prediction is the target the loss falls to minus infinity with the variance."""
    exact = World(define={mean[k]: target[k]})
    return Derivation(
        claim="R2",
        part="no floor",
        title="A point that is hit exactly draws the loss to minus infinity",
        conditions=(r"\(\mu_k = t_k\) for all k", "nothing holds the variance up"),
        world=exact,
        head="L(s)",
        start=heteroscedastic_nll.textbook,
        steps=(
            Equal(K * log_variance / 2, "no error is left"),
            Limit(-oo, r"\(\sigma^2 \to 0\)", variable=log_variance, to=-oo),
        ),
        counterexamples=(
            Counterexample(
                "the prediction is the target",
                1,
                World(),
                moral="An error that stays, however small, turns the loss up again.",
            ),
        ),
    )


@claim
def a_least_variance_is_a_floor() -> Derivation:
    """R2: a least variance bounds the loss from below."""
    over = log_variance - FLOOR
    return Derivation(
        claim="R2",
        part="floor",
        title="A least variance bounds the loss from below",
        conditions=(r"\(s > s_0\)",),
        world=World(positive=(over,)),
        head="L(s)",
        start=heteroscedastic_nll.textbook,
        steps=(
            AtLeast(
                K * FLOOR / 2,
                r"\(s > s_0\), and squares",
                slack=K * over / 2 + exp(-log_variance) * squared_distance / 2,
                lemma=SQUARES,
            ),
        ),
        counterexamples=(Counterexample("s > s₀", 1, World()),),
    )


@claim
def loss_by_standard_deviation() -> Derivation:
    """R2: the same loss in terms of σ."""
    return Derivation(
        claim="R2",
        part="σ form",
        title="The same in terms of σ",
        conditions=(r"\(s = \log \sigma^2\)",),
        world=World(positive=(sigma,)),
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
    weighted = Sum(Sum(error**2, (k, 1, K)) / (2 * spread[m] ** 2) + K * log(spread[m]), (m, 1, M))
    return Derivation(
        claim="R2",
        part="tasks",
        title="Several tasks: each is weighted by its own variance",
        conditions=(r"M tasks of K targets each, Gaussian and independent", r"\(\sigma_m > 0\), learned"),
        world=World(shapes={target: (M, K), mean: (M, K), spread: (M,)}),
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
