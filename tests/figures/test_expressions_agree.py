"""The front end's arithmetic against NumPy's, in a real browser, for the whole language of the wire form."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import accumulate

import numpy as np
import pytest
from playwright.sync_api import Browser, Page
from sympy import (
    Abs,
    Add,
    And,
    Basic,
    Eq,
    Ge,
    Gt,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Not,
    Or,
    Piecewise,
    Pow,
    Symbol,
    exp,
    log,
    sign,
)

from ce.figures.evaluation import Scene, count_text, limits, number_text, tick_text, ticks
from ce.formulas import LogSumExp, Rounded, evaluated_in, numpy_function, sigmoid, softplus, to_wire, xlogy
from ce.formulas.wire import OPERATORS
from tests.figures import examples
from tests.figures.figure_pages import module_page

x, y = Symbol("x", real=True), Symbol("y", real=True)
ENDS = (-1000.0, -745.0, -710.0, -37.0, -1.5, -1e-9, 0.0, 1e-9, 0.3, 1.0, 2.0, 36.0, 709.0, 745.0, 1000.0)
INNER = ("expression", "number", "scene", "sequence")

# An expression for every operator, and nothing else in it that could hide a mistake.
ONE_EACH: dict[str, Basic] = {
    "+": Add(x, y, 1),
    "*": Mul(3, x, y),
    "^": Pow(Abs(x) + 1, y / 500),
    "exp": exp(x),
    "log": log(x),
    "abs": Abs(x),
    "sign": sign(x),
    "max": Max(x, y, 0),
    "min": Min(x, y, 0),
    "sigmoid": sigmoid(x),
    "softplus": softplus(x),
    "xlogy": xlogy(Abs(x), Abs(y)),
    "logsumexp": LogSumExp(exp(x) + exp(y) + 1),
    "<": Lt(x, y),
    "<=": Le(x, y),
    ">": Gt(x, y),
    ">=": Ge(x, y),
    "==": Eq(x, y),
    "and": And(x < 1, y < 1),
    "or": Or(x < -1, y < -1),
    "not": Not(Eq(x, y), evaluate=False),
    "round": Rounded(x / 7, 16),
    "if": Piecewise((x, x < 0), (y, y < 1), (7, True)),
}


@pytest.fixture(scope="module")
def inner(browser: Browser) -> Iterator[Page]:
    """A page with what the front end's modules export as globals."""
    with module_page(browser, INNER) as page:
        yield page


def in_browser(page: Page, wire: object, points: list[dict[str, float]]) -> list[float]:
    """Evaluate a wire expression at points; numbers that JSON does not know come back as text."""
    texts = page.evaluate(
        "([wire, points]) => points.map((point) => String(Number(globalThis.evaluate(wire, point))))",
        [json.loads(json.dumps(wire)), points],
    )
    return [float(text.replace("Infinity", "inf").replace("NaN", "nan")) for text in texts]


def assert_agree(page: Page, expression: Basic, points: list[dict[str, float]]) -> None:
    symbols = sorted(expression.free_symbols, key=str)
    columns = [np.array([point[symbol.name] for point in points]) for symbol in symbols]
    with np.errstate(all="ignore"):
        expected = np.broadcast_to(numpy_function(expression, symbols)(*columns), len(points)).astype(float)
    got = in_browser(page, to_wire(expression), points)
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-300, err_msg=str(expression))


GRID = [{"x": a, "y": b} for a in ENDS for b in ENDS]


def test_every_operator_of_the_table_is_tried() -> None:
    assert set(ONE_EACH) == {*OPERATORS.values(), "if"}
    for name, expression in ONE_EACH.items():
        assert json.dumps(name) in json.dumps(to_wire(expression))


@pytest.mark.parametrize("name", ONE_EACH)
def test_an_operator_gives_numpys_value_up_to_logits_of_1000(inner: Page, name: str) -> None:
    assert_agree(inner, ONE_EACH[name], GRID)


# Ties to even and to infinity, the least numbers of a format and their halves, what overflows.
EDGES = (
    1 + 2.0**-11,
    1 + 3 * 2.0**-11,
    1 + 2.0**-24,
    65504.0,
    65519.9,
    65520.0,
    2.0**-24,
    2.0**-25,
    3 * 2.0**-26,
    2.0**-14 - 2.0**-25,
    3.4028235677973366e38,
    2.0**-149,
    2.0**-150,
    0.1,
    5e-324,
    1e308,
    0.0,
)


def test_numbers_are_rounded_to_16_and_32_bits_as_numpy_rounds_them(inner: Page) -> None:
    points = [{"x": sign * edge, "y": bits} for edge in EDGES for sign in (1, -1) for bits in (16.0, 32.0, 64.0)]
    points += [{"x": special, "y": 16.0} for special in (math.inf, -math.inf, math.nan)]
    got = in_browser(inner, to_wire(Rounded(x, y)), points)
    formats = {16.0: np.float16, 32.0: np.float32, 64.0: np.float64}
    with np.errstate(all="ignore"):
        wanted = [float(formats[point["y"]](point["x"])) for point in points]
    np.testing.assert_array_equal(got, wanted)


def test_naive_code_loses_the_same_numbers_in_the_browser_and_in_numpy(inner: Page) -> None:
    naive = evaluated_in(log(1 / (1 + exp(-x))), y)
    points = [{"x": float(at), "y": bits} for at in np.linspace(-800, 800, 97) for bits in (16.0, 32.0, 64.0)]
    assert_agree(inner, naive, points)


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("name", examples.LOSSES)
def test_a_loss_and_its_derivatives_give_numpys_value(inner: Page, name: str, order: int) -> None:
    formula = examples.LOSSES[name]
    expression = formula.derivative(examples.logit, order) if order else formula.stable
    points = [{"z": z, "y": label} for z in ENDS for label in (0.0, 1.0, 0.3)]
    assert_agree(inner, expression, points)


def test_the_naive_softplus_would_not_agree(inner: Page) -> None:
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(in_browser(inner, to_wire(log(1 + exp(x))), [{"x": 1000.0}]), [1000.0])


def test_an_unknown_operator_is_refused_and_never_run(inner: Page) -> None:
    with pytest.raises(Exception, match="expected an operator among"):
        in_browser(inner, ["constructor", "x"], [{"x": 1.0}])


def test_an_iteration_agrees_with_numpy_and_with_a_plain_loop(inner: Page) -> None:
    figure = examples.race()
    spec = figure.spec()
    changes = {"z0": -8.0, "eta": 0.5}
    got = inner.evaluate(
        """([spec, changes]) => {
             const values = { ...globalThis.startValues(spec), ...changes };
             const scene = globalThis.createScene(spec, {}, values);
             return Object.values(scene.sequences)
               .map(({ name, length }) => Array.from(scene.filled(name)(length)[0]));
           }""",
        [spec, changes],
    )
    scene = Scene(figure, figure.values(changes))
    plain = {"cross-entropy": lambda p: p - 1, "squared error": lambda p: 2 * (p - 1) * p * (1 - p)}
    for states, iteration in zip(got, figure.sequences, strict=True):
        np.testing.assert_allclose(states, scene.trajectory(iteration)[examples.logit], rtol=1e-9)
        z = changes["z0"]
        for step in range(iteration.length + 1):
            assert math.isclose(states[step], z, rel_tol=1e-9, abs_tol=1e-9), f"{iteration.name} at step {step}"
            z -= changes["eta"] * plain[iteration.name](1 / (1 + math.exp(-z)))


def test_rounding_is_that_of_numpys_casts(inner: Page) -> None:
    random = np.random.default_rng(2)
    floats = random.normal(size=400) * 10.0 ** random.integers(-50, 50, size=400)
    halves = random.normal(size=400) * 10.0 ** random.integers(-8, 6, size=400)
    # Neighbours of every kind of half: ties, powers of two, the smallest, the largest, what overflows.
    exact = np.array([0.0, 2.0**-24, 2.0**-14, 1.0, 2.0, 1024.0, 2049.0, 65504.0, 65519.0, 65520.0, 1e300])
    between = (np.arange(0, 64, dtype=np.uint16).view(np.float16).astype(float) + 2.0**-25).tolist()
    ties = [1 + 2.0**-11, 1 + 3 * 2.0**-11]
    edges = [*exact, *np.nextafter(exact, np.inf), *np.nextafter(exact, -1.0), *between, *ties]
    values = np.array([*floats, *halves, *edges, *(-np.array(edges)), math.inf, -math.inf, math.nan])
    with np.errstate(over="ignore"):
        for bits, kind in ((16, np.float16), (32, np.float32), (64, np.float64)):
            points = [{"x": float(value)} for value in values if math.isfinite(value)]
            got = in_browser(inner, ["round", bits, "x"], points)
            np.testing.assert_array_equal(got, [float(kind(point["x"])) for point in points])
    huge = in_browser(inner, ["round", 16, ["*", "x", 1e300]], [{"x": 1e10}, {"x": -1e10}, {"x": 0.0}])
    assert huge == [math.inf, -math.inf, 0.0]
    assert math.isnan(in_browser(inner, ["round", 16, ["log", "x"]], [{"x": -1.0}])[0])


def roll(seed: int, pmf: list[float], length: int) -> list[list[int]]:
    """Count faces as the contract of both languages says it, one whole number at a time."""
    counts, states = [0] * len(pmf), [[0] * len(pmf)]
    for i in range(1, length + 1):
        a = (seed * 0x9E3779B1 + i * 0x6D2B79F5) % 2**32
        mixed = (a ^ (a >> 15)) * (a | 1) % 2**32
        mixed ^= (mixed + (mixed ^ (mixed >> 7)) * (mixed | 61)) % 2**32
        u = ((mixed ^ (mixed >> 14)) % 2**32) / 2**32
        face = sum(u >= bound for bound in accumulate(pmf[:-1]))
        counts[face if pmf[face] > 0 else max(k for k, p in enumerate(pmf) if p > 0)] += 1
        states.append(list(counts))
    return states


@pytest.mark.parametrize("pmf", [[0.5, 0.3, 0.2], [0.0, 0.7, 0.3], [0.1] * 9 + [0.1, 0.0], [1.0, 0.0, 0.0]])
def test_rolls_are_those_of_the_contract(inner: Page, pmf: list[float]) -> None:
    names = [f"p_{k}" for k in range(len(pmf))]
    rolls = {"kind": "draws", "symbols": names, "pmf": names, "seed": "seed", "length": 2000}
    got = inner.evaluate(
        "([rolls, values]) => run(rolls, values)(rolls.length).map((column) => [...column])",
        [rolls, {**dict(zip(names, pmf, strict=True)), "seed": 7}],
    )
    assert np.array(got).T.tolist() == roll(7, pmf, 2000)
    shares = np.array(got)[:, -1] / 2000
    assert all(share == 0 for share, p in zip(shares, pmf, strict=True) if p == 0)
    np.testing.assert_allclose(shares, pmf, atol=0.04)


def test_numbers_are_written_alike_in_python_and_in_the_browser(inner: Page) -> None:
    random = np.random.default_rng(1)
    values = [*(random.normal(size=300) * 10.0 ** random.integers(-9, 9, size=300)), 0.0, 0.125, 2.5, 999999.5, 1e-4]
    for digits in (1, 3, 4, 6, 15):
        got = inner.evaluate(
            "([values, digits]) => values.map((v) => globalThis.numberText(v, digits))", [values, digits]
        )
        assert got == [number_text(value, digits) for value in values]
    for log_axis in (False, True):
        got = inner.evaluate("([values, log]) => values.map((v) => globalThis.tickText(v, log))", [values, log_axis])
        assert got == [tick_text(value, log_axis) for value in values]
    counts = [0, 7, 999, 1000, 11034, 1234567]
    assert inner.evaluate("(c) => c.map(globalThis.countText)", counts) == [count_text(count) for count in counts]
    assert inner.evaluate("[Infinity, -Infinity, NaN].map((v) => globalThis.numberText(v, 3))") == [
        number_text(value, 3) for value in (math.inf, -math.inf, math.nan)
    ]


@pytest.mark.parametrize("log_axis", [False, True])
@pytest.mark.parametrize("low", [None, 0.5, -1.0])
@pytest.mark.parametrize("high", [None, 40.0])
@pytest.mark.parametrize("values", [[], [0.3], [0.0, 1e-20, 7.0], [-3.0, 2.0], [12.0, 3e4], [1.1, 1.1 + 1e-15]])
def test_ranges_and_ticks_are_alike_in_python_and_in_the_browser(
    inner: Page, values: list[float], low: float | None, high: float | None, log_axis: bool
) -> None:
    axis = {name: end for name, end in (("low", low), ("high", high)) if end is not None}
    got = inner.evaluate(
        """([axis, log, values]) => {
             const range = globalThis.limits(axis, log, values);
             return { ends: [range.low, range.high], ticks: globalThis.ticks(range, 5) };
           }""",
        [axis, log_axis, values],
    )
    expected = limits(low, high, log_axis, values)
    np.testing.assert_allclose(got["ends"], expected, rtol=1e-12)
    np.testing.assert_allclose(got["ticks"], ticks(*expected, log_axis, 5), rtol=1e-12)
    assert expected[0] < expected[1]
