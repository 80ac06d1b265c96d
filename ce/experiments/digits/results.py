"""What became of one case of the study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ce.checks import FloatArray, IntArray
from ce.experiments.digits.training import GradientSize
from ce.numeric import ReliabilityCurve


@dataclass(frozen=True)
class Curve:
    """A quantity against the number of steps, over the seeds.

    Parameters
    ----------
    steps
        Shape (E,): after how many steps the runs were looked at.
    mean, low, high
        Shape (E,) each: the mean, smallest and largest value of the seeds there.
    """

    steps: IntArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class Forecasts:
    """How good the probabilities reported for the test split are.

    Parameters
    ----------
    log_loss
        Shape (S,): nats per example.
    calibration_error
        Shape (S,): the expected calibration error.
    reliability
        The reliability curve of all seeds' test predictions together.
    """

    log_loss: FloatArray
    calibration_error: FloatArray
    reliability: ReliabilityCurve


@dataclass(frozen=True)
class CaseResult:
    """What one model, trained with one loss from one start, came to at its best learning rate.

    Parameters
    ----------
    model, loss, start
        Which case this is.
    rates
        Shape (P,): the learning rates that were tried.
    sweep
        Shape (S, P): each seed's validation accuracy, mean over the second half of the run; NaN where the run
        diverged. The rate with the largest mean over the seeds is chosen; one at which a seed diverged is not
        eligible.
    rate
        The learning rate chosen; everything below is at this rate.
    at_edge
        Whether it is the smallest or the largest of those tried, so that a better one may lie outside.
    start_gradient
        The size of the gradient of the mean training loss before the first step.
    steps
        Shape (E,): after how many steps the runs were looked at.
    accuracy
        Shape (E, S): validation accuracy then.
    gradient
        Shape (E, S): the norm of the gradient with respect to one example's outputs, mean over the
        mini-batch.
    steps_to_target
        For each seed, the first look at which the validation accuracy had reached the target; None if never.
    test_accuracy
        Shape (S,): after the last step.
    as_trained
        The probabilities the model reports as it is: the softmax of logits, the nearest pmf of raw outputs.
    temperature_fitted
        Those of softmax(z / T), with T fitted on each seed's validation split, for every loss alike.
    temperature
        Shape (S,): that T.
    outside
        Shape (S,): the share of test examples with an output outside [0, 1], where outputs should be
        probabilities themselves; zero for losses through a softmax.
    """

    model: str
    loss: str
    start: str
    rates: FloatArray
    sweep: FloatArray
    rate: float
    at_edge: bool
    start_gradient: GradientSize
    steps: IntArray
    accuracy: FloatArray
    gradient: FloatArray
    steps_to_target: tuple[int | None, ...]
    test_accuracy: FloatArray
    as_trained: Forecasts
    temperature_fitted: Forecasts
    temperature: FloatArray
    outside: FloatArray

    @property
    def accuracy_curve(self) -> Curve:
        """Validation accuracy against steps."""
        return _curve(self.steps, self.accuracy)

    @property
    def gradient_curve(self) -> Curve:
        """Gradient size with respect to the outputs against steps."""
        return _curve(self.steps, self.gradient)

    def row(self) -> dict[str, str]:
        """Return the case's row of the summary: means over the seeds, with the smallest and the largest."""
        return {
            "model": self.model,
            "start": self.start,
            "loss": self.loss,
            "gradient, outputs": _spread(self.start_gradient.outputs, ".2g"),
            "gradient, parameters": _spread(self.start_gradient.parameters, ".2g"),
            "learning rate": f"{self.rate:.2g}" + (" (edge of the sweep)" if self.at_edge else ""),
            "steps to target": _steps(self.steps_to_target),
            "test accuracy": _spread(self.test_accuracy, ".3f"),
            "log loss": _spread(self.as_trained.log_loss, ".3f"),
            "calibration error": _spread(self.as_trained.calibration_error, ".3f"),
            "log loss, T fitted": _spread(self.temperature_fitted.log_loss, ".3f"),
            "calibration error, T fitted": _spread(self.temperature_fitted.calibration_error, ".3f"),
        }


def _curve(steps: IntArray, values: FloatArray) -> Curve:
    return Curve(steps, values.mean(axis=-1), values.min(axis=-1), values.max(axis=-1))


def _spread(values: FloatArray, form: str) -> str:
    return f"{np.mean(values):{form}} ({np.min(values):{form}}–{np.max(values):{form}})"


def _steps(values: Sequence[int | None]) -> str:
    """Return the median with the spread, or how many seeds did not get there."""
    reached = sorted(value for value in values if value is not None)
    if not reached:
        return "not reached"
    span = f"{reached[0]}–{reached[-1]}" if reached[0] < reached[-1] else f"{reached[0]}"
    if len(reached) < len(values):
        return f"{span} in {len(reached)} of {len(values)} seeds, else not reached"
    return f"{np.median(reached):g} ({span})"
