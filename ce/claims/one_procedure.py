"""Likelihood, cross-entropy and divergence have the same minimisers: claims L1 to L3, I2 and I4."""

from __future__ import annotations

from sympy import Integer, KroneckerDelta, Product, Sum, Symbol, log

from ce.claims.kl_divergence import COVERED, SUPPORT
from ce.claims.registry import claim
from ce.derivation import (
    LOG_LEMMA,
    ArgMax,
    ArgMin,
    AtLeast,
    Counterexample,
    Derivation,
    Equal,
    LogGap,
    SameArgmin,
    Slip,
    World,
)
from ce.formulas import cross_entropy, entropy, kl_divergence
from ce.symbols import K, N, c, classes, k, n, p, q, theta, x, y

Q_POSITIVE = r"\(q_k > 0\) for every class"
H = Symbol("H(p)", real=True)
KL = Symbol(r"\mathrm{KL}(p \,\|\, q)", real=True)
NAMED = {H: entropy.textbook, KL: kl_divergence.textbook}


@claim
def likelihood_of_one_example() -> Derivation:
    """L1: the likelihood of one example is the probability given to its true class."""
    world = World(one_hot={y: c}, in_range={c: K})
    likelihood = Product(q[k] ** y[k], (k, 1, K))
    return Derivation(
        claim="L1",
        part="likelihood",
        title="The categorical likelihood of one example",
        conditions=(r"\(y\) is one-hot: \(y_k = [k = c]\)", r"\(c\) is one of \(1, \dots, K\)", Q_POSITIVE),
        world=world,
        head=r"q_\theta(y \mid x)",
        start=likelihood,
        steps=(Equal(q[c], r"every factor but that of \(k = c\) has exponent 0"),),
        counterexamples=(
            Counterexample(
                "y is one-hot", 1, world.without(one_hot=(y,)), moral="With a soft label the product mixes all classes."
            ),
            Counterexample(
                "c is one of 1, …, K",
                1,
                world.without(in_range=(c,)),
                moral="A label outside the range has no probability, and the product is 1.",
            ),
        ),
    )


@claim
def negative_log_likelihood_of_one_example() -> Derivation:
    """L1: minus its logarithm is the cross-entropy with the one-hot label."""
    world = World(one_hot={y: c}, in_range={c: K})
    return Derivation(
        claim="L1",
        part="negative logarithm",
        title="Minus the log-likelihood of one example is its cross-entropy",
        conditions=(r"\(y\) is one-hot: \(y_k = [k = c]\)", r"\(c\) is one of \(1, \dots, K\)", Q_POSITIVE),
        world=world,
        head=r"-\log q_\theta(y \mid x)",
        start=-log(Product(q[k] ** y[k], (k, 1, K))),
        steps=(
            Equal(-Sum(y[k] * log(q[k]), (k, 1, K)), "the logarithm turns the product into a sum"),
            Equal(-log(q[c]), r"only the term \(k = c\) is left"),
        ),
        counterexamples=(
            Counterexample("y is one-hot", 2, world.without(one_hot=(y,))),
            Counterexample("c is one of 1, …, K", 2, world.without(in_range=(c,))),
            Counterexample(
                "q > 0",
                2,
                world.but(may_vanish=(q,)),
                moral="A true class that was given probability 0 costs infinitely much.",
            ),
        ),
    )


@claim
def cross_entropy_is_mean_negative_log_likelihood() -> Derivation:
    """L2: the training objective is −1/N times the log-likelihood of the data."""
    world = World(one_hot={y: classes}, labels={classes: K})
    likelihood = Product(Product(q[n, k] ** y[n, k], (k, 1, K)), (n, 1, N))
    return Derivation(
        claim="L2",
        part="equality",
        title="The log-likelihood of the data, times −1/N, is the cross-entropy objective",
        conditions=(
            r"the examples are independent given their inputs",
            r"\(y_n\) is one-hot with true class \(c_n\)",
            r"\(q_{n,k} > 0\)",
        ),
        world=world,
        head=r"-\frac{1}{N} \log q_\theta(\text{data})",
        start=-log(likelihood) / N,
        steps=(
            Equal(
                -Sum(Sum(y[n, k] * log(q[n, k]), (k, 1, K)), (n, 1, N)) / N,
                "the logarithm of a product of products is a sum of sums",
            ),
            Equal(-Sum(log(q[n, classes[n]]), (n, 1, N)) / N, r"in each example only \(k = c_n\) is left"),
        ),
        conclusion=r"The last line is \(J_{\mathrm{CE}}(\theta)\), the mean cross-entropy.",
        counterexamples=(
            Counterexample("the labels are one-hot", 2, world.without(one_hot=(y,))),
            Slip(
                "the sum is taken for the mean",
                2,
                after=-Sum(log(q[n, classes[n]]), (n, 1, N)),
                moral="The sum and the mean differ by N.",
            ),
        ),
    )


@claim
def minimising_cross_entropy_maximises_likelihood() -> Derivation:
    """L2: both have the same best parameters."""
    world = World(labels={classes: K}, depends_on={q: theta})
    likelihood = Product(q[n, classes[n]], (n, 1, N))
    negative = World(labels={classes: K}, depends_on={q: theta, N: theta})
    return Derivation(
        claim="L2",
        part="same minimisers",
        title="Maximising the likelihood is minimising the cross-entropy",
        conditions=(r"\(q_{n,k} > 0\)", r"\(N\) does not depend on \(\theta\)"),
        world=world,
        head=r"\hat{\theta}",
        start=ArgMax(likelihood, theta),
        steps=(
            SameArgmin(ArgMax(log(likelihood), theta), "the logarithm is increasing", over=theta, through="log"),
            Equal(ArgMax(Sum(log(q[n, classes[n]]), (n, 1, N)), theta), "the logarithm of a product"),
            SameArgmin(
                ArgMin(-Sum(log(q[n, classes[n]]), (n, 1, N)) / N, theta),
                r"a minus sign turns max into min; \(1/N > 0\) moves neither",
                over=theta,
                scaled=1 / N,
            ),
        ),
        counterexamples=(
            Counterexample("q > 0", 1, world.but(may_vanish=(q,)), moral="The logarithm of 0 is no number."),
            Counterexample("N does not depend on θ", 3, negative),
            Slip(
                "max becomes min, and the sign stays", 3, after=ArgMin(Sum(log(q[n, classes[n]]), (n, 1, N)) / N, theta)
            ),
        ),
    )


@claim
def regrouping_by_face() -> Derivation:
    """L3: the mean negative log-likelihood of rolls is the cross-entropy against the empirical pmf."""
    counted = Sum(KroneckerDelta(x[n], k), (n, 1, N)) / N
    world = World(labels={x: K}, define={p[k]: counted})
    return Derivation(
        claim="L3",
        title="The mean negative log-likelihood is the cross-entropy against the empirical pmf",
        conditions=(r"each \(x_n\) is one of \(1, \dots, K\)", Q_POSITIVE),
        world=world,
        head=r"-\frac{1}{N} \sum_{n} \log q_{x_n}",
        start=-Sum(log(q[x[n]]), (n, 1, N)) / N,
        steps=(
            Equal(
                -Sum(Sum(KroneckerDelta(x[n], k) * log(q[k]), (k, 1, K)), (n, 1, N)) / N, "each roll picks out one face"
            ),
            Equal(
                -Sum(Sum(KroneckerDelta(x[n], k), (n, 1, N)) * log(q[k]), (k, 1, K)) / N,
                r"sum over the rolls first: \(\log q_k\) is the same for all of them",
            ),
            Equal(-Sum(p[k] * log(q[k]), (k, 1, K)), r"the count divided by \(N\) is \(p_k\)"),
        ),
        conclusion=r"The last line is \(H(p, q)\), with \(p\) the empirical pmf of the rolls.",
        counterexamples=(
            Counterexample(
                "each xₙ is one of 1, …, K",
                1,
                world.without(labels=(x,)),
                moral="A roll that is no face has no probability.",
            ),
            Counterexample(
                "p is the empirical pmf",
                3,
                World(labels={x: K}, normalised=(p,)),
                moral="Against the true pmf the two agree only in expectation.",
            ),
        ),
    )


@claim
def cross_entropy_splits() -> Derivation:
    """I2: cross-entropy is entropy plus divergence."""
    world = World(define=NAMED)
    return Derivation(
        claim="I2",
        title="Cross-entropy is entropy plus divergence",
        conditions=(COVERED, r"\(0 \log 0 = 0\); a class with \(p_k = q_k = 0\) is left out"),
        world=world,
        head="H(p, q)",
        start=cross_entropy.textbook,
        steps=(
            Equal(
                Sum(-p[k] * log(p[k]) + p[k] * (log(p[k]) - log(q[k])), (k, 1, K)), r"add and subtract \(p_k \log p_k\)"
            ),
            Equal(entropy.textbook + kl_divergence.textbook, "a difference of logarithms is the logarithm of a ratio"),
            Equal(H + KL, "by their definitions"),
        ),
        counterexamples=(
            Counterexample(
                "q > 0 where p > 0",
                1,
                world.but(may_vanish=(q,)),
                moral="Both sides are infinite then, and there is nothing to add up.",
            ),
            Slip(
                "the divergence is taken from q to p",
                3,
                after=H + Sum(q[k] * log(q[k] / p[k]), (k, 1, K)),
                moral="The two divergences are different numbers.",
            ),
        ),
    )


@claim
def cross_entropy_minus_divergence() -> Derivation:
    """I4: they differ by H(p), so they are equal exactly when H(p) = 0."""
    world = World(normalised=(p, q))
    return Derivation(
        claim="I4",
        part="difference",
        title="Cross-entropy and divergence differ by the entropy",
        conditions=(SUPPORT,),
        world=world,
        head=r"H(p, q) - \mathrm{KL}(p \,\|\, q)",
        start=cross_entropy.textbook - kl_divergence.textbook,
        steps=(Equal(entropy.textbook, r"\(\log q_k\) cancels"),),
        conclusion=r"They are equal exactly when \(H(p) = 0\).",
        counterexamples=(
            Slip(
                "cross-entropy is taken to equal the divergence",
                1,
                after=Integer(0),
                moral="“CE = KL” without a condition is false.",
            ),
            Counterexample("q > 0 where p > 0", 1, world.but(may_vanish=(q,)), moral="∞ − ∞ is not a number."),
        ),
    )


@claim
def entropy_is_zero_only_for_one_hot() -> Derivation:
    """I4: H(p) = 0 only when every entry is 0 or 1."""
    world = World(normalised=(p,), positive=(p,))
    slack = Sum(p[k] * LogGap(Integer(1), p[k]), (k, 1, K))
    return Derivation(
        claim="I4",
        part="only one-hot",
        title="The entropy is zero only for a one-hot pmf",
        conditions=(r"\(\sum_k p_k = 1\)", r"the sum runs over the classes with \(p_k > 0\)"),
        world=world,
        head="H(p)",
        start=entropy.textbook,
        steps=(
            AtLeast(
                Sum(p[k] * (1 - p[k]), (k, 1, K)),
                r"\(-\log x \ge 1 - x\) at \(x = p_k\), times \(p_k\)",
                slack=slack,
                lemma=LOG_LEMMA,
            ),
            Equal(1 - Sum(p[k] ** 2, (k, 1, K)), "p sums to one"),
        ),
        conclusion=r"Every term \(p_k (1 - p_k)\) is \(\ge 0\); all are 0 only if each \(p_k\) is 0 or 1.",
        counterexamples=(Counterexample("p sums to one", 2, world.without(normalised=(p,))),),
    )


@claim
def same_minimisers_as_divergence() -> Derivation:
    """I4: cross-entropy and divergence have the same minimisers, since H(p) is free of θ."""
    world = World(normalised=(p, q), depends_on={q: theta})
    varying = world.but(depends_on={q: theta, p: theta})
    return Derivation(
        claim="I4",
        part="same minimisers",
        title="Minimising cross-entropy is minimising divergence",
        conditions=(r"\(p\) does not depend on \(\theta\)", COVERED),
        world=world,
        head=r"\hat{\theta}",
        start=ArgMin(cross_entropy.textbook, theta),
        steps=(
            Equal(
                ArgMin(entropy.textbook + kl_divergence.textbook, theta),
                r"\(H(p, q) = H(p) + \mathrm{KL}(p \,\|\, q)\)",
            ),
            SameArgmin(ArgMin(kl_divergence.textbook, theta), r"\(H(p)\) does not contain \(\theta\)", over=theta),
        ),
        counterexamples=(
            Counterexample(
                "p does not depend on θ",
                2,
                varying,
                moral="A target that moves with the parameters, as in self-training, takes its entropy along.",
            ),
            Slip(
                "the divergence is taken from q to p", 2, after=ArgMin(Sum(q[k] * log(q[k] / p[k]), (k, 1, K)), theta)
            ),
            Counterexample("q > 0 where p > 0", 1, world.but(may_vanish=(q,))),
        ),
    )


@claim
def equal_to_divergence_for_one_hot() -> Derivation:
    """I4: cross-entropy equals divergence exactly when H(p) = 0, as for a one-hot target."""
    return Derivation(
        claim="I4",
        part="one-hot",
        title="For a one-hot target cross-entropy and divergence are the same number",
        conditions=(r"\(p_k = [k = c]\)", r"\(q_k > 0\)"),
        world=World(one_hot={p: c}, in_range={c: K}, normalised=(q,)),
        head="H(p, q)",
        start=cross_entropy.textbook,
        steps=(
            Equal(-log(q[c]), r"only the term \(k = c\) is left"),
            Equal(kl_divergence.textbook, r"\(p_c = 1\), and \(0 \log 0 = 0\) for the other classes"),
        ),
        counterexamples=(
            Counterexample(
                "p is one-hot",
                2,
                World(normalised=(p, q)),
                from_start=True,
                moral="For a soft target they differ by its entropy: “CE = NLL = KL” is false.",
            ),
        ),
    )


@claim
def entropy_of_one_hot() -> Derivation:
    """I4: the entropy of a one-hot target is zero."""
    return Derivation(
        claim="I4",
        part="entropy",
        title="The entropy of a one-hot target is zero",
        conditions=(r"\(p_k = [k = c]\)", r"\(0 \log 0 = 0\)"),
        world=World(one_hot={p: c}, in_range={c: K}),
        head="H(p)",
        start=entropy.textbook,
        steps=(Equal(Integer(0), r"\(1 \log 1\) and \(0 \log 0\) are both 0"),),
        counterexamples=(Counterexample("p is one-hot", 1, World(normalised=(p,))),),
    )
