r"""Have formulas typeset also where only the output of a cell has them, and keep the comma beside one.

A browser takes a typeset formula for a picture, before and after which a line may break: the comma that
follows would begin the next line.

Sphinx gives a page MathJax when its own text has mathematics. Derivations and exercises print theirs as HTML,
between ``\(`` and ``\)``; on a page with nothing else, as the ledger is, they would stay source.
"""

from __future__ import annotations

import re
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

__all__ = ["FormulaWithPunctuation", "has_mathematics", "setup"]

_OPENING = re.compile(r"[(\[“‘]*$")  # both always match, if with nothing
_CLOSING = re.compile(r"[)\]”’.,;:!?]*")


def setup(app: Sphinx) -> None:
    """Look at each page after Sphinx has."""
    app.connect("doctree-read", _mark_page)
    app.add_post_transform(FormulaWithPunctuation)


class FormulaWithPunctuation(SphinxPostTransform):
    """Put a formula and the brackets or punctuation beside it into one piece, in which no line breaks."""

    default_priority = 300
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Go through the formulas of the page."""
        for formula in list(self.document.findall(nodes.math)):
            siblings = formula.parent.children
            at = siblings.index(formula)
            before, after = _text(siblings[:at][-1:]), _text(siblings[at + 1 :][:1])
            opening, closing = _OPENING.findall(before)[0], _CLOSING.findall(after)[0]
            if not (opening or closing):
                continue
            whole = nodes.inline(classes=["ce-unbroken"])
            formula.replace_self(whole)
            whole += [nodes.Text(opening), formula, nodes.Text(closing)]
            if opening:
                before.parent.replace(before, nodes.Text(before.removesuffix(opening)))
            if closing:
                after.parent.replace(after, nodes.Text(after.removeprefix(closing)))


def _text(neighbour: list[nodes.Node]) -> nodes.Text:
    return neighbour[0] if neighbour and isinstance(neighbour[0], nodes.Text) else nodes.Text("")


def has_mathematics(doctree: nodes.document) -> bool:
    r"""Return whether some HTML output on a page has a formula between ``\(`` and ``\)``."""
    return any(r"\(" in output.astext() for output in doctree.findall(nodes.raw))


def _mark_page(app: Sphinx, doctree: nodes.document) -> None:
    if has_mathematics(doctree):
        pages = cast(dict[str, Any], app.env.get_domain("math").data["has_equations"])
        pages[app.env.docname] = True
