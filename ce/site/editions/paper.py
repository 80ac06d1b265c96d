"""Print the book and each of its pages, by Chromium, the one that the tests use: ``make pdf``.

The pages of the site have a style for paper: light whatever the theme, figures drawn as they begin, counter-examples
unfolded, no code that is folded away, nothing to press. Here they are put one after the other, with contents that link
to them and name their pages, and what a page cites stands at its end where the bibliography does not follow. The
exercises of a chapter are also a sheet to hand out, with room to write, and its key.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader
from sphinx_external_toc.parsing import parse_toc_yaml

# Without a window Chromium opens a page for two thirds of the processor time.
COMMANDS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    # The lists below the address bar are pages of their own, rendered for each window although no one sees it. Given
    # here, the switch takes the place of Playwright's: what looks for other machines is named again.
    "--disable-features=MediaRouter,WebUIOmniboxAimPopup,WebUIOmniboxPopup",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
HTML = Path("_build/html")
FOLDER = Path("_build/pdf")
_ARTICLE = re.compile(r'<article class="bd-article">(.*)</article>', re.DOTALL)
_HEADING = re.compile(r"<h1>(.*?)<a class=\"headerlink\"", re.DOTALL)
_NAMED = re.compile(r'(?<= )(id|for|aria-labelledby)="([^"]+)"')
_LINK = re.compile(r' href="([^"]*)"')
_WORK = re.compile(r'<a class="reference internal" href="[^"]*bibliography\.html#[^"]*" title="([^"]*)"')
_BIBLIOGRAPHY = "book/reference/bibliography"
# What a table says that is folded away on the page.
_FOLDED = re.compile(r'(?<=<p class="collapsed admonition-title">)Show (\w)')
_EXERCISES = '<section id="exercises">'
# A page of a reader's own, which is empty without a script and a browser's storage.
_OWN = '<div class="ce-progress">'
_DOCUMENT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="stylesheet" href="{site}/_static/site.css">
<style>
body {{ display: block; min-height: 0; }}
article.bd-article {{ break-before: page; counter-reset: ce-exercise; }}
article.bd-article:first-child {{ break-before: auto; }}
.ce-formalised a::after {{ content: none !important; }}
nav ul {{ padding: 0; }}
nav li {{ margin: 0.15em 0; list-style: none; display: flex; justify-content: space-between; }}
nav li::after {{ content: attr(data-page); }}
.ce-references {{ break-inside: avoid; }}
.ce-answered .ce-exercise::after {{ content: none; }}
</style>
<script src="{site}/_static/first_paint.js"></script>
<script defer src="{site}/_static/figure.js"></script>
<script defer src="{site}/_static/exercise_list.js"></script>
<script defer src="{site}/_static/exercise.js"></script>
</head>
<body>
{body}
</body>
</html>
"""
_FOOTER = (
    '<div style="width: 100%; padding: 0 18mm; display: flex; justify-content: space-between; '
    'font: 8pt sans-serif; color: #333"><span class="title"></span><span class="pageNumber"></span></div>'
)


def find_browser() -> str | None:
    """Give the path of an installed Chromium or Chrome; None leaves the choice to Playwright's own."""
    if named := os.environ.get("CE_CHROMIUM"):
        return named
    for command in COMMANDS:
        if found := shutil.which(command):
            return found
    return next((str(path) for path in _usual_places() if path.is_file()), None)


def launch_flags() -> list[str]:
    """Give the flags to start it with; Chromium refuses its sandbox to root."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*QUIET_FLAGS, *(["--no-sandbox"] if as_root else [])]


def _usual_places() -> Iterator[Path]:
    for name in ("Google Chrome", "Chromium"):
        yield Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if folder := os.environ.get(variable):
            yield Path(folder, "Google/Chrome/Application/chrome.exe")
            yield Path(folder, "Chromium/Application/chrome.exe")


@contextmanager
def opened_page() -> Iterator[Page]:
    """Open an empty page, in light colours."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=launch_flags())
        yield browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme="light")
        browser.close()


def document(html: Path, pages: Sequence[str], site: str, title: str = "") -> str:
    """Return pages of the site as one document.

    Parameters
    ----------
    html
        The built site.
    pages
        The names of the pages, such as ``book/quantity/cross-entropy``, in their order.
    site
        The way from the document to the site.
    title
        The title of a book, which then has contents.

    Raises
    ------
    ValueError
        When a file of that name is no page of the book.
    """
    articles, headings = [], []
    anchors = {page: re.sub(r"\W+", "-", page) for page in pages}
    for page in pages:
        text = (html / f"{page}.html").read_text(encoding="utf8")
        article = _ARTICLE.search(text)
        heading = article and _HEADING.search(article[1])
        if not article or not heading:
            raise ValueError(f"document: expected a page of the book with a heading, got {page}.html")
        headings.append(heading[1])
        works = sorted(set(_WORK.findall(text))) if _BIBLIOGRAPHY not in pages else []
        body = _moved(article[1], page, anchors, site)
        if works:
            items = "".join(f"<li>{work}</li>" for work in works)
            body += f'<section class="ce-references"><h2>References</h2><ul>{items}</ul></section>'
        articles.append(f'<article class="bd-article" id="{anchors[page]}">{body}</article>')
    body = "\n".join(articles)
    if title:
        entries = zip(anchors.values(), headings, strict=True)
        contents = "".join(f'<li><a href="#{anchor}">{heading}</a></li>' for anchor, heading in entries)
        body = f"<nav><h1>{escape(title)}</h1><ul>{contents}</ul></nav>{body}"
    return _DOCUMENT.format(title=title or re.sub(r"<[^>]*>", "", headings[0]), site=site, body=body)


def handout(html: Path, page: str, site: str, *, answered: bool = False) -> str:
    """Return the exercises of a page as a document: a sheet with room to write, or its key.

    Parameters
    ----------
    html
        The built site.
    page
        The name of the page, such as ``book/quantity/cross-entropy``.
    site
        The way from the document to the site.
    answered
        Whether it is the key: each exercise has its worked answer, in the place of the room.

    Raises
    ------
    ValueError
        When the page has no section of exercises.
    """
    whole = BeautifulSoup(document(html, [page], site), "html.parser")
    section, heading = whole.select_one('section[id$="--exercises"]'), whole.h1
    if section is None or heading is None or section.h2 is None:
        raise ValueError(f"handout: expected a page with exercises, got {page}.html")
    for link in heading.select(".headerlink"):
        link.decompose()
    what = "key" if answered else "exercises"
    heading.append(f": {what}")
    section.h2.replace_with(heading)
    for said in section.find_all("p", recursive=False):
        # What stays is the names of the groups; how the page judges is of no use here.
        if not said.find("strong", recursive=False):
            said.decompose()
    for worked in section.select(".ce-worked") if answered else ():
        worked.name = "div"
    for summary in section.select("div.ce-worked > summary"):
        summary.decompose()
    kind = "bd-article ce-answered" if answered else "bd-article"
    title = " ".join(heading.get_text().split())
    return _DOCUMENT.format(title=escape(title), site=site, body=f'<article class="{kind}">{section}</article>')


def _moved(article: str, page: str, anchors: Mapping[str, str], site: str) -> str:
    """Return the text of a page with names of its own, and links within the document or to other hosts only."""

    def link(found: re.Match[str]) -> str:
        path, _, anchor = found[1].partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else f"{page}.html"
        place = anchors.get(target.removesuffix(".html"))
        if "://" in path:
            return found[0]
        return "" if place is None else f' href="#{place}{"--" if anchor else ""}{anchor}"'

    named = _NAMED.sub(rf'\1="{anchors[page]}--\2"', article)
    named = _FOLDED.sub(lambda found: found[1].upper(), named)
    return re.sub(r'(?<= src=")(?:\.\./)+', f"{site}/", _LINK.sub(link, named))


def print_pages(browser: Page, html: Path, pages: Sequence[str], target: Path, title: str = "") -> None:
    """Print pages of the site into one PDF."""
    _print(browser, document(html, pages, _way(html, target), title), target)


def _way(html: Path, target: Path) -> str:
    return posixpath.relpath(html.resolve(), target.parent.resolve())


def _print(browser: Page, text: str, target: Path) -> None:
    source = target.with_suffix(".html")
    source.write_text(text, "utf8")
    # With a place to go to, so that first_paint.js lets no figure wait for a task of its own.
    browser.goto(f"{source.resolve().as_uri()}#all")
    browser.evaluate("document.fonts.ready.then(() => true)")
    _write(browser, target)
    if browser.locator("nav").count():
        # On which pages the chapters begin is known when they are printed.
        printed = PdfReader(target)
        begins = [printed.get_destination_page_number(one) for one in printed.outline if not isinstance(one, list)]
        number = "(entries, begins) => entries.forEach((entry, at) => { entry.dataset.page = begins[at + 1] + 1; })"
        browser.eval_on_selector_all("nav li", number, begins)
        _write(browser, target)
    source.unlink()


def _write(browser: Page, target: Path) -> None:
    margin = {"top": "18mm", "bottom": "20mm", "left": "18mm", "right": "18mm"}
    browser.pdf(
        path=target,
        format="A4",
        margin=margin,  # type: ignore[arg-type]
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=_FOOTER,
        tagged=True,
        outline=True,
    )


def main() -> int:
    """Print the built book, each of its pages, and the exercises of each with their key; give the exit code."""
    if not (HTML / "index.html").is_file():
        print(f"Expected the built book at {HTML}: run `make book` first, from the book's folder.")
        return 1
    sheets = FOLDER / "exercises"
    sheets.mkdir(parents=True, exist_ok=True)
    toc = map(str, parse_toc_yaml(Path("_toc.yml")))
    pages = [page for page in toc if _OWN not in (HTML / f"{page}.html").read_text("utf8")]
    book = re.search(r'property="og:site_name" content="([^"]*)"', (HTML / f"{pages[0]}.html").read_text("utf8"))
    with opened_page() as browser:
        for page in pages:
            name = posixpath.basename(page)
            print_pages(browser, HTML, [page], FOLDER / f"{name}.pdf")
            if _EXERCISES in (HTML / f"{page}.html").read_text("utf8"):
                for target, answered in ((sheets / f"{name}.pdf", False), (sheets / f"{name}-key.pdf", True)):
                    _print(browser, handout(HTML, page, _way(HTML, target), answered=answered), target)
        print_pages(browser, HTML, pages, FOLDER / "book.pdf", book[1] if book else "The book")
    print(f"Wrote the book, {FOLDER}/book.pdf, each page beside it, and the exercises with their keys in {sheets}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
