"""Figures for every reader: themes, small screens, keyboards, no JavaScript, strict pages; in a browser."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from ce.figures import figure_html, static_files
from ce.figures.palette import DARK, LIGHT, ROLES
from tests.figures import examples
from tests.figures.drawn import contrast, hex_of
from tests.figures.figure_pages import PAGE, STYLE, Opener, write_page
from tests.figures.test_live import settle, value

# The colour a text is painted in and the colour behind it, as the browser computes both.
PAINTED = """() => {
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const box = parent.getBoundingClientRect();
    if (!walker.currentNode.data.trim() || parent.closest("script") || box.width < 2) continue;
    const style = getComputedStyle(parent);
    const painted = parent.closest("svg") ? style.fill : style.color;
    const place = [box.left + scrollX, box.top + scrollY, box.right + scrollX, box.bottom + scrollY];
    found.push([walker.currentNode.data.trim(), painted, behind(parent), place]);
  }
  return found;
}"""


def faint_texts(page: Page, least: float = 4.5) -> list[tuple[str, str, str]]:
    painted = [(text, hex_of(ink), hex_of(paper)) for text, ink, paper, _ in page.evaluate(PAINTED)]
    assert len(painted) > 10
    return [(text, ink, paper) for text, ink, paper in painted if contrast(ink, paper) < least]


def faint_on_the_screen(page: Page) -> list[tuple[str, str, str]]:
    """Give the texts whose ink is too near to the colour that fills most of their box."""
    image = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    scale = image.width / page.evaluate("innerWidth")
    found = []
    for text, ink, _, box in page.evaluate(PAINTED):
        pixels = np.asarray(image.crop([round(scale * edge) for edge in box])).reshape(-1, 3)
        _, which, counts = np.unique(pixels // 8, axis=0, return_inverse=True, return_counts=True)
        most = pixels[which.reshape(-1) == counts.argmax()].mean(axis=0)
        paper = "#" + "".join(f"{round(channel):02x}" for channel in most)
        if contrast(hex_of(ink), paper) < 4.5:
            found.append((text, hex_of(ink), paper))
    return found


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_is_legible_as_text_in_both_themes(role: Any, theme: Any) -> None:
    colour = role.light if theme is LIGHT else role.dark
    assert contrast(colour, theme.surface) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_words_are_legible_and_lines_visible_in_both_themes(theme: Any) -> None:
    assert contrast(theme.ink, theme.surface) >= 7
    assert contrast(theme.muted, theme.surface) >= 4.5
    assert contrast(theme.line, theme.surface) >= 3


def test_no_two_roles_share_dash_marker_or_colour() -> None:
    for name in ("light", "dark", "dash", "marker"):
        assert len({getattr(role, name) for role in ROLES}) == len(ROLES)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(open_page: Opener, theme: str) -> None:
    page = open_page(*(make() for make in examples.ALL), theme=theme)
    results = Axe().run(page, options={"preload": False})
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_is_painted_with_enough_contrast(open_page: Opener, theme: str) -> None:
    page = open_page(*(make() for make in examples.ALL), theme=theme)
    assert not faint_texts(page)
    assert not faint_on_the_screen(page)
    page.emulate_media(contrast="more")
    assert not faint_texts(page, least=7)
    page.emulate_media(contrast="no-preference", forced_colors="active")
    assert not faint_on_the_screen(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_a_theme_the_figure_follows_the_readers_system(open_page: Opener, scheme: str) -> None:
    page = open_page(examples.saturation(), color_scheme=scheme)
    surface = page.evaluate("getComputedStyle(document.querySelector('.ce-live')).backgroundColor")
    assert hex_of(surface) == (LIGHT if scheme == "light" else DARK).surface
    assert not faint_texts(page)


@pytest.mark.parametrize("light", ["true", "false"])
def test_the_theme_of_jupyterlab_wins_over_the_system(open_page: Opener, light: str) -> None:
    page = open_page(examples.saturation(), color_scheme="dark" if light == "true" else "light")
    page.evaluate("(light) => document.body.setAttribute('data-jp-theme-light', light)", light)
    surface = page.evaluate("getComputedStyle(document.querySelector('.ce-live')).backgroundColor")
    assert hex_of(surface) == (LIGHT if light == "true" else DARK).surface


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_style_of_the_books_theme_hides_no_text(browser: Browser, tmp_path: Path, theme: str) -> None:
    # The theme paints HTML outputs light grey in the dark, and tables, captions and labels in its own way.
    page_file = write_page(tmp_path, examples.saturation(), theme=theme)
    style = files("pydata_sphinx_theme") / "theme/pydata_sphinx_theme/static/styles/pydata-sphinx-theme.css"
    (tmp_path / "page.css").write_text(style.read_text(encoding="utf-8"), encoding="utf-8")
    text = page_file.read_text(encoding="utf-8").replace(
        "<main>", '<main class="bd-content"><div class="cell_output"><div class="output text_html">'
    )
    page_file.write_text(text.replace("</main>", "</div></div></main>"), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.goto(page_file.as_uri())
    expect(page.locator(".ce-live")).to_be_visible()
    assert not faint_texts(page)
    around = page.evaluate("getComputedStyle(document.querySelector('.text_html')).backgroundColor")
    assert around == "rgba(0, 0, 0, 0)"
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_contrast_test_sees_text_that_a_theme_hides(open_page: Opener, theme: str) -> None:
    page = open_page(examples.saturation(), theme=theme)
    assert not faint_texts(page)
    page.add_style_tag(content=".ce-figure .ce-live .ce-table th { color: var(--ce-surface); }")
    assert "loss" in [text for text, _, _ in faint_texts(page)]
    page = open_page(examples.landscape(), theme=theme)
    spoilt = ".ce-plot .ce-name { stroke: none; } .ce-field { filter: none; background: var(--ce-role-1); }"
    page.add_style_tag(content=spoilt)
    assert not faint_texts(page)
    assert "descent" in [text for text, _, _ in faint_on_the_screen(page)]


@pytest.mark.parametrize(("width", "zoom"), [(360, 1), (720, 2)])
def test_a_narrow_page_does_not_scroll_sideways(open_page: Opener, width: int, zoom: int) -> None:
    page = open_page(*(make() for make in examples.ALL), width=width)
    if zoom != 1:
        page.evaluate("(zoom) => (document.documentElement.style.zoom = zoom)", zoom)
        page.wait_for_timeout(100)
    wide = page.evaluate("""() => [...document.querySelectorAll("figure")]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ id }) => id)""")
    assert not wide
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    plane = page.locator("#figure-landscape .ce-field")
    plane.scroll_into_view_if_needed()
    settle(page)  # figures scrolled past are drawn in their size now, and move it
    box = plane.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settle(page)
    for name in ("weight u₀", "weight v₀"):
        assert abs(value(page, name)) <= 0.05


@pytest.mark.parametrize("width", [1000, 360])
def test_targets_are_large_enough_to_hit(open_page: Opener, width: int) -> None:
    page = open_page(*(make() for make in examples.ALL), width=width)
    for figure in page.locator(".ce-live").all():
        figure.scroll_into_view_if_needed()  # what is out of sight waits to be drawn in its size
        settle(page)
        for target in figure.locator(":is(button, input[type=range], label:has(input), .ce-hit)").all():
            box = target.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24


def test_everything_can_be_reached_and_seen_with_the_tab_key(open_page: Opener) -> None:
    page = open_page(examples.saturation(), examples.race(), examples.divergence())
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate("""() => {
          const at = document.activeElement;
          const ring = getComputedStyle(at.matches("g") ? at.querySelector(".ce-hit") : at);
          const seen = at.matches("g") ? parseFloat(ring.strokeWidth) >= 2 && ring.stroke !== "none"
                                       : parseFloat(ring.outlineWidth) >= 2 && ring.outlineStyle !== "none";
          return at === document.body ? null : [at.getAttribute("aria-label") ?? at.textContent ?? "", seen];
        }""")
        if stop is None:
            break
        reached.append(stop)
    assert all(seen for _, seen in reached), reached
    # saturation: radios, slider, log scale; race: 3 sliders, its buttons; divergence: 2 rows of bars
    assert len(reached) == 3 + 4 + 2


def test_a_finger_has_44_pixels_to_hit_a_bar_and_moves_the_nearest(open_page: Opener) -> None:
    page = open_page(examples.divergence(), width=360, has_touch=True, is_mobile=True)
    bars = page.get_by_role("slider").all()
    boxes = [bar.locator(".ce-hit").bounding_box() or {} for bar in bars]
    assert all(min(box["width"], box["height"]) >= 44 for box in boxes)
    assert any(box["x"] < other["x"] < box["x"] + box["width"] for box in boxes for other in boxes), "they overlap"

    def heights() -> list[float]:
        return [float(bar.get_attribute("aria-valuenow") or "") for bar in bars]

    for at, box in enumerate(boxes):
        before = heights()
        now = bars[at].locator(".ce-hit").bounding_box() or {}
        page.touchscreen.tap(now["x"] + now["width"] / 2, now["y"] + 15)
        settle(page)
        rises = [new - old for new, old in zip(heights(), before, strict=True)]
        assert box
        assert max(rises) == rises[at] > 0


def test_a_row_of_buttons_is_one_stop_and_reset_is_none_before_it_can_take_something_back(open_page: Opener) -> None:
    page = open_page(examples.race(), examples.saturation())
    expect(page.get_by_role("toolbar")).to_have_count(1)
    slider = page.get_by_role("slider", name="step t")
    slider.press("Tab")
    for key, name in (
        ("", "Play step t"),
        ("ArrowRight", "Step step t"),
        ("ArrowRight", "Reset"),
        ("ArrowRight", "Reset"),
    ):
        if key:
            page.keyboard.press(key)
        expect(page.get_by_role("button", name=name).first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Reset").first).to_be_focused()  # where it was
    reset = page.locator("#figure-saturation").get_by_role("button", name="Reset")
    expect(reset).to_have_attribute("tabindex", "-1")
    page.get_by_role("slider", name="logit z").press("ArrowRight")
    expect(reset).to_have_attribute("tabindex", "0")


def test_without_javascript_picture_and_words_stay(open_page: Opener) -> None:
    figure = examples.saturation()
    page = open_page(figure, java_script_enabled=False)
    picture = page.get_by_role("img")
    expect(picture).to_be_visible()
    assert picture.get_attribute("alt") == figure.description()
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] > 500
    assert box["height"] > 100
    expect(page.locator("figcaption")).to_contain_text(figure.caption)
    expect(page.locator("figcaption")).to_contain_text(figure.prompt)
    assert page.locator("input").count() == 0
    expect(page.get_by_role("table")).to_be_visible()
    loss = page.get_by_role("row", name="loss").get_by_role("cell")
    assert [float(text) for text in loss.all_inner_texts()] == pytest.approx([4.018, 0.9644], abs=5e-4)


def test_with_javascript_the_picture_gives_way_and_the_words_stay(open_page: Opener) -> None:
    figure = examples.saturation()
    page = open_page(figure)
    assert page.locator("img").count() == 0
    expect(page.locator("figcaption")).to_contain_text(figure.caption)
    assert page.locator(".ce-caption").count() == 1


def test_a_strict_content_security_policy_leaves_the_keys_working(browser: Browser) -> None:
    figure = examples.saturation()
    figures = "".join(figure_html(one.spec(), "picture.png") for one in (figure, examples.landscape()))
    served = {
        **static_files(),
        "page.css": STYLE,
        "picture.png": figure.picture(),
        "": PAGE.format(attributes="", figures=figures, formulas=""),
    }
    kinds = {"js": "text/javascript", "css": "text/css", "png": "image/png", "": "text/html"}
    headers = {"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"}
    page = browser.new_page()
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text) if message.type == "error" else None)

    def serve(route: Any) -> None:
        name = route.request.url.removeprefix("http://figures.test/")
        if name not in served:
            route.fulfill(status=204)
            return
        route.fulfill(body=served[name], content_type=kinds[name.rpartition(".")[2]], headers=headers)

    page.route("http://figures.test/**", serve)
    page.goto("http://figures.test/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    slider = page.get_by_role("slider", name="logit z")
    expect(slider).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "−3.9")
    expect(page.get_by_role("row", name="loss").get_by_role("cell").first).to_have_text("3.920")
    # The policy is at work: the page's own attempt to run code from a string is refused.
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
    assert page.evaluate("window.ran") is None
    assert all("window.ran" not in text for text in blocked[:-1])
    assert len(blocked) == 1
    page.close()


def test_keys_on_a_slider_do_not_reach_the_notebook(open_page: Opener) -> None:
    page = open_page(examples.race(), examples.saturation(), examples.divergence())
    page.evaluate("window.heard = 0; document.addEventListener('keydown', () => (window.heard += 1))")
    for role, name in (("slider", "start z₀"), ("radio", "label 1"), ("slider", "data p, ⚀")):
        page.get_by_role(role, name=name, exact=True).press("ArrowUp")
    assert page.evaluate("window.heard") == 0
    page.get_by_role("button", name="Reset").first.press("ArrowUp")
    assert page.evaluate("window.heard") == 1
