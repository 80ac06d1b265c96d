"""Mini-batch gradient descent for all seeds and learning rates at once, and what a network does along the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ce.checks import FloatArray, IntArray, message, positive_integer
from ce.experiments.digits.classifier import (
    LOSSES,
    Layer,
    Loss,
    Parameters,
    backward,
    fitted_temperature,
    forward,
    initial_parameters,
    outputs_of,
)
from ce.experiments.digits.data import Examples, Splits, digits_splits
from ce.numeric import accuracy, cross_entropy_with_logits, one_hot, softmax

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


CLASSES, PIXELS, BATCH, RATE = 10, 64, 32, 0.3


@dataclass(frozen=True)
class Performance:
    """How a network does on some examples, at E looks and for S seeds: arrays of shape (E, S).

    Parameters
    ----------
    loss
        The mean cross-entropy in nats.
    accuracy
        The share of examples whose true class has the largest logit.
    confidence
        The mean of the largest probability.
    """

    loss: FloatArray
    accuracy: FloatArray
    confidence: FloatArray


@dataclass(frozen=True)
class Course:
    """The course of a training: the steps at which it was looked at, and what was seen there.

    Parameters
    ----------
    steps
        Shape (E,): after how many steps it was looked at.
    training, validation, test
        What was seen on the three splits.
    rescaled
        On the test split, with the outputs divided by ``temperature``.
    temperature
        Shape (E, S): the number that is best on the validation split.
    """

    steps: IntArray
    training: Performance
    validation: Performance
    test: Performance
    rescaled: Performance
    temperature: FloatArray


def _few(splits: Splits, images: int, random_labels: bool) -> Splits:
    """Return the splits with the first of the training images, and where asked for labels drawn at random."""
    features, labels = splits.train.features[:, :images], splits.train.labels[:, :images]
    if random_labels:
        drawn = [np.random.default_rng([seed, 3]).integers(CLASSES, size=images) for seed in range(len(labels))]
        labels = np.stack(drawn)
    return replace(splits, train=Examples(features, labels))


def training_course(
    images: int, *, random_labels: bool = False, hidden: int = 32, steps: int = 4000, looks: int = 14, seeds: int = 5
) -> Course:
    """Train a network with one hidden layer on a few digits, by plain mini-batch descent on cross-entropy.

    Parameters
    ----------
    images
        How many digits to train on, at most 1,077.
    random_labels
        Whether their labels are drawn anew, uniformly: then there is nothing to understand.
    hidden
        The units of the hidden layer.
    steps, looks
        How long to train, and how often to look: in geometric progress from step 1 on, and at the start.
    seeds
        How many runs, each with its own split, start and order.

    Raises
    ------
    TypeError, ValueError
        For numbers that are not positive integers, or more images than there are.

    Examples
    --------
    >>> course = training_course(50, steps=200, looks=3, seeds=2)
    >>> course.steps, course.validation.loss.shape
    (array([  0,   1,  14, 200]), (4, 2))
    """
    for name, value in (("images", images), ("hidden", hidden), ("steps", steps), ("looks", looks), ("seeds", seeds)):
        positive_integer(value, "training_course", name)
    splits = digits_splits(seeds, validation=360, test=360)
    if images > splits.train.labels.shape[1]:
        expected = f"at most {splits.train.labels.shape[1]}"
        raise ValueError(message("training_course", "images", expected, str(images)))
    splits = _few(splits, images, random_labels)
    at = np.unique(np.r_[0, np.geomspace(steps, 1, looks).round().astype(int)])  # a single look is at the end
    order = batches(seeds, images, min(BATCH, images), steps + 1)
    parameters = initial_parameters((PIXELS, hidden, CLASSES), seeds)
    parts = (splits.train, splits.validation, splits.test)
    seen, temperatures = [], []
    for start, end in zip(np.r_[0, at[:-1]], at, strict=True):
        if end > start:
            chunk = order[start : end + 1]
            run = train(
                parameters, LOSSES["cross-entropy"], splits, rates=np.array([RATE]), order=chunk, every=len(chunk)
            )
            parameters = run.parameters
        trained, held, tested = (outputs_of(parameters, part)[:, 0] for part in parts)
        fitted = np.array([fitted_temperature(*run) for run in zip(held, splits.validation.labels, strict=True)])
        temperatures.append(fitted)
        outputs = (trained, held, tested, tested / fitted[:, np.newaxis, np.newaxis])
        seen.append([_performance(z, part.labels) for z, part in zip(outputs, (*parts, splits.test), strict=True)])
    training, validation, test, rescaled = (Performance(*one) for one in np.stack(seen, axis=2))
    return Course(at, training, validation, test, rescaled, np.stack(temperatures))


def _performance(outputs: FloatArray, labels: IntArray) -> FloatArray:
    """Return loss, accuracy and confidence for each seed, shape (3, S)."""
    loss = cross_entropy_with_logits(outputs, labels).mean(axis=-1)
    return np.stack([loss, accuracy(outputs, labels), softmax(outputs).max(axis=-1).mean(axis=-1)])
