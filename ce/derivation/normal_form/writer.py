"""Writing a normal form back as a SymPy expression."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import (
    Abs,
    Add,
    Dummy,
    E,
    Integer,
    KroneckerDelta,
    Mul,
    Piecewise,
    Pow,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    pi,
)
from sympy.core.expr import Expr

from ce.derivation.normal_form.atoms import (
    INDICATORS,
    Applied,
    Atom,
    Bound,
    Bracket,
    Constant,
    Delta,
    Element,
    Exp,
    Index,
    Log,
    Monomial,
    Name,
    Ordered,
    Shifted,
    Total,
    Whole,
    mentions_name,
)
from ce.derivation.normal_form.facts import Facts
from ce.derivation.normal_form.polynomial import Polynomial

__all__ = ["Writer"]

_CONSTANTS = {"E": E, "pi": pi}
_HIDDEN = (Name, Element, Bound, Total, Applied, *INDICATORS)


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
        return Add(*(Mul(_rational(c), self._monomial(m)) for m, c in sorted(polynomial.items())))

    def restored(self, expression: Expr) -> Expr:
        """Return an expression with what was written as single symbols in full again."""
        plain = Writer(self._facts)
        return expression.xreplace({symbol: plain._atom(atom) for atom, symbol in self._symbols.items()})

    def hiding(self, symbol: Symbol) -> str:
        """Return in words which part, written as one symbol, a symbol stands inside of; empty for none."""
        for atom in self._symbols:
            if atom != Name("sym", str(symbol)) and mentions_name(atom, str(symbol)):
                return {"sum": "a sum", "fun": "an unknown function"}.get(atom.kind, "an index")
        return ""

    def _monomial(self, monomial: Monomial) -> Expr:
        return Mul(*(Pow(self._atom(atom), _rational(power)) for atom, power in monomial))

    def _atom(self, atom: Atom) -> Expr:  # noqa: PLR0911  (one for each kind of atom)
        known = isinstance(atom, Applied) and atom.function == "Abs"  # SymPy knows what it is
        if (
            self._opaque
            and not known
            and isinstance(atom, Name | Element | Bound | Delta | Ordered | Total | Applied)
        ):
            sign = {"positive": True} if self._facts.is_positive(atom) else {"real": True}
            return self._symbols.setdefault(atom, Dummy(f"{atom.kind}{len(self._symbols)}", **sign))
        match atom:
            case Log(_, terms):
                return log(self.write(Polynomial(terms)))
            case Exp(_, exponent):
                return exp(self._monomial(exponent))
            case Bracket(_, terms):
                return self.write(Polynomial(terms))
            case Delta(_, first, second):
                return KroneckerDelta(self._index(first), self._index(second))
            case Ordered(_, first, second):
                return Piecewise((1, self._index(first) <= self._index(second)), (0, True))
            case Applied(_, "power", (base, exponent)):
                return Pow(self.write(Polynomial(base)), self.write(Polynomial(exponent)))
            case Constant():
                return _CONSTANTS[atom.name]
            case Total(_, indices, body):
                limits = [(self._index(index), 1, self._size(index.size)) for index in indices]
                return Sum(self._monomial(body), *limits)
            case Applied():
                function = Abs if known else self._facts.things["fun", atom.function]
                return function(*(self.write(Polynomial(part)) for part in atom.arguments))
        return self._index(atom)

    def _index(self, index: Index) -> Expr:
        match index:
            case Whole():
                return Integer(index.value)
            case Name():
                return self._facts.things["sym", index.name]
            case Element():
                return self._facts.things["elem", index.base][tuple(map(self._index, index.indices))]
            case Shifted():
                return self._index(index.base) + index.offset
        dummy = Dummy(f"i{index.identity}", integer=True, positive=True)
        return self._symbols.setdefault(index, dummy)

    def _size(self, name: str) -> Any:
        return Integer(name) if name.isdigit() else self._facts.things["sym", name]


def _rational(number: Fraction) -> Rational:
    return Rational(number.numerator, number.denominator)
