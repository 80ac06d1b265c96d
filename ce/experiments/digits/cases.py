"""Running one case of the study, at every learning rate of its sweep, and reporting the best."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ce.checks import FloatArray, IntArray
from ce.experiments.digits.data import Examples, Splits
from ce.experiments.digits.losses import LOSSES
from ce.experiments.digits.network import Layer, Parameters, initial_parameters, outputs_of
from ce.experiments.digits.probabilities import fitted_temperature
from ce.experiments.digits.results import CaseResult, Forecasts
from ce.experiments.digits.starts import STARTS
from ce.experiments.digits.study import MODELS, Study
from ce.experiments.digits.training import Trained, gradient_size, train
from ce.numeric import accuracy, expected_calibration_error, log_loss, reliability_curve, softmax

__all__ = ["run_case", "start_of"]


def start_of(study: Study, model: str, start: str, data: Splits) -> Parameters:
    """Return where every run of a case starts, one start for each seed."""
    features = data.train.features.shape[-1]
    hidden = () if model == MODELS[0] else (study.hidden_units,)
    drawn = initial_parameters((features, *hidden, data.classes), study.seeds)
    return STARTS[start](drawn, data.train, study.excess)


def run_case(
    study: Study,
    data: Splits,
    order: IntArray,
    *,
    model: str,
    loss: str,
    start: str,
    tick: Callable[[], object] = lambda: None,
) -> CaseResult:
    """Train one model with one loss from one start at every rate; report the best one.

    Parameters
    ----------
    study
        The parameters.
    data
        The splits of its seeds.
    order
        The mini-batches, one more than there are steps.
    model, loss, start
        Which case.
    tick
        Called once a step.

    Raises
    ------
    ValueError
        When at every rate some seed diverges.
    """
    begin, objective, rates = start_of(study, model, start, data), LOSSES[loss], study.rates_for(loss)
    trained = train(begin, objective, data, rates=rates, order=order, every=study.evaluate_every, tick=tick)
    sweep = trained.accuracy[trained.steps >= study.steps / 2].mean(axis=0)
    best = _best(sweep, f"{model}, {loss}, {start}")
    held_out, outputs = _outputs(trained, best, data.validation), _outputs(trained, best, data.test)
    pairs = zip(held_out, data.validation.labels, strict=True)
    temperature = np.array([fitted_temperature(z, labels) for z, labels in pairs])
    reported = objective.probabilities(outputs, study.probability_floor)
    rescaled = softmax(outputs / temperature[:, np.newaxis, np.newaxis])
    outside = ((outputs < 0) | (outputs > 1)).any(axis=-1).mean(axis=-1)
    return CaseResult(
        model=model,
        loss=loss,
        start=start,
        rates=rates,
        sweep=sweep,
        rate=float(rates[best]),
        at_edge=best in (0, len(rates) - 1),
        start_gradient=gradient_size(begin, objective, data.train),
        steps=trained.steps,
        accuracy=trained.accuracy[..., best],
        gradient=trained.gradient[..., best],
        steps_to_target=_first_passages(trained, best, study.target_accuracy),
        test_accuracy=accuracy(outputs, data.test.labels),
        as_trained=_forecasts(reported, data.test.labels, study.calibration_bins),
        temperature_fitted=_forecasts(rescaled, data.test.labels, study.calibration_bins),
        temperature=temperature,
        outside=np.zeros_like(outside) if objective.through_softmax else outside,
    )


def _outputs(trained: Trained, rate: int, examples: Examples) -> FloatArray:
    """Return the outputs (S, N, K) of the runs at one of the learning rates."""
    chosen = tuple(Layer(*(array[:, [rate]] for array in layer)) for layer in trained.parameters)
    return outputs_of(chosen, examples)[:, 0]


def _best(sweep: FloatArray, case: str) -> int:
    mean = sweep.mean(axis=0)
    if np.isnan(mean).all():
        hint = "try more rates, or a smaller excess"
        raise ValueError(f"run_study: expected a rate at which no seed diverges, got none for {case}; {hint}")
    return int(np.nanargmax(mean))


def _first_passages(trained: Trained, rate: int, target: float) -> tuple[int | None, ...]:
    """Return for each seed the first look at which the accuracy had reached the target, or None."""
    reached = trained.accuracy >= target
    columns = reached[..., rate].T
    return tuple(int(trained.steps[looks.argmax()]) if looks.any() else None for looks in columns)


def _forecasts(probabilities: FloatArray, labels: IntArray, bins: int) -> Forecasts:
    together = probabilities.reshape(-1, probabilities.shape[-1]), labels.reshape(-1)
    return Forecasts(
        log_loss=log_loss(probabilities, labels),
        calibration_error=expected_calibration_error(probabilities, labels, bins=bins),
        reliability=reliability_curve(*together, bins=bins),
    )
