r"""The softmax family over the last axis, and the one algorithm of every loss through a softmax.

The largest class a is left out of the sum of the exponentials,

.. math:: r = \frac{1}{e^{z_a}} \sum_{k \ne a} e^{z_k}, \qquad \log \sum_k e^{z_k} = z_a + \log(1 + r).

So nothing is lost where that class is all but certain: it has :math:`1 - \hat p_a = r / (1 + r)` and
:math:`-\log \hat p_a = \log(1 + r)`, exact down to the smallest numbers there are. A sum that included its
own term would be 1 + r, in float64 1 as soon as r is below 10⁻¹⁶. No term is negative: nothing cancels.

The exponentials are taken of :math:`z_k - s`. Where they can neither overflow nor vanish, s = 0 and there is
nothing to round. Elsewhere s lies 500 below the largest logit, so that whatever has a probability in float64
has a power far from the slow, short numbers below 10⁻³⁰⁸; what rounding takes off each difference is found
without error (Shewchuk 1997, figure 5) and given back to its power, :math:`e^{d+\delta} = e^d (1 + \delta)`.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ce.checks import Float64Array, FloatArray, number, values_array
from ce.numeric._blockwise import Numbers, evaluated, row_sums

__all__ = ["log_softmax", "logsumexp", "softmax"]

Places: TypeAlias = NDArray[np.intp]

ORDINARY = 600.0
"""Blocks whose largest logits are no further from 0 than this, and all others above −700, keep s = 0."""

RAISED = 500.0
"""How far s lies below the largest logit. 500 rounds to at most 512 where logits are 128, 256, … apart."""


class Powers(NamedTuple):
    """The exponentials of a block of n rows, shape (n, K), with the largest class of each row kept apart.

    ``powers`` has a 0 in its ``place``, ``unit`` is its power, ``others`` the sum of all others. Places count
    the numbers of the block one after the other, which makes taking and putting some of them quick.
    """

    powers: Float64Array
    unit: Float64Array
    others: Float64Array
    largest: Float64Array
    place: Places

    def log_total(self) -> Float64Array:
        """Return log(1 + r), how far the log of the sum of the powers lies above the largest logit."""
        return np.log1p(self.others / self.unit)

    def label_loss(self, z: Float64Array, own: Places) -> Float64Array:
        """Return −log p̂ of each row's class at the place ``own``."""
        gap = self.largest - z.take(own)
        gap[own == self.place] = 0.0  # also where it is ∞ − ∞
        return gap + self.log_total()

    def complement(self, own: Places) -> Float64Array:
        """Return 1 − p̂ of each row's class at the place ``own``: at most ½ of 1 is taken off."""
        total = self.unit + self.others
        return np.where(own == self.place, self.others, total - self.powers.take(own)) / total

    def softmax(self, size: Float64Array | float | None = None) -> Float64Array:
        """Return p̂ in place of the powers; or p̂ times a size, one for each row, quicker and rounded once more."""
        self.powers.put(self.place, self.unit)
        total = self.unit + self.others
        if size is None:
            return np.divide(self.powers, total[:, np.newaxis], out=self.powers)
        np.multiply(self.powers, (size / total)[:, np.newaxis], out=self.powers)
        self.powers.put(self.place, size * (self.unit / total))  # the 1 of a class that is certain
        return self.powers


def first_places(z: Float64Array) -> Places:
    """Return the place of each row's first class."""
    return np.arange(0, z.size, z.shape[1])


def largest_places(z: Float64Array) -> Places:
    """Return the place of each row's largest logit, of equal ones the first."""
    return first_places(z) + z.argmax(axis=1)


def powers_apart(
    z: Float64Array, out: Float64Array | None = None, place: Places | None = None, *, exact: bool = True
) -> Powers:
    """Return the exponentials of a block of logits, in ``out`` if it is given.

    An infinite largest logit makes all others vanish; with two such, or several and none above −∞, there is
    no limit and the row is NaN. So is a row with a NaN. Sums are the usual ones unless ``exact``.
    """
    least = z.item(z.argmin())  # first: nothing else reads as quickly what is not yet in the cache
    place = largest_places(z) if place is None else place
    largest = z.take(place)
    if least >= -700.0 and np.abs(largest).max() <= ORDINARY:
        powers = np.exp(z, out=out)
    else:
        shift = (largest - RAISED)[:, np.newaxis]
        gap = z - shift
        gap.put(place, np.where(np.isinf(largest), RAISED, gap.take(place)))
        powers = np.exp(gap, out=out)
        seen = z - gap
        lost = z - (gap + seen)
        lost += np.subtract(seen, shift, out=seen)
        lost *= powers
        if not np.isfinite(np.add.reduce(lost, axis=None)):
            lost[~np.isfinite(lost)] = 0.0
        powers += lost
    unit = powers.take(place)
    powers.put(place, 0.0)
    return Powers(powers, unit, row_sums(powers, exact=exact), largest, place)


def _over_temperature(z: Float64Array, temperature: float) -> Float64Array:
    """Return z/T; where that overflows, what is left of it when the largest logit is taken off first."""
    if temperature == 1.0:
        return z
    scaled = z / temperature
    rows = (np.isinf(scaled) & np.isfinite(z)).any(axis=1)
    largest = z[rows].max(axis=1, keepdims=True)
    scaled[rows] = np.where(z[rows] == largest, 0.0, z[rows] - largest) / temperature
    return scaled


def softmax(logits: ArrayLike, *, temperature: float = 1.0) -> FloatArray:
    r"""Return :math:`\hat p_k = e^{z_k / T} / \sum_l e^{z_l / T}`, which sum to one over the last axis.

    Source: Bridle (1990); the largest logit taken off: Blanchard, Higham and Higham (2021), equation 1.4;
    temperature: Guo, Pleiss, Sun and Weinberger (2017), equation 9.

    Parameters
    ----------
    logits : shape (..., K)
        −∞ is a class of probability 0, one +∞ one of probability 1; a row without a limit (two +∞, or several
        classes that are all −∞) or with a NaN is NaN. A single class has probability 1.
    temperature : number above 0
        T above 1 evens the probabilities out, below 1 it sharpens them.

    Examples
    --------
    >>> print(softmax([0.0, 0.0, np.log(2.0)]), softmax([3.0, 0.0], temperature=1e9))
    [0.25 0.25 0.5 ] [0.5 0.5]
    """
    z = values_array(logits, "softmax", "logits", least_axes=1)
    t = number(temperature, "softmax", "temperature", low=0.0, above=True)

    def of_block(z: Float64Array, place: slice, out: Float64Array) -> Float64Array:
        parts = powers_apart(_over_temperature(z, t), out)
        parts.softmax()
        return parts.largest

    return evaluated(z, of_block, return_grad=True)[1]


def log_softmax(logits: ArrayLike, *, temperature: float = 1.0) -> FloatArray:
    r"""Return the logarithm of the softmax, :math:`z_k / T - \log \sum_l e^{z_l / T}`: numbers ≤ 0, in nats.

    Computed as :math:`(z_k - z_a) - \log(1 + r)` of z/T, where neither term is positive: right to the last
    digits also where the softmax itself rounds to 0 or 1. Source: Blanchard, Higham and Higham (2021),
    equation 1.3, with the largest term's 1 kept apart for ``log1p``.
    The arguments are those of :func:`softmax`.

    Examples
    --------
    >>> print(log_softmax([100.0, 0.0]))
    [-3.72007598e-44 -1.00000000e+02]
    """
    z = values_array(logits, "log_softmax", "logits", least_axes=1)
    t = number(temperature, "log_softmax", "temperature", low=0.0, above=True)

    def of_block(z: Float64Array, place: slice, out: Float64Array) -> Float64Array:
        scaled = _over_temperature(z, t)
        parts = powers_apart(scaled, out)
        np.subtract(scaled, parts.largest[:, np.newaxis], out=out)
        out.put(parts.place, 0.0)
        out -= parts.log_total()[:, np.newaxis]
        return parts.largest

    return evaluated(z, of_block, return_grad=True)[1]


def logsumexp(logits: ArrayLike) -> Numbers:
    r"""Return :math:`\log \sum_k e^{z_k}` over the last axis, in nats: :math:`\max_k z_k + \log(1 + r)`.

    With +∞ among the logits of shape (..., K) it is +∞, with −∞ alone it is −∞.
    Source: Blanchard, Higham and Higham (2021), equation 1.3.

    Examples
    --------
    >>> print(logsumexp([[0.0, 0.0], [1e308, 1e308], [-np.inf, -np.inf]]))
    [6.93147181e-001 1.00000000e+308            -inf]
    """

    def of_block(z: Float64Array, place: slice, out: None) -> Float64Array:
        parts = powers_apart(z)
        return np.where(np.isinf(parts.largest), parts.largest, parts.largest + parts.log_total())

    return evaluated(values_array(logits, "logsumexp", "logits", least_axes=1), of_block)
