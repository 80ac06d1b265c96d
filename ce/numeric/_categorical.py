r"""Losses of K classes on logits of shape (..., K), each with its gradient with respect to the logits.

A target is the number c of the true class, or a row of probabilities, and may be smoothed; w are the weights
of the classes that come of it, and S their sum, 1 but for the rounding of probabilities. With the largest
class a apart (:mod:`ce.numeric._softmax`) no term of a loss is negative,

.. math:: -\sum_k w_k \log \hat p_k = \sum_k w_k (z_a - z_k) + S \log(1 + r),

and of the two forms of a gradient at a, :math:`S \hat p_a - w_a` and
:math:`\sum_{k \ne a} w_k - S (1 - \hat p_a)`, that of the smaller numbers is taken, which is rounded less.
"""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from ce import checks
from ce.checks import Float64Array, FloatArray, IntArray
from ce.numeric._blockwise import LossAndGradient, Numbers, Yes, as_rows, blocks, evaluated, row_sums
from ce.numeric._softmax import first_places, largest_places, powers_apart

__all__ = [
    "cross_entropy_with_logits",
    "one_hot",
    "smooth_labels",
    "softmax_focal_loss",
    "softmax_squared_error",
    "squared_error",
]

REDUCED = 2.0**-64  # times it, numbers of the size of 10³⁰⁸ add up, with the same digits


def one_hot(labels: ArrayLike, classes: int) -> FloatArray:
    """Return one vector of length ``classes`` for each class number: 1 at the class, 0 elsewhere.

    Examples
    --------
    >>> print(one_hot([2, 0], classes=3))
    [[0. 0. 1.]
     [1. 0. 0.]]
    """
    count = checks.positive_integer(classes, "one_hot", "classes")
    numbers = checks.class_numbers(labels, "one_hot", "labels", classes=count)
    return _weights(numbers.reshape(-1), 0.0, count).reshape(*numbers.shape, count)


def smooth_labels(targets: ArrayLike, epsilon: float) -> FloatArray:
    r"""Return :math:`(1 - \varepsilon) t + \varepsilon / K`: a share ε in [0, 1] is spread over the classes.

    The targets, shape (..., K), are probabilities that sum to one, such as :func:`one_hot` vectors.
    Source: Szegedy et al. (2016), section 7.

    Examples
    --------
    >>> print(smooth_labels([0.0, 1.0, 0.0, 0.0], 0.1))
    [0.025 0.925 0.025 0.025]
    """
    t = checks.pmf_array(targets, "smooth_labels", "targets", hint="class numbers are for one_hot(labels, classes)")
    share = checks.number(epsilon, "smooth_labels", "epsilon", low=0.0, high=1.0)
    rows = as_rows(t)
    result = np.empty(rows.shape, t.dtype)
    with np.errstate(all="ignore"):
        for place in blocks(*rows.shape):
            result[place] = _weights(rows[place], share, rows.shape[1])
    return result.reshape(t.shape)


def _targets(targets: ArrayLike, shape: tuple[int, ...], function: str) -> tuple[FloatArray | IntArray, bool]:
    """Return the targets of logits of a shape (..., K), and whether they are class numbers.

    Class numbers come back as one axis, probabilities as rows, which :func:`checks.pmf_array` has to look at.
    """
    try:
        axes = np.ndim(targets)
    except (ValueError, RuntimeError, TypeError):  # what reads the array says why
        axes = len(shape)
    if axes == len(shape) - 1:
        c = checks.class_numbers(targets, function, "targets", classes=shape[-1], shape=shape[:-1])
        return c.reshape(-1), True
    t = checks.values_array(targets, function, "targets", boolean=True)
    checks.same_shape(t, shape, function, "targets", f"class numbers of shape {shape[:-1]} or probabilities of shape")
    return as_rows(t), False


def _weights(targets: FloatArray | IntArray, epsilon: float, classes: int) -> Float64Array:
    """Return the weights of a block of labels, or of rows of probabilities."""
    if targets.ndim == 1:
        weights = np.full((len(targets), classes), epsilon / classes)
        weights[np.arange(len(targets)), targets] = (1.0 - epsilon) + epsilon / classes
        return weights
    weights = targets.astype(np.float64, copy=False)
    return weights * (1.0 - epsilon) + epsilon / classes if epsilon else weights


def _mean_of_far_gaps(z: Float64Array, weights: Float64Array) -> Float64Array:
    """Return the mean gap where logits are too far apart for float64, some of them perhaps of weight 0."""
    reduced = REDUCED * z
    gap = reduced.max(axis=1, keepdims=True) - reduced
    gap.put(largest_places(z), 0.0)
    return np.add.reduce(np.where(weights == 0.0, 0.0, weights * gap), axis=1) / REDUCED


@overload
def cross_entropy_with_logits(
    logits: ArrayLike, targets: ArrayLike, label_smoothing: float = 0.0, *, return_grad: Yes
) -> LossAndGradient: ...
@overload
def cross_entropy_with_logits(
    logits: ArrayLike, targets: ArrayLike, label_smoothing: float = 0.0, *, return_grad: bool = False
) -> Numbers: ...
def cross_entropy_with_logits(
    logits: ArrayLike, targets: ArrayLike, label_smoothing: float = 0.0, *, return_grad: bool = False
) -> Numbers:
    r"""Return :math:`-\sum_k t_k \log \hat p_k` ≥ 0 of the softmax for each example, in nats.

    The gradient is :math:`\hat p - t`, of the shape of the logits.
    Source: Bishop (2006), equations 4.108 and 4.109; smoothing: Szegedy et al. (2016), section 7.

    Parameters
    ----------
    logits : shape (..., K)
        −∞ is a class of probability 0.
    targets : shape (...), class numbers from 0 to K − 1; or shape (..., K), probabilities that sum to one
        A class of target 0 adds nothing, whatever its logit.
    label_smoothing : number in [0, 1]
        The share ε of the target that is spread over all classes: (1 − ε)t + ε/K.
    return_grad : whether to return the pair of losses and gradient

    Examples
    --------
    >>> print(*cross_entropy_with_logits([[0.0, 0.0], [46.0, 0.0]], [1, 0], return_grad=True), sep="\n")
    [6.93147181e-01 1.05306174e-20]
    [[ 5.00000000e-01 -5.00000000e-01]
     [-1.05306174e-20  1.05306174e-20]]
    """
    name = "cross_entropy_with_logits"
    z = checks.values_array(logits, name, "logits", least_axes=1)
    t, labelled = _targets(targets, z.shape, name)
    epsilon = checks.number(label_smoothing, name, "label_smoothing", low=0.0, high=1.0)
    exact = z.dtype == np.float64

    def of_block(z: Float64Array, place: slice, out: Float64Array | None) -> Float64Array:
        target, first = t[place], first_places(z)
        own = first + target if labelled else None
        if own is not None and not epsilon:
            parts = powers_apart(z, out, exact=exact)
            if out is not None:
                wrong = parts.complement(own)
                parts.softmax(1.0).put(own, -wrong)
            return parts.label_loss(z, own)
        # The array of the powers first holds the gaps, how far the logits lie below each row's largest.
        top, work = largest_places(z), np.empty_like(z) if out is None else out
        np.copyto(work, z.take(top)[:, np.newaxis])
        work -= z
        work.put(top, 0.0)  # also where it is ∞ − ∞
        if own is not None:  # no array of weights: all classes but c have the same
            weights: Float64Array | float = epsilon / z.shape[1]
            at_top = np.where(own == top, (1.0 - epsilon) + weights, weights)
            mean = epsilon * (row_sums(work, exact=exact) / z.shape[1]) + (1.0 - epsilon) * work.take(own)
            total = (1.0 - epsilon) + z.shape[1] * weights
        else:
            weights = _weights(target, 0.0, z.shape[1])
            least, total = weights.min(), row_sums(weights, exact=exact)  # quicker in this order
            if not (least >= 0.0 and np.abs(total - 1.0).max() <= checks.tolerance(t.dtype, z.shape[1])):
                checks.pmf_array(targets, name, "targets")  # says where; here they are in the cache
            if epsilon:
                weights, total = _weights(target, epsilon, z.shape[1]), (1.0 - epsilon) * total + epsilon
            at_top = weights.take(top)
            mean = row_sums(np.multiply(work, weights, out=work), exact=exact)
        far = np.flatnonzero(~np.isfinite(mean))
        if far.size:
            mean[far] = _mean_of_far_gaps(z[far], _weights(target[far], epsilon, z.shape[1]))
        parts = powers_apart(z, work, top, exact=exact)
        if out is not None:
            missed = total * (parts.others / (parts.unit + parts.others))
            parts.softmax(total)
            out -= weights
            if own is not None:
                out.put(own, out.take(own) - (1.0 - epsilon))
            near = np.flatnonzero(missed < at_top)
            if near.size:
                others = _weights(target[near], epsilon, z.shape[1])
                others.put(top[near] - first[near] + first_places(others), 0.0)
                out.put(top[near], row_sums(others, exact=exact) - missed[near])
        return mean + total * parts.log_total()

    return evaluated(z, of_block, return_grad)


@overload
def softmax_squared_error(logits: ArrayLike, targets: ArrayLike, *, return_grad: Yes) -> LossAndGradient: ...
@overload
def softmax_squared_error(logits: ArrayLike, targets: ArrayLike, *, return_grad: bool = False) -> Numbers: ...
def softmax_squared_error(logits: ArrayLike, targets: ArrayLike, *, return_grad: bool = False) -> Numbers:
    r"""Return the Brier score :math:`\sum_k (\hat p_k - t_k)^2` in [0, 2] of the softmax, for each example.

    Without a factor ½ and without 1/K. With e = p̂ − t the gradient is
    :math:`2 \hat p_j (e_j - \sum_k \hat p_k e_k)`, which vanishes where the softmax is confident, right or
    wrong. The arguments are those of :func:`cross_entropy_with_logits`. Source: Brier (1950).

    Examples
    --------
    >>> print(*softmax_squared_error([[0.0, 0.0], [40.0, 0.0]], [0, 1], return_grad=True), sep="\n")
    [0.5 2. ]
    [[-5.0000000e-01  5.0000000e-01]
     [ 1.6993417e-17 -1.6993417e-17]]
    """
    z = checks.values_array(logits, "softmax_squared_error", "logits", least_axes=1)
    t, labelled = _targets(targets, z.shape, "softmax_squared_error")
    if not labelled:
        checks.pmf_array(targets, "softmax_squared_error", "targets")

    def of_block(z: Float64Array, place: slice, out: Float64Array | None) -> Float64Array:
        parts, weights = powers_apart(z), _weights(t[place], 0.0, z.shape[1])
        top, missed = parts.place, parts.complement(parts.place)
        p = parts.softmax()
        error = p - weights
        near = missed < weights.take(top)
        error.put(top[near], ((1.0 - weights.take(top)) - missed)[near])
        if out is not None:
            # p_j (e_j − Σ p_k e_k) is p_j ((1 − p_j) e_j − the sum over the other classes): so nothing
            # cancels for a confident class, whose 1 − p_j comes from the sum of the others.
            pulls = p * error
            at_top = pulls.take(top)
            pulls.put(top, 0.0)
            without_top = row_sums(pulls, size=np.add.reduce(np.abs(pulls), axis=1))
            others = (without_top + at_top)[:, np.newaxis] - pulls
            others.put(top, without_top)
            np.subtract(1.0, p, out=out)
            out.put(top, missed)
            out *= error
            out -= others
            out *= 2.0 * p
        return row_sums(np.square(error, out=error))

    return evaluated(z, of_block, return_grad)


@overload
def softmax_focal_loss(
    logits: ArrayLike, labels: ArrayLike, gamma: float = 2.0, *, return_grad: Yes
) -> LossAndGradient: ...
@overload
def softmax_focal_loss(
    logits: ArrayLike, labels: ArrayLike, gamma: float = 2.0, *, return_grad: bool = False
) -> Numbers: ...
def softmax_focal_loss(
    logits: ArrayLike, labels: ArrayLike, gamma: float = 2.0, *, return_grad: bool = False
) -> Numbers:
    r"""Return :math:`-(1 - \hat p_c)^\gamma \log \hat p_c` ≥ 0 of the true class c for each example, in nats.

    With L the cross-entropy and w = 1 − p̂_c, the gradient is :math:`w^\gamma (1 + \gamma \hat p_c L / w)`
    times :math:`\hat p - t`: at c itself :math:`-w^\gamma (w + \gamma \hat p_c L)`, where nothing cancels.
    Source: Lin et al. (2017), equation 4, with the softmax in place of the sigmoid.

    Parameters
    ----------
    logits, return_grad : as for :func:`cross_entropy_with_logits`
    labels : shape (...), integers from 0 to K − 1
    gamma : the focusing parameter γ ≥ 0; 0 gives the cross-entropy

    Examples
    --------
    >>> print(softmax_focal_loss([[0.0, 0.0], [3.0, 0.0]], [0, 0]))
    [1.73286795e-01 1.09283324e-04]
    """
    name = "softmax_focal_loss"
    z = checks.values_array(logits, name, "logits", least_axes=1)
    c = checks.class_numbers(labels, name, "labels", classes=z.shape[-1], shape=z.shape[:-1]).reshape(-1)
    power = checks.number(gamma, name, "gamma", low=0.0)

    def of_block(z: Float64Array, place: slice, out: Float64Array | None) -> Float64Array:
        own = first_places(z) + c[place]
        parts = powers_apart(z, out)
        loss, wrong = parts.label_loss(z, own), parts.complement(own)
        focus = wrong**power
        if out is not None:
            p = parts.softmax()
            right = p.take(own)
            # p̂ L tends to 0 at a logit of −∞, and L/(1 − p̂) to 1 at p̂ = 1.
            pull = power * right * np.where(right == 0, 0.0, loss)
            p *= (focus * (1.0 + np.where(wrong == 0, power * right, pull / wrong)))[:, np.newaxis]
            p.put(own, -focus * (wrong + pull))
        return focus * loss

    return evaluated(z, of_block, return_grad)


@overload
def squared_error(outputs: ArrayLike, targets: ArrayLike, *, return_grad: Yes) -> LossAndGradient: ...
@overload
def squared_error(outputs: ArrayLike, targets: ArrayLike, *, return_grad: bool = False) -> Numbers: ...
def squared_error(outputs: ArrayLike, targets: ArrayLike, *, return_grad: bool = False) -> Numbers:
    r"""Return :math:`\sum_k (z_k - t_k)^2` for each example: squared error on raw outputs.

    The gradient is :math:`2 (z - t)`, which does not saturate. Source: Hui and Belkin (2021), section 2.

    Parameters
    ----------
    outputs : shape (..., K)
    targets : the same shape, finite; one-hot vectors or any other numbers
    return_grad : whether to return the pair of losses and gradient by the outputs

    Examples
    --------
    >>> print(squared_error([[2.0, -1.0]], [[1.0, 0.0]], return_grad=True))
    (array([2.]), array([[ 2., -2.]]))
    """
    z = checks.values_array(outputs, "squared_error", "outputs", least_axes=1)
    t = checks.finite_array(targets, "squared_error", "targets", boolean=True)
    checks.same_shape(t, z.shape, "squared_error", "targets", "the shape of `outputs`,")
    wanted = as_rows(t)

    def of_block(z: Float64Array, place: slice, out: Float64Array | None) -> Float64Array:
        error = z - wanted[place]
        if out is not None:
            np.multiply(2.0, error, out=out)
        return row_sums(np.square(error, out=error))

    return evaluated(z, of_block, return_grad)
