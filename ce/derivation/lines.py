"""What each line of a derivation shows: left-hand side, relation sign, formula, reason and grade."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Indexed, Symbol
from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.derivation.equations import Apply, Solve
from ce.derivation.steps import At, AtLeast, AtMost, Derivative, Limit, Root, Step
from ce.derivation.verdict import Grade
from ce.formulas.typeset import typeset

__all__ = ["Line", "abbreviations", "decimal"]

_SIGNS = {"≥": r"\ge", "≤": r"\le", "≈": r"\approx", "⟹": r"\Longrightarrow"}


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


def next_head(head: str, step: Step) -> tuple[str, str]:
    """Return the left-hand side after a step and what to print of it on this line."""
    whole = head or r"[\cdots]"
    if isinstance(step, Derivative):
        changed = _differentiated(head, typeset(step.by))
    elif isinstance(step, Limit):
        to = typeset(sympify(step.to)) + (f"^{step.side}" if step.side else "")
        changed = rf"\lim_{{{typeset(step.variable)} \to {to}}} {whole}"
    elif isinstance(step, At):
        values = r",\,".join(f"{_whole(left)} = {_whole(sympify(right))}" for left, right in step.put.items())
        changed = rf"\left. {whole} \right|_{{{values}}}"
    elif isinstance(step, Apply):
        changed = typeset(step.function(Symbol(whole)))
    elif isinstance(step, Root | Solve):
        changed = rf"0 \text{{ at }} {typeset(step.variable)}"
    else:
        return head, ""
    return changed, changed


def sign_of(step: Step) -> str:
    """Return LaTeX of the sign between two lines."""
    if isinstance(step, AtLeast | AtMost) and step.strict:
        return ">" if isinstance(step, AtLeast) else "<"
    return _SIGNS.get(step.sign, step.sign)


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
