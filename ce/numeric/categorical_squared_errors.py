"""Squared error on logits of shape (..., K), through the softmax and without it, with the gradients."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.activations import softmax_parts, sum_of_others
from ce.numeric.categorical_losses import checked_targets, softmax_residual
from ce.numeric.validation import FloatArray

__all__ = [
    "softmax_squared_error", "softmax_squared_error_gradient", "squared_error_on_logits",
    "squared_error_on_logits_gradient",
]  # fmt: skip


def softmax_squared_error(logits: ArrayLike, targets: ArrayLike) -> FloatArray:
    r"""Return the Brier score :math:`\sum_k (\hat p_k - y_k)^2`, with :math:`\hat p` the softmax.

    Parameters
    ----------
    logits
        Shape (..., K), finite.
    targets
        Shape (..., K); probabilities that sum to one over the last axis.

    Returns
    -------
    array
        Shape (...): one number in [0, 2] per example, a sum over the classes (no factor ½, no 1/K).

    Raises
    ------
    TypeError, ValueError
        For logits that are not finite, targets that are no pmf, shapes that differ, empty or non-numeric
        arrays.

    References
    ----------
    Brier (1950).

    Examples
    --------
    >>> print(softmax_squared_error([[0.0, 0.0], [1e9, -1e9]], [[1.0, 0.0], [0.0, 1.0]]))
    [0.5 2. ]
    """
    z, y = checked_targets(logits, targets, "softmax_squared_error")
    loss: FloatArray = np.sum(np.square(softmax_residual(softmax_parts(z), y)), axis=-1)
    return loss


def softmax_squared_error_gradient(logits: ArrayLike, targets: ArrayLike) -> FloatArray:
    r"""Return the gradient of :func:`softmax_squared_error` with respect to the logits.

    It is :math:`2 \hat p_j (e_j - \sum_k \hat p_k e_k)` with :math:`e = \hat p - y`. It vanishes where the
    softmax is confident, also where it is confident and wrong. Arguments, shapes and errors are those of the
    loss; the result has the shape of ``logits``.

    Examples
    --------
    >>> print(softmax_squared_error_gradient([[0.0, 0.0], [40.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]))
    [[-5.0000000e-01  5.0000000e-01]
     [ 1.6993417e-17 -1.6993417e-17]]
    """
    z, y = checked_targets(logits, targets, "softmax_squared_error_gradient")
    parts = softmax_parts(z)
    error = softmax_residual(parts, y)
    # e_j − Σ p_k e_k with the j-th term taken out of the sum: nothing cancels when p_j is close to 1.
    others = sum_of_others(parts.p * error, parts.top)
    return 2 * parts.p * (parts.complement * error - others)


def squared_error_on_logits(logits: ArrayLike, targets: ArrayLike) -> FloatArray:
    r"""Return :math:`\sum_k (z_k - y_k)^2`: the raw outputs are compared with the targets, without a softmax.

    Parameters
    ----------
    logits
        Shape (..., K), finite.
    targets
        Shape (..., K); probabilities that sum to one over the last axis, as a rule one-hot.

    Returns
    -------
    array
        Shape (...): one loss ≥ 0 per example, a sum over the classes (no factor ½, no 1/K).

    Raises
    ------
    TypeError, ValueError
        For logits that are not finite, targets that are no pmf, shapes that differ, empty or non-numeric
        arrays.

    References
    ----------
    Hui and Belkin (2021), section 2 (theirs carries 1/K and, for many classes, rescaled targets).

    Examples
    --------
    >>> print(squared_error_on_logits([1.0, 2.0], [1.0, 0.0]))
    4.0
    """
    z, y = checked_targets(logits, targets, "squared_error_on_logits")
    loss: FloatArray = np.sum(np.square(z - y), axis=-1)
    return loss


def squared_error_on_logits_gradient(logits: ArrayLike, targets: ArrayLike) -> FloatArray:
    r"""Return the gradient of :func:`squared_error_on_logits` with respect to the logits, :math:`2 (z - y)`.

    Arguments, shapes and errors are those of the loss; the result has the shape of ``logits``.

    Examples
    --------
    >>> print(squared_error_on_logits_gradient([1.0, 2.0], [1.0, 0.0]))
    [0. 4.]
    """
    z, y = checked_targets(logits, targets, "squared_error_on_logits_gradient")
    return 2 * (z - y)
