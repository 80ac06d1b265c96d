"""What the normal form may take for granted: signs, ranges and sums, looked up in a world by name."""

from __future__ import annotations

from typing import Any

from sympy import IndexedBase, Symbol

from ce.derivation.assumptions import Size, World
from ce.derivation.errors import Unreadable
from ce.derivation.normal_form.summation import Summation
from ce.derivation.normal_form.terms import Atom, Index

__all__ = ["Facts"]


class Facts(Summation):
    """The normal form's knowledge of one world, and of the symbols behind the names in its atoms."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.names: dict[str, Any] = {}
        self._fixed = world.fixed

    def sign_of_name(self, atom: Atom) -> str:
        """Return the sign the world gives a symbol or base."""
        thing = self.names[f"{atom[0]} {atom[1]}"]
        if self.world.is_positive(thing):
            return "positive"
        return "nonnegative" if self.world.is_nonnegative(thing) else ""

    def in_range(self, index: Index, size: str) -> bool:
        """Return whether the world knows an index to be one of 1, …, ``size``."""
        kind = index[0]
        if kind == "bound":
            return bool(index[2] == size)
        if kind == "int":
            least = int(size) if size.isdigit() else self.world.smallest(self._symbol(size))
            return 1 <= index[1] <= least
        if kind == "sym":
            declared = self.world.in_range.get(self._symbol(index[1]))
            return declared is not None and self._size(declared) == size
        base = self._base(index[1])
        declared = self.world.labels.get(base)
        shape = self.world.shape(base, len(index[2]))
        inside = all(self.in_range(i, self._size(s)) for i, s in zip(index[2], shape, strict=True))
        return declared is not None and self._size(declared) == size and inside

    def sums_to_one(self, atom: Atom) -> str | None:
        """Return the size over which an element of a normalised base sums to one."""
        base = self._base(atom[1])
        if base not in self.world.normalised:
            return None
        *outer, last = (self._size(size) for size in self.world.shape(base, len(atom[2])))
        inside = all(self.in_range(index, size) for index, size in zip(atom[2], outer, strict=False))
        return last if inside else None

    def is_sum_of_a_pmf(self, atom: Atom) -> bool:
        """Return whether a sum is one of the powers of probabilities, of which one at least is not 0."""
        _, indices, body = atom
        ((factor, _), *others) = body
        if others or len(indices) != 1 or factor[0] != "elem" or factor[2][-1] != indices[0]:
            return False
        outer = all(index != indices[0] for index in factor[2][:-1])
        return outer and self.sums_to_one(factor) == indices[0][2] and self.sign_of_name(factor) != ""

    def _symbol(self, name: str) -> Symbol | None:
        return self.names.get(f"sym {name}")

    def _base(self, name: str) -> IndexedBase:
        return self.names[f"elem {name}"]

    def _size(self, size: Size) -> str:
        if isinstance(size, Symbol) and size not in self._fixed:
            self.known("sym", size)
            return str(size.name)
        return str(self._fixed.get(size, size))

    def known(self, kind: str, thing: Any) -> str:
        """Return the name of a symbol, base or function, remembering what it stands for."""
        known = self.names.setdefault(f"{kind} {thing}", thing)
        if known != thing or getattr(known, "assumptions0", None) != getattr(thing, "assumptions0", None):
            raise Unreadable(
                f"two different symbols are called {thing}; rename one or take both from ce.symbols"
            )
        return str(thing)
