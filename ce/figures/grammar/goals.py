"""What a figure's task asks the reader to bring about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Symbol
from sympy.logic.boolalg import Boolean

from ce.figures.grammar.checks import condition, conditions, text

__all__ = ["Goal"]


@dataclass(frozen=True)
class Goal:
    """The state that the prompt of a figure asks for; the page says when the reader has reached it.

    Parameters
    ----------
    condition
        A condition on the figure's parameters, false at their starting values.
    reached
        What is said when it holds: what the reader has brought about, as a sentence.
    at
        Values of parameters at which it holds, the others at their start: evidence that it can be reached.

    Raises
    ------
    ValueError
        For a part of another type. The figure refuses a goal that holds at the start, or does not hold at ``at``
        once every slider stands on a step of its own.

    Examples
    --------
    >>> from ce.symbols import logit
    >>> Goal(logit <= -6, "Far out, squared error has let go.", {logit: -6}).at
    {z: -6.0}
    """

    condition: Boolean
    reached: str
    at: Mapping[Symbol, float]

    def __post_init__(self) -> None:
        condition("Goal.condition", self.condition)
        text("Goal.reached", self.reached)
        object.__setattr__(self, "at", conditions("Goal.at", self.at))
