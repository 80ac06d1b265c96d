"""The curve of an expression along a sequence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from sympy import Expr

from ce.figures.marks import Mark
from ce.figures.rolls import Sequence
from ce.figures.ternary import ternary

__all__ = ["Path"]


@dataclass(frozen=True)
class Path(Mark):
    """An expression along a sequence.

    Parameters
    ----------
    along
        The sequence; its step symbol may stand in the expressions.
    y
        What is drawn upwards.
    x
        What is drawn to the right. Without it the path is drawn against that symbol of the sequence which the
        x axis has, else against the step.
    so_far
        Whether only the steps up to the current one are drawn.

    Examples
    --------
    >>> from ce.figures import Iteration
    >>> from ce.symbols import logit, start
    >>> halving = Iteration("halving", logit, logit / 2, start, 10)
    >>> Path(halving, logit**2, label="square").along.length
    10
    """

    along: Sequence = field(kw_only=False)
    y: Expr
    x: Expr | None = None
    so_far: bool = False
    named: ClassVar[bool] = True

    @classmethod
    def ternary(cls, along: Sequence, pmf: tuple[Expr, Expr, Expr], **others: Any) -> Path:
        """Return the path of a distribution through the probability triangle.

        Examples
        --------
        >>> from ce.figures import Iteration
        >>> from ce.symbols import share, start
        >>> halving = Iteration("halving", share, share / 2, start, 10)
        >>> Path.ternary(halving, (1 - share, share, 0), label="way").x == share
        True
        """
        x, y = ternary(pmf)
        return cls(along, y, x, **others)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.along is None:
            raise ValueError("Path.along: expected an Iteration or Rolls, got None")
        if not isinstance(self.so_far, bool):
            raise ValueError(f"Path.so_far: expected True or False, got {self.so_far!r}")
        self._expressions("x", "y")
