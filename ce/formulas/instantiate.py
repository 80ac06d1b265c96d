"""Writing out a formula for a given number of classes or examples."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Add, Indexed, Integer, Mul, Product, Sum, Symbol
from sympy.core.expr import Expr

__all__ = ["component", "instantiate"]


def component(element: Indexed) -> Symbol:
    """Return the plain symbol that stands for an indexed element with a numeric index, ``q[2]`` as ``q_2``.

    Raises
    ------
    ValueError
        When an index is not a number yet.

    Examples
    --------
    >>> from ce.symbols import q
    >>> component(q[2])
    q_2
    """
    if not all(index.is_Integer for index in element.indices):
        raise ValueError(f"component: expected numeric indices, got {element}; give every size a value")
    assumptions = {key: value for key, value in element.base.assumptions0.items() if value is not None}
    name = "_".join([str(element.base), *(str(index) for index in element.indices)])
    kept = {a: assumptions[a] for a in ("positive", "nonnegative", "real") if a in assumptions}
    return Symbol(name, **kept)


def instantiate(expression: Expr, sizes: Mapping[str, int]) -> Expr:
    """Write out every sum and product of ``expression``, with ``K``, ``N`` as ``sizes`` says.

    The terms are made one by one by replacing the bound index, from the outermost sum inwards: SymPy's
    ``doit`` is not sound on nested sums.

    Parameters
    ----------
    expression
        A scalar expression with sums and products over ``1 … K`` or ``1 … N``.
    sizes
        Values for the symbols that bound the sums, by name.

    Raises
    ------
    ValueError
        When a size is not a positive integer, or a bound remains symbolic.

    Examples
    --------
    >>> from sympy import Sum
    >>> from ce.symbols import K, k, q
    >>> instantiate(Sum(q[k] ** 2, (k, 1, K)), {"K": 2})
    q_1**2 + q_2**2
    """
    for name, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise ValueError(f"instantiate: expected a positive integer for {name}, got {size!r}")
    numbers = {
        symbol: Integer(sizes[symbol.name])
        for symbol in expression.free_symbols
        if isinstance(symbol, Symbol) and symbol.name in sizes
    }
    return _write_out(expression, numbers)


def _write_out(expression: Expr, values: Mapping[Symbol, Integer]) -> Expr:
    if isinstance(expression, Sum | Product):
        body, limits = expression.function, list(expression.limits)
        index, low, high = limits.pop()
        first, last = (_write_out(bound, values) for bound in (low, high))
        if not (first.is_Integer and last.is_Integer):
            raise ValueError(f"instantiate: expected numeric bounds, got {low}..{high} for {index} in {expression}")
        inner = expression.func(body, *limits) if limits else body
        terms = [_write_out(inner, {**values, index: Integer(at)}) for at in range(int(first), int(last) + 1)]
        return Add(*terms) if isinstance(expression, Sum) else Mul(*terms)
    if isinstance(expression, Indexed):
        return component(expression.base[tuple(_write_out(index, values) for index in expression.indices)])
    if isinstance(expression, Symbol):
        return values.get(expression, expression)
    if not expression.args:
        return expression
    return expression.func(*(_write_out(argument, values) for argument in expression.args))
