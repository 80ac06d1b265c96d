"""Averages, expectations and the uniform law; conditional likelihood, the population form: L5 to L8, C5, C14."""

from __future__ import annotations

from sympy import IndexedBase, Product, Sum, Symbol, exp, log, oo, symbols

from ce.claims.registry import claim
from ce.derivation import (
    LOG_LEMMA,
    ArgMax,
    ArgMin,
    At,
    AtLeast,
    AtMost,
    Cite,
    Counterexample,
    Derivation,
    Equal,
    Limit,
    LogGap,
    SameArgmin,
    Slip,
    World,
)
from ce.symbols import K, M, N, c, classes, k, l, m, n, p, q, r, smoothing, theta, x, y, z

NEGATIVE_LOGS = -Sum(log(q[x[n], classes[n]]), (n, 1, N)) / N
LABELS = {x: M, classes: K}
SHAPES = {q: (M, K), p: (M, K), r: (M,)}
OUTER = (m, 1, M)
INNER = (k, 1, K)
# The mean loss of a window of width θ on the first of N draws, on average over the draws, and the expected loss.
WINDOW_ON_DATA = log(2) - (1 + (N - 1) * theta) / N * log(1 + 1 / theta)
WINDOW_EXPECTED = log(2) - theta * log(1 + 1 / theta)
SHARE = IndexedBase("pbar", positive=True)
WITH_SHARES = World(
    normalised=(p, q, r),
    shapes={p: (M, K), r: (M,), q: (K,), SHARE: (K,)},
    define={SHARE[k]: Sum(r[m] * p[m, k], OUTER)},
)
ENTROPY_OF_SHARES = -Sum(SHARE[k] * log(SHARE[k]), INNER)
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
def gap_of_a_coin() -> Derivation:
    """C14: how far the mean loss of a coin is from the expected one, at every θ at once."""
    share, chance = Symbol("p", positive=True), Symbol("r", positive=True)
    mean, expected = (-part * log(theta) - (1 - part) * log(1 - theta) for part in (share, chance))
    unit = (0, 1)
    return Derivation(
        claim="C14",
        part="gap of a coin",
        title="Of a coin the mean loss is off by the share’s error times a logit",
        conditions=(r"\(0 < \theta < 1\)", r"\(p\): share of heads seen; \(r\): the coin’s own"),
        world=World(intervals={theta: unit, share: unit, chance: unit}),
        head=r"L_N(\theta) - L(\theta)",
        start=mean - expected,
        steps=(Equal((chance - share) * log(theta / (1 - theta)), "collect the logarithms"),),
        conclusion=r"On \(a \le \theta \le 1 - a\) it is at most \(|p - r| \log\frac{1 - a}{a}\), and tends to 0 with "
        r"\(|p - r|\). On all of \((0, 1)\) it has no bound, unless \(p = r\).",
        counterexamples=(Slip("only the heads are counted", 1, before=(chance - share) * log(theta)),),
    )


@claim
def minimiser_under_a_uniform_law() -> Derivation:
    """C14: where no gap exceeds ε, the best on the data is within 2ε of the best there is."""
    found, best, mean = symbols(r"L_{\text{found}} L_{\text{best}} M_{\text{found}}", real=True)
    below, above, lead = symbols("u v w", real=True)
    world = World(
        positive=(below, above, lead),
        may_vanish=(below, above, lead),
        define={found: mean + smoothing - below, best: mean + lead - smoothing + above},
    )
    return Derivation(
        claim="C14",
        part="uniform",
        title="Within an ε-band, the best on the data is within 2ε of the best there is",
        conditions=(
            r"at the \(\theta\) found, the expected loss is \(u \ge 0\) below the upper edge of the band",
            r"at the best \(\theta\) it is \(v \ge 0\) above the lower edge",
            r"on the data the one found leads by \(w \ge 0\)",
        ),
        world=world,
        head=r"L_{\text{found}} - L_{\text{best}}",
        start=found - best,
        steps=(
            Equal(2 * smoothing - below - above - lead, "both expected losses, by means on the data"),
            AtMost(2 * smoothing, "u, v and w are not negative"),
        ),
        counterexamples=(
            Counterexample(
                "at the θ found it is below the upper edge",
                2,
                world.without(positive=(below,), may_vanish=(below,)),
                moral="One θ outside the band is enough, if it is the one that training finds.",
            ),
        ),
    )


@claim
def window_loses_its_draw() -> Derivation:
    """C14: the mean loss of a window on the first draw tends to the expected one, at every width θ."""
    gain = Symbol("A", positive=True)
    start, limit = (line.subs(log(1 + 1 / theta), gain) for line in (WINDOW_ON_DATA, WINDOW_EXPECTED))
    return Derivation(
        claim="C14",
        part="pointwise",
        title="A window on the first draw: at every width the mean loss tends to the expected one …",
        conditions=(
            r"half of the model’s probability is level, half lies in a window of width \(\theta\), \(0 < \theta < 1\)",
            r"the draws are level on a circle; the first is in the window, each other with chance \(\theta\)",
            r"\(A = \log(1 + 1 / \theta)\), the nats that a draw gains in the window",
            r"\(\theta\) stays while \(N\) grows",
        ),
        world=World(intervals={theta: (0, 1)}),
        head=r"\mathbb{E}\,L_N(\theta)",
        start=start,
        steps=(Limit(limit, "one draw of N has no weight left", variable=N, to=oo),),
        counterexamples=(
            Counterexample("θ stays while N grows", 1, World(define={theta: 1 / (4**N - 1), gain: N * log(4)})),
        ),
    )


@claim
def window_learns_one_draw_by_heart() -> Derivation:
    """C14: … and for every N some width has a mean loss of −log 2 or less, below anything that is true."""
    return Derivation(
        claim="C14",
        part="by heart",
        title="… and yet for every N a narrow window seems better than the truth",
        conditions=(r"\(\theta = 1 / (4^N - 1)\)",),
        world=World(positive=(4**N - 1,)),
        head=r"\mathbb{E}\,L_N(\theta)",
        start=WINDOW_ON_DATA,
        steps=(
            At(log(2) - (1 + (N - 1) / (4**N - 1)) * log(4), r"\(1 + 1 / \theta = 4^N\)", put={theta: 1 / (4**N - 1)}),
            AtMost(-log(2), r"\(\log 4 = 2 \log 2\)", slack=(N - 1) / (4**N - 1) * log(4)),
        ),
        conclusion=r"The level model, which is the truth, has the loss 0 on any data.",
        counterexamples=(Slip("the first draw is not in the window", 2, before=log(2) - N / (4**N - 1) * log(4)),),
    )


@claim
def window_on_new_draws() -> Derivation:
    """C14: on new draws that window costs log 2 in the end."""
    return Derivation(
        claim="C14",
        part="new draws",
        title="On new draws that window costs log 2, in the end",
        conditions=(r"\(\theta = 1 / (4^N - 1)\)",),
        world=World(),
        head=r"L(\theta)",
        start=WINDOW_EXPECTED,
        steps=(
            At(log(2) - N * log(4) / (4**N - 1), r"\(1 + 1 / \theta = 4^N\)", put={theta: 1 / (4**N - 1)}),
            Limit(log(2), r"\(N / 4^N \to 0\)", variable=N, to=oo),
        ),
        counterexamples=(Slip("the width is taken to be 1/N", 2, before=log(2) - log(1 + N)),),
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
            r"\(q_{m,k} > 0\): the model’s probability of class k for input m",
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
        title="The product of a unit vector with the model’s output picks one entry",
        conditions=(r"\(y = e_c\) has entries \([k = c]\)", r"\(c\) is one of \(1, \dots, K\)"),
        world=world,
        head=r"e_c^{\mathsf T} q",
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
            r"\(r\): pmf of the inputs; \(p_m\), \(q_m\): true and modelled pmf of the class given input m",
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


@claim
def baseline_is_the_entropy_of_the_shares() -> Derivation:
    """C5: no model that ignores its inputs has a smaller expected loss than the entropy of the class shares."""
    gaps = Sum(LogGap(SHARE[k], q[k]), INNER)
    return Derivation(
        claim="C5",
        part="baseline",
        title="Without a look at the input no loss is below the entropy of the class shares",
        conditions=(
            r"\(\bar{p}_k = \sum_m r_m p_{m,k}\): the share of class k",
            r"\(q\) is one pmf for all inputs, \(q_k > 0\)",
            r"\(r\) and each \(p_m\) are pmfs",
        ),
        world=WITH_SHARES,
        head=r"\mathbb{E}_{x} H(p_x, q)",
        start=-Sum(r[m] * Sum(p[m, k] * log(q[k]), INNER), OUTER),
        steps=(
            Equal(-Sum(SHARE[k] * log(q[k]), INNER), "the sum over the inputs makes the shares"),
            Equal(ENTROPY_OF_SHARES + gaps, r"\(H(\bar{p}) + \mathrm{KL}(\bar{p} \,\|\, q)\)"),
            AtLeast(ENTROPY_OF_SHARES, "Gibbs’ inequality", lemma=LOG_LEMMA),
        ),
        conclusion=r"It is attained at \(q = \bar{p}\). With K equal shares it is \(\log K\), else less.",
        counterexamples=(
            Counterexample("q is a pmf", 2, WITH_SHARES.without(normalised=(q,))),
            Slip(
                "the baseline is taken to be log K",
                3,
                after=log(K),
                moral="That is so only where the shares are equal.",
            ),
        ),
    )


@claim
def what_the_inputs_can_take_off() -> Derivation:
    """C5: mutual information is what is left of the entropy of the shares without that of the labels given inputs."""
    given = -Sum(r[m] * Sum(p[m, k] * log(p[m, k]), INNER), OUTER)
    return Derivation(
        claim="C5",
        part="information",
        title="Inputs can take the mutual information off the baseline, and no more",
        conditions=(r"\(\bar{p}_k = \sum_m r_m p_{m,k}\)", r"\(r\) and each \(p_m\) are pmfs without zeros"),
        world=WITH_SHARES.but(positive=(p, r)),
        head="I(x; y)",
        start=Sum(r[m] * Sum(p[m, k] * log(p[m, k] / SHARE[k]), INNER), OUTER),
        steps=(Equal(ENTROPY_OF_SHARES - given, r"\(H(\bar{p}) - \mathbb{E}_x H(p_x)\)"),),
        conclusion=r"The first line is the divergence of the joint pmf, \(r_m p_{m,k}\), from the product of the two, "
        r"\(r_m \bar{p}_k\): \(r_m\) cancels.",
        counterexamples=(
            Slip("the shares are taken to be those of one input", 1, after=-Sum(p[1, k] * log(p[1, k]), INNER) - given),
        ),
    )
