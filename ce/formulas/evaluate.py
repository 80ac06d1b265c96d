"""From a formula to numbers: sums written out, arguments checked, a function of arrays, operations rounded to few bits.

NumPy and SciPy are loaded only where arrays are computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from numbers import Integral
from typing import TYPE_CHECKING, Any

from sympy import Add, Indexed, Integer, Mul, Piecewise, Pow, Product, Sum, Symbol, exp, lambdify
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFunction
from sympy.printing.numpy import NumPyPrinter

from ce.formulas.functions import LogSumExp, Rounded, exponents
from ce.symbols import label, prob

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNIT_INTERVAL = (label, prob)
_MOST = 100_000
"""Terms of a sum that is written out; more take minutes, and then the memory."""


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
        When a size is not a positive integer up to 100 000, or a bound remains symbolic.

    Examples
    --------
    >>> from sympy import Sum
    >>> from ce.symbols import K, k, q
    >>> instantiate(Sum(q[k] ** 2, (k, 1, K)), {"K": 2})
    q_1**2 + q_2**2
    """
    for name, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, Integral) or not 1 <= size <= _MOST:
            raise ValueError(f"instantiate: expected a positive integer for {name}, up to {_MOST}, got {size!r}")
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


def checked_arguments(function: str, symbols: Sequence[Symbol], values: Sequence[Any]) -> list[NDArray[Any]]:
    """Return the values as arrays, or refuse them.

    Parameters
    ----------
    function
        Name of the function, for the message.
    symbols
        What each value stands for. It decides the range: labels and probabilities lie in [0, 1], other
        symbols where their assumptions say.
    values
        Numbers or arrays of numbers whose shapes broadcast; infinite ones are limits and allowed.

    Raises
    ------
    TypeError
        For a wrong number of values, or something that is not a number or an array of numbers.
    ValueError
        For an empty array, NaN, a number outside the range of its symbol, shapes that do not broadcast.

    Examples
    --------
    >>> from ce.symbols import logit
    >>> checked_arguments("loss", [logit], [float("nan")])
    Traceback (most recent call last):
        ...
    ValueError: loss: argument `z`: expected real numbers, got nan
    """
    import numpy as np  # noqa: PLC0415

    from ce.checks import refuse_where, values_array  # noqa: PLC0415

    names = [str(symbol) for symbol in symbols]
    if len(values) != len(symbols):
        raise TypeError(f"{function}: expected {len(symbols)} arguments {names}, got {len(values)}")
    arrays = []
    for name, symbol, value in zip(names, symbols, values, strict=True):
        arrays.append(array := values_array(value, function, name, boolean=True))
        inside, expected = _range(symbol, array)
        refuse_where(np.logical_not(inside), array, (function, name), expected)
    try:
        np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = dict(zip(names, (array.shape for array in arrays), strict=True))
        raise ValueError(f"{function}: expected shapes that broadcast, got {shapes}") from None
    return arrays


def checked_result(function: str, result: Any) -> Any:
    """Return what a formula comes to, or refuse the arguments at which its terms leave it open, as 0 · ∞ does."""
    import numpy as np  # noqa: PLC0415

    if (bad := np.isnan(result)).any():
        place = f" at index {tuple(map(int, np.argwhere(bad)[0]))}" if bad.ndim else ""
        hint = "at infinite numbers the functions of ce.numeric return limits"
        raise ValueError(f"{function}: expected numbers at which it has a value, got nan{place}; {hint}")
    return result


def _range(symbol: Symbol, array: NDArray[Any]) -> tuple[NDArray[Any], str]:
    """Return which numbers a symbol may stand for, and which these are in words."""
    if symbol in _UNIT_INTERVAL:
        return (array >= 0) & (array <= 1), "numbers in [0, 1]"
    if symbol.is_positive:
        return array > 0, "positive numbers"
    if symbol.is_nonnegative:
        return array >= 0, "numbers from 0 on"
    return array == array, "real numbers"  # noqa: PLR0124  (NaN is the number unlike itself)


# The function that computes a node, where it has one for itself.
_NAMES = {"sigmoid": "expit", "xlogy": "xlogy", "Rounded": "rounded"}


class _StablePrinter(NumPyPrinter):
    """Prints the nodes of :mod:`ce.formulas.functions` as the functions that compute them stably."""

    def _print_softplus(self, node: Any) -> str:
        return f"logaddexp(0.0, {self._print(node.args[0])})"

    def _print_LogSumExp(self, node: Any) -> str:  # noqa: N802
        return reduce("logaddexp({}, {})".format, map(self._print, exponents(node.args[0])))


def numpy_function(expression: Expr, arguments: Sequence[Symbol]) -> Callable[..., Any]:
    """Return a function of arrays that computes ``expression``, broadcasting over its arguments.

    Parameters
    ----------
    expression
        A scalar expression without sums (see :func:`instantiate`).
    arguments
        Its symbols, in the order in which the function takes their values.

    Raises
    ------
    ValueError
        When the expression holds a symbol that is not among ``arguments``, or one of these comes twice.

    Examples
    --------
    >>> import numpy as np
    >>> from ce.formulas import softplus
    >>> from ce.symbols import logit
    >>> numpy_function(softplus(logit), [logit])(np.array([-1000.0, 0.0, 1000.0]))
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+03])
    """
    import numpy as np  # noqa: PLC0415
    from scipy import special  # noqa: PLC0415

    missing = sorted(str(symbol) for symbol in expression.free_symbols - set(arguments))
    given = [str(symbol) for symbol in arguments]
    if len(set(given)) < len(given):
        raise ValueError(f"numpy_function: expected different arguments, got {given}")
    if missing:
        raise ValueError(f"numpy_function: expected every symbol among {given}, got {missing} besides")
    names = {"expit": special.expit, "xlogy": special.xlogy, "logaddexp": np.logaddexp, "rounded": rounded}
    settings = {"fully_qualified_modules": False, "inline": True, "allow_unknown_functions": False}
    printer = _StablePrinter({**settings, "user_functions": _NAMES})
    return lambdify(list(arguments), expression, modules=[names, "numpy"], printer=printer)


def rounded(x: Any, bits: Any) -> Any:
    """Return numbers rounded to 64, 32 or 16 bits, as float64.

    Parameters
    ----------
    x
        Numbers.
    bits
        64, 32 or 16, broadcast with ``x``.

    Examples
    --------
    >>> float(rounded(0.1, 16)), float(rounded(70_000.0, 16))
    (0.0999755859375, inf)
    """
    import numpy as np  # noqa: PLC0415

    values = np.asarray(x, dtype=np.float64)
    with np.errstate(over="ignore"):
        half, single = (values.astype(kind).astype(np.float64) for kind in (np.float16, np.float32))
    return np.where(np.equal(bits, 16), half, np.where(np.equal(bits, 32), single, values))


def evaluated_in(expression: Basic, bits: Expr | int) -> Basic:
    """Return an expression in which every operation is rounded: what naive code computes in that precision.

    Its symbols are rounded first, as an array of that precision would hold them. Sums and products are taken
    from left to right in SymPy's order; a division is a product with the reciprocal. A function of the book,
    such as the softplus, counts as one operation: its stable form is taken to be right to the last bit.

    Parameters
    ----------
    expression
        A scalar expression or condition without sums.
    bits
        64, 32 or 16; a symbol that a figure's choice gives, too.

    Examples
    --------
    The loss of a right prediction is lost in 16 bits at a logit of 8, where it should be 0.000335:

    >>> from ce.formulas import binary_cross_entropy, numpy_function
    >>> from ce.symbols import label, logit
    >>> loss = binary_cross_entropy.explicit.subs(label, 1)
    >>> for bits in (16, 64):
    ...     print(f"{numpy_function(evaluated_in(loss, bits), [logit])(8.0) + 0.0:.6f}")
    0.000000
    0.000335
    """

    def fold(parts: tuple[Expr, ...], combine: type[Expr]) -> Expr:
        total = parts[0]
        for part in parts[1:]:
            total = Rounded(combine(total, part), bits)
        return total

    def visit(node: Basic) -> Basic:
        if isinstance(node, Relational | BooleanFunction | Piecewise) or not isinstance(node, Expr):
            return node.func(*map(visit, node.args)) if node.args else node
        if isinstance(node, LogSumExp):
            return Rounded(LogSumExp(Add(*(exp(visit(power)) for power in exponents(node.args[0])))), bits)
        if isinstance(node, Add):
            return fold(tuple(map(visit, node.args)), Add)
        if isinstance(node, Mul):
            negative = node.args[0] == -1  # a change of sign rounds nothing
            product = fold(tuple(map(visit, node.args[negative:])), Mul)
            return -product if negative else product
        if isinstance(node, Pow):
            return Rounded(Pow(*map(visit, node.args)), bits)
        return Rounded(node.func(*map(visit, node.args)) if node.args else node, bits)

    return visit(expression)
