"""However large the arrays are, what is in work at one time is a few blocks of them."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import ce.numeric as cn

ROWS, CLASSES = 2000, 2000
Z = np.random.default_rng(9).normal(size=(ROWS, CLASSES))
VARIANCE = np.abs(Z)
LABELS = np.arange(ROWS) % CLASSES
TARGETS = np.eye(CLASSES)[LABELS]
ALLOWED = 9 * 2**20
"""Bytes, whatever the size of the arrays."""

CALLS: dict[str, Callable[..., Any]] = {
    "softmax": lambda z, t: cn.softmax(z),
    "log_softmax": lambda z, t: cn.log_softmax(z),
    "logsumexp": lambda z, t: cn.logsumexp(z),
    "sigmoid": lambda z, t: cn.sigmoid(z),
    "entropy": lambda z, t: cn.entropy(t),
    "kl_divergence": lambda z, t: cn.kl_divergence(t, t),
    "smooth_labels": lambda z, t: cn.smooth_labels(t, 0.1),
    "cross-entropy of labels": lambda z, t: cn.cross_entropy_with_logits(z, LABELS, return_grad=True),
    "cross-entropy, smoothed": lambda z, t: cn.cross_entropy_with_logits(z, LABELS, 0.1, return_grad=True),
    "cross-entropy of rows": lambda z, t: cn.cross_entropy_with_logits(z, t, return_grad=True),
    "softmax_squared_error": lambda z, t: cn.softmax_squared_error(z, t, return_grad=True),
    "softmax_focal_loss": lambda z, t: cn.softmax_focal_loss(z, LABELS, return_grad=True),
    "squared_error": lambda z, t: cn.squared_error(z, t, return_grad=True),
    "binary cross-entropy": lambda z, t: cn.binary_cross_entropy_with_logits(z, t, return_grad=True),
    "sigmoid_squared_error": lambda z, t: cn.sigmoid_squared_error(z, t, return_grad=True),
    "sigmoid_focal_loss": lambda z, t: cn.sigmoid_focal_loss(z, t, return_grad=True),
    "gaussian_nll": lambda z, t: cn.gaussian_nll(z, t, VARIANCE, return_grad=True),
    "gaussian_nll, value": lambda z, t: cn.gaussian_nll(z, t, 1.0),
    "accuracy": lambda z, t: cn.accuracy(z, LABELS),
    "log_loss": lambda z, t: cn.log_loss(t, LABELS),
    "brier_score": lambda z, t: cn.brier_score(t, LABELS),
    "calibration error": lambda z, t: cn.expected_calibration_error(t, LABELS),
    "calibration error of each class": lambda z, t: cn.classwise_calibration_error(t, LABELS),
}


def size(result: Any) -> int:
    return sum(map(size, result)) if isinstance(result, tuple) else result.nbytes


def most_held(call: Callable[[], Any]) -> int:
    """Return the most memory held at a time beyond the result, in bytes."""
    tracemalloc.start()
    try:
        result = call()
        return tracemalloc.get_traced_memory()[1] - size(result)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_no_function_holds_a_second_copy_of_a_large_array(name: str, dtype: type) -> None:
    z, t = Z.astype(dtype), TARGETS.astype(dtype)
    assert most_held(lambda: CALLS[name](z, t)) < ALLOWED < Z.nbytes / 3


def test_a_second_copy_is_found_out() -> None:
    assert most_held(lambda: (Z - Z.max(axis=1, keepdims=True)).sum(axis=1)) > ALLOWED


@pytest.mark.parametrize("name", CALLS)
def test_numpys_settings_are_put_back(name: str) -> None:
    before = np.getbufsize(), np.geterr()
    CALLS[name](Z, TARGETS)
    assert (np.getbufsize(), np.geterr()) == before
