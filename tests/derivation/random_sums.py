"""Random nested sums of elements, deltas, logarithms and exponentials, over clashing indices."""

from __future__ import annotations

from functools import cache
from random import Random

from sympy import Indexed, IndexedBase, Integer, KroneckerDelta, Rational, Sum, Symbol, exp, log
from sympy.core.expr import Expr

from ce.derivation import World
from ce.symbols import K, N, c, classes, j, k, l, m, n, p, q, v, x, y, z

INDICES = (j, k, l, m)
_TOTAL = Sum(exp(z[l]), (l, 1, K))
_COUNTED = Sum(KroneckerDelta(x[n], k), (n, 1, N)) / N + 1
_COMMON = {"in_range": {c: K, j: K}, "positive": (p,), "labels": {x: K}}
WORLDS = (
    World(normalised=(p, q), **_COMMON),
    World(one_hot={y: c}, define={q[k]: exp(z[k]) / _TOTAL}, **_COMMON),
    World(normalised=(q,), one_hot={y: classes}, **{**_COMMON, "labels": {classes: K, x: K}}),
    World(define={p[k]: _COUNTED}, **_COMMON),
)


@cache
def at(base: IndexedBase, *indices: object) -> Indexed:
    """Return an element; SymPy takes long to make one."""
    return base[indices]


def random_sum(random: Random, world: World) -> Expr:
    """Return a random expression with nested sums, all of its free indices declared in the world."""
    return _expression(random, world, (j, c), 3)


def _expression(random: Random, world: World, scope: tuple[Symbol, ...], depth: int) -> Expr:
    if depth == 0:
        return _leaf(random, world, scope)
    (kind,) = random.choices(_KINDS, _WEIGHTS)
    return kind(random, world, scope, depth - 1)


def _sum(random: Random, world: World, scope: tuple[Symbol, ...], depth: int) -> Expr:
    index = random.choice(INDICES)  # may hide a free or an outer index of the same name
    outer = [each for each in scope if each not in (n, index)]
    other = outer[-1]
    (ends,) = random.choices(((1, K), (1, K - 1), (2, K), (1, other), (other, K), (1, other - 1)), _ENDS)
    return Sum(_expression(random, world, (*scope, index), depth), (index, *ends))


def _sum_of_rolls(random: Random, world: World, scope: tuple[Symbol, ...], depth: int) -> Expr:
    return Sum(_expression(random, world, (*scope, n), depth), (n, 1, N))


def _times(random: Random, world: World, scope: tuple[Symbol, ...], depth: int) -> Expr:
    return _expression(random, world, scope, depth) * _expression(random, world, scope, depth)


def _plus(random: Random, world: World, scope: tuple[Symbol, ...], depth: int) -> Expr:
    sign = random.choice((1, 1, -1, 2, Rational(-1, 3)))
    return _expression(random, world, scope, depth) + sign * _expression(random, world, scope, depth)


def _log(random: Random, world: World, scope: tuple[Symbol, ...], depth: int) -> Expr:
    return log(_positive(random, world, scope, depth))


def _power(random: Random, world: World, scope: tuple[Symbol, ...], depth: int) -> Expr:
    return _positive(random, world, scope, depth) ** random.choice((-1, -2, Rational(1, 2)))


def _exp(random: Random, world: World, scope: tuple[Symbol, ...], depth: int) -> Expr:
    return exp(_leaf(random, world, scope) - _leaf(random, world, scope))


_KINDS = (_sum, _sum_of_rolls, _times, _plus, _log, _power, _exp)
_WEIGHTS = (40, 8, 20, 17, 7, 4, 4)
_ENDS = (70, 4, 4, 8, 8, 6)


def _leaf(random: Random, world: World, scope: tuple[Symbol, ...]) -> Expr:
    index, other = (random.choice([s for s in scope if s != n]) for _ in range(2))
    leaves = [at(p, index), at(q, index), at(z, index), at(v, index), log(at(p, index)), exp(at(z, index))]
    leaves += [KroneckerDelta(index, other), Integer(2), K, index]
    hot = world.one_hot.get(y)
    if hot == c:
        leaves += [at(y, index), at(y, index)]
    if n in scope:
        roll = at(x, n)
        leaves += [KroneckerDelta(roll, index), at(v, roll), KroneckerDelta(roll, c)]
        leaves += [at(y, n, index), KroneckerDelta(at(classes, n), roll)] if hot == classes else []
    return random.choice(leaves)


def _positive(random: Random, world: World, scope: tuple[Symbol, ...], depth: int) -> Expr:
    index = random.choice([s for s in scope if s != n])
    bound = random.choice(INDICES)
    one, two = at(p, index), at(q, index)
    choices = [one, two, exp(at(z, index)), one * two, one / two, 1 + one**2]
    if depth > 0:
        inner = _positive(random, world, (*scope, bound), depth - 1)
        choices += [Sum(inner, (bound, 1, K)), Sum(inner, (bound, 1, K)) * one]
    return random.choice(choices)
