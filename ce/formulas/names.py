"""The names in an expression: which stand free in it, which are bound, and the same expression under other names."""

from __future__ import annotations

from collections.abc import Mapping
from math import comb, prod
from typing import Any

from sympy import Dummy, Indexed, IndexedBase, Lambda, MatrixExpr, Pow, Product, Sum, Symbol, Tuple, preorder_traversal
from sympy.core.expr import Expr
from sympy.logic.boolalg import Boolean

from ce.formulas.operators import Expectation, Largest, NormalExpectation


def base_of(thing: Any) -> Any:
    """Return the base of an element such as q[k], and anything else as it is."""
    return thing.base if isinstance(thing, Indexed) else thing  # a power has a base, too


def names_in(node: Any, bound: frozenset[Any] = frozenset()) -> set[Any]:
    """Return the free symbols and the bases of an expression; those in indices and sizes count.

    SymPy's ``free_symbols`` holds the label of a base, and the element itself, beside them.

    Examples
    --------
    >>> from ce.symbols import K, c, k, p, q
    >>> sorted(map(str, names_in(p[c] * Sum(q[k], (k, 1, K)))))
    ['K', 'c', 'p', 'q']
    """
    if isinstance(node, Symbol):
        return set() if node in bound else {node}
    if isinstance(node, IndexedBase):
        return {node}
    if isinstance(node, Sum | Product):
        found: set[Any] = set()
        for symbol, low, high in reversed(node.limits):  # the last limit is the outermost
            found |= names_in(low, bound) | names_in(high, bound)
            bound = bound | {symbol}
        return found | names_in(node.function, bound)
    if isinstance(node, Expectation | Largest | NormalExpectation):
        bound = bound | {node.args[node.binds]}
    return set().union(*(names_in(part, bound) for part in node.args))


def bound_in(line: Expr) -> set[Symbol]:
    """Return the symbols that stand for no value of their own somewhere in a line.

    Examples
    --------
    >>> from ce.symbols import K, c, k, p, q
    >>> bound_in(p[c] * Sum(q[k], (k, 1, K)))
    {k}
    """
    bound = {limit[0] for total in line.atoms(Sum, Product) for limit in total.limits}
    return bound | {node.args[node.binds] for node in line.atoms(Expectation, Largest, NormalExpectation)}


def no_numbers_in(line: Any) -> list[Any]:
    """Return the parts of a line that are no numbers, such as sets and matrices: a tuple is a limit or a case.

    Examples
    --------
    >>> from sympy import Interval, exp
    >>> no_numbers_in(exp(Interval(0, 1))), no_numbers_in(exp(Symbol("x")))
    ([Interval(0, 1)], [])
    """
    kinds = Expr | Boolean | Tuple | IndexedBase
    parts = preorder_traversal(line)
    return [one for one in parts if not isinstance(one, kinds) or isinstance(one, MatrixExpr | Lambda)]


def terms_in(line: Expr) -> int:
    """Return at least how many terms a line, or what it is a function of, has when it is written out.

    Examples
    --------
    >>> a, b, c = map(Symbol, "abc")
    >>> terms_in((a + b) ** 2 * c), terms_in((a + b) * (b + c))
    (3, 4)
    """
    parts = [*map(terms_in, line.args)]
    if isinstance(line, Pow) and line.exp.is_Rational:
        return comb(parts[0] + (power := int(abs(line.exp))) - 1, power)
    return sum(parts) if line.is_Add else prod(parts) if line.is_Mul else max(parts, default=1)


def unsigned(line: Expr) -> dict[Symbol, Symbol]:
    """Return other symbols for the indices of sums that begin at 0 or below, or may: these are not taken for >= 1."""
    found: dict[Symbol, Symbol] = {}
    for node in preorder_traversal(line):  # the outer sums first, of whose indices the inner ones may begin
        for at, begin, _ in reversed(node.limits if isinstance(node, Sum | Product) else ()):
            low = begin.xreplace(found)
            if (at.is_positive and not low.is_positive) or (at.is_nonnegative and not low.is_nonnegative):
                found[at] = Dummy(at.name, integer=True, nonnegative=low.is_nonnegative or None)
    return found


def renamed(line: Expr, names: Mapping[Any, Any]) -> Expr:
    """Return a line with symbols and bases under other names.

    Examples
    --------
    >>> from ce.symbols import k, p, q
    >>> renamed(p[k] + q[k], {p: q, q: p}), renamed(p[k], {p: q})
    (p[k] + q[k], q[k])
    """
    return line.replace(
        lambda node: node in names or (isinstance(node, Indexed) and node.base in names),
        lambda node: names[node.base][node.indices] if isinstance(node, Indexed) else names[node],
    )
