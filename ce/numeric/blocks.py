"""Rows in blocks: what is in work at one time stays in the processor's cache, however large the array is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK", "blocks", "float64_blocks", "working_in_blocks"]

BLOCK = 2**16
"""How many numbers a block holds: half a MiB, so that the work in a block outweighs the calls to NumPy.

A single row that is longer is a block by itself.
"""

# The C library (glibc) hands freed memory back to the system, and each block would fault its pages in anew,
# which takes longer than the arithmetic. Once it has freed a larger piece, it keeps pieces up to that size.
np.empty(16 * BLOCK)

BUFFER = 512
"""How many numbers NumPy's buffer holds: rows that would fit are filled into it, to meet one number per row.

At its default of 8192 that takes several times as long as the arithmetic itself.
"""


@contextmanager
def working_in_blocks() -> Iterator[None]:
    """Have NumPy silent about ∞ − ∞ and the like, and its buffer short, within the context."""
    with np.errstate(all="ignore"):  # which puts back the size of the buffer, too
        np.setbufsize(BUFFER)
        yield


def blocks(rows: int, classes: int = 1, size: int = BLOCK) -> Iterator[slice]:
    """Return slices that cover ``rows`` rows of ``classes`` numbers, each of about ``size`` numbers.

    Examples
    --------
    >>> list(blocks(5, classes=BLOCK // 2))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    height = max(1, size // classes)
    return (slice(first, min(first + height, rows)) for first in range(0, rows, height))


def float64_blocks(array: NDArray[Any], size: int = BLOCK) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Yield the blocks of an array of one or two axes, each with its place, as float64.

    That is how float32 is computed: a block at a time in float64, rounded once at the end.
    """
    for place in blocks(len(array), array.shape[1] if array.ndim == 2 else 1, size):
        yield place, np.ascontiguousarray(array[place], dtype=np.float64)
