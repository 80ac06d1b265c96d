"""Pages in the reader's own few colours, which the system forces on them: what is told by colour is told otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.contrast import too_pale
from tests.browser.visits import visit

CHAPTER = "book/quantity/kl-divergence"
# Curves, bars, handles and tracks of sliders that stand out from the ground by less than 3.
FAINT = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const luminance = colour => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const linear = x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(x => linear(x / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const marks = [...document.querySelectorAll('.ce-live :is(.ce-curve, .ce-bar, .ce-handle, .ce-axis)')];
  return marks.filter(mark => mark.checkVisibility({visibilityProperty: true})).filter(mark => {
    const ground = luminance(getComputedStyle(mark.closest('.ce-live')).backgroundColor);
    return ratio(luminance(getComputedStyle(mark).stroke), ground) < 3;
  }).map(mark => mark.outerHTML.slice(0, 80));
}"""
RING = """stop => {
  const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(stop);
  const ground = getComputedStyle(document.body).backgroundColor;
  return [outlineStyle, parseFloat(outlineWidth) >= 2, outlineColor !== ground];
}"""


@pytest.fixture(scope="module", params=["light", "dark"])
def forced(request: pytest.FixtureRequest, browser: Browser, served_book: str) -> Iterator[Page]:
    """A chapter in the system's colours, dark on light or light on dark."""
    context = browser.new_context(forced_colors="active", color_scheme=request.param)
    yield visit(context, f"{served_book}/{CHAPTER}.html").page
    context.close()


def test_texts_and_the_lines_of_plots_stand_out(forced: Page) -> None:
    assert forced.locator(".ce-curve:visible").count() > 3
    assert not forced.evaluate(FAINT)
    assert not too_pale(forced)


def test_the_focus_is_seen(forced: Page) -> None:
    for stop in (".ce-live input", ".ce-live button", ".ce-exercise input", ".bd-article p a", "summary"):
        forced.keyboard.press("Tab")  # from now on the focus shows as it does for a keyboard
        first = forced.locator(stop).locator("visible=true").first
        first.focus()
        assert first.evaluate(RING) == ["solid", True, True], stop


def test_the_outcome_of_an_answer_is_said_in_words(forced: Page) -> None:
    exercise = forced.locator(".ce-exercise:has-text('The truth p is a fair coin')")
    for answer, said in (("7", "✗ Not yet"), ("0.511", "✓ Right")):
        exercise.get_by_role("textbox").fill(answer)
        exercise.get_by_role("button", name="Check").click()
        expect(exercise.get_by_role("status")).to_contain_text(said)
