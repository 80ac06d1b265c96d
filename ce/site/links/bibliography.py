"""Print the list of references as a list.

Chapters cite by author and year, so the list needs no labels; and the role that docutils gives each entry is
one that browsers no longer know.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

__all__ = ["setup"]


def setup(app: Sphinx) -> None:
    """Replace how citations and their labels are written to HTML."""
    app.add_node(nodes.citation, override=True, html=(_open_entry, _close_entry))


def _open_entry(translator: HTML5Translator, node: nodes.citation) -> None:
    # The children are a label, which stays out, and the paragraphs of the entry.
    node.children = [child for child in node.children if not isinstance(child, nodes.label)]
    translator.body.append(translator.starttag(node, "div", CLASS="citation"))


def _close_entry(translator: HTML5Translator, _node: nodes.citation) -> None:
    translator.body.append("</div>\n")
