"""KL divergence: what its page says of two beliefs seen through a fog, against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import entropy

from tests.book.chapter_cells import figure, readouts

PAGE = "book/quantity/kl-divergence"
P, Q = np.array([0.6, 0.3, 0.1]), np.array([0.2, 0.3, 0.5])


def through(pmf, fog):
    return (1 - fog) * pmf + fog / 3


def test_the_figure_shows_the_divergence_of_the_mixed_beliefs_and_half_their_squared_distance():
    shown = figure(PAGE, "fog")
    for fog in (0.0, 0.35, 0.5):
        p, q = through(P, fog), through(Q, fog)
        rows = readouts(shown, {"t": fog})
        assert [*rows.values()] == pytest.approx([entropy(p, q), np.abs(p - q).sum() ** 2 / 2], rel=1e-9)


def test_half_a_fog_leaves_less_than_a_quarter_of_the_opening_divergence():
    assert entropy(through(P, 0.5), through(Q, 0.5)) < entropy(P, Q) / 4


def test_for_any_two_beliefs_the_curve_falls_bends_upwards_and_stays_above_the_bound_but_above_no_larger_one():
    fogs = np.linspace(0, 1, 41)[:, np.newaxis, np.newaxis]
    p, q = (through(np.random.default_rng(seed).dirichlet((0.5, 0.5, 0.5), 2000), fogs) for seed in (1, 2))
    left = entropy(p, q, axis=-1)
    bound = np.abs(p - q).sum(axis=-1) ** 2 / 2
    assert np.diff(left, axis=0).max() < 1e-12
    assert np.diff(left, 2, axis=0).min() > -1e-12
    assert (left - bound).min() > -1e-12
    near = np.array([0.5, 0.5, 0]), np.array([0.49, 0.51, 0])
    assert entropy(near[0][:2], near[1][:2]) < 1.001 * np.abs(near[0] - near[1]).sum() ** 2 / 2
