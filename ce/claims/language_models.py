"""Perplexity, and the loss of a sequence: claim C2."""

from __future__ import annotations

from sympy import Pow, Product, Sum, Symbol, exp, log

from ce.claims.registry import claim
from ce.derivation import LOG_LEMMA, Apply, AtLeast, AtMost, Counterexample, Derivation, Equal, LogGap, Slip, World
from ce.formulas import cross_entropy, entropy
from ce.symbols import K, N, c, k, n, p, q, smoothing, x

TOKENS = World(labels={x: K})
MEAN_LOSS = -Sum(log(q[x[n]]), (n, 1, N)) / N
BYTES = Symbol("B", integer=True, positive=True)
SMOOTHED = (1 - smoothing) * p[c] + smoothing / K
MIXED = World(in_range={c: K}, intervals={smoothing: (0, 1)})
EPSILON = r"\(0 < \varepsilon < 1\)"


@claim
def loss_of_a_sequence_is_a_sum() -> Derivation:
    """C2: the surprise of a sequence is the sum of the surprises of its tokens."""
    return Derivation(
        claim="C2",
        part="sequence",
        title="The surprise of a sequence is the sum over its tokens",
        conditions=(r"\(q_{x_n} > 0\): the probability of token n, given those before it",),
        world=TOKENS,
        head=r"-\log q(x_1, \dots, x_N)",
        start=-log(Product(q[x[n]], (n, 1, N))),
        steps=(Equal(N * MEAN_LOSS, "the logarithm of a product: the chain rule of probability"),),
        counterexamples=(Slip("the probabilities are added", 1, before=-log(Sum(q[x[n]], (n, 1, N)))),),
    )


@claim
def perplexity_is_a_geometric_mean() -> Derivation:
    """C2: e to the mean loss is one over the geometric mean of the tokens' probabilities."""
    return Derivation(
        claim="C2",
        part="geometric mean",
        title="Perplexity is one over the geometric mean of the tokens’ probabilities",
        conditions=(r"\(q_{x_n} > 0\)",),
        world=TOKENS,
        head=r"e^{J}",
        start=exp(MEAN_LOSS),
        steps=(Equal(Product(q[x[n]], (n, 1, N)) ** (-1 / N), r"\(e^{-\log u} = 1 / u\), factor by factor"),),
        counterexamples=(
            Slip(
                "the arithmetic mean is taken",
                1,
                after=N / Sum(q[x[n]], (n, 1, N)),
                moral="The arithmetic mean hides a token that was thought impossible.",
            ),
        ),
    )


@claim
def perplexity_is_the_same_in_every_unit() -> Derivation:
    """C2: 2 to the entropy in bits is e to the entropy in nats."""
    return Derivation(
        claim="C2",
        part="units",
        title="Perplexity is the same number from bits as from nats",
        conditions=(r"\(0 \log 0 = 0\)",),
        world=World(),
        head=r"2^{H(p) / \log 2}",
        start=Pow(2, entropy.textbook / log(2), evaluate=False),
        steps=(Equal(exp(entropy.textbook), r"\(2 = e^{\log 2}\)"),),
        counterexamples=(Slip("nats are put where bits belong", 1, before=2**entropy.textbook),),
    )


@claim
def perplexity_is_at_most_the_classes() -> Derivation:
    """C2: no pmf on K outcomes has a perplexity of more than K."""
    world = World(normalised=(p,))
    return Derivation(
        claim="C2",
        part="largest",
        title="The perplexity of a pmf is at most the number of its outcomes",
        conditions=(r"\(\sum_k p_k = 1\)", r"\(0 \log 0 = 0\)"),
        world=world,
        head="H(p)",
        start=entropy.textbook,
        steps=(
            AtMost(
                log(K),
                r"the gap is \(\mathrm{KL}(p \,\|\, u)\), with \(u_k = 1/K\)",
                slack=Sum(LogGap(p[k], 1 / K), (k, 1, K)),
                lemma=LOG_LEMMA,
            ),
            Apply(K, r"\(e^x\) grows, so the bound stays one: \(e^{H(p)} \le K\)", function=exp),
        ),
        counterexamples=(
            Counterexample("p sums to one", 1, world.without(normalised=(p,))),
            Slip("the exponential of the bound is not taken", 2, after=log(K)),
        ),
    )


@claim
def knowing_nothing_has_the_vocabulary_as_perplexity() -> Derivation:
    """C2: the uniform model has perplexity K, whatever the text."""
    world = World(normalised=(p,), define={q[k]: 1 / K})
    return Derivation(
        claim="C2",
        part="uniform model",
        title="A model that knows nothing has the size of its vocabulary as perplexity",
        conditions=(r"\(\sum_k p_k = 1\)", r"\(q_k = 1/K\)"),
        world=world,
        head=r"e^{H(p, q)}",
        start=exp(cross_entropy.textbook),
        steps=(Equal(K, r"\(H(p, q) = \log K\)"),),
        counterexamples=(
            Counterexample("the model is uniform", 1, World(normalised=(p, q))),
            Counterexample("p sums to one", 1, world.without(normalised=(p,))),
        ),
    )


@claim
def bits_per_byte_know_no_token() -> Derivation:
    """C2: from perplexity and counts to the probability of the text, in which no token is left."""
    return Derivation(
        claim="C2",
        part="bits per byte",
        title="Bits per byte do not depend on how the text is cut",
        conditions=(
            r"a text of B bytes is cut into N tokens, with \(q_{x_n} > 0\)",
            "J is the mean loss of a token, so that its power is one over the geometric mean",
        ),
        world=TOKENS,
        head=r"\frac{N}{B} \log_2 e^{J}",
        start=N * log(Product(q[x[n]], (n, 1, N)) ** (-1 / N)) / (BYTES * log(2)),
        steps=(
            Equal(-log(Product(q[x[n]], (n, 1, N))) / (BYTES * log(2)), "the N and the N-th root cancel"),
            Equal(N * MEAN_LOSS / (BYTES * log(2)), "the logarithm of a product"),
        ),
        conclusion="The product is the probability of the text. Whatever cuts it, the same belief has the same "
        "bits per byte.",
        counterexamples=(Slip("the mean loss is not multiplied by the tokens", 2, after=MEAN_LOSS / (BYTES * log(2))),),
    )


@claim
def perplexity_in_another_unit_is_a_power() -> Derivation:
    """C2: the perplexity for each of B units is that of N tokens to the power N/B."""
    return Derivation(
        claim="C2",
        part="another unit",
        title="The perplexity in another unit is a power of the first",
        conditions=(r"a text of N tokens is counted anew as B units", r"\(q_{x_n} > 0\)"),
        world=TOKENS,
        head=r"\bigl(e^{J}\bigr)^{N/B}",
        start=exp(MEAN_LOSS) ** (N / BYTES),
        steps=(
            Equal(Product(q[x[n]], (n, 1, N)) ** (-1 / BYTES), "one over the B-th root of the probability of the text"),
        ),
        counterexamples=(
            Slip("the perplexity is multiplied by tokens per unit", 1, before=exp(MEAN_LOSS) * N / BYTES),
        ),
    )


@claim
def no_smoothed_surprise_is_infinite() -> Derivation:
    """C2: a belief that leaves ε to all tokens alike is never more surprised than log(K/ε)."""
    return Derivation(
        claim="C2",
        part="smoothing, unseen",
        title="Smoothed, no token costs more than log(K/ε)",
        conditions=(
            EPSILON,
            r"\(p_c \ge 0\) is the share in the counts; \(q_c = (1 - \varepsilon) p_c + \varepsilon/K\)",
        ),
        world=MIXED,
        head="q_c",
        start=SMOOTHED,
        steps=(
            AtLeast(smoothing / K, "no share is negative"),
            Apply(
                log(K) - log(smoothing),
                r"\(-\log\) falls, so the bound turns round",
                function=lambda value: -log(value),
                decreasing=True,
            ),
        ),
        conclusion="A token that was never counted costs just that.",
        counterexamples=(
            Counterexample("ε < 1", 1, MIXED.but(intervals={smoothing: (0, 2)})),
            Slip("the logarithm is taken without its sign", 2, after=log(smoothing) - log(K)),
        ),
    )


@claim
def smoothing_costs_little_where_it_is_not_needed() -> Derivation:
    """C2: on a token that was counted, smoothing costs at most −log(1 − ε)."""
    known = World(in_range={c: K}, intervals={smoothing: (0, 1)}, positive=(p[c],))
    return Derivation(
        claim="C2",
        part="smoothing, seen",
        title="Where it is not needed, smoothing costs at most −log(1 − ε)",
        conditions=(EPSILON, r"\(p_c > 0\); \(q_c = (1 - \varepsilon) p_c + \varepsilon/K\)"),
        world=known,
        head="q_c",
        start=SMOOTHED,
        steps=(
            AtLeast((1 - smoothing) * p[c], "the other part is positive"),
            Apply(
                -log(p[c]) - log(1 - smoothing),
                r"\(-\log\) falls, so the bound turns round",
                function=lambda value: -log(value),
                decreasing=True,
            ),
        ),
        counterexamples=(Slip("ε is taken for 1 − ε", 2, after=-log(p[c]) - log(smoothing)),),
    )
