"""The steps an author writes: the next line, how it follows, and why."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import IndexedBase, Integer, Rational, Symbol
from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.derivation.judge import Judge
from ce.derivation.relations import (
    EQUALS,
    AtLeastRelation,
    AtMostRelation,
    AtRelation,
    CitedRelation,
    DerivativeRelation,
    LimitRelation,
    Relation,
    RootRelation,
    RoundedRelation,
    SameArgminRelation,
)  # fmt: skip
from ce.derivation.sampling import MP, exact, symbol_key
from ce.derivation.signs import STRUCTURE, Lemma
from ce.derivation.witness import Witness
from ce.derivation.world import World

__all__ = [
    "ONE", "ZERO", "At", "AtLeast", "AtMost", "Cite", "Derivative", "Equal", "Limit", "Root", "Rounded",
    "SameArgmin", "Step",
]  # fmt: skip

ZERO, ONE = Integer(0), Integer(1)


@dataclass(frozen=True)
class Step:
    """One line of a derivation: its expression and the reason for it.

    ``sign`` says how the line before compares with this one; ``anew`` that the left-hand side changes, so
    that the step starts from the last line that equals it; ``of_minimisers`` that it may follow an arg min.
    """

    sign: ClassVar[str] = "="
    anew: ClassVar[bool] = False
    of_minimisers: ClassVar[bool] = False

    expr: Expr
    because: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "expr", sympify(self.expr))

    @property
    @abstractmethod
    def relation(self) -> Relation:
        """How the line follows from the one before."""

    def line(self, before: Expr, world: World) -> Expr:
        """Return the line's expression."""
        return self.expr


@dataclass(frozen=True)
class Equal(Step):
    """The line equals the one before."""

    of_minimisers: ClassVar[bool] = True

    @property
    def relation(self) -> Relation:
        """How the line follows from the one before."""
        return EQUALS


@dataclass(frozen=True, kw_only=True)
class Derivative(Step):
    """The line is the derivative of the one before; what it is by must be free: no Σq = 1 imposed on it."""

    anew: ClassVar[bool] = True

    by: Expr

    @property
    def relation(self) -> Relation:
        """How the line follows from the one before."""
        return DerivativeRelation(self.by)


@dataclass(frozen=True, kw_only=True)
class SameArgmin(Step):
    """The line is smallest at the same ``over`` as the one before, both read as objectives."""

    of_minimisers: ClassVar[bool] = True

    over: Symbol | IndexedBase
    scaled: Expr = ONE
    through: str = ""

    @property
    def relation(self) -> Relation:
        """How the line follows from the one before."""
        return SameArgminRelation(self.over, sympify(self.scaled), self.through)


@dataclass(frozen=True, kw_only=True)
class AtLeast(Step):
    """The line before is at least this one; their difference is ``slack``, which ``lemma`` says is >= 0.

    ``strict`` says more than, and asks that the slack be > 0.
    """

    sign: ClassVar[str] = "≥"

    slack: Expr | None = None
    lemma: Lemma = STRUCTURE
    strict: bool = False

    @property
    def relation(self) -> Relation:
        """How the line follows from the one before."""
        return AtLeastRelation(self.slack, self.lemma, self.strict)


@dataclass(frozen=True, kw_only=True)
class AtMost(Step):
    """The line before is at most this one; the difference is ``slack``, which ``lemma`` says is >= 0.

    ``strict`` says less than, and asks that the slack be > 0.
    """

    sign: ClassVar[str] = "≤"

    slack: Expr | None = None
    lemma: Lemma = STRUCTURE
    strict: bool = False

    @property
    def relation(self) -> Relation:
        """How the line follows from the one before."""
        return AtMostRelation(self.slack, self.lemma, self.strict)


@dataclass(frozen=True, kw_only=True)
class Limit(Step):
    """The line is the limit of the one before as ``variable`` tends to ``to``."""

    anew: ClassVar[bool] = True

    variable: Symbol
    to: Expr
    side: str = ""

    @property
    def relation(self) -> Relation:
        """How the line follows from the one before."""
        return LimitRelation(self.variable, sympify(self.to), self.side)


@dataclass(frozen=True, kw_only=True)
class At(Step):
    """The line is the one before with something put in, such as ``{q[k]: p[k]}``."""

    anew: ClassVar[bool] = True

    put: Mapping[Expr, Expr]

    @property
    def relation(self) -> Relation:
        """How the line follows from the one before."""
        return AtRelation(tuple((left, sympify(right)) for left, right in self.put.items()))


@dataclass(frozen=True)
class Rounded(Step):
    """The line before as a decimal number, computed here and not typed."""

    sign: ClassVar[str] = "≈"

    expr: Expr = ZERO
    digits: int = 3

    @property
    def relation(self) -> Relation:
        """How the line follows from the one before."""
        return RoundedRelation(self.digits)

    def line(self, before: Expr, world: World) -> Expr:
        """Return the line's expression."""
        value = next(Judge.of(world).witnesses()).value(before)
        return _rounded(value, self.digits)


@dataclass(frozen=True, kw_only=True)
class Root(Step):
    """The root of the line before, set to zero, between two numbers; found here and not typed."""

    sign: ClassVar[str] = "≈"
    anew: ClassVar[bool] = True

    expr: Expr = ZERO
    variable: Symbol
    between: tuple[Expr, Expr]
    digits: int = 3

    @property
    def relation(self) -> Relation:
        """How the line follows from the one before."""
        return RootRelation(self.variable, self.digits)

    def line(self, before: Expr, world: World) -> Expr:
        """Return the line's expression."""
        point = next(Judge.of(world).witnesses()).point

        def value(at: Any) -> Any:
            return Witness(point.shifted(symbol_key(self.variable), at)).value(before)

        low, high = (exact(sympify(end)) for end in self.between)
        if value(low) * value(high) > 0:
            raise ValueError(f"Root: expected a change of sign between {self.between}, got none")
        return _rounded(MP.findroot(value, (low, high), solver="anderson"), self.digits)


@dataclass(frozen=True, kw_only=True)
class Cite(Step):
    """The line is a theorem of the literature, named by its key in ``references.bib``; nothing is proven."""

    sign: ClassVar[str] = "⟹"
    of_minimisers: ClassVar[bool] = True

    source: str

    @property
    def relation(self) -> Relation:
        """How the line follows from the one before."""
        return CitedRelation(self.source)


def _rounded(value: Any, digits: int) -> Expr:
    return Rational(int(MP.nint(value * 10**digits)), 10**digits)
