"""Operators of the textbooks: an expectation, the largest entry, a gap above a tangent, where something is smallest.

What stands for a value is a :class:`ce.formulas.Node` with its ``meaning`` and its LaTeX; the derivation engine and all
that computes reads it through the meaning.
"""

from __future__ import annotations

from typing import Any, ClassVar

import sympy as sp
from sympy import Add, Indexed, IndexedBase, Poly, PolynomialError, Rational, Sum, Symbol, log, simplify, sqrt, sympify
from sympy.core.expr import Expr
from sympy.printing.precedence import PRECEDENCE

from ce.formulas.functions import Node

_MAX_DEGREE = 5
_SMOOTH = (Symbol, Add, sp.Mul, sp.Pow, sp.exp, log)


class _Operator(Node):
    """A node that binds the symbol in its second or third place, and is differentiated by its meaning."""

    binds: ClassVar[int] = 1

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        return self.meaning().diff(symbol)

    def _eval_subs(self, old: Any, new: Any) -> Expr | None:
        bound, after = self.args[self.binds], self.args[self.binds + 1 :]
        return (
            self.func(*self.args[: self.binds + 1], *(part.subs(old, new) for part in after)) if old == bound else None
        )

    def _bracketed(self, printer: Any, sign: str, exp: str | None) -> str:
        return str(printer._do_exponent(rf"{sign}\left[ {printer._print(self.args[0])} \right]", exp))


class Expectation(_Operator):
    r"""The expectation :math:`\mathbb{E}_{k \sim p}[f_k] = \sum_k p_k f_k`, with value, pmf, index and size.

    A conditional expectation is the expectation under a conditional pmf, such as ``W[k, m]`` over m. That the
    pmf sums to one is a matter of the world, not of the notation.

    Raises
    ------
    ValueError
        By ``meaning``, when the index is not the last one of the pmf, or not that alone.

    Examples
    --------
    >>> from sympy import log
    >>> from ce.symbols import K, k, p, q
    >>> Expectation(-log(q[k]), p[k], k, K).meaning()
    Sum(-log(q[k])*p[k], (k, 1, K))
    """

    nargs = 4
    binds = 2

    def meaning(self) -> Expr:
        """Return the sum."""
        value, pmf, index, size = self.args
        if isinstance(pmf, Indexed) and [place for place in pmf.indices if place.has(index)] != [pmf.indices[-1]]:
            raise ValueError(f"Expectation: expected {index} as the last index of {pmf}, and in no other place")
        # As it stands: SymPy would take 1/p times p for 1, where p may be 0.
        return Sum(sp.Mul(*sp.Mul.make_args(value), pmf, evaluate=False), (index, 1, size))

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        _, pmf, index, _ = self.args
        name = printer._print(pmf)
        if isinstance(pmf, Indexed) and pmf.indices[-1] == index:
            given = ",".join(map(printer._print, pmf.indices[:-1]))
            name = printer._print(pmf.base) + (rf"_{{{given},\cdot}}" if given else "")
        return self._bracketed(printer, rf"\mathbb{{E}}_{{{printer._print(index)} \sim {name}}}", exp)


class NormalExpectation(_Operator):
    r"""The expectation of a polynomial of a normal variable.

    Its arguments are the value, the variable, the mean and the standard deviation. For polynomials of degree
    5 or less it is exactly f(μ)·2/3 + (f(μ + √3 σ) + f(μ − √3 σ))/6, the Gauss–Hermite rule of three points:
    both sides have the moments 1, 0, 1, 0, 3, 0 of a standard normal variable.

    Raises
    ------
    ValueError
        When the value is not seen to be such a polynomial; the logarithm of a normal density is one.

    Examples
    --------
    >>> from ce.symbols import sigma, theta
    >>> x = Symbol("x", real=True)
    >>> NormalExpectation((x - theta) ** 2, x, theta, sigma).meaning()
    sigma**2
    """

    nargs = 4

    @classmethod
    def eval(cls, value: Expr, variable: Symbol, mean: Expr, deviation: Expr) -> None:
        """Refuse what is no polynomial, as SymPy asks for the value at once."""
        parts = [part for part in sp.preorder_traversal(value) if part.has(variable)]
        try:
            degree = Poly(simplify(value.diff(variable)), variable).degree() + 1
        except PolynomialError:
            degree = _MAX_DEGREE + 1
        if not all(isinstance(part, _SMOOTH) and _is_real(part, variable) for part in parts):
            degree = _MAX_DEGREE + 1  # the derivative does not see a step, nor where there is no value
        if degree > _MAX_DEGREE or not deviation.is_positive or (mean + deviation).has(variable):
            raise ValueError(
                f"NormalExpectation: expected a polynomial in {variable} of degree {_MAX_DEGREE} or less, a "
                f"mean and a positive deviation free of it, got {value}, {mean} and {deviation}"
            )

    def meaning(self) -> Expr:
        """Return the value."""
        value, variable, mean, deviation = self.args
        ends = [value.xreplace({variable: mean + sign * sqrt(3) * deviation}) for sign in (1, -1)]
        return Rational(2, 3) * value.xreplace({variable: mean}) + sum(ends) / 6

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        variable, mean, variance = map(printer._print, (*self.args[1:3], self.args[3] ** 2))
        sign = rf"\mathbb{{E}}_{{{variable} \sim \mathcal{{N}}({mean}, {variance})}}"
        return self._bracketed(printer, sign, exp)


def _is_real(part: Expr, variable: Symbol) -> bool:
    """Return whether a power or a logarithm of what has a value has one, whatever the variable is."""
    if isinstance(part, log):
        return all(isinstance(factor, sp.exp) for factor in sp.Mul.make_args(part.args[0]) if factor.has(variable))
    return not part.is_Pow or bool(part.exp.is_Integer and part.exp > 0)


class Largest(_Operator):
    r"""The largest entry of a family, :math:`\max_k f_k`, with value, index and size.

    Examples
    --------
    >>> from ce.symbols import K, k, z
    >>> from ce.formulas import typeset
    >>> print(typeset(Largest(z[k], k, K)))
    \max_{k} z_{k}
    """

    nargs = 3

    @property
    def limits(self) -> tuple[tuple[Expr, ...], ...]:
        """The index with the ends of its range, as a sum has them."""
        _, index, size = self.args
        return Sum(index, (index, 1, size)).limits  # which refuses what is no index

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        raise ValueError(f"Largest: expected a line without a maximum to differentiate, got {self}")

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        value, index = self.args[:2]
        text = rf"\max_{{{printer._print(index)}}} {printer.parenthesize(value, PRECEDENCE['Mul'], strict=True)}"
        return str(printer._do_exponent(text, exp))


class LogGap(Node):
    r"""The gap :math:`b - a + a \log(a/b)`, which is >= 0 for a >= 0 and b > 0, and 0 only at a = b.

    It is :math:`a (x - 1 - \log x)` at :math:`x = b/a`: the distance between the line x − 1 and the
    logarithm. With 0 log 0 = 0 it is b at a = 0.

    Examples
    --------
    >>> from ce.symbols import k, p, q
    >>> LogGap(p[k], q[k]).meaning()
    log(p[k]/q[k])*p[k] - p[k] + q[k]
    """

    nargs = 2
    latex_name = r"\mathrm{gap}"

    def meaning(self) -> Expr:
        """Return the textbook definition."""
        a, b = self.args
        return b - a + (a * log(a / b) if a else 0)


class TangentGap(Node):
    """What a function exceeds its tangent by: f(x) − f(y) − f′(y) (x − y), given f(x), f(y) and f′(y).

    Examples
    --------
    >>> from sympy import Function
    >>> f, g, x, y = Function("f", real=True), Function("g", real=True), *map(Symbol, "xy")
    >>> TangentGap(f(x), f(y), g(y)).meaning()
    -(x - y)*g(y) + f(x) - f(y)
    """

    nargs = 3
    latex_name = r"\mathrm{gap}"

    def meaning(self) -> Expr:
        """Return the difference."""
        there, here, slope = self.args
        return there - here - slope * (there.args[0] - here.args[0])


class Extremum(Expr):
    """The set of values of ``over``, a symbol or a base, at which the ``objective``, times ``turn``, is smallest."""

    turn: ClassVar[int]
    objective = property(lambda self: self.args[0])
    over = property(lambda self: self.args[1])

    def __new__(cls, objective: Expr, over: Symbol | IndexedBase) -> Extremum:
        """Refuse what cannot be chosen."""
        if not isinstance(over, Symbol | IndexedBase):
            raise ValueError(f"{cls.__name__}: expected a symbol or a base to choose, got {over!r}")
        return super().__new__(cls, sympify(objective), over)

    def _latex(self, printer: Any) -> str:
        word, over, objective = "min" if self.turn > 0 else "max", *map(printer._print, (self.over, self.objective))
        if isinstance(self.objective, Add):
            objective = rf"\left\{{ {objective} \right\}}"
        return rf"\operatorname*{{arg\,{word}}}_{{{over}}} \, {objective}"


class ArgMin(Extremum):
    r"""Where an objective is smallest.

    Examples
    --------
    >>> from ce.formulas import typeset
    >>> from ce.symbols import logit
    >>> print(typeset(ArgMin(logit**2, logit)))
    \operatorname*{arg\,min}_{z} \, z^{2}
    """

    turn = 1


class ArgMax(Extremum):
    """Where an objective is largest."""

    turn = -1
