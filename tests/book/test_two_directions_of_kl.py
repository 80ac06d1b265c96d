"""What the page says of one hump for two, and of the estimators, found again without its formulas."""

import numpy as np
import pytest
from scipy.special import rel_entr

from tests.book.chapter_cells import glued

PAGE = "book/changing-the-loss/two-directions-of-kl"
POINTS = np.arange(-6, 7)


def bell(centre, width):
    weights = np.exp(-((POINTS - centre) ** 2) / (2 * width**2))
    return weights / weights.sum()


TRUTH = (bell(-3, 0.8) + bell(3, 0.8)) / 2


def test_the_wide_bell_has_the_mean_square_of_the_data_and_no_bell_nearby_is_better():
    numbers = glued(PAGE)
    best = bell(0, numbers["wide"])
    assert best @ POINTS**2 == pytest.approx(TRUTH @ POINTS**2, rel=1e-3) == numbers["variance"]
    around = [bell(0, numbers["wide"] + step) for step in (-0.1, 0.1)] + [bell(0.1, numbers["wide"])]
    assert all(rel_entr(TRUTH, other).sum() > rel_entr(TRUTH, best).sum() for other in around)
    assert rel_entr(best, TRUTH).sum() == pytest.approx(numbers["between"], rel=1e-6)


def test_a_bell_on_one_hump_is_the_closest_with_the_model_first_and_costs_about_log_two():
    numbers = glued(PAGE)
    grid = [rel_entr(bell(a, b), TRUTH).sum() for a in np.linspace(-4, 4, 81) for b in np.linspace(0.5, 5, 91)]
    assert min(grid) == pytest.approx(numbers["half"], abs=1e-4)
    assert numbers["half"] == pytest.approx(np.log(2), abs=1e-3)
    assert rel_entr(bell(-numbers["hump"], 0.8), TRUTH).sum() == pytest.approx(numbers["half"], abs=1e-3)


def test_the_unbiased_estimate_is_short_by_a_half_in_every_one_of_a_hundred_runs():
    numbers = glued(PAGE)
    assert numbers["k1low"] < numbers["half"] < numbers["k1high"]
    assert numbers["k3high"] < numbers["half"] - 0.49
    assert numbers["k3high"] - numbers["k3low"] < 0.01


def test_the_scatter_of_the_estimators_of_two_normals_is_what_the_figure_draws():
    x = np.random.default_rng(1).standard_normal(400_000)
    for delta in (0.3, 0.8):
        ratio = np.exp(delta * x - delta**2 / 2)
        assert np.log(ratio).var() == pytest.approx(delta**2, rel=0.02)
        assert (ratio - 1 - np.log(ratio)).var() == pytest.approx(np.expm1(delta**2) - delta**2, rel=0.1)
