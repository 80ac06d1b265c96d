"""The table under a figure: numbers at the current values, which is also what a screen reader reads."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr
from sympy.logic.boolalg import Boolean

from ce.figures.grammar.checks import condition, expression, instance, plain, text
from ce.figures.grammar.sequences import Sequence

__all__ = ["FirstPassage", "Readout"]


@dataclass(frozen=True)
class Readout:
    """The value of an expression at the current values.

    Parameters
    ----------
    label
        What the number is: the head of its row.
    expression
        The number, in the figure's parameters.
    unit
        ``"nats"`` for what contains a logarithm of a probability, ``""`` for a pure number.
    digits
        Number of significant digits.
    column
        Read-outs of one label stand in one row, in the columns named here; a column named like a mark gets
        its colour.
    along
        A sequence: the expression is taken at its current step.

    Raises
    ------
    ValueError
        For an empty label, another type of expression, digits outside 1 … 15.

    Examples
    --------
    >>> from ce.formulas import binary_cross_entropy
    >>> Readout("loss", binary_cross_entropy.stable, binary_cross_entropy.unit).unit
    'nats'
    """

    label: str
    expression: Expr
    unit: str = ""
    digits: int = 4
    column: str = ""
    along: Sequence | None = None

    def __post_init__(self) -> None:
        where = f"Readout({self.label!r})"
        plain(where, self)
        text(f"{where}.label", self.label)
        object.__setattr__(self, "expression", expression(f"{where}.expression", self.expression))
        if isinstance(self.digits, bool) or not isinstance(self.digits, int) or not 1 <= self.digits <= 15:
            raise ValueError(f"{where}.digits: expected an integer from 1 to 15, got {self.digits!r}")
        instance(f"{where}.along", self.along, Sequence | None, "an Iteration or Draws")


@dataclass(frozen=True)
class FirstPassage:
    """The first step at which a condition on a sequence holds, or that it does not hold within its length.

    Parameters
    ----------
    label, column
        As for :class:`Readout`.
    along
        The sequence.
    condition
        A condition on the sequence's symbols, such as ``logit >= 0``.

    Raises
    ------
    ValueError
        For an empty label or a part of another type.

    Examples
    --------
    >>> from ce.figures import Iteration
    >>> from ce.symbols import logit, start
    >>> halving = Iteration("halving", logit, logit / 2, start, 10)
    >>> FirstPassage("steps to a tenth", halving, logit < 0.1).condition
    z < 0.1
    """

    label: str
    along: Sequence
    condition: Boolean
    column: str = ""

    def __post_init__(self) -> None:
        where = f"FirstPassage({self.label!r})"
        plain(where, self)
        text(f"{where}.label", self.label)
        instance(f"{where}.along", self.along, Sequence, "an Iteration or Draws")
        condition(f"{where}.condition", self.condition)
