"""How every loss is computed: block by block in float64, value and gradient in one pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from ce.numeric.blocks import BLOCK, float64_blocks, working_in_blocks
from ce.numeric.validation import Float64Array, FloatArray, as_rows

__all__ = ["BlockLoss", "LossAndGradient", "loss_of_numbers", "loss_of_rows", "mapped", "weighted"]

LossAndGradient: TypeAlias = tuple[FloatArray, FloatArray]

BlockLoss: TypeAlias = Callable[[Float64Array, slice, Float64Array | None], Float64Array]
"""Takes a block of logits, its place in the array, and the block to fill with the gradient (None: none)."""


FLOAT64 = np.dtype(np.float64)

NUMBERS = BLOCK // 2
"""The size of a block where each logit has a loss of its own: several arrays of that size are in work."""

SMALL = 2**10
"""Up to this many numbers the time goes into calls, not into arithmetic: these arrays take the short way."""


def loss_of_rows(
    logits: FloatArray, of_block: BlockLoss, return_grad: bool, size: int = BLOCK
) -> FloatArray | LossAndGradient:
    """Return one loss for each row of logits of shape (..., K), and its gradient where that is wanted.

    ``size`` is how many numbers a block holds.
    """
    rows = logits if logits.ndim == 2 else as_rows(logits)
    value, gradient = _evaluated(rows, of_block, return_grad, size)
    if rows is not logits:
        value = value.reshape(logits.shape[:-1])[()]
        gradient = None if gradient is None else gradient.reshape(logits.shape)
    return value if gradient is None else (value, gradient)


def loss_of_numbers(
    logits: FloatArray, of_block: BlockLoss, return_grad: bool
) -> FloatArray | LossAndGradient:
    """Return one loss for each logit of any shape of array, and its derivative where that is wanted."""
    losses, gradient = _evaluated(logits.reshape(-1), of_block, return_grad, NUMBERS)
    value: FloatArray = losses.reshape(logits.shape)[()]
    return value if gradient is None else (value, gradient.reshape(logits.shape)[()])


def _evaluated(
    array: FloatArray, of_block: BlockLoss, return_grad: bool, size: int = BLOCK
) -> tuple[FloatArray, FloatArray | None]:
    gradient = np.empty(array.shape, array.dtype) if return_grad else None
    if array.size <= SMALL and array.dtype == FLOAT64 and array.flags.c_contiguous:
        with np.errstate(all="ignore"):
            return of_block(array, slice(None), gradient), gradient
    losses = np.empty(len(array), array.dtype)
    with working_in_blocks():
        for place, block in float64_blocks(array, size):
            if gradient is None:
                losses[place] = of_block(block, place, None)
            elif gradient.dtype == FLOAT64:
                losses[place] = of_block(block, place, gradient[place])
            else:
                wide = np.empty_like(block)
                losses[place], gradient[place] = of_block(block, place, wide), wide
    return losses, gradient


def mapped(array: FloatArray, function: Callable[[Float64Array], Float64Array]) -> FloatArray:
    """Return a function of each number of an array of any shape."""
    values, _ = _evaluated(
        array.reshape(-1), lambda block, _place, _gradient: function(block), False, NUMBERS
    )
    result: FloatArray = values.reshape(array.shape)[()]
    return result


def weighted(
    weight: Float64Array, factor: Float64Array, out: Float64Array | None = None
) -> Float64Array:
    """Return the product, in ``out`` if it is given; 0 where the weight is 0 and the factor infinite."""
    product = np.multiply(weight, factor, out=out)
    if np.isnan(np.add.reduce(product)):
        product[np.isnan(product) & ~np.isnan(factor)] = 0.0
    return product
