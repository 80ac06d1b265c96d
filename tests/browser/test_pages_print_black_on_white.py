"""On paper a page is black on white, whatever the theme; code and worked answers that are folded stay away."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.contrast import too_pale
from tests.browser.visits import visit

# The ground of every element that has one, and the halo of every word in a plot: what is not nearly white.
DARK_GROUNDS = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const light = colour => {
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


@pytest.fixture(scope="module")
def paper(browser: Browser, served_book: str, name: str) -> Iterator[Page]:
    """A page as it is printed by a reader who reads in the dark; for looking at only."""
    context = browser.new_context(color_scheme="dark", viewport={"width": 800, "height": 1100})
    page = visit(context, f"{served_book}/{name}.html").page
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    # What is asked for by style sheet alone: an engine need not tell scripts that it is about to print.
    page.emulate_media(media="print")
    yield page
    context.close()


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


def test_counterexamples_are_printed_and_worked_answers_and_folded_code_are_not(paper: Page) -> None:
    for fold in paper.locator(".bd-article details:not(.below-output, .ce-code, .ce-worked, .ce-ledger *)").all():
        expect(fold.locator(":scope > :not(summary, .cell_input)").first).to_be_visible()
    for fold in paper.locator(".bd-article :is(details.below-output, .ce-code, .ce-worked, .hide > .cell_input)").all():
        expect(fold).to_be_hidden()
    for fold in paper.locator(".ce-worked").first.all():  # one that the reader has opened is printed
        fold.evaluate("fold => fold.open = true")
        expect(fold).to_be_visible()
        fold.evaluate("fold => fold.open = false")
    for control in paper.locator(".bd-article :is(.ce-controls, .copybtn)").all():
        expect(control).to_be_hidden()
