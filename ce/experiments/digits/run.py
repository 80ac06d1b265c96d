"""Running the whole study."""

from __future__ import annotations

import hashlib
import os
import pickle
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import NamedTemporaryFile

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from ce.checks import message
from ce.experiments.digits.cases import run_case
from ce.experiments.digits.data import Splits, digits_splits
from ce.experiments.digits.progress import progress
from ce.experiments.digits.results import CaseResult
from ce.experiments.digits.study import Study
from ce.experiments.digits.training import batches
from ce.experiments.table import Table

__all__ = ["StudyResult", "run_study"]


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
