"""The losses against SciPy, JAX's automatic differentiation and the book's own formulas."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special
from sympy import diff

import ce.numeric as cn
from ce import formulas
from ce.formulas import numpy_function
from ce.symbols import label, logit

jax.config.update("jax_enable_x64", True)

RNG = np.random.default_rng(20240229)
LOGITS = RNG.normal(scale=3.0, size=(40, 5))
SOFT = RNG.dirichlet(np.ones(5), size=40)
HARD = np.eye(5)[RNG.integers(0, 5, size=40)]

# Each categorical loss as JAX would have it: written here from the definition, differentiated by JAX.
CATEGORICAL = {
    "cross_entropy_with_logits": lambda z, y: -jnp.sum(y * jax.nn.log_softmax(z)),
    "softmax_squared_error": lambda z, y: jnp.sum((jax.nn.softmax(z) - y) ** 2),
    "squared_error": lambda z, y: jnp.sum((z - y) ** 2),
}
BINARY = {
    "binary_cross_entropy_with_logits": lambda z, y: -y * jax.nn.log_sigmoid(z) - (1 - y) * jax.nn.log_sigmoid(-z),
    "sigmoid_squared_error": lambda z, y: (jax.nn.sigmoid(z) - y) ** 2,
}


def loss_and_gradient(name: str) -> tuple[Callable[..., np.ndarray], Callable[..., np.ndarray]]:
    loss = getattr(cn, name)
    return loss, lambda z, t: loss(z, t, return_grad=True)[1]


@pytest.mark.parametrize("targets", [SOFT, HARD], ids=["soft", "one-hot"])
@pytest.mark.parametrize("name", CATEGORICAL)
def test_categorical_losses_and_gradients_equal_those_of_jax(name, targets):
    loss, gradient = loss_and_gradient(name)
    oracle = jax.vmap(jax.value_and_grad(CATEGORICAL[name]))
    values, slopes = oracle(jnp.asarray(LOGITS), jnp.asarray(targets))
    np.testing.assert_allclose(loss(LOGITS, targets), values, rtol=1e-12)
    np.testing.assert_allclose(gradient(LOGITS, targets), slopes, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("labels", [np.zeros(40), np.ones(40), np.linspace(0.0, 1.0, 40)])
@pytest.mark.parametrize("name", BINARY)
def test_binary_losses_and_gradients_equal_those_of_jax(name, labels):
    z = LOGITS[:, 0]
    loss, gradient = loss_and_gradient(name)
    values, slopes = jax.vmap(jax.value_and_grad(BINARY[name]))(jnp.asarray(z), jnp.asarray(labels))
    np.testing.assert_allclose(loss(z, labels), values, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(gradient(z, labels), slopes, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("name", CATEGORICAL)
def test_the_comparison_with_jax_notices_a_gradient_of_wrong_size(name):
    # A gradient off by the factor two of the ½ convention must not pass the test above.
    _, slopes = jax.vmap(jax.value_and_grad(CATEGORICAL[name]))(jnp.asarray(LOGITS), jnp.asarray(HARD))
    halved = loss_and_gradient(name)[1](LOGITS, HARD) / 2
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(halved, slopes, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("gap", [0.5, 5.0, 30.0, 100.0, 300.0])
@pytest.mark.parametrize("true_class", [0, 1, 3])
def test_the_squared_error_and_its_gradient_keep_their_digits_however_confident_the_prediction(true_class, gap):
    z, y = np.array([gap, 0.0, -0.75, 0.5]), np.eye(4)[true_class]
    loss, gradient = cn.softmax_squared_error(z, y, return_grad=True)
    with mpmath.workdps(400):
        powers = [mpmath.exp(float(value)) for value in z]
        p = [power / mpmath.fsum(powers) for power in powers]
        error = [share - float(value) for share, value in zip(p, y, strict=True)]
        mean = mpmath.fsum(a * e for a, e in zip(p, error, strict=True))
        exact = mpmath.fsum(e**2 for e in error)
        assert float(abs(loss - exact) / exact) < 1e-13
        for ours, slope in zip(gradient, (2 * a * (e - mean) for a, e in zip(p, error, strict=True)), strict=True):
            assert float(abs(ours - slope) / abs(slope)) < 1e-12


def test_the_plain_difference_loses_the_gradient_that_ours_keeps():
    # Why the complement is summed: 1 − p̂ of a confident, right prediction rounds to exactly zero.
    z, y = np.array([50.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0])
    assert (cn.softmax(z) - y)[0] == 0.0
    gradient = cn.cross_entropy_with_logits(z, y, return_grad=True)[1]
    assert gradient[0] == pytest.approx(-2 * np.exp(-50.0), rel=1e-12, abs=0.0)


def test_integer_labels_and_one_hot_targets_give_the_same():
    labels = HARD.argmax(axis=-1)
    for name in ("cross_entropy_with_logits", "softmax_squared_error"):
        of_labels = getattr(cn, name)(LOGITS, labels, return_grad=True)
        of_vectors = getattr(cn, name)(LOGITS, HARD, return_grad=True)
        for ours, others in zip(of_labels, of_vectors, strict=True):
            np.testing.assert_allclose(ours, others, rtol=1e-13, atol=1e-17)


EXTREME = np.array([[1e9, -1e9, 0.0], [-1e9, -1e9, -1e9], [1e9, 1e9, 1e9 - 1.0], [0.0, -1e9, 1e9]])


def test_alternative_forms_of_the_cross_entropy_agree_at_logits_of_a_billion():
    for c in range(3):
        y = np.tile(np.eye(3)[c], (4, 1))
        labels = np.full(4, c)
        alternatives = [
            cn.cross_entropy_with_logits(EXTREME, y),
            cn.cross_entropy_with_logits(EXTREME, labels),
            -cn.log_softmax(EXTREME)[:, c],
            special.logsumexp(EXTREME, axis=-1) - EXTREME[:, c],
            -special.log_softmax(EXTREME, axis=-1)[:, c],
        ]
        assert np.isfinite(alternatives[0]).all()
        for other in alternatives[1:]:
            # The difference logsumexp − z is exact only to the spacing of doubles near 1e9, about 1e-7.
            np.testing.assert_allclose(alternatives[0], other, rtol=1e-12, atol=3e-7)


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_the_binary_case_is_the_softmax_of_two_classes_also_at_logits_of_a_billion(y):
    z = np.array([-1e9, -700.0, -1.5, 0.0, 2.0, 700.0, 1e9])
    two, targets = np.stack([np.zeros(7), z], axis=-1), np.tile([1 - y, y], (7, 1))
    labels = np.full(7, y)
    np.testing.assert_allclose(
        cn.binary_cross_entropy_with_logits(z, labels), cn.cross_entropy_with_logits(two, targets), rtol=1e-13
    )
    np.testing.assert_allclose(
        cn.binary_cross_entropy_with_logits(z, labels, return_grad=True)[1],
        cn.cross_entropy_with_logits(two, targets, return_grad=True)[1][:, 1],
        rtol=1e-13,
    )
    # The Brier score sums over both classes, so it is twice the binary squared error.
    np.testing.assert_allclose(
        2 * cn.sigmoid_squared_error(z, labels), cn.softmax_squared_error(two, targets), rtol=1e-13
    )
    np.testing.assert_allclose(
        2 * cn.sigmoid_squared_error(z, labels, return_grad=True)[1],
        cn.softmax_squared_error(two, targets, return_grad=True)[1][:, 1],
        rtol=1e-13,
    )


def test_a_wrong_prediction_of_any_confidence_keeps_the_cross_entropy_gradient_and_loses_the_squared_one():
    z, y = np.array([1e9, 0.0]), np.array([0.0, 1.0])
    np.testing.assert_array_equal(cn.cross_entropy_with_logits(z, y, return_grad=True)[1], [1.0, -1.0])
    np.testing.assert_array_equal(cn.softmax_squared_error(z, y, return_grad=True)[1], [0.0, 0.0])


def test_the_categorical_loss_equals_the_formula_of_the_book():
    expression = formulas.categorical_cross_entropy.at(K=4)
    symbols = {str(s): s for s in expression.free_symbols}
    arguments = [symbols[f"{letter}_{i}"] for letter in "yz" for i in range(1, 5)]
    z, y = LOGITS[:, :4], RNG.dirichlet(np.ones(4), size=40)
    columns = [*y.T, *z.T]
    np.testing.assert_allclose(
        cn.cross_entropy_with_logits(z, y), numpy_function(expression, arguments)(*columns), rtol=1e-12
    )
    for i in range(4):
        slope = numpy_function(diff(expression, arguments[4 + i]), arguments)(*columns)
        ours = cn.cross_entropy_with_logits(z, y, return_grad=True)[1][:, i]
        np.testing.assert_allclose(ours, slope, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize(
    ("formula", "name"),
    [
        (formulas.binary_cross_entropy, "binary_cross_entropy_with_logits"),
        (formulas.squared_error, "sigmoid_squared_error"),
    ],
    ids=["cross-entropy", "squared error"],
)
def test_the_binary_losses_and_gradients_equal_the_formulas_of_the_book(formula, name):
    z = np.array([-1e9, -30.0, -1.0, 0.0, 0.5, 30.0, 1e9])
    loss, gradient = loss_and_gradient(name)
    for y in (0.0, 0.3, 1.0):
        labels = np.full(7, y)
        np.testing.assert_allclose(loss(z, labels), formula.function(label, logit)(y, z), rtol=1e-13)
        slope = numpy_function(formula.derivative(logit), [label, logit])(y, z)
        np.testing.assert_allclose(gradient(z, labels), slope, rtol=1e-13)


def test_softmax_and_sigmoid_agree_with_scipy():
    np.testing.assert_allclose(cn.softmax(LOGITS), special.softmax(LOGITS, axis=-1), rtol=1e-14)
    np.testing.assert_allclose(cn.log_softmax(LOGITS), special.log_softmax(LOGITS, axis=-1), atol=1e-15)
    np.testing.assert_allclose(cn.sigmoid(LOGITS), special.expit(LOGITS), rtol=1e-15)


def test_leading_axes_are_batches():
    z, y = LOGITS.reshape(4, 10, 5), SOFT.reshape(4, 10, 5)
    for name in CATEGORICAL:
        loss, gradient = loss_and_gradient(name)
        np.testing.assert_array_equal(loss(z, y), loss(LOGITS, SOFT).reshape(4, 10))
        np.testing.assert_array_equal(gradient(z, y), gradient(LOGITS, SOFT).reshape(4, 10, 5))


def test_float32_stays_float32_and_integers_become_float64_and_inputs_are_left_as_they_were():
    z = np.array([[3, -2, 0]], dtype=np.int32)
    before = z.copy()
    result = cn.cross_entropy_with_logits(z, np.array([1], dtype=np.uint8))
    assert result.dtype == np.float64
    np.testing.assert_array_equal(z, before)
    assert cn.softmax(np.float32([0.25, 0.5])).dtype == np.float32
    value, gradient = cn.cross_entropy_with_logits(np.float32([0.25, 0.5]), 0, return_grad=True)
    assert value.dtype == gradient.dtype == np.float32


@given(arrays(np.float64, (6,), elements=st.floats(-50, 50)), st.floats(0, 1))
def test_the_squared_error_gradient_never_exceeds_eight_twentysevenths(z, y):
    assert np.abs(cn.sigmoid_squared_error(z, np.full(6, y), return_grad=True)[1]).max() <= 8 / 27 + 1e-15
