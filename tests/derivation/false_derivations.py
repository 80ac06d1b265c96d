"""False derivations: chains of steps that mostly hold, each alone, and do not make one statement."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Expr, Integer, KroneckerDelta, Max, Piecewise, Rational, Sum, Symbol, exp, log, oo, pi, sqrt, tan

from ce.derivation import (
    LOG_LEMMA,
    SQUARES,
    Apply,
    ArgMax,
    ArgMin,
    At,
    AtLeast,
    AtMost,
    Cite,
    Derivation,
    Derivative,
    Equal,
    Limit,
    Minimum,
    Root,
    Rounded,
    SameArgmin,
    Solve,
    Step,
    World,
)
from ce.formulas import SIGMOID, SOFTMAX
from ce.symbols import K, N, c, j, k, logit, n, p, prob, q, theta, v, x, y, z
from tests.derivation.false_steps import CE, ENTROPY, IN_K, KL, LSE, PQ, A, B, W, X, Y, f, g, total

NORMALISED = {"normalised": (p, q)}
UNIT = {"intervals": {prob: (0, 1)}}
OTHER = Symbol("theta", positive=True)
THIRDS = (Rational(1, 3), Rational(2, 3))


def chain(start: Expr, *steps: Step, **declared: Any) -> Derivation:
    """Return a derivation that must not stand; its last line would be false of its head."""
    return Derivation("X", "false", (), World(**declared), start, steps, head="f")


FALSE: dict[str, list[Derivation]] = {
    "from a bound": [
        chain(X**2, AtLeast(0, lemma=SQUARES), Derivative(0, by=X)),
        chain(X**2, AtLeast(0, lemma=SQUARES), At(0, put={X: 5})),
        chain(X**2, AtLeast(0, lemma=SQUARES), Limit(0, variable=X, to=oo)),
        chain(X**2 + 1, AtLeast(1, lemma=SQUARES), AtMost(1)),
        chain(X**2 + 1, AtLeast(1, lemma=SQUARES), Equal(1), AtMost(2)),
        chain(-(X**2), AtMost(0, lemma=SQUARES), AtLeast(-1), Equal(-1)),
        chain(X**2 + 2, AtLeast(2, lemma=SQUARES), Rounded()),
        chain(X**2, AtLeast(0, lemma=SQUARES), Cite(0, source="vandervaart1998")),
        chain(
            prob * (1 - prob),
            AtMost(Rational(1, 4), slack=(prob - Rational(1, 2)) ** 2, lemma=SQUARES),
            At(Rational(1, 4), put={prob: Rational(1, 3)}),
            intervals={prob: (0, 1)},
        ),
        chain(KL, AtLeast(0, slack=PQ, lemma=LOG_LEMMA), Equal(log(1)), AtMost(0), positive=(p,), **NORMALISED),
        chain(
            KL,
            AtLeast(0, slack=PQ, lemma=LOG_LEMMA),
            Derivative(0, by=theta),
            positive=(p,),
            depends_on={q: theta},
            **NORMALISED,
        ),
        chain(ENTROPY, AtLeast(0), At(0, put={p[k]: 1 / K}), normalised=(p,)),
        chain(Abs(X), AtLeast(0), Root(variable=X, between=(-1, 2))),
        chain(X**2, AtLeast(0, lemma=SQUARES), AtLeast(-1), Equal(-1), Derivative(0, by=X)),
        chain(X**2 + 1, AtLeast(X**2), AtLeast(1)),
        chain(exp(X), AtLeast(0, strict=True), At(0, put={X: 0})),
    ],
    "after a number": [
        chain(sqrt(2), Rounded(digits=1), Equal(Rational(7, 5))),
        chain(sqrt(2), Rounded(digits=1), AtLeast(Rational(7, 5))),
        chain(sqrt(2), Rounded(digits=1), AtMost(Rational(7, 5))),
        chain(sqrt(2), Rounded(digits=1), Rounded(digits=0)),
        chain(sqrt(2), Rounded(digits=3), Derivative(0, by=X)),
        chain(X**3 - 2, Root(variable=X, between=(1, 2)), Derivative(0, by=X)),
        chain(X**3 - 2, Root(variable=X, between=(1, 2)), Equal(Rational(63, 50))),
        chain(X**3 - 2, Root(variable=X, between=(1, 2)), At(Integer(6), put={X: 2})),
        chain(log(2), Rounded(digits=2), Limit(0, variable=X, to=oo)),
    ],
    "after a citation": [
        chain(X, Cite(2 * X, source="vandervaart1998"), Equal(X + X)),
        chain(X, Cite(2 * X, source="vandervaart1998"), Derivative(2, by=X)),
        chain(q[j], Cite(p[j], source="vandervaart1998"), Cite(z[j], source="vandervaart1998"), **IN_K),
        chain(Integer(1), Cite(2, source="vandervaart1998")),
        chain(CE, Cite(ENTROPY, source="vandervaart1998"), AtLeast(0), **NORMALISED),
    ],
    "where something is smallest": [
        chain(theta**2, SameArgmin(2 * theta**2 + 5, over=theta, scaled=2), Derivative(4 * theta, by=theta)),
        chain(theta**2, SameArgmin(7, over=theta)),
        chain(ArgMin(X**2, X), Derivative(2 * X, by=X)),
        chain(ArgMin(X**2, X), At(0, put={X: 0})),
        chain(ArgMin(X**2, X), AtLeast(0)),
        chain(ArgMin(X**2, X), SameArgmin(ArgMin(X**2 + 5, X), over=X), Equal(ArgMin(X**2, X))),
        chain(ArgMin(X**2, X), SameArgmin(ArgMax(-(X**2), X), over=X), Equal(ArgMin(-(X**2), X))),
        chain(ArgMin(X**2, X), Equal(X**2)),
        chain(
            ArgMin(CE, theta),
            SameArgmin(ArgMin(KL, theta), over=theta),
            Equal(KL),
            positive=(p,),
            depends_on={q: theta},
            **NORMALISED,
        ),
        chain(
            ArgMin(CE, theta),
            SameArgmin(ArgMin(KL, theta), over=theta),
            SameArgmin(ArgMin(-CE, theta), over=theta),
            positive=(p,),
            depends_on={q: theta},
            **NORMALISED,
        ),
        chain(
            ArgMin(A, A),
            SameArgmin(ArgMin(log(A), A), over=A, through="log"),
            SameArgmin(ArgMin(-log(A), A), over=A, scaled=-1),
        ),
    ],
    "what was put in or has gone to its limit": [
        chain(X**2, At(3 * X, put={X: 3}), At(15, put={X: 5})),
        chain(X**2, At(9, put={X: 3}), At(25, put={X: 5})),
        chain(X**2, At(9, put={X: 3}), Derivative(0, by=X)),
        chain(X**2, At(9, put={X: 3}), Limit(9, variable=X, to=oo)),
        chain(X**2, At(9, put={X: 3}), Root(expr=Integer(0), variable=X, between=(-1, 1))),
        chain(1 / (1 + exp(-logit)), Limit(1, variable=logit, to=oo), Derivative(0, by=logit)),
        chain(1 / (1 + exp(-logit)), Limit(1, variable=logit, to=oo), At(1, put={logit: 0})),
        chain(1 / (1 + exp(-logit)), Limit(1, variable=logit, to=oo), Limit(1, variable=logit, to=-oo)),
        chain(prob**2, At(Rational(1, 4), put={prob: Rational(1, 2)}), Derivative(0, by=logit), define=SIGMOID),
        chain(
            prob**2,
            At(1 / (1 + exp(-1)) ** 2, put={logit: 1}),
            At(Rational(1, 4), put={prob: Rational(1, 2)}),
            define=SIGMOID,
        ),
        chain(prob * logit, At(logit / 2, put={prob: Rational(1, 2)}), define=SIGMOID),
        chain(CE, At(ENTROPY, put={q[k]: p[k]}), Derivative(-log(p[j]) - 1, by=p[j]), **IN_K, **NORMALISED),
        chain(CE, At(ENTROPY, put={q[k]: p[k]}), At(log(K), put={q[k]: 1 / K}), **NORMALISED),
        chain(z[j], At(0, put={z[k]: Integer(0)}), Derivative(1, by=z[j]), **IN_K),
        chain(X * Y, At(3 * Y, put={X: 3}), Derivative(3, by=Y), At(5, put={X: 5})),
        chain(Abs(X - 1), Equal(X - 1), At(-1, put={X: 0}), positive=(X - 1,)),
        chain((X**2 - 289) / (X - 17), Equal(X + 17), At(34, put={X: 17}), nonzero=(X - 17,)),
        chain(total(KroneckerDelta(k, c)), Equal(1), At(1, put={c: K + 1}), **IN_K),
        chain(total(KroneckerDelta(k, x[1])), Equal(1), At(1, put={x[n]: K + 1}), labels={x: K}),
        chain(total(y[k] ** 2), Equal(1), At(1, put={y[k]: 1 / K}), one_hot={y: c}, **IN_K),
        chain(p[1], Equal(Rational(1, 3)), At(Rational(1, 3), put={p[k]: 1 / K}), values={p: THIRDS}),
        chain(Abs(X - 1), Equal(X - 1), Limit(-1, variable=X, to=0, side="+"), positive=(X - 1,)),
        chain(Max(X, Y), Equal(Y), Limit(Y, variable=X, to=oo), positive=(Y - X,)),
    ],
    "a value that an abbreviation does not take": [
        chain(Abs(1 - prob), Equal(1 - prob), At(-1, put={prob: 2}), define=SIGMOID),
        chain(prob, Derivative(prob * (1 - prob), by=logit), At(-2, put={prob: 2}), define=SIGMOID),
        chain(prob, Derivative(prob * (1 - prob), by=logit), At(0, put={prob: 1}), define=SIGMOID),
        chain(Abs(W), Equal(W), At(-3, put={W: -3}), define={W: X**2}),
        chain(log(W * A) - log(W), Equal(log(A)), At(log(A), put={W: 0}), define={W: B**2}),
        chain(total(q[k]), Equal(1), At(1, put={q[k]: Integer(2)}), define=SOFTMAX),
        chain(total(q[k]), Equal(1), At(1, put={q[k]: exp(v[k])}), define=SOFTMAX),
        chain(
            prob + W, Equal(1), At(1, put={prob: Rational(1, 2), W: Rational(1, 3)}), define={**SIGMOID, W: 1 - prob}
        ),
        chain(prob + W, Equal(1), At(1, put={W: Rational(1, 3), logit: 0}), define={**SIGMOID, W: 1 - prob}),
    ],
    "an end that the steps before do not reach": [
        chain(A * (X - 3), Solve(3, variable=X), At(3, put={A: 0})),
        chain(prob * (X - 3), Solve(3, variable=X), At(3, put={prob: 0}), **UNIT),
        chain(Piecewise((1, prob < 1), (0, True)), Equal(1), At(1, put={prob: 1}), **UNIT),
        chain((1 - prob**2) / (1 - prob), Equal(1 + prob), At(2, put={prob: 1}), **UNIT),
        chain(Piecewise((prob, prob < 1), (5, True)), Derivative(1, by=prob), At(1, put={prob: 1}), **UNIT),
        chain((A**2 - B**2) / (A - B), Equal(A + B), At(2 * B, put={A: B}), positive=(A - B,)),
        chain((A**2 + A) / A, Equal(A + 1), At(1, put={A: 0})),
        chain(log(A * B) - log(B), Equal(log(A)), At(log(A), put={B: 0})),
        chain(total((v[k] ** 2 + v[k]) / v[k]), Equal(total(v[k]) + K), At(K, put={v[k]: Integer(0)}), positive=(v,)),
        chain(exp(-A * B), Limit(0, variable=A, to=oo), At(0, put={B: 0})),
    ],
    "by a symbol that prints as another": [
        chain(theta**2, Derivative(0, by=OTHER)),
        chain(theta**2, At(theta**2, put={OTHER: 3})),
        chain(theta**2, Limit(theta**2, variable=OTHER, to=oo)),
        chain(total(z[k] ** 2), Derivative(0, by=logit)),
        chain(prob, Derivative(0, by=OTHER), define={prob: theta**2}),
    ],
    "set to zero, and functions of both sides": [
        chain(X - 3, Solve(3, variable=X), Derivative(0, by=X)),
        chain(X - 3, Solve(3, variable=X), At(3, put={X: 5})),
        chain(X - 3, Solve(3, variable=X), Limit(3, variable=X, to=oo)),
        chain(2 * (X - 3), Solve(3, variable=X), Solve(3, variable=X)),
        chain(
            X,
            AtMost(X**2 + 1, slack=(X - Rational(1, 2)) ** 2 + Rational(3, 4), lemma=SQUARES),
            Apply(log(X**2 + 1), function=log),
        ),
        chain(
            X,
            AtMost(X**2 + 1, slack=(X - Rational(1, 2)) ** 2 + Rational(3, 4), lemma=SQUARES),
            Apply((X**2 + 1) ** 2, function=lambda t: t**2),
        ),
        chain(X**2, AtLeast(0, lemma=SQUARES), Apply(Integer(1), function=exp, decreasing=True)),
        chain(X**2 + 1, AtLeast(1, lemma=SQUARES), Apply(Integer(1), function=lambda t: 1 / t)),
        chain(X**2 + 1, AtLeast(1, lemma=SQUARES), Apply(Integer(0), function=log), Derivative(0, by=X)),
        chain(Integer(18), AtLeast(16), Apply(Integer(26), function=lambda t: t - 10 / (t - 17))),
        chain(Rational(1, 2), AtLeast(-1), Apply(Integer(0), function=lambda t: t - 1 / t)),
        chain(3 * pi / 4, AtLeast(pi / 4), Apply(Integer(1), function=tan)),
        chain(Integer(3), AtLeast(0), Apply(Integer(0), function=lambda t: Piecewise((t, t < 1), (t - 5, True)))),
        chain(
            X**2 + 1,
            AtLeast(1, lemma=SQUARES),
            Apply(Integer(1), function=lambda t: 1 / t, decreasing=True),
            AtLeast(Rational(1, 2)),
        ),
        chain(
            total(KroneckerDelta(k, n), n), Equal(1), Apply(N, function=lambda t: Sum(t, (k, 1, N))), in_range={k: K}
        ),
        chain(X**2, Minimum(0, variable=X, at=0, slope=Integer(2)), AtMost(1)),
        chain(X**2, Minimum(0, variable=X, at=0, slope=Integer(2)), Derivative(0, by=X)),
        chain(X**2 + Y, Minimum(Y, variable=X, at=0, slope=Integer(2)), At(5, put={Y: 5, X: 1})),
        chain(ArgMin(X**2, X), Solve(0, variable=X)),
        chain(ArgMin(A, A), Apply(ArgMin(log(A), A), function=log)),
    ],
    "a left-hand side that is no number": [
        chain(A * (X - 3), Solve(3, variable=X), Apply(6, function=lambda t: 2 * t)),
        chain(2 * X - 12 * B, Solve(6 * B, variable=X), Derivative(6, by=B)),
        chain(2 * X - 12 * B, Solve(6 * B, variable=X), At(6, put={B: 1})),
        chain(X + 1, Limit(1, variable=X, to=0, side="+"), Apply(exp(X), function=lambda t: t * exp(X))),
        chain(X + 1, At(3, put={X: 2}), Apply(3 + X**2, function=lambda t: t + X**2)),
        chain(log(X), Apply(X, function=exp)),
        chain(log((X - 17) ** 2), Apply((X - 17) ** 2, function=exp), At(0, put={X: 17})),
    ],
    "one false step in a true chain": [
        chain(log(LSE), Derivative(exp(z[j]) / LSE, by=z[j]), Equal(q[j]), **IN_K),
        chain(
            -log(q[c]),
            Equal(log(LSE) - z[c]),
            Derivative(q[j] - KroneckerDelta(j, k), by=z[j]),
            define=SOFTMAX,
            in_range={c: K, j: K, k: K},
        ),
        chain(CE, Equal(KL + ENTROPY), Equal(KL - ENTROPY), positive=(p,), **NORMALISED),
        chain(CE, Equal(ENTROPY + KL), AtMost(ENTROPY, slack=PQ, lemma=LOG_LEMMA), positive=(p,), **NORMALISED),
        chain(
            total((q[k] - y[k]) ** 2),
            Equal(total(q[k] ** 2) - 2 * q[c] + 1),
            Equal((1 - q[c]) ** 2),
            one_hot={y: c},
            in_range={c: K},
            normalised=(q,),
        ),
        chain(
            Sum((v[n] - theta) ** 2, (n, 1, N)),
            Derivative(-2 * Sum(v[n] - theta, (n, 1, N)), by=theta),
            Equal(2 * theta - 2 * Sum(v[n], (n, 1, N))),
            shapes={v: (N,)},
        ),
        chain(f(X) ** 2, Derivative(2 * f(X), by=X), Equal(f(X) + f(X)), slopes={f: g}),
        chain((X**2 - 289) / (X - 17), Equal(X + 17), At(34, put={X: 17})),
        chain((X * Y + X) / X, Equal(Y + 1)),
        chain(sqrt(X**2), Equal(X), At(-3, put={X: -3})),
        chain(log(X * Y), Equal(log(X) + log(Y)), nonzero=(X, Y)),
        chain((1 - 1 / N) ** N, Limit(exp(-1), variable=N, to=oo), Equal(1 - exp(-1))),
        chain(1 / N, AtLeast(0, strict=True), Limit(0, variable=N, to=oo), AtLeast(0, strict=True)),
        chain(X**2, Derivative(2 * X, by=X), AtLeast(0, lemma=SQUARES)),
        chain(prob, Derivative(prob * (1 - prob), by=logit), Derivative(1 - 2 * prob, by=logit), define=SIGMOID),
        chain(prob, Derivative(prob * (1 - prob), by=logit), AtMost(Rational(1, 5)), define=SIGMOID),
        chain(ENTROPY, AtMost(log(K), slack=total(p[k] * log(p[k] * K))), normalised=(p,)),
    ],
}
