"""Lines with max, min, |·| or a distinction of cases: the regions in which each of these is one branch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sympy import Abs, Expr, Indexed, Max, Min, Piecewise, Product, Sum, expand, sympify
from sympy.core.relational import Relational

from ce.derivation.assumptions import World
from ce.derivation.signs import nonnegative, signs
from ce.derivation.verdict import Unreadable
from ce.formulas.operators import Expectation, Largest, NormalExpectation

_BRANCHING = (Max, Min, Abs, Piecewise)


class Region(NamedTuple):
    """Where a difference has one sign, or is 0: in words, with the lines and the assumptions that hold there.

    On the ``boundary`` the difference is 0; the lines have what makes it so put in where it stands by itself, so
    that a proof holds there, and numbers that refute it need not.
    """

    where: str
    lines: tuple[Expr, ...]
    world: World
    boundary: bool = False


def regions(lines: Sequence[Expr], world: World) -> list[Region]:
    """Return the regions by the sign of the first difference on which a branch depends; empty for none.

    It is Unreadable when it cannot be said what the lines are where the difference is 0.

    Examples
    --------
    >>> from sympy import Symbol
    >>> x = Symbol("x", real=True)
    >>> [(part.where, *part.lines) for part in regions((Max(x, 0), Abs(x)), World())]
    [('x > 0', x, x), ('x < 0', 0, -x), ('x = 0', 0, 0)]
    """
    bound = {limit[0] for line in lines for total in line.atoms(Sum, Product) for limit in total.limits}
    bound |= {node.args[node.binds] for line in lines for node in line.atoms(Expectation, Largest, NormalExpectation)}
    differences = (found for line in lines for found in _differences(line) if not found.free_symbols & bound)
    inside = world.binding(*bound)  # where a branch may be chosen
    difference = next((found for found in differences if len(signs(found, inside)) > 1), None)
    if difference is None:
        known = tuple(_branch(line, inside) for line in lines)
        return [] if known == tuple(lines) else [Region("the branches are known", known, world)]
    if difference.could_extract_minus_sign():
        difference = -difference
    found = []
    for sign in signs(difference, inside):
        if not sign:
            unknown, rate = linear(difference)
            at_zero = {unknown: expand(unknown - difference / rate)}
            kept = tuple(_branch(line.xreplace(at_zero), inside) for line in lines)
            define = {left: body.xreplace(at_zero) for left, body in world.define.items()}
            found.append(Region(f"{difference} = 0", kept, world.but(define=define), boundary=True))
        elif there := _with_positive(sign * difference, world):
            chosen = tuple(_branch(line, there.binding(*bound)) for line in lines)
            found.append(Region(f"{difference} {'>' if sign > 0 else '<'} 0", chosen, there))
    return found


def _differences(line: Expr) -> Iterator[Expr]:
    """Yield what the branches depend on, that of the innermost ones."""
    for node in sorted(line.atoms(Max, Min, Abs, Relational), key=str):
        found = node.args[0] - (0 if isinstance(node, Abs) else node.args[1])
        if not found.has(*_BRANCHING):
            yield found


def _with_positive(difference: Expr, world: World) -> World | None:
    """Return the world in which a difference is positive, None where its symbol's interval forbids it."""
    symbol = next(iter(difference.free_symbols))
    if difference in (symbol, -symbol) and symbol in world.intervals:
        low, high = map(sympify, world.intervals[symbol])
        low, high = (max(low, sympify(0)), high) if difference == symbol else (low, min(high, sympify(0)))
        if not low < high:
            return None
        world = world.but(intervals={**world.intervals, symbol: (low, high)})
    return world.but(positive=(*world.positive, difference))


def linear(difference: Expr) -> tuple[Expr, Expr]:
    """Return a symbol or an element in which a difference is linear, and the rate, which is a number."""
    for unknown in sorted(difference.atoms(Indexed) or difference.free_symbols, key=str):
        rate = expand(difference).coeff(unknown)
        if rate.is_number and rate != 0 and not expand(difference - rate * unknown).has(unknown):
            return unknown, rate
    raise Unreadable(f"what the lines are where {difference} = 0 is not seen; exclude that by nonzero")


def _branch(line: Expr, world: World) -> Expr:
    """Return a line with every branch chosen that is known to hold."""
    kinds = (*_BRANCHING, Relational)
    return line.replace(lambda node: isinstance(node, kinds), lambda node: _chosen(node, world))


def _chosen(node: Any, world: World) -> Any:
    if isinstance(node, Relational):
        truths = {node.func(sign, 0) for sign in signs(node.lhs - node.rhs, world)}
        return truths.pop() if len(truths) == 1 else node
    if isinstance(node, Abs):
        (argument,) = node.args
        return next((turned for turned in (argument, -argument) if nonnegative(turned, world)), node)
    if isinstance(node, Piecewise):
        return node
    turn = 1 if isinstance(node, Max) else -1
    kept = list(node.args)
    for one in node.args:
        if any(other is not one and nonnegative(turn * (other - one), world) for other in kept):
            kept.remove(one)
    return node.func(*kept)
