"""What must hold for any logits, targets and probabilities: found wrong by hypothesis, if it can be."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from mpmath import mpf
from scipy import special

import ce.numeric as cn

ROWS, CLASSES = 3, 4
ordinary = arrays(np.float64, (ROWS, CLASSES), elements=st.floats(-50, 50))
any_finite = arrays(np.float64, (ROWS, CLASSES), elements=st.floats(allow_nan=False, allow_infinity=False))
labels = arrays(np.int64, (ROWS,), elements=st.integers(0, CLASSES - 1))
weights = arrays(np.float64, (ROWS, CLASSES), elements=st.floats(1e-6, 1))
pmfs = weights.map(lambda w: w / w.sum(-1, keepdims=True))
shares = st.floats(0, 1)
powers = st.floats(0, 6)

OF_LABELS = {
    "cross-entropy": cn.cross_entropy_with_logits,
    "smoothed cross-entropy": lambda z, c, **o: cn.cross_entropy_with_logits(z, c, 0.1, **o),
    "squared error": cn.softmax_squared_error,
    "focal loss": cn.softmax_focal_loss,
}


@pytest.mark.parametrize("loss", OF_LABELS.values(), ids=OF_LABELS)
@given(z=any_finite, c=labels)
def test_losses_are_not_negative_and_their_gradients_are_finite_and_sum_to_zero(loss, z, c):
    value, gradient = loss(z, c, return_grad=True)
    assert (value >= 0).all()
    assert np.isfinite(gradient).all()
    np.testing.assert_allclose(gradient.sum(axis=-1), 0.0, atol=1e-14)


@pytest.mark.parametrize("loss", OF_LABELS.values(), ids=OF_LABELS)
@given(z=any_finite, c=labels, order=st.permutations(range(CLASSES)))
def test_the_order_of_the_classes_does_not_matter(loss, z, c, order):
    where = np.argsort(order)
    value, gradient = loss(z, c, return_grad=True)
    moved, moved_gradient = loss(z[:, order], where[c], return_grad=True)
    np.testing.assert_allclose(moved, value, rtol=1e-13)
    np.testing.assert_allclose(moved_gradient, gradient[:, order], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("loss", OF_LABELS.values(), ids=OF_LABELS)
@given(z=ordinary, c=labels, shift=st.integers(-(2**30), 2**30))
def test_adding_one_number_to_all_logits_changes_nothing(loss, z, c, shift):
    z = np.round(z * 2**16) / 2**16  # so that the shifted logits are exact
    shifted = loss(z + shift, c, return_grad=True)
    assert_pairs_agree(loss(z, c, return_grad=True), shifted, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(cn.softmax(z + shift), cn.softmax(z), rtol=1e-12)


def exact_cross_entropy(p: list[mpf], t: list[mpf]) -> mpf:
    return -mpmath.fsum(b * mpmath.log(a) for a, b in zip(p, t, strict=True))


def exact_squared_error(p: list[mpf], t: list[mpf]) -> mpf:
    return mpmath.fsum((a - b) ** 2 for a, b in zip(p, t, strict=True))


DIFFERENTIABLE: dict[str, tuple[Callable, Callable]] = {
    "cross-entropy": (cn.cross_entropy_with_logits, exact_cross_entropy),
    "squared error": (cn.softmax_squared_error, exact_squared_error),
}


def assert_pairs_agree(first, second, rtol, atol=0.0):
    for ours, other in zip(first, second, strict=True):
        np.testing.assert_allclose(ours, other, rtol=rtol, atol=atol)


def of_softmax(loss: Callable, logits: list[mpf], target: list[mpf]) -> mpf:
    top = [mpmath.exp(z) for z in logits]
    total = mpmath.fsum(top)
    return loss([power / total for power in top], target)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
@given(z=arrays(np.float64, (CLASSES,), elements=st.floats(-20, 20)), t=pmfs)
@settings(max_examples=40)
def test_the_gradient_is_the_central_difference_in_higher_precision(name, z, t):
    ours, definition = DIFFERENTIABLE[name]
    gradient = ours(z, t[0], return_grad=True)[1]
    with mpmath.workdps(60):
        logits, target, step = [mpf(v) for v in z], [mpf(v) for v in t[0]], mpf(10) ** -20
        for k in range(CLASSES):
            ends = [
                of_softmax(definition, [*logits[:k], logits[k] + side, *logits[k + 1 :]], target)
                for side in (step, -step)
            ]
            slope = (ends[0] - ends[1]) / (2 * step)
            assert abs(gradient[k] - slope) <= 1e-13


@given(z=st.floats(-30, 30), y=shares, gamma=powers, alpha=shares)
@settings(max_examples=60)
def test_the_binary_derivatives_are_central_differences_in_higher_precision(z, y, gamma, alpha):
    def cross_entropy(p, q):
        return -y * mpmath.log(p) - (1 - mpf(y)) * mpmath.log(q)

    def focal(p, q):
        mine, other = -mpf(alpha) * q**gamma * mpmath.log(p), -(1 - mpf(alpha)) * p**gamma * mpmath.log(q)
        return y * mine + (1 - mpf(y)) * other

    def focal_of_mixture(p, q):
        share = y * mpf(alpha) + (1 - mpf(y)) * (1 - mpf(alpha))
        return share * (y * q + (1 - mpf(y)) * p) ** gamma * cross_entropy(p, q)

    cases = [
        (cross_entropy, cn.binary_cross_entropy_with_logits(z, y, return_grad=True)),
        (lambda p, q: (p - y) ** 2, cn.sigmoid_squared_error(z, y, return_grad=True)),
        (focal, cn.sigmoid_focal_loss(z, y, gamma, alpha, mixed="loss", return_grad=True)),
        (focal_of_mixture, cn.sigmoid_focal_loss(z, y, gamma, alpha, return_grad=True)),
    ]
    with mpmath.workdps(60):
        step = mpf(10) ** -20

        def at(definition: Callable, logit: mpf) -> mpf:
            return definition(1 / (1 + mpmath.exp(-logit)), 1 / (1 + mpmath.exp(logit)))

        for definition, (value, slope) in cases:
            assert abs(value - at(definition, mpf(z))) <= 1e-14 * (1 + abs(z)) * (1 + gamma)
            difference = (at(definition, z + step) - at(definition, z - step)) / (2 * step)
            assert abs(slope - difference) <= 1e-14 * (1 + gamma) ** 2 * (1 + abs(z))


@given(z=ordinary, c=labels)
def test_alternative_forms_of_the_cross_entropy_agree(z, c):
    ours = cn.cross_entropy_with_logits(z, c)
    own = np.take_along_axis(z, c[:, np.newaxis], axis=-1)[:, 0]
    for other in (
        cn.logsumexp(z) - own,
        -np.take_along_axis(cn.log_softmax(z), c[:, np.newaxis], axis=-1)[:, 0],
        special.logsumexp(z, axis=-1) - own,
    ):
        np.testing.assert_allclose(ours, other, rtol=1e-13, atol=1e-13)


@given(z=arrays(np.float64, (8,), elements=st.floats(-700, 700)), y=shares)
def test_the_binary_losses_are_those_of_two_classes(z, y):
    two, target = np.stack([np.zeros(8), z], axis=-1), np.full((8, 2), [1 - y, y])
    ours = cn.binary_cross_entropy_with_logits(z, np.full(8, y))
    np.testing.assert_allclose(ours, cn.cross_entropy_with_logits(two, target), rtol=1e-13)
    squared = cn.sigmoid_squared_error(z, np.full(8, y))
    np.testing.assert_allclose(2 * squared, cn.softmax_squared_error(two, target), rtol=1e-12, atol=1e-15)


@given(z=ordinary, t=pmfs, epsilon=shares)
def test_label_smoothing_is_the_loss_on_smoothed_targets_and_a_mixture_of_two_losses(z, t, epsilon):
    ours, smoothed = cn.cross_entropy_with_logits(z, t, epsilon), cn.smooth_labels(t, epsilon)
    np.testing.assert_allclose(ours, cn.cross_entropy_with_logits(z, smoothed), rtol=1e-13)
    uniform = np.full_like(t, 1 / CLASSES)
    sharp, flat = cn.cross_entropy_with_logits(z, t), cn.cross_entropy_with_logits(z, uniform)
    np.testing.assert_allclose(ours, (1 - epsilon) * sharp + epsilon * flat, rtol=1e-12)


@given(z=ordinary, c=labels, epsilon=shares)
def test_smoothed_class_numbers_are_smoothed_one_hot_vectors(z, c, epsilon):
    of_numbers = cn.cross_entropy_with_logits(z, c, epsilon, return_grad=True)
    of_vectors = cn.cross_entropy_with_logits(z, cn.one_hot(c, CLASSES), epsilon, return_grad=True)
    assert_pairs_agree(of_numbers, of_vectors, rtol=1e-12, atol=1e-15)


@given(z=any_finite, c=labels)
def test_the_focal_loss_without_focus_is_the_cross_entropy(z, c):
    focal = cn.softmax_focal_loss(z, c, 0.0, return_grad=True)
    assert_pairs_agree(focal, cn.cross_entropy_with_logits(z, c, return_grad=True), rtol=1e-14)
    x, y = z[:, 0], (c % 2).astype(float)
    focal = cn.sigmoid_focal_loss(x, y, 0.0, return_grad=True)
    assert_pairs_agree(focal, cn.binary_cross_entropy_with_logits(x, y, return_grad=True), rtol=1e-14)


@given(p=pmfs, q=pmfs)
def test_cross_entropy_is_entropy_plus_divergence_and_the_loss_on_log_probabilities(p, q):
    np.testing.assert_allclose(cn.cross_entropy(p, q), cn.entropy(p) + cn.kl_divergence(p, q), rtol=1e-12)
    np.testing.assert_allclose(cn.cross_entropy(p, q), cn.cross_entropy_with_logits(np.log(q), p), atol=1e-13)


@given(z=any_finite)
def test_the_softmax_is_a_pmf_and_its_logarithm_the_log_softmax(z):
    p = cn.softmax(z)
    np.testing.assert_allclose(p.sum(axis=-1), 1.0, rtol=1e-15)
    with np.errstate(divide="ignore"):
        logs = np.log(p)
    held = p > 1e-300
    np.testing.assert_allclose(cn.log_softmax(z)[held], logs[held], rtol=1e-12, atol=1e-15)


@given(z=any_finite, at=st.integers(0, CLASSES - 1))
def test_the_softmax_keeps_order_and_ties_and_is_one_where_it_rounds_to_one(z, at):
    z[:, at] = z[:, 0]
    p, order = cn.softmax(z), np.argsort(z, axis=-1)
    assert (np.diff(np.take_along_axis(p, order, axis=-1), axis=-1) >= 0).all()
    np.testing.assert_array_equal(p[:, at], p[:, 0])
    z[:, at] = np.abs(z).max(axis=-1) + 1000.0
    assert (cn.softmax(z)[:, at] == 1.0)[np.abs(z[:, at]) < 1e12].all()


@pytest.mark.parametrize("rows", [1, 2, 64, 65, 66, 131])
def test_a_row_in_any_block_is_computed_as_it_is_alone_but_for_the_last_digits(rows):
    """Blocks hold 65 rows of a thousand classes."""
    draw = np.random.default_rng(rows)
    z, c = draw.normal(scale=5.0, size=(rows, 1000)), draw.integers(0, 1000, size=rows)
    t = draw.dirichlet(np.ones(1000), size=rows)
    for loss in OF_LABELS.values():
        value, gradient = loss(z, c, return_grad=True)
        for at in {0, rows // 2, rows - 1}:
            alone = loss(z[at], c[at], return_grad=True)
            np.testing.assert_allclose(value[at], alone[0], rtol=1e-15)
            np.testing.assert_allclose(gradient[at], alone[1], rtol=1e-14)
    np.testing.assert_allclose(cn.softmax(z)[-1], cn.softmax(z[-1]), rtol=1e-15)
    np.testing.assert_allclose(cn.cross_entropy(t, t[::-1])[-1], cn.cross_entropy(t[-1], t[0]), rtol=1e-15)


def test_arrays_that_are_not_contiguous_are_read_in_their_own_order():
    draw = np.random.default_rng(5)
    z, c = draw.normal(size=(6, 10)), draw.integers(0, 5, size=6)
    for view in (z[:, ::2], np.asfortranarray(z[:, :5]), z.T[:5].T):
        ours = cn.cross_entropy_with_logits(view, c, return_grad=True)
        plain = cn.cross_entropy_with_logits(view.copy(order="C"), c, return_grad=True)
        for first, second in zip(ours, plain, strict=True):
            np.testing.assert_array_equal(first, second)


@given(z=ordinary, temperature=st.floats(0.05, 50))
def test_a_temperature_divides_the_logits(z, temperature):
    np.testing.assert_array_equal(cn.softmax(z, temperature=temperature), cn.softmax(z / temperature))
    np.testing.assert_array_equal(cn.log_softmax(z, temperature=temperature), cn.log_softmax(z / temperature))
    np.testing.assert_array_equal(cn.softmax(z, temperature=1.0), cn.softmax(z))


def test_the_ends_of_temperature_are_the_even_pmf_and_the_largest_class():
    z = np.array([3.0, -1.0, 3.0, 700.0, -np.inf])
    np.testing.assert_allclose(cn.softmax(z, temperature=1e9), [0.25, 0.25, 0.25, 0.25, 0.0], rtol=1e-6)
    for small in (1e-3, 1e-300, 5e-324):  # z/T overflows
        np.testing.assert_array_equal(cn.softmax(z, temperature=small), [0, 0, 0, 1, 0])
        np.testing.assert_array_equal(cn.softmax([2.0, 2.0, 1.0], temperature=small), [0.5, 0.5, 0.0])
    assert cn.log_softmax([0.0, 1e-5], temperature=1e-308)[0] == pytest.approx(-1e303)


@given(z=ordinary, temperature=st.floats(1.01, 50))
def test_a_higher_temperature_brings_more_entropy(z, temperature):
    assert (cn.entropy(cn.softmax(z, temperature=temperature)) >= cn.entropy(cn.softmax(z)) - 1e-12).all()
