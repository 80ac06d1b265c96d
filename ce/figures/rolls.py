"""A sequence of random draws, such as rolls of a die, the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sympy import Expr, IndexedBase, Symbol

from ce.figures.checks import expression, text
from ce.figures.iteration import Iteration, check_steps
from ce.figures.pmf import Pmf
from ce.formulas import component

__all__ = ["Rolls", "Sequence"]


@dataclass(frozen=True)
class Rolls:
    """How often each outcome has come up in the first t of independent draws, for t = 0, …, length.

    The draws come from the current values of ``pmf``. Their uniform numbers depend on the seed and the number
    of the draw alone, so that a changed distribution bends a series and does not shuffle it anew.

    Parameters
    ----------
    name
        What the sequence is called in errors.
    counts
        The indexed symbol of the counts: ``counts[k]`` is how often outcome k has come up.
    pmf
        The distribution the draws come from.
    length
        Number of draws.
    at
        The integer slider that picks the number of draws t at which points and read-outs are taken.
    seed
        An integer, or the symbol of an integer slider with which the reader starts another series.

    Raises
    ------
    ValueError
        For a length outside 1 … 100 000, a seed that is no integer or a part of another type.

    Examples
    --------
    >>> from sympy import IndexedBase, Symbol
    >>> from ce.symbols import p
    >>> coin = Pmf(p, (0.5, 0.5), ("heads", "tails"), "coin p")
    >>> Rolls("tosses", IndexedBase("count"), coin, 1000, Symbol("t", integer=True), 1).symbols
    (count_1, count_2)
    """

    name: str
    counts: IndexedBase
    pmf: Pmf
    length: int
    at: Symbol
    seed: Expr

    def __post_init__(self) -> None:
        where = f"Rolls({self.name!r})"
        text(f"{where}.name", self.name)
        if not isinstance(self.counts, IndexedBase):
            raise ValueError(f"{where}.counts: expected a SymPy IndexedBase, got {self.counts!r}")
        if not isinstance(self.pmf, Pmf):
            raise ValueError(f"{where}.pmf: expected a Pmf, got {self.pmf!r}")
        if self.at is None:
            raise ValueError(f"{where}.at: expected an integer Symbol, got None")
        check_steps(where, self.length, self.at)
        object.__setattr__(self, "seed", expression(f"{where}.seed", self.seed))
        if not self.seed.is_integer:
            raise ValueError(f"{where}.seed: expected an integer or an integer Symbol, got {self.seed}")

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols of the K counts."""
        return tuple(component(self.counts[k]) for k in range(1, len(self.pmf.values) + 1))


Sequence: TypeAlias = Iteration | Rolls
