"""The sentences of the page on what is learnt by heart, each held against the trainings it shows."""

import numpy as np
import pytest

from ce.experiments.digits import training_course


@pytest.fixture(scope="module")
def true():
    return training_course(200)


@pytest.fixture(scope="module")
def by_lot():
    return training_course(300, random_labels=True)


def test_with_true_labels_everything_is_known_and_the_loss_on_new_images_turns_up_in_every_run(true):
    assert (true.training.accuracy[-1] == 1).all()
    assert true.training.loss[-1].max() < 0.002
    assert (true.validation.loss[-1] > 1.08 * true.validation.loss.min(axis=0)).all()


def test_while_it_rises_the_accuracy_on_new_images_stays(true):
    turn = int(true.validation.loss.mean(axis=1).argmin())
    accuracy = true.validation.accuracy.mean(axis=1)
    assert np.ptp(accuracy[turn:]) < 0.005
    assert accuracy[-1] > 0.9


def test_it_turns_about_where_confidence_is_accuracy_and_ends_above_it(true):
    turn = int(true.validation.loss.mean(axis=1).argmin())
    gap = (true.validation.confidence - true.validation.accuracy).mean(axis=1)
    assert abs(gap[turn]) < 0.02
    assert gap[turn - 2] < 0 < gap[-1]
    assert gap[-1] > 0.02


def test_labels_drawn_by_lot_are_learnt_and_nothing_else_is(by_lot):
    assert by_lot.training.accuracy[-1].min() > 0.99
    assert by_lot.training.loss[-1].max() < 0.1
    assert abs(by_lot.validation.accuracy[-1].mean() - 0.1) < 0.05
    assert (by_lot.validation.loss[-1] > np.log(10)).all()


def test_the_course_does_not_depend_on_how_often_it_is_looked_at():
    often, seldom, once = (training_course(50, steps=64, looks=looks, seeds=2) for looks in (7, 2, 1))
    for course in (seldom, once):
        assert often.training.loss[-1] == pytest.approx(course.training.loss[-1], rel=1e-12)
    assert len(often.steps) > len(seldom.steps)
    assert once.steps.tolist() == [0, 64]


@pytest.mark.parametrize(
    ("wrong", "error"), [({"images": 0}, ValueError), ({"images": 2000}, ValueError), ({"images": 9.5}, TypeError)]
)
def test_a_number_of_images_that_is_not_there_is_refused(wrong, error):
    with pytest.raises(error, match=r"training_course.*images"):
        training_course(**wrong)


def test_a_temperature_changes_no_decision_and_takes_nearly_all_of_the_rise_away(true):
    turn = int(true.test.loss.mean(axis=1).argmin())
    assert np.array_equal(true.test.accuracy, true.rescaled.accuracy)
    as_trained, fitted = (part.loss.mean(axis=1) for part in (true.test, true.rescaled))
    assert as_trained[-1] / as_trained[turn] > 1.1
    assert fitted[-1] / fitted[turn] < 1.01


def test_the_best_temperature_is_below_one_early_and_above_one_late_in_every_run(true):
    early = (true.steps > 24) & (true.steps < 200)
    assert (true.temperature[early] < 1).all()
    assert (true.temperature[-1] > 1.3).all()
    turn = int(true.test.loss.mean(axis=1).argmin())
    assert abs(true.temperature[turn].mean() - 1) < 0.1
