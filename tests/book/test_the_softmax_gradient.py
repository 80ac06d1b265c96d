"""The softmax gradient: the figure's numbers against mpmath, and what the page says of them."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from ce.figures import Arrow
from ce.figures.evaluation import Scene, traced
from tests.book.chapter_cells import figure

PAGE = "book/gradient/the-softmax-gradient"
LOW = {"z_1": -4.0, "z_2": 4.0, "z_3": 4.0, "T": 0.25}
SURE = {"z_1": 4.0, "z_2": -4.0, "z_3": -4.0, "T": 0.25, "c": 1.0}
PLACES = [{}, LOW, SURE, {"z_1": 4.0, "z_2": -1.0, "z_3": 1.0, "c": 3.0, "T": 4.0}]


def shown_figure():
    return figure(PAGE, "softmax-gradient")


def scene(values):
    return Scene(shown_figure(), shown_figure().values(values))


def column(name, values):
    drawn = scene(values)
    return [drawn.number(row.expression) for row in shown_figure().readouts if row.column == name]


def textbook(values):
    """Give loss and gradient of a softmax at a temperature, both by their textbook formula, in 50 digits."""
    at = {symbol.name: mpmath.mpf(value) for symbol, value in shown_figure().values(values).items()}
    raised = [mpmath.exp(at[f"z_{k}"] / at["T"]) for k in (1, 2, 3)]
    softmax = [power / sum(raised) for power in raised]
    true = int(at["c"]) - 1
    gradient = [(share - (k == true)) / at["T"] for k, share in enumerate(softmax)]
    return -mpmath.log(softmax[true]), softmax, gradient


@pytest.mark.parametrize("values", PLACES)
def test_loss_prediction_and_gradient_are_those_of_the_textbook_to_the_last_digits(values):
    with mpmath.workdps(50):
        loss, softmax, gradient = (np.array(part, dtype=float) for part in textbook(values))
    drawn = scene(values)
    assert drawn.number(shown_figure().readouts[0].expression) == pytest.approx(float(loss), rel=1e-13, abs=0)
    np.testing.assert_allclose(column("prediction", values), softmax, rtol=1e-13)
    np.testing.assert_allclose(column("gradient", values), gradient, rtol=1e-13)


def test_prediction_minus_label_as_it_is_written_would_have_lost_those_digits():
    with mpmath.workdps(50):
        exact = float(textbook(SURE)[2][0])
    written = (column("prediction", SURE)[0] - 1) / SURE["T"]
    assert abs(written / exact - 1) > 1e-5


@pytest.mark.parametrize("values", PLACES)
def test_arrows_run_from_label_to_prediction_and_from_logit_to_the_next_one(values):
    drawn = scene(values)
    logits, gaps = (
        [trace for trace in traced(drawn, panel) if isinstance(trace.mark, Arrow)] for panel in shown_figure().panels
    )
    wanted = np.column_stack([column("label", values), column("prediction", values)])
    np.testing.assert_array_equal([trace.y for trace in gaps], wanted)
    pushed = [trace.y[0] - trace.y[1] for trace in logits]
    np.testing.assert_allclose(pushed, column("gradient", values), atol=1e-14)


def test_a_sure_and_wrong_model_hears_of_two_classes_and_half_the_temperature_doubles_a_gap():
    wrong = {"z_1": 4.0, "z_2": -4.0, "z_3": -4.0, "c": 2.0}
    np.testing.assert_allclose(column("gradient", wrong), [1, -1, 0], atol=1e-3)
    np.testing.assert_allclose(column("gradient", wrong | {"T": 0.5}), [2, -2, 0], atol=1e-3)
