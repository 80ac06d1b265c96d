"""What the judge says of a reader's answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sympy.core.expr import Expr

from ce.exercises.html import feedback_html

__all__ = ["Difference", "Feedback", "Outcome"]


class Outcome(Enum):
    """The kinds of feedback; the value is how it begins in words."""

    RIGHT = "right"
    NOT_AS_ASKED = "right but not simplified as asked"
    ROUNDED = "right but rounded too far"
    WRONG = "wrong"
    UNREAD = "not understood"
    UNDECIDED = "not decided"


@dataclass(frozen=True)
class Difference:
    """Where a wrong answer shows itself.

    Parameters
    ----------
    where
        A point, in words: ``"K = 2, q = (1/4, 3/4)"``.
    yours, expected
        The two values there; empty where there is none.
    """

    where: str
    yours: str
    expected: str


@dataclass(frozen=True)
class Feedback:
    """The judge's answer to a reader's; printed in words, shown in a notebook with colour and words.

    Parameters
    ----------
    outcome
        Its kind.
    message
        What follows the colon: the likely mistake, the point of difference, or what could not be read.
    text
        What the reader wrote.
    read_as
        The expression it was read as; ``None`` when it could not be read.
    mistake
        Name of the mistake in the table of mistakes, empty when none fits.
    difference
        For a wrong answer, numbers at which it differs from the right one.
    proof
        For a right answer, how the engine has proven it, with the grade.

    Examples
    --------
    >>> print(Feedback(Outcome.WRONG, "you probably have the sign the other way round", "-x", mistake="sign"))
    wrong: you probably have the sign the other way round
    """

    outcome: Outcome
    message: str = ""
    text: str = ""
    read_as: Expr | None = None
    mistake: str = ""
    difference: Difference | None = None
    proof: str = ""

    @property
    def right(self) -> bool:
        """Whether the answer is right, in the form that was asked for."""
        return self.outcome is Outcome.RIGHT

    def __str__(self) -> str:
        return f"{self.outcome.value}: {self.message}" if self.message else self.outcome.value

    def _repr_html_(self) -> str:
        return feedback_html(str(self), self.read_as)
