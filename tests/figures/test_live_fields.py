"""Heat maps, the triangle, planes, stacked lengths, buttons, switches, logits: what a hand does to them."""

from __future__ import annotations

import math
import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from ce.figures.palette import DARK, LIGHT, ROLES
from tests.figures import examples
from tests.figures.figure_pages import Opener
from tests.figures.test_live import cell, drag, probabilities, settle, slider, value

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


def valley(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Give the loss of the landscape by itself."""
    return 0.5 * u * u + 2 * v * v


LEVELS = (0.1, 0.5, 1, 2, 4, 8)


def test_the_plane_is_shaded_where_the_loss_is_low_and_crossed_by_contours_of_its_levels(open_page: Opener) -> None:
    page = open_page(examples.landscape())
    cell_centres = (np.arange(96) + 0.5) / 96
    loss = valley(*np.meshgrid(-3 + 6 * cell_centres, -2 + 4 * cell_centres))
    depth = np.interp(loss, LEVELS, np.linspace(0, 1, len(LEVELS)))
    alpha = np.array(page.evaluate(ALPHA)).reshape(96, 96)[::-1]
    np.testing.assert_allclose(alpha, 255 * (0.04 + 0.5 * (1 - depth)), atol=1)
    contour = page.locator(".ce-contour")
    path = contour.get_attribute("d") or ""
    corners = np.array([pair.split(",") for pair in re.findall(r"[ML]([-\d,]+)", path)], dtype=float)
    found = valley(*((-3, -2) + (6, 4) * corners / 9600).T)
    nearest = np.array(LEVELS)[np.abs(found[:, None] - LEVELS).argmin(axis=1)]
    np.testing.assert_allclose(found, nearest, rtol=0.01, atol=0.005)
    assert set(nearest) == set(LEVELS)
    # The lines are stretched over the whole plot, from the lower left corner.
    numbers = re.findall(r"-?[\d.]+(?:e-?\d+)?", contour.get_attribute("transform") or "")
    height, across, up = map(float, numbers[1:])
    axis = page.locator(".ce-plot").first.locator(".ce-axis").first.get_attribute("d")
    assert axis == f"M0,{height:g}H{9600 * across:g}"
    assert 9600 * -up == pytest.approx(height)


def test_a_press_in_a_plane_starts_the_descent_there_and_the_arrow_keys_go_on(open_page: Opener) -> None:
    page = open_page(examples.landscape())
    trail = plot(page, "Loss over two").locator(".ce-curve").first
    before = trail.get_attribute("d")
    press(page, plot(page, "Loss over two"), 0.7, 0.2)
    first, second = values(page, "weight u₀", "weight v₀")
    assert first > 0.8
    assert second > 0.5
    assert trail.get_attribute("d") != before
    page.keyboard.press("ArrowRight")
    assert math.isclose(value(page, "weight u₀"), first + 0.05, abs_tol=1e-9)
    drag(page, plot(page, "Loss over two"), (0.7, 0.3), (0.3, 0.7))
    first, second = values(page, "weight u₀", "weight v₀")
    assert first < 0
    assert second < 0


def test_a_path_so_far_ends_at_the_current_step_and_step_by_step_grows(open_page: Opener) -> None:
    page = open_page(examples.landscape())
    panel = plot(page, "Loss over two")
    trail, point = panel.locator(".ce-curve").first, panel.locator(".ce-marker")
    for expected in (21, 22):
        page.get_by_role("button", name="Step step t").click()
        assert value(page, "step t") == expected
        end = (trail.get_attribute("d") or "").rpartition("L")[2].split(",")
        stands = re.findall(r"[\d.]+", point.get_attribute("transform") or "")
        np.testing.assert_allclose([float(x) for x in end], [float(x) for x in stands], atol=0.5)
    losses = []
    for key in ("Home", "End"):
        slider(page, "step t").press(key)
        settle(page)
        losses.append(float(cell(page, "loss at step t").inner_text().replace("×10⁻⁵", "e-5")))
    assert losses[0] == pytest.approx(2.5**2 / 2 + 2 * 1.5**2, rel=1e-3)
    assert losses[1] < 1e-3


def test_the_shading_is_painted_again_only_when_something_in_it_changes(open_page: Opener) -> None:
    page = open_page(examples.landscape(), examples.dice(), theme="light")
    page.evaluate("""() => {
      window.painted = 0;
      const put = CanvasRenderingContext2D.prototype.putImageData;
      CanvasRenderingContext2D.prototype.putImageData = function (...given) {
        window.painted += 1;
        put.apply(this, given);
      };
    }""")
    slider(page, "weight u₀").press("ArrowRight")
    slider(page, "weight v₀").press("ArrowRight")
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
    # The divergence from the die depends on the die, and on nothing else.
    slider(page, "model q, ⚀").press("ArrowUp")
    settle(page)
    assert page.evaluate("painted") == 0
    slider(page, "die p, ⚀").press("ArrowUp")
    settle(page)
    assert page.evaluate("painted") == 1


def test_a_press_in_the_triangle_sets_a_distribution_also_from_outside(open_page: Opener) -> None:
    page = open_page(examples.dice())
    triangle = plot(page, "All models")
    press(page, triangle, 0.5, 0.55)
    inside = probabilities(page, "model q")
    assert math.isclose(sum(inside), 1, abs_tol=1e-9)
    assert math.isclose(inside[0], inside[1], abs_tol=0.01)
    assert 0.2 < inside[2] < 0.7
    press(page, triangle, 0.5, 0.995)  # under the side from corner 1 to corner 2
    assert probabilities(page, "model q") == pytest.approx([0.5, 0.5, 0], abs=0.01)
    expect(cell(page, "mean loss")).to_have_text("∞ nats")
    press(page, triangle, 0.5, 0.01)  # above the upper corner
    assert probabilities(page, "model q") == [0, 0, 1]
    slider(page, "model q, ⚀").press("PageUp")
    assert probabilities(page, "model q") == pytest.approx([0.1, 0, 0.9], abs=1e-9)


def test_the_triangle_is_darkest_where_the_model_is_the_die(open_page: Opener) -> None:
    page = open_page(examples.dice())
    alpha = np.array(page.evaluate(ALPHA)).reshape(96, 96)[::-1]
    rows, columns = np.nonzero(alpha == alpha.max())  # all that is nearer than the first level
    height, across = (rows.mean() + 0.5) / 96, (columns.mean() + 0.5) / 96
    assert (1 - across - height / 2, across - height / 2, height) == pytest.approx((0.5, 0.3, 0.2), abs=0.03)


def test_rolling_more_grows_the_path_and_moves_the_shares(open_page: Opener) -> None:
    page = open_page(examples.dice())
    walk = plot(page, "All models").locator(".ce-curve")
    before = walk.get_attribute("d") or ""
    shares = plot(page, "Shares")
    old = shares.inner_html()
    page.get_by_role("button", name="Roll 10 more").click()
    assert value(page, "rolls t") == 40
    after = walk.get_attribute("d") or ""
    assert after.startswith(before)
    assert len(after) > len(before)
    assert shares.inner_html() != old
    for _ in range(17):
        page.get_by_role("button", name="Roll 10 more").click()
    assert value(page, "rolls t") == 200
    slider(page, "series").press("ArrowRight")
    settle(page)
    assert not (walk.get_attribute("d") or "").startswith(before)


def test_buttons_set_parameters_together(open_page: Opener) -> None:
    page = open_page(examples.lengths())
    before = [probabilities(page, name) for name in ("data p", "model q")]
    page.get_by_role("button", name="Swap p and q").click()
    assert [probabilities(page, name) for name in ("model q", "data p")] == before
    page.get_by_role("button", name="Level q, in bits").click()
    assert probabilities(page, "model q") == [0.5, 0.5]
    expect(page.get_by_role("radio", name="bits")).to_be_checked()
    expect(page.get_by_role("checkbox", name="show the parts")).not_to_be_checked()
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("radio", name="nats")).to_be_checked()


def test_lengths_lie_end_to_end_and_take_the_unit_that_is_chosen(open_page: Opener) -> None:
    page = open_page(examples.lengths())
    bars = page.locator(".ce-plot").first.locator("rect.ce-bar")
    whole, first, second = (bars.nth(at).bounding_box() for at in range(3))
    assert whole is not None
    assert first is not None
    assert second is not None
    assert first["x"] + first["width"] == pytest.approx(second["x"], abs=1.5)
    assert first["width"] + second["width"] == pytest.approx(whole["width"], abs=2)
    assert first["y"] > whole["y"] + whole["height"]
    nats = float(cell(page, "cross-entropy").inner_text().removesuffix("\u00a0nats"))
    page.get_by_role("radio", name="bits").check()
    expect(cell(page, "cross-entropy")).to_have_text(re.compile(r"\sbits$"))
    bits = float(cell(page, "cross-entropy").inner_text().removesuffix("\u00a0bits"))
    assert bits == pytest.approx(nats / math.log(2), rel=1e-3)
    expect(page.locator(".ce-title").first).to_have_text("In bits")
    expect(page.locator(".ce-plot").first).to_contain_text("length in bits")
    expect(page.get_by_role("img", name="In bits against")).to_be_visible()
    page.get_by_role("checkbox", name="show the parts").press("Space")
    expect(bars).to_have_count(1)


def test_a_logit_is_moved_by_keys_and_by_hand_within_its_range(open_page: Opener) -> None:
    page = open_page(examples.softmax())
    logit = slider(page, "logits z, owl")
    expect(logit).to_have_attribute("aria-valuenow", "-1")
    keys = {"ArrowUp": "-0.9", "PageUp": "0.1", "ArrowDown": "0", "End": "4", "Home": "-4"}
    for key, shown in keys.items():
        logit.press(key)
        expect(logit).to_have_attribute("aria-valuenow", shown)
    for name, shown in (("cat", "2"), ("dog", "0.5")):
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


def test_an_arrow_that_vanishes_is_not_drawn(open_page: Opener) -> None:
    page = open_page(examples.softmax())
    heads = plot(page, "Logits").locator(".ce-head")
    assert heads.count() == 2  # that of the least likely class is shorter than two pixels
    slider(page, "temperature T").press("Home")
    for name, key in (("cat", "Home"), ("dog", "End"), ("owl", "Home")):
        slider(page, f"logits z, {name}").press(key)
    expect(heads).to_have_count(0)  # the model is sure and right: no gradient is left
    page.get_by_role("radio", name="owl").check()
    expect(heads).to_have_count(2)
    expect(page.locator(".ce-title").nth(1)).to_have_text("At T for owl")


def test_a_filled_region_ends_at_its_curve(open_page: Opener) -> None:
    page = open_page(examples.landscape())
    panel = plot(page, "Through the start")
    path = panel.locator(".ce-band").get_attribute("d") or ""
    corners = set(re.findall(r"[ML]([\d.,-]+)", path))
    curve = re.findall(r"[ML]([\d.,-]+)", panel.locator(".ce-curve").get_attribute("d") or "")
    assert len(curve) > 100
    assert len(corners) > 1.5 * len(curve)
    assert set(curve) <= corners
    assert (path.count("M"), path.count("Z")) == (1, 1)
