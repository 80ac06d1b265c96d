"""Turning a stable form into a NumPy function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Symbol, lambdify
from sympy.core.expr import Expr
from sympy.printing.numpy import NumPyPrinter

from ce.formulas.functions import exponents
from ce.formulas.precision import rounded

__all__ = ["numpy_function"]


class _StablePrinter(NumPyPrinter):
    """Prints the nodes of :mod:`ce.formulas.functions` as the functions that compute them stably."""

    def _print_sigmoid(self, node: Any) -> str:
        return f"expit({self._print(node.args[0])})"

    def _print_softplus(self, node: Any) -> str:
        return f"logaddexp(0.0, {self._print(node.args[0])})"

    def _print_xlogy(self, node: Any) -> str:
        return f"xlogy({self._print(node.args[0])}, {self._print(node.args[1])})"

    def _print_Rounded(self, node: Any) -> str:  # noqa: N802
        return f"rounded({self._print(node.args[0])}, {self._print(node.args[1])})"

    def _print_LogSumExp(self, node: Any) -> str:  # noqa: N802
        terms = [self._print(term) for term in exponents(node.args[0])]
        text = terms[0]
        for term in terms[1:]:
            text = f"logaddexp({text}, {term})"
        return text


def numpy_function(expression: Expr, arguments: Sequence[Symbol]) -> Callable[..., Any]:
    """Return a function of arrays that computes ``expression``, broadcasting over its arguments.

    Parameters
    ----------
    expression
        A scalar expression without sums (see :func:`ce.formulas.instantiate`).
    arguments
        Its symbols, in the order in which the function takes their values.

    Raises
    ------
    ValueError
        When the expression holds a symbol that is not among ``arguments``.

    Examples
    --------
    >>> import numpy as np
    >>> from ce.formulas import softplus
    >>> from ce.symbols import logit
    >>> numpy_function(softplus(logit), [logit])(np.array([-1000.0, 0.0, 1000.0]))
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+03])
    """
    import numpy as np  # noqa: PLC0415  (NumPy is loaded only where arrays are computed)
    from scipy import special  # noqa: PLC0415

    missing = sorted(str(symbol) for symbol in expression.free_symbols - set(arguments))
    if missing:
        given = [str(symbol) for symbol in arguments]
        raise ValueError(f"numpy_function: expected every symbol among {given}, got {missing} besides")
    names = {"expit": special.expit, "xlogy": special.xlogy, "logaddexp": np.logaddexp, "rounded": rounded}
    settings = {"fully_qualified_modules": False, "inline": True, "allow_unknown_functions": False}
    printer = _StablePrinter(settings)
    return lambdify(list(arguments), expression, modules=[names, "numpy"], printer=printer)
