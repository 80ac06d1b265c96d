"""Live figures: a small grammar, its wire form, its picture, its widget and its place on the website."""

from ce.figures.button import Button
from ce.figures.fields import Fill, HeatMap
from ce.figures.figure import Figure
from ce.figures.front_end import classic_script
from ce.figures.iteration import Iteration
from ce.figures.marks import Area, Arrow, Bar, Length, Line, Point, Rule
from ce.figures.measured import Band, Series
from ce.figures.panel import Axis, Panel
from ce.figures.parameters import Choice, Slider, Switch
from ce.figures.path import Path
from ce.figures.pmf import Pmf
from ce.figures.readout import Passage, Readout
from ce.figures.rolls import Rolls
from ce.figures.ternary import ternary
from ce.figures.triangle import Triangle
from ce.figures.vector import Vector
from ce.figures.website import figure_html, static_files

__all__ = [
    "Area", "Arrow", "Axis", "Band", "Bar", "Button", "Choice", "Figure", "Fill", "HeatMap", "Iteration",
    "Length", "Line", "Panel", "Passage", "Path", "Pmf", "Point", "Readout", "Rolls", "Rule", "Series",
    "Slider", "Switch", "Triangle", "Vector", "classic_script", "figure_html", "static_files", "ternary",
]  # fmt: skip
