"""Heat maps, the triangle, planes, stacked lengths, buttons, switches, logits: what a hand does to them."""

from __future__ import annotations

import math
import re
from io import BytesIO

import numpy as np
import pytest
import wire_figures as wired
from figure_pages import Opener
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from test_live import cell, drag, probabilities, settle, slider, value

from ce.figures.palette import DARK, LIGHT, ROLES

# The opacity of the shading, row by row from the top.
ALPHA = """() => {
  const canvas = document.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({ length: data.length / 4 }, (_, at) => data[4 * at + 3]);
}"""


def hue(colour: str, at: int) -> int:
    return int(colour[2 * at + 1 : 2 * at + 3], 16)


def plot(page: Page, title: str) -> Locator:
    return page.locator(".ce-panel", has_text=title).locator(".ce-plot")


def press(page: Page, target: Locator, x: float, y: float) -> None:
    """Click at a place of an element given as shares of its width and height."""
    box = target.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    settle(page)


def values(page: Page, *names: str) -> list[float]:
    return [value(page, name) for name in names]


def neuron_loss(weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    points = [(-2, 0), (-1, 0), (-0.5, 1), (0.5, 0), (1, 1), (2, 1)]
    return sum(np.logaddexp(0, (1 - 2 * y) * (weight * x + bias)) for x, y in points) / len(points)


def test_the_plane_is_shaded_where_the_loss_is_low_and_crossed_by_contours_of_its_levels(
    open_page: Opener,
) -> None:
    page = open_page(wired.landscape())
    at = -6 + 12 * (np.arange(96) + 0.5) / 96
    weight, bias = np.meshgrid(at, at)
    loss = neuron_loss(weight, bias)
    depth = np.interp(loss, wired.LEVELS, np.linspace(0, 1, len(wired.LEVELS)))
    alpha = np.array(page.evaluate(ALPHA)).reshape(96, 96)[::-1]
    np.testing.assert_allclose(alpha, 255 * (0.04 + 0.5 * (1 - depth)), atol=1)
    path = page.locator(".ce-contour").get_attribute("d") or ""
    corners = np.array([pair.split(",") for pair in re.findall(r"[ML]([\d,]+)", path)], dtype=float)
    x, y = (-6 + 12 * corners / 9600).T
    found = neuron_loss(x, y)
    nearest = np.array(wired.LEVELS)[np.abs(found[:, None] - wired.LEVELS).argmin(axis=1)]
    np.testing.assert_allclose(found, nearest, rtol=0.01)
    assert set(nearest) == {level for level in wired.LEVELS if loss.min() < level < loss.max()}
    # The lines run through the shading: a place of the path lies where the panel says it does.
    placed = page.locator(".ce-contour").get_attribute("transform") or ""
    assert re.fullmatch(r"translate\(0,[\d.]+\) scale\([\d.e-]+,-[\d.e-]+\)", placed)


def test_a_press_in_a_plane_starts_the_descent_there_and_the_arrow_keys_go_on(open_page: Opener) -> None:
    page = open_page(wired.landscape())
    trail = page.locator(".ce-plot .ce-curve")
    before = trail.get_attribute("d")
    press(page, plot(page, "Loss of a neuron"), 0.7, 0.3)
    weight, bias = values(page, "weight w", "bias b")
    assert weight > 1
    assert bias > 0.5
    assert trail.get_attribute("d") != before
    page.keyboard.press("ArrowRight")
    assert math.isclose(value(page, "weight w"), weight + 0.1, abs_tol=1e-9)
    drag(page, plot(page, "Loss of a neuron"), (0.7, 0.3), (0.3, 0.6))
    assert value(page, "weight w") < 0 > value(page, "bias b") - 1


def test_a_path_so_far_ends_at_the_current_step_and_step_by_step_grows(open_page: Opener) -> None:
    page = open_page(wired.landscape())
    trail, point = page.locator(".ce-plot .ce-curve"), page.locator(".ce-marker")
    for expected in (41, 42):
        page.get_by_role("button", name="Step step t").click()
        assert value(page, "step t") == expected
        end = (trail.get_attribute("d") or "").rpartition("L")[2].split(",")
        stands = re.findall(r"[\d.]+", point.get_attribute("transform") or "")
        np.testing.assert_allclose([float(x) for x in end], [float(x) for x in stands], atol=0.5)
    losses = []
    for key in ("Home", "End"):
        slider(page, "step t").press(key)
        settle(page)
        losses.append(float(cell(page, "loss at step t").inner_text().split()[0]))
    assert losses[0] > 4 * losses[1]


def test_the_shading_is_painted_again_only_when_something_in_it_changes(open_page: Opener) -> None:
    page = open_page(wired.landscape(), wired.die(), theme="light")
    page.evaluate("""() => {
      window.painted = 0;
      const put = CanvasRenderingContext2D.prototype.putImageData;
      CanvasRenderingContext2D.prototype.putImageData = function (...given) {
        window.painted += 1;
        put.apply(this, given);
      };
    }""")
    slider(page, "weight w").press("ArrowRight")
    slider(page, "bias b").press("ArrowRight")
    settle(page)
    assert page.evaluate("painted") == 0
    # The colour is the theme's, and follows it without being painted again.
    field = page.locator("canvas").first
    shots = []
    for theme, role in (("light", ROLES[0].light), ("dark", ROLES[0].dark)):
        page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
        settle(page)
        pixel = Image.open(BytesIO(field.screenshot())).convert("RGB").getpixel((60, 20))
        paper, ink = (LIGHT, DARK)[theme == "dark"].surface, role
        share = [(pixel[at] - hue(paper, at)) / (hue(ink, at) - hue(paper, at)) for at in range(3)]
        assert max(share) - min(share) < 0.05, "a mixture of the theme's surface and the role's colour"
        shots.append(pixel)
    assert shots[0] != shots[1]
    assert page.evaluate("painted") == 0
    page.get_by_role("button", name="Roll 1,000 more").scroll_into_view_if_needed()
    settle(page)
    page.evaluate("painted = 0")
    page.get_by_role("button", name="Roll 1,000 more").click()
    settle(page)
    assert page.evaluate("painted") == 1


def test_a_press_in_the_triangle_sets_a_distribution_also_from_outside(open_page: Opener) -> None:
    page = open_page(wired.die())
    triangle = plot(page, "Likelihood of q")
    box = triangle.bounding_box()
    assert box is not None
    press(page, triangle, 0.5, 0.55)
    inside = probabilities(page, "model q")
    assert math.isclose(sum(inside), 1, abs_tol=1e-9)
    assert math.isclose(inside[0], inside[1], abs_tol=0.01)
    assert 0.2 < inside[2] < 0.7
    press(page, triangle, 0.5, 0.995)  # under the side from one to two
    assert probabilities(page, "model q") == pytest.approx([0.5, 0.5, 0], abs=0.01)
    assert cell(page, "NLL").inner_text() == "∞ nats"
    press(page, triangle, 0.5, 0.01)  # above the upper corner
    assert probabilities(page, "model q") == [0, 0, 1]
    slider(page, "model q, one").press("PageUp")
    assert probabilities(page, "model q") == pytest.approx([0.1, 0, 0.9], abs=1e-9)


def test_the_likelihood_is_greatest_at_the_shares_of_the_faces(open_page: Opener) -> None:
    page = open_page(wired.die())
    slider(page, "rolls n").press("End")
    settle(page)
    darkest = int(np.argmax(page.evaluate(ALPHA)))
    row, column = 95 - darkest // 96, darkest % 96
    height = (row + 0.5) / 96  # as shares of the height and the width of the triangle
    pmf = ((95.5 - column) / 96 - height / 2, (column + 0.5) / 96 - height / 2, height)
    assert pmf == pytest.approx((0.5, 0.3, 0.2), abs=0.03)


def test_buttons_set_parameters_together_and_stay_in_their_range(open_page: Opener) -> None:
    page = open_page(wired.die(), wired.lengths())
    page.get_by_role("button", name="Roll 1 more").click()
    assert value(page, "rolls n") == 61
    for _ in range(11):
        page.get_by_role("button", name="Roll 1,000 more").click()
    assert value(page, "rolls n") == 10_000
    before = [probabilities(page, name) for name in ("data p", "model q")]
    page.get_by_role("button", name="Swap p and q").click()
    settle(page)
    second = page.locator("figure").nth(1)
    after = [[float(handle.get_attribute("aria-valuenow") or "nan")
              for handle in second.locator(f'[role=slider][aria-label^="{name}"]').all()]
             for name in ("data p", "model q")]  # fmt: skip
    assert after == [before[1][-3:], before[0]]


def test_lengths_lie_end_to_end_and_take_the_unit_that_is_chosen(open_page: Opener) -> None:
    page = open_page(wired.lengths())
    bars = plot(page, "Lengths in").locator("rect.ce-bar")
    whole, first, second = (bars.nth(at).bounding_box() for at in range(3))
    assert whole is not None
    assert first is not None
    assert second is not None
    assert first["x"] + first["width"] == pytest.approx(second["x"], abs=1.5)
    assert first["width"] + second["width"] == pytest.approx(whole["width"], abs=2)
    assert first["y"] > whole["y"] + whole["height"]
    nats = float(cell(page, "cross-entropy").inner_text().removesuffix(" nats"))
    page.get_by_role("radio", name="bits").check()
    expect(cell(page, "cross-entropy")).to_have_text(re.compile(" bits$"))
    bits = float(cell(page, "cross-entropy").inner_text().removesuffix(" bits"))
    assert bits == pytest.approx(nats / math.log(2), rel=1e-3)
    expect(page.locator(".ce-title").nth(1)).to_have_text("Lengths in bits")
    expect(plot(page, "Lengths in")).to_contain_text("length in bits")
    assert "Lengths in bits" in (plot(page, "Lengths in").get_attribute("aria-label") or "")


def test_a_logit_is_moved_by_keys_and_by_hand_within_its_range(open_page: Opener) -> None:
    page = open_page(wired.softmax())
    logit = slider(page, "logits z, two")
    expect(logit).to_have_attribute("aria-valuenow", "-1")
    keys = {"ArrowUp": "-0.9", "PageUp": "0.1", "ArrowLeft": "0", "End": "4", "Home": "-4"}
    for key, shown in keys.items():
        logit.press(key)
        expect(logit).to_have_attribute("aria-valuenow", shown)
    for name, shown in (("one", "2"), ("three", "0.5")):
        expect(slider(page, f"logits z, {name}")).to_have_attribute("aria-valuenow", shown)
    box = logit.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=5)
    page.mouse.up()
    settle(page)
    assert -4 < float(logit.get_attribute("aria-valuenow") or "nan") < 0
    page.mouse.move(x, y - 60)
    page.mouse.down()
    page.mouse.move(x, y - 900, steps=5)
    page.mouse.up()
    settle(page)
    assert logit.get_attribute("aria-valuenow") == "4"


def test_a_switch_shows_and_hides_marks_and_a_vanishing_arrow_is_not_drawn(open_page: Opener) -> None:
    page = open_page(wired.softmax())
    heads = plot(page, "Logits").locator(".ce-head")
    assert heads.count() == 2  # that of the least likely class is shorter than two pixels
    page.get_by_role("checkbox", name="show the gradient").uncheck()
    expect(heads).to_have_count(0)
    page.get_by_role("checkbox", name="show the gradient").press("Space")
    expect(heads).to_have_count(2)
    for name, key in (("one", "End"), ("two", "Home"), ("three", "Home")):
        slider(page, f"logits z, {name}").press(key)
    slider(page, "temperature T").press("Home")
    expect(heads).to_have_count(0)  # the model is sure and right: no gradient is left


def test_a_filled_region_lies_between_its_curves(open_page: Opener) -> None:
    page = open_page(wired.gap())
    path = page.locator(".ce-plot .ce-band").get_attribute("d") or ""
    corners = np.array([pair.split(",") for pair in re.findall(r"[ML]([\d.,-]+)", path)], dtype=float)
    curve = page.locator(".ce-plot .ce-curve").get_attribute("d") or ""
    last = curve.rpartition("L")[2].split(",")
    assert any(np.allclose(corner, [float(x) for x in last], atol=0.02) for corner in corners)
    assert (path.count("M"), path.count("Z")) == (1, 1)
