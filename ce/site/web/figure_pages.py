"""Give each figure a page of its own, ``figures/NAME.html``: to project, to embed, to send as a link.

A figure stands there as on the page of its chapter, whose scripts and styles it shares. With ``?present`` in its
address it fills the window, and nothing else is there; with ``?embed`` it tells its height to the page around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from ce.site import figures

__all__ = ["page_of_figure", "setup"]

_FOLDER = "figures"
# The way from the page of a chapter up to the site's own folders, such as _images.
_UP = re.compile(r'(?<=")(?:\.\./)+(?=_)')


def setup(app: Sphinx) -> None:
    """Have the page of a figure written whenever the figure is."""
    written: dict[str, dict[str, str]] = {}

    def write(translator: HTML5Translator, node: figures.live_figure) -> None:
        start = len(translator.body)
        try:
            figures.write_html(translator, node)
        finally:
            html, spec = "".join(translator.body[start:]), node["spec"]
            chapter = translator.builder.current_docname
            written[spec["name"]] = {"title": spec["title"], "body": _UP.sub("../", html), "chapter": chapter}

    app.add_node(figures.live_figure, override=True, html=(write, None))
    app.connect("html-collect-pages", lambda app: _pages(app, written))
    app.connect("build-finished", _remove_pages_without_figure, priority=700)


def page_of_figure(name: str) -> str:
    """Return the name of the page of a figure.

    Examples
    --------
    >>> page_of_figure("tangent")
    'figures/tangent'
    """
    return f"{_FOLDER}/{name}"


def _pages(app: Sphinx, written: dict[str, dict[str, str]]) -> Iterator[tuple[str, dict[str, Any], str]]:
    for name, page in written.items():
        chapter = app.env.titles[page["chapter"]].astext()
        yield page_of_figure(name), {**page, "figure": name, "chapter_title": chapter}, "figure.html"


def _remove_pages_without_figure(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.name == "html":
        pages = [Path(app.builder.get_outfilename(page)) for page in app.env.found_docs]  # type: ignore[attr-defined]
        # A page that is missing is reported later, with its place in the table of contents.
        text = "".join(page.read_text(encoding="utf8") for page in pages if page.is_file())
        for path in Path(app.outdir, _FOLDER).glob("*.html"):
            if f'id="figure-{path.stem}"' not in text:
                path.unlink()
