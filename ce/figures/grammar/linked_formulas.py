"""A formula beside a figure, whose terms light up what they are in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Expr
from sympy.core.basic import Basic

from ce.figures.grammar.checks import expression, instance, text
from ce.formulas import typeset

__all__ = ["LinkedFormula"]


@dataclass(frozen=True)
class LinkedFormula:
    r"""An equation whose terms and the parts of a figure point at each other.

    The symbols of sliders and distributions are linked to these by themselves.

    Parameters
    ----------
    sides
        The sides of the equation, at least two.
    terms
        For expressions in it, the label of the marks that draw them.

    Raises
    ------
    ValueError
        For fewer sides, or a term that is in none of them. The figure refuses a label that it does not have.

    Examples
    --------
    >>> from sympy import Symbol, log
    >>> from ce.symbols import prob
    >>> formula = LinkedFormula((Symbol("L"), -log(prob)), {Symbol("L"): "cross-entropy"})
    >>> print(formula.tex({Symbol("L"): 0}))
    \htmlData{ce-term=0}{L} = -\log \hat{p}
    """

    sides: tuple[Expr, ...]
    terms: Mapping[Expr, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.sides, tuple) or len(self.sides) < 2:
            raise ValueError(f"LinkedFormula.sides: expected two sides or more, got {self.sides!r}")
        object.__setattr__(self, "sides", tuple(expression("LinkedFormula.sides", side) for side in self.sides))
        instance("LinkedFormula.terms", self.terms, Mapping, "a mapping such as {term: label}")
        for term, label in self.terms.items():
            text("LinkedFormula.terms", label)
            if not self.has(term):
                raise ValueError(f"LinkedFormula.terms: expected terms of {self.tex()}, got {term}")

    def has(self, term: Basic) -> bool:
        """Whether a term is in the equation."""
        return any(side.has(term) for side in self.sides)

    def tex(self, places: Mapping[Basic, int] | None = None) -> str:
        """Return the equation as TeX, the terms in ``places`` marked with their number."""
        return " = ".join(typeset(side, places) for side in self.sides)
