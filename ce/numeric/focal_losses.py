r"""The focal loss: the cross-entropy times :math:`(1 - p)^\gamma`, p the probability of the label.

1 − p is never computed as that difference but as σ(−s), or from the sum of the other classes, so that the
loss of an easy example keeps its digits however small the focus makes it.
"""

from __future__ import annotations

from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.evaluation import LossAndGradient, loss_of_numbers, loss_of_rows, weighted
from ce.numeric.residuals import softmax_with_complement
from ce.numeric.scalars import number
from ce.numeric.sigmoid import sigmoid_parts
from ce.numeric.softmax import first_places, powers_of_logits
from ce.numeric.targets import checked_binary, checked_labels
from ce.numeric.validation import Float64Array, FloatArray, logits_array

__all__ = ["sigmoid_focal_loss", "softmax_focal_loss"]


@overload
def sigmoid_focal_loss(
    logits: ArrayLike, targets: ArrayLike, gamma: float = 2.0, alpha: float | None = None, *,
    return_grad: Literal[False] = False,
) -> FloatArray: ...  # fmt: skip
@overload
def sigmoid_focal_loss(
    logits: ArrayLike, targets: ArrayLike, gamma: float = 2.0, alpha: float | None = None, *,
    return_grad: Literal[True],
) -> LossAndGradient: ...  # fmt: skip
def sigmoid_focal_loss(
    logits: ArrayLike, targets: ArrayLike, gamma: float = 2.0, alpha: float | None = None, *,
    return_grad: bool = False,
) -> FloatArray | LossAndGradient:  # fmt: skip
    r"""Return the focal loss :math:`-\alpha_y (1 - p_y)^\gamma \log p_y`, p_y that of the label, in nats.

    A target between 0 and 1 mixes the losses of the two labels in that proportion. With s the logit of
    the label, z or −z, the loss is :math:`\sigma(-s)^\gamma` times the cross-entropy :math:`L`, and its
    derivative by s is :math:`-\sigma(-s)^\gamma \left(\sigma(-s) + \gamma \, \sigma(s) L\right)`: no term
    of either cancels.

    Parameters
    ----------
    logits
        Any shape. At ±∞ the loss is its limit; NaN stays NaN.
    targets
        The same shape; labels 0 and 1, or probabilities of label 1.
    gamma
        The focusing parameter γ ≥ 0; 0 gives the cross-entropy.
    alpha
        The weight of label 1, in [0, 1]; label 0 gets 1 − α. Without it both get 1.
    return_grad
        Whether to return the derivative by the logits as well.

    Returns
    -------
    array, or a pair of arrays
        The losses, of the shape of ``logits``, numbers ≥ 0; with ``return_grad`` the pair of losses
        and derivatives. float32 for float32 logits, else float64.

    Raises
    ------
    TypeError, ValueError
        As for :func:`binary_cross_entropy_with_logits`, and for gamma or alpha out of range.

    References
    ----------
    Lin et al. (2017), equations 4 and 5.

    Examples
    --------
    >>> print(sigmoid_focal_loss([0.0, 3.0, -1e308], [1, 1, 1]))
    [1.73286795e-001 1.09283324e-004 1.00000000e+308]
    """
    z, y = checked_binary(logits, targets, "sigmoid_focal_loss")
    power = number(gamma, "sigmoid_focal_loss", "gamma", low=0.0)
    share = None if alpha is None else number(alpha, "sigmoid_focal_loss", "alpha", low=0.0, high=1.0)

    def of_block(z: Float64Array, place: slice, gradient: Float64Array | None) -> Float64Array:
        of_one = y[place].astype(np.float64, copy=False)
        of_zero = 1.0 - of_one
        if share is not None:
            of_one, of_zero = share * of_one, (1.0 - share) * of_zero
        loss_of_one, slope_of_one = _focal_parts(z, power)
        loss_of_zero, slope_of_zero = _focal_parts(-z, power)
        if gradient is not None:
            gradient[:] = of_one * slope_of_one - of_zero * slope_of_zero
        return weighted(of_one, loss_of_one) + weighted(of_zero, loss_of_zero)

    return loss_of_numbers(z, of_block, return_grad)


def _focal_parts(s: Float64Array, gamma: float) -> tuple[Float64Array, Float64Array]:
    """Return the focal loss of the label whose logit is s, and its derivative by s."""
    t, smaller = sigmoid_parts(s)
    larger = 1.0 / (1.0 + t)
    right, wrong = np.where(s < 0, smaller, larger), np.where(s < 0, larger, smaller)
    loss = np.maximum(-s, 0.0) + np.log1p(t)
    slope = wrong + gamma * right * np.where(right == 0, 0.0, loss)  # at s = −∞ the product tends to 0
    focus = wrong**gamma
    return focus * loss, -focus * slope


@overload
def softmax_focal_loss(
    logits: ArrayLike, labels: ArrayLike, gamma: float = 2.0, *, return_grad: Literal[False] = False
) -> FloatArray: ...
@overload
def softmax_focal_loss(
    logits: ArrayLike, labels: ArrayLike, gamma: float = 2.0, *, return_grad: Literal[True]
) -> LossAndGradient: ...
def softmax_focal_loss(
    logits: ArrayLike, labels: ArrayLike, gamma: float = 2.0, *, return_grad: bool = False
) -> FloatArray | LossAndGradient:
    r"""Return :math:`-(1 - \hat p_c)^\gamma \log \hat p_c` for each example with the true class c, in nats.

    With L the cross-entropy and w = 1 − p̂_c, the gradient is :math:`w^\gamma (1 + \gamma \hat p_c L / w)`
    times :math:`\hat p - t`: at c itself :math:`-w^\gamma (w + \gamma \hat p_c L)`, where nothing cancels.

    Parameters
    ----------
    logits
        Shape (..., K). At infinite logits the loss is its limit; a NaN makes its row NaN.
    labels
        Shape (...); integers from 0 to K − 1.
    gamma
        The focusing parameter γ ≥ 0; 0 gives the cross-entropy.
    return_grad
        Whether to return the gradient with respect to the logits as well.

    Returns
    -------
    array, or a pair of arrays
        Shape (...): one loss ≥ 0 per example; with ``return_grad`` the pair of losses and gradient,
        the latter of the shape of ``logits``. float32 for float32 logits, else float64.

    Raises
    ------
    TypeError, ValueError
        As for :func:`cross_entropy_with_logits`, and for a gamma that is negative or not finite.

    References
    ----------
    Lin et al. (2017), equation 4, with the softmax in place of the sigmoid.

    Examples
    --------
    >>> print(softmax_focal_loss([[0.0, 0.0], [3.0, 0.0]], [0, 0]))
    [1.73286795e-01 1.09283324e-04]
    """
    name = "softmax_focal_loss"
    z = logits_array(logits, name)
    c = checked_labels(labels, z.shape, name)
    power = number(gamma, name, "gamma", low=0.0)

    def of_block(z: Float64Array, place: slice, gradient: Float64Array | None) -> Float64Array:
        own = first_places(z) + c[place]
        parts = powers_of_logits(z, own)
        loss = parts.label_loss(z, own)
        p, wrong = softmax_with_complement(parts, own)
        focus = wrong**power
        if gradient is not None:
            right = p.take(own)
            pull = power * right * np.where(right == 0, 0.0, loss)  # at a logit of −∞ the product tends to 0
            ratio = np.where(wrong == 0, right, right * loss / wrong)  # −log p̂ / (1 − p̂) tends to 1 at p̂ = 1
            p *= (focus * (1.0 + power * np.where(right == 0, 0.0, ratio)))[:, np.newaxis]
            p.put(own, -focus * (wrong + pull))
            gradient[:] = p
        return focus * loss

    return loss_of_rows(z, of_block, return_grad)
