"""The derivation engine: each step is proven, agreed numerically, cited or refuted by machine."""

from ce.derivation.derivation import CheckedDerivation, Counterexample, Derivation
from ce.derivation.display import static_files
from ce.derivation.errors import EngineError, Unreadable
from ce.derivation.extrema import ArgMax, ArgMin
from ce.derivation.normal_form import equal_in_normal_form, normal_form
from ce.derivation.relations import (
    EQUALS,
    AtLeastRelation,
    AtMostRelation,
    AtRelation,
    DerivativeRelation,
    LimitRelation,
    Relation,
    SameArgminRelation,
    judge,
)  # fmt: skip
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
)
from ce.derivation.verdict import Grade, Refutation, RefutedStep, Verdict
from ce.derivation.world import World

__all__ = [
    "EQUALS", "LOG_LEMMA", "SQUARES", "STRUCTURE", "ArgMax", "ArgMin", "At", "AtLeast", "AtLeastRelation",
    "AtMost", "AtMostRelation", "AtRelation", "CheckedDerivation", "Cite", "Counterexample", "Derivation",
    "Derivative", "DerivativeRelation", "EngineError", "Equal", "Grade", "Lemma", "Limit", "LimitRelation",
    "LogGap", "Refutation", "RefutedStep", "Relation", "Root", "Rounded", "SameArgmin", "SameArgminRelation",
    "Step", "Unreadable", "Verdict", "World", "equal_in_normal_form", "judge", "normal_form", "static_files",
]  # fmt: skip
