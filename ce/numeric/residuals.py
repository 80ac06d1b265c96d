r"""The error of a softmax, :math:`\hat p - t`, right to the last digits also near the target.

For a class with target 1 the difference would round to 0 as soon as the prediction is confident and right.
There it is :math:`-(1 - \hat p)`, and :math:`1 - \hat p` is the sum of the *other* classes' powers over the
total.
"""

from __future__ import annotations

import numpy as np

from ce.numeric.softmax import Powers
from ce.numeric.validation import Float64Array, IntArray

__all__ = ["label_residual", "pmf_residual", "softmax_with_complement"]


def softmax_with_complement(parts: Powers, own: IntArray) -> tuple[Float64Array, Float64Array]:
    """Return the softmax of a block, in place of its powers, and 1 − p̂ of the classes at ``own``."""
    # The sum leaves out the largest class, of power 1: it is one of the others, unless it is the class.
    complement = parts.rest - parts.powers.take(own) * parts.scale
    complement += own != parts.top
    total = 1.0 + parts.rest
    complement /= total
    return parts.probabilities(total), complement


def label_residual(parts: Powers, own: IntArray) -> Float64Array:
    """Return p̂ − t for the one-hot targets with their ones at ``own``."""
    residual, complement = softmax_with_complement(parts, own)
    residual.put(own, -complement)
    return residual


def pmf_residual(parts: Powers, targets: Float64Array, total: Float64Array | None = None) -> Float64Array:
    """Return s p̂ − t for rows of probabilities t, with s their sum in ``total`` or, without it, 1."""
    residual, missed = softmax_with_complement(parts, parts.top)
    if total is not None:
        residual *= total[:, np.newaxis]
        missed *= total
    wanted = targets.take(parts.top)
    # Of p̂ − t and (1 − t) − (1 − p̂), the difference of the smaller numbers is rounded less.
    near = np.flatnonzero(missed < wanted)
    if total is None:
        unwanted = 1.0 - wanted[near]
    else:
        # As 1 − p̂, so 1 − t is the sum of the others: a smoothed target keeps all its digits.
        others = targets[near]
        others[np.arange(len(near)), (parts.top - parts.first)[near]] = 0.0
        unwanted = np.add.reduce(others, axis=1)
    residual -= targets
    residual.put(parts.top[near], unwanted - missed[near])
    return residual
