"""The judge gives up in time, and leaves everything as it was."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from types import FrameType
from typing import Any

import pytest
from book_exercises import divergence, softmax_gradient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ce.exercises import Feedback, Outcome
from ce.exercises.deadline import OutOfTime, deadline
from ce.symbols import theta


def _forever() -> None:
    number = theta
    while any(value for value in (1, 2, 3)):  # leaves a generator behind, which Python closes
        number = number + 1


def test_an_endless_computation_is_stopped() -> None:
    with pytest.raises(OutOfTime), deadline(0.02):
        _forever()


def test_no_handler_on_the_way_swallows_the_deadline() -> None:
    def stubborn() -> None:
        while True:
            with suppress(Exception):
                _forever()

    with pytest.raises(OutOfTime), deadline(0.02):
        stubborn()


def test_a_debuggers_trace_function_goes_on_and_is_put_back() -> None:
    seen: list[str] = []

    def tracer(frame: FrameType, event: str, argument: Any) -> None:
        seen.append(frame.f_code.co_name)

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        with deadline(60):
            divergence.check("(")
        kept = sys.gettrace()
    finally:
        sys.settrace(before)
    assert kept is tracer
    assert "check" in seen


def test_an_answer_that_takes_too_long_is_not_called_wrong() -> None:
    feedback = softmax_gradient.check("p_j - y_j + (sum_k z_k)^2 - (sum_k z_k)^2", seconds=0)
    assert feedback.outcome is Outcome.UNDECIDED
    assert "took longer than 0 seconds" in feedback.message


def test_the_judge_answers_as_before_after_it_was_stopped() -> None:
    for seconds in (0.0, 0.001, 0.002, 0.004, 0.008, 0.016):
        softmax_gradient.check("e^z_j/(sum_l e^z_l) - sum_k y_k [k=j]", seconds=seconds)
    assert softmax_gradient.check("p_j - y_j").right
    assert softmax_gradient.check("y_j - p_j").mistake == "sign"


WORDS = st.sampled_from([
    "p_j", "y_j", "z_j", "p_k", "K", "N", "2", "1/2", "64", "10^9", "[j=k]", "sum_k ", "prod_l ", "sum_{n} ",
    "log ", "exp", "sqrt", "sigma", "(", ")", "(", ")", "+", "-", "*", "/", "^", " ",
])  # fmt: skip


QUIET = settings(
    deadline=None, max_examples=150, derandomize=True, database=None, suppress_health_check=[*HealthCheck]
)


@QUIET
@given(words=st.lists(WORDS, max_size=14), disguise=st.booleans())
def test_whatever_is_typed_gets_feedback(words: list[str], disguise: bool) -> None:
    text = "".join(words)
    feedback = softmax_gradient.check(f"p_j - y_j + ({text}) - ({text})" if disguise else text)
    assert isinstance(feedback, Feedback)
    assert feedback.outcome is Outcome.RIGHT or feedback.message
    if disguise and feedback.outcome is Outcome.WRONG:  # wrong only in having no value, or a free index
        assert "no value" in feedback.message


def test_importing_the_package_takes_neither_numpy_nor_widgets() -> None:
    heavy = "('numpy', 'ipywidgets', 'matplotlib')"
    code = f"import sys, ce.exercises; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
