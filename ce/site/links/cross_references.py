"""Let pages refer to figures and exercises by name, list the literature, and show which page needs which.

``{ref}`the tangent <figure-tangent>``` leads to the figure of that name, on whatever page it stands, and
``{ref}`this slip <exercise-turning-point>``` to an exercise. The directive ``prerequisites`` puts a table of what
the paragraphs refer to that begin with “You need”. A name that nothing has is a warning, as any missing label is.

Chapters cite by author and year, so the list of references needs no labels; and the role that docutils gives each
entry is one that browsers no longer know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util import docname_join, logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.writers.html5 import HTML5Translator

from ce.site.figures import exercises_in, live_figure
from ce.site.problems import promised_pages

__all__ = ["setup"]

_NEEDS = "needs"


def setup(app: Sphinx) -> None:
    """Register the directive, read names and needs off every page, and replace how citations are written to HTML."""
    app.add_directive("prerequisites", _Directive)
    app.connect("doctree-read", _register_names)
    app.connect("doctree-read", _note_needs)
    app.connect("doctree-resolved", _draw_tables)
    app.add_node(nodes.citation, override=True, html=(_open_entry, _close_entry))


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
