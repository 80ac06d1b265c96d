"""What an answer is held against: the line it follows from, as one question to the engine, and the form asked for.

The form is checked once the answer is known to be equal to the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Any

from sympy import IndexedBase, KroneckerDelta, Mul, Pow, Product, Sum, Symbol, exp, log
from sympy.core.expr import Expr

from ce.derivation import ArgMin, Equal, Refutation, SameArgmin, Step, Verdict, World, judge
from ce.derivation.derivation import refuted_by_pmfs
from ce.derivation.judge import Judge
from ce.derivation.verdict import Undefined
from ce.exercises.notation import Names

__all__ = [
    "ANY_FORM",
    "ONE_LOGARITHM",
    "ONE_SUM",
    "TWO_SUMS",
    "WITHOUT_SUMS",
    "RequiredForm",
    "Task",
    "as_short_as",
    "free_indices",
    "holds_probabilities",
    "without",
]

_POINTS = 5
_TOLERANCE = 1e-30
_PAGE_KINDS = {Sum: "sum", Product: "prod", log: "log", exp: "exp", KroneckerDelta: "delta"}


@dataclass(frozen=True)
class Task:
    """A line that is given, and how the reader's line must follow from it.

    Parameters
    ----------
    before
        The line given; for an exercise the right answer itself.
    world
        The assumptions.
    names
        The reader's names.
    step
        What makes a line the step that leads to it: ``Equal``, or such as ``partial(Derivative, by=z[j])``.
    parameter
        What is being fitted (θ, or a base such as q): for the hint on what does not depend on it.
    slips
        What readers write in place of the line: the words after "you probably", each with what comes out.
    """

    before: Expr
    world: World
    names: Names
    step: Callable[[Expr], Step] = Equal
    parameter: Symbol | IndexedBase | None = None
    slips: Mapping[str, Expr] = field(default_factory=dict)

    def verdict(self, line: Expr) -> Verdict:
        """Ask the engine whether a line follows."""
        before, step = self.before, self.step(line)
        if isinstance(step, SameArgmin):  # readers type objectives
            before, step = ArgMin(before, step.over), replace(step, expr=ArgMin(line, step.over))
        return judge(before, step, self.world)

    @property
    def kind(self) -> type[Step]:
        """The kind of step that is asked for."""
        return type(self.step(self.before))

    def plausible(self, line: Expr) -> bool:
        """Whether a line agrees at a few points: a quick look that spares the engine most wrong guesses."""
        return self.kind is not Equal or all(gap == 0 for gap in islice(self._gaps(line), _POINTS))

    def differs(self, line: Expr) -> bool:
        """Whether a refuted line differs where it has a value; an equality may fail by having none."""
        return self.kind is not Equal or 1 in self._gaps(line)

    def agrees_elsewhere(self, line: Expr) -> bool:
        """Whether a line agrees wherever it has a value, and has one somewhere."""
        return self.kind is Equal and set(self._gaps(line)) == {0, None}

    def at_probabilities(self, line: Expr) -> Refutation | None:
        """Return a refutation at which all that holds probabilities sums to one, if there is one."""
        named = dict.fromkeys(base for base, _ in self.names.bases.values() if holds_probabilities(base))
        verdict = refuted_by_pmfs(self.before, Equal(line), self.world, named) if self.kind is Equal else None
        refutation = verdict and verdict.refutation
        return refutation if refutation and refutation.residual else None

    def _gaps(self, line: Expr) -> Iterator[int | None]:
        """Yield for each point 0 where the two lines agree, 1 where not, None where one has no value."""
        for witness in Judge.of(self.world).witnesses():
            try:
                here, there = witness.value(self.before), witness.value(line)
            except Undefined:
                yield None
            else:
                yield int(abs(here - there) > _TOLERANCE * (1 + abs(here) + abs(there)))

    @cached_property
    def free(self) -> list[Symbol]:
        """The indices that may stand free in the reader's line."""
        mine = free_indices(self.before, self.names)
        return [index for index in self.names.ranges if index in self.world.in_range or index in mine]

    def without_value(self, line: Expr) -> list[Symbol]:
        """Return the indices that stand free in a reader's line and may not."""
        return [index for index in free_indices(line, self.names) if index not in self.free]


def holds_probabilities(base: IndexedBase) -> bool:
    """Whether a base holds probabilities: it is not negative, and no number of a class."""
    return bool(base.assumptions0.get("nonnegative")) and not base.is_integer


def free_indices(expression: Expr, names: Names) -> list[Symbol]:
    """Return the indices that stand free in an expression, by name.

    Examples
    --------
    >>> from ce.exercises import Names
    >>> from ce.symbols import K, j, k, p
    >>> free_indices(p[j] * Sum(p[k], (k, 1, K)), Names(p))
    [j]
    """
    found = expression.free_symbols & set(names.ranges)
    return sorted(found, key=lambda index: str(index.name))


@dataclass(frozen=True)
class RequiredForm:
    """A demand on the form of an answer.

    Parameters
    ----------
    asks
        What is asked, as it follows "write it": ``"without sums"``.
    holds
        Whether an expression is of that form.
    on_page
        The same for the page: rows of the name of a form in ``FORMS`` of ``static/judge.js`` and what it is given.

    Examples
    --------
    >>> from ce.symbols import k, p, q
    >>> from sympy import log
    >>> form = WITHOUT_SUMS & without(log, asks="without logarithms")
    >>> form.asks, form.holds(log(p[k]))
    ('without sums and without logarithms', False)
    """

    asks: str
    holds: Callable[[Expr], bool]
    on_page: tuple[tuple[Any, ...], ...] = ()

    def __and__(self, other: RequiredForm) -> RequiredForm:
        asks = f"{self.asks} and {other.asks}"
        both = (*self.on_page, *other.on_page)
        return RequiredForm(asks, lambda answer: self.holds(answer) and other.holds(answer), both)


def without(*kinds: type[Expr] | Expr, asks: str) -> RequiredForm:
    """Ask for an answer in which none of these functions or symbols occurs.

    Parameters
    ----------
    kinds
        SymPy classes such as ``log``, or symbols.
    asks
        The demand in words.

    Raises
    ------
    ValueError
        For what is no class or symbol, such as the text "log", or where nothing is named.
    """
    if not kinds or not all(
        isinstance(kind, Expr) or (isinstance(kind, type) and issubclass(kind, Expr)) for kind in kinds
    ):
        raise ValueError(f"without: expected SymPy classes such as log, or symbols, got {kinds}")
    names = [_PAGE_KINDS.get(kind) or (f"{kind}_" if isinstance(kind, IndexedBase) else str(kind)) for kind in kinds]
    return RequiredForm(asks, lambda answer: not answer.has(*kinds), (("without", *names),))


def as_short_as(model: Expr, slack: int = 0) -> RequiredForm:
    """Ask for an answer with no more symbols and numbers than a model has.

    They are counted as a person counts them: a symbol with its index is one, and so is a number that is written,
    1/x has two, and signs, fraction bars and functions do not count.

    Parameters
    ----------
    model
        An expression that is short enough.
    slack
        How many more there may be.
    """
    most = _leaves(model) + slack
    asks = f"with at most {most} symbols and numbers"
    return RequiredForm(asks, lambda answer: _leaves(answer) <= most, (("short", most),))


def _leaves(expression: Expr) -> int:
    if not expression.args or expression.is_Indexed or expression.is_number:
        return 1
    if not isinstance(expression, Mul | Pow) or isinstance(expression, exp):
        return sum(_leaves(part) for part in expression.args if isinstance(part, Expr))
    number, rest = expression.as_coeff_Mul()
    above = [factor for factor in Mul.make_args(rest) if not _divides(factor)]
    below = [1 / factor for factor in Mul.make_args(rest) if _divides(factor)]
    bases = [part for factor in (*above, *below) for part in (factor.args if _is_power(factor) else (factor,))]
    return sum(map(_leaves, bases)) + int(abs(number) != 1 or not above)


def _is_power(factor: Expr) -> bool:
    return isinstance(factor, Pow) and not isinstance(factor, exp)


def _divides(factor: Expr) -> bool:
    return _is_power(factor) and bool(factor.exp.could_extract_minus_sign())


def _is_sum(term: Expr) -> bool:
    """Whether a term is a sum over an index, perhaps times something that has none."""
    whole = isinstance(term, Sum) or (term.is_Mul and any(isinstance(part, Sum) for part in term.args))
    return whole and len(term.atoms(Sum)) == 1


ANY_FORM = RequiredForm("in any form", lambda answer: True)
WITHOUT_SUMS = without(Sum, Product, asks="without sums")
ONE_SUM = RequiredForm("as one sum", _is_sum, (("sums", 1),))
TWO_SUMS = RequiredForm(
    "as a difference of two sums",
    lambda answer: answer.is_Add and len(answer.args) == 2 and all(map(_is_sum, answer.args)),
    (("sums", 2),),
)
ONE_LOGARITHM = RequiredForm(
    "as one logarithm", lambda answer: isinstance(answer, log) or isinstance(-answer, log), (("logarithm",),)
)
