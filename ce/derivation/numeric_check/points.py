"""Points of a world: sizes, indices and numbers drawn so that its assumptions hold.

The first points are small and simple, so that what refutes a step can be checked by hand; the later ones are drawn at
random with 50 digits. Every number is a function of its name and the point, in whatever order they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import mul
from random import Random
from typing import Any
from zlib import crc32

from mpmath.ctx_mp import MPContext
from sympy import Add, Expr, IndexedBase, Integer, Rational, Symbol, exp, oo

from ce.derivation.assumptions import LARGEST, Base, Size, World
from ce.derivation.verdict import TooLarge, Undefined, Unreadable
from ce.formulas.typeset import described

DIGITS = 50
POINTS = 30

MP = MPContext()  # a context of its own: the precision of mpmath's global one is the user's
MP.dps = DIGITS + 15

SIMPLE = 14  # so many points hold numbers that can be checked by hand, the first half of them the simplest
_POSITIVE = ("1", "2", "1/2", "3", "1/3", "3/2", "10", "1/10", "7", "30")
_REAL = ("1", "-1", "0", "2", "1/2", "-2", "3", "10", "-5", "7", "-30")
_SHARES = ("1/2", "1/4", "3/4", "1/3", "1/10", "9/10")


@dataclass(frozen=True, eq=False)
class Point:
    """Point ``number`` of a world: what is ``drawn``, ``moved`` elsewhere, or ``varied``, again and with a prime."""

    world: World
    number: int
    varied: frozenset[str] = frozenset()
    moved: Mapping[Any, Any] = field(default_factory=dict)
    drawn: dict[str, Any] = field(default_factory=dict)

    def size(self, size: Size | Integer) -> int:
        """Return the value of a size, or of an index that is not declared: it may be out of range."""
        if not isinstance(size, Symbol):
            return int(size)
        if not size.is_integer or size.name.isdigit():
            raise Unreadable(f"expected an integer symbol, as an index or a size no value can be put in for: {size}")
        if size in self.world.define:
            raise Unreadable(f"{size} is an abbreviation and cannot be an index or bound a sum")
        return int(self.scalar(size))

    def scalar(self, symbol: Symbol) -> Any:
        """Return the value of a scalar symbol."""
        if symbol in self.moved or symbol in self.world.fixed:
            return MP.mpf(self.moved.get(symbol, self.world.fixed.get(symbol)))
        counts = symbol.is_integer and symbol not in self.world.choices
        if counts and not symbol.is_positive:
            raise Unreadable(f"expected a positive integer, or a choice of values, got {symbol}")
        draw: Callable[[Random, Symbol], Any] = self._whole if counts else self._scalar
        return MP.mpf(self._once(_symbol_key(symbol), lambda random: draw(random, symbol), symbol.name))

    def _whole(self, random: Random, size: Symbol) -> int:
        if size in self.world.in_range:
            return random.randint(1, self.size(self.world.in_range[size]))
        low = self.world.smallest(size)
        if self.number == 15 + 8 * (crc32(size.name.encode()) % 2):  # one point for many, not all at once
            return low + 8
        span = min(3, (self.number + 1) // 2)
        least = low if self.number % 6 < 2 else low + min(1, span)  # a single class is a rare case
        return random.randint(least, low + span)

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
        return self.number == SIMPLE // 2 + crc32(str(thing).encode()) % 4

    def function(self, name: str, count: int) -> tuple[tuple[Symbol, ...], Expr]:
        """Return arguments, and what a function of so many is: a u³ + b eᵛ + c u + c, or |a| u² + |b| eᵛ + c if convex.

        There u and v are linear in the arguments; all numbers are whole and small.
        """
        arguments = tuple(Symbol(letter, real=True) for letter in "wutsabcdefgh"[:count])

        def draw(random: Random) -> Expr:
            a, b, c, *rates = (Integer(random.choice((-2, -1, 1, 2, 3))) for _ in range(3 + 2 * count))
            u, v = (Add(*map(mul, half, arguments)) for half in (rates[:count], rates[count:]))
            convex = name in map(str, self.world.convex)
            return c + (abs(a) * u**2 + abs(b) * exp(v) if convex else c * u + a * u**3 + b * exp(v))

        return arguments, self._once(f"{name}({', '.join(map(str, arguments))})", draw)

    def sizes(self, base: Base, indices: tuple[int, ...]) -> list[int]:
        """Return the sizes of a base's indices; one that lies outside its range makes the element Undefined."""
        sizes = [self.size(size) for size in self.world.shape(base, len(indices))]
        for index, size in zip(indices, sizes, strict=True):
            if not 1 <= index <= size:
                raise Undefined(f"{base}[{', '.join(map(str, indices))}] is outside 1..{size}, by the world's shapes")
        return sizes

    def element(self, base: Base, indices: tuple[int, ...]) -> Any:
        """Return an element of a base, which is drawn with all that have the same indices but the last."""
        if (length := self.sizes(base, indices)[-1]) > LARGEST:
            raise TooLarge(f"{length} entries of {base} are too many to draw")
        if base in self.world.values:
            row = tuple(map(exact, self.world.values[base]))
        else:
            name = f"{base.name}[{','.join(map(str, indices[:-1]))}]"
            key = f"{name}|{length}|{_symbol_key(base.label)}"
            row = self._once(key, lambda random: self._row(random, base, length), base.name, name)
        return MP.mpf(self.moved.get((base, *indices), row[indices[-1] - 1]))

    def _row(self, random: Random, base: Base, length: int) -> tuple[Any, ...]:
        if base in self.world.labels:
            last = self.size(self.world.labels[base])
            return tuple(random.randint(1, last) for _ in range(length))
        if base in self.world.normalised:
            return self._pmf(random, base, length)
        kind = MP.ceil if base.assumptions0.get("integer") else MP.mpf
        return tuple(kind(self._number(random, base)) for _ in range(length))

    def _pmf(self, random: Random, base: Base, size: int) -> tuple[Any, ...]:
        """Return a probability vector; with zeros among its entries where the world allows them.

        A base that may be negative has negative entries too: all that is known of it is its sum.
        """
        if size > 1 and not self.world.sign(base):
            entries = [self._number(random, base) for _ in range(size - 1)]
            return (*entries, 1 - MP.fsum(entries))
        if self.number < SIMPLE:
            weights = [MP.mpf(random.randint(1, 4)) for _ in range(size)]
        else:
            weights = [MP.exp(_uniform(random, -28 if self._wide else -3, 3)) for _ in range(size)]
            if self._wide and size > 1:
                weights[random.randrange(size)] = max(weights) / 10**12
        if size > 1 and self.world.sign(base) < 2 and random.random() < 0.5:
            _, dropped, *others = random.sample(range(size), size)
            gone = {dropped, *(at for at in others if random.random() < 0.5)}
            weights = [MP.zero if at in gone else weight for at, weight in enumerate(weights)]
        total = MP.fsum(weights)
        return tuple(weight / total for weight in weights)

    def _number(self, random: Random, thing: Expr | IndexedBase) -> Any:
        sign = self.world.sign(thing)
        if sign < 2 and (self._is_at_zero(thing) or (sign and random.random() < 0.25)):
            return MP.zero
        if self.number < SIMPLE:
            simple = _POSITIVE if sign else _REAL
            return exact(Rational(random.choice(simple if self.number > SIMPLE // 2 else simple[:-4])))
        if sign:
            return MP.exp(_uniform(random, -8, 8) if self._wide else _uniform(random, -2, 2))
        return _uniform(random, -50, 50) if self._wide else _uniform(random, -4, 4)

    described = property(lambda self: described(self.drawn), doc="What was drawn, as text.")
    _wide = property(lambda self: self.number % 3 == 2)  # whether numbers of several magnitudes are drawn here

    def _inside(self, random: Random, low: Any, high: Any) -> Any:
        if self.number < SIMPLE:
            share = exact(Rational(random.choice(_SHARES)))
        else:
            share = _uniform(random, 0, 1)
            if self._wide:  # close to an end
                near = MP.mpf(10) ** _uniform(random, -12, -1)
                share = near if share < 0.5 else 1 - near
        if oo in (high, -low):
            return exact(low) + share / (1 - share) if high == oo else exact(high) - share / (1 - share)
        return exact(low) + share * (exact(high) - exact(low))

    def _once(self, key: str, draw: Callable[[Random], Any], name: str = "", seed: str = "") -> Any:
        """Return what is drawn under a key, the first time it is asked for; it varies under its name."""
        again = name in self.varied
        place = f"{name}′{key.removeprefix(name)}" if again else key
        if place not in self.drawn:
            self.drawn[place] = draw(Random(f"0/{self.number}/{int(again)}/{seed or key}"))
        return self.drawn[place]


@lru_cache(maxsize=4096)
def _symbol_key(symbol: Symbol) -> str:
    """Return what a symbol's value is kept under: two symbols of one name have two values."""
    assumptions = sorted(name for name, holds in symbol.assumptions0.items() if holds)
    return f"{symbol.name}|{getattr(symbol, 'dummy_index', '')}{','.join(assumptions)}"


def exact(value: Any) -> Any:
    """Return a rational number as a number of the witness, at its present precision."""
    rational = Rational(value)
    return MP.mpf(int(rational.p)) / int(rational.q)


def _uniform(random: Random, low: int, high: int) -> Any:
    return low + (high - low) * MP.ldexp(MP.mpf(random.getrandbits(200)), -200)
