"""Entropy, cross-entropy, divergence and perplexity of probability mass functions held in arrays.

The functions compute with what they are given. A sum that is one only within the tolerance can carry a
result past the end of its range, by no more than that: then the end is returned.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ce.checks import Float64Array, FloatArray, one_of, pmf_array
from ce.numeric._blockwise import Numbers, as_rows, evaluated, row_sums

__all__ = ["cross_entropy", "entropy", "kl_divergence", "perplexity"]

Unit: TypeAlias = Literal["nats", "bits", "hartleys"]

UNITS = {"nats": 1.0, "bits": np.log(2.0), "hartleys": np.log(10.0)}  # each in nats


def _checked_pair(p: ArrayLike, q: ArrayLike, function: str) -> tuple[FloatArray, FloatArray]:
    hint = "for logits or class numbers there is cross_entropy_with_logits(logits, targets)"
    data = pmf_array(p, function, "p", hint=hint)
    return data, pmf_array(q, function, "q", shape=data.shape, of="the shape of `p`,", hint=hint)


def _summed(term: Callable[..., Float64Array], unit: str, function: str, *pmfs: FloatArray) -> Numbers:
    """Return the sum of a term over the classes in a unit: no less than 0, the entropy no more than log K."""
    one_of(unit, tuple(UNITS), function, "unit")
    most = np.log(pmfs[0].shape[-1]) if len(pmfs) == 1 else np.inf
    others = [as_rows(pmf) for pmf in pmfs[1:]]

    def of_block(p: Float64Array, place: slice, out: None) -> Float64Array:
        terms = term(p, *(part[place].astype(np.float64, copy=False) for part in others))
        return row_sums(terms, size=np.add.reduce(np.abs(terms), axis=1)).clip(0.0, most) / UNITS[unit]

    return evaluated(pmfs[0], of_block, dtype=np.result_type(*pmfs))


def _surprise(p: Float64Array, q: Float64Array) -> Float64Array:
    """Return −p log q, 0 where p is 0."""
    return 0.0 - special.xlogy(p, q)


def entropy(p: ArrayLike, *, unit: Unit = "nats") -> Numbers:
    r"""Return :math:`H(p) = -\sum_k p_k \log p_k`, from 0 to log K, with 0 log 0 = 0.

    Source: Shannon (1948), section 6; Cover and Thomas (2006), equation 2.1.

    Parameters
    ----------
    p : shape (..., K), probabilities that sum to one over the last axis
    unit : ``"nats"``, ``"bits"`` or ``"hartleys"``

    Examples
    --------
    >>> print(entropy([0.5, 0.25, 0.25, 0.0], unit="bits"))
    1.5
    """
    return _summed(special.entr, unit, "entropy", pmf_array(p, "entropy", "p"))


def cross_entropy(p: ArrayLike, q: ArrayLike, *, unit: Unit = "nats") -> Numbers:
    r"""Return :math:`H(p, q) = -\sum_k p_k \log q_k` ≥ 0, at least H(p), with 0 log 0 = 0.

    It is ``inf`` exactly where some class has q = 0 but p > 0.
    Source: Cover and Thomas (2006), section 5.4 (the expected length of the wrong code).

    Parameters
    ----------
    p, q : shape (..., K) both; probabilities that sum to one over the last axis, of the data and of the model
    unit : ``"nats"``, ``"bits"`` or ``"hartleys"``

    Examples
    --------
    >>> print(cross_entropy([0.5, 0.5], [0.25, 0.75], unit="bits").round(4))
    1.2075
    """
    return _summed(_surprise, unit, "cross_entropy", *_checked_pair(p, q, "cross_entropy"))


def kl_divergence(p: ArrayLike, q: ArrayLike, *, unit: Unit = "nats") -> Numbers:
    r"""Return :math:`\mathrm{KL}(p \,\|\, q) = \sum_k p_k \log (p_k / q_k)` ≥ 0, with 0 log 0 = 0.

    It is ``inf`` exactly where some class has q = 0 but p > 0; what rounding leaves below 0 is set to 0. The
    arguments are those of :func:`cross_entropy`.
    Source: Kullback and Leibler (1951); Cover and Thomas (2006), equation 2.26.

    Examples
    --------
    >>> print(kl_divergence([[0.5, 0.5], [0.25, 0.75]], [[0.25, 0.75], [0.5, 0.5]]).round(4))
    [0.1438 0.1308]
    """
    return _summed(special.rel_entr, unit, "kl_divergence", *_checked_pair(p, q, "kl_divergence"))


def perplexity(p: ArrayLike, q: ArrayLike | None = None) -> Numbers:
    r"""Return :math:`e^{H(p)}`, or :math:`e^{H(p, q)}` for a model q: as many equal classes.

    The unit of the entropy does not matter: :math:`e^H` in nats is :math:`2^H` in bits. The arguments are
    those of :func:`cross_entropy`. Source: Jelinek, Mercer, Bahl and Baker (1977).

    Examples
    --------
    >>> print(perplexity([0.25] * 4).round(12), perplexity([0.5, 0.5], [0.25, 0.75]).round(4))
    4.0 2.3094
    """
    pmfs = (pmf_array(p, "perplexity", "p"),) if q is None else _checked_pair(p, q, "perplexity")
    with np.errstate(over="ignore"):  # e^710 is ∞
        return np.exp(_summed(special.entr if q is None else _surprise, "nats", "perplexity", *pmfs))
