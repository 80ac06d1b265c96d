"""Link the first use of a term on each page to the glossary, with its definition beside it.

The glossary is Sphinx's own. The definition stands within the page, hidden until pointer or focus is on the term
(``book.css``), so it is there from the disk too; Escape hides it (``glossary.js``).
"""

from __future__ import annotations

import re
from functools import cached_property
from html import escape
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from ce.site.mathematics import typeset_within

__all__ = ["Definition", "FirstUses", "defined_terms", "setup", "term_use"]

# Where a word is no running text, or has been said to be something else already.
_APART = (nodes.reference, nodes.title, nodes.literal, nodes.strong, nodes.caption, nodes.citation, nodes.footnote)


class Definition(NamedTuple):
    """Where a term is defined, and the first paragraph of its definition as HTML."""

    page: str
    anchor: str
    html: str


def setup(app: Sphinx) -> None:
    """Link terms once all pages are read; read all pages again when the glossary has changed."""
    app.add_node(term_use, html=(_open, _close))
    app.add_post_transform(FirstUses)
    app.connect("env-get-outdated", _with_the_glossary)


def defined_terms(env: BuildEnvironment) -> dict[str, Definition]:
    """Return the terms of the glossary, in lower case."""
    entries = {
        anchor: (page, name.lower())
        for name, _, kind, page, anchor, _ in env.get_domain("std").get_objects()
        if kind == "term"
    }
    found = {}
    for page in {page for page, _ in entries.values()}:
        for item in env.get_doctree(page).findall(nodes.definition_list_item):
            first = next(item.findall(nodes.paragraph))
            html = "".join(_as_html(child) for child in first.children)
            for anchor in (anchor for term in item.findall(nodes.term) for anchor in term["ids"]):
                if anchor in entries:
                    found[entries[anchor][1]] = Definition(page, anchor, html)
    return found


def _as_html(node: nodes.Node) -> str:
    text = escape(node.astext())
    return rf"\({text}\)" if isinstance(node, nodes.math) else text


class term_use(nodes.reference):  # noqa: N801 (docutils names its nodes so)
    """A link to a term's ``definition``, which it holds."""


class FirstUses(SphinxPostTransform):
    """Make the first use of each term in a page's running text a link that shows the definition."""

    default_priority = 290  # before a formula and the punctuation beside it are put into one piece (300)
    formats = ("html",)

    @cached_property
    def _terms(self) -> dict[str, Definition]:
        kept: dict[str, Any] = self.app.builder.__dict__
        if "ce_terms" not in kept:
            kept["ce_terms"] = defined_terms(self.env)
        return dict(kept["ce_terms"])

    def run(self, **_: Any) -> None:
        """Go through the words of the page."""
        wanted = {term: found for term, found in self._terms.items() if found.page != self.env.docname}
        pattern = _pattern(wanted)
        for text in list(self.document.findall(_is_running)):
            pieces, rest = [], str(text)
            while found := pattern.search(rest):
                definition = wanted[found[1].lower()]
                pieces += [nodes.Text(rest[: found.start()]), self._link(found[0], definition)]
                rest = rest[found.end() :]
                wanted = {term: other for term, other in wanted.items() if other.html != definition.html}
                pattern = _pattern(wanted)
            if pieces:
                text.parent.replace(text, [piece for piece in (*pieces, nodes.Text(rest)) if piece.astext()])

    def _link(self, words: str, found: Definition) -> term_use:
        address = self.app.builder.get_relative_uri(self.env.docname, found.page)
        return term_use("", words, refuri=f"{address}#{found.anchor}", internal=True, definition=found.html)


def _is_running(text: nodes.Node) -> bool:
    node, within = text.parent, False
    while isinstance(text, nodes.Text) and node is not None and not isinstance(node, _APART):
        within = within or isinstance(node, nodes.paragraph)
        node = node.parent
    return within and node is None


def _pattern(terms: dict[str, Definition]) -> re.Pattern[str]:
    """Match any of the terms as a word, in the singular or plural; the longest first."""
    longest = sorted(terms, key=len, reverse=True) or [r"(?!)"]
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest))})(?:e?s)?(?![\w-])", re.IGNORECASE)


def _open(translator: HTML5Translator, node: term_use) -> None:
    name = f"definition-{node['refuri'].partition('#')[2]}"
    link = f'<a class="reference internal" href="{escape(node["refuri"])}" aria-describedby="{name}">'
    translator.body.append(f'<span class="ce-term">{link}')
    translator.context.append(
        f'</a><span class="ce-tip" role="tooltip" id="{name}">{typeset_within(node["definition"])}</span></span>'
    )


def _close(translator: HTML5Translator, _node: term_use) -> None:
    translator.body.append(translator.context.pop())


def _with_the_glossary(app: Sphinx, env: BuildEnvironment, _added: Any, changed: set[str], _removed: Any) -> list[str]:
    pages = {found.page for found in defined_terms(env).values()} if changed else set()
    return sorted(env.found_docs) if pages & changed else []
