"""What the page measures on noise that grows, found again from the exact variances of both fits."""

import numpy as np
import pytest
from scipy.stats import norm

from tests.book.chapter_cells import figure, glued

PAGE = "book/changing-the-loss/squared-error-is-gaussian-likelihood"
PLACE = np.linspace(0, 1, 60)
DESIGN = np.vander(PLACE, 2, increasing=True)


def deviation_of_the_slope(noise, weights):
    """Return the exact deviation of a weighted least-squares slope, noise and weights being known."""
    pull = np.linalg.inv(DESIGN.T @ (weights[:, None] * DESIGN)) @ (DESIGN.T * weights)
    return np.sqrt((pull**2 @ noise**2)[1])


def test_slopes_scatter_as_the_exact_variances_say_and_the_weighted_ones_far_less():
    numbers, noise = glued(PAGE), 0.1 * 20**PLACE
    assert numbers["squares_spread"] == pytest.approx(deviation_of_the_slope(noise, np.ones(60)), rel=0.07)
    best = deviation_of_the_slope(noise, noise**-2)
    assert best < numbers["both_spread"] < 1.15 * best, "the variances have to be fitted as well"
    assert numbers["squares_mean"] == pytest.approx(2, abs=3 * numbers["squares_spread"] / np.sqrt(1000))


def test_with_one_noise_for_all_there_is_nothing_to_gain():
    noise = np.full(60, 0.7)
    assert deviation_of_the_slope(noise, noise**-2) == pytest.approx(deviation_of_the_slope(noise, np.ones(60)))


def test_one_width_covers_too_much_where_it_is_quiet_and_too_little_where_it_is_loud():
    numbers, noise = glued(PAGE), 0.1 * 20**PLACE
    width = np.sqrt((noise**2).mean())  # what one variance tends to
    quiet, loud = 2 * norm.cdf(1.96 * width / noise[[0, -1]]) - 1
    assert numbers["quiet"] == pytest.approx(quiet, abs=0.005)
    assert numbers["loud"] == pytest.approx(loud, abs=0.05)
    assert numbers["loud"] < numbers["least"] < numbers["most"] < 0.95


def test_every_fit_is_counted_once():
    (slopes, _) = figure(PAGE, "fitted-slopes").panels
    assert [sum(map(float, bars.heights)) for bars in slopes.marks] == pytest.approx([1, 1])
