"""A checked derivation as HTML (website and Jupyter), LaTeX (print) and plain text."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

from ce.derivation.assumptions import World
from ce.derivation.data import CheckedData, Counterexample, Formalisation, Refuted, Slip
from ce.derivation.lines import Line, abbreviations, decimal, next_head, sign_of
from ce.derivation.steps import Cite, Root, Rounded
from ce.derivation.verdict import Grade
from ce.formulas.typeset import typeset
from ce.references import author_and_year

__all__ = [
    "Detail",
    "anchor",
    "as_html",
    "as_latex",
    "as_text",
    "bundle",
    "formalised_words",
    "grade_mark",
    "lines_of",
    "static_files",
    "style",
]


def static_files() -> dict[str, str]:
    """Return the style sheet by file name, for a site that links it once instead of inlining it."""
    return {"derivation.css": _css()}


@cache
def _css() -> str:
    return (files("ce.derivation") / "static" / "derivation.css").read_text(encoding="utf-8")


def style() -> str:
    """Return the style element; empty while the site is built, which links the file."""
    return "" if os.environ.get("CE_SITE_BUILD") else f"<style>{_css()}</style>"


def bundle(checked: CheckedData) -> dict[str, str]:
    """Return every form a notebook front end may choose from."""
    return {"text/html": style() + as_html(checked), "text/latex": as_latex(checked), "text/plain": as_text(checked)}


@dataclass(frozen=True, init=False, eq=False)
class Detail:
    """Derivations behind one fold, for what a reader may check but need not read.

    Parameters
    ----------
    *derivations
        The checked derivations, in their order.

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

    derivations: tuple[CheckedData, ...]

    def __init__(self, *derivations: CheckedData) -> None:
        if not derivations or not all(isinstance(checked, CheckedData) for checked in derivations):
            raise TypeError(f"Detail: expected checked derivations, got {derivations!r}; call .check() on each")
        object.__setattr__(self, "derivations", derivations)

    @property
    def summary(self) -> str:
        """What the fold is called."""
        count = len(self.derivations)
        return f"Checked in detail ({count} derivation{'s' if count > 1 else ''})"

    def __repr__(self) -> str:
        return f"{self.summary}: {', '.join(checked.derivation.key for checked in self.derivations)}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        cards = "\n".join(map(as_html, self.derivations))
        fold = f'<details class="ce-detail"><summary>{self.summary}</summary>\n{cards}\n</details>'
        return {"text/html": style() + fold, "text/plain": "\n\n".join(map(as_text, self.derivations))}


def lines_of(checked: CheckedData) -> list[Line]:
    """Return the lines as they are shown."""
    derivation = checked.derivation
    head = derivation.head
    lines = [Line(head, "=" if head else "", typeset(derivation.start))]
    for step in checked.steps:
        head, shown = next_head(head, step.step)
        formula = decimal(step.line, step.step.digits) if isinstance(step.step, Rounded | Root) else typeset(step.line)
        reason, how = step.step.because, step.verdict.how
        if isinstance(step.step, Cite):
            how = author_and_year(step.step.source)
            reason = f"{reason}: {how}" if reason else how
        lines.append(Line(shown, sign_of(step.step), formula, reason, step.verdict.grade, how))
    return lines


def grade_mark(grade: Grade, how: str = "") -> str:
    """Return the small mark of a grade, with its meaning for pointer and screen reader."""
    meaning = escape(grade.value + (f" ({how})" if how and how not in grade.value else ""))
    return (
        f'<span class="ce-grade ce-grade-{grade.name.lower()}" title="{meaning}">'
        f'<span class="ce-sr">grade </span>{grade.name}<span class="ce-sr">: {meaning}</span></span>'
    )


def anchor(key: str) -> str:
    """Return the id of a derivation on its page.

    Examples
    --------
    >>> anchor("G2 softmax")
    'derivation-G2-softmax'
    """
    return "derivation-" + re.sub(r"[^A-Za-z0-9]+", "-", key)


def as_html(checked: CheckedData) -> str:
    r"""Return the derivation as one HTML element; formulas are between ``\(`` and ``\)`` for MathJax."""
    derivation = checked.derivation
    parts = [
        f'<div class="ce-derivation tex2jax_process mathjax_process" id="{anchor(derivation.key)}">',
        f'<p class="ce-title" role="heading" aria-level="3"><strong>{escape(derivation.title)}</strong> '
        f'<span class="ce-claim">claim {escape(derivation.claim)}</span></p>',
        _formalised_html(derivation.formalised),
        _listed("Conditions", [*map(_text, derivation.conditions), *excluded(derivation.world)]),
        _listed("Where", [rf"\({_math(line)}\)" for line in abbreviations(dict(derivation.world.define))]),
        '<ol class="ce-lines">',
        *(_line_html(at, line) for at, line in enumerate(lines_of(checked), 1)),
        "</ol>",
        f'<p class="ce-conclusion">{_text(derivation.conclusion)}</p>' if derivation.conclusion else "",
        _refuted_html("What fails when a condition is dropped", checked.refutations, Counterexample),
        _refuted_html("A common slip, and how it fails", checked.refutations, Slip),
        _code_html(derivation.source),
        "</div>",
    ]
    return "\n".join(part for part in parts if part)


def _formalised_html(found: Formalisation | None) -> str:
    return f'<p class="ce-formalised">{formalised_words(found)}.</p>' if found else ""


def formalised_words(found: Formalisation) -> str:
    """Return what a proof assistant has of a derivation: words, and the theorem's name linked to its file."""
    before, after = map(escape, found.words)
    return f'{before} <a href="{escape(found.url)}"><code>{escape(found.name)}</code></a>{after}'


def excluded(world: World) -> list[str]:
    """Return the points that a world excludes by name, as conditions."""
    return [rf"\({_math(typeset(thing))} \ne 0\)" for thing in world.nonzero]


def _listed(label: str, items: list[str]) -> str:
    if not items:
        return ""
    return (
        f'<div class="ce-listed"><span class="ce-label">{label}:</span> <ul>'
        + "".join(f"<li>{item}</li>" for item in items)
        + "</ul></div>"
    )


def _line_html(number: int, line: Line) -> str:
    head = rf'<span class="ce-head">\({_math(line.head)}\)</span> ' if line.head else '<span class="ce-head"></span>'
    formula = rf"\(\displaystyle {_math((line.sign + ' ') if line.sign else '')}{_math(line.formula)}\)"
    reason = f'<span class="ce-reason">{_text(line.reason)}</span>' if line.reason else ""
    mark = grade_mark(line.grade, line.how) if line.grade else ""
    label = f' aria-label="line {number}"'
    return (
        f'<li class="ce-line"><div class="ce-math" role="group"{label}>{head}{formula}</div>'
        f'<div class="ce-why">{reason} {mark}</div></li>'
    )


def _refuted_html(heading: str, found: tuple[Refuted, ...], kind: type[Counterexample | Slip]) -> str:
    items = "".join(f"<li>{_text(item.words())}</li>" for item in found if isinstance(item.example, kind))
    if not items:
        return ""
    return f'<details class="ce-counter"><summary>{heading}</summary><ul>{items}</ul></details>'


def _code_html(source: str) -> str:
    if not source:
        return ""
    return (
        '<details class="ce-code"><summary>The SymPy code: change a step and watch it fail</summary>'
        '<pre class="tex2jax_ignore mathjax_ignore">'
        f"<code>{escape(source)}</code></pre></details>"
    )


def as_latex(checked: CheckedData) -> str:
    r"""Return the derivation as an ``align*`` with reasons, for print."""
    rows = []
    for line in lines_of(checked):
        reason = rf" && \text{{{_words(line.reason)}}}" if line.reason else " &&"
        grade = rf"\ \ [\mathrm{{{line.grade.name}}}]" if line.grade else ""
        rows.append(rf"{line.head} &{line.sign} {line.formula}{reason}{grade}")
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def as_text(checked: CheckedData) -> str:
    """Return the derivation as plain text."""
    derivation = checked.derivation
    lines = [f"{derivation.key}: {derivation.title}"]
    if derivation.formalised:
        before, after = derivation.formalised.words
        lines.append(f"   {before} {derivation.formalised.name}{after}")
    lines.append(f"   {derivation.start}")
    above = derivation.start
    for step in checked.steps:
        # After a bound, what changes the left-hand side starts from a line further up.
        start = "" if step.before == above else f" of {step.before}"
        name, above = f"{step.step.name}{start}", step.line
        lines.append(f" {step.verdict.grade.name} [{name}] {step.line}    ({step.step.because})")
    return "\n".join(lines)


def _text(words: str) -> str:
    return escape(words, quote=False)


def _math(latex: str) -> str:
    return escape(latex, quote=False)


def _words(reason: str) -> str:
    r"""Return a reason for use inside ``\text{…}``, where ``\(…\)`` is ``$…$``."""
    return reason.replace(r"\(", "$").replace(r"\)", "$").replace("%", r"\%").replace("#", r"\#")
