"""Writing a normal form back as a SymPy expression."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from ce.derivation.normal_form import atoms
from ce.derivation.normal_form.atoms import Atom, Bound, Index, Monomial
from ce.derivation.normal_form.facts import Facts
from ce.derivation.normal_form.polynomial import Polynomial

__all__ = ["Writer"]

_CONSTANTS = {"E": sp.E, "pi": sp.pi}
_HIDDEN = (atoms.Name, atoms.Element, Bound, atoms.Total, atoms.Applied, *atoms.INDICATORS)


class Writer:
    """Writes polynomials back.

    Parameters
    ----------
    facts
        Know the symbols by their names.
    opaque
        Whether sums, elements and deltas are written as single symbols with the sign the world gives them. No
        bound index is left then, so that SymPy's simplifier and limits may be trusted with the result.
    """

    def __init__(self, facts: Facts, *, opaque: bool = False) -> None:
        self._facts, self._opaque = facts, opaque
        self._symbols: dict[Atom, Symbol] = {}

    def write(self, polynomial: Polynomial) -> Expr:
        """Return the SymPy expression of a polynomial."""
        return sp.Add(*(sp.Mul(_rational(c), self._monomial(m)) for m, c in sorted(polynomial.items())))

    def restored(self, expression: Expr) -> Expr:
        """Return an expression with what was written as single symbols in full again."""
        plain = Writer(self._facts)
        return expression.xreplace({symbol: plain._atom(atom) for atom, symbol in self._symbols.items()})

    def hiding(self, symbol: Symbol) -> str:
        """Return in words which part, written as one symbol, a symbol stands inside of; empty for none."""
        for atom in self._symbols:
            if atom != atoms.Name("sym", str(symbol)) and atoms.mentions_name(atom, str(symbol)):
                return {"sum": "a sum", "fun": "an unknown function"}.get(atom.kind, "an index")
        return ""

    def _monomial(self, monomial: Monomial) -> Expr:
        return sp.Mul(*(sp.Pow(self._atom(atom), _rational(power)) for atom, power in monomial))

    def _atom(self, atom: Atom) -> Expr:  # noqa: PLR0911  (one for each kind of atom)
        known = isinstance(atom, atoms.Applied) and atom.function == "Abs"  # SymPy knows what it is
        if self._opaque and not known and isinstance(atom, _HIDDEN):
            sign = {"positive": True} if self._facts.is_positive(atom) else {"real": True}
            return self._symbols.setdefault(atom, sp.Dummy(f"{atom.kind}{len(self._symbols)}", **sign))
        match atom:
            case atoms.Log(_, terms):
                return sp.log(self.write(Polynomial(terms)))
            case atoms.Exp(_, exponent):
                return sp.exp(self._monomial(exponent))
            case atoms.Bracket(_, terms):
                return self.write(Polynomial(terms))
            case atoms.Delta(_, first, second):
                return sp.KroneckerDelta(self._index(first), self._index(second))
            case atoms.Ordered(_, first, second):
                return sp.Piecewise((1, self._index(first) <= self._index(second)), (0, True))
            case atoms.Applied(_, "power", (base, exponent)):
                return sp.Pow(self.write(Polynomial(base)), self.write(Polynomial(exponent)))
            case atoms.Constant():
                return _CONSTANTS[atom.name]
            case atoms.Total(_, indices, body):
                limits = [(self._index(index), 1, self._size(index.size)) for index in indices]
                return sp.Sum(self._monomial(body), *limits)
            case atoms.Applied():
                function = sp.Abs if known else self._facts.things["fun", atom.function]
                return function(*(self.write(Polynomial(part)) for part in atom.arguments))
        return self._index(atom)

    def _index(self, index: Index) -> Expr:
        match index:
            case atoms.Whole():
                return sp.Integer(index.value)
            case atoms.Name():
                return self._facts.things["sym", index.name]
            case atoms.Element():
                return self._facts.things["elem", index.base][tuple(map(self._index, index.indices))]
            case atoms.Shifted():
                return self._index(index.base) + index.offset
        dummy = sp.Dummy(f"i{index.identity}", integer=True, positive=True)
        return self._symbols.setdefault(index, dummy)

    def _size(self, name: str) -> Any:
        return sp.Integer(name) if name.isdigit() else self._facts.things["sym", name]


def _rational(number: Fraction) -> sp.Rational:
    return sp.Rational(number.numerator, number.denominator)
