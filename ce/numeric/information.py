"""Entropy, cross-entropy and Kullback–Leibler divergence of probability mass functions held in arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ce.numeric.blocks import blocks, working_in_blocks
from ce.numeric.probabilities import pmf_array
from ce.numeric.scalars import one_of
from ce.numeric.summation import row_sums
from ce.numeric.validation import Float64Array, FloatArray, as_rows, same_shape

__all__ = ["UNITS", "Unit", "cross_entropy", "entropy", "kl_divergence"]

Unit: TypeAlias = Literal["nats", "bits", "hartleys"]

UNITS: dict[str, float] = {"nats": np.e, "bits": 2.0, "hartleys": 10.0}
"""The base of the logarithm that each unit stands for."""


def _checked_pair(p: ArrayLike, q: ArrayLike, function: str) -> tuple[FloatArray, FloatArray]:
    data, model = pmf_array(p, function, "p"), pmf_array(q, function, "q")
    same_shape(model, data.shape, function, "q", "the shape of `p`")
    return data, model


def _summed(term: Callable[..., Float64Array], unit: Unit, function: str, *pmfs: FloatArray) -> FloatArray:
    """Return the sum of a term over the classes, computed a block of rows at a time in float64."""
    one_of(unit, tuple(UNITS), function, "unit")
    rows = [as_rows(pmf) for pmf in pmfs]
    result = np.empty(len(rows[0]), np.result_type(*pmfs))
    with working_in_blocks():
        for place in blocks(*rows[0].shape):
            terms = term(*(part[place].astype(np.float64, copy=False) for part in rows))
            sums = row_sums(terms, size=np.add.reduce(np.abs(terms), axis=1)).sum()
            result[place] = sums / np.log(UNITS[unit])
    summed: FloatArray = result.reshape(pmfs[0].shape[:-1])[()]
    return summed


def _surprise(p: Float64Array, q: Float64Array) -> Float64Array:
    """Return −p log q, 0 where p is 0."""
    return 0.0 - special.xlogy(p, q)


def entropy(p: ArrayLike, *, unit: Unit = "nats") -> FloatArray:
    r"""Return :math:`H(p) = -\sum_k p_k \log p_k`, with 0 log 0 = 0.

    Parameters
    ----------
    p
        Shape (..., K); probabilities that sum to one over the last axis.
    unit
        ``"nats"``, ``"bits"`` or ``"hartleys"``.

    Returns
    -------
    array
        Shape (...); numbers from 0 to log K.

    Raises
    ------
    TypeError, ValueError
        When ``p`` is no pmf or the unit is unknown.

    References
    ----------
    Shannon (1948), section 6; Cover and Thomas (2006), equation 2.1.

    Examples
    --------
    >>> print(entropy([0.5, 0.25, 0.25, 0.0], unit="bits"))
    1.5
    """
    return _summed(special.entr, unit, "entropy", pmf_array(p, "entropy", "p"))


def cross_entropy(p: ArrayLike, q: ArrayLike, *, unit: Unit = "nats") -> FloatArray:
    r"""Return :math:`H(p, q) = -\sum_k p_k \log q_k`, with 0 log 0 = 0.

    Parameters
    ----------
    p, q
        Shape (..., K) both; probabilities that sum to one over the last axis. ``p`` is the data, ``q`` the
        model.
    unit
        ``"nats"``, ``"bits"`` or ``"hartleys"``.

    Returns
    -------
    array
        Shape (...); at least the entropy of ``p``; ``inf`` exactly where some class has q = 0 but p > 0.

    Raises
    ------
    TypeError, ValueError
        When ``p`` or ``q`` is no pmf, their shapes differ, or the unit is unknown.

    References
    ----------
    Cover and Thomas (2006), section 5.4 (the expected length of the wrong code).

    Examples
    --------
    >>> print(cross_entropy([0.5, 0.5], [0.25, 0.75], unit="bits").round(4))
    1.2075
    """
    return _summed(_surprise, unit, "cross_entropy", *_checked_pair(p, q, "cross_entropy"))


def kl_divergence(p: ArrayLike, q: ArrayLike, *, unit: Unit = "nats") -> FloatArray:
    r"""Return :math:`\mathrm{KL}(p \,\|\, q) = \sum_k p_k \log (p_k / q_k)`, with 0 log 0 = 0.

    Parameters
    ----------
    p, q
        Shape (..., K) both; probabilities that sum to one over the last axis. ``p`` is the data, ``q`` the
        model.
    unit
        ``"nats"``, ``"bits"`` or ``"hartleys"``.

    Returns
    -------
    array
        Shape (...); numbers ≥ 0 (what rounding leaves below zero is set to zero); ``inf`` exactly where some
        class has q = 0 but p > 0.

    Raises
    ------
    TypeError, ValueError
        When ``p`` or ``q`` is no pmf, their shapes differ, or the unit is unknown.

    References
    ----------
    Kullback and Leibler (1951); Cover and Thomas (2006), equation 2.26.

    Examples
    --------
    >>> print(kl_divergence([[0.5, 0.5], [0.25, 0.75]], [[0.25, 0.75], [0.5, 0.5]]).round(4))
    [0.1438 0.1308]
    >>> print(kl_divergence([0.5, 0.5], [0.0, 1.0]))
    inf
    """
    total = _summed(special.rel_entr, unit, "kl_divergence", *_checked_pair(p, q, "kl_divergence"))
    return np.maximum(total, 0.0)
