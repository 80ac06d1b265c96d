"""Likelihood and cross-entropy: claims L1 to L3."""

from __future__ import annotations

from sympy import KroneckerDelta, Product, Sum, log

from ce.claims.registry import on_page
from ce.derivation import ArgMax, ArgMin, Counterexample, Derivation, Equal, SameArgmin, Slip, World
from ce.symbols import K, N, c, classes, k, n, p, q, theta, x, y

ONE_PROCEDURE = "three-names/one-procedure"
Q_POSITIVE = r"\(q_k > 0\) for every class"


@on_page(ONE_PROCEDURE)
def likelihood_of_one_example() -> Derivation:
    """L1: the likelihood of one example is the probability given to its true class."""
    world = World(one_hot={y: c}, in_range={c: K})
    likelihood = Product(q[k] ** y[k], (k, 1, K))
    return Derivation(
        claim="L1", part="likelihood", title="The categorical likelihood of one example",
        conditions=(r"\(y\) is one-hot: \(y_k = [k = c]\)", r"\(c\) is one of \(1, \dots, K\)", Q_POSITIVE),
        world=world, head=r"p_\theta(y \mid x)", start=likelihood,
        steps=(Equal(q[c], r"every factor but that of \(k = c\) has exponent 0"),),
        counterexamples=(
            Counterexample("y is one-hot", 1, world.without(one_hot=(y,)),
                           moral="With a soft label the product mixes all classes."),
            Counterexample("c is one of 1, …, K", 1, world.without(in_range=(c,)),
                           moral="A label outside the range has no probability, and the product is 1."),
        ),
    )  # fmt: skip


@on_page(ONE_PROCEDURE)
def negative_log_likelihood_of_one_example() -> Derivation:
    """L1: minus its logarithm is the cross-entropy with the one-hot label."""
    world = World(one_hot={y: c}, in_range={c: K})
    return Derivation(
        claim="L1", part="negative logarithm",
        title="Minus the log-likelihood of one example is its cross-entropy",
        conditions=(r"\(y\) is one-hot: \(y_k = [k = c]\)", r"\(c\) is one of \(1, \dots, K\)", Q_POSITIVE),
        world=world, head=r"-\log p_\theta(y \mid x)", start=-log(Product(q[k] ** y[k], (k, 1, K))),
        steps=(
            Equal(-Sum(y[k] * log(q[k]), (k, 1, K)), "the logarithm turns the product into a sum"),
            Equal(-log(q[c]), r"only the term \(k = c\) is left"),
        ),
        counterexamples=(
            Counterexample("y is one-hot", 2, world.without(one_hot=(y,))),
            Counterexample("c is one of 1, …, K", 2, world.without(in_range=(c,))),
            Counterexample("q > 0", 2, world.but(may_vanish=(q,)),
                           moral="A true class that was given probability 0 costs infinitely much."),
        ),
    )  # fmt: skip


@on_page(ONE_PROCEDURE)
def cross_entropy_is_mean_negative_log_likelihood() -> Derivation:
    """L2: the training objective is −1/N times the log-likelihood of the data."""
    world = World(one_hot={y: classes}, labels={classes: K})
    likelihood = Product(Product(q[n, k] ** y[n, k], (k, 1, K)), (n, 1, N))
    return Derivation(
        claim="L2", part="equality",
        title="The log-likelihood of the data, times −1/N, is the cross-entropy objective",
        conditions=(r"the examples are independent given their inputs",
                    r"\(y_n\) is one-hot with true class \(c_n\)",
                    r"\(q_{n,k} > 0\)"),
        world=world, head=r"-\frac{1}{N} \log p_\theta(\text{data})", start=-log(likelihood) / N,
        steps=(
            Equal(-Sum(Sum(y[n, k] * log(q[n, k]), (k, 1, K)), (n, 1, N)) / N,
                  "the logarithm of a product of products is a sum of sums"),
            Equal(-Sum(log(q[n, classes[n]]), (n, 1, N)) / N, r"in each example only \(k = c_n\) is left"),
        ),
        conclusion=r"The last line is \(J_{\mathrm{CE}}(\theta)\), the mean cross-entropy.",
        counterexamples=(
            Counterexample("the labels are one-hot", 2, world.without(one_hot=(y,))),
            Slip("the sum is taken for the mean", 2,
                 after=-Sum(log(q[n, classes[n]]), (n, 1, N)),
                 moral="The sum and the mean differ by N."),
        ),
    )  # fmt: skip


@on_page(ONE_PROCEDURE)
def minimising_cross_entropy_maximises_likelihood() -> Derivation:
    """L2: both have the same best parameters."""
    world = World(labels={classes: K}, depends_on={q: theta})
    likelihood = Product(q[n, classes[n]], (n, 1, N))
    negative = World(labels={classes: K}, depends_on={q: theta, N: theta})
    return Derivation(
        claim="L2", part="same minimisers", title="Maximising the likelihood is minimising the cross-entropy",
        conditions=(r"\(q_{n,k} > 0\)", r"\(N\) does not depend on \(\theta\)"),
        world=world, head=r"\hat{\theta}", start=ArgMax(likelihood, theta),
        steps=(
            SameArgmin(ArgMax(log(likelihood), theta), "the logarithm is increasing", over=theta,
                       through="log"),
            Equal(ArgMax(Sum(log(q[n, classes[n]]), (n, 1, N)), theta), "the logarithm of a product"),
            SameArgmin(ArgMin(-Sum(log(q[n, classes[n]]), (n, 1, N)) / N, theta),
                       r"a minus sign turns max into min; \(1/N > 0\) moves neither", over=theta,
                       scaled=1 / N),
        ),
        counterexamples=(
            Counterexample("q > 0", 1, world.but(may_vanish=(q,)), moral="The logarithm of 0 is no number."),
            Counterexample("N does not depend on θ", 3, negative),
            Slip("max becomes min, and the sign stays", 3,
                 after=ArgMin(Sum(log(q[n, classes[n]]), (n, 1, N)) / N, theta)),
        ),
    )  # fmt: skip


@on_page(ONE_PROCEDURE)
def regrouping_by_face() -> Derivation:
    """L3: the mean negative log-likelihood of rolls is the cross-entropy against the empirical pmf."""
    counted = Sum(KroneckerDelta(x[n], k), (n, 1, N)) / N
    world = World(labels={x: K}, define={p[k]: counted})
    return Derivation(
        claim="L3", title="The mean negative log-likelihood is the cross-entropy against the empirical pmf",
        conditions=(r"each \(x_n\) is one of \(1, \dots, K\)", Q_POSITIVE),
        world=world, head=r"-\frac{1}{N} \sum_{n} \log q_{x_n}", start=-Sum(log(q[x[n]]), (n, 1, N)) / N,
        steps=(
            Equal(-Sum(Sum(KroneckerDelta(x[n], k) * log(q[k]), (k, 1, K)), (n, 1, N)) / N,
                  "each roll picks out one face"),
            Equal(-Sum(Sum(KroneckerDelta(x[n], k), (n, 1, N)) * log(q[k]), (k, 1, K)) / N,
                  r"sum over the rolls first: \(\log q_k\) is the same for all of them"),
            Equal(-Sum(p[k] * log(q[k]), (k, 1, K)), r"the count divided by \(N\) is \(p_k\)"),
        ),
        conclusion=r"The last line is \(H(p, q)\), with \(p\) the empirical pmf of the rolls.",
        counterexamples=(
            Counterexample("each x_n is one of 1, …, K", 1, world.without(labels=(x,)),
                           moral="A roll that is no face has no probability."),
            Counterexample("p is the empirical pmf", 3, World(labels={x: K}, normalised=(p,)),
                           moral="Against the true pmf the two agree only in expectation."),
        ),
    )  # fmt: skip
