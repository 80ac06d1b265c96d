"""Limits in one scalar: SymPy's Gruntz algorithm proves and refutes, and numbers far out only ever refute.

The functions of the book are made of powers, exponentials and logarithms: they do not oscillate, so far out
the distance to the limit shrinks from one place to the next, however slowly. Where it does not, at a point of
the world, the general answer does not hold at that point: x g / (1 + x g) tends to 1 unless g = 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sympy import Add, Dummy, Integer, Mul, Pow, Symbol, exp, expand, limit, oo, simplify
from sympy import factor as factored
from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.derivation.judge import Judge, described
from ce.derivation.normal_form.reader import Writer
from ce.derivation.numeric_check.evaluator import Witness
from ce.derivation.numeric_check.points import MP, symbol_key
from ce.derivation.signs import nonnegative, positive
from ce.derivation.verdict import Grade, Refutation, TooLarge, Undefined, Unreadable, Verdict, number_text

__all__ = ["Approach", "limit_verdict"]

_POWERS = (3, 6, 12, 24, 36)  # the places are 10 to these, or so near to the number
_CLOSE = MP.mpf(10) ** -12
_MAX_SIZE = 150  # operations: Gruntz's algorithm takes long for more
_MAX_CASES = 3  # parameters of unknown sign, each with three cases


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

    def ahead(self, step: Symbol) -> tuple[Expr, Expr]:
        """Return where a positive step tends to, and where the variable is meanwhile."""
        if self.to in (oo, -oo):
            return oo, step if self.to is oo else -step
        return Integer(0), self.to + step if self.side == "+" else self.to - step

    def impossible(self, lines: tuple[Expr, Expr], judge: Judge) -> str:
        """Return why the variable cannot go there, or not alone; empty when it can."""
        world, variable = judge.world, self.variable
        if not isinstance(variable, Symbol):
            return f"expected a symbol that tends to something, got {variable}"
        for told, why in (
            (
                not (self.to.is_number and self.to.is_extended_real),
                f"expected a real number, oo or -oo for {variable} to tend to, got {self.to}",
            ),
            (variable in world.define, f"{variable} is an abbreviation: let what it is made of tend to something"),
            (
                variable in world.choices or variable in world.in_range,
                f"{variable} takes separate values only: it tends to nothing",
            ),
            (
                variable in world.depends_on,
                f"{variable} depends on {world.depends_on.get(variable)}: let that tend to something",
            ),
        ):
            if told:
                return why
        here = frozenset[Any]().union(*map(world.ingredients, lines))
        moved = sorted(
            str(thing)
            for thing in here.intersection(map(_base, world.depends_on))
            if variable in world.ingredients(thing)
        )
        if moved:
            return f"how {', '.join(moved)} varies with {variable} is not said, only that it does"
        return self._beyond(judge)

    def _beyond(self, judge: Judge) -> str:
        """Return why the end lies outside of where the variable may be; empty when it does not."""
        low, high = self._ends(judge)
        inside = low < self.to < high or (self.to == low and self.to is -oo) or (self.to == high and self.to is oo)
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
        wrong = _Comparison(before, after, approach, judge).wrong()
    except Unreadable as error:
        return Verdict.undecided(before, after, str(error))
    except (NotImplementedError, ValueError, TypeError):  # SymPy's ways to give up
        return Verdict.undecided(before, after, "SymPy finds no limit")
    if wrong and not wrong.startswith("where"):
        return Verdict(Grade.F, wrong, Refutation(before, after, why=wrong))
    if refutation := _astray(before, after, approach, judge):
        return Verdict(Grade.F, refutation.why, refutation)
    finite = before if after in (oo, -oo) else after
    if not wrong and (named := judge.excluded(before, finite, moving=variable)):
        wrong = f"the line or its limit may have no value: {named}"
    return Verdict.undecided(before, after, wrong) if wrong else Verdict(Grade.B, "SymPy's limit")


def _shown(value: Expr) -> str:
    return {oo: "∞", -oo: "−∞"}.get(value, str(value))


class _Comparison:
    """The limit that SymPy finds beside the one that is claimed, for all values of the parameters.

    SymPy takes a coefficient for one that is not 0, and of two unknown ones either may be the larger. So
    whatever the limit may hang on has a known sign, or all three cases of it are compared.
    """

    def __init__(self, before: Expr, after: Expr, approach: Approach, judge: Judge) -> None:
        reader, self._writer = judge.reader, Writer(judge.reader.facts, opaque=True)
        self._world, self._moving = judge.world, Dummy("t", positive=True)
        variable = self._writer.write(reader.read(approach.variable))
        self._end, there = approach.ahead(self._moving)
        self._line = self._writer.write(reader.read(before)).subs(variable, there)
        if hidden := self._writer.hiding(approach.variable):
            raise Unreadable(f"{approach.variable} stands inside {hidden}, where no limit is known")
        self._claimed = after if after in (oo, -oo) else self._writer.write(reader.read(after))

    def wrong(self) -> str:
        """Return how the claim is wrong, empty when it is right; with "where" for some parameters alone."""
        return self._compared(self._line, self._claimed, "")

    def _compared(self, line: Expr, claimed: Expr, where: str) -> str:
        if line.count_ops() > _MAX_SIZE or where.count("where") > _MAX_CASES:
            raise Unreadable("the line is too long for SymPy's limit, or has too many cases")
        for part in _coefficients(line, self._moving, self._end):
            if self._sign_is_known(part):
                continue
            symbol, rate = _linear(part)
            plain, above = self._writer.restored(part), Dummy("d", positive=True)
            for value in (above, -above, Integer(0)):
                if nonnegative(plain * -value.subs(above, 1), self._world) and value:
                    continue  # of the other sign
                to = {symbol: expand(symbol + (value - part) / rate)}
                sign = "> 0" if value.is_positive else "< 0" if value else "= 0"
                here = f"{where}where {plain} {sign}, "
                if wrong := self._compared(line.subs(to), claimed.subs(to), here):
                    return wrong
            return ""
        still, rest = line.as_independent(self._moving, as_Add=True)  # Gruntz's algorithm is slow with both
        found = still + limit(rest, self._moving, self._end, "+")
        if found.has(self._moving) or not isinstance(found, Expr) or found.is_extended_real is False:
            raise Unreadable("SymPy finds no limit")
        same = found == claimed or simplify(found - claimed) == 0
        return "" if same else f"{where}the limit is {_shown(found)}, not {_shown(claimed)}"

    def _sign_is_known(self, part: Expr) -> bool:
        if part.is_positive or part.is_negative:
            return True
        plain = self._writer.restored(part)
        return any(positive(side, self._world) or side in self._world.nonzero for side in (plain, -plain))


def _coefficients(node: Expr, moving: Symbol, end: Expr, *, top: bool = True) -> Iterator[Expr]:
    """Yield what is free of the moving symbol and may decide how a line behaves far out."""
    if not node.has(moving):
        return
    if isinstance(node, Pow) and not node.exp.has(moving):
        yield from _factors(node.exp)
    elif isinstance(node, Pow) and not node.base.has(moving):
        yield from _factors(node.base - 1)
    elif isinstance(node, Add | Mul):
        groups: dict[Expr, Expr] = {}
        for term in Add.make_args(node):
            coefficient, rest = term.as_independent(moving, as_Add=False)
            groups[rest] = groups.get(rest, Integer(0)) + coefficient
        for rest, coefficient in groups.items():
            unknown = list(_factors(coefficient))  # which changes no direction if the rest stays finite
            if unknown and not (top and limit(rest, moving, end, "+").is_finite):
                yield from unknown
    for part in node.args:
        yield from _coefficients(part, moving, end, top=isinstance(node, exp))
    if top:
        rates = [part.args[0] for part in node.atoms(exp) if part.has(moving)]
        for first, second in combinations(sorted(rates, key=str), 2):
            yield from _coefficients(expand(first - second), moving, end)


def _factors(part: Expr) -> Iterator[Expr]:
    """Yield the factors that may be 0 or of either sign."""
    for factor in Mul.make_args(factored(part)):
        inner = factor.base if isinstance(factor, Pow) and factor.exp.is_number else factor
        if not inner.is_number:
            yield inner


def _linear(part: Expr) -> tuple[Symbol, Expr]:
    """Return a symbol in which an expression is linear with a number as its rate, and that rate."""
    for symbol in sorted(part.free_symbols, key=str):
        rate = part.diff(symbol)
        if rate.is_Rational and rate != 0:
            return symbol, rate
    raise Unreadable(f"the limit may hang on the sign of {part}, which is not known")


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
                return Refutation(before, after, described(point), why=f"the line has no value there ({error})")
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
