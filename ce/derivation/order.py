"""Inequalities: one line is at least the next, as their difference is a slack that a lemma says is >= 0."""

from __future__ import annotations

from typing import Any

from sympy.core.expr import Expr

from ce.derivation.errors import EngineError, Undefined
from ce.derivation.judge import Judge, described
from ce.derivation.sampling import MP
from ce.derivation.signs import STRUCTURE, Lemma, nonnegative, positive
from ce.derivation.verdict import Grade, Refutation, Verdict, number_text
from ce.derivation.witness import Witness

__all__ = ["at_least"]

_TOLERANCE = MP.mpf(10) ** -40


def at_least(
    large: Expr, small: Expr, slack: Expr, lemma: Lemma, judge: Judge, *, strict: bool = False
) -> Verdict:
    """Judge large >= small, from large − small = slack and slack >= 0 by the lemma; with > if strict."""
    if refutation := _smaller(large, small, judge):
        return Verdict(Grade.F, refutation.why, refutation)
    split = judge.equal(large - small, slack)
    if not split.holds:
        return split
    seen, sign = (positive, ">") if strict else (nonnegative, ">=")
    if not seen(slack, judge.world, lemma):
        why = f"the slack {slack} is not seen to be {sign} 0 by the lemma “{lemma.name or STRUCTURE.name}”"
        return Verdict(Grade.F, why, Refutation(large, small, why=why))
    return Verdict(split.grade, f"{split.how}; {lemma.name}", seconds=split.seconds)


def _smaller(large: Expr, small: Expr, judge: Judge) -> Refutation | None:
    for witness in judge.witnesses():
        try:
            found = _gap(witness, large, small)
        except Undefined as error:
            return Refutation(large, small, described(witness.point), why=f"a side has no value ({error})")
        if found < 0:
            fresh = Witness(witness.point.afresh())
            if _gap(fresh, large, small) != found:
                raise EngineError("a point gave two values for one expression")
            one, other = (number_text(fresh.value(side)) for side in (large, small))
            why = "the side said to be larger is smaller"
            return Refutation(large, small, described(fresh.point), one, other, number_text(-found, 3), why)
    return None


def _gap(witness: Witness, large: Expr, small: Expr) -> Any:
    """Return large − small, 0 where it is only rounding."""
    one, other = witness.value(large), witness.value(small)
    gap = one - other
    return MP.mpf(0) if abs(gap) <= _TOLERANCE * (1 + abs(one) + abs(other)) else gap
