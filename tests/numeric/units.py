"""How far a computed number is from the true one, in units in the last place."""

from __future__ import annotations

import math

import mpmath
import numpy as np
from mpmath import mpf

from tests.numeric.exact import Exact

__all__ = ["excess", "units_off"]

WELL_CONDITIONED = 2
ROUNDINGS = 16


def units_off(computed: float, true: mpf, dtype: type = np.float64) -> float:
    """Return the distance of a computed number from the true one, in units in the last place of the true one.

    Where the true number rounds to infinity or to a number below the smallest, that is what must be computed.
    """
    nearest = dtype(true)
    if not np.isfinite(nearest):
        return 0.0 if computed == nearest else math.inf
    if not np.isfinite(computed):
        return math.inf
    unit = mpf(float(np.spacing(np.abs(nearest))))  # of 0: the smallest number
    return float(abs(mpmath.fsub(mpf(float(computed)), true, exact=True)) / unit)


def excess(computed: float, exact: Exact, units: float) -> float:
    """Return the error as a share of what is allowed; above 1 it is too large.

    Allowed are ``units`` where the problem is well conditioned, elsewhere 16 roundings of the largest term.
    """
    off = units_off(computed, exact.value)
    if exact.condition <= WELL_CONDITIONED or off <= units:
        return off / units
    if not np.isfinite(computed):
        return math.inf
    error = abs(mpmath.fsub(mpf(float(computed)), exact.value, exact=True))
    return float(error / (ROUNDINGS * exact.term * mpf(2) ** -53 + mpf(float(np.spacing(0.0)))))
