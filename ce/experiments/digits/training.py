"""Mini-batch gradient descent for all seeds and learning rates of one case at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ce.checks import FloatArray, IntArray
from ce.experiments.digits.data import Examples, Splits
from ce.experiments.digits.losses import Loss
from ce.experiments.digits.network import Layer, Parameters, backward, forward, outputs_of
from ce.numeric import accuracy, one_hot

__all__ = ["GradientSize", "Trained", "batches", "gradient_size", "train"]

DIVERGED = 1e12
"""An output of this size belongs to a run that diverged; the outputs of a healthy run are far smaller."""


@dataclass(frozen=True)
class Trained:
    """What training S seeds at P learning rates left.

    Parameters
    ----------
    parameters
        The layers after the last step; zeros for a run that diverged.
    steps
        Shape (E,): after how many steps the runs were looked at, from 0 on.
    accuracy
        Shape (E, S, P): on the validation split; NaN once a run has diverged.
    gradient
        Shape (E, S, P): the norm of the loss's gradient with respect to the outputs of one example, mean over
        that step's mini-batch; NaN once a run has diverged.
    diverged
        Shape (S, P).
    """

    parameters: Parameters
    steps: IntArray
    accuracy: FloatArray
    gradient: FloatArray
    diverged: NDArray[np.bool_]


@dataclass(frozen=True)
class GradientSize:
    """How large the gradient of the mean loss over some examples is, for each seed.

    Parameters
    ----------
    outputs
        Shape (S,): the Euclidean norm with respect to the outputs of one example, mean over the examples.
    parameters
        Shape (S,): the Euclidean norm with respect to all weights and biases together.
    """

    outputs: FloatArray
    parameters: FloatArray


def batches(seeds: int, examples: int, size: int, count: int) -> IntArray:
    """Return ``count`` mini-batches for each seed, shape (count, S, size), as numbers of examples.

    Epoch follows epoch, each in a new order. They depend on the seed alone: every case of a study meets the
    same mini-batches in the same order.
    """
    epochs = -(-count * size // examples)
    streams = []
    for seed in range(seeds):
        generator = np.random.default_rng([seed, 2])
        order = np.concatenate([generator.permutation(examples) for _ in range(epochs)])
        streams.append(order[: count * size].reshape(count, size))
    return np.stack(streams, axis=1)


def _targets(labels: IntArray, shape: tuple[int, ...]) -> FloatArray:
    return np.broadcast_to(one_hot(labels, shape[-1])[:, np.newaxis], shape)


def gradient_size(parameters: Parameters, loss: Loss, examples: Examples) -> GradientSize:
    """Return the size of the gradient of the mean loss over ``examples``, for parameters with P = 1."""
    values = forward(parameters, examples.features[:, np.newaxis])
    slope = loss.gradient(values[-1], _targets(examples.labels, values[-1].shape))
    layers = backward(parameters, values, slope / slope.shape[-2])
    squares = np.sum([np.square(array).sum(axis=(-3, -2, -1)) for layer in layers for array in layer], axis=0)
    return GradientSize(np.linalg.norm(slope, axis=-1).mean(axis=(-2, -1)), np.sqrt(squares))


def _look(parameters: Parameters, slope: FloatArray, examples: Examples) -> FloatArray:
    """Return the accuracy on ``examples`` and the mean size of ``slope``, shape (2, S, P)."""
    outputs = outputs_of(parameters, examples)
    labels = np.broadcast_to(examples.labels[:, np.newaxis], outputs.shape[:-1])
    return np.stack([accuracy(outputs, labels), np.linalg.norm(slope, axis=-1).mean(axis=-1)])


def _moved(parameters: Parameters, gradient: Parameters, pace: FloatArray) -> Parameters:
    return tuple(
        Layer(layer.weights - pace * move.weights, layer.biases - pace * move.biases)
        for layer, move in zip(parameters, gradient, strict=True)
    )


def train(
    start: Parameters,
    loss: Loss,
    splits: Splits,
    *,
    rates: FloatArray,
    order: IntArray,
    every: int,
    tick: Callable[[], object] = lambda: None,
) -> Trained:
    """Descend from ``start`` at each of the learning rates.

    Parameters
    ----------
    start
        The layers to start from, with P = 1: the same for every rate.
    loss
        What to descend on; the gradient is that of the mean over the mini-batch.
    splits
        The examples; those of the test split are not touched.
    rates
        Shape (P,): the learning rates.
    order
        Shape (steps + 1, S, B): the mini-batch of each step, from :func:`batches`; the last is only looked
        at.
    every
        After how many steps to look at the runs.
    tick
        Called once a step.

    Returns
    -------
    Trained
        A run that diverges is stopped there and marked; the others go on.
    """
    shape = (len(splits.train.labels), len(rates))
    parameters = tuple(Layer(*(np.broadcast_to(a, (*shape, *a.shape[2:])) for a in layer)) for layer in start)
    alive = np.ones((*shape, 1, 1), dtype=bool)
    seeds = np.arange(shape[0])[:, np.newaxis]
    looks = []
    for step, batch in enumerate(order):
        features = splits.train.features[seeds, batch][:, np.newaxis]
        values = forward(parameters, features)
        runaway = np.abs(values[-1]).max(axis=(-2, -1), keepdims=True) > DIVERGED
        if runaway.any():
            alive &= ~runaway
            parameters = tuple(Layer(*(np.where(alive, a, 0.0) for a in layer)) for layer in parameters)
            values = forward(parameters, features)
        slope = loss.gradient(values[-1], _targets(splits.train.labels[seeds, batch], values[-1].shape))
        if step % every == 0:
            looks.append(np.where(alive[..., 0, 0], _look(parameters, slope, splits.validation), np.nan))
        if step < len(order) - 1:
            pace = np.where(alive, rates[:, np.newaxis, np.newaxis], 0.0)
            parameters = _moved(parameters, backward(parameters, values, slope / batch.shape[-1]), pace)
        tick()
    seen_accuracy, seen_gradient = np.stack(looks, axis=1)
    steps = np.arange(0, len(order), every)
    return Trained(parameters, steps, seen_accuracy, seen_gradient, ~alive[..., 0, 0])
