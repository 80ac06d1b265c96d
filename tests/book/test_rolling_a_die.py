"""Rolling a die: what the page says of its two figures is so, for every series that a reader can pick."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from ce.figures import Path
from ce.figures.evaluation import Scene, count_draws, traced
from tests.book.chapter_cells import figure, readouts

PAGE = "book/three-names/rolling-a-die"
TRUTH = (0.5, 0.35, 0.15)
LIKELIHOOD = "likelihood of the rolls, relative to the best die", ""


def counted(series, length):
    return np.column_stack(count_draws(TRUTH, series, length))


@pytest.mark.parametrize(("count", "series"), [(1, 1), (40, 1), (40, 7), (3000, 50)])
def test_the_readouts_are_the_likelihood_of_the_rolls_counted_one_by_one(count, series):
    face = counted(series, count)[-1]
    die = np.array([0.2, 0.2, 0.6])
    best = face / count
    found = readouts(figure(PAGE, "best-die"), {"N": count, "seed": series})
    log_likelihood, most = (stats.multinomial.logpmf(face, count, pmf) for pmf in (die, best))
    assert found["mean negative log-likelihood, H(p, q)", ""] == pytest.approx(-face @ np.log(die) / count)
    assert found["its floor, the entropy of the shares", ""] == pytest.approx(stats.entropy(best))
    assert found[LIKELIHOOD] == pytest.approx(math.exp(log_likelihood - most), rel=1e-9)


def test_the_likelihood_is_one_at_the_shares_and_not_at_the_true_die():
    shares = counted(1, 40)[-1] / 40
    assert not np.allclose(shares, TRUTH)
    at = {f"q_{k}": share for k, share in enumerate(shares, 1)}
    assert readouts(figure(PAGE, "best-die"), at)[LIKELIHOOD] == pytest.approx(1, abs=1e-12)
    at = {f"q_{k}": chance for k, chance in enumerate(TRUTH, 1)}
    assert readouts(figure(PAGE, "best-die"), at)[LIKELIHOOD] < 0.9


@pytest.mark.parametrize(("up", "down"), list(permutations(range(3), 2)))
def test_a_die_with_a_twentieth_moved_is_likely_at_40_rolls_and_out_of_the_question_at_3000(up, down):
    for count, least, greatest in ((40, 0.5, 0.95), (3000, 0, 1e-4)):
        die = counted(1, count)[-1] / count
        die[up], die[down] = die[up] + 0.05, die[down] - 0.05
        off = {f"q_{k}": share for k, share in enumerate(die, 1)}
        assert least < readouts(figure(PAGE, "best-die"), {"N": count, **off})[LIKELIHOOD] < greatest


def test_the_shares_are_those_of_the_rolls_and_run_up_to_the_roll_chosen():
    drawn = figure(PAGE, "shares")
    traces = traced(Scene(drawn, drawn.values({"N": 2000, "seed": 3})), drawn.panels[0])
    wanted = counted(3, 2000)[1:] / np.arange(1, 2001)[:, None]
    paths = [trace for trace in traces if isinstance(trace.mark, Path)]
    np.testing.assert_array_equal(np.column_stack([path.y[1:] for path in paths]), wanted)


def test_after_ten_rolls_a_share_is_often_off_by_a_tenth_and_after_ten_thousand_all_are_close():
    off = [np.abs(counted(series, 10_000)[[10, -1]] / [[10], [10_000]] - TRUTH).max(axis=1) for series in range(1, 51)]
    early, late = np.transpose(off)
    assert np.mean(early > 0.099) > 0.6
    assert late.max() < 0.02
