"""Sums of the normal form: renaming, hoisting, collapsing deltas, factoring, Σp = 1, and canonical indices.

A sum of a monomial is brought outward until it holds no sum that depends on its indices, then cut into
factors that share no index. Each factor becomes one ``("sum", indices, monomial)`` atom whose indices have
canonical names.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import count, groupby, permutations, product

from ce.derivation.errors import Unreadable
from ce.derivation.normal_form.arithmetic import Arithmetic
from ce.derivation.normal_form.terms import (
    Atom,
    Index,
    Monomial,
    Polynomial,
    add,
    bound,
    constant,
    frozen,
    height,
    mentions,
    of_atom,
    scale,
    single,
    thawed,
)

__all__ = ["FIRST_FRESH", "Summation"]

_MAX_SAME_RANGE = 4
FIRST_FRESH = 1 << 40


class Summation(Arithmetic):
    """Arithmetic with sums; the world's facts on ranges come from the class below."""

    def __init__(self) -> None:
        super().__init__()
        self._fresh = count(FIRST_FRESH)

    # what the world knows

    def in_range(self, index: Index, size: str) -> bool:
        """Return whether an index is known to be one of 1, …, ``size``."""
        raise NotImplementedError

    def sums_to_one(self, atom: Atom) -> str | None:
        """Return the size over which an element of a normalised base sums to one in its last index."""
        raise NotImplementedError

    def fresh(self, size: str) -> Index:
        """Return a summation index that occurs nowhere else."""
        return bound(next(self._fresh), size)

    # replacing indices

    def substitute(self, monomial: Monomial, mapping: Mapping[Index, Index]) -> Polynomial:
        """Return a monomial with indices replaced, in normal form again; no index is captured."""
        result = constant(1)
        for atom, power in monomial:
            result = self.multiply(result, self.power(self._replaced(atom, mapping), power))
        return result

    def _replaced(self, atom: Atom, mapping: Mapping[Index, Index]) -> Polynomial:
        kind = atom[0]
        if not mentions(atom, lambda index: index in mapping):
            # As it stands; a "poly" atom to a positive power has been written out before.
            return thawed(atom[1]) if kind == "poly" else of_atom(atom)
        if kind == "elem":
            return of_atom(("elem", atom[1], tuple(_at(index, mapping) for index in atom[2])))
        if kind == "delta":
            return self.delta(_at(atom[1], mapping), _at(atom[2], mapping))
        if kind == "index":
            return self.number(_at(atom[1], mapping))
        return self._rebuilt(atom, mapping)

    def _rebuilt(self, atom: Atom, mapping: Mapping[Index, Index]) -> Polynomial:
        """Return an atom made of other atoms with indices replaced in them."""
        kind = atom[0]
        if kind == "log":
            return self.log(self._each(thawed(atom[1]), mapping))
        if kind == "exp":
            return self.exp(self.substitute(atom[1], mapping))
        if kind == "poly":
            return self._each(thawed(atom[1]), mapping)
        if kind == "sum":
            inner, body = self.opened(atom)
            return self.sum_over(inner, self._each(body, mapping))
        assert kind == "fun", atom
        return of_atom(("fun", atom[1], tuple(frozen(self._each(thawed(part), mapping)) for part in atom[2])))

    def _each(self, polynomial: Polynomial, mapping: Mapping[Index, Index]) -> Polynomial:
        return add(scale(self.substitute(m, mapping), c) for m, c in polynomial.items())

    def number(self, index: Index) -> Polynomial:
        """Return an index used as a number."""
        if index[0] == "int":
            return constant(index[1])
        return of_atom(index if index[0] in ("sym", "elem") else ("index", index))

    def opened(self, atom: Atom) -> tuple[tuple[Index, ...], Polynomial]:
        """Return the indices, made fresh, and the body of a sum atom."""
        mapping = {index: self.fresh(index[2]) for index in atom[1]}
        return tuple(mapping.values()), self.substitute(atom[2], mapping)

    # sums

    def sum_over(self, indices: tuple[Index, ...], body: Polynomial) -> Polynomial:
        """Return the sum of a polynomial over indices that occur nowhere else."""
        return add(scale(self._sum(indices, m), c) for m, c in body.items())

    def _sum(self, indices: tuple[Index, ...], monomial: Monomial) -> Polynomial:
        if not indices:
            return {monomial: Fraction(1)}
        for step in (self._hoist, self._collapse, self._eliminate):
            result = step(indices, monomial)
            if result is not None:
                return result
        return self._factored(indices, monomial)

    def _hoist(self, indices: tuple[Index, ...], monomial: Monomial) -> Polynomial | None:
        """Open a sum inside the monomial that depends on an outer index."""
        for position, (atom, power) in enumerate(monomial):
            if (
                atom[0] == "sum"
                and power.denominator == 1
                and power > 0
                and mentions(atom, indices.__contains__)
            ):
                inner, body = self.opened(atom)
                rest: Polynomial = {monomial[:position] + monomial[position + 1 :]: Fraction(1)}
                if power > 1:
                    rest = self.multiply(rest, of_atom(atom, power - 1))
                return self.sum_over(indices + inner, self.multiply(rest, body))
        return None

    def _collapse(self, indices: tuple[Index, ...], monomial: Monomial) -> Polynomial | None:
        """Apply Σ_i [i = t] f(i) = f(t), for a t known to be in the range of i."""
        for position, (atom, power) in enumerate(monomial):
            if atom[0] != "delta" or power != 1:
                continue
            for index, value in ((atom[1], atom[2]), (atom[2], atom[1])):
                inside = value[0] == "elem" and mentions(("index", value), index.__eq__)
                if index in indices and not inside and self.in_range(value, index[2]):
                    rest = monomial[:position] + monomial[position + 1 :]
                    left = tuple(other for other in indices if other != index)
                    return self.sum_over(left, self.substitute(rest, {index: value}))
        return None

    def _eliminate(self, indices: tuple[Index, ...], monomial: Monomial) -> Polynomial | None:
        """Sum over an index that occurs nowhere, or only in an element of a normalised base."""
        for index in indices:
            users = [item for item in monomial if mentions(item[0], index.__eq__)]
            left = tuple(other for other in indices if other != index)
            if not users:
                size = index[2]
                many = constant(int(size)) if size.isdigit() else of_atom(("sym", size))
                return self.multiply(many, self._sum(left, monomial))
            atom, power = users[0]
            if len(users) == 1 and power == 1 and atom[0] == "elem" and atom[2][-1] == index:
                elsewhere = mentions(("elem", "", atom[2][:-1]), index.__eq__)
                if not elsewhere and self.sums_to_one(atom) == index[2]:
                    return self._sum(left, tuple(item for item in monomial if item != users[0]))
        return None

    def _factored(self, indices: tuple[Index, ...], monomial: Monomial) -> Polynomial:
        """Cut a sum into factors that share no index."""
        result: Polynomial = {
            tuple(item for item in monomial if not mentions(item[0], indices.__contains__)): Fraction(1)
        }
        waiting = [item for item in monomial if mentions(item[0], indices.__contains__)]
        while waiting:
            group, shared = [waiting.pop()], set[Index]()
            grown = True
            while grown:
                shared |= {index for index in indices for item in group if mentions(item[0], index.__eq__)}
                joined = [item for item in waiting if mentions(item[0], shared.__contains__)]
                group += joined
                waiting = [item for item in waiting if item not in joined]
                grown = bool(joined)
            result = self.multiply(result, self._canonical(tuple(sorted(shared)), tuple(sorted(group))))
        return result

    def _canonical(self, indices: tuple[Index, ...], monomial: Monomial) -> Polynomial:
        """Return the sum atom with canonical indices: of all orders within a range, the smallest."""
        level = 64 * max(height(atom) for atom, _ in monomial)
        groups = [list(group) for _, group in groupby(sorted(indices, key=_size), key=_size)]
        orders = [
            permutations(group) if len(group) <= _MAX_SAME_RANGE else [tuple(group)] for group in groups
        ]
        best = None
        for order in product(*orders):
            flat = [index for group in order for index in group]
            names = tuple(bound(level + place, index[2]) for place, index in enumerate(flat))
            renamed = self.substitute(monomial, dict(zip(flat, names, strict=True)))
            term = single(renamed)
            if term is None or term[1] != 1:
                raise Unreadable("renaming a summation index changed a factor")
            terms = term[0]
            if best is None or terms < best[1]:
                best = (names, terms)
        assert best is not None
        return of_atom(("sum", *best))


def _size(index: Index) -> str:
    return str(index[2])


def _at(index: Index, mapping: Mapping[Index, Index]) -> Index:
    if index in mapping:
        return mapping[index]
    if index[0] == "elem":
        return ("elem", index[1], tuple(_at(inner, mapping) for inner in index[2]))
    return index
