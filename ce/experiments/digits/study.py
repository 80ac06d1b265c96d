"""The parameters of the study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ce.checks import FloatArray, message, positive_integer, real_array
from ce.experiments.digits.losses import LOSSES
from ce.experiments.digits.starts import STARTS

__all__ = ["MODELS", "Study"]

MODELS = ("softmax regression", "one hidden layer")

_COUNTS = (
    "seeds",
    "steps",
    "batch_size",
    "hidden_units",
    "rates",
    "evaluate_every",
    "validation_examples",
    "test_examples",
    "calibration_bins",
)

_RANGES = {
    "rate_factor": (1.0, 1000.0),
    "excess": (0.0, 700.0),
    "target_accuracy": (0.0, 1.0),
    "probability_floor": (0.0, 0.1),
}


@dataclass(frozen=True)
class Study:
    """The parameters of the study; change them to run it smaller, larger or otherwise.

    Parameters
    ----------
    models, losses, starts
        Which cases to run: every combination of these names.
    seeds
        How many seeds; each has its own split, start and order of mini-batches.
    steps
        How many steps of gradient descent each run makes, whatever its loss.
    batch_size
        Examples in a mini-batch.
    hidden_units
        Units of the hidden layer.
    rates
        How many learning rates to try for each case, around the loss's own middle rate.
    rate_factor
        The ratio of one rate to the one before.
    excess
        How saturated a saturated start is, in logits (see :mod:`ce.experiments.digits.starts`).
    evaluate_every
        After how many steps to measure the validation accuracy; a divisor of ``steps``.
    target_accuracy
        The validation accuracy whose first passage is reported.
    validation_examples, test_examples
        How many of the 1,797 digits to hold out.
    probability_floor
        The smallest probability that raw outputs are taken to report.
    calibration_bins
        Bins of the reliability curve and of the expected calibration error.

    Raises
    ------
    TypeError, ValueError
        For a number out of its range or an unknown name, saying which were expected.

    Examples
    --------
    >>> Study(seeds=2, rates=3).rates_for("cross-entropy").round(3).tolist()
    [0.316, 1.0, 3.162]
    >>> Study(steps=55)
    Traceback (most recent call last):
        ...
    ValueError: Study: argument `evaluate_every`: expected a divisor of the 55 steps, got 10
    """

    models: tuple[str, ...] = MODELS
    losses: tuple[str, ...] = tuple(LOSSES)
    starts: tuple[str, ...] = tuple(STARTS)
    seeds: int = 5
    steps: int = 600
    batch_size: int = 32
    hidden_units: int = 32
    rates: int = 9
    rate_factor: float = 10**0.5
    excess: float = 10.0
    evaluate_every: int = 10
    target_accuracy: float = 0.9
    validation_examples: int = 360
    test_examples: int = 360
    probability_floor: float = 0.001
    calibration_bins: int = 10

    def __post_init__(self) -> None:
        for name in _COUNTS:
            positive_integer(getattr(self, name), "Study", name)
        for name, known in (("models", MODELS), ("losses", tuple(LOSSES)), ("starts", tuple(STARTS))):
            given = getattr(self, name)
            known_alone = isinstance(given, tuple) and all(entry in known for entry in given)
            if not known_alone or not given or len(set(given)) < len(given):
                expected = f"a tuple of different names out of {known}"
                raise ValueError(message("Study", name, expected, repr(given)))
        for name, (low, high) in _RANGES.items():
            value = real_array(getattr(self, name), "Study", name)
            if value.ndim or not low < value < high:
                raise ValueError(message("Study", name, f"a number between {low:g} and {high:g}", str(value)))
        if self.steps % self.evaluate_every:
            expected = f"a divisor of the {self.steps} steps"
            raise ValueError(message("Study", "evaluate_every", expected, str(self.evaluate_every)))

    def rates_for(self, loss: str) -> FloatArray:
        """Return the learning rates that are tried for a loss, in ascending order.

        Raises
        ------
        ValueError
            When there is no such loss.
        """
        if loss not in LOSSES:
            raise ValueError(message("Study.rates_for", "loss", f"one of {tuple(LOSSES)}", repr(loss)))
        offsets = np.arange(self.rates) - (self.rates - 1) / 2
        return np.asarray(LOSSES[loss].middle_rate * self.rate_factor**offsets, dtype=np.float64)
