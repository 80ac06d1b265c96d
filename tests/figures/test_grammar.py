"""What the grammar accepts, what it refuses and in which words, and the spec it writes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path as FolderPath
from typing import Any

import numpy as np
import pytest
from sympy import IndexedBase, Integer, Integral, Rational, Symbol, sin

import ce.figures
from ce.figures import (
    Arrow,
    Axis,
    Band,
    Bar,
    Between,
    Button,
    Choice,
    Draws,
    Figure,
    FirstPassage,
    Guess,
    HeatMap,
    Iteration,
    Line,
    Panel,
    Path,
    Pmf,
    Point,
    Readout,
    Rule,
    Segment,
    Series,
    Slider,
    Span,
    Switch,
    Triangle,
    Vector,
)
from ce.figures.evaluation import Scene
from ce.figures.palette import ROLES
from ce.formulas import entropy
from ce.symbols import label, logit, p, q, rate, start, z
from tests.figures import examples

SLIDER = Slider(logit, -8, 8, -4, 0.1, "logit z")
CHOICE = Choice(label, (("label 1", 1), ("label 0", 0)), 1, "label y")
LINE = Line(logit**2, label="square")
STEP = Symbol("t", integer=True, nonnegative=True)
RUN = Iteration("run", logit, logit / 2, start, 10)


def figure(**changes: Any) -> Figure:
    """A small figure that is in order, with some parts changed."""
    parts: dict[str, Any] = {
        "name": "square",
        "title": "A square",
        "caption": "It bends.",
        "prompt": "drag it.",
        "parameters": (SLIDER, CHOICE),
        "panels": (Panel(logit, "z²", (LINE,), "Square"),),
        "readouts": (),
    }
    return Figure(**(parts | changes))


def panel(*marks: Any, x: Any = logit) -> tuple[Panel, ...]:
    return (Panel(x, "y", marks, "Panel"),)


PMF = Pmf(p, (0.5, 0.5), ("a", "b"), "p")
THREE = Pmf(p, (0.5, 0.3, 0.2), ("a", "b", "c"), "p")
VECTOR = Vector(z, -4, 4, (2, 0, -1), ("a", "b", "c"), "logits")
ROLLS = Draws("rolls", IndexedBase("count"), PMF, 10, STEP, 1)  # type: ignore[arg-type]
WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "range upside down": (lambda: replace(SLIDER, low=9), "expected low < high, got 9.0 and 8.0"),
    "value outside the range": (
        lambda: replace(SLIDER, value=9),
        r"Slider\(z\).value: expected one in \[-8.0, 8.0\], got 9",
    ),
    "value that is not a number": (lambda: replace(SLIDER, value=float("nan")), "expected a finite number, got nan"),
    "value that is a truth value": (lambda: replace(SLIDER, value=True), "expected a finite number, got True"),
    "value beyond every float": (lambda: replace(SLIDER, high=10**400), "expected a finite number, got 1000"),
    "value that is a text": (lambda: replace(SLIDER, value="4"), "expected a finite number, got '4'"),
    "step of zero": (lambda: replace(SLIDER, step=0), "expected a positive number, got 0.0"),
    "log scale through zero": (lambda: replace(SLIDER, log=True), "expected a positive number on a log scale, got -8"),
    "slider without a label": (lambda: replace(SLIDER, label=" "), "expected a text that is not empty, got ' '"),
    "symbol that is a text": (lambda: Slider("z", 0, 1, 0, 0.1, "z"), "expected a SymPy Symbol, got 'z'"),  # type: ignore[arg-type]
    "fraction for an integer": (
        lambda: Slider(STEP, 0, 9, 1.5, 1, "t"),
        "expected whole numbers for the integer symbol t",
    ),
    "choice of one": (lambda: replace(CHOICE, options=(("one", 1),)), "expected two or more different options"),
    "choice of a number": (lambda: replace(CHOICE, options=2), r"Choice\(y\).options: expected a tuple"),  # type: ignore[arg-type]
    "choice without pairs": (
        lambda: replace(CHOICE, options=(("a", 1, 2), ("b", 3, 4))),
        "pairs of a text and a number",
    ),  # type: ignore[arg-type]
    "choice with equal numbers": (
        lambda: replace(CHOICE, options=(("a", 1), ("b", 1))),
        "expected two or more different",
    ),
    "choice of nothing there": (lambda: replace(CHOICE, value=2), r"expected one of \[1.0, 0.0\], got 2"),
    "probabilities above one": (lambda: replace(PMF, values=(1.5, -0.5)), "expected probabilities in .* with sum 1"),
    "probabilities of sum 0.9": (lambda: replace(PMF, values=(0.5, 0.4)), "expected probabilities in .* with sum 1"),
    "names too few": (lambda: replace(PMF, names=("a",)), "each with a name of its own"),
    "names in one text": (lambda: replace(PMF, names="ab"), r"Pmf\(p\).names: expected a tuple.* got 'ab'"),  # type: ignore[arg-type]
    "values in one number": (lambda: replace(PMF, values=1), r"Pmf\(p\).values: expected a tuple of numbers, got 1"),  # type: ignore[arg-type]
    "names twice": (lambda: replace(PMF, names=("a", "a")), "each with a name of its own"),
    "base that is a symbol": (lambda: replace(PMF, base=logit), "expected a SymPy IndexedBase, got z"),  # type: ignore[arg-type]
    "a mark without its comma": (
        lambda: Panel(logit, "y", Line(logit, label="z"), "Panel"),  # type: ignore[arg-type]
        r"Panel\('Panel'\).marks: expected a tuple, for one of them \(it,\), got Line",
    ),
    "a panel without its comma": (lambda: figure(panels=panel(Line(logit, label="z"))[0]), "panels: expected a tuple"),
    "line without a name": (lambda: Line(logit), "Line.label: expected a text that is not empty"),
    "line from a text": (lambda: Line("z**2", label="z"), "expected a SymPy expression, got the string"),  # type: ignore[arg-type]
    "line from nothing": (lambda: Line(None, label="z"), "Line.y: expected a SymPy expression, got None"),  # type: ignore[arg-type]
    "line from a masked number": (lambda: Line(np.ma.masked, label="z"), "Line.y: expected a SymPy expression"),
    "line from two": (lambda: Line((logit, 0), label="z"), r"Line.y: expected a SymPy expression, got \(z, 0\)"),  # type: ignore[arg-type]
    "line beyond every float": (
        lambda: figure(panels=panel(Line(Integer(10) ** 400, label="z"))),
        r"Line\('z'\).y: to_wire: expected numbers that a float can hold, got 1000",
    ),
    "bars of one height": (
        lambda: Bar(logit, label="b"),
        r"Bar.heights: expected a tuple, for one of them \(it,\), got z",
    ),  # type: ignore[arg-type]
    "arrow to one number": (
        lambda: Arrow((0, 1), (logit,)),  # type: ignore[arg-type]
        r"Arrow.end: expected a pair \(x, y\), got \(z,\)",
    ),
    "line from a condition": (lambda: Line(logit < 0, label="z"), "expected a SymPy expression, got z < 0"),
    "area from an expression": (lambda: Span(logit, label="z"), "expected a condition such as z < 0, got z"),  # type: ignore[arg-type]
    "rule without a place": (Rule, "expected either x or y"),
    "rule with two places": (lambda: Rule(x=1, y=1), "expected either x or y"),  # type: ignore[arg-type]
    "series of two lengths": (lambda: Series((1, 2), (1,), label="s"), r"columns of one length, got {'x': 2, 'y': 1}"),
    "series out of order": (lambda: Series((2, 1), (1, 1), label="s"), "expected ascending values"),
    "series with a gap": (lambda: Series((1, 2), (1, float("nan")), label="s"), r"y\[1\]: expected a finite number"),
    "series of a text": (lambda: Series("12", (1, 2), label="s"), r"x: expected a tuple of numbers, got '12'"),  # type: ignore[arg-type]
    "series of one number": (lambda: Series(1, 2, label="s"), r"x: expected a tuple of numbers, got 1"),  # type: ignore[arg-type]
    "series of nothing": (lambda: Series((), (), label="s"), "expected at least one number, got none"),
    "band upside down": (lambda: Band((1,), (2,), (1,), label="b"), "expected low <= high, got 2.0 > 1.0 at x = 1"),
    "when of a text": (lambda: Line(logit, label="z", when={"y": 1}), "expected symbols as keys, got 'y'"),  # type: ignore[dict-item]
    "axis upside down": (lambda: Axis("y", 1, 0), "expected low < high, got 1.0 and 0.0"),
    "axis with another log": (lambda: Axis("y", log="maybe"), 'expected True, False or "reader"'),  # type: ignore[arg-type]
    "axis with a number for log": (lambda: Axis("y", log=1), 'expected True, False or "reader", got 1'),  # type: ignore[arg-type]
    "categories in one text": (lambda: Axis(categories="ab"), "categories: expected a tuple, .* got 'ab'"),  # type: ignore[arg-type]
    "log axis through zero": (lambda: Axis("y", 0, 1, log=True), "expected a log scale above zero"),
    "bars over numbers": (
        lambda: Panel(logit, "y", (Bar((1, 2), label="b"),), "P"),  # type: ignore[arg-type]
        "expected what can stand over numbers, got a Bar, which stands among bars",
    ),
    "line over categories": (
        lambda: Panel(PMF, "y", (LINE,), "P"),
        "expected what can stand among bars, got a Line, which stands over numbers",
    ),
    "more bars than categories": (
        lambda: Panel(PMF, "y", (Bar((1, 2, 3), label="b"),), "P"),  # type: ignore[arg-type]
        r"expected 2 bars, for the categories \('a', 'b'\), got 3 in 'b'",
    ),
    "panel without marks": (lambda: Panel(logit, "y", (), "P"), "expected one or more marks"),
    "reader's log on x": (lambda: Panel(Axis("x", 0, 1, log="reader"), "y", (LINE,), "P"), "only on the y axis"),
    "iteration too long": (lambda: replace(RUN, length=10**6), "expected an integer from 1 to 100000, got 1000000"),
    "iteration at a real symbol": (lambda: replace(RUN, at=rate), "expected an integer Symbol, got eta"),
    "start that needs itself": (lambda: replace(RUN, start=logit), "expected an expression free of z, got z"),
    "digits of zero": (lambda: Readout("r", logit, digits=0), "expected an integer from 1 to 15, got 0"),
    "name with a space": (lambda: figure(name="A b"), "expected small letters, digits and hyphens, got 'A b'"),
    "figure without words": (lambda: figure(caption=""), r"caption: expected a text that is not empty"),
    "figure without panels": (lambda: figure(panels=()), "expected one or more panels, got none"),
    "parameter twice": (
        lambda: figure(parameters=(SLIDER, SLIDER)),
        r"expected different names, got \['z'\] more than once",
    ),
    "panel title twice": (lambda: figure(panels=panel(LINE) * 2), "expected different names"),
    "read-out twice": (lambda: figure(readouts=(Readout("r", logit),) * 2), "expected different names"),
    "symbol nobody gives": (
        lambda: figure(panels=panel(Line(logit * rate, label="z"))),
        r"'Panel', Line\('z'\)\.y: expected symbols among \['y', 'z'\], got \['eta'\] besides in eta\*z",
    ),
    "symbol with other assumptions": (
        lambda: figure(panels=panel(Line(Symbol("z") ** 2, label="z"))),
        r"\['z'\] differ in their assumptions",
    ),
    "function the front end lacks": (
        lambda: figure(panels=panel(Line(sin(logit), label="s"))),
        "expected a node among .* got sin",
    ),
    "unknown node in a read-out": (
        lambda: figure(readouts=(Readout("r", Integral(logit, (logit, 0, 1))),)),
        "read-out 'r'.expression: .* got Integral",
    ),
    "sum without a size": (
        lambda: figure(readouts=(Readout("H", entropy.stable),)),
        "expected distributions and vectors of one size",
    ),
    "when without its choice": (
        lambda: figure(panels=panel(replace(LINE, when={rate: 1}))),
        r"expected symbols of choices \[y\], got eta",
    ),
    "when that never comes": (lambda: figure(panels=panel(replace(LINE, when={label: 7}))), "expected one of .* got 7"),
    "line without a symbol to run over": (
        lambda: figure(panels=panel(LINE, x=Axis("x", 0, 1))),
        "expected an x axis with a symbol",
    ),
    "axis over a choice": (
        lambda: figure(panels=panel(LINE, x=label)),
        "expected a slider's symbol on the axis, got y",
    ),
    "axis over a free symbol": (lambda: figure(panels=panel(LINE, x=rate)), "expected label, low and high"),
    "plain axis without a range": (lambda: figure(panels=panel(Rule(y=1), x=Axis("x"))), "expected low and high"),  # type: ignore[arg-type]
    "point without a place": (
        lambda: figure(panels=panel(Point(logit), x=Axis("x", 0, 1))),
        "expected x, as the x axis has no slider",
    ),
    "distribution nobody draws": (
        lambda: figure(parameters=(SLIDER, PMF)),
        r"expected a Bar that draws Pmf\(p\), got none",
    ),
    "bar of a stranger": (lambda: figure(panels=panel(Bar(PMF), x=PMF)), "expected a Pmf among the parameters"),
    "step outside the iteration": (
        lambda: figure(
            parameters=(SLIDER, Slider(start, 0, 1, 0, 0.1, "z0"), Slider(STEP, 0, 99, 0, 1, "t")),
            readouts=(FirstPassage("n", replace(RUN, at=STEP), logit < 1),),
        ),
        "expected the symbol of a slider within 0 … 10",
    ),
    "two iterations of one name": (
        lambda: figure(
            parameters=(SLIDER, Slider(start, 0, 1, 0, 0.1, "z0")),
            readouts=(FirstPassage("n", RUN, logit < 1), FirstPassage("m", replace(RUN, length=9), logit < 1)),
        ),
        "expected different names",
    ),
    "switch that is neither": (lambda: Switch(label, 2, "y"), "expected True or False, got 2"),  # type: ignore[arg-type]
    "switch of two": (lambda: Switch(label, np.ones(2), "y"), "expected True or False, got array"),  # type: ignore[arg-type]
    "switch over a text": (lambda: Switch("y", True, "y"), "expected a SymPy Symbol, got 'y'"),  # type: ignore[arg-type]
    "choice of a symbol": (
        lambda: replace(CHOICE, options=(("a", 1), ("b", rate))),  # type: ignore[arg-type]
        r"options\[b\]: expected a finite number, got eta",
    ),
    "button that sets nothing": (lambda: Button("b", {}), "expected a mapping from symbols"),
    "button for a text": (lambda: Button("b", {"z": logit}), "expected symbols or indexed bases as keys"),  # type: ignore[dict-item]
    "button for no parameter": (
        lambda: figure(buttons=(Button("b", {rate: logit}),)),
        "button 'b': expected symbols of parameters, got eta",
    ),
    "button with a symbol nobody gives": (
        lambda: figure(buttons=(Button("b", {logit: rate}),)),
        r"button 'b': expected symbols among .* got \['eta'\]",
    ),
    "button for distributions of two sizes": (
        lambda: replace(examples.divergence(), buttons=(Button("b", {p: IndexedBase("r")}),)),
        "expected distributions or vectors of one size",
    ),
    "button twice": (
        lambda: figure(buttons=(Button("b", {logit: 1}), Button("b", {logit: 2}))),  # type: ignore[dict-item]
        r"buttons: expected different names, got \['b'\]",
    ),
    "braces of no choice": (
        lambda: figure(readouts=(Readout("in {z}", logit),)),
        r"expected symbols of choices \['y'\] in braces, got \['z'\] in 'in {z}'",
    ),
    "length over numbers": (
        lambda: Panel(Axis("x", 0, 1), "y", (Segment(0, 1, "a", label="l"),), "P"),  # type: ignore[arg-type]
        "expected what can stand over numbers, got a Segment, which stands on rows",
    ),
    "line over rows": (
        lambda: Panel(Axis("x", 0, 1), Axis(categories=("a",)), (LINE,), "P"),
        "expected what can stand on rows, got a Line",
    ),
    "length on a row that is not there": (
        lambda: Panel(Axis("x", 0, 1), Axis(categories=("a",)), (Segment(0, 1, "b", label="l"),), "P"),  # type: ignore[arg-type]
        r"expected a row among \('a',\), got 'b'",
    ),
    "rows over a slider": (
        lambda: Panel(logit, Axis(categories=("a",)), (Segment(0, 1, "a", label="l"),), "P"),  # type: ignore[arg-type]
        "expected a plain range on the x axis of rows",
    ),
    "vector out of its range": (
        lambda: replace(VECTOR, values=(5, 0, 0)),
        r"Vector\(z\).values: expected numbers in \[-4.0, 4.0\], got",
    ),
    "vector upside down": (lambda: replace(VECTOR, low=5), "expected low < high, got 5.0 and 4.0"),
    "vector with a step of zero": (
        lambda: replace(VECTOR, step=0),
        r"Vector\(z\).step: expected a positive number, got 0.0",
    ),
    "vector with two names": (lambda: replace(VECTOR, names=("a", "b")), "each with a name of its own"),
    "vector nobody draws": (
        lambda: figure(parameters=(SLIDER, VECTOR)),
        r"expected a Bar that draws Vector\(z\), got none",
    ),
    "two symbols and one update": (
        lambda: replace(RUN, symbol=(logit, rate), start=(start, start)),
        r"Iteration\('run'\).update: expected one expression for each of \(z, eta\), got z/2",
    ),
    "two symbols and three starts": (
        lambda: replace(RUN, symbol=(logit, rate), update=(logit, rate), start=(start,) * 3),
        "start: expected one expression for each of",
    ),
    "start that needs the other number": (
        lambda: replace(RUN, symbol=(logit, rate), update=(logit, rate), start=(rate, start)),
        "expected an expression free of eta, got eta",
    ),
    "rolls of no distribution": (lambda: replace(ROLLS, pmf=p), "pmf: expected a Pmf, got p"),  # type: ignore[arg-type]
    "rolls counted by a symbol": (
        lambda: replace(ROLLS, counts=logit),  # type: ignore[arg-type]
        "counts: expected a SymPy IndexedBase, got z",
    ),
    "rolls without a step": (lambda: replace(ROLLS, at=None), "at: expected an integer Symbol, got None"),  # type: ignore[arg-type]
    "rolls from a seed between": (
        lambda: replace(ROLLS, seed=Rational(3, 2)),
        "seed: expected an integer or an integer Symbol, got 3/2",
    ),
    "rolls too many": (lambda: replace(ROLLS, length=10**6), "expected an integer from 1 to 100000"),
    "rolls of a stranger": (
        lambda: replace(examples.dice(), readouts=(Readout("r", STEP, along=replace(ROLLS, name="b")),)),
        "b.pmf: expected a Pmf among the parameters",
    ),
    "path along nothing": (lambda: Path(None, logit, label="l"), "expected an Iteration or Draws, got None"),  # type: ignore[arg-type]
    "path so far from the truth": (
        lambda: Path(RUN, logit, label="l", so_far=1),  # type: ignore[arg-type]
        "so_far: expected True or False, got 1",
    ),
    "fill without a symbol to run over": (
        lambda: figure(panels=panel(Between(0, logit, label="f"), x=Axis("x", 0, 1))),  # type: ignore[arg-type]
        r"Between\('f'\): expected an x axis with a symbol",
    ),
    "fill up to a symbol nobody gives": (
        lambda: figure(panels=panel(Between(0, rate, label="f"))),  # type: ignore[arg-type]
        r"Between\('f'\)\.high: expected symbols among .* got \['eta'\]",
    ),
    "levels that do not ascend": (
        lambda: HeatMap(logit, (1, 2, 2), label="h"),
        r"HeatMap\('h'\).levels: expected two or more ascending numbers, got \(1.0, 2.0, 2.0\)",
    ),
    "one level": (lambda: HeatMap(logit, (1,), label="h"), "levels: expected two or more ascending numbers"),
    "dark in the middle": (
        lambda: HeatMap(logit, (1, 2), dark="middle", label="h"),  # type: ignore[arg-type]
        'dark: expected "low" or "high", got \'middle\'',
    ),
    "heat map over one symbol": (
        lambda: figure(panels=panel(HeatMap(logit, (1, 2), label="h"))),
        "expected a symbol on both axes",
    ),
    "y over the symbol of x": (
        lambda: Panel(logit, logit, (LINE,), "P"),
        "expected a symbol on the y axis only beside another on the x axis",
    ),
    "y with a symbol over numbers": (
        lambda: Panel(Axis("x", 0, 1), logit, (LINE,), "P"),
        "expected a symbol on the y axis only beside another on the x axis",
    ),
    "triangle of two": (
        lambda: Triangle(PMF, (Point(logit, logit),), "T"),
        r"Triangle\('T'\).pmf: expected a Pmf over three outcomes, got",
    ),
    "triangle without marks": (lambda: Triangle(THREE, (), "T"), r"expected one or more marks, got \(\)"),
    "line in a triangle": (
        lambda: Triangle(THREE, (LINE,), "T"),
        r"marks: expected what can stand in a triangle, got a Line, which stands over numbers",
    ),
    "point of a triangle without x": (
        lambda: Triangle(THREE, (Point(logit, label="m"),), "T"),
        r"Point\('m'\).x: expected one, such as Point.ternary gives",
    ),
    "triangle of a stranger": (
        lambda: figure(panels=(Triangle(THREE, (Point.ternary(THREE.symbols),), "T"),)),
        "panel 'T'.pmf: expected a Pmf among the parameters",
    ),
    "place of two probabilities": (
        lambda: Point.ternary((logit, 1 - logit)),  # type: ignore[arg-type]
        "ternary: expected three probabilities, got",
    ),
    "too many colours": (
        lambda: figure(panels=panel(*(Line(logit * n, label=f"line {n}") for n in range(len(ROLES) + 1)))),
        "expected at most 6 labels with a colour",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_fit_is_an_error_that_says_where(case: str) -> None:
    make, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        make()


PARTS = [
    SLIDER,
    LINE,
    Bar(PMF),
    HeatMap(logit, (1, 2), label="h"),
    Axis("y", 0, 1),
    Readout("r", logit),
    FirstPassage("n", RUN, logit < 1),
    Guess("How large?", Readout("r", logit), 0, 1, 0.1, "It is."),
]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
@pytest.mark.parametrize("other", [None, 1, 0.5, ["a"], np.ones(2), np.bool_(True), logit < 1], ids=repr)
def test_a_field_of_text_takes_nothing_else_and_so_one_of_truth(part: Any, other: object) -> None:
    names = [field.name for field in fields(part) if field.type in ("str", "bool")]
    assert names
    for name in names:
        with pytest.raises(ValueError, match=rf"{name}: expected (a text|True or False)"):
            replace(part, **{name: other})


@pytest.mark.parametrize("name", ["low", "high", "step", "over"])
def test_a_guess_says_which_of_its_numbers_is_none(name: str) -> None:
    with pytest.raises(ValueError, match=rf"Guess\.{name}: expected a "):
        replace(PARTS[-1], **{name: None})  # type: ignore[type-var]


def test_a_guess_on_a_log_scale_starts_above_zero() -> None:
    with pytest.raises(ValueError, match=r"Guess\.low: expected a positive number on a log scale, got -1"):
        replace(PARTS[-1], low=-1, log=True)  # type: ignore[type-var]


@pytest.mark.parametrize("mark", [Line(1, label="one"), Between(-1, 1, label="band")])  # type: ignore[arg-type]
def test_a_curve_may_be_a_whole_number(mark: Any) -> None:
    made = figure(panels=panel(mark))
    assert "1.00" in made.description()
    json.dumps(made.spec(), allow_nan=False)


def test_the_figure_those_errors_start_from_is_in_order() -> None:
    assert figure().spec()["name"] == "square"


@pytest.mark.parametrize("make", examples.ALL, ids=lambda make: make.__name__)
def test_a_spec_is_json_and_always_the_same(make: Any) -> None:
    spec = make().spec()
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec
    assert make.__wrapped__().spec() == spec


def test_the_spec_carries_the_formula_itself() -> None:
    spec = examples.saturation().spec()
    line = spec["panels"][0]["marks"][0]
    assert line["kind"] == "line"
    assert line["y"] == [
        "+",
        ["*", "y", ["softplus", ["*", -1, "z"]]],
        ["*", ["+", 1, ["*", -1, "y"]], ["softplus", "z"]],
    ]


def test_a_sum_over_k_is_written_out_for_the_size_of_the_distributions() -> None:
    readouts = examples.divergence().spec()["readouts"]
    assert str(readouts[0]["expression"]).count("xlogy") == 4
    two_sizes = (replace(PMF, base=q), Pmf(p, (0.2, 0.3, 0.5), ("a", "b", "c"), "p"))
    panels = (Panel(two_sizes[0], "q", (Bar(two_sizes[0]),), "q"), Panel(two_sizes[1], "p", (Bar(two_sizes[1]),), "p"))
    with pytest.raises(ValueError, match=r"got sizes \[2, 3\]"):
        figure(parameters=two_sizes, panels=panels, readouts=(Readout("H", entropy.stable),))


def test_one_label_has_one_role_in_every_panel() -> None:
    spec = examples.saturation().spec()
    assert [role["label"] for role in spec["roles"]] == [examples.CE, examples.SE]
    for shown in spec["panels"]:
        assert {mark["role"] for mark in shown["marks"]} == {examples.CE, examples.SE}


def test_an_axis_over_a_slider_takes_its_range_label_and_scale() -> None:
    axis = examples.race().spec()["panels"][0]["x"]
    assert axis == {"kind": "axis", "label": "step t", "low": 1.0, "high": 20000.0, "log": True, "symbol": "t"}


def test_an_axis_of_data_takes_its_range_from_the_data() -> None:
    axis = examples.measured().spec()["panels"][0]["x"]
    assert (axis["low"], axis["high"]) == (0, 58)


def test_a_button_sets_every_entry_of_a_distribution() -> None:
    swap, level = examples.lengths().spec()["buttons"]
    assert swap["sets"] == {"p_1": "q_1", "p_2": "q_2", "q_1": "p_1", "q_2": "p_2"}
    assert level["sets"] == {"q_1": 0.5, "q_2": 0.5, "unit": ["log", 2], "split": 0}


def test_a_length_stands_on_the_row_that_has_its_name() -> None:
    marks = examples.lengths().spec()["panels"][0]["marks"]
    assert [mark["row"] for mark in marks] == ["whole", "parts", "parts"]


def test_a_switch_is_one_or_zero_and_hides_what_is_shown_for_one() -> None:
    drawn = examples.lengths()
    scene = Scene(drawn, drawn.values({"split": 0}))
    assert [len(scene.shown(panel)) for panel in drawn.panels] == [1, 2]
    assert drawn.spec()["parameters"][3] == {"kind": "switch", "symbol": "split", "value": 1, "label": "show the parts"}
    with pytest.raises(ValueError, match=r"split: expected True or False, got 0\.5"):
        drawn.values({"split": 0.5})


def test_values_by_name_are_checked() -> None:
    drawn = examples.divergence()
    assert sum(drawn.values({"p_1": 0.25, "p_2": 0.5}).values()) == 2
    for changes, message in (({"r_1": 1}, r"got \['r_1'\]"), ({"p_1": 0.6}, "sum 1")):
        with pytest.raises(ValueError, match=message):
            drawn.values(changes)


def test_moving_one_probability_keeps_the_proportions_of_the_others() -> None:
    three = Pmf(IndexedBase("r"), (0.5, 0.3, 0.2), ("a", "b", "c"), "r")
    assert three.moved(three.values, 0, 0.0) == pytest.approx((0.0, 0.6, 0.4))
    assert three.moved((1.0, 0.0, 0.0), 0, 0.4) == pytest.approx((0.4, 0.3, 0.3))
    with pytest.raises(ValueError, match=r"expected a number in \[0, 1\], got 1.5"):
        three.moved(three.values, 0, 1.5)


HEAVY = {"numpy", "matplotlib", "scipy", "anywidget", "IPython"}


@pytest.mark.parametrize(
    ("what", "loaded"),
    [("", set()), (".spec()", {"numpy", "scipy"}), (".description()", {"numpy", "scipy"})],
    ids=["declaring", "spec", "description"],
)
def test_a_figure_loads_only_what_it_needs(what: str, loaded: set[str]) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from tests.figures import examples; "
        f"[make(){what} for make in examples.ALL]; "
        f"print(*sorted({HEAVY} & set(sys.modules)))"
    )
    folder = str(FolderPath(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == loaded


def test_the_parts_of_the_package_import_one_way() -> None:
    package = FolderPath(ce.figures.__file__).parent
    below = {
        "grammar": set(),
        "evaluation": {"grammar"},
        "picture": {"grammar", "evaluation"},
        "web": {"grammar", "evaluation", "alt_text"},
    }
    for part, allowed in below.items():
        for module in (*package.glob(f"{part}.py"), *package.glob(f"{part}/*.py")):
            found = set(re.findall(r"(?:from|import) ce\.figures\.(\w+)", module.read_text("utf-8")))
            assert found - {part, "palette"} <= allowed, module.name


def test_a_path_needs_its_iteration_only_once() -> None:
    parameters = (Slider(start, -4, 4, 1, 0.1, "start"),)
    shown = panel(Path(RUN, logit, label="run"), Point(logit, along=RUN, label="run"), x=Axis("step"))
    assert [it["name"] for it in figure(parameters=parameters, panels=shown).spec()["sequences"]] == ["run"]
