"""What the pages on entropy, cross-entropy and divergence say of losses that one reads."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import xlogy

from ce.figures import Figure
from ce.figures.evaluation import Scene
from ce.numeric import binary_cross_entropy_with_logits, cross_entropy_with_logits
from tests.book.chapter_cells import glued, shown

SURPRISE, CROSS_ENTROPY, DIVERGENCE = (
    f"book/quantity/{name}" for name in ("surprise-and-entropy", "cross-entropy", "kl-divergence")
)


def test_a_model_that_knows_nothing_and_one_that_is_mostly_right_have_the_same_mean_loss():
    knows_nothing = cross_entropy_with_logits(np.zeros((100, 10)), np.arange(100) % 10)
    logits = np.zeros((100, 10))
    logits[:90, 0] = 800
    logits[90:, 0], logits[90:, 1] = -10 * np.log(10), 0
    logits[90:, 2:] = -800
    mostly_right = cross_entropy_with_logits(logits, np.zeros(100, int))
    assert (logits.argmax(axis=1) == 0).mean() == 0.9
    assert glued(SURPRISE)["guessing"] == pytest.approx(knows_nothing.mean())
    assert glued(SURPRISE)["mixed"] == pytest.approx(mostly_right.mean())
    assert f"{glued(SURPRISE)['mixed']:.3f}" == f"{glued(SURPRISE)['guessing']:.3f}"


def test_without_a_look_at_the_inputs_the_least_loss_is_the_entropy_of_the_class_shares():
    labels = np.r_[np.ones(10), np.zeros(990)].astype(int)
    losses = {
        share: binary_cross_entropy_with_logits(np.full(1000, np.log(share / (1 - share))), labels).mean()
        for share in (0.001, 0.005, 0.01, 0.02, 0.1, 0.5)
    }
    assert min(losses, key=losses.get) == 0.01
    assert glued(CROSS_ENTROPY)["rare"] == pytest.approx(losses[0.01])
    assert glued(CROSS_ENTROPY)["rare"] == pytest.approx(stats.entropy([0.01, 0.99]))
    assert glued(CROSS_ENTROPY)["two"] == pytest.approx(losses[0.5])
    assert losses[0.01] < losses[0.5] / 10


def test_only_a_bar_at_zero_takes_one_direction_of_the_divergence_to_infinity():
    (drawn,) = [thing for thing in shown(DIVERGENCE) if isinstance(thing, Figure) and thing.name == "two-distributions"]
    p, q = np.array([0.6, 0.3, 0.1]), np.array([0.2, 0.3, 0.5])

    def prices(bar):
        believed = np.where(np.arange(3) == 1, bar, q * (1 - bar) / (1 - q[1]))
        scene = Scene(drawn, drawn.values({f"q_{k}": share for k, share in enumerate(believed, 1)}))
        forward, backward = (scene.number(row.expression, row.along) for row in drawn.readouts)
        assert backward == pytest.approx(np.sum(xlogy(believed, believed / p)))
        return forward, backward

    small, none = prices(0.01), prices(0.0)
    assert abs(small[0] - small[1]) < 0.2
    assert none[0] == np.inf
    assert none[1] < 1.2
