r"""The sigmoid, and losses of single numbers: of two classes on the logit z, and of a Gaussian.

Those of two classes, with the target y in [0, 1], are made of :math:`t = e^{-|z|}`, which cannot overflow,
and of :math:`c = [z \ge 0] - y`, which is exact for y = 0 and y = 1:

.. math:: -y \log \sigma(z) - (1 - y) \log \sigma(-z) = c \, z + \log(1 + t), \qquad
          \sigma(z) - y = c - \operatorname{sign}(z) \, \frac{t}{1 + t}.

Both terms of the loss are ≥ 0, so nothing cancels. For a confident right answer c is 0 and the derivative is
± t/(1 + t), with all its digits, where ``sigmoid(z) - y`` would be 0.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike

from ce.checks import Float64Array, FloatArray, finite_array, number, one_of, refuse_where, same_shape, values_array
from ce.numeric._blockwise import Numbers, Yes, evaluated

__all__ = [
    "binary_cross_entropy_with_logits",
    "gaussian_nll",
    "log_sigmoid",
    "sigmoid",
    "sigmoid_focal_loss",
    "sigmoid_squared_error",
]

LossAndDerivative: TypeAlias = tuple[Numbers, Numbers]
Mixed: TypeAlias = Literal["probability", "loss"]


def _pair(logits: ArrayLike, targets: ArrayLike, function: str) -> tuple[FloatArray, FloatArray]:
    """Return logits of any shape, and as one axis their targets in [0, 1], or refuse them."""
    z = values_array(logits, function, "logits")
    y = values_array(targets, function, "targets", boolean=True)
    same_shape(y, z.shape, function, "targets", "the shape of `logits`,")
    if not (y.min() >= 0 and y.max() <= 1):  # a NaN makes both false
        refuse_where(~((y >= 0) & (y <= 1)), y, (function, "targets"), "numbers in [0, 1]")
    return z, y.reshape(-1)


def _power(x: Float64Array) -> Float64Array:
    """Return e^x of numbers ≤ 0, in their place."""
    if x.item(x.argmin()) < -708.0:
        short = (x < -708.0) & (x > -746.0)  # NumPy takes a hundred times as long where e^x is below 10⁻³⁰⁸
        np.exp(x + 128.0 * short, out=x)
        x[short] *= np.exp(-128.0)
        return x
    return np.exp(x, out=x)


def _fall(z: Float64Array) -> Float64Array:
    """Return t = e^−|z|."""
    t = np.abs(z)
    return _power(np.negative(t, out=t))


def _parts(z: Float64Array, y: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Return t = e^−|z| and c = [z ≥ 0] − y, −0 counted as negative."""
    return _fall(z), (~np.signbit(z)).astype(np.float64) - y  # to have NumPy convert it takes twice as long


def _slope(z: Float64Array, c: Float64Array, t: Float64Array, out: Float64Array | None = None) -> Float64Array:
    """Return σ(z) − y = c − sign(z) t/(1 + t), in ``out`` if it is given."""
    share = np.add(t, 1.0, out=out)
    np.divide(t, share, out=share)
    bits = share.view(np.int64)  # of numbers ≥ 0: this is `copysign`, in less than half of its time
    bits |= z.view(np.int64) & -(2**63)
    return np.subtract(c, share, out=share)


def _weighted(weight: Float64Array, factor: Float64Array) -> Float64Array:
    """Return the product; a weight of 0 hides an infinite factor, but no NaN."""
    product = weight * factor
    if np.isnan(product.dot(product)):
        product[(weight == 0) & np.isinf(factor)] = 0.0
    return product


def sigmoid(logits: ArrayLike) -> Numbers:
    r"""Return the logistic function :math:`\sigma(z) = 1 / (1 + e^{-z})` of logits of any shape.

    Its complement is ``sigmoid(-z)``, which keeps every digit where ``1 - sigmoid(z)`` rounds to zero.
    Source: Bishop (2006), equation 4.59.

    Examples
    --------
    >>> print(sigmoid([-740.0, 0.0, np.inf]))
    [4.2e-322 5.0e-001 1.0e+000]
    """
    z = values_array(logits, "sigmoid", "logits")
    return evaluated(z, lambda z, place, out: _power(np.minimum(z, 0.0)) / (1.0 + _fall(z)), rows=False)


def log_sigmoid(logits: ArrayLike) -> Numbers:
    r"""Return :math:`\log \sigma(z) = \min(z, 0) - \log(1 + e^{-|z|})` of logits of any shape, in nats.

    Neither term is positive. Source: Bishop (2006), equation 4.59; Mächler (2012), section 2, for ``log1p``.

    Examples
    --------
    >>> print(log_sigmoid([-1e308, 0.0, 100.0]))
    [-1.00000000e+308 -6.93147181e-001 -3.72007598e-044]
    """
    z = values_array(logits, "log_sigmoid", "logits")
    return evaluated(z, lambda z, place, out: np.minimum(z, 0.0) - np.log1p(_fall(z)), rows=False)


@overload
def binary_cross_entropy_with_logits(
    logits: ArrayLike, targets: ArrayLike, *, return_grad: Yes
) -> LossAndDerivative: ...
@overload
def binary_cross_entropy_with_logits(
    logits: ArrayLike, targets: ArrayLike, *, return_grad: bool = False
) -> Numbers: ...
def binary_cross_entropy_with_logits(logits: ArrayLike, targets: ArrayLike, *, return_grad: bool = False) -> Numbers:
    r"""Return :math:`-y \log \sigma(z) - (1 - y) \log \sigma(-z)` ≥ 0 for each example, in nats.

    Computed as :math:`c z + \log(1 + t)`; the derivative is :math:`\sigma(z) - y`, in [−1, 1].
    Source: Bishop (2006), equations 4.90 and 4.91.

    Parameters
    ----------
    logits : any shape
    targets : the same shape; labels 0 and 1, or probabilities of label 1
    return_grad : whether to return the pair of losses and derivatives

    Examples
    --------
    >>> print(*binary_cross_entropy_with_logits([0.0, -1e308, 46.0], [1, 1, 1], return_grad=True), sep="\n")
    [6.93147181e-001 1.00000000e+308 1.05306174e-020]
    [-5.00000000e-01 -1.00000000e+00 -1.05306174e-20]
    """
    z, y = _pair(logits, targets, "binary_cross_entropy_with_logits")

    def of_block(z: Float64Array, place: slice, out: Float64Array | None) -> Float64Array:
        t, c = _parts(z, y[place])
        if out is not None:
            _slope(z, c, t, out)
        loss = _weighted(c, z)
        loss += np.log1p(t, out=t)
        return loss

    return evaluated(z, of_block, return_grad, rows=False)


@overload
def sigmoid_squared_error(logits: ArrayLike, targets: ArrayLike, *, return_grad: Yes) -> LossAndDerivative: ...
@overload
def sigmoid_squared_error(logits: ArrayLike, targets: ArrayLike, *, return_grad: bool = False) -> Numbers: ...
def sigmoid_squared_error(logits: ArrayLike, targets: ArrayLike, *, return_grad: bool = False) -> Numbers:
    r"""Return :math:`(\sigma(z) - y)^2` in [0, 1] for each example, without a factor ½.

    The derivative is :math:`2 (\sigma(z) - y) \, \sigma(z) \sigma(-z)`, at most 8/27 in size; it vanishes
    at both ends, also where the prediction is wrong. The arguments are those of
    :func:`binary_cross_entropy_with_logits`. Source: Nielsen (2015), equation 54 (there with a factor ½).

    Examples
    --------
    >>> print(*sigmoid_squared_error([0.0, -40.0], [1, 1], return_grad=True))
    [0.25 1.  ] [-2.50000000e-01 -8.49670851e-18]
    """
    z, y = _pair(logits, targets, "sigmoid_squared_error")

    def of_block(z: Float64Array, place: slice, out: Float64Array | None) -> Float64Array:
        t, c = _parts(z, y[place])
        error = _slope(z, c, t)
        if out is not None:
            np.multiply(2.0 * error, t / np.square(1.0 + t), out=out)
        return np.square(error, out=error)

    return evaluated(z, of_block, return_grad, rows=False)


@overload
def sigmoid_focal_loss(
    logits: ArrayLike,
    targets: ArrayLike,
    gamma: float = 2.0,
    alpha: float | None = None,
    *,
    mixed: Mixed = "probability",
    return_grad: Yes,
) -> LossAndDerivative: ...
@overload
def sigmoid_focal_loss(
    logits: ArrayLike,
    targets: ArrayLike,
    gamma: float = 2.0,
    alpha: float | None = None,
    *,
    mixed: Mixed = "probability",
    return_grad: bool = False,
) -> Numbers: ...
def sigmoid_focal_loss(
    logits: ArrayLike,
    targets: ArrayLike,
    gamma: float = 2.0,
    alpha: float | None = None,
    *,
    mixed: Mixed = "probability",
    return_grad: bool = False,
) -> Numbers:
    r"""Return the focal loss :math:`-\alpha_y (1 - p_y)^\gamma \log p_y`, p_y that of the label, in nats.

    For a target between 0 and 1 there are two conventions, which differ unless γ = 0. The frameworks
    (torchvision, Keras, optax) mix the *probability*: :math:`\alpha_t (1 - p_t)^\gamma` times the
    cross-entropy, with :math:`p_t = y \sigma(z) + (1 - y) \sigma(-z)` and α_t likewise of α and 1 − α.
    The mean over random labels mixes the *loss*: y times that of label 1 plus 1 − y times that of label 0.
    Source: Lin et al. (2017), equations 4 and 5.

    Parameters
    ----------
    logits, targets, return_grad : as for :func:`binary_cross_entropy_with_logits`
    gamma : the focusing parameter γ ≥ 0; 0 gives the cross-entropy
    alpha : the weight of label 1, in [0, 1]; label 0 gets 1 − α. Without it both get 1
    mixed : what a target between 0 and 1 mixes, ``"probability"`` or ``"loss"``

    Examples
    --------
    >>> print(sigmoid_focal_loss([0.0, 3.0, -1e308], [1, 1, 1]))
    [1.73286795e-001 1.09283324e-004 1.00000000e+308]
    >>> print(*(sigmoid_focal_loss(75.0, 0.8, 0.5, mixed=m).round(3) for m in ("probability", "loss")))
    6.708 15.0
    """
    z, y = _pair(logits, targets, "sigmoid_focal_loss")
    power = number(gamma, "sigmoid_focal_loss", "gamma", low=0.0)
    one = 1.0 if alpha is None else number(alpha, "sigmoid_focal_loss", "alpha", low=0.0, high=1.0)
    zero = 1.0 if alpha is None else 1.0 - one
    one_of(mixed, ("probability", "loss"), "sigmoid_focal_loss", "mixed")

    def of_block(z: Float64Array, place: slice, out: Float64Array | None) -> Float64Array:
        of_one = y[place].astype(np.float64)
        weights = (one * of_one, zero * (1.0 - of_one))
        terms = [(weight, np.broadcast_to(y, z.shape)) for weight, y in zip(weights, (1.0, 0.0), strict=True)]
        if mixed == "probability":
            terms = [(np.add(*weights, out=weights[0]), of_one)]
        parts = [(weight, *_focal(z, target, power)) for weight, target in terms]
        if out is not None:
            np.add.reduce([weight * slope for weight, _, slope in parts], out=out)
        return np.add.reduce([_weighted(weight, value) for weight, value, _ in parts])

    return evaluated(z, of_block, return_grad, rows=False)


def _focal(z: Float64Array, y: Float64Array, gamma: float) -> tuple[Float64Array, Float64Array]:
    r"""Return :math:`w^\gamma L` with the cross-entropy L and w = 1 − p_t, and its derivative by z.

    The derivative is :math:`w^\gamma (L' + \gamma (1 - 2y) \sigma(z) \sigma(-z) L / w)`; for a label both
    terms have one sign.
    """
    t, c = _parts(z, y)
    one, zero = (_power(np.minimum(side, 0.0)) / (1.0 + t) for side in (z, -z))
    wrong = one * (1.0 - y) + zero * y
    slope = _slope(z, c, t)
    loss = _weighted(c, z)
    loss += np.log1p(t, out=t)
    pull = one * zero / wrong
    pull *= loss
    pull[(one == 0) | (zero == 0) | (wrong == 0)] = 0.0  # what the product tends to
    slope += gamma * (1.0 - 2.0 * y) * pull
    focus = wrong ** (0.5 * gamma)  # half of the power at a time: the whole may vanish where the loss is huge
    return np.where(np.isinf(loss), loss, loss * focus * focus), slope * focus * focus


@overload
def gaussian_nll(
    mean: ArrayLike, targets: ArrayLike, variance: ArrayLike, full: bool = False, *, return_grad: Yes
) -> tuple[Numbers, LossAndDerivative]: ...
@overload
def gaussian_nll(
    mean: ArrayLike, targets: ArrayLike, variance: ArrayLike, full: bool = False, *, return_grad: bool = False
) -> Numbers: ...
def gaussian_nll(
    mean: ArrayLike, targets: ArrayLike, variance: ArrayLike, full: bool = False, *, return_grad: bool = False
) -> Numbers:
    r"""Return :math:`\tfrac12 \left(\log v + (y - \mu)^2 / v\right)` for each number, in nats.

    Its derivatives are :math:`(\mu - y)/v` by the mean and :math:`\left(1 - (y - \mu)^2 / v\right) /
    (2v)` by the variance. The error is divided by √v *before* it is squared, so the square overflows only
    where the loss does. Source: Nix and Weigend (1994), equation 5.

    Parameters
    ----------
    mean : any shape, the predicted mean μ
    targets : the same shape, finite, the observed numbers y
    variance : the same shape or one number, the variance v > 0; it is never floored
    full : whether to add ½ log 2π, which makes the loss the negative logarithm of the density
    return_grad : whether to return the pair of losses and (derivatives by the mean, by the variance)

    Examples
    --------
    >>> print(gaussian_nll([0.0, 1.0], [0.0, 3.0], 1.0), gaussian_nll(0.0, 0.0, 1.0, full=True).round(4))
    [0. 2.] 0.9189
    """
    m = values_array(mean, "gaussian_nll", "mean")
    y = finite_array(targets, "gaussian_nll", "targets")
    v = values_array(variance, "gaussian_nll", "variance")
    same_shape(y, m.shape, "gaussian_nll", "targets", "the shape of `mean`,")
    if v.ndim:
        same_shape(v, m.shape, "gaussian_nll", "variance", "a single number, or the shape of `mean`,")
    if np.fmin.reduce(v, axis=None) <= 0:
        refuse_where(v <= 0, v, ("gaussian_nll", "variance"), "numbers above 0", "nothing is floored")
    observed, widths = y.reshape(-1), np.broadcast_to(v, m.shape).reshape(-1)
    by_variance = np.empty(m.size if return_grad else 0, m.dtype)

    def of_block(mean: Float64Array, place: slice, out: Float64Array | None) -> Float64Array:
        target, width = (part[place].astype(np.float64, copy=False) for part in (observed, widths))
        half_error = 0.5 * mean - 0.5 * target  # halved, the difference cannot overflow
        scaled = 2.0 * np.square(half_error / np.sqrt(width))
        if out is not None:
            error = mean - target
            out[:] = np.where(np.isinf(error), half_error / width * 2.0, error / width)
            # Of (½ − s)/v the ½ no longer counts where s itself overflows.
            by_variance[place] = np.where(np.isinf(scaled), -0.5 * out * out, (0.5 - scaled) / width)
        return 0.5 * np.log(width) + scaled + (0.5 * np.log(2.0 * np.pi) if full else 0.0)

    found = evaluated(m, of_block, return_grad, rows=False)
    return (found[0], (found[1], by_variance.reshape(m.shape)[()])) if return_grad else found
