"""Link what pages refer to: figures and exercises by name, terms, the literature, and which page needs which.

``{ref}`the tangent <figure-tangent>``` leads to the figure of that name, on whatever page it stands, and
``{ref}`this slip <exercise-turning-point>``` to an exercise. The directive ``prerequisites`` puts a table of what
the paragraphs refer to that begin with “You need”. A name that nothing has is a warning, as any missing label is.

The first use of a term on each page links to the glossary, which is Sphinx's own, with its definition beside it. The
definition stands within the page, hidden until pointer or focus is on the term (``book.css``), so it is there from the
disk too; Escape hides it (``glossary.js``).

Chapters cite by author and year, so the list of references needs no labels; and the role that docutils gives each
entry is one that browsers no longer know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import docname_join, logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.writers.html5 import HTML5Translator

from ce.site.figures import exercises_in, live_figure
from ce.site.mathematics import typeset_within
from ce.site.problems import promised_pages

_NEEDS = "needs"
# Where a word is no running text, or has been said to be something else already.
_APART = (nodes.reference, nodes.title, nodes.literal, nodes.strong, nodes.caption, nodes.citation, nodes.footnote)


def setup(app: Sphinx) -> None:
    """Read names and needs off every page; link terms once all are read, and read all again for a new glossary."""
    app.add_directive("prerequisites", _Directive)
    app.connect("doctree-read", _register_names)
    app.connect("doctree-read", _note_needs)
    app.connect("doctree-resolved", _draw_tables)
    app.add_node(nodes.citation, override=True, html=(_open_entry, _close_entry))
    app.add_node(term_use, html=(_open, _close))
    app.add_post_transform(FirstUses)
    app.connect("env-get-outdated", _with_the_glossary)


class _Table(nodes.General, nodes.Element):
    """The place of the table, until the needs of all pages are known."""


class _Directive(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        for page in self.env.found_docs:  # the table is made anew when any of them changes
            self.env.note_dependency(self.env.doc2path(page))
        return [_Table()]


def _register_names(app: Sphinx, doctree: nodes.document) -> None:
    domain, page = app.env.get_domain("std"), app.env.docname
    for name, title in _names(doctree):
        first = domain.data["anonlabels"].setdefault(name, (page, name))[0]
        domain.data["labels"].setdefault(name, (page, name, title))
        if first != page:
            message = "%s stands on %s too: a figure or an exercise needs a name of its own"
            logging.getLogger(__name__).warning(message, name, first, location=page)


def _names(doctree: nodes.document) -> Iterator[tuple[str, str]]:
    for figure in doctree.findall(live_figure):
        yield f"figure-{figure['spec']['name']}", figure["spec"]["title"]
    for name in exercises_in(doctree):
        yield f"exercise-{name}", "exercise"


def _note_needs(app: Sphinx, doctree: nodes.document) -> None:
    page = app.env.docname
    app.env.metadata[page][_NEEDS] = [
        docname_join(page, link["reftarget"])
        for paragraph in doctree.findall(nodes.paragraph)
        if paragraph.astext().startswith("You need")
        for link in paragraph.findall(pending_xref)
        if link["reftype"] == "doc"
    ]


def _draw_tables(app: Sphinx, doctree: nodes.document, page: str) -> None:
    for place in list(doctree.findall(_Table)):
        order = [name for name in promised_pages(app) if name in app.env.titles]
        needs = {name: [need for need in app.env.metadata[name][_NEEDS] if need in order] for name in order}
        needed = {name: [other for other in order if name in needs[other]] for name in order}

        def links(names: Iterable[str]) -> nodes.paragraph:
            paragraph = nodes.paragraph()
            for name in names:
                title = nodes.Text(app.env.titles[name].astext())
                paragraph += [nodes.Text(" · ")] * bool(paragraph.children)
                paragraph += make_refnode(app.builder, page, name, "", title)
            return paragraph

        head = [nodes.paragraph("", title) for title in ("chapter", "needs", "is needed by")]
        rows = [
            [links((name,)), links(needs[name]), links(needed[name])] for name in order if needs[name] or needed[name]
        ]
        place.replace_self(_table(head, rows))


def _table(head: list[nodes.paragraph], rows: list[list[nodes.paragraph]]) -> nodes.table:
    def row(cells: list[nodes.paragraph]) -> nodes.row:
        return nodes.row("", *(nodes.entry("", cell) for cell in cells))

    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
    group += [nodes.thead("", row(head)), nodes.tbody("", *map(row, rows))]
    return nodes.table("", group)


def _open_entry(translator: HTML5Translator, node: nodes.citation) -> None:
    # The children are a label, which stays out, and the paragraphs of the entry.
    node.children = [child for child in node.children if not isinstance(child, nodes.label)]
    translator.body.append(translator.starttag(node, "div", CLASS="citation"))


def _close_entry(translator: HTML5Translator, _node: nodes.citation) -> None:
    translator.body.append("</div>\n")


class Definition(NamedTuple):
    """Where a term is defined, and the first paragraph of its definition as HTML."""

    page: str
    anchor: str
    html: str


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

    def run(self, **_: Any) -> None:
        """Go through the words of the page."""
        kept: dict[str, dict[str, Definition]] = self.app.builder.__dict__  # for the other pages of this build
        if "ce_terms" not in kept:
            kept["ce_terms"] = defined_terms(self.env)
        wanted = {term: found for term, found in kept["ce_terms"].items() if found.page != self.env.docname}
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
