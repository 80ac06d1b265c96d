"""How figures look as drawn: names, ticks, keys, titles, controls; measured in a browser, wide and narrow."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from ce.figures import Bar, Readout
from ce.figures.palette import DARK, LIGHT, ROLES
from tests.figures import drawn, examples
from tests.figures.drawn import contrast, hex_of
from tests.figures.figure_pages import Opener
from tests.figures.test_live import settle

WIDTHS = [1200, 360]
MOVES = """(share) => document.querySelectorAll("input[type=range]").forEach((input) => {
  input.value = Number(input.min) + share * (input.max - input.min);
  input.dispatchEvent(new Event("input"));
})"""


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_through_a_name_wherever_the_hand_moves(open_page: Opener, width: int) -> None:
    page = open_page(*(make() for make in examples.ALL), width=width)
    assert not drawn.faults(page)
    for share in (0, 0.25, 0.5, 0.75):
        page.evaluate(MOVES, share)
        page.locator("figure").last.scroll_into_view_if_needed()
        settle(page)
        page.wait_for_timeout(300)  # names make way when the hand rests
        assert not drawn.faults(page), share


def test_the_measure_sees_names_that_are_crossed_covered_and_outside(open_page: Opener) -> None:
    page = open_page(examples.saturation(), examples.landscape())
    assert not drawn.faults(page)
    page.evaluate("""() => document.querySelectorAll(".ce-plot").forEach((plot) => {
      const marker = plot.querySelector(".ce-marker")?.getCTM();
      if (marker) plot.querySelectorAll(".ce-name tspan").forEach((line) => {
        line.setAttribute("x", marker.e - 50);
        line.setAttribute("y", marker.f);
      });
      plot.querySelector(".ce-tick").remove();
    })""")
    assert {"crossed", "covered", "on a name", "outside"} <= set(drawn.kinds(page))


def box(node: Locator) -> dict[str, float]:
    found = node.bounding_box()
    assert found is not None
    return dict(found)


def test_the_key_of_a_table_is_drawn_as_the_marks_are(open_page: Opener) -> None:
    softmax = examples.softmax()
    bar = next(mark for mark in softmax.panels[1].marks if isinstance(mark, Bar))
    readout = Readout("first", bar.heights[0], column=bar.label)  # type: ignore[index]
    page = open_page(replace(softmax, name="keyed", readouts=(readout,)), examples.saturation())
    bars = page.locator("#figure-keyed th .ce-swatch")
    expect(bars.locator("rect.ce-bar")).to_have_count(1)
    expect(bars.locator("path.ce-curve")).to_have_count(0)
    dashes = [
        key.locator("path").get_attribute("stroke-dasharray") or ""
        for key in page.locator("#figure-saturation th .ce-swatch").all()
    ]
    assert dashes == [" ".join(map(str, role.dash)) for role in ROLES[:2]]


def test_hatched_bars_have_hatched_keys(open_page: Opener) -> None:
    page = open_page(examples.divergence(), examples.dice())
    for key in page.locator(".ce-swatch:has(pattern)").all():
        name = key.locator("pattern").get_attribute("id")
        assert key.locator("rect").last.get_attribute("fill") == f"url(#{name})"
    used = page.evaluate("""() => [...document.querySelectorAll(".ce-plot rect[fill^=url]")]
      .map((bar) => document.querySelector(bar.getAttribute("fill").slice(4, -1)) !== null)""")
    assert used
    assert all(used)


@pytest.mark.parametrize("width", [640, 1000, 1200])
def test_the_titles_of_panels_in_one_row_stand_level(open_page: Opener, width: int) -> None:
    page = open_page(examples.dice(), width=width)
    first, second = page.locator(".ce-unit").nth(0), page.locator(".ce-unit").nth(1)
    first.evaluate("(node) => (node.lastChild.lastChild.data = 'a name that goes on and on '.repeat(4))")
    assert box(first)["height"] > box(second)["height"] + 10
    titles = [box(title)["y"] for title in page.locator(".ce-title").all()[:2]]
    assert titles[0] == pytest.approx(titles[1], abs=0.5)
    plots = [box(plot)["y"] for plot in page.locator(".ce-frame").all()[:2]]
    assert plots[0] == pytest.approx(plots[1], abs=0.5)


def test_contours_in_a_triangle_end_nowhere_inside_it(open_page: Opener) -> None:
    page = open_page(examples.dice())
    path = page.locator(".ce-contour").get_attribute("d") or ""
    ends = re.findall(r"[ML](-?\d+),(-?\d+)", path)
    loose = [(int(x) / 9600, int(y) / 9600) for x, y in ends if ends.count((x, y)) == 1]
    inside = [(x, y) for x, y in loose if y > 0.005 and y / 2 + 0.005 < x < 1 - y / 2 - 0.005 and y < 0.97]
    assert len(ends) > 1000
    assert not inside


def test_on_a_phone_a_slider_is_as_wide_as_the_figure_and_buttons_share_a_row(open_page: Opener) -> None:
    page = open_page(examples.race(), width=360)
    across = box(page.locator(".ce-live"))["width"]
    for slider in page.get_by_role("slider").all():
        assert box(slider)["width"] == pytest.approx(across, abs=2)
    buttons = [box(button) for button in page.get_by_role("button").all()]
    assert len(buttons) == 3
    assert len({round(button["y"]) for button in buttons}) == 1
    for row in page.locator(".ce-slider").all():
        label, value = box(row.locator("label")), box(row.locator(".ce-value"))
        assert label["y"] == pytest.approx(value["y"], abs=3)


def test_where_there_is_room_sliders_stand_in_columns(open_page: Opener) -> None:
    page = open_page(examples.race(), examples.landscape(), width=1200)
    for name in ("race", "landscape"):
        sliders = [box(slider) for slider in page.locator(f"#figure-{name} input[type=range]").all()]
        assert len({round(slider["x"]) for slider in sliders}) == 2
        assert len({round(slider["width"]) for slider in sliders}) <= 2
    fixed = page.locator("#figure-race input[type=range]").first
    page.add_style_tag(content=".ce-slider.ce-slider { display: flex !important; }")
    assert len({round(box(one)["x"]) for one in page.locator("#figure-landscape input[type=range]").all()}) > 2
    expect(fixed).to_be_visible()


def test_options_that_take_two_lines_begin_below_each_other(open_page: Opener) -> None:
    page = open_page(examples.measured(), width=360)
    options = [box(label) for label in page.locator(".ce-choice label").all()]
    page.locator(".ce-choice").evaluate("(node) => (node.style.width = '12rem')")
    wrapped = [box(label) for label in page.locator(".ce-choice label").all()]
    assert len({round(option["y"]) for option in wrapped}) > 1
    assert len({round(option["x"]) for option in wrapped}) == 1
    assert all(option["height"] <= 40 for option in (*options, *wrapped))


def test_a_value_keeps_its_unit_and_a_key_its_word(open_page: Opener) -> None:
    page = open_page(examples.lengths(), examples.race(), width=360)
    for cell in page.locator("#figure-lengths td").all():
        assert box(cell)["height"] < 40
        assert re.fullmatch(r"\S+\u00a0nats|\S+", cell.text_content() or "")
    for key in page.locator("#figure-race .ce-key").all():
        swatch = box(key.locator("svg"))
        word = key.evaluate("""(node) => {
          const range = document.createRange();
          range.selectNodeContents(node.lastChild);
          const { x, y } = range.getClientRects()[0];
          return { x, y };
        }""")
        assert word["x"] > swatch["x"]
        assert abs(word["y"] - swatch["y"]) < 12


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_slider_box_and_radio_stand_out_from_the_surface(open_page: Opener, theme: object) -> None:
    page = open_page(examples.lengths(), examples.race(), theme="light" if theme is LIGHT else "dark")
    surface = theme.surface  # type: ignore[attr-defined]
    looks = page.evaluate("""() => [...document.querySelectorAll(".ce-live input")].map((input) => {
      const own = getComputedStyle(input);
      return [own.appearance, input.type, own.borderTopColor, input.checked];
    })""")
    assert {kind for _, kind, _, _ in looks} == {"range", "radio", "checkbox"}
    for appearance, kind, border, _ in looks:
        assert appearance == "none"
        if kind != "range":
            assert contrast(hex_of(border), surface) >= 3
    slider = page.locator("input[type=range]").first
    slider.evaluate("(input) => (input.value = input.min)")
    image = Image.open(BytesIO(slider.screenshot())).convert("RGB")
    for x in (10, image.width // 2, image.width - 10):  # the thumb, and the empty track
        middle = "#{:02x}{:02x}{:02x}".format(*image.getpixel((x, image.height // 2)))  # type: ignore[misc]
        assert contrast(middle, surface) >= 3


def test_a_live_figure_keeps_the_words_of_its_picture_and_has_a_name(open_page: Opener) -> None:
    figure = examples.saturation()
    page = open_page(figure)
    shown = page.get_by_role("figure", name=f"{figure.title}.", exact=True)
    expect(shown).to_have_accessible_description(f"At the start: {figure.description()}")
    words = page.locator(".ce-spoken", has_text="At the start")
    assert box(words)["width"] <= 1


def test_nothing_is_announced_before_the_reader_acts(open_page: Opener) -> None:
    page = open_page(examples.saturation(), examples.race())
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_timeout(1200)
    assert page.get_by_role("status").all_text_contents() == ["", ""]
    page.get_by_role("slider", name="logit z").press("ArrowRight")
    expect(page.get_by_role("status").first).to_have_text(re.compile("loss"))
    assert page.get_by_role("status").last.text_content() == ""


@pytest.mark.parametrize("width", WIDTHS)
def test_paper_is_light_says_the_values_and_has_its_own_layout(open_page: Opener, width: int) -> None:
    page = open_page(examples.saturation(), examples.race(), theme="dark", width=width)
    page.get_by_role("radio", name="label 0").check()
    page.get_by_role("slider", name="logit z").press("Home")
    expect(page.locator(".ce-setting").first).to_be_hidden()
    assert page.pdf()  # tells the page that it is printed, before and after
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    said = page.locator(".ce-setting").all_text_contents()
    assert said == [
        "Drawn at label y: label 0, logit z = −10.",
        "Drawn at start z₀ = −10, step size η = 1, step t = 12.",
    ]
    expect(page.locator(".ce-setting").first).to_be_visible()
    ink = page.evaluate("getComputedStyle(document.querySelector('.ce-title')).color")
    assert contrast(hex_of(ink), "#ffffff") > 7
    page.set_viewport_size({"width": 640, "height": 900})
    settle(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    plots = [box(plot)["width"] for plot in page.locator(".ce-plot").all()]
    assert plots == pytest.approx([300, 300, 300, 608], abs=20), "at the size they are drawn for"
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    settle(page)
    assert box(page.locator(".ce-plot").last)["width"] != pytest.approx(624, abs=1)
