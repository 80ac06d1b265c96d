r"""The error of a softmax, :math:`\hat p - t`, right to the last digits also near the target.

For a class with target 1 the difference would round to 0 as soon as the prediction is confident and right.
There it is :math:`-(1 - \hat p)`, and :math:`1 - \hat p` is the sum of the *other* classes' powers over the
total.
"""

from __future__ import annotations

import numpy as np

from ce.numeric.smoothing import Smoothing
from ce.numeric.softmax import Powers, first_places
from ce.numeric.validation import Float64Array, IntArray

__all__ = ["label_residual", "pmf_residual", "smoothed_residual", "softmax_with_complement"]


def softmax_with_complement(parts: Powers, own: IntArray) -> tuple[Float64Array, Float64Array]:
    """Return the softmax of a block, in place of its powers, and 1 − p̂ of the classes at ``own``."""
    # The sum leaves out the class apart: that is one of the others, unless it is the class itself.
    complement = parts.others.sum() - parts.powers.take(own)
    complement += parts.unit * (own != parts.apart)
    complement /= parts.total().sum()
    return parts.probabilities(), complement


def label_residual(parts: Powers, own: IntArray) -> Float64Array:
    """Return p̂ − t for the one-hot targets with their ones at ``own``, in place of the powers."""
    residual = parts.powers
    minus_others = residual.take(own)
    minus_others -= parts.others.sum()
    minus_others -= parts.unit * (own != parts.apart)
    residual.put(parts.apart, parts.unit)
    residual.put(own, minus_others)
    residual *= parts.total().inverse()[:, np.newaxis]
    return residual


def pmf_residual(parts: Powers, targets: Float64Array) -> Float64Array:
    """Return p̂ − t for rows of probabilities t."""
    residual, missed = softmax_with_complement(parts, parts.apart)
    return _difference(residual, missed, targets, 1.0 - targets.take(parts.apart), parts.apart)


def smoothed_residual(
    parts: Powers, target: Float64Array | IntArray, smoothing: Smoothing, excess: Float64Array
) -> Float64Array:
    """Return (1 + excess) p̂ − w, with w the smoothed targets and 1 + excess their sum in each row."""
    residual, missed = softmax_with_complement(parts, parts.apart)
    if excess.any():
        residual += residual * excess[:, np.newaxis]
        missed += missed * excess
    labelled = target.ndim == 1
    at_top = np.equal(first_places(residual) + target, parts.apart) if labelled else target.take(parts.apart)
    unwanted = float(smoothing.kept) * (1.0 - at_top) + (excess + float(smoothing.spread()))
    return _difference(residual, missed, smoothing.targets(target, residual.shape[1]), unwanted, parts.apart)


def _difference(
    p: Float64Array, missed: Float64Array, w: Float64Array, unwanted: Float64Array, top: IntArray
) -> Float64Array:
    """Return p − w in place of p, given the sums of both over all classes but those at ``top``."""
    # Of p − w and the difference of those sums, that of the smaller numbers is rounded less.
    near = np.flatnonzero(missed < w.take(top))
    p -= w
    p.put(top[near], unwanted[near] - missed[near])
    return p
