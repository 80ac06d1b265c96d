"""What is known to be >= 0, and beside each a neighbour that is false or not known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Abs, E, Expr, Integer, Max, Min, Rational, Sum, Symbol, exp, log

from ce.derivation import (
    LOG_LEMMA,
    AtLeast,
    Derivation,
    Equal,
    FailedStep,
    Grade,
    Lemma,
    LogGap,
    Maximum,
    Minimum,
    World,
    judge,
)
from ce.symbols import K, N, c, k, n, p, q, v, z
from tests.derivation.false_steps import Eight

X, Y = Symbol("X", real=True), Symbol("Y", real=True)
A, B = Symbol("a", positive=True), Symbol("b", positive=True)
CLASS = (k, 1, K)
NOTHING = World()
IN_RANGE = World(in_range={c: K})
PMF = World(normalised=(p,), in_range={c: K})


# larger side, smaller side, world: the first is proven; the second is false, or not seen to be true
NEIGHBOURS = {
    "two absolute values": ((Abs(X) + Abs(Y), Abs(X + Y)), (Abs(X) - Abs(Y), Abs(X + Y))),
    "an absolute value alone": ((Abs(X), -X), (-Abs(X), X)),
    "a sum of absolute values": (
        (Sum(Abs(v[k]), CLASS), Abs(Sum(v[k], CLASS))),
        (Abs(Sum(v[k], CLASS)), Sum(Abs(v[k]), CLASS)),
    ),
    "sums over one range": ((Sum(Abs(v[k]), CLASS), Sum(v[k], CLASS)), (Sum(Abs(v[k]), CLASS), Sum(v[n], (n, 1, N)))),
    "one term of a sum": ((Sum(exp(z[k]), CLASS), exp(z[c]), IN_RANGE), (Sum(z[k], CLASS), z[c], IN_RANGE)),
    "a term that is in range": (
        (Sum(p[k], CLASS), p[c], IN_RANGE),
        (Sum(p[k], CLASS), p[c], World(in_range={c: N}, shapes={p: (N,)})),
    ),
    "terms of which the sum alone is positive": (
        (Sum(p[k], CLASS), p[1]),
        (Sum(v[k], CLASS), v[1], World(positive=(Sum(v[k], CLASS),))),
    ),
    "an entry that is declared positive": (
        (z[k] + z[c], Integer(0), World(positive=(z[k], z[c]), in_range={k: K, c: K})),
        (Sum(z[k] + exp(40), CLASS), Integer(0), World(positive=(z[k] + exp(40),), in_range={k: K})),
    ),
    "an index that a sum binds anew": (
        (Sum(Sum(p[k], CLASS) - p[c], (c, 1, K)), Integer(0)),
        (Sum(Sum(p[k], CLASS) - p[c], (c, 1, N)), Integer(0), World(in_range={c: K}, shapes={p: (N,)})),
    ),
    "exponentials": ((exp(X), exp(Y), World(positive=(X - Y,))), (exp(X), exp(Y), World(positive=(Y - X,)))),
    "an exponential and a number": ((exp(A), Integer(1)), (exp(X), Integer(1))),
    "a logarithm": ((log(1 + A), Integer(0)), (log(Rational(1, 2) + A), Integer(0))),
    "logarithms": ((log(A + B), log(A)), (log(A), log(A + B))),
    "a maximum": ((Max(X, Y), X), (X, Max(X, Y))),
    "a minimum": ((X, Min(X, Y)), (Min(X, Y), X)),
    "a maximum below": ((A + B, Max(A, B)), (A, Max(A, B))),
    "a size": ((K, Integer(1)), (K, Integer(2))),
    "a square of a probability": ((Integer(1), p[c] ** 2, PMF), (Integer(1), 2 * p[c] ** 2, PMF)),
}


def at_least(large: Expr, small: Expr, world: World = NOTHING) -> Grade:
    return judge(large, AtLeast(small), world).grade


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_an_inequality_is_proven_and_its_neighbour_is_not(name: str) -> None:
    true, false = NEIGHBOURS[name]
    assert at_least(*true) in (Grade.A, Grade.B)
    assert at_least(*false) in (Grade.F, Grade.U)


@pytest.mark.parametrize(
    ("slack", "stands"),
    [
        (LogGap(Integer(1), q[c]) + 1 - q[c], True),
        (LogGap(Integer(1), q[c]) + q[c] - 1, False),
        (LogGap(p[c], q[c]), True),
        (LogGap(v[c], q[c]), False),
        (LogGap(q[c], v[c]), False),
        (LogGap(q[c], p[c]), False),
    ],
)
def test_the_lemma_speaks_of_what_its_proofs_speak_of(slack: Expr, stands: bool) -> None:
    world = World(normalised=(q,), in_range={c: K})
    verdict = judge(
        slack.doit().replace(LogGap, lambda *a: LogGap(*a).meaning()), AtLeast(0, slack=slack, lemma=LOG_LEMMA), world
    )
    assert verdict.holds is stands


def claim(start: Expr, *steps: object, world: World = NOTHING) -> Derivation:
    return Derivation("X", "a claim", (), world, start, steps)


def test_a_lemma_is_believed_only_with_proofs_that_say_what_it_says() -> None:
    """Otherwise a step that rests on it is cited at best."""
    gap = Eight(E * A, exp(A))  # not seen by structure
    true_of_others = claim(LogGap(A, B), Minimum(0, variable=B, at=A, slope=1 / B))
    says_less = claim(Eight(Integer(0), B), Equal(B), AtLeast(-1))
    assumes = claim(Eight(A, B), AtLeast(0), world=World(positive=(B - A,)))
    of_two_alike = claim(Eight(A, A), Equal(0), AtLeast(0))
    of_whole_numbers = claim(Eight(Integer(1), K), Equal(K - 1), AtLeast(0))
    for proofs in ((), (true_of_others,), (says_less,), (assumes,), (of_two_alike,), (of_whole_numbers,)):
        lemma = Lemma("eight is larger", Eight, proofs)
        assert not lemma.derived
        assert judge(gap, AtLeast(0, slack=gap, lemma=lemma), World()).grade in (Grade.D, Grade.U)
    false = Lemma("eight is larger", Eight, (claim(Eight(A, B), AtLeast(0)),))
    with pytest.raises(FailedStep):
        _ = false.derived


def test_a_lemma_with_a_proof_is_as_good_as_its_proof() -> None:
    """For the arguments that the proof speaks of and no others."""
    lemma = Lemma("b is positive", Eight, (claim(Eight(Integer(0), B), Equal(B), AtLeast(0)),))
    assert lemma.derived
    zero = Eight(Integer(0), exp(X))
    assert judge(exp(X), AtLeast(0, slack=zero, lemma=lemma), World()).grade is Grade.A
    # b = 1 is positive, but b − a is not said to be so for another a than 0
    assert not judge(X + 1, AtLeast(0, slack=Eight(-X, Integer(1)), lemma=lemma), World()).holds


EXTREMA = {
    "the line above the logarithm": (A - 1 - log(A), Minimum(0, variable=A, at=1, slope=1 / A)),
    "a parabola": (X**2 - 4 * X, Minimum(-4, variable=X, at=2, slope=2)),
    "a parabola downwards": (4 * X - X**2, Maximum(4, variable=X, at=2, slope=-2)),
}


@pytest.mark.parametrize("name", EXTREMA)
def test_a_smallest_value_needs_its_place_its_value_and_the_sign_of_its_slope(name: str) -> None:
    before, step = EXTREMA[name]
    assert judge(before, step, World()).grade is Grade.A
    assert judge(before, replace(step, expr=step.expr + 1), World()).grade is Grade.F
    assert judge(before, replace(step, at=step.at + 1), World()).grade is Grade.F
    assert not judge(-before, replace(step, expr=-step.expr, slope=-step.slope), World()).holds


@pytest.mark.parametrize(
    ("before", "step", "world"),
    [
        # the range is broken by a pole, by what is excluded, or ends before the place
        (X**2 / (X - 1) ** 2, Minimum(0, variable=X, at=0, slope=-2 / (X - 1) ** 3), World(nonzero=(X - 1,))),
        (X**3 - 3 * X, Minimum(-2, variable=X, at=1, slope=3 * (X + 1)), World(positive=(X + 1,))),
        (A**2, Minimum(0, variable=A, at=0, slope=2), World()),
        ((X - 3) ** 2, Minimum(0, variable=X, at=3, slope=2), World(intervals={X: (0, 2)})),
        # what is varied depends on something else
        (X**2, Minimum(0, variable=X, at=0, slope=2), World(depends_on={X: Y})),
        # the slope is not known to be positive
        (X**4 - 2 * X**2, Minimum(-1, variable=X, at=1, slope=4 * X * (X + 1)), World()),
    ],
)
def test_a_smallest_value_that_is_not_seen_to_be_one_is_refused(before: Expr, step: Minimum, world: World) -> None:
    assert not judge(before, step, world).holds
