"""Live figures: a small grammar, its wire form, its picture, its widget and its place on the website."""

from ce.figures.figure import Figure
from ce.figures.grammar.linked_formulas import LinkedFormula
from ce.figures.grammar.marks import (
    Arrow,
    Band,
    Bar,
    Between,
    HeatMap,
    Line,
    Path,
    Point,
    Rule,
    Segment,
    Series,
    Span,
    ternary,
)
from ce.figures.grammar.panels import Axis, Panel, Triangle
from ce.figures.grammar.parameters import Button, Choice, Pmf, Slider, Switch, Vector
from ce.figures.grammar.readouts import FirstPassage, Readout
from ce.figures.grammar.sequences import Draws, Iteration
from ce.figures.grammar.tasks import Goal, Guess
from ce.figures.web.html import classic_script, figure_html, static_files

__all__ = [
    "Arrow",
    "Axis",
    "Band",
    "Bar",
    "Between",
    "Button",
    "Choice",
    "Draws",
    "Figure",
    "FirstPassage",
    "Goal",
    "Guess",
    "HeatMap",
    "Iteration",
    "Line",
    "LinkedFormula",
    "Panel",
    "Path",
    "Pmf",
    "Point",
    "Readout",
    "Rule",
    "Segment",
    "Series",
    "Slider",
    "Span",
    "Switch",
    "Triangle",
    "Vector",
    "classic_script",
    "figure_html",
    "static_files",
    "ternary",
]
