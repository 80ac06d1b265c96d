"""Which expressions are known to be >= 0, from their structure and from named lemmas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import (
    Abs,
    Add,
    Indexed,
    KroneckerDelta,
    Mul,
    Number,
    NumberSymbol,
    Pow,
    Product,
    Sum,
    Symbol,
    exp,
    log,
)
from sympy.core.expr import Expr

from ce.derivation.assumptions import World
from ce.formulas.functions import Node

__all__ = ["LOG_LEMMA", "SQUARES", "STRUCTURE", "Lemma", "LogGap", "nonnegative", "positive"]


class LogGap(Node):
    r"""The gap :math:`b - a + a \log(a/b)`, which is >= 0 for a >= 0 and b > 0, and 0 only at a = b.

    It is :math:`a (x - 1 - \log x)` at :math:`x = b/a`: the distance between the line x − 1 and the
    logarithm. With 0 log 0 = 0 it is b at a = 0.

    Examples
    --------
    >>> from ce.symbols import k, p, q
    >>> LogGap(p[k], q[k]).meaning()
    log(p[k]/q[k])*p[k] - p[k] + q[k]
    """

    nargs = 2

    def meaning(self) -> Expr:
        """Return the textbook definition."""
        a, b = self.args
        return b - a + a * log(a / b)

    def _latex(self, printer: object, exp: str | None = None) -> str:
        a, b = (printer._print(argument) for argument in self.args)  # type: ignore[attr-defined]
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\mathrm{{gap}}{power}\left({a}, {b}\right)"


_DERIVED: dict[type[Node], str] = {LogGap: "I3"}
"""Which node's inequality is derived by which claim of the book; a test in ``tests/claims`` holds it."""


@dataclass(frozen=True)
class Lemma:
    """An inequality that a slack rests on: derived in the book, or else a step that uses it is only cited.

    Parameters
    ----------
    name
        What the page calls it.
    node
        The node that the lemma says is >= 0; None for what follows from the signs of squares and factors.
    proven_by
        The claim whose derivation proves it.
    """

    name: str
    node: type[Node] | None = None
    proven_by: str = ""

    @property
    def derived(self) -> bool:
        """Whether the book derives it, or it needs no derivation."""
        return self.node is None or (bool(self.proven_by) and _DERIVED.get(self.node) == self.proven_by)


SQUARES = Lemma("a square is never negative")
STRUCTURE = Lemma("every factor is ≥ 0")
LOG_LEMMA = Lemma("log x ≤ x − 1", LogGap, "I3")


def nonnegative(expression: Expr, world: World, lemma: Lemma = STRUCTURE) -> bool:
    """Return whether an expression is known to be >= 0 in a world, using at most the one lemma.

    Examples
    --------
    >>> from sympy import Sum
    >>> from ce.symbols import K, k, p, z
    >>> nonnegative(Sum(p[k] * z[k] ** 2, (k, 1, K)), World())
    True
    >>> nonnegative(Sum(p[k] * z[k], (k, 1, K)), World())
    False
    """
    return _sign(expression, world, lemma, strict=False)


def positive(expression: Expr, world: World, lemma: Lemma = STRUCTURE) -> bool:
    """Return whether an expression is known to be > 0 in a world, using at most the one lemma."""
    return _sign(expression, world, lemma, strict=True)


def _sign(node: Expr, world: World, lemma: Lemma, *, strict: bool) -> bool:
    """Return whether a node is known to be >= 0, or > 0 if strict."""
    if node in world.positive or isinstance(node, exp):
        return True
    if isinstance(node, Number | NumberSymbol):
        return bool(node > 0 if strict else node >= 0)
    if isinstance(node, Symbol | Indexed):
        return _declared(node, world, strict=strict)
    for kind, rule in _RULES:
        if isinstance(node, kind):
            return rule(node, world, lemma, strict=strict)
    return not strict and isinstance(node, KroneckerDelta | Abs)


def _sign_of_sum(node: Sum | Product, world: World, lemma: Lemma, *, strict: bool) -> bool:
    # From 1 to a size, which is at least 1: not empty.
    filled = all(low == 1 and (high.is_positive or high in world.at_least) for _, low, high in node.limits)
    return (filled or not strict) and _sign(node.function, world, lemma, strict=strict)


def _sign_of_pow(node: Pow, world: World, lemma: Lemma, *, strict: bool) -> bool:
    square = not strict and node.exp.is_Integer and node.exp.is_even
    return bool(square) or _sign(node.base, world, lemma, strict=strict)


def _sign_of_node(node: Node, world: World, lemma: Lemma, *, strict: bool) -> bool:
    if lemma.node is not None and isinstance(node, lemma.node):
        if not isinstance(node, LogGap):
            return not strict
        a, b = node.args
        return not strict and nonnegative(a, world) and positive(b, world)
    return _sign(node.meaning(), world, lemma, strict=strict)


def _declared(node: Symbol | Indexed, world: World, *, strict: bool) -> bool:
    if node in world.define:
        return _sign(world.define[node], world, STRUCTURE, strict=strict)
    thing = node.base if isinstance(node, Indexed) else node
    if isinstance(node, Indexed) and thing in world.defined_bases:
        return _sign(world.defined_bases[thing][1], world, STRUCTURE, strict=strict)
    return world.is_positive(thing) if strict else world.is_nonnegative(thing)


def _sign_of_add(node: Add, world: World, lemma: Lemma, *, strict: bool) -> bool:
    for symbol, ends in world.intervals.items():
        # What is linear in one symbol is known from the ends of its interval; other terms stand alone.
        line = [term for term in node.args if term.is_Rational or (term / symbol).is_Rational]
        if 1 < len(line) == len(node.args):
            values = [Add(*line).subs(symbol, end) for end in ends]
            return all(value >= 0 for value in values) and any(value > 0 for value in values)
        if len(line) > 1:
            rest = Add(*(term for term in node.args if term not in line))
            return _sign(Add(*line), world, lemma, strict=strict) and _sign(rest, world, lemma, strict=False)
    rest = 1 - node
    if not strict and _at_most_one(rest, world):
        return True
    parts = [term.as_coeff_Mul() for term in node.args]
    if all(rest == 1 or (number > 0 and rest.is_Symbol and rest.is_integer and rest.is_positive)
           for number, rest in parts):  # fmt: skip
        # What grows with every size is least where all of them are.
        least = sum(number if rest == 1 else number * world.smallest(rest) for number, rest in parts)
        return bool(least > 0 if strict else least >= 0)
    every = all(_sign(term, world, lemma, strict=False) for term in node.args)
    return every and (not strict or any(_sign(term, world, lemma, strict=True) for term in node.args))


def _at_most_one(node: Expr, world: World) -> bool:
    """Return whether a node lies between 0 and 1: entries of pmfs, indicators, and products of such."""
    if isinstance(node, KroneckerDelta) or node == 1:
        return True
    if isinstance(node, Symbol):
        _, high = world.intervals.get(node, (None, None))
        return high is not None and high <= 1 and nonnegative(node, world)
    if isinstance(node, Pow):
        return _at_most_one(node.base, world) and bool(node.exp.is_nonnegative)
    if isinstance(node, Mul):
        return all(_at_most_one(factor, world) for factor in node.args)
    return isinstance(node, Indexed) and (
        node.base in world.one_hot or (node.base in world.normalised and world.is_nonnegative(node.base))
    )


def _sign_of_mul(node: Mul, world: World, lemma: Lemma, *, strict: bool) -> bool:
    number, rest = node.as_coeff_Mul()
    factors = Mul.make_args(rest)
    if number > 0:
        return all(_sign(factor, world, lemma, strict=strict) for factor in factors)
    for place, factor in enumerate(factors):
        others = Mul(-number, *factors[:place], *factors[place + 1 :])
        if isinstance(factor, log) and not strict and _at_most_one(factor.args[0], world):
            return _sign(others, world, lemma, strict=False)  # −log q ≥ 0 for 0 < q ≤ 1
        if isinstance(factor, Sum):
            inside = Sum(-factor.function, *factor.limits)
            return _sign(inside, world, lemma, strict=strict) and _sign(others, world, lemma, strict=strict)
    return False


_RULES: tuple[tuple[Any, Callable[..., bool]], ...] = (
    (Sum, _sign_of_sum), (Product, _sign_of_sum), (Add, _sign_of_add), (Mul, _sign_of_mul),
    (Pow, _sign_of_pow), (Node, _sign_of_node),
)  # fmt: skip
