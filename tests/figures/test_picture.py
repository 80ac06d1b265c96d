"""The matplotlib picture and its description against independent numbers."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import mpmath
import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure as Canvas
from matplotlib.image import imread
from scipy import stats
from sympy import Max, Symbol, exp

from ce.figures import Axis, FirstPassage, Line, Panel, Path, Point, Readout, Slider
from ce.figures.evaluation import Scene, count_draws, traced
from ce.figures.figure import Figure
from ce.figures.picture import draw
from ce.figures.picture.labels import Box, along, beside, between, dense, place, ring, upright, within
from ce.figures.picture.marks import bordered, continued, depth
from tests.figures import examples


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
        for trace in traced(scene, figure.panels[0]):
            if isinstance(trace.mark, Line):
                expected = [float(losses[trace.mark.label](p)) for p in sigmoid.values()]
                np.testing.assert_allclose(trace.x, list(sigmoid), rtol=1e-12)
                np.testing.assert_allclose(trace.y, expected, rtol=1e-10)


def test_the_shaded_range_ends_where_the_prediction_is_one_third() -> None:
    figure = examples.saturation()
    area = traced(Scene(figure, figure.values()), figure.panels[2])[0]
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
    passages = [part for part in figure.readouts if isinstance(part, FirstPassage)]
    assert [scene.first_passage(part) for part in passages] == [
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
    point = traced(scene, figure.panels[0])[2]
    assert (point.x[0], point.mark.label) == (3.0, examples.CE)
    assert math.isclose(point.y[0], 1 / (1 + math.exp(-z)), rel_tol=1e-12)


def test_a_path_over_the_symbol_of_its_iteration_runs_through_its_states() -> None:
    run = examples.race().sequences[0]
    slider = [part for part in examples.race().parameters if part.symbol != run.symbol]
    axis = examples.Axis("z", -10, 10, symbol=run.symbol)
    panel = Panel(axis, "z²", (Path(run, run.symbol**2, label="square"),), "States")
    figure = Figure("states", "States", "They move.", "start elsewhere.", tuple(slider), (panel,))
    trace = traced(Scene(figure, figure.values()), panel)[0]
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
        "last",
        "The last",
        "It ends.",
        "start elsewhere.",
        tuple(part for part in examples.race().parameters if part.symbol != examples.STEP),
        (Panel(examples.Axis("step"), "z", (Path(run, run.symbol, label="z"),), "Path"),),
        (Readout("last", run.symbol, along=run),),
    )
    scene = Scene(figure, figure.values())
    assert scene.number(run.symbol, run) == scene.trajectory(run)[run.symbol][5]


def level(y: float) -> list[tuple[float, float]]:
    return dense([(0.0, y), (200.0, y)])


def test_a_name_stands_beside_its_own_curve_and_clear_of_the_other() -> None:
    own, size, area = level(50), (60.0, 12.0), (200.0, 100.0)
    found = place(beside(own, size, area), own, [level(80)], [], area=area)
    assert found is not None
    assert found[1].top + 12 < 50
    second = place(beside(own, size, area), own, [level(80)], [], area=area, taken=[found[1]])
    assert second is not None
    assert not second[1].overlaps(found[1])


def test_a_name_without_room_is_left_out() -> None:
    own, area = dense([(0.0, 5.0), (50.0, 5.0)]), (50.0, 100.0)
    assert place(beside(own, (60.0, 12.0), area), own, [], [], area=area) is None
    assert place(within(0, 10, (20.0, 12.0), (50.0, 10.0)), (), [], [], area=(50.0, 10.0)) is None
    assert place(between(level(40), level(50), (60.0, 12.0), (200.0, 100.0)), (), [], [], area=(200.0, 100.0)) is None


def test_a_name_avoids_what_is_not_a_curve_too_where_it_can() -> None:
    size, area = (60.0, 12.0), (200.0, 100.0)
    for now in (20.0, 180.0):
        line = dense([(now, 0.0), (now, 100.0)])
        found = place(along(50.0, size, area), (), [], [line, ring(100, 40)], area=area)
        assert found is not None
        assert found[0] < 200
        assert not found[1].left <= now <= found[1].left + 60
    wall = dense([(0.0, 44.0), (200.0, 44.0)]), dense([(0.0, 56.0), (200.0, 56.0)])
    found = place(along(50.0, size, area), (), [], wall, area=area)
    assert found is not None
    assert found[0] >= 200, "where it cannot, it stands where it costs least"


def test_the_name_of_a_fill_stands_inside_it() -> None:
    upper, lower = dense([(0.0, 80.0), (200.0, 20.0)]), level(90)
    boxes = list(between(upper, lower, (60.0, 12.0), (200.0, 100.0)))
    assert boxes
    for box in boxes:
        assert box.top >= 80 - 0.3 * box.left
        assert box.top + 12 <= 90
    assert min(box.left for box in boxes) > 20, "on the left it is too low"


def test_the_name_of_a_range_stands_inside_it_and_that_of_a_rule_beside_it() -> None:
    size, area = (60.0, 12.0), (200.0, 100.0)
    assert all(box.left >= 102 and box.left + 60 <= 198 for box in within(100, 300, size, area))
    assert {box.left for box in within(150, 200, size, area)} == {140}, "where it is too narrow, its end"
    for box in upright(120, size, area):
        assert box.left > 120 or box.left + 60 < 120


def test_boxes_that_only_touch_do_not_overlap() -> None:
    assert not Box(0, 0, 10, 10).overlaps(Box(10, 0, 10, 10))
    assert Box(0, 0, 10, 10).overlaps(Box(9, 9, 10, 10))
    assert Box(0, 0, 10, 10).distance(np.array([(30, 4), (13, 14)])) == 5


def plain_counts(seed: int, pmf: tuple[float, ...], length: int) -> list[list[int]]:
    """Roll one whole number at a time, as mulberry32 is written down."""
    counts, states = [0] * len(pmf), [[0] * len(pmf)]
    for at in range(1, length + 1):
        a = (seed * 0x9E3779B1 + at * 0x6D2B79F5) % 2**32
        t = (a ^ (a >> 15)) * (a | 1) % 2**32
        t ^= (t + (t ^ (t >> 7)) * (t | 61)) % 2**32
        u = ((t ^ (t >> 14)) % 2**32) / 2**32
        bounds = [math.fsum(pmf[: k + 1]) for k in range(len(pmf) - 1)]
        counts[sum(u >= bound for bound in bounds)] += 1
        states.append(list(counts))
    return states


@pytest.mark.parametrize("seed", [1, 7, 50, -3, 2**31])
def test_rolls_are_those_of_a_plain_loop_over_whole_numbers(seed: int) -> None:
    pmf = (0.5, 0.25, 0.125, 0.125)
    assert np.column_stack(count_draws(pmf, seed, 500)).tolist() == plain_counts(seed, pmf, 500)


def test_what_cannot_happen_is_never_rolled() -> None:
    for pmf in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.1,) * 9 + (0.1, 0.0)):
        last = [counts[-1] for counts in count_draws(pmf, 3, 2000)]
        assert [count > 0 for count in last] == [chance > 0 for chance in pmf]


def test_rolls_have_the_frequencies_of_a_chi_squared_test() -> None:
    for seed in range(1, 6):
        last = [counts[-1] for counts in count_draws((1 / 6,) * 6, seed, 60_000)]
        assert stats.chisquare(last).pvalue > 1e-3
    with pytest.raises(AssertionError):
        assert stats.chisquare([10_400, 9_600, *[10_000] * 4]).pvalue > 1e-3


def test_the_mean_loss_of_rolls_is_divided_by_the_roll_it_is_at() -> None:
    figure = examples.dice()
    model = (0.2, 0.2, 0.6)
    states = plain_counts(1, (0.5, 0.3, 0.2), 30)
    trace = traced(Scene(figure, figure.values()), figure.panels[1])[0]
    wanted = [
        -sum(c * math.log(q) for c, q in zip(state, model, strict=True)) / t for t, state in enumerate(states) if t
    ]
    assert len(trace.y) == 31
    assert math.isnan(trace.y[0])
    np.testing.assert_allclose(trace.y[1:], wanted, rtol=1e-12)


def test_a_heat_map_of_a_triangle_has_scipys_divergence_in_its_cells() -> None:
    figure = examples.dice()
    heat = traced(Scene(figure, figure.values()), figure.panels[2])[0]
    assert heat.cells is not None
    inside = 0
    for row, column in np.ndindex(heat.cells.shape):
        third = heat.y[row] / (math.sqrt(3) / 2)
        model = (1 - heat.x[column] - third / 2, heat.x[column] - third / 2, third)
        if min(model) > 1e-9:
            inside += 1
            assert math.isclose(heat.cells[row, column], stats.entropy((0.5, 0.3, 0.2), model), rel_tol=1e-9)
        elif min(model) < -1e-9:
            assert math.isnan(heat.cells[row, column])
    assert abs(inside / 96**2 - 0.5) < 0.02  # the triangle is half of its box


def test_a_heat_map_over_two_sliders_ends_half_a_cell_before_the_ends() -> None:
    figure = examples.landscape()
    heat = traced(Scene(figure, figure.values()), figure.panels[0])[0]
    assert heat.cells is not None
    np.testing.assert_allclose(heat.x[[0, -1]], [-3 + 3 / 96, 3 - 3 / 96])
    np.testing.assert_allclose(heat.cells, heat.x[None, :] ** 2 / 2 + 2 * heat.y[:, None] ** 2, rtol=1e-12)


def test_shading_goes_evenly_from_level_to_level_and_not_beyond() -> None:
    values = np.array([-np.inf, 0.0, 1.0, 1.5, 2.0, 6.0, 10.0, np.inf, np.nan])
    shades = depth(values, (1.0, 2.0, 10.0))
    np.testing.assert_array_equal(shades, [0, 0, 0, 0.25, 0.5, 0.75, 1, 1, np.nan])


def test_beyond_a_border_contours_go_straight_on_and_shading_takes_the_mean() -> None:
    nothing = np.nan
    cells = np.full((2, 7), nothing)
    cells[0, 3:6], cells[1, 3] = (2, 3, 5), 4
    np.testing.assert_array_equal(continued(cells)[0], [nothing, 0, 1, 2, 3, 5, 7])
    np.testing.assert_array_equal(continued(cells)[1], cells[1])
    assert bordered(cells)[1, 2] == (2 + 3 + 4) / 3
    assert bordered(cells)[1, 3] == 4


def test_two_weights_descend_together_as_the_closed_form_says() -> None:
    figure = examples.landscape()
    path = traced(Scene(figure, figure.values()), figure.panels[0])[1]
    steps = np.arange(21)
    np.testing.assert_allclose(path.x, -2.5 * (1 - 0.1) ** steps, rtol=1e-12)
    np.testing.assert_allclose(path.y, 1.5 * (1 - 0.4) ** steps, rtol=1e-12)


def test_the_lower_end_of_a_region_is_what_16_bits_hold() -> None:
    figure = examples.landscape()
    region = traced(Scene(figure, figure.values()), figure.panels[1])[0]
    assert region.high is not None
    half = (region.x.astype(np.float16) ** 2 / np.float16(2)).astype(float)
    np.testing.assert_array_equal(region.y, half)
    np.testing.assert_allclose(region.high, region.x**2 / 2 + 4.5, rtol=1e-12)


def test_places_in_a_triangle_are_told_as_distributions() -> None:
    words = examples.dice().description()
    assert "model q at (0.200, 0.200, 0.600)" in words
    assert "rolled goes from (0, 1.00, 0) to (0.433, 0.400, 0.167)" in words
    assert plain_counts(1, (0.5, 0.3, 0.2), 30)[30] == [13, 12, 5]


def test_arrows_over_categories_are_told_with_the_category() -> None:
    pull = math.exp(2) / sum(map(math.exp, (2, 0.5, -1)))
    words = examples.softmax().description()
    assert f"an arrow at cat from 2.00 to {2 - pull:.2f}, one step" in words
    assert "bars of softmax: cat 0.786" in words


def test_a_key_that_would_run_into_the_unit_stands_in_a_line_of_its_own() -> None:
    for names, lines in ((("a", "b"), 1), (("the first distribution", "the second distribution"), 2)):
        left, right = Canvas(figsize=(6, 3)).subplots(1, 2)
        for axes in (left, right):
            draw.write_head(axes, "Title", "probability")
        for name in names:
            left.bar([0], [1], label=name)
        draw.write_legend(left)
        assert draw.level((left, right)) == (lines == 2)
        unit, key = left.texts[0].get_window_extent(), left.get_legend().get_window_extent()
        assert key.x0 > unit.x1 or key.y1 < unit.y0
        assert [axes.get_title(loc="left") for axes in (left, right)] == ["Title" + "\n" * lines] * 2
