"""Whether predictions are right as often as they claim: the reliability curve and its summary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.metrics import checked_predictions
from ce.numeric.scalars import positive_integer
from ce.numeric.validation import FloatArray, IntArray

__all__ = ["ReliabilityCurve", "expected_calibration_error", "reliability_curve"]


@dataclass(frozen=True)
class ReliabilityCurve:
    """Accuracy against confidence, in bins of equal width.

    Parameters
    ----------
    edges
        Shape (bins + 1,): bin i holds the confidences in (edges[i], edges[i + 1]], the first bin its lower
        edge too.
    counts
        Shape (..., bins): how many examples fell into each bin.
    confidence
        Shape (..., bins): their mean confidence, the probability of the predicted class; NaN in an empty bin.
    accuracy
        Shape (..., bins): the share of them that were predicted rightly; NaN in an empty bin.
    """

    edges: FloatArray
    counts: IntArray
    confidence: FloatArray
    accuracy: FloatArray


def _curve(probabilities: ArrayLike, labels: ArrayLike, bins: int, function: str) -> ReliabilityCurve:
    p, c = checked_predictions(probabilities, labels, function)
    edges = np.linspace(0.0, 1.0, positive_integer(bins, function, "bins") + 1)
    confidence = p.max(axis=-1)
    right = p.argmax(axis=-1) == c
    placed = np.searchsorted(edges[1:-1], confidence, side="left")
    inside = placed[..., np.newaxis] == np.arange(len(edges) - 1)
    counts = inside.sum(axis=-2)
    with np.errstate(invalid="ignore"):  # 0/0 in an empty bin is the NaN that is promised
        mean_confidence = (inside * confidence[..., np.newaxis]).sum(axis=-2) / counts
        mean_accuracy = (inside & right[..., np.newaxis]).sum(axis=-2) / counts
    return ReliabilityCurve(edges, counts, mean_confidence, mean_accuracy)


def reliability_curve(probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 10) -> ReliabilityCurve:
    """Return accuracy against confidence, where the confidence is the probability of the predicted class.

    Parameters
    ----------
    probabilities
        Shape (..., N, K); they sum to one over the last axis. Of equal probabilities the first class is
        predicted.
    labels
        Shape (..., N); integers from 0 to K − 1.
    bins
        The number of bins of equal width in [0, 1].

    Returns
    -------
    ReliabilityCurve
        One curve per data set of the batch.

    Raises
    ------
    TypeError
        For labels or a number of bins that are not integers, or probabilities that are not numbers.
    ValueError
        For rows that are no pmf, a label out of range, shapes that do not fit, empty arrays, fewer than one
        bin.

    References
    ----------
    Guo, Pleiss, Sun and Weinberger (2017), section 2.

    Examples
    --------
    >>> curve = reliability_curve([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6]], [0, 1, 1], bins=2)
    >>> print(curve.counts, curve.accuracy.round(3), curve.confidence.round(3))
    [0 3] [  nan 0.667] [  nan 0.767]
    """
    return _curve(probabilities, labels, bins, "reliability_curve")


def expected_calibration_error(probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 10) -> FloatArray:
    r"""Return the mean distance between accuracy and confidence, :math:`\sum_b \frac{n_b}{N} |a_b - c_b|`.

    It depends on the bins, and from few examples it is biased upwards; compare only values made alike.

    Parameters
    ----------
    probabilities, labels, bins
        As in :func:`reliability_curve`.

    Returns
    -------
    array
        Shape (...); numbers in [0, 1].

    Raises
    ------
    TypeError, ValueError
        As :func:`reliability_curve`.

    References
    ----------
    Naeini, Cooper and Hauskrecht (2015); Guo, Pleiss, Sun and Weinberger (2017), equation 3.

    Examples
    --------
    >>> print(expected_calibration_error([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6]], [0, 1, 1], bins=2).round(4))
    0.1
    """
    curve = _curve(probabilities, labels, bins, "expected_calibration_error")
    share = curve.counts / curve.counts.sum(axis=-1, keepdims=True)
    gaps = np.where(curve.counts > 0, np.abs(curve.accuracy - curve.confidence), 0.0)
    result: FloatArray = np.sum(share * gaps, axis=-1)
    return result
