"""True steps of the textbooks: those that the checker proves, and by name the few that it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from sympy import (
    Abs,
    E,
    Expr,
    Function,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Piecewise,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    oo,
    pi,
    sqrt,
)

from ce.derivation import (
    CONVEXITY,
    LOG_LEMMA,
    SQUARES,
    Apply,
    ArgMax,
    ArgMin,
    At,
    AtLeast,
    AtMost,
    Derivative,
    Equal,
    Grade,
    Limit,
    LogGap,
    Minimum,
    SameArgmin,
    Solve,
    Step,
    TangentGap,
    World,
    judge,
)
from ce.formulas import SIGMOID, SOFTMAX, Expectation, Largest, NormalExpectation, sigmoid, softplus
from ce.symbols import (
    K,
    M,
    N,
    c,
    gamma,
    i,
    j,
    k,
    l,
    label,
    logit,
    m,
    mean,
    multiplier,
    n,
    p,
    prob,
    q,
    r,
    sigma,
    smoothing,
    target,
    theta,
    v,
    x,
    y,
    z,
)

X, Y = Symbol("X", real=True), Symbol("Y", real=True)
A, B, T = (Symbol(name, positive=True) for name in "ABT")
STEPS = Symbol("n", integer=True, positive=True)
CLASS, ROLL, INPUT = (k, 1, K), (n, 1, N), (m, 1, M)
a, b, u = (IndexedBase(name, positive=True) for name in "abu")
w = IndexedBase("w", real=True)
W = IndexedBase("W", positive=True)  # a channel: the pmf of the output m, given the input k
J = IndexedBase("J", positive=True)  # a joint pmf, and its marginal of m
S = IndexedBase("S", positive=True)
g, h = Function("g", real=True), Function("h", real=True)
LSE = log(Sum(exp(z[l]), (l, 1, K)))
OTHER = log(Sum(exp(v[l]), (l, 1, K)))
BCE = -label * log(prob) - (1 - label) * log(1 - prob)
PMF, PMFS = World(normalised=(p,)), World(normalised=(p, q))
POSITIVE = World(normalised=(p, q), positive=(p,))
CHANNEL = World(
    normalised=(p, W),
    positive=(p,),
    shapes={W: (K, M), J: (K, M), S: (M,)},
    define={J[k, m]: p[k] * W[k, m], S[m]: Sum(p[l] * W[l, m], (l, 1, K))},
)


class Case(NamedTuple):
    """A step that is true, and where it is found in the textbooks."""

    name: str
    topic: str
    before: Expr
    step: Step
    world: World = World()


def mean_of(value: Expr) -> Expr:
    """Return the expectation of f(k) under p."""
    return Sum(p[k] * value, CLASS)


def entropy(pmf: Callable[[Symbol], Expr]) -> Expr:
    return -Sum(pmf(k) * log(pmf(k)), CLASS)


def kl(one: IndexedBase, other: IndexedBase) -> Expr:
    return Sum(one[k] * log(one[k] / other[k]), CLASS)


def gaussian(at: Expr, centre: Expr, width: Expr) -> Expr:
    """Return the density of a normal distribution."""
    return exp(-((at - centre) ** 2) / (2 * width**2)) / (width * sqrt(2 * pi))


H_P = -Sum(p[k] * log(p[k]), CLASS)
H_PQ = -Sum(p[k] * log(q[k]), CLASS)
KL_PQ = kl(p, q)
H_JOINT = -Sum(J[k, m] * log(J[k, m]), CLASS, INPUT)
H_OUT = -Sum(S[m] * log(S[m]), INPUT)
H_OUT_GIVEN = -Sum(p[k] * W[k, m] * log(W[k, m]), CLASS, INPUT)
INFORMATION = Sum(J[k, m] * log(J[k, m] / (p[k] * S[m])), CLASS, INPUT)
BACKWARDS = Sum(J[k, m] * log(J[k, m] / S[m]), CLASS, INPUT)

TOP = Largest(z[k], k, K)
CENTRE = Sum(p[l] * v[l], (l, 1, K))
CONVEX = World(normalised=(p,), slopes={g: h}, convex=(g,))


def relu(at: Expr) -> Expr:
    return Piecewise((at, at > 0), (0, True))


def expected(value: Expr) -> Expr:
    return Expectation(value, p[k], k, K)


SQUARE_W = Sum(p[i] * w[i] ** 2, (i, 1, K))

TABLE: list[Case] = [
    # entropy
    Case("entropy of the uniform pmf", "entropy", -Sum(log(1 / K) / K, CLASS), Equal(log(K))),
    Case(
        "entropy of a one-hot pmf",
        "entropy",
        -Sum(y[k] * log(y[k]), CLASS),
        Equal(0),
        World(one_hot={y: c}, in_range={c: K}),
    ),
    Case("entropy is at least 0", "entropy", H_P, AtLeast(0), PMF),
    Case(
        "entropy is at most log K",
        "entropy",
        H_P,
        AtMost(log(K), slack=Sum(LogGap(p[k], 1 / K), CLASS), lemma=LOG_LEMMA),
        PMF,
    ),
    Case(
        "entropy is the log of K less a divergence",
        "entropy",
        H_P,
        Equal(log(K) - Sum(p[k] * log(p[k] * K), CLASS)),
        PMF,
    ),
    Case(
        "entropy of a product of pmfs is the sum",
        "entropy",
        -Sum(p[k] * r[m] * log(p[k] * r[m]), CLASS, INPUT),
        Equal(H_P - Sum(r[m] * log(r[m]), INPUT)),
        World(normalised=(p, r), shapes={r: (M,)}, positive=(p, r)),
    ),
    Case("chain rule of entropy", "entropy", H_JOINT, Equal(H_P + H_OUT_GIVEN), CHANNEL),
    Case(
        "conditioning does not increase entropy",
        "entropy",
        H_OUT,
        AtLeast(H_OUT_GIVEN, slack=Sum(LogGap(J[k, m], p[k] * S[m]), CLASS, INPUT), lemma=LOG_LEMMA),
        CHANNEL,
    ),
    Case("entropy in bits", "entropy", -Sum(p[k] * log(p[k]) / log(2), CLASS), Equal(H_P / log(2))),
    Case(
        "binary entropy by its derivative",
        "entropy",
        -A * log(A) - (1 - A) * log(1 - A),
        Derivative(log((1 - A) / A), by=A),
        World(intervals={A: (0, 1)}),
    ),
    Case(
        "binary entropy is concave",
        "entropy",
        log((1 - A) / A),
        Derivative(-1 / (A * (1 - A)), by=A),
        World(intervals={A: (0, 1)}),
    ),
    Case(
        "entropy of a mixture is concave",
        "entropy",
        -Sum((A * p[k] + (1 - A) * q[k]) * log(A * p[k] + (1 - A) * q[k]), CLASS),
        AtLeast(
            A * H_P + (1 - A) * -Sum(q[k] * log(q[k]), CLASS),
            slack=Sum(
                A * LogGap(p[k], A * p[k] + (1 - A) * q[k]) + (1 - A) * LogGap(q[k], A * p[k] + (1 - A) * q[k]), CLASS
            ),
            lemma=LOG_LEMMA,
        ),
        POSITIVE.but(intervals={A: (0, 1)}),
    ),
    Case(
        "grouping two outcomes",
        "entropy",
        -A * log(A) - B * log(B),
        Equal(-(A + B) * log(A + B) + (A + B) * (-A / (A + B) * log(A / (A + B)) - B / (A + B) * log(B / (A + B)))),
    ),
    Case(
        "derivative of entropy by an entry",
        "entropy",
        -Sum(u[k] * log(u[k]), CLASS),
        Derivative(-log(u[j]) - 1, by=u[j]),
        World(in_range={j: K}),
    ),
    # mutual information
    Case("information from three entropies", "mutual information", INFORMATION, Equal(H_P + H_OUT - H_JOINT), CHANNEL),
    Case(
        "information is entropy less conditional entropy",
        "mutual information",
        INFORMATION,
        Equal(H_OUT - H_OUT_GIVEN),
        CHANNEL,
    ),
    Case(
        "information is the mean divergence from the marginal",
        "mutual information",
        INFORMATION,
        Equal(Sum(p[k] * Sum(W[k, m] * log(W[k, m] / S[m]), INPUT), CLASS)),
        CHANNEL,
    ),
    Case("information the other way round", "mutual information", INFORMATION, Equal(H_P + BACKWARDS), CHANNEL),
    Case(
        "information is at least 0",
        "mutual information",
        INFORMATION,
        AtLeast(0, slack=Sum(LogGap(J[k, m], p[k] * S[m]), CLASS, INPUT), lemma=LOG_LEMMA),
        CHANNEL,
    ),
    Case(
        "independent variables share none",
        "mutual information",
        Sum(p[k] * r[m] * log(p[k] * r[m] / (p[k] * r[m])), CLASS, INPUT),
        Equal(0),
        World(normalised=(p, r), shapes={r: (M,)}, positive=(p, r)),
    ),
    Case(
        "information of a variable with itself is its entropy",
        "mutual information",
        Sum(p[k] * KroneckerDelta(k, j) * log(1 / p[k]), CLASS, (j, 1, K)),
        Equal(H_P),
        World(positive=(p,)),
    ),
    Case(
        "joint entropy is at most the sum",
        "mutual information",
        H_JOINT,
        AtMost(H_P + H_OUT, slack=Sum(LogGap(J[k, m], p[k] * S[m]), CLASS, INPUT), lemma=LOG_LEMMA),
        CHANNEL,
    ),
    Case(
        "any other output pmf costs more",
        "mutual information",
        Sum(J[k, m] * log(W[k, m] / u[m]), CLASS, INPUT),
        AtLeast(INFORMATION, slack=Sum(LogGap(S[m], u[m]), INPUT), lemma=LOG_LEMMA),
        CHANNEL.but(shapes={**CHANNEL.shapes, u: (M,)}, normalised=(p, W, u)),
    ),
    # data processing and log-sum
    Case(
        "log-sum inequality",
        "data processing",
        Sum(a[k] * log(a[k] / b[k]), CLASS),
        AtLeast(
            Sum(a[k], CLASS) * log(Sum(a[k], CLASS) / Sum(b[k], CLASS)),
            slack=Sum(LogGap(a[k], b[k] * Sum(a[l], (l, 1, K)) / Sum(b[l], (l, 1, K))), CLASS),
            lemma=LOG_LEMMA,
        ),
    ),
    Case(
        "two-term log-sum inequality",
        "data processing",
        A * log(A / T) + B * log(B),
        AtLeast(
            (A + B) * log((A + B) / (T + 1)),
            slack=LogGap(A, T * (A + B) / (T + 1)) + LogGap(B, (A + B) / (T + 1)),
            lemma=LOG_LEMMA,
        ),
    ),
    Case(
        "divergence falls through a channel",
        "data processing",
        KL_PQ,
        AtLeast(
            Sum(
                Sum(p[l] * W[l, m], (l, 1, K)) * log(Sum(p[l] * W[l, m], (l, 1, K)) / Sum(q[l] * W[l, m], (l, 1, K))),
                INPUT,
            ),
            slack=Sum(
                W[k, m] * LogGap(p[k], q[k] * Sum(p[l] * W[l, m], (l, 1, K)) / Sum(q[l] * W[l, m], (l, 1, K))),
                CLASS,
                INPUT,
            ),
            lemma=LOG_LEMMA,
        ),
        POSITIVE.but(normalised=(p, q, W), shapes={W: (K, M)}),
    ),
    Case(
        "merging all outcomes leaves no divergence",
        "data processing",
        KL_PQ,
        AtLeast(
            Sum(p[k], CLASS) * log(Sum(p[k], CLASS) / Sum(q[k], CLASS)),
            slack=Sum(LogGap(p[k], q[k]), CLASS),
            lemma=LOG_LEMMA,
        ),
        PMFS,
    ),
    # divergence
    Case(
        "Gibbs' inequality",
        "divergence",
        KL_PQ,
        AtLeast(0, slack=Sum(LogGap(p[k], q[k]), CLASS), lemma=LOG_LEMMA),
        PMFS,
    ),
    Case("cross-entropy is entropy plus divergence", "divergence", H_PQ, Equal(H_P + KL_PQ)),
    Case("divergence from itself", "divergence", kl(p, p), Equal(0), World(positive=(p,))),
    Case(
        "divergence from the uniform pmf",
        "divergence",
        Sum(p[k] * log(p[k] / (1 / K)), CLASS),
        Equal(log(K) - H_P),
        PMF,
    ),
    Case(
        "chain rule of divergence",
        "divergence",
        Sum(p[k] * W[k, m] * log(p[k] * W[k, m] / (q[k] * a[k, m])), CLASS, INPUT),
        Equal(KL_PQ + Sum(p[k] * Sum(W[k, m] * log(W[k, m] / a[k, m]), INPUT), CLASS)),
        POSITIVE.but(normalised=(p, q, W, a), shapes={W: (K, M), a: (K, M)}),
    ),
    Case(
        "divergence of independent pairs adds",
        "divergence",
        Sum(p[k] * r[m] * log(p[k] * r[m] / (q[k] * u[m])), CLASS, INPUT),
        Equal(KL_PQ + Sum(r[m] * log(r[m] / u[m]), INPUT)),
        World(normalised=(p, q, r, u), shapes={r: (M,), u: (M,)}, positive=(p, r)),
    ),
    Case(
        "divergence is convex in its second pmf",
        "divergence",
        A * KL_PQ + (1 - A) * kl(p, u),
        AtLeast(
            Sum(p[k] * log(p[k] / (A * q[k] + (1 - A) * u[k])), CLASS),
            slack=Sum(
                p[k]
                * (
                    A * LogGap(1, q[k] / (A * q[k] + (1 - A) * u[k]))
                    + (1 - A) * LogGap(1, u[k] / (A * q[k] + (1 - A) * u[k]))
                ),
                CLASS,
            ),
            lemma=LOG_LEMMA,
        ),
        World(normalised=(p, q, u), positive=(p,), intervals={A: (0, 1)}),
    ),
    Case(
        "the compensation identity",
        "divergence",
        mean_of(Sum(W[k, m] * log(W[k, m] / u[m]), INPUT)),
        Equal(mean_of(Sum(W[k, m] * log(W[k, m] / S[m]), INPUT)) + Sum(S[m] * log(S[m] / u[m]), INPUT)),
        CHANNEL.but(shapes={**CHANNEL.shapes, u: (M,)}),
    ),
    Case(
        "divergence bounds the Hellinger distance",
        "divergence",
        KL_PQ,
        AtLeast(
            2 - 2 * Sum(sqrt(p[k]) * sqrt(q[k]), CLASS),
            slack=2 * Sum(sqrt(p[k]) * LogGap(sqrt(p[k]), sqrt(q[k])), CLASS),
            lemma=LOG_LEMMA,
        ),
        PMFS,
    ),
    Case(
        "Hellinger distance as a square",
        "divergence",
        2 - 2 * Sum(sqrt(p[k]) * sqrt(q[k]), CLASS),
        Equal(Sum((sqrt(p[k]) - sqrt(q[k])) ** 2, CLASS)),
        PMFS,
    ),
    Case(
        "chi-square bounds divergence",
        "divergence",
        Sum((p[k] - q[k]) ** 2 / q[k], CLASS),
        AtLeast(KL_PQ, slack=Sum(p[k] * LogGap(1, p[k] / q[k]), CLASS), lemma=LOG_LEMMA),
        POSITIVE,
    ),
    Case(
        "chi-square divergence written out",
        "divergence",
        Sum((p[k] - q[k]) ** 2 / q[k], CLASS),
        Equal(Sum(p[k] ** 2 / q[k], CLASS) - 1),
        PMFS,
    ),
    Case(
        "symmetric divergence",
        "divergence",
        KL_PQ + kl(q, p),
        Equal(Sum((p[k] - q[k]) * log(p[k] / q[k]), CLASS)),
        World(positive=(p,)),
    ),
    Case(
        "a mixture is nearer to both",
        "divergence",
        KL_PQ / 2 + kl(u, q) / 2,
        Equal(
            Sum(p[k] * log(2 * p[k] / (p[k] + u[k])), CLASS) / 2
            + Sum(u[k] * log(2 * u[k] / (p[k] + u[k])), CLASS) / 2
            + Sum((p[k] + u[k]) / 2 * log((p[k] + u[k]) / (2 * q[k])), CLASS)
        ),
        World(normalised=(p, q, u), positive=(p,)),
    ),
    # Jensen
    Case(
        "Jensen for the square",
        "Jensen",
        mean_of(v[k] ** 2),
        AtLeast(mean_of(v[k]) ** 2, slack=mean_of((v[k] - Sum(p[l] * v[l], (l, 1, K))) ** 2), lemma=SQUARES),
        PMF,
    ),
    Case(
        "Jensen for the logarithm, weights that may be 0",
        "Jensen",
        log(mean_of(a[k])),
        AtLeast(mean_of(log(a[k])), slack=mean_of(LogGap(1, a[k] / Sum(p[l] * a[l], (l, 1, K)))), lemma=LOG_LEMMA),
        PMF,
    ),
    Case(
        "Jensen for the exponential",
        "Jensen",
        mean_of(exp(v[k])),
        AtLeast(
            exp(mean_of(v[k])),
            slack=mean_of(LogGap(exp(Sum(p[l] * v[l], (l, 1, K))), exp(v[k])) + 0 * v[k]),
            lemma=LOG_LEMMA,
        ),
        PMF,
    ),
    Case(
        "Jensen for the reciprocal",
        "Jensen",
        mean_of(1 / a[k]),
        AtLeast(
            1 / mean_of(a[k]),
            slack=mean_of((a[k] - Sum(p[l] * a[l], (l, 1, K))) ** 2 / a[k]) / mean_of(a[k]) ** 2,
            lemma=SQUARES,
        ),
        PMF,
    ),
    Case(
        "arithmetic and geometric mean",
        "Jensen",
        log(Sum(a[k], CLASS) / K),
        AtLeast(
            Sum(log(a[k]), CLASS) / K, slack=Sum(LogGap(1, K * a[k] / Sum(a[l], (l, 1, K))), CLASS) / K, lemma=LOG_LEMMA
        ),
    ),
    Case(
        "two numbers: geometric at most arithmetic",
        "Jensen",
        (A + B) / 2,
        AtLeast(sqrt(A) * sqrt(B), slack=(sqrt(A) - sqrt(B)) ** 2 / 2, lemma=SQUARES),
    ),
    Case(
        "exponential lies above its tangent", "Jensen", exp(X), AtLeast(1 + X, slack=LogGap(1, exp(X)), lemma=LOG_LEMMA)
    ),
    Case(
        "Rényi entropy of order two is smaller",
        "Jensen",
        H_P,
        AtLeast(
            -log(Sum(p[k] ** 2, CLASS)), slack=mean_of(LogGap(1, p[k] / Sum(p[l] ** 2, (l, 1, K)))), lemma=LOG_LEMMA
        ),
        World(normalised=(p,), positive=(p,)),
    ),
    # Cauchy–Schwarz and other inequalities
    Case(
        "Cauchy–Schwarz by Lagrange's identity",
        "inequalities",
        Sum(v[k] ** 2, CLASS) * Sum(w[k] ** 2, CLASS),
        AtLeast(
            Sum(v[k] * w[k], CLASS) ** 2,
            slack=Sum((v[k] * w[l] - v[l] * w[k]) ** 2, CLASS, (l, 1, K)) / 2,
            lemma=SQUARES,
        ),
    ),
    Case(
        "Cauchy–Schwarz for expectations",
        "inequalities",
        mean_of(v[k] ** 2) * mean_of(w[k] ** 2),
        AtLeast(
            mean_of(v[k] * w[k]) ** 2,
            slack=Sum(p[k] * p[l] * (v[k] * w[l] - v[l] * w[k]) ** 2, CLASS, (l, 1, K)) / 2,
            lemma=SQUARES,
        ),
    ),
    Case(
        "squared norm against the sum",
        "inequalities",
        K * Sum(v[k] ** 2, CLASS),
        AtLeast(Sum(v[k], CLASS) ** 2, slack=Sum((v[k] - v[l]) ** 2, CLASS, (l, 1, K)) / 2, lemma=SQUARES),
    ),
    Case(
        "the smallest sum of squares is 1/K",
        "inequalities",
        Sum(p[k] ** 2, CLASS),
        AtLeast(1 / K, slack=Sum((p[k] - 1 / K) ** 2, CLASS), lemma=SQUARES),
        PMF,
    ),
    Case("a size is at least one", "inequalities", K, AtLeast(1)),
    Case(
        "one less the square of a probability",
        "inequalities",
        1 - p[j] ** 2,
        AtLeast(0),
        World(normalised=(p,), in_range={j: K}),
    ),
    Case("a surprise is at least 0", "inequalities", -log(q[j]), AtLeast(0), World(normalised=(q,), in_range={j: K})),
    Case(
        "a surprise by the lemma",
        "inequalities",
        -log(q[j]),
        AtLeast(0, slack=LogGap(1, q[j]) + 1 - q[j], lemma=LOG_LEMMA),
        World(normalised=(q,), in_range={j: K}),
    ),
    Case("triangle inequality", "inequalities", Abs(X) + Abs(Y), AtLeast(Abs(X + Y))),
    Case("triangle inequality for a sum", "inequalities", Sum(Abs(v[k]), CLASS), AtLeast(Abs(Sum(v[k], CLASS)))),
    Case("absolute value of a product", "inequalities", Abs(X * Y), Equal(Abs(X) * Abs(Y))),
    Case("an entry is at most the sum", "inequalities", Sum(a[k], CLASS), AtLeast(a[c]), World(in_range={c: K})),
    Case(
        "Gini impurity is at least 0",
        "inequalities",
        1 - Sum(p[k] ** 2, CLASS),
        AtLeast(0, slack=Sum(p[k] * (1 - p[k]), CLASS)),
        PMF,
    ),
    Case(
        "cross-entropy is at least entropy",
        "inequalities",
        H_PQ,
        AtLeast(H_P, slack=Sum(LogGap(p[k], q[k]), CLASS), lemma=LOG_LEMMA),
        PMFS,
    ),
    Case("Bernoulli's inequality for squares", "inequalities", (1 + X) ** 2, AtLeast(1 + 2 * X, slack=X**2)),
    # Markov, Chebyshev, Fano
    Case(
        "Markov's inequality",
        "tails",
        mean_of(a[k]),
        AtLeast(A * Sum(p[k] * Piecewise((1, a[k] >= A), (0, True)), CLASS)),
        PMF,
    ),
    Case(
        "Markov's inequality with an indicator of labels",
        "tails",
        mean_of(a[k]),
        AtLeast(A * mean_of(y[k]), slack=mean_of((a[k] - A) * y[k]) + mean_of(a[k] * (1 - y[k]))),
        World(normalised=(p,), one_hot={y: c}, in_range={c: K}, positive=(a[c] - A,)),
    ),
    Case(
        "Chebyshev's square for one outcome",
        "tails",
        mean_of((v[k] - theta) ** 2),
        AtLeast(p[c] * (v[c] - theta) ** 2),
        World(normalised=(p,), in_range={c: K}),
    ),
    Case(
        "Fano's equality: the error splits the entropy",
        "tails",
        -A * log(A) - (1 - A) * log(1 - A) + A * log(K),
        Equal(-A * log(A / K) - (1 - A) * log(1 - A)),
        World(intervals={A: (0, 1)}),
    ),
    Case(
        "the best guess errs with 1 − p",
        "tails",
        Sum(p[k] * (1 - KroneckerDelta(k, c)), CLASS),
        Equal(1 - p[c]),
        World(normalised=(p,), in_range={c: K}),
    ),
    # exponential families
    Case(
        "first derivative of the log-partition",
        "exponential families",
        log(Sum(exp(theta * v[k]) * a[k], CLASS)),
        Derivative(Sum(v[k] * a[k] * exp(theta * v[k]), CLASS) / Sum(a[k] * exp(theta * v[k]), CLASS), by=theta),
    ),
    Case(
        "second derivative is the variance",
        "exponential families",
        Sum(v[k] * exp(theta * v[k]), CLASS) / Sum(exp(theta * v[k]), CLASS),
        Derivative(
            Sum(v[k] ** 2 * exp(theta * v[k]), CLASS) / Sum(exp(theta * v[k]), CLASS)
            - (Sum(v[k] * exp(theta * v[k]), CLASS) / Sum(exp(theta * v[k]), CLASS)) ** 2,
            by=theta,
        ),
    ),
    Case(
        "divergence within a family is a Bregman divergence",
        "exponential families",
        Sum(exp(z[k]) / exp(LSE) * log((exp(z[k]) / exp(LSE)) / (exp(v[k]) / exp(OTHER))), CLASS),
        Equal(OTHER - LSE - Sum(exp(z[k] - LSE) * (v[k] - z[k]), CLASS)),
    ),
    Case(
        "Bernoulli in natural parameters",
        "exponential families",
        log(A**label * (1 - A) ** (1 - label)),
        Equal(label * log(A / (1 - A)) + log(1 - A)),
        World(intervals={A: (0, 1)}, choices={label: (0, 1)}),
    ),
    Case(
        "log-likelihood of a family, summed",
        "exponential families",
        Sum(log(exp(theta * v[n]) / Sum(exp(theta * w[k]), CLASS)), ROLL),
        Equal(theta * Sum(v[n], ROLL) - N * log(Sum(exp(theta * w[k]), CLASS))),
        World(shapes={v: (N,)}),
    ),
    Case(
        "entropy of a family",
        "exponential families",
        -Sum(q[k] * log(q[k]), CLASS),
        Equal(LSE - Sum(q[k] * z[k], CLASS)),
        World(define=SOFTMAX),
    ),
    # score and Fisher information
    Case(
        "the score has mean 0",
        "Fisher information",
        Sum(q[k] * (v[k] - Sum(q[l] * v[l], (l, 1, K))), CLASS),
        Equal(0),
        World(normalised=(q,)),
    ),
    Case(
        "the score of the softmax",
        "Fisher information",
        log(q[c]),
        Derivative(KroneckerDelta(j, c) - q[j], by=z[j]),
        World(define=SOFTMAX, in_range={j: K, c: K}),
    ),
    Case(
        "Fisher information of the logits",
        "Fisher information",
        Sum(q[k] * (KroneckerDelta(k, i) - q[i]) * (KroneckerDelta(k, j) - q[j]), CLASS),
        Equal(q[i] * KroneckerDelta(i, j) - q[i] * q[j]),
        World(normalised=(q,), in_range={i: K, j: K}),
    ),
    Case(
        "Fisher information of a coin",
        "Fisher information",
        A * (1 / A) ** 2 + (1 - A) * (1 / (1 - A)) ** 2,
        Equal(1 / (A * (1 - A))),
        World(intervals={A: (0, 1)}),
    ),
    Case(
        "information is minus the mean second derivative",
        "Fisher information",
        -(A * (-1 / A**2) + (1 - A) * (-1 / (1 - A) ** 2)),
        Equal(1 / (A * (1 - A))),
        World(intervals={A: (0, 1)}),
    ),
    Case(
        "Cramér–Rao from Cauchy–Schwarz",
        "Fisher information",
        mean_of(v[k] ** 2),
        AtLeast(
            mean_of(v[k] * w[k]) ** 2 / mean_of(w[k] ** 2),
            slack=mean_of((v[k] - w[k] * Sum(p[l] * v[l] * w[l], (l, 1, K)) / SQUARE_W) ** 2),
            lemma=SQUARES,
        ),
        World(normalised=(p,), positive=(SQUARE_W,)),
    ),
    Case(
        "a mean moves with its covariance with the score",
        "Fisher information",
        Sum(q[k] * v[k], CLASS),
        Derivative(Sum(q[k] * v[k] * (KroneckerDelta(k, j) - q[j]), CLASS), by=z[j]),
        World(define=SOFTMAX, in_range={j: K}),
    ),
    Case(
        "variance of the mean of a coin",
        "Fisher information",
        (A * (1 - A) ** 2 + (1 - A) * A**2) / N,
        Equal(A * (1 - A) / N),
    ),
    # losses of single predictions
    Case(
        "the loss of a logit is at least 0",
        "losses",
        softplus(logit) - label * logit,
        AtLeast(0),
        World(choices={label: (0, 1)}),
    ),
    Case(
        "the focal loss is at most cross-entropy",
        "losses",
        -((1 - A) ** gamma) * log(A),
        AtMost(-log(A)),
        World(intervals={A: (0, 1)}),
    ),
    Case(
        "the focal loss of a class",
        "losses",
        -Sum(y[k] * (1 - q[k]) ** gamma * log(q[k]), CLASS),
        Equal(-((1 - q[c]) ** gamma) * log(q[c])),
        World(normalised=(q,), one_hot={y: c}, in_range={c: K}),
    ),
    Case(
        "the focal loss of a class is at least 0",
        "losses",
        -((1 - q[c]) ** gamma) * log(q[c]),
        AtLeast(0),
        World(normalised=(q,), in_range={c: K}),
    ),
    # EM and ELBO
    Case(
        "evidence is the bound plus a divergence",
        "EM",
        log(Sum(a[l], (l, 1, K))),
        Equal(Sum(q[k] * log(a[k] / q[k]), CLASS) + Sum(q[k] * log(q[k] * Sum(a[l], (l, 1, K)) / a[k]), CLASS)),
        World(normalised=(q,)),
    ),
    Case(
        "the evidence lower bound",
        "EM",
        log(Sum(a[l], (l, 1, K))),
        AtLeast(
            Sum(q[k] * log(a[k] / q[k]), CLASS),
            slack=Sum(LogGap(q[k], a[k] / Sum(a[l], (l, 1, K))), CLASS),
            lemma=LOG_LEMMA,
        ),
        World(normalised=(q,)),
    ),
    Case(
        "the bound is tight at the posterior",
        "EM",
        Sum(q[k] * log(a[k] / q[k]), CLASS),
        At(log(Sum(a[l], (l, 1, K))), put={q[k]: a[k] / Sum(a[l], (l, 1, K))}),
        World(normalised=(q,)),
    ),
    Case(
        "expected complete log-likelihood plus entropy",
        "EM",
        Sum(q[k] * log(a[k] / q[k]), CLASS),
        Equal(Sum(q[k] * log(a[k]), CLASS) - Sum(q[k] * log(q[k]), CLASS)),
    ),
    Case("responsibilities sum to one", "EM", Sum(p[k] * a[k] / Sum(p[l] * a[l], (l, 1, K)), CLASS), Equal(1), PMF),
    # Lagrange and KKT
    Case(
        "derivative of a Lagrangian",
        "Lagrange",
        -Sum(p[k] * log(u[k]), CLASS) + multiplier * (Sum(u[k], CLASS) - 1),
        Derivative(multiplier - p[j] / u[j], by=u[j]),
        World(in_range={j: K}, normalised=(p,)),
    ),
    Case(
        "the stationary point of cross-entropy is p",
        "Lagrange",
        1 - p[j] / u[j],
        At(0, put={u[k]: p[k]}),
        World(positive=(p,), in_range={j: K}),
    ),
    Case(
        "Lagrangian of the largest entropy",
        "Lagrange",
        -Sum(u[k] * log(u[k]), CLASS) + multiplier * Sum(u[k], CLASS) + theta * Sum(u[k] * v[k], CLASS),
        Derivative(-log(u[j]) - 1 + multiplier + theta * v[j], by=u[j]),
        World(in_range={j: K}),
    ),
    Case(
        "the multiplier normalises",
        "Lagrange",
        Sum(exp(multiplier - 1 + theta * v[k]), CLASS),
        At(1, put={multiplier: 1 - log(Sum(exp(theta * v[k]), CLASS))}),
    ),
    Case(
        "complementary slackness at an interior point",
        "Lagrange",
        multiplier * Sum(q[k], CLASS) - multiplier,
        Equal(0),
        World(normalised=(q,)),
    ),
    # softmax and sigmoid
    Case("softmax sums to one", "softmax", Sum(q[k], CLASS), Equal(1), World(define=SOFTMAX)),
    Case(
        "softmax ignores a shift",
        "softmax",
        exp(z[j] + X) / Sum(exp(z[l] + X), (l, 1, K)),
        Equal(exp(z[j]) / Sum(exp(z[l]), (l, 1, K))),
        World(in_range={j: K}),
    ),
    Case(
        "derivative of the softmax",
        "softmax",
        q[i],
        Derivative(q[i] * (KroneckerDelta(i, j) - q[j]), by=z[j]),
        World(define=SOFTMAX, in_range={i: K, j: K}),
    ),
    Case(
        "gradient of the loss",
        "softmax",
        -Sum(p[k] * log(q[k]), CLASS),
        Derivative(q[j] - p[j], by=z[j]),
        World(define=SOFTMAX, in_range={j: K}, normalised=(p,)),
    ),
    Case(
        "softmax of logarithms is the pmf",
        "softmax",
        exp(log(q[j])) / Sum(exp(log(q[l])), (l, 1, K)),
        Equal(q[j]),
        World(normalised=(q,), in_range={j: K}),
    ),
    Case(
        "two classes: a sigmoid of the difference",
        "softmax",
        exp(X) / (exp(X) + exp(Y)),
        Equal(1 / (1 + exp(-(X - Y)))),
    ),
    Case(
        "log odds of two classes",
        "softmax",
        log(q[i] / q[j]),
        Equal(z[i] - z[j]),
        World(define=SOFTMAX, in_range={i: K, j: K}),
    ),
    Case("a softmax is at most 1", "softmax", q[c], AtMost(1), World(define=SOFTMAX, in_range={c: K})),
    Case("log softmax is at most 0", "softmax", log(q[c]), AtMost(0), World(define=SOFTMAX, in_range={c: K})),
    Case("a sigmoid to a large power", "softmax", sigmoid(43 * A / 6), AtMost(1, strict=True)),
    Case("the log of a sigmoid at a temperature", "softmax", log(1 - sigmoid(X / A)), Equal(-softplus(X / A))),
    Case("log odds of a neuron", "softmax", log(sigmoid(X * Y) / (1 - sigmoid(X * Y))), Equal(X * Y)),
    Case("a log-sum-exp is more than its terms", "softmax", log(exp(X**5) + 1), AtLeast(X**5, strict=True)),
    Case("a sigmoid is less than 1", "softmax", Piecewise((1, sigmoid(X * Y) < 1), (0, True)), Equal(1)),
    Case("sigmoid of the opposite", "softmax", sigmoid(-X), Equal(1 - sigmoid(X))),
    Case("derivative of the sigmoid", "softmax", sigmoid(X), Derivative(sigmoid(X) * (1 - sigmoid(X)), by=X)),
    Case("derivative of softplus", "softmax", softplus(X), Derivative(sigmoid(X), by=X)),
    Case("softplus of the opposite", "softmax", softplus(X) - softplus(-X), Equal(X)),
    Case("the logit inverts the sigmoid", "softmax", log(sigmoid(X) / (1 - sigmoid(X))), Equal(X)),
    Case(
        "sigmoid by the hyperbolic tangent",
        "softmax",
        (1 + (exp(X / 2) - exp(-X / 2)) / (exp(X / 2) + exp(-X / 2))) / 2,
        Equal(sigmoid(X)),
    ),
    Case(
        "the steepest slope of the sigmoid",
        "softmax",
        sigmoid(X) * (1 - sigmoid(X)),
        AtMost(Rational(1, 4), slack=(sigmoid(X) - Rational(1, 2)) ** 2, lemma=SQUARES),
    ),
    Case(
        "gradient of log-sum-exp",
        "softmax",
        LSE,
        Derivative(exp(z[j]) / Sum(exp(z[l]), (l, 1, K)), by=z[j]),
        World(in_range={j: K}),
    ),
    Case("log-sum-exp with the shift taken out", "softmax", LSE, Equal(X + log(Sum(exp(z[l] - X), (l, 1, K))))),
    # Hessians
    Case(
        "Hessian of log-sum-exp",
        "Hessians",
        exp(z[i]) / Sum(exp(z[l]), (l, 1, K)),
        Derivative(
            exp(z[i]) / Sum(exp(z[l]), (l, 1, K)) * KroneckerDelta(i, j)
            - exp(z[i]) * exp(z[j]) / Sum(exp(z[l]), (l, 1, K)) ** 2,
            by=z[j],
        ),
        World(in_range={i: K, j: K}),
    ),
    Case(
        "the Hessian is positive semidefinite",
        "Hessians",
        Sum(q[k] * v[k] ** 2, CLASS) - Sum(q[k] * v[k], CLASS) ** 2,
        AtLeast(0, slack=Sum(q[k] * (v[k] - Sum(q[l] * v[l], (l, 1, K))) ** 2, CLASS), lemma=SQUARES),
        World(normalised=(q,)),
    ),
    Case(
        "second derivative of the logistic loss",
        "Hessians",
        sigmoid(logit) - label,
        Derivative(sigmoid(logit) * sigmoid(-logit), by=logit),
    ),
    Case(
        "Hessian of a quadratic",
        "Hessians",
        Sum((v[k] - theta) ** 2, CLASS) / 2,
        Derivative(K * theta - Sum(v[k], CLASS), by=theta),
    ),
    # losses
    Case(
        "logistic loss with labels ±1",
        "losses",
        BCE,
        Equal(log(1 + exp(-(2 * label - 1) * logit))),
        World(define=SIGMOID, choices={label: (0, 1)}),
    ),
    Case("derivative of the logistic loss", "losses", BCE, Derivative(prob - label, by=logit), World(define=SIGMOID)),
    Case("loss with logits", "losses", BCE, Equal(softplus(logit) - label * logit), World(define=SIGMOID)),
    Case(
        "focal loss at γ = 0",
        "losses",
        -((1 - prob) ** gamma) * log(prob),
        At(-log(prob), put={gamma: 0}),
        World(intervals={prob: (0, 1)}),
    ),
    Case(
        "derivative of the focal loss",
        "losses",
        -((1 - A) ** gamma) * log(A),
        Derivative(gamma * (1 - A) ** (gamma - 1) * log(A) - (1 - A) ** gamma / A, by=A),
        World(intervals={A: (0, 1)}),
    ),
    Case(
        "label smoothing mixes two losses",
        "losses",
        -Sum(((1 - smoothing) * y[k] + smoothing / K) * log(q[k]), CLASS),
        Equal(-(1 - smoothing) * Sum(y[k] * log(q[k]), CLASS) - smoothing / K * Sum(log(q[k]), CLASS)),
    ),
    Case("smoothed labels sum to one", "losses", Sum((1 - smoothing) * p[k] + smoothing / K, CLASS), Equal(1), PMF),
    Case(
        "temperature divides the log odds",
        "losses",
        log((exp(z[i] / T) / Sum(exp(z[l] / T), (l, 1, K))) / (exp(z[j] / T) / Sum(exp(z[l] / T), (l, 1, K)))),
        Equal((z[i] - z[j]) / T),
        World(in_range={i: K, j: K}),
    ),
    Case(
        "derivative by the temperature",
        "losses",
        log(Sum(exp(z[l] / T), (l, 1, K))),
        Derivative(-Sum(z[k] * exp(z[k] / T), CLASS) / (T**2 * Sum(exp(z[l] / T), (l, 1, K))), by=T),
    ),
    Case(
        "Brier score of a one-hot label",
        "losses",
        Sum((q[k] - y[k]) ** 2, CLASS),
        Equal(Sum(q[k] ** 2, CLASS) - 2 * q[c] + 1),
        World(one_hot={y: c}, in_range={c: K}),
    ),
    Case(
        "expected Brier score splits",
        "losses",
        mean_of(Sum((q[l] - KroneckerDelta(l, k)) ** 2, (l, 1, K))),
        Equal(Sum((q[k] - p[k]) ** 2, CLASS) + 1 - Sum(p[k] ** 2, CLASS)),
        PMF,
    ),
    Case(
        "squared error through the sigmoid saturates",
        "losses",
        (prob - label) ** 2,
        Derivative(2 * (prob - label) * prob * (1 - prob), by=logit),
        World(define=SIGMOID),
    ),
    # Gaussians
    Case(
        "Gaussian log-likelihood",
        "Gaussians",
        -log(gaussian(X, Y, sigma)),
        Equal((X - Y) ** 2 / (2 * sigma**2) + log(sigma) + log(2 * pi) / 2),
    ),
    Case(
        "Gaussian likelihood and squared error",
        "Gaussians",
        ArgMax(Product(gaussian(target[n], mean[n], sigma), ROLL), theta),
        SameArgmin(
            ArgMin(Sum((target[n] - mean[n]) ** 2, ROLL), theta), over=theta, through="log", scaled=2 * sigma**2
        ),
        World(shapes={target: (N,), mean: (N,)}, depends_on={mean: theta}),
    ),
    Case(
        "derivative by the mean",
        "Gaussians",
        Sum((target[n] - theta) ** 2, ROLL) / (2 * sigma**2),
        Derivative((N * theta - Sum(target[n], ROLL)) / sigma**2, by=theta),
        World(shapes={target: (N,)}),
    ),
    Case(
        "derivative by the variance",
        "Gaussians",
        N * log(A) / 2 + B / (2 * A),
        Derivative(N / (2 * A) - B / (2 * A**2), by=A),
    ),
    # bias and variance, expectations
    Case(
        "bias and variance",
        "expectations",
        mean_of((v[k] - theta) ** 2),
        Equal(mean_of((v[k] - Sum(p[l] * v[l], (l, 1, K))) ** 2) + (mean_of(v[k]) - theta) ** 2),
        PMF,
    ),
    Case(
        "variance is the mean square less the square",
        "expectations",
        mean_of((v[k] - Sum(p[l] * v[l], (l, 1, K))) ** 2),
        Equal(mean_of(v[k] ** 2) - mean_of(v[k]) ** 2),
        PMF,
    ),
    Case(
        "variance by pairs",
        "expectations",
        mean_of(v[k] ** 2) - mean_of(v[k]) ** 2,
        Equal(Sum(p[k] * p[l] * (v[k] - v[l]) ** 2, CLASS, (l, 1, K)) / 2),
        PMF,
    ),
    Case(
        "covariance of sums",
        "expectations",
        mean_of((v[k] + w[k]) ** 2) - mean_of(v[k] + w[k]) ** 2,
        Equal(
            mean_of(v[k] ** 2)
            - mean_of(v[k]) ** 2
            + mean_of(w[k] ** 2)
            - mean_of(w[k]) ** 2
            + 2 * (mean_of(v[k] * w[k]) - mean_of(v[k]) * mean_of(w[k]))
        ),
        PMF,
    ),
    Case("law of total probability", "expectations", Sum(S[m], INPUT), Equal(1), CHANNEL),
    Case(
        "Bayes' rule",
        "expectations",
        J[k, m] / S[m],
        Equal(p[k] * W[k, m] / Sum(p[l] * W[l, m], (l, 1, K))),
        CHANNEL.but(in_range={k: K, m: M}),
    ),
    Case(
        "law of total expectation",
        "expectations",
        mean_of(Sum(W[k, m] * v[m], INPUT)),
        Equal(Sum(S[m] * v[m], INPUT)),
        CHANNEL.but(shapes={**CHANNEL.shapes, v: (M,)}),
    ),
    Case(
        "law of total variance",
        "expectations",
        Sum(S[m] * v[m] ** 2, INPUT) - Sum(S[m] * v[m], INPUT) ** 2,
        Equal(
            mean_of(Sum(W[k, m] * v[m] ** 2, INPUT) - Sum(W[k, m] * v[m], INPUT) ** 2)
            + mean_of(Sum(W[k, m] * v[m], INPUT) ** 2)
            - mean_of(Sum(W[k, m] * v[m], INPUT)) ** 2
        ),
        CHANNEL.but(shapes={**CHANNEL.shapes, v: (M,)}),
    ),
    Case(
        "a label's expectation is its probability",
        "expectations",
        mean_of(KroneckerDelta(k, c)),
        Equal(p[c]),
        World(in_range={c: K}),
    ),
    # codes, perplexity
    Case("perplexity of the uniform pmf", "codes", exp(-Sum(log(1 / K) / K, CLASS)), Equal(K)),
    Case(
        "perplexity as a geometric mean",
        "codes",
        exp(-Sum(log(a[n]), ROLL) / N),
        Equal(Product(a[n], ROLL) ** (-1 / N)),
        World(shapes={a: (N,)}),
    ),
    Case(
        "code lengths from a pmf meet Kraft's bound",
        "codes",
        Sum(2 ** (log(q[k]) / log(2)), CLASS),
        Equal(1),
        World(normalised=(q,)),
    ),
    Case(
        "the mean length is entropy plus divergence",
        "codes",
        -Sum(p[k] * log(q[k]) / log(2), CLASS),
        Equal((H_P + KL_PQ) / log(2)),
    ),
    Case(
        "no code beats the entropy",
        "codes",
        Sum(p[k] * v[k] * log(2), CLASS),
        AtLeast(
            H_P - log(Sum(exp(-v[k] * log(2)), CLASS)),
            slack=Sum(LogGap(p[k], exp(-v[k] * log(2)) / Sum(exp(-v[l] * log(2)), (l, 1, K))), CLASS),
            lemma=LOG_LEMMA,
        ),
        PMF,
    ),
    # sums
    Case("sum of the first K numbers", "sums", Sum(k, CLASS), Equal(K * (K + 1) / 2)),
    Case("sum of the first squares", "sums", Sum(k**2, CLASS), Equal(K * (K + 1) * (2 * K + 1) / 6)),
    Case("geometric sum", "sums", Sum(A**k, (k, 0, K - 1)), Equal((1 - A**K) / (1 - A)), World(nonzero=(1 - A,))),
    Case("a sum that telescopes", "sums", Sum(1 / k - 1 / (k + 1), CLASS), Equal(1 - 1 / (K + 1))),
    Case("a fraction of an index", "sums", Sum(k / (k + 1), CLASS), Equal(K - Sum(1 / (k + 1), CLASS))),
    Case(
        "a square over an index",
        "sums",
        Sum(k**2 / (k + 2), CLASS),
        Equal(K * (K - 3) / 2 + 4 * Sum(1 / (k + 2), CLASS)),
    ),
    Case(
        "a product of sums is a double sum",
        "sums",
        Sum(v[k], CLASS) * Sum(w[k], CLASS),
        Equal(Sum(v[k] * w[l], CLASS, (l, 1, K))),
    ),
    Case(
        "likelihood of labels by counting",
        "sums",
        Sum(log(q[x[n]]), ROLL),
        Equal(Sum(Sum(KroneckerDelta(x[n], k), ROLL) * log(q[k]), CLASS)),
        World(labels={x: K}),
    ),
    # odds, likelihoods
    Case(
        "log of a Bernoulli likelihood",
        "likelihood",
        log(prob**label * (1 - prob) ** (1 - label)),
        Equal(-BCE),
        World(intervals={prob: (0, 1)}, choices={label: (0, 1)}),
    ),
    Case(
        "log of a likelihood",
        "likelihood",
        log(Product(q[x[n]], ROLL)),
        Equal(Sum(log(q[x[n]]), ROLL)),
        World(labels={x: K}),
    ),
    Case(
        "log odds are linear in the features", "likelihood", log(prob / (1 - prob)), Equal(logit), World(define=SIGMOID)
    ),
    Case(
        "a constant factor does not move the maximum",
        "likelihood",
        ArgMax(A * theta**2, theta),
        SameArgmin(ArgMax(theta**2, theta), over=theta, scaled=1 / A),
    ),
    # maxima
    Case("log-sum-exp is at least the largest logit", "maxima", LSE, AtLeast(TOP)),
    Case(
        "a sum is at most K times its largest term",
        "maxima",
        K * exp(TOP),
        AtLeast(Sum(exp(z[k]), CLASS), slack=Sum(exp(TOP) - exp(z[k]), CLASS)),
    ),
    Case("log K bounds what log-sum-exp exceeds it by", "maxima", K * exp(TOP), Apply(log(K) + TOP, function=log)),
    Case("log-sum-exp with the largest logit taken out", "maxima", LSE, Equal(TOP + log(Sum(exp(z[k] - TOP), CLASS)))),
    Case(
        "the largest probability is at least 1/K",
        "maxima",
        Largest(p[k], k, K),
        AtLeast(1 / K, slack=Sum(Largest(p[l], l, K) - p[k], CLASS) / K),
        PMF,
    ),
    Case(
        "min-entropy is at most entropy",
        "maxima",
        H_P,
        AtLeast(-log(Largest(p[k], k, K)), slack=mean_of(log(Largest(p[l], l, K)) - log(p[k]))),
        PMF,
    ),
    Case(
        "a mean is at most the largest value",
        "maxima",
        Largest(v[k], k, K),
        AtLeast(mean_of(v[k]), slack=mean_of(Largest(v[l], l, K) - v[k])),
        PMF,
    ),
    Case("maximum and minimum add to the sum", "maxima", Max(X, Y) + Min(X, Y), Equal(X + Y)),
    Case("maximum and minimum multiply to the product", "maxima", Max(X, Y) * Min(X, Y), Equal(X * Y)),
    Case("maximum by the absolute value", "maxima", Max(X, Y), Equal((X + Y + Abs(X - Y)) / 2)),
    Case("the logarithm of a maximum", "maxima", log(Max(A, B)), Equal(Max(log(A), log(B)))),
    # cases
    Case("ReLU is a maximum", "cases", relu(X), Equal(Max(X, 0))),
    Case("ReLU of both signs", "cases", relu(X) - relu(-X), Equal(X)),
    Case(
        "derivative of ReLU", "cases", relu(X), Derivative(Piecewise((1, X > 0), (0, True)), by=X), World(nonzero=(X,))
    ),
    Case("ReLU is subadditive", "cases", Max(X + Y, 0), AtMost(Max(X, 0) + Max(Y, 0))),
    Case("ReLU is Lipschitz", "cases", Abs(Max(X, 0) - Max(Y, 0)), AtMost(Abs(X - Y))),
    Case("a root grows", "cases", sqrt(A + 1), AtLeast(sqrt(A), strict=True)),
    Case("hinge losses are not negative", "cases", Sum(Max(0, 1 - v[k]), CLASS), AtLeast(0)),
    Case("losses with logits are positive", "cases", Sum(softplus(z[k]), CLASS), AtLeast(0, strict=True)),
    Case("softplus is at least ReLU", "cases", softplus(X), AtLeast(Max(X, 0))),
    Case(
        "softplus exceeds ReLU by log 2 at most",
        "cases",
        Max(X, 0) + log(2),
        AtLeast(softplus(X), slack=log(2) - log(1 + exp(-Abs(X)))),
    ),
    Case("softplus without overflow", "cases", softplus(X), Equal(Max(X, 0) + log(1 + exp(-Abs(X))))),
    Case(
        "the logistic loss without overflow",
        "cases",
        BCE,
        Equal(Max(logit, 0) - label * logit + log(1 + exp(-Abs(logit)))),
        World(define=SIGMOID),
    ),
    Case(
        "the sigmoid in two cases",
        "cases",
        Piecewise((1 / (1 + exp(-X)), X >= 0), (exp(X) / (1 + exp(X)), True)),
        Equal(sigmoid(X)),
    ),
    Case("hinge loss bounds the error", "cases", Max(0, 1 - X), AtLeast(Piecewise((1, X < 0), (0, True)))),
    Case(
        "Huber's loss is at most the square",
        "cases",
        Piecewise((X**2 / 2, Abs(X) <= 1), (Abs(X) - Rational(1, 2), True)),
        AtMost(X**2 / 2),
    ),
    Case("a clipped number is at most its bound", "cases", Min(Max(X, 0), 1), AtMost(1)),
    Case(
        "a clipped probability inside the bounds stays",
        "cases",
        Min(Max(A, B), 1 - B),
        Equal(A),
        World(positive=(A - B, 1 - B - A)),
    ),
    # expectation as notation
    Case(
        "variance of an expectation",
        "notation",
        expected(v[k] ** 2) - expected(v[k]) ** 2,
        Equal(expected((v[k] - Expectation(v[l], p[l], l, K)) ** 2)),
        PMF,
    ),
    Case(
        "expectation is linear",
        "notation",
        expected(theta * v[k] + w[k]),
        Equal(theta * expected(v[k]) + expected(w[k])),
    ),
    Case("expectation of a constant", "notation", expected(theta), Equal(theta), PMF),
    Case("cross-entropy as an expectation", "notation", expected(-log(q[k])), Equal(H_PQ)),
    Case(
        "tower rule",
        "notation",
        expected(Expectation(v[m], W[k, m], m, M)),
        Equal(Expectation(v[m], S[m], m, M)),
        CHANNEL.but(shapes={**CHANNEL.shapes, v: (M,)}),
    ),
    Case(
        "what is known comes out of a conditional expectation",
        "notation",
        Expectation(a[k] * v[m], W[k, m], m, M),
        Equal(a[k] * Expectation(v[m], W[k, m], m, M)),
        CHANNEL.but(shapes={**CHANNEL.shapes, v: (M,)}, in_range={k: K}),
    ),
    Case(
        "Jensen for any convex function",
        "notation",
        expected(g(v[k])),
        AtLeast(g(CENTRE), slack=mean_of(TangentGap(g(v[k]), g(CENTRE), h(CENTRE))), lemma=CONVEXITY),
        CONVEX,
    ),
    Case(
        "the slope of a convex function grows",
        "notation",
        (h(X) - h(Y)) * (X - Y),
        AtLeast(0, slack=TangentGap(g(X), g(Y), h(Y)) + TangentGap(g(Y), g(X), h(X)), lemma=CONVEXITY),
        CONVEX,
    ),
    # a normal variable
    Case(
        "divergence of normals",
        "normal moments",
        NormalExpectation(log(gaussian(X, theta, A)) - log(gaussian(X, Y, B)), X, theta, A),
        Equal(log(B / A) + (A**2 + (theta - Y) ** 2) / (2 * B**2) - Rational(1, 2)),
    ),
    Case(
        "divergence of normals is at least 0",
        "normal moments",
        log(B / A) + (A**2 + (theta - Y) ** 2) / (2 * B**2) - Rational(1, 2),
        AtLeast(0, slack=LogGap(1, A**2 / B**2) / 2 + (theta - Y) ** 2 / (2 * B**2), lemma=LOG_LEMMA),
    ),
    Case(
        "differential entropy of a normal variable",
        "normal moments",
        NormalExpectation(-log(gaussian(X, theta, A)), X, theta, A),
        Equal(log(2 * pi * E * A**2) / 2),
    ),
    Case(
        "Fisher information of a mean",
        "normal moments",
        NormalExpectation(((X - theta) / A**2) ** 2, X, theta, A),
        Equal(1 / A**2),
    ),
    Case(
        "the score of a normal variable has mean 0",
        "normal moments",
        NormalExpectation((X - theta) / A**2, X, theta, A),
        Equal(0),
    ),
    Case("fourth moment", "normal moments", NormalExpectation((X - theta) ** 4, X, theta, A), Equal(3 * A**4)),
    Case(
        "expected square error has the noise's variance in it",
        "normal moments",
        NormalExpectation((X - Y) ** 2, X, theta, A),
        Equal(A**2 + (theta - Y) ** 2),
    ),
    # set to zero and solve; both sides
    Case(
        "the mean solves the normal equations",
        "solving",
        Sum(target[n] - theta, ROLL),
        Solve(Sum(target[n], ROLL) / N, variable=theta),
        World(shapes={target: (N,)}),
    ),
    Case(
        "maximum likelihood of a coin",
        "solving",
        A / T - B / (1 - T),
        Solve(A / (A + B), variable=T),
        World(intervals={T: (0, 1)}),
    ),
    Case(
        "maximum likelihood of a variance",
        "solving",
        N / (2 * A) - B / (2 * A**2),
        Solve(B / N, variable=A, scaled=2 * A**2),
    ),
    Case(
        "stationary point of a Lagrangian",
        "solving",
        multiplier - p[j] / u[j],
        Solve(p[j] / multiplier, variable=u[j]),
        World(in_range={j: K}, positive=(p, multiplier)),
    ),
    Case(
        "the logit by solving for it",
        "solving",
        prob - 1 / (1 + exp(-logit)),
        Solve(log(prob / (1 - prob)), variable=logit),
        World(intervals={prob: (0, 1)}),
    ),
    Case(
        "water filling over two bins",
        "solving",
        1 / (A + T) - 1 / (B + 1 - T),
        Solve((B + 1 - A) / 2, variable=T),
        World(intervals={T: (0, 1)}, positive=(B + 1 - A, A + 1 - B, B + 1 - T)),
    ),
    Case(
        "smallest value of a loss by its slope",
        "solving",
        -A * log(T) - B * log(1 - T),
        Minimum(
            -A * log(A / (A + B)) - B * log(B / (A + B)), variable=T, at=A / (A + B), slope=(A + B) / (T * (1 - T))
        ),
        World(intervals={T: (0, 1)}),
    ),
    Case(
        "root mean square from mean square",
        "solving",
        Sum(p[k] * a[k] ** 2, CLASS),
        Apply(sqrt(Sum(p[k] * a[k] ** 2, CLASS)), function=sqrt),
        World(positive=(p,)),
    ),
    Case("perplexity from cross-entropy", "solving", H_PQ, Apply(exp(H_PQ), function=exp)),
    # limits
    Case("1/√N → 0", "limits", 1 / sqrt(N), Limit(0, variable=N, to=oo)),
    Case("log N / N → 0", "limits", log(N) / N, Limit(0, variable=N, to=oo)),
    Case("sigmoid → 1", "limits", 1 / (1 + exp(-X)), Limit(1, variable=X, to=oo)),
    Case(
        "surprise grows without bound",
        "limits",
        -log(A),
        Limit(oo, variable=A, to=Integer(0), side="+"),
        World(intervals={A: (0, 1)}),
    ),
    Case("0 log 0 as a limit", "limits", A * log(A), Limit(0, variable=A, to=Integer(0), side="+")),
    Case("log N / log 2N → 1", "limits", log(N) / log(2 * N), Limit(1, variable=N, to=oo)),
    Case("softplus nears the identity", "limits", log(1 + exp(X)) - X, Limit(0, variable=X, to=oo)),
    Case("odds grow without bound", "limits", sigmoid(X) / (1 - sigmoid(X)), Limit(oo, variable=X, to=oo)),
    Case("a confident mistake costs its logit", "limits", log(1 - sigmoid(X)) + X, Limit(0, variable=X, to=oo)),
    Case(
        "a world that certainty leaves at the end",
        "limits",
        -log(1 - prob),
        Limit(oo, variable=logit, to=oo),
        World(define=SIGMOID, positive=(1 - prob,)),
    ),
    Case("a smoothed label", "limits", (1 - A) + A / K, Limit(1, variable=A, to=Integer(0), side="+")),
]


MIXED = "a mixture with the shares a and 1 − a, written out, is not seen to be positive"
NOT_PROVEN = {
    "entropy of a mixture is concave": MIXED,
    "divergence is convex in its second pmf": MIXED,
    "Markov's inequality": "a case inside a sum depends on the index",
    "Markov's inequality with an indicator of labels": "the sum is not split at the label",
    "min-entropy is at most entropy": "the largest of the entries of a pmf is not seen to be positive",
    "a root grows": "two roots are not compared by what is under them",
    "a fraction of an index": "k/(k + b) is not taken apart in a sum",
    "a square over an index": "k/(k + b) is not taken apart in a sum",
    "water filling over two bins": "a condition on b and t is taken to break the range of t in two",
}


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.name)
def test_a_true_step_of_the_textbooks_is_proven_or_named_among_those_that_are_not(case: Case) -> None:
    verdict = judge(case.before, case.step, case.world)
    assert verdict.grade in ((Grade.U,) if case.name in NOT_PROVEN else (Grade.A, Grade.B)), verdict


def test_at_least_110_of_at_least_120_are_proven() -> None:
    names = {case.name for case in TABLE}
    assert len(names) == len(TABLE) >= 120
    assert NOT_PROVEN.keys() <= names
    assert len(TABLE) - len(NOT_PROVEN) >= 110
