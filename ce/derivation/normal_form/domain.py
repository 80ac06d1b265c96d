"""Where a polynomial is not 0, and where it is not negative, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeAlias

from ce.derivation.normal_form.algebra import Algebra
from ce.derivation.normal_form.atoms import FIRST_FRESH, Atom, Bound, Bracket, Element, Frozen, Index, Name, indices_of
from ce.derivation.normal_form.polynomial import Polynomial

__all__ = ["Doubt", "may_be_negative", "may_be_zero", "zeros"]

Doubt: TypeAlias = tuple[bool, Frozen]
"""A polynomial that must be, and is not known to be, >= 0 if the first of the pair says so, else not 0."""


def zeros(algebra: Algebra, polynomial: Polynomial) -> frozenset[Frozen]:
    """Return the factors of a polynomial that are not known to be other than 0."""
    unknown = [factor for factor, _, _ in _factors(algebra, polynomial) if not _sign(algebra, factor)]
    return frozenset(_canonical(algebra, factor, signed=True) for factor in unknown) - algebra.facts.nonzero


def may_be_zero(algebra: Algebra, polynomial: Polynomial) -> frozenset[Doubt]:
    """Return the doubts that a polynomial vanishes nowhere.

    A symbol or an element by itself is none: where it may be 0, it is so at one of the points.
    """
    return frozenset((False, factor) for factor in zeros(algebra, polynomial) if not _is_lone(factor))


def may_be_negative(algebra: Algebra, polynomial: Polynomial) -> frozenset[Doubt]:
    """Return the doubt that a polynomial is negative nowhere, if it is one."""
    sign = 1
    for factor, atom, power in _factors(algebra, polynomial):
        even = power.denominator == 1 and power.numerator % 2 == 0
        known = _sign(algebra, factor)
        if known < 0:
            sign *= 1 if even else -1
        elif not known and not even and not (atom and algebra.facts.is_nonnegative(atom, power)):
            sign = 0
    return frozenset() if sign > 0 else frozenset({(True, _canonical(algebra, polynomial, signed=False))})


def _factors(algebra: Algebra, polynomial: Polynomial) -> Iterator[tuple[Polynomial, Atom | None, Fraction]]:
    """Yield the factors of a polynomial: each as a polynomial and, where it is one, as an atom to a power."""
    content, rest = algebra.primitive(polynomial, signed=True)
    ((monomial, coefficient),) = content.items()
    for atom, power in monomial:
        yield Polynomial(atom.terms) if isinstance(atom, Bracket) else Polynomial.of(atom), atom, power
    yield rest * (1 if coefficient > 0 else -1), None, Fraction(1)


def _sign(algebra: Algebra, factor: Polynomial) -> int:
    """Return 1 for what is known to be > 0, −1 for < 0, and 0 where neither is known."""
    positive = algebra.facts.is_positive_polynomial
    return 1 if positive(factor) else -1 if positive(factor * -1) else 0


def _canonical(algebra: Algebra, factor: Polynomial, *, signed: bool) -> Frozen:
    """Return a factor such that equal ones look alike: indices named by place, its content taken out."""
    indices = {index for monomial in factor for atom, _ in monomial for index in indices_of(atom)}
    bound = sorted(i for i in indices if isinstance(i, Bound) and i.identity >= FIRST_FRESH)
    names: dict[Index, Index] = {index: Bound("bound", place, index.size) for place, index in enumerate(bound)}
    renamed = factor.mapped(lambda part: algebra.replaced(part, names))
    if len(renamed) > 1:
        _, renamed = algebra.primitive(renamed, signed=signed)
    return renamed.frozen


def _is_lone(factor: Frozen) -> bool:
    match factor:
        case ((((Name() | Element(), 1),), 1),):
            return True
    return False
