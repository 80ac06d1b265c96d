"""Gradient descent on several numbers at once: a neuron's weight and bias, or many starts in one run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sympy import Symbol
from sympy.core.expr import Expr

from ce.checks import FloatArray, positive_integer, real_array
from ce.formulas import numpy_function, sigmoid
from ce.symbols import bias, logit, weight

__all__ = ["first_step", "joint_descent", "neuron_outputs"]


def joint_descent(
    slopes: Mapping[Symbol, Expr], start: Mapping[Symbol, ArrayLike], *, rate: ArrayLike, steps: int
) -> dict[Symbol, FloatArray]:
    r"""Repeat :math:`w_i \leftarrow w_i - \eta \, g_i(w)` for all :math:`i` at once.

    The slopes :math:`g_i` are the partial derivatives of a loss, or whatever somebody took for them: what a
    wrong gradient does is found out by giving it.

    Parameters
    ----------
    slopes
        The slope for each number that moves, an expression in these numbers.
    start
        The first value of each, of any shape: many descents run side by side.
    rate
        The learning rate η > 0; broadcasts with the starts.
    steps
        How many steps to make.

    Returns
    -------
    dict
        For each number its values, shape (steps + 1, …): before the first step and after each.

    Raises
    ------
    TypeError, ValueError
        For starts that are not finite or not those of ``slopes``, a rate that is not positive, steps below 1,
        or a slope with another symbol in it.

    References
    ----------
    Nielsen (2015), chapter 1, equation 15.

    Examples
    --------
    >>> from sympy import symbols
    >>> u, v = symbols("u v")
    >>> paths = joint_descent({u: 2 * u, v: 2 * v}, {u: 1, v: [4, 8]}, rate=0.25, steps=2)
    >>> print(paths[v])
    [[4. 8.]
     [2. 4.]
     [1. 2.]]
    """
    if not isinstance(slopes, Mapping) or not slopes or not all(isinstance(s, Symbol) for s in slopes):
        raise TypeError(f"joint_descent: argument `slopes`: expected a slope for each symbol, got {slopes!r}")
    if not isinstance(start, Mapping) or set(start) != set(slopes):
        names = [str(symbol) for symbol in slopes]
        raise ValueError(f"joint_descent: argument `start`: expected values for {names}, got {start!r}")
    pace = real_array(rate, "joint_descent", "rate")
    if not (pace > 0).all():
        raise ValueError(f"joint_descent: argument `rate`: expected positive numbers, got {rate!r}")
    count = positive_integer(steps, "joint_descent", "steps")
    begins = [real_array(start[symbol], "joint_descent", f"start[{symbol}]") for symbol in slopes]
    movers = [numpy_function(slope, tuple(slopes)) for slope in slopes.values()]
    shape = np.broadcast_shapes(np.shape(pace), *(np.shape(begin) for begin in begins))
    path = np.empty((count + 1, len(movers), *shape))
    for at, begin in enumerate(begins):
        path[0, at] = begin
    for step in range(count):
        now = path[step]
        for at, mover in enumerate(movers):
            path[step + 1, at] = now[at] - pace * mover(*now)
    return {symbol: path[:, at] for at, symbol in enumerate(slopes)}


def neuron_outputs(slope: Expr, *, weight_start: float, bias_start: float, rate: float, epochs: int) -> FloatArray:
    r"""Train one neuron on one example with the input 1, and return its output before and after each epoch.

    The logit is :math:`z = w + b`, the output :math:`a = \sigma(z)`. Since the input is 1, weight and bias
    have one slope, that of the cost in the logit.

    Parameters
    ----------
    slope
        The slope of the cost in the logit, an expression in ``ce.symbols.logit``.
    weight_start, bias_start
        Where the weight and the bias start.
    rate
        The learning rate η > 0.
    epochs
        How many epochs to train for.

    Returns
    -------
    array
        Shape (epochs + 1,): outputs, each in [0, 1].

    Raises
    ------
    TypeError, ValueError
        As :func:`joint_descent`.

    References
    ----------
    Nielsen (2015), chapter 3, "The cross-entropy cost function".

    Examples
    --------
    With cross-entropy and the target 0 the slope in the logit is the output itself:

    >>> outputs = neuron_outputs(sigmoid(logit), weight_start=2.0, bias_start=2.0, rate=0.15, epochs=300)
    >>> print(first_step(outputs < 0.5))
    17.0
    """
    if not isinstance(slope, Expr) or slope.free_symbols - {logit}:
        raise ValueError(f"neuron_outputs: argument `slope`: expected an expression in z, got {slope!r}")
    along = slope.xreplace({logit: weight + bias})
    starts = {weight: weight_start, bias: bias_start}
    paths = joint_descent({weight: along, bias: along}, starts, rate=rate, steps=epochs)
    outputs: FloatArray = numpy_function(sigmoid(weight + bias), [weight, bias])(paths[weight], paths[bias])
    return outputs


def first_step(holds: NDArray[np.bool_]) -> FloatArray:
    """Return the first step at which something holds, for each path; infinity where it never does.

    Parameters
    ----------
    holds
        Truth values, the steps along the first axis.

    Raises
    ------
    TypeError, ValueError
        For anything but truth values, or none of them.

    Examples
    --------
    >>> print(first_step(np.array([[False, False], [True, False]])))
    [ 1. inf]
    """
    if not isinstance(holds, np.ndarray) or holds.dtype != np.bool_:
        raise TypeError(f"first_step: argument `holds`: expected an array of truth values, got {holds!r}")
    if holds.size == 0:
        raise ValueError(f"first_step: argument `holds`: expected at least one step, got shape {holds.shape}")
    steps: FloatArray = np.where(holds.any(axis=0), holds.argmax(axis=0), np.inf)[()]
    return steps
