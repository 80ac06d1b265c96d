"""What a normal form is made of: atoms, products of their powers, and sums of products.

SymPy's own objects evaluate themselves on construction and know nothing of the range of an index, which is
where its wrong answers on sums come from. Tuples do nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import chain, count
from typing import Any, NamedTuple, TypeAlias

INDICATORS = ("delta", "ordered")
"""Atoms that are 0 or 1: each is its own square."""
MADE = (*INDICATORS, "log", "exp", "raised")
"""Atoms that the method of an algebra so called makes of their parts."""
_FIRST_FRESH = 1 << 40  # numbers from here on are of indices that occur nowhere else; smaller ones are canonical
_numbers = count(_FIRST_FRESH)


class Atom(NamedTuple):
    """A factor of a product, or an index. All have fields of the same types, so that they have a total order.

    ========== ============================================================================================
    ``int``    a whole number: as an index the place, as a factor a prime to some power that is not whole
    ``sym``    a symbol, by its name
    ``bound``  a summation index over 1, …, ``name``: the name of a size, or a number written out
    ``elem``   an element of a base, such as q_k; as an index a label, such as x_n
    ``shift``  an index and a number that is not 0, such as k + 1
    ``delta``  the Kronecker delta [first = second]; ``ordered`` is [first ≤ second], of two indices of one range
    ``pi``     the number π
    ``log``    the logarithm of a polynomial; ``exp`` the exponential of a product of coefficient 1, such as e = exp 1
    ``poly``   a sum in brackets, to a power that is negative or not whole: any other is written out;
               as the root of a square it is an absolute value
    ``sum``    the sum of a product over indices
    ``raised`` a power with an exponent that is no number
    ``fun``    a function of which only its name is known
    ========== ============================================================================================
    """

    kind: str
    name: str = ""
    number: int = 0
    indices: tuple[Atom, ...] = ()
    inner: tuple[Frozen, ...] = ()

    @classmethod
    def whole(cls, number: int) -> Atom:
        """Return a number as an index."""
        return cls("int", number=number)

    @classmethod
    def fresh(cls, size: str) -> Atom:
        """Return a summation index that occurs nowhere else."""
        return cls("bound", size, next(_numbers))

    @property
    def is_fresh(self) -> bool:
        """Whether it is such an index."""
        return self.kind == "bound" and self.number >= _FIRST_FRESH

    @property
    def last(self) -> Atom:
        """The last value of a summation index: its size, as an index."""
        return Atom.whole(int(self.name)) if self.name.isdigit() else Atom("sym", self.name)

    def mentions(self, name: str) -> bool:
        """Return whether a symbol, base or function of that name stands in the atom, its indices or its sizes."""
        return any(part.name.partition("|")[0] == name for part in within(self))

    @property
    def parts(self) -> tuple[Atom | None, int]:
        """What the index is counted from, None for a number, and the number that is added."""
        if self.kind == "int":
            return None, self.number
        return (self.indices[0], self.number) if self.kind == "shift" else (self, 0)

    def shifted(self, by: int) -> Atom:
        """Return the index and a number added to it."""
        base, offset = self.parts
        if base is None:
            return Atom.whole(offset + by)
        return Atom("shift", number=offset + by, indices=(base,)) if offset + by else base

    def moved(self, mapping: dict[Atom, Atom]) -> Atom:
        """Return the index with others in the place of those in it."""
        if self in mapping or not self.indices:
            return mapping.get(self, self)
        inner = tuple(each.moved(mapping) for each in self.indices)
        return inner[0].shifted(self.number) if self.kind == "shift" else self._replace(indices=inner)

    def as_number(self) -> Polynomial:
        """Return the index used as a number."""
        base, offset = self.parts
        return Polynomial.number(offset) + (Polynomial() if base is None else Polynomial.of(base))


Monomial: TypeAlias = tuple[tuple[Atom, Fraction], ...]
"""A product: its atoms, sorted, with their exponents."""
Frozen: TypeAlias = tuple[tuple[Monomial, Fraction], ...]
"""A polynomial inside an atom: its monomials, sorted, with their coefficients."""


class Polynomial(dict[Monomial, Fraction]):
    """A sum: its monomials with coefficients that are not 0. Products are made by an algebra."""

    @classmethod
    def number(cls, value: Fraction | int) -> Polynomial:
        """Return the polynomial that is a number."""
        return cls({(): Fraction(value)} if value else {})

    @classmethod
    def of(cls, atom: Atom, exponent: Fraction | int = 1) -> Polynomial:
        """Return the polynomial that is one atom to a power."""
        return cls.product(((atom, Fraction(exponent)),))

    @classmethod
    def product(cls, monomial: Monomial) -> Polynomial:
        """Return the polynomial that is one monomial."""
        return cls({monomial: Fraction(1)})

    def __add__(self, other: Polynomial) -> Polynomial:
        return total((self, other))

    def __sub__(self, other: Polynomial) -> Polynomial:
        return total((self, other * -1))

    def __mul__(self, factor: Fraction | int) -> Polynomial:
        return Polynomial({monomial: c * factor for monomial, c in self.items()} if factor else {})

    def mapped(self, image: Callable[[Monomial], Polynomial]) -> Polynomial:
        """Return the sum of the images of the monomials, times their coefficients."""
        return total(image(monomial) * coefficient for monomial, coefficient in self.items())

    @property
    def frozen(self) -> Frozen:
        """The terms as a tuple that is hashable and ordered; ``Polynomial(dict(frozen))`` is the way back."""
        return tuple(sorted(self.items()))


def total(parts: Iterable[Mapping[Any, Fraction]]) -> Polynomial:
    """Return the sum of polynomials, or the powers of a product; what cancels is gone."""
    numbers: dict[Any, Fraction] = {}
    for key, number in chain.from_iterable(part.items() for part in parts):
        numbers[key] = numbers[key] + number if key in numbers else number
    return Polynomial({key: number for key, number in numbers.items() if number})


def made(kind: str, *inner: Polynomial, name: str = "", power: Fraction | int = 1) -> Polynomial:
    """Return an atom with polynomials inside it, to a power."""
    return Polynomial.of(Atom(kind, name, inner=tuple(polynomial.frozen for polynomial in inner)), power)


@lru_cache(maxsize=20_000)
def within(atom: Atom) -> frozenset[Atom]:
    """Return an atom with every atom and index inside it."""
    inner = (each for terms in atom.inner for monomial, _ in terms for each, _ in monomial)
    return frozenset((atom,)).union(*map(within, (*atom.indices, *inner)))
