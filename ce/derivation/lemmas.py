"""The lemmas that the slack of an inequality may rest on, each with the derivations that prove it."""

from sympy import Integer, Symbol

from ce.derivation.assumptions import World
from ce.derivation.derivation import Derivation
from ce.derivation.inequalities import AtLeast, Minimum
from ce.derivation.signs import Lemma
from ce.derivation.steps import Equal
from ce.formulas.operators import LogGap

A, B = Symbol("a", positive=True), Symbol("b", positive=True)


_GAP = LogGap(A, B)
_TURNS = Minimum(0, r"as \(b\) grows the gap falls until \(b = a\), and then rises", variable=B, at=A, slope=1 / B)
_FALLS_THEN_RISES = Derivation(
    claim="I3",
    part="lemma",
    title=r"The gap is never negative: \(\log x \le x - 1\) at \(x = b/a\)",
    conditions=(r"\(a > 0\), \(b > 0\)",),
    world=World(),
    start=_GAP,
    steps=(Equal(_GAP.meaning(), "what the gap is"), _TURNS),
)
_AT_ZERO = Derivation(
    claim="I3",
    part="lemma, a = 0",
    title="At a = 0 the gap is b",
    conditions=(r"\(b > 0\)",),
    world=World(),
    start=LogGap(Integer(0), B),
    steps=(Equal(B, r"\(0 \log 0 = 0\)"), AtLeast(0, r"\(b > 0\)")),
)
LOG_LEMMA = Lemma("log x ≤ x − 1", LogGap, (_FALLS_THEN_RISES, _AT_ZERO))
CONVEXITY = Lemma("a convex function lies above its tangents")  # as the world declares of it
