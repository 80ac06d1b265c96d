"""Every exported loss with `return_grad` returns the slope of the very loss it returns, whoever wrote it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ce.numeric as cn
from tests.numeric.test_bad_input import FUNCTIONS, good

LOSSES = [name for name in FUNCTIONS if "return_grad" in inspect.signature(getattr(cn, name)).parameters]
BY = {"gaussian_nll": ("mean", "variance")}  # all others have the gradient by their first argument
STEP = 1e-5


def compare_with_differences(name: str, loss: Callable[..., Any], given: dict[str, Any]) -> None:
    """Insist that each gradient is what central differences of the loss come to."""
    for at, argument in enumerate(BY.get(name, tuple(given)[:1])):
        for scale in (1.0, 2.0):
            middle = {**given, argument: scale * np.asarray(given[argument])}
            found = loss(**middle)[1]
            gradient = found[at] if name in BY else found
            for place in np.ndindex(gradient.shape):
                ends = []
                for step in (STEP, -STEP):
                    moved = middle[argument].copy()
                    moved[place] += step
                    ends.append(np.sum(loss(**{**middle, argument: moved})[0]))
                slope = (ends[0] - ends[1]) / (2 * STEP)
                assert gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-8), (argument, place)


@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_is_the_slope_of_the_loss(name: str) -> None:
    given = good(name)
    needed = {
        key: value
        for key, value in given.items()
        if inspect.signature(getattr(cn, name)).parameters[key].default is inspect.Parameter.empty
    }
    compare_with_differences(name, getattr(cn, name), given)
    compare_with_differences(name, partial(getattr(cn, name), return_grad=True), needed)


@pytest.mark.parametrize("name", LOSSES)
def test_a_gradient_with_one_sign_turned_is_caught(name: str) -> None:
    def turned(**given: Any) -> tuple[Any, Any]:
        value, gradient = getattr(cn, name)(**given)
        last = gradient[-1] if isinstance(gradient, tuple) else gradient
        last[1, 0] *= -1
        return value, gradient

    with pytest.raises(AssertionError, match=r"\(1, 0\)"):
        compare_with_differences(name, turned, good(name))


@pytest.mark.parametrize("module", ["test_accuracy.py", "test_memory.py"])
def test_every_loss_is_named_where_losses_are_compared_with_mpmath_and_where_memory_is_measured(module: str) -> None:
    text = Path(__file__).with_name(module).read_text("utf8")
    missing = [name for name in LOSSES if f"cn.{name}(" not in text and f'"{name}"' not in text]
    assert not missing, (
        f"{module}: expected every loss, got none of {missing}; see CONTRIBUTING.md, Add a loss on arrays"
    )


def test_there_are_losses_to_compare() -> None:
    assert {"cross_entropy_with_logits", "squared_error", "sigmoid_focal_loss"} <= set(LOSSES)
