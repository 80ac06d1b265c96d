"""Worlds: what they refuse, what their points look like, and how a condition is dropped."""

from __future__ import annotations

import pytest
from mpmath import mp
from sympy import Function, Integer, Rational, Sum, Symbol, exp, log, oo, sqrt

from ce.derivation import Derivative, Equal, Limit, World, judge
from ce.derivation.judge import Judge
from ce.derivation.numeric_check.evaluator import Witness
from ce.derivation.numeric_check.points import MP, Point
from ce.derivation.verdict import Undefined, Unreadable
from ce.formulas import SIGMOID, entropy, kl_divergence, softplus
from ce.symbols import K, N, c, classes, j, k, label, logit, n, p, prob, q, share, sigma, smoothing, theta, v, x, y, z


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"normalised": q}, "expected a tuple for normalised"),
        ({"positive": [q]}, "expected a tuple for positive"),
        ({"normalised": (K,)}, "expected an IndexedBase, got K"),
        ({"one_hot": {c: K}}, "expected an IndexedBase, got c"),
        ({"define": {2 * logit: K}}, "expected a symbol or an element"),
        ({"define": {q[k]: 1 / K}, "normalised": (q,)}, "do not declare it as well"),
        ({"values": {p: (1, 1)}, "normalised": (p,)}, "do not sum to one"),
        ({"labels": {q: K}}, "expected integer labels"),
        ({"labels": {x: 0}}, "expected a size"),
        ({"define": {q[k]: 1 / K, q[j]: p[j]}}, "q is defined twice"),
        ({"intervals": {logit: (0, 1)}, "choices": {logit: (0, 1)}}, "an interval and a choice of values"),
        ({"one_hot": {y: c}, "normalised": (y,)}, "is one-hot, so its entries sum to one"),
        ({"values": {p: (1,)}, "shapes": {p: (N, K)}}, "has values and so one index"),
        ({"slopes": {Function("f"): Function("g"), Function("g"): tuple(map(Function, "hi"))}}, "as many derivatives"),
    ],
)
def test_a_world_that_contradicts_itself_is_refused(declared, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        World(**declared)


def test_only_what_was_declared_can_be_dropped() -> None:
    world = World(normalised=(p, q), in_range={c: K})
    assert world.without(normalised=(q,)).normalised == (p,)
    assert world.without(in_range=(c,)).in_range == {}
    with pytest.raises(ValueError, match="declared as normalised, got y"):
        world.without(normalised=(y,))


def points(world: World, number: int = 30) -> list[Point]:
    return [Point(world, at) for at in range(number)]


def test_points_satisfy_the_assumptions() -> None:
    world = World(
        normalised=(p, q),
        one_hot={y: c},
        in_range={c: K, n: N},
        labels={x: K},
        at_least={K: 2},
        intervals={smoothing: (0, Rational(1, 3))},
        choices={label: (0, 1)},
    )
    for point in points(world):
        size, rolls = point.size(K), point.size(N)
        assert size >= 2
        assert 1 <= point.size(c) <= size
        assert abs(MP.fsum(point.element(p, (at,)) for at in range(1, size + 1)) - 1) < 1e-50
        assert all(point.element(q, (at,)) > 0 for at in range(1, size + 1))
        assert all(1 <= point.element(x, (at,)) <= size for at in range(1, rolls + 1))
        assert 0 < point.scalar(smoothing) < 1 / 3
        assert point.scalar(label) in (0, 1)
        assert sum(Witness(point).value(y[at]) for at in range(1, size + 1)) == 1


def test_points_visit_the_boundary_where_the_world_allows_it() -> None:
    drawn = [point.element(p, (1,)) for point in points(World(normalised=(p,)))]
    assert 0 in drawn
    assert 1 in drawn
    inside = [point.element(p, (1,)) for point in points(World(normalised=(p,), positive=(p,)))]
    assert min(inside) > 0


def test_a_base_that_may_vanish_does_so_at_some_point() -> None:
    world = World(normalised=(q,), may_vanish=(q,))
    rows = [[point.element(q, (at,)) for at in range(1, point.size(K) + 1)] for point in points(world)]
    assert sum(0 in row for row in rows) > 5


def test_the_first_points_are_small_and_all_sizes_occur() -> None:
    sizes = [point.size(K) for point in points(World())]
    assert max(sizes[:2]) <= 2
    assert set(sizes) >= {1, 2, 3, 4, 9}


def test_points_are_of_several_magnitudes() -> None:
    world = World(normalised=(q,), may_vanish=(sigma,))
    drawn = points(world)
    logits = [point.element(z, (at,)) for point in drawn for at in range(1, point.size(K) + 1)]
    small = [point.element(q, (at,)) for point in drawn for at in range(1, point.size(K) + 1)]
    assert min(logits) < -40
    assert max(logits) > 40
    assert 0 < min(small) <= 1e-12
    assert {point.size(N) for point in drawn} >= {1, 9}
    assert 0 in [point.scalar(sigma) for point in drawn]
    assert 0 < min(point.scalar(share) for point in drawn) < 1e-2


@pytest.mark.parametrize("declared", [{"intervals": {logit: (-1, 10)}}, {"choices": {logit: tuple(range(-40, 50))}}])
def test_nought_is_drawn_where_it_is_inside_a_range(declared) -> None:
    assert 0 in [point.scalar(logit) for point in points(World(**declared))]


def test_every_fact_is_enforced_on_the_points_that_are_used() -> None:
    world = World(
        positive=(logit - share,),
        nonzero=(logit - 2, theta),
        at_least={K: 2, N: 3},
        in_range={c: 2},
        values={p: (Rational(1, 4), Rational(3, 4))},
        intervals={share: (0, 1)},
        may_vanish=(sigma,),
        shapes={v: (2,)},
    )
    for witness in Judge(world).witnesses():
        point = witness.point
        assert point.scalar(logit) > point.scalar(share)
        assert point.scalar(logit) != 2
        assert point.scalar(theta) != 0
        assert point.size(K) == 2
        assert point.size(N) >= 3
        assert point.size(c) in (1, 2)
        assert [point.element(p, (at,)) for at in (1, 2)] == [0.25, 0.75]
        assert point.scalar(sigma) >= 0
        with pytest.raises(Undefined, match=r"outside 1\.\.2, by the world's shapes"):
            point.element(v, (3,))


def test_a_point_gives_the_same_number_in_whatever_order_it_is_asked() -> None:
    world = World(normalised=(q,))
    first, second = Point(world, 20), Point(world, 20)
    one = (first.element(q, (1,)), first.scalar(logit))
    other = (second.scalar(logit), second.element(q, (1,)))
    assert one == other[::-1]
    assert Point(world, 21).scalar(logit) != one[1]


def test_a_declared_expression_is_positive_at_every_point_used() -> None:
    condition = logit - 1
    for witness in Judge(World(positive=(condition,))).witnesses():
        assert witness.value(condition) > 0
    with pytest.raises(ValueError, match="no points found"):
        list(Judge(World(positive=(-(logit**2) - 1,))).witnesses())


class TestWitness:
    def value(self, expression, world: World | None = None, number: int = 3):
        return Witness(Point(world or World(), number)).value(expression)

    def test_agrees_with_mpmath(self) -> None:
        world = World(define=SIGMOID)
        for number in range(20):
            point = Point(world, number)
            at = point.scalar(logit)
            with mp.workdps(50):
                expected = mp.log(1 + mp.exp(mp.mpf(at)))
            assert abs(Witness(point).value(softplus(logit)) - expected) < 1e-45
            assert abs(Witness(point).value(-log(1 - prob)) - expected) < 1e-45

    def test_zero_times_log_zero_is_zero(self) -> None:
        world = World(values={p: (1, 0), q: (Rational(1, 2), Rational(1, 2))})
        assert self.value(entropy.textbook, world) == 0
        assert abs(self.value(kl_divergence.textbook, world) - MP.log(2)) < 1e-50

    @pytest.mark.parametrize(
        ("expression", "words"),
        [
            (log(p[2]), "its value is infinite"),
            (1 / p[2], "division by zero"),
            (p[2] * (1 / p[2] + 1), "division by zero"),
            (log(p[2]) - log(p[2] ** 2), "one infinite value less another"),
            (log(-p[1]), "not positive"),
            ((p[2] - p[1]) ** Rational(1, 2), "root of a negative number"),
            (p[3], "outside 1..2"),
            (exp(1 / p[2]), "a function of something infinite"),
            ((1 + log(p[2])) ** 2, "a power of something infinite"),
        ],
    )
    def test_nothing_else_infinite_is_a_number(self, expression, words: str) -> None:
        with pytest.raises(Undefined, match=words):
            self.value(expression, World(values={p: (1, 0)}))

    def test_an_unknown_node_is_refused(self) -> None:
        with pytest.raises(Unreadable, match="no rule"):
            self.value(oo)


def test_p_log_p_over_q_is_infinite_where_q_vanishes_and_p_does_not() -> None:
    world = World(values={p: (Rational(1, 2), Rational(1, 2)), q: (1, 0)}, may_vanish=(q,))
    verdict = judge(kl_divergence.textbook, Equal(Integer(0)), world)
    assert verdict.grade.name == "F"
    assert "no value" in verdict.refutation.why


def test_labels_of_examples_choose_rows_of_a_table() -> None:
    world = World(one_hot={y: classes}, labels={classes: K}, in_range={n: N, j: K})
    picked = Sum(y[n, k] * z[n, k], (k, 1, K))
    assert judge(picked, Equal(z[n, classes[n]]), world).grade.name == "A"
    assert judge(picked, Equal(z[n, j]), world).grade.name == "F"


@pytest.mark.parametrize("number", range(30))
def test_a_size_used_as_an_index_or_as_a_number_is_one_number(number: int) -> None:
    """Two ways to draw it, and a false step was accepted: the second look at the point saw another size."""
    first, second = Point(World(), number), Point(World(), number)
    asked = first.size(K), int(first.scalar(K))
    again = int(second.scalar(K)), second.size(K)
    assert len({*asked, *again}) == 1


@pytest.mark.parametrize("number", range(10))
def test_two_symbols_of_one_name_have_two_values_in_whatever_order(number: int) -> None:
    whole, real = Symbol("m", integer=True, positive=True), Symbol("m", real=True)
    first, second = Point(World(), number), Point(World(), number)
    one = first.scalar(whole), first.scalar(real)
    other = second.scalar(real), second.scalar(whole)
    assert one == other[::-1]


def test_a_step_with_two_symbols_of_one_name_is_refused() -> None:
    whole, real = Symbol("m", integer=True, positive=True), Symbol("m", real=True)
    with pytest.raises(Unreadable, match="two different symbols are called m"):
        judge(whole + 1, Equal(real + 1), World())


def test_a_step_does_not_mind_a_symbol_of_the_same_name_in_another_step() -> None:
    """Equal worlds share a judge, and what one step calls x may be positive where another's is not."""
    steps = [(exp(s + log(2)), 2 * exp(s)) for s in (Symbol("x", positive=True), Symbol("x", real=True))]
    assert [judge(before, Equal(after), World()).grade.name for before, after in steps] == ["A", "A"]
    root = sqrt(Symbol("x", real=True) ** 2)
    assert not judge(root, Equal(Symbol("x", real=True)), World()).holds
    limits = [
        (log(exp(s) + 1), Limit(oo, variable=s, to=oo)) for s in (Symbol("x", positive=True), Symbol("x", real=True))
    ]
    assert [judge(before, limit, World()).holds for before, limit in limits] == [True, True]
    f, namesake = Function("f"), Function("f", real=True)
    slopes, at = {f: Function("g"), namesake: Function("h")}, Symbol("x", real=True)
    for each, slope in slopes.items():
        step = Derivative(2 * each(at) * slope(at), by=at)
        assert judge(each(at) ** 2, step, World(slopes=slopes)).holds
