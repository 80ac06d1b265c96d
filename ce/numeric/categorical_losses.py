"""Cross-entropy on logits of shape (..., K), with its gradient with respect to them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.activations import Softmax, softmax_parts
from ce.numeric.labels import one_hot
from ce.numeric.validation import FloatArray, IntArray, integer_labels, logits_array, pmf_array, same_shape

__all__ = [
    "softmax_cross_entropy", "softmax_cross_entropy_gradient", "softmax_cross_entropy_with_integer_labels",
    "softmax_cross_entropy_with_integer_labels_gradient",
]  # fmt: skip


def checked_targets(logits: ArrayLike, targets: ArrayLike, function: str) -> tuple[FloatArray, FloatArray]:
    """Return logits and targets of one shape (..., K), the targets a pmf, or refuse them."""
    z = logits_array(logits, function)
    y = pmf_array(targets, function, "targets")
    same_shape(y, z.shape, function, "targets", "the shape of `logits`")
    return z, y


def _checked_with_integer_labels(
    logits: ArrayLike, labels: ArrayLike, function: str
) -> tuple[FloatArray, IntArray]:
    z = logits_array(logits, function)
    c = integer_labels(labels, function, "labels", classes=z.shape[-1])
    same_shape(c, z.shape[:-1], function, "labels", "the shape of `logits` without its last axis")
    return z, c


def softmax_residual(parts: Softmax, y: FloatArray) -> FloatArray:
    """Return p̂ − y without cancellation where both are near 0 or near 1."""
    return parts.p * (1 - y) - y * parts.complement


def softmax_cross_entropy(logits: ArrayLike, targets: ArrayLike) -> FloatArray:
    r"""Return :math:`-\sum_k y_k \log \hat p_k` with :math:`\hat p` the softmax of the logits, in nats.

    Parameters
    ----------
    logits
        Shape (..., K), finite.
    targets
        Shape (..., K); probabilities that sum to one over the last axis, one-hot or soft.

    Returns
    -------
    array
        Shape (...): one loss ≥ 0 per example.

    Raises
    ------
    TypeError, ValueError
        For logits that are not finite, targets that are no pmf, shapes that differ, empty or non-numeric
        arrays.

    References
    ----------
    Bishop (2006), equation 4.108.

    Examples
    --------
    >>> print(softmax_cross_entropy([[0.0, 0.0], [1e9, -1e9]], [[0.5, 0.5], [0.0, 1.0]]))
    [6.93147181e-01 2.00000000e+09]
    """
    z, y = checked_targets(logits, targets, "softmax_cross_entropy")
    loss: FloatArray = 0.0 - np.sum(y * softmax_parts(z).log_p, axis=-1)
    return loss


def softmax_cross_entropy_gradient(logits: ArrayLike, targets: ArrayLike) -> FloatArray:
    r"""Return the gradient of :func:`softmax_cross_entropy` with respect to the logits, :math:`\hat p - y`.

    Arguments, shapes and errors are those of the loss; the result has the shape of ``logits``.

    References
    ----------
    Bishop (2006), equation 4.109 (there multiplied by the features).

    Examples
    --------
    >>> print(softmax_cross_entropy_gradient([1e9, -1e9], [0.0, 1.0]))
    [ 1. -1.]
    """
    z, y = checked_targets(logits, targets, "softmax_cross_entropy_gradient")
    return softmax_residual(softmax_parts(z), y)


def softmax_cross_entropy_with_integer_labels(logits: ArrayLike, labels: ArrayLike) -> FloatArray:
    r"""Return :math:`-\log \hat p_c` for each example with the true class c, in nats.

    Parameters
    ----------
    logits
        Shape (..., K), finite.
    labels
        Shape (...); integers from 0 to K − 1.

    Returns
    -------
    array
        Shape (...): one loss ≥ 0 per example.

    Raises
    ------
    TypeError
        For labels that are not integers, or logits that are not numbers.
    ValueError
        For logits that are not finite, a label out of range, shapes that do not fit, empty arrays.

    References
    ----------
    Bishop (2006), equation 4.108, with a one-hot target.

    Examples
    --------
    >>> print(softmax_cross_entropy_with_integer_labels([[0.0, 0.0], [1e9, -1e9]], [0, 1]))
    [6.93147181e-01 2.00000000e+09]
    """
    z, c = _checked_with_integer_labels(logits, labels, "softmax_cross_entropy_with_integer_labels")
    loss: FloatArray = 0.0 - np.take_along_axis(softmax_parts(z).log_p, c[..., np.newaxis], axis=-1)[..., 0]
    return loss


def softmax_cross_entropy_with_integer_labels_gradient(logits: ArrayLike, labels: ArrayLike) -> FloatArray:
    r"""Return the gradient of :func:`softmax_cross_entropy_with_integer_labels` with respect to the logits.

    It is :math:`\hat p_k - \delta_{kc}`. Arguments, shapes and errors are those of the loss; the result has
    the shape of ``logits``.

    Examples
    --------
    >>> print(softmax_cross_entropy_with_integer_labels_gradient([1e9, -1e9], 1))
    [ 1. -1.]
    """
    z, c = _checked_with_integer_labels(logits, labels, "softmax_cross_entropy_with_integer_labels_gradient")
    return softmax_residual(softmax_parts(z), one_hot(c, z.shape[-1]))
