"""Products, powers, logarithms and exponentials of polynomials over atoms, and when one of them is zero.

Every rule holds at all points of the world at which both sides are defined; the ones that need a sign ask for
it. There is no ``force``: a logarithm of a product comes apart only at factors that are known to be >= 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias

from sympy import factorint

from ce.derivation.errors import Unreadable
from ce.derivation.normal_form import atoms
from ce.derivation.normal_form.atoms import Atom, Bound, Index, Monomial, mentions, parts, shifted
from ce.derivation.normal_form.facts import Facts
from ce.derivation.normal_form.polynomial import Polynomial, total

__all__ = ["Algebra", "Replacing"]

_MAX_TERMS = 20_000
_MAX_POWER = 8
_MAX_PRIME = 10**6  # what is left of a number without smaller factors stays whole
_RANK = {atoms.Whole: 0, atoms.Name: 1, Bound: 2, atoms.Element: 3, atoms.Shifted: 4}

Replacing: TypeAlias = "Callable[[Algebra, Monomial, Mapping[Index, Index]], Polynomial]"


class Algebra:
    """Polynomials over atoms of one world.

    Parameters
    ----------
    facts
        What is known of the atoms.
    replacing
        How indices are replaced in a monomial. It is given, for it reaches into sums, and sums are built
        with an algebra.
    """

    def __init__(self, facts: Facts, replacing: Replacing) -> None:
        self.facts, self._replacing = facts, replacing

    # products

    def multiply(self, left: Polynomial, right: Polynomial) -> Polynomial:
        """Return the product, distributed."""
        if len(left) * len(right) > _MAX_TERMS:
            raise Unreadable(f"a product of {len(left)} by {len(right)} terms is too large to write out")
        return total(self._joined(a, b) * (x * y) for a, x in left.items() for b, y in right.items())

    def _joined(self, left: Monomial, right: Monomial) -> Polynomial:
        if not left or not right:
            return Polynomial.product(left or right)
        return self._tidy(_powers(left, right))

    def _tidy(self, powers: dict[Atom, Fraction]) -> Polynomial:
        """Return the product of powers of atoms, numbers and brackets written out, deltas applied."""
        coefficient, brackets, kept = Fraction(1), [], {}
        for atom, power in powers.items():
            if power == 0:
                continue
            if isinstance(atom, atoms.Whole) and power.denominator == 1:
                coefficient *= Fraction(atom.value) ** int(power)
            elif isinstance(atom, atoms.Bracket) and power.denominator == 1 and power > 0:
                brackets.append((atom.terms, power))
            elif isinstance(atom, atoms.Applied) and atom.function == "Abs" and not power % 2:  # |x|² = x²
                brackets.append((atom.arguments[0], power))
            else:
                kept[atom] = Fraction(1) if isinstance(atom, atoms.INDICATORS) and power > 0 else power
        result = self._beside_deltas(kept)
        for terms, power in brackets:
            result = self.multiply(result, self.power(Polynomial(terms), power))
        return result * coefficient

    def _beside_deltas(self, powers: dict[Atom, Fraction]) -> Polynomial:
        """Write the simpler of two indices for the other beside their delta: f(s) [s = t] = f(t) [s = t]."""
        for delta in sorted(atom for atom in powers if isinstance(atom, atoms.Delta) and powers[atom] > 0):
            rest = tuple(sorted(item for item in powers.items() if item[0] != delta))
            if any(mentions(factor, delta.second.__eq__) for factor, _ in rest):
                changed = self.replaced(rest, {delta.second: delta.first})
                return self.multiply(Polynomial.of(delta), changed)
        return Polynomial.product(tuple(sorted(powers.items())))

    def delta(self, first: Index, second: Index) -> Polynomial:
        """Return the Kronecker delta of two indices, the simpler one first."""
        if first == second:
            return Polynomial.number(1)
        if self._apart(first, second) or self._apart(second, first):
            return Polynomial()
        low, high = sorted((first, second), key=lambda index: (_RANK[type(index)], index))
        return Polynomial.of(atoms.Delta("delta", low, high))

    def ordered(self, first: Index, second: Index) -> Polynomial:
        """Return [first ≤ second] for two indices that run from 1 on; what is added to them is taken out."""
        (low, a), (high, b) = parts(first), parts(second)
        if low == high:
            return Polynomial.number(1 if a <= b else 0)
        if low and high and a != b:  # [i + 1 ≤ j] = [i ≤ j] − [i = j], and so on
            steps = range(a - b) if a > b else range(1, b - a + 1)
            equal = total(
                self.delta(shifted(low, at), high) if a > b else self.delta(low, shifted(high, at)) for at in steps
            )
            return self.ordered(low, high) + equal * (-1 if a > b else 1)
        first, second = low or atoms.Whole("int", a - b), high or atoms.Whole("int", b - a)
        result = Polynomial.of(atoms.Ordered("le", first, second))
        if isinstance(second, atoms.Whole) and second.value < 1:
            result = Polynomial()
        elif (isinstance(first, atoms.Whole) and first.value <= 1) or self._is_last(second, first):
            result = Polynomial.number(1)
        elif second == atoms.Whole("int", 1) or self._is_last(first, second):
            result = self.delta(first, second)
        return result

    def _is_last(self, size: Index, index: Index) -> bool:
        """Return whether an index is known to be one of 1, …, size."""
        return isinstance(size, atoms.Name) and self.facts.in_range(index, size.name)

    def _apart(self, first: Index, second: Index) -> bool:
        """Return whether two indices are known to differ: two numbers, or one of them is out of range."""
        (low, a), (high, b) = parts(first), parts(second)
        if low == high:
            return a != b
        size = self.facts.range_of(first)
        below = high is None and b < 1
        return size is not None and (below or (high == atoms.Name("sym", size) and b > 0))

    def replaced(self, monomial: Monomial, mapping: Mapping[Index, Index]) -> Polynomial:
        """Return a monomial with indices replaced, in normal form again; no index is captured."""
        return self._replacing(self, monomial, mapping)

    # powers

    def power(self, base: Polynomial, exponent: Fraction) -> Polynomial:
        """Return a polynomial to a rational power."""
        if exponent == 0:
            return Polynomial.number(1)
        if not base:
            if exponent < 0:
                raise Unreadable("a division by zero")
            return Polynomial()
        if term := base.term:
            return self._power_of_term(*term, exponent)
        whole = exponent.denominator == 1
        if whole and exponent > _MAX_POWER:
            raise Unreadable(f"a power {exponent} of {len(base)} terms is too large to write out")
        if whole and exponent > 0:
            result = base
            for _ in range(int(exponent) - 1):
                result = self.multiply(result, base)
            return result
        content, rest = self.primitive(base, signed=whole)
        outside = self.power(content, exponent)
        inside = self.power(rest, exponent) if len(rest) == 1 else Polynomial.of(_bracket(rest), exponent)
        return self.multiply(outside, inside)

    def _power_of_term(self, monomial: Monomial, coefficient: Fraction, exponent: Fraction) -> Polynomial:
        whole = exponent.denominator == 1
        signs_known = coefficient > 0 and all(
            self.facts.is_positive(atom) or (power > 0 and self.facts.is_nonnegative(atom)) for atom, power in monomial
        )
        hidden_zero = exponent < 0 and any(isinstance(atom, atoms.INDICATORS) for atom, _ in monomial)
        if hidden_zero or not (whole or signs_known):
            return Polynomial.of(_bracket(Polynomial({monomial: coefficient})), exponent)
        powers = tuple((atom, power * exponent) for atom, power in monomial)
        if whole:
            return self._tidy(dict(powers)) * coefficient ** int(exponent)
        roots = tuple((atoms.Whole("int", prime), times * exponent) for prime, times in _factors(coefficient))
        return self._tidy(_powers(roots, powers))

    def primitive(self, polynomial: Polynomial, *, signed: bool) -> tuple[Polynomial, Polynomial]:
        """Split off the content: (content, rest) with polynomial = content · rest.

        The content is one term: a positive number times powers of positive atoms; with ``signed`` also the
        sign of the first term and powers of other atoms (then the caller must be about to take an integer
        power).
        """
        content, rest = Polynomial.number(1), polynomial
        for _ in range(10):  # cancelling a denominator may bring out a new common factor
            shared = self._common_factor(rest, any_sign=signed)
            if not shared:
                break
            content = self.multiply(content, Polynomial.product(shared))
            rest = self._times(rest, tuple((atom, -power) for atom, power in shared))
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
        return tuple(
            (atom, power)
            for atom, power in lowest.items()
            if power
            and not isinstance(atom, atoms.INDICATORS)
            and (self.facts.is_positive(atom) or (any_sign and power.denominator == 1))
        )

    def _times(self, polynomial: Polynomial, factor: Monomial) -> Polynomial:
        """Return the product with a monomial; a bracket in it that does not cancel is written out."""
        return polynomial.mapped(lambda monomial: self._tidy(_powers(monomial, factor)))

    # signs

    def is_nonnegative(self, polynomial: Polynomial) -> bool:
        """Return whether a polynomial is known to be >= 0."""
        if not polynomial or self.facts.is_positive_polynomial(polynomial):
            return True
        _, rest = self.primitive(polynomial, signed=False)
        return self.facts.is_positive_polynomial(rest) or all(
            coefficient > 0 and all(self.facts.is_nonnegative(atom, power) for atom, power in monomial)
            for monomial, coefficient in rest.items()
        )

    def absolute(self, polynomial: Polynomial) -> Polynomial:
        """Return the absolute value; the two signs of an argument have the same one."""
        if self.is_nonnegative(polynomial):
            return polynomial
        content, rest = self.primitive(polynomial, signed=True)
        ((monomial, coefficient),) = content.items()
        result = Polynomial.number(abs(coefficient))
        for atom, power in monomial:
            bare = self.facts.is_nonnegative(atom)
            result = self.multiply(result, Polynomial.of(atom if bare else _abs(Polynomial.of(atom)), power))
        return self.multiply(result, rest if self.is_nonnegative(rest) else Polynomial.of(_abs(rest)))

    # logarithms and exponentials

    def log(self, argument: Polynomial) -> Polynomial:
        """Return the logarithm, taken apart at factors known to be >= 0."""
        if not argument:
            return Polynomial.of(atoms.Log("log", ()))
        content, rest = argument, Polynomial.number(1)
        if len(argument) > 1:
            content, rest = self.primitive(argument, signed=False)
        ((monomial, coefficient),) = content.items()
        found = []
        if rest != Polynomial.number(1):
            found.append(self.log(rest) if len(rest) == 1 else _log(rest))
        # log xy = log x + log y for x > 0, and for x >= 0 where the other factors are >= 0 as well.
        safe = all(self.facts.is_nonnegative(atom, power) for atom, power in monomial)
        stuck = []
        for atom, power in monomial:
            known = safe and not isinstance(atom, atoms.INDICATORS) and self.facts.is_nonnegative(atom)
            if known or self.facts.is_positive(atom):
                found.append(self._log_of_atom(atom) * power)
            else:
                stuck.append((atom, power))
        if len(stuck) == 1 and coefficient > 0 and stuck[0][1] % 2 == 1:  # log 1/u = −log u, where u > 0
            ((atom, power),) = stuck
            found.append(self._log_of_atom(atom) * power)
            stuck = []
        if stuck or coefficient < 0:
            found.append(_log(Polynomial.product(tuple(stuck)) * (1 if coefficient > 0 else -1)))
        found += [_log(Polynomial.number(prime)) * times for prime, times in _factors(abs(coefficient))]
        return total(found)

    def _log_of_atom(self, atom: Atom) -> Polynomial:
        match atom:
            case atoms.Exp():
                return Polynomial.product(atom.exponent)
            case atoms.Constant(_, "E"):
                return Polynomial.number(1)
            case atoms.Bracket():
                return self.log(Polynomial(atom.terms))
            case atoms.Whole():
                return _log(Polynomial.number(atom.value))
        return _log(Polynomial.of(atom))

    def exp(self, argument: Polynomial) -> Polynomial:
        """Return the exponential: a product of one factor for each term of the argument."""
        result = Polynomial.number(1)
        for monomial, coefficient in argument.items():
            match monomial:
                case ():
                    factor = Polynomial.of(atoms.Constant("const", "E"), coefficient)
                case ((atoms.Log() as inner, 1),):
                    factor = self.power(Polynomial(inner.argument), coefficient)
                case _:
                    factor = Polynomial.of(atoms.Exp("exp", monomial), coefficient)
            result = self.multiply(result, factor)
        return result

    def raised(self, base: Polynomial, exponent: Polynomial) -> Polynomial:
        """Return a power whose exponent is not a number, for a base >= 0 or an exponent that is whole."""
        if self.is_nonnegative(base):
            return self.exp(self.multiply(exponent, self.log(base)))
        result = Polynomial.number(1)
        for monomial, coefficient in exponent.items():
            if coefficient.denominator != 1 or not all(self._is_whole(*item) for item in monomial):
                raise Unreadable("expected a base that is known to be >= 0 under an exponent that need not be whole")
            bare = atoms.Applied("fun", "power", (base.frozen, Polynomial.product(monomial).frozen))
            factor = Polynomial.of(bare, coefficient) if monomial else self.power(base, coefficient)
            result = self.multiply(result, factor)
        return result

    def _is_whole(self, atom: Atom, power: Fraction) -> bool:
        """Return whether a power of an atom is known to be a whole number: of an index or a size."""
        name = isinstance(atom, atoms.Name) and self.facts.things["sym", atom.name].is_integer
        return (name or isinstance(atom, Bound)) and power.denominator == 1 and power > 0

    # zero

    def vanishes(self, polynomial: Polynomial) -> bool:
        """Return whether a polynomial is zero, after multiplying through by its denominators.

        A denominator is a bracket to a negative power. It is not 0 wherever the polynomial has a value, so
        that the product with it is 0 there if and only if the polynomial is.
        """
        for _ in range(30):
            brackets = [item for monomial in polynomial for item in monomial if isinstance(item[0], atoms.Bracket)]
            under = [item for item in brackets if item[1].denominator == 1 and item[1] < 0]
            if not under:
                break
            bracket, power = min(under)
            polynomial = self._times(polynomial, ((bracket, -power),))
        return not polynomial


def _powers(*monomials: Monomial) -> dict[Atom, Fraction]:
    powers: dict[Atom, Fraction] = {}
    for monomial in monomials:
        for atom, power in monomial:
            powers[atom] = powers.get(atom, Fraction(0)) + power
    return powers


def _log(argument: Polynomial) -> Polynomial:
    return Polynomial.of(atoms.Log("log", argument.frozen))


def _abs(argument: Polynomial) -> atoms.Applied:
    return atoms.Applied("fun", "Abs", (argument.frozen,))


def _bracket(terms: Polynomial) -> atoms.Bracket:
    return atoms.Bracket("poly", terms.frozen)


def _factors(number: Fraction) -> list[tuple[int, int]]:
    """Return the primes of a positive fraction with their exponents; what has large ones only stays whole."""
    quick = {"limit": _MAX_PRIME, "use_rho": False, "use_pm1": False, "use_ecm": False}
    found: dict[int, int] = {}
    for sign, whole in ((1, number.numerator), (-1, number.denominator)):
        found |= {int(p): sign * int(n) for p, n in factorint(whole, **quick).items() if p != 1}
    return list(found.items())
