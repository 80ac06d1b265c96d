"""From averages to expectations, conditional likelihood, the population form: claims L5 to L8."""

from __future__ import annotations

from sympy import Integer, Product, Sum, exp, log, oo

from ce.claims.registry import claim
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
from ce.symbols import K, M, N, c, classes, k, l, m, n, p, q, r, theta, x, y, z

NEGATIVE_LOGS = -Sum(log(q[x[n], classes[n]]), (n, 1, N)) / N
LABELS = {x: M, classes: K}
SHAPES = {q: (M, K), p: (M, K), r: (M,)}
OUTER = (m, 1, M)
INNER = (k, 1, K)
DIVERGENCES = Sum(r[m] * Sum(p[m, k] * log(p[m, k] / q[m, k]), INNER), OUTER)


@claim
def from_product_to_expectation() -> Derivation:
    """L5: from the largest product to the smallest expected loss."""
    world = World(labels={x: K}, depends_on={q: theta}, normalised=(r,))
    return Derivation(
        claim="L5",
        part="chain",
        title="From the largest likelihood to the smallest expected loss",
        conditions=(
            r"\(q_k > 0\)",
            r"the rolls are independent with pmf \(r\)",
            r"for the last step a uniform law of large numbers over \(\theta\)",
        ),
        world=world,
        head=r"\hat{\theta}",
        start=ArgMax(Product(q[x[n]], (n, 1, N)), theta),
        steps=(
            SameArgmin(
                ArgMax(Sum(log(q[x[n]]), (n, 1, N)), theta), "the logarithm is increasing", over=theta, through="log"
            ),
            SameArgmin(
                ArgMin(-Sum(log(q[x[n]]), (n, 1, N)) / N, theta),
                "a minus sign turns max into min; 1/N > 0",
                over=theta,
                scaled=1 / N,
            ),
            Cite(
                ArgMin(-Sum(r[k] * log(q[k]), (k, 1, K)), theta),
                "as N grows, if the averages converge uniformly in θ and the minimiser is well separated (theorem 5.7)",
                source="vandervaart1998",
            ),
        ),
        counterexamples=(
            Counterexample("q > 0", 1, world.but(may_vanish=(q,)), moral="The logarithm of 0 is no number."),
            Slip("max becomes min, and the sign stays", 2, after=ArgMax(-Sum(log(q[x[n]]), (n, 1, N)) / N, theta)),
        ),
    )


@claim
def pointwise_limit_of_a_moving_dip() -> Derivation:
    """L5: objectives with a dip at θ = N converge at every θ to one with its minimum at 0."""
    return Derivation(
        claim="L5",
        part="pointwise limit",
        title="Objectives that converge at every θ …",
        conditions=(r"\(\theta\) stays while \(N\) grows",),
        world=World(),
        head=r"f_N(\theta)",
        start=theta**2 / (1 + theta**2) - 2 * exp(-((theta - N) ** 2)),
        steps=(Limit(theta**2 / (1 + theta**2), r"the dip at \(N\) moves away", variable=N, to=oo),),
        conclusion=r"The limit is smallest at \(\theta = 0\).",
        counterexamples=(Counterexample("θ stays while N grows", 1, World(define={theta: N})),),
    )


@claim
def minimum_of_a_moving_dip() -> Derivation:
    """L5: … while the minimum of each runs away: pointwise convergence does not move an argmin along."""
    return Derivation(
        claim="L5",
        part="pointwise is not enough",
        title="… while their minima run away",
        conditions=(r"\(\theta = N\)",),
        world=World(),
        head=r"f_N(\theta)",
        start=theta**2 / (1 + theta**2) - 2 * exp(-((theta - N) ** 2)),
        steps=(
            At(N**2 / (1 + N**2) - 2, r"\(e^0 = 1\)", put={theta: N}),
            AtMost(Integer(-1), r"\(N^2 / (1 + N^2) < 1\)", slack=1 / (1 + N**2)),
        ),
        conclusion=r"\(f_N\) is at most −1 at \(\theta = N\) and more than −1 near 0 once N is large: no "
        r"minimum tends to 0.",
        counterexamples=(Slip("the dip is left out", 2, before=N**2 / (1 + N**2)),),
    )


@claim
def conditional_likelihood_chain() -> Derivation:
    """L6: from the conditional likelihood to the expected negative log of the joint."""
    world = World(labels=LABELS, shapes=SHAPES, depends_on={q: theta}, positive=(r,), normalised=(p,))
    with_inputs = ArgMin(Sum(-log(q[x[n], classes[n]]) - log(r[x[n]]), (n, 1, N)) / N, theta)
    return Derivation(
        claim="L6",
        part="chain",
        title="Conditional maximum likelihood, step by step",
        conditions=(
            r"\(q_{m,k} > 0\): the model's probability of class k for input m",
            r"\(x_n\), \(c_n\): input and class of example n",
            r"\(r_m > 0\): the true probability of input m, free of \(\theta\)",
        ),
        world=world,
        head=r"\hat{\theta}",
        start=ArgMax(Product(q[x[n], classes[n]], (n, 1, N)), theta),
        steps=(
            SameArgmin(
                ArgMax(Sum(log(q[x[n], classes[n]]), (n, 1, N)), theta),
                "the logarithm is increasing",
                over=theta,
                through="log",
            ),
            SameArgmin(
                ArgMin(NEGATIVE_LOGS, theta), "a minus sign turns max into min; 1/N > 0", over=theta, scaled=1 / N
            ),
            SameArgmin(
                with_inputs, r"subtracting \(\log r\) changes no minimiser: it is free of \(\theta\)", over=theta
            ),
            Equal(
                ArgMin(-Sum(log(q[x[n], classes[n]] * r[x[n]]), (n, 1, N)) / N, theta),
                r"a sum of logarithms; the product is the joint model \(q_\theta(c, x)\)",
            ),
            Cite(
                ArgMin(-Sum(Sum(r[m] * p[m, k] * log(q[m, k] * r[m]), INNER), OUTER), theta),
                "as N grows, if the averages converge uniformly in θ and the minimiser is well separated (theorem 5.7)",
                source="vandervaart1998",
            ),
        ),
        counterexamples=(
            Counterexample("q > 0", 1, world.but(may_vanish=(q,)), moral="The logarithm of 0 is no number."),
            Counterexample(
                "the probability of the inputs is free of θ",
                3,
                world.but(depends_on={q: theta, r: theta}),
                moral="A model of the inputs that shares parameters does change the minimiser.",
            ),
            Slip(
                "the probabilities are added, not multiplied",
                4,
                after=ArgMin(-Sum(log(q[x[n], classes[n]] + r[x[n]]), (n, 1, N)) / N, theta),
            ),
        ),
    )


@claim
def expected_loss_without_the_inputs() -> Derivation:
    """L6: the probability of the inputs drops out of the expected loss, too."""
    world = World(shapes=SHAPES, depends_on={q: theta}, positive=(r,), normalised=(p,))
    with_inputs = -Sum(Sum(r[m] * p[m, k] * log(q[m, k] * r[m]), INNER), OUTER)
    return Derivation(
        claim="L6",
        part="expectation",
        title="The expected loss does not need the probability of the inputs either",
        conditions=(r"\(q_{m,k} > 0\)", r"\(r_m > 0\): the true probability of input m, free of \(\theta\)"),
        world=world,
        head=r"\theta^{*}",
        start=ArgMin(with_inputs, theta),
        steps=(
            SameArgmin(
                ArgMin(-Sum(Sum(r[m] * p[m, k] * log(q[m, k]), INNER), OUTER), theta),
                r"\(\log r_m\) is free of \(\theta\)",
                over=theta,
            ),
        ),
        counterexamples=(
            Counterexample("the probability of the inputs is free of θ", 1, world.but(depends_on={q: theta, r: theta})),
        ),
    )


@claim
def picking_an_entry() -> Derivation:
    """L7: the product with a unit vector picks the probability of the class."""
    world = World(one_hot={y: c}, in_range={c: K})
    return Derivation(
        claim="L7",
        part="unit vector",
        title="The product of a unit vector with the model's output picks one entry",
        conditions=(r"\(e_c\) has entries \([k = c]\)", r"\(c\) is one of \(1, \dots, K\)"),
        world=world,
        head=r"e_c^{\mathsf T} M_\theta(x)",
        start=Sum(y[k] * q[k], INNER),
        steps=(Equal(q[c], r"only \(k = c\) is left"),),
        counterexamples=(
            Counterexample("e_c is a unit vector", 1, world.without(one_hot=(y,))),
            Counterexample("c is one of 1, …, K", 1, world.without(in_range=(c,))),
        ),
    )


@claim
def both_written_forms_of_the_loss() -> Derivation:
    """L7: the mean of cross-entropies with one-hot labels is the mean of −log of one softmax entry."""
    total = Sum(exp(z[n, l]), (l, 1, K))
    world = World(one_hot={y: classes}, labels={classes: K}, define={q[n, k]: exp(z[n, k]) / total})
    return Derivation(
        claim="L7",
        part="two forms",
        title="The loss over a data set in both of its written forms",
        conditions=(r"\(y_{n,k} = [k = c_n]\)", r"\(q_n\) is the softmax of the logits \(z_n\)"),
        world=world,
        head=r"\frac{1}{N} \sum_{n} H(y_n, q_n)",
        start=-Sum(Sum(y[n, k] * log(q[n, k]), INNER), (n, 1, N)) / N,
        steps=(
            Equal(-Sum(log(q[n, classes[n]]), (n, 1, N)) / N, r"only \(k = c_n\) is left in example n"),
            Equal(Sum(log(total) - z[n, classes[n]], (n, 1, N)) / N, "the logarithm of the softmax"),
        ),
        counterexamples=(
            Counterexample("the labels are one-hot", 1, world.without(one_hot=(y,))),
            Slip("the normaliser of the softmax is forgotten", 2, after=-Sum(z[n, classes[n]], (n, 1, N)) / N),
        ),
    )


@claim
def population_form() -> Derivation:
    """L8: the expected loss is the expected cross-entropy of the conditional pmfs, and splits like one."""
    world = World(normalised=(p, q, r), shapes=SHAPES)
    entropies = -Sum(r[m] * Sum(p[m, k] * log(p[m, k]), INNER), OUTER)
    return Derivation(
        claim="L8",
        part="expectation",
        title="The population form: an expectation of cross-entropies",
        conditions=(
            r"\(r\): pmf of the inputs; \(p_m\), \(q_m\): true and modelled pmf of the class given "
            r"input m",
            r"\(q_{m,k} > 0\)",
        ),
        world=world,
        head=r"\mathbb{E}_{x} \mathbb{E}_{y \mid x} [-\log q(y \mid x)]",
        start=Sum(Sum(r[m] * p[m, k] * -log(q[m, k]), INNER), OUTER),
        steps=(
            Equal(
                Sum(r[m] * -Sum(p[m, k] * log(q[m, k]), INNER), OUTER),
                r"\(r_m\) is the same for every class: \(\mathbb{E}_x H(p_m, q_m)\)",
            ),
            Equal(entropies + DIVERGENCES, r"each cross-entropy is \(H(p_m) + \mathrm{KL}(p_m \,\|\, q_m)\)"),
        ),
        counterexamples=(
            Counterexample("q > 0", 2, world.but(may_vanish=(q,))),
            Slip("every class gets the weight 1/K", 1, after=Sum(r[m] * -Sum(log(q[m, k]) / K, INNER), OUTER)),
        ),
    )


@claim
def population_minimisers() -> Derivation:
    """L8: minimising it is minimising the mean divergence."""
    world = World(normalised=(p, q, r), shapes=SHAPES, depends_on={q: theta})
    losses = -Sum(Sum(r[m] * p[m, k] * log(q[m, k]), INNER), OUTER)
    return Derivation(
        claim="L8",
        part="same minimisers",
        title="Minimising the expected loss is minimising the mean divergence",
        conditions=(r"\(r\) and \(p\) do not depend on \(\theta\)", r"\(q_{m,k} > 0\)"),
        world=world,
        head=r"\theta^{*}",
        start=ArgMin(losses, theta),
        steps=(SameArgmin(ArgMin(DIVERGENCES, theta), "they differ by the mean entropy, free of θ", over=theta),),
        counterexamples=(
            Counterexample("p does not depend on θ", 1, world.but(depends_on={q: theta, p: theta})),
            Counterexample(
                "r does not depend on θ",
                1,
                world.but(depends_on={q: theta, r: theta}),
                moral="Where the model decides what it sees next, the mean entropy moves along.",
            ),
            Counterexample("q > 0", 1, world.but(may_vanish=(q,))),
        ),
    )
