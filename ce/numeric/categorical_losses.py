r"""Losses of K classes on logits of shape (..., K), each with its gradient with respect to the logits.

A target is the number c of the true class, or a row of probabilities. For a label

.. math:: -\log \hat p_c = \log(1 + r), \qquad r = \frac{1}{e^{z_c}} \sum_{k \ne c} e^{z_k}:

nothing cancels, and the loss of a confident right answer keeps its digits, however small it is. Where those
powers might overflow, and for any other target w, the largest class is the one left out of r
(:mod:`ce.numeric.softmax`). The loss is then a mean of the gaps :math:`d_k = z_k - \max_l z_l`, and the sum
of w times a logarithm; neither is negative:

.. math:: -\sum_k w_k \log \hat p_k = \sum_k w_k (-d_k) + \Bigl(\sum_k w_k\Bigr) \log(1 + r).

The sums are right to the last digit (:mod:`ce.numeric.summation`): otherwise the roundings of weights, gaps,
products and sums come to more than two units in the last place.
"""

from __future__ import annotations

from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.blocks import BLOCK
from ce.numeric.evaluation import LossAndGradient, loss_of_rows
from ce.numeric.residuals import label_residual, smoothed_residual
from ce.numeric.scalars import number
from ce.numeric.single_row import FEW, cross_entropy_of_row
from ce.numeric.smoothing import Smoothing
from ce.numeric.softmax import Powers, first_places, powers_of_logits
from ce.numeric.summation import TwoParts, row_sums
from ce.numeric.targets import checked_targets
from ce.numeric.validation import Float64Array, FloatArray, IntArray, logits_array

__all__ = ["cross_entropy_with_logits"]

REDUCED = 2.0**-64
"""A power of two: multiplied by it, numbers of the size of 10³⁰⁸ add up, with the same digits."""


@overload
def cross_entropy_with_logits(
    logits: ArrayLike, targets: ArrayLike, label_smoothing: float = 0.0, *,
    return_grad: Literal[False] = False,
) -> FloatArray: ...  # fmt: skip
@overload
def cross_entropy_with_logits(
    logits: ArrayLike, targets: ArrayLike, label_smoothing: float = 0.0, *, return_grad: Literal[True]
) -> LossAndGradient: ...
def cross_entropy_with_logits(
    logits: ArrayLike, targets: ArrayLike, label_smoothing: float = 0.0, *, return_grad: bool = False
) -> FloatArray | LossAndGradient:
    r"""Return :math:`-\sum_k t_k \log \hat p_k` for each example, with :math:`\hat p` the softmax, in nats.

    The gradient is :math:`\hat p - t`.

    Parameters
    ----------
    logits
        Shape (..., K). At infinite logits the loss is its limit (−∞ is a class of probability 0); a
        NaN makes its row NaN.
    targets
        Shape (...), the true classes as integers from 0 to K − 1; or shape (..., K), probabilities
        that sum to one over the last axis. A class of target 0 adds nothing, whatever its logit.
    label_smoothing
        The share ε in [0, 1] of the target that is spread over all classes: (1 − ε)t + ε/K.
    return_grad
        Whether to return the gradient with respect to the logits as well.

    Returns
    -------
    array, or a pair of arrays
        Shape (...): one loss ≥ 0 per example; with ``return_grad`` the pair of losses and gradient,
        the latter of the shape of ``logits``. float32 for float32 logits, else float64.

    Raises
    ------
    TypeError
        For labels that are not integers, or arrays that are not numbers.
    ValueError
        For a label out of range, targets that are no pmf, shapes that do not fit, empty arrays.

    References
    ----------
    Bishop (2006), equations 4.108 and 4.109; smoothing: Szegedy et al. (2016), section 7.

    Examples
    --------
    >>> value, gradient = cross_entropy_with_logits([[0.0, 0.0], [46.0, 0.0]], [1, 0], return_grad=True)
    >>> print(value)
    [6.93147181e-01 1.05306174e-20]
    >>> print(gradient)
    [[ 5.00000000e-01 -5.00000000e-01]
     [-1.05306174e-20  1.05306174e-20]]
    >>> print(cross_entropy_with_logits([[0.0, 0.0]], [[0.75, 0.25]]))
    [0.69314718]
    """
    name = "cross_entropy_with_logits"
    z = logits_array(logits, name)
    t, labelled = checked_targets(targets, z.shape, name)
    epsilon = number(label_smoothing, name, "label_smoothing", low=0.0, high=1.0)

    if labelled and not epsilon:
        return _loss_of_labels(z, t, return_grad)
    return _loss_of_pmfs(z, t, Smoothing.of(epsilon, z.shape[-1]), return_grad)


def _loss_of_labels(z: FloatArray, labels: IntArray, return_grad: bool) -> FloatArray | LossAndGradient:
    """Return −log p̂ of the labels, and p̂ minus one-hot."""
    if z.size == z.shape[-1] <= FEW and z.dtype == np.float64:
        found = cross_entropy_of_row(z.reshape(-1), int(labels[0]))
        if found is not None:
            value = np.full(z.shape[:-1], found[0])[()]
            return (value, found[1].reshape(z.shape)) if return_grad else value

    def of_block(z: Float64Array, place: slice, gradient: Float64Array | None) -> Float64Array:
        own = first_places(z) + labels[place]
        parts = powers_of_logits(z, own, out=gradient, exact=gradient is not None)
        loss = parts.label_loss(z, own)
        if gradient is not None:
            label_residual(parts, own)  # in place of the powers, where the gradient is to be
        return loss

    # Without a gradient half as much is in work.
    return loss_of_rows(z, of_block, return_grad, BLOCK if return_grad else 2 * BLOCK)


def _loss_of_pmfs(
    z: FloatArray, targets: FloatArray | IntArray, smoothing: Smoothing, return_grad: bool
) -> FloatArray | LossAndGradient:
    """Return −Σ w_k d_k + (Σ w_k) log(1 + r) for the smoothed targets w, and (Σ w_k) p̂ − w."""

    def of_block(z: Float64Array, place: slice, gradient: Float64Array | None) -> Float64Array:
        parts = powers_of_logits(z, out=gradient)
        target: Float64Array | IntArray = targets[place]
        excess = np.zeros(len(z))  # of Σ w_k over 1: a row of probabilities sums to one but for rounding
        if target.ndim == 2:
            target = target.astype(np.float64, copy=False)
            total = row_sums(target, size=1.0)
            excess = float(smoothing.kept) * ((total.leading - 1.0) + total.small)
        gap, log_total = _mean_gap(z, target, smoothing, parts), parts.log_total().sum()
        if gradient is not None:
            smoothed_residual(parts, target, smoothing, excess)
        return gap.plus(log_total).plus(excess * log_total).sum()

    return loss_of_rows(z, of_block, return_grad)


def _mean_gap(
    z: Float64Array, target: Float64Array | IntArray, smoothing: Smoothing, parts: Powers
) -> TwoParts:
    """Return how far the logits lie below each row's largest, in the mean over its smoothed target."""
    gaps = parts.logit[:, np.newaxis] - z
    gaps.put(parts.apart, 0.0)  # it is, but for ∞ − ∞
    mean = _mean(gaps, target, smoothing)
    beyond = np.flatnonzero(~np.isfinite(mean.leading))
    if beyond.size:
        # The gap of two finite logits may overflow where its share of the loss does not.
        gaps = REDUCED * parts.logit[beyond, np.newaxis] - REDUCED * z[beyond]
        gaps[np.arange(len(beyond)), (parts.apart - first_places(z))[beyond]] = 0.0
        for part, reduced in zip(mean, _mean(gaps, target[beyond], smoothing), strict=True):
            part[beyond] = reduced / REDUCED
    return mean


def _mean(gaps: Float64Array, target: Float64Array | IntArray, smoothing: Smoothing) -> TwoParts:
    if target.ndim == 1:
        of_target = row_sums(gaps[np.arange(len(gaps)), target][:, np.newaxis])
    else:
        products = gaps * target
        of_target = row_sums(products)
        if np.isnan(of_target.leading).any():
            products[target == 0] = 0.0  # 0 · ∞
            of_target = row_sums(products)
    return smoothing.mean(of_target, row_sums(gaps)) if smoothing.share else of_target
