"""The page of one figure: embedded by its own code in a page that trusts nobody, and filling a projector's window."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.visits import visit

NAME = "two-distributions"
# As strict as a site may be whose figures carry the style of their place.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; font-src 'self'"
MEASURES = """() => [document.body.scrollHeight, document.documentElement.scrollWidth,
  parseFloat(getComputedStyle(document.documentElement).fontSize)]"""


def test_the_code_it_offers_embeds_a_live_figure_with_all_the_room_it_needs(
    context: BrowserContext, served_book: str
) -> None:
    def guarded(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": POLICY})

    context.route(f"**/figures/{NAME}.html*", guarded)
    alone = visit(context, f"{served_book}/figures/{NAME}.html")
    alone.page.get_by_text("Embed", exact=True).click()
    written = alone.page.get_by_label("Put this into a page")
    expect(written).not_to_have_value("")
    code = written.input_value()

    course = f'<!DOCTYPE html><title>A course</title><div style="width: 380px">{code}</div>'
    context.route("**/course.html", lambda route: route.fulfill(body=course, content_type="text/html"))
    page = visit(context, f"{served_book}/course.html")
    inside = page.page.frame_locator("iframe")
    expect(inside.locator(".ce-caption")).to_be_visible()
    expect(inside.get_by_text("Embed", exact=True)).to_be_hidden()
    needed = inside.locator("body").evaluate("async body => (await document.fonts.ready, body.offsetHeight)")
    expect(page.page.locator("iframe")).to_have_attribute("height", str(needed))
    handle = inside.get_by_role("slider").first
    before = handle.get_attribute("aria-valuenow")
    handle.press("ArrowUp")
    expect(handle).not_to_have_attribute("aria-valuenow", str(before))
    assert not alone.complaints + page.complaints


def test_on_a_projector_it_fills_the_window_from_the_disk_without_the_rest(
    context: BrowserContext, built_book: Path
) -> None:
    page = visit(context, f"{(built_book / 'figures' / NAME).as_uri()}.html?present").page
    for width, height in ((1024, 768), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(1200)
        tall, wide, letters = page.evaluate(MEASURES)
        assert 0.8 * height < tall <= height
        assert wide <= width
        assert letters > 20
        assert float(page.locator("svg.ce-plot").first.get_attribute("width") or 0) > width / 3
    expect(page.locator(".ce-about, .ce-caption").first).to_be_hidden()
    plot = page.locator("svg.ce-plot").first
    drawn = plot.get_attribute("width")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert plot.get_attribute("width") == drawn, "a slide is printed as it is shown"


def test_four_panels_are_flatter_on_a_projector_so_that_their_letters_can_be_read(
    context: BrowserContext, built_book: Path
) -> None:
    page = visit(context, f"{(built_book / 'figures/learnt-by-heart').as_uri()}.html?present").page
    page.set_viewport_size({"width": 1280, "height": 720})
    page.wait_for_timeout(2500)
    tall, wide, letters = page.evaluate(MEASURES)
    assert tall <= 720
    assert wide <= 1280
    assert letters > 18
    for plot in page.locator("svg.ce-plot").all():
        assert float(plot.get_attribute("width") or 0) > 500
