"""What the normal form may take for granted of one world: signs, ranges, and what sums to one."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, count
from typing import Any

from sympy import Symbol

from ce.derivation.assumptions import Size, World
from ce.derivation.normal_form.terms import INDICATORS, Atom, Frozen, Polynomial, within


class Facts:
    """Answers on one world, by the names in atoms: ``things`` are what they name, ``positive`` what is declared so."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.things: dict[tuple[str, str], Any] = {}
        self.positive: frozenset[Frozen] = frozenset()
        self.nonzero: frozenset[Frozen] = frozenset()

    def named(self, kind: str, thing: Any) -> str:
        """Return the name of a symbol, base or function; a second one that is called so gets a number behind a bar."""
        for name in chain((str(thing),), (f"{thing}|{number}" for number in count(2))):
            known = self.things.setdefault((kind, name), thing)
            if known == thing and getattr(known, "assumptions0", None) == getattr(thing, "assumptions0", None):
                break
        return name

    def size(self, size: Size) -> str:
        """Return the name of a size, or its value if that is fixed."""
        fixed = self.world.fixed.get(size, size)
        return self.named("sym", fixed) if isinstance(fixed, Symbol) else str(fixed)

    def sign(self, atom: Atom, power: Fraction = Fraction(1)) -> int:
        """Return 2 where a power of an atom is known to be > 0, 1 where it is >= 0 wherever it is defined, else 0."""
        own = int(power.numerator % 2 == 0 or power.denominator % 2 == 0)  # an even power or root
        match atom.kind:
            case "exp" | "pi" | "int" | "bound":  # a power, or a product, of what may be 0 may be 0
                logs = (Polynomial(part.inner[0]) for part in within(atom) if part.kind == "log")
                return 2 if all(self.sign_of(inside) == 2 for inside in logs) else 1
            case "sym" | "elem":
                return max(own, self.world.sign(self.things[atom[:2]]))
            case "log":
                return max(own, self.sign_of(Polynomial(atom.inner[0]) - Polynomial.number(1)))
            case "sum" if self._is_of_a_pmf(atom):
                return 2
            case "sum" | "poly":  # every size is at least 1, so no sum is empty
                return max(own, self.sign_of(Polynomial(atom.inner[0])))
        return max(own, atom.kind in INDICATORS)

    def sign_of(self, polynomial: Polynomial) -> int:
        """Return the same for a polynomial: declared, or known from what each of its terms is at least."""
        if polynomial.frozen in self.positive:
            return 2
        least, more = Fraction(0), False
        for monomial, coefficient in polynomial.items():
            known = min((self.sign(*factor) for factor in monomial), default=2) if coefficient > 0 else 0
            match monomial:
                case ():
                    least += coefficient
                case _ if not known:
                    return 0
                case ((atom, 1),) if known == 2 and self.is_whole(atom):
                    least += coefficient * (self.least(atom.name) if atom.kind == "sym" else 1)
                case _:
                    more = more or known == 2
        return 2 if least > 0 or (more and least == 0) else int(least == 0)

    def _is_of_a_pmf(self, total: Atom) -> bool:
        """Return whether a sum is one of powers of probabilities, of which one at least is not 0.

        Other factors beside the probability may be anything positive.
        """
        match [atom for atom, _ in total.inner[0][0][0] if self.sign(atom) < 2]:
            case [Atom("elem") as entry] if len(total.indices) == 1:
                return self.sums_to_one(entry, total.indices[0]) and self.sign(entry) > 0
        return False

    def is_whole(self, atom: Atom) -> bool:
        """Return whether an atom is known to be a whole number: an index or a size."""
        return atom.kind == "bound" or (atom.kind == "sym" and bool(self.things["sym", atom.name].is_integer))

    def in_range(self, index: Atom, size: str) -> bool:
        """Return whether an index is known to be one of 1, …, ``size``."""
        if index.kind == "int":
            return 1 <= index.number <= self.least(size)
        return index == Atom("sym", size) or self.range_of(index) == size

    def range_of(self, index: Atom) -> str | None:
        """Return the size up to which an index is declared to run, None where it is not."""
        declared = None
        match index.kind:
            case "bound":
                return index.name
            case "sym":
                declared = self.world.in_range.get(self.things["sym", index.name])
            case "elem" if self._inside(index, index.indices):
                declared = self.world.labels.get(self.things["elem", index.name])
        return None if declared is None else self.size(declared)

    def least(self, size: str) -> int:
        """Return the smallest value that a size may have."""
        return int(size) if size.isdigit() else self.world.smallest(self.things["sym", size])

    def sums_to_one(self, element: Atom, over: Atom) -> bool:
        """Return whether an element of a normalised base sums to one over an index."""
        base, (*outer, own) = self.things["elem", element.name], element.indices
        if base not in self.world.normalised or own != over or any(over in within(index) for index in outer):
            return False
        size = self.world.shape(base, len(element.indices))[-1]
        return self._inside(element, tuple(outer)) and self.size(size) == over.name

    def _inside(self, element: Atom, indices: tuple[Atom, ...]) -> bool:
        """Return whether the first indices of an element are known to be in range."""
        shape = self.world.shape(self.things["elem", element.name], len(element.indices))
        return all(self.in_range(index, self.size(size)) for index, size in zip(indices, shape, strict=False))
