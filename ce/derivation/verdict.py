"""Grades, verdicts and refutations, and what can go wrong in judging other than a false step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sympy import Expr


class Grade(Enum):
    """How well a step is established; the order is that of strength.

    A to D stand. C is for decimal numbers and roots alone, where numbers are all that is claimed: that two
    formulas agree at every point drawn is no proof, and such a step is not decided.
    """

    A = "proven by normal form"
    B = "proven by SymPy where no summation index is left"
    C = "a number, computed with 65 digits: evidence, not proof"
    D = "cited, not proven here"
    F = "refuted"
    U = "not decided"

    def __lt__(self, other: Grade) -> bool:
        return self.name < other.name


@dataclass(frozen=True)
class Refutation:
    """Why a step is false, as a clause, and the point at which its two sides differ where there is one.

    ``point`` holds names and values as text: ``(("K", "2"), ("q", "(1/4, 3/4)"), …)``; the values of the two sides
    there are empty when a side has none. ``sides`` says what these two are, as ``found`` tells them.
    """

    point: tuple[tuple[str, str], ...] = ()
    left_value: str = ""
    right_value: str = ""
    residual: str = ""
    why: str = ""
    sides: str = "its two sides are {} and {}"

    where = property(lambda self: ", ".join(map(" = ".join, self.point)), doc="The point in one line.")

    @property
    def found(self) -> str:
        """What was found, the point first: "at K = 2 its two sides are 0 and 1"."""
        why = self.why + (f": {self.left_value}, not {self.right_value}" if self.left_value else "")
        said = self.sides.format(self.left_value, self.right_value) if self.residual else why
        return f"at {self.where} {said}" if self.point else said

    def __str__(self) -> str:
        place = f" at {self.where}" if self.point else ""
        values = f": {self.left_value} and {self.right_value}, apart by {self.residual}" if self.residual else ""
        return f"{self.why}{place}{values}"


@dataclass(frozen=True)
class Verdict:
    """What the judge says of one step, and ``how`` it was established, in words.

    With an F, the ``refutation`` says where the two sides differ; with a U, why the step is not proven.
    """

    grade: Grade
    how: str = ""
    refutation: Refutation | None = None

    holds = property(lambda self: self.grade not in (Grade.F, Grade.U))  # whether the step stands

    def __str__(self) -> str:  # as a page prints it
        return self.grade.value if self.refutation is None else f"{self.grade.value}: {self.refutation}"

    @classmethod
    def refused(cls, why: str | Refutation) -> Verdict:
        """Return the verdict on a step that is false: with numbers, or for a reason that needs none."""
        found = Refutation(why=why) if isinstance(why, str) else why
        return cls(Grade.F, found.why, found)

    @classmethod
    def undecided(cls, why: str) -> Verdict:
        """Return the verdict on a step that no point refutes and no rule proves."""
        return cls(Grade.U, why, Refutation(why=f"no point drawn refutes it, but {why}"))


class FailedStep(AssertionError):  # noqa: N818  (the name says what happened)
    """A derivation has a step that does not stand; the message says which, the two sides, and why."""

    said = "does not stand"

    def __init__(self, claim: str, step: int, name: str, lines: tuple[Expr, Expr], refutation: Refutation) -> None:
        self.claim, self.step, self.name, self.refutation = claim, step, name, refutation
        sides = "  from: {}\n    to: {}".format(*lines)
        super().__init__(f"{claim}, step {step} ({name}) {self.said}\n{sides}\n  {refutation}")


class RefutedStep(FailedStep):
    """A step is false: there are numbers where its two sides differ, or it cannot follow where it stands."""

    said = "is refuted"


class UndecidedStep(FailedStep):
    """A step is neither refuted nor proven. That numbers agree is no proof: break it into smaller steps."""

    said = "is not decided"


class Unreadable(ValueError):  # noqa: N818  (it is the expression that is unreadable)
    """An expression for which there is no rule; the message says which part and why."""


class Undefined(ArithmeticError):  # noqa: N818  (a state of the value, not a fault of the program)
    """An expression has no real value at a point."""


class TooLarge(Undefined):
    """A value that exists and is too large, or too near to zero, to be computed."""
