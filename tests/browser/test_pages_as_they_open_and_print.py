"""Each page as it opens from a server, with JavaScript and without, in both themes, and on paper.

What it asks for are few of the book's own files; its formulas are set, and all its colours stand out. On paper it is
black on white, whatever the theme; code and worked answers that are folded stay away. One visit serves all of this.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader

from tests.browser.contrast import too_pale
from tests.browser.visits import FORMULA, PAGES, Visit, assert_whole, visit

LOADED = re.compile(r"<(?:script|img|iframe|source|link|video|audio)\b[^>]*?\b(?:src|href)=\"([^\"]*)\"")
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
# The ground of every element that has one, and the halo of every word in a plot: what is not nearly white.
DARK_GROUNDS = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const known = new Map();  // reading a canvas back is slow, and a page has few colours
  const light = colour => known.get(colour) ?? (known.set(colour, painted(colour)), known.get(colour));
  const painted = colour => {
    canvas.fillStyle = '#fff'; canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return Math.min(...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)) >= 230;
  };
  const found = [];
  for (const element of document.querySelectorAll('html, body, body *')) {
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    if (!light(style.backgroundColor))
      found.push(`${element.tagName}.${element.className}: ${style.backgroundColor}`);
    if (element.tagName === 'text' && style.stroke !== 'none' && !light(style.stroke))
      found.push(`halo of ${element.textContent}: ${style.stroke}`);
  }
  return found;
}"""
WITHOUT_CODE = """article => {
  const copy = article.cloneNode(true);
  for (const code of copy.querySelectorAll('pre, code, script, annotation')) code.remove();
  return copy.textContent;
}"""


def test_a_page_asks_no_other_host_and_complains_of_nothing(reading: Visit, served_book: str) -> None:
    assert_whole(reading, served_book)
    article = reading.page.locator(".bd-article")
    assert not re.search(r"\\[(\[]", article.evaluate(WITHOUT_CODE)), "TeX that is not typeset"


def test_a_first_visit_weighs_little_and_a_further_page_less(
    reading: Visit, served_book: str, built_book: Path
) -> None:
    paths = {built_book / re.split("[?#]", url.removeprefix(f"{served_book}/"))[0] for url in reading.requests}
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


def test_without_javascript_text_formulas_and_pictures_are_there(
    without_javascript: Page, built_book: Path, name: str
) -> None:
    page = without_javascript
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


def test_every_picture_of_a_figure_is_a_file(built_book: Path, name: str) -> None:
    html = (built_book / f"{name}.html").read_text(encoding="utf8")
    for address in re.findall(r'<img class="ce-picture" src="([^"]*)"', html):
        picture = (built_book / name).parent / address
        assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.fixture(scope="module")
def paper(reading: Visit) -> Page:
    """A page as it is printed by a reader who reads in the dark; for looking at only, when all else has been seen."""
    page = reading.page
    page.set_viewport_size({"width": 800, "height": 1100})
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    # What is asked for by style sheet alone: an engine need not tell scripts that it is about to print.
    page.emulate_media(color_scheme="dark", media="print")
    return page


def test_every_word_stands_out_from_the_paper(paper: Page) -> None:
    assert not too_pale(paper)


def test_every_ground_is_white_so_that_it_may_be_printed_or_not(paper: Page) -> None:
    assert not paper.evaluate(DARK_GROUNDS)


def test_the_paper_is_white(paper: Page) -> None:
    picture = np.asarray(Image.open(io.BytesIO(paper.screenshot())).convert("L"))
    assert np.mean(picture > 230) > 0.7


def test_the_same_page_is_dark_on_the_screen(browser: Browser, served_book: str) -> None:
    context = browser.new_context(color_scheme="dark", viewport={"width": 800, "height": 1100})
    page = visit(context, f"{served_book}/book/index.html").page
    grounds = page.evaluate(DARK_GROUNDS)
    context.close()
    assert any(ground.startswith("BODY") for ground in grounds), "the check above would find nothing"


# What should stand on paper and does not, and what should not and does. A fold that its reader has opened is printed.
MISPRINTED = """() => {
  const all = selector => [...document.querySelectorAll('.bd-article :is(' + selector + ')')];
  const seen = part => part.checkVisibility({visibilityProperty: true});
  const worked = all('.ce-worked').slice(0, 1);
  const opened = worked.filter(fold => {
    fold.open = true;
    const printed = seen(fold) && fold.getBoundingClientRect().height > 0;
    fold.open = false;
    return !printed;
  });
  const printed = all('details:not(.below-output, .ce-code, .ce-worked, .ce-ledger *)').filter(fold => {
    const part = fold.querySelector(':scope > :not(summary, .cell_input)');
    return !part || !seen(part) || !part.getBoundingClientRect().height;
  });
  const kept = 'details.below-output, .ce-code, .ce-worked, .hide > .cell_input, .ce-controls, .copybtn';
  return [...opened, ...printed, ...all(kept).filter(seen)].map(part => part.outerHTML.slice(0, 100));
}"""


def test_counterexamples_are_printed_and_worked_answers_and_folded_code_are_not(paper: Page) -> None:
    assert not paper.evaluate(MISPRINTED)


@pytest.mark.parametrize(
    ("place", "paper_size"),
    [("reference/glossary", "A4"), ("reference/glossary", "Letter"), ("gradient/squared-error-saturates", "A4")],
)
def test_what_heads_a_part_is_not_the_last_line_of_a_sheet(
    context: BrowserContext, served_book: str, place: str, paper_size: str
) -> None:
    page = visit(context, f"{served_book}/book/{place}.html").page
    heads = page.locator(".bd-article :is(h1, h2, h3, h4, dt)").evaluate_all("all => all.map(head => head.innerText)")
    letters = {re.sub(r"\W", "", head) for head in heads}
    sheets = PdfReader(io.BytesIO(page.pdf(format=paper_size))).pages
    assert len(sheets) > 3
    for sheet in sheets[:-1]:
        at: dict[int, str] = {}

        def note(text: str, whole: list[float], own: list[float], *_: Any, at: dict[int, str] = at) -> None:
            height = round(own[5] * whole[3] + whole[5])
            at[height] = at.get(height, "") + re.sub(r"\W", "", text)

        sheet.extract_text(visitor_text=note)
        last = next(at[height] for height in sorted(at) if at[height])
        assert last not in letters
