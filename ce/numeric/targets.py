"""What a model should have said: class numbers, rows of probabilities, and how one becomes the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.probabilities import pmf_array, probability_array
from ce.numeric.scalars import positive_integer
from ce.numeric.validation import (
    FloatArray,
    IntArray,
    as_rows,
    integer_labels,
    logits_array,
    message,
    same_shape,
)

__all__ = ["checked_binary", "checked_labels", "checked_targets", "one_hot"]

_ROWS = "the shape of `logits` without its last axis"


def checked_binary(
    logits: ArrayLike, targets: ArrayLike, function: str
) -> tuple[FloatArray, FloatArray]:
    """Return logits of any shape, and as one axis their targets in [0, 1], or refuse them."""
    z = logits_array(logits, function, least_axes=0)
    y = probability_array(targets, function, "targets")
    same_shape(y, z.shape, function, "targets", "the shape of `logits`")
    return z, y.reshape(-1)


def checked_labels(
    labels: ArrayLike, shape: tuple[int, ...], function: str, name: str = "labels"
) -> IntArray:
    """Return the labels of logits of a shape (..., K) as one axis, or refuse them."""
    c = integer_labels(labels, function, name, classes=shape[-1])
    same_shape(c, shape[:-1], function, name, _ROWS)
    return c.reshape(-1)


def checked_targets(
    targets: ArrayLike, shape: tuple[int, ...], function: str
) -> tuple[FloatArray | IntArray, bool]:
    """Return the targets of logits of a shape (..., K), and whether they are class numbers.

    Class numbers come back as one axis, probabilities as rows.
    """
    axes = _axes(targets, default=len(shape))
    if axes == len(shape) - 1:
        return checked_labels(targets, shape, function, "targets"), True
    t = pmf_array(targets, function, "targets") if axes == len(shape) else np.asarray(targets)
    if t.shape != shape:
        expected = f"class numbers of shape {shape[:-1]} or probabilities of shape {shape}"
        raise ValueError(message(function, "targets", expected, f"shape {t.shape}"))
    return as_rows(t), False


def _axes(targets: ArrayLike, default: int) -> int:
    try:
        return np.ndim(targets)
    except ValueError:  # ragged: what reads the array says so
        return default


def one_hot(labels: ArrayLike, classes: int) -> FloatArray:
    """Return the one-hot vectors of class numbers: 1 at the class, 0 elsewhere.

    Parameters
    ----------
    labels
        Any shape; integers from 0 to ``classes`` − 1.
    classes
        The number of classes K.

    Returns
    -------
    array
        Shape of ``labels`` with a last axis of length K added, float64.

    Raises
    ------
    TypeError
        For labels or a number of classes that are not integers.
    ValueError
        For an empty array, a label out of range, or fewer than one class.

    Examples
    --------
    >>> print(one_hot([2, 0], classes=3))
    [[0. 0. 1.]
     [1. 0. 0.]]
    """
    count = positive_integer(classes, "one_hot", "classes")
    numbers = integer_labels(labels, "one_hot", "labels", classes=count)
    return np.equal(numbers[..., np.newaxis], np.arange(count)).astype(np.float64)
