"""On paper a page is black on white, whatever the theme; code and worked answers that are folded stay away."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader

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
