r"""Losses of the binary case on the logit z and the label y, with their gradients with respect to z.

Written with σ(z) and σ(−z), never with 1 − σ(z), for the reason given in :mod:`ce.formulas.binary`. Labels
may be soft, any number in [0, 1].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from ce.numeric.validation import FloatArray, logits_array, probability_array, same_shape

__all__ = [
    "sigmoid_binary_cross_entropy", "sigmoid_binary_cross_entropy_gradient", "sigmoid_squared_error",
    "sigmoid_squared_error_gradient",
]  # fmt: skip


def _checked(logits: ArrayLike, labels: ArrayLike, function: str) -> tuple[FloatArray, FloatArray]:
    z = logits_array(logits, function, least_axes=0)
    y = probability_array(labels, function, "labels")
    same_shape(y, z.shape, function, "labels", "the shape of `logits`")
    return z, y


def _residual(z: FloatArray, y: FloatArray) -> FloatArray:
    """Return σ(z) − y without cancellation when both are near 0 or near 1."""
    residual: FloatArray = (1 - y) * expit(z) - y * expit(-z)
    return residual


def sigmoid_binary_cross_entropy(logits: ArrayLike, labels: ArrayLike) -> FloatArray:
    r"""Return :math:`-y \log \sigma(z) - (1 - y) \log \sigma(-z)` for each example, in nats.

    Parameters
    ----------
    logits
        Any shape, finite.
    labels
        The same shape; numbers in [0, 1].

    Returns
    -------
    array
        The same shape; numbers ≥ 0. Stable: computed as y·softplus(−z) + (1 − y)·softplus(z).

    Raises
    ------
    TypeError, ValueError
        For logits that are not finite, labels outside [0, 1], shapes that differ, empty or non-numeric
        arrays.

    References
    ----------
    Bishop (2006), equation 4.90.

    Examples
    --------
    >>> print(sigmoid_binary_cross_entropy([0.0, -1e9], [1, 1]))
    [6.93147181e-01 1.00000000e+09]
    """
    z, y = _checked(logits, labels, "sigmoid_binary_cross_entropy")
    loss: FloatArray = y * np.logaddexp(0.0, -z) + (1 - y) * np.logaddexp(0.0, z)
    return loss


def sigmoid_binary_cross_entropy_gradient(logits: ArrayLike, labels: ArrayLike) -> FloatArray:
    r"""Return the derivative of :func:`sigmoid_binary_cross_entropy` by the logit, :math:`\sigma(z) - y`.

    Arguments, shapes and errors are those of the loss; the result has the shape of ``logits`` and lies in
    [−1, 1].

    References
    ----------
    Bishop (2006), equation 4.91.

    Examples
    --------
    >>> print(sigmoid_binary_cross_entropy_gradient([0.0, -1e9], [1, 1]))
    [-0.5 -1. ]
    """
    return _residual(*_checked(logits, labels, "sigmoid_binary_cross_entropy_gradient"))


def sigmoid_squared_error(logits: ArrayLike, labels: ArrayLike) -> FloatArray:
    r"""Return :math:`(\sigma(z) - y)^2` for each example, without a factor ½.

    Parameters
    ----------
    logits
        Any shape, finite.
    labels
        The same shape; numbers in [0, 1].

    Returns
    -------
    array
        The same shape; numbers in [0, 1].

    Raises
    ------
    TypeError, ValueError
        For logits that are not finite, labels outside [0, 1], shapes that differ, empty or non-numeric
        arrays.

    References
    ----------
    Brier (1950) for two classes, half his score.

    Examples
    --------
    >>> print(sigmoid_squared_error([0.0, -1e9], [1, 1]))
    [0.25 1.  ]
    """
    return np.square(_residual(*_checked(logits, labels, "sigmoid_squared_error")))


def sigmoid_squared_error_gradient(logits: ArrayLike, labels: ArrayLike) -> FloatArray:
    r"""Return the derivative of :func:`sigmoid_squared_error` by the logit.

    It is :math:`2 (\sigma(z) - y)\, \sigma(z)\, \sigma(-z)`, of size at most 8/27, and vanishes at both ends:
    also where the prediction is confident and wrong. Arguments, shapes and errors are those of the loss; the
    result has the shape of ``logits``.

    References
    ----------
    Nielsen (2015), chapter 3 (his cost carries a factor ½).

    Examples
    --------
    >>> print(sigmoid_squared_error_gradient([0.0, -1e9], [1, 1]))
    [-0.25 -0.  ]
    """
    z, y = _checked(logits, labels, "sigmoid_squared_error_gradient")
    gradient: FloatArray = 2 * _residual(z, y) * expit(z) * expit(-z)
    return gradient
