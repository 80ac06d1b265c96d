"""The 1,797 handwritten digits that scikit-learn carries: some to look at, and all of them split anew for each seed."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
from sklearn.datasets import load_digits

from ce.checks import FloatArray, IntArray, message, positive_integer


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


_SIZE = 8
_GAP = 2


@dataclass(frozen=True)
class Specimens:
    """Images of digits in a row; a notebook and a page show them as one drawing.

    Parameters
    ----------
    pixels
        Shape (N, 8, 8): how dark each pixel is, from 0 to 1.
    labels
        Shape (N,): the digits they are images of.
    """

    pixels: FloatArray
    labels: IntArray

    @property
    def description(self) -> str:
        """What the drawing shows, in words."""
        named = ", ".join(str(label) for label in self.labels)
        return f"Handwritten digits, eight by eight pixels each: {named}"

    def _repr_html_(self) -> str:
        count = len(self.labels)
        columns = min(count, 10)
        step = _SIZE + _GAP
        width, height = columns * step - _GAP, -(-count // columns) * step - _GAP
        squares = "".join(
            f'<rect x="{at % columns * step + column}" y="{at // columns * step + row}" '
            # A little wider than a pixel: no light shines through between neighbours.
            f'width="1.02" height="1.02" fill-opacity="{self.pixels[at, row, column]:.2g}"/>'
            for at, row, column in np.argwhere(self.pixels > 0)
        )
        return (
            f'<svg role="img" aria-label="{escape(self.description)}" viewBox="0 0 {width} {height}" '
            f'style="width: 100%; max-width: 38rem; fill: currentColor">{squares}</svg>'
        )


def specimens(count: int) -> Specimens:
    """Return the first digits of the data set.

    Parameters
    ----------
    count
        How many, up to 1,797.

    Returns
    -------
    Specimens
        Images and labels in the order of the data set.

    Raises
    ------
    TypeError, ValueError
        When ``count`` is not a positive integer, or larger than the data set.

    References
    ----------
    Alpaydin and Kaynak (1998), as ``sklearn.datasets.load_digits`` has it.

    Examples
    --------
    >>> specimens(5).labels.tolist()
    [0, 1, 2, 3, 4]
    """
    positive_integer(count, "specimens", "count")
    pixels, labels = load_digits(return_X_y=True)
    if count > len(labels):
        expected = f"at most {len(labels)}, the number of digits"
        raise ValueError(message("specimens", "count", expected, str(count)))
    return Specimens(pixels[:count].reshape(-1, _SIZE, _SIZE) / pixels.max(), labels[:count])
