"""Same minimisers: two objectives whose difference, after a positive scale, is free of the parameter."""
# ruff: noqa: D102  (what a step judges stands at its class)

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sympy import Expr, IndexedBase, Symbol, exp, log, sympify

from ce.derivation.assumptions import Base, World
from ce.derivation.judge import Judge
from ce.derivation.numeric_check.evaluator import Witness
from ce.derivation.numeric_check.points import MP
from ce.derivation.signs import positive
from ce.derivation.steps import ONE, Step
from ce.derivation.verdict import Verdict
from ce.formulas.operators import Extremum
from ce.formulas.typeset import formula_text

_TRANSFORMS = {"": lambda e: e, "log": log, "exp": exp}
_TOLERANCE = MP.mpf(10) ** -35
_MOVES = "the two objectives do not differ by a constant: the values marked ′ move their difference"
_SIDES = "the difference of the two objectives is {}, and with the values marked ′ in place of the others {}"


def dependent_on(over: Symbol | Base, lines: Iterable[Expr], world: World) -> frozenset[str]:
    """Return the names of everything in some lines that varies with a parameter, the parameter included."""
    made_of = frozenset[Any]().union(*map(world.ingredients, lines))
    return frozenset(str(thing) for thing in made_of if over in world.ingredients(thing))


@dataclass(frozen=True, kw_only=True)
class SameArgmin(Step, word="same argmin", of_minimisers=True):
    """The line says the same arg min (or arg max of the opposite) over ``over`` as the one before.

    Its objective is ``scaled`` · T(the one before) plus something free of ``over``, where T is the increasing
    function ``through`` (log or exp) and ``scaled`` is positive and free of ``over`` itself.
    """

    over: Symbol | IndexedBase
    scaled: Expr = ONE
    through: str = ""

    def verdict(self, before: Expr, world: World) -> Verdict:
        over, scaled = self.over, sympify(self.scaled)
        if self.through not in _TRANSFORMS:
            raise ValueError(f"SameArgmin: expected one of {sorted(_TRANSFORMS)} for through, got {self.through!r}")
        for line in (before, self.expr):
            if not isinstance(line, Extremum):
                return Verdict.refused(f"expected two lines that say arg min or arg max over {over}, got {line}")
            if line.over != over:
                raise ValueError(f"SameArgmin: expected a line over {over}, got one over {line.over}")
        bodies = before.objective, self.expr.objective
        judge, varying = Judge.of(world), dependent_on(over, bodies, world)
        if problem := self._cannot(bodies[0], varying, scaled, world):
            return Verdict.refused(problem)
        rest = self.expr.turn * bodies[1] - scaled * before.turn * _TRANSFORMS[self.through](bodies[0])

        def proof() -> bool:
            left = judge.reader.read(rest)
            return not any(atom.mentions(name) for monomial in left for atom, _ in monomial for name in varying)

        values = (lambda now: now.value(rest), lambda now: Witness(now.point.again(varying), now.sizes).value(rest))
        refutation = judge.refuted(values, lambda found: _MOVES if found.gap else "", _TOLERANCE)
        return judge.compared(
            bodies,
            proof,
            refutation and replace(refutation, sides=_SIDES),
            unproven=f"their difference {formula_text(rest)} is not seen to be free of {formula_text(over)}",
            how=f"normal form: the rest is free of {over}",
        )

    def _cannot(self, objective: Expr, varying: frozenset[str], scaled: Expr, world: World) -> str:
        """Return why the minimisers cannot be compared in this way, empty when they can."""
        over = self.over
        if over in world.define or over in world.defined_bases:
            return f"{over} is an abbreviation: it is chosen by choosing what it is made of"
        if not varying:
            return f"neither objective varies with {over}: say in the world what depends on it"
        if self.through == "log" and not positive(objective, world):
            return "the logarithm of an objective not known to be positive"
        if not positive(scaled, world):
            return f"the scale {formula_text(scaled)} is not known to be positive; a negative one turns min into max"
        return f"the scale varies with {formula_text(over)}" if dependent_on(over, (scaled,), world) else ""
