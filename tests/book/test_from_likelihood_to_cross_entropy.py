"""From likelihood to cross-entropy: the laws of large numbers against counting, SciPy and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ce.claims import from_likelihood_to_cross_entropy as claims
from ce.figures import Between, Path
from ce.figures.evaluation import Scene, count_draws, traced
from ce.symbols import N, theta
from tests.book.chapter_cells import figure, readouts

PAGE = "book/three-names/from-likelihood-to-cross-entropy"


def shown_figure():
    return figure(PAGE, "large-numbers")


DIE, MODEL = np.array([0.5, 0.35, 0.15]), np.array([0.6, 0.1, 0.3])
COSTS = stats.rv_discrete(values=(-np.log(MODEL), DIE))


def rows(**values):
    return [*readouts(shown_figure(), values).values()]


def set_by(label):
    (button,) = (button for button in shown_figure().buttons if button.label == label)
    start = shown_figure().start
    return {symbol.name: float(value.subs(start)) for symbol, value in shown_figure().settings(button).items()}


def means(series, model=MODEL, length=10_000):
    counts = np.column_stack(count_draws(DIE, series, length))[1:]
    return counts @ -np.log(model) / np.arange(1, length + 1)


@pytest.mark.parametrize(("count", "series"), [(1, 1), (100, 1), (10_000, 50)])
def test_the_readouts_are_the_mean_cost_its_expectation_and_its_standard_deviation(count, series):
    wanted = [means(series)[count - 1], COSTS.mean(), COSTS.std() / np.sqrt(count)]
    assert rows(N=count, seed=series) == pytest.approx(wanted, rel=1e-12)


def test_curve_and_band_are_those_of_the_rolls():
    scene = Scene(shown_figure(), shown_figure().values({"N": 500, "seed": 4}))
    traces = {type(trace.mark): trace for trace in traced(scene, shown_figure().panels[0])}
    np.testing.assert_allclose(traces[Path].y[1:], means(4, length=500), rtol=1e-12)
    band = traces[Between]
    np.testing.assert_allclose(band.high - band.y, 2 * COSTS.std() / np.sqrt(band.x), rtol=1e-9)


def test_at_the_end_every_series_is_near_the_cross_entropy_and_early_on_many_are_not():
    off = np.array([np.abs(means(series)[[9, -1]] - COSTS.mean()) for series in range(1, 51)])
    assert np.mean(off[:, 0] > 0.1) > 0.5
    assert off[:, 1].max() < 0.04


def test_with_a_level_model_the_curve_lies_still_and_with_the_die_itself_it_wanders_lower():
    level = set_by("Make q level")
    assert rows(**level)[2] == pytest.approx(0, abs=1e-12)
    assert {round(rows(N=count, **level)[0], 12) for count in (1, 2, 17, 9999)} == {round(np.log(3), 12)}
    same = set_by("Make q the die r")
    assert stats.entropy(DIE) < COSTS.mean()
    assert rows(**same)[1] == pytest.approx(stats.entropy(DIE))
    assert rows(**same)[2] > 0.02


def test_the_largest_gap_between_the_rules_is_that_of_the_two_curves():
    shown = figure(PAGE, "uniform-band")
    edge, count, series = 0.07, 333, 5
    heads = count_draws(np.array([0.7, 0.3]), series, count)[0][count] / count
    at = np.linspace(edge, 1 - edge, 2001)
    mean, expected = (-part * np.log(at) - (1 - part) * np.log(1 - at) for part in (heads, 0.7))
    (largest,) = readouts(shown, {"a": edge, "N": count, "seed": series}).values()
    assert largest == pytest.approx(np.abs(mean - expected).max(), rel=1e-9)


@pytest.mark.parametrize(("count", "width"), [(2, 0.5), (5, 0.1), (20, 0.01)])
def test_a_window_on_the_first_draw_costs_what_draws_on_a_circle_say(count, width):
    draws = np.random.default_rng(7).random((100_000, count))
    apart = np.abs(draws - draws[:, :1])
    inside = np.minimum(apart, 1 - apart) < width / 2
    losses = -np.log(0.5 + inside / (2 * width))
    values = {theta: width, N: count}
    error = losses.mean(axis=1).std() / np.sqrt(len(draws))
    assert losses.mean() == pytest.approx(float(claims.WINDOW_ON_DATA.subs(values)), abs=4 * error + 1e-12)
    assert losses[:, 1:].mean() == pytest.approx(float(claims.WINDOW_EXPECTED.subs(values)), abs=0.02)


def test_no_window_is_better_than_the_truth_on_new_draws_and_some_window_always_is_on_those_seen():
    widths = np.logspace(-12, 0, 200)
    expected, seen = (
        np.array([float(line.subs({theta: width, N: 12})) for width in widths])
        for line in (claims.WINDOW_EXPECTED, claims.WINDOW_ON_DATA)
    )
    assert expected.min() == pytest.approx(0, abs=1e-12)
    assert widths[expected.argmin()] == 1
    assert seen.min() < -np.log(2)
