"""Polynomials over atoms, with exact fractions as coefficients and exponents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from ce.derivation.normal_form.atoms import Atom, Frozen, Index, Monomial, parts

__all__ = ["Polynomial", "as_number", "total"]


class Polynomial(dict[Monomial, Fraction]):
    """A sum: its monomials with coefficients that are not 0. Products are made by an algebra.

    Examples
    --------
    >>> from ce.derivation.normal_form.atoms import Name
    >>> x, one = Polynomial.of(Name("sym", "x")), Polynomial.number(1)
    >>> x + 2 * x - x * 3 == Polynomial(), len(x + one)
    (True, 2)
    """

    @classmethod
    def number(cls, value: Fraction | int) -> Polynomial:
        """Return the polynomial that is a number."""
        return cls({(): Fraction(value)} if value else {})

    @classmethod
    def of(cls, atom: Atom, exponent: Fraction | int = 1) -> Polynomial:
        """Return the polynomial that is one atom to a power."""
        return cls({((atom, Fraction(exponent)),): Fraction(1)})

    @classmethod
    def product(cls, monomial: Monomial) -> Polynomial:
        """Return the polynomial that is one monomial."""
        return cls({monomial: Fraction(1)})

    def __add__(self, other: Polynomial) -> Polynomial:
        return total((self, other))

    def __sub__(self, other: Polynomial) -> Polynomial:
        return total((self, other * -1))

    def __mul__(self, factor: Fraction | int) -> Polynomial:
        return Polynomial({monomial: c * factor for monomial, c in self.items()} if factor else {})

    __rmul__ = __mul__

    def mapped(self, image: Callable[[Monomial], Polynomial]) -> Polynomial:
        """Return the sum of the images of the monomials, times their coefficients."""
        return total(image(monomial) * coefficient for monomial, coefficient in self.items())

    @property
    def term(self) -> tuple[Monomial, Fraction] | None:
        """The monomial and coefficient of a polynomial of one term, else None."""
        return next(iter(self.items())) if len(self) == 1 else None

    @property
    def frozen(self) -> Frozen:
        """The terms as a tuple that is hashable and ordered; ``Polynomial(dict(frozen))`` is the way back."""
        return tuple(sorted(self.items()))


def as_number(index: Index) -> Polynomial:
    """Return an index used as a number."""
    base, offset = parts(index)
    return Polynomial.number(offset) + (Polynomial() if base is None else Polynomial.of(base))


def total(polynomials: Iterable[Polynomial]) -> Polynomial:
    """Return the sum of polynomials; terms that cancel are gone."""
    result = Polynomial()
    for polynomial in polynomials:
        for monomial, coefficient in polynomial.items():
            value = result.get(monomial, 0) + coefficient
            if value:
                result[monomial] = value
            else:
                del result[monomial]
    return result
