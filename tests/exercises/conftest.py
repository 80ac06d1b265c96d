"""A measure of work that does not depend on the machine: how many Python functions were called."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from sympy import IndexedBase

from ce.exercises import Names
from ce.symbols import k, label, logit, n, p, prob, q, start, theta, y, z


@pytest.fixture
def names() -> Names:
    """Return names with a bit of everything."""
    x = IndexedBase("x", integer=True, positive=True)
    objects = (p[k], q[k], y[k], z[k], x[n], label, logit, prob, theta, start)
    return Names(*objects, spelled={"d": IndexedBase("d", real=True)})


@pytest.fixture
def calls_of() -> Callable[[Callable[[], Any]], int]:
    """Return a function that counts the Python calls another makes, swallowing a ValueError."""

    def count(function: Callable[[], Any]) -> int:
        calls = 0

        def tracer(frame: FrameType, event: str, argument: Any) -> None:
            nonlocal calls
            calls += event == "call"

        before = sys.gettrace()
        sys.settrace(tracer)
        try:
            function()
        except ValueError:
            pass
        finally:
            sys.settrace(before)
        return calls

    return count
