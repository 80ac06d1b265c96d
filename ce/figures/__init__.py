"""Live figures: a small grammar, its wire form, its picture, its widget and its place on the website."""

from ce.figures.figure import Figure
from ce.figures.grammar.marks import (
    Area,
    Arrow,
    Band,
    Bar,
    Fill,
    HeatMap,
    Length,
    Line,
    Path,
    Point,
    Rule,
    Series,
    ternary,
)
from ce.figures.grammar.panels import Axis, Panel, Triangle
from ce.figures.grammar.parameters import Button, Choice, Pmf, Slider, Switch, Vector
from ce.figures.grammar.readouts import Passage, Readout
from ce.figures.grammar.sequences import Iteration, Rolls
from ce.figures.web.bundle import classic_script
from ce.figures.web.html import figure_html, static_files

__all__ = [
    "Area", "Arrow", "Axis", "Band", "Bar", "Button", "Choice", "Figure", "Fill", "HeatMap", "Iteration",
    "Length", "Line", "Panel", "Passage", "Path", "Pmf", "Point", "Readout", "Rolls", "Rule", "Series",
    "Slider", "Switch", "Triangle", "Vector", "classic_script", "figure_html", "static_files", "ternary",
]  # fmt: skip
