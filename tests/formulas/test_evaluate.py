"""A formula's function refuses bad input, with what was expected and where, and rounds as NumPy's arrays do."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import LambertW, Piecewise, Rational, Symbol, exp, log

from ce.formulas import (
    LogSumExp,
    Rounded,
    binary_cross_entropy,
    evaluated_in,
    focal_loss,
    numpy_function,
    softplus,
    to_wire,
)
from ce.symbols import gamma, label, logit

LOSS = binary_cross_entropy.function(label, logit)


@pytest.mark.parametrize(
    ("values", "error", "says"),
    [
        ((1.0, np.nan), ValueError, "argument `z`: expected real numbers, got nan"),
        ((1.0, [0.0, np.nan]), ValueError, r"argument `z`: expected real numbers, got nan at index \(1,\)"),
        ((1.5, 0.0), ValueError, r"argument `y`: expected numbers in \[0, 1\], got 1.5"),
        (([[0, 1], [-1, 0]], 0.0), ValueError, r"argument `y`: .*, got -1.0 at index \(1, 0\)"),
        ((np.nan, 0.0), ValueError, r"argument `y`: expected numbers in \[0, 1\], got nan"),
        ((1.0, []), ValueError, "argument `z`: expected at least one entry, got an empty array"),
        ((1.0, np.array([1, None])), TypeError, "argument `z`: expected real numbers, got dtype object"),
        ((1.0, "3"), TypeError, "argument `z`: expected real numbers, got dtype <U1"),
        ((1.0, 1j), TypeError, "argument `z`: expected real numbers, got dtype complex128"),
        (([0, 1], [1.0, 2.0, 3.0]), ValueError, r"shapes that broadcast, got .*\(2,\).*\(3,\)"),
        ((1.0, np.inf), ValueError, "expected numbers at which it has a value, got nan; at infinite numbers"),
        ((1.0, [[0.0], [np.inf]]), ValueError, r"at which it has a value, got nan at index \(1, 0\)"),
        ((1.0,), TypeError, r"2 arguments \['y', 'z'\], got 1"),
    ],
)
def test_bad_input_is_refused(values, error, says):
    with pytest.raises(error, match=rf"binary cross-entropy: .*{says}"):
        LOSS(*values)


def test_a_symbol_that_cannot_be_negative_is_held_to_it():
    with pytest.raises(ValueError, match="argument `gamma`: expected numbers from 0 on, got -1"):
        focal_loss.function(logit, gamma)(0.0, -1.0)


def test_soft_labels_and_infinite_logits_are_input_like_any_other():
    assert LOSS(0.5, 0.0) == pytest.approx(np.log(2))
    assert LOSS(1.0, -np.inf) == np.inf
    assert LOSS(np.array([0, 1]), np.zeros((3, 1))).shape == (3, 2)


FORMATS = {16: np.float16, 32: np.float32, 64: np.float64}
x = Symbol("x", real=True)
AT = np.linspace(-120, 120, 321)


def computed(expression, bits):
    with np.errstate(all="ignore"):
        return numpy_function(evaluated_in(expression, bits), [x])(AT)


@pytest.mark.parametrize("bits", FORMATS)
def test_every_operation_is_rounded_as_an_array_of_that_format_rounds_it(bits):
    kind = FORMATS[bits]
    one, z = kind(1), AT.astype(kind)
    with np.errstate(all="ignore"):
        # In doubles, for NumPy's own exp and log of 32 bits are off by a unit now and then.
        power = np.exp(-z.astype(float)).astype(kind)
        wanted = -np.log((one / (one + power)).astype(float)).astype(kind)
    got = computed(-log(1 / (1 + exp(-x))), bits)
    np.testing.assert_array_equal(got, wanted.astype(float))


def test_the_naive_loss_is_lost_and_the_stable_one_is_not():
    naive, stable = (
        form.subs({label: 1, logit: x}) for form in (binary_cross_entropy.explicit, binary_cross_entropy.stable)
    )
    at = np.abs(AT - 20).argmin()
    assert computed(naive, 32)[at] == 0
    assert computed(stable, 32)[at] == pytest.approx(np.log1p(np.exp(-AT[at])), rel=1e-7)


def test_the_number_of_bits_may_be_a_symbol_and_a_condition_is_followed():
    bits = Symbol("bits")
    expression = evaluated_in(Piecewise((x + Rational(1, 3), x > 0), (-x, True)), bits)
    compute = numpy_function(expression, [x, bits])
    assert compute(1.0, 16) == float(np.float16(1) + np.float16(1 / 3))
    assert compute(-0.1, 32) == float(np.float32(0.1))


def test_functions_of_the_book_are_one_operation():
    assert evaluated_in(softplus(-x), 16) == Rounded(softplus(-Rounded(x, 16)), 16)
    total = LogSumExp(exp(x) + 1)
    assert evaluated_in(total, 16) == Rounded(LogSumExp(exp(Rounded(x, 16)) + 1), 16)


def test_an_operation_that_the_front_end_does_not_know_is_refused_on_the_wire():
    with pytest.raises(ValueError, match="expected a node among"):
        to_wire(evaluated_in(LambertW(x), 16))


def test_a_rounded_number_has_no_derivative_of_use():
    with pytest.raises(ValueError, match="differentiate before rounding"):
        Rounded(x, 16).diff(x)
