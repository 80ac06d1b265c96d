"""The functions a stable form is built from, as SymPy nodes.

Each node knows its textbook meaning, its derivative, and how it prints; the tables in
:mod:`ce.formulas.evaluate` and :mod:`ce.formulas.wire` say how it is computed.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sympy import Add, Function, Integer, Sum, exp, log
from sympy.core.expr import Expr

# Up to here every whole number is a number of all three formats.
_WHOLE = 2048


class Node(Function):
    """A function of the book: SymPy prints and differentiates it whole, and ``meaning`` spells it out.

    Examples
    --------
    >>> from sympy import Symbol
    >>> softplus(Symbol("x", real=True)).meaning()
    log(exp(x) + 1)
    """

    latex_name: ClassVar[str] = ""

    def meaning(self) -> Expr:
        """Return what the node stands for, by its textbook definition."""
        raise NotImplementedError(f"{type(self).__name__} has no meaning written down")

    @property
    def has_meaning(self) -> bool:
        """Whether ``meaning`` is written down for this function."""
        return type(self).meaning is not Node.meaning

    def _eval_evalf(self, prec: int) -> Expr:
        return self.meaning()._eval_evalf(prec)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        name = self.latex_name or rf"\operatorname{{{type(self).__name__}}}"
        power, arguments = "" if exp is None else f"^{{{exp}}}", ", ".join(map(printer._print, self.args))
        return rf"{name}{power}\left({arguments}\right)"


class sigmoid(Node):  # noqa: N801  (SymPy's functions are lower case)
    r"""The logistic function :math:`\sigma(x) = 1 / (1 + e^{-x})`.

    Kept whole because the complement is then ``sigmoid(-x)``, which keeps every digit where ``1 -
    sigmoid(x)`` rounds to zero.

    Examples
    --------
    >>> from sympy import Symbol
    >>> x = Symbol("x", real=True)
    >>> sigmoid(x).diff(x)
    sigmoid(-x)*sigmoid(x)
    >>> sigmoid(x).meaning()
    1/(1 + exp(-x))
    """

    nargs = 1
    is_positive = True
    latex_name = r"\sigma"

    @classmethod
    def eval(cls, x: Expr) -> Expr | None:
        """Evaluate what is known at once, as SymPy asks for it."""
        return Integer(1) / 2 if x.is_zero else None

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative by one argument, as SymPy asks for it."""
        x = self.args[0]
        return sigmoid(x) * sigmoid(-x)

    def meaning(self) -> Expr:
        """Return the textbook definition."""
        return 1 / (1 + exp(-self.args[0]))


class softplus(Node):  # noqa: N801
    r"""The softplus :math:`\log(1 + e^{x})`, the integral of the sigmoid.

    Kept whole because ``log(1 + exp(x))`` overflows near x = 710 in double precision, while the value is
    close to x itself.

    Examples
    --------
    >>> from sympy import Symbol
    >>> x = Symbol("x", real=True)
    >>> softplus(x).diff(x)
    sigmoid(x)
    >>> softplus(x).meaning()
    log(exp(x) + 1)
    """

    nargs = 1
    is_positive = True

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative by one argument, as SymPy asks for it."""
        return sigmoid(self.args[0])

    def meaning(self) -> Expr:
        """Return the textbook definition."""
        return log(1 + exp(self.args[0]))


class LogSumExp(Node):
    r"""The logarithm of a sum of exponentials, :math:`\log \sum_k e^{z_k}`.

    The one argument is that sum, for symbolic K a ``Sum`` and for given K an ``Add``, so that the node reads
    as ``log``; computing it subtracts the largest exponent first (Blanchard, Higham and Higham 2021, equation
    1.3).

    Raises
    ------
    ValueError
        When the argument is not a sum of exponentials.

    Examples
    --------
    >>> from sympy import Sum, exp
    >>> from ce.symbols import K, k, z
    >>> LogSumExp(Sum(exp(z[k]), (k, 1, K))).meaning()
    log(Sum(exp(z[k]), (k, 1, K)))
    """

    nargs = 1

    @classmethod
    def eval(cls, total: Expr) -> Expr | None:
        """Evaluate what is known at once, as SymPy asks for it."""
        exponents(total)
        return None

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative by one argument, as SymPy asks for it."""
        return exp(-self)

    def meaning(self) -> Expr:
        """Return the textbook definition."""
        return log(self.args[0])

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return str(printer._print(log(self.args[0], evaluate=False), exp=exp))


class xlogy(Node):  # noqa: N801
    r"""The product :math:`x \log y`, with the convention :math:`0 \log y = 0`.

    Examples
    --------
    >>> from ce.symbols import k, p, q
    >>> xlogy(p[k], q[k]).meaning()
    log(q[k])*p[k]
    >>> xlogy(0, q[k])
    0
    """

    nargs = 2

    @classmethod
    def eval(cls, x: Expr, y: Expr) -> Expr | None:
        """Evaluate what is known at once, as SymPy asks for it."""
        return Integer(0) if x.is_zero else None

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative by one argument, as SymPy asks for it."""
        x, y = self.args
        return log(y) if argindex == 1 else x / y

    def meaning(self) -> Expr:
        """Return the textbook definition."""
        return self.args[0] * log(self.args[1])

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        x, y = (printer.parenthesize(a, 50) for a in self.args)
        return str(printer._do_exponent(rf"{x} \log {y}", exp))


class Rounded(Node):
    """A number rounded to the nearest that a floating-point format of 64, 32 or 16 bits holds.

    Ties go to the even one; what is too large becomes infinite. A whole number that every format holds stays.
    It stands for no other expression and has no derivative of use; it is made by
    :func:`ce.formulas.evaluated_in`.

    Examples
    --------
    >>> from sympy import Integer, Symbol
    >>> x = Symbol("x", real=True)
    >>> Rounded(Rounded(x, 16), 16), Rounded(Integer(3), 16)
    (Rounded(x, 16), 3)
    """

    nargs = 2

    @classmethod
    def eval(cls, x: Expr, bits: Expr) -> Expr | None:
        """Evaluate what is known at once, as SymPy asks for it."""
        exact = x.is_Integer and abs(x) <= _WHOLE
        return x if exact or (isinstance(x, cls) and x.args[1] == bits) else None

    def fdiff(self, argindex: int = 1) -> Expr:
        """Refuse: a rounded number moves in steps."""
        raise ValueError(f"Rounded: expected an expression to differentiate before rounding, got {self}")

    def _eval_evalf(self, prec: int) -> None:
        return None

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\operatorname{{fl}}\left({printer._print(self.args[0])}\right)"
        return text if exp is None else rf"{text}^{{{exp}}}"


def exponents(total: Expr) -> tuple[Expr, ...]:
    """Return the exponents of a sum of exponentials (of a ``Sum``: the one of its term).

    Parameters
    ----------
    total
        A sum of exponentials: ``Sum(exp(a), ...)``, ``exp(a) + exp(b) + …`` or a single ``exp(a)``; the
        number 1 counts as exp(0).

    Raises
    ------
    ValueError
        When a term is something else.

    Examples
    --------
    >>> from sympy import exp, Symbol
    >>> exponents(1 + exp(Symbol("a")))
    (0, a)
    """
    found: list[Expr] = []
    for term in Add.make_args(total.function if isinstance(total, Sum) else total):
        # SymPy gathers equal terms: 2*exp(a) stands for exp(a) + exp(a).
        count, power = term.as_coeff_Mul() if isinstance(term, Expr) else (term, Integer(1))
        if not (count.is_Integer and count > 0 and (power == 1 or isinstance(power, exp))):
            raise ValueError(f"LogSumExp: expected a sum of exponentials, got the term {term} in {total}")
        found += [Integer(0) if power == 1 else power.args[0]] * int(count)
    return tuple(found)
