"""How large an answer may be, so that no text can keep the judge busy or fill the memory.

How far an expression grows is bounded from its parts, without computing it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, inf, log, prod

from sympy import Add, E, Mul, Pow, Product, Rational, Sum, exp, preorder_traversal
from sympy import log as logarithm
from sympy.core.expr import Expr

from ce.exercises.notation.tokenizer import MalformedAnswer
from ce.formulas import sigmoid

__all__ = ["LIMITS", "Limits", "TooLarge"]

LARGEST_SYMBOL = 100.0


class TooLarge(ValueError):  # noqa: N818
    """An expression that no answer of this book comes near."""


@dataclass(frozen=True)
class Limits:
    """The limits of one answer.

    Parameters
    ----------
    characters, digits
        Length of the text, and of one number in it.
    depth
        How deep brackets, powers, functions and sums may be nested.
    functions
        How many functions and roots may stand in one another.
    sums
        How many sums and products over an index.
    exponent
        Largest size of an exponent that is a number.
    bits, factored
        Length of a number that SymPy may work out; of one in a logarithm or under a root, which are factored.
    nodes, terms
        Size of the expression, and of what it becomes when multiplied out (a sum counts as three terms).
    divisors
        How many unlike sums it is divided by, sigmoids included: all of them make one divisor.
    size
        Largest exponent of e that symbols of size 100 may lead to; 500 where there is no symbol.

    Examples
    --------
    >>> from sympy import Integer
    >>> LIMITS.check_power(Integer(9), Integer(9) ** 9)
    Traceback (most recent call last):
        ...
    ce.exercises.notation.limits.TooLarge: expected an exponent of at most 64 in size, got a larger one
    """

    characters: int = 400
    digits: int = 20
    depth: int = 24
    functions: int = 4
    sums: int = 6
    exponent: int = 64
    bits: int = 2000
    factored: int = 64
    nodes: int = 600
    terms: int = 400
    divisors: int = 8
    size: float = 1e7

    def check_length(self, text: str) -> None:
        """Refuse a long text before anything else is done with it.

        Raises
        ------
        MalformedAnswer
            When it has too many characters.
        """
        if len(text) > self.characters:
            message = f"expected at most {self.characters} characters, got {len(text)}"
            raise MalformedAnswer(message, text, self.characters)

    def check_power(self, base: Expr, exponent: Expr) -> None:
        """Refuse a power before SymPy computes it.

        Raises
        ------
        TooLarge
            When the exponent, or the number the power would be, is beyond the limits.
        """
        if not exponent.is_Rational:
            self.check_exponent(exponent, 1.0 if base is E else abs(magnitude(base)))
        elif abs(exponent) > self.exponent:
            raise TooLarge(f"expected an exponent of at most {self.exponent} in size, got a larger one")
        elif not exponent.is_Integer:
            self.check_factored(base)
            if any(power.exp.is_Rational and not power.exp.is_Integer for power in base.atoms(Pow)):
                raise TooLarge("expected no root in a root, got one")
        elif base.is_Rational and bits(base) * abs(exponent) > self.bits:
            raise TooLarge(f"expected numbers of at most {self.bits} bits, got a longer one")

    def check_factored(self, inner: Expr) -> None:
        """Refuse a long number in a logarithm or under a root before SymPy looks for its factors.

        Raises
        ------
        TooLarge
            When there is one.
        """
        if any(bits(number) > self.factored for number in inner.atoms(Rational)):
            most = f"expected numbers of at most {self.factored} bits in a log or a root"
            raise TooLarge(f"{most}, got a longer one")

    def check_exponent(self, exponent: Expr, factor: float = 1.0) -> None:
        """Refuse e^(factor · exponent) where it could be beyond any number the judge can compare.

        Raises
        ------
        TooLarge
            When symbols of moderate size already lead there.
        """
        largest = self.size if exponent.free_symbols else 500.0
        if magnitude(exponent) + log(max(factor, 1.0)) > log(largest):
            raise TooLarge("expected an exponential of moderate size, got a larger one")

    def check(self, expression: Expr) -> None:
        """Refuse an expression that is too large to be compared with another.

        Raises
        ------
        TooLarge
            When it has too many parts, too long numbers, or would grow too much when multiplied out.
        """
        for count, node in enumerate(preorder_traversal(expression)):
            if count > self.nodes:
                raise TooLarge(f"expected at most {self.nodes} parts, got more")
            if node.is_Rational and bits(node) > self.bits:
                raise TooLarge(f"expected numbers of at most {self.bits} bits, got a longer one")
        below = {
            part.base for part in expression.atoms(Pow) if part.base.is_Add and part.exp.could_extract_minus_sign()
        }
        if len(below | expression.atoms(sigmoid)) > self.divisors:
            raise TooLarge(f"expected at most {self.divisors} different divisors, got more")
        if terms(expression) > self.terms:
            raise TooLarge(f"expected at most {self.terms} terms when multiplied out, got more")


LIMITS = Limits()


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
        return prod(map(terms, expression.args), start=1.0)
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
