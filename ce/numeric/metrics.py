"""How good the predictions on a data set are: means over its N examples, for each data set of a batch."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.probabilities import pmf_array
from ce.numeric.targets import one_hot
from ce.numeric.validation import FloatArray, IntArray, integer_labels, real_array, same_shape

__all__ = ["accuracy", "brier_score", "log_loss"]

_SHAPE = "the shape of the predictions without their last axis"


def checked_predictions(
    probabilities: ArrayLike, labels: ArrayLike, function: str
) -> tuple[FloatArray, IntArray]:
    """Return probabilities of shape (..., N, K) and labels of shape (..., N), or refuse them."""
    p = pmf_array(probabilities, function, "probabilities", least_axes=2).astype(np.float64, copy=False)
    c = integer_labels(labels, function, "labels", classes=p.shape[-1])
    same_shape(c, p.shape[:-1], function, "labels", _SHAPE)
    return p, c


def accuracy(scores: ArrayLike, labels: ArrayLike) -> FloatArray:
    """Return the share of examples whose largest score belongs to the true class.

    Parameters
    ----------
    scores
        Shape (..., N, K), finite: logits or probabilities, whichever; of equal scores the first class counts.
    labels
        Shape (..., N); integers from 0 to K − 1.

    Returns
    -------
    array
        Shape (...); numbers in [0, 1].

    Raises
    ------
    TypeError
        For labels that are not integers, or scores that are not numbers.
    ValueError
        For scores that are not finite, a label out of range, shapes that do not fit, empty arrays.

    Examples
    --------
    >>> print(accuracy([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.3, 0.7]], [0, 1, 1, 1]))
    0.75
    """
    s = real_array(scores, "accuracy", "scores", least_axes=2)
    c = integer_labels(labels, "accuracy", "labels", classes=s.shape[-1])
    same_shape(c, s.shape[:-1], "accuracy", "labels", _SHAPE)
    result: FloatArray = np.mean(s.argmax(axis=-1) == c, axis=-1)
    return result


def log_loss(probabilities: ArrayLike, labels: ArrayLike) -> FloatArray:
    r"""Return the mean of :math:`-\log \hat p_c` over the examples, in nats.

    Nothing is clipped: a true class that was given probability 0 costs ``inf``.

    Parameters
    ----------
    probabilities
        Shape (..., N, K); they sum to one over the last axis.
    labels
        Shape (..., N); integers from 0 to K − 1.

    Returns
    -------
    array
        Shape (...); numbers ≥ 0.

    Raises
    ------
    TypeError
        For labels that are not integers, or probabilities that are not numbers.
    ValueError
        For rows that are no pmf, a label out of range, shapes that do not fit, empty arrays.

    References
    ----------
    Good (1952), the logarithmic score.

    Examples
    --------
    >>> print(log_loss([[0.5, 0.5], [0.25, 0.75]], [0, 1]).round(4))
    0.4904
    """
    p, c = checked_predictions(probabilities, labels, "log_loss")
    with np.errstate(divide="ignore"):
        losses = -np.log(np.take_along_axis(p, c[..., np.newaxis], axis=-1)[..., 0])
    result: FloatArray = 0.0 + np.mean(losses, axis=-1)
    return result


def brier_score(probabilities: ArrayLike, labels: ArrayLike) -> FloatArray:
    r"""Return the mean of :math:`\sum_k (\hat p_k - \delta_{kc})^2` over the examples.

    Parameters
    ----------
    probabilities
        Shape (..., N, K); they sum to one over the last axis.
    labels
        Shape (..., N); integers from 0 to K − 1.

    Returns
    -------
    array
        Shape (...); numbers in [0, 2], a sum over the classes as Brier has it.

    Raises
    ------
    TypeError
        For labels that are not integers, or probabilities that are not numbers.
    ValueError
        For rows that are no pmf, a label out of range, shapes that do not fit, empty arrays.

    References
    ----------
    Brier (1950).

    Examples
    --------
    >>> print(brier_score([[0.5, 0.5], [0.25, 0.75]], [0, 1]))
    0.3125
    """
    p, c = checked_predictions(probabilities, labels, "brier_score")
    result: FloatArray = np.mean(np.sum(np.square(p - one_hot(c, p.shape[-1])), axis=-1), axis=-1)
    return result
