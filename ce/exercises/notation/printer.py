"""Writing an expression in the notation of :mod:`ce.exercises.notation`, which reads it back."""

from __future__ import annotations

from typing import Any

from sympy import (
    Abs,
    Add,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Mul,
    NumberSymbol,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    Tuple,
    exp,
    log,
    preorder_traversal,
)
from sympy.core.expr import Expr
from sympy.core.symbol import Str
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from ce.formulas import sigmoid
from ce.formulas.functions import Node

__all__ = ["written"]

_NODES = (
    Abs,
    Add,
    Mul,
    Pow,
    Sum,
    Product,
    Tuple,
    Symbol,
    Indexed,
    IndexedBase,
    Str,
    Rational,
    NumberSymbol,
    KroneckerDelta,
    exp,
    log,
    sigmoid,
)


def written(expression: Expr) -> str:
    """Write an expression as a reader would type it.

    Parameters
    ----------
    expression
        An expression of the kind :func:`ce.exercises.parse` returns.

    Raises
    ------
    TypeError
        For a node that the grammar has no notation for.

    Examples
    --------
    >>> from sympy import Sum, log
    >>> from ce.symbols import K, k, p, q
    >>> written(-Sum(p[k] * log(q[k]), (k, 1, K)))
    '-sum_k p_k log(q_k)'
    """
    spelled_out = expression.replace(_is_stable_node, lambda node: node.meaning())
    for node in preorder_traversal(spelled_out):
        if not isinstance(node, _NODES):
            kind = type(node).__name__
            exact = "; a decimal is a Rational here, such as Rational(1, 10) for 0.1" if node.is_Float else ""
            raise TypeError(f"written: expected a node of the answer grammar, got {kind}: {node!r}{exact}")
    return str(_Notation().doprint(spelled_out))


def _is_stable_node(node: Expr) -> bool:
    """Whether a node stands for a textbook form that the grammar has: xlogy, softplus, log-sum-exp."""
    return isinstance(node, Node) and not isinstance(node, sigmoid)


class _Notation(StrPrinter):
    printmethod = "_answer_notation"  # not _sympystr, by which nodes print themselves in SymPy's notation

    def _print_Mul(self, node: Mul) -> str:  # noqa: N802
        number, rest = node.as_coeff_Mul()
        sign = "-" if number < 0 else ""
        number = abs(number)
        below = [factor for factor in Mul.make_args(rest) if _divides(factor)]
        above = sorted((factor for factor in Mul.make_args(rest) if not _divides(factor)), key=_place)
        if number.q != 1:
            below.insert(0, Rational(number.q))
        if number.p != 1 or not above:
            above.insert(0, Rational(number.p))
        if not below:
            return sign + self._product(above)
        bottom = [1 / factor if _divides(factor) else factor for factor in below]
        under = self._product(bottom, closed=True)
        if isinstance(above[-1], Sum | Product):  # 1/N sum_n …
            return f"{sign}{self._product(above[:-1], closed=True) or 1}/{under} {self._print(above[-1])}"
        return f"{sign}{self._product(above, closed=True)}/{under}"

    def _product(self, factors: list[Expr], *, closed: bool = False) -> str:
        last = len(factors) - 1
        text = " ".join(
            self._factor(factor, last=at == last and not closed) for at, factor in enumerate(factors)
        )  # a sum may stand open at the end only: it takes what follows
        raised = last >= 0 and isinstance(factors[-1], Pow) and factors[-1].exp.free_symbols  # p^s/2 could be p^(s/2)
        return f"({text})" if closed and (last > 0 or raised) else text

    def _factor(self, factor: Expr, *, last: bool = False) -> str:
        if isinstance(factor, Sum | Product):
            return self._print(factor) if last else f"({self._print(factor)})"
        return str(self.parenthesize(factor, PRECEDENCE["Mul"], strict=False))

    def _print_Pow(self, node: Any, rational: bool = False) -> str:  # noqa: N802
        if _divides(node):
            return f"1/{self._factor(1 / node)}"
        base, power = (
            str(self._print(part) if _single(part) else f"({self._print(part)})") for part in (node.base, node.exp)
        )
        return f"{base}^{power}"

    def _print_Abs(self, node: Abs) -> str:  # noqa: N802
        return f"abs({self._print(node.args[0])})"

    def _print_Exp1(self, node: Any) -> str:  # noqa: N802
        return "e"

    def _print_sigmoid(self, node: sigmoid) -> str:
        return f"sigma({self._print(node.args[0])})"

    def _print_KroneckerDelta(self, node: KroneckerDelta) -> str:  # noqa: N802
        return f"[{self._print(node.args[0])} = {self._print(node.args[1])}]"

    def _print_Indexed(self, node: Any) -> str:  # noqa: N802
        inner = ",".join(map(self._print, node.indices))
        return f"{node.base.label}_{inner if len(inner) == 1 else '{' + inner + '}'}"

    def _print_Sum(self, node: Sum) -> str:  # noqa: N802
        return self._over("sum", node)

    def _print_Product(self, node: Product) -> str:  # noqa: N802
        return self._over("prod", node)

    def _over(self, name: str, node: Sum | Product) -> str:
        heads = "".join(f"{name}_{limit[0]} " for limit in reversed(node.limits))
        body = node.function
        return heads + (f"({self._print(body)})" if body.is_Add else str(self._print(body)))


def _divides(factor: Expr) -> bool:
    """Whether a factor is written below the fraction line."""
    return bool(factor.is_Pow and not isinstance(factor, exp) and factor.exp.is_Rational and factor.exp < 0)


def _single(part: Expr) -> bool:
    """Whether a base or an exponent needs no brackets."""
    return bool(part.is_Symbol or part.is_Indexed or (part.is_Integer and part >= 0))


def _place(factor: Expr) -> tuple[int, str]:
    """Order factors as people do: symbols, brackets, exponentials, logarithms, sums."""
    if factor.is_number:  # a number goes before what it multiplies: 2^(1/2) a
        return 0, str(factor)
    kinds = ((Sum, 5), (Product, 5), (log, 4), (exp, 3))
    found = [rank for kind, rank in kinds if isinstance(factor, kind)]
    rank = found[0] if found else 2 if factor.is_Add else 1
    return rank, str(factor)
