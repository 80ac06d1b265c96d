"""Limits in one scalar: SymPy's Gruntz algorithm proves and refutes, and numbers far out only ever refute.

The functions of the book are made of powers, exponentials and logarithms: they do not oscillate, so far out
the distance to the limit shrinks from one place to the next, however slowly. Where it does not, at a point of
the world, the general answer does not hold at that point: x g / (1 + x g) tends to 1 unless g = 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Integer, Symbol, limit, oo, simplify
from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.derivation.errors import TooLarge, Undefined, Unreadable
from ce.derivation.judge import Judge, described
from ce.derivation.normal_form.writer import Writer
from ce.derivation.numeric_check.evaluator import Witness
from ce.derivation.numeric_check.points import MP, symbol_key
from ce.derivation.verdict import Grade, Refutation, Verdict, number_text

__all__ = ["Approach", "limit_verdict"]

_POWERS = (3, 6, 12, 24, 36)  # the places are 10 to these, or so near to the number
_CLOSE = MP.mpf(10) ** -12
_MAX_SIZE = 150  # operations: Gruntz's algorithm takes long for more


@dataclass(frozen=True)
class Approach:
    """A variable on its way: to a number from a side ("+" or "-"), to oo or to −oo."""

    variable: Symbol
    to: Expr
    side: str = ""

    def places(self, witness: Witness) -> list[Any]:
        """Return the places at which a witness stands, each nearer to the end than the one before."""
        sign = -1 if self.to is -oo or self.side == "-" else 1
        if self.to in (oo, -oo):
            return [sign * MP.mpf(10) ** power for power in _POWERS]
        return [witness.value(self.to) + sign * MP.mpf(10) ** -power for power in _POWERS]

    def impossible(self, lines: tuple[Expr, Expr], judge: Judge) -> str:
        """Return why the variable cannot go there, or not alone; empty when it can."""
        world, variable = judge.world, self.variable
        if not (self.to.is_number and self.to.is_extended_real):
            return f"expected a real number, oo or -oo for {variable} to tend to, got {self.to}"
        if variable in world.define:
            return f"{variable} is an abbreviation: let what it is made of tend to something"
        if variable in world.choices or variable in world.in_range:
            return f"{variable} takes separate values only: it tends to nothing"
        if variable in world.depends_on:
            return f"{variable} depends on {world.depends_on[variable]}: let that tend to something"
        here = frozenset[Any]().union(*map(world.ingredients, lines))
        moved = sorted(str(thing) for thing in here.intersection(map(_base, world.depends_on))
                       if variable in world.ingredients(thing))  # fmt: skip
        if moved:
            return f"how {', '.join(moved)} varies with {variable} is not said, only that it does"
        return self._beyond(judge)

    def _beyond(self, judge: Judge) -> str:
        """Return why the end lies outside of where the variable may be; empty when it does not."""
        low, high = self._ends(judge)
        inside = (
            low < self.to < high or (self.to == low and self.to is -oo) or (self.to == high and self.to is oo)
        )
        at_end = (self.to == low and self.side == "+") or (self.to == high and self.side == "-")
        if not (inside or at_end):
            end = f"{self.to}{self.side}"
            return f"{self.variable} lies between {low} and {high}: it cannot tend to {end}"
        return ""

    def _ends(self, judge: Judge) -> tuple[Expr, Expr]:
        low, high = map(sympify, judge.world.intervals.get(self.variable, (-oo, oo)))
        if judge.world.is_nonnegative(self.variable):
            low = max(low, Integer(0))
        if self.variable.is_integer:
            low = max(low, Integer(judge.world.smallest(self.variable)))
        return low, high


def _base(thing: Any) -> Any:
    return getattr(thing, "base", thing)


def limit_verdict(before: Expr, after: Expr, approach: Approach, judge: Judge) -> Verdict:
    """Judge that before tends to after.

    Raises
    ------
    ValueError
        For a limit at a number without a side.
    """
    variable = approach.variable
    if approach.to.is_finite and approach.side not in ("+", "-"):
        raise ValueError(f"Limit: expected side '+' or '-' at {approach.to}, got {approach.side!r}")
    problem = approach.impossible((before, after), judge)
    if not problem and variable in judge.world.ingredients(after):
        problem = f"expected a limit free of {variable}, got {after}"
    if problem:
        return Verdict(Grade.F, problem, Refutation(before, after, why=problem))
    try:
        found, claimed = _exactly(before, after, approach, judge)
    except Unreadable as error:
        return Verdict.undecided(before, after, str(error))
    except (NotImplementedError, ValueError, TypeError):  # SymPy's ways to give up
        return Verdict.undecided(before, after, "SymPy finds no limit")
    if found != claimed and simplify(found - claimed) != 0:
        why = f"the limit is {_shown(found)}, not {_shown(claimed)}"
        return Verdict(Grade.F, why, Refutation(before, after, why=why))
    if refutation := _astray(before, after, approach, judge):
        return Verdict(Grade.F, refutation.why, refutation)
    return Verdict(Grade.B, "SymPy's limit")


def _shown(value: Expr) -> str:
    return {oo: "∞", -oo: "−∞"}.get(value, str(value))


def _exactly(before: Expr, after: Expr, approach: Approach, judge: Judge) -> tuple[Expr, Expr]:
    """Return the limit that SymPy finds and the one that is claimed, in the same symbols."""
    reader, writer = judge.reader, Writer(judge.reader.facts, opaque=True)
    moving = writer.write(reader.read(approach.variable))
    written = writer.write(reader.read(before))
    hidden = writer.hiding(approach.variable)
    if hidden:
        raise Unreadable(f"{approach.variable} stands inside {hidden}, where no limit is known")
    claimed = after if after in (oo, -oo) else writer.write(reader.read(after))
    if written.count_ops() > _MAX_SIZE:
        raise Unreadable("the line is too long for SymPy's limit")
    found = limit(written, moving, approach.to, approach.side or "+")
    if found.has(moving) or not isinstance(found, Expr) or found.is_extended_real is False:
        raise Unreadable("SymPy finds no limit")
    return found, claimed


def _astray(before: Expr, after: Expr, approach: Approach, judge: Judge) -> Refutation | None:
    """Return a point of the world at which the values do not come nearer to the limit, None without one."""
    for witness in judge.witnesses():
        point = witness.point.afresh()
        values: list[Any] = []
        for place in reversed(approach.places(witness)):
            moved = point.shifted(symbol_key(approach.variable), place)
            try:
                with MP.workdps(250):  # near the end most digits may cancel
                    values.insert(0, Witness(moved).value(before))
            except TooLarge:
                values.clear()  # a place further away will do
                continue
            except Undefined as error:
                return Refutation(
                    before, after, described(point), why=f"the line has no value there ({error})"
                )
            point.drawn.update(moved.drawn)
            if len(values) == 2:
                break
        try:
            goal = after if after in (oo, -oo) else Witness(point).value(after)
        except Undefined as error:
            return Refutation(before, after, described(point), why=f"the limit has no value ({error})")
        if not _approaches(values, goal):
            texts = ", ".join(number_text(value) for value in values)
            shown = _shown(after) if after in (oo, -oo) else number_text(goal)
            why = f"the values do not approach the limit as {approach.variable} goes on"
            return Refutation(before, after, described(point), texts, shown, "", why)
    return None


def _approaches(values: list[Any], goal: Any) -> bool:
    """Return whether the last of the values is nearer to the goal than the one before, or is there."""
    if len(values) < 2:
        return True
    if goal in (oo, -oo):
        before, last = values[-2:] if goal is oo else (-values[-2], -values[-1])
        return bool(last > before)
    before, last = (abs(value - goal) for value in values[-2:])
    return bool(last < before or last <= _CLOSE * (1 + abs(goal)))
