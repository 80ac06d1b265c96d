"""Same minimisers: two objectives whose difference, after a positive scale, is free of the parameter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from sympy import IndexedBase, Integer, Symbol, exp, log
from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.derivation.assumptions import Base, World
from ce.derivation.judge import Judge
from ce.derivation.numeric_check.points import MP
from ce.derivation.signs import positive
from ce.derivation.verdict import Verdict

_TRANSFORMS = {"": lambda e: e, "log": log, "exp": exp}
ONE = Integer(1)
_TOLERANCE = MP.mpf(10) ** -35


class _Extremum(Expr):
    """The set of parameters at which an objective, times ``turn``, is smallest."""

    turn: ClassVar[int]

    def __new__(cls, objective: Expr, over: Symbol | IndexedBase) -> _Extremum:
        if not isinstance(over, Symbol | IndexedBase):
            raise ValueError(f"{cls.__name__}: expected a symbol or a base to choose, got {over!r}")
        return super().__new__(cls, sympify(objective), over)

    @property
    def objective(self) -> Expr:
        """What is made small or large."""
        return self.args[0]

    @property
    def over(self) -> Symbol | IndexedBase:
        """By choice of what."""
        return self.args[1]


class ArgMin(_Extremum):
    """Where an objective is smallest.

    Examples
    --------
    >>> from ce.symbols import logit
    >>> ArgMin(logit**2, logit).objective
    z**2
    """

    turn = 1


class ArgMax(_Extremum):
    """Where an objective is largest."""

    turn = -1


def dependent_on(over: Symbol | Base, lines: Iterable[Expr], world: World) -> frozenset[str]:
    """Return the names of everything in some lines that varies with a parameter, the parameter included."""
    made_of = frozenset[Any]().union(*map(world.ingredients, lines))
    return frozenset(str(thing) for thing in made_of if over in world.ingredients(thing))


def same_minimisers(before: Expr, step: Any, world: World) -> Verdict:
    """Judge that two objectives are smallest at the same parameters; see :class:`ce.derivation.SameArgmin`."""
    over, scaled, through = step.over, sympify(step.scaled), step.through
    if through not in _TRANSFORMS:
        raise ValueError(f"SameArgmin: expected one of {sorted(_TRANSFORMS)} for through, got {through!r}")
    for line in (before, step.expr):
        if not isinstance(line, _Extremum):
            return Verdict.refused(f"expected two lines that say arg min or arg max over {over}, got {line}")
        if line.over != over:
            raise ValueError(f"SameArgmin: expected a line over {over}, got one over {line.over}")
    bodies = before.objective, step.expr.objective
    if problem := _precondition(bodies, over, world, scaled, through):
        return Verdict.refused(problem)
    rest = step.expr.turn * bodies[1] - scaled * before.turn * _TRANSFORMS[through](bodies[0])
    return _free_of(rest, over, bodies, Judge.of(world))


def _precondition(bodies: tuple[Expr, Expr], over: Symbol | Base, world: World, scaled: Expr, through: str) -> str:
    if over in world.define or over in world.defined_bases:
        return f"{over} is an abbreviation: it is chosen by choosing what it is made of"
    if not dependent_on(over, bodies, world):
        return f"neither objective varies with {over}: say in the world what depends on it"
    if through == "log" and not positive(bodies[0], world):
        return "the logarithm of an objective not known to be positive"
    if not positive(scaled, world):
        return f"the scale {scaled} is not known to be positive; a negative one turns min into max"
    if dependent_on(over, (scaled,), world):
        return f"the scale {scaled} varies with {over}"
    return ""


def _free_of(rest: Expr, over: Symbol | Base, bodies: tuple[Expr, Expr], judge: Judge) -> Verdict:
    varying = dependent_on(over, bodies, judge.world)

    def proof() -> bool:
        left = judge.reader.read(rest)
        return not any(atom.mentions(name) for monomial in left for atom, _ in monomial for name in varying)

    return judge.compared(
        bodies,
        proof,
        (lambda now: now.value(rest), lambda now: now.elsewhere(now.point.again(varying)).value(rest)),
        tolerance=_TOLERANCE,
        apart="the two objectives do not differ by a constant: their difference moves",
        unproven=f"their difference {rest} is not seen to be free of {over}",
        how=f"normal form: the rest is free of {over}",
    )
