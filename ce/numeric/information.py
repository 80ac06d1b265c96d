"""Entropy, cross-entropy and Kullback–Leibler divergence of probability mass functions held in arrays."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ce.numeric.validation import FloatArray, one_of, pmf_array, same_shape

__all__ = ["UNITS", "Unit", "cross_entropy", "entropy", "kl_divergence"]

Unit: TypeAlias = Literal["nats", "bits", "hartleys"]

UNITS: dict[str, float] = {"nats": np.e, "bits": 2.0, "hartleys": 10.0}
"""The base of the logarithm that each unit stands for."""


def _in_unit(nats: FloatArray, unit: Unit, function: str) -> FloatArray:
    one_of(unit, tuple(UNITS), function, "unit")
    return nats / np.log(UNITS[unit])


def _checked_pair(p: ArrayLike, q: ArrayLike, function: str) -> tuple[FloatArray, FloatArray]:
    data, model = pmf_array(p, function, "p"), pmf_array(q, function, "q")
    same_shape(model, data.shape, function, "q", "the shape of `p`")
    return data, model


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
    return _in_unit(np.sum(special.entr(pmf_array(p, "entropy", "p")), axis=-1), unit, "entropy")


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
    data, model = _checked_pair(p, q, "cross_entropy")
    return _in_unit(0.0 - np.sum(special.xlogy(data, model), axis=-1), unit, "cross_entropy")


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
    data, model = _checked_pair(p, q, "kl_divergence")
    total: FloatArray = np.maximum(np.sum(special.rel_entr(data, model), axis=-1), 0.0)
    return _in_unit(total, unit, "kl_divergence")
