"""The wrong answers SymPy gives on sums, each shown to be wrong in SymPy and right here."""

from __future__ import annotations

from functools import partial

from sympy import (
    IndexedBase,
    Integer,
    KroneckerDelta,
    Matrix,
    MatrixSymbol,
    OneMatrix,
    Piecewise,
    Product,
    Sum,
    Symbol,
    diff,
    exp,
    expand_log,
    log,
    piecewise_fold,
    simplify,
    sqrt,
)

from ce.derivation import Derivative, Equal, Grade, Verdict, World, judge
from ce.symbols import K, N, c, j, k, l, m, n, p, q, v, x, z
from tests.derivation.soundness import normal_form

LSE = Sum(exp(z[l]), (l, 1, K))


def grade(before, step, world) -> str:
    return judge(before, step, world).grade.name


def test_the_derivative_by_an_element_whose_index_is_the_bound_one() -> None:
    """SymPy differentiates every term as if all were that element."""
    assert diff(LSE, z[l]) == Sum(exp(z[l]), (l, 1, K)), "SymPy's wrong answer: the whole sum"
    by_l = partial(Derivative, by=z[l])
    world = World(in_range={l: K})
    assert grade(LSE, by_l(exp(z[l])), world) == "A"
    assert grade(LSE, by_l(LSE), world) == "F"


def test_the_derivative_by_an_element_in_the_middle_of_a_nested_clash() -> None:
    nested = Sum(z[j] * Sum(z[j] ** 2, (j, 1, K)), (j, 1, K))
    right = Sum(z[k] ** 2, (k, 1, K)) + 2 * z[j] * Sum(z[k], (k, 1, K))
    world = World(in_range={j: K})
    assert grade(nested, Derivative(right, by=z[j]), world) == "A"


def test_replacing_a_free_index_by_a_bound_one_captures_it_in_sympy_and_not_here() -> None:
    inner = Sum(p[k] * v[j], (k, 1, K))
    captured = inner.subs(j, k)
    assert captured.function == p[k] * v[k], "SymPy captures the index"
    collapsed = Sum(inner * KroneckerDelta(j, l), (j, 1, K))  # collapses j to l, then l to a fresh k below
    world = World(normalised=(p,), in_range={l: K})
    assert grade(collapsed, Equal(v[l]), world) == "A"
    clash = Sum(Sum(p[k] * v[j], (k, 1, K)) * KroneckerDelta(j, k), (j, 1, K))
    assert grade(clash, Equal(v[k]), World(normalised=(p,), in_range={k: K})) == "A"
    assert grade(clash, Equal(Sum(p[k] * v[k], (k, 1, K))), World(normalised=(p,), in_range={k: K})) == "F"


def test_doit_on_a_delta_sum_leaves_a_condition_on_a_bound_index_and_the_normal_form_a_value() -> None:
    nested = Sum(Sum(KroneckerDelta(j, k) * v[k], (k, 1, K)), (j, 1, K))
    done = piecewise_fold(simplify(nested.doit()))
    assert done != Sum(v[k], (k, 1, K)) or done.has(Piecewise) or {j, k} & done.free_symbols
    assert grade(nested, Equal(Sum(v[l], (l, 1, K))), World()) == "A"


def test_a_delta_collapses_only_for_an_index_in_range() -> None:
    picked = Sum(KroneckerDelta(k, c) * v[k], (k, 1, K))
    assert grade(picked, Equal(v[c]), World(in_range={c: K})) == "A"
    assert grade(picked, Equal(v[c]), World()) == "F"
    assert grade(picked, Equal(v[c]), World(in_range={c: N})) == "F"
    assert normal_form(picked, World()) != v[c]


def test_the_log_of_a_matrix_expression_has_derivative_zero_in_sympy() -> None:
    vector = MatrixSymbol("z", 2, 1)
    wrong = log((OneMatrix(1, 2) * vector.applyfunc(exp))[0, 0]).diff(vector)
    assert wrong == Matrix([[0], [0]]) or not wrong.has(exp), "SymPy loses the exponential"
    assert grade(log(LSE), Derivative(exp(z[j]) / LSE, by=z[j]), World(in_range={j: K})) == "A"


def test_a_logarithm_does_not_come_apart_at_factors_of_unknown_sign() -> None:
    a, b = Symbol("a", real=True), Symbol("b", real=True)
    assert expand_log(log(a * b), force=True) == log(a) + log(b), "SymPy's force takes the wrong branch"
    assert grade(log(a * b), Equal(log(a) + log(b)), World()) == "F"
    assert grade(log(a**2), Equal(2 * log(a)), World()) == "F"
    assert grade(log(a * b), Equal(log(a) + log(b)), World(positive=(a, b))) == "A"
    assert grade(sqrt(a**2), Equal(a), World()) == "F"


def test_the_normalisation_may_not_be_imposed_before_differentiating() -> None:
    total = Sum(q[k], (k, 1, K))
    free, bound = World(in_range={j: K}), World(in_range={j: K}, normalised=(q,))
    assert grade(total, Derivative(Integer(1), by=q[j]), free) == "A"
    assert grade(total, Derivative(Integer(0), by=q[j]), bound) == "F"
    assert grade(total, Derivative(Integer(1), by=q[j]), bound) == "F", "the entries are not free"


def test_zero_times_log_zero_is_zero_and_nothing_else_infinite_is_a_number() -> None:
    entropy, again = (Sum(p[i] * log(p[i]), (i, 1, K)) for i in (k, l))
    assert grade(entropy, Equal(again), World(normalised=(p,))) == "A"
    assert grade(log(p[j] ** 2), Equal(2 * log(p[j])), World(in_range={j: K})) == "F", "log 0 is not a number"
    assert grade(p[j] * (1 / p[j] + 1), Equal(1 + p[j]), World(in_range={j: K})) == "F", "0/0 is not 1"
    assert grade(p[j] * (1 / p[j] + 1), Equal(1 + p[j]), World(in_range={j: K}, positive=(p,))) == "A"


def test_a_product_of_sums_over_one_name_is_not_a_sum_of_products() -> None:
    square = Sum(v[k], (k, 1, K)) * Sum(v[k], (k, 1, K))
    assert grade(square, Equal(Sum(v[k] ** 2, (k, 1, K))), World()) == "F"
    assert grade(square, Equal(Sum(Sum(v[k] * v[l], (k, 1, K)), (l, 1, K))), World()) == "A"


def test_an_inner_sum_that_depends_on_the_outer_index_is_not_taken_out() -> None:
    dependent = Sum(p[k] * Sum(v[l] * KroneckerDelta(k, l), (l, 1, K)), (k, 1, K))
    assert grade(dependent, Equal(Sum(p[k], (k, 1, K)) * Sum(v[l], (l, 1, K))), World()) == "F"
    assert grade(dependent, Equal(Sum(p[m] * v[m], (m, 1, K))), World()) == "A"


def test_sums_over_different_ranges_are_different() -> None:
    assert grade(Sum(Integer(1), (k, 1, K)), Equal(Sum(Integer(1), (n, 1, N))), World()) == "F"
    shared = World(shapes={v: (N,)})
    assert grade(Sum(v[k], (k, 1, K)), Equal(Sum(v[n], (n, 1, N))), shared) == "F"


def test_two_symbols_of_one_name_are_not_taken_for_one_another() -> None:
    both = normal_form(Symbol("a", real=True) + Symbol("a", positive=True), World())
    assert len(both.free_symbols) == 2


def test_a_sum_of_rolls_becomes_a_sum_of_faces_only_for_declared_labels() -> None:
    rolls = Sum(log(q[x[n]]), (n, 1, N))
    faces = Sum(Sum(KroneckerDelta(x[n], k), (n, 1, N)) * log(q[k]), (k, 1, K))
    assert grade(rolls, Equal(faces), World(labels={x: K})) == "A"


def test_a_product_over_zero_probabilities_has_the_value_the_convention_gives() -> None:
    w = IndexedBase("w", nonnegative=True)
    one_hot = World(one_hot={v: c}, in_range={c: K})
    assert grade(Product(w[k] ** v[k], (k, 1, K)), Equal(w[c]), one_hot) == "A", "0 to the 0 is 1"


def test_every_accepted_grade_is_one_of_a_to_d() -> None:
    assert [g.name for g in Grade] == ["A", "B", "C", "D", "F", "U"]
    assert [g.name for g in Grade if Verdict(g).holds] == ["A", "B", "C", "D"]
