"""What each line of a derivation shows: left-hand side, relation sign, formula, reason and grade."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Indexed
from sympy.core.expr import Expr

from ce.derivation.relations import (
    AtLeastRelation,
    AtMostRelation,
    AtRelation,
    CitedRelation,
    DerivativeRelation,
    LimitRelation,
    Relation,
    RootRelation,
    RoundedRelation,
)  # fmt: skip
from ce.derivation.verdict import Grade
from ce.formulas.typeset import typeset

__all__ = ["Line", "abbreviations", "decimal"]

_SIGNS: dict[type[Relation], str] = {
    RootRelation: r"\approx", AtLeastRelation: r"\ge", AtMostRelation: r"\le", RoundedRelation: r"\approx",
    CitedRelation: r"\Longrightarrow",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line as the page shows it.

    Parameters
    ----------
    head
        LaTeX of the left-hand side; empty when it is that of the line above.
    sign
        LaTeX of the relation sign.
    formula
        LaTeX of the right-hand side.
    reason
        Why, in words.
    grade
        Of the step; None for the first line.
    how
        How the grade was earned.
    """

    head: str
    sign: str
    formula: str
    reason: str = ""
    grade: Grade | None = None
    how: str = ""


def abbreviations(definitions: dict[Expr, Expr]) -> list[str]:
    """Return LaTeX of the abbreviations a world defines, one equation each."""
    return [f"{typeset(left)} = {typeset(right)}" for left, right in definitions.items()]


def next_head(head: str, relation: Relation) -> tuple[str, str]:
    """Return the left-hand side after a step and what to print of it on this line."""
    whole = head or r"[\cdots]"
    if isinstance(relation, DerivativeRelation):
        changed = _differentiated(head, typeset(relation.by))
    elif isinstance(relation, LimitRelation):
        to = typeset(relation.to) + (f"^{relation.side}" if relation.side else "")
        changed = rf"\lim_{{{typeset(relation.variable)} \to {to}}} {whole}"
    elif isinstance(relation, AtRelation):
        values = r",\,".join(f"{_whole(left)} = {_whole(right)}" for left, right in relation.put)
        changed = rf"\left. {whole} \right|_{{{values}}}"
    elif isinstance(relation, RootRelation):
        changed = rf"0 \text{{ at }} {typeset(relation.variable)}"
    else:
        return head, ""
    return changed, changed


def sign_of(relation: Relation) -> str:
    """Return LaTeX of the sign between two lines."""
    if isinstance(relation, AtLeastRelation | AtMostRelation) and relation.strict:
        return ">" if isinstance(relation, AtLeastRelation) else "<"
    return _SIGNS.get(type(relation), "=")


def decimal(value: Expr, digits: int) -> str:
    """Return a number to so many decimals, as text."""
    return f"{float(value):.{digits}f}"


def _whole(expression: Expr) -> str:
    return typeset(expression.base) if isinstance(expression, Indexed) else typeset(expression)


def _differentiated(head: str, by: str) -> str:
    """Return the head's derivative: ∂L/∂z, and ∂²L/∂z² when it is one by the same variable already."""
    once = r"\frac{\partial "
    tail = rf"}}{{\partial {by}}}"
    if head.startswith(once) and head.endswith(tail):
        return rf"\frac{{\partial^2 {head[len(once) : -len(tail)]}}}{{\partial {by}^2}}"
    if not head:
        return rf"\frac{{\partial}}{{\partial {by}}} [\cdots]"
    if len(head) > 24:
        return rf"\frac{{\partial}}{{\partial {by}}} {head}"
    return rf"\frac{{\partial {head}}}{{\partial {by}}}"
