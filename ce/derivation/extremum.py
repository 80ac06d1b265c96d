"""Steps by the sign of a derivative: smallest and largest values, and the one place where a line is 0."""
# ruff: noqa: D102  (what a step judges stands at its class)

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Indexed, Symbol, diff, expand, oo, sympify

from ce.derivation.assumptions import World
from ce.derivation.judge import Judge
from ce.derivation.signs import nonnegative, positive
from ce.derivation.steps import ONE, ZERO, At, Step
from ce.derivation.verdict import Verdict


def _not_inside(value: Expr, variable: Symbol, line: Expr, world: World) -> str:
    """Return why a value may lie outside an interval on which a line has values, or at an end of it; else empty."""
    low, high = world.range_of(variable)
    above = low is -oo or positive(value - low, world)
    if not (above and (high is oo or positive(high - value, world))):
        return f"{value} is not seen to lie inside the range of {variable}"
    limits = [*world.nonzero, *(thing for thing in world.positive if thing != variable)]
    if any(variable in world.ingredients(thing) for thing in limits):
        return f"what the world excludes may break the range of {variable} in two"
    return f"the line may have no value at some {variable}" if Judge.of(world).reader.domain(line) else ""


@dataclass(frozen=True, kw_only=True)
class Minimum(Step, word="smallest value", sign="≥"):
    """The line is the smallest value of the one before, which its ``variable`` takes ``at`` a point.

    The derivative is (variable − at) · ``slope``, and the slope is >= 0: the line before falls until there
    and rises from there on.

    Examples
    --------
    >>> from sympy import log
    >>> from ce.derivation import judge
    >>> x = Symbol("x", positive=True)
    >>> judge(x - 1 - log(x), Minimum(0, variable=x, at=1, slope=1 / x), World()).grade.name
    'A'
    >>> print(judge(x - log(x), Minimum(0, variable=x, at=1, slope=1 / x), World()).refutation)
    the two sides differ: 1 and 0, apart by 1
    """

    variable: Symbol
    at: Expr
    slope: Expr

    def verdict(self, before: Expr, world: World) -> Verdict:
        at, slope = sympify(self.at), sympify(self.slope)
        value = At(self.expr, put={self.variable: at}).verdict(before, world)
        if not value.holds:
            return value
        moves = Judge.of(world).derivative(before, self.variable, (self.variable - at) * slope)
        if not moves.holds:
            return moves
        problem = _not_inside(at, self.variable, before, world)
        if not problem and not nonnegative(slope if self.sign == "≥" else -slope, world):
            problem = f"the slope {slope} is not seen to be {self.sign} 0"
        return Verdict.undecided(problem) if problem else max(value, moves, key=lambda one: one.grade)


@dataclass(frozen=True, kw_only=True)
class Maximum(Minimum, word="largest value", sign="≤"):
    """The line is the largest value of the one before, as its ``variable`` varies; see :class:`Minimum`."""


@dataclass(frozen=True, kw_only=True)
class Solve(Step, word="solved", varies="variable", anew=True):
    """The line is the value of ``variable`` at which the one before is 0; there is no other.

    The value put in gives 0, and the line before, times ``scaled`` > 0, only grows or only falls as the
    variable does, over all of its range.

    Examples
    --------
    >>> from sympy import Sum
    >>> from ce.derivation import judge
    >>> from ce.symbols import K, k, theta, v
    >>> slope = Sum(theta - v[k], (k, 1, K))
    >>> judge(slope, Solve(Sum(v[k], (k, 1, K)) / K, variable=theta), World()).grade.name
    'A'
    >>> print(judge(theta**2 - 1, Solve(1, variable=theta), World()).refutation)
    no point drawn refutes it, but 2*theta is not seen to have one sign: theta may have other values
    """

    variable: Expr
    scaled: Expr = ONE

    def verdict(self, before: Expr, world: World) -> Verdict:
        if problem := Judge.of(world).fixed(self.variable):
            return Verdict.refused(problem)
        unknown, scaled = self.variable, sympify(self.scaled)
        line, value = before * scaled, self.expr
        if isinstance(unknown, Indexed):  # alone: no other entry may stand in the line
            sign = {"positive": True} if world.is_positive(unknown.base) else {"real": True}
            alone = Symbol(str(unknown), **sign)
            line, scaled, value = (part.xreplace({unknown: alone}) for part in (line, scaled, value))
            if unknown.base in world.ingredients(line):
                return Verdict.refused(f"expected {unknown} to be the only entry of {unknown.base}")
            unknown = alone
        there = At(ZERO, put={unknown: value}).verdict(line, world)
        if not there.holds:
            return there
        slope = diff(expand(line), unknown)
        moves = Judge.of(world).derivative(line, unknown, slope)
        problem = _not_inside(value, unknown, line, world)
        if not moves.holds or not (positive(slope, world) or positive(-slope, world)):
            problem = f"{slope} is not seen to have one sign: {unknown} may have other values"
        elif not positive(scaled, world):
            problem = f"the factor {scaled} is not seen to be positive"
        if problem:
            return Verdict.undecided(problem)
        return max(there, moves, key=lambda one: one.grade)
