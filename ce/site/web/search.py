"""Find words in the book, from a server and from the disk: the sections of all pages, as they read, in one script."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from ce.site.freshness import up_to_date
from ce.site.problems import promised_pages

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Code, what is there for machines, and what stands twice: a formula is read from its MathML.
_SKIPPED = {"script", "style", "pre", "annotation", "noscript", "svg", "button", "form"}
_SKIPPED_CLASSES = {
    "katex-html",
    "headerlink",
    "ce-code",
    "ce-grade",
    "ce-table",
    "ce-tip",
    "ce-spoken",
    "hide",
    "prev-next-footer",
    "toctree-wrapper",
}
_BLOCKS = {
    "p",
    "div",
    "li",
    "td",
    "th",
    "dt",
    "dd",
    "figcaption",
    "summary",
    "caption",
    "strong",
    "section",
    "h1",
    "h2",
}
_HEADINGS = {"h1", "h2", "h3"}
# MathML writes a hat after its letter.
_HAT = re.compile(r"(\w)\^")


@dataclass
class Section:
    """A heading, or an entry of the glossary, with its address in the page, and the text from there to the next."""

    anchor: str
    title: str = ""
    text: str = ""
    terms: str = ""  # what else it is looked for by: its entries in the index


@dataclass
class _Reader(HTMLParser):
    """Reads the article of a page."""

    terms: dict[str, str] = field(default_factory=dict)  # by the id of the place that they point at
    found: list[Section] = field(default_factory=list)
    open: list[tuple[str, bool]] = field(default_factory=list)  # the tags around, and whether each is skipped
    anchor: str = ""
    coming: str = ""  # the terms of places between the beginning of a section and its heading
    heading: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a section begins and what is not read."""
        about = dict(attrs)
        name = about.get("id") or ""
        classes = set((about.get("class") or "").split())
        if tag == "article" and "bd-article" in classes:
            self.open = [(tag, False)]
        elif self.open and tag not in _VOID:
            skipped = self.open[-1][1] or tag in _SKIPPED or bool(classes & _SKIPPED_CLASSES)
            self.open.append((tag, skipped))
            # An entry of the glossary is a section too.
            begins = tag == "dt" and name
            if name and not skipped and (begins or (tag == "section" and "ce-exercise" not in classes)):
                self.anchor = name
            if (begins or tag in _HEADINGS) and not skipped:
                self.found.append(Section(self.anchor, terms=self.coming))
                self.coming, self.heading = "", True
        if tag != "dt" and (terms := self.terms.get(name)):  # what the glossary explains is in the index by its title
            if self.found and self.found[-1].anchor == self.anchor:
                self.found[-1].terms += f" {terms}"
            else:
                self.coming += f" {terms}"
        if tag in _BLOCKS:
            self._write(" ")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag in {*_HEADINGS, "dt"}:
            self.heading = False
        if tag in _BLOCKS:
            self._write(" ")
        while self.open and tag not in _VOID:
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        """Take text in."""
        self._write(data)

    def _write(self, text: str) -> None:
        if self.open and not self.open[-1][1] and self.found:
            if self.heading:
                self.found[-1].title += text
            else:
                self.found[-1].text += text


def sections(html: str, terms: dict[str, str] | None = None) -> list[Section]:
    """Return the sections of a page as they read, and the terms of the places in each by their ids.

    Code is left out, and formulas are their signs. A place between the beginning of a section and its heading is of
    that section.

    Examples
    --------
    >>> page = '<article class="bd-article"><section id="a"><h1>A<a class="headerlink">#</a></h1><p>Be <b>it</b>.</p>'
    >>> page += '<pre>x = 1</pre><section id="b"><span id="index-0"></span><h2>B</h2></section></section></article>'
    >>> sections(page, {"index-0": "bee"})
    [Section(anchor='a', title='A', text='Be it.', terms=''), Section(anchor='b', title='B', text='', terms=' bee')]
    """
    reader = _Reader(terms or {})
    reader.feed(html)
    for section in reader.found:
        section.title, section.text = (
            re.sub(r" (?=[.,;:)])", "", " ".join(_HAT.sub("\\1\u0302", text.replace("\u200b", "")).split()))
            for text in (section.title, section.text)
        )
    return reader.found


def setup(app: Sphinx) -> None:
    """Write the script when all pages are written, and the page of the search in the place of Sphinx's own."""
    app.connect("config-inited", _own_page)
    app.connect("builder-inited", _no_word_stems)
    app.connect("build-finished", _write_index, priority=700)


def _own_page(_app: Sphinx, config: Config) -> None:
    config.html_additional_pages = {**config.html_additional_pages, "search": "search.html"}


def _no_word_stems(app: Sphinx) -> None:
    # Sphinx's index, of word stems, would be written beside ours, and nothing asks for it.
    if app.builder.name == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def _write_index(app: Sphinx, error: Exception | None) -> None:
    html = Path(app.outdir)
    path = html / "_static" / "search_index.js"
    if error is not None or app.builder.name != "html" or up_to_date(app, [path]):
        return
    pages = []
    for name in promised_pages(app):
        page = html / f"{name}.html"
        if page.is_file():
            terms: dict[str, str] = {}
            for _, words, place, *_ in app.env.get_domain("index").entries.get(name, ()):  # type: ignore[attr-defined]
                terms[place] = f"{terms.get(place, '')} {words}".strip()
            found = sections(page.read_text(encoding="utf8"), terms)
            pages.append([f"{name}.html", [[each.anchor, each.title, each.text, each.terms] for each in found]])
    listed = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"globalThis.ceSections={listed};\n", encoding="utf8")
