"""Limits in one scalar: SymPy's Gruntz algorithm, with the witness walking towards the limit beside it."""

from __future__ import annotations

from typing import Any

from sympy import Symbol, limit, oo
from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.derivation.judge import Judge, described
from ce.derivation.sampling import MP, Point, exact
from ce.derivation.terms import Unreadable
from ce.derivation.verdict import Grade, Refutation, Verdict, number_text
from ce.derivation.witness import Undefined, Witness
from ce.derivation.writing import Writer

__all__ = ["limit_verdict"]

# Where the witness stands: first near enough that e to the place has all its digits, then far out for slow limits.
_WALKS_OUT = ((15, 30, 60, 120), (10**2, 10**4, 10**6, 10**8))
_WALKS_IN = ((8, 16, 32, 48),)  # at the end less, or more than, 10 to minus these
_CLOSE = MP.mpf(10) ** -6
_LARGE = 10
_POINTS = 8


def limit_verdict(
    before: Expr, variable: Symbol, to: Expr, after: Expr, judge: Judge, side: str = ""
) -> Verdict:
    """Judge that before tends to after as the variable tends to a number, oo or −oo.

    ``side`` is "+" or "-" for a limit at a number from above or below.
    """
    to, after = sympify(to), sympify(after)
    if to.is_finite and side not in ("+", "-"):
        raise ValueError(f"Limit: expected side '+' or '-' for a limit at {to}, got {side!r}")
    if after.has(variable):
        raise ValueError(f"Limit: expected a limit free of {variable}, got {after}")
    refutation = _refuted(before, variable, to, after, judge, side)
    if refutation:
        return Verdict(Grade.F, refutation.why, refutation)
    if _proven(before, variable, to, after, judge, side):
        return Verdict(Grade.B, "SymPy's limit")
    return Verdict(Grade.C, "the values approach the limit")


def _proven(before: Expr, variable: Symbol, to: Expr, after: Expr, judge: Judge, side: str) -> bool:
    try:
        writer = Writer(judge.reader, opaque=True)
        written = writer.write(judge.reader.read(before))
        claimed = after if after in (oo, -oo) else writer.write(judge.reader.read(after))
        moving = writer.write(judge.reader.read(variable))
        if moving not in written.free_symbols and written != claimed:
            return False  # the variable hides in an element or a sum
        found = limit(written, moving, to, side or "+")
    except (Unreadable, NotImplementedError, ValueError):
        return False
    return bool(found == claimed or (found - claimed).equals(0))


def _refuted(before: Expr, variable: Symbol, to: Expr, after: Expr, judge: Judge, side: str) -> Refutation | None:
    for number, witness in enumerate(judge.witnesses()):
        if number >= _POINTS:
            break
        found = [_walk(before, variable, walk, after, witness.point.afresh(), to) for walk in _walks(to, side)]
        if all(found):  # no walk approaches the limit
            return found[0]
    return None


def _walk(before: Expr, variable: Symbol, walk: list[Any], after: Expr, point: Point, to: Expr) -> Refutation | None:
    """Return why the values along a walk do not approach the limit, None where they do."""
    try:
        values = [_value(before, point, variable, place) for place in walk]
        goal = after if after in (oo, -oo) else Witness(point).value(after)
    except Undefined as error:
        return Refutation(before, after, described(point), why=f"a side has no value ({error})")
    if _approaches(values, goal):
        return None
    shown = str(after) if after in (oo, -oo) else number_text(goal)
    why = f"the values do not approach the limit as {variable} tends to {to}"
    return Refutation(before, after, described(point), ", ".join(number_text(v) for v in values), shown, "", why)


def _walks(to: Expr, side: str) -> list[list[Any]]:
    sign = -1 if to is -oo or side == "-" else 1
    if to in (oo, -oo):
        return [[sign * MP.mpf(place) for place in walk] for walk in _WALKS_OUT]
    return [[exact(to) + sign * MP.mpf(10) ** -power for power in walk] for walk in _WALKS_IN]


def _value(expression: Expr, point: Point, variable: Symbol, place: Any) -> Any:
    moved = point.shifted(str(variable), place)
    value = Witness(moved).value(expression)
    point.drawn.update(moved.drawn)
    return value


def _approaches(values: list[Any], goal: Any) -> bool:
    if goal in (oo, -oo):
        signed = [value if goal is oo else -value for value in values]
        return signed == sorted(signed) and signed[-1] > _LARGE and signed[-1] > 1.5 * signed[-3]
    gaps = [abs(value - goal) for value in values]
    return bool(gaps[-1] <= _CLOSE * (1 + abs(goal)) and gaps[-1] <= gaps[0])
