"""The sentences of the page on real digits, each held against the whole study."""

import numpy as np
import pytest

from ce.experiments.digits import Study, run_study, specimens

CE, SOFTMAX, RAW = "cross-entropy", "squared error, softmax", "squared error, raw"
LINEAR, HIDDEN = "softmax regression", "one hidden layer"


@pytest.fixture(scope="module")
def result():
    return run_study()


def test_the_whole_study_has_five_seeds_or_more_and_gives_each_loss_the_same_budget(result):
    assert result.study.seeds >= 5
    assert {len(case.rates) for case in result.cases} == {result.study.rates}
    assert {int(case.steps[-1]) for case in result.cases} == {result.study.steps}


@pytest.mark.parametrize("model", [LINEAR, HIDDEN])
def test_from_an_ordinary_start_squared_error_through_the_softmax_is_as_accurate(result, model):
    ours, theirs = (result.case(model=model, loss=loss, start="ordinary") for loss in (CE, SOFTMAX))
    gap = abs(ours.test_accuracy.mean() - theirs.test_accuracy.mean())
    assert gap < np.ptp(ours.test_accuracy)  # the seeds differ by more than the losses do
    assert np.median(theirs.steps_to_target) >= np.median(ours.steps_to_target)


@pytest.mark.parametrize("model", [LINEAR, HIDDEN])
def test_one_class_ahead_takes_the_gradient_of_squared_error_and_costs_it_time(result, model):
    ours, theirs = (result.case(model=model, loss=loss, start="one class ahead") for loss in (CE, SOFTMAX))
    assert ours.start_gradient.outputs.mean() / theirs.start_gradient.outputs.mean() > 1000
    assert np.median(theirs.steps_to_target) >= 3 * np.median(ours.steps_to_target)
    # It does get out, and is then as accurate as any other.
    assert theirs.test_accuracy.mean() > ours.test_accuracy.mean() - 0.01


def test_from_large_weights_the_linear_model_does_not_recover_with_squared_error_through_the_softmax(result):
    ours, theirs = (result.case(model=LINEAR, loss=loss, start="large weights") for loss in (CE, SOFTMAX))
    assert None not in ours.steps_to_target
    assert theirs.steps_to_target.count(None) > result.study.seeds / 2
    assert theirs.test_accuracy.max() < ours.test_accuracy.min()


def test_raw_squared_error_is_as_accurate_with_a_hidden_layer_and_less_without(result):
    linear, hidden = (
        [result.case(model=model, loss=loss, start="ordinary") for loss in (CE, RAW)] for model in (LINEAR, HIDDEN)
    )
    assert hidden[1].test_accuracy.mean() > hidden[0].test_accuracy.mean() - 0.01
    assert linear[1].test_accuracy.max() < linear[0].test_accuracy.min()


def test_from_large_weights_a_hidden_layer_does_get_out_with_squared_error_through_the_softmax(result):
    ours, theirs = (result.case(model=HIDDEN, loss=loss, start="large weights") for loss in (CE, SOFTMAX))
    assert None not in theirs.steps_to_target
    assert abs(theirs.test_accuracy.mean() - ours.test_accuracy.mean()) < 0.01
    usual = result.case(model=HIDDEN, loss=CE, start="ordinary")
    assert ours.test_accuracy.mean() < usual.test_accuracy.mean()


def diverging(case):
    """The rates at which some seed diverged."""
    return set(case.rates[np.isnan(case.sweep).any(axis=0)])


def test_without_a_hidden_layer_large_weights_do_not_ask_raw_squared_error_for_smaller_rates(result):
    near, far = (result.case(model=LINEAR, loss=RAW, start=start) for start in ("ordinary", "large weights"))
    assert far.start_gradient.outputs.min() > 10 * near.start_gradient.outputs.max()
    assert far.rate > near.rate
    assert diverging(far) == diverging(near)
    assert far.test_accuracy.mean() < 0.9 < near.test_accuracy.mean()


def test_ten_times_the_steps_bring_the_linear_model_back_from_large_weights():
    longer = Study(models=(LINEAR,), losses=(RAW,), starts=("large weights",), steps=6000, evaluate_every=100)
    (case,) = run_study(longer).cases
    assert case.test_accuracy.mean() > 0.9


def test_with_a_hidden_layer_raw_squared_error_diverges_sooner_from_large_weights(result):
    near, far = (result.case(model=HIDDEN, loss=RAW, start=start) for start in ("ordinary", "large weights"))
    assert diverging(far) > diverging(near)
    assert near.rate in diverging(far)
    assert far.test_accuracy.max() < 0.2


def test_no_rate_but_one_lies_at_the_edge_of_the_sweep_and_a_wider_sweep_changes_nothing(result):
    (edge,) = [case for case in result.cases if case.at_edge]
    assert (edge.model, edge.loss, edge.start) == (HIDDEN, RAW, "large weights")
    rates = 2 * result.study.rates - 1
    (case,) = run_study(Study(models=(HIDDEN,), losses=(RAW,), starts=("large weights",), rates=rates)).cases
    assert not case.at_edge
    assert case.rates[0] < 1.1e-6
    assert case.rate == pytest.approx(edge.rate)
    assert case.test_accuracy.mean() == pytest.approx(edge.test_accuracy.mean())


def test_without_a_hidden_layer_cross_entropy_is_better_calibrated_until_a_temperature_is_fitted(result):
    linear, hidden = (
        [result.case(model=model, loss=loss, start="ordinary") for loss in (CE, SOFTMAX)] for model in (LINEAR, HIDDEN)
    )
    errors = [case.as_trained.calibration_error for case in linear]
    assert errors[0].max() < errors[1].min()
    for cases in ([case.temperature_fitted for case in linear], [case.as_trained for case in hidden]):
        ours, theirs = (case.calibration_error for case in cases)
        assert ours.min() < theirs.max()
        assert theirs.min() < ours.max()


@pytest.mark.parametrize("model", [LINEAR, HIDDEN])
def test_raw_outputs_are_poor_probabilities_until_a_temperature_is_fitted(result, model):
    ours, raw = (result.case(model=model, loss=loss, start="ordinary") for loss in (CE, RAW))
    assert raw.as_trained.calibration_error.min() > 3 * ours.as_trained.calibration_error.max()
    assert raw.temperature_fitted.calibration_error.mean() < 0.05
    assert raw.outside.mean() > 0.5  # as a rule some output lies outside [0, 1]


@pytest.mark.parametrize("loss", [CE, SOFTMAX])
@pytest.mark.parametrize("model", [LINEAR, HIDDEN])
def test_losses_through_the_softmax_are_well_calibrated_from_an_ordinary_start(result, model, loss):
    assert result.case(model=model, loss=loss, start="ordinary").as_trained.calibration_error.mean() < 0.05


def test_specimens_are_drawn_with_a_description_and_not_in_any_number():
    drawn = specimens(3)
    assert drawn.description.endswith("0, 1, 2")
    assert drawn._repr_html_().count("<rect") == np.count_nonzero(drawn.pixels)
    with pytest.raises(ValueError, match="expected at most 1797"):
        specimens(1798)
    with pytest.raises(ValueError, match="expected"):
        specimens(0)
