"""Reading a SymPy expression into the normal form of a world, and writing it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from typing import Any, TypeAlias

import sympy as sp
from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef

from ce.derivation.assumptions import World
from ce.derivation.normal_form.algebra import ONE, Algebra
from ce.derivation.normal_form.facts import Facts
from ce.derivation.normal_form.summation import Indices, places, summed
from ce.derivation.normal_form.terms import Atom, Frozen, Polynomial, made, total
from ce.derivation.signs import nonnegative, positive
from ce.derivation.verdict import Unreadable
from ce.formulas.functions import Node
from ce.formulas.names import unsigned
from ce.formulas.operators import Expectation, Largest, LogGap

_MAX_KEPT = 500  # readings of expressions

Scope: TypeAlias = Mapping[Symbol, Atom]
"""What the bound symbols of an expression stand for."""
Doubt: TypeAlias = tuple[bool, tuple[Frozen, ...]]
"""A polynomial that must be, and is not known to be, >= 0 if the first says so, else not 0, and behind it, where."""


class Reader:
    """The normal form of expressions in one world; ``read`` is its way in, and ``write`` the way back.

    Nothing declared is used to read what is declared; then it is known.
    """

    def __init__(self, world: World) -> None:
        self.world, self.facts = world, Facts(world)
        self.algebra = Algebra(self.facts, summed)
        self._doubts: set[Doubt] = set()
        self._inside: tuple[Polynomial, ...] = ()  # where what is read has to have a value
        self._indices: dict[Atom, Symbol] = {}
        self._kept: dict[Expr, tuple[Polynomial, frozenset[Doubt]]] = {}
        declared = [thing for thing in world.positive if not isinstance(thing, sp.IndexedBase | Symbol)]
        for symbol, ends in world.intervals.items():
            declared += [sign * (symbol - end) for sign, end in zip((1, -1), ends, strict=True) if abs(end) != sp.oo]
        parts = (self.algebra.primitive(self.read(item), signed=False) for item in declared)
        self.facts.positive = frozenset(rest.frozen for _, rest in parts)
        zeros = (zero for item in world.nonzero for zero in self.algebra.zeros(self.read(item)))
        self.facts.nonzero = frozenset(self.algebra.canonical(zero, signed=True)[0] for zero in zeros)
        self._kept.clear()  # read while less was known

    def domain(self, expression: Expr) -> frozenset[Doubt]:
        """Return what has to hold, and is not known to, for an expression to have a value.

        Of a polynomial with a summation index it has to hold for all values of the index.
        """
        self.read(expression)
        return self._kept[expression][1]

    def read(self, expression: Expr, scope: Scope | None = None) -> Polynomial:
        """Return the normal form of an expression; a node without a rule makes it Unreadable, and is named."""
        if scope:
            return self._read(expression, scope)
        if expression not in self._kept:  # a line is the end of one step and the beginning of the next
            if len(self._kept) >= _MAX_KEPT:
                self._kept.clear()
            outside, self._doubts, inside, self._inside = self._doubts, set(), self._inside, ()
            self._kept[expression] = self._read(expression, {}), frozenset(self._doubts)
            self._doubts, self._inside = outside, inside
        polynomial, doubts = self._kept[expression]
        around = self.algebra.canonical(*self._inside, signed=True) if self._inside and doubts else ()
        self._doubts |= {(signed, doubt + around) for signed, doubt in doubts}
        return polynomial

    @contextmanager
    def _where(self, *what: Polynomial) -> Iterator[None]:
        """Read where something holds: a doubt there is another one than elsewhere."""
        outside, self._inside = self._inside, (*self._inside, *what)
        try:
            yield
        finally:  # also where something in it cannot be read
            self._inside = outside

    def _read(self, expression: Expr, scope: Scope) -> Polynomial:
        if isinstance(expression, sp.Sum | sp.Product | Expectation):
            expression = expression.xreplace(unsigned(expression))
        for kind, rule in _RULES:
            if isinstance(expression, kind):
                return rule(self, expression, scope)
        if isinstance(expression, LogGap):  # x cancels in log x/x
            self._doubts |= set(map(self._doubt, self._zeros(expression.args[1:], scope)))
        if isinstance(expression, Node) and expression.has_meaning:
            if not isinstance(expression, Expectation):  # whose meaning is not evaluated: in others, parts may cancel
                self._parts(expression, scope)
            return self.read(expression.meaning(), scope)
        raise Unreadable(f"no rule for {type(expression).__name__} in {expression}")

    def _parts(self, node: Expr, scope: Scope) -> list[Polynomial]:
        return [self.read(part, scope) for part in node.args]

    def _symbol(self, symbol: Symbol, scope: Scope) -> Polynomial:
        if symbol not in scope and symbol in self.world.define:
            return self.read(self.world.define[symbol])
        if symbol not in scope and not symbol.is_real:
            raise Unreadable(f"expected a real symbol, got {symbol}; declare Symbol({symbol.name!r}, real=True)")
        return self.index(symbol, scope).as_number()

    def index(self, index: Expr, scope: Scope) -> Atom:
        """Return the index that a SymPy expression in index position stands for."""
        number, rest = index.as_coeff_Add()
        if index.is_Integer:
            return Atom.whole(int(index))
        if number.is_Integer and number:
            return self.index(rest, scope).shifted(int(number))
        if index in scope:
            return scope[index]
        if index in self.world.define:
            raise Unreadable(f"{index} is an abbreviation and cannot be an index or bound a sum")
        if index in self.world.fixed:
            return Atom.whole(self.world.fixed[index])
        if isinstance(index, Symbol):
            return Atom("sym", self.facts.named("sym", index))
        if isinstance(index, sp.Indexed) and index.base in self.world.labels:
            return Atom("elem", self.facts.named("elem", index.base), indices=self._places(index.indices, scope))
        raise Unreadable(f"expected an index such as k, 3, k + 1 or a declared label x[n], got {index}")

    def _places(self, indices: Iterable[Expr], scope: Scope) -> Indices:
        return tuple(self.index(index, scope) for index in indices)

    def _element(self, element: sp.Indexed, scope: Scope) -> Polynomial:
        base, indices = element.base, self._places(element.indices, scope)
        for index, size in zip(indices, self.world.shape(base, len(indices)), strict=True):
            counted, offset = index.parts  # what is added to a summation index, the points show
            own = counted if counted and counted.is_fresh else index
            if base not in self.world.one_hot and not self.facts.in_range(own, self.facts.size(size)):
                ends = index.as_number(), Atom("bound", self.facts.size(size)).last.as_number()
                self._not_negative(ends[1] - ends[0] if offset >= 0 else ends[0] - ONE)
        if base in self.world.defined_bases:
            pattern, body = self.world.defined_bases[base]
            return self.read(body, dict(zip(pattern, indices, strict=True)))
        if base in self.world.values and indices[0].kind == "int":
            numbers, at = self.world.values[base], indices[0].number
            if not 1 <= at <= len(numbers):
                raise Unreadable(f"{element} is outside 1..{len(numbers)}")
            return Polynomial.number(Fraction(sp.Rational(numbers[at - 1])))
        if not element.is_real:
            raise Unreadable(f"expected a real base, got {base}; declare IndexedBase({str(base)!r}, real=True)")
        return Polynomial.of(Atom("elem", self.facts.named("elem", base), indices=indices))

    def _product(self, node: sp.Product, scope: Scope) -> Polynomial:
        """Read a product of factors >= 0 as the exponential of the sum of their logarithms."""

        def logarithm(inner: Scope) -> Polynomial:
            factor = self.read(node.function, inner)
            if not self.algebra.is_nonnegative(factor):
                raise Unreadable(f"a product is read for factors known to be >= 0, got {node.function}")
            return self.algebra.log(factor)

        return self.algebra.exp(self._over(node, scope, logarithm))

    def _over(self, node: Any, scope: Scope, body: Callable[[Scope], Polynomial]) -> Polynomial:
        *rest, (symbol, low, high) = node.limits  # the last limit is the outermost
        inside = partial(self._over, node.func(node.function, *rest), body=body) if rest else body
        from_one = all(symbol not in part.free_symbols for part in node.args[0].atoms(sp.Indexed, sp.KroneckerDelta))
        ends = self.index(low, scope), self.index(high, scope)
        parts, found = [*places(self.algebra, *ends, from_one=from_one)], []
        partial_sum = any(weight != ONE for _, _, weight in parts)  # not all that is read here is a term of it
        for at, over, times in parts:
            outside = set(self._doubts)
            with self._where(*(index.as_number() for index in (at, *ends) if partial_sum)):
                term = inside({**scope, symbol: at})
            self._doubts = outside if times == ONE * -1 else self._doubts  # a term that is taken away needs no value
            found.append(summed(self.algebra, over, self.algebra.multiply(times, term)))
        return total(found)

    def _pow(self, node: sp.Pow, scope: Scope) -> Polynomial:
        base, exponent, world = self.read(node.base, scope), node.exp, self.world.binding(*scope)
        if base and not nonnegative(exponent, world):
            self._doubts |= set(map(self._doubt, self.algebra.zeros(base)))
        if isinstance(exponent, sp.Rational):
            if base and exponent.q > 1 and not nonnegative(node.base, world):
                self._not_negative(base)
            return self.algebra.power(base, Fraction(exponent))
        if not base:
            raise Unreadable(f"expected a base other than 0 under the exponent {exponent}")
        return self.algebra.raised(base, self.read(exponent, scope), known=nonnegative(node.base, world))

    def _mul(self, node: sp.Mul, scope: Scope) -> Polynomial:
        powers = (part.as_base_exp() for part in node.args if not part.has(sp.log))
        beside = {base for base, power in powers if power.is_positive}
        return self.algebra.multiply(*(self._beside(beside, part, scope) for part in node.args))

    def _beside(self, beside: set[Expr], part: Expr, scope: Scope) -> Polynomial:
        terms = [term.as_coeff_Mul(rational=True) for term in sp.Add.make_args(part)]
        logs = [one for _, one in terms if isinstance(one, sp.log) and (len(terms) == 1 or one.has(*beside))]
        if len(logs) != 1:  # of several, one infinite value may be less another
            with self._where(*self._zeros(beside if part.has(sp.log) else (), scope)):
                return self.read(part, scope)
        read = lambda one: self._log(one, scope, beside) if one in logs else self.read(one, scope)  # noqa: E731
        return total(read(one) * Fraction(number) for number, one in terms)

    def _log(self, node: sp.log, scope: Scope, beside: Iterable[Expr] = ()) -> Polynomial:
        """Read a logarithm; what stands ``beside`` it as a factor may be 0: 0 log 0 = 0 = 0 log 1/0."""
        argument, world = node.args[0], self.world.binding(*scope)
        factors = [factor.as_base_exp() for factor in sp.Mul.make_args(argument)]
        outside, self._doubts = self._doubts, set()
        if positive(argument, world) or not (inside := self.read(argument, scope)):
            self._doubts |= outside
            return self._taken_apart(argument, scope)
        known, excused = [self.read(base, scope) for base in beside], (set[Doubt](), set[Doubt]())
        whole, self._doubts = self._doubts, set()
        for base, power in factors:
            read, _ = self.read(base, scope), self.read(power, scope)  # which have a value, whatever is beside
            zeros = self.algebra.zeros(read) if read else []
            excused[bool(power.is_negative)].update(map(self._doubt, zeros if power.is_Rational else ()))
            if not (power.is_Rational and (base in beside or read in known)):
                with self._where(*self._zeros(beside, scope)):
                    self._doubts |= set(map(self._doubt, zeros))
        if not nonnegative(argument, world):
            self._not_negative(inside)
        outside, self._doubts = outside | self._doubts | (whole - (excused[0] ^ excused[1])), set()  # not 0/0
        found = self._taken_apart(argument, scope)
        self._doubts = outside | {doubt for doubt in self._doubts if doubt[0]}
        return found

    def _taken_apart(self, argument: Expr, scope: Scope) -> Polynomial:
        if isinstance(argument, sp.Mul):  # take it apart before it is distributed, where the signs allow
            factors = self._parts(argument, scope)
            if all(map(self.algebra.is_nonnegative, factors)):
                return total(map(self.algebra.log, factors))
        if isinstance(argument, sp.Pow):
            base = self.read(argument.base, scope)
            if self.facts.sign_of(base) == 2:
                return self.algebra.multiply(self.read(argument.exp, scope), self.algebra.log(base))
        return self.algebra.log(self.read(argument, scope))

    def _not_negative(self, polynomial: Polynomial) -> None:
        """Doubt that a polynomial is negative nowhere."""
        if not self.algebra.is_nonnegative(polynomial):
            self._doubts.add(self._doubt(polynomial, signed=True))

    def _doubt(self, factor: Polynomial, *, signed: bool = False) -> Doubt:
        return signed, self.algebra.canonical(factor, *self._inside, signed=not signed)

    def _zeros(self, factors: Iterable[Expr], scope: Scope) -> list[Polynomial]:
        """Return what is 0 where one of some factors is, and may be."""
        read = (self.read(factor, scope) for factor in sorted(factors, key=str))
        return [zero for one in read if one for zero in self.algebra.zeros(one)]

    def _abs(self, node: sp.Abs, scope: Scope) -> Polynomial:
        factors = sp.Mul.make_args(node.args[0])  # |x y| = |x| |y|, before it is distributed
        return self.algebra.multiply(*(self.algebra.absolute(self.read(factor, scope)) for factor in factors))

    def _extreme(self, node: sp.Max | sp.Min, scope: Scope) -> Polynomial:
        self._parts(node, scope)  # each has a value, also what is gone from (a + b + |a − b|) / 2
        return self.read(node.rewrite(sp.Abs), scope)

    def _largest(self, node: Largest, scope: Scope) -> Polynomial:
        """Read a maximum as a function of its family, which is told by the sum of a mark on each entry."""
        if not positive(node.args[2], self.world):
            raise Unreadable(f"{node} may be the largest of no entries; say in at_least how many there are")
        mark = lambda inner: self._applied(_ENTRY, self.read(node.args[0], inner))  # noqa: E731
        return self._applied(_LARGEST, self._over(node, scope, mark))

    def _applied(self, function: Any, *arguments: Polynomial) -> Polynomial:
        return made("fun", *arguments, name=self.facts.named("fun", function))

    def _undefined(self, node: AppliedUndef, scope: Scope) -> Polynomial:
        _, orders = self.world.origins.get(type(node), (None, ()))
        if len(node.args) != len(orders):
            raise Unreadable(f"expected a function whose slopes, one by each argument, are named, got {node}")
        return self._applied(type(node), *self._parts(node, scope))

    def write(self, polynomial: Polynomial) -> Expr:
        """Return the SymPy expression of a polynomial; an index is written alike in all of them."""
        terms = []
        for monomial, number in sorted(polynomial.items()):
            factors = (sp.Pow(self._written(atom), sp.Rational(power)) for atom, power in monomial)
            terms.append(sp.Mul(sp.Rational(number), *factors))
        return sp.Add(*terms)

    def _written(self, atom: Atom) -> Expr:
        inner = [self.write(Polynomial(terms)) for terms in atom.inner]
        if atom.kind == "fun":
            return self.facts.things["fun", atom.name](*inner)
        if atom.kind not in _WRITTEN:
            return self._place(atom)
        places = [self._place(index) for index in atom.indices]
        if atom.kind == "sum":
            places = [(place, 1, self._place(index.last)) for place, index in zip(places, atom.indices, strict=True)]
        return _WRITTEN[atom.kind](*inner, *places)

    def _place(self, index: Atom) -> Expr:
        match index:
            case Atom("int"):
                return sp.Integer(index.number)
            case Atom("sym"):
                return self.facts.things["sym", index.name]
            case Atom("elem"):
                return self.facts.things["elem", index.name][tuple(map(self._place, index.indices))]
            case Atom("shift", indices=(base,)):
                return self._place(base) + index.number
        return self._indices.setdefault(index, sp.Dummy(f"i{index.number}", integer=True, positive=True))


_ENTRY, _LARGEST = sp.Function("entry of a maximum"), sp.Function("maximum of entries")
_RULES: tuple[tuple[Any, Callable[[Reader, Any, Scope], Polynomial]], ...] = (
    (sp.Rational, lambda reader, node, scope: Polynomial.number(Fraction(node))),
    (Symbol, Reader._symbol),
    (sp.Indexed, Reader._element),
    (sp.Sum, lambda reader, node, scope: reader._over(node, scope, lambda inner: reader.read(node.function, inner))),
    (sp.Product, Reader._product),
    (sp.Add, lambda reader, node, scope: total(reader._parts(node, scope))),
    (sp.Mul, Reader._mul),
    (type(sp.E), lambda reader, node, scope: reader.algebra.exp(ONE)),
    (type(sp.pi), lambda reader, node, scope: Polynomial.of(Atom("pi"))),
    (sp.Pow, Reader._pow),
    (sp.log, Reader._log),
    (sp.exp, lambda reader, node, scope: reader.algebra.exp(*reader._parts(node, scope))),
    (sp.KroneckerDelta, lambda reader, node, scope: reader.algebra.delta(*reader._places(node.args[:2], scope))),
    (sp.Abs, Reader._abs),
    ((sp.Max, sp.Min), Reader._extreme),
    (Largest, Reader._largest),
    (AppliedUndef, Reader._undefined),
)
_WRITTEN: dict[str, Callable[..., Expr]] = {
    "pi": lambda: sp.pi,
    "poly": lambda terms: terms,
    "log": sp.log,
    "exp": sp.exp,
    "raised": sp.Pow,
    "sum": sp.Sum,
    "delta": sp.KroneckerDelta,
    "ordered": lambda first, second: sp.Piecewise((1, first <= second), (0, True)),
}
