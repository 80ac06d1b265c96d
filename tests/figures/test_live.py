"""What a reader's hand does to a figure: drag, slider, keyboard, choice, bars, play, reset; in a browser."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from ce.formulas import binary_cross_entropy
from ce.symbols import label, logit
from tests.figures import examples
from tests.figures.figure_pages import Opener


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def settle(page: Page) -> None:
    """Wait until the figure has drawn what was last done to it."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def value(page: Page, name: str) -> float:
    settle(page)
    text = slider(page, name).get_attribute("aria-valuetext")
    assert text is not None
    return float(text.replace("−", "-").replace(",", ""))


def cell(page: Page, row: str, column: int = 0) -> Locator:
    return page.get_by_role("row", name=row).get_by_role("cell").nth(column)


def drag(page: Page, plot: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag with the mouse from one place of an element to another, both as shares of its width and height."""
    box = plot.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()
    settle(page)


def test_dragging_in_any_panel_moves_the_slider_and_the_numbers(open_page: Opener) -> None:
    page = open_page(examples.saturation())
    for index in range(3):
        page.get_by_role("button", name="Reset").click()
        expect(slider(page, "logit z")).to_have_attribute("aria-valuetext", "−4")
        drag(page, page.locator(".ce-plot").nth(index), (0.3, 0.5), (0.75, 0.5))
        expect(slider(page, "logit z")).not_to_have_attribute("aria-valuetext", "−4")
        moved = value(page, "logit z")
        assert 3 < moved < 6
        loss = float(binary_cross_entropy.function(label, logit)(1.0, moved))
        assert math.isclose(float(cell(page, "loss").inner_text().replace("×10⁻³", "e-3")), loss, rel_tol=1e-3)


def test_keyboard_and_drag_reach_the_same_state(open_page: Opener) -> None:
    page = open_page(examples.saturation())
    drag(page, page.locator(".ce-plot").first, (0.3, 0.5), (0.6, 0.5))
    dragged, texts = value(page, "logit z"), page.locator(".ce-table td").all_inner_texts()
    page.get_by_role("button", name="Reset").click()
    assert value(page, "logit z") == -4
    slider(page, "logit z").focus()
    presses = round((dragged + 4) / 0.1)
    for _ in range(presses):
        page.keyboard.press("ArrowRight")
    expect(slider(page, "logit z")).to_have_attribute("aria-valuetext", f"{dragged:g}".replace("-", "−"))
    assert page.locator(".ce-table td").all_inner_texts() == texts


def test_setting_the_slider_moves_the_points_of_every_panel(open_page: Opener) -> None:
    page = open_page(examples.saturation())
    points = page.locator(".ce-marker")
    before = [points.nth(at).get_attribute("transform") for at in range(points.count())]
    assert len(before) == 6
    slider(page, "logit z").fill("2")
    expect(slider(page, "logit z")).to_have_attribute("aria-valuetext", "2")
    after = [points.nth(at).get_attribute("transform") for at in range(points.count())]
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_a_drag_leaves_the_focus_on_the_slider_for_the_arrow_keys(open_page: Opener) -> None:
    page = open_page(examples.saturation())
    drag(page, page.locator(".ce-plot").first, (0.3, 0.5), (0.6, 0.5))
    dragged = value(page, "logit z")
    page.keyboard.press("ArrowLeft")
    expect(slider(page, "logit z")).not_to_have_attribute("aria-valuetext", f"{dragged:g}".replace("-", "−"))
    assert math.isclose(value(page, "logit z"), dragged - 0.1, abs_tol=1e-9)


def test_a_choice_changes_curves_and_numbers(open_page: Opener) -> None:
    page = open_page(examples.saturation())
    curve = page.locator(".ce-curve").nth(0)
    before = curve.get_attribute("d")
    page.get_by_role("radio", name="label 0").check()
    expect(cell(page, "loss")).to_have_text("0.01815")
    assert page.locator(".ce-plot .ce-curve").nth(0).get_attribute("d") != before


def test_a_choice_shows_only_its_own_data(open_page: Opener) -> None:
    page = open_page(examples.measured())
    curves = page.locator(".ce-plot .ce-curve")
    assert curves.count() == 2
    before = [curves.nth(at).get_attribute("d") for at in range(2)]
    page.get_by_role("radio", name="saturated start").check()
    page.wait_for_function("(d) => document.querySelector('.ce-plot .ce-curve').getAttribute('d') !== d", arg=before[0])
    assert curves.count() == 2
    assert before[1] != curves.nth(1).get_attribute("d")


def test_the_log_scale_brings_the_small_gradient_into_sight(open_page: Opener) -> None:
    page = open_page(examples.saturation())
    panel = page.locator(".ce-panel").nth(1)
    assert "10⁻⁴" not in panel.locator("svg.ce-plot").text_content()
    panel.get_by_label("log scale").check()
    expect(panel.locator("svg.ce-plot")).to_contain_text("10⁻⁴")
    page.get_by_role("button", name="Reset").click()
    expect(panel.get_by_label("log scale")).not_to_be_checked()
    expect(panel.locator("svg.ce-plot")).not_to_contain_text("10⁻⁴")


def probabilities(page: Page, name: str) -> list[float]:
    settle(page)
    handles = page.locator(f'[role=slider][aria-label^="{name}"]')
    return [float(handles.nth(at).get_attribute("aria-valuenow") or "nan") for at in range(handles.count())]


def test_dragging_a_bar_keeps_the_sum_at_one(open_page: Opener) -> None:
    page = open_page(examples.divergence())
    page.evaluate("window.scrollTo(0, 0)")
    handle = slider(page, "data p, ⚀")
    box = handle.bounding_box()
    assert box is not None
    plot = page.locator(".ce-plot").bounding_box()
    assert plot is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 22
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 40, steps=5)
    page.mouse.up()
    expect(handle).not_to_have_attribute("aria-valuenow", "0.5")
    moved = probabilities(page, "data p")
    assert moved[0] < 0.45
    assert math.isclose(sum(moved), 1, abs_tol=2e-3)  # shown with three digits each
    assert math.isclose(moved[1] / moved[2], 2, rel_tol=2e-2)  # the others keep their proportion
    assert probabilities(page, "model q") == [0.25] * 4
    assert float(cell(page, "entropy").inner_text().split()[0]) > 1.213


def test_the_keyboard_moves_a_bar_to_its_ends_and_back(open_page: Opener) -> None:
    page = open_page(examples.divergence())
    handle = slider(page, "model q, ⚁")
    slider(page, "model q, ⚀").focus()
    before = probabilities(page, "model q")
    page.keyboard.press("ArrowRight")
    expect(handle).to_be_focused()
    assert probabilities(page, "model q") == before
    # The bars of a distribution are one stop: who tabs on and back is at the same bar.
    assert page.locator('[role=slider][aria-label^="model q"][tabindex="0"]').count() == 1
    page.keyboard.press("Tab")
    expect(page.locator('[role=slider][aria-label^="model q"]:focus')).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    expect(handle).to_be_focused()
    for key, shown in (("ArrowUp", 0.26), ("PageUp", 0.36), ("ArrowDown", 0.35), ("End", 1.0)):
        page.keyboard.press(key)
        expect(handle).to_have_attribute("aria-valuenow", f"{shown:g}")
        assert math.isclose(sum(probabilities(page, "model q")), 1, abs_tol=2e-3)
    # A model that gives no probability to what happens: the divergence is infinite, and comes back.
    expect(cell(page, "Kullback–Leibler divergence")).to_have_text("∞ nats")
    page.keyboard.press("Home")
    assert probabilities(page, "model q")[1] == 0
    page.get_by_role("button", name="Reset").click()
    expect(cell(page, "Kullback–Leibler divergence")).to_have_text("0.1733 nats")
    assert probabilities(page, "model q") == [0.25] * 4


def test_a_button_swaps_two_distributions_and_a_choice_changes_the_unit_everywhere(open_page: Opener) -> None:
    page = open_page(examples.lengths())
    expect(cell(page, "H(p)")).to_have_text("0.5623 nats")
    page.get_by_role("button", name="Swap p and q").click()
    assert (probabilities(page, "data p"), probabilities(page, "model q")) == ([0.5, 0.5], [0.75, 0.25])
    expect(cell(page, "H(p)")).to_have_text("0.6931 nats")
    page.get_by_role("radio", name="bits").check()
    expect(cell(page, "H(p)")).to_have_text("1.000 bits")
    expect(page.locator(".ce-title").first).to_have_text("In bits")
    expect(page.locator(".ce-plot").first).to_contain_text("length in bits")


def test_a_switch_shows_and_hides_and_a_button_may_set_it(open_page: Opener) -> None:
    page = open_page(examples.lengths())
    bars, parts = page.locator(".ce-plot").first.locator("rect.ce-bar"), page.get_by_role("checkbox")
    expect(bars).to_have_count(3)
    parts.uncheck()
    expect(bars).to_have_count(1)
    page.get_by_role("button", name="Reset").click()
    expect(bars).to_have_count(3)
    page.get_by_role("button", name="Level q, in bits").click()
    expect(parts).not_to_be_checked()
    expect(page.get_by_role("radio", name="bits")).to_be_checked()


def test_lengths_put_end_to_end_are_as_long_as_the_whole(open_page: Opener) -> None:
    page = open_page(examples.lengths())
    boxes = page.locator(".ce-plot").first.locator("rect.ce-bar").all()
    whole, first, second = (box.bounding_box() for box in boxes)
    assert whole is not None
    assert first is not None
    assert second is not None
    assert math.isclose(first["x"] + first["width"], second["x"], abs_tol=2)
    assert math.isclose(first["width"] + second["width"], whole["width"], abs_tol=2)


def test_first_passage_follows_start_and_step_size(open_page: Opener) -> None:
    page = open_page(examples.race())
    passages = page.get_by_role("row", name="steps to")
    expect(passages.get_by_role("cell").nth(0)).to_have_text("11 steps")
    expect(passages.get_by_role("cell").nth(1)).to_have_text("11,034 steps")
    slider(page, "step size η").press("Home")
    expect(passages.get_by_role("cell").nth(1)).to_have_text("not within 20,000 steps")
    slider(page, "start z₀").press("End")
    expect(passages.get_by_role("cell").nth(1)).to_have_text("0 steps")


def test_no_key_is_lost_that_comes_before_the_last_one_is_drawn(open_page: Opener) -> None:
    page = open_page(examples.dice())
    bar = page.locator('[role=slider][aria-label^="model q"]').first
    before = float(bar.get_attribute("aria-valuenow") or "nan")
    press = "new KeyboardEvent('keydown', { key: 'ArrowUp' })"
    bar.evaluate(f"(node) => {{ for (const _ of [1, 2, 3]) node.dispatchEvent({press}); }}")
    settle(page)
    assert float(bar.get_attribute("aria-valuenow") or "nan") == pytest.approx(before + 0.03)


def test_one_arrow_key_is_one_step_on_a_log_slider_of_whole_numbers(open_page: Opener) -> None:
    page = open_page(examples.race())
    steps = slider(page, "step t")
    steps.press("Home")
    for expected in range(2, 8):
        steps.press("ArrowRight")
        expect(steps).to_have_attribute("aria-valuetext", str(expected))
    steps.press("ArrowLeft")
    expect(steps).to_have_attribute("aria-valuetext", "6")


def test_play_moves_the_step_and_pause_stops_it(open_page: Opener) -> None:
    page = open_page(examples.race())
    page.get_by_role("button", name="Play step t").click()
    page.wait_for_function("document.querySelectorAll('.ce-value')[2].textContent !== '12'")
    page.get_by_role("button", name="Pause step t").click()
    stopped = value(page, "step t")
    assert stopped > 12
    page.wait_for_timeout(150)
    assert value(page, "step t") == stopped


def test_a_hand_on_the_slider_stops_the_play(open_page: Opener) -> None:
    page = open_page(examples.race())
    page.get_by_role("button", name="Play step t").click()
    slider(page, "step t").press("Home")
    expect(page.get_by_role("button", name="Play step t")).to_be_visible()
    assert value(page, "step t") == 1


def test_without_motion_play_jumps_to_the_end(open_page: Opener) -> None:
    page = open_page(examples.race(), reduced_motion="reduce")
    page.get_by_role("button", name="Play step t").click()
    expect(slider(page, "step t")).to_have_attribute("aria-valuetext", "20,000")
    expect(page.get_by_role("button", name="Play step t")).to_be_visible()


def test_reset_brings_every_parameter_back(open_page: Opener) -> None:
    page = open_page(examples.race())
    before = page.locator(".ce-table td").all_inner_texts()
    for name in ("start z₀", "step size η", "step t"):
        slider(page, name).press("End")
    expect(slider(page, "step t")).to_have_attribute("aria-valuetext", "20,000")
    assert page.locator(".ce-table td").all_inner_texts() != before
    page.get_by_role("button", name="Reset").click()
    expect(slider(page, "step t")).to_have_attribute("aria-valuetext", "12")
    assert page.locator(".ce-table td").all_inner_texts() == before


def test_a_finger_scrolls_the_page_over_a_plot_and_drags_it_sideways(open_page: Opener) -> None:
    page = open_page(examples.saturation(), width=360, has_touch=True, is_mobile=True)
    plot = page.locator(".ce-plot").first
    plot.scroll_into_view_if_needed()
    settle(page)
    box = plot.bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)

    def swipe(dx: float, dy: float) -> None:
        x, y = box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"]
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for share in (0.2, 0.4, 0.6, 0.8, 1.0):
            point = {"x": x + share * dx, "y": y + share * dy}
            session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_function("""() => new Promise((done) => {
          const from = scrollY;
          setTimeout(() => done(scrollY === from), 200);
        })""")

    scrolled = page.evaluate("scrollY")
    swipe(0, -120)
    assert page.evaluate("scrollY") > scrolled + 60
    assert value(page, "logit z") == -4
    page.evaluate("window.scrollTo(0, 0)")
    plot.scroll_into_view_if_needed()
    settle(page)
    box = plot.bounding_box()
    assert box is not None
    scrolled = page.evaluate("scrollY")
    swipe(90, 0)
    assert value(page, "logit z") > 2
    assert page.evaluate("scrollY") == scrolled


def test_a_finger_that_scrolls_the_page_over_a_slider_leaves_it_where_it_was(open_page: Opener) -> None:
    page = open_page(examples.saturation(), width=360, has_touch=True, is_mobile=True)
    box = slider(page, "logit z").bounding_box()
    assert box is not None
    x, y = box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    assert value(page, "logit z") > 6
    for up in (20, 40, 60, 80):
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - up}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("scrollY > 20")
    assert value(page, "logit z") == -4


@pytest.mark.parametrize("handle", ['[role=slider][aria-label^="model q"]', ".ce-spot"])
def test_a_finger_drags_a_handle_up_while_a_second_one_moves_nothing(open_page: Opener, handle: str) -> None:
    page = open_page(examples.dice(), width=360, has_touch=True, is_mobile=True)
    node = page.locator(handle).first
    node.evaluate("node => node.scrollIntoView({ block: 'center' })")
    settle(page)
    box = node.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *places: tuple[float, float]) -> list[float]:
        points = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        return probabilities(page, "model q")

    scrolled = page.evaluate("scrollY")
    states = [touch("touchStart", (x, y)), *(touch("touchMove", (x, y - up)) for up in (10, 20, 30))]
    assert len(set(map(tuple, states))) == 4
    touch("touchStart", (x, y - 30), (x + 60, y - 30))
    assert touch("touchMove", (x, y - 30), (x + 70, y - 50)) == states[-1]
    assert touch("touchMove", (x, y - 40), (x + 70, y - 50)) != states[-1]
    touch("touchEnd")
    assert page.evaluate("scrollY") == scrolled
    # Both together may make the page larger.
    assert "pinch-zoom" in page.locator("svg.ce-plot").first.evaluate("plot => getComputedStyle(plot).touchAction")


def overlap(one: FloatRect, other: FloatRect) -> bool:
    """Say whether two boxes of text overlap by more than the space around their letters."""
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 0 and down > 3


@pytest.mark.parametrize("width", [1000, 360])
def test_no_name_stands_on_another_or_outside_its_plot(open_page: Opener, width: int) -> None:
    figures = [make() for make in examples.ALL]
    page = open_page(*figures, width=width)
    for name in ("logit z", "step size η", "rolls t", "weight u₀"):
        for key in ("Home", "End"):
            slider(page, name).first.press(key)
            settle(page)
            for plot in page.locator(".ce-plot").all():
                frame = plot.bounding_box()
                assert frame is not None
                boxes = [box for text in plot.locator(".ce-name").all() if (box := text.bounding_box())]
                for at, box in enumerate(boxes):
                    assert box["x"] >= frame["x"] - 1
                    assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
                    assert not any(overlap(box, other) for other in boxes[at + 1 :])


def test_every_curve_has_its_name_beside_it(open_page: Opener) -> None:
    page = open_page(examples.saturation())
    for plot in page.locator(".ce-plot").all():
        names = [text.text_content() for text in plot.locator(".ce-name").all()]
        assert {"cross-entropy", "squared error"} <= set(names)


def test_the_status_is_silent_while_the_hand_moves_and_speaks_when_it_rests(open_page: Opener) -> None:
    page = open_page(examples.saturation())
    status = page.locator("[role=status]")
    assert status.text_content() == ""
    slider(page, "logit z").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert status.text_content() == ""
    expect(status).to_have_text(re.compile(r"^loss cross-entropy \d"))


def test_a_point_beyond_the_axis_is_not_shown(open_page: Opener) -> None:
    page = open_page(examples.saturation())
    points = page.locator(".ce-plot").first.locator(".ce-marker")
    assert points.count() == 2
    slider(page, "logit z").fill("-9")  # the loss of the cross-entropy is 9, the axis ends at 6
    settle(page)
    assert points.count() == 1


def test_a_curve_is_drawn_again_only_when_it_changes(open_page: Opener) -> None:
    page = open_page(examples.saturation())
    page.evaluate("document.querySelectorAll('.ce-plot .ce-curve').forEach((curve) => (curve.id = 'old'))")
    old = page.locator(".ce-plot .ce-curve#old")
    assert old.count() == 6
    slider(page, "logit z").press("ArrowRight")
    settle(page)
    assert old.count() == 6
    page.get_by_label("log scale").check()
    settle(page)
    assert old.count() == 4  # those of the other two panels
    page.get_by_role("radio", name="label 0").check()
    settle(page)
    assert old.count() == 1  # the curvature of the cross-entropy is the same for both labels
    assert page.locator(".ce-plot .ce-curve").count() == 6


def test_what_does_not_change_is_left_alone(open_page: Opener) -> None:
    # What is set to the value it has is laid out and painted again all the same.
    page = open_page(examples.saturation())
    slider(page, "logit z").press("ArrowRight")  # with the first change Reset becomes a stop of the keyboard
    settle(page)
    page.evaluate("""() => {
        window.touched = [];
        const note = ({ type, target, attributeName }) =>
            touched.push(`${type} ${target.getAttribute("class")} ${attributeName}`);
        new MutationObserver((records) => records.forEach(note)).observe(document.querySelector(".ce-live"),
            { subtree: true, childList: true, attributes: true });
    }""")
    slider(page, "logit z").press("ArrowRight")
    settle(page)
    touched = page.evaluate("touched")
    assert any(record.startswith("childList ce-value") for record in touched), "the number beside the slider"
    left_alone = ("ce-plot", "ce-name", "ce-title", "ce-unit", "ce-tick", "ce-grid")
    assert not [record for record in touched if any(name in record for name in left_alone)]
    attributes = {record for record in touched if record.startswith("attributes")}
    assert attributes == {"attributes null aria-valuetext"}


def test_names_are_placed_anew_where_a_curve_moves(open_page: Opener) -> None:
    page = open_page(examples.saturation())
    names = page.locator(".ce-plot").nth(1).locator(".ce-name")
    before = [name.bounding_box() for name in names.all()]
    page.get_by_role("radio", name="label 0").check()
    settle(page)
    assert [name.bounding_box() for name in names.all()] != before


def test_the_name_of_a_point_without_a_curve_follows_it(open_page: Opener) -> None:
    page = open_page(examples.dice())
    triangle = page.locator(".ce-plot").filter(has=page.locator(".ce-corner"))
    name = triangle.locator(".ce-name", has_text="model q")
    before = name.bounding_box()
    for _ in range(3):
        page.locator('[role=slider][aria-label^="model q"]').first.press("PageUp")
    settle(page)
    after = name.bounding_box()
    assert before is not None
    assert after is not None
    assert math.hypot(after["x"] - before["x"], after["y"] - before["y"]) > 20
