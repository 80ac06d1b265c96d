"""How exercises and feedback look in a notebook and on the website: words first, colour beside them."""

from __future__ import annotations

from html import escape

from sympy.core.expr import Expr

from ce.formulas.typeset import typeset

__all__ = ["exercise_html", "feedback_html", "math"]

CHECKED_IN_A_NOTEBOOK = "Your own answer is checked when this page runs as a notebook."

_MARKS = {
    # outcome: sign, border colour; both colours keep a contrast of 3:1 to a light and to a dark page
    "RIGHT": ("✓", "#2e8b57"),
    "NOT_AS_ASKED": ("≈", "#b8720a"),
    "ROUNDED": ("≈", "#b8720a"),
    "WRONG": ("✗", "#d1495b"),
    "UNREAD": ("?", "#7a7a8c"),
    "UNDECIDED": ("?", "#7a7a8c"),
}

# The theme's own colours where it names them (website, JupyterLab), so that text and ground change together.
_BOX = (
    "background: var(--pst-color-surface, var(--jp-layout-color1, #ffffff)); "
    "color: var(--pst-color-text-base, var(--jp-content-font-color1, #1a1a1a)); "
    "padding: 0.5em 0.8em; margin: 0.3em 0; overflow-x: auto;"
)


def math(expression: Expr) -> str:
    r"""Return an expression as inline mathematics that MathJax finds in a page and in a notebook.

    Examples
    --------
    >>> from ce.symbols import k, p
    >>> math(p[k])
    '<span class="math notranslate nohighlight">\\(p_{k}\\)</span>'
    """
    return rf'<span class="math notranslate nohighlight">\({escape(typeset(expression))}\)</span>'


def feedback_html(outcome: str, words: str, read_as: Expr | None) -> str:
    """Return feedback as HTML; what the reader wrote is escaped.

    Parameters
    ----------
    outcome
        The name of its kind.
    words
        What is said: the outcome, a colon and a message. Where reading stopped follows in lines of their own.
    read_as
        The expression the answer was read as.
    """
    sign, colour = _MARKS[outcome]
    said, _, place = words.partition("\n")
    begins, colon, message = escape(said).partition(":")
    where = f'<pre style="background: inherit; color: inherit; margin: 0.3em 0">{escape(place)}</pre>'
    read = "" if read_as is None else f"<div>Your answer was read as {math(read_as)}</div>"
    return (
        f'<div class="ce-feedback" role="status" style="{_BOX} border-left: 0.4em solid {colour};">'
        f'<div><span aria-hidden="true">{sign}</span> <strong>{begins}</strong>{colon}{message}'
        f"{where if place else ''}</div>{read}</div>"
    )


def exercise_html(question: str, wanted: str, answer: str) -> str:
    """Return an exercise for a page without a kernel: the question, and the worked answer one click away.

    Parameters
    ----------
    question, answer
        HTML.
    wanted
        What is said of the answer's unit and digits.
    """
    asked = f"<div><small>Answer {escape(wanted)}.</small></div>" if wanted else ""
    return (
        f'<div class="ce-exercise" style="{_BOX} border: 1px solid #7a7a8c;">'
        f"<div><strong>Exercise.</strong> {question}</div>{asked}"
        f"<details><summary>Worked answer</summary><div>{answer}</div></details>"
        f"<div><small>{CHECKED_IN_A_NOTEBOOK}</small></div></div>"
    )
