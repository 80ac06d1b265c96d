"""Derivatives of normal forms, sound under sums.

The variable is an atom, a summation index is never a symbol: ∂z_k/∂z_j = [k = j] holds for whatever k and j
are, and the clash of a bound with a free index, which makes SymPy's own ``diff`` answer wrongly, cannot
occur.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ce.derivation.errors import Unreadable
from ce.derivation.normal_form.reader import Reader
from ce.derivation.normal_form.terms import Atom, Monomial, Polynomial, add, constant, of_atom, scale, thawed

__all__ = ["derivative"]


def derivative(reader: Reader, polynomial: Polynomial, variable: Atom) -> Polynomial:
    """Return the derivative by an atom ``("sym", name)`` or ``("elem", base, indices)``.

    Raises
    ------
    Unreadable
        When the variable occurs inside a function that has no rule.
    """
    return add(scale(_of_monomial(reader, m, variable), c) for m, c in polynomial.items())


def _of_monomial(reader: Reader, monomial: Monomial, variable: Atom) -> Polynomial:
    terms = []
    for position, (atom, power) in enumerate(monomial):
        inner = _of_atom(reader, atom, variable)
        if inner:
            outer: Polynomial = {monomial[:position] + monomial[position + 1 :]: power}
            base = thawed(atom[1]) if atom[0] == "poly" else of_atom(atom)
            outer = reader.multiply(outer, reader.power(base, power - 1))
            terms.append(reader.multiply(outer, inner))
    return add(terms)


def _of_atom(reader: Reader, atom: Atom, variable: Atom) -> Polynomial:
    """Return the derivative of one atom by the variable; a number or a delta has none."""
    rule = _RULES.get(atom[0])
    return rule(reader, atom, variable) if rule else {}


def _of_symbol(reader: Reader, atom: Atom, variable: Atom) -> Polynomial:
    return constant(1) if atom == variable else {}


def _of_log(reader: Reader, atom: Atom, variable: Atom) -> Polynomial:
    argument = thawed(atom[1])
    inner = derivative(reader, argument, variable)
    return reader.multiply(inner, reader.power(argument, Fraction(-1))) if inner else {}


def _of_exp(reader: Reader, atom: Atom, variable: Atom) -> Polynomial:
    return reader.multiply(of_atom(atom), _of_monomial(reader, atom[1], variable))


def _of_bracket(reader: Reader, atom: Atom, variable: Atom) -> Polynomial:
    return derivative(reader, thawed(atom[1]), variable)


def _of_sum(reader: Reader, atom: Atom, variable: Atom) -> Polynomial:
    indices, body = reader.opened(atom)
    return reader.sum_over(indices, derivative(reader, body, variable))


def _of_function(reader: Reader, atom: Atom, variable: Atom) -> Polynomial:
    inner = derivative(reader, thawed(atom[2][0]), variable)
    if not inner:
        return {}
    slopes = {str(function): slope for function, slope in reader.world.slopes.items()}
    if atom[1] not in slopes:
        raise Unreadable(f"no derivative of {atom[1]} is known")
    return reader.multiply(inner, of_atom(("fun", reader.known("fun", slopes[atom[1]]), atom[2])))


def _of_element(reader: Reader, atom: Atom, variable: Atom) -> Polynomial:
    if variable[0] != "elem" or atom[1] != variable[1] or len(atom[2]) != len(variable[2]):
        return {}
    result = constant(1)
    for mine, theirs in zip(atom[2], variable[2], strict=True):
        result = reader.multiply(result, reader.delta(mine, theirs))
    return result


_RULES: dict[str, Callable[[Reader, Atom, Atom], Polynomial]] = {
    "sym": _of_symbol, "elem": _of_element, "log": _of_log, "exp": _of_exp, "poly": _of_bracket,
    "sum": _of_sum, "fun": _of_function,
}  # fmt: skip
