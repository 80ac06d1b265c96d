"""A classifier with linear layers and rectifiers between them, for many runs at once.

Every array carries leading axes (S, P), seeds by learning rates: ``matmul`` then computes S·P networks in one
call. With one layer this is softmax regression; with two it has one hidden layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np

from ce.checks import FloatArray
from ce.experiments.digits.data import Examples

__all__ = [
    "STARTS",
    "Layer",
    "Parameters",
    "backward",
    "forward",
    "initial_parameters",
    "large_weights",
    "one_class_ahead",
    "ordinary",
    "outputs_of",
]


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
