"""Live figures: a small grammar, its wire form, its picture, its widget and its place on the website."""

from ce.figures.figure import Figure
from ce.figures.front_end import classic_script
from ce.figures.iteration import Iteration
from ce.figures.marks import Area, Arrow, Bar, Line, Path, Point, Rule
from ce.figures.measured import Band, Series
from ce.figures.panel import Axis, Panel
from ce.figures.parameters import Choice, Slider
from ce.figures.pmf import Pmf
from ce.figures.readout import Passage, Readout
from ce.figures.website import figure_html, static_files

__all__ = [
    "Area", "Arrow", "Axis", "Band", "Bar", "Choice", "Figure", "Iteration", "Line", "Panel", "Passage",
    "Path", "Pmf", "Point", "Readout", "Rule", "Series", "Slider", "classic_script", "figure_html",
    "static_files",
]  # fmt: skip
