"""The wire form: an expression as nested JSON lists, for the front end that draws the live figures.

``["+", "z", 1]`` is z + 1. Strings are variables, numbers are numbers, a list is an operator with its
operands. The table below is the whole language; the front end compiles the same table to closures.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Float,
    Ge,
    Gt,
    Integer,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Not,
    NumberSymbol,
    Or,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    sign,
)
from sympy.core.basic import Basic
from sympy.logic.boolalg import BooleanAtom

from ce.formulas.functions import LogSumExp, Rounded, exponents, sigmoid, softplus, xlogy

Wire: TypeAlias = str | int | float | bool | list[Any]

OPERATORS: dict[type[Basic], str] = {
    Add: "+",
    Mul: "*",
    Pow: "^",
    exp: "exp",
    log: "log",
    Abs: "abs",
    sign: "sign",
    Max: "max",
    Min: "min",
    sigmoid: "sigmoid",
    softplus: "softplus",
    xlogy: "xlogy",
    LogSumExp: "logsumexp",
    Rounded: "round",
    Lt: "<",
    Le: "<=",
    Gt: ">",
    Ge: ">=",
    Eq: "==",
    And: "and",
    Or: "or",
    Not: "not",
}


def to_wire(expression: Basic) -> Wire:
    """Return the wire form of an expression or a condition.

    Raises
    ------
    ValueError
        For a node the table does not hold, a sum not yet written out among them, and a number beyond float64.

    Examples
    --------
    >>> from ce.formulas import binary_cross_entropy
    >>> from ce.symbols import logit
    >>> to_wire(2 * sigmoid(logit) + 1)
    ['+', ['*', 2, ['sigmoid', 'z']], 1]
    """
    if isinstance(expression, Symbol | BooleanAtom | Integer | Rational | Float | NumberSymbol):
        return _atom(expression)
    if isinstance(expression, LogSumExp):
        return ["logsumexp", *(to_wire(term) for term in exponents(expression.args[0]))]
    if isinstance(expression, Piecewise):
        return ["if", *(to_wire(part) for pair in expression.args for part in (pair.cond, pair.expr))]
    if isinstance(expression, Rounded):
        return ["round", *(to_wire(part) for part in reversed(expression.args))]
    operator = OPERATORS.get(expression.func)
    if operator is None:
        hint = " (write its sums out with instantiate first)" if expression.has(Sum, Product) else ""
        raise ValueError(
            f"to_wire: expected a node among {sorted(OPERATORS.values())}, got {expression.func.__name__} "
            f"in {expression}{hint}"
        )
    # Terms in the order in which NumPy is told to add them: what cancels there to nothing does so in a browser, too.
    arguments = expression.as_ordered_terms() if isinstance(expression, Add) else expression.args
    return [operator, *(to_wire(argument) for argument in arguments)]


def _atom(expression: Basic) -> str | int | float | bool:
    if isinstance(expression, Symbol):
        return str(expression.name)
    if isinstance(expression, BooleanAtom):
        return bool(expression)
    try:
        found = float(expression)
    except OverflowError:  # an integer, or a ratio of two
        found = math.inf
    if not math.isfinite(found):
        raise ValueError(f"to_wire: expected numbers that a float can hold, got {expression}")
    return int(expression) if isinstance(expression, Integer) else found
