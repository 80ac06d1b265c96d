"""How exercises and feedback look: as HTML on the website and in a notebook, as Markdown on sheets and on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from typing import Any

from sympy.core.expr import Expr

from ce import bundle
from ce.derivation import Derivative, Step
from ce.formulas.typeset import typeset

__all__ = [
    "LETTERED",
    "exercise_html",
    "feedback_html",
    "in_markdown",
    "items",
    "line_items",
    "math",
    "prose",
    "question",
    "static_files",
    "stylesheet",
    "working_html",
]

_RAISED_OR_LOWERED = re.compile(r"\b([A-Za-z])([_^])([a-z]|[0-9.]*[0-9])\b")
LETTERED = [f"- {letter}. " for letter in "abcdefghijklmnopqrstuvwxyz"]


def math(expression: Expr) -> str:
    r"""Return an expression as inline mathematics, which the site and a notebook typeset, each in its own way.

    Examples
    --------
    >>> from ce.symbols import k, p
    >>> math(p[k])
    '<span class="math notranslate nohighlight">\\(p_{k}\\)</span>'
    """
    return _inline(escape(typeset(expression)))


def prose(text: str) -> str:
    r"""Return running text as HTML, with what has an index or an exponent as mathematics.

    Examples
    --------
    >>> prose("p < q_c")
    'p &lt; <span class="math notranslate nohighlight">\\(q_{c}\\)</span>'
    """
    return _RAISED_OR_LOWERED.sub(lambda found: _inline(f"{found[1]}{found[2]}{{{found[3]}}}"), escape(text))


def _inline(latex: str) -> str:
    return rf'<span class="math notranslate nohighlight">\({latex}\)</span>'


def line_items(given: Expr | None, steps: Sequence[Step]) -> tuple[str, ...]:
    """Return the lines of a derivation as HTML, each with its sign and its reason."""
    slopes = ("" if not isinstance(step, Derivative) else "differentiated: " for step in steps)
    lines = (
        f"{slope or f'{step.sign} '}{math(step.expr)} <small>({escape(step.because)})</small>"
        for slope, step in zip(slopes, steps, strict=True)
    )
    return (math(given), *lines)


def working_html(given: Expr | None, steps: Sequence[Step]) -> str:
    """Return a derivation as a list of its lines."""
    return f'<ul class="ce-working">{"".join(f"<li>{item}</li>" for item in line_items(given, steps))}</ul>'


def feedback_html(words: str, read_as: Expr | None) -> str:
    """Return feedback as HTML; what the reader wrote is escaped.

    Parameters
    ----------
    words
        What is said: the outcome, a colon and a message. Where reading stopped follows in lines of their own.
    read_as
        The expression the answer was read as.
    """
    said, _, place = words.partition("\n")
    where = f"<pre>{escape(place)}</pre>" if place else ""
    read = "" if read_as is None else f"<div>Your answer was read as {math(read_as)}</div>"
    return f'<div class="ce-feedback" role="status"><strong>{escape(said)}</strong>{where}{read}</div>'


def exercise_html(one: Mapping[str, Any], spec: Mapping[str, Any]) -> str:
    """Return the whole section of an exercise: question, list and worked answer stand there without any script.

    Parameters
    ----------
    one
        Its record.
    spec
        What the script makes the box from.
    """
    # A "<" inside the JSON could end the script element.
    data = json.dumps(spec, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    name, claims = escape(one["name"]), " ".join(one["claims"])
    wanted = f'<p class="ce-wanted">Answer {escape(one["wanted"])}.</p>' if one["wanted"] else ""
    rows = "".join(f"<li>{row}</li>" for row in one["listed"])
    order = "" if one["kind"] == "formula" else ' type="a"'  # lines that are typed have numbers
    options = f'<ol class="ce-options"{order}>{rows}</ol>' if rows else ""
    practised = f' data-claims="{claims}"' if claims else ""
    return (
        f'<section class="ce-exercise" data-exercise="{name}"{practised} id="exercise-{name}">'
        f'<p class="ce-question"><strong>Exercise.</strong> {one["asked"]}</p>{wanted}{options}'
        f'<details class="ce-worked"><summary>Worked answer</summary><div>{one["worked"]}</div></details>'
        f'<script type="application/json">{data}</script></section>'
    )


def stylesheet() -> str:
    """Return the style sheet of the exercises."""
    return bundle.stylesheet(__package__, "exercise.css")


def static_files() -> dict[str, str]:
    """Return the files a website serves by name: ``exercise.js``, a classic script, and ``exercise.css``.

    Examples
    --------
    >>> sorted(static_files())
    ['exercise.css', 'exercise.js']
    """
    return {"exercise.css": stylesheet(), "exercise.js": bundle.classic_script(__package__, "box", "mountAll();")}


def question(one: Mapping[str, Any], indent: str = "") -> str:
    """Return the question of a record, with what there is to choose from."""
    wanted = f" Answer {one['wanted']}." if one["wanted"] else ""
    # The lines of a derivation hold its answer.
    options = "" if one["kind"] == "formula" or not one["listed"] else items(one["listed"], indent, LETTERED)
    return in_markdown(one["asked"]) + wanted + options


def in_markdown(html: str) -> str:
    """Return a text of a page as Markdown, with its mathematics between dollars."""
    parts = re.split(r"\\\((.+?)\\\)", unescape(re.sub(r"<[^>]+>", "", html)))  # every second one is mathematics
    parts[::2] = (re.sub(r"([\\`*_$<\[\]])", r"\\\1", part) for part in parts[::2])
    return "$".join(parts)


def items(rows: Sequence[str], indent: str, marks: Sequence[str]) -> str:
    """Return texts of a page as a list, each with its mark."""
    return "\n" + "".join(f"\n{indent}{mark}{in_markdown(row)}" for mark, row in zip(marks, rows, strict=False))
