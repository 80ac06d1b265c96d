r"""The negative log-likelihood of a Gaussian whose mean, and whose variance, a model predicts."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.blocks import float64_blocks
from ce.numeric.validation import (
    Float64Array,
    FloatArray,
    finite_array,
    logits_array,
    positive_array,
    same_shape,
)

__all__ = ["gaussian_nll"]

HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)

LossAndGradients: TypeAlias = tuple[FloatArray, tuple[FloatArray, FloatArray]]


@overload
def gaussian_nll(
    mean: ArrayLike, targets: ArrayLike, variance: ArrayLike, full: bool = False, *,
    return_grad: Literal[False] = False,
) -> FloatArray: ...  # fmt: skip
@overload
def gaussian_nll(
    mean: ArrayLike, targets: ArrayLike, variance: ArrayLike, full: bool = False, *,
    return_grad: Literal[True],
) -> LossAndGradients: ...  # fmt: skip
def gaussian_nll(
    mean: ArrayLike, targets: ArrayLike, variance: ArrayLike, full: bool = False, *, return_grad: bool = False
) -> FloatArray | LossAndGradients:
    r"""Return :math:`\tfrac12 \left(\log v + (y - \mu)^2 / v\right)` for each number, in nats.

    Its derivatives are :math:`(\mu - y)/v` by the mean and :math:`\left(1 - (y - \mu)^2 / v\right) /
    (2v)` by the variance. The error is divided by √v *before* it is squared, so the square overflows only
    where the loss does.

    Parameters
    ----------
    mean
        Any shape: the predicted mean μ. NaN stays NaN.
    targets
        The same shape, finite: the observed numbers y.
    variance
        The same shape, or one number: the variance v > 0. It is never floored.
    full
        Whether to add the constant ½ log 2π, which makes the loss the negative logarithm of the density.
    return_grad
        Whether to return the derivatives by the mean and by the variance as well.

    Returns
    -------
    array, or a pair
        The losses, of the shape of ``mean``; with ``return_grad`` the pair of losses and (derivative
        by the mean, derivative by the variance), each of the shape of ``mean``. float32 for float32
        means, else float64.

    Raises
    ------
    TypeError, ValueError
        For targets that are not finite, a variance that is not positive, shapes that differ, empty or
        non-numeric arrays.

    References
    ----------
    Nix and Weigend (1994), equation 5.

    Examples
    --------
    >>> print(gaussian_nll([0.0, 1.0], [0.0, 3.0], 1.0))
    [0. 2.]
    >>> print(gaussian_nll(0.0, 0.0, 1.0, full=True).round(4))
    0.9189
    """
    m = logits_array(mean, "gaussian_nll", "mean", least_axes=0)
    y = finite_array(targets, "gaussian_nll", "targets")
    v = positive_array(variance, "gaussian_nll", "variance")
    same_shape(y, m.shape, "gaussian_nll", "targets", "the shape of `mean`")
    if v.ndim:
        same_shape(v, m.shape, "gaussian_nll", "variance", "the shape of `mean` or a single number")
    observed, spread = y.reshape(-1), np.broadcast_to(v, m.shape).reshape(-1)
    losses = np.empty(m.size, m.dtype)
    by_mean, by_variance = np.empty((2, m.size if return_grad else 0), m.dtype)
    with np.errstate(all="ignore"):
        for place, block in float64_blocks(m.reshape(-1)):
            width, target = (part[place].astype(np.float64, copy=False) for part in (spread, observed))
            half_error = 0.5 * block - 0.5 * target  # halved, the difference cannot overflow
            scaled = 2.0 * np.square(half_error / np.sqrt(width))
            losses[place] = 0.5 * np.log(width) + scaled + (HALF_LOG_TWO_PI if full else 0.0)
            if return_grad:
                slope = _slope_by_mean(block, target, half_error, width)
                by_mean[place] = slope
                # Of (½ − s)/v the ½ no longer counts where s itself overflows.
                by_variance[place] = np.where(
                    np.isinf(scaled), -0.5 * slope * slope, (0.5 - scaled) / width
                )
    value: FloatArray = losses.reshape(m.shape)[()]
    if not return_grad:
        return value
    return value, (by_mean.reshape(m.shape)[()], by_variance.reshape(m.shape)[()])


def _slope_by_mean(
    mean: Float64Array, target: Float64Array, half_error: Float64Array, variance: Float64Array
) -> Float64Array:
    """Return (μ − y)/v, by halves where the difference itself overflows."""
    error = mean - target
    return np.where(np.isinf(error), half_error / variance * 2.0, error / variance)
