"""The three ways to train a classifier that the study compares, and the probabilities that the trained one reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from ce.checks import FloatArray, IntArray
from ce.numeric import cross_entropy_with_logits, softmax, softmax_squared_error, squared_error

__all__ = ["LOSSES", "Loss", "fitted_temperature", "floored", "nearest_pmf"]


@dataclass(frozen=True)
class Loss:
    """A loss on the network's outputs z, as training needs it.

    Parameters
    ----------
    name
        What tables call it.
    gradient
        Takes outputs and one-hot targets of shape (..., K); returns the gradient with respect to the outputs.
    middle_rate
        The learning rate in the middle of the sweep (each loss has its own scale).
    through_softmax
        Whether the outputs are logits. If not, they are the probabilities themselves, or should be.
    """

    name: str
    gradient: Callable[[FloatArray, FloatArray], FloatArray]
    middle_rate: float
    through_softmax: bool = True

    def probabilities(self, outputs: FloatArray, floor: float) -> FloatArray:
        """Return the pmf that a model trained with this loss reports.

        Logits go through the softmax. Raw outputs go to the nearest pmf, which is often exactly zero, and are
        then mixed with the uniform one so that no probability is below ``floor``.
        """
        return softmax(outputs) if self.through_softmax else floored(nearest_pmf(outputs), floor)


_ALL = (
    Loss("cross-entropy", lambda z, t: cross_entropy_with_logits(z, t, return_grad=True)[1], middle_rate=1.0),
    Loss("squared error, softmax", lambda z, t: softmax_squared_error(z, t, return_grad=True)[1], middle_rate=1.0),
    Loss(
        "squared error, raw",
        lambda z, t: squared_error(z, t, return_grad=True)[1],
        middle_rate=0.01,
        through_softmax=False,
    ),
)

LOSSES: dict[str, Loss] = {loss.name: loss for loss in _ALL}
"""The losses of the study by name."""


def nearest_pmf(outputs: FloatArray) -> FloatArray:
    r"""Return the probabilities nearest to the outputs, :math:`\arg\min_p \sum_k (p_k - z_k)^2`, p a pmf.

    Squared error on raw outputs fits the mean of the one-hot label, which is the class probability; but
    nothing keeps an output inside [0, 1]. Going to the nearest pmf never takes it further from a one-hot
    label.

    Parameters
    ----------
    outputs
        Shape (..., K).

    Returns
    -------
    array
        Shape (..., K): max(0, z − τ) with the one τ at which the sum is 1.

    References
    ----------
    Held, Wolfe and Crowder (1974); Duchi, Shalev-Shwartz, Singer and Chandra (2008), figure 1.

    Examples
    --------
    >>> print(nearest_pmf(np.array([0.75, 0.5, -0.5])))
    [0.625 0.375 0.   ]
    """
    descending = -np.sort(-outputs, axis=-1)
    excess = descending.cumsum(axis=-1) - 1
    counts = np.arange(1, outputs.shape[-1] + 1)
    kept = np.sum(descending > excess / counts, axis=-1, keepdims=True)
    tau = np.take_along_axis(excess, kept - 1, axis=-1) / kept
    nearest: FloatArray = np.maximum(outputs - tau, 0.0)
    return nearest / nearest.sum(axis=-1, keepdims=True)


def floored(probabilities: FloatArray, floor: float) -> FloatArray:
    """Return the probabilities mixed with the uniform ones, so that each is at least ``floor``.

    Without that, one true class that was given probability zero would make the log loss infinite. The log
    loss depends on the floor, which is why it has to be stated.

    Examples
    --------
    >>> print(floored(np.array([1.0, 0.0]), 0.125))
    [0.875 0.125]
    """
    return (1 - probabilities.shape[-1] * floor) * probabilities + floor


def fitted_temperature(outputs: FloatArray, labels: IntArray) -> float:
    r"""Return the one T > 0 for which softmax(z / T) has the least log loss: temperature scaling.

    The loss is convex in 1/T, so a bounded search on log T finds it; T is kept within e^±7.

    Parameters
    ----------
    outputs
        Shape (N, K): logits, or raw outputs read as such; of examples the network was not trained on.
    labels
        Shape (N,): their classes.

    References
    ----------
    Guo, Pleiss, Sun and Weinberger (2017), section 4.2.

    Examples
    --------
    >>> outputs = np.array([[4.0, 0.0], [4.0, 0.0], [4.0, 0.0], [4.0, 0.0]])
    >>> temperature = fitted_temperature(outputs, np.array([0, 0, 0, 1]))
    >>> print(np.exp(4.0 / temperature).round(3))
    3.0
    """

    def loss(log_temperature: float) -> float:
        rescaled = outputs / np.exp(log_temperature)
        return float(cross_entropy_with_logits(rescaled, labels).mean())

    found = minimize_scalar(loss, bounds=(-7.0, 7.0), method="bounded", options={"xatol": 1e-8})
    return float(np.exp(found.x))
