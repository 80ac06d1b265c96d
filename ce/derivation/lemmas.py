"""The lemmas that the slack of an inequality may rest on, each with the derivations that prove it."""

from sympy import Integer, Symbol

from ce.derivation.assumptions import World
from ce.derivation.derivation import Derivation
from ce.derivation.inequalities import AtLeast, Minimum
from ce.derivation.signs import Lemma
from ce.derivation.steps import Equal
from ce.formulas.operators import LogGap

A, B = Symbol("a", positive=True), Symbol("b", positive=True)
_GAP, _TITLE = LogGap(A, B), r"The gap is never negative: \(\log x \le x - 1\) at \(x = b/a\)"
_TURNS = Minimum(0, r"as \(b\) grows the gap falls until \(b = a\), and then rises", variable=B, at=A, slope=1 / B)
_STEPS = (Equal(_GAP.meaning(), "what the gap is"), _TURNS)
_BOTH = Derivation("I3", _TITLE, (r"\(a > 0\), \(b > 0\)",), World(), _GAP, _STEPS, part="lemma")
_AT_ZERO, _ZERO = LogGap(Integer(0), B), (Equal(B, r"\(0 \log 0 = 0\)"), AtLeast(0, r"\(b > 0\)"))
_ONE = Derivation("I3", "At a = 0 the gap is b", (r"\(b > 0\)",), World(), _AT_ZERO, _ZERO, part="lemma, a = 0")
LOG_LEMMA = Lemma("log x ≤ x − 1", LogGap, (_BOTH, _ONE))
CONVEXITY = Lemma("a convex function lies above its tangents")  # as the world declares of it
