"""Sums between any two ends, and sums with a closed form: what is proven, and the neighbours that are not."""

from __future__ import annotations

import pytest
from sympy import Abs, Integer, KroneckerDelta, Product, Rational, Sum, Symbol, log
from sympy.core.expr import Expr

from ce.derivation import Equal, Grade, World, judge
from ce.symbols import K, M, N, c, j, k, l, m, n, p, q, smoothing, v, z

X, Y = Symbol("x", real=True), Symbol("y", real=True)
R = Symbol("r", positive=True)
NOT_ONE = World(nonzero=(1 - R,))
TWO = World(at_least={K: 2})
W = World()
ALL = Sum(v[k], (k, 1, K))
RAGGED = Sum(Sum(v[k] * z[l], (l, 1, k)), (k, 1, K))

TRUE = {
    # ends
    "from 0": (Sum(k**2, (k, 0, K)), Sum(k**2, (k, 1, K)), W),
    "to K − 1": (Sum(v[k], (k, 1, K - 1)), ALL - v[K], W),
    "to K + 1, numbers": (Sum(k, (k, 1, K + 1)), Sum(k, (k, 1, K)) + K + 1, W),
    "from 2": (Sum(v[k], (k, 2, K)), ALL - v[1], W),
    "from 3 with two terms at least": (Sum(1, (k, 3, K)), K - 2, TWO),
    "the last of a pmf": (Sum(q[k], (k, 1, K - 1)), 1 - q[K], World(normalised=(q,))),
    "the last term by itself": (
        Sum(v[m], (m, 1, n)),
        Sum(v[m], (m, 1, n - 1)) + v[n],
        World(in_range={n: N}, shapes={v: (N,)}),
    ),
    "a delta in a sum from 0": (Sum(KroneckerDelta(k, c), (k, 0, K)), Integer(1), World(in_range={c: K})),
    "numbers only": (Sum(k, (k, 5, 10)), Integer(45), W),
    "the index moved": (Sum(1 / (k - 1), (k, 2, K)), Sum(1 / k, (k, 1, K - 1)), W),
    "the last factor by itself": (Product(k, (k, 1, K)), K * Product(k, (k, 1, K - 1)), W),
    # powers
    "Gauss": (Sum(k, (k, 1, K)), K * (K + 1) / 2, W),
    "Gauss from 0 to K − 1": (Sum(k, (k, 0, K - 1)), K * (K - 1) / 2, W),
    "squares": (Sum(k**2, (k, 1, K)), K * (K + 1) * (2 * K + 1) / 6, W),
    "cubes": (Sum(k**3, (k, 1, K)), Sum(k, (k, 1, K)) ** 2, W),
    "odd numbers": (Sum(2 * k - 1, (k, 1, K)), K**2, W),
    # telescoping
    "differences of entries": (Sum(v[k + 1] - v[k], (k, 1, K - 1)), v[K] - v[1], W),
    "differences backwards": (Sum(v[k] - v[k - 1], (k, 2, K)), v[K] - v[1], W),
    "fractions": (Sum(1 / k - 1 / (k + 1), (k, 1, K)), 1 - 1 / (K + 1), W),
    "fractions of odd numbers": (Sum(1 / (2 * k - 1) - 1 / (2 * k + 1), (k, 1, K)), 1 - 1 / (2 * K + 1), W),
    "logarithms": (Sum(log((k + 1) / k), (k, 1, K)), log(K + 1), W),
    "factors": (Product((k + 1) / k, (k, 1, K)), K + 1, W),
    # triangles
    "counting pairs": (Sum(Sum(1, (l, 1, k - 1)), (k, 1, K)), K * (K - 1) / 2, W),
    "summing the other way round": (RAGGED, Sum(Sum(v[k] * z[l], (k, l, K)), (l, 1, K)), W),
    "each as often as it is counted": (Sum(Sum(v[l], (l, 1, k)), (k, 1, K)), Sum((K - k + 1) * v[k], (k, 1, K)), W),
    "the third is not up to the second": (
        Sum(Sum(KroneckerDelta(k, 2) * KroneckerDelta(l, 3) * v[l], (l, 1, k)), (k, 1, K)),
        Integer(0),
        World(at_least={K: 3}),
    ),
    "up to the first": (Sum(Sum(KroneckerDelta(k, 1) * v[l], (l, 1, k)), (k, 1, K)), v[1], W),
    "from the last on": (Sum(Sum(KroneckerDelta(k, K) * v[l], (l, k, K)), (k, 1, K)), v[K], W),
    # geometric
    "geometric from 0": (Sum(R**k, (k, 0, K - 1)), (1 - R**K) / (1 - R), NOT_ONE),
    "geometric from 1": (Sum(R**k, (k, 1, K)), R * (1 - R**K) / (1 - R), NOT_ONE),
    "geometric of any sign": (Sum(X**k, (k, 0, K - 1)), (1 - X**K) / (1 - X), World(nonzero=(1 - X,))),
    "geometric inside an interval": (
        Sum(smoothing**k, (k, 0, K)),
        (1 - smoothing ** (K + 1)) / (1 - smoothing),
        World(intervals={smoothing: (0, 1)}),
    ),
    "geometric ones summed, in one sum over two indices": (
        Sum(R**k, (k, 1, l), (l, 1, K)),
        R * (K - R * (1 - R**K) / (1 - R)) / (1 - R),
        NOT_ONE,
    ),
    "powers of two": (Sum(2**k, (k, 0, K - 1)), 2**K - 1, W),
    "halves": (Sum(Rational(1, 2) ** k, (k, 1, K)), 1 - Rational(1, 2) ** K, W),
    # what cancels, and signs
    "a sum that cancels its denominator": (
        Sum(
            Sum(Sum(q[k, m] * z[k] * p[l] * q[l, m] / Sum(p[j] * q[j, m], (j, 1, K)), (k, 1, K)), (l, 1, K)), (m, 1, M)
        ),
        Sum(Sum(q[k, m] * z[k], (k, 1, K)), (m, 1, M)),
        World(shapes={q: (K, M)}, positive=(p, q)),
    ),
    "the absolute value of a product": (Abs(X * Y), Abs(X) * Abs(Y), W),
    "the absolute value of a product with a bracket": (Abs(X * (Y + 1)), Abs(X) * Abs(Y + 1), W),
    "the absolute value of the opposite": (Abs(X - Y), Abs(Y - X), W),
    "the square of an absolute value": (Abs(X - Y) ** 2, X**2 - 2 * X * Y + Y**2, W),
}

FALSE = {
    "Gauss, one too few": (Sum(k, (k, 1, K)), K * (K - 1) / 2, W),
    "Gauss to K − 1 with the value to K": (Sum(k, (k, 0, K - 1)), K * (K + 1) / 2, W),
    "from 3 where there may be one term": (Sum(1, (k, 3, K)), K - 2, W),
    "to K − 2 where there may be one term": (Sum(v[k], (k, 1, K - 2)), ALL - v[K] - v[K - 1], W),
    "squares of one more": (Sum(k**2, (k, 1, K)), K * (K + 1) * (2 * K + 3) / 6, W),
    "differences without the first": (Sum(v[k + 1] - v[k], (k, 1, K - 1)), v[K], W),
    "differences past the last": (Sum(v[k + 1] - v[k], (k, 1, K)), v[K + 1] - v[1], W),
    "fractions from where there is none": (Sum(1 / (k * (k - 1)), (k, 1, K)), 1 - 1 / K, W),
    "logarithms one too far": (Sum(log((k + 1) / k), (k, 1, K)), log(K + 2) - log(2), W),
    "each pair once, the diagonal too": (
        Sum(Sum(v[k] * v[l], (l, 1, k)), (k, 1, K)),
        (ALL**2 - Sum(v[k] ** 2, (k, 1, K))) / 2,
        W,
    ),
    "half of what is not symmetric": (RAGGED, (ALL * Sum(z[k], (k, 1, K)) + Sum(v[k] * z[k], (k, 1, K))) / 2, W),
    "the other way round, other ends": (RAGGED, Sum(Sum(v[k] * z[l], (k, 1, l)), (l, 1, K)), W),
    "geometric, one power too many": (Sum(R**k, (k, 0, K - 1)), (1 - R ** (K + 1)) / (1 - R), NOT_ONE),
    "geometric from 1 for from 0": (Sum(R**k, (k, 1, K)), (1 - R**K) / (1 - R), NOT_ONE),
    "a pmf from 0": (Sum(q[k], (k, 0, K)), Integer(1), World(normalised=(q,))),
    "a delta that may be outside": (Sum(KroneckerDelta(k, c), (k, 1, K - 1)), Integer(1), World(in_range={c: K})),
    "the absolute value of a sum": (Abs(X + Y), Abs(X) + Abs(Y), W),
}


def grade(left: Expr, right: Expr, world: World) -> Grade:
    return judge(left, Equal(right), world).grade


@pytest.mark.parametrize("name", TRUE)
def test_a_true_sum_is_proven_by_normal_form(name: str) -> None:
    assert grade(*TRUE[name]) is Grade.A


@pytest.mark.parametrize("name", TRUE)
def test_with_one_more_it_is_refuted(name: str) -> None:
    left, right, world = TRUE[name]
    assert grade(left, right + Rational(1, 7), world) is Grade.F


@pytest.mark.parametrize("name", FALSE)
def test_its_false_neighbour_is_refuted(name: str) -> None:
    assert grade(*FALSE[name]) is Grade.F


@pytest.mark.parametrize("ratio", [R, X])
def test_a_ratio_that_may_be_one_is_not_passed_over(ratio: Symbol) -> None:
    """Even where no point drawn has r = 1, the closed form is one for a world without it."""
    assert grade(Sum(ratio**k, (k, 0, K - 1)), (1 - ratio**K) / (1 - ratio), W) in (Grade.F, Grade.U)
