"""What the page says of glued coins and of a model that is right, found again without its formulas."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import rel_entr
from scipy.stats import binom

from ce.figures import Line, Series
from ce.figures.evaluation import Scene
from tests.book.chapter_cells import figure, glued

PAGE = "book/changing-the-loss/the-wrong-model"
GLUED = np.array([0.5, 0, 0.5])


def coins(heads):
    return binom.pmf(np.arange(3), 2, heads)


def closest(price, low=1e-6, high=1 - 1e-6):
    return minimize_scalar(price, bounds=(low, high), method="bounded", options={"xatol": 1e-10}).x


def test_the_closest_by_divergence_has_the_mean_of_the_truth():
    for truth in (GLUED, np.array([0.6, 0.1, 0.3]), np.array([0.2, 0.7, 0.1])):
        found = closest(lambda heads, truth=truth: rel_entr(truth, coins(heads)).sum())
        assert found == pytest.approx(truth @ (0, 0.5, 1), abs=1e-6)
    assert rel_entr(GLUED, coins(0.5)).sum() == pytest.approx(glued(PAGE)["far"])


def test_the_closest_by_squared_distance_lie_to_the_sides_and_not_in_the_middle():
    numbers = glued(PAGE)

    def distance(heads):
        return np.sum((coins(heads) - GLUED) ** 2)

    assert closest(distance, high=0.5) == pytest.approx(numbers["left"], abs=1e-6)
    assert closest(distance, low=0.5) == pytest.approx(numbers["right"], abs=1e-6)
    assert distance(numbers["left"]) == pytest.approx(1 / 3)
    assert distance(0.5) > 0.37


@pytest.mark.parametrize(
    ("truth", "heads", "reached"), [(GLUED, 0.21, True), (GLUED, 0.5, False), ((1, 0, 0), 0.02, False)]
)
def test_the_task_is_done_beside_the_middle_of_the_glued_coins_and_with_no_other_truth(truth, heads, reached):
    drawn = figure(PAGE, "closest-member")
    pmf = [symbol.name for symbol in drawn.parameters[0].symbols]
    scene = Scene(drawn, drawn.values({**dict(zip(pmf, truth, strict=True)), "theta": heads}))
    assert bool(scene.number(drawn.goal.condition)) is reached


def test_the_interval_of_the_model_keeps_five_promises_in_six_and_the_sandwich_nearly_all():
    throws = np.arange(1001)  # of two heads, among 1000
    share, chance = throws / 1000, binom.pmf(throws, 1000, 0.5)
    for name, variance in (("model_covers", share * (1 - share) / 2), ("sandwich_covers", share * (1 - share))):
        exact = chance[abs(share - 0.5) <= 1.96 * np.sqrt(variance / 1000)].sum()
        assert glued(PAGE)[name] == pytest.approx(exact, abs=0.025)
    assert glued(PAGE)["model_covers"] < 0.86


def test_by_squared_distance_about_half_of_the_samples_fall_to_either_side():
    bars = {mark.label: list(map(float, mark.heights)) for mark in figure(PAGE, "glued-coins").panels[0].marks}
    left, right = sum(bars["squared distance"][:4]), sum(bars["squared distance"][5:])
    assert left == pytest.approx(0.5, abs=0.06)
    assert right == pytest.approx(0.5, abs=0.06)
    assert bars["cross-entropy"][4] > 0.5


def test_measured_scatter_lies_on_the_exact_lines_and_cross_entropy_has_the_least():
    drawn = figure(PAGE, "efficiency")
    (panel,) = drawn.panels
    scene = Scene(drawn, drawn.values({}))
    (symbol,) = (slider.symbol for slider in drawn.parameters)
    places = next(mark.x for mark in panel.marks if isinstance(mark, Series))
    exact = {m.label: scene.array(m.y, {symbol: np.array(places)}) for m in panel.marks if isinstance(m, Line)}
    found = {m.role: m.y for m in panel.marks if isinstance(m, Series)}
    assert found.keys() == exact.keys()
    for name, of in found.items():
        assert of == pytest.approx(exact[name], rel=0.06)
    assert np.all(exact["cross-entropy"] <= exact["squared distance"] + 1e-12)
    assert exact["cross-entropy"][2] ** 2 / exact["squared distance"][2] ** 2 == pytest.approx(
        glued(PAGE)["efficiency"]
    )
