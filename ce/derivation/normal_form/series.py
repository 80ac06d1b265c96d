"""Sums that have a closed form, and the ways in which a summand is brought into one.

Σ k^n is a polynomial in the last index (Faulhaber), Σ r^k a fraction (geometric). A sum telescopes when its
parts are the same but for where they begin: Σ 1/(k (k+1)) = Σ 1/k − Σ 1/(k+1) is left with two ends. So a
product of fractions is taken apart, and every summand is moved to begin at the first index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import comb
from typing import TypeAlias

from sympy import bernoulli

from ce.derivation.normal_form import atoms
from ce.derivation.normal_form.algebra import Algebra
from ce.derivation.normal_form.atoms import Atom, Bound, Frozen, Index, Monomial, mentions, parts
from ce.derivation.normal_form.domain import zeros
from ce.derivation.normal_form.polynomial import Polynomial, as_number, total

__all__ = ["closed", "in_fractions", "last", "offset"]

_MAX_DEGREE = 7
_UpTo: TypeAlias = Callable[[Index], Polynomial]
"""A sum from 1 on, as a function of the last index."""


def last(index: Bound) -> Index:
    """Return the last value of a summation index."""
    return atoms.Whole("int", int(index.size)) if index.size.isdigit() else atoms.Name("sym", index.size)


def closed(algebra: Algebra, index: Bound, users: Monomial) -> Polynomial | None:
    """Return the sum over an index of the product of all that depends on it, where it has a closed form."""
    bounds = [atom for atom, _ in users if isinstance(atom, atoms.Ordered)]
    rest = tuple(item for item in users if not isinstance(item[0], atoms.Ordered))
    up_to = _of_powers(algebra, index, rest) or _geometric(algebra, index, rest)
    if up_to is None or len(bounds) > 1:
        return None
    if not bounds:
        return up_to(last(index))
    _, low, high = bounds[0]
    if low == index and algebra.facts.in_range(high, index.size):
        return up_to(high)
    if high == index and algebra.facts.in_range(low, index.size):
        return up_to(last(index)) - up_to(low) + algebra.replaced(rest, {index: low})
    return None


def _of_powers(algebra: Algebra, index: Bound, users: Monomial) -> _UpTo | None:
    """Return 1^n + … + t^n by Faulhaber's formula; n is 0 where nothing depends on the index."""
    (atom, power), *more = users or ((index, Fraction(0)),)
    if more or atom != index or power not in range(_MAX_DEGREE + 1):
        return None
    n = int(power)
    numbers = [Fraction(str(bernoulli(at))) for at in range(n + 1)]  # with +1/2 as the second of them

    def up_to(end: Index) -> Polynomial:
        return total(
            algebra.power(as_number(end), Fraction(n + 1 - at)) * (comb(n + 1, at) * number / (n + 1))
            for at, number in enumerate(numbers)
        )

    return up_to


def _geometric(algebra: Algebra, index: Bound, users: Monomial) -> _UpTo | None:
    """Return r + r² + … + r^t = r (r^t − 1)/(r − 1), where r is known not to be 1."""
    rates = []  # of each factor: b and m, where it is b to the power m · index; b is None for e
    for atom, power in users:
        base: Frozen | None = None
        exponent: Monomial = ()
        match atom:
            case atoms.Exp():
                exponent = atom.exponent
            case atoms.Applied(_, "power", (base, ((exponent, 1),))):
                pass
        rate = tuple(item for item in exponent if item != (index, Fraction(1)))
        others = [inner for part in (rate, *dict(base or ())) for inner, _ in part]
        if len(rate) == len(exponent) or any(mentions(inner, index.__eq__) for inner in others):
            return None
        rates.append((base, Polynomial.product(rate) * power))

    def to_the(times: Polynomial) -> Polynomial:
        result = Polynomial.number(1)
        for base, rate in rates:
            exponent = algebra.multiply(rate, times)
            factor = algebra.exp(exponent) if base is None else algebra.raised(Polynomial(base), exponent)
            result = algebra.multiply(result, factor)
        return result

    one = Polynomial.number(1)
    ratio = to_the(one)
    if ratio == one or zeros(algebra, ratio - one):
        return None
    outside = algebra.multiply(ratio, algebra.power(ratio - one, Fraction(-1)))
    return lambda end: algebra.multiply(outside, to_the(as_number(end)) - one)


def in_fractions(algebra: Algebra, index: Bound, monomial: Monomial) -> Polynomial | None:
    """Take one denominator out of a product of several that are linear in the index, or out of k/(k + b).

    With u = a k + b and v = c k + d it is 1/(u v) = (a/u − c/v)/(a d − b c), and k/u = (1 − b/u)/a.
    """
    linear = [
        (atom, *found)
        for atom, power in monomial
        if power.denominator == 1 and power < 0 and (found := _linear(atom, index))
    ]
    here = Polynomial.product(monomial)
    if len(linear) > 1:
        (u, a, b), (v, c, d), *_ = linear
        split = algebra.multiply(here, Polynomial.of(v) * a - Polynomial.of(u) * c)
        return split * (1 / (a * d - b * c))
    above = dict(monomial).get(index, 0)
    if linear and above > 0:
        ((u, a, b),) = linear
        less = algebra.multiply(here, Polynomial.of(index, -1))
        return (algebra.multiply(less, Polynomial.of(u)) - less * b) * (1 / a)
    return None


def _linear(atom: Atom, index: Bound) -> tuple[Fraction, Fraction] | None:
    """Return a and b where an atom is a · index + b."""
    if atom == index:
        return Fraction(1), Fraction(0)
    terms = dict(atom[1]) if isinstance(atom, atoms.Bracket | atoms.Log) else {}
    slope = terms.pop(((index, Fraction(1)),), None)
    start = terms.pop((), Fraction(0))
    return None if slope is None or terms else (slope, start)


def offset(monomial: Monomial, index: Bound) -> int:
    """Return the smallest c for which a summand depends on index + c: by its entries or else its numbers.

    A summand with an indicator of the index stays where it is.
    """
    if any(
        isinstance(inner, atoms.INDICATORS) and mentions(inner, index.__eq__)
        for atom, _ in monomial
        for inner in atoms.walk(atom)
    ):
        return 0
    entries = [found for atom, _ in monomial for found in _places(atom, index)]
    return min(entries or [found for atom, _ in monomial for found in _beginnings(atom, index)], default=0)


def _places(atom: Atom, index: Bound) -> Iterator[int]:
    """Yield what is added to the index in the places of entries."""
    elements = (inner for inner in atoms.walk(atom) if isinstance(inner, atoms.Element))
    waiting = [place for element in elements for place in element.indices]
    while waiting:
        base, added = parts(waiting.pop())
        if base == index:
            yield added
        elif isinstance(base, atoms.Element):
            waiting += base.indices


def _beginnings(atom: Atom, index: Bound) -> Iterator[int]:
    """Yield the whole part of b/a for whatever is a · index + b in an atom."""
    if found := _linear(atom, index):
        yield int(found[1] // found[0])
    else:
        for inner in atoms.inside(atom):
            yield from _beginnings(inner, index)
