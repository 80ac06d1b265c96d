"""What the normal form may take for granted of one world: signs, ranges, and what sums to one."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from sympy import Symbol

from ce.derivation.assumptions import Size, World
from ce.derivation.errors import Unreadable
from ce.derivation.normal_form import atoms
from ce.derivation.normal_form.atoms import Atom, Bound, Frozen, Index
from ce.derivation.normal_form.polynomial import Polynomial

__all__ = ["Facts"]


class Facts:
    """Answers on one world, in terms of the names that stand in atoms.

    Parameters
    ----------
    world
        The assumptions.
    positive, nonzero
        Polynomials that are declared to be > 0, and those declared not to be 0.
    things
        The symbols, bases and functions behind the names, as far as they are known.
    """

    def __init__(
        self,
        world: World,
        positive: Iterable[Frozen] = (),
        nonzero: Iterable[Frozen] = (),
        things: dict[tuple[str, str], Any] | None = None,
    ) -> None:
        self.world, self.things = world, {} if things is None else things
        self.positive, self.nonzero = frozenset(positive), frozenset(nonzero)
        self._above_one: dict[atoms.Log, bool] = {}

    # names

    def named(self, kind: str, thing: Any) -> str:
        """Return the name of a symbol, base or function, remembering what it stands for."""
        known = self.things.setdefault((kind, str(thing)), thing)
        if known != thing or getattr(known, "assumptions0", None) != getattr(thing, "assumptions0", None):
            raise Unreadable(f"two different symbols are called {thing}; rename one or take both from ce.symbols")
        return str(thing)

    def size(self, size: Size) -> str:
        """Return the name of a size, or its value if that is fixed."""
        fixed = self.world.fixed.get(size, size)
        return self.named("sym", fixed) if isinstance(fixed, Symbol) else str(fixed)

    # signs

    def is_positive(self, atom: Atom) -> bool:
        """Return whether an atom is known to be > 0."""
        match atom:
            case atoms.Exp() | atoms.Constant() | atoms.Whole() | Bound():
                return True
            case atoms.Name() | atoms.Element():
                return self.world.is_positive(self.things[atom[:2]])
            case atoms.Log():
                if atom not in self._above_one:
                    above = Polynomial(atom.argument) - Polynomial.number(1)
                    self._above_one[atom] = self.is_positive_polynomial(above)
                return self._above_one[atom]
            case atoms.Total():  # every size is at least 1, so the sum is not empty
                return all(self.is_positive(factor) for factor, _ in atom.body) or self._is_of_a_pmf(atom)
            case atoms.Bracket():
                return self.is_positive_polynomial(Polynomial(atom.terms))
        return False

    def is_nonnegative(self, atom: Atom, exponent: Fraction = Fraction(1)) -> bool:
        """Return whether a power of an atom is known to be >= 0 wherever it is defined."""
        even = exponent.denominator == 1 and exponent.numerator % 2 == 0
        if even or isinstance(atom, atoms.INDICATORS) or self.is_positive(atom):
            return True
        match atom:
            case atoms.Name() | atoms.Element():
                return self.world.is_nonnegative(self.things[atom[:2]])
            case atoms.Total():
                return all(self.is_nonnegative(factor, power) for factor, power in atom.body)
        return isinstance(atom, atoms.Applied) and atom.function == "Abs"

    def is_positive_polynomial(self, polynomial: Polynomial) -> bool:
        """Return whether a polynomial is known to be > 0: declared, or terms >= 0 with one > 0."""
        if polynomial.frozen in self.positive or self._is_least_positive(polynomial):
            return True
        strict = False
        for monomial, coefficient in polynomial.items():
            if coefficient < 0 or not all(self.is_nonnegative(atom, power) for atom, power in monomial):
                return False
            strict = strict or all(self.is_positive(atom) for atom, _ in monomial)
        return strict

    def _is_least_positive(self, polynomial: Polynomial) -> bool:
        """Return whether a · k + … + b is > 0: with a > 0 it is least where all indices and sizes are."""
        least = Fraction(0)
        for monomial, coefficient in polynomial.items():
            match monomial:
                case ():
                    least += coefficient
                case ((Bound(), 1),) if coefficient > 0:
                    least += coefficient
                case ((atoms.Name() as size, 1),) if coefficient > 0 and self.is_positive(size):
                    least += coefficient * self.least(size.name) if self.things[size].is_integer else 0
                case _:
                    return False
        return least > 0

    # ranges and sums

    def in_range(self, index: Index, size: str) -> bool:
        """Return whether an index is known to be one of 1, …, ``size``."""
        match index:
            case Bound():
                return index.size == size
            case atoms.Whole():
                return 1 <= index.value <= self.least(size)
            case atoms.Shifted():  # size − 1 if the size is at least 2
                return index.base == atoms.Name("sym", size) and 1 - self.least(size) <= index.offset < 0
            case atoms.Name():
                return size in (index.name, self.range_of(index))
        return self.range_of(index) == size

    def range_of(self, index: Index) -> str | None:
        """Return the size up to which an index is declared to run, None where it is not."""
        match index:
            case Bound():
                return index.size
            case atoms.Name():
                declared = self.world.in_range.get(self.things["sym", index.name])
            case atoms.Element() if self._inside(index, index.indices):
                declared = self.world.labels.get(self.things["elem", index.base])
            case _:
                declared = None
        return None if declared is None else self.size(declared)

    def least(self, size: str) -> int:
        """Return the smallest value that a size may have."""
        return int(size) if size.isdigit() else self.world.smallest(self.things["sym", size])

    def sums_to_one(self, element: atoms.Element) -> str | None:
        """Return the size over whose last index an element of a normalised base sums to one."""
        base = self.things["elem", element.base]
        if base in self.world.normalised and self._inside(element, element.indices[:-1]):
            return self.size(self.world.shape(base, len(element.indices))[-1])
        return None

    def _inside(self, element: atoms.Element, indices: tuple[Index, ...]) -> bool:
        """Return whether the first indices of an element are known to be in range."""
        shape = self.world.shape(self.things["elem", element.base], len(element.indices))
        return all(self.in_range(index, self.size(size)) for index, size in zip(indices, shape, strict=False))

    def _is_of_a_pmf(self, total: atoms.Total) -> bool:
        """Return whether a sum is one of powers of probabilities, of which one at least is not 0.

        Other factors beside the probability may be anything positive.
        """
        index, *more = total.indices
        open_ones = [atom for atom, _ in total.body if not self.is_positive(atom)]
        if more or len(open_ones) != 1 or not isinstance(open_ones[0], atoms.Element):
            return False
        *outer, own = open_ones[0].indices
        alone = own == index and index not in outer and self.sums_to_one(open_ones[0]) == index.size
        return alone and self.is_nonnegative(open_ones[0])
