"""Descents on several numbers: a published neuron, plain loops, a quadratic whose path is known, a crowd."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import minimize
from sympy import diff, symbols

from ce.experiments import arrivals, first_step, gradient_descent, joint_descent, neuron_outputs
from ce.formulas import binary_cross_entropy, sigmoid, squared_error
from ce.symbols import label, logit, prob

U, V = symbols("u v", real=True)
QUADRATIC = (squared_error.derivative(logit) / 2).subs(label, 0)
CROSS_ENTROPY = binary_cross_entropy.derivative(logit).subs(label, 0)
# The slope in the output a, where the slope in the logit is needed.
SLIP = diff(binary_cross_entropy.textbook.subs(label, 0), prob).subs(prob, sigmoid(logit))


def epochs_until_right(slope, weight, bias, rate=0.15):
    outputs = neuron_outputs(slope, weight_start=weight, bias_start=bias, rate=rate, epochs=3000)
    return first_step(outputs < 0.5)


@pytest.mark.parametrize(
    ("slope", "weight", "bias", "epochs"),
    [
        (QUADRATIC, 0.6, 0.9, 36),
        (QUADRATIC, 2, 2, 232),
        (QUADRATIC, 3, 3, 1416),
        (CROSS_ENTROPY, 0.6, 0.9, 8),
        (CROSS_ENTROPY, 2, 2, 17),
        (CROSS_ENTROPY, 5, 5, 37),
    ],
)
def test_the_neuron_needs_the_published_epochs(slope, weight, bias, epochs):
    assert epochs_until_right(slope, weight, bias) == epochs


def test_a_neuron_in_plain_python_gives_the_same_outputs():
    weight, bias, outputs = 0.6, 0.9, []
    for _ in range(51):
        a = 1 / (1 + math.exp(-(weight + bias)))
        outputs.append(a)
        weight, bias = weight - 0.15 * a * a * (1 - a), bias - 0.15 * a * a * (1 - a)
    ours = neuron_outputs(QUADRATIC, weight_start=0.6, bias_start=0.9, rate=0.15, epochs=50)
    np.testing.assert_allclose(ours, outputs, rtol=1e-12)


def test_the_slip_makes_the_first_step_56_times_too_large_and_the_right_gradient_is_slow():
    a = 1 / (1 + math.exp(-4.0))
    steps = [
        np.log(1 / neuron_outputs(slope, weight_start=2, bias_start=2, rate=1e-3, epochs=1) - 1)
        for slope in (SLIP, CROSS_ENTROPY)
    ]
    first, second = (float(np.diff(logits)[0]) for logits in steps)
    assert first / second == pytest.approx(1 / (1 - a) / a, rel=1e-9)
    assert first / second == pytest.approx(56.6, abs=0.05)
    right = neuron_outputs(CROSS_ENTROPY, weight_start=2, bias_start=2, rate=0.005, epochs=300)
    assert right[-1] == pytest.approx(0.78, abs=0.005)
    assert epochs_until_right(SLIP, 2, 2, rate=0.005) < 100


def test_descent_on_a_quadratic_is_a_geometric_sequence_in_each_direction():
    paths = joint_descent({U: U, V: 3 * V}, {U: 2.0, V: [1.0, -4.0]}, rate=0.1, steps=20)
    steps = np.arange(21)[:, None]
    np.testing.assert_allclose(paths[U], 2.0 * 0.9**steps * np.ones(2), rtol=1e-12)
    np.testing.assert_allclose(paths[V], 0.7**steps * [1.0, -4.0], rtol=1e-12)


def test_the_numbers_move_at_once_and_not_one_after_the_other():
    # A rotation: with one after the other, the first number's new value would enter the second.
    paths = joint_descent({U: V, V: -U}, {U: 1.0, V: 0.0}, rate=0.5, steps=1)
    assert (paths[U][1], paths[V][1]) == (1.0, 0.5)


def test_one_number_alone_goes_as_the_descent_on_one_logit():
    alone = gradient_descent(squared_error, logit, start=-3.0, rate=0.7, steps=40, given={label: 1})
    slope = squared_error.derivative(logit).subs(label, 1)
    path = joint_descent({logit: slope}, {logit: -3.0}, rate=0.7, steps=40)[logit]
    np.testing.assert_allclose(path, alone.positions, rtol=1e-13)


def test_every_start_and_rate_of_a_crowd_goes_its_own_way():
    rates, starts = np.array([[0.1], [0.4]]), np.array([1.0, 2.0, 3.0])
    crowd = joint_descent({U: 2 * U}, {U: starts}, rate=rates, steps=7)[U]
    one = joint_descent({U: 2 * U}, {U: 3.0}, rate=0.4, steps=7)[U]
    assert crowd.shape == (8, 2, 3)
    np.testing.assert_array_equal(crowd[:, 1, 2], one)


def test_a_step_that_never_comes_is_infinite():
    holds = np.array([[False, True, False], [False, True, True]])
    np.testing.assert_array_equal(first_step(holds), [np.inf, 0, 1])


def test_arrivals_are_those_of_descents_made_one_by_one():
    loss, starts, rates = U**2 + 2 * V**2, np.array([[3.0, 1.0], [0.2, -2.0]]), [0.05, 0.3]
    found = arrivals(loss, [U, V], starts, rates=rates, steps=30, within=0.02)
    for row, rate in enumerate(rates):
        for at, start in enumerate(starts):
            (u, v), steps = start, 0
            while u**2 + 2 * v**2 > 0.02:
                u, v, steps = u - rate * 2 * u, v - rate * 4 * v, steps + 1
            assert found.steps[row, at] == (steps if steps <= 30 else np.inf)


def test_the_tuned_rate_lets_most_arrive_and_then_the_soonest():
    # At the rate 1.2 a descent on u² runs away; at 0.5 it is there in one step.
    found = arrivals(U**2, [U], [[1.0], [5.0]], rates=[0.01, 0.4, 0.5, 1.2], steps=40, within=1e-3)
    assert (found.rate, found.share, found.median) == (0.5, 1.0, 1.0)


def test_a_crowd_of_which_few_arrive_has_no_median():
    found = arrivals(U**2, [U], [[0.01], [50.0], [60.0]], rates=[0.01], steps=3, within=1e-3)
    assert found.share == pytest.approx(1 / 3)
    assert found.median == np.inf


def test_the_minimum_is_found_where_it_is_not_at_zero():
    loss = binary_cross_entropy.stable.subs({label: 1, logit: U - 1}) + U**2 / 2
    lowest = minimize(lambda u: np.logaddexp(0, 1 - u[0]) + u[0] ** 2 / 2, [5.0]).x[0]
    found = arrivals(loss, [U], [[lowest], [lowest + 3]], rates=[0.1], steps=1, within=1e-6)
    np.testing.assert_array_equal(found.steps, [[0, np.inf]])
