"""The study: its data, its starts, its fairness, its determinism, and what it shows on a small scale."""

from __future__ import annotations

import dataclasses
import io
import math
import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits

from ce.experiments.digits import MODELS, Examples, Splits, Study, Table, digits_splits, run_study
from ce.experiments.digits.classifier import (
    LOSSES,
    fitted_temperature,
    initial_parameters,
    large_weights,
    one_class_ahead,
    ordinary,
    outputs_of,
)
from ce.experiments.digits.study import progress, somebody_watches, start_of
from ce.experiments.digits.training import batches, gradient_size, train
from ce.numeric import log_loss, softmax

SMALL = Study(models=("softmax regression",), seeds=2, steps=80, rates=3, batch_size=16)


@pytest.fixture(scope="module")
def small():
    return run_study(SMALL)


def toy(seeds=2, examples=90, classes=3):
    """Three clouds far apart: linearly separable."""
    generator = np.random.default_rng(1)
    centres = 4 * np.eye(classes, 5)

    def draw():
        labels = generator.integers(0, classes, size=(seeds, examples))
        return Examples(centres[labels] + 0.3 * generator.normal(size=(seeds, examples, 5)), labels)

    return Splits(draw(), draw(), draw(), classes)


# The data


def test_each_seed_splits_all_the_digits_into_three_disjoint_parts_of_its_own():
    splits = digits_splits(seeds=3, validation=360, test=300)
    pixels, labels = load_digits(return_X_y=True)
    parts = (splits.train, splits.validation, splits.test)
    assert [part.labels.shape for part in parts] == [(3, 1137), (3, 360), (3, 300)]
    expected = sorted(map(tuple, np.column_stack([pixels, labels])))
    for seed in range(3):
        images = 16 * np.concatenate([part.features[seed] for part in parts])
        images += pixels.mean(axis=0) - images.mean(axis=0)  # give back the mean image that was subtracted
        found = np.column_stack([images, np.concatenate([part.labels[seed] for part in parts])])
        assert sorted(map(tuple, found.round(6))) == expected
    assert not (splits.test.labels[0] == splits.test.labels[1]).all()


def test_pixels_are_centred_by_the_training_images_alone():
    splits = digits_splits(seeds=2, validation=100, test=100)
    np.testing.assert_allclose(splits.train.features.mean(axis=1), 0.0, atol=1e-12)
    assert np.abs(splits.test.features.mean(axis=1)).max() > 1e-3


def test_the_first_batches_make_an_epoch_and_every_seed_has_its_own_order():
    order = batches(seeds=2, examples=60, size=20, count=7)
    assert order.shape == (7, 2, 20)
    for seed in range(2):
        assert sorted(order[:3, seed].ravel()) == list(range(60))
        assert sorted(order[3:6, seed].ravel()) == list(range(60))
    assert (order[:, 0] != order[:, 1]).any()


# The starts


def test_large_weights_are_as_confident_as_stated_and_mostly_wrong():
    splits = digits_splits(seeds=3, validation=360, test=360)
    for sizes in ((64, 10), (64, 16, 10)):
        z = outputs_of(large_weights(initial_parameters(sizes, 3), splits.train, 10.0), splits.train)[:, 0]
        own = np.take_along_axis(z, splits.train.labels[..., np.newaxis], axis=-1)[..., 0]
        np.testing.assert_allclose((z.max(axis=-1) - own).mean(axis=-1), 10.0, rtol=1e-9)
        assert ((z.argmax(axis=-1) == splits.train.labels).mean(axis=-1) < 0.3).all()


def test_one_class_ahead_predicts_that_class_for_everyone():
    splits = digits_splits(seeds=3, validation=360, test=360)
    begin = initial_parameters((64, 10), 3)
    z = outputs_of(one_class_ahead(begin, splits.train, 10.0), splits.train)[:, 0]
    assert (z.argmax(axis=-1) == np.arange(3)[:, np.newaxis]).all()
    assert (begin[-1].biases == 0).all()  # the ordinary start was not changed
    assert ordinary(begin, splits.train, 10.0) is begin


def test_saturation_takes_the_gradient_of_squared_error_through_the_softmax_and_no_other():
    splits = digits_splits(seeds=2, validation=360, test=360)
    sizes = {}
    for excess in (5.0, 15.0):
        begin = start_of(dataclasses.replace(SMALL, excess=excess), MODELS[0], "one class ahead", splits)
        for name, loss in LOSSES.items():
            sizes[name, excess] = gradient_size(begin, loss, splits.train).outputs.mean()
    # Ten logits further ahead, e^-10 of it is left.
    ratio = sizes["squared error, softmax", 15.0] / sizes["squared error, softmax", 5.0]
    assert math.log(ratio) == pytest.approx(-10.0, abs=1.5)
    assert sizes["cross-entropy", 15.0] > 1.2  # near the square root of 2 for the nine tenths that are wrong
    assert sizes["squared error, raw", 15.0] > sizes["squared error, raw", 5.0]


# Training


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("loss", LOSSES)
def test_a_linearly_separable_toy_is_learnt_completely(model, loss):
    study = Study(models=(model,), losses=(loss,), starts=("ordinary",), seeds=2, steps=300, hidden_units=8)
    result = run_study(study, toy()).cases[0]
    assert result.test_accuracy.tolist() == [1.0, 1.0]
    assert None not in result.steps_to_target


def test_a_loss_whose_gradient_has_the_wrong_sign_learns_nothing():
    data = toy()
    broken = dataclasses.replace(LOSSES["cross-entropy"], gradient=lambda z, y: y - np.exp(-np.abs(z)))
    order = batches(2, 90, 16, 101)
    begin = initial_parameters((5, 3), 2)
    settings = {"rates": np.array([0.1]), "order": order, "every": 100}
    assert train(begin, LOSSES["cross-entropy"], data, **settings).accuracy[-1].min() > 0.95
    assert train(begin, broken, data, **settings).accuracy[-1].max() < 0.7


def test_training_makes_the_steps_of_plain_gradient_descent():
    # Against the textbook loop for softmax regression, one seed and one rate at a time.
    data, order = toy(), batches(2, 90, 10, 21)
    rates = np.array([0.05, 0.5])
    trained = train(initial_parameters((5, 3), 2), LOSSES["cross-entropy"], data, rates=rates, order=order, every=20)
    for seed in range(2):
        for number, rate in enumerate(rates):
            w, b = initial_parameters((5, 3), 2)[0].weights[seed, 0], np.zeros(3)
            for batch in order[:-1, seed]:
                x, c = data.train.features[seed, batch], data.train.labels[seed, batch]
                p = np.exp(x @ w + b)
                error = p / p.sum(axis=1, keepdims=True) - np.eye(3)[c]
                w, b = w - rate * x.T @ error / 10, b - rate * error.mean(axis=0)
            np.testing.assert_allclose(trained.parameters[0].weights[seed, number], w, rtol=1e-9)
            np.testing.assert_allclose(trained.parameters[0].biases[seed, number, 0], b, rtol=1e-9, atol=1e-12)


def test_a_run_that_diverges_is_marked_and_leaves_the_others_as_they_would_be():
    data, order = toy(), batches(2, 90, 16, 201)
    begin, loss = initial_parameters((5, 3), 2), LOSSES["squared error, raw"]
    both = train(begin, loss, data, rates=np.array([0.01, 10.0]), order=order, every=50)
    alone = train(begin, loss, data, rates=np.array([0.01]), order=order, every=50)
    assert both.diverged.tolist() == [[False, True], [False, True]]
    assert np.isnan(both.accuracy[-1, :, 1]).all()
    np.testing.assert_array_equal(both.accuracy[..., 0], alone.accuracy[..., 0])
    np.testing.assert_array_equal(both.parameters[0].weights[:, :1], alone.parameters[0].weights)


def test_a_rate_at_which_some_seed_diverges_is_never_chosen():
    case_alone = Study(models=(MODELS[0],), losses=("squared error, raw",), starts=("ordinary",), seeds=2)
    study = dataclasses.replace(case_alone, steps=200, rates=3, rate_factor=500.0)
    case = run_study(study, toy()).cases[0]
    assert np.isnan(case.sweep[:, -1]).any()
    assert case.rate < case.rates[-1]


def test_a_case_in_which_every_rate_diverges_is_an_error_and_not_a_row():
    case_alone = Study(models=(MODELS[1],), losses=("squared error, raw",), starts=("large weights",))
    study = dataclasses.replace(case_alone, seeds=1, steps=200, rates=1, excess=600.0)
    with pytest.raises(ValueError, match="expected a rate at which no seed diverges, got none for one hidden layer"):
        run_study(study)


# The study


def test_the_same_study_gives_the_same_result_to_the_last_bit(small, monkeypatch):
    monkeypatch.delenv("CE_KEPT_STUDIES")
    again = run_study(SMALL)
    assert again.summary() == small.summary()
    for one, other in zip(small.cases, again.cases, strict=True):
        np.testing.assert_array_equal(one.accuracy, other.accuracy)
        np.testing.assert_array_equal(one.as_trained.log_loss, other.as_trained.log_loss)


def test_a_study_that_is_kept_is_not_trained_again_and_another_one_is(monkeypatch, tmp_path):
    monkeypatch.setenv("CE_KEPT_STUDIES", str(tmp_path))
    tiny = dataclasses.replace(SMALL, losses=("cross-entropy",), starts=("ordinary",), steps=10)
    first = run_study(tiny, toy())
    monkeypatch.setattr("ce.experiments.digits.study.run_case", lambda *_, **__: pytest.fail("trained"))
    assert run_study(tiny, toy()).summary() == first.summary()
    for study, data in ((dataclasses.replace(tiny, steps=20), toy()), (tiny, toy(examples=91))):
        with pytest.raises(pytest.fail.Exception, match="trained"):
            run_study(study, data)


def test_results_have_the_stated_shapes_and_ranges(small):
    assert len(small.cases) == 1 * 3 * 3
    for case in small.cases:
        assert case.rates.shape == (3,)
        assert case.sweep.shape == (2, 3)
        assert case.steps.tolist() == list(range(0, 81, 10))
        assert case.accuracy.shape == case.gradient.shape == (9, 2)
        assert case.rate in case.rates
        assert len(case.steps_to_target) == 2
        per_seed = (
            case.test_accuracy,
            case.temperature,
            case.outside,
            case.start_gradient.outputs,
            case.start_gradient.parameters,
            case.as_trained.log_loss,
            case.as_trained.calibration_error,
            case.temperature_fitted.log_loss,
        )
        assert all(array.shape == (2,) for array in per_seed)
        assert case.as_trained.reliability.counts.sum() == 2 * 360
        curve = case.accuracy_curve
        assert (curve.low <= curve.mean).all()
        assert (curve.mean <= curve.high).all()
        assert np.isfinite(case.as_trained.log_loss).all()


def test_every_loss_gets_the_same_number_of_rates_a_constant_factor_apart():
    for loss in LOSSES:
        rates = Study().rates_for(loss)
        assert rates.shape == (9,)
        np.testing.assert_allclose(rates[1:] / rates[:-1], math.sqrt(10))
        assert rates[4] == pytest.approx(LOSSES[loss].middle_rate)


def test_the_rate_chosen_is_the_best_on_the_validation_split_in_the_second_half(small):
    for case in small.cases:
        assert case.rate == case.rates[np.nanargmax(case.sweep.mean(axis=0))]
        best = list(case.rates).index(case.rate)
        np.testing.assert_allclose(case.sweep[:, best], case.accuracy[case.steps >= 40].mean(axis=0))


def test_the_test_split_has_no_part_in_choosing_the_rate_or_in_training(small):
    splits = digits_splits(SMALL.seeds, 360, 360)
    shuffled = Examples(splits.test.features[:, ::-1], splits.test.labels)
    other = run_study(SMALL, dataclasses.replace(splits, test=shuffled))
    for one, two in zip(small.cases, other.cases, strict=True):
        assert one.rate == two.rate
        np.testing.assert_array_equal(one.accuracy, two.accuracy)
    # The counter-check: the test accuracies do depend on it.
    assert any((a.test_accuracy != b.test_accuracy).any() for a, b in zip(small.cases, other.cases, strict=True))


@pytest.mark.parametrize("name", LOSSES)
def test_what_is_reported_is_what_training_at_the_chosen_rate_alone_gives(small, name):
    case = small.case(model=MODELS[0], loss=name, start="ordinary")
    data, loss = digits_splits(SMALL.seeds, 360, 360), LOSSES[name]
    begin = start_of(SMALL, MODELS[0], "ordinary", data)
    order = batches(2, 1077, SMALL.batch_size, SMALL.steps + 1)
    alone = train(begin, loss, data, rates=np.array([case.rate]), order=order, every=SMALL.evaluate_every)
    np.testing.assert_allclose(alone.accuracy[..., 0], case.accuracy)
    held_out, outputs = (outputs_of(alone.parameters, part)[:, 0] for part in (data.validation, data.test))
    for seed, labels in enumerate(data.test.labels):
        z, temperature = outputs[seed], fitted_temperature(held_out[seed], data.validation.labels[seed])
        assert case.test_accuracy[seed] == (z.argmax(axis=1) == labels).mean()
        assert case.temperature[seed] == pytest.approx(temperature, rel=1e-4)
        reported = log_loss(loss.probabilities(z, SMALL.probability_floor), labels)
        assert case.as_trained.log_loss[seed] == pytest.approx(reported, rel=1e-9)
        fitted = log_loss(softmax(z / temperature), labels)
        assert case.temperature_fitted.log_loss[seed] == pytest.approx(fitted, rel=1e-4)


def test_raw_outputs_forecast_far_better_after_one_temperature_is_fitted(small):
    # The fairness that matters: read as probabilities as they are, raw outputs are too modest.
    case = small.case(model=MODELS[0], loss="squared error, raw", start="ordinary")
    assert (case.temperature_fitted.log_loss < 0.8 * case.as_trained.log_loss).all()
    assert (case.temperature_fitted.calibration_error < case.as_trained.calibration_error).all()


def test_the_first_passage_is_the_first_look_at_the_target_and_none_if_there_is_none(small):
    for case in small.cases:
        for seed, steps in enumerate(case.steps_to_target):
            reached = case.steps[case.accuracy[:, seed] >= 0.9]
            assert steps == (int(reached[0]) if reached.size else None)
    assert any(None in case.steps_to_target for case in small.cases)
    assert any(None not in case.steps_to_target for case in small.cases)


def test_twenty_logits_of_saturation_stop_squared_error_through_the_softmax_at_every_rate_and_no_other_loss():
    study = Study(models=("softmax regression",), starts=("one class ahead",), seeds=2, steps=300, excess=20.0)
    result = run_study(study)
    stuck = result.case(model=MODELS[0], loss="squared error, softmax", start="one class ahead")
    assert (stuck.sweep < 0.2).all()
    for loss in ("cross-entropy", "squared error, raw"):
        free = result.case(model=MODELS[0], loss=loss, start="one class ahead")
        assert free.test_accuracy.min() > 0.85


def test_the_summary_has_a_row_for_each_case_and_can_be_narrowed(small):
    table = small.summary()
    assert len(table.rows) == 9
    assert table.columns[:3] == ("model", "start", "loss")
    ordinary_rows = small.summary(start="ordinary")
    assert [row[2] for row in ordinary_rows.rows] == list(LOSSES)
    narrow = ordinary_rows.only("loss", "steps to target")
    assert narrow.markdown.splitlines()[:2] == ["| loss | steps to target |", "| --- | --- |"]
    assert len(narrow.markdown.splitlines()) == 5
    assert any("not reached" in row[table.columns.index("steps to target")] for row in table.rows)


def test_the_cells_of_the_summary_are_computed_from_the_case(small):
    case = small.cases[0]
    a = case.test_accuracy
    assert case.row()["test accuracy"] == f"{a.mean():.3f} ({a.min():.3f}–{a.max():.3f})"
    never = dataclasses.replace(case, steps_to_target=(None, None))
    assert never.row()["steps to target"] == "not reached"
    half = dataclasses.replace(case, steps_to_target=(30, None))
    assert half.row()["steps to target"] == "30 in 1 of 2 seeds, else not reached"
    both = dataclasses.replace(case, steps_to_target=(30, 50), at_edge=True)
    assert both.row()["steps to target"] == "40 (30–50)"
    assert both.row()["learning rate"].endswith("(edge of the sweep)")


# Who is watching


def test_the_bar_stays_away_from_the_website_build_and_from_pipes(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.delenv("CE_SITE_BUILD", raising=False)
    assert somebody_watches()
    with progress(2, "training") as tick:
        tick()
        tick()
    assert "training" in sys.stderr.getvalue()
    monkeypatch.setenv("CE_SITE_BUILD", "1")
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert not somebody_watches()
    with progress(2, "training") as tick:
        tick()
    assert sys.stderr.getvalue() == ""


def test_without_a_terminal_or_a_notebook_nobody_watches(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    monkeypatch.delenv("CE_SITE_BUILD", raising=False)
    assert not somebody_watches()


# Bad input


COUNTS = [
    "seeds",
    "steps",
    "batch_size",
    "hidden_units",
    "rates",
    "evaluate_every",
    "validation_examples",
    "test_examples",
    "calibration_bins",
]
NUMBERS = ["rate_factor", "excess", "target_accuracy", "probability_floor"]
NAMES = ["models", "losses", "starts"]
NOT_COUNTS = [(0, ValueError), (-1, ValueError), (2.5, TypeError), (True, TypeError), ("3", TypeError)]
NOT_NUMBERS = [
    (math.nan, ValueError),
    (math.inf, ValueError),
    (-1.0, ValueError),
    (1e9, ValueError),
    ("1", TypeError),
    (None, TypeError),
    ([0.05, 0.06], ValueError),
    ([], ValueError),
]
NOT_NAMES = [
    ((), ValueError),
    (("nothing",), ValueError),
    ("ordinary", ValueError),
    ((1,), ValueError),
    (None, ValueError),
]
BAD_STUDY = [
    *((name, *row) for name in COUNTS for row in NOT_COUNTS),
    *((name, *row) for name in NUMBERS for row in NOT_NUMBERS),
    *((name, *row) for name in NAMES for row in NOT_NAMES),
    ("losses", ("cross-entropy", "cross-entropy"), ValueError),
    ("evaluate_every", 7, ValueError),
]


def test_every_field_of_the_study_has_bad_input_to_refuse():
    assert {name for name, _, _ in BAD_STUDY} == {field.name for field in dataclasses.fields(Study)}


@pytest.mark.parametrize(("name", "value", "error"), BAD_STUDY)
def test_a_study_refuses_bad_parameters_with_what_was_expected_and_what_came(name, value, error):
    with pytest.raises(error, match=rf"^Study: argument `{name}`: expected .*, got .+"):
        Study(**{name: value})


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: run_study("quick"), TypeError, "argument `study`: expected a Study, got 'quick'"),
        (lambda: run_study(SMALL, "data"), TypeError, "argument `data`: expected Splits, got 'data'"),
        (lambda: run_study(SMALL, toy(seeds=3)), ValueError, "expected 2 seeds, as in the study, got 3"),
        (lambda: digits_splits(2, 1000, 797), ValueError, "below 1797, the number of digits, got 1000 + 797"),
        (lambda: digits_splits(0, 10, 10), ValueError, "argument `seeds`: expected a positive integer, got 0"),
        (lambda: digits_splits(1, 1.5, 10), TypeError, "argument `validation`: expected a positive integer, got 1.5"),
        (lambda: digits_splits(1, 10, None), TypeError, "argument `test`: expected a positive integer, got None"),
        (lambda: SMALL.rates_for("hinge"), ValueError, "argument `loss`: expected one of"),
        (lambda: Table(("a",), ()).only("b"), ValueError, "expected some of ['a'], got ['b']"),
        (lambda: Table(("a",), ()).only(), ValueError, "got none"),
    ],
)
def test_other_bad_input_is_refused_alike(call, error, says):
    with pytest.raises(error) as caught:
        call()
    assert says in str(caught.value)


def test_a_case_that_was_not_run_is_refused_with_those_that_were(small):
    with pytest.raises(ValueError, match=r"expected one of .*'softmax regression', 'cross-entropy', 'ordinary'"):
        small.case(model="one hidden layer", loss="cross-entropy", start="ordinary")
    with pytest.raises(ValueError, match="expected model, loss or start out of"):
        small.summary(loss="hinge")
