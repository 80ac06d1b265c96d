"""The derivation engine: each step is proven, computed, cited or refuted by machine."""

from ce.cards import Detail, static_files
from ce.derivation.assumptions import World
from ce.derivation.derivation import CheckedDerivation, Counterexample, Derivation, Slip
from ce.derivation.inequalities import Apply, AtLeast, AtMost, Maximum, Minimum, SameArgmin, Solve
from ce.derivation.judge import EngineError
from ce.derivation.lemmas import CONVEXITY, LOG_LEMMA
from ce.derivation.limits import Limit
from ce.derivation.signs import SQUARES, STRUCTURE, Lemma
from ce.derivation.steps import At, Cite, Derivative, Equal, Root, Rounded, Step, judge
from ce.derivation.verdict import FailedStep, Grade, Refutation, RefutedStep, UndecidedStep, Unreadable, Verdict
from ce.formulas.operators import ArgMax, ArgMin, LogGap, TangentGap
from ce.references import Formalisation

__all__ = ["CheckedDerivation", "Counterexample", "Derivation", "Detail", "Formalisation", "Slip", "World"]
__all__ += ["Apply", "At", "AtLeast", "AtMost", "Cite", "Derivative", "Equal", "Limit", "Maximum", "Minimum"]
__all__ += ["Root", "Rounded", "SameArgmin", "Solve", "Step", "judge", "static_files"]
__all__ += ["CONVEXITY", "LOG_LEMMA", "SQUARES", "STRUCTURE", "ArgMax", "ArgMin", "Lemma", "LogGap", "TangentGap"]
__all__ += ["EngineError", "FailedStep", "Grade", "Refutation", "RefutedStep", "UndecidedStep", "Unreadable", "Verdict"]
