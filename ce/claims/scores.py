"""Proper scores, efficiency and misspecification: claims S1 to S3."""

from __future__ import annotations

from sympy import Function, Integer, KroneckerDelta, Rational, Sum, Symbol, log

from ce.claims.registry import on_page
from ce.derivation import (
    LOG_LEMMA, SQUARES, At, AtLeast, Cite, Counterexample, Derivation, Derivative, Equal, LogGap, Root, Rounded, World,
)  # fmt: skip
from ce.formulas import cross_entropy, entropy, kl_divergence
from ce.symbols import K, N, c, j, k, l, m, multiplier, p, prob, q, share, x

SCORES = "when-to-change/proper-scores-and-calibration"
MISSPECIFIED = "when-to-change/misspecified-models"
EXPECTED_BRIER = Sum(p[l] * Sum((q[k] - KroneckerDelta(k, l)) ** 2, (k, 1, K)), (l, 1, K))
SCORE, SCORE_SLOPE = Function("f", real=True), Function("f'", real=True)
ARGUMENT = Symbol("t", positive=True)
HIDDEN = Symbol("theta", positive=True)
TWO_HUMPS = -log((1 - HIDDEN) ** 2) / 2 - log(HIDDEN**2) / 2


@on_page(SCORES)
def log_score_regret() -> Derivation:
    """S1: the regret of the log score is the divergence, so it is strictly proper."""
    world = World(normalised=(p, q))
    gaps = Sum(LogGap(p[k], q[k]), (k, 1, K))
    return Derivation(
        claim="S1", part="log score", title="The regret of the log score is the divergence: strictly proper",
        conditions=(r"\(q_k > 0\)", "p and q are pmfs"), world=world, head="H(p, q) - H(p)",
        start=cross_entropy.textbook - entropy.textbook,
        steps=(
            Equal(kl_divergence.textbook, "one logarithm"),
            Equal(gaps, "p and q sum to one"),
            AtLeast(Integer(0), "Gibbs' inequality; equality only at q = p", slack=gaps, lemma=LOG_LEMMA),
        ),
        counterexamples=(Counterexample("q sums to one", 2, world.without(normalised=(q,))),),
    )  # fmt: skip


@on_page(SCORES)
def brier_score_regret() -> Derivation:
    """S1: the regret of the Brier score is the squared distance, so it is strictly proper too."""
    world = World(normalised=(p, q))
    distance = Sum((q[k] - p[k]) ** 2, (k, 1, K))
    at_truth = Sum(p[l] * Sum((p[k] - KroneckerDelta(k, l)) ** 2, (k, 1, K)), (l, 1, K))
    return Derivation(
        claim="S1", part="Brier score", title="The regret of the Brier score is a squared distance: strictly proper",
        conditions=("p is a pmf",), world=world, head=r"\mathbb{E}_{p} B(q, y) - \mathbb{E}_{p} B(p, y)",
        start=EXPECTED_BRIER - at_truth,
        steps=(
            Equal(Sum(q[k] ** 2 - 2 * p[k] * q[k], (k, 1, K)) + Sum(p[k] ** 2, (k, 1, K)), r"\(\mathbb{E}\,[k = l] = p_k\)"),
            Equal(distance, "complete the square"),
            AtLeast(Integer(0), "a sum of squares: zero only at q = p", slack=distance, lemma=SQUARES),
        ),
        counterexamples=(Counterexample("p is a pmf", 1, world.without(normalised=(p,))),),
    )  # fmt: skip


@on_page(SCORES)
def local_score_stationarity() -> Derivation:
    """S1: for a local score f(q_c) the stationary condition is p_j f'(q_j) = λ."""
    world = World(in_range={j: K}, slopes={SCORE: SCORE_SLOPE})
    return Derivation(
        claim="S1", part="local, stationarity", title="A local score depends on the probability of what happened only",
        conditions=(r"\(f\) is differentiable", r"\(q\) varies freely; \(\lambda\) enforces \(\sum_k q_k = 1\)"),
        world=world, head=r"\Lambda",
        start=Sum(p[k] * SCORE(q[k]), (k, 1, K)) - multiplier * (Sum(q[k], (k, 1, K)) - 1),
        steps=(Derivative(p[j] * SCORE_SLOPE(q[j]) - multiplier, r"only \(k = j\) contains \(q_j\)", by=q[j]),),
        conclusion=r"Proper means stationary at \(q = p\), whatever \(p\): \(t f'(t)\) is the same \(\lambda\) at \(t = p_1, \dots, p_K\). "
                   r"With \(K \ge 3\) any two values \(t_1 + t_2 < 1\) occur together, so \(t f'(t)\) is constant.",
        counterexamples=(Counterexample("j is one of the classes", 1, world.without(in_range=(j,))),),
    )  # fmt: skip


@on_page(SCORES)
def only_the_logarithm_is_local() -> Derivation:
    """S1, lemma: if t f'(t) = λ for every t, then f(t) − λ log t has slope 0."""
    world = World(slopes={SCORE: SCORE_SLOPE})
    return Derivation(
        claim="S1", part="local, lemma", title="If t f′(t) is constant, f is a logarithm",
        conditions=(r"\(0 < t < 1\)",), world=world, head=r"\left(f(t) - \lambda \log t\right)",
        start=SCORE(ARGUMENT) - multiplier * log(ARGUMENT),
        steps=(
            Derivative(SCORE_SLOPE(ARGUMENT) - multiplier / ARGUMENT, "term by term", by=ARGUMENT),
            Equal((ARGUMENT * SCORE_SLOPE(ARGUMENT) - multiplier) / ARGUMENT, r"zero where \(t f'(t) = \lambda\)"),
        ),
        conclusion=r"So \(f(t) = \lambda \log t\) plus a constant: the log score, up to scale and shift.",
        counterexamples=(Counterexample("the multiplier of the logarithm is λ", 2, world, before=SCORE_SLOPE(ARGUMENT) - 1 / ARGUMENT),),
    )  # fmt: skip


@on_page(SCORES)
def brier_is_local_for_two_classes() -> Derivation:
    """S1: with two classes the Brier score is local as well: the theorem needs K >= 3."""
    world = World(in_range={c: 2}, shapes={q: (2,), p: (2,)}, normalised=(q,))
    three = World(in_range={c: 2}, shapes={q: (3,), p: (3,)}, normalised=(q,))
    return Derivation(
        claim="S1", part="two classes", title="With two classes the Brier score is local too",
        conditions=(r"\(K = 2\)", r"\(q_1 + q_2 = 1\)"), world=world, head="B(q, c)",
        start=(q[1] - KroneckerDelta(1, c)) ** 2 + (1 - q[1] - KroneckerDelta(2, c)) ** 2,
        steps=(Equal(2 * (1 - q[1]) ** 2 * KroneckerDelta(1, c) + 2 * q[1] ** 2 * (1 - KroneckerDelta(1, c)),
                     r"\(2 (1 - q_c)^2\) either way, since \(q_2 = 1 - q_1\)"),),
        conclusion="A second local proper score: “unique” needs at least three classes.",
        counterexamples=(
            Counterexample("K = 2", 1, three,
                           before=Sum((q[k] - KroneckerDelta(k, c)) ** 2, (k, 1, 3)),
                           moral="With three classes the score depends on how the rest is split."),
        ),
    )  # fmt: skip


@on_page(SCORES)
def log_score_is_the_only_local_one() -> Derivation:
    """S1: the theorem, cited."""
    return Derivation(
        claim="S1", part="locality", title="The log score is the only local proper score for three or more classes",
        conditions=(r"\(K \ge 3\)", "up to scale and shift"), world=World(in_range={c: K}), head="f(q_c)", start=SCORE(q[c]),
        steps=(Cite(multiplier * log(q[c]), "the argument above in full generality", source="gneiting2007"),),
    )  # fmt: skip


@on_page(SCORES)
def class_weights_move_the_report() -> Derivation:
    """S1: weighting the classes 9 : 1 makes a model report 0.973 for a true share of 0.8."""
    weighted = 9 * share / (9 * share + 1 - share)
    return Derivation(
        claim="S1", part="class weights", title="Class weights make a model report something else",
        conditions=(r"the loss is \(-9 \pi_1 \log \hat{p} - (1 - \pi_1) \log(1 - \hat{p})\); the sign of its slope",),
        world=World(intervals={prob: (0, 1), share: (0, 1)}), head="L",
        start=-9 * share * log(prob) - (1 - share) * log(1 - prob),
        steps=(
            Derivative((prob * (9 * share + 1 - share) - 9 * share) / (prob * (1 - prob)), "one fraction", by=prob),
            At(Integer(0), r"zero at \(\hat{p} = 9 \pi_1 / (9 \pi_1 + 1 - \pi_1)\)", put={prob: weighted}),
        ),
        counterexamples=(Counterexample("the weights are 9 and 1", 2, World(intervals={prob: (0, 1), share: (0, 1)}),
                                        before=-share / prob + (1 - share) / (1 - prob)),),
    )  # fmt: skip


@on_page(SCORES)
def class_weights_in_numbers() -> Derivation:
    """S1: the number."""
    weighted = 9 * share / (9 * share + 1 - share)
    return Derivation(
        claim="S1", part="class weights, numbers", title="What weights 9 : 1 make of a true share of 0.8",
        conditions=(r"\(\pi_1 = 0.8\)",), world=World(intervals={share: (0, 1)}), head=r"\hat{p}", start=weighted,
        steps=(At(Rational(36, 37), "put in", put={share: Rational(4, 5)}), Rounded(because="instead of 0.8", digits=3)),
        counterexamples=(Counterexample("the classes are weighted", 1, World(), before=share),),
    )  # fmt: skip


@on_page(SCORES)
def mean_of_the_score() -> Derivation:
    """S2: the gradient of the log-likelihood has mean zero."""
    world = World(normalised=(q,), in_range={j: K})
    return Derivation(
        claim="S2", part="mean of the score", title="The gradient of the log-likelihood has mean zero under the model",
        conditions=(r"\(\partial \log q_k / \partial z_j = [j = k] - q_j\)", "the classes are drawn from q"), world=world,
        head=r"\mathbb{E}\, s_j", start=Sum(q[k] * (KroneckerDelta(j, k) - q[j]), (k, 1, K)),
        steps=(Equal(Integer(0), r"\(q_j - q_j\)"),),
        counterexamples=(
            Counterexample("the classes are drawn from q", 1, World(normalised=(p, q), in_range={j: K}),
                           before=Sum(p[k] * (KroneckerDelta(j, k) - q[j]), (k, 1, K)),
                           moral="Under another pmf p it is p_j − q_j: minus the gradient of the loss."),
        ),
    )  # fmt: skip


@on_page(SCORES)
def covariance_of_the_score() -> Derivation:
    """S2: its covariance, the Fisher information, is the Hessian of the loss."""
    world = World(normalised=(q,), in_range={j: K, m: K})
    return Derivation(
        claim="S2", part="information", title="The Fisher information of the logits is the Hessian of cross-entropy",
        conditions=("the classes are drawn from q",), world=world, head=r"\mathbb{E}\, s_j s_m",
        start=Sum(q[k] * (KroneckerDelta(j, k) - q[j]) * (KroneckerDelta(m, k) - q[m]), (k, 1, K)),
        steps=(Equal(q[j] * (KroneckerDelta(j, m) - q[m]), "the deltas leave one term each"),),
        counterexamples=(
            Counterexample("the classes are drawn from q", 1, World(normalised=(p, q), in_range={j: K, m: K}),
                           before=Sum(p[k] * (KroneckerDelta(j, k) - q[j]) * (KroneckerDelta(m, k) - q[m]), (k, 1, K)),
                           moral="If the model is wrong the two differ."),
        ),
    )  # fmt: skip


@on_page(SCORES)
def covariance_of_the_estimate() -> Derivation:
    """S2: the covariance of the indicators of one roll."""
    world = World(normalised=(q,), in_range={j: K, m: K})
    return Derivation(
        claim="S2", part="covariance of the estimate", title="The covariance of the estimate from N rolls",
        conditions=("independent rolls with pmf q: covariances of single rolls, divided by N",), world=world,
        head=r"\mathrm{Cov}(\hat{q}_j, \hat{q}_m)",
        start=Sum(q[k] * (KroneckerDelta(k, j) - q[j]) * (KroneckerDelta(k, m) - q[m]), (k, 1, K)) / N,
        steps=(Equal(q[j] * (KroneckerDelta(j, m) - q[m]) / N, r"\(\mathbb{E}\,[k = j][k = m] = q_j [j = m]\)"),),
        counterexamples=(Counterexample("q sums to one", 1, world.without(normalised=(q,))),),
    )  # fmt: skip


@on_page(SCORES)
def cramer_rao_is_attained() -> Derivation:
    """S2: A = diag(q) − q qᵀ satisfies A diag(1/q) A = A, so the bound A A⁺ A / N is A/N: attained."""
    a_first = q[j] * (KroneckerDelta(j, k) - q[k])
    a_second = q[k] * (KroneckerDelta(k, m) - q[m])
    world = World(normalised=(q,), in_range={j: K, m: K})
    return Derivation(
        claim="S2", part="Cramér–Rao", title="The estimate attains the Cramér–Rao bound",
        conditions=(r"\(A_{jk} = q_j ([j = k] - q_k)\): Jacobian \(\partial q_j / \partial z_k\) and information at once",
                    r"the bound is \(A A^{-} A / N\), with any generalised inverse; here \(A^{-} = \mathrm{diag}(1/q)\)"),
        world=world, head=r"(A A^{-} A)_{jm}", start=Sum(a_first * (1 / q[k]) * a_second, (k, 1, K)),
        steps=(Equal(q[j] * (KroneckerDelta(j, m) - q[m]), "one sum over k; q sums to one"),),
        conclusion=r"The bound is \(A/N\), the covariance of the estimate.",
        counterexamples=(Counterexample("q sums to one", 1, world.without(normalised=(q,))),),
    )  # fmt: skip


@on_page(SCORES)
def consistency_and_efficiency() -> Derivation:
    """S2: consistency and efficiency in general, cited with their hypotheses."""
    world = World(labels={x: K}, in_range={j: K})
    return Derivation(
        claim="S2", part="asymptotics", title="Maximum likelihood is consistent and asymptotically efficient",
        conditions=("the model contains the truth", "the parameter is identified", "a smooth model (differentiable in quadratic mean)",
                    "the estimate is consistent (theorem 5.7)", "the information is not singular"),
        world=world, head=r"\hat{q}_j", start=Sum(KroneckerDelta(x[k], j), (k, 1, N)) / N,
        steps=(Cite(q[j], "in probability, and with the smallest asymptotic variance (theorem 5.39)", source="vandervaart1998"),),
    )  # fmt: skip


@on_page(MISSPECIFIED)
def limit_of_a_misspecified_estimate() -> Derivation:
    """S3: the estimate tends to the member closest in divergence, cited."""
    return Derivation(
        claim="S3", part="limit", title="A misspecified estimate tends to the member closest in divergence",
        conditions=("one member is closest", "the averages converge uniformly over the parameter"), world=World(normalised=(p, q)),
        head=r"q_{\hat{\theta}}", start=cross_entropy.textbook,
        steps=(Cite(kl_divergence.textbook, "the estimate tends to the smallest of these", source="white1982"),),
    )  # fmt: skip


@on_page(MISSPECIFIED)
def closest_binomial_to_two_humps() -> Derivation:
    """S3: truth (1/2, 0, 1/2), model Bin(2, θ): the expected loss is smallest at θ = 1/2."""
    world = World(intervals={HIDDEN: (0, 1)})
    product = 4 * HIDDEN * (1 - HIDDEN)
    return Derivation(
        claim="S3", part="closest member", title="The binomial closest to a truth with two humps",
        conditions=(r"truth \((\tfrac12, 0, \tfrac12)\)", r"model \(\mathrm{Bin}(2, \theta)\), \(0 < \theta < 1\)"), world=world,
        head=r"H(p, q_\theta)", start=TWO_HUMPS,
        steps=(
            Equal(-log(product) + 2 * log(2), "the logarithm of a product"),
            Equal(2 * log(2) + LogGap(Integer(1), product) + (2 * HIDDEN - 1) ** 2,
                  r"\(1 - 4\theta(1 - \theta) = (2\theta - 1)^2\)"),
            AtLeast(2 * log(2), r"\(-\log x \ge 1 - x\) and a square: equality only at \(\theta = \tfrac12\)",
                    slack=LogGap(Integer(1), product) + (2 * HIDDEN - 1) ** 2, lemma=LOG_LEMMA),
        ),
        counterexamples=(Counterexample("the truth has two equal humps", 1, world, before=-log((1 - HIDDEN) ** 2)),),
    )  # fmt: skip


@on_page(MISSPECIFIED)
def closest_member_is_far() -> Derivation:
    """S3: and it is log 2 nats away: half of its mass is on a face that never comes."""
    world = World(values={p: (Rational(1, 2), 0, Rational(1, 2)), q: (Rational(1, 4), Rational(1, 2), Rational(1, 4))})
    return Derivation(
        claim="S3", part="far away", title="The closest member is far from the truth",
        conditions=(r"\(p = (\tfrac12, 0, \tfrac12)\)", r"\(q = \mathrm{Bin}(2, \tfrac12)\)"), world=world,
        head=r"\mathrm{KL}(p \,\|\, q)", start=Sum(p[k] * log(p[k]) - p[k] * log(q[k]), (k, 1, K)),
        steps=(Equal(log(2), "two terms of a half log 2"), Rounded(because="in nats", digits=3)),
        counterexamples=(
            Counterexample("the truth is outside the model", 1,
                           world.but(values={p: (Rational(1, 4), Rational(1, 2), Rational(1, 4)),
                                             q: (Rational(1, 4), Rational(1, 2), Rational(1, 4))})),
        ),
    )  # fmt: skip
