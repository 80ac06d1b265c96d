"""What the index of a sum stands for when the sum does not run from 1 to a size.

A sum from i + a to j + b, for two indices i and j in 1, …, size, is the sum of all k in 1, …, size times
[i ≤ k] [k ≤ j], less or more a few terms at its ends. The number 1 may be the one and the size the other; the
indicators are 1 then. That holds whatever is summed, as long as the sum does not run backwards: it may end
just before it begins, and be empty, but no earlier.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ce.derivation.errors import Unreadable
from ce.derivation.normal_form.algebra import Algebra
from ce.derivation.normal_form.atoms import Bound, Index, Name, Whole, parts, shifted
from ce.derivation.normal_form.facts import Facts
from ce.derivation.normal_form.polynomial import Polynomial
from ce.derivation.normal_form.summation import fresh

__all__ = ["Place", "places"]


class Place(NamedTuple):
    """What the index stands for at some of the terms: what is summed over there, and times what."""

    place: Index
    summed: tuple[Bound, ...]
    weight: Polynomial


def places(algebra: Algebra, low: Index, high: Index, *, from_one: bool) -> Iterator[Place]:
    """Yield places whose terms add up to the sum.

    Parameters
    ----------
    algebra
        Knows the world.
    low, high
        The ends.
    from_one
        Count from 1 where the sum begins later: what is summed need not have a value before.

    Raises
    ------
    Unreadable
        For ends that are not counted from 1, a size or an index, and a sum that may run backwards.
    """
    (first, a), (last, b) = parts(low), parts(high)
    if first is None and last is None:
        yield from (_one(_whole(at)) for at in range(a, b + 1))
        return
    size = _size(algebra.facts, first, last)
    full: Index = _whole(int(size)) if size.isdigit() else Name("sym", size)
    start, a = (first, a) if first else (_whole(1), a - 1)
    end, b = (last, b) if last else (full, b - parts(full)[1])
    terms = b - a + (1 if first or end != full else algebra.facts.least(size))  # at least so many
    apart = (first and end != full) or _size(algebra.facts, last, first) != size
    if terms < 0 or apart or not (last or size.isdigit()):
        raise Unreadable("the sum may run backwards; say in at_least how large its size is")
    by = a if from_one and a > 0 else 0
    a, b = a - by, b - by
    for at in map(_whole, range(1, int(size) + 1)) if size.isdigit() else (fresh(size),):
        weight = algebra.multiply(algebra.ordered(start, at), algebra.ordered(at, end))
        yield Place(shifted(at, by), (at,) if isinstance(at, Bound) else (), weight)
    # The terms that are missing or too many, before the first and after the last.
    for step in (*range(a), *range(a, 0)):
        yield _one(shifted(start, step + by), -1 if a > 0 else 1)
    for step in (*range(1, b + 1), *range(b + 1, 1)):
        yield _one(shifted(end, step + by), 1 if b > 0 else -1)


def _whole(at: int) -> Index:
    return Whole("int", at)


def _one(index: Index, weight: int = 1) -> Place:
    return Place(index, (), Polynomial.number(weight))


def _size(facts: Facts, *indices: Index | None) -> str:
    """Return the size up to which the first of some indices runs, or that it is itself."""
    index = next(index for index in indices if index is not None)
    size = facts.range_of(index)
    if size is None and isinstance(index, Name):
        symbol = facts.things["sym", index.name]
        size = index.name if symbol.is_integer and symbol.is_positive else None
    if size is None:
        raise Unreadable(f"expected a sum up to a size or an index of known range, got {index[1]}")
    return size
