"""Divergences of normal densities, and Jensen's inequality, which all of them rest on: claims C11 and C12."""

from __future__ import annotations

from sympy import E, Function, Integer, Rational, Sum, Symbol, exp, log, pi, sqrt
from sympy.core.expr import Expr

from ce.claims.registry import claim
from ce.derivation import (
    CONVEXITY,
    LOG_LEMMA,
    AtLeast,
    Counterexample,
    Derivation,
    Equal,
    LogGap,
    Slip,
    TangentGap,
    World,
)
from ce.formulas import Expectation, NormalExpectation
from ce.symbols import K, k, l, p, v

X = Symbol("x", real=True)
MEANS = Symbol("mu_1", real=True), Symbol("mu_2", real=True)
DEVIATIONS = Symbol("sigma_1", positive=True), Symbol("sigma_2", positive=True)
RATIO = DEVIATIONS[0] ** 2 / DEVIATIONS[1] ** 2
DISTANCE = (MEANS[0] - MEANS[1]) ** 2 / (2 * DEVIATIONS[1] ** 2)
CLOSED = log(DEVIATIONS[1] / DEVIATIONS[0]) + RATIO / 2 + DISTANCE - Rational(1, 2)
NORMAL = r"\(f_i\) is the density of \(\mathcal{N}(\mu_i, \sigma_i^2)\)"
f, slope = Function("f", real=True), Function("f'", real=True)


def density(at: int) -> Expr:
    """Return the density of the first or the second normal distribution, 0 or 1."""
    mean, deviation = MEANS[at], DEVIATIONS[at]
    return exp(-((X - mean) ** 2) / (2 * deviation**2)) / (deviation * sqrt(2 * pi))


def under_first(value: Expr) -> Expr:
    """Return the expectation under the first normal distribution."""
    return NormalExpectation(value, X, MEANS[0], DEVIATIONS[0])


@claim
def divergence_of_two_normals() -> Derivation:
    """C11: the divergence of one normal density from another, and that it is never negative."""
    return Derivation(
        claim="C11",
        part="divergence",
        title="The divergence of two normal densities",
        conditions=(NORMAL,),
        world=World(),
        head=r"\mathrm{KL}(f_1 \,\|\, f_2)",
        start=under_first(log(density(0)) - log(density(1))),
        steps=(
            Equal(
                CLOSED,
                r"\(\mathbb{E}[(x - \mu_1)^2] = \sigma_1^2\) and "
                r"\(\mathbb{E}[(x - \mu_2)^2] = \sigma_1^2 + (\mu_1 - \mu_2)^2\)",
            ),
            AtLeast(
                Integer(0),
                r"\(\log x \le x - 1\) at \(x = \sigma_1^2 / \sigma_2^2\), and a square",
                slack=LogGap(Integer(1), RATIO) / 2 + DISTANCE,
                lemma=LOG_LEMMA,
            ),
        ),
        conclusion="It is not symmetric: the distance of the means is measured in deviations of the second.",
        counterexamples=(
            Slip(
                "the two deviations are exchanged",
                1,
                after=CLOSED.xreplace(dict(zip(DEVIATIONS, reversed(DEVIATIONS), strict=True))),
            ),
            Slip("the ½ is forgotten", 1, after=CLOSED + Rational(1, 2)),
        ),
    )


@claim
def entropy_of_a_normal() -> Derivation:
    """C11: the differential entropy of a normal density, which may be negative."""
    entropy = log(2 * pi * E * DEVIATIONS[0] ** 2) / 2
    return Derivation(
        claim="C11",
        part="entropy",
        title="The differential entropy of a normal density",
        conditions=(NORMAL,),
        world=World(),
        head="h(f_1)",
        start=under_first(-log(density(0))),
        steps=(Equal(entropy, r"\(\mathbb{E}[(x - \mu_1)^2] = \sigma_1^2\)"),),
        conclusion=r"It is negative for \(\sigma_1^2 < 1 / (2 \pi e)\): densities may be larger than 1.",
        counterexamples=(Slip("the variance is left out", 1, after=entropy - log(DEVIATIONS[0])),),
    )


@claim
def jensen_for_any_convex_function() -> Derivation:
    """C12: the mean of a convex function is at least its value at the mean."""
    centre, world = Sum(p[l] * v[l], (l, 1, K)), World(normalised=(p,), slopes={f: slope}, convex=(f,))
    gaps = Sum(p[k] * TangentGap(f(v[k]), f(centre), slope(centre)), (k, 1, K))
    return Derivation(
        claim="C12",
        part="Jensen",
        title="Jensen's inequality for any convex function",
        conditions=(r"\(\sum_k p_k = 1\), \(p_k \ge 0\)", r"\(f\) lies above each of its tangents"),
        world=world,
        head=r"\mathbb{E}[f(v)]",
        start=Expectation(f(v[k]), p[k], k, K),
        steps=(
            AtLeast(
                f(centre),
                r"the tangent at the mean: its slope times \(v_k - \mathbb{E}[v]\) "
                "averages to nothing",
                slack=gaps,
                lemma=CONVEXITY,
            ),
        ),
        counterexamples=(
            Counterexample("p sums to one", 1, world.without(normalised=(p,))),
            Counterexample("f is convex", 1, world.without(convex=(f,))),
        ),
    )
