r"""Smoothed targets, :math:`(1 - \varepsilon) t + \varepsilon / K`: a share ε spread over the classes."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ce.numeric.blocks import float64_blocks
from ce.numeric.probabilities import pmf_array
from ce.numeric.scalars import number
from ce.numeric.summation import TwoParts
from ce.numeric.validation import Float64Array, FloatArray, IntArray, as_rows

__all__ = ["Smoothing", "smooth_labels"]


class Smoothing(NamedTuple):
    """The two weights 1 − ε and ε/K, exact as no float64 can be."""

    kept: Fraction
    share: Fraction

    @classmethod
    def of(cls, epsilon: float, classes: int) -> Smoothing:
        """Return the weights of a smoothing by ε over K classes."""
        return cls(1 - Fraction(epsilon), Fraction(epsilon) / classes)

    def spread(self) -> Fraction:
        """Return ε(K − 1)/K, what a smoothed class number leaves to the other classes."""
        return 1 - self.kept - self.share

    def targets(self, t: FloatArray | IntArray, classes: int) -> Float64Array:
        """Return class numbers, or rows of probabilities, smoothed."""
        if t.ndim == 1:
            rows = np.full((len(t), classes), float(self.share))
            rows[np.arange(len(t)), t] = float(self.kept + self.share)
            return rows
        if not self.share:
            return t.astype(np.float64, copy=False)
        kept, lost = float(self.kept), float(self.kept - Fraction(float(self.kept)))
        return kept * t + (lost * t + float(self.share))

    def mean(self, of_target: TwoParts, of_classes: TwoParts) -> TwoParts:
        """Return 1 − ε times a mean over the target plus ε/K times a sum over the classes.

        The leading parts have few digits, of the weights as well, so that their products are exact.
        """
        if not self.share:
            return of_target
        if not self.kept:
            of_target = TwoParts(np.zeros_like(of_target.leading), np.zeros_like(of_target.small))
        (kept, kept_rest), (share, share_rest) = _in_two(self.kept), _in_two(self.share)
        small = kept * of_target.small + kept_rest * of_target.sum()
        small += share * of_classes.small + share_rest * of_classes.sum()
        return TwoParts(kept * of_target.leading, small).plus(share * of_classes.leading)


def _in_two(weight: Fraction) -> tuple[float, float]:
    leading = float(np.float32(float(weight)))
    return leading, float(weight - Fraction(leading))


def smooth_labels(targets: ArrayLike, epsilon: float) -> FloatArray:
    r"""Return :math:`(1 - \varepsilon) t + \varepsilon / K`: a share ε spread over the classes.

    Parameters
    ----------
    targets
        Shape (..., K); probabilities that sum to one over the last axis, one-hot vectors among them.
    epsilon
        The share ε, in [0, 1].

    Returns
    -------
    array
        The same shape, float32 for float32 targets and else float64; probabilities again.

    Raises
    ------
    TypeError, ValueError
        When the targets are no pmf, or ε lies outside [0, 1].

    References
    ----------
    Szegedy et al. (2016), section 7.

    Examples
    --------
    >>> print(smooth_labels([0.0, 1.0, 0.0, 0.0], 0.1))
    [0.025 0.925 0.025 0.025]
    """
    t = pmf_array(targets, "smooth_labels", "targets")
    rows = as_rows(t)
    smoothing = Smoothing.of(number(epsilon, "smooth_labels", "epsilon", low=0.0, high=1.0), rows.shape[1])
    result = np.empty_like(rows)
    for place, block in float64_blocks(rows):
        result[place] = smoothing.targets(block, rows.shape[1])
    return result.reshape(t.shape)
