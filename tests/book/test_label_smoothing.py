"""What the page on label smoothing says in numbers, against the losses on arrays and against a search."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from ce.numeric import cross_entropy_with_logits
from tests.book.chapter_cells import figure, glued

PAGE = "book/changing-the-loss/label-smoothing"


def smoothed_loss(lead, classes, share):
    label = np.full(classes, share / classes)
    label[0] += 1 - share
    return float(cross_entropy_with_logits(np.r_[lead, np.zeros(classes - 1)], label))


@pytest.mark.parametrize(("name", "classes"), [("floor", 10), ("floor_thousand", 1000)])
def test_no_lead_has_a_smaller_loss_than_the_floor_that_is_printed(name, classes):
    found = minimize_scalar(lambda lead: smoothed_loss(lead, classes, 0.1), bounds=(0, 30), method="bounded")
    assert glued(PAGE)[name] == pytest.approx(found.fun, abs=1e-6)


def test_the_readouts_of_the_figure_are_the_loss_at_the_lead_and_its_best_place():
    drawn = figure(PAGE, "smoothing-gap")
    values = {slider.symbol: slider.value for slider in drawn.parameters}
    lead, share, classes = (float(value) for value in values.values())
    best, here, *_ = (float(readout.expression.subs(values)) for readout in drawn.readouts)
    assert here == pytest.approx(smoothed_loss(lead, int(classes), share))
    assert smoothed_loss(best, int(classes), share) < min(
        smoothed_loss(best + step, int(classes), share) for step in (-0.01, 0.01)
    )
