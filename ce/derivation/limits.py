"""Limits in one scalar: SymPy's Gruntz algorithm, with the witness walking towards the limit beside it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from sympy import Symbol, limit, oo
from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.derivation.errors import Undefined, Unreadable
from ce.derivation.judge import Judge, described
from ce.derivation.sampling import MP, Point, exact, symbol_key
from ce.derivation.verdict import Grade, Refutation, Verdict, number_text
from ce.derivation.witness import Witness
from ce.derivation.writing import Writer

__all__ = ["Approach", "limit_verdict"]

# Where the witness stands: near enough that e to the place has all its digits, then far for slow limits.
_WALKS_OUT = ((15, 30, 60, 120), (10**2, 10**4, 10**6, 10**8))
_WALKS_IN = ((8, 16, 32, 48),)  # at the end less, or more than, 10 to minus these
_CLOSE = MP.mpf(10) ** -6
_LARGE = 10
_POINTS = 8


@dataclass(frozen=True)
class Approach:
    """A variable on its way: to a number from a side ("+" or "-"), to oo or to −oo."""

    variable: Symbol
    to: Expr
    side: str = ""

    def walks(self) -> list[list[Any]]:
        """Return the places at which the witness stands."""
        sign = -1 if self.to is -oo or self.side == "-" else 1
        if self.to in (oo, -oo):
            return [[sign * MP.mpf(place) for place in walk] for walk in _WALKS_OUT]
        return [[exact(self.to) + sign * MP.mpf(10) ** -power for power in walk] for walk in _WALKS_IN]


def limit_verdict(before: Expr, after: Expr, approach: Approach, judge: Judge) -> Verdict:
    """Judge that before tends to after.

    Raises
    ------
    ValueError
        For a limit at a number without a side, or one that still holds the variable.
    """
    after = sympify(after)
    if approach.to.is_finite and approach.side not in ("+", "-"):
        raise ValueError(f"Limit: expected side '+' or '-' at {approach.to}, got {approach.side!r}")
    if after.has(approach.variable):
        raise ValueError(f"Limit: expected a limit free of {approach.variable}, got {after}")
    refutation = _refuted(before, after, approach, judge)
    if refutation:
        return Verdict(Grade.F, refutation.why, refutation)
    if _proven(before, after, approach, judge):
        return Verdict(Grade.B, "SymPy's limit")
    return Verdict(Grade.C, "the values approach the limit")


def _proven(before: Expr, after: Expr, approach: Approach, judge: Judge) -> bool:
    try:
        writer = Writer(judge.reader, opaque=True)
        written = writer.write(judge.reader.read(before))
        claimed = after if after in (oo, -oo) else writer.write(judge.reader.read(after))
        moving = writer.write(judge.reader.read(approach.variable))
        if moving not in written.free_symbols and written != claimed:
            return False  # the variable hides in an element or a sum
        found = limit(written, moving, approach.to, approach.side or "+")
    except (Unreadable, NotImplementedError, ValueError):
        return False
    return bool(found == claimed or (found - claimed).equals(0))


def _refuted(before: Expr, after: Expr, approach: Approach, judge: Judge) -> Refutation | None:
    for witness in islice(judge.witnesses(), _POINTS):
        walks, variable = approach.walks(), approach.variable
        found = [_astray(before, after, variable, walk, witness.point.afresh()) for walk in walks]
        if all(found):  # no walk approaches the limit
            return found[0]
    return None


def _astray(before: Expr, after: Expr, variable: Symbol, walk: list[Any], point: Point) -> Refutation | None:
    """Return why the values along a walk do not approach the limit, None where they do."""
    try:
        values = [_value(before, point, variable, place) for place in walk]
        goal = after if after in (oo, -oo) else Witness(point).value(after)
    except Undefined as error:
        return Refutation(before, after, described(point), why=f"a side has no value ({error})")
    if _approaches(values, goal):
        return None
    shown = str(after) if after in (oo, -oo) else number_text(goal)
    texts = ", ".join(number_text(value) for value in values)
    why = f"the values do not approach the limit as {variable} goes on"
    return Refutation(before, after, described(point), texts, shown, "", why)


def _value(expression: Expr, point: Point, variable: Symbol, place: Any) -> Any:
    moved = point.shifted(symbol_key(variable), place)
    value = Witness(moved).value(expression)
    point.drawn.update(moved.drawn)
    return value


def _approaches(values: list[Any], goal: Any) -> bool:
    if goal in (oo, -oo):
        signed = [value if goal is oo else -value for value in values]
        return signed == sorted(signed) and signed[-1] > _LARGE and signed[-1] > 1.5 * signed[-3]
    gaps = [abs(value - goal) for value in values]
    return bool(gaps[-1] <= _CLOSE * (1 + abs(goal)) and gaps[-1] <= gaps[0])
