"""What a page with figures bears: a figure that fails, many figures, scrolling readers, paper, fingers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ce.figures.web.spec import VERSION
from tests.figures import examples
from tests.figures.figure_pages import Opener, write_page
from tests.figures.test_live import cell, settle, slider, value

NOTICE = "This figure could not start in your browser; the picture shows its starting values."

# Counts the drawings of each figure: a drawing replaces what is in the layers of its plots.
COUNTED = """() => {
  window.drawn = {};
  for (const figure of document.querySelectorAll("figure")) {
    window.drawn[figure.id] = 0;
    new MutationObserver(() => (window.drawn[figure.id] += 1))
      .observe(figure.querySelector(".ce-plot"), { childList: true, subtree: true });
  }
}"""


@pytest.fixture
def spoilt(browser: Browser, tmp_path: Path) -> Iterator[Any]:
    """Open a page whose text is changed, and give it with the errors its scripts report."""
    pages: list[Page] = []

    def opened(*figures: Any, old: str, new: str) -> tuple[Page, list[str]]:
        file = write_page(tmp_path, *figures)
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1
        file.write_text(text.replace(old, new), encoding="utf-8")
        page = browser.new_page()
        pages.append(page)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(file.as_uri())
        return page, errors

    yield opened
    for page in pages:
        page.close()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["^","z",2]', '["power","z",2]', "expected an operator among"),
        (f'"version":{VERSION}', '"version":999', f"expected a spec of version {VERSION}, got 999"),
        ('"name":"shapes"', '"name":', "JSON"),
    ],
    ids=["an unknown operator", "another version", "broken JSON"],
)
def test_a_figure_that_fails_leaves_its_picture_and_a_line_and_the_others_live(
    spoilt: Any, old: str, new: str, said: str
) -> None:
    spec = json.dumps(examples.shapes().spec(), ensure_ascii=False, separators=(",", ":"))
    assert old in spec
    figures = examples.divergence(), examples.shapes(), examples.saturation()
    page, errors = spoilt(*figures, old=spec, new=spec.replace(old, new))
    failed = page.locator("figure").nth(1)
    expect(failed.locator("img.ce-picture")).to_be_visible()
    expect(failed.get_by_role("note")).to_have_text(NOTICE)
    assert failed.locator("input, svg").count() == 0
    assert page.get_by_role("note").count() == 1
    assert len(errors) == 1
    assert said in errors[0]
    slider(page, "logit z").press("ArrowRight")
    expect(slider(page, "logit z")).to_have_attribute("aria-valuetext", "−3.9")
    assert page.locator(".ce-live").count() == 2


def test_off_screen_nothing_is_drawn_and_what_changed_is_drawn_on_return(open_page: Opener) -> None:
    page = open_page(examples.saturation(), examples.landscape(), examples.dice(), examples.shapes())
    page.set_viewport_size({"width": 1000, "height": 400})
    page.evaluate("scrollTo(0, 0)")
    settle(page)
    page.evaluate(COUNTED)
    far = page.locator("figure").last
    # What another widget or the kernel does: the value changes while the figure is out of sight.
    page.evaluate("""() => {
      const input = [...document.querySelectorAll("figure:last-of-type input")].at(-1);
      input.value = 3;
      input.dispatchEvent(new Event("input"));
    }""")
    for _ in range(3):
        slider(page, "logit z").first.press("ArrowRight")
        settle(page)
    drawn = page.evaluate("drawn")
    assert drawn.pop("figure-saturation") >= 3
    assert set(drawn.values()) == {0}
    shown = far.locator(".ce-value")
    assert shown.inner_text() == "1"
    far.scroll_into_view_if_needed()
    expect(shown).to_have_text("3")
    assert page.evaluate("drawn")["figure-shapes"] >= 1


def test_an_animation_rests_off_screen_and_goes_on_when_it_is_back(open_page: Opener) -> None:
    page = open_page(examples.race(), *(make() for make in examples.ALL if make is not examples.race))
    page.set_viewport_size({"width": 1000, "height": 500})
    page.get_by_role("button", name="Play step t").first.click()
    page.wait_for_function("document.querySelectorAll('.ce-value')[2].textContent !== '12'")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(200)  # until the browser has told the figure
    rested = page.evaluate("document.querySelectorAll('input[type=range]')[2].value")
    page.wait_for_timeout(200)
    assert page.evaluate("document.querySelectorAll('input[type=range]')[2].value") == rested
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(f"document.querySelectorAll('input[type=range]')[2].value > {rested}")


def test_on_paper_there_are_plots_and_numbers_and_no_controls(open_page: Opener) -> None:
    page = open_page(examples.saturation(), examples.dice())
    page.emulate_media(media="print")
    expect(page.locator(".ce-plot").first).to_be_visible()
    expect(page.locator("canvas")).to_be_visible()
    expect(cell(page, "mean loss")).to_be_visible()
    for control in page.locator(".ce-live :is(input, button)").all():
        expect(control).to_be_hidden()


# A page that a finger has pushed goes on for a while.
AT_REST = """async () => {
  let still = 0;
  for (let at = NaN; still < 5; at = scrollY) {
    await new Promise(requestAnimationFrame);
    still = scrollY === at ? still + 1 : 0;
  }
}"""


def test_a_finger_moves_the_point_of_a_plane_and_scrolls_beside_it(open_page: Opener) -> None:
    page = open_page(examples.landscape(), examples.shapes(), width=360, has_touch=True, is_mobile=True)
    plot = page.locator(".ce-plot").first
    plot.scroll_into_view_if_needed()
    session = page.context.new_cdp_session(page)

    def swipe(start: tuple[float, float], move: tuple[float, float]) -> None:
        def send(kind: str, share: float | None) -> None:
            places = [] if share is None else [[a + share * b for a, b in zip(start, move, strict=True)]]
            points = [{"x": x, "y": y} for x, y in places]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        send("touchStart", 0)
        for share in (0.25, 0.5, 0.75, 1.0):
            send("touchMove", share)
        send("touchEnd", None)
        page.evaluate(AT_REST)

    def centre(selector: str) -> tuple[float, float]:
        box = page.locator(selector).first.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    scrolled = page.evaluate("scrollY")
    spot = page.locator(".ce-spot").bounding_box()
    assert spot is not None
    assert min(spot["width"], spot["height"]) >= 44
    swipe(centre(".ce-spot"), (60, 40))  # down too: on the point a finger does not scroll
    assert value(page, "weight u₀") > -2
    assert value(page, "weight v₀") < 1.2
    assert page.evaluate("scrollY") == scrolled
    before = value(page, "weight u₀")
    swipe(centre(".ce-plot"), (0, -150))
    assert page.evaluate("scrollY") > scrolled + 60
    assert value(page, "weight u₀") == before
    page.touchscreen.tap(*centre(".ce-plot"))
    settle(page)
    assert abs(value(page, "weight u₀")) < 0.5
