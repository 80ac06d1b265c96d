"""The network's gradients against JAX's automatic differentiation; the batch of runs against single runs."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ce.experiments.digits.classifier import LOSSES, Layer, backward, forward, initial_parameters
from ce.experiments.digits.data import Examples
from ce.experiments.digits.training import gradient_size
from ce.numeric import one_hot

jax.config.update("jax_enable_x64", True)

SIZES = [pytest.param((7, 4), id="softmax regression"), pytest.param((7, 5, 4), id="one hidden layer")]
RNG = np.random.default_rng(3)
X = RNG.normal(size=(2, 1, 30, 7))
C = RNG.integers(0, 4, size=(2, 30))
Y = one_hot(C, 4)

# The losses again, as JAX would have them, on the outputs of one example.
IN_JAX = {
    "cross-entropy": lambda z, y: -jnp.sum(y * jax.nn.log_softmax(z)),
    "squared error, softmax": lambda z, y: jnp.sum((jax.nn.softmax(z) - y) ** 2),
    "squared error, raw": lambda z, y: jnp.sum((z - y) ** 2),
}


def parameters_for(sizes, scale=1.0):
    """Two seeds, three rates: every run with weights and biases of its own."""
    drawn = initial_parameters(sizes, 2)
    generator = np.random.default_rng(5)
    return tuple(
        Layer(
            scale * generator.normal(size=(2, 3, *layer.weights.shape[2:])),
            generator.normal(size=(2, 3, 1, layer.biases.shape[-1])),
        )
        for layer in drawn
    )


def our_gradient(parameters, loss, features=X, targets=Y):
    values = forward(parameters, features)
    slope = LOSSES[loss].gradient(values[-1], np.broadcast_to(targets[:, np.newaxis], values[-1].shape))
    return backward(parameters, values, slope / slope.shape[-2])


def jax_gradient(parameters, loss, seed, run):
    def mean_loss(layers):
        values = jnp.asarray(X[seed, 0])
        for number, (weights, biases) in enumerate(layers, start=1):
            values = values @ weights + biases
            values = values if number == len(layers) else jax.nn.relu(values)
        return jnp.mean(jax.vmap(IN_JAX[loss])(values, jnp.asarray(Y[seed])))

    layers = [(jnp.asarray(w[seed, run]), jnp.asarray(b[seed, run])) for w, b in parameters]
    return jax.grad(mean_loss)(layers)


def differs_from_jax(gradient, parameters, loss):
    for seed in range(2):
        for run in range(3):
            for ours, exact in zip(gradient, jax_gradient(parameters, loss, seed, run), strict=True):
                for a, b in zip(ours, exact, strict=True):
                    if not np.allclose(a[seed, run], b, rtol=1e-9, atol=1e-14):
                        return True
    return False


@pytest.mark.parametrize("scale", [0.3, 6.0], ids=["ordinary", "saturated"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("sizes", SIZES)
def test_every_gradient_equals_that_of_automatic_differentiation(sizes, loss, scale):
    parameters = parameters_for(sizes, scale)
    assert not differs_from_jax(our_gradient(parameters, loss), parameters, loss)


def halved(gradient):
    return tuple(Layer(layer.weights / 2, layer.biases) for layer in gradient)


def without_last_biases(gradient):
    *rest, last = gradient
    return (*rest, Layer(last.weights, np.zeros_like(last.biases)))


@pytest.mark.parametrize("broken", [halved, without_last_biases])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("sizes", SIZES)
def test_a_broken_gradient_does_not_pass_the_comparison(sizes, loss, broken):
    parameters = parameters_for(sizes)
    assert differs_from_jax(broken(our_gradient(parameters, loss)), parameters, loss)


def test_a_gradient_that_forgets_the_rectifier_does_not_pass_the_comparison():
    parameters = parameters_for((7, 5, 4))
    values = forward(parameters, X)
    slope = LOSSES["cross-entropy"].gradient(values[-1], np.broadcast_to(Y[:, np.newaxis], values[-1].shape)) / 30
    wrong = slope @ parameters[1].weights.swapaxes(-1, -2)
    first = Layer(values[0].swapaxes(-1, -2) @ wrong, wrong.sum(axis=-2, keepdims=True))
    gradient = (first, backward(parameters, values, slope)[1])
    assert differs_from_jax(gradient, parameters, "cross-entropy")


@pytest.mark.parametrize("sizes", SIZES)
def test_runs_side_by_side_are_what_they_are_alone(sizes):
    parameters = parameters_for(sizes)
    together = our_gradient(parameters, "cross-entropy")
    for seed in range(2):
        for run in range(3):
            alone = tuple(Layer(*(a[seed : seed + 1, run : run + 1] for a in layer)) for layer in parameters)
            single = our_gradient(alone, "cross-entropy", X[seed : seed + 1], Y[seed : seed + 1])
            for ours, other in zip(together, single, strict=True):
                np.testing.assert_allclose(ours.weights[seed, run], other.weights[0, 0], rtol=1e-12, atol=1e-15)
                np.testing.assert_allclose(ours.biases[seed, run], other.biases[0, 0], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("sizes", SIZES)
def test_the_size_of_the_gradient_is_the_norm_that_jax_finds(sizes, loss):
    parameters = tuple(Layer(*(array[:, :1] for array in layer)) for layer in parameters_for(sizes))
    size = gradient_size(parameters, LOSSES[loss], Examples(X[:, 0], C))
    outputs = forward(parameters, X)[-1][:, 0]
    for seed in range(2):
        leaves = jax.tree.leaves(jax_gradient(parameters, loss, seed, 0))
        assert size.parameters[seed] == pytest.approx(np.sqrt(sum(float((g**2).sum()) for g in leaves)), rel=1e-10)
        slopes = jax.vmap(jax.grad(IN_JAX[loss]))(jnp.asarray(outputs[seed]), jnp.asarray(Y[seed]))
        assert size.outputs[seed] == pytest.approx(float(jnp.linalg.norm(slopes, axis=-1).mean()), rel=1e-10)


def test_ordinary_starts_have_the_stated_spread_and_differ_between_seeds():
    wide = initial_parameters((400, 300), 2)[0]
    assert wide.weights.std() == pytest.approx(1 / np.sqrt(400), rel=0.01)
    assert (wide.biases == 0).all()
    assert not np.allclose(wide.weights[0], wide.weights[1])
