"""The die with the mean 4.5, found again by a general optimiser that knows nothing of a softmax."""

import re

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import entr

from tests.book.chapter_cells import glued

PAGE = "book/changing-the-loss/maximum-entropy"
FACES = np.arange(1, 7)


def test_the_die_of_the_page_has_the_largest_entropy_of_all_with_its_mean():
    numbers = glued(PAGE)
    asked = [{"type": "eq", "fun": lambda q: q.sum() - 1}, {"type": "eq", "fun": lambda q: q @ FACES - 4.5}]
    start = np.full(6, 1 / 6)
    free = minimize(lambda q: -entr(q).sum(), start, bounds=[(0, 1)] * 6, constraints=asked, tol=1e-12)
    told = [float(chance) for chance in re.findall(r"[0-9.]+", numbers["faces"])]
    assert told == pytest.approx(free.x, abs=6e-4)
    assert numbers["most"] == pytest.approx(-free.fun, abs=1e-6)
    assert numbers["step"] == pytest.approx(free.x[1:] / free.x[:-1], rel=1e-3)
    assert numbers["bit"] < numbers["most"] < numbers["fair"]


def test_another_mean_has_another_die():
    start = np.full(6, 1 / 6)
    assert start @ FACES == pytest.approx(3.5)
    assert glued(PAGE)["most"] < entr(start).sum()
