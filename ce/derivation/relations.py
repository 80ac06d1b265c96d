"""Relations between two lines of a derivation, each with the way it is judged."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from time import perf_counter
from typing import ClassVar

from sympy import Indexed, IndexedBase, Symbol
from sympy.core.expr import Expr

from ce.derivation.errors import Undefined, Unreadable
from ce.derivation.extrema import ONE, ArgMax, ArgMin, same_minimisers
from ce.derivation.judge import Judge
from ce.derivation.limits import Approach, limit_verdict
from ce.derivation.order import at_least
from ce.derivation.sampling import MP, exact, symbol_key
from ce.derivation.signs import STRUCTURE, Lemma
from ce.derivation.verdict import Grade, Refutation, Verdict, number_text
from ce.derivation.witness import Witness
from ce.derivation.world import World

__all__ = [
    "EQUALS", "AtLeastRelation", "AtMostRelation", "AtRelation", "CitedRelation", "DerivativeRelation",
    "Equals", "LimitRelation", "Relation", "RootRelation", "RoundedRelation", "SameArgminRelation", "judge",
]  # fmt: skip


class Relation(ABC):
    """How a line follows from the one before."""

    word: ClassVar[str] = ""

    @property
    def name(self) -> str:
        """The relation in words, as messages give it."""
        return self.word

    @abstractmethod
    def verdict(self, before: Expr, after: Expr, world: World) -> Verdict:
        """Judge the step."""


def judge(before: Expr, after: Expr, relation: Relation, world: World) -> Verdict:
    """Judge one step: whether ``after`` follows from ``before`` in this world.

    Parameters
    ----------
    before, after
        The two lines.
    relation
        ``EQUALS``, or another relation of this module.
    world
        The assumptions.

    Returns
    -------
    Verdict
        Grade A to D when the step stands, F with a :class:`Refutation` when it does not.

    Raises
    ------
    ValueError
        When the question itself is wrong, such as a limit at a number without a side.

    Examples
    --------
    >>> from sympy import Integer, Sum
    >>> from ce.symbols import K, k, q
    >>> judge(Sum(q[k], (k, 1, K)), Integer(1), EQUALS, World(normalised=(q,))).grade.name
    'A'
    >>> judge(Sum(q[k], (k, 1, K)), Integer(1), EQUALS, World()).refutation.where
    'K = 1, q = (1/2)'
    """
    start = perf_counter()
    _refuse_namesakes(before, after)
    verdict = relation.verdict(before, after, world)
    return verdict.timed(perf_counter() - start)


def _refuse_namesakes(*lines: Expr) -> None:
    """Refuse two different symbols of one name: no reader could tell them apart."""
    known: dict[str, Symbol] = {}
    for symbol in set().union(*(line.free_symbols for line in lines)):
        if isinstance(symbol, Symbol) and known.setdefault(symbol.name, symbol) != symbol:
            raise Unreadable(f"two different symbols are called {symbol}; give one of them another name")


@dataclass(frozen=True)
class Equals(Relation):
    """The two lines are equal; for two lines that say arg min of the same thing, what they minimise is."""

    word: ClassVar[str] = "="

    def verdict(self, before: Expr, after: Expr, world: World) -> Verdict:
        """Judge the step."""
        for kind in (ArgMin, ArgMax):
            if isinstance(before, kind) and isinstance(after, kind) and before.over == after.over:
                return Judge.of(world).equal(before.objective, after.objective)
        return Judge.of(world).equal(before, after)


EQUALS = Equals()


@dataclass(frozen=True)
class DerivativeRelation(Relation):
    """The line is the derivative of the one before by ``by``."""

    by: Expr
    word: ClassVar[str] = "derivative"

    def verdict(self, before: Expr, after: Expr, world: World) -> Verdict:
        """Judge the step."""
        return Judge.of(world).derivative(before, self.by, after)


@dataclass(frozen=True)
class SameArgminRelation(Relation):
    """The line is smallest where the one before is; see :func:`ce.derivation.extrema.same_minimisers`."""

    over: Symbol | IndexedBase
    scaled: Expr = ONE
    through: str = ""
    word: ClassVar[str] = "same argmin"

    def verdict(self, before: Expr, after: Expr, world: World) -> Verdict:
        """Judge the step."""
        return same_minimisers(before, after, self.over, world, scaled=self.scaled, through=self.through)


@dataclass(frozen=True)
class AtLeastRelation(Relation):
    """The line before is at least this one, or more than it if strict."""

    slack: Expr | None = None
    lemma: Lemma = STRUCTURE
    strict: bool = False
    word: ClassVar[str] = "at least"

    @property
    def name(self) -> str:
        """The relation in words, as messages give it."""
        return "more than" if self.strict else self.word

    def verdict(self, before: Expr, after: Expr, world: World) -> Verdict:
        """Judge the step."""
        slack = before - after if self.slack is None else self.slack
        return at_least(before, after, slack, self.lemma, Judge.of(world), strict=self.strict)


@dataclass(frozen=True)
class AtMostRelation(Relation):
    """The line before is at most this one, or less than it if strict."""

    slack: Expr | None = None
    lemma: Lemma = STRUCTURE
    strict: bool = False
    word: ClassVar[str] = "at most"

    @property
    def name(self) -> str:
        """The relation in words, as messages give it."""
        return "less than" if self.strict else self.word

    def verdict(self, before: Expr, after: Expr, world: World) -> Verdict:
        """Judge the step."""
        slack = after - before if self.slack is None else self.slack
        return at_least(after, before, slack, self.lemma, Judge.of(world), strict=self.strict)


@dataclass(frozen=True)
class LimitRelation(Relation):
    """The line is the limit of the one before."""

    variable: Symbol
    to: Expr
    side: str = ""
    word: ClassVar[str] = "limit"

    def verdict(self, before: Expr, after: Expr, world: World) -> Verdict:
        """Judge the step."""
        return limit_verdict(before, after, Approach(self.variable, self.to, self.side), Judge.of(world))


@dataclass(frozen=True)
class AtRelation(Relation):
    """The line is the one before with something put in: ``{q[k]: p[k]}``, ``{logit: 0}``."""

    put: tuple[tuple[Expr, Expr], ...]
    word: ClassVar[str] = "put in"

    def verdict(self, before: Expr, after: Expr, world: World) -> Verdict:
        """Judge the step."""
        bases = [left.base if isinstance(left, Indexed) else left for left, _ in self.put]
        for base, (_, body) in zip(bases, self.put, strict=True):
            if body.has(base):
                raise ValueError(f"At: expected something free of {base} to put in for it, got {body}")
        if problem := self._cannot(before, after, bases, world):
            return Verdict(Grade.F, problem, Refutation(before, after, why=problem))
        kept = {
            name: {key: value for key, value in getattr(world, name).items() if key not in bases}
            for name in ("one_hot", "intervals", "choices", "depends_on", "values")
        }
        there = world.but(
            **kept,
            normalised=tuple(base for base in world.normalised if base not in bases),
            define={**world.define, **dict(self.put)},
        )
        return Judge.of(there).equal(before, after)

    def _cannot(self, before: Expr, after: Expr, bases: list[Expr | IndexedBase], world: World) -> str:
        """Return why these things cannot be put in, empty when they can."""
        gone = world.ingredients(after).intersection(bases)
        if gone:
            names = ", ".join(sorted(map(str, gone)))
            return f"expected a line free of {names}, for which something was put in, got {after}"
        for base in bases:
            # A value for an abbreviation fixes what it is made of, so nothing else may depend on that.
            others = {key: body for key, body in world.define.items() if getattr(key, "base", key) != base}
            if len(others) < len(world.define):
                rest = world.but(define=others).ingredients(before)
                if shared := rest & world.ingredients(base) - {base}:
                    names = ", ".join(sorted(map(str, shared)))
                    return f"{base} is made of {names}, which the line before holds too: give that a value"
        return ""


@dataclass(frozen=True)
class RoundedRelation(Relation):
    """The line is the one before as a decimal number."""

    digits: int
    word: ClassVar[str] = "about"

    def verdict(self, before: Expr, after: Expr, world: World) -> Verdict:
        """Judge the step."""
        values = []
        for witness in Judge.of(world).witnesses():
            try:
                values.append(witness.value(before))
            except Undefined as error:
                why = f"the line has no value ({error})"
                return Verdict(Grade.F, why, Refutation(before, after, why=why))
        spread, half = max(values) - min(values), MP.mpf(10) ** -self.digits / 2
        if spread > half * MP.mpf(10) ** -10 or abs(values[0] - exact(after)) > half:
            why = f"the line is {number_text(values[0])}, not {float(after)} to {self.digits} decimals"
            return Verdict(Grade.F, why, Refutation(before, after, why=why))
        return Verdict(Grade.C, "computed at 50 digits")


@dataclass(frozen=True)
class CitedRelation(Relation):
    """The line is a theorem of the literature; the engine proves nothing."""

    source: str
    word: ClassVar[str] = "cited"

    def verdict(self, before: Expr, after: Expr, world: World) -> Verdict:
        """Judge the step."""
        return Verdict(Grade.D, f"cited: {self.source}")


@dataclass(frozen=True)
class RootRelation(Relation):
    """The line before, set to zero, has a root in the variable that rounds to this number."""

    variable: Symbol
    digits: int
    word: ClassVar[str] = "root"

    def verdict(self, before: Expr, after: Expr, world: World) -> Verdict:
        """Judge the step."""
        half, root = MP.mpf(10) ** -self.digits / 2, exact(after)
        for witness in Judge.of(world).witnesses():
            point = witness.point
            ends = [
                Witness(point.shifted(symbol_key(self.variable), root + side)).value(before)
                for side in (-half, half)
            ]
            if ends[0] * ends[1] > 0:
                why = f"no change of sign within {float(half)} of {self.variable} = {float(after)}"
                return Verdict(Grade.F, why, Refutation(before, after, why=why))
        return Verdict(Grade.C, "a change of sign within half a unit of the last digit")
