"""How many of a crowd of starts a gradient descent brings to the minimum, and at which learning rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from sympy import Symbol, diff
from sympy.core.expr import Expr

from ce.checks import FloatArray, positive_integer, real_array
from ce.experiments.joint import first_step, joint_descent
from ce.formulas import numpy_function

__all__ = ["Arrivals", "arrivals"]


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
        raise TypeError(f"arrivals: argument `loss`: expected an expression, got {loss!r}")
    if not weights or not all(isinstance(weight, Symbol) for weight in weights):
        raise TypeError(f"arrivals: argument `weights`: expected one or more symbols, got {weights!r}")
    crowd = real_array(starts, "arrivals", "starts")
    if crowd.ndim != 2 or crowd.shape[1] != len(weights):
        expected = f"shape (number of starts, {len(weights)})"
        raise ValueError(f"arrivals: argument `starts`: expected {expected}, got {crowd.shape}")
    paces = np.atleast_1d(real_array(rates, "arrivals", "rates"))
    if not (paces > 0).all():
        raise ValueError(f"arrivals: argument `rates`: expected positive numbers, got {rates!r}")
    near = real_array(within, "arrivals", "within")
    if near.ndim or not near > 0:
        raise ValueError(f"arrivals: argument `within`: expected a positive number, got {within!r}")
    slopes = {weight: diff(loss, weight) for weight in weights}
    begin = {weight: crowd[:, at] for at, weight in enumerate(weights)}
    count = positive_integer(steps, "arrivals", "steps")
    paths = joint_descent(slopes, begin, rate=paces[:, None], steps=count)
    value = numpy_function(loss, tuple(weights))
    lowest = minimize(lambda at: float(value(*at)), np.zeros(len(weights)), method="BFGS").fun
    return Arrivals(paces, first_step(value(*paths.values()) <= lowest + near))
