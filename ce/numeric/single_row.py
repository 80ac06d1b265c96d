"""The cross-entropy of one row of few logits, in Python's floats.

The formula is that of short rows in :mod:`ce.numeric.softmax`. For a dozen numbers NumPy takes several times
as long, since each of its calls costs more than the arithmetic.
"""

from __future__ import annotations

import math

import numpy as np

from ce.numeric.softmax import ORDINARY
from ce.numeric.validation import Float64Array

__all__ = ["FEW", "cross_entropy_of_row"]

FEW = 32
"""Up to this many classes a row is quicker in Python's floats than in NumPy's arrays."""


def cross_entropy_of_row(z: Float64Array, label: int) -> tuple[float, Float64Array] | None:
    """Return −log p̂ of the label and its gradient p̂ − t; None for logits that are not of ordinary size.

    Examples
    --------
    >>> loss, gradient = cross_entropy_of_row(np.array([46.0, 0.0]), 0)
    >>> print(loss, gradient)
    1.0530617357553812e-20 [-1.05306174e-20  1.05306174e-20]
    """
    row = z.tolist()
    own = row[label]
    if not all(-ORDINARY <= value <= ORDINARY for value in row):
        return None
    powers = []
    for value in row:
        gap = value - own
        own_seen = value - gap
        rounded_off = (value - (gap + own_seen)) + (own_seen - own)
        power = math.exp(gap)
        powers.append(power + power * rounded_off)
    powers[label] = 0.0
    others = math.fsum(powers)
    powers[label] = -others
    total = 1.0 + others
    return math.log1p(others), np.array([power / total for power in powers])
