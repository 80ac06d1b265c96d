"""Probabilities among the arguments: each in [0, 1], and together one where they are a distribution."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.blocks import blocks
from ce.numeric.validation import FloatArray, as_rows, floating_array, refuse_where

__all__ = ["PMF_TOLERANCE", "pmf_array", "probability_array"]

PMF_TOLERANCE = 1e-6
"""How far a sum of probabilities may be from one: a float32 softmax over a thousand classes stays within.

The functions compute with what they are given; nothing is renormalised.
"""



def probability_array(value: ArrayLike, function: str, name: str, *, least_axes: int = 0) -> FloatArray:
    """Return numbers that each lie in [0, 1]; truth values stand for 0 and 1.

    Raises
    ------
    TypeError, ValueError
        As :func:`logits_array`, and for a NaN or a number outside [0, 1].
    """
    array = floating_array(value, (function, name), least_axes, boolean=True)
    flat = array.reshape(-1)
    for place in blocks(flat.size):
        # One comparison each for the least and the largest: a NaN makes both false.
        if not (flat[place].min() >= 0 and flat[place].max() <= 1):
            refuse_where(~((array >= 0) & (array <= 1)), array, (function, name), "numbers in [0, 1]")
    return array


def pmf_array(value: ArrayLike, function: str, name: str, *, least_axes: int = 1) -> FloatArray:
    """Return probability mass functions: numbers in [0, 1] whose sum over the last axis is 1.

    Raises
    ------
    TypeError, ValueError
        As :func:`probability_array`, and for a sum further from 1 than :data:`PMF_TOLERANCE`.

    Examples
    --------
    >>> try:
    ...     pmf_array([[0.5, 0.5], [0.5, 0.4]], "entropy", "p")
    ... except ValueError as error:
    ...     print(str(error).partition("; ")[0])
    entropy: argument `p`: expected a sum of 1 over the last axis, got 0.9 at index (1,)
    """
    array = floating_array(value, (function, name), least_axes, boolean=True)
    rows = as_rows(array)
    for place in blocks(*rows.shape):
        totals = np.add.reduce(rows[place], axis=-1, dtype=np.float64)
        # Nothing negative and a sum of one: then nothing is above one either. A NaN makes both false.
        if not (rows[place].min() >= 0 and np.abs(totals - 1).max() <= PMF_TOLERANCE):
            _refuse_pmf(array, (function, name))
    return array


def _refuse_pmf(array: FloatArray, where: tuple[str, str]) -> None:
    """Raise for what keeps an array from being pmfs."""
    refuse_where(~((array >= 0) & (array <= 1 + PMF_TOLERANCE)), array, where, "numbers in [0, 1]")
    totals = np.asarray(array.sum(axis=-1, dtype=np.float64))
    refuse_where(np.abs(totals - 1) > PMF_TOLERANCE, totals, where,
                  "a sum of 1 over the last axis", "divide by the sum, or use a softmax")  # fmt: skip
