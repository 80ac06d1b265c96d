r"""Squared errors of K numbers: through the softmax (the Brier score), and on the raw outputs.

Both are sums over the classes, without a factor ½ and without 1/K.
"""

from __future__ import annotations

from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.evaluation import LossAndGradient, loss_of_rows
from ce.numeric.residuals import label_residual, pmf_residual
from ce.numeric.softmax import Powers, first_places, powers_of_logits
from ce.numeric.summation import row_sums
from ce.numeric.targets import checked_targets
from ce.numeric.validation import Float64Array, FloatArray, as_rows, finite_array, logits_array, same_shape

__all__ = ["softmax_squared_error", "squared_error"]


@overload
def softmax_squared_error(
    logits: ArrayLike, targets: ArrayLike, *, return_grad: Literal[False] = False
) -> FloatArray: ...
@overload
def softmax_squared_error(
    logits: ArrayLike, targets: ArrayLike, *, return_grad: Literal[True]
) -> LossAndGradient: ...
def softmax_squared_error(
    logits: ArrayLike, targets: ArrayLike, *, return_grad: bool = False
) -> FloatArray | LossAndGradient:
    r"""Return the Brier score :math:`\sum_k (\hat p_k - t_k)^2` for each example, :math:`\hat p` the softmax.

    With e = p̂ − t the gradient is :math:`2 \hat p_j (e_j - \sum_k \hat p_k e_k)`. It vanishes where the
    softmax is confident, also where it is confident and wrong.

    Parameters
    ----------
    logits
        Shape (..., K). At infinite logits the loss is its limit; a NaN makes its row NaN.
    targets
        Shape (...), the true classes as integers from 0 to K − 1; or shape (..., K), probabilities
        that sum to one over the last axis.
    return_grad
        Whether to return the gradient with respect to the logits as well.

    Returns
    -------
    array, or a pair of arrays
        Shape (...): one number in [0, 2] per example; with ``return_grad`` the pair of losses and
        gradient, the latter of the shape of ``logits``. float32 for float32 logits, else float64.

    Raises
    ------
    TypeError, ValueError
        As for :func:`ce.numeric.cross_entropy_with_logits`.

    References
    ----------
    Brier (1950).

    Examples
    --------
    >>> value, gradient = softmax_squared_error([[0.0, 0.0], [40.0, 0.0]], [0, 1], return_grad=True)
    >>> print(value)
    [0.5 2. ]
    >>> print(gradient)
    [[-5.0000000e-01  5.0000000e-01]
     [ 1.6993417e-17 -1.6993417e-17]]
    """
    z = logits_array(logits, "softmax_squared_error")
    t, labelled = checked_targets(targets, z.shape, "softmax_squared_error")

    def of_block(z: Float64Array, place: slice, gradient: Float64Array | None) -> Float64Array:
        parts = powers_of_logits(z)
        kept = None if gradient is None else parts._replace(powers=parts.powers.copy())
        if labelled:
            error = label_residual(parts, first_places(z) + t[place])
        else:
            error = pmf_residual(parts, t[place].astype(np.float64, copy=False))
        if gradient is not None and kept is not None:
            np.multiply(2.0, _pulls(kept, error), out=gradient)
        return row_sums(np.square(error, out=error)).sum()

    return loss_of_rows(z, of_block, return_grad)


def _pulls(parts: Powers, error: Float64Array) -> Float64Array:
    """Return p_j (e_j − Σ p_k e_k), as p_j ((1 − p_j) e_j − the sum over the other classes).

    So nothing cancels for a confident class, whose 1 − p_j comes from the sum of the others.
    """
    top, inverse = parts.apart, parts.total().inverse()
    p, p_top = parts.powers * inverse[:, np.newaxis], parts.unit * inverse
    weighted = p * error  # the largest class is left out: its power is 0 here
    without_top = row_sums(weighted, size=np.add.reduce(np.abs(weighted), axis=1)).sum()
    others = without_top[:, np.newaxis] - weighted
    others += (p_top * error.take(top))[:, np.newaxis]
    others.put(top, without_top)
    complement = 1.0 - p
    complement.put(top, parts.others.sum() * inverse)
    p.put(top, p_top)
    return p * (complement * error - others)


@overload
def squared_error(
    outputs: ArrayLike, targets: ArrayLike, *, return_grad: Literal[False] = False
) -> FloatArray: ...
@overload
def squared_error(
    outputs: ArrayLike, targets: ArrayLike, *, return_grad: Literal[True]
) -> LossAndGradient: ...
def squared_error(
    outputs: ArrayLike, targets: ArrayLike, *, return_grad: bool = False
) -> FloatArray | LossAndGradient:
    r"""Return :math:`\sum_k (z_k - t_k)^2` for each example: squared error on raw outputs.

    The gradient is :math:`2 (z - t)`, which does not saturate.

    Parameters
    ----------
    outputs
        Shape (..., K).
    targets
        The same shape, finite; one-hot vectors or any other numbers.
    return_grad
        Whether to return the gradient with respect to the outputs as well.

    Returns
    -------
    array, or a pair of arrays
        Shape (...): one number ≥ 0 per example; with ``return_grad`` the pair of losses and gradient,
        the latter of the shape of ``outputs``. float32 for float32 outputs, else float64.

    Raises
    ------
    TypeError, ValueError
        For targets that are not finite, shapes that differ, empty or non-numeric arrays.

    References
    ----------
    Hui and Belkin (2021), section 2.

    Examples
    --------
    >>> print(squared_error([[2.0, -1.0]], [[1.0, 0.0]], return_grad=True))
    (array([2.]), array([[ 2., -2.]]))
    """
    z = logits_array(outputs, "squared_error", "outputs")
    t = finite_array(targets, "squared_error", "targets", boolean=True)
    same_shape(t, z.shape, "squared_error", "targets", "the shape of `outputs`")
    wanted = as_rows(t)

    def of_block(z: Float64Array, place: slice, gradient: Float64Array | None) -> Float64Array:
        error = z - wanted[place]
        if gradient is not None:
            np.multiply(2.0, error, out=gradient)
        return row_sums(np.square(error, out=error)).sum()

    return loss_of_rows(z, of_block, return_grad)
