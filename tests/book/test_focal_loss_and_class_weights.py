"""What the page on the focal loss and class weights says in numbers, against a search for the best report."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from ce.numeric import sigmoid_focal_loss
from tests.book.chapter_cells import glued

PAGE = "book/changing-the-loss/focal-loss-and-class-weights"


def best_report(share, loss):
    found = minimize_scalar(
        lambda report: share * loss(report) + (1 - share) * loss(1 - report),
        bounds=(1e-6, 1 - 1e-6),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return found.x


def focal(report, focus=2.0):
    logit = np.log(report / (1 - report))
    return float(sigmoid_focal_loss(logit, 1, gamma=focus))


def test_the_focal_loss_reports_what_the_first_paragraph_says():
    assert glued(PAGE)["focal"] == pytest.approx(best_report(0.8, focal), abs=6e-4)


@pytest.mark.parametrize("share", [0.55, 0.7, 0.8, 0.95])
def test_the_best_report_is_nearer_to_one_half_and_mirrored_below_it(share):
    above, below = best_report(share, focal), best_report(1 - share, focal)
    assert 0.5 < above < share
    assert below == pytest.approx(1 - above, abs=1e-6)


def test_weights_of_nine_to_one_report_what_the_first_paragraph_says():
    weighted = minimize_scalar(
        lambda report: -9 * 0.8 * np.log(report) - 0.2 * np.log(1 - report), bounds=(1e-6, 1 - 1e-6), method="bounded"
    )
    assert glued(PAGE)["weighted"] == pytest.approx(weighted.x, abs=6e-4)
