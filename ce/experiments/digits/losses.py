"""The three ways to train a classifier that the study compares, each with its gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ce.checks import FloatArray
from ce.experiments.digits.probabilities import floored, nearest_pmf
from ce.numeric import cross_entropy_with_logits, softmax, softmax_squared_error, squared_error

__all__ = ["LOSSES", "Loss"]


@dataclass(frozen=True)
class Loss:
    """A loss on the network's outputs z, as training needs it.

    Parameters
    ----------
    name
        What tables call it.
    gradient
        Takes outputs and one-hot targets of shape (..., K); returns the gradient with respect to the outputs.
    middle_rate
        The learning rate in the middle of the sweep (each loss has its own scale).
    through_softmax
        Whether the outputs are logits. If not, they are the probabilities themselves, or should be.
    """

    name: str
    gradient: Callable[[FloatArray, FloatArray], FloatArray]
    middle_rate: float
    through_softmax: bool = True

    def probabilities(self, outputs: FloatArray, floor: float) -> FloatArray:
        """Return the pmf that a model trained with this loss reports.

        Logits go through the softmax. Raw outputs go to the nearest pmf, which is often exactly zero, and are
        then mixed with the uniform one so that no probability is below ``floor``.
        """
        return softmax(outputs) if self.through_softmax else floored(nearest_pmf(outputs), floor)


_ALL = (
    Loss("cross-entropy", lambda z, t: cross_entropy_with_logits(z, t, return_grad=True)[1], middle_rate=1.0),
    Loss("squared error, softmax", lambda z, t: softmax_squared_error(z, t, return_grad=True)[1], middle_rate=1.0),
    Loss(
        "squared error, raw",
        lambda z, t: squared_error(z, t, return_grad=True)[1],
        middle_rate=0.01,
        through_softmax=False,
    ),
)

LOSSES: dict[str, Loss] = {loss.name: loss for loss in _ALL}
"""The losses of the study by name."""
