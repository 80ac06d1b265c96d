"""The edges: infinite logits, huge outputs, soft targets, sums near one, bad shapes, memory, time."""

from __future__ import annotations

import itertools
import math
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import ce.numeric as cn

INF = float("inf")
CLASSES = (2, 3, 4, 5, 8, 10, 16, 20, 100, 1000)
SHARES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.9, 1.0)


class TestSmoothingWithInfiniteLogits:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("infinite", [-INF, INF])
    def test_the_loss_is_infinite_since_some_class_with_a_share_has_probability_zero(self, infinite, dtype):
        for classes, epsilon in itertools.product(CLASSES, SHARES):
            for at, label in itertools.product({0, classes // 2, classes - 1}, {0, classes - 1}):
                z = np.zeros(classes, dtype)
                z[at] = infinite
                for target in (label, np.eye(classes)[label]):
                    value, gradient = cn.cross_entropy_with_logits(z, target, epsilon, return_grad=True)
                    assert value == INF, (classes, epsilon, at, label)
                    assert np.isfinite(gradient).all()
                    limit = np.full(classes, 1 / (classes - 1)) if infinite < 0 else np.zeros(classes)
                    limit[at] = float(infinite > 0)
                    wanted = limit - cn.smooth_labels(np.eye(classes)[label], epsilon)
                    np.testing.assert_allclose(gradient, wanted, rtol=1e-6, atol=1e-7)

    def test_without_a_share_a_class_of_probability_zero_adds_nothing(self):
        assert cn.cross_entropy_with_logits([-INF, 0.0, 0.0], 1, 0.0) == pytest.approx(np.log(2))
        assert cn.cross_entropy_with_logits([-INF, 0.0, 0.0], [0.0, 0.5, 0.5]) == pytest.approx(np.log(2))


class TestSquaresOfHugeOutputs:
    @pytest.mark.parametrize("output", [1e140, 1.6e150, 2e150, 7e153, 1.3e154, -1.3e154])
    def test_the_loss_is_finite_where_the_true_one_is(self, output):
        value, gradient = cn.squared_error([[output, 0.0]], [[0.0, 0.0]], return_grad=True)
        assert value[0] == pytest.approx(output**2, rel=1e-15)
        assert gradient.tolist() == [[2 * output, 0.0]]

    def test_the_loss_is_infinite_and_no_nan_where_the_true_one_overflows(self):
        value, gradient = cn.squared_error([[1.5e154, 0.0], [1.0, 0.0]], np.zeros((2, 2)), return_grad=True)
        assert value.tolist() == [INF, 1.0]
        assert gradient.tolist() == [[3e154, 0.0], [2.0, 0.0]]


def focal_of_the_frameworks(z: float, y: float, gamma: float, alpha: float | None) -> mpf:
    """As optax, torchvision and Keras define it for any target."""
    with mpmath.workdps(60):
        p, q = 1 / (1 + mpmath.exp(-mpf(z))), 1 / (1 + mpmath.exp(mpf(z)))
        cross_entropy = -(y * mpmath.log(p) + (1 - mpf(y)) * mpmath.log(q))
        wrong = y * q + (1 - mpf(y)) * p
        weight = 1 if alpha is None else alpha * mpf(y) + (1 - mpf(alpha)) * (1 - mpf(y))
        return weight * wrong ** mpf(gamma) * cross_entropy


class TestSoftTargetsOfTheFocalLoss:
    def test_optax_s_own_example_gives_optax_s_number_and_the_other_convention_is_offered_by_name(self):
        assert cn.sigmoid_focal_loss(75.0, 0.8, gamma=0.5) == pytest.approx(6.708204, rel=1e-6)
        assert cn.sigmoid_focal_loss(75.0, 0.8, gamma=0.5, mixed="probability") == pytest.approx(6.708204)
        assert cn.sigmoid_focal_loss(75.0, 0.8, gamma=0.5, mixed="loss") == pytest.approx(15.0)

    @pytest.mark.parametrize("alpha", [None, 0.25])
    @pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
    def test_the_default_is_that_of_the_frameworks(self, gamma, alpha):
        for z, y in itertools.product((-40.0, -3.0, -0.1, 0.0, 1.0, 7.5, 60.0), (0.0, 0.1, 0.5, 0.8, 1.0)):
            wanted = float(focal_of_the_frameworks(z, y, gamma, alpha))
            assert cn.sigmoid_focal_loss(z, y, gamma, alpha) == pytest.approx(wanted, rel=1e-14), (z, y)

    def test_mixing_the_loss_is_the_mean_over_random_labels(self):
        z = np.linspace(-8, 8, 33)
        one, zero = (cn.sigmoid_focal_loss(z, np.full(33, y), alpha=0.3) for y in (1.0, 0.0))
        mixed = cn.sigmoid_focal_loss(z, np.full(33, 0.7), alpha=0.3, mixed="loss")
        np.testing.assert_allclose(mixed, 0.7 * one + 0.3 * zero, rtol=1e-14)

    @pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 1000.0])
    @pytest.mark.parametrize("y", [1e-200, 1e-10, 0.5])
    def test_an_infinite_loss_stays_infinite_however_small_its_factor(self, y, gamma):
        for z, target in ((-INF, y), (INF, 1 - y)) if y > 1e-17 else ((-INF, y),):
            value, slope = cn.sigmoid_focal_loss(z, target, gamma, return_grad=True)
            assert value == INF
            assert np.isfinite(slope)

    def test_a_factor_below_the_smallest_number_is_seen_where_the_loss_is_huge(self):
        with mpmath.workdps(60):
            wanted = mpf(1e-170) ** 3 * mpf(1e308)
        assert cn.sigmoid_focal_loss(-1e308, 1e-170) == pytest.approx(float(wanted), rel=1e-14)

    @pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
    def test_of_labels_both_conventions_are_the_same(self, gamma):
        z = np.array([-INF, -800.0, -30.0, 0.0, 2.0, 750.0, INF])
        for y in (np.zeros(7), np.ones(7)):
            first, second = (
                cn.sigmoid_focal_loss(z, y, gamma, 0.25, mixed=mixed, return_grad=True)
                for mixed in ("probability", "loss")
            )
            for ours, other in zip(first, second, strict=True):
                assert not np.isnan(ours).any()
                np.testing.assert_allclose(ours, other, rtol=1e-14)


def float32_softmax(classes: int) -> np.ndarray:
    powers = np.exp(3 * np.random.default_rng(classes).normal(size=(4, classes)).astype(np.float32))
    return powers / powers.sum(axis=-1, keepdims=True, dtype=np.float32)


class TestHowFarASumMayBeFromOne:
    @pytest.mark.parametrize("classes", [10, 1000, 50_000, 250_000])
    def test_a_softmax_in_float32_is_a_pmf_however_many_classes_it_has(self, classes):
        p = float32_softmax(classes)
        assert p.dtype == np.float32
        exact = -np.sum(p.astype(float) * np.log(p.astype(float)), axis=-1)
        np.testing.assert_allclose(cn.entropy(p), exact, rtol=1e-6)

    @pytest.mark.parametrize("classes", [3, 5, 7, 100])
    def test_probabilities_written_with_six_decimals_are_a_pmf(self, classes):
        for row in np.random.default_rng(1).dirichlet(np.ones(classes), size=50).round(6):
            assert cn.entropy(row) >= 0
        assert cn.entropy([0.333333] * 3) == pytest.approx(np.log(3), rel=1e-5)

    @pytest.mark.parametrize("row", [[1.1, -0.1], [0.7, 0.2], [0.5, 0.50001], [1.00001, 0.0], [1.0, -1e-9]])
    def test_what_is_no_pmf_is_refused_as_before(self, row):
        for call in (cn.entropy, lambda p: cn.cross_entropy([1.0, 0.0], p), lambda p: cn.log_loss([p], [0])):
            with pytest.raises(ValueError, match=r"expected (numbers in \[0, 1\]|a sum of 1 over the last axis)"):
                call(row)

    def test_however_many_the_classes_a_thousandth_is_too_much(self):
        p = np.full(100_000, 1e-5)
        assert cn.entropy(p) > 11
        with pytest.raises(ValueError, match="a sum of 1"):
            cn.entropy(p * 1.002)

    def test_a_probability_above_one_by_less_than_that_leaves_no_range(self):
        above = [1 + 5e-7, 0.0]
        assert cn.log_loss([above], [0]) == 0.0
        assert cn.entropy(above) == 0.0
        assert cn.cross_entropy([1.0, 0.0], above) == 0.0
        assert cn.kl_divergence([1.0, 0.0], above) == 0.0
        assert cn.perplexity(above) == 1.0
        assert cn.entropy([0.5 + 2e-7] * 2) <= np.log(2)
        assert cn.brier_score([above], [1]) <= 2.0
        assert cn.expected_calibration_error([above], [0]) == 0.0


def quickest(call: Callable[[], Any]) -> float:
    """Return the least processor time of several calls, in seconds."""
    times = []
    for _ in range(7):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize(("lead", "most"), [(40.0, 2.5), (310.0, 2.5), (650.0, 5.0), (712.0, 14.0), (1000.0, 5.0)])
def test_no_lead_of_the_true_class_takes_many_times_as_long(lead: float, most: float) -> None:
    draw = np.random.default_rng(0)
    z, c = draw.normal(scale=3.0, size=(500, 1000)), draw.integers(0, 1000, size=500)
    sure = z.copy()
    sure[np.arange(500), c] += lead
    usual = quickest(lambda: cn.cross_entropy_with_logits(z, c, return_grad=True))
    assert quickest(lambda: cn.cross_entropy_with_logits(sure, c, return_grad=True)) < most * usual


class TestRefusalsSayWhatToDo:
    @pytest.mark.parametrize(
        ("call", "error", "says"),
        [
            (
                lambda: cn.cross_entropy_with_logits(np.zeros((3, 2)), [[0], [1], [1]]),
                ValueError,
                "got shape (3, 1); an axis of one number too many: use targets[:, 0]",
            ),
            (
                lambda: cn.cross_entropy_with_logits(np.zeros((2, 3)), np.eye(3)[[0, 2]].T),
                ValueError,
                "got shape (3, 2); it seems to be transposed: use targets.T",
            ),
            (lambda: cn.accuracy(np.zeros((2, 3)), [[0], [1]]), ValueError, "use labels[:, 0]"),
            (
                lambda: cn.cross_entropy([[2.0, 1.0]], [0]),
                ValueError,
                "there is cross_entropy_with_logits(logits, targets)",
            ),
            (lambda: cn.smooth_labels([0, 1, 2], 0.1), ValueError, "class numbers are for one_hot(labels, classes)"),
            (lambda: cn.one_hot(["cat", "dog"], 2), TypeError, "np.unique(labels, return_inverse=True)[1]"),
            (lambda: cn.softmax(None), TypeError, "give an array of numbers"),
            (lambda: cn.softmax(x for x in [1.0]), TypeError, "list(logits)"),
            (lambda: cn.softmax([np.ma.array([1.0, 2.0], mask=[0, 1])]), TypeError, "a masked array"),
        ],
        ids=["column", "transposed", "labels", "logits", "numbers", "names", "none", "generator", "mask in a list"],
    )
    def test_of_usual_mistakes(self, call, error, says):
        with pytest.raises(error) as caught:
            call()
        assert says in str(caught.value)

    def test_a_sparse_matrix_is_to_be_made_dense(self):
        class Sparse:
            def toarray(self):
                return np.zeros((1, 2))

        with pytest.raises(TypeError, match=r"logits\.toarray\(\)"):
            cn.softmax(Sparse())

    @pytest.mark.parametrize("error", [RuntimeError("call detach() first"), TypeError("BFloat16 is unsupported")])
    def test_a_tensor_that_is_no_array_is_a_wrong_kind_of_value(self, error):
        class Tensor:
            def __array__(self, *args, **kwargs):
                raise error

        for call in (cn.softmax, lambda t: cn.cross_entropy_with_logits(np.zeros((1, 2)), t)):
            with pytest.raises(TypeError, match=r"got Tensor .*\.detach\(\)\.double\(\)\.numpy\(\)"):
                call(Tensor())


TINY_PMF = np.array([[1.0, 1e-310, 5e-324]] * 2)
STRICT: dict[str, Callable[[], Any]] = {
    "perplexity": lambda: cn.perplexity([0.0, 1.0], [1.0, 5e-324]),
    "smooth_labels": lambda: cn.smooth_labels(TINY_PMF, 0.1),
    "brier_score": lambda: cn.brier_score(TINY_PMF, [0, 0]),
    "log_loss": lambda: cn.log_loss([[0.0, 1.0]], [0]),
    "calibration": lambda: cn.classwise_calibration_error(TINY_PMF, [0, 0]),
    "cross_entropy": lambda: cn.cross_entropy(TINY_PMF, TINY_PMF, unit="bits"),
    "cross-entropy of rows": lambda: cn.cross_entropy_with_logits([[1e308, -1e308, -INF]] * 2, TINY_PMF),
    "sigmoid": lambda: cn.sigmoid([-1e308, -740.0]),
    "gaussian_nll": lambda: cn.gaussian_nll(1e308, -1e308, 5e-324, return_grad=True)[0],
}


@pytest.mark.parametrize("name", STRICT)
def test_numpy_s_state_for_errors_is_none_of_the_business_of_a_result(name: str) -> None:
    with np.errstate(all="raise"):
        strict = STRICT[name]()
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(strict, STRICT[name]())


def test_a_perplexity_beyond_float64_is_infinite() -> None:
    assert STRICT["perplexity"]() == INF


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("epsilon", [0.0, 1.0])
def test_probabilities_are_refused_in_whichever_block_they_are(epsilon: float, dtype: type) -> None:
    z, t = np.zeros((400, 1000), dtype), np.full((400, 1000), 1e-3, dtype)
    for value, says in ((-0.5, "in [0, 1], got -0.5 at index (390, 7)"), (np.nan, "got nan at index (390, 7)")):
        t[390, 7] = value
        with pytest.raises(ValueError, match=r"argument `targets`: expected numbers in") as caught:
            cn.cross_entropy_with_logits(z, t, epsilon, return_grad=True)
        assert says in str(caught.value)
    t[390, 7] = 0.01
    with pytest.raises(ValueError, match=r"a sum of 1 over the last axis, got 1\.00.* at index \(390,\)"):
        cn.cross_entropy_with_logits(z, t, epsilon)


def test_the_other_byte_order_is_read_and_the_result_is_the_machine_s() -> None:
    for kind in (">f8", "<f8", ">f4", ">i8"):
        z = np.array([[1.0, 2.0], [0.0, -3.0]]).astype(kind)
        found = cn.softmax(z)
        assert found.dtype.isnative
        np.testing.assert_allclose(found, cn.softmax(z.astype(float)), rtol=1e-6)


def test_a_single_class_is_sure_whatever_its_logit() -> None:
    for z in (-INF, -1e308, 0.0, 700.0, INF):
        assert cn.softmax([z]).tolist() == [1.0]
        assert cn.cross_entropy_with_logits([z], 0) == 0.0


def test_logits_that_are_masked_with_minus_infinity_have_an_accuracy() -> None:
    assert cn.accuracy([[0.0, -INF], [-INF, 1.0], [-INF, INF]], [0, 1, 0]) == pytest.approx(2 / 3)


def test_the_calibration_error_of_a_million_examples_takes_less_than_twice_the_input() -> None:
    draw = np.random.default_rng(1)
    p, c = draw.dirichlet(np.ones(3), size=10**6), draw.integers(0, 3, size=10**6)
    for metric in (cn.expected_calibration_error, cn.classwise_calibration_error, cn.brier_score, cn.log_loss):
        tracemalloc.start()
        try:
            metric(p, c)
            assert tracemalloc.get_traced_memory()[1] < 2 * p.nbytes
        finally:
            tracemalloc.stop()


def test_the_last_digits_alone_may_depend_on_the_batch() -> None:
    draw = np.random.default_rng(2)
    z, c = draw.normal(size=(200, 17)), draw.integers(0, 17, size=200)
    values, gradients = cn.cross_entropy_with_logits(z, c, return_grad=True)
    for row, label, value, gradient in zip(z, c, values, gradients, strict=True):
        alone, slopes = cn.cross_entropy_with_logits(row, label, return_grad=True)
        assert abs(alone - value) <= 4 * math.ulp(value)
        assert (np.abs(slopes - gradient) <= 4 * np.spacing(np.abs(gradient))).all()
