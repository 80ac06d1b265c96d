"""Rows in blocks: what is in work at one time stays in the processor's cache, however large the array is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK", "blocks", "float64_blocks"]

BLOCK = 2**17
"""How many numbers a block holds: 1 MiB of them, so that the work in a block outweighs the calls to NumPy.

A single row that is longer is a block by itself.
"""


def blocks(rows: int, classes: int = 1) -> Iterator[slice]:
    """Return slices that cover ``rows`` rows of ``classes`` numbers, each of about :data:`BLOCK` numbers.

    Examples
    --------
    >>> list(blocks(5, classes=BLOCK // 2))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    height = max(1, BLOCK // classes)
    return (slice(first, min(first + height, rows)) for first in range(0, rows, height))


def float64_blocks(array: NDArray[Any]) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Yield the blocks of an array of one or two axes, each with its place, as float64.

    That is how float32 is computed: a block at a time in float64, rounded once at the end.
    """
    for place in blocks(len(array), array.shape[1] if array.ndim == 2 else 1):
        yield place, np.ascontiguousarray(array[place], dtype=np.float64)
