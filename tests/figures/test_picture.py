"""The matplotlib picture and its description against independent numbers."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import examples
import mpmath
import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.image import imread
from sympy import Max, Symbol, exp

from ce.figures import Axis, Line, Panel, Passage, Path, Point, Readout, Slider
from ce.figures.figure import Figure
from ce.figures.placement import Box, along, beside, dense, place, within
from ce.figures.scene import Scene


def pixels(png: bytes) -> np.ndarray:
    return imread(io.BytesIO(png), format="png")


@pytest.mark.parametrize("make", examples.ALL, ids=lambda make: make.__name__)
def test_a_picture_has_the_size_its_spec_promises(make: type[Figure]) -> None:
    figure = make()
    height, width, _ = pixels(figure.picture()).shape
    assert {"width": width, "height": height} == figure.spec()["picture"]


def test_the_same_figure_gives_the_same_bytes_whatever_the_style_around_it() -> None:
    figure = examples.shapes()
    first = figure.picture()
    with rc_context({"lines.linewidth": 20, "font.size": 30, "axes.facecolor": "red"}):
        assert figure.picture() == first


def test_a_picture_shows_the_values_it_is_given() -> None:
    figure = examples.saturation()
    one, other = pixels(figure.picture()), pixels(figure.picture({"z": 4.0}))
    assert one.shape == other.shape
    assert (one != other).any()


def test_curves_are_those_of_the_textbook_form_in_50_digits() -> None:
    figure = examples.saturation()
    scene = Scene(figure, figure.values({"y": 1.0}))
    with mpmath.workdps(50):
        sigmoid = {float(z): 1 / (1 + mpmath.exp(-mpmath.mpf(float(z)))) for z in np.linspace(-10, 10, 481)}
        losses = {examples.CE: lambda p: -mpmath.log(p), examples.SE: lambda p: (1 - p) ** 2}
        for trace in scene.traces(figure.panels[0]):
            if isinstance(trace.mark, Line):
                expected = [float(losses[trace.mark.label](p)) for p in sigmoid.values()]
                np.testing.assert_allclose(trace.x, list(sigmoid), rtol=1e-12)
                np.testing.assert_allclose(trace.y, expected, rtol=1e-10)


def test_the_shaded_range_ends_where_the_prediction_is_one_third() -> None:
    figure = examples.saturation()
    area = Scene(figure, figure.values()).traces(figure.panels[2])[0]
    shaded = area.x[area.y > 0]
    step = area.x[1] - area.x[0]
    assert shaded[0] == -10
    assert shaded[-1] < -math.log(2) < shaded[-1] + step


def steps_to_one_half(start: float, rate: float, name: str) -> int:
    """Count the steps of a plain loop of gradient descent for label 1."""
    z, steps = start, 0
    while z < 0:
        p = 1 / (1 + math.exp(-z))
        z += rate * (1 - p) * (1 if name == examples.CE else 2 * p * (1 - p))
        steps += 1
    return steps


@pytest.mark.parametrize(("start", "rate"), [(-10.0, 1.0), (-3.5, 0.4)])
def test_first_passages_are_those_of_a_plain_loop(start: float, rate: float) -> None:
    figure = examples.race()
    scene = Scene(figure, figure.values({"z0": start, "eta": rate}))
    passages = [part for part in figure.readouts if isinstance(part, Passage)]
    assert [scene.passage(part) for part in passages] == [
        steps_to_one_half(start, rate, part.column) for part in passages
    ]


def test_a_passage_beyond_the_length_is_said_to_be_so() -> None:
    figure = examples.race()
    assert steps_to_one_half(-10.0, 0.1, examples.SE) > 20_000
    assert "squared error not within 20,000 steps" in figure.description({"eta": 0.1})


def test_a_point_at_zero_on_a_logarithmic_axis_is_left_out() -> None:
    z = Symbol("z", real=True)
    marks = (Line(exp(z), label="power"), Point(Max(z, 0), label="ramp"))
    panel = Panel(z, Axis("size", 1e-20, 10, log=True), marks, "Powers")
    figure = Figure("powers", "Powers", "They grow.", "move z.", (Slider(z, -40, 2, 1, 1, "z"),), (panel,))
    blank = pixels(replace(figure, panels=(replace(panel, marks=marks[:1]),)).picture({"z": -3.0}))
    drawn = pixels(figure.picture({"z": -3.0}))  # a warning of matplotlib would fail the test
    assert np.array_equal(drawn, blank)
    assert not np.array_equal(pixels(figure.picture()), blank)


def test_points_along_an_iteration_stand_at_its_current_step() -> None:
    figure = examples.race()
    scene = Scene(figure, figure.values({"t": 3.0, "z0": 0.0}))
    z = 0.0
    for _ in range(3):
        z += 1 - 1 / (1 + math.exp(-z))
    point = scene.traces(figure.panels[0])[2]
    assert (point.x[0], point.mark.label) == (3.0, examples.CE)
    assert math.isclose(point.y[0], 1 / (1 + math.exp(-z)), rel_tol=1e-12)


def test_a_path_over_the_symbol_of_its_iteration_runs_through_its_states() -> None:
    run = examples.race().sequences[0]
    slider = [part for part in examples.race().parameters if part.symbol != run.symbol]
    axis = examples.Axis("z", -10, 10, symbol=run.symbol)
    panel = Panel(axis, "z²", (Path(run, run.symbol**2, label="square"),), "States")
    figure = Figure("states", "States", "They move.", "start elsewhere.", tuple(slider), (panel,))
    trace = Scene(figure, figure.values()).traces(panel)[0]
    assert trace.x[0] == -10
    np.testing.assert_allclose(trace.y, trace.x**2)


def test_the_description_says_the_numbers_of_the_figure() -> None:
    words = examples.saturation().description()
    loss = math.log1p(math.exp(4))
    assert f"loss cross-entropy {loss:.4g}" in words
    assert "label 1, logit z = −4" in words
    assert "shaded where squared error not convex, from −10 to −0.71" in words
    assert "is highest, at 0.296" in words  # 8/27, the largest gradient of the squared error
    assert pytest.approx(0.296, abs=5e-4) == 8 / 27


def test_the_description_follows_the_values() -> None:
    figure = examples.divergence()
    assert "Kullback–Leibler divergence 0 nats" in figure.description(
        {f"{base}_{k}": 0.25 for base in "pq" for k in range(1, 5)}
    )
    assert "Kullback–Leibler divergence ∞ nats" in figure.description({"q_1": 0.0, "q_2": 0.5})


def test_readouts_without_an_iteration_step_are_taken_at_the_last_one() -> None:
    run = replace(examples.race().sequences[0], at=None, length=5)
    figure = Figure(
        "last", "The last", "It ends.", "start elsewhere.",
        tuple(part for part in examples.race().parameters if part.symbol != examples.STEP),
        (Panel(examples.Axis("step"), "z", (Path(run, run.symbol, label="z"),), "Path"),),
        (Readout("last", run.symbol, along=run),),
    )  # fmt: skip
    scene = Scene(figure, figure.values())
    assert scene.number(run.symbol, run) == scene.orbit(run)[run.symbol][5]


def test_a_name_stands_beside_its_own_curve_and_clear_of_the_other() -> None:
    own = dense([(0.0, 50.0), (200.0, 50.0)])
    other = dense([(0.0, 80.0), (200.0, 80.0)])
    size, area = (60.0, 12.0), (200.0, 100.0)
    box = place(beside(own, size, area), own, [other], area, [])
    assert box is not None
    assert box.top + box.height < 50
    second = place(beside(own, size, area), own, [other], area, [box])
    assert second is not None
    assert not second.overlaps(box)


def test_a_name_without_room_is_left_out() -> None:
    own = dense([(0.0, 5.0), (50.0, 5.0)])
    assert place(beside(own, (60.0, 12.0), (50.0, 100.0)), own, [], (50.0, 100.0), []) is None
    assert place(within(0, 10, (20.0, 12.0), (50.0, 10.0)), (), [], (50.0, 10.0), []) is None


def test_a_name_avoids_the_line_at_the_current_value_where_it_can() -> None:
    size, area = (60.0, 12.0), (200.0, 100.0)
    right, left = (place(along(50.0, size, area), (), [], area, [], now=now) for now in (20.0, 180.0))
    assert right is not None
    assert left is not None
    assert right.left > 100 > left.left


def test_boxes_that_only_touch_do_not_overlap() -> None:
    assert not Box(0, 0, 10, 10).overlaps(Box(10, 0, 10, 10))
    assert Box(0, 0, 10, 10).overlaps(Box(9, 9, 10, 10))
    assert Box(0, 0, 10, 10).distance(13, 14) == 5
