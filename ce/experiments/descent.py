"""Gradient descent: on a formula of one variable, on several numbers at once, from a crowd of starts at many rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from sympy import Symbol, diff
from sympy.core.expr import Expr

from ce.checks import FloatArray, message, number, positive_integer, real_array, refuse_where
from ce.formulas import Formula, numpy_function, sigmoid
from ce.formulas.evaluate import checked_arguments
from ce.symbols import bias, logit, weight


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
        that has no value or one out of its range, or a variable the formula does not contain.

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
        raise TypeError(message("gradient_descent", "formula", "a Formula", repr(formula)))
    position = number(start, "gradient_descent", "start")
    pace = number(rate, "gradient_descent", "rate", low=0, above=True)
    count = positive_integer(steps, "gradient_descent", "steps")
    if given is not None and not isinstance(given, Mapping):
        raise TypeError(message("gradient_descent", "given", "a mapping such as {label: 1}", repr(given)))
    fixed = {s: number(value, "gradient_descent", f"given[{s}]") for s, value in (given or {}).items()}
    checked_arguments("gradient_descent", tuple(fixed), tuple(fixed.values()))  # a label of 2 is none
    symbols, values = (variable, *fixed), tuple(fixed.values())
    slope_at = numpy_function(formula.derivative(variable), symbols)
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow is refused below, by name
        path = _path([lambda at: slope_at(at, *values)], [np.asarray(position)], np.asarray(pace), count)[:, 0]
        slopes = np.broadcast_to(slope_at(path, *values), path.shape)
    lost = ~(np.isfinite(path) & np.isfinite(slopes))
    if lost.any():
        got = f"{pace}, which overflows at step {lost.argmax()}"
        raise ValueError(message("gradient_descent", "rate", "one at which the path stays finite", got))
    losses = np.broadcast_to(numpy_function(formula.stable, symbols)(path, *values), path.shape)
    return Descent(path, losses.astype(np.float64), slopes.astype(np.float64))


def _path(
    movers: Sequence[Callable[..., FloatArray]], begins: Sequence[FloatArray], pace: FloatArray, count: int
) -> FloatArray:
    """Return what moves before the first of ``count`` steps and after each, shape (count + 1, number of movers, …)."""
    shape = np.broadcast_shapes(np.shape(pace), *(np.shape(begin) for begin in begins))
    path = np.empty((count + 1, len(movers), *shape))
    for at, begin in enumerate(begins):
        path[0, at] = begin
    with np.errstate(over="ignore", invalid="ignore"):  # what has left for infinity stays away, or is refused
        for step in range(count):
            now = path[step]
            for at, mover in enumerate(movers):
                path[step + 1, at] = now[at] - pace * mover(*now)
    return path


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
        raise TypeError(message("first_passage", "descent", "a Descent", repr(descent)))
    wall = number(boundary, "first_passage", "boundary")
    side = np.sign(descent.positions - wall)
    if side[0] == 0:
        raise ValueError(message("first_passage", "boundary", "not the start itself", str(boundary)))
    crossed = first_step(side == -side[0])
    return int(crossed) if np.isfinite(crossed) else None


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
        For starts that are not finite or not those of ``slopes``, a rate that is not positive or at which a path
        overflows, steps below 1, or a slope with another symbol in it.

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
    paths = _joint_paths(slopes, start, rate, steps)
    finite = np.all([np.isfinite(path).reshape(len(path), -1).all(axis=1) for path in paths.values()], axis=0)
    if not finite.all():
        got = f"{np.asarray(rate)}, which overflows at step {finite.argmin()}"
        raise ValueError(message("joint_descent", "rate", "one at which every path stays finite", got))
    return paths


def _joint_paths(
    slopes: Mapping[Symbol, Expr], start: Mapping[Symbol, ArrayLike], rate: ArrayLike, steps: int
) -> dict[Symbol, FloatArray]:
    """Return the paths of :func:`joint_descent`, those that overflow among them."""
    if not isinstance(slopes, Mapping) or not slopes or not all(isinstance(s, Symbol) for s in slopes):
        raise TypeError(message("joint_descent", "slopes", "a slope for each symbol", repr(slopes)))
    if not isinstance(start, Mapping) or set(start) != set(slopes):
        names = [str(symbol) for symbol in slopes]
        raise ValueError(message("joint_descent", "start", f"values for {names}", repr(start)))
    pace = real_array(rate, "joint_descent", "rate")
    refuse_where(np.asarray(pace <= 0), pace, ("joint_descent", "rate"), "positive numbers")
    count = positive_integer(steps, "joint_descent", "steps")
    begins = [real_array(start[symbol], "joint_descent", f"start[{symbol}]") for symbol in slopes]
    movers = [numpy_function(slope, tuple(slopes)) for slope in slopes.values()]
    path = _path(movers, begins, pace, count)
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
        raise ValueError(message("neuron_outputs", "slope", "an expression in z", repr(slope)))
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
        raise TypeError(message("first_step", "holds", "an array of truth values", repr(holds)))
    if holds.size == 0:
        raise ValueError(message("first_step", "holds", "at least one step", f"shape {holds.shape}"))
    steps: FloatArray = np.where(holds.any(axis=0), holds.argmax(axis=0), np.inf)[()]
    return steps


@dataclass(frozen=True)
class Arrivals:
    """When the descents from several starts arrived, for several learning rates.

    Parameters
    ----------
    rates
        Shape (R,): the learning rates tried.
    steps
        Shape (R, S): the step at which the descent from each start arrived, infinity where it did not.
    """

    rates: FloatArray
    steps: FloatArray

    @property
    def best(self) -> int:
        """The place of the tuned rate: most starts arrive; among equals, in the fewest steps on average."""
        arrived = np.isfinite(self.steps)
        mean = np.where(arrived, self.steps, 0.0).sum(axis=1) / np.maximum(arrived.sum(axis=1), 1)
        return int(np.lexsort((mean, -arrived.sum(axis=1)))[0])

    @property
    def rate(self) -> float:
        """The tuned learning rate."""
        return float(self.rates[self.best])

    @property
    def share(self) -> float:
        """The share of starts that arrive at the tuned rate."""
        return float(np.isfinite(self.steps[self.best]).mean())

    @property
    def median(self) -> float:
        """The median number of steps at the tuned rate, infinity when fewer than half of them arrive."""
        return float(np.quantile(self.steps[self.best], 0.5, method="higher"))


def arrivals(
    loss: Expr, weights: Sequence[Symbol], starts: ArrayLike, *, rates: ArrayLike, steps: int, within: float
) -> Arrivals:
    """Descend from every start at every rate, and note when the loss is close to its minimum.

    Parameters
    ----------
    loss
        An expression in ``weights``, with a minimum that is found from the weights 0.
    weights
        What moves.
    starts
        Shape (S, number of weights).
    rates
        Shape (R,): learning rates > 0.
    steps
        The budget.
    within
        How far above the minimum counts as there, in the unit of the loss.

    Returns
    -------
    Arrivals

    Raises
    ------
    TypeError, ValueError
        As :func:`ce.experiments.joint_descent`, for starts of another shape, or a ``within`` that is not
        positive.

    Examples
    --------
    >>> from sympy import symbols
    >>> u, v = symbols("u v")
    >>> found = arrivals(u**2 + v**2, [u, v], [[3, 4], [0, 2]], rates=[0.1, 0.5], steps=9, within=0.01)
    >>> print(found.rate, found.share, found.median)
    0.5 1.0 1.0
    """
    if not isinstance(loss, Expr):
        raise TypeError(message("arrivals", "loss", "an expression", repr(loss)))
    if not weights or not all(isinstance(moves, Symbol) for moves in weights):
        raise TypeError(message("arrivals", "weights", "one or more symbols", repr(weights)))
    crowd = real_array(starts, "arrivals", "starts")
    if crowd.ndim != 2 or crowd.shape[1] != len(weights):
        expected = f"shape (number of starts, {len(weights)})"
        raise ValueError(message("arrivals", "starts", expected, str(crowd.shape)))
    paces = np.atleast_1d(real_array(rates, "arrivals", "rates"))
    refuse_where(paces <= 0, paces, ("arrivals", "rates"), "positive numbers")
    near = number(within, "arrivals", "within", low=0, above=True)
    slopes = {moves: diff(loss, moves) for moves in weights}
    begin = {moves: crowd[:, at] for at, moves in enumerate(weights)}
    count = positive_integer(steps, "arrivals", "steps")
    paths = _joint_paths(slopes, begin, paces[:, None], count)
    value = numpy_function(loss, tuple(weights))
    lowest = minimize(lambda at: float(value(*at)), np.zeros(len(weights)), method="BFGS").fun
    with np.errstate(over="ignore", invalid="ignore"):  # of those that never arrive
        return Arrivals(paces, first_step(value(*paths.values()) <= lowest + near))
