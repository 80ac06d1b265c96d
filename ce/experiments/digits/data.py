"""The 1,797 handwritten digits that scikit-learn carries, split anew for each seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_digits

from ce.checks import FloatArray, IntArray, positive_integer

__all__ = ["Examples", "Splits", "digits_splits"]


@dataclass(frozen=True)
class Examples:
    """Examples of several seeds, stacked.

    Parameters
    ----------
    features
        Shape (S, N, D): for each of S seeds, N examples of D features.
    labels
        Shape (S, N): their classes, from 0.
    """

    features: FloatArray
    labels: IntArray


@dataclass(frozen=True)
class Splits:
    """What each seed trains on, chooses its learning rate on, and is tested on once.

    Parameters
    ----------
    train, validation, test
        Disjoint examples, each stacked over the seeds.
    classes
        The number of classes K.
    """

    train: Examples
    validation: Examples
    test: Examples
    classes: int


def digits_splits(seeds: int, validation: int, test: int) -> Splits:
    """Return the digits, shuffled and split once for each seed 0, …, ``seeds`` − 1.

    Parameters
    ----------
    seeds
        How many splits to make.
    validation, test
        How many examples to hold out for choosing the learning rate, and for testing.

    Returns
    -------
    Splits
        With K = 10 classes and D = 64 pixels, scaled from 0 … 16 to [0, 1] and centred: the mean image of the
        seed's own training split is subtracted.

    Raises
    ------
    TypeError, ValueError
        For numbers that are not positive integers, or when nothing would be left to train on.

    References
    ----------
    Alpaydin and Kaynak (1998), the test part of their data, as ``sklearn.datasets.load_digits`` has it.

    Examples
    --------
    >>> splits = digits_splits(seeds=2, validation=360, test=360)
    >>> splits.train.features.shape, splits.test.labels.shape
    ((2, 1077, 64), (2, 360))
    """
    for name, value in (("seeds", seeds), ("validation", validation), ("test", test)):
        positive_integer(value, "digits_splits", name)
    pixels, labels = load_digits(return_X_y=True)
    if validation + test >= len(labels):
        expected = f"validation + test below {len(labels)}, the number of digits"
        raise ValueError(f"digits_splits: expected {expected}, got {validation} + {test}")
    generators = [np.random.default_rng([seed, 0]) for seed in range(seeds)]
    orders = np.stack([generator.permutation(len(labels)) for generator in generators])
    cut = len(labels) - validation - test
    parts = np.split(orders, [cut, cut + validation], axis=1)
    mean_image = pixels[parts[0]].mean(axis=1, keepdims=True)
    train, held, final = (Examples((pixels[part] - mean_image) / 16, labels[part]) for part in parts)
    return Splits(train, held, final, classes=10)
