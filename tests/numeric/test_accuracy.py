"""Every function against mpmath over the whole range of float64, in units in the last place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from doctest import DocTestParser
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from scipy import special

import ce.numeric as cn
from tests.book_copies import ROOT
from tests.numeric import exact
from tests.numeric.cases import (
    NUMBERS,
    binary_cases,
    large_cases,
    logit_cases,
    long_sum_cases,
    pmf_cases,
    rounded_cases,
    unlucky_cases,
    wide_cases,
)
from tests.numeric.exact import BITS, Exact
from tests.numeric.units import excess, units_off

SMALL = list(logit_cases(400))
WIDE = [*SMALL, *wide_cases()]
ALL = [*WIDE, *large_cases()]
SURE = mpf(1)
PROMISED, OF_SQUARES = 4, 8  # units in the last place, as the package says


@pytest.fixture(autouse=True)
def precision() -> Iterable[None]:
    with mpmath.workprec(BITS):
        yield


def worst(found: Iterable[tuple[float, object]]) -> tuple[float, object]:
    return max(found, key=lambda pair: pair[0])


def compare(computed: np.ndarray, true: list[Exact], units: float) -> float:
    values = np.ravel(computed)
    assert len(values) == len(true)
    return max(excess(float(value), wanted, units) for value, wanted in zip(values, true, strict=True))


@pytest.mark.parametrize(
    ("name", "units", "rows"),
    [("softmax", PROMISED, ALL), ("log_softmax", PROMISED, ALL), ("logsumexp", PROMISED, ALL)],
)
def test_the_softmax_family(name: str, units: float, rows: list) -> None:
    function, oracle = getattr(cn, name), getattr(exact, name)
    share, case = worst((compare(function(z), oracle(z), units), z) for z, _ in rows)
    assert share <= 1, case


def both(loss: str | Callable, oracle: Callable, rows: list, units: tuple[float, float], **options: float) -> None:
    function = getattr(cn, loss) if isinstance(loss, str) else loss
    for at, limit in enumerate(units):
        for z, label in rows:
            computed = function(z, label, **options, return_grad=True)[at]
            share = compare(computed, oracle(z, label, **options)[at], limit)
            assert share <= 1, (z if len(z) < 10 else len(z), label, at, share)


@pytest.mark.parametrize("rows", [1, 3], ids=["one row", "a block"])
def test_the_cross_entropy_and_its_gradient(rows: int) -> None:
    for z, label in WIDE:
        losses, slopes = exact.cross_entropy(z, label)
        values, gradients = cn.cross_entropy_with_logits([z] * rows, [label] * rows, return_grad=True)
        for value, gradient in zip(values, gradients, strict=True):
            assert compare(value, losses, PROMISED) <= 1, (z[:10], label)
            assert compare(gradient, slopes, PROMISED) <= 1, (z[:10], label)
        for value in cn.cross_entropy_with_logits([z] * rows, [label] * rows):
            assert compare(value, losses, PROMISED) <= 1, (z[:10], label)


def test_one_row_of_any_shape_is_what_it_is_in_a_block() -> None:
    for z, label in SMALL:
        value, gradient = cn.cross_entropy_with_logits(z, label, return_grad=True)
        assert np.shape(value) == ()
        assert gradient.shape == (len(z),)
        values, gradients = cn.cross_entropy_with_logits([[z]], [[label]], return_grad=True)
        assert values.shape == (1, 1)
        assert gradients.shape == (1, 1, len(z))
        blocks, slopes = cn.cross_entropy_with_logits([z, z], [label, label], return_grad=True)
        np.testing.assert_allclose([value, values[0, 0]], blocks, rtol=1e-13)
        np.testing.assert_allclose([gradient, gradients[0, 0]], slopes, rtol=1e-11)
        assert cn.cross_entropy_with_logits(z, label).dtype == np.float64


def test_the_cross_entropy_of_ten_thousand_classes() -> None:
    for z, label in large_cases():
        true = exact.softmax_of(tuple(z))
        value, gradient = cn.cross_entropy_with_logits(z, label, return_grad=True)
        assert units_off(float(value), -true.gaps[label] + true.log_of_total) <= PROMISED
        assert units_off(float(gradient[label]), -true.others[label]) <= PROMISED


@pytest.mark.parametrize("epsilon", [0.0, 1e-3, 0.05, 0.1, 0.3, 1.0])
@pytest.mark.parametrize("soft", [False, True], ids=["labels", "probabilities"])
def test_the_cross_entropy_with_soft_and_smoothed_targets_and_its_gradient(soft: bool, epsilon: float) -> None:
    draw = np.random.default_rng(8)
    for z, label in ALL if epsilon == 0.1 else WIDE:
        classes = len(z)
        target = np.eye(classes)[label]
        if soft:
            target = draw.dirichlet(np.full(classes, 0.5)) if draw.random() < 0.7 else target
            other = int(draw.integers(classes))
            target = np.maximum(target, np.eye(classes)[other] * 1e-20)
        losses, slopes = exact.smoothed_cross_entropy(z, [float(t) for t in target], epsilon)
        given = target if soft else label
        value, gradient = cn.cross_entropy_with_logits(z, given, epsilon, return_grad=True)
        assert compare(value, losses, PROMISED) <= 1, (z[:10], target[:10], epsilon)
        assert compare(gradient, slopes, PROMISED) <= 1, (z[:10], target[:10], epsilon)


def test_many_small_targets_beside_a_large_one_add_up() -> None:
    target = [1.0, *[1e-16] * 999]
    z = [float(value) for value in np.random.default_rng(4).normal(size=1000)]
    losses, slopes = exact.smoothed_cross_entropy(z, target)
    value, gradient = cn.cross_entropy_with_logits(z, target, return_grad=True)
    assert compare(value, losses, PROMISED) <= 1
    assert compare(gradient, slopes, PROMISED) <= 1


def test_the_smallest_share_there_is_counts_where_a_gap_is_huge() -> None:
    z, share = [1e200, 0.0, -1e154], 5e-324
    wanted = mpf(share) * (2 * mpf(1e200) + mpf(1e154)) / 3
    assert units_off(float(cn.cross_entropy_with_logits(z, 0, share)), wanted) <= PROMISED


def test_a_long_sum_of_halves_does_not_add_up_in_the_loss() -> None:
    one_by_one = 0.0
    for z, label in long_sum_cases():
        losses, _ = exact.cross_entropy(z, label)
        powers = np.exp(z)
        added = np.cumsum(powers[:label])[-1]
        one_by_one = max(one_by_one, units_off(float(np.log1p(added / powers[label])), losses[0].value))
        for value in cn.cross_entropy_with_logits([z, z], [label, label]):
            assert units_off(float(value), losses[0].value) <= PROMISED, (len(z), z[label])
    assert one_by_one > 2


@pytest.mark.parametrize("z", [[310.2, 0.1], [650.2, 0.1], [650.7, -3.3e-5]])
def test_what_rounding_takes_off_a_gap_is_given_back_to_its_class(z: list[float]) -> None:
    true = exact.softmax(z)[1].value
    assert units_off(float(np.exp(z[1] - z[0])), true) > 50
    assert units_off(float(cn.softmax(z)[1]), true) <= PROMISED


def test_the_largest_logit_and_the_logarithm_add_up() -> None:
    z = [-0.41667288664159347, -0.2243255192903386, -1.6872441860135767]
    assert units_off(float(cn.logsumexp(z)), exact.logsumexp(z)[0].value) <= PROMISED


def test_a_missing_logit_is_not_hidden_by_a_weight_of_zero() -> None:
    value, slope = cn.sigmoid_focal_loss([np.nan, 1.0], [0, 0], alpha=1.0, return_grad=True)
    np.testing.assert_array_equal(value, [np.nan, 0.0])
    np.testing.assert_array_equal(slope, [np.nan, 0.0])


def test_rows_that_round_unluckily() -> None:
    for z in rounded_cases():
        losses, slopes = exact.cross_entropy(z, 0)
        probabilities = exact.softmax(z)
        for rows in (1, 2):
            value, gradient = cn.cross_entropy_with_logits([z] * rows, [0] * rows, return_grad=True)
            assert compare(value[0], losses, PROMISED) <= 1, z[:3]
            assert compare(gradient[0], slopes, PROMISED) <= 1, z[:3]
            value = cn.cross_entropy_with_logits([z] * rows, [0] * rows)
            assert compare(value[0], losses, PROMISED) <= 1, z[:3]
            assert compare(cn.softmax([z] * rows)[0], probabilities, PROMISED) <= 1, z[:3]
            assert compare(cn.log_softmax([z] * rows)[0], exact.log_softmax(z), PROMISED) <= 1, z[:3]


@pytest.mark.parametrize("z", list(unlucky_cases()), ids=["ordinary", "unequal", "large"])
def test_fifteen_roundings_of_one_sum_do_not_add_up(z: list[float]) -> None:
    powers = np.exp(np.subtract(z, 0.1 if min(z) < -300 else 0.0))
    usual = powers / (powers[5] + np.add.reduce([*powers[:5], 0, *powers[6:]]))
    assert compare(usual, exact.softmax(z), 3) > 1
    assert compare(cn.softmax(z), exact.softmax(z), PROMISED) <= 1
    row = [1.0, *[0.0] * 127]
    losses, slopes = exact.smoothed_cross_entropy(z, row)
    for target in (0, row):
        values, gradients = cn.cross_entropy_with_logits([z, z], [target, target], return_grad=True)
        assert compare(values[0], losses, PROMISED) <= 1
        assert compare(gradients[0], slopes, PROMISED) <= 1
        assert compare(cn.cross_entropy_with_logits([z, z], [target, target])[0], losses, PROMISED) <= 1


@pytest.mark.parametrize(
    ("z", "target", "epsilon"),
    [
        ([1.7e308, -1e200, 1.0, 0.0], 1, 0.1),  # the sum of the gaps overflows, their mean does not
        ([1.7e308, -1.7e308, 0.0], [0.75, 0.25, 0.0], 0.0),  # one gap overflows, its share does not
        ([1.7e308, -1.7e308, -1e308], 0, 0.5),
    ],
)
def test_the_loss_is_infinite_only_where_the_true_one_is_beyond_float64(
    z: list[float], target: int | list[float], epsilon: float
) -> None:
    row = [float(k == target) for k in range(len(z))] if isinstance(target, int) else target
    (loss,), _ = exact.smoothed_cross_entropy(z, row, epsilon)
    value = cn.cross_entropy_with_logits(z, target, epsilon)
    assert np.isfinite(value)
    assert units_off(float(value), loss.value) <= PROMISED
    assert cn.cross_entropy_with_logits([1.7e308, -1.7e308], 1) == np.inf  # 3.4e308


def test_the_squared_error_through_the_softmax_and_its_gradient() -> None:
    both("softmax_squared_error", exact.softmax_squared_error, WIDE, (OF_SQUARES, OF_SQUARES))


def test_the_squared_error_of_raw_outputs_and_its_gradient() -> None:
    for z, label in WIDE:
        errors = [mpmath.fsub(mpf(value), float(k == label), exact=True) for k, value in enumerate(z)]
        value, gradient = cn.squared_error(z, np.eye(len(z))[label], return_grad=True)
        assert units_off(float(value), mpmath.fsum(error**2 for error in errors)) <= OF_SQUARES, (z[:10], label)
        assert all(
            units_off(float(slope), 2 * error) <= OF_SQUARES for slope, error in zip(gradient, errors, strict=True)
        )


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
def test_the_focal_loss_through_the_softmax_and_its_gradient(gamma: float) -> None:
    units = 4 + 2 * gamma
    both("softmax_focal_loss", exact.softmax_focal, WIDE[::2], (units, units), gamma=gamma)


def test_the_loss_that_contributing_shows_keeps_the_promise() -> None:
    recipe = (ROOT / "CONTRIBUTING.md").read_text("utf8").partition("## Add a loss on arrays")[2].partition("\n## ")[0]
    shown: dict[str, Any] = {}
    for example in DocTestParser().get_examples(recipe):
        exec(example.source, shown)
    both(shown["unlikelihood"], exact.unlikelihood, WIDE, (PROMISED, PROMISED))


BINARY = list(binary_cases(300))


UNLUCKY_LOGIT = -1.9474902109148324
"""Of 20 million drawn, the one where a fast exponential, 1 + t and t/(1 + t) are rounded most unluckily."""


def test_the_sigmoid_and_its_logarithm_everywhere() -> None:
    for z in [*NUMBERS, UNLUCKY_LOGIT, *(z for z, _ in BINARY)]:
        assert units_off(float(cn.sigmoid(z)), exact.sigmoid(z)[0]) <= PROMISED, z
        assert units_off(float(cn.log_sigmoid(z)), -exact.softplus(-z)) <= PROMISED, z


def binary(z: float, y: float) -> tuple[mpf, mpf, mpf, mpf]:
    """Give σ(z), σ(−z), σ(z) − y, and the larger of its two terms."""
    right, wrong = exact.sigmoid(z)
    error = (1 - mpf(y)) * right - mpf(y) * wrong
    return right, wrong, error, max(abs(mpf(z >= 0) - mpf(y)), min(right, wrong))


def allowed(computed: float, true: mpf, term: mpf, units: float) -> bool:
    cancels = term > 2 * abs(true)
    return excess(computed, Exact(true, term, mpf("inf") if cancels else SURE), units) <= 1


def test_the_binary_cross_entropy_and_its_derivative() -> None:
    for z, y in BINARY:
        value, slope = cn.binary_cross_entropy_with_logits(z, y, return_grad=True)
        true = mpf(y) * exact.softplus(-z) + (1 - mpf(y)) * exact.softplus(z)
        assert units_off(float(value), true) <= PROMISED, (z, y)
        _, _, error, term = binary(z, y)
        assert allowed(float(slope), error, term, PROMISED), (z, y)


def test_the_squared_error_through_the_sigmoid_and_its_derivative() -> None:
    for z, y in BINARY:
        value, slope = cn.sigmoid_squared_error(z, y, return_grad=True)
        right, wrong, error, term = binary(z, y)
        assert allowed(float(value), error**2, term**2, OF_SQUARES), (z, y)
        assert allowed(float(slope), 2 * error * right * wrong, 2 * term * right * wrong, OF_SQUARES), (z, y)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("alpha", [None, 0.25])
def test_the_focal_loss_through_the_sigmoid_and_its_derivative(gamma: float, alpha: float | None) -> None:
    units, power = 4 + 2 * gamma, mpf(gamma)
    for z in NUMBERS:
        for y in (0, 1):
            value, slope = cn.sigmoid_focal_loss(z, y, gamma, alpha, return_grad=True)
            s = z if y else -z
            right, wrong = exact.sigmoid(s)
            weight = mpf(1) if alpha is None else mpf(alpha if y else 1 - alpha)
            loss, focus = exact.softplus(-s), wrong**power
            assert units_off(float(value), weight * focus * loss) <= units, (z, y)
            true = weight * -focus * (wrong + power * right * loss) * (1 if y else -1)
            assert units_off(float(slope), true) <= units, (z, y)


PAIRS = list(pmf_cases(120))


def test_entropy_and_cross_entropy_and_divergence() -> None:
    for p, q in PAIRS:
        exact_p, exact_q = [mpf(v) for v in p], [mpf(v) for v in q]
        own = mpmath.fsum(-a * mpmath.log(a) for a in exact_p if a)
        assert units_off(float(cn.entropy(p)), own) <= PROMISED, p
        if any(a and not b for a, b in zip(p, q, strict=True)):
            assert cn.cross_entropy(p, q) == cn.kl_divergence(p, q) == np.inf
            continue
        pairs = [(a, b) for a, b in zip(exact_p, exact_q, strict=True) if a]
        cross = mpmath.fsum(-a * mpmath.log(b) for a, b in pairs)
        assert units_off(float(cn.cross_entropy(p, q)), cross) <= PROMISED
        terms = [a * mpmath.log(a / b) for a, b in pairs]
        true = max(mpmath.fsum(terms), mpf(0))
        size = mpmath.fsum(abs(term) for term in terms)
        assert allowed(float(cn.kl_divergence(p, q)), true, size, PROMISED), (p, q)


def test_the_gaussian_likelihood_and_its_derivatives() -> None:
    draw = np.random.default_rng(6)
    numbers = [*NUMBERS[2:], *draw.normal(scale=4.0, size=60)]
    for _ in range(500):
        mean, target = (float(draw.choice(numbers)) for _ in range(2))
        variance = float(draw.choice([1e-300, 1e-10, 0.3, 1.0, 2.7, 50.0, 1e10, 1e300]))
        value, (by_mean, by_variance) = cn.gaussian_nll(mean, target, variance, full=True, return_grad=True)
        error, v = mpmath.fsub(mpf(mean), mpf(target), exact=True), mpf(variance)
        parts = [mpmath.log(v) / 2, error**2 / v / 2, mpmath.log(2 * mpmath.pi) / 2]
        terms = max(abs(part) for part in parts)
        assert allowed(float(value), mpmath.fsum(parts), terms, OF_SQUARES), (mean, target, variance)
        assert units_off(float(by_mean), error / v) <= OF_SQUARES, (mean, target, variance)
        slope = (1 - error**2 / v) / v / 2
        term = max(1, error**2 / v) / v / 2
        assert allowed(float(by_variance), slope, term, OF_SQUARES), (mean, target, variance)


def test_the_slope_by_a_huge_variance_does_not_overflow_on_the_way() -> None:
    largest = float(np.finfo(np.float64).max)
    _, (by_mean, by_variance) = cn.gaussian_nll(largest, 0.0, largest, return_grad=True)
    assert by_mean == 1.0
    assert units_off(float(by_variance), mpf(-1) / 2) <= OF_SQUARES
    _, (_, by_variance) = cn.gaussian_nll(1.5e154, 0.0, 1.0, return_grad=True)
    assert by_variance == pytest.approx(-1.125e308, rel=1e-15)


def test_float32_is_rounded_once_and_stays_float32() -> None:
    for z, label in SMALL[::5]:
        narrow = np.array(z, dtype=np.float64).clip(-3e38, 3e38).astype(np.float32)
        value, gradient = cn.cross_entropy_with_logits(narrow, label, return_grad=True)
        assert value.dtype == gradient.dtype == np.float32
        (loss,), slopes = exact.cross_entropy([float(v) for v in narrow], label)
        for computed, true in zip([value, *gradient], [loss, *slopes], strict=True):
            assert units_off(np.float32(computed), true.value, np.float32) <= 0.51


def test_what_the_usual_form_loses_is_found_out_by_these_measures() -> None:
    # SciPy's log-softmax sums the largest term with the others: the loss of a sure right answer is gone.
    z = [46.0, 0.0]
    assert compare(special.log_softmax(z), exact.log_softmax(z), 2) > 1
    assert cn.cross_entropy_with_logits(z, 0) == pytest.approx(1.0530617e-20, rel=1e-7)
    # expit, too, ends at −709.8 where there are 35 more to go.
    assert units_off(float(special.expit(-720.0)), exact.sigmoid(-720.0)[0]) > 2


def test_a_diverged_row_is_nan_alone() -> None:
    z = np.array([[0.0, 1.0], [np.nan, 0.0], [2.0, 3.0]])
    for name in ("cross_entropy_with_logits", "softmax_squared_error", "softmax_focal_loss"):
        value, gradient = getattr(cn, name)(z, [0, 1, 1], return_grad=True)
        np.testing.assert_array_equal(np.isnan(value), [False, True, False])
        np.testing.assert_array_equal(np.isnan(gradient).all(axis=1), [False, True, False])
        np.testing.assert_array_equal(np.isnan(gradient).any(axis=1), [False, True, False])


@pytest.mark.parametrize(
    ("z", "label", "loss", "gradient"),
    [
        ([np.inf, 0.0], 0, 0.0, [0.0, 0.0]),
        ([np.inf, 0.0], 1, np.inf, [1.0, -1.0]),
        ([-np.inf, 0.0, 0.0], 1, np.log(2.0), [0.0, -0.5, 0.5]),
        ([-np.inf, 0.0], 0, np.inf, [-1.0, 1.0]),
        ([1e308, -1e308], 1, np.inf, [1.0, -1.0]),
        ([np.inf, np.inf], 0, np.nan, [np.nan, np.nan]),
        ([-np.inf], 0, 0.0, [0.0]),
    ],
)
def test_infinite_logits_give_the_limit_and_nothing_where_there_is_none(
    z: list[float], label: int, loss: float, gradient: list[float]
) -> None:
    for target in (label, np.eye(len(z))[label]):
        value, slopes = cn.cross_entropy_with_logits(z, target, return_grad=True)
        np.testing.assert_allclose(value, loss, rtol=1e-15)
        np.testing.assert_allclose(slopes, gradient, rtol=1e-15)


@pytest.mark.parametrize(("z", "y", "loss"), [(np.inf, 1, 0.0), (-np.inf, 0, 0.0), (np.inf, 0, np.inf)])
def test_infinite_binary_logits_give_the_limit(z: float, y: int, loss: float) -> None:
    assert cn.binary_cross_entropy_with_logits(z, y) == loss
    assert cn.sigmoid_focal_loss(z, y) == loss
    assert cn.sigmoid_squared_error(z, y) == min(loss, 1.0)
