"""Every figure of the book: the numbers the browser draws are NumPy's, and the picture's."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from playwright.sync_api import Browser, Page

from ce.figures import Choice, Figure, Slider, Switch, Vector
from ce.figures.evaluation import Scene, Trace, traced
from ce.figures.picture import draw
from tests.book.chapter_cells import PAGES, draws, figures
from tests.figures import examples
from tests.figures.figure_pages import module_page

# Arrays go as the bytes of their doubles: JSON knows no infinities, and this is quicker.
PACKED = """([spec, values]) => {
  const bytes = (numbers) => new Uint8Array(Float64Array.from(numbers).buffer);
  const pack = (numbers) => {
    let text = "";
    for (const byte of bytes(numbers)) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const { panels, readouts } = globalThis.numbers(spec, values);
  return {
    panels: panels.map((traces) => traces.map(({ mark, corners, ranges, field, steps }) =>
      [mark.kind, pack(field ?? (corners ?? ranges).flat()), steps])),
    readouts: pack(readouts),
  };
}"""


@pytest.fixture(scope="module")
def front_end(browser: Browser) -> Iterator[Page]:
    """A page with the front end's function of a figure's numbers."""
    with module_page(browser, ["numbers"]) as page:
        yield page


def unpacked(text: str) -> Any:
    return np.frombuffer(base64.b64decode(text))


# The examples of these tests, and the figures of all pages but those that train models.
PLACES = [*(make.__name__ for make in examples.ALL), *filter(draws, PAGES)]
each_place = pytest.mark.parametrize("place", PLACES)


def drawn_at(place: str) -> list[Figure]:
    return figures(place) if place in PAGES else [getattr(examples, place)()]


def corner(part: Any, at: int) -> dict[str, float]:
    """Give the lowest values of a parameter for 0, the highest for 1."""
    if isinstance(part, Slider):
        return {part.symbol.name: (part.low, part.high)[at]}
    if isinstance(part, Choice):
        return {part.symbol.name: part.options[-at][1]}
    if isinstance(part, Switch):
        return {part.symbol.name: float(at)}
    if isinstance(part, Vector):
        return {symbol.name: (part.low, part.high)[at] for symbol in part.symbols}
    chosen = range(len(part.symbols))[-at]
    return {symbol.name: float(k == chosen) for k, symbol in enumerate(part.symbols)}


def somewhere(part: Any, random: np.random.Generator) -> dict[str, float]:
    if isinstance(part, Slider):
        ends = [math.log(part.low), math.log(part.high)] if part.log else [part.low, part.high]
        place = random.uniform(*ends)
        value = math.exp(place) if part.log else place
        return {part.symbol.name: float(round(value)) if part.integer else value}
    if isinstance(part, Choice):
        return {part.symbol.name: part.options[random.integers(len(part.options))][1]}
    if isinstance(part, Switch):
        return {part.symbol.name: float(random.integers(2))}
    if isinstance(part, Vector):
        return {symbol.name: random.uniform(part.low, part.high) for symbol in part.symbols}
    pmf = random.dirichlet(np.ones(len(part.symbols)))
    return dict(zip((symbol.name for symbol in part.symbols), map(float, pmf), strict=True))


def places(figure: Figure) -> Iterator[dict[str, float]]:
    """Yield the start, each parameter at either end, all of them there, and random values."""
    yield {}
    for at in (0, 1):
        ends = [corner(part, at) for part in figure.parameters]
        yield from ends
        yield {name: value for end in ends for name, value in end.items()}
    random = np.random.default_rng(5)
    for _ in range(3):
        yield {name: value for part in figure.parameters for name, value in somewhere(part, random).items()}


def expected(trace: Trace) -> Any:
    """Give a trace of Python's in the order of the front end's numbers."""
    if trace.cells is not None:
        return trace.cells.ravel()
    pairs = np.column_stack([trace.x, trace.y])
    if trace.high is not None:
        pairs = np.concatenate([np.column_stack([trace.x, trace.high]), pairs[::-1]])
    return pairs


def agree(got: Any, want: Any, where: str) -> None:
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=0, err_msg=where)


@each_place
def test_the_browser_draws_numpys_numbers(front_end: Page, place: str) -> None:
    for figure in drawn_at(place):
        draws_numpys_numbers(front_end, figure)


def draws_numpys_numbers(front_end: Page, figure: Figure) -> None:
    spec = figure.spec()
    for changes in places(figure):
        drawn = front_end.evaluate(PACKED, [spec, changes])
        scene = Scene(figure, figure.values(changes))
        for panel, traces in zip(figure.panels, drawn["panels"], strict=True):
            for trace, (kind, numbers, steps) in zip(traced(scene, panel), traces, strict=True):
                where = f"{figure.name}, {panel.title}, {kind} {trace.mark.label!r} at {changes}"
                got, want = unpacked(numbers), expected(trace)
                if kind == "heatmap":
                    # Where a divergence is all but zero its terms cancel, to the last digit of the terms.
                    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-15, err_msg=where)
                    continue
                got = got.reshape(-1, 2)
                if kind == "span":
                    held = np.zeros(len(trace.x), bool)
                    for low, high in got:
                        held |= (trace.x >= low) & (trace.x <= high)
                    np.testing.assert_array_equal(held, trace.y > 0, err_msg=where)
                    continue
                agree(got, want if steps is None else want[steps], where)
        wanted = [
            scene.number(part.expression, part.along)
            if hasattr(part, "expression")
            else np.nan
            if (at := scene.first_passage(part)) is None
            else at
            for part in figure.readouts
        ]
        agree(unpacked(drawn["readouts"]), wanted, f"{figure.name}, read-outs at {changes}")


def test_a_naive_formula_would_not_agree(front_end: Page) -> None:
    stable = json.dumps(examples.saturation().spec())
    naive = stable.replace('["softplus", ["*", -1, "z"]]', '["log", ["+", 1, ["exp", ["*", -1, "z"]]]]')
    assert naive != stable
    for text, agrees in ((stable, True), (naive, False)):
        drawn = front_end.evaluate(PACKED, [json.loads(text), {"z": 36.0}])
        loss = unpacked(drawn["readouts"])[0]
        assert math.isclose(loss, math.log1p(math.exp(-36)), rel_tol=1e-12) is agrees


@each_place
def test_the_picture_draws_the_browsers_numbers(front_end: Page, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    canvases: list[Any] = []
    monkeypatch.setattr(draw.Canvas, "savefig", lambda canvas, *_, **__: canvases.append(canvas))
    for figure in drawn_at(place):
        canvases.clear()
        picture_draws_the_browsers_numbers(front_end, figure, canvases)


def picture_draws_the_browsers_numbers(front_end: Page, figure: Figure, canvases: list[Any]) -> None:
    draw.draw(figure, figure.values())
    axes = canvases[0].axes
    for panel, traces in zip(axes, front_end.evaluate(PACKED, [figure.spec(), {}])["panels"], strict=True):
        curves = [line.get_xydata() for line in panel.get_lines()]
        bars = [bar.get_height() for bar in panel.patches if isinstance(bar, Rectangle)]
        for kind, numbers, steps in traces:
            if kind == "heatmap":
                continue
            got = unpacked(numbers).reshape(-1, 2)
            if kind in {"line", "series", "path"}:
                assert any(holds(curve, got, steps) for curve in curves), f"{panel.get_title('left')}, {kind}"
            elif kind == "bar":
                heights = np.clip(got[:, 1], *panel.get_ylim())
                assert all(np.isclose(height, bars, rtol=1e-12).any() for height in heights)


def holds(curve: Any, corners: Any, steps: list[int] | None) -> bool:
    """Whether a curve of the picture passes through all corners; of long paths the browser draws some."""
    if len(curve) <= max(steps or [0]):
        return False
    chosen = curve if steps is None else curve[steps]
    return chosen.shape == corners.shape and np.allclose(chosen, corners, rtol=1e-12, atol=0, equal_nan=True)
