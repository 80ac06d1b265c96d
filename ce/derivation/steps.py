"""The steps an author writes: the next line, how it follows, and why. Each step judges itself."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, ClassVar

from sympy import Indexed, IndexedBase, Integer, Rational, Symbol, nan
from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.derivation.errors import Undefined, Unreadable
from ce.derivation.extrema import ArgMax, ArgMin, same_minimisers
from ce.derivation.judge import JUDGING, Judge
from ce.derivation.limits import Approach, limit_verdict
from ce.derivation.order import at_least
from ce.derivation.sampling import MP, exact, symbol_key
from ce.derivation.signs import STRUCTURE, Lemma
from ce.derivation.verdict import Grade, Refutation, Verdict, number_text
from ce.derivation.witness import Witness
from ce.derivation.world import World

__all__ = [
    "ONE", "ZERO", "At", "AtLeast", "AtMost", "Cite", "Derivative", "Equal", "Limit", "Root", "Rounded",
    "SameArgmin", "Step", "judge",
]  # fmt: skip

ZERO, ONE = Integer(0), Integer(1)


@dataclass(frozen=True)
class Step:
    """One line of a derivation: its expression and the reason for it.

    ``word`` names the step in messages; ``sign`` says how the line before compares with this one; ``anew``
    that the left-hand side changes, so that the step starts from the last line that equals it;
    ``of_minimisers`` that it may follow an arg min.
    """

    word: ClassVar[str]
    sign: ClassVar[str] = "="
    anew: ClassVar[bool] = False
    of_minimisers: ClassVar[bool] = False

    expr: Expr
    because: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "expr", sympify(self.expr))

    @property
    def name(self) -> str:
        """The step in words, as messages give it."""
        return self.word

    def reached(self, before: Expr, world: World) -> Step:
        """Return the step with its line worked out, where that is computed and not written."""
        return self

    @abstractmethod
    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge that the line follows from the one before; see :func:`judge`."""

    def refused(self, before: Expr, why: str) -> Verdict:
        """Return the verdict of a step that does not stand, with a reason and no numbers."""
        return Verdict(Grade.F, why, Refutation(before, self.expr, why=why))


def judge(before: Expr, step: Step, world: World) -> Verdict:
    """Judge one step: whether its line follows from the one before in this world.

    Parameters
    ----------
    before
        The line before.
    step
        The step, such as ``Equal(line)`` or ``Derivative(line, by=z[j])``.
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
    >>> from sympy import Sum
    >>> from ce.symbols import K, k, q
    >>> judge(Sum(q[k], (k, 1, K)), Equal(1), World(normalised=(q,))).grade.name
    'A'
    >>> judge(Sum(q[k], (k, 1, K)), Equal(1), World()).refutation.where
    'K = 1, q = (1/2)'
    """
    start = perf_counter()
    before = sympify(before)
    _refuse_namesakes(before, step.expr)
    with JUDGING:
        try:
            verdict = step.reached(before, world).verdict(before, world)
        except Undefined as error:
            verdict = step.refused(before, f"the line cannot be computed: {error}")
    return verdict.timed(perf_counter() - start)


def _refuse_namesakes(*lines: Expr) -> None:
    """Refuse two different symbols of one name: no reader could tell them apart."""
    known: dict[str, Symbol] = {}
    for symbol in set().union(*(line.free_symbols for line in lines)):
        if isinstance(symbol, Symbol) and known.setdefault(symbol.name, symbol) != symbol:
            raise Unreadable(f"two different symbols are called {symbol}; give one of them another name")


@dataclass(frozen=True)
class Equal(Step):
    """The line equals the one before; where both say arg min over one thing, the objectives are equal."""

    word: ClassVar[str] = "="
    of_minimisers: ClassVar[bool] = True

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        for kind in (ArgMin, ArgMax):
            if isinstance(before, kind) and isinstance(self.expr, kind) and before.over == self.expr.over:
                return Judge.of(world).equal(before.objective, self.expr.objective)
        return Judge.of(world).equal(before, self.expr)


@dataclass(frozen=True, kw_only=True)
class Derivative(Step):
    """The line is the derivative of the one before; what it is by must be free: no Σq = 1 imposed on it."""

    word: ClassVar[str] = "derivative"
    anew: ClassVar[bool] = True

    by: Expr

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        return Judge.of(world).derivative(before, self.by, self.expr)


@dataclass(frozen=True, kw_only=True)
class SameArgmin(Step):
    """The line says the same arg min (or arg max of the opposite) over ``over`` as the one before.

    See :func:`ce.derivation.extrema.same_minimisers` for ``scaled`` and ``through``.
    """

    word: ClassVar[str] = "same argmin"
    of_minimisers: ClassVar[bool] = True

    over: Symbol | IndexedBase
    scaled: Expr = ONE
    through: str = ""

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        scaled = sympify(self.scaled)
        return same_minimisers(before, self.expr, self.over, world, scaled=scaled, through=self.through)


@dataclass(frozen=True, kw_only=True)
class AtLeast(Step):
    """The line before is at least this one; their difference is ``slack``, which ``lemma`` says is >= 0.

    ``strict`` says more than, and asks that the slack be > 0.
    """

    word: ClassVar[str] = "at least"
    sign: ClassVar[str] = "≥"

    slack: Expr | None = None
    lemma: Lemma = STRUCTURE
    strict: bool = False

    @property
    def name(self) -> str:
        """The step in words, as messages give it."""
        return "more than" if self.strict else self.word

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        slack = before - self.expr if self.slack is None else sympify(self.slack)
        return at_least(before, self.expr, slack, self.lemma, Judge.of(world), strict=self.strict)


@dataclass(frozen=True, kw_only=True)
class AtMost(Step):
    """The line before is at most this one; the difference is ``slack``, which ``lemma`` says is >= 0.

    ``strict`` says less than, and asks that the slack be > 0.
    """

    word: ClassVar[str] = "at most"
    sign: ClassVar[str] = "≤"

    slack: Expr | None = None
    lemma: Lemma = STRUCTURE
    strict: bool = False

    @property
    def name(self) -> str:
        """The step in words, as messages give it."""
        return "less than" if self.strict else self.word

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        slack = self.expr - before if self.slack is None else sympify(self.slack)
        return at_least(self.expr, before, slack, self.lemma, Judge.of(world), strict=self.strict)


@dataclass(frozen=True, kw_only=True)
class Limit(Step):
    """The line is the limit of the one before as ``variable`` tends to ``to``."""

    word: ClassVar[str] = "limit"
    anew: ClassVar[bool] = True

    variable: Symbol
    to: Expr
    side: str = ""

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        approach = Approach(self.variable, sympify(self.to), self.side)
        return limit_verdict(before, self.expr, approach, Judge.of(world))


@dataclass(frozen=True, kw_only=True)
class At(Step):
    """The line is the one before with something put in: ``{q[k]: p[k]}``, ``{logit: 0}``."""

    word: ClassVar[str] = "put in"
    anew: ClassVar[bool] = True

    put: Mapping[Expr, Expr]

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        put = {left: sympify(right) for left, right in self.put.items()}
        bases = [left.base if isinstance(left, Indexed) else left for left in put]
        for base, body in zip(bases, put.values(), strict=True):
            if body.has(base):
                raise ValueError(f"At: expected something free of {base} to put in for it, got {body}")
        if problem := self._cannot(before, bases, world):
            return self.refused(before, problem)
        kept = {
            name: {key: value for key, value in getattr(world, name).items() if key not in bases}
            for name in ("one_hot", "intervals", "choices", "depends_on", "values")
        }
        there = world.but(
            **kept,
            normalised=tuple(base for base in world.normalised if base not in bases),
            define={**world.define, **put},
        )
        return Judge.of(there).equal(before, self.expr)

    def _cannot(self, before: Expr, bases: list[Expr | IndexedBase], world: World) -> str:
        """Return why these things cannot be put in, empty when they can."""
        gone = world.ingredients(self.expr).intersection(bases)
        if gone:
            names = ", ".join(sorted(map(str, gone)))
            return f"expected a line free of {names}, for which something was put in, got {self.expr}"
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
class Rounded(Step):
    """The line before as a decimal number, computed here and not typed."""

    word: ClassVar[str] = "about"
    sign: ClassVar[str] = "≈"

    expr: Expr = nan
    digits: int = 3

    def reached(self, before: Expr, world: World) -> Step:
        """Return the step with the number worked out."""
        if self.expr is not nan:
            return self
        value = next(Judge.of(world).witnesses()).value(before)
        return replace(self, expr=_rounded(value, self.digits))

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        values = [witness.value(before) for witness in Judge.of(world).witnesses()]
        spread, half = max(values) - min(values), MP.mpf(10) ** -self.digits / 2
        if spread > half * MP.mpf(10) ** -10 or abs(values[0] - exact(self.expr)) > half:
            said = f"{float(self.expr)} to {self.digits} decimals"
            return self.refused(before, f"the line is {number_text(values[0])}, not {said}")
        return Verdict(Grade.C, "computed with 65 digits")


@dataclass(frozen=True, kw_only=True)
class Root(Step):
    """A root of the line before, set to zero, between two numbers; found here and not typed."""

    word: ClassVar[str] = "root"
    sign: ClassVar[str] = "≈"
    anew: ClassVar[bool] = True

    expr: Expr = nan
    variable: Symbol
    between: tuple[Expr, Expr]
    digits: int = 3

    def reached(self, before: Expr, world: World) -> Step:
        """Return the step with the root worked out."""
        if self.expr is not nan:
            return self
        root = self._root(next(Judge.of(world).witnesses()), before)
        return replace(self, expr=_rounded(root, self.digits))

    def _root(self, witness: Witness, before: Expr) -> Any:
        def value(at: Any) -> Any:
            return Witness(witness.point.shifted(symbol_key(self.variable), at)).value(before)

        low, high = (exact(sympify(end)) for end in self.between)
        if value(low) * value(high) > 0:
            ends = " and ".join(map(str, self.between))
            raise Undefined(f"expected a change of sign between {ends}, got none")
        root = MP.findroot(value, (low, high), solver="anderson", verify=False)
        near = MP.mpf(10) ** -30
        size = max(abs(value(root - near)), abs(value(root + near)))
        if size > MP.mpf(10) ** -9 * max(abs(value(low)), abs(value(high))):
            # The sign changes here through a pole or a jump.
            raise Undefined(f"near {float(root):g} the line changes its sign and does not come near 0")
        return root

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        half = MP.mpf(10) ** -self.digits / 2
        for witness in Judge.of(world).witnesses():
            found = self._root(witness, before)
            if abs(found - exact(self.expr)) > half:
                return self.refused(before, f"the root is {number_text(found)}, not {float(self.expr)}")
        return Verdict(Grade.C, "a change of sign within half a unit of the last digit")


@dataclass(frozen=True, kw_only=True)
class Cite(Step):
    """The line is a theorem of the literature, named by its key in ``references.bib``; nothing is proven."""

    word: ClassVar[str] = "cited"
    sign: ClassVar[str] = "⟹"
    of_minimisers: ClassVar[bool] = True

    source: str

    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge the step."""
        return Verdict(Grade.D, f"cited: {self.source}")


def _rounded(value: Any, digits: int) -> Expr:
    return Rational(int(MP.nint(value * 10**digits)), 10**digits)
