"""What the terms of the normal form are made of: indices and atoms, as named tuples.

SymPy's own objects evaluate themselves on construction and know nothing of the range of an index, which is
where its wrong answers on sums come from. Tuples do nothing by themselves.

All begin with their kind. So Python's comparison of tuples is a total order on them: the kind tells two kinds
apart, and two of one kind have fields of the same types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

__all__ = [
    "FIRST_FRESH",
    "INDICATORS",
    "Applied",
    "Atom",
    "Bound",
    "Bracket",
    "Constant",
    "Delta",
    "Element",
    "Exp",
    "Frozen",
    "Index",
    "Log",
    "Monomial",
    "Name",
    "Ordered",
    "Shifted",
    "Total",
    "Whole",
    "height",
    "indices_of",
    "inside",
    "mentions",
    "mentions_name",
    "parts",
    "shifted",
    "walk",
]

FIRST_FRESH = 1 << 40
"""Identities from here on are of summation indices that occur nowhere else; smaller ones are canonical."""


class Whole(NamedTuple):
    """A whole number: as an index the place, as an atom a prime to some power that is not whole."""

    kind: Literal["int"]
    value: int


class Name(NamedTuple):
    """A symbol, by its name."""

    kind: Literal["sym"]
    name: str


class Bound(NamedTuple):
    """A summation index over 1, …, ``size``, which is the name of a size or a number written out."""

    kind: Literal["bound"]
    identity: int
    size: str


class Element(NamedTuple):
    """An element of a base, such as q_k; as an index a label, such as x_n."""

    kind: Literal["elem"]
    base: str
    indices: tuple[Index, ...]


class Shifted(NamedTuple):
    """An index and a whole number that is not 0, such as k + 1."""

    kind: Literal["shift"]
    base: Name | Bound | Element
    offset: int


class Delta(NamedTuple):
    """The Kronecker delta [first = second]."""

    kind: Literal["delta"]
    first: Index
    second: Index


class Ordered(NamedTuple):
    """The indicator [first ≤ second], of two indices of one range."""

    kind: Literal["le"]
    first: Index
    second: Index


class Constant(NamedTuple):
    """The number e or π."""

    kind: Literal["const"]
    name: str


class Log(NamedTuple):
    """The logarithm of a polynomial."""

    kind: Literal["log"]
    argument: Frozen


class Exp(NamedTuple):
    """The exponential of a monomial; its coefficient is the exponent of this atom."""

    kind: Literal["exp"]
    exponent: Monomial


class Bracket(NamedTuple):
    """A sum in brackets, to a power that is negative or not whole: any other is written out."""

    kind: Literal["poly"]
    terms: Frozen


class Total(NamedTuple):
    """The sum of a monomial over indices."""

    kind: Literal["sum"]
    indices: tuple[Bound, ...]
    body: Monomial


class Applied(NamedTuple):
    """A function of which only its name is known, and the absolute value."""

    kind: Literal["fun"]
    function: str
    arguments: tuple[Frozen, ...]


Index: TypeAlias = Whole | Name | Bound | Element | Shifted
Atom: TypeAlias = Whole | Name | Bound | Element | Delta | Ordered | Constant | Log | Exp | Bracket | Total | Applied
Monomial: TypeAlias = tuple[tuple[Atom, Fraction], ...]
"""A product: its atoms, sorted, with their exponents."""
Frozen: TypeAlias = tuple[tuple[Monomial, Fraction], ...]
"""A polynomial inside an atom: its monomials, sorted, with their coefficients."""

INDICATORS = (Delta, Ordered)
"""Atoms that are 0 or 1: each is its own square."""


def parts(index: Index) -> tuple[Name | Bound | Element | None, int]:
    """Return what an index is counted from, None for a number, and the number that is added."""
    if isinstance(index, Whole):
        return None, index.value
    return (index.base, index.offset) if isinstance(index, Shifted) else (index, 0)


def shifted(index: Index, by: int) -> Index:
    """Return an index and a number added to it."""
    base, offset = parts(index)
    if base is None:
        return Whole("int", offset + by)
    return Shifted("shift", base, offset + by) if offset + by else base


def inside(atom: Atom | Shifted) -> Iterable[Atom]:
    """Return the atoms of which an atom is made, other than those in indices."""
    monomials: Iterable[Monomial] = ()
    match atom:
        case Log(_, terms) | Bracket(_, terms):
            monomials = (monomial for monomial, _ in terms)
        case Exp(_, monomial) | Total(_, _, monomial):
            monomials = (monomial,)
        case Applied(_, _, arguments):
            monomials = (monomial for terms in arguments for monomial, _ in terms)
    return (inner for monomial in monomials for inner, _ in monomial)


def walk(atom: Atom | Shifted) -> Iterator[Atom | Shifted]:
    """Yield an atom and every atom inside it, other than those in indices."""
    yield atom
    for inner in inside(atom):
        yield from walk(inner)


def indices_of(atom: Atom | Shifted) -> Iterator[Index]:
    """Yield what may stand for an index in an atom: indices, and symbols and elements used as numbers."""
    for inner in walk(atom):
        match inner:
            case Delta(_, first, second) | Ordered(_, first, second):
                stack = [first, second]
            case Name() | Bound() | Element() | Shifted():
                stack = [inner]
            case _:
                continue
        while stack:
            index = stack.pop()
            yield index
            if isinstance(index, Element):
                stack.extend(index.indices)
            elif isinstance(index, Shifted):
                stack.append(index.base)


def mentions(atom: Atom | Shifted, test: Callable[[Index], bool]) -> bool:
    """Return whether an index inside an atom passes a test."""
    return any(map(test, indices_of(atom)))


def mentions_name(atom: Atom | Shifted, name: str) -> bool:
    """Return whether a symbol or base of that name stands in an atom, its indices or its sums' sizes."""
    return mentions(atom, lambda index: name in index[1:])


def height(atom: Atom) -> int:
    """Return one more than the largest level of a canonical summation index inside an atom, 0 without any."""
    levels = [index.identity // 64 + 1 for inner in walk(atom) if isinstance(inner, Total) for index in inner.indices]
    return max(levels, default=0)
