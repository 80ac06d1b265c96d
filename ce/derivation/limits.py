"""Limits in one scalar: SymPy's Gruntz algorithm proves and refutes, and numbers far out only ever refute.

The functions of the book do not oscillate, so far out the distance to the limit shrinks from place to place, however
slowly. Where it does not, the general answer does not hold at that point: x g / (1 + x g) tends to 1 unless g = 0.
"""
# ruff: noqa: D102  (what a step judges stands at its class)

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, combinations
from typing import Any

import sympy as sp
from sympy import Dummy, Expr, Mul, Pow, Symbol, exp, oo
from sympy.core.function import AppliedUndef
from sympy.series.gruntz import sign as gruntz_sign

from ce.derivation.assumptions import World
from ce.derivation.judge import Judge
from ce.derivation.normal_form.terms import Polynomial
from ce.derivation.numeric_check.points import MP
from ce.derivation.signs import expanded, linear, positive, signs
from ce.derivation.steps import ZERO, Step
from ce.derivation.verdict import Grade, Refutation, TooLarge, Undefined, Unreadable, Verdict
from ce.formulas.typeset import formula_text, number_text, typeset

_POWERS = (3, 6, 12, 24, 36)  # numbers are looked at 10 to these far out
_MAX_SIZE = 150  # operations: Gruntz's algorithm takes long for more
_OPAQUE = (Symbol, sp.Indexed, sp.KroneckerDelta, sp.Sum, sp.Piecewise, Pow, AppliedUndef)
_MAX_CASES = 3  # parameters of unknown sign, each with three cases


class Limit(Step, word="limit", varies="variable", anew=True):
    """The line is the limit of the one before as ``variable`` tends to a number from a side, to oo or to −oo."""

    variable: Symbol
    to: Expr
    side: str = ""

    def next_head(self, head: str) -> str:
        end = typeset(self.to) + (f"^{self.side}" if self.side else "")
        return rf"\lim_{{{typeset(self.variable)} \to {end}}} {head}"

    def at(self, far: Any, number: Any) -> Any:
        """Return where the variable is so far out, given the number it tends to: there it is as near to that."""
        turn = -1 if self.to is -oo or self.side == "-" else 1
        return number + turn / far if self.to.is_finite else turn * far

    def _impossible(self, after: Expr, world: World) -> Iterator[str]:
        """Yield why the variable cannot go there, or not alone."""
        variable, to = self.variable, self.to
        if not (to.is_number and to.is_extended_real):
            yield f"expected a real number, oo or -oo for {variable} to tend to, got {to}"
        if problem := Judge.of(world).fixed(variable, whole=not to.is_finite):
            yield problem
        if variable in world.depends_on:
            yield f"{variable} depends on {world.depends_on[variable]}: let that tend to something"
        if variable in world.ingredients(after):
            yield f"expected a limit free of {variable}, got {formula_text(after)}"
        low, high = world.range_of(variable)
        at_end = (to == low and (self.side == "+" or to is -oo)) or (to == high and (self.side == "-" or to is oo))
        if not (low < to < high or at_end):
            yield f"{variable} lies between {low} and {high}: it cannot tend to {to}{self.side}"

    def verdict(self, before: Expr, world: World) -> Verdict:
        after, judge = self.expr, Judge.of(world)
        if self.side not in (("+", "-") if self.to.is_finite else ("",)):
            raise ValueError(f"Limit: expected side '+' or '-' at a number, none at oo, got {self.side!r} at {self.to}")
        for problem in self._impossible(after, world):
            return Verdict.refused(problem)
        try:
            wrong = _how_wrong(before, self, judge)
        except (NotImplementedError, ValueError, TypeError) as error:  # SymPy's ways to give up, and ours
            return Verdict.undecided(str(error) if isinstance(error, Unreadable) else "SymPy finds no limit")
        if wrong and not wrong.startswith("where"):
            return Verdict.refused(wrong)
        if refutation := _astray(before, self, judge):
            return Verdict.refused(refutation)
        if not wrong and (named := judge.excluded(before, ZERO if after in (oo, -oo) else after, moving=self.variable)):
            wrong = f"the line or its limit may have no value: {named}"
        return Verdict.undecided(wrong) if wrong else Verdict(Grade.B, "SymPy's limit")


def _how_wrong(before: Expr, step: Limit, judge: Judge) -> str:
    """Return how the limit that SymPy finds is not the one claimed, with "where" if for some parameters alone.

    SymPy takes a coefficient for one that is not 0: one of no known sign is compared in all three cases.
    """
    moving = Dummy("t", positive=True)  # which tends to oo
    symbols: dict[Expr, Symbol] = {}

    def opaque(line: Expr) -> Expr:
        """Return a line in normal form with sums, entries and the like as symbols with the signs that they have.

        No bound index is left then, so that SymPy's limits may be trusted with it.
        """
        if line in (oo, -oo):
            return line
        plain = judge.reader.write(judge.reader.read(line))
        for part in sorted(plain.atoms(*_OPAQUE), key=str):
            if not (isinstance(part, Pow) and (part.exp.is_number or positive(part.base, judge.world))):
                sign = {"positive": True} if positive(part, judge.world) else {"real": True}
                symbols.setdefault(part, Dummy(str(part), **sign))
        return plain.xreplace(symbols)

    def wrong(line: Expr, claimed: Expr, needs: set[tuple[Expr, bool, Expr]], where: str = "") -> str:
        if max(line.count_ops(), claimed.count_ops()) > _MAX_SIZE or where.count("where") > _MAX_CASES:
            raise Unreadable("the line is too long for SymPy's limit, or has too many cases")
        inside = (_coefficients(need, moving, top=False) for need, *_ in sorted(needs, key=str))
        for part in chain(_coefficients(line, moving), *inside):
            plain = part.xreplace(back)
            may_be = signs(plain, judge.world)
            if part.is_positive or part.is_negative or 0 not in may_be:
                continue
            (symbol, rate), above = linear(part), Dummy("d", positive=True)
            for sign in may_be:
                to = {symbol: sp.expand(symbol + (sign * above - part) / rate)}
                here = f"{where}where {formula_text(plain)} {'=><'[sign]} 0, "
                there = {(need.subs(to), *more) for need, *more in needs}
                if found := wrong(line.subs(to), claimed.subs(to), there, here):
                    return found
            return ""
        for need, above, plain in needs:
            known = sp.sympify(gruntz_sign(need, moving))
            factors = (one.args[0].xreplace(back) for one in known.atoms(sp.sign))
            apart = known != 0 and all(0 not in signs(one, judge.world) for one in factors)
            shown = judge.reader.facts.sign_of(judge.reader.read(plain)) == 2 or positive(plain, judge.world)
            if not (shown or known == 1 or (apart and not above)):
                return f"where {formula_text(plain)} may be 0{' or less' * above}: exclude that in the world"
        found = sp.gruntz(line, moving, oo)
        if found.has(moving) or not isinstance(found, Expr) or found.is_extended_real is False:
            raise Unreadable("SymPy finds no limit")
        same = found == claimed or sp.simplify(found - claimed) == 0
        texts = (formula_text(value.xreplace(back)) for value in (found, claimed))
        return "" if same else "{}the limit is {}, not {}".format(where, *texts)

    line, claimed, variable = map(opaque, (before, step.expr, step.variable))
    doubts = [(judge.reader.write(Polynomial(one)), signed) for signed, (one, *_) in judge.reader.domain(before)]
    # A rewritten power has a logarithm, too: what stands in one is more than 0, at least far out.
    needs = {(part.args[0], True) for part in line.atoms(sp.log) if not part.is_number}
    needs |= {(opaque(one), signed) for one, signed in doubts if one.has(step.variable)}
    back = {symbol: part for part, symbol in symbols.items()}
    for part in symbols:
        if part != step.variable and part.has(step.variable):
            kind = {sp.Sum: "a sum", Pow: "a power"}.get(part.func, "an index or a function")
            raise Unreadable(f"{step.variable} stands inside {kind}, where no limit is known")
    there = step.at(moving, step.to)
    asked = {(need.subs(variable, there), above, need.xreplace(back)) for need, above in needs}
    return wrong(line.subs(variable, there), claimed, asked)


def _coefficients(node: Expr, moving: Symbol, *, top: bool = True) -> Iterator[Expr]:
    """Yield what is free of the moving symbol and may decide how a line behaves far out."""
    if not node.has(moving):
        return
    if isinstance(node, Pow) and not (node.exp.has(moving) and node.base.has(moving)):
        yield from _factors(node.base - 1 if node.exp.has(moving) else node.exp)
    elif isinstance(node, sp.Add | Mul):
        groups: dict[Expr, Expr] = {}
        for term in sp.Add.make_args(node):
            coefficient, rest = term.as_independent(moving, as_Add=False)
            groups[rest] = groups.get(rest, ZERO) + coefficient
        for rest, coefficient in groups.items():
            unknown = list(_factors(coefficient))  # which changes no direction if the rest stays finite
            if unknown and not (top and sp.gruntz(rest, moving, oo).is_finite):
                yield from unknown
    for part in node.args:
        yield from _coefficients(part, moving, top=isinstance(node, exp))
    if top:
        rates = [part.args[0] for part in node.atoms(exp) if part.has(moving)]
        for first, second in combinations(sorted(rates, key=str), 2):
            yield from _coefficients(expanded(first - second), moving)


def _factors(part: Expr) -> Iterator[Expr]:
    """Yield the factors that may be 0 or of either sign."""
    for one in Mul.make_args(sp.factor(expanded(part))):
        inner = one.base if isinstance(one, Pow) and one.exp.is_number else one
        if not inner.is_number:
            yield inner


def _astray(before: Expr, step: Limit, judge: Judge) -> Refutation | None:
    """Return a point of the world at which the values do not come nearer to the limit, None without one."""
    after, endless, world = step.expr, step.expr in (oo, -oo), judge.world
    told = [one for one in world.positive if isinstance(one, Expr) and step.variable in world.ingredients(one)]
    for witness in judge.witnesses():
        fresh, side = witness.afresh(), "line"
        values: list[Any] = []  # at two places, the last the furthest
        try:
            for power in reversed(_POWERS):
                place = step.at(MP.mpf(10) ** power, witness.value(step.to) if step.to.is_finite else 0)
                with suppress(TooLarge), MP.workdps(170):  # near the end most digits may cancel
                    there = fresh.shifted(step.variable, place)
                    if any(there.value(one) <= 0 for one in told) and not there.lost:
                        return Refutation(fresh.point.described, why=f"{step.variable} cannot go there in this world")
                    values.insert(0, there.value(before))
                if len(values) == 2:
                    break
            side = "limit"
            goal = after if endless else fresh.value(after)
        except Undefined as error:
            return Refutation(fresh.point.described, why=f"the {side} has no value there ({error})")
        gaps = [value * (-1 if after is oo else 1) if endless else abs(value - goal) for value in values]
        if len(gaps) == 2 and gaps[1] >= gaps[0] and (endless or gaps[1] > MP.mpf(10) ** -12 * (1 + abs(goal))):
            texts = ", ".join(map(number_text, values)), formula_text(after) if endless else number_text(goal)
            why = f"the values do not approach the limit as {step.variable} goes on"
            return Refutation(fresh.point.described, *texts, why=why)
    return None
