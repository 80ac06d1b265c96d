"""How good the predictions on a data set are: means over its N examples, for each data set of a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from ce import checks
from ce.checks import FloatArray, IntArray
from ce.numeric._blockwise import Numbers, as_rows, blocks

__all__ = [
    "ReliabilityCurve",
    "accuracy",
    "brier_score",
    "classwise_calibration_error",
    "expected_calibration_error",
    "log_loss",
    "reliability_curve",
]

Score: TypeAlias = Callable[[FloatArray, IntArray], FloatArray]


@np.errstate(all="ignore")  # the surprise of a probability of 0, and squares that underflow
def _mean(predictions: FloatArray, labels: ArrayLike, function: str, score: Score) -> Numbers:
    """Return the mean of a score over the N examples, where predictions have the shape (..., N, K)."""
    rows, c = as_rows(predictions), _labels(labels, predictions.shape, function)
    scores = np.empty(len(rows))
    for place in blocks(*rows.shape):
        scores[place] = score(rows[place], c[place])
    return np.mean(scores.reshape(predictions.shape[:-1]), axis=-1)


def _labels(labels: ArrayLike, shape: tuple[int, ...], function: str) -> IntArray:
    """Return the labels of predictions of a shape (..., N, K) as one axis, or refuse them."""
    return checks.class_numbers(labels, function, "labels", classes=shape[-1], shape=shape[:-1]).reshape(-1)


def accuracy(scores: ArrayLike, labels: ArrayLike) -> Numbers:
    """Return the share of examples whose largest score belongs to the true class, shape (...).

    Parameters
    ----------
    scores : shape (..., N, K), logits or probabilities but no NaN; of equal ones the first class counts
    labels : shape (..., N), integers from 0 to K − 1

    Examples
    --------
    >>> print(accuracy([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.3, 0.7]], [0, 1, 1, 1]))
    0.75
    """
    s = checks.values_array(scores, "accuracy", "scores", least_axes=2)
    checks.refuse_where(np.isnan(s), s, ("accuracy", "scores"), "no NaN")
    return _mean(s, labels, "accuracy", lambda rows, c: rows.argmax(axis=1) == c)


def log_loss(probabilities: ArrayLike, labels: ArrayLike) -> Numbers:
    r"""Return the mean of :math:`-\log \hat p_c` ≥ 0 over the examples, shape (...), in nats.

    Nothing is clipped: a true class that was given probability 0 costs ``inf``.
    Source: Good (1952), the logarithmic score.

    Parameters
    ----------
    probabilities : shape (..., N, K), which sum to one over the last axis (scikit-learn has the labels first)
    labels : shape (..., N), integers from 0 to K − 1

    Examples
    --------
    >>> print(log_loss([[0.5, 0.5], [0.25, 0.75]], [0, 1]).round(4))
    0.4904
    """
    p = checks.pmf_array(probabilities, "log_loss", "probabilities", least_axes=2)

    def surprise(rows: FloatArray, c: IntArray) -> FloatArray:
        return 0.0 - np.log(np.minimum(rows[np.arange(len(c)), c].astype(np.float64), 1.0))

    return _mean(p, labels, "log_loss", surprise)


def brier_score(probabilities: ArrayLike, labels: ArrayLike) -> Numbers:
    r"""Return the mean of :math:`\sum_k (\hat p_k - \delta_{kc})^2` over the examples, in [0, 2].

    A sum over the classes, as Brier has it. The arguments are those of :func:`log_loss`.
    Source: Brier (1950).

    Examples
    --------
    >>> print(brier_score([[0.5, 0.5], [0.25, 0.75]], [0, 1]))
    0.3125
    """
    p = checks.pmf_array(probabilities, "brier_score", "probabilities", least_axes=2)

    def score(rows: FloatArray, c: IntArray) -> FloatArray:
        error = rows.astype(np.float64, order="C")
        error[np.arange(len(c)), c] -= 1.0
        return np.minimum(np.add.reduce(np.square(error, out=error), axis=1), 2.0)

    return _mean(p, labels, "brier_score", score)


@dataclass(frozen=True)
class ReliabilityCurve:
    """Accuracy against confidence, in bins of equal width.

    Parameters
    ----------
    edges : shape (bins + 1,)
        Bin i holds the confidences in (edges[i], edges[i + 1]], the first bin its lower edge too.
    counts : shape (..., bins), how many examples fell into each bin
    confidence : shape (..., bins), their mean confidence; NaN in an empty bin
    accuracy : shape (..., bins), the share of them that were predicted rightly; NaN in an empty bin
    """

    edges: FloatArray
    counts: IntArray
    confidence: FloatArray
    accuracy: FloatArray

    def mean_gap(self) -> Numbers:
        """Return the mean distance of accuracy from confidence, each example counting once."""
        gaps = np.where(self.counts > 0, np.abs(self.accuracy - self.confidence), 0.0)
        with np.errstate(under="ignore"):
            return np.sum(self.counts * gaps, axis=-1) / np.sum(self.counts, axis=-1)


@np.errstate(all="ignore")  # 0/0 in an empty bin is the NaN that is promised
def _curve(
    probabilities: ArrayLike, labels: ArrayLike, bins: int, function: str, *, every_class: bool = False
) -> ReliabilityCurve:
    """Return the curve of the predicted class; or, along one axis more, of every class's own probability."""
    p = checks.pmf_array(probabilities, function, "probabilities", least_axes=2)
    c, rows = _labels(labels, p.shape, function), as_rows(p)
    edges = np.linspace(0.0, 1.0, checks.positive_integer(bins, function, "bins") + 1)
    kinds = np.arange(p.shape[-1] if every_class else 1)
    shape = (len(rows) // p.shape[-2], len(kinds), len(edges) - 1)  # of the curves, one after the other
    counts, claims, rights = np.zeros((3, *shape))
    for place in blocks(*rows.shape):
        block = np.minimum(rows[place].astype(np.float64), 1.0)
        claimed = block if every_class else block.max(axis=1, keepdims=True)
        predicted = kinds if every_class else block.argmax(axis=1)[:, np.newaxis]
        right = np.equal(predicted, c[place][:, np.newaxis]).astype(float)
        data_set = np.arange(place.start, place.stop)[:, np.newaxis] // p.shape[-2]
        at = (data_set, kinds, np.searchsorted(edges[1:-1], claimed, side="left"))
        np.add.at(counts, at, 1.0)
        np.add.at(claims, at, claimed)
        np.add.at(rights, at, right)
    of = (*p.shape[:-2], *shape[1:]) if every_class else (*p.shape[:-2], shape[2])
    parts = (counts.astype(np.int64), claims / counts, rights / counts)
    return ReliabilityCurve(edges, *(part.reshape(of) for part in parts))


def reliability_curve(probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 10) -> ReliabilityCurve:
    """Return accuracy against confidence, the probability of the predicted class: a curve for each data set.

    Source: Guo, Pleiss, Sun and Weinberger (2017), section 2.

    Parameters
    ----------
    probabilities, labels : as for :func:`log_loss`; of equal probabilities the first class is predicted
    bins : the number of bins of equal width in [0, 1]

    Examples
    --------
    >>> curve = reliability_curve([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6]], [0, 1, 1], bins=2)
    >>> print(curve.counts, curve.accuracy.round(3), curve.confidence.round(3))
    [0 3] [  nan 0.667] [  nan 0.767]
    """
    return _curve(probabilities, labels, bins, "reliability_curve")


def expected_calibration_error(probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 10) -> Numbers:
    r"""Return the mean distance of accuracy from confidence, :math:`\sum_b \frac{n_b}{N} |a_b - c_b|` ≤ 1.

    It depends on the bins, and from few examples it is biased upwards; compare only values made alike. The
    arguments are those of :func:`reliability_curve`.
    Source: Naeini, Cooper and Hauskrecht (2015); Guo, Pleiss, Sun and Weinberger (2017), equation 3.

    Examples
    --------
    >>> print(expected_calibration_error([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6]], [0, 1, 1], bins=2).round(4))
    0.1
    """
    return _curve(probabilities, labels, bins, "expected_calibration_error").mean_gap()


def classwise_calibration_error(probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 10) -> Numbers:
    r"""Return the calibration error of every class's own probability, in the mean over the K classes.

    A model whose first choice is as often right as it claims may still be wrong about the others. Here each
    class k counts for itself, :math:`\frac1K \sum_k \sum_b \frac{n_{bk}}{N} |a_{bk} - c_{bk}|` ≤ 1, with a
    how often it was the label and c its mean probability among the examples that give it one in bin b.
    The arguments are those of :func:`reliability_curve`.
    Source: Kull et al. (2019), section 2; Nixon et al. (2019), section 3, who call it static.

    Examples
    --------
    >>> p = [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0]]
    >>> print(expected_calibration_error(p, [0, 2]), classwise_calibration_error(p, [0, 2]).round(4))
    0.0 0.3333
    """
    name = "classwise_calibration_error"
    with np.errstate(under="ignore"):
        return np.mean(_curve(probabilities, labels, bins, name, every_class=True).mean_gap(), axis=-1)
