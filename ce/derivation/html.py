"""A checked derivation as HTML, for website and Jupyter, as Markdown, for paper by way of LaTeX, and as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from sympy import Symbol, sympify

from ce.bundle import source
from ce.derivation.assumptions import base_of
from ce.derivation.derivation import CheckedDerivation, Counterexample, Formalisation, Slip
from ce.derivation.inequalities import Apply, Solve
from ce.derivation.limits import Limit
from ce.derivation.steps import At, Cite, Derivative, Root, Rounded, Step
from ce.derivation.verdict import Grade
from ce.formulas.typeset import typeset
from ce.notebook import building_site
from ce.references import author_and_year


def static_files() -> dict[str, str]:
    """Return the style sheet by file name, for a site that links it once instead of inlining it."""
    return {"derivation.css": source(__package__, "derivation.css")}


def style() -> str:
    """Return the style element; empty while the site is built, which links the file."""
    return "" if building_site() else f"<style>{static_files()['derivation.css']}</style>"


CheckedDerivation.shown = lambda checked: {
    "text/html": style() + as_html(checked),
    "text/markdown": as_markdown(checked),
    "text/plain": as_text(checked),
}


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
        return {
            "text/html": style() + fold,
            "text/markdown": "\n\n".join([f"{self.summary}:", *map(as_markdown, self.derivations)]),
            "text/plain": "\n\n".join(map(as_text, self.derivations)),
        }


_SIGNS = {"≥": r"\ge", "≤": r"\le", "≈": r"\approx", "⟹": r"\Longrightarrow"}
_STRICT = {"≥": ">", "≤": "<"}
_LINES = "\0"
_ALIGNED = "$$\n\\begin{aligned}\n%s\n\\end{aligned}\n$$"
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
    head = rf"\left({head}\right)" if _is_sum(head) else head
    whole = head or r"[\cdots]"
    match step:
        case Derivative(by=by):
            return _differentiated(head, typeset(by))
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


def _is_sum(latex: str) -> bool:
    """Whether a sign stands in it that is within no brackets."""
    flat = re.sub(r"\{[^{}]*\}|\([^()]*\)", "", latex)
    return " + " in flat or " - " in flat if flat == latex else _is_sum(flat)


def _differentiated(head: str, by: str) -> str:
    """Return the head's derivative: ∂L/∂z, and ∂²L/∂z² when it is one by the same variable already."""
    once, tail = r"\frac{\partial ", rf"}}{{\partial {by}}}"
    if head.startswith(once) and head.endswith(tail):
        return rf"\frac{{\partial^2 {head[len(once) : -len(tail)]}}}{{\partial {by}^2}}"
    if not head or len(head) > 24:
        return rf"\frac{{\partial}}{{\partial {by}}} " + (head or r"[\cdots]")
    return f"{once}{head}{tail}"


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


def as_html(checked: CheckedDerivation) -> str:
    r"""Return the derivation as one HTML element; formulas stand between ``\(`` and ``\)``."""
    derivation, lines = checked.derivation, lines_of(checked)
    parts = [
        f'<div class="ce-derivation tex2jax_process mathjax_process" id="{anchor(derivation.key)}">',
        f'<p class="ce-title" role="heading" aria-level="3"><strong>{escape(derivation.title)}</strong> '
        f'<span class="ce-claim">claim {escape(derivation.claim)}</span></p>',
        f'<p class="ce-formalised">{formalised_words(named)}.</p>' if (named := derivation.formalised) else "",
        *(_listed(label, list(map(_text, said))) for label, said in _stated(checked)),
        f'<ol class="ce-lines">{"".join(map(_line, range(1, 1 + len(lines)), lines))}</ol>',
        derivation.conclusion and f'<p class="ce-conclusion">{_text(derivation.conclusion)}</p>',
        *(_folded(heading, found) for heading, found in _refuted(checked)),
        derivation.source and _CODE.format(escape(derivation.source)),
        "</div>",
    ]
    return "\n".join(filter(None, parts))


def _stated(checked: CheckedDerivation) -> Iterator[tuple[str, list[str]]]:
    r"""Give what stands above the lines, in words with formulas between ``\(`` and ``\)``."""
    world = checked.derivation.world
    yield "Conditions", [*checked.derivation.conditions, *(rf"\({typeset(thing)} \ne 0\)" for thing in world.nonzero)]
    yield "Where", [rf"\({typeset(left)} = {typeset(right)}\)" for left, right in world.define.items()]


def _refuted(checked: CheckedDerivation) -> Iterator[tuple[str, list[str]]]:
    """Give what stands below the lines, as `_stated` does."""
    for heading, kind in (
        ("What fails when a condition is dropped", Counterexample),
        ("A common slip, and how it fails", Slip),
    ):
        yield heading, [found.words() for found in checked.refutations if isinstance(found.example, kind)]


def formalised_words(found: Formalisation) -> str:
    """Return what a proof assistant has of a derivation: words, and the theorem's name linked to its file."""
    before, after = map(escape, found.words)
    return f'{before} <a href="{escape(found.url)}"><code>{escape(found.name)}</code></a>{after}'


def _listed(label: str, items: list[str]) -> str:
    inside = "".join(f"<li>{item}</li>" for item in items)
    return inside and f'<div class="ce-listed"><span class="ce-label">{label}:</span> <ul>{inside}</ul></div>'


def _line(number: int, line: Line) -> str:
    head = f"{_inline(line.head)}</span> " if line.head else "</span>"
    formula = _inline(" ".join(filter(None, (r"\displaystyle", line.sign, line.formula))))
    reason = line.reason and f'<span class="ce-reason">{_text(line.reason)}</span>'
    mark = grade_mark(line.grade, line.how) if line.grade else ""
    return (
        f'<li class="ce-line"><div class="ce-math" role="group" aria-label="line {number}"><span class="ce-head">'
        f'{head}{formula}</div><div class="ce-why">{reason} {mark}</div></li>'
    )


def _folded(heading: str, found: list[str]) -> str:
    items = "".join(f"<li>{_text(words)}</li>" for words in found)
    return items and f'<details class="ce-counter"><summary>{heading}</summary><ul>{items}</ul></details>'


def as_markdown(checked: CheckedDerivation) -> str:
    """Return the derivation as Markdown: formulas between dollars, and the reasons numbered below the lines."""
    derivation, lines, named = checked.derivation, lines_of(checked), checked.derivation.formalised
    numbers = ["", *(f" && ({number})" for number in range(1, len(lines)))]
    rows = [f"{line.head} & {line.sign} {line.formula}{number}" for line, number in zip(lines, numbers, strict=True)]
    reasons = [f"{number}. {line.reason} ({line.grade.name})" for number, line in enumerate(lines) if line.grade]
    items = {heading: "".join(f"\n- {words}" for words in said) for heading, said in _refuted(checked) if said}
    parts = [
        f"**{derivation.title}** (claim {derivation.claim})",
        f"{named.words[0]} [`{named.name}`]({named.url}){named.words[1]}." if named else "",
        *(f"{label}: {'; '.join(said)}." for label, said in _stated(checked) if said),
        _LINES,
        "\n".join(reasons),
        derivation.conclusion,
        *(f"{heading}:\n{said}" for heading, said in items.items()),
    ]
    return in_dollars("\n\n".join(filter(None, parts))).replace(_LINES, _ALIGNED % " \\\\\n".join(rows))


def in_dollars(words: str) -> str:
    r"""Return words with their formulas as Markdown has them.

    Examples
    --------
    >>> print(in_dollars(r"where \(p_k > 0\)"))
    where $p_k > 0$
    """
    return re.sub(r"\\\((.*?)\\\)", lambda found: f"${found[1].strip()}$", words)


def as_text(checked: CheckedDerivation) -> str:
    """Return the derivation as plain text."""
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


def _text(words: str) -> str:
    return escape(words, quote=False)


def _inline(latex: str) -> str:
    return rf"\({_text(latex)}\)"
