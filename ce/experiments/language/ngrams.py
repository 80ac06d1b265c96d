"""n-grams: how often each token followed its predecessors in a training text, at each place of another text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ce.checks import FloatArray, IntArray, number

__all__ = ["Counts", "counted"]


@dataclass(frozen=True)
class Counts:
    """What the training texts say of the T tokens of a text, from contexts of 0, 1, …, n − 1 tokens.

    Parameters
    ----------
    share
        Shape (n, T): the share of this token among those that followed its context in training; 0 where the
        context never came up.
    total, kinds
        Shape (n, T): how many tokens followed this context in training, and how many different ones.
    """

    share: FloatArray
    total: IntArray
    kinds: IntArray

    def part(self, places: slice) -> Counts:
        """Return the counts of some of the tokens."""
        return Counts(self.share[:, places], self.total[:, places], self.kinds[:, places])

    def probabilities(self, spread: float | None, base: FloatArray | float) -> FloatArray:
        """Return the probability of each token by the models of orders 0, 1, …, n, shape (n + 1, T).

        Order 0 is ``base``. Each longer context keeps the share 1 − ε for what followed it in training, and leaves
        ε to the next shorter one; a context that never came up leaves all.

        Parameters
        ----------
        spread
            The ε of every context; None gives each its own, k / (k + t) where t tokens of k kinds followed it.
        base
            The probability of each token before any counting: 1/27 for a letter.

        References
        ----------
        Witten and Bell (1991), method C: the ε of a context is the share of novelties in it.

        Examples
        --------
        >>> counts = counted([np.array([1, 1, 2])], [np.array([1, 2, 2])], order=1, alphabet=3)
        >>> counts.probabilities(spread=0.3, base=1 / 3)[1]
        array([0.56666667, 0.33333333, 0.33333333])
        """
        if spread is not None:
            number(spread, "probabilities", "spread", low=0, high=1)
        found = [np.broadcast_to(base, self.share.shape[1:])]
        for share, total, kinds in zip(self.share, self.total, self.kinds, strict=True):
            left = kinds / np.maximum(kinds + total, 1) if spread is None else spread
            found.append(np.where(total > 0, (1 - left) * share + left * found[-1], found[-1]))
        return np.stack(found)


def counted(training: Sequence[IntArray], texts: Sequence[IntArray], order: int, alphabet: int) -> Counts:
    """Count the n-grams of the training texts, and look up those of the texts, one after the other.

    Parameters
    ----------
    training, texts
        Tokens as numbers from 0 to ``alphabet`` − 1. Before its first token each text has as many 0 as needed.
    order
        The longest n-grams.
    alphabet
        How many tokens there are.

    Raises
    ------
    ValueError
        When a number of an n-gram would not fit into 64 bits.
    """
    if alphabet**order >= 2**63:
        raise ValueError(f"counted: expected alphabet ** order below 2 ** 63, got {alphabet} ** {order}")
    rows: list[tuple[FloatArray, IntArray, IntArray]] = []
    for n in range(1, order + 1):
        grams, counts = np.unique(_grams(training, n, alphabet), return_counts=True)
        contexts, first = np.unique(grams // alphabet, return_index=True)
        totals, kinds = np.add.reduceat(counts, first), np.diff(np.append(first, len(grams)))
        wanted = _grams(texts, n, alphabet)
        count = _found(grams, counts, wanted)
        total, kind = (_found(contexts, column, wanted // alphabet) for column in (totals, kinds))
        rows.append((count / np.maximum(total, 1), total, kind))
    return Counts(*(np.stack(column) for column in zip(*rows, strict=True)))


def _grams(texts: Sequence[IntArray], n: int, alphabet: int) -> IntArray:
    """Return the n-gram that ends at each token as one number, its digits the tokens."""
    blank = np.zeros(n - 1, dtype=np.int64)
    joined = np.concatenate([part for text in texts for part in (blank, text)])
    own = np.concatenate([part for text in texts for part in (blank > 0, text >= 0)])
    value = np.zeros(len(joined), dtype=np.int64)
    for at in range(n):
        value[at:] += joined[: len(joined) - at] * alphabet**at
    return value[own]


def _found(keys: IntArray, values: IntArray, wanted: IntArray) -> IntArray:
    """Return the value of each key that is wanted, 0 for one that is not there."""
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0)
