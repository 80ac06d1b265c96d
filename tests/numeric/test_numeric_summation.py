"""Sums of rows in two parts, against exact rational arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from ce.numeric.smoothing import Smoothing
from ce.numeric.summation import FOLDS, TwoParts, folded_sums, row_sums


def exact_sum(row: np.ndarray) -> Fraction:
    return sum((Fraction(float(value)) for value in row), Fraction(0))


@pytest.mark.parametrize("classes", [1, 2, 7, 100, 10_000])
@pytest.mark.parametrize("spread", [0.0, 1.0, 30.0])
def test_sums_are_right_beyond_the_digits_of_float64(classes: int, spread: float) -> None:
    x = np.exp(np.random.default_rng(classes).normal(scale=spread, size=(5, classes)))
    sums = row_sums(x)
    for row, leading, small in zip(x, *sums, strict=True):
        true = exact_sum(row)
        assert abs(Fraction(float(leading)) + Fraction(float(small)) - true) <= true * Fraction(2) ** -70
    np.testing.assert_array_equal(sums.sum(), [float(exact_sum(row)) for row in x])


def test_the_usual_sum_is_not() -> None:
    x = np.array([[1.0] + [2.0**-54] * 6])
    assert np.add.reduce(x, axis=1)[0] == 1.0 != float(exact_sum(x[0])) == row_sums(x).sum()[0]


@pytest.mark.parametrize("classes", [1, 7, 63, 64, 71, 100, 1000, 10_000])
def test_folded_sums_are_rounded_once_for_each_part(classes: int) -> None:
    halves = np.full(classes, 0.51 * 2.0**-52)
    halves[: classes // FOLDS] = 1.0
    x = np.stack((halves, np.random.default_rng(classes).random(classes), np.full(classes, 0.1)))
    for row, found in zip(x, folded_sums(x).sum(), strict=True):
        true = exact_sum(row)
        assert abs(Fraction(float(found)) - true) <= FOLDS * true * Fraction(2) ** -53


def test_a_sum_is_rounded_and_what_that_took_off_kept() -> None:
    sums = row_sums(np.random.default_rng(5).random((100, 30)))
    for leading, small, rounded, lost in zip(*sums, *sums.rounded(), strict=True):
        assert rounded == float(whole(leading, small))
        assert whole(rounded, lost) == whole(leading, small)


def test_one_over_a_sum_is_rounded_once() -> None:
    draw = np.random.default_rng(4)
    numbers = draw.random(3000) * 2.0 ** draw.integers(-430, 430, size=3000)
    small = numbers * 2.0**-30 * draw.normal(size=3000)
    found = TwoParts(numbers, small).inverse()
    divided = 1.0 / (numbers + small)
    nearer = 0
    for leading, rest, inverse, usual in zip(numbers, small, found, divided, strict=True):
        true = 1 / whole(leading, rest)
        unit = Fraction(float(np.spacing(inverse)))
        assert abs(Fraction(float(inverse)) - true) <= unit * Fraction(51, 100)
        nearer += abs(Fraction(float(usual)) - true) > unit * Fraction(51, 100)
    assert nearer > 100


def whole(leading: float, small: float) -> Fraction:
    return Fraction(float(leading)) + Fraction(float(small))


def test_adding_a_number_loses_nothing() -> None:
    draw = np.random.default_rng(6)
    sums, others = row_sums(draw.random((300, 5))), draw.random(300) * 10.0 ** draw.integers(-9, 9, size=300)
    found = sums.plus(others)
    for row, other in enumerate(others):
        true = whole(sums.leading[row], sums.small[row]) + Fraction(float(other))
        assert abs(whole(found.leading[row], found.small[row]) - true) <= true * Fraction(2) ** -70


@pytest.mark.parametrize("epsilon", [0.0, 1e-3, 0.1, 0.7, 1.0])
def test_smoothing_weighs_two_sums_exactly(epsilon: float) -> None:
    draw = np.random.default_rng(7)
    one, other = (row_sums(draw.random((300, 3))) for _ in range(2))
    mixed = Smoothing.of(epsilon, 3).mean(one, other)
    share = Fraction(epsilon) / 3
    for row in range(300):
        first, second, found = ((parts.leading[row], parts.small[row]) for parts in (one, other, mixed))
        true = (1 - Fraction(epsilon)) * whole(*first) + share * whole(*second)
        assert abs(whole(*found) - true) <= true * Fraction(2) ** -70


def test_the_leading_part_is_short_enough_to_be_multiplied_exactly() -> None:
    x = np.random.default_rng(0).random((200, 9))
    weight = float(np.float32(0.1))
    for leading in row_sums(x).leading:
        assert Fraction(float(leading)) * Fraction(weight) == Fraction(float(leading) * weight)


def test_a_size_known_beforehand_gives_the_same_sum() -> None:
    pmf = np.random.default_rng(3).dirichlet(np.ones(50), size=20)
    np.testing.assert_array_equal(row_sums(pmf, size=1.0).sum(), row_sums(pmf).sum())


def test_the_ends_of_the_range() -> None:
    x = np.array([[0.0, 0.0], [5e-324, 5e-324], [1e290, 1e290], [np.inf, 1.0], [np.nan, 1.0]])
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(row_sums(x).sum(), [0.0, 1e-323, 2e290, np.inf, np.nan])
