"""Softmax and sigmoid, and the sums that keep every digit of what is left when a prediction is confident."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ce.numeric.validation import FloatArray, IntArray, logits_array

__all__ = ["log_softmax", "sigmoid", "softmax"]


class Softmax(NamedTuple):
    """A softmax with what the losses need besides: its logarithm, its complement, and where it is largest.

    ``complement`` is 1 − p, summed from the other classes: for a confident prediction the difference itself
    would cancel to zero, and with it the gradient.
    """

    p: FloatArray
    log_p: FloatArray
    complement: FloatArray
    top: IntArray


def softmax_parts(z: FloatArray) -> Softmax:
    """Return the parts of the softmax over the last axis of checked logits."""
    top = z.argmax(axis=-1, keepdims=True)
    shifted = z - np.take_along_axis(z, top, axis=-1)
    powers = np.exp(shifted)
    others = sum_of_others(powers, top)
    # The largest logit's own power is exactly 1, so the normaliser is 1 plus the sum of the others.
    rest = np.take_along_axis(others, top, axis=-1)
    total = 1.0 + rest
    return Softmax(powers / total, shifted - np.log1p(rest), others / total, top)


def sum_of_others(values: FloatArray, top: IntArray) -> FloatArray:
    """Return for each class the sum of ``values`` over all other classes.

    ``top`` holds the class whose value may dwarf the rest; its own entry is summed without it instead of
    being subtracted from a total, which would round the rest away.
    """
    rest = values.copy()
    np.put_along_axis(rest, top, 0.0, axis=-1)
    without_top = rest.sum(axis=-1, keepdims=True)
    others = (without_top - rest) + np.take_along_axis(values, top, axis=-1)
    np.put_along_axis(others, top, without_top, axis=-1)
    return others


def softmax(logits: ArrayLike) -> FloatArray:
    r"""Return the softmax over the last axis, :math:`\hat p_k = e^{z_k} / \sum_l e^{z_l}`.

    Parameters
    ----------
    logits
        Shape (..., K), finite.

    Returns
    -------
    array
        Shape (..., K); numbers in [0, 1] that sum to one over the last axis.

    Raises
    ------
    TypeError, ValueError
        For anything but a non-empty array of finite numbers with at least one axis.

    References
    ----------
    Bridle (1990); computed with the largest logit subtracted: Blanchard, Higham and Higham (2021), eq. 1.4.

    Examples
    --------
    >>> print(softmax([0.0, 0.0, np.log(2.0)]))
    [0.25 0.25 0.5 ]
    >>> print(softmax([1e9, 0.0, -1e9]))
    [1. 0. 0.]
    """
    return softmax_parts(logits_array(logits, "softmax")).p


def log_softmax(logits: ArrayLike) -> FloatArray:
    r"""Return the logarithm of the softmax over the last axis, :math:`z_k - \log \sum_l e^{z_l}`, in nats.

    Parameters
    ----------
    logits
        Shape (..., K), finite.

    Returns
    -------
    array
        Shape (..., K); numbers ≤ 0, accurate also where the softmax itself rounds to 0 or to 1.

    Raises
    ------
    TypeError, ValueError
        For anything but a non-empty array of finite numbers with at least one axis.

    References
    ----------
    Blanchard, Higham and Higham (2021), eq. 1.3, with the largest term's 1 kept apart for ``log1p``.

    Examples
    --------
    >>> print(log_softmax([100.0, 0.0]))
    [-3.72007598e-44 -1.00000000e+02]
    """
    return softmax_parts(logits_array(logits, "log_softmax")).log_p


def sigmoid(logits: ArrayLike) -> FloatArray:
    r"""Return the logistic function :math:`\sigma(z) = 1 / (1 + e^{-z})`, entry by entry.

    Its complement is ``sigmoid(-z)``, which keeps every digit where ``1 - sigmoid(z)`` rounds to zero.

    Parameters
    ----------
    logits
        Any shape, finite.

    Returns
    -------
    array
        Shape of ``logits``; numbers in [0, 1].

    Raises
    ------
    TypeError, ValueError
        For anything but a non-empty array of finite numbers.

    References
    ----------
    Bishop (2006), equation 4.59.

    Examples
    --------
    >>> print(sigmoid([-1e9, 0.0, 1e9]))
    [0.  0.5 1. ]
    """
    result: FloatArray = special.expit(logits_array(logits, "sigmoid", least_axes=0))
    return result
