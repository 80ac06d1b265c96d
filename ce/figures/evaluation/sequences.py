"""The states of sequences in numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "count_draws", "iterate", "uniforms"]

Array: TypeAlias = NDArray[np.float64]


def iterate(updates: Sequence[Callable[..., Any]], start: Sequence[float], length: int) -> list[Array]:
    """Return the states 0 … length of numbers that are updated together, one array for each number."""
    states = np.empty((length + 1, len(start)))
    states[0] = start
    with np.errstate(all="ignore"):
        for at in range(length):
            now = states[at].tolist() if len(start) > 1 else (states[at, 0],)
            for k, update in enumerate(updates):
                states[at + 1, k] = update(*now)
    return list(states.T)


def count_draws(pmf: Sequence[float], seed: int, length: int) -> list[Array]:
    """Return how often each outcome has come up in 0 … length draws, one array for each outcome.

    Examples
    --------
    >>> [counts.tolist() for counts in count_draws((0.5, 0.5), seed=1, length=4)]
    [[0.0, 0.0, 1.0, 2.0, 2.0], [0.0, 1.0, 1.0, 1.0, 2.0]]
    """
    chances = np.asarray(pmf, dtype=float)
    # Rounding must not bring what cannot happen.
    last = int(np.flatnonzero(chances > 0)[-1])
    faces = (uniforms(seed, length)[:, None] >= np.cumsum(chances)[:-1]).sum(axis=1)
    faces = np.where(chances[faces] > 0, faces, last)
    drawn = faces[:, None] == np.arange(len(chances))
    return list(np.vstack([np.zeros(len(chances)), np.cumsum(drawn, axis=0)]).T)


def uniforms(seed: int, count: int) -> Array:
    """Return the uniform numbers in [0, 1) of the draws 1 … count.

    This is mulberry32 (Ettinger 2017) with the state counted from the seed, in 32-bit arithmetic, so that
    browser and Python draw the same.

    Examples
    --------
    >>> uniforms(1, 2).round(4).tolist()
    [0.5465, 0.4596]
    """
    at = np.arange(1, count + 1, dtype=np.uint32)
    start = np.uint32(seed * 0x9E3779B1 % 2**32)
    with np.errstate(over="ignore"):
        a = start + at * np.uint32(0x6D2B79F5)
        t = (a ^ (a >> np.uint32(15))) * (a | np.uint32(1))
        t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
    return (t ^ (t >> np.uint32(14))) / 2.0**32
