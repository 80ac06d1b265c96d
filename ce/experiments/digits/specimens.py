"""Some of the digits, to look at."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
from sklearn.datasets import load_digits

from ce.checks import FloatArray, IntArray, message, positive_integer

__all__ = ["Specimens", "specimens"]

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
