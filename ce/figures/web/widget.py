"""A figure as a Jupyter widget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anywidget
import traitlets

from ce.bundle import module
from ce.figures.grammar.figure_data import FigureData
from ce.figures.grammar.parameters import Pmf
from ce.figures.web.html import stylesheet
from ce.figures.web.spec import figure_spec

__all__ = ["FigureWidget"]

# The output after a live figure is its picture (see ce/figures/web/html.py). An output is one of these in
# JupyterLab, Notebook, Voila and nbconvert; in VS Code; in Colab.
_OUTPUT = ":is(.jp-OutputArea-child, .output_container, .display_data)"
_HIDE_PICTURE = f"{_OUTPUT}:has(.ce-live) + {_OUTPUT}:has(.ce-still) {{ display: none }}\n"


class FigureWidget(anywidget.AnyWidget):
    """The live view of a figure.

    ``values`` holds the current number of every parameter by name and follows the reader's hand; setting it
    moves the figure. Each parameter is a trait of its own too, so that
    ``ipywidgets.link((slider, "value"), (widget, "z"))`` works. Setting one entry of a
    :class:`ce.figures.Pmf` scales its other entries.

    Raises
    ------
    traitlets.TraitError
        When a value is set that the parameter cannot have.

    Examples
    --------
    >>> from ce.figures import Figure, Line, Panel, Slider
    >>> from ce.symbols import logit
    >>> panel = Panel(logit, "square", (Line(logit**2, label="square"),), "Square")
    >>> slider = Slider(logit, -2, 2, 1, 0.1, "z")
    >>> figure = Figure("square", "A square", "It bends.", "Drag z.", (slider,), (panel,))
    >>> widget = figure.widget()
    >>> widget.z = 1.5
    >>> widget.values
    {'z': 1.5}
    """

    _esm = module(__package__, "widget")
    _css = stylesheet() + _HIDE_PICTURE
    spec = traitlets.Dict(read_only=True).tag(sync=True)
    values = traitlets.Dict().tag(sync=True)

    def __init__(self, figure: FigureData) -> None:
        self._figure = figure
        self._moving = False
        names = [symbol.name for symbol in figure.start]
        clashes = [name for name in names if hasattr(type(self), name)]
        if clashes:
            raise ValueError(f"FigureWidget: expected names that a widget does not use itself, got {clashes}")
        super().__init__()
        self.set_trait("spec", figure_spec(figure))
        start = {symbol.name: value for symbol, value in figure.start.items()}
        self.add_traits(**{name: traitlets.Float(value).tag(sync=True) for name, value in start.items()})
        self.values = start
        self.observe(self._follow, names=["values"])
        self.observe(self._move, names=names)

    @traitlets.validate("values")
    def _accept(self, proposal: Any) -> dict[str, float]:
        try:
            found = self._figure.values(proposal["value"])
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None
        return {symbol.name: value for symbol, value in found.items()}

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Let a trait be set as the answer to a change without answering that one in turn."""
        self._moving = True
        try:
            yield
        finally:
            self._moving = False

    def _follow(self, change: Any) -> None:
        if not self._moving:
            self._show(change["new"])

    def _move(self, change: Any) -> None:
        """Take over a number set on one parameter, or put the old one back when it is not allowed."""
        if self._moving:
            return
        name, values = change["name"], dict(self.values)
        try:
            for part in self._figure.parameters:
                names = [symbol.name for symbol in part.start]
                if isinstance(part, Pmf) and name in names:
                    pmf = part.moved([values[n] for n in names], names.index(name), change["new"])
                    values |= dict(zip(names, pmf, strict=True))
                elif name in names:
                    values[name] = change["new"]
            with self._quietly():
                self.values = values
        except (ValueError, traitlets.TraitError) as error:
            self._show(self.values)
            raise traitlets.TraitError(str(error)) from None
        self._show(self.values)

    def _show(self, values: dict[str, float]) -> None:
        with self._quietly():
            for name, value in values.items():
                self.set_trait(name, value)
