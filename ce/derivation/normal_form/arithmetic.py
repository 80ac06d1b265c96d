"""Powers, logarithms and exponentials of polynomials over atoms, and when one of them is zero.

There is no ``force``: a logarithm of a product comes apart only at factors that are known to be >= 0.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from sympy import factorint

from ce.derivation.errors import Unreadable
from ce.derivation.normal_form.products import Products
from ce.derivation.normal_form.terms import (
    Atom,
    Monomial,
    Polynomial,
    add,
    constant,
    frozen,
    of_atom,
    scale,
    single,
    thawed,
)

__all__ = ["Arithmetic"]

_MAX_POWER = 8


class Arithmetic(Products):
    """Polynomials over atoms with everything but sums."""

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
        return scale(self.tidy(powers), number)

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
            rest = self.cleared(rest, inverse)
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
            polynomial = self.cleared(polynomial, ((atom, -lowest[atom]),))
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
