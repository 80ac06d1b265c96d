"""Arithmetic of the normal form: products, powers, logarithms and exponentials of polynomials over atoms.

Every rule holds for all points of the world at which both sides are defined; the ones that need a sign ask
for it. There is no ``force``: a logarithm of a product comes apart only at factors that are known to be >= 0.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from math import gcd, lcm

from sympy import factorint

from ce.derivation.errors import Unreadable
from ce.derivation.terms import (
    Atom,
    Frozen,
    Index,
    Monomial,
    Polynomial,
    add,
    constant,
    frozen,
    mentions,
    of_atom,
    scale,
    single,
    thawed,
)

__all__ = ["Arithmetic"]

_RANK = {"int": 0, "sym": 1, "bound": 2, "elem": 3}
_MAX_TERMS = 20_000
_MAX_POWER = 8


class Arithmetic(ABC):
    """Polynomials over atoms; what is positive is asked of the class that knows the world."""

    positive_polynomials: frozenset[Frozen] = frozenset()

    @abstractmethod
    def sign_of_name(self, atom: Atom) -> str:
        """Return "positive", "nonnegative" or "" for an atom that is a symbol or an element of a base."""

    @abstractmethod
    def substitute(self, monomial: Monomial, mapping: Mapping[Index, Index]) -> Polynomial:
        """Return a monomial with indices replaced, in normal form again."""

    # signs

    def is_positive(self, atom: Atom) -> bool:
        """Return whether an atom is known to be > 0."""
        kind = atom[0]
        if kind in ("exp", "const", "int", "index"):
            return True
        if kind in ("sym", "elem"):
            return self.sign_of_name(atom) == "positive"
        if kind == "sum":  # every size is at least 1, so the sum is not empty
            return all(self.is_positive(factor) for factor, _ in atom[2])
        return kind == "poly" and self.is_positive_polynomial(thawed(atom[1]))

    def is_nonnegative(self, atom: Atom, exponent: Fraction = Fraction(1)) -> bool:
        """Return whether a power of an atom is known to be >= 0 wherever it is defined."""
        kind = atom[0]
        even = exponent.denominator == 1 and exponent.numerator % 2 == 0
        if even or kind == "delta" or self.is_positive(atom):
            return True
        if kind in ("sym", "elem"):
            return self.sign_of_name(atom) == "nonnegative"
        return kind == "sum" and all(self.is_nonnegative(factor, power) for factor, power in atom[2])

    def is_positive_polynomial(self, polynomial: Polynomial) -> bool:
        """Return whether a polynomial is known to be > 0: declared, or terms >= 0 with one > 0."""
        if frozen(polynomial) in self.positive_polynomials:
            return True
        strict = False
        for monomial, coefficient in polynomial.items():
            if coefficient < 0 or not all(self.is_nonnegative(atom, power) for atom, power in monomial):
                return False
            strict = strict or all(self.is_positive(atom) for atom, _ in monomial)
        return strict

    # products

    def delta(self, first: Index, second: Index) -> Polynomial:
        """Return the Kronecker delta of two indices, the simpler one first."""
        if first == second:
            return constant(1)
        if first[0] == second[0] == "int":
            return {}
        return of_atom(("delta", *sorted((first, second), key=lambda index: (_RANK[index[0]], index))))

    def multiply(self, left: Polynomial, right: Polynomial) -> Polynomial:
        """Return the product, distributed."""
        if len(left) * len(right) > _MAX_TERMS:
            raise Unreadable(f"a product of {len(left)} by {len(right)} terms is too large to write out")
        return add(scale(self._product(a, b), x * y) for a, x in left.items() for b, y in right.items())

    def _cleared(self, polynomial: Polynomial, factor: Monomial) -> Polynomial:
        """Return the product with a factor; a sum in brackets is written out where it does not cancel."""
        return add(scale(self._joined(monomial, factor), c) for monomial, c in polynomial.items())

    def _product(self, left: Monomial, right: Monomial) -> Polynomial:
        if not left or not right:
            return {left or right: Fraction(1)}
        return self._joined(left, right)

    def _joined(self, left: Monomial, right: Monomial) -> Polynomial:
        powers = dict(left)
        for atom, power in right:
            powers[atom] = powers.get(atom, Fraction(0)) + power
        return self._tidy(powers)

    def _tidy(self, powers: dict[Atom, Fraction]) -> Polynomial:
        coefficient, expand, kept = Fraction(1), [], {}
        for atom, power in powers.items():
            if power == 0:
                continue
            if atom[0] == "int" and power.denominator == 1:
                coefficient *= Fraction(atom[1]) ** int(power)
            elif atom[0] == "poly" and power.denominator == 1 and power > 0:
                expand.append((atom, power))
            else:
                kept[atom] = Fraction(1) if atom[0] == "delta" and power > 0 else power
        result = self._apply_delta(kept)
        for atom, power in expand:
            result = self.multiply(result, self.power(thawed(atom[1]), power))
        return scale(result, coefficient)

    def _apply_delta(self, powers: dict[Atom, Fraction]) -> Polynomial:
        """Write the simpler of two indices for the other beside their delta: f(s) [s = t] = f(t) [s = t]."""
        for atom in sorted(powers):
            if atom[0] == "delta" and powers[atom] > 0:
                _, keep, replaced = atom
                rest = tuple(sorted(item for item in powers.items() if item[0] != atom))
                if any(mentions(factor, lambda index, old=replaced: index == old) for factor, _ in rest):  # type: ignore[misc]
                    changed = self.substitute(rest, {replaced: keep})
                    return self.multiply(of_atom(atom), changed)
        return {tuple(sorted(powers.items())): Fraction(1)}

    # powers, logarithms, exponentials

    def power(self, base: Polynomial, exponent: Fraction) -> Polynomial:
        """Return a polynomial to a rational power."""
        if exponent == 0:
            return constant(1)
        if not base:
            if exponent < 0:
                raise Unreadable("a division by zero")
            return {}
        term = single(base)
        if term:
            return self._power_of_term(*term, exponent)
        if exponent.denominator == 1 and 0 < exponent <= _MAX_POWER:
            result = base
            for _ in range(int(exponent) - 1):
                result = self.multiply(result, base)
            return result
        if exponent.denominator == 1 and exponent > 0:
            raise Unreadable(f"a power {exponent} of {len(base)} terms is too large to write out")
        content, rest = self.primitive(base, signed=exponent.denominator == 1)
        outside = self.power(content, exponent)
        if len(rest) == 1:
            return self.multiply(outside, self.power(rest, exponent))
        return self.multiply(outside, of_atom(("poly", frozen(rest)), exponent))

    def _power_of_term(self, monomial: Monomial, coefficient: Fraction, exponent: Fraction) -> Polynomial:
        whole = exponent.denominator == 1
        signs_known = coefficient > 0 and all(
            self.is_positive(atom) or (power > 0 and self.is_nonnegative(atom)) for atom, power in monomial
        )
        hidden_zero = exponent < 0 and any(atom[0] == "delta" for atom, _ in monomial)
        if hidden_zero or not (whole or signs_known):
            return of_atom(("poly", frozen({monomial: coefficient})), exponent)
        if whole:
            powers: dict[Atom, Fraction] = {}
            number = coefficient ** int(exponent)
        else:
            powers, number = _roots(coefficient, exponent), Fraction(1)
        for atom, power in monomial:
            powers[atom] = powers.get(atom, Fraction(0)) + power * exponent
        return scale(self._tidy(powers), number)

    def primitive(self, polynomial: Polynomial, *, signed: bool) -> tuple[Polynomial, Polynomial]:
        """Split off the content: (content, rest) with polynomial = content · rest.

        The content is one term: a positive number times powers of positive atoms; with ``signed`` also the
        sign of the first term and powers of other atoms (then the caller must be about to take an integer
        power).
        """
        content, rest = constant(1), polynomial
        for _ in range(10):  # cancelling a denominator may bring out a new common factor
            shared = self._common_factor(rest, any_sign=signed)
            if not shared:
                break
            inverse = tuple((atom, -power) for atom, power in shared)
            content = self.multiply(content, {shared: Fraction(1)})
            rest = self._cleared(rest, inverse)
        if not rest:
            raise Unreadable("a division by zero, or the logarithm of zero")
        coefficients = [rest[key] for key in sorted(rest)]
        number = Fraction(
            gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients))
        )
        if signed and coefficients[0] < 0:
            number = -number
        return scale(content, number), scale(rest, 1 / number)

    def _common_factor(self, polynomial: Polynomial, *, any_sign: bool) -> Monomial:
        lowest: dict[Atom, Fraction] | None = None
        for monomial in polynomial:
            powers = dict(monomial)
            if lowest is None:
                lowest = powers
                continue
            for atom in [*powers, *lowest]:
                lowest[atom] = min(lowest.get(atom, Fraction(0)), powers.get(atom, Fraction(0)))
        return tuple(
            (atom, power) for atom, power in sorted((lowest or {}).items())
            if power
            and atom[0] != "delta"
            and (self.is_positive(atom) or (any_sign and power.denominator == 1))
        )  # fmt: skip

    def log(self, argument: Polynomial) -> Polynomial:
        """Return the logarithm, taken apart at factors known to be >= 0."""
        if not argument:
            return of_atom(("log", ()))
        content, rest = (
            self.primitive(argument, signed=False) if len(argument) > 1 else (argument, constant(1))
        )
        ((monomial, coefficient),) = content.items()
        parts = []
        if len(rest) == 1 and rest != constant(1):
            parts.append(self.log(rest))
        elif len(rest) > 1:
            parts.append(of_atom(("log", frozen(rest))))
        safe = all(self.is_nonnegative(atom, power) for atom, power in monomial)
        stuck: dict[Atom, Fraction] = {}
        for atom, power in monomial:
            splits = self.is_positive(atom) or (safe and atom[0] != "delta" and self.is_nonnegative(atom))
            if splits:
                parts.append(scale(self._log_of_atom(atom), power))
            else:
                stuck[atom] = power
        sign = 1 if coefficient > 0 else -1
        if stuck or sign < 0:
            parts.append(of_atom(("log", ((tuple(sorted(stuck.items())), Fraction(sign)),))))
        parts.extend(scale(of_atom(("log", frozen(constant(prime)))), times)
                     for prime, times in _factors(abs(coefficient)).items())  # fmt: skip
        return add(parts)

    def _log_of_atom(self, atom: Atom) -> Polynomial:
        if atom[0] == "exp":
            return {atom[1]: Fraction(1)}
        if atom == ("const", "E"):
            return constant(1)
        if atom[0] == "poly":
            return self.log(thawed(atom[1]))
        if atom[0] == "int":
            return of_atom(("log", frozen(constant(atom[1]))))
        return of_atom(("log", frozen(of_atom(atom))))

    def exp(self, argument: Polynomial) -> Polynomial:
        """Return the exponential: a product of one factor for each term of the argument."""
        result = constant(1)
        for monomial, coefficient in argument.items():
            if not monomial:
                factor = of_atom(("const", "E"), coefficient)
            elif len(monomial) == 1 and monomial[0][0][0] == "log" and monomial[0][1] == 1:
                factor = self.power(thawed(monomial[0][0][1]), coefficient)
            else:
                factor = of_atom(("exp", monomial), coefficient)
            result = self.multiply(result, factor)
        return result

    # zero

    def vanishes(self, polynomial: Polynomial) -> bool:
        """Return whether a polynomial is zero, after multiplying through by its denominators."""
        for _ in range(30):
            lowest: dict[Atom, Fraction] = {}
            for monomial in polynomial:
                for atom, power in monomial:
                    if atom[0] == "poly" and power.denominator == 1 and power < lowest.get(atom, Fraction(0)):
                        lowest[atom] = power
            if not polynomial or not lowest:
                return not polynomial
            atom = min(lowest)
            polynomial = self._cleared(polynomial, ((atom, -lowest[atom]),))
        return not polynomial


def _factors(number: Fraction) -> dict[int, int]:
    """Return the primes of a positive fraction with their exponents."""
    found = {int(prime): int(times) for prime, times in factorint(number.numerator).items() if prime != 1}
    for prime, times in factorint(number.denominator).items():
        if prime != 1:
            found[int(prime)] = found.get(int(prime), 0) - int(times)
    return found


def _roots(number: Fraction, exponent: Fraction) -> dict[Atom, Fraction]:
    return {("int", prime): times * exponent for prime, times in _factors(number).items()}
