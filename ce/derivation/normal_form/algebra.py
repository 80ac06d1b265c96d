"""Products, powers, logarithms, exponentials and derivatives of polynomials, and when one of them is zero.

Every rule holds at all points of the world at which both sides are defined; the ones that need a sign ask for
it. There is no ``force``: a logarithm of a product comes apart only at factors that are known to be >= 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import reduce
from itertools import product
from math import gcd, lcm, prod
from typing import Any, TypeAlias

from sympy import factorint

from ce.derivation.normal_form.facts import Facts
from ce.derivation.normal_form.terms import INDICATORS, MADE, Atom, Frozen, Monomial, Polynomial, made, total, within
from ce.derivation.verdict import Unreadable

_MAX_TERMS = 20_000
_MAX_POWER = 8
_MAX_PRIME = 10**6  # what is left of a number without smaller factors stays whole
_RANK = ("int", "sym", "bound", "elem", "shift")  # the simpler of two indices comes first
ONE = Polynomial.number(1)

Summing: TypeAlias = "Callable[[Algebra, tuple[Atom, ...], Polynomial], Polynomial]"


class Algebra:
    """Polynomials over atoms of one world; the way to sum is given, for it rests on products, and these on it."""

    def __init__(self, facts: Facts, summing: Summing) -> None:
        self.facts, self._summing = facts, summing
        self._roots: dict[Frozen, Polynomial] = {}  # of squares, whose roots are absolute values

    def multiply(self, *factors: Polynomial) -> Polynomial:
        """Return the product, distributed."""
        return reduce(self._distributed, factors, ONE)

    def _distributed(self, left: Polynomial, right: Polynomial) -> Polynomial:
        if ONE in (left, right):
            return right if left == ONE else left
        if len(left) * len(right) > _MAX_TERMS:
            raise Unreadable(f"a product of {len(left)} by {len(right)} terms is too large to write out")
        return total(
            (self._tidy(total((dict(a), dict(b)))) if a and b else Polynomial.product(a or b)) * (x * y)
            for (a, x), (b, y) in product(left.items(), right.items())
        )

    def times(self, polynomial: Polynomial, factor: Monomial) -> Polynomial:
        """Return the product with a monomial; a bracket in it that does not cancel is written out."""
        return polynomial.mapped(lambda own: self._tidy(total((dict(own), dict(factor)))))

    def _tidy(self, powers: Mapping[Any, Fraction]) -> Polynomial:
        """Return the product of powers of atoms, numbers and brackets written out, deltas applied."""
        coefficient, written, kept = Fraction(1), [], {}
        for atom, power in powers.items():
            whole = power.denominator == 1
            if atom.kind == "int" and whole:
                coefficient *= Fraction(atom.number) ** int(power)
            elif atom.kind == "poly" and whole and power > 0:
                written.append(self.power(Polynomial(atom.inner[0]), power))
            else:
                kept[atom] = Fraction(1) if atom.kind in INDICATORS and power > 0 else power
        return self.multiply(self._beside_deltas(kept), *written) * coefficient

    def _beside_deltas(self, powers: dict[Atom, Fraction]) -> Polynomial:
        """Write the simpler of two indices for the other beside their delta: f(s) [s = t] = f(t) [s = t]."""
        for delta in sorted(atom for atom in powers if atom.kind == "delta" and powers[atom] > 0):
            first, second = delta.indices
            rest = tuple(sorted(item for item in powers.items() if item[0] != delta))
            if any(second in within(factor) for factor, _ in rest):
                return self.multiply(Polynomial.of(delta), self.replaced(rest, {second: first}))
        return Polynomial.product(tuple(sorted(powers.items())))

    def delta(self, first: Atom, second: Atom) -> Polynomial:
        """Return the Kronecker delta of two indices, the simpler one first."""
        if first == second:
            return ONE
        if self._apart(first, second) or self._apart(second, first):
            return Polynomial()
        indices = tuple(sorted((first, second), key=lambda index: (_RANK.index(index.kind), index)))
        return Polynomial.of(Atom("delta", indices=indices))

    def ordered(self, first: Atom, second: Atom) -> Polynomial:
        """Return [first ≤ second] for two indices that run from 1 on."""
        (low, a), (high, b) = first.parts, second.parts
        if low == high:
            return ONE if a <= b else Polynomial()
        if a == b or not (low and high):  # what is added to them is taken out
            first, second = low or Atom.whole(a - b), high or Atom.whole(b - a)
        if (first.kind == "int" and first.number <= 1) or self._is_last(second, first):
            return ONE
        if second == Atom.whole(1) or self._is_last(first, second):
            return self.delta(first, second)
        return Polynomial.of(Atom("ordered", indices=(first, second)))

    def _is_last(self, size: Atom, index: Atom) -> bool:
        """Return whether an index is known to be one of 1, …, size."""
        return size.kind == "sym" and self.facts.in_range(index, size.name)

    def _apart(self, first: Atom, second: Atom) -> bool:
        """Return whether two indices are known to differ: two numbers, or one of them is out of range."""
        (low, a), (high, b) = first.parts, second.parts
        if low == high:
            return a != b
        size = self.facts.range_of(first)
        return size is not None and ((high is None and b < 1) or (high == Atom("sym", size) and b > 0))

    def opened(self, sum_: Atom) -> tuple[tuple[Atom, ...], Polynomial]:
        """Return the indices, made fresh, and the body of a sum."""
        indices = tuple(Atom.fresh(index.name) for index in sum_.indices)
        mapping = dict(zip(sum_.indices, indices, strict=True))
        return indices, self.replaced(sum_.inner[0][0][0], mapping)

    def replaced(self, monomial: Monomial, mapping: dict[Atom, Atom]) -> Polynomial:
        """Return a monomial with indices replaced, in normal form again; no index is captured."""
        return self.multiply(*(self.power(self._with(atom, mapping), power) for atom, power in monomial))

    def _with(self, atom: Atom, mapping: dict[Atom, Atom]) -> Polynomial:
        if within(atom).isdisjoint(mapping):  # as it stands
            return _alone(atom)
        if atom.kind == "sum":
            indices, body = self.opened(atom)
            return self._summing(self, indices, body.mapped(lambda part: self.replaced(part, mapping)))
        inner = [Polynomial(terms).mapped(lambda part: self.replaced(part, mapping)) for terms in atom.inner]
        places = [index.moved(mapping) for index in atom.indices]
        if atom.kind in MADE:
            return getattr(self, atom.kind)(*inner, *places)
        if atom.kind == "fun":
            return made("fun", *inner, name=atom.name)
        return inner[0] if atom.kind == "poly" else atom.moved(mapping).as_number()

    def power(self, base: Polynomial, exponent: Fraction) -> Polynomial:
        """Return a polynomial to a rational power."""
        if exponent == 0:
            return ONE
        if not base and exponent > 0:
            return base
        is_whole = exponent.denominator == 1
        if len(base) == 1:
            return self._power_of_term(*next(iter(base.items())), exponent)
        if is_whole and exponent > _MAX_POWER:
            raise Unreadable(f"a power {exponent} of {len(base)} terms is too large to write out")
        if is_whole and exponent > 0:
            return self.multiply(*[base] * int(exponent))
        content, rest = self.primitive(base, signed=is_whole)
        inside = self.power(rest, exponent) if len(rest) == 1 else made("poly", rest, power=exponent)
        return self.multiply(self.power(content, exponent), inside)

    def _power_of_term(self, monomial: Monomial, coefficient: Fraction, exponent: Fraction) -> Polynomial:
        is_whole = exponent.denominator == 1
        signs = (self.facts.sign(atom) >= (1 if power > 0 else 2) for atom, power in monomial)
        signs_known = coefficient > 0 and all(signs)
        hidden_zero = exponent < 0 and any(atom.kind in INDICATORS for atom, _ in monomial)
        if hidden_zero or not (is_whole or signs_known):
            return made("poly", Polynomial({monomial: coefficient}), power=exponent)
        powers = tuple((atom, power * exponent) for atom, power in monomial)
        if is_whole:
            return self._tidy(dict(powers)) * coefficient ** int(exponent)
        primes = {Atom.whole(prime): times * exponent for prime, times in _primes(coefficient)}
        return self._tidy(total((primes, dict(powers))))

    def primitive(self, polynomial: Polynomial, *, signed: bool) -> tuple[Polynomial, Polynomial]:
        """Split off the content: (content, rest) with polynomial = content · rest.

        The content is one term: a positive number times powers of positive atoms; with ``signed``, before a whole
        power, also the sign of the first term and powers of other atoms.
        """
        content, rest = ONE, polynomial
        for _ in range(10):  # cancelling a denominator may bring out a new common factor
            shared = self._common_factor(rest, any_sign=signed)
            if not shared:
                break
            content = self.times(content, shared)
            rest = self.times(rest, tuple((atom, -power) for atom, power in shared))
        if not rest:
            raise Unreadable("a division by zero, or the logarithm of zero")
        coefficients = [rest[key] for key in sorted(rest)]
        number = Fraction(gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients)))
        if signed and coefficients[0] < 0:
            number = -number
        return content * number, rest * (1 / number)

    def _common_factor(self, polynomial: Polynomial, *, any_sign: bool) -> Monomial:
        """Return the lowest powers of the atoms that may be divided out."""
        every = [dict(monomial) for monomial in polynomial]
        lowest = {atom: min(powers.get(atom, Fraction(0)) for powers in every) for atom in sorted(set().union(*every))}
        shared = {atom: power for atom, power in lowest.items() if power and atom.kind not in INDICATORS}
        known = self.facts.sign
        return tuple((atom, n) for atom, n in shared.items() if known(atom) == 2 or (any_sign and n.denominator == 1))

    def is_nonnegative(self, polynomial: Polynomial) -> bool:
        """Return whether a polynomial is known to be >= 0, by itself or by its factors."""
        known = self.facts.sign_of
        if known(polynomial):
            return True
        odd = [factor for factor, power in self._factors(polynomial) if power.denominator != 1 or power % 2]
        return prod(1 if known(factor) else -1 if known(factor * -1) == 2 else 0 for factor in odd) > 0

    def absolute(self, polynomial: Polynomial) -> Polynomial:
        """Return the absolute value, factor by factor: |x| is the root of x²."""

        def size(x: Polynomial) -> Polynomial:
            self._roots[(squared := self.multiply(x, x)).frozen] = x
            return x if self.is_nonnegative(x) else self.power(squared, Fraction(1, 2))

        if self.is_nonnegative(polynomial):
            return polynomial
        return self.multiply(*(self.power(size(factor), power) for factor, power in self._factors(polynomial)))

    def vanishes(self, polynomial: Polynomial) -> bool:
        """Return whether a polynomial is zero, times its denominators, which are not 0 where it has a value."""
        factors = (factor for monomial in polynomial for factor in monomial)
        under = [(atom, n) for atom, n in factors if atom.kind == "poly" and n.denominator == 1 and n < 0]
        if not under:
            return not polynomial
        bracket, power = min(under)
        return self.vanishes(self.times(polynomial, ((bracket, -power),)))

    def zeros(self, polynomial: Polynomial) -> list[Polynomial]:
        """Return the factors of a polynomial that are not known to be other than 0."""
        known, found = self.facts.sign_of, list[Polynomial]()
        for factor in (self._roots.get(factor.frozen, factor) for factor, _ in self._factors(polynomial)):
            if 2 not in (known(factor), known(factor * -1)):
                found += [factor] if factor == polynomial else self.zeros(factor)
        return [factor for factor in found if self.canonical(factor, signed=True)[0] not in self.facts.nonzero]

    def _factors(self, polynomial: Polynomial) -> Iterator[tuple[Polynomial, Fraction]]:
        """Yield the factors of a polynomial and their powers; those of its opposite differ in a number alone."""
        content, rest = (polynomial, ONE) if len(polynomial) == 1 else self.primitive(polynomial, signed=True)
        ((monomial, coefficient),) = content.items()
        yield from ((_alone(atom), power) for atom, power in monomial)
        yield from ((factor, Fraction(1)) for factor in (rest, Polynomial.number(coefficient)))

    def canonical(self, factor: Polynomial, *beside: Polynomial, signed: bool) -> tuple[Frozen, ...]:
        """Return a factor, and others beside it, such that equal ones look alike: indices by place, no content."""
        names: dict[Atom, Atom] = {}
        for one in (factor, *beside):
            inside = frozenset().union(*(within(atom) for monomial in one for atom, _ in monomial))
            for index in sorted((index for index in inside if index.is_fresh), key=lambda index: index.number):
                names.setdefault(index, index._replace(number=len(names)))
        renamed = [one.mapped(lambda part: self.replaced(part, names)) for one in (factor, *beside)]
        return tuple((self.primitive(one, signed=signed)[1] if len(one) > 1 else one).frozen for one in renamed)

    def log(self, argument: Polynomial) -> Polynomial:
        """Return the logarithm, taken apart at factors known to be >= 0."""
        if not argument:
            return made("log", argument)
        content, rest = self.primitive(argument, signed=False) if len(argument) > 1 else (argument, ONE)
        ((monomial, coefficient),) = content.items()
        # log xy = log x + log y for x > 0, and for x >= 0 where the other factors are >= 0 as well.
        least = 1 if all(self.facts.sign(*factor) for factor in monomial) else 2
        known = (item for item in monomial if self.facts.sign(item[0]) >= least)
        apart = [item for item in known if item[0].kind not in INDICATORS]
        stuck = tuple(item for item in monomial if item not in apart)
        found = []
        for atom, power in apart:
            inner = Polynomial(atom.inner[0]) if atom.kind in ("poly", "exp") else atom.as_number()
            own = inner if atom.kind == "exp" else self.log(inner) if atom.kind == "poly" else made("log", inner)
            found.append(own * power)
        if rest != ONE:
            found.append(self.log(rest) if len(rest) == 1 else made("log", rest))
        if stuck or coefficient < 0:
            found.append(made("log", Polynomial({stuck: Fraction(1 if coefficient > 0 else -1)})))
        primes = (made("log", Polynomial.number(prime)) * times for prime, times in _primes(abs(coefficient)))
        return total([*found, *primes])

    def exp(self, argument: Polynomial) -> Polynomial:
        """Return the exponential: a product of one factor for each term of the argument."""
        factors = []
        for monomial, coefficient in argument.items():
            match monomial:
                case ((Atom("log", inner=(terms,)), 1),):
                    factors.append(self.power(Polynomial(terms), coefficient))
                case _:
                    factors.append(made("exp", Polynomial.product(monomial), power=coefficient))
        return self.multiply(*factors)

    def raised(self, base: Polynomial, exponent: Polynomial, *, known: bool = False) -> Polynomial:
        """Return a power whose exponent is no number, for a base ``known`` to be >= 0 or an exponent that is whole."""
        if known or self.is_nonnegative(base):
            return self.exp(self.multiply(exponent, self.log(base)))
        factors = []
        for monomial, coefficient in exponent.items():
            whole = all(self.facts.is_whole(atom) and n.denominator == 1 and n > 0 for atom, n in monomial)
            if coefficient.denominator != 1 or not whole:
                raise Unreadable("expected a base that is known to be >= 0 under an exponent that need not be whole")
            bare = made("raised", base, Polynomial.product(monomial), power=coefficient)
            factors.append(bare if monomial else self.power(base, coefficient))
        return self.multiply(*factors)

    def derivative(self, polynomial: Polynomial, variable: Atom) -> Polynomial:
        """Return the derivative by an atom that is a symbol or an element, sound under sums.

        A summation index is never a symbol: ∂z_k/∂z_j = [k = j] holds for whatever k and j are, and the clash
        of a bound with a free index, which makes SymPy's own ``diff`` answer wrongly, cannot occur.
        """
        return total(
            self.multiply(self.times(Polynomial({monomial: number}), ((atom, Fraction(-1)),)), inner) * power
            for monomial, number in polynomial.items()
            for atom, power in monomial
            if (inner := self._slope(atom, variable))
        )

    def _slope(self, atom: Atom, variable: Atom) -> Polynomial:
        """Return the derivative of one atom by the variable; a number or a delta has none."""
        if atom.kind in ("sym", "elem"):
            same = atom[:2] == variable[:2]
            return self.multiply(*map(self.delta, atom.indices, variable.indices)) if same else Polynomial()
        if atom.kind == "sum":
            indices, body = self.opened(atom)
            return self._summing(self, indices, self.derivative(body, variable))
        inner = [self.derivative(Polynomial(terms), variable) for terms in atom.inner]
        if not any(inner):
            return Polynomial()
        if atom.kind in ("log", "exp", "poly"):
            one = self.power(Polynomial(atom.inner[0]), Fraction(-1)) if atom.kind == "log" else ONE
            return self.multiply(*inner, Polynomial.of(atom) if atom.kind == "exp" else one)
        slopes = self.facts.world.slopes.get(self.facts.things.get(("fun", atom.name)))
        if not slopes:
            raise Unreadable(f"no derivative of {atom.name or atom.kind} is known")
        outer = [Polynomial.of(atom._replace(name=self.facts.named("fun", slope))) for slope in slopes]
        return total(map(self.multiply, inner, outer))


def _alone(atom: Atom) -> Polynomial:
    """Return an atom as a polynomial; a bracket to a positive power is written out."""
    return Polynomial(atom.inner[0]) if atom.kind == "poly" else Polynomial.of(atom)


def _primes(number: Fraction) -> list[tuple[int, int]]:
    """Return the primes of a positive fraction with their exponents; what has large ones only stays whole."""
    quick = {"limit": _MAX_PRIME, "use_rho": False, "use_pm1": False, "use_ecm": False}
    parts = ((1, number.numerator), (-1, number.denominator))
    return [(int(p), sign * int(n)) for sign, one in parts for p, n in factorint(one, **quick).items() if p != 1]
