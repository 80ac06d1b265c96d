"""Labels as vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.validation import FloatArray, integer_labels, positive_integer

__all__ = ["one_hot"]


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
        Shape of ``labels`` with a last axis of length K added.

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
