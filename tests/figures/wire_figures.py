"""Figures written by hand in wire form, for the parts of the grammar that the other examples leave out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from sympy import Expr, Symbol, exp, sqrt, symbols

from ce.figures.palette import ROLES
from ce.formulas import sigmoid, softplus, to_wire, xlogy

Spec = dict[str, Any]

w, b, u, v, eta, t, z1, z2, z3, temperature, unit = symbols("w b u v eta t z_1 z_2 z_3 T unit", real=True)
P, Q, COUNTS = (symbols(f"{name}_1:4", real=True) for name in "pqc")
FACES = ["one", "two", "three"]
POINTS = ((-2, 0), (-1, 0), (-0.5, 1), (0.5, 0), (1, 1), (2, 1))
WHITE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)


@dataclass(frozen=True)
class Wired:
    """What a page needs of a figure: its name, its spec, a picture."""

    wire: Spec

    @property
    def name(self) -> str:
        return str(self.wire["name"])

    def spec(self) -> Spec:
        return self.wire

    def picture(self) -> bytes:
        return WHITE


def slider(symbol: Expr, low: float, high: float, value: float, step: float, label: str, **more: Any) -> Spec:  # noqa: PLR0917
    return {
        "kind": "slider",
        "symbol": str(symbol),
        "low": low,
        "high": high,
        "value": value,
        "step": step,
        "label": label,
        "integer": False,
        "log": False,
        "animate": False,
        **more,
    }


def pmf(base: str, values: list[float], label: str) -> Spec:
    names = [f"{base}_{k}" for k in (1, 2, 3)]
    return {"kind": "pmf", "base": base, "values": values, "names": FACES, "label": label, "symbols": names}


def axis(label: str = "", **more: Any) -> Spec:
    return {"kind": "axis", **({"label": label} if label else {}), "log": False, **more}


def mark(kind: str, role: str = "", **more: Any) -> Spec:
    wired = {key: to_wire(value) if isinstance(value, Expr) else value for key, value in more.items()}
    return {"kind": kind, "label": role, "role": role, **wired}


def figure(title: str, parameters: list[Spec], panels: list[Spec], **more: Any) -> Wired:
    labels = dict.fromkeys(mark["role"] for panel in panels for mark in panel["marks"] if mark["role"])
    roles = [
        {"label": label, "dash": list(role.dash), "marker": role.marker}
        for label, role in zip(labels, ROLES, strict=False)
    ]
    words = {"title": title, "see": "There is something to see.", "attempt": "move it.", "alt": "A figure."}
    empty: Spec = {"readouts": [], "sequences": [], "buttons": []}
    return Wired(
        {
            "version": 2,
            "name": title.lower(),
            "picture": {"width": 900, "height": 423},
            **words,
            "roles": roles,
            "parameters": parameters,
            "panels": panels,
            **empty,
            **more,
        }
    )


def readout(label: str, expression: Expr, **more: Any) -> Spec:
    return {"kind": "readout", "label": label, "expression": to_wire(expression), "digits": 4, **more}


def ternary(pmf: Any) -> Spec:
    return {"x": pmf[1] + pmf[2] / 2, "y": pmf[2] * sqrt(3) / 2}


def loss(weight: Any, bias: Any) -> Any:
    """Cross-entropy of a neuron on six points."""
    return sum(softplus((1 - 2 * y) * (weight * x + bias)) for x, y in POINTS) / len(POINTS)


LEVELS = [0.4, 0.5, 0.7, 1, 1.5, 2, 3, 4, 6, 8]


@cache
def landscape() -> Wired:
    """A heat map over two sliders, and a descent of two numbers in it."""
    steps = [var - eta * loss(u, v).diff(var) for var in (u, v)]
    descent = {
        "kind": "iteration",
        "name": "descent",
        "symbols": ["u", "v"],
        "update": [to_wire(s) for s in steps],
        "start": ["w", "b"],
        "length": 2000,
        "at": "t",
    }
    marks = [
        mark("heatmap", "cross-entropy", value=loss(w, b), levels=LEVELS, dark="low"),
        mark("path", "descent", along="descent", x=u, y=v, so_far=True),
        mark("point", "descent", along="descent", x=u, y=v),
    ]
    panel = {
        "title": "Loss of a neuron",
        "marks": marks,
        "x": axis("weight w", symbol="w", low=-6, high=6),
        "y": axis("bias b", symbol="b", low=-6, high=6),
    }
    parameters = [
        slider(w, -6, 6, -4, 0.1, "weight w"),
        slider(b, -6, 6, 3, 0.1, "bias b"),
        slider(eta, 0.05, 20, 1, 0.05, "step size η", log=True),
        slider(t, 0, 2000, 40, 1, "step t", integer=True, animate=True),
    ]
    readouts = [readout("loss at step t", loss(u, v), along="descent", unit="nats")]
    return figure("Landscape", parameters, [panel], readouts=readouts, sequences=[descent])


@cache
def die() -> Wired:
    """Rolls, their likelihood over the triangle, and buttons that roll more."""
    likelihood = -sum(xlogy(count, q) for count, q in zip(COUNTS, Q, strict=True)) / t
    shares = [count / t for count in COUNTS]
    rolls = {
        "kind": "rolls",
        "name": "rolls",
        "symbols": ["c_1", "c_2", "c_3"],
        "pmf": ["p_1", "p_2", "p_3"],
        "seed": "seed",
        "length": 10_000,
        "at": "t",
    }
    marks = [
        mark(
            "heatmap",
            "NLL",
            value=likelihood,
            levels=[0.9, 1, 1.1, 1.2, 1.4, 1.7, 2.2],
            along="rolls",
            dark="low",
        ),
        mark("path", "empirical pmf", along="rolls", so_far=True, **ternary(shares)),
        mark("point", "empirical pmf", along="rolls", **ternary(shares)),
        mark("point", "model q", **ternary(Q)),
    ]
    triangle = {
        "kind": "triangle",
        "title": "Likelihood of q",
        "symbols": ["q_1", "q_2", "q_3"],
        "names": FACES,
        "base": "q",
        "marks": marks,
    }
    bars = {
        "title": "Die and model",
        "x": axis(categories=FACES),
        "y": axis("probability", low=0, high=1),
        "marks": [mark("bar", "die p", heights="p"), mark("bar", "model q", heights="q")],
    }
    course = {
        "title": "NLL of q",
        "x": axis("rolls n", symbol="t", low=1, high=10_000, log=True),
        "y": axis("nats"),
        "marks": [
            mark("path", "NLL", along="rolls", y=likelihood, so_far=True),
            mark("point", "NLL", along="rolls", y=likelihood),
        ],
    }
    parameters = [
        pmf("p", [0.5, 0.3, 0.2], "die p"),
        pmf("q", [0.2, 0.2, 0.6], "model q"),
        slider(t, 1, 10_000, 60, 0.01, "rolls n", integer=True, log=True, animate=True),
        slider(Symbol("seed"), 1, 20, 3, 1, "seed", integer=True),
    ]
    buttons = [{"label": f"Roll {n:,} more", "sets": {"t": to_wire(t + n)}} for n in (1, 1000)]
    return figure(
        "Die",
        parameters,
        [triangle, bars, course],
        sequences=[rolls],
        buttons=buttons,
        readouts=[readout("NLL", likelihood, along="rolls", unit="nats")],
    )


@cache
def softmax() -> Wired:
    """Logits that are dragged, arrows over bars, a switch."""
    logits = (z1, z2, z3)
    total = sum(exp(z / temperature) for z in logits)
    probabilities = [exp(z / temperature) / total for z in logits]
    vector = {
        "kind": "vector",
        "base": "z",
        "low": -4,
        "high": 4,
        "values": [2, -1, 0.5],
        "names": FACES,
        "label": "logits z",
        "step": 0.1,
        "symbols": ["z_1", "z_2", "z_3"],
    }
    arrows = [
        {
            "kind": "arrow",
            "role": "gradient",
            "start": [k, to_wire(z)],
            "end": [k, to_wire(z - p + int(k == 0))],
            "when": {"gradient": 1},
        }
        for k, (z, p) in enumerate(zip(logits, probabilities, strict=True))
    ]
    panels = [
        {
            "title": "Logits",
            "x": axis(categories=FACES),
            "y": axis("logit", low=-5, high=5),
            "marks": [mark("bar", "logits z", heights="z"), *arrows],
        },
        {
            "title": "Probabilities",
            "x": axis(categories=FACES),
            "y": axis("probability", low=0, high=1),
            "marks": [mark("bar", "softmax", heights=[to_wire(p) for p in probabilities])],
        },
    ]
    switch = {"kind": "switch", "symbol": "gradient", "value": 1, "label": "show the gradient"}
    return figure(
        "Softmax", [vector, slider(temperature, 0.1, 10, 1, 0.05, "temperature T", log=True), switch], panels
    )


@cache
def lengths() -> Wired:
    """Stacked lengths, words with the name of a choice, a button that swaps two distributions."""
    entropy = -sum(xlogy(p, p) for p in P) / unit
    cross = -sum(xlogy(p, q) for p, q in zip(P, Q, strict=True)) / unit
    marks = [
        mark("length", "H(p, q)", start=0, end=cross, row=0),
        mark("length", "H(p)", start=0, end=entropy, row=1),
        mark("length", "KL", start=entropy, end=cross, row=1),
    ]
    panels = [
        {
            "title": "Two distributions",
            "x": axis(categories=FACES),
            "y": axis("probability", low=0, high=1),
            "marks": [mark("bar", "data p", heights="p"), mark("bar", "model q", heights="q")],
        },
        {
            "title": "Lengths in {unit}",
            "x": axis("length in {unit}", low=0),
            "marks": marks,
            "y": axis("stacked", categories=["cross-entropy", "its parts"]),
        },
    ]
    choice = {
        "kind": "choice",
        "symbol": "unit",
        "options": [["nats", 1.0], ["bits", math.log(2)]],
        "value": 1.0,
        "label": "unit",
    }
    swap = {
        "label": "Swap p and q",
        "sets": {f"{a}_{k}": f"{c}_{k}" for a, c in ("pq", "qp") for k in (1, 2, 3)},
    }
    return figure(
        "Lengths",
        [pmf("p", [0.5, 0.3, 0.2], "data p"), pmf("q", [0.2, 0.2, 0.6], "model q"), choice],
        panels,
        buttons=[swap],
        readouts=[readout("cross-entropy", cross, unit="{unit}")],
    )


@cache
def gap() -> Wired:
    """A filled region between two curves."""
    panel = {
        "title": "Gap",
        "x": axis("logit z", symbol="w", low=-6, high=6),
        "y": axis("loss", low=0, high=7),
        "marks": [
            mark("fill", "gap", low=softplus(-w), high=softplus(-w) + sigmoid(w)),
            mark("line", "cross-entropy", y=softplus(-w)),
        ],
    }
    return figure("Gap", [slider(w, -6, 6, 1, 0.1, "logit z")], [panel])


ALL = (landscape, die, softmax, lengths, gap)
