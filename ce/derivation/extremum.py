"""Smallest and largest values by the sign of the derivative: it falls before a point, and rises after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Symbol, oo, sympify
from sympy.core.expr import Expr

from ce.derivation.assumptions import World
from ce.derivation.judge import Judge
from ce.derivation.signs import nonnegative, positive
from ce.derivation.steps import At, Step
from ce.derivation.verdict import Verdict

__all__ = ["Maximum", "Minimum", "broken_range", "lies_inside"]


def lies_inside(value: Expr, variable: Symbol, world: World) -> bool:
    """Return whether a value is known to lie inside the range of a variable, its ends excluded."""
    low, high = world.range_of(variable)
    above = low is -oo or positive(value - low, world)
    return above and (high is oo or positive(high - value, world))


def broken_range(line: Expr, variable: Symbol, world: World) -> str:
    """Return why a line has no value on all of its variable's range, or that is no interval; empty if so."""
    limits = [*world.nonzero, *(thing for thing in world.positive if thing != variable)]
    if any(variable in world.ingredients(thing) for thing in limits):
        return f"what the world excludes may break the range of {variable} in two"
    if Judge.of(world).reader.domain(line):
        return f"the line may have no value at some {variable}"
    return ""


@dataclass(frozen=True, kw_only=True)
class Minimum(Step):
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

    word: ClassVar[str] = "smallest value"
    sign: ClassVar[str] = "≥"

    variable: Symbol
    at: Expr
    slope: Expr

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        at, slope = sympify(self.at), sympify(self.slope)
        value = At(self.expr, put={self.variable: at}).verdict(before, world)
        if not value.holds:
            return value
        moves = Judge.of(world).derivative(before, self.variable, (self.variable - at) * slope)
        if not moves.holds:
            return moves
        problem = broken_range(before, self.variable, world)
        if not problem and not lies_inside(at, self.variable, world):
            problem = f"{at} is not seen to lie inside the range of {self.variable}"
        if not problem and not nonnegative(self._upward(slope), world):
            problem = f"the slope {slope} is not seen to be {self.sign} 0"
        return Verdict.undecided(before, self.expr, problem) if problem else max(value, moves, key=_grade)

    def _upward(self, slope: Expr) -> Expr:
        return slope


@dataclass(frozen=True, kw_only=True)
class Maximum(Minimum):
    """The line is the largest value of the one before, as its ``variable`` varies; see :class:`Minimum`."""

    word: ClassVar[str] = "largest value"
    sign: ClassVar[str] = "≤"

    def _upward(self, slope: Expr) -> Expr:
        return -slope


def _grade(verdict: Verdict) -> str:
    return verdict.grade.name
