"""The data the normal form is made of: indices, atoms, monomials and polynomials, as plain tuples.

SymPy's own objects evaluate themselves on construction and know nothing of the range of an index, which is
where its wrong answers on sums come from. Tuples do nothing by themselves.

* an *index* is ``("int", 3)``, ``("sym", "c")``, ``("bound", 7, "K")`` (a summation index over 1, …, K) or a
  label ``("elem", "x", (index,))``;
* an *atom* is ``("sym", name)``, ``("elem", base, indices)``, ``("delta", index, index)``,
  ``("index", index)``, ``("int", prime)``, ``("const", name)``, ``("log", polynomial)``,
  ``("exp", monomial)``, ``("poly", polynomial)``, ``("sum", bound indices, monomial)`` or
  ``("fun", name, polynomials)``;
* a *monomial* is a sorted tuple of (atom, exponent), a *polynomial* a mapping from monomials to coefficients,
  both exact fractions. Frozen into an atom, a polynomial is the sorted tuple of its items.

Tuples of one kind have the same shape, so that Python's own comparison is a total order on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, TypeAlias

__all__ = [
    "Atom", "Frozen", "Index", "Monomial", "Polynomial", "add", "bound", "constant", "frozen", "height",
    "indices_of", "mentions", "mentions_name", "of_atom", "scale", "single", "thawed", "walk",
]  # fmt: skip

Index: TypeAlias = tuple[Any, ...]
Atom: TypeAlias = tuple[Any, ...]
Monomial: TypeAlias = tuple[tuple[Atom, Fraction], ...]
Polynomial: TypeAlias = dict[Monomial, Fraction]
Frozen: TypeAlias = tuple[tuple[Monomial, Fraction], ...]

_ONE = Fraction(1)


def bound(identity: int, size: str) -> Index:
    """Return a summation index over 1, …, ``size``."""
    return ("bound", identity, size)


def constant(value: Fraction | int) -> Polynomial:
    """Return the polynomial that is a number."""
    return {(): Fraction(value)} if value else {}


def of_atom(atom: Atom, exponent: Fraction | int = 1) -> Polynomial:
    """Return the polynomial that is one atom to a power."""
    return {((atom, Fraction(exponent)),): _ONE}


def add(polynomials: Iterable[Polynomial]) -> Polynomial:
    """Return the sum of polynomials; terms that cancel are gone."""
    total: Polynomial = {}
    for polynomial in polynomials:
        for monomial, coefficient in polynomial.items():
            value = total.get(monomial, 0) + coefficient
            if value:
                total[monomial] = value
            else:
                total.pop(monomial, None)
    return total


def scale(polynomial: Polynomial, factor: Fraction | int) -> Polynomial:
    """Return a polynomial times a number."""
    return {monomial: coefficient * factor for monomial, coefficient in polynomial.items()} if factor else {}


def frozen(polynomial: Polynomial) -> Frozen:
    """Return the polynomial as a hashable, ordered tuple."""
    return tuple(sorted(polynomial.items()))


def thawed(items: Frozen) -> Polynomial:
    """Return the polynomial of a frozen one."""
    return dict(items)


def single(polynomial: Polynomial) -> tuple[Monomial, Fraction] | None:
    """Return the monomial and coefficient of a polynomial of one term, else None."""
    return next(iter(polynomial.items())) if len(polynomial) == 1 else None


def walk(atom: Atom) -> Iterator[Atom]:
    """Yield an atom and every atom inside it."""
    yield atom
    kind = atom[0]
    if kind in ("log", "poly"):
        monomials: Iterable[Monomial] = (monomial for monomial, _ in atom[1])
    elif kind == "exp":
        monomials = (atom[1],)
    elif kind == "sum":
        monomials = (atom[2],)
    elif kind == "fun":
        monomials = (monomial for items in atom[2] for monomial, _ in items)
    else:
        return
    for monomial in monomials:
        for inner, _ in monomial:
            yield from walk(inner)


def _indices(atom: Atom) -> Iterator[Index]:
    kind = atom[0]
    stack = list(atom[2]) if kind == "elem" else list(atom[1:]) if kind in ("delta", "index") else []
    while stack:
        index = stack.pop()
        yield index
        if index[0] == "elem":
            stack.extend(index[2])


def indices_of(atom: Atom) -> Iterator[Index]:
    """Yield every index inside an atom."""
    for inner in walk(atom):
        yield from _indices(inner)


def mentions(atom: Atom, test: Callable[[Index], bool]) -> bool:
    """Return whether an index inside an atom passes a test."""
    return any(map(test, indices_of(atom)))


def mentions_name(atom: Atom, name: str) -> bool:
    """Return whether a symbol or base of that name stands in an atom, its indices or its sums' sizes."""
    return (
        any(inner[0] in ("sym", "elem") and inner[1] == name for inner in walk(atom))
        or mentions(atom, lambda index: index[0] in ("sym", "elem") and index[1] == name)
        or any(inner[0] == "sum" and any(index[2] == name for index in inner[1]) for inner in walk(atom))
    )


def height(atom: Atom) -> int:
    """Return one more than the largest level of a canonical summation index inside an atom, 0 without any."""
    levels = [identity // 64 + 1 for inner in walk(atom) if inner[0] == "sum" for _, identity, _ in inner[1]]
    return max(levels, default=0)
