"""Gradient descent on one logit: published numbers, a plain loop, and what is refused."""

from __future__ import annotations

import inspect
import math
from dataclasses import replace

import numpy as np
import pytest
from sympy import Symbol

from ce import experiments
from ce.experiments import Descent, arrivals, escape_time, first_passage, gradient_descent, joint_descent
from ce.formulas import binary_cross_entropy, sigmoid, squared_error
from ce.symbols import label, logit

# Nielsen's neuron has a weight w and a bias b, input 1 and target 0: z = w + b moves by twice a parameter's
# step. His quadratic cost is half of ours, so that its rate on z is his; for cross-entropy it is twice his.
NIELSEN_RATE = 0.15
NIELSEN = [
    pytest.param(squared_error, NIELSEN_RATE, id="quadratic"),
    pytest.param(binary_cross_entropy, 2 * NIELSEN_RATE, id="cross-entropy"),
]


def epochs_to_half(formula, rate, weight, bias, most=80_000):
    path = gradient_descent(formula, logit, start=weight + bias, rate=rate, steps=most, given={label: 0})
    return first_passage(path)


@pytest.mark.parametrize(
    ("formula", "rate", "weight", "bias", "epochs"),
    [
        (squared_error, NIELSEN_RATE, 0.6, 0.9, 36),
        (squared_error, NIELSEN_RATE, 2.0, 2.0, 232),
        (binary_cross_entropy, 2 * NIELSEN_RATE, 0.6, 0.9, 8),
        (binary_cross_entropy, 2 * NIELSEN_RATE, 2.0, 2.0, 17),
        (squared_error, NIELSEN_RATE, 3.0, 3.0, 1416),
        (squared_error, NIELSEN_RATE, 4.0, 4.0, 10028),
        (squared_error, NIELSEN_RATE, 5.0, 5.0, 73534),
        (binary_cross_entropy, 2 * NIELSEN_RATE, 3.0, 3.0, 23),
        (binary_cross_entropy, 2 * NIELSEN_RATE, 4.0, 4.0, 30),
        (binary_cross_entropy, 2 * NIELSEN_RATE, 5.0, 5.0, 37),
    ],
)
def test_the_epochs_of_nielsens_neuron_are_reproduced(formula, rate, weight, bias, epochs):
    assert epochs_to_half(formula, rate, weight, bias) == epochs


@pytest.mark.parametrize(("formula", "rate"), NIELSEN)
def test_the_descent_on_the_logit_is_that_of_a_neuron_with_a_weight_and_a_bias(formula, rate):
    # The neuron itself, in plain Python, as Nielsen writes it.
    weight, bias, outputs = 2.0, 2.0, []
    for _ in range(301):
        a = 1 / (1 + math.exp(-(weight + bias)))
        outputs.append(a)
        slope = a * a * (1 - a) if formula is squared_error else a
        weight, bias = weight - NIELSEN_RATE * slope, bias - NIELSEN_RATE * slope
    path = gradient_descent(formula, logit, start=4.0, rate=rate, steps=300, given={label: 0})
    np.testing.assert_allclose(1 / (1 + np.exp(-path.positions)), outputs, rtol=1e-10)


def test_the_count_of_epochs_notices_a_wrong_rate():
    assert epochs_to_half(squared_error, 2 * NIELSEN_RATE, 2.0, 2.0) != 232


def test_the_path_holds_positions_losses_and_slopes_that_belong_together():
    path = gradient_descent(squared_error, logit, start=-3.0, rate=0.7, steps=50, given={label: 1})
    p = 1 / (1 + np.exp(-path.positions))
    np.testing.assert_allclose(path.losses, (p - 1) ** 2, rtol=1e-12)
    np.testing.assert_allclose(path.slopes, 2 * (p - 1) * p * (1 - p), rtol=1e-12)
    np.testing.assert_allclose(np.diff(path.positions), -0.7 * path.slopes[:-1], rtol=1e-9)
    assert path.positions.shape == path.losses.shape == path.slopes.shape == (51,)
    assert (np.diff(path.losses) < 0).all()


def test_a_path_that_never_crosses_has_no_first_passage():
    path = gradient_descent(squared_error, logit, start=-20.0, rate=0.15, steps=100, given={label: 1})
    assert first_passage(path) is None
    assert first_passage(path, boundary=-30.0) is None


def test_a_path_that_stops_on_the_boundary_has_not_passed_it():
    positions = np.array([-2.0, -1.0, 0.0, 0.0])
    assert first_passage(Descent(positions, positions**2, 2 * positions)) is None
    assert first_passage(Descent(positions, positions**2, 2 * positions), boundary=-1.0) == 2


def test_first_passage_works_from_either_side():
    up = gradient_descent(binary_cross_entropy, logit, start=-2.0, rate=1.0, steps=9, given={label: 1})
    down = gradient_descent(binary_cross_entropy, logit, start=2.0, rate=1.0, steps=9, given={label: 0})
    assert first_passage(up) == first_passage(down) == int(np.argmax(up.positions > 0))


PATH = gradient_descent(binary_cross_entropy, logit, start=-2.0, rate=1.0, steps=3, given={label: 1})
GOOD = {
    "gradient_descent": {
        "formula": binary_cross_entropy,
        "variable": logit,
        "start": -1.0,
        "rate": 0.5,
        "steps": 2,
        "given": {label: 1},
    },
    "first_passage": {"descent": PATH, "boundary": 0.0},
    "escape_time": {"loss": squared_error, "start_logit": -3.0},
    "integrated_escape_time": {"loss": squared_error, "start_logit": -3.0},
    "joint_descent": {"slopes": {logit: 2 * logit}, "start": {logit: [1.0, 2.0]}, "rate": 0.5, "steps": 2},
    "neuron_outputs": {"slope": sigmoid(logit), "weight_start": 2.0, "bias_start": 2.0, "rate": 0.1, "epochs": 3},
    "first_step": {"holds": np.array([False, True])},
    "arrivals": {
        "loss": logit**2,
        "weights": [logit],
        "starts": [[1.0], [2.0]],
        "rates": [0.1, 0.5],
        "steps": 3,
        "within": 0.1,
    },
    "breaking_point": {"method": "ce", "kind": "float32", "case": "right", "quantity": "loss"},
    "breaking_points": {"case": "right", "quantity": "loss"},
}
ARRAYS = [
    (math.nan, ValueError, "got nan"),
    (math.inf, ValueError, "got inf"),
    ("1", TypeError, "got dtype <U1"),
    (None, TypeError, "got dtype object"),
    (True, TypeError, "dtype bool"),
    ([], ValueError, "an empty array"),
]
PACES = [*ARRAYS, (0.0, ValueError, "got 0.0"), ([0.1, -1.0], ValueError, "got -1.0 at index (1,)")]
COUNTS = [(0, ValueError, "got 0"), (2.0, TypeError, "got 2.0"), (True, TypeError, "got True")]
NUMBERS = [
    (math.nan, ValueError, "got nan"),
    (math.inf, ValueError, "got inf"),
    ("1", TypeError, "got '1'"),
    (None, TypeError, "got None"),
    ([1.0, 2.0], TypeError, "got [1.0, 2.0]"),
    (True, TypeError, "got True"),
    (1j, TypeError, "got 1j"),
    (np.array([]), TypeError, "got array([]"),
]
STARTS = [
    (math.nan, ValueError, "got nan"),
    (-math.inf, ValueError, "got -inf"),
    ("1", TypeError, "got dtype <U1"),
    (None, TypeError, "got dtype object"),
    ([], ValueError, "an empty array"),
    (True, TypeError, "dtype bool"),
    (0.5, ValueError, "expected numbers from -700 to 0, got 0.5"),
    ([-1.0, -701.0], ValueError, "expected numbers from -700 to 0, got -701.0"),
]
TIMED = [("x", ValueError, "got 'x'"), (replace(squared_error, name="another"), ValueError, "got another")]
BAD = {
    ("gradient_descent", "formula"): [("x", TypeError, "expected a Formula, got 'x'")],
    ("gradient_descent", "variable"): [
        (Symbol("nowhere"), ValueError, "got nowhere"),
        ("z", ValueError, "got 'z'"),
        (None, ValueError, "got None"),
    ],
    ("gradient_descent", "start"): NUMBERS,
    ("gradient_descent", "rate"): [
        *NUMBERS,
        (0.0, ValueError, "expected a finite number above 0, got 0.0"),
        (-1.0, ValueError, "expected a finite number above 0, got -1.0"),
    ],
    ("gradient_descent", "steps"): COUNTS,
    ("gradient_descent", "given"): [
        ({}, ValueError, "got ['y'] besides"),
        (None, ValueError, "got ['y'] besides"),
        (1, TypeError, "expected a mapping such as {label: 1}, got 1"),
        ({label: 2}, ValueError, "argument `y`: expected numbers in [0, 1], got 2.0"),
        *(({label: bad}, error, says) for bad, error, says in NUMBERS),
    ],
    ("first_passage", "descent"): [([1.0, -1.0], TypeError, "expected a Descent, got [1.0, -1.0]")],
    ("first_passage", "boundary"): [*NUMBERS, (-2.0, ValueError, "expected not the start itself, got -2.0")],
    ("escape_time", "loss"): TIMED,
    ("escape_time", "start_logit"): STARTS,
    ("integrated_escape_time", "loss"): TIMED,
    ("integrated_escape_time", "start_logit"): STARTS,
    ("joint_descent", "slopes"): [
        ("x", TypeError, "got 'x'"),
        ({}, TypeError, "got {}"),
        ({logit: label}, ValueError, "got ['y'] besides"),
    ],
    ("joint_descent", "start"): [
        ({}, ValueError, "expected values for ['z'], got {}"),
        (None, ValueError, "got None"),
        *(({logit: bad}, error, says) for bad, error, says in ARRAYS),
    ],
    ("joint_descent", "rate"): PACES,
    ("joint_descent", "steps"): COUNTS,
    ("neuron_outputs", "slope"): [
        (label, ValueError, "expected an expression in z, got y"),
        ("z", ValueError, "got 'z'"),
        (None, ValueError, "got None"),
    ],
    ("neuron_outputs", "weight_start"): ARRAYS,
    ("neuron_outputs", "bias_start"): ARRAYS,
    ("neuron_outputs", "rate"): PACES,
    ("neuron_outputs", "epochs"): COUNTS,
    ("first_step", "holds"): [
        ([False, True], TypeError, "got [False, True]"),
        (None, TypeError, "got None"),
        (np.array([1.0]), TypeError, "got array([1.])"),
        (np.zeros((0, 2), dtype=bool), ValueError, "got shape (0, 2)"),
    ],
    ("breaking_point", "method"): [("naive", ValueError, "got 'naive'"), (None, ValueError, "got None")],
    ("breaking_point", "kind"): [("float128", ValueError, "got 'float128'"), ([], ValueError, "got []")],
    ("breaking_point", "case"): [("maybe", ValueError, "one of 'right', 'wrong', got 'maybe'")],
    ("breaking_point", "quantity"): [("slope", ValueError, "one of 'loss', 'gradient', got 'slope'")],
    ("breaking_points", "case"): [("maybe", ValueError, "got 'maybe'")],
    ("breaking_points", "quantity"): [(1, ValueError, "got 1")],
    ("arrivals", "loss"): [("x", TypeError, "got 'x'"), (logit * label, ValueError, "got ['y'] besides")],
    ("arrivals", "weights"): [([], TypeError, "got []"), ("z", TypeError, "got 'z'")],
    ("arrivals", "starts"): [*ARRAYS[:4], ([[1.0, 2.0]], ValueError, "got (1, 2)")],
    ("arrivals", "rates"): PACES,
    ("arrivals", "steps"): COUNTS,
    ("arrivals", "within"): [*NUMBERS, (0.0, ValueError, "got 0.0"), ([0.1, 0.2], TypeError, "got [0.1, 0.2]")],
}
ROWS = [(*where, *row) for where, rows in BAD.items() for row in rows]


def test_every_argument_of_every_public_function_has_bad_input_to_refuse():
    functions = [name for name in experiments.__all__ if inspect.isfunction(getattr(experiments, name))]
    arguments = {(name, a) for name in functions for a in inspect.signature(getattr(experiments, name)).parameters}
    assert set(BAD) == arguments


@pytest.mark.parametrize(("function", "argument", "value", "error", "says"), ROWS)
def test_bad_input_is_refused_with_what_was_expected_and_what_came(function, argument, value, error, says):
    call = getattr(experiments, function)
    call(**GOOD[function])
    with pytest.raises(error) as caught:
        call(**{**GOOD[function], argument: value})
    assert "expected" in str(caught.value)
    assert says in str(caught.value)


def test_a_rate_that_throws_the_path_to_infinity_is_named():
    convex = replace(binary_cross_entropy, stable=logit**4, textbook=logit**4)
    with pytest.raises(ValueError, match=r"stays finite, got 1\.0, which overflows at step \d+"):
        gradient_descent(convex, logit, start=3.0, rate=1.0, steps=50)

    with pytest.raises(ValueError, match=r"every path stays finite, got 3\.0, which overflows at step \d+"):
        joint_descent({logit: 2 * logit}, {logit: [0.0, 1.0]}, rate=3.0, steps=2000)


def test_a_rate_of_a_crowd_that_throws_paths_to_infinity_only_never_arrives():
    found = arrivals(logit**2, [logit], [[1.0]], rates=[0.5, 3.0], steps=2000, within=0.1)
    assert found.steps.tolist() == [[1.0], [math.inf]]


def test_escape_times_keep_the_shape_they_are_given():
    assert escape_time(squared_error, np.zeros((2, 3))).shape == (2, 3)
    assert np.ndim(escape_time(squared_error, -1.0)) == 0
