"""The derivation engine: each step is proven, computed, cited or refuted by machine."""

from ce.derivation.assumptions import World
from ce.derivation.data import Counterexample, Formalisation, Slip
from ce.derivation.derivation import CheckedDerivation, Derivation
from ce.derivation.equations import Apply, Solve
from ce.derivation.errors import EngineError, Unreadable
from ce.derivation.extremum import Maximum, Minimum
from ce.derivation.html import Detail, static_files
from ce.derivation.judge import equal_in_normal_form, normal_form
from ce.derivation.lemmas import CONVEXITY, LOG_LEMMA, LogGap, TangentGap
from ce.derivation.minimisers import ArgMax, ArgMin
from ce.derivation.signs import SQUARES, STRUCTURE, Lemma
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
    "CONVEXITY",
    "LOG_LEMMA",
    "SQUARES",
    "STRUCTURE",
    "Apply",
    "ArgMax",
    "ArgMin",
    "At",
    "AtLeast",
    "AtMost",
    "CheckedDerivation",
    "Cite",
    "Counterexample",
    "Derivation",
    "Derivative",
    "Detail",
    "EngineError",
    "Equal",
    "FailedStep",
    "Formalisation",
    "Grade",
    "Lemma",
    "Limit",
    "LogGap",
    "Maximum",
    "Minimum",
    "Refutation",
    "RefutedStep",
    "Root",
    "Rounded",
    "SameArgmin",
    "Slip",
    "Solve",
    "Step",
    "TangentGap",
    "UndecidedStep",
    "Unreadable",
    "Verdict",
    "World",
    "equal_in_normal_form",
    "judge",
    "normal_form",
    "static_files",
]
