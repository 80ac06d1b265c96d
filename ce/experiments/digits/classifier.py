"""A classifier, for many runs at once: its layers and their start, the loss it is trained on, what it reports.

It has linear layers and rectifiers between them. Every array carries leading axes (S, P), seeds by learning rates:
``matmul`` then computes S·P networks in one call. With one layer this is softmax regression; with two it has one hidden
layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from scipy.optimize import minimize_scalar

from ce.checks import FloatArray, IntArray
from ce.experiments.digits.data import Examples
from ce.numeric import cross_entropy_with_logits, softmax, softmax_squared_error, squared_error


class Layer(NamedTuple):
    """A linear layer: weights of shape (S, P, D, H) and biases of shape (S, P, 1, H)."""

    weights: FloatArray
    biases: FloatArray


Parameters: TypeAlias = tuple[Layer, ...]


def initial_parameters(sizes: Sequence[int], seeds: int) -> Parameters:
    """Return an ordinary start for each seed: weights from N(0, 1/D), D the inputs of the layer; biases 0.

    Parameters
    ----------
    sizes
        The widths from the features to the classes, such as (64, 10) or (64, 32, 10).
    seeds
        The number S of starts to draw, from the generators of the seeds 0, …, S − 1; P is 1.

    Examples
    --------
    >>> [layer.weights.shape for layer in initial_parameters((64, 32, 10), seeds=5)]
    [(5, 1, 64, 32), (5, 1, 32, 10)]
    """
    generators = [np.random.default_rng([seed, 1]) for seed in range(seeds)]
    layers = []
    for inputs, units in pairwise(sizes):
        drawn = np.stack([generator.normal(size=(1, inputs, units)) for generator in generators])
        layers.append(Layer(drawn / np.sqrt(inputs), np.zeros((seeds, 1, 1, units))))
    return tuple(layers)


def forward(parameters: Parameters, features: FloatArray) -> list[FloatArray]:
    """Return the input of every layer and, last, the outputs.

    Parameters
    ----------
    parameters
        The layers.
    features
        Shape (S, 1, N, D), or (S, P, N, D).

    Returns
    -------
    list of arrays
        The features, the activations max(0, ·) of each hidden layer (S, P, N, H), the outputs z (S, P, N, K).
    """
    values = [features]
    for number, layer in enumerate(parameters, start=1):
        z = values[-1] @ layer.weights + layer.biases
        values.append(z if number == len(parameters) else np.maximum(z, 0.0))
    return values


def backward(parameters: Parameters, values: list[FloatArray], slope: FloatArray) -> Parameters:
    """Return the gradient with respect to every weight and bias, by back-propagation.

    Parameters
    ----------
    parameters
        The layers.
    values
        What :func:`forward` returned for them.
    slope
        The gradient with respect to the outputs, of the shape of the outputs.

    Returns
    -------
    tuple of layers
        The gradient, with the shapes of ``parameters``.
    """
    gradients: list[Layer] = []
    for layer, inputs in zip(reversed(parameters), reversed(values[:-1]), strict=True):
        gradients.append(Layer(inputs.swapaxes(-1, -2) @ slope, slope.sum(axis=-2, keepdims=True)))
        if len(gradients) < len(parameters):
            slope = (slope @ layer.weights.swapaxes(-1, -2)) * (inputs > 0)
    return tuple(reversed(gradients))


def outputs_of(parameters: Parameters, examples: Examples) -> FloatArray:
    """Return the outputs, shape (S, P, N, K), for each seed's own examples."""
    return forward(parameters, examples.features[:, np.newaxis])[-1]


def ordinary(parameters: Parameters, examples: Examples, excess: float) -> Parameters:
    """Return the parameters as they were drawn."""
    return parameters


def one_class_ahead(parameters: Parameters, examples: Examples, excess: float) -> Parameters:
    """Return a start that predicts one class whatever the example: its output bias is ``excess``, not 0.

    The class is the seed's number modulo K. A softmax gives it about e^``excess`` times the probability of
    any other class; about one example in K is predicted rightly.

    Parameters
    ----------
    parameters
        An ordinary start, with P = 1.
    examples
        Not needed here.
    excess
        How far ahead, in logits.
    """
    *hidden, last = parameters
    biases = last.biases.copy()
    seeds = np.arange(len(biases))
    biases[seeds, 0, 0, seeds % biases.shape[-1]] = excess
    return (*hidden, Layer(last.weights, biases))


def large_weights(parameters: Parameters, examples: Examples, excess: float) -> Parameters:
    """Return a start whose random output weights are too large, so that it is confident for no reason.

    The last layer's weights are multiplied by the one factor at which, in the mean over the examples, the
    largest output exceeds the output of the true class by ``excess``.

    Parameters
    ----------
    parameters
        An ordinary start, with P = 1 and output biases of zero, so that outputs scale with the weights.
    examples
        The training examples.
    excess
        The mean excess to reach, in logits.
    """
    outputs = outputs_of(parameters, examples)
    own = np.take_along_axis(outputs, examples.labels[:, np.newaxis, :, np.newaxis], axis=-1)[..., 0]
    factor = excess / (outputs.max(axis=-1) - own).mean(axis=-1)
    *hidden, last = parameters
    return (*hidden, Layer(last.weights * factor[..., np.newaxis, np.newaxis], last.biases))


STARTS: dict[str, Callable[[Parameters, Examples, float], Parameters]] = {
    "ordinary": ordinary,
    "one class ahead": one_class_ahead,
    "large weights": large_weights,
}


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
