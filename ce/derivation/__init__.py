"""The derivation engine: each step is proven, computed, cited or refuted by machine.

A ``Derivation`` has a first line, a ``World`` of what is assumed, and steps, of which ``check`` grades or refuses each:
``Equal``, ``AtLeast``, ``AtMost``, ``Derivative``, ``Limit``, ``At`` a value, ``Apply`` to both sides, ``Solve``,
``SameArgmin``, ``Minimum``, ``Maximum``, ``Root``, ``Rounded``, ``Cite``. Lines may hold :mod:`ce.formulas.operators`.
"""

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
from ce.formulas.operators import ArgMax as ArgMax  # not in __all__: help() would list all methods of SymPy with each
from ce.formulas.operators import ArgMin as ArgMin
from ce.formulas.operators import LogGap as LogGap
from ce.formulas.operators import TangentGap as TangentGap
from ce.references import Formalisation

__all__ = ["CheckedDerivation", "Counterexample", "Derivation", "Detail", "Formalisation", "Slip", "World"]
__all__ += ["Apply", "At", "AtLeast", "AtMost", "Cite", "Derivative", "Equal", "Limit", "Maximum", "Minimum"]
__all__ += ["Root", "Rounded", "SameArgmin", "Solve", "Step", "judge", "static_files"]
__all__ += ["CONVEXITY", "LOG_LEMMA", "SQUARES", "STRUCTURE", "Lemma"]
__all__ += ["EngineError", "FailedStep", "Grade", "Refutation", "RefutedStep", "UndecidedStep", "Unreadable", "Verdict"]
