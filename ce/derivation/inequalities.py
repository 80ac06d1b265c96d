"""Steps on order: bounds, one function of both sides, smallest and largest values, and the places where these are."""
# ruff: noqa: D102  (what a step judges stands at its class)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from sympy import Dummy, Expr, Indexed, IndexedBase, Integer, Pow, Symbol, diff, evaluate, exp, log, oo, sympify

from ce.derivation.assumptions import World
from ce.derivation.judge import Judge
from ce.derivation.numeric_check.evaluator import Witness
from ce.derivation.numeric_check.points import MP, SIMPLE
from ce.derivation.signs import STRUCTURE, Lemma, expanded, nonnegative, positive
from ce.derivation.steps import ONE, ZERO, At, Derivative, Step
from ce.derivation.verdict import Grade, Unreadable, Verdict
from ce.formulas.names import base_of, bound_in, names_in
from ce.formulas.operators import Extremum
from ce.formulas.typeset import formula_text, typeset

_TRANSFORMS = {"": lambda e: e, "log": log, "exp": exp}
_SLACK = {"why": "the slack is not the difference", "sides": "the difference of its sides is {}, and is said to be {}"}
_MOVES = "the two objectives do not differ by a constant: the values marked ′ move their difference"
_SIDES = "the difference of the two objectives is {}, and with the values marked ′ in place of the others {}"


class _Inequality(Step, by_cases=True):
    """What both bounds share: ``slack``, the difference of the sides unless it is given, >= 0 or > 0 by ``lemma``."""

    slack: Expr | None = None
    lemma: Lemma = STRUCTURE
    strict: bool = False

    name = property(lambda self: {"≥": "more than", "≤": "less than"}[self.sign] if self.strict else self.word)
    relation = property(lambda self: {"≥": ">", "≤": "<"}[self.sign] if self.strict else self.sign)

    def verdict(self, before: Expr, world: World) -> Verdict:
        judge, lemma = Judge.of(world), self.lemma
        large, small = (before, self.expr) if self.sign == "≥" else (self.expr, before)
        slack = large - small if self.slack is None else sympify(self.slack)
        values = (lambda now: now.value(large), lambda now: now.value(small))
        if refutation := judge.refuted(values, partial(self._wrong, large, small)):
            return Verdict.refused(refutation)
        split = judge.equal(large - small, slack)
        if not split.holds:
            told: dict[str, Any] = _SLACK if split.grade is Grade.F else {}
            return replace(split, refutation=split.refutation and replace(split.refutation, **told))
        if named := judge.excluded(large, small):
            return Verdict.undecided(f"one side may have no value: {named}")
        seen, sign = (positive, ">") if self.strict else (nonnegative, ">=")
        if not seen(slack, world, lemma):
            return Verdict.undecided(f"the slack {formula_text(slack)} is not seen to be {sign} 0 by “{lemma.name}”")
        if not lemma.derived and not seen(slack, world):
            return Verdict(Grade.D, f"rests on “{lemma.name}”, which is not derived here")
        return Verdict(split.grade, f"{split.how}; {lemma.name}")

    def _wrong(self, large: Expr, small: Expr, gap: Any, witness: Witness) -> str:
        if gap < 0:
            return "the side said to be larger is smaller"
        if self.strict and not gap and witness.point.number < SIMPLE:  # further out, more digits may be needed
            with MP.workdps(1050):  # e to the −1000 is more than 0
                fresh, least = witness.afresh(), MP.mpf(10) ** -1000
                same = abs(fresh.value(large) - fresh.value(small)) < least
                if same and sum(fresh.sizes) < 3300:  # else the smallest number may be lost in the largest
                    return "the two sides are equal there"
        return ""


class AtLeast(_Inequality, word="at least", sign="≥"):
    """The line before is at least this one; with ``strict``, it is more."""


class AtMost(_Inequality, word="at most", sign="≤"):
    """The line before is at most this one; with ``strict``, it is less."""


class Apply(Step, word="applied to both sides", anew=True):
    """A strictly monotone function of both sides, such as ``log``; a decreasing one turns ≥ into ≤.

    That it is monotone is seen from the sign of its derivative, over all numbers or over the positive ones;
    then both sides must be positive.
    """

    sign: str = "="  # type: ignore[misc]  # that of the line before, or the opposite: see ``within``
    function: Callable[[Expr], Expr]
    decreasing: bool = False
    left: Expr | None = None

    def next_head(self, head: str) -> str:
        raised = any(isinstance(power.base, Symbol) for power in self.of(Symbol("f", real=True)).atoms(Pow))
        return typeset(self.of(Symbol(rf"\left({head}\right)" if raised and len(head) > 1 else head)))

    along = property(lambda self: [*names_in(self.function(Dummy("t", real=True)))])  # what is gone is not brought back

    def of(self, line: Expr) -> Expr:
        """Return the function of a line, which it is a function of as of any number."""
        number = Dummy("t", real=True)
        return self.function(number).xreplace({number: line})

    def within(self, equal: Expr, sign: str) -> Apply:
        """Return the step with the sign and the left-hand side that it finds in a derivation."""
        opposite = {"≥": "≤", "≤": "≥"} if self.decreasing else {}
        return replace(self, left=equal, sign=opposite.get(sign, sign))

    def verdict(self, before: Expr, world: World) -> Verdict:
        turn, moves = (Integer(-1), "fall") if self.decreasing else (ONE, "grow")
        for argument in (Dummy("t", real=True), Dummy("t", positive=True)):
            if bound := bound_in(self.function(argument)):  # which the left-hand side may vary with
                return Verdict.refused(f"expected a function that sums over nothing, got a sum over {bound.pop()}")
            if positive(turn * diff(self.function(argument), argument), world):
                break
        else:
            return Verdict.undecided(f"{self.function(argument)} is not seen to {moves}")
        apart = argument + Dummy("s", real=True, positive=argument.is_positive)  # a sum is 0 at no point by itself
        if not Judge.of(world).unbroken(self.function(apart)):  # beyond a jump, what only grows may be smaller
            return Verdict.undecided(f"{self.function(argument)} is not seen to {moves} all the way, without a jump")
        below = (self.sign == "≤") != self.decreasing  # what is more than a positive number is positive, too
        sides = [before, self.left] if below and self.left is not None else [before]
        if argument.is_positive and (outside := [side for side in sides if not positive(side, world)]):
            shown = formula_text(outside[0])
            return Verdict.undecided(f"{shown} is not seen to be positive, where the function {moves}s")
        with evaluate(False):  # what cancels has to have a value, too
            applied = self.of(before)
        return Judge.of(world).equal(applied, self.expr)


def _judged_at(line: Expr, point: At, slope: Expr, world: World, problem: str) -> Verdict:
    """Judge a line's value at a point, its slope, and that it has values on an interval which the point lies inside.

    A ``problem`` that is known already leaves it undecided, if nothing is false.
    """
    ((variable, at),) = point.put.items()
    judge, there, (low, high) = Judge.of(world), point.verdict(line, world), world.range_of(variable)
    moves = Derivative(slope, by=variable).verdict(line, world) if there.holds else there
    limits = [*world.nonzero, *(thing for thing in world.positive if thing != variable)]
    above = low is -oo or positive(at - low, world)
    if not moves.holds:
        told = f"its {'slope' if there.holds else 'value there'} is {{}}, and is said to be {{}}"  # no side of the line
        return replace(moves, refutation=moves.refutation and replace(moves.refutation, sides=told))
    if not (above and (high is oo or positive(high - at, world))):
        problem = f"{formula_text(at)} is not seen to lie inside the range of {formula_text(variable)}"
    elif variable in map(base_of, world.depends_on):
        problem = f"{variable} depends on other things: vary these"
    elif any(variable in world.ingredients(thing) for thing in limits):
        problem = f"what the world excludes may break the range of {variable} in two"
    elif judge.reader.domain(line):
        problem = f"the line may have no value at some {variable}"
    return Verdict.undecided(problem) if problem else max(there, moves, key=lambda one: one.grade)


class Minimum(Step, word="smallest value", sign="≥"):
    """The line is the smallest value of the one before, which its ``variable`` takes ``at`` a point.

    The derivative is (variable − at) · ``slope``, with a slope >= 0: the line falls until there, and then rises.

    Examples
    --------
    >>> from sympy import log
    >>> from ce.derivation import judge
    >>> x = Symbol("x", positive=True)
    >>> judge(x - 1 - log(x), Minimum(0, variable=x, at=1, slope=1 / x), World()).grade.name
    'A'
    """

    variable: Symbol
    at: Expr
    slope: Expr

    def verdict(self, before: Expr, world: World) -> Verdict:
        seen, point = nonnegative(self.slope if self.sign == "≥" else -self.slope, world), {self.variable: self.at}
        problem = "" if seen else f"the slope {formula_text(self.slope)} is not seen to be {self.sign} 0"
        return _judged_at(before, At(self.expr, put=point), (self.variable - self.at) * self.slope, world, problem)


class Maximum(Minimum, word="largest value", sign="≤"):
    """The line is the largest value of the one before, as its ``variable`` varies; see :class:`Minimum`."""


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
    """

    variable: Expr
    scaled: Expr = ONE

    def next_head(self, head: str) -> str:
        return rf"0 \text{{ at }} {typeset(self.variable)}"

    def verdict(self, before: Expr, world: World) -> Verdict:
        unknown, scaled, value = self.variable, self.scaled, self.expr
        if problem := Judge.of(world).fixed(unknown):
            return Verdict.refused(problem)
        line = before * scaled
        if isinstance(unknown, Indexed):  # alone: no other entry may stand in the line
            known = ("nonnegative", "positive")[: world.sign(unknown.base)]
            alone = Symbol(str(unknown), real=True, **dict.fromkeys(known, True))
            line, scaled, value = (part.xreplace({unknown: alone}) for part in (line, scaled, value))
            limits = [thing for thing in (*world.nonzero, *world.positive) if thing != unknown.base]
            if unknown.base in frozenset[Any]().union(*map(world.ingredients, (line, *limits))):
                return Verdict.refused(f"expected no entry of {unknown.base} but {unknown} in the line and the world")
            unknown = alone
        slope, problem = diff(expanded(line), unknown), ""
        if not (positive(slope, world) or positive(-slope, world)):
            problem = f"{formula_text(slope)} is not seen to have one sign: {formula_text(unknown)} may not be alone"
        elif Judge.of(world).reader.domain(before):
            problem = "the line may have no value somewhere"
        elif not positive(scaled, world):
            problem = f"the factor {formula_text(scaled)} is not seen to be positive"
        return _judged_at(line, At(ZERO, put={unknown: value}), slope, world, problem)


class SameArgmin(Step, word="same argmin", of_minimisers=True):
    """The line says the same arg min (or arg max of the opposite) over ``over`` as the one before.

    Its objective is ``scaled`` · T(the one before) plus something free of ``over``, where T is the increasing
    function ``through`` (log or exp) and ``scaled`` is positive and free of ``over`` itself.
    """

    over: Symbol | IndexedBase
    scaled: Expr = ONE
    through: str = ""

    def verdict(self, before: Expr, world: World) -> Verdict:
        over, scaled, name = self.over, self.scaled, formula_text(self.over)
        if self.through not in _TRANSFORMS:
            raise ValueError(f"SameArgmin: expected one of {sorted(_TRANSFORMS)} for through, got {self.through!r}")
        for line in (before, self.expr):
            if not isinstance(line, Extremum):
                return Verdict.refused(f"expected two lines that say arg min or arg max over {over}, got {line}")
            if line.over != over:
                raise ValueError(f"SameArgmin: expected a line over {over}, got one over {line.over}")
        bodies = before.objective, self.expr.objective
        judge, made_of = Judge.of(world), frozenset[Any]().union(*map(world.ingredients, bodies))
        logged = bodies[0] if self.through == "log" else ONE
        varying = frozenset(str(thing) for thing in made_of if over in world.ingredients(thing))
        given = (*world.define, *world.defined_bases, *world.one_hot, *world.values, *map(base_of, world.depends_on))
        for cannot, why in (
            (over in given, f"{over} is given by other things: it is chosen by choosing what it is made of"),
            (not varying, f"neither objective varies with {over}: say in the world what depends on it"),
            (any(over in world.ingredients(part) for part in names_in(scaled)), f"the scale varies with {name}"),
        ):
            if cannot:
                return Verdict.refused(why)
        for needed, why in (
            (scaled, f"{formula_text(scaled)} is not seen to be positive; a negative scale turns min into max"),
            (logged, "the objective under the logarithm is not seen to be positive"),
        ):
            if not positive(needed, world):
                return judge.unseen(needed, why, lambda value: value <= 0)
        rest = self.expr.turn * bodies[1] - scaled * before.turn * _TRANSFORMS[self.through](bodies[0])
        moves = f"their difference {formula_text(rest)} is not seen to be free of {name}"

        def proof() -> bool:
            atoms = [atom for monomial in judge.reader.read(rest) for atom, _ in monomial]
            if any(atom.mentions(name) for atom in atoms for name in varying):
                raise Unreadable(moves)
            return True

        values = (lambda now: now.value(rest), lambda now: now.but(varied=varying).value(rest))
        refutation = judge.refuted(values, lambda gap, _: _MOVES if gap else "", MP.mpf(10) ** -35)
        verdict = judge.compared(bodies, proof, refutation and replace(refutation, sides=_SIDES))
        return replace(verdict, how=f"{verdict.how}: the rest is free of {over}") if verdict.holds else verdict
