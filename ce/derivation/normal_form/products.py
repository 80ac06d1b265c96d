"""Signs of atoms, and products of polynomials over them.

Every rule holds for all points of the world at which both sides are defined; the ones that need a sign ask
for it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from fractions import Fraction

from ce.derivation.errors import Unreadable
from ce.derivation.normal_form.terms import (
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
    thawed,
)

__all__ = ["Products"]

_RANK = {"int": 0, "sym": 1, "bound": 2, "elem": 3}
_MAX_TERMS = 20_000


class Products(ABC):
    """Signs and products; what a name stands for is asked of the class that knows the world."""

    positive_polynomials: frozenset[Frozen] = frozenset()

    def __init__(self) -> None:
        self._logs: dict[Atom, bool] = {}

    @abstractmethod
    def sign_of_name(self, atom: Atom) -> str:
        """Return "positive", "nonnegative" or "" for an atom that is a symbol or an element of a base."""

    @abstractmethod
    def power(self, base: Polynomial, exponent: Fraction) -> Polynomial:
        """Return a polynomial to a rational power."""

    @abstractmethod
    def substitute(self, monomial: Monomial, mapping: Mapping[Index, Index]) -> Polynomial:
        """Return a monomial with indices replaced, in normal form again."""

    @abstractmethod
    def is_sum_of_a_pmf(self, atom: Atom) -> bool:
        """Return whether a sum is one of the powers of probabilities, of which one at least is not 0."""

    # signs

    def is_positive(self, atom: Atom) -> bool:
        """Return whether an atom is known to be > 0."""
        kind = atom[0]
        if kind in ("exp", "const", "int", "index"):
            return True
        if kind == "log":  # of more than 1
            if atom not in self._logs:
                self._logs[atom] = self.is_positive_polynomial(add([thawed(atom[1]), constant(-1)]))
            return self._logs[atom]
        if kind in ("sym", "elem"):
            return self.sign_of_name(atom) == "positive"
        if kind == "sum":  # every size is at least 1, so the sum is not empty
            return all(self.is_positive(factor) for factor, _ in atom[2]) or self.is_sum_of_a_pmf(atom)
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

    def cleared(self, polynomial: Polynomial, factor: Monomial) -> Polynomial:
        """Return the product with a factor; a sum in brackets is written out where it does not cancel."""
        return add(scale(self.joined(monomial, factor), c) for monomial, c in polynomial.items())

    def _product(self, left: Monomial, right: Monomial) -> Polynomial:
        if not left or not right:
            return {left or right: Fraction(1)}
        return self.joined(left, right)

    def joined(self, left: Monomial, right: Monomial) -> Polynomial:
        """Return the product of two monomials."""
        powers = dict(left)
        for atom, power in right:
            powers[atom] = powers.get(atom, Fraction(0)) + power
        return self.tidy(powers)

    def tidy(self, powers: dict[Atom, Fraction]) -> Polynomial:
        """Return the product of powers of atoms, numbers and brackets written out, deltas applied."""
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
