"""Max, cases, expectations, convex functions, solving, both sides: what is proven,
and its false neighbours."""

from __future__ import annotations

import pytest
from sympy import (
    Abs,
    Expr,
    Function,
    Integer,
    Max,
    Min,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    exp,
    integrate,
    log,
    oo,
    pi,
    sqrt,
)

from ce.derivation import (
    CONVEXITY,
    Apply,
    AtLeast,
    AtMost,
    Derivation,
    Derivative,
    Equal,
    FailedStep,
    Grade,
    RefutedStep,
    Rounded,
    Solve,
    Step,
    TangentGap,
    World,
    judge,
)
from ce.formulas import SIGMOID, Expectation, Largest, NormalExpectation, softplus, typeset
from ce.symbols import K, M, N, c, j, k, l, label, logit, m, multiplier, p, prob, q, sigma, theta, v, z

X, Y = Symbol("X", real=True), Symbol("Y", real=True)
A, B = Symbol("a", positive=True), Symbol("b", positive=True)
CLASS = (k, 1, K)
NOTHING, PMF = World(), World(normalised=(p,))
IN_RANGE = World(in_range={c: K, j: K})
LOGIT = World(define=SIGMOID)
f, g = Function("f", real=True), Function("g", real=True)
CONVEX = World(normalised=(p,), slopes={f: g}, convex=(f,))
CENTRE = Sum(p[l] * v[l], (l, 1, K))
TOTAL = Sum(exp(z[k]), CLASS)
BCE = -label * log(prob) - (1 - label) * log(1 - prob)
Case = tuple[Expr, Step, World]


def relu(at: Expr) -> Expr:
    return Piecewise((at, at > 0), (0, True))


def top(value: Expr) -> Expr:
    return Largest(value, k, K)


def jensen(sign: int = 1, at: Expr = CENTRE) -> Step:
    gaps = Sum(p[k] * TangentGap(f(v[k]), f(at), g(at)), CLASS)
    return AtLeast(f(at), slack=gaps, lemma=CONVEXITY) if sign > 0 else AtMost(f(at), slack=-gaps, lemma=CONVEXITY)


# What is proven; then what must not be, each like it.
NEIGHBOURS: dict[str, tuple[Case, list[Case]]] = {
    "the sum of maximum and minimum": (
        (Max(X, Y) + Min(X, Y), Equal(X + Y), NOTHING),
        [(Max(X, Y) - Min(X, Y), Equal(X - Y), NOTHING), (Max(X, Y), Equal(X), World(positive=(Y - X,)))],
    ),
    "ReLU": (
        (relu(X), Equal(Max(X, 0)), NOTHING),
        [(relu(X), Equal(Max(X, 1)), NOTHING), (relu(X), Equal(X), NOTHING), (relu(X), Equal(Abs(X)), NOTHING)],
    ),
    "the place where the cases meet": (
        (Piecewise((1, X > 0), (0, True)), Equal(1 - Piecewise((1, X <= 0), (0, True))), NOTHING),
        [
            (Piecewise((1, X > 0), (0, True)), Equal(Piecewise((1, X >= 0), (0, True))), NOTHING),
            (Piecewise((1, X > 17), (0, True)), Equal(Piecewise((1, X >= 17), (0, True))), NOTHING),
            (Piecewise((2, X > Y), (1, X >= Y), (0, True)), Equal(2 * Piecewise((1, X > Y), (0, True))), NOTHING),
        ],
    ),
    "far from the points drawn": (
        (Max(X - 99, 0) - Max(99 - X, 0), Equal(X - 99), NOTHING),
        [(Max(X - 99, 0), Equal(0), NOTHING), (Max(X - 99, 0) + Max(-99 - X, 0), Equal(0), NOTHING)],
    ),
    "the derivative of ReLU": (
        (relu(X), Derivative(Piecewise((1, X > 0), (0, True)), by=X), World(nonzero=(X,))),
        [
            (relu(X), Derivative(Piecewise((1, X > 0), (0, True)), by=X), NOTHING),
            (relu(X), Derivative(1, by=X), World(nonzero=(X,))),
            (Max(X, 17), Derivative(Piecewise((1, X > 17), (0, True)), by=X), NOTHING),
        ],
    ),
    "a loss without overflow": (
        (BCE, Equal(Max(logit, 0) - label * logit + log(1 + exp(-Abs(logit)))), LOGIT),
        [
            (BCE, Equal(Max(logit, 0) - label * logit + log(1 + exp(Abs(logit)))), LOGIT),
            (BCE, Equal(Max(logit, 0) + label * logit + log(1 + exp(-Abs(logit)))), LOGIT),
        ],
    ),
    "a bound by cases": (
        (softplus(X), AtLeast(Max(X, 0)), NOTHING),
        [(softplus(X), AtLeast(Max(X, Rational(1, 2))), NOTHING), (Max(X, 0), AtLeast(softplus(X)), NOTHING)],
    ),
    "a clipped number": (
        (Min(Max(prob, A), 1 - A), Equal(prob), World(intervals={prob: (0, 1)}, positive=(prob - A, 1 - A - prob))),
        [
            (Min(Max(prob, A), 1 - A), Equal(prob), World(intervals={prob: (0, 1)})),
            (Max(prob, Rational(1, 10**9)), Equal(prob), World(intervals={prob: (0, 1)})),
        ],
    ),
    "the largest of a family": (
        (top(z[k]), Equal(Largest(z[j], j, K)), NOTHING),
        [
            (top(z[k]), Equal(top(v[k])), NOTHING),
            (top(z[k]), Equal(top(2 * z[k])), NOTHING),
            (top(log(p[k])), Equal(top(log(q[k]))), World(normalised=(p, q), positive=(p,))),
            (top(-z[k]), Equal(-top(z[k])), NOTHING),
        ],
    ),
    "log-sum-exp above the largest": (
        (log(TOTAL), AtLeast(top(z[k])), NOTHING),
        [
            (log(Sum(exp(z[k]), CLASS) / K), AtLeast(top(z[k])), NOTHING),
            (top(z[k]), AtLeast(log(TOTAL)), NOTHING),
            (log(Sum(exp(z[k] / 2), CLASS)), AtLeast(top(z[k])), NOTHING),
        ],
    ),
    "a sum below K times the largest": (
        (
            K * exp(top(z[k])),
            AtLeast(TOTAL, slack=Sum(exp(top(z[l]).xreplace({l: l})) * 0 + exp(top(z[k])) - exp(z[k]), CLASS)),
            NOTHING,
        ),
        [(K * top(z[k]), AtLeast(Sum(2 * z[k], CLASS)), NOTHING), ((K - 1) * exp(top(z[k])), AtLeast(TOTAL), NOTHING)],
    ),
    "the largest above an entry": (
        (top(z[k]), AtLeast(z[c]), IN_RANGE),
        [
            (top(z[k]), AtLeast(z[c]), World(in_range={c: N})),
            (z[c], AtLeast(top(z[k])), IN_RANGE),
            (top(z[k]), AtLeast(v[c]), IN_RANGE),
            (top(z[k]), AtLeast(z[c], strict=True), IN_RANGE),
        ],
    ),
    "an expectation": (
        (Expectation(v[k], p[k], k, K), Equal(CENTRE), NOTHING),
        [
            (Expectation(Integer(1), p[k], k, K), Equal(1), NOTHING),
            (Expectation(v[k] ** 2, p[k], k, K), Equal(Expectation(v[k], p[k], k, K) ** 2), PMF),
            (Expectation(v[k], p[k], k, K), Equal(Expectation(v[k], q[k], k, K)), World(normalised=(p, q))),
        ],
    ),
    "Jensen's inequality": (
        (Sum(p[k] * f(v[k]), CLASS), jensen(), CONVEX),
        [
            (Sum(p[k] * f(v[k]), CLASS), jensen(), CONVEX.but(convex=())),
            (Sum(p[k] * f(v[k]), CLASS), jensen(), CONVEX.but(normalised=())),
            (Sum(p[k] * f(v[k]), CLASS), jensen(-1), CONVEX),
            (Sum(p[k] * f(v[k]), CLASS), jensen(at=v[1]), CONVEX),
            (
                Sum(z[k] * f(v[k]), CLASS),
                AtLeast(f(Sum(z[k] * v[k], CLASS)), lemma=CONVEXITY),
                CONVEX.but(normalised=(z,)),
            ),
        ],
    ),
    "a tangent": (
        (f(X), AtLeast(f(Y) + g(Y) * (X - Y), slack=TangentGap(f(X), f(Y), g(Y)), lemma=CONVEXITY), CONVEX),
        [
            (f(X), AtLeast(f(Y) + g(X) * (X - Y), slack=TangentGap(f(X), f(Y), g(X)), lemma=CONVEXITY), CONVEX),
            (
                g(X),
                AtLeast(g(Y) + f(Y) * (X - Y), slack=TangentGap(g(X), g(Y), f(Y)), lemma=CONVEXITY),
                CONVEX.but(slopes={f: g, g: Function("h", real=True)}),
            ),
        ],
    ),
    "solving a linear equation": (
        (A * theta - B, Solve(B / A, variable=theta), NOTHING),
        [
            (A * theta - B, Solve(A / B, variable=theta), NOTHING),
            (X * theta - B, Solve(B / X, variable=theta), World(nonzero=(X,))),
        ],
    ),
    "solving where it only grows": (
        (A / theta - B / (1 - theta), Solve(A / (A + B), variable=theta), World(intervals={theta: (0, 1)})),
        [
            (A / theta - B / (1 - theta), Solve(B / (A + B), variable=theta), World(intervals={theta: (0, 1)})),
            (A / theta - B, Solve(A / B, variable=theta), World(intervals={theta: (0, 1)})),
        ],
    ),
    "one solution and not two": (
        (A**2 - B**2, Solve(B, variable=A), NOTHING),
        [
            (X**2 - B**2, Solve(B, variable=X), NOTHING),
            (A**2 - B**2, Solve(-B, variable=A), NOTHING),
            (X**3 - X, Solve(0, variable=X), NOTHING),
            (X - X, Solve(3, variable=X), NOTHING),
            (1 / X - X, Solve(1, variable=X), World(nonzero=(X,))),
        ],
    ),
    "solving for one entry": (
        (
            multiplier - p[j] / q[j],
            Solve(p[j] / multiplier, variable=q[j]),
            World(in_range={j: K}, positive=(p, multiplier)),
        ),
        [
            (
                multiplier - p[j] / q[j],
                Solve(p[j] / multiplier, variable=q[j]),
                World(in_range={j: K}, positive=(multiplier,)),
            ),
            (
                multiplier - p[j] / q[j],
                Solve(p[j] / multiplier, variable=q[j]),
                World(in_range={j: K}, positive=(p, multiplier), normalised=(q,)),
            ),
            (Sum(q[k], CLASS) - q[j] - 1, Solve(1, variable=q[j]), IN_RANGE),
        ],
    ),
    "a factor taken out before": (
        (N / (2 * A) - B / (2 * A**2), Solve(B / N, variable=A, scaled=2 * A**2), NOTHING),
        [
            (N / (2 * A) - B / (2 * A**2), Solve(B / N, variable=A, scaled=-2 * A**2), NOTHING),
            (N / (2 * A) - B / (2 * A**2), Solve(B / N, variable=A, scaled=Integer(0)), NOTHING),
        ],
    ),
    "one function of both sides": (
        (exp(X), Apply(X, function=log), NOTHING),
        [
            (X, Apply(log(X), function=log), NOTHING),
            (X, Apply(X**2, function=lambda t: t**2), NOTHING),
            (A, Apply(1 / A, function=lambda t: 1 / t), NOTHING),
            (A, Apply(Integer(1), function=lambda t: Integer(1)), NOTHING),
            (A, Apply(log(2 * A), function=log), NOTHING),
        ],
    ),
    "the moments of a normal variable": (
        (NormalExpectation((X - Y) ** 2, X, Y, sigma), Equal(sigma**2), NOTHING),
        [
            (NormalExpectation((X - Y) ** 2, X, Y, sigma), Equal(sigma), NOTHING),
            (NormalExpectation((X - Y) ** 4, X, Y, sigma), Equal(sigma**4), NOTHING),
            (NormalExpectation(X**2, X, Y, sigma), Equal(sigma**2), NOTHING),
        ],
    ),
}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_a_step_is_proven_and_its_false_neighbours_are_not(name: str) -> None:
    (before, step, world), neighbours = NEIGHBOURS[name]
    assert judge(before, step, world).grade in (Grade.A, Grade.B)
    for before, step, world in neighbours:
        assert judge(before, step, world).grade in (Grade.F, Grade.U), f"{before} → {step.expr}"


def chain(start: Expr, *steps: Step, world: World = NOTHING) -> Derivation:
    return Derivation("X", "a chain", (), world, start, steps, head="f")


def test_a_function_of_both_sides_keeps_a_bound_or_turns_it_round() -> None:
    up = chain(TOTAL, AtLeast(exp(top(z[k]))), Apply(top(z[k]), function=log))
    assert up.check().weakest is Grade.A
    assert r"\log f" in up.check().as_html()
    inverse = Apply(1 / (A + 1), function=lambda t: 1 / t, decreasing=True)
    down = chain(A, AtMost(A + 1), inverse, AtLeast(1 / (A + 2))).check()
    assert [step.step.sign for step in down.steps] == ["≤", "≥", "≥"]
    with pytest.raises(RefutedStep, match="bounds"):
        chain(A, AtMost(A + 1), inverse, AtMost(Integer(1))).check()


def test_both_sides_must_be_where_the_function_grows() -> None:
    """Here the left-hand side may be negative, although what bounds it is not."""
    with pytest.raises(FailedStep, match="not seen to be positive"):
        chain(X, AtMost(Max(X, 1)), Apply(log(Max(X, 1)), function=log)).check()


def test_what_follows_a_function_of_both_sides_starts_from_it() -> None:
    squared = Apply(A**2, function=lambda t: t**2)
    assert chain(A, squared, Derivative(2 * A, by=A)).check().weakest is Grade.A
    below = chain(A + 1, AtLeast(A), squared, Derivative(2 * (A + 1), by=A))
    assert below.check().weakest is Grade.A
    with pytest.raises(RefutedStep):
        chain(A + 1, AtLeast(A), squared, Derivative(2 * A, by=A)).check()
    with pytest.raises(RefutedStep, match="decimal"):
        chain(sqrt(Integer(2)), Rounded(digits=2), Apply(2, function=lambda t: t**2)).check()


def test_the_rule_for_normal_moments_is_what_sympy_integrates() -> None:
    u = Symbol("u", real=True)
    for power in range(6):
        exact = integrate(u**power * exp(-(u**2) / 2) / sqrt(2 * pi), (u, -oo, oo))
        assert NormalExpectation(u**power, u, Integer(0), Integer(1)).meaning() == exact
    assert judge(NormalExpectation(X, X, Y, sigma), Equal(Y), NOTHING).grade is Grade.B


MISSING = [log(2 * X) - log(X), X * (X + 1) / X**2 - 1 / X, log((X - 17) ** 2 * A) - log((X - 17) ** 2)]  # somewhere


@pytest.mark.parametrize("value", [exp(X), X**6, 1 / X, Abs(X), log(X), Piecewise((1, X > 0), (0, True)), *MISSING])
def test_a_normal_expectation_of_more_than_its_rule_covers_is_refused(value: Expr) -> None:
    with pytest.raises(ValueError, match="polynomial in X"):
        NormalExpectation(value, X, Y, sigma)


def test_the_operators_are_typeset_as_the_textbooks_do() -> None:
    assert typeset(Expectation(-log(q[k]), p[k], k, K)) == r"\mathbb{E}_{k \sim p}\left[ -\log q_{k} \right]"
    assert typeset(Expectation(v[m], q[k, m], m, M)) == r"\mathbb{E}_{m \sim q_{k,\cdot}}\left[ v_{m} \right]"
    assert typeset(top(z[k])) == r"\max_{k} z_{k}"
    assert typeset(NormalExpectation(X, X, Y, sigma)) == (
        r"\mathbb{E}_{X \sim \mathcal{N}(Y, \sigma^{2})}\left[ X \right]"
    )


def test_a_convex_function_needs_the_name_of_its_slope() -> None:
    with pytest.raises(ValueError, match="slope of the convex function f"):
        World(convex=(f,))
