"""Four figures that use the whole grammar; the tests of this folder draw, drive and measure them."""

from __future__ import annotations

from sympy import Abs, Symbol

from ce.figures import (
    Area, Axis, Band, Bar, Choice, Figure, Iteration, Line, Panel, Passage, Path, Pmf, Point, Readout, Rule, Series,
    Slider,
)  # fmt: skip
from ce.formulas import binary_cross_entropy, cross_entropy, entropy, kl_divergence, sigmoid, squared_error
from ce.symbols import label, logit, p, q, rate, start

CE, SE = "cross-entropy", "squared error"


def saturation() -> Figure:
    """Loss, gradient and curvature of both losses against the logit."""
    losses = {CE: binary_cross_entropy, SE: squared_error}

    def panel(title: str, y: Axis, order: int, *more: Area) -> Panel:
        marks = [kind(Abs(f.derivative(logit, order)) if order == 1 else f.derivative(logit, order) if order else
                      f.stable, label=name) for name, f in losses.items() for kind in (Line, Point)]  # fmt: skip
        return Panel(logit, y, (*more, *marks), title)

    readouts = [
        Readout(row, f.derivative(logit, order) if order else f.stable, column=name)
        for order, row in enumerate(("loss", "gradient ∂L/∂z", "curvature ∂²L/∂z²"))
        for name, f in losses.items()
    ]
    return Figure(
        "saturation", "The squared error stops learning where it is most wrong",
        "At a confident, wrong logit the squared error is flat; the cross-entropy keeps its slope.",
        "drag z far to the wrong side, then switch the gradient to the log scale.",
        parameters=(Choice(label, (("label 1", 1), ("label 0", 0)), 1, "label y"),
                    Slider(logit, -10, 10, -4, 0.1, "logit z")),
        panels=(panel("Loss", Axis("L(z)", 0, 6), 0),
                panel("Size of the gradient", Axis("|∂L/∂z|", 0, 1.05, log="reader"), 1),
                panel("Curvature", Axis("∂²L/∂z²", -0.12, 0.28), 2,
                      Area(squared_error.derivative(logit, 2) < 0, label="squared error not convex", role=SE))),
        readouts=tuple(readouts),
    )  # fmt: skip


def race() -> Figure:
    """Gradient descent on both losses from the reader's start."""
    step = Symbol("t", integer=True, nonnegative=True)
    runs = {
        name: Iteration(name, logit, logit - rate * loss.derivative(logit).subs(label, 1), start, 20_000, step)
        for name, loss in ((CE, binary_cross_entropy), (SE, squared_error))
    }
    marks = [kind(y=sigmoid(logit), along=run, label=name) for name, run in runs.items() for kind in (Path, Point)]
    return Figure(
        "race", "Two descents from one start",
        "From a confident, wrong start the cross-entropy is through in some ten steps of size 1; "
        "the squared error takes thousands.",
        "move the start to −6, to −2, to 2. Where do the two meet?",
        parameters=(Slider(start, -10, 4, -10, 0.5, "start z₀"),
                    Slider(rate, 0.1, 10, 1, 0.05, "step size η", log=True),
                    Slider(step, 1, 20_000, 12, 0.01, "step t", log=True, animate=True)),
        panels=(Panel(step, Axis("p̂ = σ(z)", 0, 1), (Rule(y=0.5, label="boundary"), *marks), "Predicted probability"),),
        readouts=(*(Passage("steps to p̂ ≥ 1/2", run, logit >= 0, name) for name, run in runs.items()),
                  *(Readout("p̂ at step t", sigmoid(logit), "", 4, name, run) for name, run in runs.items())),
    )  # fmt: skip


def divergence() -> Figure:
    """Two draggable distributions with entropy, cross-entropy and divergence."""
    faces = ("⚀", "⚁", "⚂", "⚃")
    data = Pmf(p, (0.5, 0.25, 0.125, 0.125), faces, "data p")
    model = Pmf(q, (0.25, 0.25, 0.25, 0.25), faces, "model q")
    return Figure(
        "divergence", "Cross-entropy is entropy plus divergence",
        "Moving the model q changes the cross-entropy and the divergence by the same amount.",
        "drag the bars of q until the divergence is zero.",
        parameters=(data, model),
        panels=(Panel(data, Axis("probability", 0, 1), (Bar(data), Bar(model)), "Two distributions"),),
        readouts=tuple(Readout(f.name, f.stable, f.unit) for f in (entropy, cross_entropy, kl_divergence)),
    )  # fmt: skip


def measured() -> Figure:
    """Measured series with their spread, the data picked by a choice."""
    kind = Symbol("start")
    steps = tuple(range(0, 60, 2))
    curves = {(name, at): tuple(0.1 + 0.85 * (1 - 2.0 ** (-x / (4 + 9 * at + 12 * (name == SE) * at))) for x in steps)
              for name in (CE, SE) for at in (0, 1)}  # fmt: skip
    marks = []
    for (name, at), ys in curves.items():
        low, high = (tuple(y + side * 0.04 for y in ys) for side in (-1, 1))
        marks += [Band(steps, low, high, label=name, when={kind: at}), Series(steps, ys, label=name, when={kind: at})]
    return Figure(
        "measured", "Accuracy while training", "A saturated start costs the squared error most.", "switch the start.",
        parameters=(Choice(kind, (("ordinary start", 0), ("saturated start", 1)), 0, "start"),),
        panels=(Panel(Axis("epoch"), Axis("test accuracy", 0, 1), tuple(marks), "Accuracy on the test set"),),
    )  # fmt: skip


def shapes() -> Figure:
    """A small figure with the marks that the others do not use, and axes that follow their marks."""
    from ce.figures import Arrow

    return Figure(
        "shapes", "A tangent", "The arrow is the slope.", "move x.",
        parameters=(Slider(logit, -3, 3, 1, 0.25, "x"),),
        panels=(Panel(logit, "x²", (Line(logit**2, label="square"), Rule(x=0, label="foot"),
                                    Arrow((logit, logit**2), (logit + 1, logit**2 + 2 * logit), role="square")),
                      "Square"),
                Panel(Axis(categories=("a", "b")), "height", (Bar((logit**2, 2), label="heights"),), "Bars")),
    )  # fmt: skip


ALL = (saturation, race, divergence, measured, shapes)
