"""What a formula comes to when it is computed as it is written, in a format of limited precision."""

from __future__ import annotations

from typing import Any

from sympy import Add, Mul, Piecewise, Pow, exp
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFunction

from ce.formulas.functions import LogSumExp, Rounded, exponents

__all__ = ["evaluated_in", "rounded"]


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
    import numpy as np  # noqa: PLC0415  (NumPy is loaded only where arrays are computed)

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
