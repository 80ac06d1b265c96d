r"""Losses of K classes on logits of shape (..., K), each with its gradient with respect to the logits.

A target is the number of the true class or a row of probabilities. With the gaps :math:`d_k = z_k - \max_l
z_l` and r, the sum of their exponentials over all classes but the largest (:mod:`ce.numeric.softmax`),

.. math:: -\log \hat p_c = -d_c + \log(1 + r).

Neither term is negative, so nothing cancels: the loss of a confident right answer is log(1 + r), however
small.
"""

from __future__ import annotations

from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.evaluation import LossAndGradient, loss_of_rows
from ce.numeric.residuals import label_residual, pmf_residual
from ce.numeric.scalars import number
from ce.numeric.softmax import Powers, powers_of_gaps, powers_of_logits
from ce.numeric.targets import checked_targets, smoothed_rows
from ce.numeric.validation import Float64Array, FloatArray, logits_array

__all__ = ["cross_entropy_with_logits"]


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

    def of_labels(z: Float64Array, place: slice, gradient: FloatArray | None) -> Float64Array:
        parts = powers_of_logits(z)
        own = parts.first + t[place]
        loss: Float64Array = parts.gap_to(z, own) + np.log1p(parts.rest)
        if gradient is not None:
            gradient[:] = label_residual(parts, own)
        return loss

    def of_weights(z: Float64Array, place: slice, gradient: FloatArray | None) -> Float64Array:
        weights = smoothed_rows(t[place], z.shape[1], epsilon)
        gaps = np.empty_like(z)
        parts = powers_of_gaps(z, gaps)
        total = np.ones(len(z)) if labelled else np.add.reduce(weights, axis=1)
        loss = _mean_surprise(z, gaps, weights, total, parts)
        if gradient is not None:
            gradient[:] = pmf_residual(parts, weights, total)
        return loss

    return loss_of_rows(z, of_labels if labelled and not epsilon else of_weights, return_grad)


def _mean_surprise(
    z: Float64Array, gaps: Float64Array, weights: Float64Array, total: Float64Array, parts: Powers
) -> Float64Array:
    """Return −Σ t_k log p̂_k of each row, working in place of the gaps: 0 · ∞ is 0."""
    log_total = np.log1p(parts.rest)
    gaps *= weights
    summed: Float64Array = np.add.reduce(gaps, axis=1)
    summed -= total * log_total
    if not np.isfinite(summed).all():
        # By halves the gap of two finite logits is finite: the sum overflows only where the loss does.
        np.subtract(0.5 * z, 0.5 * parts.largest[:, np.newaxis], out=gaps)
        gaps.put(parts.top, 0.0)
        gaps -= 0.5 * log_total[:, np.newaxis]
        gaps *= weights
        gaps[weights == 0] = 0.0
        summed = 2.0 * np.add.reduce(gaps, axis=1)
    return 0.0 - summed
