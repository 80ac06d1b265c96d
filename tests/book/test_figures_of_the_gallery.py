"""The gallery shows the whole grammar, and the figures that began there say what is so."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

import ce.figures
from ce.figures import Line, Rule
from ce.figures.evaluation import Scene
from tests.book.chapter_cells import PAGES, cells, readouts, source
from tests.book.chapter_cells import figure as figure_of

GALLERY = "book/reference/figure-gallery"
OF_THE_GRAMMAR = [name for name in ce.figures.__all__ if name[0].isupper()]
OF_THE_MACHINERY = [name for name in ce.figures.__all__ if not name[0].isupper()]


@pytest.mark.parametrize("name", OF_THE_GRAMMAR)
def test_every_part_of_the_grammar_is_used_on_the_page(name):
    assert re.search(rf"\b{name}(\.\w+)?\(", "\n".join(cells(GALLERY)))


@pytest.mark.parametrize("name", OF_THE_MACHINERY)
def test_every_other_public_name_is_explained_on_the_page(name):
    assert re.search(rf"`{name}\(", source(GALLERY))


def test_every_part_of_the_grammar_is_in_the_table_of_what_there_is():
    listed = set(re.findall(r"`(\w+)`", source(GALLERY).partition("| you need |")[2].partition("\n\n")[0]))
    assert listed == set(OF_THE_GRAMMAR) - {"Axis", "Figure", "Panel"}


def figure(name):
    """Return a figure by its name, from the gallery or from the chapter that has it."""
    (page,) = [page for page in PAGES if f'"{name}"' in source(page)]
    return figure_of(page, name)


def curve(drawn, values, label, panel=0):
    """Return the curve of a label as a function of one number, at other values of the sliders."""
    scene = Scene(drawn, drawn.values(values))
    (line,) = [m for m in drawn.panels[panel].marks if isinstance(m, Line) and m.label == label]
    symbol = drawn.x_axis(drawn.panels[panel]).symbol
    return lambda x: float(scene.array(line.y, {symbol: np.array(x)}))


def read(drawn, values, label, column=""):
    return readouts(drawn, values)[label, column]


@pytest.mark.parametrize("size", [2, 10, 1000])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
def test_the_upright_line_stands_at_the_lowest_point_of_the_smoothed_loss(size, share):
    drawn, values = figure("smoothing-gap"), {"K": size, "epsilon": share}
    loss = curve(drawn, values, "smoothed")
    lowest = minimize_scalar(loss, bounds=(0, 15), method="bounded", options={"xatol": 1e-9}).x
    (upright,) = [m for m in drawn.panels[0].marks if isinstance(m, Rule)]
    assert Scene(drawn, drawn.values(values)).number(upright.x) == pytest.approx(lowest, abs=1e-6)
    assert read(drawn, values, "best lead") == pytest.approx(lowest, abs=1e-6)


def test_without_smoothing_the_loss_falls_for_ever():
    losses = [curve(figure("smoothing-gap"), {}, "cross-entropy")(lead) for lead in range(13)]
    assert np.all(np.diff(losses) < 0)


def test_halving_epsilon_moves_the_best_lead_by_about_log_two():
    leads = [read(figure("smoothing-gap"), {"epsilon": e}, "best lead") for e in (0.04, 0.02)]
    assert leads[1] - leads[0] == pytest.approx(np.log(2), abs=0.03)


@pytest.mark.parametrize("share", [0.5, 0.6, 0.8, 0.99])
@pytest.mark.parametrize("focus", [0.0, 0.5, 2.0, 5.0])
def test_the_bisection_finds_the_lowest_expected_focal_loss(share, focus):
    drawn, values = figure("focal-report"), {"pi_1": share, "gamma": focus}
    found = read(drawn, values, "best report", "focal loss")
    lowest = minimize_scalar(
        curve(drawn, values, "focal loss"), bounds=(1e-6, 1 - 1e-6), method="bounded", options={"xatol": 1e-10}
    ).x
    assert found == pytest.approx(lowest, abs=1e-6)
    assert 0.5 - 1e-12 <= found <= share + 1e-12, "nearer to a half"
    behind = curve(drawn, values, "focal loss", panel=1)
    assert behind(found) == pytest.approx(share, abs=1e-9)


def test_focal_loss_reports_0627_for_08_and_cross_entropy_reports_what_is_true():
    drawn = figure("focal-report")
    assert read(drawn, {}, "best report", "focal loss") == pytest.approx(0.627, abs=5e-4)
    for share in (0.5, 0.8, 0.97):
        values = {"pi_1": share, "gamma": 0}
        assert read(drawn, values, "best report", "focal loss") == pytest.approx(share, abs=1e-12)

    def slope(p):  # of 0.8 (1−p)² (−log p) + 0.2 p² (−log(1−p)), by hand
        of_one = 2 * (1 - p) * np.log(p) - (1 - p) ** 2 / p
        of_zero = -2 * p * np.log(1 - p) + p**2 / (1 - p)
        return 0.8 * of_one + 0.2 * of_zero

    assert read(drawn, {}, "best report", "focal loss") == pytest.approx(brentq(slope, 0.5, 0.9), abs=1e-10)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.7, 0.93])
@pytest.mark.parametrize("score", ["log", "Brier", "spherical"])
def test_honesty_has_the_highest_expected_score(score, share):
    drawn = figure("three-scores")
    expected = curve(drawn, {"pi_1": share}, score)
    highest = minimize_scalar(
        lambda p: -expected(p), bounds=(1e-4, 1 - 1e-4), method="bounded", options={"xatol": 1e-9}
    ).x
    assert highest == pytest.approx(share, abs=1e-5)
    for report in (share, 0.99):
        values = {"pi_1": share, "phat": report}
        here, honest = (read(drawn, values, score, column) for column in ("expected", "if honest"))
        assert (here < honest) is (report != share)


def test_the_three_scores_are_those_of_the_literature():
    # Gneiting and Raftery (2007), section 4.1, for the report (0.9, 0.1) and the outcome 1 with share 0.7.
    q, share = np.array([0.9, 0.1]), np.array([0.7, 0.3])
    by_hand = {
        "log": share @ np.log(q),
        "Brier": -(share @ [np.sum((q - e) ** 2) for e in np.eye(2)]),
        "spherical": share @ q / np.linalg.norm(q),
    }
    drawn = figure("three-scores")
    assert {name: read(drawn, {}, name, "expected") for name in by_hand} == pytest.approx(by_hand)


def test_only_the_log_score_has_no_limit():
    near_the_end = {name: curve(figure("three-scores"), {}, name)(1e-300) for name in ("log", "Brier", "spherical")}
    assert near_the_end["log"] < -400
    assert min(near_the_end["Brier"], near_the_end["spherical"]) > -3


@pytest.mark.parametrize("spread", [0.4, 1.0, 4.0])
@pytest.mark.parametrize("label", ["NLL", "squared error"])
def test_both_losses_are_lowest_at_the_mean_whatever_the_spread(spread, label):
    drawn = figure("gaussian-likelihood")
    lowest = minimize_scalar(curve(drawn, {"sigma": spread}, label), bounds=(-3, 5), method="bounded")
    (upright,) = [m for m in drawn.panels[0].marks if isinstance(m, Rule)]
    assert lowest.x == pytest.approx(float(upright.x), abs=1e-5)


def test_at_the_mean_the_best_spread_is_the_root_of_the_squared_error():
    drawn = figure("gaussian-likelihood")
    best = minimize_scalar(lambda s: read(drawn, {"mu_1": 1, "sigma": s}, "NLL"), bounds=(0.4, 4), method="bounded")
    assert best.x == pytest.approx(read(drawn, {"mu_1": 1}, "root of the squared error"), abs=1e-4)


def test_the_spread_alone_costs_what_a_perfect_prediction_pays():
    drawn = figure("gaussian-likelihood")
    values = {"mu_1": 2.0, "sigma": 1.5}
    rows = ("NLL", "of it, from σ alone", "squared error")
    nll, alone, squares = (read(drawn, values, row) for row in rows)
    assert nll == pytest.approx(alone + squares / (2 * 1.5**2), rel=1e-12)
