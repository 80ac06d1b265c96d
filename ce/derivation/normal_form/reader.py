"""Reading a SymPy expression into the normal form of a world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from sympy import (
    Abs,
    Add,
    E,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    pi,
    sympify,
)  # fmt: skip
from sympy.core.expr import Expr
from sympy.core.function import AppliedUndef

from ce.derivation.assumptions import World
from ce.derivation.errors import Unreadable
from ce.derivation.normal_form.facts import Facts
from ce.derivation.normal_form.summation import FIRST_FRESH
from ce.derivation.normal_form.terms import (
    Atom,
    Frozen,
    Index,
    Polynomial,
    add,
    constant,
    frozen,
    indices_of,
    of_atom,
    scale,
    single,
    thawed,
)
from ce.derivation.signs import nonnegative
from ce.formulas.functions import Node

__all__ = ["Doubt", "Reader"]

Scope = Mapping[Symbol, Index]
Doubt: TypeAlias = tuple[bool, Frozen]


class Reader(Facts):
    """The normal form of expressions in one world; ``read`` is its way in."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._doubts: set[Doubt] = set()
        expressions = [thing for thing in world.positive if not isinstance(thing, IndexedBase | Symbol)]
        for symbol, (low, high) in world.intervals.items():
            expressions += [symbol - low] if sympify(low).is_finite else []
            expressions += [high - symbol] if sympify(high).is_finite else []
        for size, least in world.at_least.items():
            expressions += [size - smaller for smaller in range(1, least)]
        self.positive_polynomials = frozenset(
            frozen(self.primitive(self.read(item), signed=False)[1]) for item in expressions
        )
        self._nonzero: set[Doubt] = set()
        for item in world.nonzero:
            self._doubts = set()
            self._doubt(self.read(item), signed=False)
            self._nonzero |= self._doubts

    def domain(self, expression: Expr) -> frozenset[Doubt]:
        """Return what has to hold, and is not known to, for an expression to have a value.

        Each is a polynomial that must not vanish or, where the first of the pair says so, not be negative;
        one with a summation index must do so for all its values.
        """
        self._doubts = set()
        self.read(expression)
        return frozenset(self._doubts - self._nonzero)

    def _doubt(self, polynomial: Polynomial, *, signed: bool) -> None:
        """Note that a polynomial must not vanish or, if signed, not be negative, unless that is known.

        A symbol or an element by itself needs no note: where it may be 0, it is so at one of the points.
        """
        content, rest = self.primitive(polynomial, signed=True)
        ((monomial, coefficient),) = content.items()
        factors = [(of_atom(atom), power) for atom, power in monomial]
        sign, unknown = (1 if coefficient > 0 else -1), []
        for factor, power in [*factors, (rest, Fraction(1))]:
            whole = thawed(atom[1]) if (atom := _only_atom(factor))[0] == "poly" else factor
            even = power.denominator == 1 and power.numerator % 2 == 0
            if self.is_positive_polynomial(scale(whole, -1)):
                sign *= 1 if even else -1
            elif not self.is_positive_polynomial(whole):
                known = even or self.is_nonnegative(atom, power)
                if not (known if signed else atom[0] in ("sym", "elem")):
                    unknown.append(whole)
        if signed:
            unknown = [polynomial] if unknown or sign < 0 else []
        for factor in unknown:
            bound = sorted({index for monomial in factor for atom, _ in monomial for index in indices_of(atom)
                            if index[0] == "bound" and index[1] >= FIRST_FRESH})  # fmt: skip
            names = {index: ("bound", place, index[2]) for place, index in enumerate(bound)}
            renamed = add(scale(self.substitute(part, names), c) for part, c in factor.items())
            if len(renamed) > 1:
                _, renamed = self.primitive(renamed, signed=not signed)
            self._doubts.add((signed, frozen(renamed)))

    def read(self, expression: Expr, scope: Scope | None = None) -> Polynomial:
        """Return the normal form of an expression; ``scope`` says what its bound symbols stand for.

        Raises
        ------
        Unreadable
            For a node without a rule; the message names it.
        """
        scope = scope or {}
        for kind, rule in _RULES:
            if isinstance(expression, kind):
                return rule(self, expression, scope)
        if isinstance(expression, Node):
            try:
                return self.read(expression.meaning(), scope)
            except NotImplementedError:
                pass
        raise Unreadable(f"no rule for {type(expression).__name__} in {expression}")

    def _read_rational(self, number: Rational, scope: Scope) -> Polynomial:
        return constant(Fraction(int(number.p), int(number.q)))

    def _read_symbol(self, symbol: Symbol, scope: Scope) -> Polynomial:
        if symbol in scope:
            return self.number(scope[symbol])
        if symbol in self.world.define:
            return self.read(self.world.define[symbol])
        if symbol in self._fixed:
            return constant(self._fixed[symbol])
        if not symbol.is_real:
            raise Unreadable(
                f"expected a real symbol, got {symbol}; declare Symbol({symbol.name!r}, real=True)"
            )
        return of_atom(("sym", self.known("sym", symbol)))

    def _read_element(self, element: Indexed, scope: Scope) -> Polynomial:
        base, indices = element.base, tuple(self.index(index, scope) for index in element.indices)
        defined = self.world.defined_bases.get(base)
        if defined:
            pattern, body = defined
            if len(pattern) != len(indices):
                raise Unreadable(f"{base} is defined with {len(pattern)} index(es), got {element}")
            return self.read(body, dict(zip(pattern, indices, strict=True)))
        if base in self.world.one_hot:
            return self._read_one_hot(self.world.one_hot[base], indices, scope)
        if base in self.world.values and indices[0][0] == "int":
            numbers = self.world.values[base]
            if not 1 <= indices[0][1] <= len(numbers):
                raise Unreadable(f"{element} is outside 1..{len(numbers)}")
            return self._read_rational(Rational(numbers[indices[0][1] - 1]), scope)
        if not element.is_real:
            raise Unreadable(
                f"expected a real base, got {base}; declare IndexedBase({str(base)!r}, real=True)"
            )
        self.world.shape(base, len(indices))
        return of_atom(("elem", self.known("elem", base), indices))

    def _read_one_hot(self, hot: Any, indices: tuple[Index, ...], scope: Scope) -> Polynomial:
        if isinstance(hot, IndexedBase):
            return self.delta(("elem", self.known("elem", hot), indices[:-1]), indices[-1])
        return self.delta(self.index(hot, {}), indices[-1])

    def index(self, index: Expr, scope: Scope) -> Index:
        """Return the index that a SymPy expression in index position stands for."""
        if isinstance(index, Integer):
            return ("int", int(index))
        if isinstance(index, Symbol) and index in self.world.define and index not in scope:
            raise Unreadable(
                f"{index} is an abbreviation and cannot be an index; write {self.world.define[index]}"
            )
        if isinstance(index, Symbol):
            return scope.get(index) or ("sym", self.known("sym", index))
        if isinstance(index, Indexed) and index.base in self.world.labels:
            inner = tuple(self.index(part, scope) for part in index.indices)
            return ("elem", self.known("elem", index.base), inner)
        raise Unreadable(f"expected an index such as k, 3 or a declared label x[n], got {index}")

    def _read_sum(self, node: Sum, scope: Scope) -> Polynomial:
        return self._over(node, scope, lambda inner: self.read(node.function, inner), self.sum_over)

    def _read_product(self, node: Product, scope: Scope) -> Polynomial:
        """Read a product of factors >= 0 as the exponential of the sum of their logarithms."""

        def logarithm(inner: Scope) -> Polynomial:
            factor = self.read(node.function, inner)
            if not self._is_nonnegative_polynomial(factor):
                raise Unreadable(f"a product is read for factors known to be >= 0, got {node.function}")
            return self.log(factor)

        return self.exp(self._over(node, scope, logarithm, self.sum_over))

    def _over(
        self, node: Sum | Product, scope: Scope, body: Callable[[Scope], Polynomial],
        gather: Callable[[tuple[Index, ...], Polynomial], Polynomial],
    ) -> Polynomial:  # fmt: skip
        fresh: list[Index] = []
        written_out: list[tuple[Symbol, int]] = []
        inner = dict(scope)
        for symbol, low, high in reversed(node.limits):  # the last limit is the outermost
            last = self._fixed.get(high, high)
            if last in self.world.define:
                raise Unreadable(
                    f"{last} is an abbreviation and cannot bound a sum; write {self.world.define[last]}"
                )
            whole = isinstance(last, int | Integer) or (
                isinstance(last, Symbol) and last.is_integer and last.is_positive
            )
            if low != 1 or not whole or last in inner or any(last == limit[0] for limit in node.limits):
                raise Unreadable(f"expected a sum over 1, …, size, got {symbol} = {low}, …, {high}")
            if isinstance(last, Symbol):
                fresh.append(self.fresh(self._size(last)))
                inner[symbol] = fresh[-1]
            else:
                written_out.append((symbol, int(last)))
        terms = [inner]
        for symbol, last in written_out:
            terms = [{**scope_, symbol: ("int", at)} for scope_ in terms for at in range(1, last + 1)]
        return gather(tuple(fresh), add(body(term) for term in terms))

    def _read_add(self, node: Add, scope: Scope) -> Polynomial:
        return add(self.read(term, scope) for term in node.args)

    def _read_mul(self, node: Mul, scope: Scope) -> Polynomial:
        result = constant(1)
        for factor in node.args:
            result = self.multiply(result, self.read(factor, scope))
        return result

    def _read_pow(self, node: Pow, scope: Scope) -> Polynomial:
        base = self.read(node.base, scope)
        if base and not nonnegative(node.exp, self.world):
            self._doubt(base, signed=False)
        if isinstance(node.exp, Rational):
            return self.power(base, Fraction(int(node.exp.p), int(node.exp.q)))
        exponent = self.read(node.exp, scope)
        if not self._is_nonnegative_polynomial(base):
            raise Unreadable(f"expected a base >= 0 under the exponent {node.exp}, got {node.base}")
        return self.exp(self.multiply(exponent, self.log(base)))

    def _is_nonnegative_polynomial(self, polynomial: Polynomial) -> bool:
        if self.is_positive_polynomial(polynomial):
            return True
        _, rest = self.primitive(polynomial, signed=False)
        return all(
            coefficient > 0 and all(self.is_nonnegative(atom, power) for atom, power in monomial)
            for monomial, coefficient in rest.items()
        ) or self.is_positive_polynomial(rest)

    def _read_log(self, node: log, scope: Scope) -> Polynomial:
        argument = node.args[0]
        if not nonnegative(argument, self.world) and (whole := self.read(argument, scope)):
            self._doubt(whole, signed=True)
        if isinstance(argument, Mul):  # take it apart before it is distributed, where the signs allow
            factors = [self.read(factor, scope) for factor in argument.args]
            if all(self._is_nonnegative_polynomial(factor) for factor in factors):
                return add(self.log(factor) for factor in factors)
        if isinstance(argument, Pow):
            base = self.read(argument.base, scope)
            if self.is_positive_polynomial(base):
                return self.multiply(self.read(argument.exp, scope), self.log(base))
        return self.log(self.read(argument, scope))

    def _read_exp(self, node: exp, scope: Scope) -> Polynomial:
        return self.exp(self.read(node.args[0], scope))

    def _read_delta(self, node: KroneckerDelta, scope: Scope) -> Polynomial:
        return self.delta(*(self.index(part, scope) for part in node.args[:2]))

    def _read_constant(self, node: Expr, scope: Scope) -> Polynomial:
        return of_atom(("const", str(node)))

    def _read_undefined(self, node: AppliedUndef, scope: Scope) -> Polynomial:
        if not any(type(node) in pair for pair in self.world.slopes.items()):
            raise Unreadable(f"expected a function whose slope the world names, got {node}")
        if len(node.args) != 1:
            raise Unreadable(f"a function that stands for any has one argument, got {node}")
        return of_atom(
            ("fun", self.known("fun", type(node)), tuple(frozen(self.read(a, scope)) for a in node.args))
        )

    def _read_abs(self, node: Abs, scope: Scope) -> Polynomial:
        argument = self.read(node.args[0], scope)
        term = single(argument)
        if term is None:
            if self.is_positive_polynomial(argument):
                return argument
            return of_atom(("fun", "Abs", (frozen(argument),)))
        result = constant(abs(term[1]))  # |x y| = |x| |y|
        for atom, power in term[0]:
            if self.is_nonnegative(atom, power):
                factor = self.power(of_atom(atom), power)
            else:
                factor = self.power(of_atom(("fun", "Abs", (frozen(of_atom(atom)),))), power)
            result = self.multiply(result, factor)
        return result


def _only_atom(polynomial: Polynomial) -> Atom:
    """Return the atom that a polynomial is, an empty one when it is more."""
    term = single(polynomial)
    return term[0][0][0] if term and len(term[0]) == 1 and term[0][0][1] == 1 else ("",)


_RULES: tuple[tuple[Any, Callable[..., Polynomial]], ...] = (
    (Rational, Reader._read_rational), (Symbol, Reader._read_symbol), (Indexed, Reader._read_element),
    (Sum, Reader._read_sum), (Product, Reader._read_product), (Add, Reader._read_add),
    (Mul, Reader._read_mul), (type(E), Reader._read_constant), (type(pi), Reader._read_constant),
    (Pow, Reader._read_pow), (log, Reader._read_log), (exp, Reader._read_exp),
    (KroneckerDelta, Reader._read_delta), (Abs, Reader._read_abs), (AppliedUndef, Reader._read_undefined),
)  # fmt: skip
