"""Points of a world: sizes, indices and numbers drawn so that its assumptions hold.

The first points are small and simple, so that a step that is false is refuted by numbers one can check by
hand; the later ones are drawn at random with 50 digits. Every number is a function of its name and of the
point, so that it does not matter in which order they are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random
from typing import Any
from zlib import crc32

from mpmath.ctx_mp import MPContext
from sympy import IndexedBase, Integer, Rational, Symbol, oo, sympify
from sympy.core.expr import Expr

from ce.derivation.assumptions import Base, Size, World
from ce.derivation.verdict import Unreadable

__all__ = ["DIGITS", "MP", "POINTS", "Point", "base_key", "element_key", "exact", "symbol_key"]

DIGITS = 50
POINTS = 30

MP = MPContext()  # a context of its own: the precision of mpmath's global one is the user's
MP.dps = DIGITS + 15

_SIMPLE = 14
_HALF = 0.5
_SIMPLE_POSITIVE = ("1", "2", "1/2", "3", "1/3", "3/2")
_SIMPLE_REAL = ("1", "-1", "0", "2", "1/2", "-2", "3")
_LARGER_POSITIVE = (*_SIMPLE_POSITIVE, "10", "1/10", "7", "30")
_LARGER_REAL = (*_SIMPLE_REAL, "10", "-5", "7", "-30")


@dataclass(frozen=True, eq=False)
class Point:
    """One point of a world; what has been asked of it is remembered in ``drawn``.

    Parameters
    ----------
    world
        Whose assumptions hold at the point.
    number
        Which point; 0, 1, … are simple ones.
    variant
        Which draw of the things that vary with the parameters named in ``varying``.
    moved
        Values to use instead of drawn ones, keyed as in ``drawn``.
    pool
        What has been drawn by this point and by all that were made from it, at each precision.
    """

    world: World
    number: int
    seed: int = 0
    variant: int = 0
    varying: frozenset[str] = frozenset()
    moved: Mapping[str, Any] = field(default_factory=dict)
    drawn: dict[str, Any] = field(default_factory=dict)
    pool: dict[tuple[int, int, str], Any] = field(default_factory=dict, repr=False)
    _kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def varied(self, variant: int, varying: frozenset[str]) -> Point:
        """Return the point with other draws of everything in ``varying``."""
        return replace(self, variant=variant, varying=varying, drawn={})

    def shifted(self, key: str, value: Any) -> Point:
        """Return the point with one number replaced."""
        return replace(self, moved={**self.moved, key: value}, drawn={})

    def afresh(self) -> Point:
        """Return the same point with nothing drawn from it yet."""
        return replace(self, drawn={})

    # sizes and indices

    def size(self, size: Size | Integer) -> int:
        """Return the value of a size."""
        if not isinstance(size, Symbol):
            return int(size)
        if not size.is_integer or size.name.isdigit():
            raise Unreadable(f"expected an integer symbol as an index or a size, got {size}")
        if size not in self._kept:
            self._kept[size] = self._size(size)
        return int(self._kept[size])

    def _size(self, size: Symbol) -> int:
        fixed = self.world.fixed.get(size)
        if fixed is not None:
            return fixed
        low = self.world.smallest(size)
        if self.number == 15 + 8 * (crc32(size.name.encode()) % 2):  # one point for many, not all at once
            return int(self._once(symbol_key(size), lambda _: low + 8, size.name))
        span = min(3, (self.number + 1) // 2)
        least = low if self.number % 6 < 2 else low + min(1, span)  # a single class is a rare case
        return int(self._once(symbol_key(size), lambda random: random.randint(least, low + span), size.name))

    def index(self, symbol: Symbol) -> int:
        """Return the value of a free index; an undeclared one is drawn like a size, perhaps out of range."""
        if symbol not in self.world.in_range:
            return self.size(symbol)
        last = self.size(self.world.in_range[symbol])
        return int(self._once(symbol_key(symbol), lambda random: random.randint(1, last), symbol.name))

    # numbers

    def scalar(self, symbol: Symbol) -> Any:
        """Return the value of a scalar symbol."""
        world = self.world
        if symbol.is_integer and symbol.is_positive and symbol not in world.choices:
            return MP.mpf(self.index(symbol))
        return self._once(symbol_key(symbol), lambda random: self._scalar(random, symbol), symbol.name)

    def _scalar(self, random: Random, symbol: Symbol) -> Any:
        chosen, (low, high) = self.world.choices.get(symbol), self.world.intervals.get(symbol, (-oo, oo))
        bounded = (low, high) != (-oo, oo)
        if self._is_at_zero(symbol) and (0 in chosen if chosen else bounded and low < 0 < high):
            return MP.zero
        if chosen:
            return exact(random.choice(chosen))
        return self._inside(random, low, high) if bounded else self._number(random, symbol)

    def _is_at_zero(self, thing: Expr | IndexedBase) -> bool:
        """Return whether this is the point at which a thing is 0 if it may be: one is kept for each."""
        return self.number == _SIMPLE // 2 + crc32(str(thing).encode()) % 4

    def smooth(self, name: str, orders: tuple[int, ...], at: tuple[Any, ...]) -> Any:
        """Return the value, or a derivative by its arguments, of a smooth function drawn at random."""
        a, b, *rates = self._once(
            f"{name}()", lambda random: tuple(_uniform(random, -2, 2) for _ in range(2 + 2 * len(at)))
        )
        order, slopes, exponents = sum(orders), rates[: len(at)], rates[len(at) :]
        inside = MP.fdot(slopes, at)
        cubic = (inside**3, 3 * inside**2, 6 * inside, MP.mpf(6))[order] if order <= 3 else 0
        if name in map(str, self.world.convex):
            a, b, cubic = abs(a), abs(b), (inside**2, 2 * inside, MP.mpf(2))[order] if order <= 2 else MP.zero
        cubic *= MP.fprod(slope**times for slope, times in zip(slopes, orders, strict=True))
        growth = MP.fprod(rate**times for rate, times in zip(exponents, orders, strict=True))
        return a * cubic + b * growth * MP.exp(MP.fdot(exponents, at))

    def element(self, base: Base, indices: tuple[int, ...]) -> Any:
        """Return an element of a base.

        Raises
        ------
        IndexError
            When an index lies outside its range.
        """
        _, known = self._kept.setdefault(id(base), (base, {}))  # SymPy takes long to compare two bases
        if indices not in known:
            known[indices] = MP.mpf(self._element(base, indices))  # a label is drawn as an int
        return known[indices]

    def _element(self, base: Base, indices: tuple[int, ...]) -> Any:
        sizes = tuple(self.size(size) for size in self.world.shape(base, len(indices)))
        for index, size in zip(indices, sizes, strict=True):
            if not 1 <= index <= size:
                raise IndexError(f"{base}[{', '.join(map(str, indices))}] is outside 1..{size}")
        key = element_key(base, indices)
        if key in self.moved:
            return self.moved[key]
        row = ("row", base, indices[:-1])
        if row not in self._kept:
            self._kept[row] = self._row(base, indices[:-1], sizes[-1])
        return self._kept[row][indices[-1] - 1]

    def _row(self, base: Base, row: tuple[int, ...], size: int) -> tuple[Any, ...]:
        key, name = f"{base.name}[{','.join(map(str, row))}]", base_key(base.name)
        if base in self.world.values:
            return tuple(exact(value) for value in self.world.values[base])
        if base in self.world.labels:
            last = self.size(self.world.labels[base])
            return tuple(self._once(key, lambda random: tuple(random.randint(1, last) for _ in range(size)), name))
        draw = self._pmf if base in self.world.normalised else self._free
        return tuple(self._once(key, lambda random: draw(random, base, size), name))

    def _free(self, random: Random, base: Base, size: int) -> tuple[Any, ...]:
        return tuple(self._number(random, base) for _ in range(size))

    def _pmf(self, random: Random, base: Base, size: int) -> tuple[Any, ...]:
        """Return a probability vector; with zeros among its entries where the world allows them.

        A base that may be negative has negative entries too: all that is known of it is its sum.
        """
        if size > 1 and not self.world.is_nonnegative(base):
            entries = [self._number(random, base) for _ in range(size - 1)]
            return (*entries, 1 - MP.fsum(entries))
        zeros = not self.world.is_positive(base)
        if self.number < _SIMPLE:
            weights = [MP.mpf(random.randint(1, 4)) for _ in range(size)]
        else:
            weights = [MP.exp(_uniform(random, -28 if self._wide else -3, 3)) for _ in range(size)]
            if self._wide and size > 1:
                weights[random.randrange(size)] = max(weights) / 10**12
        if zeros and size > 1 and random.random() < _HALF:
            _, dropped, *others = random.sample(range(size), size)
            gone = {dropped, *(at for at in others if random.random() < _HALF)}
            weights = [MP.mpf(0) if at in gone else weight for at, weight in enumerate(weights)]
        total = MP.fsum(weights)
        return tuple(weight / total for weight in weights)

    def _number(self, random: Random, thing: Expr | IndexedBase) -> Any:
        positive, nonnegative = self.world.is_positive(thing), self.world.is_nonnegative(thing)
        if not positive and self._is_at_zero(thing):
            return MP.zero
        if nonnegative and not positive and random.random() < 0.25:
            return MP.mpf(0)
        if self.number < _SIMPLE:
            larger = self.number > _SIMPLE // 2
            positive_ones = _LARGER_POSITIVE if larger else _SIMPLE_POSITIVE
            real_ones = _LARGER_REAL if larger else _SIMPLE_REAL
            return exact(Rational(random.choice(positive_ones if nonnegative else real_ones)))
        if nonnegative:
            return MP.exp(_uniform(random, -8, 8) if self._wide else _uniform(random, -2, 2))
        return _uniform(random, -50, 50) if self._wide else _uniform(random, -4, 4)

    @property
    def _wide(self) -> bool:
        """Whether numbers of several magnitudes are drawn at this point."""
        return self.number % 3 == 2

    def _inside(self, random: Random, low: Any, high: Any) -> Any:
        ends = [exact(end) if sympify(end).is_finite else None for end in (low, high)]
        if self.number < _SIMPLE:
            share = exact(Rational(random.choice(("1/2", "1/4", "3/4", "1/3", "1/10", "9/10"))))
        else:
            share = _uniform(random, 0, 1)
            if self._wide:  # close to an end
                near = MP.mpf(10) ** _uniform(random, -12, -1)
                share = near if share < _HALF else 1 - near
        if ends[0] is None or ends[1] is None:
            offset = share / (1 - share)
            return ends[0] + offset if ends[0] is not None else ends[1] - offset
        return ends[0] + share * (ends[1] - ends[0])

    def _once(self, key: str, draw: Any, name: str | None = None) -> Any:
        if key in self.moved:
            return self.moved[key]
        if key not in self.drawn:
            variant = self.variant if (name or key) in self.varying else 0
            known = (MP.prec, variant, key)
            if known not in self.pool:
                self.pool[known] = draw(Random(f"{self.seed}/{self.number}/{variant}/{key}"))
            self.drawn[key] = self.pool[known]
        return self.drawn[key]


def element_key(base: Base, indices: tuple[int, ...]) -> str:
    """Return the name under which a single element can be moved."""
    return f"{base.name}[{','.join(map(str, indices))}]!"


@lru_cache(maxsize=4096)
def symbol_key(symbol: Symbol) -> str:
    """Return what a symbol's value is kept under: two symbols of one name have two values."""
    assumptions = sorted(name for name, holds in symbol.assumptions0.items() if holds)
    return f"{symbol.name}|{getattr(symbol, 'dummy_index', '')}{','.join(assumptions)}"


def base_key(name: str) -> str:
    """Return the name of a base among the things that vary, which no scalar's name can be."""
    return f"{name}[]"


def exact(value: Any) -> Any:
    """Return a rational number as a number of the witness, at its present precision."""
    return _quotient(value, MP.prec)


@lru_cache(maxsize=4096)
def _quotient(value: Any, precision: int) -> Any:
    rational = Rational(value)
    return MP.mpf(int(rational.p)) / int(rational.q)


def _uniform(random: Random, low: int, high: int) -> Any:
    return low + (high - low) * MP.mpf(random.getrandbits(200)) / (1 << 200)
