r"""Gradient flow: gradient descent in the limit of small steps, :math:`\mathrm{d}z/\mathrm{d}t = -L'(z)`.

For a label of 1 and a logit that starts at :math:`z_0 < 0`, confident and wrong, the time until the
prediction changes sides is :math:`\int_{z_0}^0 \mathrm{d}z / (-L'(z))`, and both losses have it in closed
form. Descent with a small rate η takes about that time divided by η, in steps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from sympy import Rational, exp

from ce.formulas import Formula, binary_cross_entropy, squared_error
from ce.numeric.validation import FloatArray, real_array
from ce.symbols import start

__all__ = ["cross_entropy_escape_time", "escape_time", "squared_error_escape_time"]

_linear = 1 - start - exp(start)
_exponential = Rational(1, 4) * (5 - 6 * start - 6 * exp(start) - exp(2 * start) + 2 * exp(-start))

cross_entropy_escape_time = Formula(
    name="escape time under cross-entropy",
    head=r"T_{\mathrm{CE}}(z_0)",
    textbook=_linear,
    stable=_linear,
    source="",  # integrated on the page; from no source
    unit="",
)

squared_error_escape_time = Formula(
    name="escape time under squared error through the sigmoid",
    head=r"T_{\mathrm{SE}}(z_0)",
    textbook=_exponential,
    stable=_exponential,
    source="",
    unit="",
)

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
    if getattr(loss, "name", None) not in _TIMES:
        got = getattr(loss, "name", repr(loss))
        raise ValueError(f"escape_time: argument `loss`: expected one of {sorted(_TIMES)}, got {got}")
    z = real_array(start_logit, "escape_time", "start_logit")
    if not ((z >= DEEPEST_START) & (z <= 0)).all():
        worst = z[(z < DEEPEST_START) | (z > 0)].flat[0]
        raise ValueError(
            f"escape_time: argument `start_logit`: expected numbers from {DEEPEST_START:g} to 0, got {worst}"
        )
    time: FloatArray = np.asarray(_TIMES[loss.name].function(start)(z))[()]
    return time
