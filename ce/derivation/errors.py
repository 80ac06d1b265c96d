"""What can go wrong in judging, other than a false step."""

from __future__ import annotations

__all__ = ["EngineError", "TooLarge", "Undefined", "Unreadable"]


class Unreadable(ValueError):  # noqa: N818  (it is the expression that is unreadable)
    """An expression for which there is no rule; the message says which part and why."""


class Undefined(ArithmeticError):  # noqa: N818  (a state of the value, not a fault of the program)
    """An expression has no real value at a point."""


class TooLarge(Undefined):
    """A value that exists and is too large, or too near to zero, to be computed."""


class EngineError(AssertionError):
    """Normal form says equal, the witness says not: a fault of the engine, never of a step."""
