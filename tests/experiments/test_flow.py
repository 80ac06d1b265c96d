"""The closed-form escape times against the loss's own derivative, quadrature, an ODE solver and descent."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from sympy import exp, limit, oo, simplify

from ce.experiments import escape_time, first_passage, gradient_descent, integrated_escape_time
from ce.formulas import (
    binary_cross_entropy,
    cross_entropy_escape_time,
    numpy_function,
    squared_error,
    squared_error_escape_time,
)
from ce.symbols import label, logit, start
from tests.formulas.test_forms import spelled

LOSSES = [
    pytest.param(binary_cross_entropy, cross_entropy_escape_time, id="cross-entropy"),
    pytest.param(squared_error, squared_error_escape_time, id="squared error"),
]


def slope_of(loss):
    return loss.derivative(logit).subs(label, 1)


@pytest.mark.parametrize(("loss", "time"), LOSSES)
def test_the_closed_form_is_the_integral_of_the_loss_exactly(loss, time):
    # T(z0) = ∫ from z0 to 0 of dz / (−L'), so T(0) = 0 and T'(z0) · L'(z0) = 1; SymPy proves both.
    product = time.stable.diff(start) * spelled(slope_of(loss)).subs(logit, start)
    assert simplify(product - 1) == 0
    assert time.stable.subs(start, 0) == 0


@pytest.mark.parametrize(("loss", "time"), LOSSES)
def test_a_closed_form_with_a_wrong_coefficient_is_found_out(loss, time):
    product = (time.stable + start).diff(start) * spelled(slope_of(loss)).subs(logit, start)
    assert simplify(product - 1) != 0


@pytest.mark.parametrize("begin", [-0.5, -3.0, -10.0])
@pytest.mark.parametrize(("loss", "time"), LOSSES)
def test_an_ode_solver_crosses_the_boundary_at_that_time(loss, time, begin):
    slope = numpy_function(slope_of(loss), [logit])

    def crossing(_, z):
        return z[0]

    crossing.terminal = True
    horizon = 2 * float(escape_time(loss, begin))
    solved = solve_ivp(lambda _, z: -slope(z), (0.0, horizon), [begin], events=crossing, rtol=1e-10, atol=1e-12)
    assert solved.t_events[0][0] == pytest.approx(float(escape_time(loss, begin)), rel=1e-7)


@pytest.mark.parametrize(("loss", "time"), LOSSES)
def test_the_time_that_a_page_integrates_is_the_closed_form(loss, time):
    begins = np.array([[-12.0, -3.0], [-0.1, 0.0]])
    np.testing.assert_allclose(integrated_escape_time(loss, begins), escape_time(loss, begins), rtol=1e-9)
    assert np.ndim(integrated_escape_time(loss, -1.0)) == 0


@pytest.mark.parametrize("begin", [-1e-6, -2.0, -40.0])
def test_quadrature_at_thirty_digits_agrees(begin):
    with mpmath.workdps(30):
        times = {
            "ce": mpmath.quad(lambda z: 1 + mpmath.exp(z), [begin, 0]),
            "se": mpmath.quad(
                lambda z: (1 + mpmath.exp(z)) ** 2 * (1 + mpmath.exp(-z)) / 2, mpmath.linspace(begin, 0, 9)
            ),
        }
    # Near 0 the closed form is a small difference of numbers near one: absolute accuracy is what it has.
    assert escape_time(binary_cross_entropy, begin) == pytest.approx(float(times["ce"]), rel=1e-12, abs=1e-15)
    assert escape_time(squared_error, begin) == pytest.approx(float(times["se"]), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("loss", "time"), LOSSES)
def test_descent_with_small_steps_takes_that_time_divided_by_the_rate(loss, time):
    rate = 0.01
    path = gradient_descent(loss, logit, start=-4.0, rate=rate, steps=10_000, given={label: 1})
    assert first_passage(path) * rate == pytest.approx(float(escape_time(loss, -4.0)), rel=0.01)


def test_from_minus_ten_cross_entropy_escapes_a_thousand_times_sooner():
    assert escape_time(binary_cross_entropy, -10.0) == pytest.approx(11.0, abs=5e-5)
    assert escape_time(squared_error, -10.0) == pytest.approx(11029.5, abs=0.05)


def test_the_time_grows_linearly_for_cross_entropy_and_like_half_an_exponential_for_squared_error():
    assert limit(cross_entropy_escape_time.stable / -start, start, -oo) == 1
    assert limit(squared_error_escape_time.stable * 2 * exp(start), start, -oo) == 1


def test_the_deepest_start_allowed_still_has_a_finite_time():
    assert np.isfinite(escape_time(squared_error, -700.0))
