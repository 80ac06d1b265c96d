"""Outputs as probabilities: against an optimiser, a root finder, and the property that makes it fair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import brentq, minimize

from ce.experiments.digits.classifier import LOSSES, fitted_temperature, floored, nearest_pmf
from ce.numeric import log_loss, softmax

RNG = np.random.default_rng(17)
outputs = arrays(np.float64, (5, 4), elements=st.floats(-30, 30))


def test_the_nearest_pmf_is_the_one_an_optimiser_finds():
    for z in RNG.normal(0.25, 0.6, size=(20, 4)):
        found = minimize(
            lambda p, z=z: (((p - z) ** 2).sum(), 2 * (p - z)),
            np.full(4, 0.25),
            jac=True,
            bounds=[(0, 1)] * 4,
            constraints={"type": "eq", "fun": lambda p: p.sum() - 1},
            method="SLSQP",
            options={"ftol": 1e-14},
        )
        np.testing.assert_allclose(nearest_pmf(z), found.x, atol=1e-6)


@given(outputs, st.integers(0, 3))
def test_going_to_the_nearest_pmf_gives_a_pmf_and_never_moves_away_from_a_label(z, c):
    p, y = nearest_pmf(z), np.eye(4)[c]
    np.testing.assert_allclose(p.sum(axis=-1), 1.0, rtol=1e-12)
    assert (p >= 0).all()
    assert (((p - y) ** 2).sum(axis=-1) <= ((z - y) ** 2).sum(axis=-1) * (1 + 1e-12) + 1e-12).all()
    predicted = np.take_along_axis(p, z.argmax(axis=-1)[:, np.newaxis], axis=-1)[:, 0]
    np.testing.assert_array_equal(predicted, p.max(axis=-1))


def test_clipping_and_dividing_instead_can_move_away_from_the_label():
    # Why raw outputs are not simply clipped and divided by their sum: with outputs that sum to one, that can
    # make a prediction worse by the very error the model was trained on; the nearest pmf cannot.
    z, y = np.array([0.9, 0.3, 0.3, -0.5]), np.array([1.0, 0.0, 0.0, 0.0])
    clipped = np.clip(z, 0, 1) / np.clip(z, 0, 1).sum()
    assert clipped[0] < 0.61
    assert nearest_pmf(z)[0] > 0.73
    assert ((nearest_pmf(z) - y) ** 2).sum() < ((clipped - y) ** 2).sum()


def test_a_pmf_is_its_own_nearest_pmf():
    p = RNG.dirichlet(np.ones(6), size=20)
    np.testing.assert_allclose(nearest_pmf(p), p, rtol=1e-12)


def test_the_floor_bounds_the_log_loss_that_would_be_infinite_without_it():
    certain = np.array([[1.0, 0.0, 0.0]])
    assert log_loss(certain, [2]) == np.inf
    assert log_loss(floored(certain, 0.001), [2]) == pytest.approx(-np.log(0.001))
    assert floored(certain, 0.001).sum() == pytest.approx(1.0)


def test_only_raw_outputs_are_floored():
    z = np.array([[50.0, 0.0, 0.0]])
    for name in ("cross-entropy", "squared error, softmax"):
        np.testing.assert_array_equal(LOSSES[name].probabilities(z, 0.001), softmax(z))
    assert LOSSES["squared error, raw"].probabilities(z, 0.001).min() == pytest.approx(0.001)


def test_the_fitted_temperature_is_where_the_derivative_of_the_log_loss_vanishes():
    z = 5 * RNG.normal(size=(200, 4))
    labels = np.array([RNG.choice(4, p=row) for row in softmax(z / 3)])
    own = z[np.arange(200), labels]

    def derivative(inverse):  # of the mean loss by 1/T: the mean of E_p[z] − z_c
        return ((softmax(z * inverse) * z).sum(axis=1) - own).mean()

    assert fitted_temperature(z, labels) == pytest.approx(1 / brentq(derivative, 1e-3, 1e2), rel=1e-5)
    assert fitted_temperature(z, labels) == pytest.approx(3, rel=0.25)


def test_a_fitted_temperature_never_reports_worse_than_no_temperature_where_it_was_fitted():
    z, labels = RNG.normal(size=(100, 4)), RNG.integers(0, 4, size=100)
    scaled = softmax(z / fitted_temperature(z, labels))
    assert log_loss(scaled, labels) <= log_loss(softmax(z), labels) + 1e-12
