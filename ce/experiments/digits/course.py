"""A network that is trained long after it knows its training digits, and what becomes of the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ce.checks import FloatArray, IntArray, positive_integer
from ce.experiments.digits.data import Examples, Splits, digits_splits
from ce.experiments.digits.losses import LOSSES
from ce.experiments.digits.network import initial_parameters, outputs_of
from ce.experiments.digits.probabilities import fitted_temperature
from ce.experiments.digits.training import batches, train
from ce.numeric import accuracy, cross_entropy_with_logits, softmax

__all__ = ["Course", "Performance", "training_course"]

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
        raise ValueError(
            f"training_course: argument `images`: expected at most {splits.train.labels.shape[1]}, got {images}"
        )
    splits = _few(splits, images, random_labels)
    at = np.unique(np.r_[0, np.geomspace(1, steps, looks).round().astype(int)])
    order = batches(seeds, images, min(BATCH, images), steps + 1)
    parameters = initial_parameters((PIXELS, hidden, CLASSES), seeds)
    seen: dict[str, list[FloatArray]] = {"train": [], "validation": [], "test": []}
    rescaled: list[FloatArray] = []
    temperatures: list[FloatArray] = []
    for start, end in zip(np.r_[0, at[:-1]], at, strict=True):
        if end > start:
            chunk = order[start : end + 1]
            run = train(
                parameters, LOSSES["cross-entropy"], splits, rates=np.array([RATE]), order=chunk, every=len(chunk)
            )
            parameters = run.parameters
        for name, looked in seen.items():
            looked.append(
                _performance(outputs_of(parameters, getattr(splits, name))[:, 0], getattr(splits, name).labels)
            )
        held, tested = (outputs_of(parameters, part)[:, 0] for part in (splits.validation, splits.test))
        fitted = np.array([fitted_temperature(*run) for run in zip(held, splits.validation.labels, strict=True)])
        rescaled.append(_performance(tested / fitted[:, np.newaxis, np.newaxis], splits.test.labels))
        temperatures.append(fitted)
    training, validation, test, cooled = (
        Performance(*np.stack(looked, axis=1)) for looked in (*seen.values(), rescaled)
    )
    return Course(at, training, validation, test, cooled, np.stack(temperatures))


def _performance(outputs: FloatArray, labels: IntArray) -> FloatArray:
    """Return loss, accuracy and confidence for each seed, shape (3, S)."""
    loss = cross_entropy_with_logits(outputs, labels).mean(axis=-1)
    return np.stack([loss, accuracy(outputs, labels), softmax(outputs).max(axis=-1).mean(axis=-1)])
