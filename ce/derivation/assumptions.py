"""A world: what a derivation assumes, written down once and used by every judge of its steps.

The normal form reads the assumptions, the witness draws points that satisfy them, the page prints them.
Nothing is assumed that is not declared here or on the symbols themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import Any, TypeAlias

from sympy import Dummy, Expr, Indexed, IndexedBase, Integer, KroneckerDelta, Rational, Symbol, oo, sympify
from sympy import functions as named
from sympy.core.function import UndefinedFunction

from ce.formulas.names import base_of, names_in
from ce.symbols import K, N

Base: TypeAlias = IndexedBase
Size: TypeAlias = Symbol | int

LARGEST = 10_000  # so many numbers can still be drawn for one base


@dataclass(frozen=True)
class World:
    """The assumptions under which a derivation is read; each is empty unless it is declared.

    - ``normalised``: bases whose entries sum to one over the last index; none differentiates by one of them.
    - ``one_hot``: label vectors: ``{y: c}`` says y_k = [k = c]; ``{y: x}`` with labels x says y_{n,k} = [x_n = k].
    - ``labels``: bases of class numbers: ``{x: K}`` says x_n is one of 1, …, K.
    - ``values``: numbers for a base: ``{p: (Rational(1, 3), Rational(2, 3))}``; fixes the size of its index.
    - ``shapes``: sizes of a base's indices where they are not the usual (K,) and (N, K); labels have (N,).
    - ``in_range``: free indices and their size: ``{c: K, n: N}``. A Kronecker delta collapses for these only.
    - ``at_least``: the smallest value of a size, where it is not 1.
    - ``positive``: bases, symbols or expressions that are > 0 although their symbols are not declared so.
    - ``nonzero``: expressions that are not 0: where a line has no value is excluded by name, x − 3 for x = 3.
    - ``may_vanish``: what may be 0 here and by itself is > 0: how a counter-example drops q > 0.
    - ``intervals``: open intervals of scalars: ``{smoothing: (0, 1)}``; an end may be infinite.
    - ``choices``: scalars with a few values: ``{label: (0, 1)}``.
    - ``define``: what stands for what: ``{prob: 1 / (1 + exp(-logit))}``, ``{q[k]: exp(z[k]) / total}``.
    - ``depends_on``: what varies with a parameter: ``{q: theta}``. Everything else is free of it.
    - ``slopes``: functions that stand for any smooth one, with the name of their derivative, or of one by each
      argument: ``{f: g}``, ``{h: (h1, h2)}``.
    - ``convex``: those of one argument in ``slopes`` with f(x) ≥ f(y) + f′(y) (x − y) for all x and y.

    Raises
    ------
    ValueError
        When declarations contradict each other or name something of the wrong kind.

    Examples
    --------
    >>> from ce.symbols import K, c, p, q, y
    >>> world = World(normalised=(p, q), one_hot={y: c}, in_range={c: K})
    >>> world.without(normalised=(q,)).normalised
    (p,)
    """

    normalised: tuple[Base, ...] = ()
    one_hot: Mapping[Base, Expr | Base] = field(default_factory=dict)
    in_range: Mapping[Symbol, Size] = field(default_factory=dict)
    labels: Mapping[Base, Size] = field(default_factory=dict)
    shapes: Mapping[Base, tuple[Size, ...]] = field(default_factory=dict)
    positive: tuple[Expr | Base, ...] = ()
    nonzero: tuple[Expr, ...] = ()
    may_vanish: tuple[Base | Symbol, ...] = ()
    intervals: Mapping[Symbol, tuple[Any, Any]] = field(default_factory=dict)
    choices: Mapping[Symbol, tuple[Any, ...]] = field(default_factory=dict)
    define: Mapping[Expr, Expr] = field(default_factory=dict)
    depends_on: Mapping[Expr | Base, Expr | Base] = field(default_factory=dict)
    at_least: Mapping[Symbol, int] = field(default_factory=dict)
    values: Mapping[Base, tuple[Any, ...]] = field(default_factory=dict)
    slopes: Mapping[Any, Any] = field(default_factory=dict)
    convex: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        for name, default in ((declared.name, declared.default) for declared in fields(self)):
            given = getattr(self, name)
            if default == () and not isinstance(given, tuple):
                raise ValueError(f"World: expected a tuple for {name}, got {given!r}; write ({name},)")
            if isinstance(given, Mapping):  # the caller's may change, this one may not
                kept = {key: tuple(one) if isinstance(one, list) else one for key, one in given.items()}
                if name in ("define", "one_hot"):
                    kept = {left: sympify(right) for left, right in kept.items()}
                elif name == "slopes":
                    kept = {function: one if isinstance(one, tuple) else (one,) for function, one in kept.items()}
                object.__setattr__(self, name, MappingProxyType(kept))
        for check in (self._kinds, self._definitions, self._dependences, self._numbers, self._bases, self._sizes):
            for problem in check():
                raise ValueError(f"World: {problem}")

    def __hash__(self) -> int:
        told = (getattr(self, declared.name) for declared in fields(self))
        return hash(tuple(frozenset(one.items()) if isinstance(one, Mapping) else one for one in told))

    # Each yields what is wrong with some of the declarations, of which the first is raised: nothing, when a point
    # can satisfy them.

    def _kinds(self) -> Iterator[str]:
        numbers = chain(*self.choices.values(), *self.values.values())
        sizes = chain(self.in_range.values(), self.labels.values(), *self.shapes.values())
        bases = (*self.normalised, *self.one_hot, *self.labels, *self.shapes, *self.values)
        signed = (*self.positive, *self.nonzero, *self.may_vanish)
        counted, ranged = (*self.in_range, *self.at_least), (*self.intervals, *self.choices)
        hot, ends = self.one_hot.values(), self.intervals.values()
        functions = chain(self.slopes, *self.slopes.values())
        rows: tuple[tuple[str, Iterable[Any], Callable[[Any], bool]], ...] = (
            ("an IndexedBase", bases, lambda one: isinstance(one, IndexedBase)),
            ("a base, a symbol or an expression", signed, lambda one: isinstance(one, Expr | IndexedBase)),
            ("a symbol that is no size or index", ranged, lambda one: isinstance(one, Symbol) and not _is_whole(one)),
            ("a positive integer symbol as index or size", counted, lambda s: isinstance(s, Symbol) and _is_whole(s)),
            ("a size, as number or symbol", sizes, lambda n: isinstance(n, Symbol | int | Integer) and _is_whole(n)),
            ("an index or declared labels for a one-hot base", hot, lambda one: one in self.labels or _is_whole(one)),
            ("rational numbers", numbers, lambda one: bool(sympify(one).is_Rational)),
            ("a pair of numbers as an interval", ends, lambda one: isinstance(one, tuple) and len(one) == 2),
            ("new functions", functions, lambda f: isinstance(f, UndefinedFunction) and not hasattr(named, str(f))),
        )
        wrong = ((kind, thing) for kind, things, fits in rows for thing in things if not fits(thing))
        yield from (f"expected {kind}, got {thing!r} of type {type(thing).__name__}" for kind, thing in wrong)

    def _definitions(self) -> Iterator[str]:
        names = list(map(base_of, self.define))
        for left, body in self.define.items():
            name, indices = base_of(left), getattr(left, "indices", (left,))
            if not all(isinstance(index, Symbol) for index in indices) or len(set(indices)) < len(indices):
                kind = "a symbol or an element with free indices, such as q[k]"
                yield f"expected {kind}, to define, got {left}: put one entry in by At, or use a delta"
            if names.count(name) > 1:
                yield f"{name} is defined twice"
            if name in self.ingredients(body):
                yield f"the definition of {left} is circular: {left} = {body}"
            valued = (self.normalised, self.one_hot, self.choices, self.values, self.labels, self.intervals)
            if any(name in told for told in valued):
                yield f"{name} is defined, so its values and their sum follow; do not declare it as well"
            if name in map(base_of, self.depends_on):
                yield f"{name} is defined, so what it depends on follows; declare that of what it is made of"
            if not (isinstance(body, Expr) and body.is_extended_real is not False and body.is_finite is not False):
                yield f"expected a real expression as the definition of {left}, got {body}"
            if (body.is_negative and self.sign(name)) or (body.is_zero and self.sign(name) == 2):
                yield f"{name} is declared ≥ 0, or > 0, and defined as {body}"

    def _dependences(self) -> Iterator[str]:
        for thing, parameter in self.depends_on.items():
            if not all(isinstance(one, Symbol | Indexed | IndexedBase) for one in (thing, parameter)):
                yield f"expected symbols or bases that depend on one another, got {thing!r} on {parameter!r}"
            if base_of(thing) in self.ingredients(parameter):
                yield f"{thing} depends on {parameter}, which depends on {thing}"
        slopes = [*chain(*self.slopes.values())]
        if len(set(slopes)) < len(slopes):
            yield "two functions have the same derivative; give each a name of its own"
        for function in self.convex:
            if self.origins.get(function) != (function, (0,)):
                yield f"expected the slope of the convex function {function}, got none; write slopes={{f: g}}"
        for function, own in self.slopes.items():
            first, orders = self.origins.get(function, (function, ()))
            if not orders:
                yield f"{function} would be a derivative of itself"
            elif len(own) != len(orders):
                yield f"{first} has {len(orders)} argument(s), and {function} as many derivatives"

    def _numbers(self) -> Iterator[str]:
        for symbol, (low, high) in self.intervals.items():
            ends = [sympify(end) for end in (low, high)]
            if not all(end.is_Rational or end in (oo, -oo) for end in ends) or str in map(type, (low, high)):
                yield f"expected two rational numbers or infinities as the interval of {symbol}, got ({low}, {high})"
            elif not ends[0] < ends[1]:
                yield f"expected an interval from a lower end to a higher one, got ({low}, {high})"
            elif symbol.is_nonnegative and ends[0] < 0:
                yield f"{symbol} is ≥ 0 by its own assumptions, got the interval ({low}, {high})"
            if symbol in self.choices:
                yield f"{symbol} has an interval and a choice of values; declare one of them"
        for thing, numbers in (*self.values.items(), *self.choices.items()):
            if not numbers:
                yield f"expected one value or more for {thing}, got none"
            least = min(map(Rational, numbers))
            if (self.sign(thing) and least < 0) or (self.sign(thing) == 2 and least == 0):
                yield f"{thing} is declared ≥ 0, or > 0, got values {numbers}"
            if thing in self.normalised and sum(map(Rational, numbers)) != 1:
                yield f"{thing} is declared normalised, got values {numbers} that do not sum to one"

    def _bases(self) -> Iterator[str]:
        for base in self.one_hot:
            if base in self.normalised:
                yield f"{base} is one-hot, so its entries sum to one; do not declare it as well"
            if self.sign(base) == 2:
                yield f"{base} is one-hot, so all its entries but one are 0; do not declare it positive"
        for base in self.labels:
            if not base.assumptions0.get("integer"):
                yield f"expected integer labels, got {base}; declare IndexedBase(…, integer=True)"
            if base in self.normalised or base in self.one_hot or base in self.values:
                yield f"{base} is declared as labels, which are class numbers"

    def _sizes(self) -> Iterator[str]:
        for size in chain(self.in_range.values(), self.labels.values(), *self.shapes.values()):
            if not isinstance(size, Symbol) and size > LARGEST:
                yield f"expected a size of at most {LARGEST}, got {size}"
        for size, least in self.at_least.items():
            if not 1 <= least <= LARGEST or least != int(least):
                yield f"expected a size of 1 to {LARGEST} for {size}, got {least}: a sum is never empty here"
            if size in self.in_range:
                yield f"{size} is an index in a range, which starts at 1; declare what is > 0 as positive"
        for base, numbers in self.values.items():
            size, *more = self.shapes.get(base, (K,))
            if more:
                yield f"{base} has values and so one index, got the shape {self.shapes[base]}"
            if (fixed := self.fixed.get(size, len(numbers))) != len(numbers):
                yield f"{size} is {fixed} by the values of one base and {len(numbers)} by {base}'s"
            if len(numbers) < self.smallest(size):
                yield f"{size} is at least {self.smallest(size)}, got {len(numbers)} values for {base}"

    @cached_property
    def defined_bases(self) -> dict[Base, tuple[tuple[Symbol, ...], Expr]]:
        """Bases given by a definition, or one-hot, with the index pattern and the body."""
        k, n = (Dummy(name, integer=True, positive=True) for name in "kn")
        labelled = {y: ((n, k), KroneckerDelta(x[n], k)) for y, x in self.one_hot.items() if x in self.labels}
        fixed = {y: ((k,), KroneckerDelta(c, k)) for y, c in self.one_hot.items() if y not in labelled}
        defined = {left.base: (left.indices, body) for left, body in self.define.items() if isinstance(left, Indexed)}
        return {**labelled, **fixed, **defined}

    @cached_property
    def origins(self) -> dict[Any, tuple[Any, tuple[int, ...]]]:
        """For each function that stands for any: whose derivative it is, and how often by each argument."""
        found, slopes = {}, {*chain(*self.slopes.values())}
        waiting = [(first, first, (0,) * len(own)) for first, own in self.slopes.items() if first not in slopes]
        for function, first, orders in waiting:  # which grows: derivatives have derivatives
            found[function] = first, orders
            for place, slope in enumerate(self.slopes.get(function, ())):
                waiting.append((slope, first, tuple(order + (at == place) for at, order in enumerate(orders))))
        return found

    def shape(self, base: Base, rank: int) -> tuple[Size, ...]:
        """Return the sizes of a base's indices; an index of it runs from 1 to its size."""
        if base in self.values:
            return (len(self.values[base]),)
        shape = self.shapes.get(base, ((N,) if base in self.labels else (K,)) if rank == 1 else (N, K))
        known, _ = self.defined_bases.get(base, (shape, None))
        if len(known) != rank:
            raise ValueError(f"World: {base} has {len(known)} index(es), got {rank}; declare its shape or labels")
        return shape

    @cached_property
    def fixed(self) -> dict[Symbol, int]:
        """The sizes that the given values fix."""
        sizes = {self.shapes.get(base, (K,))[0]: len(numbers) for base, numbers in self.values.items()}
        return {size: length for size, length in sizes.items() if isinstance(size, Symbol)}

    def smallest(self, size: Symbol) -> int:
        """Return the smallest value a size may take."""
        return int(self.at_least.get(size, 1))

    def range_of(self, thing: Symbol | Base) -> tuple[Expr, Expr]:
        """Return the ends between which a symbol or the entries of a base are declared to lie; they may be infinite."""
        low, high = map(sympify, self.intervals.get(thing, (-oo, oo)))
        least = self.smallest(thing) if _is_whole(thing) else 0 if self.sign(thing) else -oo
        return max(low, sympify(least)), high

    @cached_property
    def asked(self) -> dict[Any, int]:
        """What was found of the signs of symbols, bases and expressions in this world."""
        return {}

    def sign(self, thing: Expr | Base) -> int:
        """Return 2 where a base or symbol is > 0, declared here or by itself, 1 where it is >= 0, else 0."""
        if thing not in self.asked:
            own, vanishes = thing.assumptions0, thing in self.may_vanish
            low, least = self.intervals.get(thing, (-1, 0))[0], min(map(Rational, self.choices.get(thing, (-1,))))
            above = low >= 0 or least > 0 or thing in self.positive or own.get("positive")
            not_below = least >= 0 or thing in self.one_hot or vanishes or own.get("nonnegative")
            self.asked[thing] = 2 if above and not vanishes else int(bool(not_below))
        return self.asked[thing]

    def ingredients(self, expression: Expr | Base) -> frozenset[Expr | Base]:
        """Return the symbols and bases that an expression is made of, through definitions and dependences."""
        found: set[Expr | Base] = set()
        waiting = list(names_in(expression))
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                pattern, body = self.defined_bases.get(name, ((), self.define.get(name, Integer(0))))
                waiting += names_in(body, frozenset(pattern))
                for thing, parameter in self.depends_on.items():
                    if name in (thing, base_of(thing)):
                        waiting += names_in(parameter)
        return frozenset(found)

    def without(self, **dropped: Any) -> World:
        """Return this world without some declarations, as ``without(normalised=(q,))``; ValueError for others."""
        changes: dict[str, Any] = {}
        for name, things in dropped.items():
            declared = getattr(self, name)
            if missing := [str(thing) for thing in things if thing not in declared]:
                raise ValueError(f"World.without: expected things declared as {name}, got {', '.join(missing)}")
            kept = tuple(thing for thing in declared if thing not in things)
            changes[name] = kept if isinstance(declared, tuple) else {key: declared[key] for key in kept}
        return replace(self, **changes)

    def binding(self, *bound: Symbol) -> World:
        """Return what is known where a sum binds some symbols: nothing that is said of free ones of their names."""
        names = ("in_range", "at_least", "intervals", "choices", "positive", "nonzero")
        gone = {name: [thing for thing in getattr(self, name) if thing.has(*bound)] for name in names}
        return self.without(**gone) if any(gone.values()) else self

    def but(self, **changed: Any) -> World:
        """Return this world with some declarations replaced."""
        return replace(self, **changed)


def _is_whole(thing: Any) -> bool:
    """Return whether something is a positive whole number."""
    return bool(sympify(thing).is_integer and sympify(thing).is_positive)
