"""Writing a normal form back as a SymPy expression."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Abs, Add, Dummy, E, Integer, KroneckerDelta, Mul, Pow, Rational, Sum, Symbol, exp, log, pi
from sympy.core.expr import Expr

from ce.derivation.normal_form.reader import Reader
from ce.derivation.normal_form.terms import Atom, Index, Monomial, Polynomial, mentions_name, thawed

__all__ = ["Writer"]

_CONSTANTS = {"E": E, "pi": pi}


class Writer:
    """Writes polynomials of a reader back.

    Parameters
    ----------
    reader
        Knows the symbols by their names.
    opaque
        Whether sums, elements and deltas are written as single symbols with the sign the world gives them. No
        bound index is left then, so that SymPy's simplifier and limits may be trusted with the result.
    """

    def __init__(self, reader: Reader, *, opaque: bool = False) -> None:
        self._reader, self._opaque = reader, opaque
        self._symbols: dict[Atom, Symbol] = {}

    def write(self, polynomial: Polynomial) -> Expr:
        """Return the SymPy expression of a polynomial."""
        return Add(*(Mul(_rational(c), self._monomial(m)) for m, c in sorted(polynomial.items())))

    def _monomial(self, monomial: Monomial) -> Expr:
        return Mul(*(Pow(self._atom(atom), _rational(power)) for atom, power in monomial))

    def _atom(self, atom: Atom) -> Expr:
        kind = atom[0]
        is_abs = kind == "fun" and atom[1] == "Abs"  # SymPy knows what it is
        if self._opaque and not is_abs and kind in ("sym", "elem", "sum", "delta", "index", "fun"):
            if atom not in self._symbols:
                sign = {"positive": True} if self._reader.is_positive(atom) else {"real": True}
                self._symbols[atom] = Dummy(f"{kind}{len(self._symbols)}", **sign)
            return self._symbols[atom]
        return getattr(self, f"_write_{kind}")(atom)

    def hiding(self, symbol: Symbol) -> str:
        """Return in words which part, written as one symbol, a symbol stands inside of; empty for none."""
        for atom in self._symbols:
            if atom != ("sym", str(symbol)) and mentions_name(atom, str(symbol)):
                return {"sum": "a sum", "fun": "an unknown function"}.get(atom[0], "an index")
        return ""

    def _write_sym(self, atom: Atom) -> Expr:
        return self._reader.names[f"sym {atom[1]}"]

    def _write_elem(self, atom: Atom) -> Expr:
        return self._reader.names[f"elem {atom[1]}"][tuple(self._index(index) for index in atom[2])]

    def _write_delta(self, atom: Atom) -> Expr:
        return KroneckerDelta(self._index(atom[1]), self._index(atom[2]))

    def _write_index(self, atom: Atom) -> Expr:
        return self._index(atom[1])

    def _write_int(self, atom: Atom) -> Expr:
        return Integer(atom[1])

    def _write_const(self, atom: Atom) -> Expr:
        return _CONSTANTS[atom[1]]

    def _write_log(self, atom: Atom) -> Expr:
        return log(self.write(thawed(atom[1])))

    def _write_exp(self, atom: Atom) -> Expr:
        return exp(self._monomial(atom[1]))

    def _write_poly(self, atom: Atom) -> Expr:
        return self.write(thawed(atom[1]))

    def _write_sum(self, atom: Atom) -> Expr:
        limits = [(self._index(index), 1, self._size(index[2])) for index in atom[1]]
        return Sum(self._monomial(atom[2]), *limits)

    def _write_fun(self, atom: Atom) -> Expr:
        function = Abs if atom[1] == "Abs" else self._reader.names[f"fun {atom[1]}"]
        return function(*(self.write(thawed(part)) for part in atom[2]))

    def _size(self, name: str) -> Any:
        return Integer(name) if name.isdigit() else self._reader.names[f"sym {name}"]

    def _index(self, index: Index) -> Expr:
        if index[0] == "int":
            return Integer(index[1])
        if index[0] == "sym":
            return self._reader.names[f"sym {index[1]}"]
        if index[0] == "elem":
            return self._write_elem(index)
        if index not in self._symbols:
            self._symbols[index] = Dummy(f"i{index[1]}", integer=True, positive=True)
        return self._symbols[index]


def _rational(number: Fraction) -> Rational:
    return Rational(number.numerator, number.denominator)
