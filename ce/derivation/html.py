"""A checked derivation as HTML, for website and Jupyter, and as plain text."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from sympy import Symbol, sympify

from ce.cards import card, fold, grade_mark, inline, listed, numbered_line, style, text
from ce.derivation.assumptions import base_of
from ce.derivation.derivation import CheckedDerivation, Counterexample, Slip
from ce.derivation.inequalities import Apply, Solve
from ce.derivation.limits import Limit
from ce.derivation.steps import At, Cite, Derivative, Root, Rounded, Step
from ce.derivation.verdict import Grade
from ce.formulas.typeset import as_factor, differentiated, typeset
from ce.references import author_and_year

CheckedDerivation.shown = lambda checked: {"text/html": style() + as_html(checked), "text/plain": as_text(checked)}


class Detail:
    """Derivations behind one fold, for what a reader may check but need not read.

    Raises
    ------
    TypeError
        When there is none, or something that was not checked.

    Examples
    --------
    >>> from ce.claims import derivation
    >>> Detail(derivation("I2").check(), derivation("I3 Gibbs").check())
    Checked in detail (2 derivations): I2, I3 Gibbs
    """

    def __init__(self, *derivations: CheckedDerivation) -> None:
        if not derivations or not all(isinstance(checked, CheckedDerivation) for checked in derivations):
            raise TypeError(f"Detail: expected checked derivations, got {derivations!r}; call .check() on each")
        self.derivations, count = derivations, len(derivations)
        self.summary = f"Checked in detail ({count} derivation{'s' if count > 1 else ''})"

    def __repr__(self) -> str:
        return f"{self.summary}: {', '.join(checked.derivation.key for checked in self.derivations)}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        cards = "\n".join(map(as_html, self.derivations))
        fold = f'<details class="ce-detail"><summary>{self.summary}</summary>\n{cards}\n</details>'
        return {"text/html": style() + fold, "text/plain": "\n\n".join(map(as_text, self.derivations))}


_SIGNS = {"≥": r"\ge", "≤": r"\le", "≈": r"\approx", "⟹": r"\Longrightarrow"}
_STRICT = {"≥": ">", "≤": "<"}
_CODE = (
    '<details class="ce-code"><summary>The SymPy code, for you to change</summary>'
    '<pre class="tex2jax_ignore mathjax_ignore"><code>{}</code></pre></details>'
)


class Line(NamedTuple):
    """One line as the page shows it, in LaTeX; ``head`` is empty where the left-hand side is that of the line above."""

    head: str
    sign: str
    formula: str
    reason: str = ""
    grade: Grade | None = None
    how: str = ""


def lines_of(checked: CheckedDerivation) -> list[Line]:
    """Return the lines as they are shown."""
    head = checked.derivation.head
    lines = [Line(head, "=" if head else "", typeset(checked.derivation.start))]
    for _, step, verdict in checked.steps:
        reason, how, changed = step.because, verdict.how, _next_head(head, step)
        head = changed or head
        if isinstance(step, Cite):
            how = author_and_year(step.source)
            reason = f"{reason}: {how}" if reason else how
        lines.append(Line(changed, *sign_and_formula(step), reason, verdict.grade, how))
    return lines


def sign_and_formula(step: Step) -> tuple[str, str]:
    """Return LaTeX of the sign before a step's line, and of the line."""
    signs = _STRICT if getattr(step, "strict", False) else _SIGNS
    formula = f"{float(step.expr):.{step.digits}f}" if isinstance(step, Rounded) else typeset(step.expr)
    return signs.get(step.sign, step.sign), formula


def _next_head(head: str, step: Step) -> str:
    """Return the left-hand side after a step, empty where it stays."""
    whole = as_factor(head or r"[\cdots]")
    match step:
        case Derivative(by=by):
            return differentiated(whole, by)
        case Limit(variable=variable, to=to, side=side):
            end = typeset(to) + (f"^{side}" if side else "")
            return rf"\lim_{{{typeset(variable)} \to {end}}} {whole}"
        case At(put=put):
            pairs = (" = ".join(typeset(base_of(sympify(part))) for part in pair) for pair in put.items())
            values = r",\,".join(pairs)
            return rf"\left. {whole} \right|_{{{values}}}"
        case Apply(function=function):
            return typeset(function(Symbol(whole)))
        case Root(variable=variable) | Solve(variable=variable):
            return rf"0 \text{{ at }} {typeset(variable)}"
    return ""


def as_html(checked: CheckedDerivation) -> str:
    r"""Return the derivation as one HTML element; formulas stand between ``\(`` and ``\)``."""
    derivation, world, refuted = checked.derivation, checked.derivation.world, checked.refutations
    conditions = [*map(text, derivation.conditions), *(inline(rf"{typeset(one)} \ne 0") for one in world.nonzero)]
    where = [inline(f"{typeset(left)} = {typeset(right)}") for left, right in world.define.items()]
    lines = "".join(
        numbered_line(at, line.head, f"{line.sign} {line.formula}".strip(), line.reason, mark)
        for at, line in enumerate(lines_of(checked), start=1)
        for mark in [grade_mark(line.grade, line.how) if line.grade else ""]
    )
    dropped, slips = (
        [one.words() for one in refuted if isinstance(one.example, kind)] for kind in (Counterexample, Slip)
    )
    parts = (
        f'<p class="ce-formalised">{named.as_html()}.</p>' if (named := derivation.formalised) else "",
        listed("Conditions", conditions),
        listed("Where", where),
        f'<ol class="ce-lines">{lines}</ol>',
        derivation.conclusion and f'<p class="ce-conclusion">{text(derivation.conclusion)}</p>',
        fold("What fails when a condition is dropped", dropped),
        fold("A common slip, and how it fails", slips),
        derivation.source and _CODE.format(escape(derivation.source)),
    )
    title = f"<strong>{escape(derivation.title)}</strong>"
    return card(title, f"claim {derivation.claim}", parts, key=derivation.key)


def as_text(checked: CheckedDerivation) -> str:
    """Return the derivation as plain text, which is also all that a LaTeX build of the book takes."""
    derivation, above, named = checked.derivation, checked.derivation.start, checked.derivation.formalised
    lines = [f"{derivation.key}: {derivation.title}"]
    lines += [f"   {named.words[0]} {named.name}{named.words[1]}"] if named else []
    lines += [f"   Condition: {condition}" for condition in derivation.conditions]
    lines += [f"   {above}"]
    for before, step, verdict in checked.steps:
        start = "" if before == above else f" of {before}"  # after a bound, it may be a line further up
        lines += [f" {verdict.grade.name} [{step.name}{start}] {step.expr}    ({step.because})"]
        above = step.expr
    return "\n".join([*lines, *(f"   {refuted.words()}" for refuted in checked.refutations)])
