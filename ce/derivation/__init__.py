"""The derivation engine: each step is proven, computed, cited or refuted by machine."""

from ce.derivation.assumptions import World
from ce.derivation.data import Counterexample, Formalisation, Slip
from ce.derivation.derivation import CheckedDerivation, Derivation
from ce.derivation.errors import EngineError, Unreadable
from ce.derivation.html import static_files
from ce.derivation.minimisers import ArgMax, ArgMin
from ce.derivation.normal_form.expressions import equal_in_normal_form, normal_form
from ce.derivation.signs import LOG_LEMMA, SQUARES, STRUCTURE, Lemma, LogGap
from ce.derivation.steps import (
    At,
    AtLeast,
    AtMost,
    Cite,
    Derivative,
    Equal,
    Limit,
    Root,
    Rounded,
    SameArgmin,
    Step,
    judge,
)
from ce.derivation.verdict import FailedStep, Grade, Refutation, RefutedStep, UndecidedStep, Verdict

__all__ = [
    "LOG_LEMMA", "SQUARES", "STRUCTURE", "ArgMax", "ArgMin", "At", "AtLeast", "AtMost",
    "CheckedDerivation", "Cite", "Counterexample", "Derivation", "Derivative", "EngineError", "Equal",
    "FailedStep", "Formalisation", "Grade", "Lemma", "Limit", "LogGap", "Refutation", "RefutedStep",
    "Root", "Rounded", "SameArgmin", "Slip", "Step", "UndecidedStep", "Unreadable", "Verdict", "World",
    "equal_in_normal_form", "judge", "normal_form", "static_files",
]  # fmt: skip
