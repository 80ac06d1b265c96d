"""The second witness: a plain evaluator of expressions at a point of a world, at 50 digits.

It shares no code with the normal form, so that an error in one does not hide in the other. Of the infinite it knows the
convention 0 · log 0 = 0; any other infinite or undefined value makes the whole expression :class:`Undefined` there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, reduce
from operator import mul
from typing import Any, TypeAlias

import sympy as sp
from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef

from ce.derivation.numeric_check.points import MP, Point, exact
from ce.derivation.verdict import TooLarge, Undefined, Unreadable
from ce.formulas.functions import Node
from ce.formulas.operators import Largest

_MAX_TERMS = 30_000  # of all sums in one value
_MAX_EXPONENT = MP.mpf(10) ** 40
_KEPT = 4096  # of expressions, their free symbols and what they mean; the oldest go
_POLE = MP.nan  # the value of 1/0, which spreads: only its logarithm, an infinity, is of use

Scope: TypeAlias = Mapping[Symbol, Any]
"""The values of bound indices, and of the arguments of a function."""
Rule: TypeAlias = "Callable[[Witness, Any, Scope], Any]"
_UNBOUND: Scope = {}


class Witness:
    """Evaluates expressions at one point; values of parts without a bound index are kept."""

    def __init__(self, point: Point, sizes: list[int] | None = None) -> None:
        self.point = point
        self.sizes = [0, 0] if sizes is None else sizes  # exponents of the largest number and of the one nearest to 0
        self.kept: dict[Any, Any] = {}
        self.terms_left = _MAX_TERMS

    digits = property(lambda self: 110 + int(0.6 * self.sizes[0]))  # twice the largest number's: terms may cancel
    lost = property(lambda self: self.sizes[1] > MP.prec // 2)  # whether a number may be gone beside 1

    def afresh(self) -> Witness:
        """Return a witness at the same point with nothing drawn from it yet."""
        return Witness(replace(self.point, drawn={}))

    def but(self, **changed: Any) -> Witness:
        """Return a witness at a point that differs; what is drawn, and how large numbers are, is noted by both."""
        return Witness(replace(self.point, **changed), self.sizes)

    def shifted(self, thing: Expr, value: Any) -> Witness:
        """Return a witness where a symbol or an element has another value."""
        key = (thing.base, *map(self.index, thing.indices)) if isinstance(thing, sp.Indexed) else thing
        return self.but(moved={**self.point.moved, key: value})

    def value(self, expression: Expr) -> Any:
        """Return the real value of an expression; Undefined for what has none, is infinite, or is out of range."""
        self.terms_left = _MAX_TERMS
        try:
            if MP.isnan(value := self.at(expression, _UNBOUND)):
                raise Undefined("a division by zero")
            return _finite(value, "its value is infinite: a logarithm of zero that nothing multiplies by zero")
        except Undefined as error:
            raise TooLarge("numbers too near to 0 to be told from it") if self.lost else error from None

    def at(self, node: Expr, scope: Scope) -> Any:
        """Return the value of a node, which may be infinite or not a number on the way to one that is neither.

        It is kept where no bound index is in it, and how large it is counts for the digits.
        """
        rule = _rule(node.__class__)
        if not node.args:
            return rule(self, node, scope)
        alone = not scope or _free(node).isdisjoint(scope)
        if alone and node in self.kept:
            return self.kept[node]
        found = rule(self, node, _UNBOUND if alone else scope)
        _, digits, exponent, bits = found._mpf_
        size = exponent + bits if digits else 0
        if not -self.sizes[1] <= size <= self.sizes[0]:
            self.sizes[size < 0] = abs(size)
        if alone:
            self.kept[node] = found
        return found

    def index(self, node: Expr, scope: Scope = _UNBOUND) -> int:
        """Return the value of an expression in index position."""
        if isinstance(node, Symbol | sp.Integer):
            return scope[node] if node in scope else self.point.size(node)
        if isinstance(node, sp.Indexed):
            return int(self._element(node, scope))
        number, rest = node.as_coeff_Add()
        if not (number.is_Integer and number):
            raise Unreadable(f"expected an index, got {node}")
        return int(number) + self.index(rest, scope)

    def _by_meaning(self, node: Expr, scope: Scope) -> Any:
        if isinstance(node, Node) and node.has_meaning:
            return self.at(_meaning(node), scope)
        instead = "; write a fraction, such as Rational(1, 10) for 0.1" * bool(node.is_Float)
        raise Unreadable(f"there is no rule for {type(node).__name__} in {node}{instead}")

    def _symbol(self, node: Symbol, scope: Scope) -> Any:
        if node in scope:
            return MP.mpf(scope[node])
        define = self.point.world.define
        return self.at(define[node], _UNBOUND) if node in define else self.point.scalar(node)

    def _element(self, node: sp.Indexed, scope: Scope) -> Any:
        base, *places = node.args
        indices = tuple([self.index(index, scope) for index in places])
        if (base, indices) not in self.kept:
            point, defined = self.point, self.point.world.defined_bases
            if base in defined:
                point.world.shape(base, len(indices))  # which refuses a wrong number of them
                if base not in point.world.one_hot:  # whose delta is 0 outside
                    point.sizes(base, indices)  # which refuses an index out of range
                found = self.at(defined[base][1], dict(zip(defined[base][0], indices, strict=True)))
            else:
                found = point.element(base, indices)
            self.kept[base, indices] = found
        return self.kept[base, indices]

    def _over(self, node: sp.Sum | sp.Product | Largest, scope: Scope) -> list[Any]:
        """Return the values of a body for all bound indices."""
        scopes: list[Scope] = [scope]
        for symbol, low, high in reversed(node.limits):  # the last is the outermost
            ranges = [range(self.index(low, inner), self.index(high, inner) + 1) for inner in scopes]
            self.terms_left -= sum(max(0, own.stop - own.start) for own in ranges)  # too many for len()
            if self.terms_left < 0:
                raise TooLarge("a sum of too many terms to compute")
            scopes = [{**inner, symbol: at} for inner, own in zip(scopes, ranges, strict=True) for at in own]
        return [self.at(node.args[0], inner) for inner in scopes]

    def _piecewise(self, node: sp.Piecewise, scope: Scope) -> Any:
        for branch, condition in node.args:
            known = {}
            for part in condition.atoms(sp.Rel):
                left, right = (_finite(self.at(side, scope)) for side in part.args)
                gap = 0 if self._is_near(left - right, 1 + abs(left)) else left - right
                known[part] = part.func(int(MP.sign(gap)), 0)
            if (held := condition.xreplace(known)) not in (sp.true, sp.false):
                raise Unreadable(f"expected comparisons as the conditions of {node}")
            if held:
                return self.at(branch, scope)
        raise Undefined(f"none of the cases of {node}")

    def _is_near(self, gap: Any, size: Any = 1) -> bool:
        """Return whether rounding may explain a number other than 0; then what that hides counts for the digits."""
        near = bool(abs(gap) <= MP.mpf(10) ** (-MP.dps // 2) * size)
        self.sizes[0] = max(self.sizes) if near else self.sizes[0]
        return near

    def _power(self, node: sp.Pow, scope: Scope) -> Any:
        base, exponent = (_finite(self.at(part, scope), "a power of something infinite") for part in node.args)
        if not base and exponent < 0:
            return _POLE
        if abs(exponent) > _MAX_EXPONENT:
            raise TooLarge("a power too large to compute")
        if MP.isint(exponent):
            return base ** int(exponent)
        if not self._is_near(base) and base < 0:
            raise Undefined("a root of a negative number")
        return abs(base) ** exponent

    def _undefined(self, node: AppliedUndef, scope: Scope) -> Any:
        first, orders = self.point.world.origins.get(type(node), (None, ()))
        if len(node.args) != len(orders):
            raise Unreadable(f"expected a function with as many arguments as derivatives named, got {node}")
        arguments, body = self.point.function(str(first), len(orders))
        slope = body.diff(*zip(arguments, orders, strict=True))
        values = (_finite(self.at(part, scope)) for part in node.args)
        return self.at(slope, dict(zip(arguments, values, strict=True)))

    def _delta(self, node: sp.KroneckerDelta, scope: Scope) -> Any:
        if len(node.args) > 2:
            raise Unreadable(f"expected the delta of two indices and no range, got {node}")
        first, second = (self.index(index, scope) for index in node.args)
        return MP.mpf(first == second)


_meaning = lru_cache(maxsize=_KEPT)(lambda node: node.meaning())
_free = lru_cache(maxsize=_KEPT)(lambda node: frozenset(node.free_symbols))


@lru_cache(maxsize=_KEPT)
def _rule(kind: type) -> Rule:
    return next((rule for kinds, rule in _RULES if issubclass(kind, kinds)), Witness._by_meaning)


def _of_parts(gather: Callable[[list[Any]], Any]) -> Rule:
    """Return the rule of what is computed from the values of its parts."""
    return lambda witness, node, scope: gather([witness.at(part, scope) for part in node.args])


def _of_real(function: Callable[..., Any]) -> Rule:
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


def _log(values: list[Any]) -> Any:
    (argument,) = values
    if MP.isnan(argument):
        return MP.inf
    if argument == MP.inf or argument < -(MP.mpf(10) ** (-MP.dps // 2)):  # rounding explains a smaller one
        raise Undefined("a logarithm of a number that is not positive")
    return MP.log(abs(argument)) if argument else -MP.inf


def _largest(values: list[Any]) -> Any:
    if not values:
        raise Undefined("the largest of no entries")
    return max(map(_finite, values))


def _exp(exponent: Any) -> Any:
    if abs(exponent) > _MAX_EXPONENT:
        raise TooLarge("an exponential too large to compute")
    return MP.exp(exponent)


_RULES: tuple[tuple[Any, Rule], ...] = (
    (sp.Rational, lambda witness, node, scope: exact(node)),
    (Symbol, Witness._symbol),
    (sp.Indexed, Witness._element),
    (sp.Sum, lambda *asked: _added(Witness._over(*asked))),
    (sp.Product, lambda *asked: _multiplied(Witness._over(*asked))),
    (sp.Add, _of_parts(_added)),
    (sp.Mul, _of_parts(_multiplied)),
    ((type(sp.E), type(sp.pi)), lambda witness, node, scope: +(MP.e if node == sp.E else MP.pi)),
    (sp.Pow, Witness._power),
    (sp.log, _of_parts(_log)),
    (sp.exp, _of_real(_exp)),
    (sp.Abs, _of_real(abs)),
    (sp.Max, _of_real(max)),
    (sp.Min, _of_real(min)),
    (Largest, lambda *asked: _largest(Witness._over(*asked))),
    (sp.Piecewise, Witness._piecewise),
    (sp.KroneckerDelta, Witness._delta),
    (AppliedUndef, Witness._undefined),
)
