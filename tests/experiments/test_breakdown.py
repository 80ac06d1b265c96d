"""Where a loss breaks in floating point: against the formats' limits, and a method that is off on purpose."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ce.experiments import breaking_points
from ce.experiments.breakdown import FORMATS, METHODS, breaking_point

NAIVE, SHIFTED = list(METHODS)[:2]


@pytest.mark.parametrize("kind", FORMATS)
class TestTheNaiveLoss:
    def test_is_undefined_or_infinite_once_the_exponential_overflows(self, kind):
        limit = math.log(float(np.finfo(kind).max))
        for case, what in (("right", "undefined"), ("wrong", "∞")):
            first = breaking_point(NAIVE, kind, case).starts[what]
            assert limit - 0.05 < first < limit + 1

    def test_is_zero_once_one_plus_the_rest_is_rounded_to_one(self, kind):
        limit = -math.log(float(np.finfo(kind).eps) / 2)
        assert breaking_point(NAIVE, kind, "right").starts["0"] == pytest.approx(limit, abs=0.5)
        assert breaking_point(NAIVE, kind, "right", "gradient").starts["0"] == pytest.approx(limit, abs=0.5)

    def test_is_saved_from_overflow_by_a_shift_and_from_zero_not(self, kind):
        found = breaking_point(SHIFTED, kind, "right").starts
        assert "undefined" not in found
        assert found["0"] == pytest.approx(-math.log(float(np.finfo(kind).eps) / 2), abs=0.5)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("case", ["right", "wrong"])
@pytest.mark.parametrize("quantity", ["loss", "gradient"])
def test_ce_breaks_nowhere(kind, case, quantity):
    found = breaking_point("ce", kind, case, quantity)
    assert (found.starts, found.ulp <= 4) == ({}, True)


@pytest.mark.parametrize("kind", FORMATS)
def test_scipys_functions_lose_the_loss_of_a_right_prediction(kind):
    for method in ("SciPy log_softmax", "SciPy logsumexp"):
        assert 2 < breaking_point(method, kind, "right").starts["0"] < 38
        assert not breaking_point(method, kind, "wrong").starts


def test_a_method_that_is_always_a_little_off_is_found_out(monkeypatch):
    def off(logits, label):
        loss, gradient = METHODS["ce"](logits, label)
        return 1.02 * loss, gradient

    monkeypatch.setitem(METHODS, "off", off)
    assert breaking_point("off", "float64", "right").starts == {"off": 0.1}
    assert not breaking_point("off", "float64", "right", "gradient").starts


def test_the_table_has_a_row_for_each_method_and_a_column_for_each_format():
    table = breaking_points("right")
    assert table.columns == ("loss of a right prediction", *FORMATS)
    assert [row[0] for row in table.rows] == list(METHODS)
    assert all("0 from" in cell for row in table.rows[:-1] for cell in row[1:])
    assert all(cell.startswith("right, to") for cell in table.rows[-1][1:])
