"""Steps on equations and bounds as wholes: set to zero and solve; one function applied to both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from sympy import Dummy, Indexed, Integer, Symbol, diff, expand, sympify
from sympy.core.expr import Expr

from ce.derivation.assumptions import World
from ce.derivation.extremum import broken_range, lies_inside
from ce.derivation.judge import Judge
from ce.derivation.signs import positive
from ce.derivation.steps import ONE, ZERO, At, Step
from ce.derivation.verdict import Verdict

__all__ = ["Apply", "Solve"]


@dataclass(frozen=True, kw_only=True)
class Solve(Step):
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

    word: ClassVar[str] = "solved"
    varies: ClassVar[str] = "variable"
    anew: ClassVar[bool] = True

    variable: Expr
    scaled: Expr = ONE

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        if problem := Judge.of(world).fixed(self.variable):
            return self.refused(before, problem)
        unknown, scaled = self.variable, sympify(self.scaled)
        line, value = before * scaled, self.expr
        if isinstance(unknown, Indexed):  # alone: no other entry may stand in the line
            sign = {"positive": True} if world.is_positive(unknown.base) else {"real": True}
            alone = Symbol(str(unknown), **sign)
            line, scaled, value = (part.xreplace({unknown: alone}) for part in (line, scaled, value))
            if unknown.base in world.ingredients(line):
                return self.refused(before, f"expected {unknown} to be the only entry of {unknown.base}")
            unknown = alone
        there = At(ZERO, put={unknown: value}).verdict(line, world)
        if not there.holds:
            return there
        slope = diff(expand(line), unknown)
        moves = Judge.of(world).derivative(line, unknown, slope)
        problem = broken_range(line, unknown, world)
        if not lies_inside(value, unknown, world):
            problem = f"{value} is not seen to lie inside the range of {unknown}"
        elif not moves.holds or not (positive(slope, world) or positive(-slope, world)):
            problem = f"{slope} is not seen to have one sign: {unknown} may have other values"
        elif not positive(scaled, world):
            problem = f"the factor {scaled} is not seen to be positive"
        if problem:
            return Verdict.undecided(before, self.expr, problem)
        return max(there, moves, key=lambda one: one.grade.name)


@dataclass(frozen=True, kw_only=True)
class Apply(Step):
    """A strictly monotone function of both sides, such as ``log``; a decreasing one turns ≥ into ≤.

    That it is monotone is seen from the sign of its derivative, over all numbers or over the positive ones;
    then both sides must be positive.

    Examples
    --------
    >>> from sympy import exp, log, sqrt
    >>> from ce.derivation import judge
    >>> x = Symbol("x", real=True)
    >>> judge(exp(x), Apply(x, function=log), World()).grade.name
    'A'
    >>> print(judge(x, Apply(sqrt(x), function=sqrt), World()).refutation)
    no point drawn refutes it, but x is not seen to be positive, where the function grows
    """

    word: ClassVar[str] = "applied to both sides"
    sign: str = "="  # type: ignore[misc]  # that of the line before, or the opposite: see ``within``
    anew: ClassVar[bool] = True
    keeps_bound: ClassVar[bool] = True

    function: Callable[[Expr], Expr]
    decreasing: bool = False
    left: Expr | None = None

    def within(self, equal: Expr, sign: str) -> Step:
        """Return the step with the sign and the left-hand side that it finds in a derivation."""
        opposite = {"≥": "≤", "≤": "≥"} if self.decreasing else {}
        return replace(self, left=equal, sign=opposite.get(sign, sign))

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        turn = Integer(-1) if self.decreasing else ONE
        for argument in (Dummy("t", real=True), Dummy("t", positive=True)):
            if positive(turn * diff(self.function(argument), argument), world):
                break
        else:
            how = "fall" if self.decreasing else "grow"
            return Verdict.undecided(before, self.expr, f"{self.function(argument)} is not seen to {how}")
        below = (self.sign == "≤") != self.decreasing  # what is more than a positive number is positive, too
        sides = [before, self.left] if below and self.left is not None else [before]
        outside = [side for side in sides if argument.is_positive and not positive(side, world)]
        if outside:
            what = "falls" if self.decreasing else "grows"
            why = f"{outside[0]} is not seen to be positive, where the function {what}"
            return Verdict.undecided(before, self.expr, why)
        return Judge.of(world).equal(self.function(before), self.expr)
