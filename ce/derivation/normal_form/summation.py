"""Sums of the normal form: deltas collapsed, closed forms, factors split, and canonical indices.

A sum of a monomial is brought outward until it holds no sum that depends on its indices, then cut into
factors that share no index. Each factor becomes one atom whose indices have canonical names.

A sum telescopes when its parts are the same but for where they begin: Σ 1/k − Σ 1/(k+1) is left with two ends. So
every summand is moved to begin at the first index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import chain, groupby, permutations, product
from math import comb
from typing import NamedTuple, TypeAlias

from sympy import bernoulli

from ce.derivation.normal_form.algebra import ONE, Algebra
from ce.derivation.normal_form.facts import Facts
from ce.derivation.normal_form.terms import INDICATORS, Atom, Monomial, Polynomial, total, within
from ce.derivation.verdict import Unreadable

_MAX_SAME_RANGE = 4
_MAX_STEPS = 20
_MAX_WRITTEN = 1000  # terms of a sum between two numbers
_MAX_DEGREE = 7
Indices: TypeAlias = tuple[Atom, ...]
Place: TypeAlias = tuple[Atom, Indices, Polynomial]
"""What the index of a sum stands for at some of its terms: the place, what is summed over, and times what."""
_UpTo: TypeAlias = Callable[[Atom], Polynomial]
"""A sum from 1 on, as a function of the last index."""


def summed(algebra: Algebra, indices: Indices, body: Polynomial) -> Polynomial:
    """Return the sum of a polynomial over indices that occur nowhere else."""
    return body.mapped(lambda monomial: SumOfProduct(algebra, indices, monomial).value)


class SumOfProduct(NamedTuple):
    """The sum of one monomial over some indices. Each rule yields its value, or sums nearer to it, where it applies."""

    algebra: Algebra
    indices: Indices
    monomial: Monomial

    @property
    def value(self) -> Polynomial:
        """The sum by the first rule that applies."""
        rules = self._hoisted, self._collapsed, self._eliminated, self._begun_at_one, self._factored
        return next(chain.from_iterable(rule() for rule in rules))

    def _less(self, index: Atom, body: Polynomial) -> Polynomial:
        """Return the sum of another body over the indices but one."""
        return summed(self.algebra, tuple(other for other in self.indices if other != index), body)

    def _at(self, index: Atom, place: Atom) -> Polynomial:
        return self.algebra.replaced(self.monomial, {index: place})

    def _hoisted(self) -> Iterator[Polynomial]:
        """Open a sum inside the monomial that depends on an outer index."""
        for atom, power in _split(self.monomial, *self.indices)[0]:
            if atom.kind == "sum" and power.denominator == 1 and power > 0:
                inner, body = self.algebra.opened(atom)
                rest = self.algebra.times(Polynomial.product(self.monomial), ((atom, Fraction(-1)),))
                yield summed(self.algebra, self.indices + inner, self.algebra.multiply(rest, body))

    def _collapsed(self) -> Iterator[Polynomial]:
        """Apply Σ_i [i = t] f(i) = f(t), for a t known to be in the range of i."""
        for delta in (atom for atom, power in self.monomial if atom.kind == "delta" and power == 1):
            for index, value in (delta.indices, delta.indices[::-1]):
                known = index in self.indices and index not in within(value)
                if known and self.algebra.facts.in_range(value, index.name):
                    rest = tuple(item for item in self.monomial if item[0] != delta)
                    yield self._less(index, self.algebra.replaced(rest, {index: value}))

    def _eliminated(self) -> Iterator[Polynomial]:
        """Sum over an index where the sum of all that depends on it has a closed form."""
        for index in self.indices:
            users, rest = _split(self.monomial, index)
            for value in _closed(self.algebra, index, users):
                yield self._less(index, self.algebra.multiply(value, Polynomial.product(rest)))

    def _begun_at_one(self) -> Iterator[Polynomial]:
        """Let a summand begin at the first index: Σ_k f(k + 1) = Σ_k f(k) − f(1) + f(size + 1), and so on."""
        for index in self.indices:
            by = _offset(self.monomial, index)
            if by and abs(by) <= _MAX_STEPS:
                steps, sign = (range(1 - by, 1), 1) if by > 0 else (range(1, 1 - by), -1)
                new = Atom.fresh(index.name)
                ends = (self._at(index, index.last.shifted(n)) - self._at(index, Atom.whole(n)) for n in steps)
                inside = summed(self.algebra, (new,), self._at(index, new.shifted(-by)))
                yield self._less(index, inside + total(ends) * sign)

    def _factored(self) -> Iterator[Polynomial]:
        """Cut the sum into factors that share no index: Σ_k Σ_l f(k) g(l) = Σ_k f(k) · Σ_l g(l)."""
        users, outside = _split(self.monomial, *self.indices)
        group, rest = users[:1], users[1:]
        shared: Indices = ()
        while shared != (more := tuple(index for index in self.indices if _split(group, index)[0])):
            shared, (group, rest) = more, _split(users, *more)
        others = tuple(index for index in self.indices if index not in shared)
        one = _canonical(self.algebra, tuple(sorted(shared)), group) if shared else ONE
        other = summed(self.algebra, others, Polynomial.product(rest)) if rest else ONE
        yield self.algebra.multiply(Polynomial.product(outside), one, other)


def _canonical(algebra: Algebra, indices: Indices, monomial: Monomial) -> Polynomial:
    """Return the sum atom with canonical indices.

    Two sums that differ in the names of their indices alone must be one atom. So the indices get the numbers 0, 1, …
    at the first level that no sum inside uses, in whatever order of those of one range makes the body smallest.
    """
    sums = [part for atom, _ in monomial for part in within(atom) if part.kind == "sum"]
    level = 64 * max((index.number // 64 + 1 for part in sums for index in part.indices), default=0)
    groups = [list(group) for _, group in groupby(indices, key=lambda index: index.name)]  # sorted by their ranges
    orders = [permutations(group) if len(group) <= _MAX_SAME_RANGE else [tuple(group)] for group in groups]
    found = []
    for order in map(chain.from_iterable, product(*orders)):
        names = {index: Atom("bound", index.name, level + place) for place, index in enumerate(order)}
        renamed = algebra.replaced(monomial, names)
        if [*renamed.values()] != [1]:
            raise Unreadable("renaming a summation index changed a factor")
        found.append((renamed.frozen, tuple(names.values())))
    body, places = min(found)
    return Polynomial.of(Atom("sum", indices=places, inner=(body,)))


def _split(monomial: Monomial, *indices: Atom) -> tuple[Monomial, Monomial]:
    """Return the factors that depend on one of some indices, and the others."""
    users = tuple(item for item in monomial if not within(item[0]).isdisjoint(indices))
    return users, tuple(item for item in monomial if item not in users)


def _closed(algebra: Algebra, index: Atom, users: Monomial) -> Iterator[Polynomial]:
    """Yield the sum over an index of the product of all that depends on it: an entry of a pmf, or a closed form."""
    match users:
        case ((Atom("elem") as entry, 1),) if algebra.facts.sums_to_one(entry, index):
            yield ONE
    bounds = [atom.indices for atom, _ in users if atom.kind == "ordered"]
    rest = tuple(item for item in users if item[0].kind != "ordered")
    up_to = _of_powers(algebra, index, rest) or _geometric(algebra, index, rest)
    if up_to and len(bounds) <= 1:
        low, high = bounds[0] if bounds else (index, index.last)
        if low == index and algebra.facts.in_range(high, index.name):
            yield up_to(high)
        elif high == index and algebra.facts.in_range(low, index.name):
            yield up_to(index.last) - up_to(low) + algebra.replaced(rest, {index: low})


def _of_powers(algebra: Algebra, index: Atom, users: Monomial) -> _UpTo | None:
    """Return 1^n + … + t^n by Faulhaber's formula; n is 0 where nothing depends on the index."""
    (atom, power), *more = users or ((index, Fraction(0)),)
    if more or atom != index or power not in range(_MAX_DEGREE + 1):
        return None
    n = int(power)
    numbers = [Fraction(bernoulli(at)) * comb(n + 1, at) / (n + 1) for at in range(n + 1)]  # the second of them is 1/2
    return lambda end: total(algebra.power(end.as_number(), Fraction(n + 1 - at)) * b for at, b in enumerate(numbers))


def _geometric(algebra: Algebra, index: Atom, users: Monomial) -> _UpTo | None:
    """Return f(1) + … + f(t) = (f(t + 1) − f(1))/(r − 1) where r = f(k + 1)/f(k) is free of k and known not to be 1."""
    if not all(atom.kind in ("exp", "raised") and (index, ONE[()]) in atom.inner[-1][0][0] for atom, _ in users):
        return None  # the index stands in no exponent, or not as a factor

    def at(place: Atom) -> Polynomial:
        return algebra.replaced(users, {index: place})

    ratio = algebra.multiply(at(index.shifted(1)), algebra.power(Polynomial.product(users), Fraction(-1)))
    if any(_split(part, index)[0] for part in ratio) or ratio == ONE or algebra.zeros(ratio - ONE):
        return None
    outside = algebra.power(ratio - ONE, Fraction(-1))
    return lambda end: algebra.multiply(outside, at(end.shifted(1)) - at(Atom.whole(1)))


def _offset(monomial: Monomial, index: Atom) -> int:
    """Return the smallest c for which a summand depends on index + c: by its entries or else its numbers.

    A summand with an indicator of the index stays where it is.
    """
    inside = [part for atom, _ in monomial for part in within(atom)]
    if any(part.kind in INDICATORS and index in within(part) for part in inside):
        return 0
    places = (place.parts for part in inside if part.kind == "elem" for place in part.indices)
    entries = [at for base, at in places if base == index]
    return min(entries or [found for atom, _ in monomial for found in _beginnings(atom, index)], default=0)


def _beginnings(atom: Atom, index: Atom) -> list[int]:
    """Return the whole part of b/a for whatever is a · index + b in an atom."""
    terms = Polynomial(atom.inner[0]) if atom.kind in ("poly", "log") else Polynomial.of(atom)
    if (slope := terms.pop(((index, Fraction(1)),), None)) and not {*terms} - {()}:
        return [int(terms.get((), Fraction(0)) // slope)]
    inside = (each for terms in atom.inner for monomial, _ in terms for each, _ in monomial)
    return [found for each in inside for found in _beginnings(each, index)]


def places(algebra: Algebra, low: Atom, high: Atom, *, from_one: bool) -> Iterator[Place]:
    """Yield places whose terms add up to the sum from one index to another.

    A sum from i + a to j + b, for indices i and j in 1, …, size, is the sum over 1, …, size times [i ≤ k] [k ≤ j],
    less or more a few terms at its ends; 1 may be the one and the size the other. It may be empty, but not end earlier.
    With ``from_one`` it is counted from 1 where it begins later: what is summed need not have a value before.
    """
    (first, a), (last, b) = low.parts, high.parts
    if first is None and last is None:
        if b - a > _MAX_WRITTEN:
            raise Unreadable(f"a sum of {b - a + 1} terms is too long to be written out")
        yield from ((Atom.whole(at), (), ONE) for at in range(a, b + 1))
        return
    size = _size(algebra.facts, first, last)
    full = Atom("bound", size).last
    start, a = (first, a) if first else (Atom.whole(1), a - 1)
    end, b = (last, b) if last else (full, b - full.parts[1])
    terms = b - a + (1 if first or end != full else algebra.facts.least(size))  # at least so many
    apart = (first and end != full) or _size(algebra.facts, last, first) != size
    if terms < 0 or apart or not (last or size.isdigit()):
        raise Unreadable("the sum may run backwards; say in at_least how large its size is")
    by = a if from_one and a > 0 else 0
    a, b = a - by, b - by
    for at in map(Atom.whole, range(1, int(size) + 1)) if size.isdigit() else (Atom.fresh(size),):
        weight = algebra.multiply(algebra.ordered(start, at), algebra.ordered(at, end))
        yield at.shifted(by), () if at.kind == "int" else (at,), weight
    # The terms that are missing or too many, before the first and after the last.
    for step in (*range(a), *range(a, 0)):
        yield start.shifted(step + by), (), ONE * (-1 if a > 0 else 1)
    for step in (*range(1, b + 1), *range(b + 1, 1)):
        yield end.shifted(step + by), (), ONE * (1 if b > 0 else -1)


def _size(facts: Facts, *indices: Atom | None) -> str:
    """Return the size up to which the first of some indices runs, or that it is itself."""
    index = next(index for index in indices if index is not None)
    size = facts.range_of(index)
    if size is None and index.kind == "sym":
        symbol = facts.things["sym", index.name]
        size = index.name if symbol.is_integer and symbol.is_positive else None
    if size is None:
        raise Unreadable(f"expected a sum up to a size or an index of known range, got {index.name}")
    return size
