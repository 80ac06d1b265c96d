"""The cross-entropy of one row of few logits, in Python's floats.

The formula is that of :mod:`ce.numeric.softmax`. For a dozen numbers NumPy takes twice as long, since each of
its calls costs more than the arithmetic.
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
    1.0530617357553813e-20 [-1.05306174e-20  1.05306174e-20]
    """
    row = z.tolist()
    largest = max(row)
    if not all(-ORDINARY <= value <= ORDINARY for value in row):
        return None
    top = row.index(largest)
    powers = [math.exp(value) for value in row]
    unit, powers[top] = powers[top], 0.0
    others = math.fsum(powers)
    loss = (largest - row[label]) + math.log1p(others / unit)
    all_but_label = others if label == top else others - powers[label] + unit
    powers[top] = unit
    powers[label] = -all_but_label
    total = unit + others
    return loss, np.array([power / total for power in powers])
