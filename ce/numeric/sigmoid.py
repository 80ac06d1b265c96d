r"""The sigmoid and its logarithm, both of one exponential that cannot overflow, :math:`t = e^{-|z|}`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.evaluation import mapped
from ce.numeric.validation import Float64Array, FloatArray, logits_array

__all__ = ["exponential", "log_sigmoid", "sigmoid", "sigmoid_parts"]


def exponential(z: Float64Array) -> Float64Array:
    """Return t = e^−|z|."""
    t = np.abs(z)
    np.negative(t, out=t)
    return np.exp(t, out=t)


def sigmoid_parts(z: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Return t = e^−|z| and the smaller of σ(z) and σ(−z), t/(1 + t), each with all its digits."""
    t = exponential(z)
    return t, t / (1.0 + t)


def sigmoid(logits: ArrayLike) -> FloatArray:
    r"""Return the logistic function :math:`\sigma(z) = 1 / (1 + e^{-z})`, entry by entry.

    Its complement is ``sigmoid(-z)``, which keeps every digit where ``1 - sigmoid(z)`` rounds to zero.

    Parameters
    ----------
    logits
        Any shape; −∞ gives 0, +∞ gives 1, NaN stays NaN.

    Returns
    -------
    array
        Shape of ``logits``, float32 for float32 and else float64; numbers in [0, 1].

    Raises
    ------
    TypeError, ValueError
        For anything but a non-empty array of real numbers.

    References
    ----------
    Bishop (2006), equation 4.59.

    Examples
    --------
    >>> print(sigmoid([-740.0, 0.0, np.inf]))
    [4.2e-322 5.0e-001 1.0e+000]
    """

    def of_block(z: Float64Array) -> Float64Array:
        t = exponential(z)
        total = 1.0 + t
        rounded_off = t - (total - 1.0)  # exactly: what 1 + t lacks, or t/(1 + t) would show it
        result: Float64Array = np.where(z < 0, t, 1.0) / total
        result -= result * (rounded_off / total)
        return result

    return mapped(logits_array(logits, "sigmoid", least_axes=0), of_block)


def log_sigmoid(logits: ArrayLike) -> FloatArray:
    r"""Return :math:`\log \sigma(z) = \min(z, 0) - \log(1 + e^{-|z|})`, in nats; neither term is positive.

    Parameters
    ----------
    logits
        Any shape; −∞ gives −∞, +∞ gives 0, NaN stays NaN.

    Returns
    -------
    array
        Shape of ``logits``, float32 for float32 and else float64; numbers ≤ 0.

    Raises
    ------
    TypeError, ValueError
        For anything but a non-empty array of real numbers.

    References
    ----------
    Bishop (2006), equation 4.59; Mächler (2012), section 2, for ``log1p``.

    Examples
    --------
    >>> print(log_sigmoid([-1e308, 0.0, 100.0]))
    [-1.00000000e+308 -6.93147181e-001 -3.72007598e-044]
    """

    def of_block(z: Float64Array) -> Float64Array:
        return np.minimum(z, 0.0) - np.log1p(exponential(z))

    return mapped(logits_array(logits, "log_sigmoid", least_axes=0), of_block)
