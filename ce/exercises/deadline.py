"""A limit on time that needs no second process and no signal, so that it holds on every system."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import CO_GENERATOR
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Any

import mpmath

__all__ = ["OutOfTime", "deadline"]

_DROPPING = (weakref.__file__, str(Path(mpmath.__file__).parent))


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
    ...         (lambda: None)()
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
        if monotonic() > end and _may_raise(frame):
            raise OutOfTime
        return before(frame, event, argument) if before else None

    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)


def _may_raise(frame: FrameType) -> bool:
    """Whether the block would get an exception: clean-up by Python drops it, and mpmath may."""
    code = frame.f_code
    disposed_of = code.co_flags & CO_GENERATOR or code.co_name == "__del__"
    return not (disposed_of or code.co_filename.startswith(_DROPPING))
