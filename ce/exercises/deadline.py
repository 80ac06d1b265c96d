"""A limit on time that needs no second process and no signal, so that it holds on every system."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType
from typing import Any

__all__ = ["OutOfTime", "deadline"]


class OutOfTime(BaseException):
    """The time is up; not an ``Exception``, so that no handler on the way takes it for a failed attempt."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise :class:`OutOfTime` at the first call of a Python function after ``seconds``.

    SymPy is written in Python and calls functions all the time; only a single operation on huge numbers would
    escape, and :mod:`ce.exercises.bounds` keeps numbers small. A debugger's trace function is still called.

    Raises
    ------
    OutOfTime
        In the block, once the time is up.

    Examples
    --------
    >>> def forever():
    ...     while True:
    ...         len(str(0)), tuple(c for c in "abc")
    >>> try:
    ...     with deadline(0.01):
    ...         forever()
    ... except OutOfTime:
    ...     print("stopped")
    stopped
    """
    before = sys.gettrace()
    end = monotonic() + seconds

    def watch(frame: FrameType, event: Any, argument: Any) -> Any:
        if monotonic() > end:
            raise OutOfTime
        return before(frame, event, argument) if before else None

    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)
