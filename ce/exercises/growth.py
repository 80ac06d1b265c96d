"""Upper bounds on how far an expression grows, found without computing it."""

from __future__ import annotations

from math import comb, inf, log

from sympy import Add, Mul, Pow, Product, Rational, Sum, exp
from sympy import log as logarithm
from sympy.core.expr import Expr

__all__ = ["bits", "magnitude", "terms"]

LARGEST_SYMBOL = 100.0


def bits(number: Rational) -> int:
    """Return the length of the longer part of a fraction, in bits."""
    return max(int(number.p).bit_length(), int(number.q).bit_length())


def terms(expression: Expr) -> float:
    """Count the terms after multiplying out; a sum over an index counts as three of its terms.

    Examples
    --------
    >>> from sympy import symbols
    >>> a, b = symbols("a b")
    >>> terms((a + b) ** 9)
    10
    """
    if expression.is_Add:
        return sum(terms(term) for term in expression.args)
    if isinstance(expression, Mul):
        product = 1.0
        for factor in expression.args:
            product *= terms(factor)
        return product
    if isinstance(expression, Pow) and expression.exp.is_Integer:
        inner, power = terms(expression.base), abs(int(expression.exp))
        return comb(int(inner) + power - 1, power) if inner < 1e6 else inf
    if isinstance(expression, Sum | Product):
        return 3.0 ** len(expression.limits) * terms(expression.function)
    return max((terms(part) for part in expression.args if isinstance(part, Expr)), default=1.0)


def magnitude(expression: Expr) -> float:
    """Bound the logarithm of the expression's size, every symbol being between 1/100 and 100 in size.

    Examples
    --------
    >>> from sympy import Symbol, exp
    >>> round(magnitude(exp(Symbol("x"))))
    100
    """
    rule = next((rule for kind, rule in _RULES if isinstance(expression, kind)), None)
    if expression.is_Rational:
        return log(max(abs(float(expression)), 1e-300)) if bits(expression) < 900 else 700.0
    return rule(expression) if rule else log(LARGEST_SYMBOL)


def _power(power: Pow) -> float:
    if power.exp.is_Rational:
        return abs(float(power.exp)) * abs(magnitude(power.base))
    return _grown(magnitude(power.exp)) * max(abs(magnitude(power.base)), 1.0)


def _grown(size: float) -> float:
    return inf if size > 300 else 2.718281828459045**size


_RULES = (
    (Add, lambda e: max(magnitude(term) for term in e.args) + log(len(e.args))),
    (Mul, lambda e: sum(magnitude(factor) for factor in e.args)),
    (exp, lambda e: _grown(magnitude(e.args[0]))),
    (logarithm, lambda e: log(max(abs(magnitude(e.args[0])), 1.0))),
    (Pow, _power),
    (Sum, lambda e: magnitude(e.function) + len(e.limits) * log(LARGEST_SYMBOL)),
    (Product, lambda e: LARGEST_SYMBOL * abs(magnitude(e.function))),
)
