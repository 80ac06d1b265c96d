"""Every page of the book, wide and narrow, with all that is folded opened: what is true of each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.book_copies import ROOT
from tests.browser.visits import CUT, READY, visit

# What is called otherwise than what can be read on it, for whoever says what they see (WCAG 2.5.3).
MISNAMED = """() => [...document.querySelectorAll('button, summary, a[href]')].filter(element => {
  const label = element.ariaLabel, read = element.innerText.replace(/\\s+/g, ' ').trim().toLowerCase();
  return label !== null && element.checkVisibility() && read && !label.toLowerCase().includes(read);
}).map(element => `${element.ariaLabel}: ${element.innerText}`)"""


GRADES_OUTSIDE = """() => [...document.querySelectorAll('.ce-derivation .ce-grade')].filter(grade => {
  const right = element => element.getBoundingClientRect().right;
  return grade.checkVisibility() && right(grade) > right(grade.closest('.ce-derivation'));
}).map(grade => grade.closest('.ce-derivation').id)"""
# A box that a keyboard stops at although nothing of it is hidden.
NEEDLESS_STOPS = """() => [...document.querySelectorAll(
  ".bd-article :is(.katex, .math, .ce-math, .ce-reason, .ce-ledger, pre)[tabindex='0']"
)].filter(box => box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight)
  .map(box => box.outerHTML.slice(0, 80))"""
STOPS = """() => [...document.querySelectorAll(
  'a[href], button, input, select, textarea, summary, [tabindex]')]
  .filter(element => element.tabIndex === 0 && !element.disabled && element.checkVisibility()).length"""
ICONS = """() => [...document.querySelectorAll("*")].flatMap(element => ["::before", "::after"].map(part => {
  const style = getComputedStyle(element, part);
  return style.fontFamily.includes("Font Awesome 6 Free") ? style.content.replaceAll('"', "") : "none";
})).filter(content => content !== "none" && content !== "normal" && content !== "")"""


def unfolded(browser: Browser, address: str, width: int, height: int) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": height})
    page = visit(context, address).page
    page.evaluate("for (const fold of document.querySelectorAll('.bd-article details')) fold.open = true")
    page.wait_for_timeout(400)  # the theme waits 300 ms before it looks at listings
    page.evaluate(READY)  # what was folded may need a face of its own
    yield page
    context.close()


@pytest.fixture(scope="module")
def wide(browser: Browser, served_book: str, name: str) -> Iterator[Page]:
    """A page on a large screen; for looking at only."""
    yield from unfolded(browser, f"{served_book}/{name}.html", 1200, 900)


@pytest.fixture(scope="module")
def narrow(browser: Browser, served_book: str, name: str) -> Iterator[Page]:
    """A page on a telephone; whoever looks at it says how wide that is."""
    yield from unfolded(browser, f"{served_book}/{name}.html", 360, 740)


def test_what_can_be_read_on_a_control_is_in_its_name(wide: Page) -> None:
    folds = wide.locator("details.below-output > summary").all_inner_texts()
    assert not wide.evaluate(MISNAMED)
    assert all(re.match(r"(Show|Hide) the code\s+of (the figure|what is shown in) “", fold) for fold in folds), folds


def test_the_keyboard_stops_at_no_formula_that_fits(wide: Page, name: str) -> None:
    stops = wide.evaluate(STOPS)
    formulas, folds = wide.locator(".katex").count(), wide.locator(".bd-article summary").count()
    assert not wide.evaluate(NEEDLESS_STOPS)
    # What is left are links and controls, 35 to 110 on a chapter; the gallery has many figures, the ledger
    # a link for each of its derivations and theorems. It was 585 when each formula was one.
    most = 330 if "/reference/" in name else 150
    assert stops - folds < most, f"{stops} stops, {folds} folds, {formulas} formulas"


def test_every_icon_is_in_the_books_own_file(wide: Page) -> None:
    """An icon outside it would ask for the theme's, of 156 kB."""
    style = (ROOT / "book/_static/book.css").read_text(encoding="utf8")
    (ranges,) = re.findall(r"Font Awesome 6 Free[^}]*unicode-range:([^;]*);", style)
    inside = {chr(int(code, 16)) for code in re.findall(r"U\+([0-9A-F]+)", ranges)}
    icons = wide.evaluate(ICONS)
    assert len(icons) >= 5
    assert set(icons) <= inside


@pytest.mark.parametrize("width", [320, 360, 412])
def test_no_formula_is_cut_without_a_way_to_the_rest(narrow: Page, width: int) -> None:
    narrow.set_viewport_size({"width": width, "height": 740})
    narrow.evaluate(READY)
    assert not narrow.evaluate(CUT)
    assert not narrow.evaluate(GRADES_OUTSIDE)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= width


def test_a_fold_is_large_enough_for_a_finger(narrow: Page) -> None:
    narrow.set_viewport_size({"width": 360, "height": 740})
    boxes = [fold.bounding_box() for fold in narrow.locator(".bd-article summary:visible").all()]
    assert all(box and min(box["width"], box["height"]) >= 24 for box in boxes)
