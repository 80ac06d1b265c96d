"""Figures that together use the whole grammar; the tests of this folder draw, drive and measure them."""

from __future__ import annotations

from functools import cache

from sympy import Abs, Eq, IndexedBase, Integer, Piecewise, Rational, Sum, Symbol, exp, log

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
from ce.formulas import (
    LogSumExp,
    binary_cross_entropy,
    cross_entropy,
    entropy,
    evaluated_in,
    kl_divergence,
    sigmoid,
    squared_error,
    xlogy,
)
from ce.symbols import K, k, label, logit, p, q, rate, start, z

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
    bent = Span(squared_error.derivative(logit, 2) < 0, label="squared error not convex", role=SE)
    return Figure(
        "saturation",
        "The squared error stops learning where it is most wrong",
        caption="At a confident, wrong logit the squared error is flat; the cross-entropy keeps its slope.",
        prompt="drag z far to the wrong side, then switch the gradient to the log scale.",
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
        caption="From a confident, wrong start the cross-entropy is through in some ten steps of size 1; "
        "the squared error takes thousands.",
        prompt="move the start to −6, to −2, to 2. Where do the two meet?",
        parameters=(
            Slider(start, -10, 4, -10, 0.5, "start z₀"),
            Slider(rate, 0.1, 10, 1, 0.05, "step size η", log=True),
            Slider(STEP, 1, 20_000, 12, 0.01, "step t", log=True, animate=True),
        ),
        panels=(Panel(STEP, Axis("p̂ = σ(z)", 0, 1), (Rule(y=0.5, label="boundary"), *marks), "Prediction"),),
        readouts=(
            *(FirstPassage("steps to p̂ ≥ 1/2", run, logit >= 0, column=n) for n, run in runs.items()),
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
        caption="Moving the model q changes the cross-entropy and the divergence by the same amount.",
        prompt="drag the bars of q until the divergence is zero.",
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
        caption="A saturated start costs the squared error most.",
        prompt="switch the start.",
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
        caption="The arrow is the slope.",
        prompt="move x.",
        parameters=(Slider(logit, -3, 3, 1, 0.25, "x"),),
        panels=(square, Panel(Axis(categories=("a", "b")), "height", (Bar((logit**2, 2), label="heights"),), "Bars")),
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
        caption="The two parts are as long as the whole.",
        prompt="swap the two, and count in bits.",
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
                    Segment(0, whole, "whole", label=CE),
                    Segment(0, part, "parts", label="entropy", when={split: 1}),
                    Segment(part, whole, "parts", label="divergence", when={split: 1}),
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


@cache
def dice() -> Figure:
    """Draws of a three-sided die: their counts, their loss and their way through the triangle."""
    faces, seed = ("⚀", "⚁", "⚂"), Symbol("seed", integer=True, positive=True)
    data, model = Pmf(p, (0.5, 0.3, 0.2), faces, "die p"), Pmf(q, (0.2, 0.2, 0.6), faces, "model q")
    counts = IndexedBase("count", nonnegative=True)
    rolls = Draws("rolls", counts, data, 200, STEP, seed)
    shares = tuple(count / STEP for count in rolls.symbols)
    drawn = Bar(shares, label="rolled", along=rolls)
    loss = -Sum(xlogy(counts[k] / STEP, q[k]), (k, 1, K))
    excess = Sum(xlogy(p[k], p[k] / q[k]), (k, 1, K))
    return Figure(
        "dice",
        "A die with three faces",
        caption="The share of each face wanders towards its probability.",
        prompt="roll more, and start another series.",
        parameters=(
            data,
            model,
            Slider(STEP, 0, 200, 30, 1, "rolls t", animate=True),
            Slider(seed, 1, 50, 1, 1, "series"),
        ),
        panels=(
            Panel(data, Axis("share", 0, 1), (Bar(data), drawn, Bar(model)), "Shares"),
            Panel(
                Axis("rolls t", 0, 200),
                Axis("loss in nats", 0, 3),
                (
                    Path(rolls, loss, label="mean loss", so_far=True),
                    Point(loss, along=rolls, label="mean loss"),
                    Rule(y=cross_entropy.stable, label="H(p, q)"),
                ),
                "Mean loss",
            ),
            Triangle(
                model,
                (
                    HeatMap(excess, (0.05, 0.2, 0.5, 1, 2), label="divergence"),
                    Path.ternary(rolls, shares, label="rolled", so_far=True),
                    Point.ternary(data.symbols, label="die p"),
                    Point.ternary(model.symbols, label="model q"),
                ),
                "All models",
            ),
        ),
        readouts=(Readout("mean loss", loss, "nats", along=rolls),),
        buttons=(Button("Roll 10 more", {STEP: STEP + 10}),),
    )


@cache
def softmax() -> Figure:
    """Logits that are dragged, the softmax at a temperature, and its gradient as arrows."""
    kinds, heat, truth = ("cat", "dog", "owl"), Symbol("T", positive=True), Symbol("truth", integer=True)
    logits = Vector(z, -4, 4, (2.0, 0.5, -1.0), kinds, "logits z")
    total = LogSumExp(sum(exp(entry / heat) for entry in logits.symbols))
    shares = tuple(exp(entry / heat - total) for entry in logits.symbols)
    slopes = [(share - Piecewise((1, Eq(truth, at)), (0, True))) / heat for at, share in enumerate(shares)]
    return Figure(
        "softmax",
        "Each logit is pushed by what is missing",
        caption="The gradient is prediction minus label.",
        prompt="drag a logit, and choose another class.",
        parameters=(
            logits,
            Slider(heat, 0.1, 10, 1, 0.05, "temperature T", log=True),
            Choice(truth, tuple(zip(kinds, range(3), strict=True)), 1, "class"),
        ),
        panels=(
            Panel(
                logits,
                Axis("z", -4, 4),
                (
                    Bar(logits),
                    *(
                        Arrow((at, entry), (at, entry - slope), label="one step", role="one step")
                        for at, (entry, slope) in enumerate(zip(logits.symbols, slopes, strict=True))
                    ),
                ),
                "Logits",
            ),
            Panel(logits, Axis("probability", 0, 1), (Bar(shares, label="softmax"),), "At T for {truth}"),
        ),
        readouts=(Readout("loss", total - z_of(logits, truth) / heat, "nats"),),
    )


def z_of(logits: Vector, truth: Symbol) -> Piecewise:
    return Piecewise(*((entry, Eq(truth, at)) for at, entry in enumerate(logits.symbols)), (0, True))


@cache
def landscape() -> Figure:
    """A loss over two weights with the descent from the reader's start, and a region between two curves."""
    u, v, u0, v0 = (Symbol(name, real=True) for name in ("u", "v", "u0", "v0"))
    loss = u**2 / 2 + 2 * v**2
    steps = Slider(STEP, 0, 60, 20, 1, "step t", animate=True)
    descent = Iteration("descent", (u, v), tuple(w - rate * loss.diff(w) for w in (u, v)), (u0, v0), 60, STEP)
    here = {u: u0, v: v0}
    downhill = tuple(w - loss.diff(w).subs(here) for w in (u, v))
    low = evaluated_in(loss.subs(here).subs(v0, 0), 16)
    return Figure(
        "landscape",
        "A valley and the way down",
        caption="The path bends into the valley.",
        prompt="click to start elsewhere.",
        parameters=(
            Slider(u0, -3, 3, -2.5, 0.05, "weight u₀"),
            Slider(v0, -2, 2, 1.5, 0.05, "weight v₀"),
            Slider(rate, 0.01, 0.5, 0.1, 0.02, "step size η", log=True),
            steps,
        ),
        panels=(
            Panel(
                u0,
                v0,
                (
                    HeatMap(loss.subs(here), (0.1, 0.5, 1, 2, 4, 8), label="loss"),
                    Path(descent, v, x=u, label="descent", so_far=True),
                    Point(v, x=u, along=descent, label="descent"),
                    Arrow((u0, v0), tuple(w.subs(here) for w in downhill), label="downhill"),
                ),
                "Loss over two weights",
            ),
            Panel(
                u0,
                Axis("loss", 0, 12),
                (Between(low, loss.subs(here), label="share of v₀"), Line(loss.subs(here), label="loss")),
                "Through the start",
            ),
            Panel(
                Axis("step t", 0, 60),
                Axis("loss", 1e-6, 10, log=True),
                (Path(descent, loss, label="loss"), Point(loss, along=descent, label="loss")),
                "Loss on the way",
            ),
        ),
        readouts=(Readout("loss at step t", loss, along=descent), FirstPassage("steps to 0.01", descent, loss < 0.01)),
    )


ALL = (saturation, race, divergence, measured, shapes, lengths, dice, softmax, landscape)
