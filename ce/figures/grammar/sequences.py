"""A sequence made by repeating one update, such as gradient descent from the reader's own start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sympy import Expr, IndexedBase, Symbol

from ce.figures.grammar.checks import expression, instance, text
from ce.figures.grammar.parameters import Pmf
from ce.formulas import component

__all__ = ["Draws", "Iteration", "Sequence"]

# A figure computes the whole sequence at every move of a slider: more steps than this would be felt.
LONGEST = 100_000


@dataclass(frozen=True)
class Iteration:
    """The sequence z₀ = start, z₍ₜ₊₁₎ = update(zₜ) for t = 0, …, length − 1.

    Parameters
    ----------
    name
        What the sequence is called in errors.
    symbol
        The symbol z of ``update``; a tuple for several numbers that are updated together.
    update
        The next value, in ``symbol`` and the figure's parameters; as many as there are symbols.
    start
        The first value, in the figure's parameters; as many as there are symbols.
    length
        Number of updates.
    at
        The integer slider that picks the step t at which points and read-outs along the sequence are taken;
        without it they are taken at the last step.

    Raises
    ------
    ValueError
        For a length outside 1 … 100 000 or a part of another type.

    Examples
    --------
    Gradient descent on the binary cross-entropy of label 1:

    >>> from ce.formulas import binary_cross_entropy
    >>> from ce.symbols import label, logit, rate, start
    >>> slope = binary_cross_entropy.derivative(logit).subs(label, 1)
    >>> Iteration("descent", logit, logit - rate * slope, start, 100).update
    eta*sigmoid(-z) + z
    """

    name: str
    symbol: Symbol | tuple[Symbol, ...]
    update: Expr | tuple[Expr, ...]
    start: Expr | tuple[Expr, ...]
    length: int
    at: Symbol | None = None

    def __post_init__(self) -> None:
        where = f"Iteration({self.name!r})"
        text(f"{where}.name", self.name)
        for symbol in self.symbols:
            instance(f"{where}.symbol", symbol, Symbol, "a SymPy Symbol")
        for name in ("update", "start"):
            object.__setattr__(self, name, self._expressions(f"{where}.{name}", getattr(self, name)))
        for start in self.starts:
            if own := start.free_symbols & set(self.symbols):
                given = ", ".join(sorted(map(str, own)))
                raise ValueError(f"{where}.start: expected an expression free of {given}, got {start}")
        check_steps(where, self.length, self.at)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols of the numbers that are updated together."""
        return self.symbol if isinstance(self.symbol, tuple) else (self.symbol,)

    @property
    def updates(self) -> tuple[Expr, ...]:
        """The next value of each symbol."""
        return self.update if isinstance(self.update, tuple) else (self.update,)

    @property
    def starts(self) -> tuple[Expr, ...]:
        """The first value of each symbol."""
        return self.start if isinstance(self.start, tuple) else (self.start,)

    def _expressions(self, where: str, given: object) -> Expr | tuple[Expr, ...]:
        if not isinstance(self.symbol, tuple):
            return expression(where, given)
        if not isinstance(given, tuple) or len(given) != len(self.symbol):
            raise ValueError(f"{where}: expected one expression for each of {self.symbol}, got {given!r}")
        return tuple(expression(f"{where}[{symbol}]", value) for symbol, value in zip(self.symbol, given, strict=True))


def check_steps(where: str, length: object, at: object) -> None:
    """Raise ValueError when a sequence's length or the symbol of its step is none."""
    whole = isinstance(length, int) and not isinstance(length, bool)
    if not whole or not 1 <= length <= LONGEST:  # type: ignore[operator]
        raise ValueError(f"{where}.length: expected an integer from 1 to {LONGEST}, got {length!r}")
    if at is not None and not (isinstance(at, Symbol) and at.is_integer):
        raise ValueError(f"{where}.at: expected an integer Symbol, got {at!r}")


@dataclass(frozen=True)
class Draws:
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
    >>> Draws("tosses", IndexedBase("count"), coin, 1000, Symbol("t", integer=True), 1).symbols
    (count_1, count_2)
    """

    name: str
    counts: IndexedBase
    pmf: Pmf
    length: int
    at: Symbol
    seed: Expr

    def __post_init__(self) -> None:
        where = f"Draws({self.name!r})"
        text(f"{where}.name", self.name)
        instance(f"{where}.counts", self.counts, IndexedBase, "a SymPy IndexedBase")
        instance(f"{where}.pmf", self.pmf, Pmf, "a Pmf")
        instance(f"{where}.at", self.at, Symbol, "an integer Symbol")
        check_steps(where, self.length, self.at)
        object.__setattr__(self, "seed", expression(f"{where}.seed", self.seed))
        if not self.seed.is_integer:
            raise ValueError(f"{where}.seed: expected an integer or an integer Symbol, got {self.seed}")

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols of the K counts."""
        return tuple(component(self.counts[k]) for k in range(1, len(self.pmf.values) + 1))


Sequence: TypeAlias = Iteration | Draws
