"""Sums of the normal form: indices replaced, deltas collapsed, factors split, and canonical indices.

A sum of a monomial is brought outward until it holds no sum that depends on its indices, then cut into
factors that share no index. Each factor becomes one atom whose indices have canonical names.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import count, groupby, permutations, product
from typing import TypeVar

from ce.derivation.errors import Unreadable
from ce.derivation.normal_form import atoms
from ce.derivation.normal_form.algebra import Algebra
from ce.derivation.normal_form.atoms import Atom, Bound, Index, Monomial, mentions, shifted
from ce.derivation.normal_form.polynomial import Polynomial, as_number, total
from ce.derivation.normal_form.series import closed, in_fractions, last, offset

__all__ = ["fresh", "opened", "replaced", "summed"]

_MAX_SAME_RANGE = 4
_MAX_STEPS = 20
_HALF = Fraction(1, 2)
_identities = count(atoms.FIRST_FRESH)
_Item = TypeVar("_Item")


def fresh(size: str) -> Bound:
    """Return a summation index that occurs nowhere else."""
    return Bound("bound", next(_identities), size)


# replacing indices


def replaced(algebra: Algebra, monomial: Monomial, mapping: Mapping[Index, Index]) -> Polynomial:
    """Return a monomial with indices replaced, in normal form again; no index is captured."""
    result = Polynomial.number(1)
    for atom, power in monomial:
        result = algebra.multiply(result, algebra.power(_in_atom(algebra, atom, mapping), power))
    return result


def _in_atom(  # noqa: PLR0911  (one for each kind of atom)
    algebra: Algebra, atom: Atom, mapping: Mapping[Index, Index]
) -> Polynomial:
    def inside(polynomial: Polynomial) -> Polynomial:
        return polynomial.mapped(lambda inner: replaced(algebra, inner, mapping))

    if not mentions(atom, mapping.__contains__):
        # As it stands; a bracket to a positive power has been written out before.
        return Polynomial(atom.terms) if isinstance(atom, atoms.Bracket) else Polynomial.of(atom)
    match atom:
        case atoms.Name() | Bound() | atoms.Element():
            return as_number(_at(atom, mapping))
        case atoms.Delta(_, first, second):
            return algebra.delta(_at(first, mapping), _at(second, mapping))
        case atoms.Ordered(_, first, second):
            return algebra.ordered(_at(first, mapping), _at(second, mapping))
        case atoms.Log(_, terms):
            return algebra.log(inside(Polynomial(terms)))
        case atoms.Exp(_, exponent):
            return algebra.exp(replaced(algebra, exponent, mapping))
        case atoms.Bracket(_, terms):
            return inside(Polynomial(terms))
        case atoms.Total():
            indices, body = opened(algebra, atom)
            return summed(algebra, indices, inside(body))
    assert isinstance(atom, atoms.Applied), atom
    arguments = [inside(Polynomial(part)) for part in atom.arguments]
    if atom.function == "power":
        return algebra.raised(*arguments)
    if atom.function == "Abs":
        return algebra.absolute(*arguments)
    return Polynomial.of(atoms.Applied("fun", atom.function, tuple(part.frozen for part in arguments)))


def _at(index: Index, mapping: Mapping[Index, Index]) -> Index:
    if index in mapping:
        return mapping[index]
    if isinstance(index, atoms.Element):
        return atoms.Element("elem", index.base, tuple(_at(inner, mapping) for inner in index.indices))
    if isinstance(index, atoms.Shifted):
        return shifted(_at(index.base, mapping), index.offset)
    return index


def opened(algebra: Algebra, total: atoms.Total) -> tuple[tuple[Bound, ...], Polynomial]:
    """Return the indices, made fresh, and the body of a sum."""
    indices = tuple(fresh(index.size) for index in total.indices)
    mapping: dict[Index, Index] = dict(zip(total.indices, indices, strict=True))
    return indices, replaced(algebra, total.body, mapping)


# sums


def summed(algebra: Algebra, indices: tuple[Bound, ...], body: Polynomial) -> Polynomial:
    """Return the sum of a polynomial over indices that occur nowhere else."""
    return body.mapped(lambda monomial: _sum(algebra, indices, monomial))


def _sum(algebra: Algebra, indices: tuple[Bound, ...], monomial: Monomial) -> Polynomial:
    if not indices:
        return Polynomial.product(monomial)
    for rule in (_hoisted, _collapsed, _absorbed, _eliminated, _in_fractions, _moved, _halved):
        result = rule(algebra, indices, monomial)
        if result is not None:
            return result
    return _factored(algebra, indices, monomial)


def _hoisted(algebra: Algebra, indices: tuple[Bound, ...], monomial: Monomial) -> Polynomial | None:
    """Open a sum inside the monomial that depends on an outer index."""
    for position, (atom, power) in enumerate(monomial):
        whole = power.denominator == 1 and power > 0
        if isinstance(atom, atoms.Total) and whole and mentions(atom, indices.__contains__):
            inner, body = opened(algebra, atom)
            rest = Polynomial.product(_without(monomial, position))
            if power > 1:
                rest = algebra.multiply(rest, Polynomial.of(atom, power - 1))
            return summed(algebra, indices + inner, algebra.multiply(rest, body))
    return None


def _collapsed(algebra: Algebra, indices: tuple[Bound, ...], monomial: Monomial) -> Polynomial | None:
    """Apply Σ_i [i = t] f(i) = f(t), for a t known to be in the range of i."""
    for position, (atom, power) in enumerate(monomial):
        if not isinstance(atom, atoms.Delta) or power != 1:
            continue
        for index, value in ((atom.first, atom.second), (atom.second, atom.first)):
            if index not in indices or mentions(value, index.__eq__):
                continue
            if algebra.facts.in_range(value, index.size):
                rest = replaced(algebra, _without(monomial, position), {index: value})
                return summed(algebra, _without(indices, indices.index(index)), rest)
    return None


def _absorbed(algebra: Algebra, indices: tuple[Bound, ...], monomial: Monomial) -> Polynomial | None:
    """Sum first what cancels a denominator: Σ_m Σ_l a_m c_{lm} / b_m = Σ_m a_m for b_m = Σ_l c_{lm}."""
    for atom, power in monomial:
        if not isinstance(atom, atoms.Total) or power.denominator != 1 or power > 0 or len(atom.indices) > 1:
            continue
        for position, index in enumerate(indices):
            if index.size != atom.indices[0].size:
                continue
            body = algebra.replaced(atom.body, {atom.indices[0]: index})
            users = tuple(item for item in monomial if mentions(item[0], index.__eq__))
            cut = tuple(item for item in monomial if item not in users)
            # What of the body is free of the index would have been taken out of the sum.
            if body == Polynomial.product(users):
                rest = algebra.multiply(Polynomial.product(cut), Polynomial.of(atom))
                return summed(algebra, _without(indices, position), rest)
    return None


def _eliminated(algebra: Algebra, indices: tuple[Bound, ...], monomial: Monomial) -> Polynomial | None:
    """Sum over an index that all factors are free of but an entry of a pmf, or some with a closed form."""
    for position, index in enumerate(indices):
        users = tuple(item for item in monomial if mentions(item[0], index.__eq__))
        value = _one(algebra, index, users) or closed(algebra, index, users)
        if value is not None:
            rest = Polynomial.product(tuple(item for item in monomial if item not in users))
            return summed(algebra, _without(indices, position), algebra.multiply(value, rest))
    return None


def _one(algebra: Algebra, index: Bound, users: Monomial) -> Polynomial | None:
    """Return 1 where what is summed over an index is an entry of a normalised base."""
    match users:
        case ((atoms.Element(_, _, (*outer, own)) as entry, 1),) if own == index and index not in outer:
            inner = any(mentions(place, index.__eq__) for place in outer)
            if not inner and algebra.facts.sums_to_one(entry) == index.size:
                return Polynomial.number(1)
    return None


def _in_fractions(algebra: Algebra, indices: tuple[Bound, ...], monomial: Monomial) -> Polynomial | None:
    """Take a product of fractions apart, so that each may telescope by itself."""
    for index in indices:
        parts = in_fractions(algebra, index, monomial)
        if parts is not None:
            return summed(algebra, indices, parts)
    return None


def _moved(algebra: Algebra, indices: tuple[Bound, ...], monomial: Monomial) -> Polynomial | None:
    """Let a summand begin at the first index: Σ_k f(k + 1) = Σ_k f(k) − f(1) + f(size + 1), and so on."""
    for position, index in enumerate(indices):
        by = offset(monomial, index)
        if by and abs(by) <= _MAX_STEPS:
            new, left = fresh(index.size), _without(indices, position)
            inside = algebra.replaced(monomial, {index: shifted(new, -by)})
            steps, sign = (range(1 - by, 1), 1) if by > 0 else (range(1, 1 - by), -1)
            ends = total(
                (
                    algebra.replaced(monomial, {index: shifted(last(index), step)})
                    - algebra.replaced(monomial, {index: atoms.Whole("int", step)})
                )
                * sign
                for step in steps
            )
            return summed(algebra, (*left, new), inside) + summed(algebra, left, ends)
    return None


def _halved(algebra: Algebra, indices: tuple[Bound, ...], monomial: Monomial) -> Polynomial | None:
    """Apply Σ_i Σ_{j ≤ i} f(i, j) = (Σ_i Σ_j f(i, j) + Σ_i f(i, i)) / 2 for an f that is symmetric."""
    for position, (atom, _) in enumerate(monomial):
        if isinstance(atom, atoms.Ordered) and {atom.first, atom.second} <= set(indices):
            rest, first, second = _without(monomial, position), atom.first, atom.second
            whole = Polynomial.product(rest)
            if algebra.replaced(rest, {first: second, second: first}) == whole:
                both = algebra.multiply(whole, algebra.delta(first, second) + Polynomial.number(1))
                return summed(algebra, indices, both * _HALF)
    return None


def _factored(algebra: Algebra, indices: tuple[Bound, ...], monomial: Monomial) -> Polynomial:
    """Cut a sum into factors that share no index: Σ_k Σ_l f(k) g(l) = Σ_k f(k) · Σ_l g(l)."""
    waiting = [item for item in monomial if mentions(item[0], indices.__contains__)]
    result = Polynomial.product(tuple(item for item in monomial if item not in waiting))
    while waiting:
        group, shared = [waiting.pop()], set[Bound]()
        grown = True
        while grown:
            shared |= {index for index in indices for item in group if mentions(item[0], index.__eq__)}
            joined = [item for item in waiting if mentions(item[0], shared.__contains__)]
            group += joined
            waiting = [item for item in waiting if item not in joined]
            grown = bool(joined)
        factor = _canonical(algebra, tuple(sorted(shared)), tuple(sorted(group)))
        result = algebra.multiply(result, factor)
    return result


def _canonical(algebra: Algebra, indices: tuple[Bound, ...], monomial: Monomial) -> Polynomial:
    """Return the sum atom with canonical indices.

    Two sums that differ in the names of their indices alone must be one atom. So the indices get the names 0,
    1, … at the first level that no sum inside uses (an inner name cannot be captured then), in whatever order
    makes the body smallest in the order of tuples. Indices of different ranges are never exchanged.
    """
    level = 64 * max(atoms.height(atom) for atom, _ in monomial)
    groups = [list(group) for _, group in groupby(sorted(indices, key=_size), key=_size)]
    orders = [permutations(group) if len(group) <= _MAX_SAME_RANGE else [tuple(group)] for group in groups]
    found = []
    for order in product(*orders):
        flat = [index for group in order for index in group]
        names = tuple(Bound("bound", level + place, index.size) for place, index in enumerate(flat))
        term = replaced(algebra, monomial, dict(zip(flat, names, strict=True))).term
        if term is None or term[1] != 1:
            raise Unreadable("renaming a summation index changed a factor")
        found.append((term[0], names))
    body, names = min(found)
    return Polynomial.of(atoms.Total("sum", names, body))


def _size(index: Bound) -> str:
    return index.size


def _without(items: tuple[_Item, ...], position: int) -> tuple[_Item, ...]:
    return items[:position] + items[position + 1 :]
