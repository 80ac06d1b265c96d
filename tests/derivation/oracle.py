"""An oracle for the tests: evaluates expressions in floating point at points it draws itself.

It shares no code with the normal form, nor with the engine's own witness: it translates an expression to
Python source and runs that, with numbers of its own. Only what a world declares is read from the engine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from hashlib import blake2b

from sympy import (
    Abs,
    Add,
    And,
    E,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Or,
    Piecewise,
    Pow,
    Product,
    Rational,
    Rel,
    Sum,
    Symbol,
    exp,
    log,
    nan,
    pi,
)
from sympy.core.expr import Expr
from sympy.core.function import AppliedUndef

from ce.derivation import World
from ce.formulas import Largest, Node
from ce.symbols import K, M, N

SIZES = (K, N, M)


class NoValueError(Exception):
    """The expression has no finite value at the point."""


class Draw:
    """A number in [0, 1) made from a text, and what one draws with it."""

    def __init__(self, text: str) -> None:
        self.share = int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) / 2**64

    def uniform(self, low: float, high: float) -> float:
        return low + (high - low) * self.share

    def randint(self, low: int, high: int) -> int:
        return low + int(self.share * (high - low + 1))

    def choice(self, options: tuple) -> object:
        return options[int(self.share * len(options))]


@dataclass
class OraclePoint:
    """Sizes and numbers, drawn when they are asked for."""

    world: World
    seed: int
    changes: dict = field(default_factory=dict)  # (name, indices) -> value
    salt: dict = field(default_factory=dict)  # name -> another draw of it
    kept: dict = field(default_factory=dict)

    def random(self, *key: object) -> Draw:
        return Draw(f"oracle {self.seed} {self.salt.get(key[0], '')} {key}")

    def size(self, size: object) -> int:
        if not isinstance(size, Symbol):
            return int(size)
        if size not in self.kept:
            self.kept[size] = self.fresh_size(size)
        return self.kept[size]

    def fresh_size(self, size: Symbol) -> int:
        if size in self.world.fixed:
            return self.world.fixed[size]
        low = self.world.at_least.get(size, 1)
        return self.random("size", size.name).choice((max(low, 2), max(low, 3), max(low, 2) + 2))

    def index(self, symbol: Symbol) -> int:
        if symbol not in self.world.in_range:
            return self.size(symbol)
        if ("index", symbol) not in self.kept:
            last = self.size(self.world.in_range[symbol])
            self.kept["index", symbol] = self.random("index", symbol.name).randint(1, last)
        return self.kept["index", symbol]

    def scalar(self, symbol: Symbol) -> float:
        if (symbol.name, ()) in self.changes:
            return self.changes[symbol.name, ()]
        world, random = self.world, self.random(symbol.name)
        if symbol in world.choices:
            return float(random.choice(world.choices[symbol]))
        if symbol in world.intervals:
            low, high = (float(end) for end in world.intervals[symbol])
            high = low + 5 if math.isinf(high) else high
            low = high - 5 if math.isinf(low) else low
            return low + (high - low) * random.uniform(0.05, 0.95)
        if symbol in world.in_range:
            return float(self.index(symbol))
        if symbol.is_integer:
            return float(self.size(symbol))
        positive = symbol.is_nonnegative or self.world.sign(symbol)
        return random.uniform(0.2, 2) if positive else random.uniform(-2, 2)

    def element(self, base: IndexedBase, indices: tuple[int, ...]) -> float:
        if (base, indices) not in self.kept:
            self.kept[base, indices] = self.fresh_element(base, indices)
        return self.kept[base, indices]

    def fresh_element(self, base: IndexedBase, indices: tuple[int, ...]) -> float:
        sizes = [self.size(size) for size in self.world.shape(base, len(indices))]
        if not all(1 <= index <= size for index, size in zip(indices, sizes, strict=True)):
            raise NoValueError(f"{base}{indices} is out of range")
        if (base.name, indices) in self.changes:
            return self.changes[base.name, indices]
        if base in self.world.values:
            return float(Rational(self.world.values[base][indices[0] - 1]))
        if base in self.world.labels:
            return float(self.random(base.name, indices).randint(1, self.size(self.world.labels[base])))
        if base in self.world.normalised:
            places = range(1, sizes[-1] + 1)
            row = [self.random(base.name, (*indices[:-1], at)).uniform(0.1, 1) for at in places]
            return row[indices[-1] - 1] / math.fsum(row)
        random = self.random(base.name, indices)
        return random.uniform(0.2, 2) if self.world.sign(base) else random.uniform(-2, 2)

    def smooth(self, name: str, order: int, at: float) -> float:
        a, b = (self.random(f"{name} smooth").uniform(0.5, 2) for _ in range(2))
        if name in map(str, self.world.convex):  # a x² + e^(b x)
            return a * (at**2, 2 * at, 2)[order] + b**order * math.exp(b * at)
        return a * b**order * math.sin(b * at + order * math.pi / 2)

    def moved(self, name: str, indices: tuple[int, ...], value: float) -> OraclePoint:
        return replace(self, changes={**self.changes, (name, indices): value}, kept={})

    def redrawn(self, names: frozenset[str], salt: int) -> OraclePoint:
        return replace(self, salt=dict.fromkeys(names, salt), kept={})

    def value(self, expression: object) -> float:
        """Return the value of an expression, or raise NoValueError."""
        try:
            value = _compiled(expression, self.world)(self)
        except (ZeroDivisionError, ValueError, OverflowError, TypeError) as error:
            raise NoValueError(str(error)) from None
        if isinstance(value, complex) or not math.isfinite(value):
            raise NoValueError("infinite or complex")
        return value


@lru_cache(maxsize=512)
def _compiled(expression: object, world: World) -> object:
    return eval(f"lambda P: {_code(expression, world, frozenset())}", _NAMES)


def _times(*factors: object) -> float:
    """Multiply lazily: nothing times zero is zero, so that 0 · log 0 = 0."""
    result, late = 1.0, []
    for factor in factors:
        try:
            result *= factor()
        except (ValueError, ZeroDivisionError) as error:
            late.append(error)
    if late and result != 0:
        raise late[0]
    return result


def _fail() -> float:
    raise NoValueError("none of the cases")


_NAMES = {
    "exp": math.exp,
    "log": math.log,
    "fsum": math.fsum,
    "times": _times,
    "product": math.prod,
    "abs": abs,
    "range": range,
    "pi": math.pi,
    "e": math.e,
    "fail": _fail,
    "max": max,
    "min": min,
}


def _code(node: object, world: World, bound: frozenset[str]) -> str:
    """Return Python source for a node; bound indices are Python variables of the same name."""
    for kind, rule in _RULES:
        if isinstance(node, kind):
            return rule(node, world, bound)
    if node in (E, pi):
        return "e" if node == E else "pi"
    if node.is_extended_real is False or node.is_infinite or node is nan:
        raise NoValueError(f"{node} is no real number")
    raise NotImplementedError(f"the oracle cannot read {type(node).__name__}")


def _inner(node: Expr, world: World, bound: frozenset[str]) -> list[str]:
    return [_code(part, world, bound) for part in node.args]


def _delta(node: KroneckerDelta, world: World, bound: frozenset[str]) -> str:
    first, second = (_index(part, world, bound) for part in node.args[:2])
    return f"float({first} == {second})"


def _mul(node: Mul, world: World, bound: frozenset[str]) -> str:
    return f"times({', '.join(f'lambda: {part}' for part in _inner(node, world, bound))})"


@cache
def _variable(index: Symbol) -> str:
    """Return the Python variable that a bound index becomes."""
    return f"_k_{index}".replace("_", "D")


def _symbol(node: Symbol, world: World, bound: frozenset[str]) -> str:
    if _variable(node) in bound:
        return _variable(node)
    if node in world.define:
        return _code(world.define[node], world, frozenset())
    return f"P.scalar({_hold(node)})"


def _index(node: object, world: World, bound: frozenset[str]) -> str:
    if isinstance(node, Symbol):
        return _variable(node) if _variable(node) in bound else f"P.index({_hold(node)})"
    if isinstance(node, Indexed):
        parts = ", ".join(_index(part, world, bound) for part in node.indices)
        return f"int(P.element({_hold(node.base)}, ({parts},)))"
    if isinstance(node, Add):
        return f"({' + '.join(_index(part, world, bound) for part in node.args)})"
    return str(int(node))


def _case(node: Piecewise, world: World, bound: frozenset[str]) -> str:
    """Return the source of a value where some indices are in order."""
    cases = [f"{_code(value, world, bound)} if {_condition(where, world, bound)} else" for value, where in node.args]
    return f"({' '.join(cases)} fail())"


def _condition(where: object, world: World, bound: frozenset[str]) -> str:
    if isinstance(where, And | Or):
        word = " and " if isinstance(where, And) else " or "
        return f"({word.join(_condition(part, world, bound) for part in where.args)})"
    if isinstance(where, Rel):
        return f"{_code(where.lhs, world, bound)} {where.rel_op} {_code(where.rhs, world, bound)}"
    return str(bool(where))


def _element(node: Indexed, world: World, bound: frozenset[str]) -> str:
    indices = [_index(part, world, bound) for part in node.indices]
    if node.base in world.defined_bases:
        pattern, body = world.defined_bases[node.base]
        names = [_variable(symbol) for symbol in pattern]
        inner = _code(body, world, frozenset(names))
        return f"(lambda {', '.join(names)}: {inner})({', '.join(indices)})"
    if node.base in world.one_hot:
        hot = world.one_hot[node.base]
        if isinstance(hot, IndexedBase):
            return f"float(int(P.element({_hold(hot)}, ({', '.join(indices[:-1])},))) == {indices[-1]})"
        return f"float({_index(hot, world, frozenset())} == {indices[-1]})"
    return f"P.element({_hold(node.base)}, ({', '.join(indices)},))"


def _loop(node: Sum | Product, world: World, bound: frozenset[str]) -> str:
    loops = ""
    for symbol, low, high in reversed(node.limits):  # the last limit is the outermost
        ends = f"{_index(low, world, bound)}, {_index(high, world, bound)} + 1"
        loops += f"for {_variable(symbol)} in range({ends}) "
        bound |= {_variable(symbol)}
    body = _code(node.function, world, bound)
    return f"fsum([{body} {loops}])" if isinstance(node, Sum) else f"product([{body} {loops}])"


def _largest(node: Largest, world: World, bound: frozenset[str]) -> str:
    value, index, size = node.args
    name = _variable(index)
    body = _code(value, world, bound | {name})
    return f"max([{body} for {name} in range(1, {_index(size, world, bound)} + 1)])"


def _smooth(node: AppliedUndef, world: World, bound: frozenset[str]) -> str:
    back = {str(slope): str(function) for function, own in world.slopes.items() for slope in own}
    name, order = str(type(node)), 0
    while name in back:
        name, order = back[name], order + 1
    return f"P.smooth({name!r}, {order}, {_code(node.args[0], world, bound)})"


def _hold(thing: object) -> str:
    """Return a name under which the source finds a SymPy object."""
    if not isinstance(thing, Symbol | IndexedBase):
        return str(int(thing))
    name = f"_o{abs(hash(thing))}"
    _NAMES[name] = thing
    return name


_RULES = (
    (Rational, lambda node, world, bound: f"({int(node.p)}/{int(node.q)})"),
    (Symbol, _symbol),
    (Indexed, _element),
    (Sum, _loop),
    (Product, _loop),
    (KroneckerDelta, _delta),
    (Piecewise, _case),
    (Add, lambda *seen: f"fsum(({', '.join(_inner(*seen))},))"),
    (Mul, _mul),
    (Pow, lambda *seen: "({})**({})".format(*_inner(*seen))),
    (exp, lambda *seen: f"exp({_inner(*seen)[0]})"),
    (log, lambda *seen: f"log({_inner(*seen)[0]})"),
    (Abs, lambda *seen: f"abs({_inner(*seen)[0]})"),
    (Max, lambda *seen: f"max({', '.join(_inner(*seen))})"),
    (Min, lambda *seen: f"min({', '.join(_inner(*seen))})"),
    (AppliedUndef, _smooth),
    (Largest, _largest),
    (Node, lambda node, world, bound: _code(node.meaning(), world, bound)),
)
