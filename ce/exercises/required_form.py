"""The form in which an answer is asked for, checked once it is known to be equal to the right one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import IndexedBase, KroneckerDelta, Mul, Pow, Product, Sum, exp, log
from sympy.core.expr import Expr

__all__ = ["ANY_FORM", "ONE_LOGARITHM", "ONE_SUM", "TWO_SUMS", "WITHOUT_SUMS", "RequiredForm", "as_short_as", "without"]


_PAGE_KINDS = {Sum: "sum", Product: "prod", log: "log", exp: "exp", KroneckerDelta: "delta"}


@dataclass(frozen=True)
class RequiredForm:
    """A demand on the form of an answer.

    Parameters
    ----------
    asks
        What is asked, as it follows "write it": ``"without sums"``.
    holds
        Whether an expression is of that form.
    on_page
        The same for the page: rows of the name of a form in ``FORMS`` of ``static/judge.js`` and what it is given.

    Examples
    --------
    >>> from ce.symbols import k, p, q
    >>> from sympy import log
    >>> form = WITHOUT_SUMS & without(log, asks="without logarithms")
    >>> form.asks, form.holds(log(p[k]))
    ('without sums and without logarithms', False)
    """

    asks: str
    holds: Callable[[Expr], bool]
    on_page: tuple[tuple[Any, ...], ...] = ()

    def __and__(self, other: RequiredForm) -> RequiredForm:
        asks = f"{self.asks} and {other.asks}"
        both = (*self.on_page, *other.on_page)
        return RequiredForm(asks, lambda answer: self.holds(answer) and other.holds(answer), both)


def without(*kinds: type[Expr] | Expr, asks: str) -> RequiredForm:
    """Ask for an answer in which none of these functions or symbols occurs.

    Parameters
    ----------
    kinds
        SymPy classes such as ``log``, or symbols.
    asks
        The demand in words.
    """
    names = [_PAGE_KINDS.get(kind) or (f"{kind}_" if isinstance(kind, IndexedBase) else str(kind)) for kind in kinds]
    return RequiredForm(asks, lambda answer: not answer.has(*kinds), (("without", *names),))


def as_short_as(model: Expr, slack: int = 0) -> RequiredForm:
    """Ask for an answer with no more symbols and numbers than a model has.

    They are counted as a person counts them: a symbol with its index is one, and so is a number that is written,
    1/x has two, and signs, fraction bars and functions do not count.

    Parameters
    ----------
    model
        An expression that is short enough.
    slack
        How many more there may be.
    """
    most = _leaves(model) + slack
    asks = f"with at most {most} symbols and numbers"
    return RequiredForm(asks, lambda answer: _leaves(answer) <= most, (("short", most),))


def _leaves(expression: Expr) -> int:
    if not expression.args or expression.is_Indexed or expression.is_number:
        return 1
    if not isinstance(expression, Mul | Pow) or isinstance(expression, exp):
        return sum(_leaves(part) for part in expression.args if isinstance(part, Expr))
    number, rest = expression.as_coeff_Mul()
    above = [factor for factor in Mul.make_args(rest) if not _divides(factor)]
    below = [1 / factor for factor in Mul.make_args(rest) if _divides(factor)]
    bases = [part for factor in (*above, *below) for part in (factor.args if _is_power(factor) else (factor,))]
    return sum(map(_leaves, bases)) + int(abs(number) != 1 or not above)


def _is_power(factor: Expr) -> bool:
    return isinstance(factor, Pow) and not isinstance(factor, exp)


def _divides(factor: Expr) -> bool:
    return _is_power(factor) and bool(factor.exp.could_extract_minus_sign())


def _is_sum(term: Expr) -> bool:
    """Whether a term is a sum over an index, perhaps times something that has none."""
    whole = isinstance(term, Sum) or (term.is_Mul and any(isinstance(part, Sum) for part in term.args))
    return whole and len(term.atoms(Sum)) == 1


ANY_FORM = RequiredForm("in any form", lambda answer: True)
WITHOUT_SUMS = without(Sum, Product, asks="without sums")
ONE_SUM = RequiredForm("as one sum", _is_sum, (("sums", 1),))
TWO_SUMS = RequiredForm(
    "as a difference of two sums",
    lambda answer: answer.is_Add and len(answer.args) == 2 and all(map(_is_sum, answer.args)),
    (("sums", 2),),
)
ONE_LOGARITHM = RequiredForm(
    "as one logarithm", lambda answer: isinstance(answer, log) or isinstance(-answer, log), (("logarithm",),)
)
