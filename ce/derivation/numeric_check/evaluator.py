"""The second witness: a plain evaluator of expressions at a point of a world, at 50 digits.

It adds, multiplies and loops over indices. It shares no code with the normal form, so that an error in one
does not hide in the other. Of the infinite it knows one thing, the convention 0 · log 0 = 0; any other
infinite or undefined value makes the whole expression :class:`Undefined` at that point.

An expression becomes a function of a witness and of the values of bound indices, once for all points: walking
the tree anew at each point would take longer than the arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from operator import mul
from typing import Any, TypeAlias

import sympy as sp
from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from ce.derivation.numeric_check.points import MP, Point
from ce.derivation.verdict import TooLarge, Undefined, Unreadable
from ce.formulas.functions import Node
from ce.formulas.operators import Largest

_MAX_TERMS = 30_000  # of all sums in one value
_MAX_EXPONENT = MP.mpf(10) ** 40
_KEPT = 4096  # functions of expressions; the oldest go
_POLE = MP.nan  # the value of 1/0, which spreads: only its logarithm, an infinity, is of use

Scope: TypeAlias = Mapping[int, int]
"""The values of bound indices by the hash of their symbol, which is quicker to look up than the symbol."""
Value: TypeAlias = "Callable[[Witness, Scope], Any]"
Place: TypeAlias = "Callable[[Witness, Scope], int]"


class Witness:
    """Evaluates expressions at one point; values of parts without a bound index are kept.

    Examples
    --------
    >>> from sympy import Sum
    >>> from ce.derivation.assumptions import World
    >>> from ce.symbols import K, k, p
    >>> int(Witness(Point(World(normalised=(p,)), number=5)).value(Sum(p[k], (k, 1, K))))
    1
    """

    def __init__(self, point: Point, sizes: list[int] | None = None) -> None:
        self.point = point
        self.sizes = [0] if sizes is None else sizes
        self.kept: dict[Any, Any] = {}
        self._terms_left = _MAX_TERMS

    @property
    def digits(self) -> int:
        """How many digits the values asked for so far need, that terms which cancel leave enough of them."""
        return 110 + int(0.6 * self.sizes[0])  # twice the digits of the largest number met

    def elsewhere(self, point: Point) -> Witness:
        """Return a witness at another point, whose numbers count for the digits of this one."""
        return Witness(point, self.sizes)

    def shifted(self, thing: Expr, value: Any) -> Witness:
        """Return a witness where a symbol or an element has another value."""
        element = isinstance(thing, sp.Indexed)
        key = (thing.base, *map(self.index, thing.indices)) if element else thing
        return self.elsewhere(self.point.shifted(key, value))

    def value(self, expression: Expr) -> Any:
        """Return the real value of an expression.

        Raises
        ------
        Undefined
            Where it has none: log of a negative number, a division by zero, an infinite value, an index out
            of range.
        """
        self._terms_left = _MAX_TERMS
        try:
            value = _function(expression)(self, {})
        except IndexError as error:
            raise Undefined(str(error)) from None
        if MP.isnan(value):
            raise Undefined("a division by zero")
        return _finite(value, "its value is infinite: a logarithm of zero that nothing multiplies by zero")

    def index(self, node: Expr) -> int:
        """Return the value of an expression in index position."""
        return _place(node)(self, {})

    def count(self, terms: int) -> None:
        """Count the terms of sums, and refuse too many."""
        self._terms_left -= terms
        if self._terms_left < 0:
            raise TooLarge("a sum of too many terms to compute")


@lru_cache(maxsize=_KEPT)
def _function(node: Expr) -> Value:
    """Return the function that computes a node."""
    rule = next((rule for kind, rule in _RULES if isinstance(node, kind)), None)
    if rule is None:
        if isinstance(node, Node) and node.has_meaning:
            return _function(node.meaning())
        raise Unreadable(f"the witness has no rule for {type(node).__name__} in {node}")
    compute = rule(node)
    if not node.args:
        return compute
    free = frozenset(map(hash, node.free_symbols))

    def value(witness: Witness, scope: Scope) -> Any:
        """Compute the value, kept where no bound index is in it, and remember how large it is."""
        alone = free.isdisjoint(scope)
        if alone and compute in witness.kept:
            return witness.kept[compute]
        found = compute(witness, {} if alone else scope)
        _, digits, exponent, bits = found._mpf_
        if digits and exponent + bits > witness.sizes[0]:
            witness.sizes[0] = exponent + bits
        if alone:
            witness.kept[compute] = found
        return found

    return value


@lru_cache(maxsize=_KEPT)
def _place(node: Expr) -> Place:
    """Return the function that computes an expression in index position."""
    if node.is_Integer:
        return lambda witness, scope: int(node)
    if isinstance(node, Symbol):
        key = hash(node)
        return lambda witness, scope: scope[key] if key in scope else witness.point.size(node)
    if isinstance(node, sp.Indexed):
        inner = tuple(map(_place, node.indices))
        return lambda at, scope: int(at.point.element(node.base, tuple(each(at, scope) for each in inner)))
    number, rest = node.as_coeff_Add()
    if not (number.is_Integer and number):
        raise Unreadable(f"expected an index, got {node}")
    base = _place(rest)
    return lambda witness, scope: int(number) + base(witness, scope)


# a function for each kind of node


def _rational(node: sp.Rational) -> Value:
    quotient = lru_cache(maxsize=8)(lambda precision: MP.mpf(int(node.p)) / int(node.q))
    return lambda witness, scope: quotient(MP.prec)


def _symbol(node: Symbol) -> Value:
    key = hash(node)

    def value(witness: Witness, scope: Scope) -> Any:
        if key in scope:
            return MP.mpf(scope[key])
        if node in witness.point.world.define:
            return _function(witness.point.world.define[node])(witness, {})
        return witness.point.scalar(node)

    return value


def _element(node: sp.Indexed) -> Value:
    base, inner = node.base, tuple(map(_place, node.indices))

    def value(witness: Witness, scope: Scope) -> Any:
        indices = tuple([each(witness, scope) for each in inner])
        if (base, indices) not in witness.kept:
            witness.kept[base, indices] = drawn(witness, indices)
        return witness.kept[base, indices]

    def drawn(witness: Witness, indices: tuple[int, ...]) -> Any:
        point, world = witness.point, witness.point.world
        if base in world.defined_bases:
            pattern, body = world.defined_bases[base]
            if len(pattern) != len(indices):
                raise Unreadable(f"{base} is defined with {len(pattern)} index(es), got {node}")
            for index, size in zip(indices, world.shape(base, len(indices)), strict=True):
                if not 1 <= index <= point.size(size):
                    raise IndexError(f"{node} is asked for at {indices}, outside its range")
            return _function(body)(witness, dict(zip(map(hash, pattern), indices, strict=True)))
        if base not in world.one_hot:
            return point.element(base, indices)
        hot = world.one_hot[base]
        place = point.element(hot, indices[:-1]) if isinstance(hot, sp.IndexedBase) else witness.index(hot)
        return MP.mpf(place == indices[-1])

    return value


def _over(gather: Callable[[list[Any]], Any]) -> Callable[[sp.Sum | sp.Product], Value]:
    """Return the rule of what is computed from the values of its body for all bound indices."""

    def rule(node: sp.Sum | sp.Product) -> Value:
        body = _function(node.function)
        limits = [(hash(symbol), _place(low), _place(high)) for symbol, low, high in reversed(node.limits)]

        def value(witness: Witness, scope: Scope) -> Any:
            scopes: list[Scope] = [scope]
            for symbol, low, high in limits:  # the first is the outermost
                ranges = [range(low(witness, inner), high(witness, inner) + 1) for inner in scopes]
                witness.count(sum(max(0, own.stop - own.start) for own in ranges))
                scopes = [{**inner, symbol: at} for inner, own in zip(scopes, ranges, strict=True) for at in own]
            return gather([body(witness, inner) for inner in scopes])

        return value

    return rule


def _of_parts(gather: Callable[[list[Any]], Any]) -> Callable[[Expr], Value]:
    """Return the rule of what is computed from the values of its parts."""

    def rule(node: Expr) -> Value:
        parts = tuple(map(_function, node.args))
        return lambda witness, scope: gather([part(witness, scope) for part in parts])

    return rule


def _of_real(function: Callable[..., Any]) -> Callable[[Expr], Value]:
    """Return the rule of a function of real numbers."""
    return _of_parts(lambda values: function(*map(_finite, values)))


def _finite(value: Any, what: str = "a function of something infinite") -> Any:
    """Return a value that is a real number; of what mpmath keeps, infinity has an exponent alone."""
    _, digits, exponent, _ = value._mpf_
    if not digits and exponent:
        raise Undefined(what)
    return value


def _added(values: list[Any]) -> Any:
    total = MP.fsum(values)
    if MP.isnan(total):
        pole = any(map(MP.isnan, values))
        raise Undefined("a division by zero" if pole else "one infinite value less another")
    return total


def _multiplied(values: list[Any]) -> Any:
    result = reduce(mul, values) if values else MP.one
    if not MP.isnan(result):
        return result
    if not any(map(MP.isnan, values)):
        return MP.zero  # 0 · log 0
    if not all(MP.isnan(value) or (value and MP.isfinite(value)) for value in values):
        raise Undefined("a division of zero by zero")
    return _POLE


def _power(values: list[Any]) -> Any:
    base, exponent = (_finite(value, "a power of something infinite") for value in values)
    if not base and exponent < 0:
        return _POLE
    whole = MP.isint(exponent)
    if base < 0 and not whole:
        raise Undefined("a root of a negative number")
    return base ** (int(exponent) if whole else exponent)


def _log(values: list[Any]) -> Any:
    (argument,) = values
    if MP.isnan(argument):
        return MP.inf
    if argument < 0 or argument == MP.inf:
        raise Undefined("a logarithm of a number that is not positive")
    return MP.log(argument) if argument else -MP.inf


def _exp(exponent: Any) -> Any:
    if abs(exponent) > _MAX_EXPONENT:
        raise TooLarge("an exponential too large to compute")
    return MP.exp(exponent)


def _piecewise(node: sp.Piecewise) -> Value:
    branches = [(_function(value), condition) for value, condition in node.args]

    def value(witness: Witness, scope: Scope) -> Any:
        for branch, condition in branches:
            known = {}
            for part in condition.atoms(Relational):
                left, right = (_finite(_function(side)(witness, scope)) for side in part.args)
                known[part] = part.func(int(MP.sign(left - right)), 0)
            if condition.xreplace(known):
                return branch(witness, scope)
        raise Undefined(f"none of the cases of {node}")

    return value


def _undefined(node: AppliedUndef) -> Value:
    arguments = tuple(map(_function, node.args))

    def value(witness: Witness, scope: Scope) -> Any:
        first, orders = witness.point.world.origins.get(type(node), (None, ()))
        if len(node.args) != len(orders):
            raise Unreadable(f"expected a function with as many arguments as derivatives named, got {node}")
        at = tuple(_finite(argument(witness, scope)) for argument in arguments)
        return witness.point.smooth(str(first), orders, at)

    return value


def _delta(node: sp.KroneckerDelta) -> Value:
    if len(node.args) > 2:
        raise Unreadable(f"expected the delta of two indices and no range, got {node}")
    first, second = map(_place, node.args)
    return lambda witness, scope: MP.mpf(first(witness, scope) == second(witness, scope))


_RULES: tuple[tuple[Any, Callable[[Any], Value]], ...] = (
    (sp.Rational, _rational),
    (Symbol, _symbol),
    (sp.Indexed, _element),
    (sp.Sum, _over(_added)),
    (sp.Product, _over(_multiplied)),
    (sp.Add, _of_parts(_added)),
    (sp.Mul, _of_parts(_multiplied)),
    ((type(sp.E), type(sp.pi)), lambda node: lambda witness, scope: +(MP.e if node == sp.E else MP.pi)),
    (sp.Pow, _of_parts(_power)),
    (sp.log, _of_parts(_log)),
    (sp.exp, _of_real(_exp)),
    (sp.Abs, _of_real(abs)),
    (sp.Max, _of_real(max)),
    (sp.Min, _of_real(min)),
    (Largest, lambda node: _over(lambda values: max(map(_finite, values)))(node.family)),
    (sp.Piecewise, _piecewise),
    (sp.KroneckerDelta, _delta),
    (AppliedUndef, _undefined),
)
