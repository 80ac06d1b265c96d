"""Maximum likelihood in a model that does not contain the truth: claim S3."""

from __future__ import annotations

from sympy import Integer, Rational, Sum, Symbol, log

from ce.claims.registry import on_page
from ce.derivation import (
    LOG_LEMMA,
    ArgMin,
    AtLeast,
    Cite,
    Counterexample,
    Derivation,
    Equal,
    LogGap,
    Rounded,
    Slip,
    World,
)
from ce.formulas import kl_divergence
from ce.symbols import K, N, k, n, p, q, theta, x

MISSPECIFIED = "when-to-change/misspecified-models"
HIDDEN = Symbol("theta", positive=True)
TWO_HUMPS = -log((1 - HIDDEN) ** 2) / 2 - log(HIDDEN**2) / 2


@on_page(MISSPECIFIED)
def limit_of_a_misspecified_estimate() -> Derivation:
    """S3: the estimate tends to the member closest in divergence, cited."""
    return Derivation(
        claim="S3", part="limit", title="A misspecified estimate tends to the member closest in divergence",
        conditions=("one member is closest", "the averages converge uniformly over the parameter"),
        world=World(normalised=(p, q), labels={x: K}, depends_on={q: theta}),
        head=r"\hat{\theta}", start=ArgMin(-Sum(log(q[x[n]]), (n, 1, N)) / N, theta),
        steps=(Cite(ArgMin(kl_divergence.textbook, theta), "as N grows, for rolls drawn from p",
                    source="white1982"),),
    )  # fmt: skip


@on_page(MISSPECIFIED)
def closest_binomial_to_two_humps() -> Derivation:
    """S3: truth (1/2, 0, 1/2), model Bin(2, θ): the expected loss is smallest at θ = 1/2."""
    world = World(intervals={HIDDEN: (0, 1)})
    product = 4 * HIDDEN * (1 - HIDDEN)
    return Derivation(
        claim="S3", part="closest member", title="The binomial closest to a truth with two humps",
        conditions=(r"truth \((\tfrac12, 0, \tfrac12)\)",
                    r"model \(\mathrm{Bin}(2, \theta)\), \(0 < \theta < 1\)"), world=world,
        head=r"H(p, q_\theta)", start=TWO_HUMPS,
        steps=(
            Equal(-log(product) + 2 * log(2), "the logarithm of a product"),
            Equal(2 * log(2) + LogGap(Integer(1), product) + (2 * HIDDEN - 1) ** 2,
                  r"\(1 - 4\theta(1 - \theta) = (2\theta - 1)^2\)"),
            AtLeast(2 * log(2), r"\(-\log x \ge 1 - x\) and a square: equality only at \(\theta = \tfrac12\)",
                    slack=LogGap(Integer(1), product) + (2 * HIDDEN - 1) ** 2, lemma=LOG_LEMMA),
        ),
        counterexamples=(Slip("one hump is counted alone", 1,
                              before=-log((1 - HIDDEN) ** 2)),),
    )  # fmt: skip


@on_page(MISSPECIFIED)
def closest_member_is_far() -> Derivation:
    """S3: and it is log 2 nats away: half of its mass is on a face that never comes."""
    world = World(
        values={p: (Rational(1, 2), 0, Rational(1, 2)), q: (Rational(1, 4), Rational(1, 2), Rational(1, 4))}
    )
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
