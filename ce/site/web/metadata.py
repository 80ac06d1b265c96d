"""Say to search engines, to whoever shares a page and to whoever lost their way what a page is about."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from ce.site.figures import first_picture
from ce.site.problems import promised_pages
from ce.site.web.search import sections

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_PICTURE = "_static/first-figure.png"
_LONGEST = 300
_NOT_FOUND = (
    "<h1>There is no such page</h1><p>It may have been renamed. The contents at the left name every page, "
    'and <a href="{search}">the search</a> finds their words; or begin at <a href="{first}">the first page</a>.</p>'
)
_ENTRANCE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta http-equiv="refresh" content="0; url={first}">
</head>
<body><p><a href="{first}">{title}</a></p></body>
</html>
"""


def setup(app: Sphinx) -> None:
    """Write the tags into each page, and the files that go with them."""
    app.connect("html-page-context", _describe)
    app.connect("html-collect-pages", _not_found)
    app.connect("build-finished", _write_files)


def description(body: str) -> str:
    """Return the first sentences of a page, as many as a search engine shows.

    Examples
    --------
    >>> description("<h1>Logs</h1><p>A log is slow. It never stops.</p>")
    'A log is slow. It never stops.'
    """
    beginning, _, _ = body.partition("<h2")
    read = sections(f'<article class="bd-article">{beginning}</article>')
    text = ""
    for sentence in re.split(r"(?<=[.?!]) ", read[0].text if read else ""):
        if len(text) > 60 and len(text) + len(sentence) > 200:
            break
        text = f"{text} {sentence}".strip()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"


def metatags(page: str, title: str, body: str, *, book: str, base: str = "") -> str:
    """Return the tags that tell what a page is about: description, Open Graph, structured data.

    Parameters
    ----------
    page, title, body
        Its name, title and HTML.
    book
        The title of the book.
    base
        The address of the book where it is published, empty where that is not known.
    """
    try:
        picture = posixpath.normpath(posixpath.join(posixpath.dirname(page), first_picture(body)))
    except ValueError:
        picture = _PICTURE
    base = base.rstrip("/") + "/" if base else ""
    up = base or "../" * page.count("/")
    about, address = description(body) or book, f"{base}{page}.html"
    shared = {"type": "article", "title": title, "description": about, "image": up + picture, "site_name": book}
    data = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": title,
        "description": about,
        "inLanguage": "en",
        "isPartOf": {"@type": "Book", "name": book},
        "license": _LICENCE,
        "isAccessibleForFree": True,
    }
    if base:
        shared["url"] = data["url"] = address
    tags = [f'<meta name="description" content="{escape(about)}">']
    tags += [f'<meta property="og:{name}" content="{escape(text)}">' for name, text in shared.items()]
    written = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return "\n".join([*tags, f'<script type="application/ld+json">{written}</script>', ""])


def sitemap(base: str, pages: list[str]) -> str:
    """Return the list of all pages that search engines ask for.

    Examples
    --------
    >>> print(sitemap("https://example.org/book", ["a"]))
    <?xml version="1.0" encoding="UTF-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>https://example.org/book/a.html</loc></url>
    </urlset>
    """
    lines = [f"<url><loc>{escape(base.rstrip('/'))}/{page}.html</loc></url>" for page in pages]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return "\n".join([head, *lines, "</urlset>"])


def _describe(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: Any) -> None:
    # Sphinx says the viewport itself.
    tags = re.sub(r'<meta\b[^>]*name="viewport"[^>]*>', "", context.get("metatags", ""))
    if doctree is not None:
        title = unescape(re.sub(r"<[^>]*>", "", context["title"]))
        book = str(app.config.html_title)
        tags += metatags(page, title, context["body"], book=book, base=app.config.html_baseurl)
    elif page == "404" and app.config.html_baseurl:
        # It is shown at whatever address there is no page.
        tags += f'<base href="{escape(app.config.html_baseurl.rstrip("/"))}/">'
    context["metatags"] = tags


def _not_found(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    if app.builder.name == "html":
        body = _NOT_FOUND.format(search="search.html", first=f"{app.config.root_doc}.html")
        yield "404", {"title": "No such page", "body": body}, "page.html"


def _write_files(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.name != "html":
        return
    html, title = Path(app.outdir), escape(str(app.config.html_title))
    (html / "index.html").write_text(
        _ENTRANCE.format(title=title, first=f"{app.config.root_doc}.html"), encoding="utf8"
    )
    if base := app.config.html_baseurl:
        (html / "sitemap.xml").write_text(sitemap(base, promised_pages(app)), encoding="utf8")
