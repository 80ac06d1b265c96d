"""A page makes do with the book's own files, from a server and from the disk, with JavaScript and without."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.visits import Visit

LOADED = re.compile(r"<(?:script|img|iframe|source|link|video|audio)\b[^>]*?\b(?:src|href)=\"([^\"]*)\"")
FORMULA = ".bd-article :is(span.math, div.math)"
WITHOUT_CODE = """article => {
  const copy = article.cloneNode(true);
  for (const code of copy.querySelectorAll('pre, code, script, annotation')) code.remove();
  return copy.textContent;
}"""


def test_a_page_asks_no_other_host_and_complains_of_nothing(reading: Visit, address: str) -> None:
    elsewhere = [url for url in reading.requests if not url.startswith((address, "data:", "blob:"))]
    assert not elsewhere
    assert not reading.complaints


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
