"""A limit on time that needs no second process and no signal, so that it holds on every system."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import CO_GENERATOR
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Any

import sympy

__all__ = ["OutOfTime", "deadline"]

_WORKING = (str(Path(sympy.__file__).parent), str(Path(__file__).parents[1]))  # SymPy and this package


class OutOfTime(BaseException):
    """The time is up; not an ``Exception``, so that no handler on the way takes it for a failed attempt."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise :class:`OutOfTime` at the first call of a function of SymPy or of this package after ``seconds``.

    Both call functions all the time; only a single operation on huge numbers would escape, and
    :mod:`ce.exercises.notation` keeps numbers small. A debugger's trace function is still called.

    Raises
    ------
    OutOfTime
        In the block, once the time is up.

    Examples
    --------
    >>> from sympy import Symbol
    >>> number = Symbol("x")
    >>> try:
    ...     with deadline(0.01):
    ...         while True:
    ...             number += 1
    ... except OutOfTime:
    ...     print("stopped")
    stopped
    """
    before = sys.gettrace()
    end = monotonic() + seconds

    def watch(frame: FrameType, event: Any, argument: Any) -> Any:
        if monotonic() > end and _may_raise(frame):
            raise OutOfTime
        return before(frame, event, argument) if before else None

    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)


def _may_raise(frame: FrameType) -> bool:
    """Whether an exception would reach the block: it is lost in what Python runs to dispose of things."""
    code = frame.f_code
    return code.co_filename.startswith(_WORKING) and not code.co_flags & CO_GENERATOR
