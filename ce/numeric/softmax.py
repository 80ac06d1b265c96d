r"""The softmax family over the last axis: ``softmax``, ``log_softmax``, ``logsumexp``.

One class a is left out of the sum of the exponentials,

.. math:: r = \frac{1}{e^{z_a}} \sum_{k \ne a} e^{z_k}, \qquad \log \sum_k e^{z_k} = z_a + \log(1 + r).

So nothing is lost where that class is all but certain: it has :math:`1 - \hat p_a = r / (1 + r)` and
:math:`-\log \hat p_a = \log(1 + r)`, exact down to the smallest numbers there are. A sum that included
its own term would be 1 + r, and in float64 that is 1 as soon as r is below 10⁻¹⁶. For the loss of a label
the class apart is the label, for anything else the largest.

The exponentials of long rows are taken of the logits themselves, while they are of ordinary size: that spares
a search for the largest, and the gaps their rounding. In a row of few classes the rounding of :math:`e^{z_a}`
would be felt; there, and where exponentials might overflow or vanish, they are taken of the gaps
:math:`z_k - z_a`, and what rounding takes off a gap is given back.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.blocks import float64_blocks, working_in_blocks
from ce.numeric.summation import FOLDS, TwoParts, folded_sums, row_sums
from ce.numeric.validation import Float64Array, FloatArray, IntArray, as_rows, logits_array

__all__ = [
    "Powers",
    "first_places",
    "log_softmax",
    "logsumexp",
    "powers_of_gaps",
    "powers_of_logits",
    "softmax",
]

ORDINARY = 300.0
"""Up to e^300 and down to e^−300 powers, their sums and quotients are far from overflow and underflow."""

SHOWN = math.exp(4.0)
"""From here on log(1 + r) is above 4, and eight roundings of r are within one unit in its last place."""

CONFIDENT = 2.0
"""Below this sum of the others it is felt that a gap is rounded, or the power of the class apart.

e^d with d = −40 has 40 times the relative error of d.
"""

OWN_ERROR = 4.0
"""A logit above this moves so small a loss, if its own last digit changes, by more than any rounding does."""

SHORT = 16
"""Up to so many classes a row is computed from its gaps."""


class Powers(NamedTuple):
    """The exponentials of a block of n rows, shape (n, K), with one class of each row kept apart.

    ``powers`` are those of all classes in units of ``unit``, the power of the class apart, which has a 0
    here; ``others`` is their sum. ``logit`` is the logit of the class apart and ``apart`` its place;
    ``bounded`` says whether every such logit is finite. Places count the numbers of the block one after the
    other, which makes taking and putting some of them quick.
    """

    powers: Float64Array
    unit: Float64Array
    others: TwoParts
    logit: Float64Array
    apart: IntArray
    bounded: bool = True

    def total(self) -> TwoParts:
        """Return the sum of all powers, what each is divided by to be a probability."""
        return self.others.plus(self.unit)

    def log_total(self) -> TwoParts:
        """Return log(1 + r), how far the log of the sum of the powers lies above the logit apart."""
        others, lost = self.others.rounded()
        result = TwoParts(np.log1p(others / self.unit), lost / (self.unit + others))
        # A long double, which in most C libraries holds more digits than float64, is slow, but takes one
        # number a row, and only where it is felt that the unit and the quotient are rounded.
        felt = (others < CONFIDENT * self.unit) & (np.abs(self.logit) < OWN_ERROR) & (self.unit != 1.0)
        rows = np.flatnonzero(felt)
        if rows.size:
            unit = np.exp(self.logit[rows].astype(np.longdouble))
            log_total = np.log1p((others[rows].astype(np.longdouble) + lost[rows]) / unit)
            result.leading[rows] = log_total
            result.small[rows] = log_total - result.leading[rows]
        return result

    def label_loss(self, z: Float64Array, own: IntArray) -> Float64Array:
        """Return −log p̂ of each row's class at the place ``own``: the class apart, or no larger than it."""
        loss = self.log_total()
        if own is self.apart:  # not only equal: as `powers_of_logits` was given it
            return loss.sum()
        gap = self.logit - z.take(own)
        if not self.bounded:
            gap[own == self.apart] = 0.0  # ∞ − ∞
        return loss.sum() + gap

    def probabilities(self) -> Float64Array:
        """Return the softmax, in place of the powers."""
        p, total = self.powers, self.total()
        p *= total.inverse()[:, np.newaxis]  # a division takes three times as long
        p.put(self.apart, self.unit / total.sum())  # which is never above 1
        return p


def first_places(z: Float64Array) -> IntArray:
    """Return the place of each row's first class."""
    return np.arange(0, z.size, z.shape[1])


def powers_of_logits(
    z: Float64Array,
    own: IntArray | None = None,
    out: Float64Array | None = None,
    *,
    exact: bool = True,
) -> Powers:
    """Return the exponentials of a block of logits, in ``out`` if it is given.

    The class apart is the largest or, while all powers are of ordinary size, that at the place ``own`` if it
    is given. The sum of the others is right to its last digit; unless it is to be ``exact``, only where
    log(1 + r) would show it. NumPy's warnings about ∞ − ∞ are to be off.
    """
    apart = first_places(z) + z.argmax(axis=1) if own is None else own
    logit = z.take(apart)
    if z.shape[1] > SHORT:
        powers = np.exp(z, out=out)
        unit = powers.take(apart)
        powers.put(apart, 0.0)
        others = row_sums(powers) if exact else _sums_for_log(powers, unit)
    else:
        gaps = z - logit[:, np.newaxis]
        powers = np.exp(gaps, out=out)
        unit = np.ones(len(z))
        powers.put(apart, 0.0)
        lost = powers * _rounded_off(gaps, z, logit[:, np.newaxis])
        others = row_sums(powers)
        others.small[:] += lost.sum(axis=1)
        powers += lost
    found = Powers(powers, unit, others, logit, apart)
    return found if _ordinary(found, z) else powers_of_gaps(z, np.empty_like(z), out)


def _sums_for_log(powers: Float64Array, unit: Float64Array) -> TwoParts:
    """Return the sums of the powers, rounded more than once where the logarithm does not show it."""
    if powers.shape[1] < FOLDS**2:
        return row_sums(powers)  # folding would not be quicker
    sums = folded_sums(powers)
    shown = np.flatnonzero(sums.leading < SHOWN * unit)
    if shown.size:
        rows = powers if shown.size == len(powers) else powers[shown]
        sums.leading[shown], sums.small[shown] = row_sums(rows, size=sums.leading[shown])
    return sums


def _ordinary(parts: Powers, z: Float64Array) -> bool:
    """Whether no number of the block has come near overflow, or near underflow where that would be seen."""
    low, high = math.exp(-ORDINARY), math.exp(ORDINARY)
    if not all(low <= _smallest(x) and _largest(x) <= high for x in (parts.unit, parts.others.leading)):
        return False
    # What vanishes beside a total of 1 or more has no probability above the smallest number.
    return _smallest(parts.unit + parts.others.leading) >= 1.0 or _smallest(z) >= -ORDINARY


def _smallest(x: Float64Array) -> float:
    """Return the smallest number, or NaN if there is one; a quarter of the time of ``min`` for a few."""
    return x.item(x.argmin())


def _largest(x: Float64Array) -> float:
    return x.item(x.argmax())


def powers_of_gaps(z: Float64Array, gaps: Float64Array, out: Float64Array | None = None) -> Powers:
    """Return the exponentials of a block of logits of any size, and fill ``gaps`` with the gaps d.

    The class apart is the largest. Where it is infinite all others vanish; with two such, or none above −∞,
    there is no limit and the row is NaN. So is a row that holds a NaN. NumPy's warnings about ∞ − ∞ are to
    be off.
    """
    top = first_places(z) + z.argmax(axis=1)
    largest = z.take(top)
    np.subtract(z, largest[:, np.newaxis], out=gaps)
    gaps.put(top, 0.0)  # it is, but for ∞ − ∞
    powers = np.exp(gaps, out=out)
    powers.put(top, 0.0)
    confident = np.add.reduce(powers, axis=1) < CONFIDENT
    others = row_sums(powers)
    rows = np.flatnonzero(confident)
    if rows.size:
        lost = powers[rows] * _rounded_off(gaps[rows], z[rows], largest[rows, np.newaxis])
        others.small[rows] += lost.sum(axis=1)
        powers[rows] += lost
    others.leading[np.isnan(largest)] = np.nan  # a single class, too
    bounded = bool(np.isfinite(largest).all())
    return Powers(powers, np.ones(len(z)), others, largest, top, bounded)


def _rounded_off(gap: Float64Array, a: Float64Array, b: Float64Array) -> Float64Array:
    """Return what rounding took off gap = a − b: the error-free subtraction of Shewchuk (1997, figure 5)."""
    b_seen = a - gap
    lost: Float64Array = (a - (gap + b_seen)) + (b_seen - b)
    return np.nan_to_num(lost, copy=False, nan=0.0, posinf=0.0, neginf=0.0)


def softmax(logits: ArrayLike) -> FloatArray:
    r"""Return the softmax over the last axis, :math:`\hat p_k = e^{z_k} / \sum_l e^{z_l}`.

    Parameters
    ----------
    logits
        Shape (..., K). −∞ is a class of probability 0, one +∞ one of probability 1; a row without a
        limit (two +∞, all −∞) or with a NaN is NaN.

    Returns
    -------
    array
        Shape (..., K), float32 for float32 logits and else float64; numbers in [0, 1] that sum to one.

    Raises
    ------
    TypeError, ValueError
        For anything but a non-empty array of real numbers with at least one axis.

    References
    ----------
    Bridle (1990); the largest logit subtracted: Blanchard, Higham and Higham (2021), equation 1.4.

    Examples
    --------
    >>> print(softmax([0.0, 0.0, np.log(2.0)]))
    [0.25 0.25 0.5 ]
    >>> print(softmax([1e308, 0.0, -np.inf]))
    [1. 0. 0.]
    """
    z = logits_array(logits, "softmax")
    source, result = as_rows(z), np.empty_like(as_rows(z))
    with working_in_blocks():
        for place, block in float64_blocks(source):
            result[place] = powers_of_logits(block).probabilities()
    return result.reshape(z.shape)


def log_softmax(logits: ArrayLike) -> FloatArray:
    r"""Return the logarithm of the softmax over the last axis, :math:`z_k - \log \sum_l e^{z_l}`, in nats.

    Computed as d_k − log(1 + r): neither term is positive, so nothing cancels.

    Parameters
    ----------
    logits
        Shape (..., K), as for :func:`softmax`.

    Returns
    -------
    array
        Shape (..., K), float32 for float32 logits and else float64; numbers ≤ 0, right to the last
        digits also where the softmax itself rounds to 0 or to 1.

    Raises
    ------
    TypeError, ValueError
        For anything but a non-empty array of real numbers with at least one axis.

    References
    ----------
    Blanchard, Higham and Higham (2021), equation 1.3, with the largest term's 1 kept apart for ``log1p``.

    Examples
    --------
    >>> print(log_softmax([100.0, 0.0]))
    [-3.72007598e-44 -1.00000000e+02]
    """
    z = logits_array(logits, "log_softmax")
    source, result = as_rows(z), np.empty_like(as_rows(z))
    with working_in_blocks():
        for place, block in float64_blocks(source):
            gaps = np.empty_like(block)
            log_total = powers_of_gaps(block, gaps).log_total().sum()
            np.subtract(gaps, log_total[:, np.newaxis], out=result[place], casting="same_kind")
    return result.reshape(z.shape)


def logsumexp(logits: ArrayLike) -> FloatArray:
    r"""Return :math:`\log \sum_k e^{z_k}` over the last axis, in nats: :math:`\max_k z_k + \log(1 + r)`.

    Parameters
    ----------
    logits
        Shape (..., K). With +∞ among them the result is +∞, with −∞ alone it is −∞; a NaN makes its row NaN.

    Returns
    -------
    array
        Shape (...), float32 for float32 logits and else float64; from the largest logit to log K above it.

    Raises
    ------
    TypeError, ValueError
        For anything but a non-empty array of real numbers with at least one axis.

    References
    ----------
    Blanchard, Higham and Higham (2021), equation 1.3.

    Examples
    --------
    >>> print(logsumexp([[0.0, 0.0], [1e308, 1e308], [-np.inf, -np.inf]]))
    [6.93147181e-001 1.00000000e+308            -inf]
    """
    z = logits_array(logits, "logsumexp")
    source = as_rows(z)
    result = np.empty(len(source), dtype=z.dtype)
    with working_in_blocks():
        for place, block in float64_blocks(source):
            parts = powers_of_gaps(block, np.empty_like(block))
            sums = parts.log_total().plus(parts.logit).sum()
            result[place] = np.where(np.isinf(parts.logit), parts.logit, sums)
    return result.reshape(z.shape[:-1])[()]
