r"""Everything is computed in blocks of rows, in float64: what is in work stays in the processor's cache.

Memory beyond input and result is a few blocks, however large the arrays; float32 is rounded once, at the end.

Adding K numbers rounds K − 1 times. It does not have to: each number x is split into its leading digits, a
multiple of one small unit, and what remains,

.. math:: h = (x + s) - s, \qquad l = x - h,

both without error, for an s far above the sum. Multiples of one unit add up without rounding, and the small
parts are rounded where it no longer shows (Rump, Ogita and Oishi 2008, section 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, TypeAlias

import numpy as np

from ce.checks import Float64Array, FloatArray

__all__ = ["BLOCK", "LossAndGradient", "Numbers", "Yes", "as_rows", "blocks", "evaluated", "row_sums"]

Numbers: TypeAlias = Any  # a float where there is one number, else an array; as NumPy types its own sums
LossAndGradient: TypeAlias = tuple[Numbers, FloatArray]
Yes: TypeAlias = Literal[True]

BLOCK = 2**17
"""How many numbers a block holds: one MiB. A longer row is a block by itself.

A smaller one repeats some fifty calls of NumPy more often. Functions of single numbers make fewer calls and
more arrays: a quarter of it, which the cache still holds."""

LONG, QUARTERS = 64, 4
"""How many numbers the quarters of a long row have at least, and how many of them there are."""


def blocks(rows: int, classes: int = 1) -> Iterator[slice]:
    """Return slices that cover ``rows`` rows of ``classes`` numbers."""
    height = max(1, BLOCK // classes)
    return (slice(first, min(first + height, rows)) for first in range(0, rows, height))


def as_rows(array: FloatArray) -> FloatArray:
    """Return an array of shape (..., K) as rows, of shape (N, K)."""
    return array.reshape(-1, array.shape[-1])


def evaluated(
    logits: FloatArray,
    of_block: Callable[[Float64Array, slice, Any], Float64Array],
    return_grad: bool = False,
    *,
    rows: bool = True,
    dtype: np.dtype[Any] | None = None,
) -> Any:
    """Return one loss for each row of the logits, or for each number; with ``return_grad`` the gradient, too.

    ``of_block`` takes a block of logits as float64, its place, and what to fill with the gradient (None where
    that is not wanted); it returns the losses. NumPy is silent about ∞ − ∞ and the like meanwhile.
    """
    source = as_rows(logits) if rows else logits.reshape(-1)
    losses = np.empty(len(source), dtype or logits.dtype)
    gradient = np.empty(source.shape, logits.dtype) if return_grad else None
    with np.errstate(all="ignore"):
        for place in blocks(len(source), source.shape[1] if rows else 4):
            z = np.ascontiguousarray(source[place], dtype=np.float64)
            if gradient is None or gradient.dtype == np.float64:
                losses[place] = of_block(z, place, None if gradient is None else gradient[place])
            else:
                wide = np.empty_like(z)
                losses[place] = of_block(z, place, wide)
                gradient[place] = wide
    value = losses.reshape(logits.shape[:-1] if rows else logits.shape)[()]
    return value if gradient is None else (value, gradient.reshape(logits.shape)[()])


def row_sums(x: Float64Array, size: Float64Array | None = None, *, exact: bool = True) -> Float64Array:
    """Return the sum of each row of a block of numbers ≥ 0, rounded once; the usual sum unless ``exact``.

    Of a long row the quarters are added up first: three roundings more, in half of the time. Numbers of
    either sign need a ``size`` that the sum of no row's absolute values exceeds.
    """
    part, width = x, x.shape[1] // QUARTERS
    if exact and width >= LONG:
        part = np.ones(QUARTERS) @ x[:, : QUARTERS * width].reshape(len(x), QUARTERS, width)
        if QUARTERS * width < x.shape[1]:
            part = np.concatenate((part, x[:, QUARTERS * width :]), axis=1)
    ones = np.ones(part.shape[1])
    roughly = part.dot(ones) if size is None else size
    if not exact:
        return roughly
    # One s for the whole block where the sums are alike: at least 18 bits remain for each row.
    most, least = roughly.item(roughly.argmax()), roughly.item(roughly.argmin())  # quicker than max and min
    shift = 2.0**26 * (most if most <= 2.0**8 * least else roughly[:, np.newaxis])
    leading = part + shift
    leading -= shift
    sums = leading.dot(ones)
    np.subtract(part, leading, out=leading)
    sums += leading.dot(ones)
    if not 2.0**26 * most < np.inf:  # ∞, NaN, or an s beyond float64
        endless = ~np.isfinite(sums)
        sums[endless] = np.add.reduce(x[endless], axis=1)
    return sums
