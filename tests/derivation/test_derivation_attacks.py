"""False steps and worlds by kind of fault: none is accepted, and none ends but in a clear refusal."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import pytest
from sympy import (
    Abs,
    Expr,
    Function,
    I,
    Integer,
    KroneckerDelta,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    oo,
    sqrt,
    zoo,
)

from ce.derivation import (
    LOG_LEMMA,
    ArgMax,
    ArgMin,
    At,
    AtLeast,
    Cite,
    Derivation,
    Derivative,
    Equal,
    FailedStep,
    Lemma,
    Limit,
    LogGap,
    Root,
    Rounded,
    SameArgmin,
    Step,
    World,
    judge,
)
from ce.derivation.html import as_html
from ce.formulas.functions import Node
from ce.formulas.functions import Rounded as Rounding
from ce.symbols import (
    K,
    N,
    c,
    gamma,
    j,
    k,
    l,
    logit,
    n,
    p,
    prob,
    q,
    share,
    sigma,
    theta,
    v,
    weight,
    x,
    y,
    z,
)  # fmt: skip

X, Y, W = (Symbol(name, real=True) for name in "XYW")
A, B = Symbol("a", positive=True), Symbol("b", positive=True)
LSE = Sum(exp(z[l]), (l, 1, K))
SIGMOID = World(define={prob: 1 / (1 + exp(-logit))})
SOFTMAX = {q[k]: exp(z[k]) / LSE}
CE = -Sum(p[k] * log(q[k]), (k, 1, K))
TINY = Rational(1, 10**60)
f, g = Function("f", real=True), Function("g", real=True)


class Eight(Node):
    """The gap between two numbers, which a lemma may claim to be positive."""

    nargs = 2

    def meaning(self) -> Expr:
        return self.args[1] - self.args[0]


def minimisers(first: Expr, second: Expr, over: Expr) -> tuple[Expr, Step]:
    return ArgMin(first, over), SameArgmin(ArgMin(second, over), over=over)


def opposite(objective: Expr, over: Expr) -> tuple[Expr, Step]:
    return ArgMin(objective, over), SameArgmin(ArgMax(objective, over), over=over)


Case = tuple[Expr, Step, Callable[[], World]]


def case(before: Expr, step: Step, world: Callable[[], World] = World) -> Case:
    return before, step, world


FALSE: dict[str, list[Case]] = {
    "putting in": [
        case(log(LSE), At(log(K), put={z[1]: 0})),
        case(Sum(v[k], (k, 1, K)), At(0, put={v[1]: 0})),
        case(z[1], At(2, put={z[1]: 1, z[2]: 2}), lambda: World(at_least={K: 2})),
        case(z[2], At(1, put={z[1]: 1}), lambda: World(at_least={K: 2})),
        case(q[2], Equal(5), lambda: World(define={q[1]: Integer(5)}, at_least={K: 2})),
        case(prob, At(5, put={prob: 5}), lambda: World(intervals={prob: (0, 1)})),
        case(sigma, At(-2, put={sigma: -2})),
        case(theta * q[1], At(3 * q[1], put={theta: 3}), lambda: World(depends_on={q: theta})),
        case(theta * q[1], At(3 * q[1], put={theta: 3}), lambda: World(depends_on={q: z, z: theta})),
        case(X + Y, At(2 * X, put={Y: X + 1})),
        case(X**2, At(3 * X, put={X: 3})),
        case(prob * logit, At(logit / 2, put={prob: Rational(1, 2)}), lambda: SIGMOID),
    ],
    "same minimisers": [
        case(*minimisers(-log(prob), prob**2, prob), lambda: SIGMOID),
        case(*opposite(CE, q), lambda: World(define=SOFTMAX)),
        case(*opposite(CE, theta), lambda: World(define=SOFTMAX, depends_on={q: theta})),
        case(*minimisers(-log(q[1]), q[1], theta), lambda: World(depends_on={q: z, z: theta})),
        case(*minimisers(-log(q[1]), q[1], z), lambda: World(depends_on={q: z[1]})),
        case(*opposite(CE, theta), lambda: World(normalised=(p, q))),
        case(*opposite(v[x[1]], theta), lambda: World(labels={x: K}, depends_on={x: theta})),
        case(*opposite(KroneckerDelta(x[1], 1), theta), lambda: World(labels={x: K}, depends_on={x: theta})),
        case(*opposite(z[c], theta), lambda: World(in_range={c: K}, depends_on={c: theta})),
        case(*opposite(z[c], c), lambda: World(in_range={c: K})),
        case(*opposite(Sum(v[k], (k, 1, K)), K)),
        case(*opposite(theta**2 / 10**40, theta)),
        case(*opposite(X**2, theta)),
        case(theta**2, SameArgmin(7, over=weight)),
    ],
    "limits": [
        case(v[1] / theta, Limit(0, variable=theta, to=oo), lambda: World(depends_on={v: theta})),
        case(exp(-theta) * Sum(exp(theta**2 * k / 10**20), (k, 1, K)), Limit(0, variable=theta, to=oo)),
        case(A / (1 + A / Integer(10) ** 12), Limit(oo, variable=A, to=oo)),
        case(1 / (1 + exp(-logit)), Limit(1 + Rational(1, 10**7), variable=logit, to=oo)),
        case(A - A**2 / Integer(10) ** 12, Limit(oo, variable=A, to=oo)),
        case(exp(gamma * A), Limit(oo, variable=A, to=oo)),
        case(X * A / (1 + X * A), Limit(1, variable=A, to=oo)),
        case(prob, Limit(1 / (1 + exp(-logit)), variable=prob, to=1, side="-"), lambda: SIGMOID),
        case(-log(prob), Limit(log(1 + exp(-logit)), variable=prob, to=1, side="-"), lambda: SIGMOID),
        case(1 / prob, Limit(0, variable=prob, to=oo), lambda: World(intervals={prob: (0, 1)})),
        case(X, Limit(oo, variable=X, to=oo), lambda: World(choices={X: (0, 1)})),
        case(A, Limit(-oo, variable=A, to=-oo)),
        case(log(A), Limit(0, variable=A, to=0, side="-")),
        case(1 / N, Limit(0, variable=N, to=0, side="+")),
        case(Sum(1 / N**2, (n, 1, N)), Limit(1, variable=N, to=oo)),
        case(Sum(1 / n, (n, 1, N)), Limit(3, variable=N, to=oo)),
        case(Rational(1, 10**8) + exp(-logit), Limit(0, variable=logit, to=oo)),
        case(logit / (1 + logit / 10**9), Limit(oo, variable=logit, to=oo)),
        case(1 / sqrt(N), Limit(1, variable=N, to=oo)),
        case(log(log(A)), Limit(3, variable=A, to=oo)),
    ],
    "a box and a tolerance": [
        case(Abs(X - 5), Equal(5 - X)),
        case(sqrt((A - 8) ** 2), Equal(8 - A)),
        case((X - 4 + Abs(X - 4)) / 2, Equal(0)),
        case((K - 1) * (K - 2) * (K - 3) * (K - 4) * (K - 5) * (K - 6), Equal(0)),
        case(Sum(Abs(v[k]), (k, 1, K)), Equal(1), lambda: World(normalised=(v,))),
        case(X, Equal(X + TINY)),
        case(Integer(10) ** 60 + K, Equal(Integer(10) ** 60)),
        case(exp(100 * A) + 1, Equal(exp(100 * A)), lambda: World(intervals={A: (2, 3)})),
        case(X**2, Derivative(2 * X + Rational(1, 10**19), by=X)),
        case(Abs(X - 5), Derivative(-1, by=X)),
        case(5 - X, AtLeast(0, slack=Abs(X - 5))),
        case(6 - K, AtLeast(0, slack=Abs(6 - K))),
        case(X, AtLeast(X + TINY, slack=TINY, strict=True)),
        case(Sum(p[k] * log(p[k] / q[k]), (k, 1, K)),
             AtLeast(0, slack=Sum(LogGap(p[k], q[k]), (k, 1, K)) + TINY, lemma=LOG_LEMMA, strict=True),
             lambda: World(normalised=(p, q), positive=(p,))),
        case(X**2, AtLeast(0, strict=True)),
        case(Abs(X), AtLeast(0, strict=True)),
    ],
    "worlds that contradict themselves": [
        case(y[j], AtLeast(0, strict=True),
             lambda: World(one_hot={y: c}, positive=(y,), in_range={c: K, j: K})),
        case(sqrt(A**2), Equal(-1), lambda: World(choices={A: (-1,)})),
        case(Abs(p[1]), Equal(1), lambda: World(values={p: (-1, 2)})),
        case(Abs(prob), Equal(logit), lambda: World(define={prob: logit})),
        case(Abs(gamma), Equal(1), lambda: World(define={gamma: Integer(-1), A: Integer(-1)})),
        case(LSE, AtLeast(0, strict=True), lambda: World(at_least={K: 0})),
        case(A, Equal(5), lambda: World(intervals={A: (5, 5)})),
        case(A, Equal(5), lambda: World(intervals={A: (6, 5)})),
        case(A, Equal(5), lambda: World(intervals={A: (-7, -5)})),
        case(X, Equal(5), lambda: World(choices={X: ()})),
        case(X, Equal(5), lambda: World(values={p: (1,), q: (Rational(1, 2), Rational(1, 2))})),
        case(X, Equal(5), lambda: World(define={X: Y, Y: X})),
        case(X, Equal(5), lambda: World(define={X: X + 1})),
        case(q[1], Equal(5), lambda: World(define={q[k]: p[k], p[k]: q[k]})),
        case(f(X), Derivative(0, by=X), lambda: World(slopes={f: f})),
        case(f(X), Derivative(0, by=X), lambda: World(slopes={f: g, g: f})),
        case(prob, Equal(0), lambda: World(intervals={prob: (0, share)})),
        case(q[n, k], Equal(0), lambda: World(define={q[k]: exp(z[k])}, in_range={n: N, k: K})),
        case(theta, Equal(0), lambda: World(depends_on={theta: theta})),
    ],
    "functions of two arguments": [
        case(f(X, Y), Derivative(0, by=Y), lambda: World(slopes={f: g})),
        case(f(X, Y), Derivative(g(X, Y), by=X), lambda: World(slopes={f: g})),
        case(f(X, Y), Equal(f(X, 7)), lambda: World(slopes={f: g})),
    ],
    "lemmas and roots": [
        case(8 - A, AtLeast(0, slack=Eight(A, Integer(8)), lemma=Lemma("eight is larger", Eight))),
        case(A - 8, AtLeast(0, slack=Eight(Integer(8), A), lemma=Lemma("eight is smaller", Eight))),
        case(1 / (X - 1), Root(expr=Integer(1), variable=X, between=(0, 3))),
        case(Abs(X - 1) / (X - 1), Root(expr=Integer(1), variable=X, between=(0, 3))),
        case(log(X), Root(expr=Integer(0), variable=X, between=(-1, 2))),
    ],
    "what is no real expression": [
        case(Symbol("w"), Equal(Symbol("w"))),
        case(f(X), Equal(f(X))),
        case(X, Equal(I * X)),
        case(X, Equal(oo)),
        case(reduce(lambda inner, _: exp(-inner), range(150), X), Equal(1)),
        case(X, Limit(1, variable=X, to=Y, side="+")),
        case(X, Limit(1, variable=X, to=zoo)),
        case(X, Rounded()),
        case(Rounding(X, 16), Equal(X)),
        case(Integer(1), Cite(2, source="vandervaart1998")),
        case(X, Cite(2, source="nobody")),
        case(1 / K, At(Rational(2, 5), put={K: Rational(5, 2)})),
        case(1 / K, At(oo, put={K: 0})),
        case(q[k, k], At(2, put={q[k, k]: 2})),
        case(X, Equal(X), lambda: World(depends_on={X: 3})),
        case(X, Equal(X), lambda: World(at_least={K: 1.5})),
        case(X, Equal(X), lambda: World(positive=(-(X**2) - 1,))),
        case(ArgMin(X**2, X), Equal(ArgMax(X**2, X))),
        case(ArgMin(X**2, X), AtLeast(0)),
    ],
    "undefined at a point": [
        *(case((X**2 - at**2) / (X - at), Equal(X + at))
          for at in map(Rational, (1, 2, 3, -1, -2, 4, 5, -3, "1/2", "1/3", 17))),
        *(case((K**2 - at**2) / (K - at), Equal(K + at)) for at in (1, 3, 6, 7, 12)),
        *(case((exp(2 * X) - at**2) / (exp(X) - at), Equal(exp(X) + at)) for at in (1, 5, exp(60))),
        *(case((A**2 - at**2) / (A - at), Equal(A + at)) for at in (1, 29, 10**9)),
        case(X + Y, Equal((X**2 - Y**2) / (X - Y))),
        case(X**2, Derivative((2 * X**2 - 34 * X) / (X - 17), by=X)),
        case((X**2 - 289) / (X - 17), At(34, put={X: 17})),
    ],
}  # fmt: skip

CASES = [
    pytest.param(*found, id=f"{kind} {number}")
    for kind, cases in FALSE.items()
    for number, found in enumerate(cases)
]


def refusal(before: Expr, step: Step, world: Callable[[], World]) -> str:
    """Return why a step is not accepted; empty when it is. Only errors that say so in words count."""
    try:
        verdict = judge(before, step, world())
    except (ValueError, FailedStep) as error:
        return str(error)
    return "" if verdict.holds else str(verdict.refutation)


@pytest.mark.parametrize(("before", "step", "world"), CASES)
def test_a_false_step_is_not_accepted(before: Expr, step: Step, world: Callable[[], World]) -> None:
    assert len(refusal(before, step, world)) > 20


def test_a_lemma_that_the_book_does_not_derive_makes_a_step_no_more_than_cited() -> None:
    unseen = Lemma("the exponential lies above its tangent", Eight)
    step = AtLeast(0, slack=Eight(X + 1, exp(X)), lemma=unseen)
    assert judge(exp(X) - 1 - X, step, World()).grade.name == "D"
    assert judge(X, AtLeast(0, slack=Eight(-X, Integer(0)), lemma=unseen), World()).grade.name == "F"


@pytest.mark.parametrize("at", [1, 3, 7, 17, Rational(1, 2), -1000])
def test_a_point_without_a_value_is_excluded_by_name_whatever_it_is(at: Expr) -> None:
    line, step = (X**2 - at**2) / (X - at), Equal(X + at)
    assert not judge(line, step, World()).holds
    excluded = World(nonzero=(X - at,))
    assert judge(line, step, excluded).grade.name == "A"
    checked = Derivation("X", "a quotient", (), excluded, line, (step,)).check()
    assert r"\ne 0" in as_html(checked)
    assert not judge(line, step, World(nonzero=(X - at + 1,))).holds


def test_a_simultaneous_exchange_puts_in_both_at_once() -> None:
    exchange = {A: B, B: A}
    assert judge(A - 2 * B, At(B - 2 * A, put=exchange), World()).grade.name == "A"
    assert judge(A - 2 * B, At(-A, put=exchange), World()).grade.name == "F"
    bases = {p[k]: q[k], q[k]: p[k]}
    world = World(normalised=(p, q), positive=(p,))
    swapped = Sum(q[k] * log(q[k] / p[k]), (k, 1, K))
    assert judge(Sum(p[k] * log(p[k] / q[k]), (k, 1, K)), At(swapped, put=bases), world).grade.name == "A"
