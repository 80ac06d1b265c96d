r"""Have formulas typeset also where only the output of a cell has them.

Sphinx gives a page MathJax when its own text has mathematics. Derivations and exercises print theirs as HTML,
between ``\(`` and ``\)``; on a page with nothing else, as the ledger is, they would stay source.
"""

from __future__ import annotations

from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx

__all__ = ["has_mathematics", "setup"]


def setup(app: Sphinx) -> None:
    """Look at each page after Sphinx has."""
    app.connect("doctree-read", _mark_page)


def has_mathematics(doctree: nodes.document) -> bool:
    r"""Return whether some HTML output on a page has a formula between ``\(`` and ``\)``."""
    return any(r"\(" in output.astext() for output in doctree.findall(nodes.raw))


def _mark_page(app: Sphinx, doctree: nodes.document) -> None:
    if has_mathematics(doctree):
        pages = cast(dict[str, Any], app.env.get_domain("math").data["has_equations"])
        pages[app.env.docname] = True
