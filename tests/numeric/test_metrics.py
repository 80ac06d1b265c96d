"""The metrics against scikit-learn and against loops written from the definitions."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics
from sklearn.calibration import calibration_curve

import ce.numeric as cn

RNG = np.random.default_rng(11)
LABELS = RNG.integers(0, 4, size=300)
PROBABILITIES = RNG.dirichlet(np.ones(4), size=300)


def test_accuracy_and_log_loss_equal_those_of_scikit_learn():
    assert cn.accuracy(PROBABILITIES, LABELS) == metrics.accuracy_score(LABELS, PROBABILITIES.argmax(axis=1))
    expected = metrics.log_loss(LABELS, PROBABILITIES)
    assert cn.log_loss(PROBABILITIES, LABELS) == pytest.approx(expected, rel=1e-12)


def test_the_log_loss_of_a_softmax_is_the_mean_cross_entropy_of_its_logits():
    z = RNG.normal(size=(300, 4))
    assert cn.log_loss(cn.softmax(z), LABELS) == pytest.approx(
        cn.cross_entropy_with_logits(z, LABELS).mean(), rel=1e-13
    )


def test_the_brier_score_of_two_classes_is_twice_scikit_learns_binary_one():
    p, y = RNG.uniform(size=200), RNG.integers(0, 2, size=200)
    both = np.stack([1 - p, p], axis=-1)
    assert cn.brier_score(both, y) == pytest.approx(2 * metrics.brier_score_loss(y, p), rel=1e-12)


def test_the_brier_score_of_a_softmax_is_the_mean_squared_error_through_it():
    z = RNG.normal(size=(300, 4))
    expected = cn.softmax_squared_error(z, cn.one_hot(LABELS, 4)).mean()
    assert cn.brier_score(cn.softmax(z), LABELS) == pytest.approx(expected, rel=1e-12)


def test_how_an_array_lies_in_memory_changes_no_digit_of_a_metric():
    p, c = np.random.default_rng(0).dirichlet(np.ones(300), size=20), np.arange(20)
    for other in (np.asfortranarray(p), p[::-1].copy()[::-1], np.repeat(p, 2, axis=1)[:, ::2]):
        for metric in (cn.accuracy, cn.log_loss, cn.brier_score, cn.classwise_calibration_error):
            assert metric(other, c) == metric(p, c)


def test_a_true_class_given_probability_zero_costs_infinity_and_is_not_clipped():
    assert cn.log_loss([[1.0, 0.0], [1.0, 0.0]], [0, 1]) == np.inf


def test_the_reliability_curve_equals_that_of_scikit_learn():
    confidence, right = PROBABILITIES.max(axis=1), PROBABILITIES.argmax(axis=1) == LABELS
    expected_accuracy, expected_confidence = calibration_curve(right, confidence, n_bins=8)
    curve = cn.reliability_curve(PROBABILITIES, LABELS, bins=8)
    filled = curve.counts > 0
    assert not filled.all()  # with four classes no confidence lies below 1/4, so an empty bin is in play
    np.testing.assert_allclose(curve.accuracy[filled], expected_accuracy, rtol=1e-12)
    np.testing.assert_allclose(curve.confidence[filled], expected_confidence, rtol=1e-12)
    assert np.isnan(curve.accuracy[~filled]).all()


@pytest.mark.parametrize("bins", [1, 2, 7, 15])
def test_the_calibration_error_equals_a_loop_over_the_bins(bins):
    confidence, right = PROBABILITIES.max(axis=1), PROBABILITIES.argmax(axis=1) == LABELS
    total = 0.0
    for i in range(bins):
        inside = [n for n in range(300) if i / bins < confidence[n] <= (i + 1) / bins]
        if inside:
            total += abs(sum(right[n] for n in inside) - sum(confidence[n] for n in inside)) / 300
    assert cn.expected_calibration_error(PROBABILITIES, LABELS, bins=bins) == pytest.approx(total, rel=1e-12)


def test_a_confidence_on_an_edge_belongs_to_the_bin_below():
    probabilities = [[0.5, 0.5], [0.7, 0.3], [1.0, 0.0]]
    counts = cn.reliability_curve(probabilities, [0, 0, 0], bins=10).counts
    assert counts.tolist() == [0, 0, 0, 0, 1, 0, 1, 0, 0, 1]


def test_predictions_as_often_right_as_they_claim_have_no_calibration_error_and_overconfident_ones_do():
    labels = np.array([0, 0, 0, 1])
    fair, overconfident = np.tile([0.75, 0.25], (4, 1)), np.tile([0.95, 0.05], (4, 1))
    assert cn.expected_calibration_error(fair, labels) == pytest.approx(0.0, abs=1e-15)
    assert cn.expected_calibration_error(overconfident, labels) == pytest.approx(0.2)


def test_leading_axes_are_batches_of_data_sets():
    p, c = PROBABILITIES.reshape(3, 100, 4), LABELS.reshape(3, 100)
    for metric in (cn.accuracy, cn.log_loss, cn.brier_score, cn.expected_calibration_error):
        np.testing.assert_allclose(metric(p, c), [metric(p[i], c[i]) for i in range(3)], rtol=1e-13)
    curves = cn.reliability_curve(p, c)
    for i in range(3):
        np.testing.assert_array_equal(curves.counts[i], cn.reliability_curve(p[i], c[i]).counts)


def test_one_hot_vectors_are_rows_of_the_identity():
    np.testing.assert_array_equal(cn.one_hot(LABELS, 4), np.eye(4)[LABELS])
    assert cn.one_hot(2, 3).tolist() == [0.0, 0.0, 1.0]
    np.testing.assert_array_equal(cn.one_hot(np.arange(12), 12), np.eye(12))


@pytest.mark.parametrize("bins", [1, 5, 10])
def test_the_classwise_calibration_error_equals_a_loop_over_classes_and_bins(bins):
    total = 0.0
    for k in range(4):
        for i in range(bins):
            at = [n for n in range(300) if i / bins < PROBABILITIES[n, k] <= (i + 1) / bins]
            if at:
                came, said = sum(LABELS[n] == k for n in at), sum(PROBABILITIES[n, k] for n in at)
                total += abs(came - said) / 300 / 4
    ours = cn.classwise_calibration_error(PROBABILITIES, LABELS, bins=bins)
    assert ours == pytest.approx(total, rel=1e-12)


def test_first_choices_may_be_calibrated_where_the_classes_are_not():
    p, labels = np.tile([0.5, 0.5, 0.0], (4, 1)), np.array([0, 0, 2, 2])
    assert cn.expected_calibration_error(p, labels) == pytest.approx(0.0, abs=1e-15)
    assert cn.classwise_calibration_error(p, labels) == pytest.approx(1 / 3)


def test_of_two_classes_the_classwise_error_is_that_of_either():
    p = RNG.uniform(size=200)
    both, y = np.stack([1 - p, p], axis=-1), (RNG.uniform(size=200) < p).astype(int)
    accuracy, confidence = calibration_curve(y, p, n_bins=7)
    counts = np.histogram(p, np.linspace(0, 1, 8))[0]
    one = np.sum(counts[counts > 0] / 200 * np.abs(accuracy - confidence))
    assert cn.classwise_calibration_error(both, y, bins=7) == pytest.approx(one, rel=1e-9)


def test_the_classwise_error_of_a_batch_is_that_of_each_data_set():
    p, c = PROBABILITIES.reshape(3, 100, 4), LABELS.reshape(3, 100)
    each = [cn.classwise_calibration_error(p[i], c[i]) for i in range(3)]
    np.testing.assert_allclose(cn.classwise_calibration_error(p, c), each, rtol=1e-13)
