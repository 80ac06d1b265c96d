r"""HTML and Markdown of cards, which a derivation, the ledger and the printed errors are shown as, whatever they say.

Words are escaped here; LaTeX stands between ``\(`` and ``\)``, for the site and a notebook to typeset.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from html import escape
from typing import Any, NamedTuple

from ce.bundle import source
from ce.formulas.typeset import as_factor, typeset
from ce.notebook import building_site

__all__ = ["Card", "Detail", "Line", "anchor", "card", "fold", "grade_mark", "in_dollars", "inline", "listed"]
__all__ += ["aligned", "code", "numbered", "relation", "static_files", "style", "text"]


def static_files() -> dict[str, str]:
    """Return the style sheet by file name, for a site that links it once instead of inlining it."""
    return {"derivation.css": source(__package__, "derivation.css")}


def style() -> str:
    """Return the style element; empty while the site is built, which links the file."""
    return "" if building_site() else f"<style>{static_files()['derivation.css']}</style>"


def text(words: str) -> str:
    """Return running words, in which quotation marks stay."""
    return escape(words, quote=False)


def inline(latex: str) -> str:
    r"""Return a formula.

    Examples
    --------
    >>> print(inline("a < b"))
    \(a &lt; b\)
    """
    return rf"\({text(latex)}\)"


def anchor(key: str) -> str:
    """Return the id of a derivation on its page.

    Examples
    --------
    >>> anchor("G2 softmax")
    'derivation-G2-softmax'
    """
    return "derivation-" + re.sub(r"[^A-Za-z0-9]+", "-", key)


def card(title: str, badge: str, parts: Iterable[str], *, key: str = "", kind: str = "") -> str:
    """Return a card.

    Parameters
    ----------
    title
        HTML of its heading.
    badge
        What stands small beside it.
    parts
        HTML of what it holds; empty parts are left out.
    key
        The key of the derivation that it shows.
    kind
        A class of the style sheet for such cards.
    """
    name = f' id="{anchor(key)}"' if key else ""
    heading = (
        f'<p class="ce-title" role="heading" aria-level="3">{title} <span class="ce-claim">{escape(badge)}</span></p>'
    )
    classes = " ".join(filter(None, ("ce-derivation", kind, "tex2jax_process mathjax_process")))
    return "\n".join([f'<div class="{classes}"{name}>', heading, *filter(None, parts), "</div>"])


def listed(label: str, items: Iterable[str]) -> str:
    """Return items of HTML under a label; nothing without an item."""
    inside = "".join(f"<li>{item}</li>" for item in items)
    return inside and f'<div class="ce-listed"><span class="ce-label">{label}:</span> <ul>{inside}</ul></div>'


def fold(heading: str, items: Iterable[str]) -> str:
    """Return items of words behind a fold; nothing without an item."""
    inside = "".join(f"<li>{text(item)}</li>" for item in items)
    return inside and f'<details class="ce-counter"><summary>{heading}</summary><ul>{inside}</ul></details>'


class Line(NamedTuple):
    """One line as the page shows it, in LaTeX; ``head`` is empty where the left-hand side is that of the line above."""

    head: str
    sign: str
    formula: str
    reason: str = ""
    grade: Enum | None = None
    how: str = ""


def numbered(lines: Iterable[Line]) -> str:
    """Return lines one below the other, each with its reason and the mark of its grade."""
    return f'<ol class="ce-lines">{"".join(_numbered(at, line) for at, line in enumerate(lines, start=1))}</ol>'


def _numbered(number: int, line: Line) -> str:
    left = f"{inline(line.head)}</span> " if line.head else "</span>"
    right = inline(" ".join(filter(None, (r"\displaystyle", line.sign, line.formula))))
    why = line.reason and f'<span class="ce-reason">{text(line.reason)}</span>'
    mark = grade_mark(line.grade, line.how) if line.grade else ""
    return (
        f'<li class="ce-line"><div class="ce-math" role="group" aria-label="line {number}"><span class="ce-head">'
        f'{left}{right}</div><div class="ce-why">{why} {mark}</div></li>'
    )


def code(source: str) -> str:
    """Return code behind a fold."""
    return (
        '<details class="ce-code"><summary>The SymPy code, for you to change</summary>'
        f'<pre class="tex2jax_ignore mathjax_ignore"><code>{escape(source)}</code></pre></details>'
    )


def grade_mark(grade: Enum, how: str = "") -> str:
    """Return the small mark of a grade, with its meaning for pointer and screen reader."""
    meaning = escape(grade.value + (f" ({how})" if how and how not in grade.value else ""))
    return (
        f'<span class="ce-grade ce-grade-{grade.name.lower()}" title="{meaning}">'
        f'<span class="ce-sr">grade </span>{grade.name}<span class="ce-sr">: {meaning}</span></span>'
    )


def aligned(lines: Sequence[Line]) -> str:
    """Return the formulas of lines as Markdown, each but the first with its number."""
    numbers = ["", *(f" && ({number})" for number in range(1, len(lines)))]
    rows = [f"{line.head} & {line.sign} {line.formula}{number}" for line, number in zip(lines, numbers, strict=True)]
    return "$$\n\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}\n$$"


def in_dollars(words: str) -> str:
    r"""Return words with their formulas as Markdown has them.

    Examples
    --------
    >>> print(in_dollars(r"where \(p_k > 0\)"))
    where $p_k > 0$
    """
    return re.sub(r"\\\((.*?)\\\)", lambda found: f"${found[1].strip()}$", words)


_SIGNS = {"≥": r"\ge", "≤": r"\le", "≈": r"\approx", "⟹": r"\Longrightarrow"}


def relation(step: Any) -> str:
    """Return LaTeX of the sign before the line of a step."""
    return _SIGNS.get(step.relation, step.relation)


class Card:
    r"""A checked ``derivation`` as it is shown: words with formulas between ``\(`` and ``\)``, and its lines."""

    derivation: Any
    steps: Any
    refutations: Any

    def lines_shown(self) -> list[Line]:
        """Return the lines as they are shown."""
        head = self.derivation.head
        lines = [Line(head, "=" if head else "", typeset(self.derivation.start))]
        for _, step, verdict in self.steps:
            changed = step.next_head(as_factor(head or r"[\cdots]"))
            head = changed or head
            lines.append(Line(changed, relation(step), step.shown, step.reason, verdict.grade, verdict.how))
        return lines

    def lists_shown(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Return the conditions and what stands for what, and then what fails without a condition or by a slip."""
        shown, told = self.derivation, dict[str, list[str]]()
        for refuted in self.refutations:
            told.setdefault(refuted.example.heading, []).append(refuted.words())
        excluded = (rf"\({typeset(thing)} \ne 0\)" for thing in shown.world.nonzero)
        where = [rf"\({typeset(left)} = {typeset(right)}\)" for left, right in shown.world.define.items()]
        return {"Conditions": [*shown.conditions, *excluded], "Where": where}, told

    def as_text(self) -> str:
        """Return it as plain text."""
        shown, above, named = self.derivation, self.derivation.start, self.derivation.formalised
        lines = [f"{shown.key}: {shown.title}"]
        lines += [f"   {named.words[0]} {named.name}{named.words[1]}"] if named else []
        lines += [*(f"   Condition: {condition}" for condition in shown.conditions), f"   {above}"]
        for before, step, verdict in self.steps:
            start = "" if before == above else f" of {before}"  # after a bound, it may be a line further up
            lines += [f" {verdict.grade.name} [{step.name}{start}] {step.expr}    ({step.because})"]
            above = step.expr
        return "\n".join([*lines, *(f"   {refuted.words()}" for refuted in self.refutations)])

    __repr__ = as_text

    def as_html(self) -> str:
        r"""Return it as one HTML element; formulas stand between ``\(`` and ``\)``."""
        shown, (stated, told) = self.derivation, self.lists_shown()
        parts = (
            f'<p class="ce-formalised">{named.as_html()}.</p>' if (named := shown.formalised) else "",
            *(listed(label, map(text, said)) for label, said in stated.items()),
            numbered(self.lines_shown()),
            shown.conclusion and f'<p class="ce-conclusion">{text(shown.conclusion)}</p>',
            *(fold(heading, said) for heading, said in told.items()),
            shown.source and code(shown.source),
        )
        return card(f"<strong>{escape(shown.title)}</strong>", f"claim {shown.claim}", parts, key=shown.key)

    def as_markdown(self) -> str:
        """Return it as Markdown: formulas between dollars, and the reasons numbered below the lines."""
        shown, lines, (stated, told) = self.derivation, self.lines_shown(), self.lists_shown()
        reasons = (f"{number}. {line.reason} ({line.grade.name})" for number, line in enumerate(lines) if line.grade)
        above = (
            f"**{shown.title}** (claim {shown.claim})",
            shown.formalised.as_markdown() if shown.formalised else "",
            *(f"{label}: {'; '.join(said)}." for label, said in stated.items() if said),
        )
        below = (
            "\n".join(reasons),
            shown.conclusion,
            *("\n- ".join([f"{heading}:\n", *said]) for heading, said in told.items() if said),
        )
        first, last = (in_dollars("\n\n".join(filter(None, parts))) for parts in (above, below))
        return "\n\n".join((first, aligned(lines), last))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        html, markdown = style() + self.as_html(), self.as_markdown()
        return {"text/html": html, "text/markdown": markdown, "text/plain": self.as_text()}


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

    def __init__(self, *derivations: Any) -> None:
        if not derivations or not all(hasattr(checked, "as_html") for checked in derivations):
            raise TypeError(f"Detail: expected checked derivations, got {derivations!r}; call .check() on each")
        self.derivations, count = derivations, len(derivations)
        self.summary = f"Checked in detail ({count} derivation{'s' if count > 1 else ''})"

    def __repr__(self) -> str:
        return f"{self.summary}: {', '.join(checked.derivation.key for checked in self.derivations)}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        cards = "\n".join(checked.as_html() for checked in self.derivations)
        html = f'{style()}<details class="ce-detail"><summary>{self.summary}</summary>\n{cards}\n</details>'
        markdown = "\n\n".join([f"{self.summary}:", *(checked.as_markdown() for checked in self.derivations)])
        plain = "\n\n".join(checked.as_text() for checked in self.derivations)
        return {"text/html": html, "text/markdown": markdown, "text/plain": plain}
