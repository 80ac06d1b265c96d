"""The normal form as a function from expression to expression."""

from __future__ import annotations

from sympy.core.expr import Expr

from ce.derivation.assumptions import World
from ce.derivation.judge import JUDGING, Judge
from ce.derivation.normal_form.writer import Writer

__all__ = ["equal_in_normal_form", "normal_form"]


def normal_form(expression: Expr, world: World) -> Expr:
    """Return the normal form of an expression, with the same value at every point of the world.

    Raises
    ------
    Unreadable
        For a node without a rule.

    Examples
    --------
    >>> from sympy import KroneckerDelta, Sum
    >>> from ce.symbols import K, c, k, q
    >>> normal_form(Sum(KroneckerDelta(k, c) * q[k], (k, 1, K)), World(in_range={c: K}))
    q[c]
    >>> normal_form(Sum(q[k] + 1, (k, 1, K)), World(normalised=(q,)))
    K + 1
    """
    reader = Judge.of(world).reader
    with JUDGING:
        return Writer(reader.facts).write(reader.read(expression))


def equal_in_normal_form(left: Expr, right: Expr, world: World) -> bool:
    """Return whether the normal form proves two expressions equal; the witness is not asked.

    Raises
    ------
    Unreadable
        For a node without a rule.
    """
    reader = Judge.of(world).reader
    with JUDGING:
        return reader.vanishes(reader.read(left) - reader.read(right))
