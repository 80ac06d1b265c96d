"""How large an answer may be, so that no text can keep the judge busy or fill the memory."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from sympy import E, preorder_traversal
from sympy.core.expr import Expr

from ce.exercises.growth import bits, magnitude, terms

__all__ = ["BOUNDS", "Bounds", "TooLarge"]


class TooLarge(ValueError):  # noqa: N818
    """An expression that no answer of this book comes near."""


@dataclass(frozen=True)
class Bounds:
    """The limits of one answer.

    Parameters
    ----------
    characters, digits
        Length of the text, and of one number in it.
    depth
        How deep brackets, powers, functions and sums may be nested.
    sums
        How many sums and products over an index.
    exponent
        Largest size of an exponent that is a number.
    bits
        Length of a number that SymPy may work out.
    nodes, terms
        Size of the expression, and of what it becomes when multiplied out (a sum counts as three terms).
    size
        Largest exponent of e that symbols of size 100 may lead to; 500 where there is no symbol.

    Examples
    --------
    >>> from sympy import Integer
    >>> BOUNDS.check_power(Integer(9), Integer(9) ** 9)
    Traceback (most recent call last):
        ...
    ce.exercises.bounds.TooLarge: expected an exponent of at most 64 in size, got a larger one
    """

    characters: int = 400
    digits: int = 18
    depth: int = 24
    sums: int = 6
    exponent: int = 64
    bits: int = 2000
    nodes: int = 600
    terms: int = 400
    size: float = 1e5

    def check_power(self, base: Expr, exponent: Expr) -> None:
        """Refuse a power before SymPy computes it.

        Raises
        ------
        TooLarge
            When the exponent, or the number the power would be, is beyond the bounds.
        """
        if not exponent.is_Rational:
            self.check_exponent(exponent, 1.0 if base is E else abs(magnitude(base)))
        elif abs(exponent) > self.exponent:
            raise TooLarge(f"expected an exponent of at most {self.exponent} in size, got a larger one")
        elif base.is_Rational and bits(base) * abs(exponent) > self.bits:
            raise TooLarge(f"expected numbers of at most {self.bits} bits, got a longer one")

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
        if terms(expression) > self.terms:
            raise TooLarge(f"expected at most {self.terms} terms when multiplied out, got more")


BOUNDS = Bounds()
