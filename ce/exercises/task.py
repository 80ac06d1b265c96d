"""What an answer is held against, and one question to the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from sympy import IndexedBase, Sum, Symbol, preorder_traversal
from sympy.core.expr import Expr

from ce.derivation import ArgMin, Equal, Refutation, SameArgmin, Step, Verdict, World, judge
from ce.derivation.derivation import refuted_by_pmfs
from ce.derivation.judge import Judge
from ce.derivation.verdict import Undefined
from ce.exercises.notation import Names

__all__ = ["Task", "free_indices", "holds_probabilities", "summed_indices"]

_POINTS = 5
_TOLERANCE = 1e-30


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
    """

    before: Expr
    world: World
    names: Names
    step: Callable[[Expr], Step] = Equal
    parameter: Symbol | IndexedBase | None = None

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

    def allows(self, index: Symbol) -> bool:
        """Whether an index may stand free in the reader's line."""
        return index in self.world.in_range or index in free_indices(self.before, self.names)


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


def summed_indices(expression: Expr) -> set[Symbol]:
    """Return the indices that some sum in the expression runs over."""
    sums = (node for node in preorder_traversal(expression) if isinstance(node, Sum))
    return {limit[0] for node in sums for limit in node.limits}
