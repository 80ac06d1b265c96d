r"""Losses of the binary case on the logit z and the target y in [0, 1], each with its derivative by z.

All are made of :math:`t = e^{-|z|}`, which cannot overflow, and of :math:`c = [z \ge 0] - y`, which is
exact for y = 0 and y = 1:

.. math:: -y \log \sigma(z) - (1 - y) \log \sigma(-z) = c \, z + \log(1 + t), \qquad
          \sigma(z) - y = c - \operatorname{sign}(z) \, \frac{t}{1 + t}.

Both terms of the loss are ≥ 0, so nothing cancels. For a confident right answer c is 0 and the derivative is
± t/(1 + t), with all its digits, where ``sigmoid(z) - y`` would be 0.
"""

from __future__ import annotations

from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.evaluation import LossAndGradient, loss_of_numbers, weighted
from ce.numeric.sigmoid import exponential, sigmoid_parts
from ce.numeric.targets import checked_binary
from ce.numeric.validation import Float64Array, FloatArray

__all__ = ["binary_cross_entropy_with_logits", "sigmoid_squared_error"]


def _excess(z: Float64Array, y: Float64Array) -> Float64Array:
    """Return c = [z ≥ 0] − y, −0 counted as negative, as ``copysign`` does."""
    c = (~np.signbit(z)).astype(np.float64)
    c -= y
    return c


@overload
def binary_cross_entropy_with_logits(
    logits: ArrayLike, targets: ArrayLike, *, return_grad: Literal[False] = False
) -> FloatArray: ...
@overload
def binary_cross_entropy_with_logits(
    logits: ArrayLike, targets: ArrayLike, *, return_grad: Literal[True]
) -> LossAndGradient: ...
def binary_cross_entropy_with_logits(
    logits: ArrayLike, targets: ArrayLike, *, return_grad: bool = False
) -> FloatArray | LossAndGradient:
    r"""Return :math:`-y \log \sigma(z) - (1 - y) \log \sigma(-z)` for each example, in nats.

    Computed as :math:`c z + \log(1 + t)`; the derivative is :math:`\sigma(z) - y`.

    Parameters
    ----------
    logits
        Any shape. At ±∞ the loss is its limit; NaN stays NaN.
    targets
        The same shape; labels 0 and 1, or probabilities of label 1.
    return_grad
        Whether to return the derivative by the logits as well.

    Returns
    -------
    array, or a pair of arrays
        The losses, of the shape of ``logits``, numbers ≥ 0; with ``return_grad`` the pair of losses
        and derivatives, which lie in [−1, 1]. float32 for float32 logits, else float64.

    Raises
    ------
    TypeError, ValueError
        For targets that are NaN or outside [0, 1], shapes that differ, empty or non-numeric arrays.

    References
    ----------
    Bishop (2006), equations 4.90 and 4.91.

    Examples
    --------
    >>> value, gradient = binary_cross_entropy_with_logits([0.0, -1e308, 46.0], [1, 1, 1], return_grad=True)
    >>> print(value)
    [6.93147181e-001 1.00000000e+308 1.05306174e-020]
    >>> print(gradient)
    [-5.00000000e-01 -1.00000000e+00 -1.05306174e-20]
    """
    z, y = checked_binary(logits, targets, "binary_cross_entropy_with_logits")

    def of_block(z: Float64Array, place: slice, gradient: Float64Array | None) -> Float64Array:
        t = exponential(z)
        c = _excess(z, y[place])
        if gradient is not None:
            np.subtract(c, np.copysign(t / (1.0 + t), z), out=gradient)
        loss = weighted(c, z, out=c)
        loss += np.log1p(t, out=t)
        return loss

    return loss_of_numbers(z, of_block, return_grad)


@overload
def sigmoid_squared_error(
    logits: ArrayLike, targets: ArrayLike, *, return_grad: Literal[False] = False
) -> FloatArray: ...
@overload
def sigmoid_squared_error(
    logits: ArrayLike, targets: ArrayLike, *, return_grad: Literal[True]
) -> LossAndGradient: ...
def sigmoid_squared_error(
    logits: ArrayLike, targets: ArrayLike, *, return_grad: bool = False
) -> FloatArray | LossAndGradient:
    r"""Return :math:`(\sigma(z) - y)^2` for each example, without a factor ½.

    The derivative is :math:`2 (\sigma(z) - y) \, \sigma(z) \sigma(-z)`, at most 8/27 in size; it vanishes
    at both ends, also where the prediction is wrong.

    Parameters
    ----------
    logits
        Any shape. At ±∞ the loss is its limit; NaN stays NaN.
    targets
        The same shape; labels 0 and 1, or any numbers in [0, 1].
    return_grad
        Whether to return the derivative by the logits as well.

    Returns
    -------
    array, or a pair of arrays
        The losses, of the shape of ``logits``, numbers in [0, 1]; with ``return_grad`` the pair of losses and
        derivatives. float32 for float32 logits, else float64.

    Raises
    ------
    TypeError, ValueError
        As for :func:`binary_cross_entropy_with_logits`.

    References
    ----------
    Nielsen (2015), equation 54 (there with a factor ½).

    Examples
    --------
    >>> value, gradient = sigmoid_squared_error([0.0, -40.0, 40.0], [1, 1, 1], return_grad=True)
    >>> print(value.round(4))
    [0.25 1.   0.  ]
    >>> print(gradient)
    [-2.50000000e-01 -8.49670851e-18 -3.60970278e-35]
    """
    z, y = checked_binary(logits, targets, "sigmoid_squared_error")

    def of_block(z: Float64Array, place: slice, gradient: Float64Array | None) -> Float64Array:
        t, smaller = sigmoid_parts(z)
        error = _excess(z, y[place]) - np.copysign(smaller, z)
        if gradient is not None:
            np.multiply(2.0 * error, smaller / (1.0 + t), out=gradient)
        return np.square(error, out=error)

    return loss_of_numbers(z, of_block, return_grad)
