"""The study: its parameters, one case of it, and the whole run."""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import product
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
from tqdm.auto import tqdm

from ce.checks import FloatArray, IntArray, message, one_of, positive_integer, real_array
from ce.experiments.digits.classifier import (
    LOSSES,
    STARTS,
    Layer,
    Parameters,
    fitted_temperature,
    initial_parameters,
    outputs_of,
)
from ce.experiments.digits.data import Examples, Splits, digits_splits
from ce.experiments.digits.results import CaseResult, Forecasts
from ce.experiments.digits.training import Trained, batches, gradient_size, train
from ce.notebook import Table, building_site
from ce.numeric import accuracy, expected_calibration_error, log_loss, reliability_curve, softmax

MODELS = ("softmax regression", "one hidden layer")

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
        How saturated a saturated start is, in logits (see :mod:`ce.experiments.digits.classifier`).
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
        for field in fields(self):
            if field.type == "int":
                positive_integer(getattr(self, field.name), "Study", field.name)
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
        one_of(loss, tuple(LOSSES), "Study.rates_for", "loss")
        offsets = np.arange(self.rates) - (self.rates - 1) / 2
        return np.asarray(LOSSES[loss].middle_rate * self.rate_factor**offsets, dtype=np.float64)


def somebody_watches() -> bool:
    """Return whether this runs in a notebook or a terminal, and not while the book's website is built."""
    return not building_site() and ("ipykernel" in sys.modules or sys.stderr.isatty())


@contextmanager
def progress(total: int, description: str) -> Iterator[Callable[[], object]]:
    """Show a bar of ``total`` steps; the block is given the function to call after each step."""
    if not somebody_watches():
        yield lambda: None
        return
    with tqdm(total=total, desc=description, unit="step") as bar:
        yield bar.update


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


@dataclass(frozen=True)
class StudyResult:
    """Every case of a study.

    Parameters
    ----------
    study
        What was run.
    cases
        What came of it, model by model, start by start, loss by loss.
    """

    study: Study
    cases: tuple[CaseResult, ...]

    def case(self, *, model: str, loss: str, start: str) -> CaseResult:
        """Return one case.

        Raises
        ------
        ValueError
            When the study did not run it.
        """
        for case in self.cases:
            if (case.model, case.loss, case.start) == (model, loss, start):
                return case
        run = [(case.model, case.loss, case.start) for case in self.cases]
        raise ValueError(f"StudyResult.case: expected one of {run}, got {(model, loss, start)}")

    def summary(self, **only: str) -> Table:
        """Return the summary table of all cases, or of those with the given ``model``, ``loss`` or ``start``.

        A cell holds the mean over the seeds and, in brackets, the smallest and the largest value; of the
        steps it holds the median. Log losses are in nats per example. "T fitted" means after temperature
        scaling on the validation split.

        Raises
        ------
        ValueError
            When no case is like that.
        """
        rows = [case.row() for case in self.cases]
        chosen = [row for row in rows if all(row.get(name) == value for name, value in only.items())]
        if not chosen:
            known = sorted({row[name] for row in rows for name in ("model", "loss", "start")})
            raise ValueError(f"StudyResult.summary: expected model, loss or start out of {known}, got {only}")
        return Table(tuple(chosen[0]), tuple(tuple(row.values()) for row in chosen))


def run_study(study: Study | None = None, data: Splits | None = None) -> StudyResult:
    """Run a study, by default the whole one on the digits.

    Each case (a model, a loss, a start) is trained at every learning rate of its sweep, for every seed, by
    plain mini-batch gradient descent with the same number of steps and the same mini-batches. The rate is
    chosen by the validation accuracy, mean over the second half of the run and over the seeds; the test split
    is used once, at that rate.

    Parameters
    ----------
    study
        What to run.
    data
        Other data to run it on, split for as many seeds as the study has.

    Returns
    -------
    StudyResult
        The same for the same study, however often it is run.

    Raises
    ------
    TypeError
        For a study or data of another type.
    ValueError
        When at every learning rate of a case some seed diverges, or the data is split for another number of
        seeds.

    Examples
    --------
    >>> quick = Study(models=("softmax regression",), starts=("one class ahead",), seeds=2, steps=60, rates=3)
    >>> result = run_study(quick)
    >>> [case.loss for case in result.cases if case.test_accuracy.min() > 0.9]
    ['cross-entropy']
    """
    study = Study() if study is None else study
    if not isinstance(study, Study):
        raise TypeError(message("run_study", "study", "a Study", repr(study)))
    if data is None:
        data = digits_splits(study.seeds, study.validation_examples, study.test_examples)
    if not isinstance(data, Splits):
        raise TypeError(message("run_study", "data", "Splits", repr(data)))
    seeds, examples = data.train.labels.shape
    if seeds != study.seeds:
        raise ValueError(message("run_study", "data", f"{study.seeds} seeds, as in the study", str(seeds)))
    kept = _kept(study, data)
    if kept and kept.is_file():
        return StudyResult(study, pickle.loads(kept.read_bytes()))
    order = batches(seeds, examples, study.batch_size, study.steps + 1)
    names = list(product(study.models, study.starts, study.losses))
    # One BLAS thread: the matrices are small, and threads that wait for one another cost more than they save.
    with threadpool_limits(1), progress(len(names) * len(order), "training") as tick:
        cases = tuple(
            run_case(study, data, order, model=model, loss=loss, start=start, tick=tick) for model, start, loss in names
        )
    if kept:
        with NamedTemporaryFile(dir=kept.parent, delete=False) as half:
            half.write(pickle.dumps(cases))
        Path(half.name).replace(kept)  # whoever reads it meanwhile reads it whole
    return StudyResult(study, cases)


def _kept(study: Study, data: Splits) -> Path | None:
    """Return where the cases of this study on this data are kept, when ``CE_KEPT_STUDIES`` names a folder.

    A run of the tests needs the whole study in several processes, a minute each. The folder lives as long as that run:
    what is kept does not know which code it came from.
    """
    folder = os.environ.get("CE_KEPT_STUDIES")
    if not folder:
        return None
    asked = hashlib.sha256(repr(study).encode())
    for part in (data.train, data.validation, data.test):
        asked.update(part.features.tobytes() + part.labels.tobytes())
    return Path(folder, asked.hexdigest())
