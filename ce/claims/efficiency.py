"""Score, information and the Cramér–Rao bound: claim S2."""

from __future__ import annotations

from sympy import Integer, KroneckerDelta, Sum

from ce.claims.registry import on_page
from ce.derivation import Cite, Counterexample, Derivation, Equal, Slip, World
from ce.symbols import K, N, j, k, m, n, p, q, x

SCORES = "when-to-change/proper-scores-and-calibration"


@on_page(SCORES)
def mean_of_the_score() -> Derivation:
    """S2: the gradient of the log-likelihood has mean zero."""
    world = World(normalised=(q,), in_range={j: K})
    return Derivation(
        claim="S2", part="mean of the score",
        title="The gradient of the log-likelihood has mean zero under the model",
        conditions=(r"\(\partial \log q_k / \partial z_j = [j = k] - q_j\)",
                    "the classes are drawn from the pmf q"),
        world=world,
        head=r"\mathbb{E}\, s_j", start=Sum(q[k] * (KroneckerDelta(j, k) - q[j]), (k, 1, K)),
        steps=(Equal(Integer(0), r"\(q_j - q_j\)"),),
        counterexamples=(
            Slip("the classes are drawn from another pmf p", 1,
                 world=World(normalised=(p, q), in_range={j: K}),
                 before=Sum(p[k] * (KroneckerDelta(j, k) - q[j]), (k, 1, K)),
                 moral="It is p_j − q_j then: minus the gradient of the loss."),
        ),
    )  # fmt: skip


@on_page(SCORES)
def covariance_of_the_score() -> Derivation:
    """S2: its covariance, the Fisher information, is the Hessian of the loss."""
    world = World(normalised=(q,), in_range={j: K, m: K})
    return Derivation(
        claim="S2", part="information",
        title="The Fisher information of the logits is the Hessian of cross-entropy",
        conditions=("the classes are drawn from the pmf q",), world=world, head=r"\mathbb{E}\, s_j s_m",
        start=Sum(q[k] * (KroneckerDelta(j, k) - q[j]) * (KroneckerDelta(m, k) - q[m]), (k, 1, K)),
        steps=(Equal(q[j] * (KroneckerDelta(j, m) - q[m]), "the deltas leave one term each"),),
        counterexamples=(
            Slip("the classes are drawn from another pmf p", 1,
                 world=World(normalised=(p, q), in_range={j: K, m: K}),
                 before=Sum(p[k] * (KroneckerDelta(j, k) - q[j]) * (KroneckerDelta(m, k) - q[m]),
                            (k, 1, K)),
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
        steps=(Equal(q[j] * (KroneckerDelta(j, m) - q[m]) / N,
                     r"\(\mathbb{E}\,[k = j][k = m] = q_j [j = m]\)"),),
        counterexamples=(
            Counterexample("q sums to one", 1, world.without(normalised=(q,))),
            Slip("one and the same roll is counted N times", 1,
                 before=Sum(q[k] * (KroneckerDelta(k, j) - q[j]) * (KroneckerDelta(k, m) - q[m]),
                            (k, 1, K)),
                 moral="N copies of one roll have the covariance of one roll."),
        ),
    )  # fmt: skip


@on_page(SCORES)
def cramer_rao_is_attained() -> Derivation:
    """S2: A = diag(q) − q qᵀ satisfies A diag(1/q) A = A, so the bound A A⁺ A / N is A/N: attained."""
    a_first = q[j] * (KroneckerDelta(j, k) - q[k])
    a_second = q[k] * (KroneckerDelta(k, m) - q[m])
    world = World(normalised=(q,), in_range={j: K, m: K})
    return Derivation(
        claim="S2", part="Cramér–Rao", title="The estimate attains the Cramér–Rao bound",
        conditions=("q is a pmf",
                    r"\(A_{jk} = q_j ([j = k] - q_k)\): Jacobian \(\partial q_j / \partial z_k\) and "
                    r"information at once",
                    r"the bound is \(A A^{-} A / N\), with any generalised inverse; here \(A^{-} = "
                    r"\mathrm{diag}(1/q)\)"),
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
        conditions=("the model contains the truth, and not at its edge",
                    "a uniform law and a maximum well apart from the rest (theorem 5.7: consistency)",
                    "a smooth model: differentiable in quadratic mean, its log-likelihood Lipschitz in the "
                    "parameter, with a square-integrable constant (theorem 5.39)",
                    "the information is not singular"),
        world=world, head=r"\hat{q}_j", start=Sum(KroneckerDelta(x[n], j), (n, 1, N)) / N,
        steps=(Cite(q[j], "in probability; √N times the error tends to a normal law whose covariance is the "
                           "inverse information (theorem 5.39), the least of regular estimates (chapter 8)",
                    source="vandervaart1998"),),
    )  # fmt: skip
