"""Steps on bounds: one line is at least or at most the next; one function applied to both sides."""
# ruff: noqa: D102  (what a step judges stands at its class)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from sympy import Dummy, Expr, Integer, diff, sympify

from ce.derivation.assumptions import World
from ce.derivation.judge import Compared, Judge
from ce.derivation.numeric_check.evaluator import Witness
from ce.derivation.numeric_check.points import MP
from ce.derivation.signs import STRUCTURE, Lemma, nonnegative, positive
from ce.derivation.steps import ONE, Step
from ce.derivation.verdict import Grade, Verdict


@dataclass(frozen=True, kw_only=True)
class _Inequality(Step, by_cases=True):
    """What AtLeast and AtMost share: the two sides differ by ``slack``, which ``lemma`` says is >= 0, or > 0."""

    strictly: ClassVar[str]

    slack: Expr | None = None
    lemma: Lemma = STRUCTURE
    strict: bool = False

    @property
    def name(self) -> str:
        """The step in words, as messages give it."""
        return self.strictly if self.strict else self.word

    def verdict(self, before: Expr, world: World) -> Verdict:
        judge, lemma = Judge.of(world), self.lemma
        large, small = (before, self.expr) if self.sign == "≥" else (self.expr, before)
        slack = large - small if self.slack is None else sympify(self.slack)
        values = (lambda now: now.value(large), lambda now: now.value(small))
        if refutation := judge.refuted(values, partial(self._wrong, large, small)):
            return Verdict(Grade.F, refutation.why, refutation)
        split = judge.equal(large - small, slack)
        if not split.holds:
            return split
        if named := judge.excluded(large, small):
            return Verdict.undecided(f"one side may have no value: {named}")
        seen, sign = (positive, ">") if self.strict else (nonnegative, ">=")
        if not seen(slack, world, lemma):
            why = f"the slack {slack} is not seen to be {sign} 0 by the lemma “{lemma.name or STRUCTURE.name}”"
            return Verdict.undecided(why)
        if not lemma.derived and seen(slack, world, STRUCTURE) is False:
            return Verdict(Grade.D, f"rests on “{lemma.name}”, which is not derived here")
        return Verdict(split.grade, f"{split.how}; {lemma.name}")

    def _wrong(self, large: Expr, small: Expr, found: Compared) -> str:
        if found.gap < 0:
            return "the side said to be larger is smaller"
        if self.strict and not found.gap:
            with MP.workdps(1050):  # e to the −1000 is more than 0
                fresh = Witness(found.witness.point.afresh())
                one, other = fresh.value(large), fresh.value(small)
                if abs(one - other) <= MP.mpf(10) ** -1000 * (abs(one) + abs(other)):
                    return "the two sides are equal there"
        return ""


@dataclass(frozen=True, kw_only=True)
class AtLeast(_Inequality, word="at least", strictly="more than", sign="≥"):
    """The line before is at least this one; with ``strict``, it is more."""


@dataclass(frozen=True, kw_only=True)
class AtMost(_Inequality, word="at most", strictly="less than", sign="≤"):
    """The line before is at most this one; with ``strict``, it is less."""


@dataclass(frozen=True, kw_only=True)
class Apply(Step, word="applied to both sides", anew=True, keeps_bound=True):
    """A strictly monotone function of both sides, such as ``log``; a decreasing one turns ≥ into ≤.

    That it is monotone is seen from the sign of its derivative, over all numbers or over the positive ones;
    then both sides must be positive.

    Examples
    --------
    >>> from sympy import Symbol, exp, log, sqrt
    >>> from ce.derivation import judge
    >>> x = Symbol("x", real=True)
    >>> judge(exp(x), Apply(x, function=log), World()).grade.name
    'A'
    >>> print(judge(x, Apply(sqrt(x), function=sqrt), World()).refutation)
    no point drawn refutes it, but x is not seen to be positive, where the function grows
    """

    sign: str = "="  # type: ignore[misc]  # that of the line before, or the opposite: see ``within``
    function: Callable[[Expr], Expr]
    decreasing: bool = False
    left: Expr | None = None

    def within(self, equal: Expr, sign: str) -> Step:
        """Return the step with the sign and the left-hand side that it finds in a derivation."""
        opposite = {"≥": "≤", "≤": "≥"} if self.decreasing else {}
        return replace(self, left=equal, sign=opposite.get(sign, sign))

    def verdict(self, before: Expr, world: World) -> Verdict:
        turn = Integer(-1) if self.decreasing else ONE
        for argument in (Dummy("t", real=True), Dummy("t", positive=True)):
            if positive(turn * diff(self.function(argument), argument), world):
                break
        else:
            how = "fall" if self.decreasing else "grow"
            return Verdict.undecided(f"{self.function(argument)} is not seen to {how}")
        below = (self.sign == "≤") != self.decreasing  # what is more than a positive number is positive, too
        sides = [before, self.left] if below and self.left is not None else [before]
        outside = [side for side in sides if argument.is_positive and not positive(side, world)]
        if outside:
            what = "falls" if self.decreasing else "grows"
            why = f"{outside[0]} is not seen to be positive, where the function {what}"
            return Verdict.undecided(why)
        return Judge.of(world).equal(self.function(before), self.expr)
