"""Derivatives of normal forms, sound under sums.

The variable is an atom, a summation index is never a symbol: ∂z_k/∂z_j = [k = j] holds for whatever k and j
are, and the clash of a bound with a free index, which makes SymPy's own ``diff`` answer wrongly, cannot
occur.
"""

from __future__ import annotations

from fractions import Fraction

from ce.derivation.errors import Unreadable
from ce.derivation.normal_form.algebra import Algebra
from ce.derivation.normal_form.atoms import Applied, Atom, Bracket, Element, Exp, Log, Monomial, Name, Total
from ce.derivation.normal_form.polynomial import Polynomial, total
from ce.derivation.normal_form.summation import opened, summed

__all__ = ["derivative"]


def derivative(algebra: Algebra, polynomial: Polynomial, variable: Atom) -> Polynomial:
    """Return the derivative by an atom that is a symbol or an element.

    Raises
    ------
    Unreadable
        When the variable occurs inside a function that has no rule.
    """
    return polynomial.mapped(lambda monomial: _of_monomial(algebra, monomial, variable))


def _of_monomial(algebra: Algebra, monomial: Monomial, variable: Atom) -> Polynomial:
    terms = []
    for position, (atom, power) in enumerate(monomial):
        if inner := _of_atom(algebra, atom, variable):
            others = Polynomial({monomial[:position] + monomial[position + 1 :]: power})
            base = Polynomial(atom.terms) if isinstance(atom, Bracket) else Polynomial.of(atom)
            outer = algebra.multiply(others, algebra.power(base, power - 1))
            terms.append(algebra.multiply(outer, inner))
    return total(terms)


def _of_atom(  # noqa: PLR0911  (one for each kind of atom)
    algebra: Algebra, atom: Atom, variable: Atom
) -> Polynomial:
    """Return the derivative of one atom by the variable; a number or a delta has none."""
    match atom:
        case Name():
            return Polynomial.number(1) if atom == variable else Polynomial()
        case Element():
            return _of_element(algebra, atom, variable)
        case Log(_, terms):
            inner = derivative(algebra, Polynomial(terms), variable)
            return algebra.multiply(inner, algebra.power(Polynomial(terms), Fraction(-1))) if inner else inner
        case Exp(_, exponent):
            return algebra.multiply(Polynomial.of(atom), _of_monomial(algebra, exponent, variable))
        case Bracket(_, terms):
            return derivative(algebra, Polynomial(terms), variable)
        case Total():
            indices, body = opened(algebra, atom)
            return summed(algebra, indices, derivative(algebra, body, variable))
        case Applied():
            return _of_function(algebra, atom, variable)
    return Polynomial()


def _of_element(algebra: Algebra, element: Element, variable: Atom) -> Polynomial:
    """Return ∂z_{n,k}/∂z_{m,j} = [n = m] [k = j]."""
    if not isinstance(variable, Element) or element.base != variable.base:
        return Polynomial()
    result = Polynomial.number(1)
    for mine, theirs in zip(element.indices, variable.indices, strict=True):
        result = algebra.multiply(result, algebra.delta(mine, theirs))
    return result


def _of_function(algebra: Algebra, applied: Applied, variable: Atom) -> Polynomial:
    inner = [derivative(algebra, Polynomial(argument), variable) for argument in applied.arguments]
    if not any(inner):
        return Polynomial()
    world = algebra.facts.world
    slopes = next((world.slopes_of(one) for one in world.slopes if str(one) == applied.function), ())
    if not slopes:
        raise Unreadable(f"no derivative of {applied.function} is known")
    names = [algebra.facts.named("fun", slope) for slope in slopes]
    outer = [Polynomial.of(Applied("fun", name, applied.arguments)) for name in names]
    return total(map(algebra.multiply, inner, outer))
