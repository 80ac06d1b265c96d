"""A sequence made by repeating one update, such as gradient descent from the reader's own start."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from ce.figures.checks import expression, text

__all__ = ["Iteration"]

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
        The symbol z of ``update``.
    update
        The next value, in ``symbol`` and the figure's parameters.
    start
        The first value, in the figure's parameters.
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
    symbol: Symbol
    update: Expr
    start: Expr
    length: int
    at: Symbol | None = None

    def __post_init__(self) -> None:
        where = f"Iteration({self.name!r})"
        text(f"{where}.name", self.name)
        if not isinstance(self.symbol, Symbol):
            raise ValueError(f"{where}.symbol: expected a SymPy Symbol, got {self.symbol!r}")
        object.__setattr__(self, "update", expression(f"{where}.update", self.update))
        object.__setattr__(self, "start", expression(f"{where}.start", self.start))
        if self.symbol in self.start.free_symbols:
            raise ValueError(f"{where}.start: expected an expression free of {self.symbol}, got {self.start}")
        whole = isinstance(self.length, int) and not isinstance(self.length, bool)
        if not whole or not 1 <= self.length <= LONGEST:
            raise ValueError(f"{where}.length: expected an integer from 1 to {LONGEST}, got {self.length!r}")
        if self.at is not None and not (isinstance(self.at, Symbol) and self.at.is_integer):
            raise ValueError(f"{where}.at: expected an integer Symbol, got {self.at!r}")
