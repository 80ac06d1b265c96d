"""False steps, worlds and derivations by kind of fault: none is accepted, and each is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sympy import (
    Abs,
    Eq,
    Expr,
    IndexedBase,
    Integer,
    Max,
    Min,
    Piecewise,
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
    ArgMin,
    At,
    AtLeast,
    AtMost,
    Counterexample,
    Derivation,
    Derivative,
    Equal,
    FailedStep,
    Lemma,
    Limit,
    Root,
    Rounded,
    SameArgmin,
    Slip,
    Solve,
    Unreadable,
    World,
    judge,
)
from ce.derivation.numeric_check.evaluator import Witness
from ce.derivation.numeric_check.points import Point
from ce.derivation.verdict import TooLarge
from ce.formulas import SIGMOID, Expectation, Largest, NormalExpectation
from ce.symbols import K, N, c, gamma, k, l, logit, p, prob, q, theta, v, z
from tests.derivation import false_derivations
from tests.derivation.false_derivations import UNIT, chain
from tests.derivation.false_steps import FALSE, FAR, A, B, Eight, FalseStep, X, Y, f, false, g, h

CASES = [
    pytest.param(case, id=f"{kind} {number}") for kind, cases in FALSE.items() for number, case in enumerate(cases)
]
CHAINS = [
    pytest.param(one, id=f"{kind} {number}")
    for kind, chains in false_derivations.FALSE.items()
    for number, one in enumerate(chains)
]

E_P = Expectation(z[k], p[k], k, K)
THIRDS = (Rational(1, 3), Rational(2, 3))
SIZE = Piecewise((X, X > 0), (-X, True))
NOTHING = 1 - Sum(q[k], (k, 1, K))


def refusal(case: FalseStep) -> str:
    """Return why a step is not accepted; empty when it is. Only errors that say so in words count."""
    try:
        verdict = judge(case.before, case.step, case.world())
    except (ValueError, FailedStep) as error:
        return str(error)
    return "" if verdict.holds else str(verdict.refutation)


@pytest.mark.parametrize("case", CASES)
def test_a_false_step_is_not_accepted(case: FalseStep) -> None:
    assert len(refusal(case)) > 20


@pytest.mark.parametrize("false_one", CHAINS)
def test_a_false_derivation_does_not_stand(false_one: Derivation) -> None:
    with pytest.raises((ValueError, FailedStep)) as caught:
        false_one.check()
    assert len(str(caught.value)) > 20


def test_the_attack_is_wide_enough_to_mean_something() -> None:
    assert len(CASES) >= 1_000
    assert len(CHAINS) >= 85
    assert len(FALSE) >= 30
    assert min(map(len, FALSE.values())) >= 5
    kinds = {type(case.step) for cases in FALSE.values() for case in cases}
    assert {kind.__name__ for kind in kinds} == {
        "Apply",
        "At",
        "AtLeast",
        "AtMost",
        "Cite",
        "Derivative",
        "Equal",
        "Limit",
        "Maximum",
        "Minimum",
        "Root",
        "Rounded",
        "SameArgmin",
        "Solve",
    }


def test_a_step_that_is_true_would_be_noticed_among_the_false_ones() -> None:
    """The measure must be able to fail."""
    assert refusal(false(Sum(q[k], (k, 1, K)), Equal(1), normalised=(q,))) == ""
    assert refusal(false(Sum(q[k], (k, 1, K)), Equal(1))) != ""


@pytest.mark.parametrize(
    "made",
    [
        lambda: Equal(Eq(X, 1)),
        lambda: Equal("X +"),
        lambda: Equal([X]),
        lambda: Equal(None),
        lambda: ArgMin(X**2, 3),
        lambda: ArgMin(X**2, X + 1),
        lambda: ArgMin(v[1] ** 2, v[1]),
    ],
)
def test_what_is_no_line_and_no_choice_is_refused_when_it_is_made(made: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"expected|parse"):
        made()


@pytest.mark.parametrize(
    ("before", "step", "declared", "grade"),
    [
        (1 / sqrt(N), Limit(0, variable=N, to=oo), {}, "B"),
        (SIZE, Equal(Abs(X)), {"intervals": {X: (-1, 1)}}, "A"),
        (SIZE, Equal(X), {"intervals": {X: (-1, 1)}}, "F"),
        (SIZE, Equal(-X), {"intervals": {X: (-1, 0)}}, "A"),
        (A * X / (1 + A * X), Limit(1, variable=A, to=oo), {"nonzero": (X,)}, "B"),
        (A * B / (1 + A * B), Limit(1, variable=A, to=oo), {}, "B"),
        (1 / (1 + (1 + X**2) * A), Limit(0, variable=A, to=oo), {}, "B"),
        (X / A, Limit(0, variable=A, to=oo), {}, "B"),
        ((X * A + 1) / A, Limit(X, variable=A, to=oo), {}, "B"),
        (exp(-prob * A), Limit(0, variable=A, to=oo), {"intervals": {prob: (0, 1)}}, "B"),
        (A**X, At(B**X, put={A: B}), {}, "A"),
        (A**X, At((X**2 + 1) ** X, put={A: X**2 + 1}), {}, "A"),
        (A - X, At(2 - X, put={A: 2}), {}, "A"),
        (prob, At(1 - prob / 2, put={prob: 1 - B}), {"intervals": {prob: (0, 1), B: (0, 1)}}, "F"),
        (prob, At(1 - B, put={prob: 1 - B}), {"intervals": {prob: (0, 1), B: (0, 1)}}, "A"),
        (ArgMin(X**2, X), SameArgmin(ArgMin(X**2 + 1 / Y, X), over=X), {"nonzero": (Y,)}, "A"),
        (sqrt(10**140 + 1) * 10**70 - 10**140, Rounded(expr=Rational(1, 2), digits=2), {}, "C"),
        (X**2 - 2, Root(expr=Rational(1414, 1000), variable=X, between=(1, 2)), {}, "C"),
        (X**3 - 2, Root(expr=Rational(1260, 1000), variable=X, between=(-100, 100)), {}, "C"),
        ((X - 1) ** 3, Root(expr=Integer(1), variable=X, between=(Rational(1, 2), 3)), {}, "C"),
        ((exp(X) - 1) / (exp(X) + 1) - Rational(9, 10), Root(variable=X, between=(0, 40)), {}, "C"),
        (X * (X - 1), Root(expr=Integer(0), variable=X, between=(0, Rational(1, 2))), {}, "C"),
        (log(A) - Rational(1, 2), Root(expr=Rational(1649, 1000), variable=A, between=(1, 3)), {}, "C"),
        (X + Symbol("X′", real=True), At(3 + Symbol("X′", real=True), put={X: 3}), {}, "A"),
        (1 / (X - 17) ** 2, AtLeast(0), {"nonzero": (X - 17,)}, "A"),
        (f(X, Y), Derivative(g(X, Y), by=X), {"slopes": {f: (g, h)}}, "A"),
        (f(X, Y), Derivative(h(X, Y), by=Y), {"slopes": {f: (g, h)}}, "A"),
        (f(X, X**2), Derivative(g(X, X**2) + 2 * X * h(X, X**2), by=X), {"slopes": {f: (g, h)}}, "A"),
        (X * f(X), Derivative(f(X) + X * g(X), by=X), {"slopes": {f: g}}, "A"),
        (10**9 * (X - 17) ** 2 + Sum(1, (k, 1, K)), AtLeast(1), {}, "A"),
        (Sum(k - prob, (k, 1, K)), Equal(Sum(Abs(k - prob), (k, 1, K))), {"intervals": {prob: (0, 1)}}, "A"),
        (Sum(Abs(k), (k, 0, K)), Equal(Sum(k, (k, 0, K))), {}, "A"),
        (Abs(X - 17) ** (1 / A), Limit(1, variable=A, to=oo), {"positive": (Abs(X - 17),)}, "B"),
        (log(1 + B ** (1 / A)), Limit(log(2), variable=A, to=oo), {}, "B"),
        (log(X) / X, Limit(0, variable=X, to=oo), {"intervals": {X: (0, oo)}}, "B"),
        (log((FAR + 1) * B) - log(FAR + 1) + 1 / A, Limit(log(B), variable=A, to=oo), {}, "B"),
        (Min(-1, exp(1 / (X - 17))), Equal(-1), {"nonzero": (X - 17,)}, "A"),
        (log(Max(X, -X) * A) - log(Max(X, -X)), Equal(log(A)), {"nonzero": (X,)}, "A"),
        (((Abs(X) + 1) ** N + 1) / ((Abs(X) + 1) ** N), Equal(1 + (Abs(X) + 1) ** -N), {}, "A"),
        (gamma * log(gamma * A) - gamma * log(gamma), Equal(gamma * log(A)), {}, "A"),
        (gamma * (log(gamma) - log(A)), Equal(gamma * log(gamma / A)), {}, "A"),
        (2 * exp(X) - 1, AtLeast(0), {"intervals": {X: (-Rational(1, 2), oo)}}, "A"),
        (Sum(Max(1, 2 * exp(v[k])), (k, 1, K)), AtLeast(K), {}, "U"),
        (Largest(z[k], k, K) + v[k], Equal(v[k] + Largest(z[l], l, K)), {"in_range": {k: 2}, "at_least": {K: 2}}, "A"),
        (E_P + v[k], Equal(v[k] + Sum(p[l] * z[l], (l, 1, K))), {"in_range": {k: 2}, "at_least": {K: 2}}, "A"),
        (NormalExpectation(X**2, X, Y, A) + X, Equal(X + Y**2 + A**2), {"choices": {X: (0, 1)}}, "B"),
        (Expectation(z[k], p[k], k, K), Equal(z[1] / 3 + 2 * z[2] / 3), {"values": {p: THIRDS}}, "A"),
        (Expectation(z[k], q[k], k, 2), Equal(q[1] * z[1] + q[2] * z[2]), {"values": {v: (1, 1)}}, "A"),
        (Largest(Sum(q[k], (k, 1, K)), l, N), AtLeast(1), {"normalised": (q,)}, "U"),
        (Piecewise((log(X), X > 1), (0, True)), Equal(log(Max(X, 1))), {}, "A"),
        (Piecewise((log(X), X > 1), (0, True)), AtLeast(0), {}, "A"),
        (Piecewise((exp(-1 / X), X > 0), (0, True)), AtMost(1), {}, "A"),
        (Piecewise((sqrt(X), X > 0), (0, True)), Equal(sqrt(Max(X, 0))), {}, "A"),
        (Piecewise((1 / X, X > 1), (1, True)), Equal(1 / Max(X, 1)), {}, "A"),
        (Largest(Sum(v[k], (k, 1, K)), l, K), AtLeast(Sum(v[k], (k, 1, K))), {}, "A"),
        (Expectation(log(p[k]), p[k], k, K), Rounded(digits=2), {"values": {p: THIRDS}}, "C"),
        (A, At(exp(X) - X, put={A: exp(X) - X}), {}, "U"),
        (exp(X) - 10, Root(variable=X, between=(0, 10**6)), {}, "U"),
        (sum((-1) ** n * exp(n * A / 7) for n in range(21)), AtLeast(0), {}, "U"),  # whose subsets would take for ever
        (NOTHING**gamma, AtMost(1), {"normalised": (q,)}, "U"),  # rounding makes it less than nothing
        (1 + NOTHING * log(NOTHING), AtLeast(Rational(1, 2)), {"normalised": (q,)}, "U"),
    ],
)
def test_the_true_step_beside_a_false_one_still_stands(
    before: Expr, step: object, declared: dict[str, object], grade: str
) -> None:
    assert judge(before, step, World(**declared)).grade.name == grade


@pytest.mark.parametrize(
    "true",
    [
        chain((1 + prob) ** 2, Equal(1 + 2 * prob + prob**2), At(4, put={prob: 1}), **UNIT),
        chain(prob * log(prob) + prob, Equal(prob * (1 + log(prob))), At(0, put={prob: 0}), **UNIT),
        chain(log(prob), Derivative(1 / prob, by=prob), At(1, put={prob: 1}), **UNIT),
        chain((A**2 - B**2) / (A - B), Equal(A + B), At(3 * B, put={A: 2 * B}), positive=(A - B,)),
        chain(
            prob,
            Equal(1 / (1 + exp(-logit))),
            Derivative(exp(-logit) / (1 + exp(-logit)) ** 2, by=logit),
            At(Rational(1, 4), put={logit: 0}),
            define=SIGMOID,
        ),
        chain(theta**2, Derivative(2 * theta, by=theta)),
    ],
)
def test_the_true_derivation_beside_a_false_one_still_stands(true: Derivation) -> None:
    assert true.check().weakest.name == "A"


def test_a_number_is_printed_with_the_digits_that_were_judged() -> None:
    thirty = Rounded(digits=30)
    for line, text in (
        (pi, "3.141592653589793238462643383280"),
        (-pi * 10**19, "-31415926535897932384.626433832795028841971693993751"),
    ):
        assert thirty.reached(line, World()).shown == text
    for number, digits, text in ((Rational(5, 2), 1, "2.5"), (Integer(-7), 2, "-7.00"), (Integer(3), 0, "3")):
        assert Rounded(number, digits=digits).shown == text


def test_a_lemma_that_the_book_does_not_derive_makes_a_step_no_more_than_cited() -> None:
    unseen = Lemma("the exponential lies above its tangent", Eight)
    step = AtLeast(0, slack=Eight(X + 1, exp(X)), lemma=unseen)
    assert judge(exp(X) - 1 - X, step, World()).grade.name == "D"
    assert judge(X, AtLeast(0, slack=Eight(-X, Integer(0)), lemma=unseen), World()).grade.name == "F"


@pytest.mark.parametrize("deviation", [exp(X), Abs(X) + 1, X**2 + A])
def test_a_normal_deviation_is_free_of_the_variable_as_the_mean_is(deviation: Expr) -> None:
    with pytest.raises(ValueError, match="free of it"):
        NormalExpectation(X**2, X, 0, deviation)


@pytest.mark.parametrize("at", [1, 3, 7, 17, Rational(1, 2), -1000])
def test_a_point_without_a_value_is_excluded_by_name_whatever_it_is(at: Expr) -> None:
    line, step = (X**2 - at**2) / (X - at), Equal(X + at)
    assert not judge(line, step, World()).holds
    excluded = World(nonzero=(X - at,))
    assert judge(line, step, excluded).grade.name == "A"
    checked = Derivation("X", "a quotient", (), excluded, line, (step,)).check()
    assert r"\ne 0" in checked.as_html()
    assert not judge(line, step, World(nonzero=(X - at + 1,))).holds


def test_a_simultaneous_exchange_puts_in_both_at_once() -> None:
    exchange = {A: B, B: A}
    assert judge(A - 2 * B, At(B - 2 * A, put=exchange), World()).grade.name == "A"
    assert judge(A - 2 * B, At(-A, put=exchange), World()).grade.name == "F"
    bases = {p[k]: q[k], q[k]: p[k]}
    world = World(normalised=(p, q), positive=(p,))
    swapped = Sum(q[k] * log(q[k] / p[k]), (k, 1, K))
    assert judge(Sum(p[k] * log(p[k] / q[k]), (k, 1, K)), At(swapped, put=bases), world).grade.name == "A"


def test_an_exchange_reaches_what_is_defined_by_what_is_exchanged() -> None:
    """What the abbreviation stood for kept its old meaning, so that the false line was proven."""
    world, exchange = World(define={A: Y**2}), {X: Y, Y: X}
    assert judge(A, At(X**2, put=exchange), world).grade.name == "A"
    assert judge(A, At(A, put=exchange), world).grade.name == "F"
    softmax = {q[k]: exp(v[k]) / Sum(exp(v[k]), (k, 1, K))}
    line = At(exp(z[k]) / Sum(exp(z[k]), (k, 1, K)), put={v[k]: z[k], z[k]: v[k]})
    assert judge(q[k], line, World(define=softmax, in_range={k: K})).grade.name == "A"


@pytest.mark.parametrize(
    ("start", "steps", "example"),
    [
        (
            X**3,
            (Derivative(3 * X**2, by=X), Derivative(6 * X, by=X)),
            Counterexample("y > 0", 2, World(), from_start=True),
        ),
        (X**2 + A, (AtLeast(A), Equal(A)), Counterexample("y > 0", 2, World(), from_start=True)),
        (Sum(q[k], (k, 1, K)), (Equal(1),), Slip("nothing is forgotten", 1, after=Integer(1), world=World())),
    ],
)
def test_a_counter_example_to_another_statement_is_none(start: Expr, steps: tuple, example: Any) -> None:
    world = World(normalised=(q,), positive=(Y,))
    with pytest.raises(ValueError, match=r"says nothing of the first line|expected a changed line"):
        Derivation("X", "t", (), world, start, steps, counterexamples=(example,)).check()


def test_how_far_out_a_point_lies_refutes_no_true_step() -> None:
    a = Symbol("alpha", positive=True)  # drawn once at 1 less 10⁻¹²
    for line, step, world in (
        (1 + exp(-(X**2)), AtLeast(1, strict=True), World()),
        (log(1 + exp(-A * B)), AtLeast(0, strict=True), World()),
        (exp(-exp(X)), AtLeast(0, strict=True), World()),
        (1 - exp(-exp(X)), AtMost(1, strict=True), World()),
        (1 / (1 - a), Derivative(1 / (1 - a) ** 2, by=a), World(intervals={a: (0, 1)})),
    ):
        assert judge(line, step, world).grade.name == "A"
    assert judge(1 + X**2, AtLeast(1, strict=True), World()).grade.name == "F"


def test_what_a_symbol_or_a_base_says_of_itself_is_not_refuted() -> None:
    below, even = Symbol("b", negative=True), Symbol("e", integer=True, positive=True, even=True)
    for line, least in ((-below, 0), (even, 2), (-IndexedBase("b", negative=True)[k], 0)):
        with pytest.raises(Unreadable, match="say in the world what else"):
            judge(line, AtLeast(least), World())
    whole = IndexedBase("m", integer=True, positive=True)
    assert judge(whole[1], AtLeast(1), World()).grade.name in "AU"


def test_a_maximum_of_many_and_a_tower_of_powers_end() -> None:
    many = Max(*(Symbol(f"s_{number}", real=True) for number in range(8)))
    with pytest.raises(Unreadable, match="write Largest"):
        judge(many + X, AtLeast(X), World())
    assert judge(A ** (A**A), AtLeast(0, strict=True), World()).grade.name == "A"
    with pytest.raises(TooLarge, match="a power too large"):
        Witness(Point(World(), 0)).value(A ** (10**41 + A))
    with pytest.raises(Unreadable, match="too many terms to be written out"):
        judge((A + B + X + Y + v[1]) ** 41 - 1, Solve(1 - Y, variable=X), World())


def test_a_number_half_way_and_a_root_at_0_are_found() -> None:
    assert judge(Rational(1, 8), Rounded(digits=2), World()).grade.name == "C"
    assert judge(X, Root(0, variable=X, between=(-1, 2)), World()).grade.name == "C"


def test_more_entries_than_can_be_drawn_decide_nothing() -> None:
    for base in (v, p):
        assert judge(base[1] / K, Limit(0, variable=K, to=oo), World()).grade.name in "BU"


def test_a_world_does_not_change_when_what_it_was_made_from_does() -> None:
    few, ranges = [0, 1], {c: K}
    world = World(choices={X: few}, in_range=ranges)
    few.append(5)
    ranges[c] = N
    assert world.choices[X] == (0, 1)
    assert world.in_range[c] == K
    assert judge(X**2, Equal(X), world).grade.name == "A"
    with pytest.raises(TypeError):
        world.choices[X] = (5,)
