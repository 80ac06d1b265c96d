"""Inequalities: one line is at least the next, as their difference is a slack that a lemma says is >= 0."""

from __future__ import annotations

from sympy.core.expr import Expr

from ce.derivation.judge import TOLERANCE, Judge, described, settled
from ce.derivation.numeric_check.evaluator import Witness
from ce.derivation.numeric_check.points import MP
from ce.derivation.signs import STRUCTURE, Lemma, nonnegative, positive
from ce.derivation.verdict import Grade, Refutation, TooLarge, Undefined, Verdict, number_text

__all__ = ["at_least"]


def at_least(large: Expr, small: Expr, slack: Expr, lemma: Lemma, judge: Judge, *, strict: bool = False) -> Verdict:
    """Judge large >= small, from large − small = slack and slack >= 0 by the lemma; with > if strict."""
    if refutation := _smaller(large, small, judge, strict=strict):
        return Verdict(Grade.F, refutation.why, refutation)
    split = judge.equal(large - small, slack)
    if not split.holds:
        return split
    if named := judge.excluded(large, small):
        return Verdict.undecided(large, small, f"one side may have no value: {named}")
    seen, sign = (positive, ">") if strict else (nonnegative, ">=")
    if not seen(slack, judge.world, lemma):
        why = f"the slack {slack} is not seen to be {sign} 0 by the lemma “{lemma.name or STRUCTURE.name}”"
        return Verdict.undecided(large, small, why)
    if not lemma.derived and seen(slack, judge.world, STRUCTURE) is False:
        return Verdict(Grade.D, f"rests on “{lemma.name}”, which is not derived here")
    return Verdict(split.grade, f"{split.how}; {lemma.name}")


def _smaller(large: Expr, small: Expr, judge: Judge, *, strict: bool) -> Refutation | None:
    """Return a point at which the larger side is smaller or, if strict, not larger."""
    for witness in judge.witnesses():
        try:
            found = settled(witness, lambda now: (now.value(large), now.value(small)), TOLERANCE)
            equal = strict and not found.gap and _equal(witness, large, small)
        except TooLarge:
            continue
        except Undefined as error:
            return Refutation(large, small, described(witness.point), why=f"a side has no value ({error})")
        if found.gap < 0 or equal:
            values = number_text(found.left), number_text(found.right), number_text(abs(found.gap), 3)
            why = "the two sides are equal there" if equal else "the side said to be larger is smaller"
            fresh = Witness(witness.point.afresh())
            for side in (large, small):
                fresh.value(side)  # so that only what they use is named
            return Refutation(large, small, described(fresh.point), *values, why)
    return None


def _equal(witness: Witness, large: Expr, small: Expr) -> bool:
    """Return whether two values are the same to a thousand digits: e to the −1000 is more than 0."""
    with MP.workdps(1050):
        fresh = Witness(witness.point.afresh())
        one, other = fresh.value(large), fresh.value(small)
        return bool(abs(one - other) <= MP.mpf(10) ** -1000 * (abs(one) + abs(other)))
