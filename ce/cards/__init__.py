r"""HTML of cards, which a derivation, the ledger and the printed errors are shown as, whatever they say.

Words are escaped here; LaTeX stands between ``\(`` and ``\)``, for the site and a notebook to typeset.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from html import escape

from ce.bundle import source
from ce.notebook import building_site

__all__ = ["anchor", "card", "fold", "grade_mark", "inline", "listed", "numbered_line", "static_files", "style", "text"]


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


def numbered_line(number: int, head: str, formula: str, reason: str, mark: str) -> str:
    """Return a line: LaTeX of its left-hand side, or none, and of its formula; the reason in words, and its mark."""
    left, right = f"{inline(head)}</span> " if head else "</span>", inline(rf"\displaystyle {formula}")
    why = reason and f'<span class="ce-reason">{text(reason)}</span>'
    return (
        f'<li class="ce-line"><div class="ce-math" role="group" aria-label="line {number}"><span class="ce-head">'
        f'{left}{right}</div><div class="ce-why">{why} {mark}</div></li>'
    )


def grade_mark(grade: Enum, how: str = "") -> str:
    """Return the small mark of a grade, with its meaning for pointer and screen reader."""
    meaning = escape(grade.value + (f" ({how})" if how and how not in grade.value else ""))
    return (
        f'<span class="ce-grade ce-grade-{grade.name.lower()}" title="{meaning}">'
        f'<span class="ce-sr">grade </span>{grade.name}<span class="ce-sr">: {meaning}</span></span>'
    )
