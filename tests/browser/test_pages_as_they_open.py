"""Each page as it opens, from a server and from the disk, with JavaScript and without, in both themes.

What it asks for are few of the book's own files; its formulas are set, and all its colours stand out.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.contrast import too_pale
from tests.browser.visits import PAGES, Visit, visit

LOADED = re.compile(r"<(?:script|img|iframe|source|link|video|audio)\b[^>]*?\b(?:src|href)=\"([^\"]*)\"")
FORMULA = ".bd-article :is(span.math, div.math)"
# What the theme's style sheet says and the book's does not, of elements that the page has.
MISSED = """sheet => {
  const all = rules => [...rules].flatMap(rule => rule.selectorText
    ? rule.selectorText.split(/,(?![^(]*\\))/).map(selector => selector.trim()) : all(rule.cssRules ?? []));
  const kept = new Set([...document.styleSheets].flatMap(({cssRules}) => all(cssRules)));
  const theirs = new CSSStyleSheet();
  theirs.replaceSync(sheet);
  const left = all(theirs.cssRules).filter(selector => !kept.has(selector));
  // Which state an element is in does not matter here.
  const state = ":(?:hover|focus-visible|focus-within|focus|active|checked|disabled|invalid)\\\\b";
  const bare = selector => selector.replace(/::[-\\w]+/g, "").replace(new RegExp(`:not\\\\(${state}\\\\)`, "g"), "")
    .replace(new RegExp(state, "g"), ":not(#none)").replace(/(^|[\\s>+~])$/, "$1*");
  return [left.length, left.filter(selector => document.querySelector(bare(selector)))];
}"""
THEMES = ("pydata_sphinx_theme", "sphinx_book_theme")
WITHOUT_CODE = """article => {
  const copy = article.cloneNode(true);
  for (const code of copy.querySelectorAll('pre, code, script, annotation')) code.remove();
  return copy.textContent;
}"""


def test_a_page_asks_no_other_host_and_complains_of_nothing(reading: Visit, address: str) -> None:
    elsewhere = [url for url in reading.requests if not url.startswith((address, "data:", "blob:"))]
    assert not elsewhere
    assert not reading.complaints


def test_a_first_visit_weighs_little_and_a_further_page_less(reading: Visit, address: str, built_book: Path) -> None:
    paths = {built_book / re.split("[?#]", url.removeprefix(f"{address}/"))[0] for url in reading.requests}
    # On its way: a server packs text; faces and pictures are packed already.
    weights = {
        path: path.stat().st_size if path.suffix in {".woff2", ".png"} else len(gzip.compress(path.read_bytes()))
        for path in paths
    }
    # Formulas of a further page may need one more face.
    new = [path for path in paths if "_static" not in path.parts or re.match(r"katex-(ams|call|sans|size)", path.name)]
    assert 12 < len(paths) <= 25
    assert 150_000 < sum(weights.values()) <= 400_000
    # The page on squared error as a likelihood has 69,700, with five more faces.
    assert 2_000 < sum(weights[path] for path in new) <= 70_000


def test_the_site_takes_little_room_and_holds_no_file_that_nothing_asks_for(built_book: Path) -> None:
    sizes = {path.relative_to(built_book): path.stat().st_size for path in built_book.rglob("*") if path.is_file()}
    # 11.7 MB for 35 pages and a page for each figure; it was 14.9 MB with formulas as KaTeX writes them.
    assert 100_000 < sum(sizes.values()) / len(PAGES) <= 350_000
    assert not [
        str(path)
        for path in sizes
        if re.search(r"fontawesome|\.map$|\.po$|\.ttf$|/(bootstrap|doctools|wide)\.js$|/book\.css$", path.as_posix())
    ]


@pytest.mark.parametrize("page", [PAGES[0], "book/quantity/codes-and-bits", "book/reference/figure-gallery", "search"])
def test_no_rule_of_the_theme_that_a_page_needs_is_left_out(
    context: BrowserContext, served_book: str, page: str
) -> None:
    opened = visit(context, f"{served_book}/{page}.html").page
    for theme in THEMES:
        name = "sphinx-book-theme" if theme == "sphinx_book_theme" else "pydata-sphinx-theme"
        sheet = files(theme).joinpath("theme", theme, "static", "styles", f"{name}.css").read_text(encoding="utf8")
        left_out, missed = opened.evaluate(MISSED, sheet)
        assert left_out > 50
        assert not missed


def test_no_tag_of_a_page_points_at_another_host(built_book: Path, name: str) -> None:
    html = (built_book / f"{name}.html").read_text(encoding="utf8")
    loaded = LOADED.findall(html)
    assert any(".css" in address for address in loaded), "the pattern no longer finds what a page loads"
    assert not [address for address in loaded if re.match(r"(?:\w+:)?//", address)]


def test_each_formula_is_typeset(reading: Visit) -> None:
    page = reading.page
    assert page.locator(f"{FORMULA}:not(:has(.katex-mathml math))").count() == 0
    assert not re.search(r"\\[(\[]", page.locator(".bd-article").evaluate(WITHOUT_CODE)), "TeX that is not typeset"
    assert page.evaluate("typeof MathJax") == "undefined"


def in_both_themes(page: Page) -> Iterator[str]:
    """Look at a page in the light, then in the dark: a reader's system may change while it is open."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
        yield theme


def test_in_both_themes_all_text_stands_out_and_curves_have_colours_of_their_own(reading: Visit) -> None:
    strokes = "curves => curves.map(curve => getComputedStyle(curve).stroke)"
    for theme in in_both_themes(reading.page):
        assert not too_pale(reading.page), theme
        ink = reading.page.evaluate("getComputedStyle(document.body).color")
        for figure in reading.page.locator(".ce-live:has(.ce-curve:visible)").all():
            assert set(figure.locator(".ce-curve:visible").evaluate_all(strokes)) - {ink}, theme


def test_without_javascript_text_formulas_and_pictures_are_there(browser: Browser, built_book: Path, name: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{built_book.as_uri()}/{name}.html")
    expect(page.locator(".bd-article h1").first).to_be_visible()
    # Within a closed fold a formula is not shown, but it is there.
    assert page.locator(f"{FORMULA}:not(:has(.katex-html))").count() == 0
    for picture in page.locator(".ce-figure img").all():
        expect(picture).to_be_visible()
        assert picture.get_attribute("alt")
        box = picture.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 100
    context.close()


def test_every_picture_of_a_figure_is_a_file(built_book: Path, name: str) -> None:
    html = (built_book / f"{name}.html").read_text(encoding="utf8")
    for address in re.findall(r'<img class="ce-picture" src="([^"]*)"', html):
        picture = (built_book / name).parent / address
        assert picture.read_bytes().startswith(b"\x89PNG")
