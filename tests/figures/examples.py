"""Four figures that use the whole grammar; the tests of this folder draw, drive and measure them."""

from __future__ import annotations

from functools import cache

from sympy import Abs, Integer, Rational, Symbol, log

from ce.figures import (
    Area,
    Arrow,
    Axis,
    Band,
    Bar,
    Button,
    Choice,
    Figure,
    Iteration,
    Length,
    Line,
    Panel,
    Passage,
    Path,
    Pmf,
    Point,
    Readout,
    Rule,
    Series,
    Slider,
    Switch,
)
from ce.formulas import binary_cross_entropy, cross_entropy, entropy, kl_divergence, sigmoid, squared_error
from ce.symbols import label, logit, p, q, rate, start

CE, SE = "cross-entropy", "squared error"
LOSSES = {CE: binary_cross_entropy, SE: squared_error}
STEP = Symbol("t", integer=True, nonnegative=True)


@cache
def saturation() -> Figure:
    """Loss, gradient and curvature of both losses against the logit."""
    rows = {
        "loss": {name: loss.stable for name, loss in LOSSES.items()},
        "gradient ∂L/∂z": {name: loss.derivative(logit) for name, loss in LOSSES.items()},
        "curvature ∂²L/∂z²": {name: loss.derivative(logit, 2) for name, loss in LOSSES.items()},
    }
    sizes = {name: Abs(slope) for name, slope in rows["gradient ∂L/∂z"].items()}
    loss, gradient, curvature = (
        [kind(expression, label=name) for name, expression in row.items() for kind in (Line, Point)]
        for row in (rows["loss"], sizes, rows["curvature ∂²L/∂z²"])
    )
    bent = Area(squared_error.derivative(logit, 2) < 0, label="squared error not convex", role=SE)
    return Figure(
        "saturation",
        "The squared error stops learning where it is most wrong",
        see="At a confident, wrong logit the squared error is flat; the cross-entropy keeps its slope.",
        attempt="drag z far to the wrong side, then switch the gradient to the log scale.",
        parameters=(
            Choice(label, (("label 1", 1), ("label 0", 0)), 1, "label y"),
            Slider(logit, -10, 10, -4, 0.1, "logit z"),
        ),
        panels=(
            Panel(logit, Axis("L(z)", 0, 6), loss, "Loss"),
            Panel(logit, Axis("|∂L/∂z|", 0, 1.05, log="reader"), gradient, "Size of the gradient"),
            Panel(logit, Axis("∂²L/∂z²", -0.13, 0.28), (bent, *curvature), "Curvature"),
        ),
        readouts=[Readout(row, e, column=name) for row, cells in rows.items() for name, e in cells.items()],
    )


@cache
def race() -> Figure:
    """Gradient descent on both losses for label 1 from the reader's start."""
    runs = {}
    for name, loss in LOSSES.items():
        slope = loss.derivative(logit).subs(label, 1)
        runs[name] = Iteration(name, logit, logit - rate * slope, start, 20_000, at=STEP)
    marks = [kind(y=sigmoid(logit), along=run, label=n) for n, run in runs.items() for kind in (Path, Point)]
    return Figure(
        "race",
        "Two descents from one start",
        see="From a confident, wrong start the cross-entropy is through in some ten steps of size 1; "
        "the squared error takes thousands.",
        attempt="move the start to −6, to −2, to 2. Where do the two meet?",
        parameters=(
            Slider(start, -10, 4, -10, 0.5, "start z₀"),
            Slider(rate, 0.1, 10, 1, 0.05, "step size η", log=True),
            Slider(STEP, 1, 20_000, 12, 0.01, "step t", log=True, animate=True),
        ),
        panels=(Panel(STEP, Axis("p̂ = σ(z)", 0, 1), (Rule(y=0.5, label="boundary"), *marks), "Prediction"),),
        readouts=(
            *(Passage("steps to p̂ ≥ 1/2", run, logit >= 0, column=n) for n, run in runs.items()),
            *(Readout("p̂ at step t", sigmoid(logit), column=n, along=run) for n, run in runs.items()),
        ),
    )


@cache
def divergence() -> Figure:
    """Two draggable distributions with entropy, cross-entropy and divergence."""
    faces = ("⚀", "⚁", "⚂", "⚃")
    data = Pmf(p, (0.5, 0.25, 0.125, 0.125), faces, "data p")
    model = Pmf(q, (0.25, 0.25, 0.25, 0.25), faces, "model q")
    return Figure(
        "divergence",
        "Cross-entropy is entropy plus divergence",
        see="Moving the model q changes the cross-entropy and the divergence by the same amount.",
        attempt="drag the bars of q until the divergence is zero.",
        parameters=(data, model),
        panels=(Panel(data, Axis("probability", 0, 1), (Bar(data), Bar(model)), "Two distributions"),),
        readouts=[Readout(f.name, f.stable, f.unit) for f in (entropy, cross_entropy, kl_divergence)],
    )


@cache
def measured() -> Figure:
    """Measured series with their spread, the data picked by a choice."""
    kind, epochs = Symbol("start"), tuple(range(0, 60, 2))
    marks: list[Band | Series] = []
    for at, speeds in enumerate(((4, 6), (13, 25))):
        for name, speed in zip((CE, SE), speeds, strict=True):
            ys = [0.1 + 0.85 * (1 - 2.0 ** (-x / speed)) for x in epochs]
            low, high = [y - 0.04 for y in ys], [y + 0.04 for y in ys]
            marks.append(Band(epochs, low, high, label=name, when={kind: at}))
            marks.append(Series(epochs, ys, label=name, when={kind: at}))
    return Figure(
        "measured",
        "Accuracy while training",
        see="A saturated start costs the squared error most.",
        attempt="switch the start.",
        parameters=(Choice(kind, (("ordinary start", 0), ("saturated start", 1)), 0, "start"),),
        panels=(Panel(Axis("epoch"), Axis("test accuracy", 0, 1), marks, "Accuracy on the test set"),),
    )


@cache
def shapes() -> Figure:
    """A small figure with the marks that the others do not use, and axes that follow their marks."""
    tangent = Arrow((logit, logit**2), (logit + 1, logit**2 + 2 * logit), role="square")
    square = Panel(logit, "x²", (Line(logit**2, label="square"), Rule(x=0, label="foot"), tangent), "Square")
    return Figure(
        "shapes",
        "A tangent",
        see="The arrow is the slope.",
        attempt="move x.",
        parameters=(Slider(logit, -3, 3, 1, 0.25, "x"),),
        panels=(
            square,
            Panel(Axis(categories=("a", "b")), "height", (Bar((logit**2, 2), label="heights"),), "Bars"),
        ),
    )


@cache
def lengths() -> Figure:
    """Stacked lengths in a unit that the reader chooses, with a switch and with buttons."""
    unit, split = Symbol("unit", positive=True), Symbol("split", integer=True)
    data, model = Pmf(p, (0.75, 0.25), ("a", "b"), "data p"), Pmf(q, (0.5, 0.5), ("a", "b"), "model q")
    whole, part = (formula.at(K=2) / unit for formula in (cross_entropy, entropy))
    return Figure(
        "lengths",
        "Lengths that add up",
        see="The two parts are as long as the whole.",
        attempt="swap the two, and count in bits.",
        parameters=(
            data,
            model,
            Choice(unit, (("nats", 1), ("bits", log(2))), 1, "unit"),
            Switch(split, True, "show the parts"),
        ),
        panels=(
            Panel(
                Axis("length in {unit}", 0),
                Axis(categories=("whole", "parts")),
                (
                    Length(0, whole, "whole", label=CE),
                    Length(0, part, "parts", label="entropy", when={split: 1}),
                    Length(part, whole, "parts", label="divergence", when={split: 1}),
                ),
                "In {unit}",
            ),
            Panel(data, Axis("probability", 0, 1), (Bar(data), Bar(model)), "Two distributions"),
        ),
        readouts=(Readout(CE, whole, "{unit}"), Readout("H(p)", part, "{unit}")),
        buttons=(
            Button("Swap p and q", {p: q, q: p}),
            Button("Level q, in bits", {q: Rational(1, 2), unit: log(2), split: Integer(0)}),
        ),
    )


ALL = (saturation, race, divergence, measured, shapes, lengths)
