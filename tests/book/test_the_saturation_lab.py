"""The saturation lab: its numbers are the published ones, and what it says of its figures is so."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from scipy.special import expit

from ce.experiments import Table
from ce.figures import Series
from tests.book.chapter_cells import figure, glued, readouts, shown

LAB, PRINTED = "book/gradient/the-saturation-lab", "book/reference/printed-and-refuted"
CE, SE = "cross-entropy", "squared error"


def neuron(weight, bias, rate, epochs, slope):
    z = weight + bias
    for _ in range(epochs):
        a = 1 / (1 + math.exp(-z))
        z -= 2 * rate * slope(a)
    return 1 / (1 + math.exp(-z))


def columns(place, *names):
    """Return columns of a table of the lab, the first or the second."""
    table = [thing for thing in shown(LAB) if isinstance(thing, Table)][place]
    return zip(*table.only(*names).rows, strict=True)


def test_the_table_of_the_neuron_is_the_published_one():
    quadratic, cross_entropy = columns(0, "quadratic cost", CE)
    assert quadratic == ("36", "232", "1,416", "10,028", "73,534")
    assert cross_entropy == ("8", "17", "23", "30", "37")
    assert glued(LAB)["counted"] == 232


@pytest.mark.parametrize(
    ("weight", "bias", "quadratic", "cross_entropy"), [(0.6, 0.9, 36, 8), (2, 2, 232, 17), (3, 3, 1416, 23)]
)
def test_the_live_neuron_counts_the_same_epochs(weight, bias, quadratic, cross_entropy):
    counts = readouts(figure(LAB, "one-neuron"), {"w0": weight, "b0": bias})
    assert counts["a passes ½ after", "quadratic cost"] == quadratic
    assert counts["a passes ½ after", CE] == cross_entropy


def test_the_slip_and_the_right_gradient_end_where_the_page_says():
    right, slip, quadratic = (
        neuron(2, 2, 0.005, 300, slope) for slope in (lambda a: a, lambda a: 1 / (1 - a), lambda a: a * a * (1 - a))
    )
    found = readouts(figure(PRINTED, "the-slip"), {})
    assert found["output at this epoch", CE] == pytest.approx(right, rel=1e-9)
    assert found["output at this epoch", "the slip"] == pytest.approx(slip, rel=1e-9)
    assert found["output at this epoch", "quadratic cost"] == pytest.approx(quadratic)
    assert (glued(PRINTED)["still_at"], glued(PRINTED)["slip_at"]) == pytest.approx((right, slip), rel=1e-9)
    assert right == pytest.approx(0.78, abs=0.005)
    assert quadratic > 0.98, "hardly moved"
    assert glued(PRINTED)["too_large"] == pytest.approx(56.6, abs=0.05)


def test_at_the_larger_rate_the_slip_leaps_in_its_first_epoch():
    first = readouts(figure(PRINTED, "the-slip"), {"eta": 0.15, "t": 1})
    assert first["output at this epoch", "the slip"] < 1e-5
    assert first["output at this epoch", CE] > 0.9


def test_the_three_ways_to_the_escape_time_agree():
    numbers = glued(LAB)
    for short, time in (("ce", 11.0), ("se", 11029.5)):
        assert numbers[f"{short}_ten"] == pytest.approx(time, abs=0.05)
        assert numbers[f"{short}_solved"] == pytest.approx(numbers[f"{short}_ten"], rel=1e-9)
        assert numbers[f"{short}_measured"] == pytest.approx(numbers[f"{short}_ten"], rel=1e-3, abs=0.25)


def test_the_marks_of_the_descents_lie_on_the_curves():
    drawn = figure(LAB, "escape-time")
    for mark in (m for m in drawn.panels[0].marks if isinstance(m, Series)):
        for begin, time in zip(mark.x, mark.y, strict=True):
            closed = readouts(drawn, {"z0": begin})[f"time of {mark.label}", ""]
            assert time == pytest.approx(closed, abs=3 * glued(LAB)["pace"], rel=1e-3)


def test_from_minus_eight_to_minus_nine_one_time_grows_by_one_and_the_other_by_e():
    before, after = (readouts(figure(LAB, "escape-time"), {"z0": z}) for z in (-8, -9))
    label = f"time of {CE}", ""
    assert after[label] - before[label] == pytest.approx(1, abs=0.001)
    label = f"time of {SE}", ""
    assert after[label] / before[label] == pytest.approx(math.e, rel=0.01)
    assert glued(LAB)["predicted"] == pytest.approx(232, rel=0.02)


ARRIVES = "steps until it is nearly at its minimum"


@pytest.mark.parametrize(
    ("start", "rate", "cross_entropy", "squared_error"),
    [(-2, 1, True, True), (-3, 1, True, False), (-3, 10, True, True), (-4, 1, True, False), (-4, 10, True, False)],
)
def test_in_the_landscape_the_starts_named_arrive_or_not(start, rate, cross_entropy, squared_error):
    found = readouts(figure(LAB, "two-landscapes"), {"w_1": start, "w_2": start, "eta": rate})
    assert (found[ARRIVES, CE] is not None) is cross_entropy
    assert (found[ARRIVES, SE] is not None) is squared_error


def test_the_formulas_of_the_claim_are_the_derived_ones():
    for z in (0.5, 4.0, 10.0):
        printed = math.exp(z) / 2 + 1.5 * z + 1.25 - 1.5 * math.exp(-z) - math.exp(-2 * z) / 4
        found = readouts(figure(LAB, "escape-time"), {"z0": -z})
        assert found[f"time of {SE}", ""] == pytest.approx(printed)
        assert found[f"time of {CE}", ""] == pytest.approx(1 + z - math.exp(-z))


def test_each_loss_has_a_minimum_since_large_weights_are_worse_in_every_direction():
    points = np.array([(2, 0.5), (0.5, 2), (-1.5, -1), (-1, -1.5), (0.5, 0.5)])
    labels = np.array([1, 1, 0, 0, 0])
    angles = np.linspace(0, 2 * np.pi, 7201)
    logits = np.outer(np.cos(angles), points[:, 0]) + np.outer(np.sin(angles), points[:, 1])
    # Some point stays wrong, so cross-entropy grows without bound.
    assert (np.where(labels, logits, -logits).min(axis=1) < -0.1).all()
    far = np.heaviside(np.where(abs(logits) < 1e-9, 0, logits), 0.5)
    squared = ((far - labels) ** 2).mean(axis=1)
    assert squared.min() == pytest.approx(1 / 5)
    assert glued(LAB)["floor"] < 0.107 < squared.min()


def contest(loss):
    """Return share, median steps and best rate by spread, as the second table of the lab has them; ∞ for no median."""
    spreads, cells = columns(1, "spread", f"{loss}: share, steps, rate")
    found = [re.fullmatch(r"(\d+%)(?: in (\d+))? at ([\d.]+)", cell).groups() for cell in cells]
    return {
        spread: (share, float(steps or "inf"), float(rate))
        for spread, (share, steps, rate) in zip(spreads, found, strict=True)
    }


def test_from_small_weights_squared_error_is_about_as_quick_and_from_far_out_it_is_not():
    ours, theirs = contest(CE), contest(SE)
    assert [*ours] == ["0.3", "1", "3", "10"]
    assert {share for share, _, _ in ours.values()} == {"100%"}
    for near in ("0.3", "1"):
        assert theirs[near][0] == "100%"
        assert abs(ours[near][1] - theirs[near][1]) <= 1
    assert theirs["3"][1] > ours["3"][1]
    assert theirs["10"][1] == math.inf
    numbers = glued(LAB)
    assert (numbers["ce_near"], numbers["se_near"]) == (ours["0.3"][1], theirs["0.3"][1])
    assert [f"{numbers[name]:.0%}" for name in ("ce_far", "se_far")] == [ours["10"][0], theirs["10"][0]]
    assert numbers["se_far"] < 0.6


def test_no_best_rate_lies_at_the_edge_of_the_sweep():
    best = [rate for loss in (CE, SE) for _, _, rate in contest(loss).values()]
    numbers = glued(LAB)
    assert numbers["slowest"] < min(best) <= max(best) < numbers["fastest"]


def test_far_out_a_larger_rate_than_the_best_brings_fewer_starts_home():
    points = np.array([(2, 0.5), (0.5, 2), (-1.5, -1), (-1, -1.5), (0.5, 0.5)])
    labels = np.array([1, 1, 0, 0, 0])
    spread = 10 * np.random.default_rng(0).standard_normal((100, 2))

    def home(rate):
        weights, arrived = spread.copy(), np.zeros(len(spread), dtype=bool)
        for _ in range(300):
            outputs = expit(weights @ points.T)
            arrived |= ((outputs - labels) ** 2).mean(axis=1) <= 0.1064 + 0.025 * (0.25 - 0.1064)
            weights -= rate * 2 * ((outputs - labels) * outputs * (1 - outputs)) @ points / len(points)
        return arrived.mean()

    _, _, best = contest(SE)["10"]
    assert glued(LAB)["se_far"] == pytest.approx(home(best), abs=0.02)
    assert all(home(rate) < home(best) - 0.1 for rate in (60, 100, 1000, 10_000))


def test_with_four_points_that_can_be_separated_neither_loss_has_a_minimum():
    points = np.array([(2, 0.5), (0.5, 2), (1.5, 1), (1, 1.5)])  # each turned to the side of label 1
    for scale in (1, 10, 100):
        margins = points @ np.array([scale, scale])
        assert np.mean(np.logaddexp(0, -margins)) < np.exp(-2.4 * scale)
    # With the misfit, large weights are worse than moderate ones.
    margins = np.vstack([points, (-0.5, -0.5)]) @ np.ones((2, 3)) * [1, 10, 100]
    assert np.all(np.diff(np.logaddexp(0, -margins).mean(axis=0)) > 0)


def test_a_large_step_overshoots_the_boundary_and_its_time_is_no_escape_time():
    assert glued(LAB)["coarse_time"] == 5 * glued(LAB)["coarse_steps"]
    assert glued(LAB)["coarse_time"] > glued(LAB)["ce_ten"] + 1
