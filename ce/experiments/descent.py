"""Gradient descent on a formula of one variable."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sympy import Symbol

from ce.checks import FloatArray, positive_integer, real_array
from ce.formulas import Formula, numpy_function

__all__ = ["Descent", "first_passage", "gradient_descent"]


@dataclass(frozen=True)
class Descent:
    """Where a gradient descent went.

    Parameters
    ----------
    positions
        Shape (steps + 1,): the variable before the first step and after each.
    losses
        Shape (steps + 1,): the loss at those positions, in the formula's unit.
    slopes
        Shape (steps + 1,): its derivative there.
    """

    positions: FloatArray
    losses: FloatArray
    slopes: FloatArray


def _finite(value: float, function: str, name: str) -> float:
    if isinstance(value, bool | str) or not np.isscalar(value):
        raise TypeError(f"{function}: argument `{name}`: expected one real number, got {value!r}")
    return float(real_array(value, function, name))


def gradient_descent(
    formula: Formula,
    variable: Symbol,
    *,
    start: float,
    rate: float,
    steps: int,
    given: Mapping[Symbol, float] | None = None,
) -> Descent:
    r"""Repeat :math:`z \leftarrow z - \eta \, \mathrm{d}L / \mathrm{d}z`.

    Parameters
    ----------
    formula
        The loss to descend on.
    variable
        The symbol that moves.
    start
        Its first value.
    rate
        The learning rate η > 0.
    steps
        How many steps to make.
    given
        Values of the formula's other symbols, such as the label.

    Returns
    -------
    Descent

    Raises
    ------
    TypeError, ValueError
        For a start that is not finite, a rate that is not positive, steps below 1, a symbol of the formula
        that has no value, or a variable the formula does not contain.

    References
    ----------
    Nielsen (2015), chapter 1, equation 10.

    Examples
    --------
    >>> from ce.formulas import binary_cross_entropy
    >>> from ce.symbols import label, logit
    >>> y_is_1 = {label: 1}
    >>> descent = gradient_descent(binary_cross_entropy, logit, start=-2.0, rate=1.0, steps=3, given=y_is_1)
    >>> print(descent.positions.round(3))
    [-2.    -1.119 -0.365  0.225]
    """
    if not isinstance(formula, Formula):
        raise TypeError(f"gradient_descent: argument `formula`: expected a Formula, got {formula!r}")
    position = _finite(start, "gradient_descent", "start")
    pace = _finite(rate, "gradient_descent", "rate")
    if pace <= 0:
        raise ValueError(f"gradient_descent: argument `rate`: expected a positive number, got {rate!r}")
    count = positive_integer(steps, "gradient_descent", "steps")
    fixed = {s: _finite(value, "gradient_descent", f"given[{s}]") for s, value in (given or {}).items()}
    symbols, values = (variable, *fixed), tuple(fixed.values())
    slope_at = numpy_function(formula.derivative(variable), symbols)
    positions, slopes = [np.float64(position)], [slope_at(np.float64(position), *values)]
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow is refused below, by name
        for step in range(1, count + 1):
            positions.append(positions[-1] - pace * slopes[-1])
            slopes.append(slope_at(positions[-1], *values))
            if not (math.isfinite(positions[-1]) and math.isfinite(slopes[-1])):
                expected = f"one at which the path stays finite, got {pace}, which overflows at step {step}"
                raise ValueError(f"gradient_descent: argument `rate`: expected {expected}")
    path = np.array(positions)
    losses = np.broadcast_to(numpy_function(formula.stable, symbols)(path, *values), path.shape)
    return Descent(path, losses.astype(np.float64), np.array(slopes, dtype=np.float64))


def first_passage(descent: Descent, boundary: float = 0.0) -> int | None:
    """Return after how many steps the descent first stood beyond ``boundary``, seen from its start.

    Parameters
    ----------
    descent
        The path.
    boundary
        The value to cross; for a logit, 0 is where the prediction changes sides.

    Returns
    -------
    int or None
        The number of steps, or None when the path did not get there.

    Raises
    ------
    TypeError, ValueError
        When ``boundary`` is not a finite number, or is where the descent starts, so that it has no far side.

    Examples
    --------
    >>> from ce.formulas import squared_error
    >>> from ce.symbols import label, logit
    >>> descent = gradient_descent(squared_error, logit, start=4.0, rate=0.15, steps=300, given={label: 0})
    >>> print(first_passage(descent))
    232
    """
    if not isinstance(descent, Descent):
        raise TypeError(f"first_passage: argument `descent`: expected a Descent, got {descent!r}")
    wall = _finite(boundary, "first_passage", "boundary")
    side = np.sign(descent.positions - wall)
    if side[0] == 0:
        raise ValueError(f"first_passage: argument `boundary`: expected not the start itself, got {boundary}")
    crossed = np.flatnonzero(side == -side[0])
    return int(crossed[0]) if crossed.size else None
