"""Reading a SymPy expression into the normal form of a world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import sympy as sp
from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef

from ce.derivation.assumptions import World
from ce.derivation.errors import Unreadable
from ce.derivation.normal_form.algebra import Algebra
from ce.derivation.normal_form.atoms import Applied, Bound, Constant, Element, Index, Name, Whole, shifted
from ce.derivation.normal_form.domain import Doubt, may_be_negative, may_be_zero, zeros
from ce.derivation.normal_form.facts import Facts
from ce.derivation.normal_form.polynomial import Polynomial, as_number, total
from ce.derivation.normal_form.ranges import places
from ce.derivation.normal_form.summation import replaced, summed
from ce.derivation.signs import nonnegative, positive
from ce.formulas.functions import Node
from ce.formulas.operators import Largest

__all__ = ["Doubt", "Reader"]

_MAX_KEPT = 500  # readings of expressions

Scope: TypeAlias = Mapping[Symbol, Index]
"""What the bound symbols of an expression stand for."""


class Reader:
    """The normal form of expressions in one world; ``read`` is its way in.

    Nothing declared is used to read what is declared; then it is known.
    """

    def __init__(self, world: World) -> None:
        self.world, self.facts = world, Facts(world)
        self.algebra = Algebra(self.facts, replaced)
        self._doubts: set[Doubt] = set()
        self._kept: dict[Expr, tuple[Polynomial, frozenset[Doubt]]] = {}
        declared = [thing for thing in world.positive if not isinstance(thing, sp.IndexedBase | Symbol)]
        for symbol, (low, high) in world.intervals.items():
            declared += [symbol - low] if sp.sympify(low).is_finite else []
            declared += [high - symbol] if sp.sympify(high).is_finite else []
        self.facts.positive = frozenset(
            self.algebra.primitive(self.read(item), signed=False)[1].frozen for item in declared
        )
        self.facts.nonzero = frozenset(
            factor for item in world.nonzero for factor in zeros(self.algebra, self.read(item))
        )
        self._kept.clear()  # read while less was known

    def domain(self, expression: Expr) -> frozenset[Doubt]:
        """Return what has to hold, and is not known to, for an expression to have a value.

        Of a polynomial with a summation index it has to hold for all values of the index.
        """
        self._doubts = set()
        self.read(expression)
        return frozenset(self._doubts)

    def vanishes(self, polynomial: Polynomial) -> bool:
        """Return whether a polynomial is seen to be 0."""
        return self.algebra.vanishes(polynomial)

    def read(self, expression: Expr, scope: Scope | None = None) -> Polynomial:
        """Return the normal form of an expression.

        Raises
        ------
        Unreadable
            For a node without a rule; the message names it.
        """
        if scope:
            return self._read(expression, scope)
        if expression not in self._kept:  # a line is the end of one step and the beginning of the next
            if len(self._kept) >= _MAX_KEPT:
                self._kept.clear()
            outside, self._doubts = self._doubts, set()
            try:
                self._kept[expression] = self._read(expression, {}), frozenset(self._doubts)
            finally:
                self._doubts = outside
        polynomial, doubts = self._kept[expression]
        self._doubts |= doubts
        return polynomial

    def _read(self, expression: Expr, scope: Scope) -> Polynomial:
        for kind, rule in _RULES:
            if isinstance(expression, kind):
                return rule(self, expression, scope)
        if isinstance(expression, Node) and expression.has_meaning:
            return self.read(expression.meaning(), scope)
        raise Unreadable(f"no rule for {type(expression).__name__} in {expression}")

    def _rational(self, node: sp.Rational, scope: Scope) -> Polynomial:
        return Polynomial.number(Fraction(int(node.p), int(node.q)))

    def _constant(self, node: Expr, scope: Scope) -> Polynomial:
        return Polynomial.of(Constant("const", str(node)))

    def _symbol(self, symbol: Symbol, scope: Scope) -> Polynomial:
        if symbol in scope:
            return as_number(scope[symbol])
        if symbol in self.world.define:
            return self.read(self.world.define[symbol])
        if symbol in self.world.fixed:
            return Polynomial.number(self.world.fixed[symbol])
        if not symbol.is_real:
            raise Unreadable(f"expected a real symbol, got {symbol}; declare Symbol({symbol.name!r}, real=True)")
        return Polynomial.of(Name("sym", self.facts.named("sym", symbol)))

    # indices

    def index(self, index: Expr, scope: Scope) -> Index:
        """Return the index that a SymPy expression in index position stands for."""
        if isinstance(index, sp.Integer):
            return Whole("int", int(index))
        number, rest = index.as_coeff_Add()
        if number.is_Integer and number:
            return shifted(self.index(rest, scope), int(number))
        if isinstance(index, Symbol) and index in scope:
            return scope[index]
        if index in self.world.define:
            raise Unreadable(
                f"{index} is an abbreviation and cannot be an index or bound a sum; write {self.world.define[index]}"
            )
        if index in self.world.fixed:
            return Whole("int", self.world.fixed[index])
        if isinstance(index, Symbol):
            return Name("sym", self.facts.named("sym", index))
        if isinstance(index, sp.Indexed) and index.base in self.world.labels:
            return self._entry(index.base, tuple(self.index(part, scope) for part in index.indices))
        raise Unreadable(f"expected an index such as k, 3, k + 1 or a declared label x[n], got {index}")

    def _entry(self, base: sp.IndexedBase, indices: tuple[Index, ...]) -> Element:
        return Element("elem", self.facts.named("elem", base), indices)

    def _element(self, element: sp.Indexed, scope: Scope) -> Polynomial:
        base, indices = element.base, tuple(self.index(index, scope) for index in element.indices)
        if base in self.world.defined_bases:
            pattern, body = self.world.defined_bases[base]
            if len(pattern) != len(indices):
                raise Unreadable(f"{base} is defined with {len(pattern)} index(es), got {element}")
            return self.read(body, dict(zip(pattern, indices, strict=True)))
        if base in self.world.one_hot:
            hot = self.world.one_hot[base]
            place = self._entry(hot, indices[:-1]) if isinstance(hot, sp.IndexedBase) else self.index(hot, {})
            return self.algebra.delta(place, indices[-1])
        if base in self.world.values and isinstance(indices[0], Whole):
            numbers, at = self.world.values[base], indices[0].value
            if not 1 <= at <= len(numbers):
                raise Unreadable(f"{element} is outside 1..{len(numbers)}")
            return self._rational(sp.Rational(numbers[at - 1]), scope)
        if not element.is_real:
            raise Unreadable(f"expected a real base, got {base}; declare IndexedBase({str(base)!r}, real=True)")
        self.world.shape(base, len(indices))  # refuses a wrong number of indices
        return Polynomial.of(self._entry(base, indices))

    def _delta(self, node: sp.KroneckerDelta, scope: Scope) -> Polynomial:
        return self.algebra.delta(*(self.index(part, scope) for part in node.args[:2]))

    # sums and products over an index

    def _sum(self, node: sp.Sum, scope: Scope) -> Polynomial:
        return self._over(node, scope, lambda inner: self.read(node.function, inner))

    def _product(self, node: sp.Product, scope: Scope) -> Polynomial:
        """Read a product of factors >= 0 as the exponential of the sum of their logarithms."""

        def logarithm(inner: Scope) -> Polynomial:
            factor = self.read(node.function, inner)
            if not self.algebra.is_nonnegative(factor):
                raise Unreadable(f"a product is read for factors known to be >= 0, got {node.function}")
            return self.algebra.log(factor)

        return self.algebra.exp(self._over(node, scope, logarithm))

    def _over(self, node: Any, scope: Scope, body: Callable[[Scope], Polynomial]) -> Polynomial:
        cases: list[tuple[tuple[Bound, ...], Polynomial, Scope]] = [((), Polynomial.number(1), scope)]
        for symbol, low, high in reversed(node.limits):  # the last limit is the outermost
            places_of = node.function.atoms(sp.Indexed, sp.KroneckerDelta)
            from_one = not any(symbol in place.free_symbols for place in places_of)
            cases = [
                (bound + at.summed, self.algebra.multiply(weight, at.weight), {**inner, symbol: at.place})
                for bound, weight, inner in cases
                for ends in [(self.index(low, inner), self.index(high, inner))]
                for at in places(self.algebra, *ends, from_one=from_one)
            ]
        return total(
            summed(self.algebra, bound, self.algebra.multiply(weight, body(inner))) for bound, weight, inner in cases
        )

    # functions

    def _add(self, node: sp.Add, scope: Scope) -> Polynomial:
        return total(self.read(term, scope) for term in node.args)

    def _mul(self, node: sp.Mul, scope: Scope) -> Polynomial:
        result = Polynomial.number(1)
        for factor in node.args:
            result = self.algebra.multiply(result, self.read(factor, scope))
        return result

    def _pow(self, node: sp.Pow, scope: Scope) -> Polynomial:
        base = self.read(node.base, scope)
        if base and not nonnegative(node.exp, self.world):
            self._doubts |= may_be_zero(self.algebra, base)
        if isinstance(node.exp, sp.Rational):
            if base and node.exp.q > 1 and not nonnegative(node.base, self.world):
                self._doubts |= may_be_negative(self.algebra, base)
            return self.algebra.power(base, Fraction(int(node.exp.p), int(node.exp.q)))
        if not base:
            raise Unreadable(f"expected a base other than 0 under the exponent {node.exp}")
        return self.algebra.raised(base, self.read(node.exp, scope))

    def _log(self, node: sp.log, scope: Scope) -> Polynomial:
        argument = node.args[0]
        if not positive(argument, self.world) and (whole := self.read(argument, scope)):
            # A factor that is never negative because it is a square or |x| may be 0 at a point nobody draws.
            for base, power in (factor.as_base_exp() for factor in sp.Mul.make_args(argument)):
                if power != 1 or isinstance(base, sp.Abs):
                    self._doubts |= may_be_zero(self.algebra, self.read(base, scope))
            if not nonnegative(argument, self.world):
                self._doubts |= may_be_negative(self.algebra, whole)
        if isinstance(argument, sp.Mul):  # take it apart before it is distributed, where the signs allow
            factors = [self.read(factor, scope) for factor in argument.args]
            if all(map(self.algebra.is_nonnegative, factors)):
                return total(map(self.algebra.log, factors))
        if isinstance(argument, sp.Pow):
            base = self.read(argument.base, scope)
            if self.facts.is_positive_polynomial(base):
                return self.algebra.multiply(self.read(argument.exp, scope), self.algebra.log(base))
        return self.algebra.log(self.read(argument, scope))

    def _exp(self, node: sp.exp, scope: Scope) -> Polynomial:
        return self.algebra.exp(self.read(node.args[0], scope))

    def _abs(self, node: sp.Abs, scope: Scope) -> Polynomial:
        result = Polynomial.number(1)
        for factor in sp.Mul.make_args(node.args[0]):  # |x y| = |x| |y|, before it is distributed
            result = self.algebra.multiply(result, self.algebra.absolute(self.read(factor, scope)))
        return result

    def _extreme(self, node: sp.Max | sp.Min, scope: Scope) -> Polynomial:
        return self.read(node.rewrite(sp.Abs), scope)  # max(a, b) = (a + b + |a − b|) / 2

    def _largest(self, node: Largest, scope: Scope) -> Polynomial:
        """Read a maximum as a function of its family, which is told by the sum of a mark on each entry."""
        value, index, size = node.args
        entries = self._over(
            sp.Sum(value, (index, 1, size)), scope, lambda inner: self._applied(_ENTRY, self.read(value, inner))
        )
        return self._applied(_LARGEST, entries)

    def _applied(self, function: Any, *arguments: Polynomial) -> Polynomial:
        name, frozen = self.facts.named("fun", function), tuple(argument.frozen for argument in arguments)
        return Polynomial.of(Applied("fun", name, frozen))

    def _undefined(self, node: AppliedUndef, scope: Scope) -> Polynomial:
        _, orders = self.world.origins.get(type(node), (None, ()))
        if len(node.args) != len(orders):
            raise Unreadable(f"expected a function whose slopes, one by each argument, are named, got {node}")
        return self._applied(type(node), *(self.read(argument, scope) for argument in node.args))


_ENTRY, _LARGEST = sp.Function("entry of a maximum"), sp.Function("maximum of entries")


_RULES: tuple[tuple[Any, Callable[..., Polynomial]], ...] = (
    (sp.Rational, Reader._rational),
    (Symbol, Reader._symbol),
    (sp.Indexed, Reader._element),
    (sp.Sum, Reader._sum),
    (sp.Product, Reader._product),
    (sp.Add, Reader._add),
    (sp.Mul, Reader._mul),
    ((type(sp.E), type(sp.pi)), Reader._constant),
    (sp.Pow, Reader._pow),
    (sp.log, Reader._log),
    (sp.exp, Reader._exp),
    (sp.KroneckerDelta, Reader._delta),
    (sp.Abs, Reader._abs),
    ((sp.Max, sp.Min), Reader._extreme),
    (Largest, Reader._largest),
    (AppliedUndef, Reader._undefined),
)
