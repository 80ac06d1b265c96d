"""A formula wider than its place can be reached and shows that it goes on; one that fits is no tab stop."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.browser.visits import CUT, PAGES, READY, TORN_OFF, visit

MARKED = ".bd-article [data-scrolls]"
LAID_OUT = """async () => {
  const waits = section => getComputedStyle(section).contentVisibility === 'auto';
  const frame = () => new Promise(requestAnimationFrame);
  while ([...document.querySelectorAll('.bd-article > section > section')].some(waits)) await frame();
  for (const _ of [1, 2, 3]) await frame();
}"""


def test_a_formula_whose_faces_come_late_is_looked_at_again(browser: Browser, served_book: str) -> None:
    """On this page there are some that fit as soon as they stand in their own faces."""
    context = browser.new_context(viewport={"width": 320, "height": 740})
    held: list[Route] = []
    come = False
    context.route("**/katex-*.woff2", lambda route: route.continue_() if come else held.append(route))
    page = context.new_page()
    page.goto(f"{served_book}/book/gradient/the-softmax-gradient.html", wait_until="domcontentloaded")
    page.evaluate("for (const fold of document.querySelectorAll('.bd-article details')) fold.open = true")
    page.evaluate(LAID_OUT)
    before = page.locator(MARKED).count()
    come = True
    for route in held:
        route.continue_()
    page.evaluate(READY)
    after, cut = page.locator(MARKED).count(), page.evaluate(CUT)
    context.close()
    assert before > after > 0
    assert not cut


def test_what_goes_on_to_the_left_says_so_too(browser: Browser, served_book: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 740})
    page = visit(context, f"{served_book}/book/quantity/kl-divergence.html").page
    box = page.locator(".bd-article [data-scrolls=right]").first
    assert box.get_attribute("tabindex") == "0"
    box.evaluate("box => { box.scrollLeft = 1e6; }")
    expect(page.locator(".bd-article [data-scrolls=left]")).to_have_count(1)
    # Turned on its side the telephone has room: no shadow, no stop.
    page.set_viewport_size({"width": 900, "height": 400})
    expect(page.locator(".bd-article :is(.math, .ce-math):is([data-scrolls], [tabindex])")).to_have_count(0)
    context.close()


def test_a_long_formula_of_the_text_goes_on_in_the_next_line(browser: Browser, served_book: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 740})
    page = visit(context, f"{served_book}/book/quantity/kl-divergence.html").page
    lines = page.locator(".bd-article span.math").evaluate_all(
        """formulas => formulas.filter(formula => formula.checkVisibility()).map(formula => {
          const middles = [...formula.querySelectorAll('.base')].map(part => part.getBoundingClientRect().bottom);
          return Math.max(...middles) - Math.min(...middles) > 12 ? 2 : 1;
        })"""
    )
    context.close()
    assert lines.count(2) >= 1
    assert lines.count(1) > 20


def test_a_screen_reader_still_has_every_formula(browser: Browser, served_book: str) -> None:
    context = browser.new_context()
    page = visit(context, f"{served_book}/{PAGES[1]}.html").page
    assert page.locator(".katex").count() == page.locator(".katex-mathml math").count() > 0
    assert page.locator(".katex-html:not([aria-hidden=true])").count() == 0
    context.close()


@pytest.mark.parametrize("key", ["ArrowLeft", "ArrowRight"])
def test_arrow_keys_stay_on_the_page(browser: Browser, served_book: str, key: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = visit(context, f"{served_book}/book/quantity/kl-divergence.html").page
    address = page.url
    for place in (page.locator("body"), page.locator("[data-scrolls]").first):
        place.focus()
        page.keyboard.press(key)
        page.wait_for_timeout(150)
        assert page.url == address
    context.close()


def test_the_shadow_of_a_wide_table_is_not_behind_its_rows(browser: Browser, served_book: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = visit(context, f"{served_book}/book/gradient/on-real-digits.html").page
    box = page.locator("[data-scrolls=right]:has(table)").first
    assert "gradient" in box.evaluate("box => getComputedStyle(box).backgroundImage")
    grounds = box.locator(":is(table, tr, th, td)").evaluate_all(
        "all => all.map(e => getComputedStyle(e).backgroundColor)"
    )
    assert set(grounds) == {"rgba(0, 0, 0, 0)"}
    context.close()


def test_no_style_sheet_hangs_brackets_out(built_book) -> None:
    # WebKit hands `hanging-punctuation` down into formulas, where "(" then lies over what stands before it.
    sheets = list((built_book / "_static").rglob("*.css"))
    assert any(path.name == "site.css" for path in sheets)
    assert not [path.name for path in sheets if "hanging-punctuation" in path.read_text(encoding="utf8")]


def test_no_comma_begins_a_line_after_a_formula(context: BrowserContext, served_book: str) -> None:
    looked_at = 0
    for name in ("book/quantity/cross-entropy", "book/gradient/squared-error-saturates"):
        page = visit(context, f"{served_book}/{name}.html").page
        for width in (360, 640, 1200):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(READY)
            torn_off, seen = page.evaluate(TORN_OFF)
            assert not torn_off
            looked_at += seen
    assert looked_at > 100
