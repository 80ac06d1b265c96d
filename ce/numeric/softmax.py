r"""The softmax family over the last axis: ``softmax``, ``log_softmax``, ``logsumexp``.

Everything is made of the gaps :math:`d_k = z_k - \max_l z_l \le 0` and of one sum, over all classes *but the
largest*:

.. math:: r = \sum_{k \ne \text{top}} e^{d_k}, \qquad \log \sum_k e^{z_k} = \max_l z_l + \log(1 + r).

No exponential can overflow, since no gap is positive. (While all logits lie within ±300 none can anyway:
then r is taken from the exponentials of the logits themselves, which spares the gaps their rounding, and
their time.) And nothing is lost for a confident prediction: the largest class has :math:`1 - \hat p = r /
(1 + r)` and :math:`-\log \hat p = \log(1 + r)`, exact down to the smallest numbers there are. A sum that
included the largest term would be 1 + r, and in float64 that is 1 as soon as r is below 10⁻¹⁶.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.blocks import blocks, float64_blocks, working_in_blocks
from ce.numeric.summation import row_sums
from ce.numeric.validation import BoolArray, Float64Array, FloatArray, IntArray, as_rows, logits_array

__all__ = ["Powers", "log_softmax", "logsumexp", "powers_of_gaps", "powers_of_logits", "softmax"]

ORDINARY = 300.0
"""Up to this size, exponentials of logits, their sums and quotients are far from overflow and underflow."""

CONFIDENT = 0.1
"""Below this sum of the others, rounding a gap is felt: e^d with d = −40 has 40 times its relative error."""

SHORT = 16
"""Rows up to this long are added in few steps, and are hardly rounded."""


class Powers(NamedTuple):
    """The exponentials of a block of n rows, shape (n, K).

    ``powers`` are e^d of all classes in units of ``unit``, the power of the largest class, which has a 0
    here; ``others`` is their sum. ``largest`` is the largest logit of each row and ``top`` its place;
    ``first`` the place of each row's first class; ``bounded`` says whether no largest logit is infinite.
    Places count the numbers of the block one after the other, which makes taking and putting some of them
    quick.
    """

    powers: Float64Array
    unit: Float64Array | float
    others: Float64Array
    largest: Float64Array
    top: IntArray
    first: IntArray
    bounded: bool = True

    def total(self) -> Float64Array:
        """Return the sum of all powers, what each is divided by to be a probability."""
        return self.unit + self.others

    def log_total(self) -> Float64Array:
        """Return log(1 + r), how far the log of the sum of the powers lies above the largest logit."""
        return np.log1p(self.others / self.unit)

    def gap_to(self, z: Float64Array, own: IntArray) -> Float64Array:
        """Return how far each row's logit at the place ``own`` lies below its largest one."""
        gap: Float64Array = self.largest - z.take(own)
        if not self.bounded:
            gap[own == self.top] = 0.0  # ∞ − ∞
        return gap

    def probabilities(self, total: Float64Array) -> Float64Array:
        """Return the softmax, given the total of all powers; it takes the place of the powers."""
        p = self.powers
        p /= total[:, np.newaxis]
        p.put(self.top, self.unit / total)
        return p


def powers_of_logits(z: Float64Array, out: Float64Array | None = None, *, exact: bool = True) -> Powers:
    """Return the exponentials of a block of logits, in ``out`` if it is given.

    Their sum is right to its last digit if it is to be ``exact``, else to one or two units, which is quicker.
    NumPy's warnings about ∞ − ∞ are to be off.
    """
    first = np.arange(0, z.size, z.shape[1])
    top = first + z.argmax(axis=1)
    largest = z.take(top)
    # NaN, the largest or the smallest of all, fails the comparison.
    if largest.item(largest.argmax()) <= ORDINARY and z.item(z.argmin()) >= -ORDINARY:
        powers = np.exp(z, out=out)
        unit = powers.take(top)
        powers.put(top, 0.0)
        return Powers(powers, unit, _sums(powers, exact), largest, top, first)
    return powers_of_gaps(z, np.empty_like(z), out, exact=exact)


def _sums(powers: Float64Array, exact: bool) -> Float64Array:
    if exact:
        return row_sums(powers).sum()
    sums: Float64Array = np.add.reduce(powers, axis=1)
    classes = powers.shape[1]
    if classes > SHORT:
        # Roundings cancel, but for equal numbers: those all go in one direction.
        first, second, third = (powers[:, classes * quarter // 4] for quarter in (1, 2, 3))
        alike = np.flatnonzero((first == second) | (second == third) | (third == first))
        if alike.size:
            sums[alike] = row_sums(powers[alike]).sum()
    return sums


def powers_of_gaps(
    z: Float64Array, gaps: Float64Array, out: Float64Array | None = None, *, exact: bool = True
) -> Powers:
    """Return the exponentials of a block of logits of any size as above, and fill ``gaps`` with the gaps d.

    Where the largest logit is infinite all other classes vanish; with two such, or none above −∞, there is
    no limit and the row is NaN. So is a row that holds a NaN. NumPy's warnings about ∞ − ∞ are to be off.
    """
    first = np.arange(0, z.size, z.shape[1])
    top = first + z.argmax(axis=1)
    largest = z.take(top)
    np.subtract(z, largest[:, np.newaxis], out=gaps)
    gaps.put(top, 0.0)  # it is, but for ∞ − ∞
    powers = np.exp(gaps, out=out)
    powers.put(top, 0.0)
    confident = np.add.reduce(powers, axis=1) < CONFIDENT
    if confident.any():
        _restore_rounded_gaps(z, largest, confident, powers)
    rest = _sums(powers, exact)
    rest[np.isnan(largest)] = np.nan  # a single class, too
    return Powers(powers, 1.0, rest, largest, top, first, bool(np.isfinite(largest).all()))


def _restore_rounded_gaps(
    z: Float64Array, largest: Float64Array, confident: BoolArray, powers: Float64Array
) -> None:
    """Multiply what rounding took off each gap into the powers of the confident rows.

    The lost part of z − m is found exactly, by the error-free subtraction of Shewchuk (1997, figure 5).
    """
    for place in blocks(int(confident.sum()), z.shape[1]):
        chosen = np.flatnonzero(confident)[place]
        a, b = z[chosen], largest[chosen, np.newaxis]
        gap = a - b
        b_seen = a - gap
        lost = (a - (gap + b_seen)) + (b_seen - b)
        np.nan_to_num(lost, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        powers[chosen] += powers[chosen] * lost


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
            parts = powers_of_logits(block)
            result[place] = parts.probabilities(parts.total())
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
            log_total = powers_of_gaps(block, gaps, exact=False).log_total()
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
            parts = powers_of_logits(block, exact=False)
            sums = parts.largest + parts.log_total()
            result[place] = np.where(np.isinf(parts.largest), parts.largest, sums)
    return result.reshape(z.shape[:-1])[()]
