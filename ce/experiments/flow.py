r"""Gradient flow: gradient descent in the limit of small steps, :math:`\mathrm{d}z/\mathrm{d}t = -L'(z)`.

For a label of 1 and a logit that starts at :math:`z_0 < 0`, confident and wrong, the time until the
prediction changes sides is :math:`\int_{z_0}^0 \mathrm{d}z / (-L'(z))`, and both losses have it in closed
form. Descent with a small rate η takes about that time divided by η, in steps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp

from ce.checks import FloatArray, message, real_array, refuse_where
from ce.formulas import (
    Formula,
    binary_cross_entropy,
    cross_entropy_escape_time,
    numpy_function,
    squared_error,
    squared_error_escape_time,
)
from ce.symbols import label, logit, start

_TIMES = {binary_cross_entropy.name: cross_entropy_escape_time, squared_error.name: squared_error_escape_time}

DEEPEST_START = -700.0
"""Below this, e^{−z₀} is near the largest double."""


def escape_time(loss: Formula, start_logit: ArrayLike) -> FloatArray:
    """Return how long gradient flow takes from a wrong logit to the decision boundary, for the label 1.

    Parameters
    ----------
    loss
        ``binary_cross_entropy`` or ``squared_error`` of :mod:`ce.formulas`.
    start_logit
        Any shape; numbers from −700 to 0.

    Returns
    -------
    array
        The same shape; times ≥ 0, in units of 1/η steps of gradient descent at a small rate η.

    Raises
    ------
    TypeError, ValueError
        For a loss without a closed form here, or starts that are not numbers from −700 to 0.

    Examples
    --------
    >>> print(escape_time(binary_cross_entropy, [-10.0, 0.0]).round(4))
    [11.  0.]
    >>> print(escape_time(squared_error, -10.0).round(1))
    11029.5
    """
    z = _starts(loss, start_logit, "escape_time")
    time: FloatArray = np.asarray(_TIMES[loss.name].function(start)(z))[()]
    return time


def integrated_escape_time(loss: Formula, start_logit: ArrayLike) -> FloatArray:
    """Return the same time from an ODE solver, which knows nothing of the closed form.

    Parameters
    ----------
    loss, start_logit
        As for :func:`escape_time`.

    Returns
    -------
    array
        The same shape; times, to about nine digits.

    Raises
    ------
    TypeError, ValueError
        As :func:`escape_time`.

    Examples
    --------
    >>> print(integrated_escape_time(squared_error, -10.0).round(1))
    11029.5
    """
    z = _starts(loss, start_logit, "integrated_escape_time")
    slope = numpy_function(loss.derivative(logit).subs(label, 1), [logit])

    # The time as a function of the logit, dt/dz = 1 / (−L'), from the start to 0.
    def arrive(begin: float) -> float:
        solved = solve_ivp(lambda at, _: -1 / slope(at), (begin, 0.0), [0.0], method="DOP853", rtol=1e-11, atol=1e-13)
        return float(solved.y[0, -1])

    times: FloatArray = np.vectorize(arrive, otypes=[np.float64])(z)[()]
    return times


def _starts(loss: Formula, start_logit: ArrayLike, function: str) -> FloatArray:
    """Return the starts as an array when both arguments are what the escape times are known for."""
    if getattr(loss, "name", None) not in _TIMES:
        got = getattr(loss, "name", repr(loss))
        raise ValueError(message(function, "loss", f"one of {sorted(_TIMES)}", str(got)))
    z = real_array(start_logit, function, "start_logit")
    bad = np.asarray((z < DEEPEST_START) | (z > 0))
    refuse_where(bad, z, (function, "start_logit"), f"numbers from {DEEPEST_START:g} to 0")
    return z
