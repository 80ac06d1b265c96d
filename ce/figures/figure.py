"""A figure: parameters, panels, read-outs and the words around them, checked when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sympy import Expr, Indexed, IndexedBase, Product, Sum, Symbol
from sympy.core.basic import Basic

from ce.figures.button import Button
from ce.figures.consistency import check
from ce.figures.marks import Length
from ce.figures.measured import Band, Series
from ce.figures.panel import Axis, Panel
from ce.figures.parameters import Bars, Parameter, Slider
from ce.figures.path import Path
from ce.figures.readout import Passage, Readout
from ce.figures.rolls import Sequence
from ce.figures.triangle import Triangle
from ce.formulas import instantiate

if TYPE_CHECKING:
    from ce.figures.widget import FigureWidget

__all__ = ["Figure"]

# NumPy, matplotlib and the widgets are slow to load and not everywhere at hand: the methods that need them
# import them, so that a figure can be declared and checked without them.


@dataclass(frozen=True)
class Figure:
    """A live figure, written once and shown on the website, in Jupyter and in print.

    Parameters
    ----------
    name
        What links and files call it: small letters, digits and hyphens.
    title
        What it is about, as one line.
    see
        What there is to see, in one or two sentences.
    attempt
        What the reader should try.
    parameters
        What the reader can change.
    panels
        The plots, side by side where there is room.
    readouts
        The rows of the table under the plots.
    buttons
        What sets several parameters at once.

    The words of axes, panels and read-outs may hold the symbol of a :class:`Choice` in braces, such as
    ``"length in {unit}"``; the name of the option chosen stands in its place.

    Raises
    ------
    ValueError
        When a part does not fit: a symbol that no parameter gives, a name given twice, an expression that the
        front end cannot compute, a choice that does not exist. The error says where.

    Examples
    --------
    >>> from ce.figures import Figure, Line, Panel, Readout, Slider
    >>> from ce.formulas import binary_cross_entropy
    >>> from ce.symbols import label, logit
    >>> loss = binary_cross_entropy.stable.subs(label, 1)
    >>> figure = Figure(
    ...     "loss-of-label-1", "The loss of label 1", "A wrong prediction costs as much as it is confident.",
    ...     "Drag the logit to the left.",
    ...     parameters=(Slider(logit, -8, 8, -4, 0.1, "logit z"),),
    ...     panels=(Panel(logit, "loss in nats", (Line(loss, label="cross-entropy"),), "Loss"),),
    ...     readouts=(Readout("cross-entropy", loss, "nats"),),
    ... )
    >>> figure.spec()["panels"][0]["marks"]
    [{'kind': 'line', 'label': 'cross-entropy', 'role': 'cross-entropy', 'y': ['softplus', ['*', -1, 'z']]}]
    """

    name: str
    title: str
    see: str
    attempt: str
    parameters: tuple[Parameter, ...]
    panels: tuple[Panel | Triangle, ...]
    readouts: tuple[Readout | Passage, ...] = ()
    buttons: tuple[Button, ...] = ()

    def __post_init__(self) -> None:
        for name in ("parameters", "panels", "readouts", "buttons"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        check(self)

    @property
    def start(self) -> dict[Symbol, float]:
        """The starting value of every symbol that the reader can change."""
        return {symbol: value for part in self.parameters for symbol, value in part.start.items()}

    @property
    def sequences(self) -> tuple[Sequence, ...]:
        """The sequences that marks and read-outs run along, each once."""
        marks = [mark for panel in self.panels for mark in panel.marks]
        found = (part.along for part in (*marks, *self.readouts))
        return tuple(dict.fromkeys(sequence for sequence in found if sequence is not None))

    @property
    def roles(self) -> tuple[str, ...]:
        """The labels that have a colour, in the order in which they appear."""
        marks = (mark for panel in self.panels for mark in panel.marks)
        return tuple(dict.fromkeys(mark.colour for mark in marks if mark.colour))

    def explicit(self, expression: Basic) -> Basic:
        """Return an expression with its sums written out, K being the size of the figure's bars."""
        if not expression.has(Sum, Product, Indexed):
            return expression
        sizes = {len(part.values) for part in self.parameters if isinstance(part, Bars)}
        if len(sizes) != 1:
            raise ValueError(
                f"Figure({self.name!r}): expected distributions and vectors of one size to write out "
                f"{expression}, got sizes {sorted(sizes)}; write it out with ce.formulas.instantiate"
            )
        return instantiate(expression, {"K": sizes.pop()})

    def x_axis(self, panel: Panel | Triangle) -> Axis:
        """Return the x axis of a panel with the range and label that a slider or the data give it."""
        axis = self._over_slider(panel.x_axis)
        if any(isinstance(mark, Length) for mark in panel.marks):
            return axis  # a free end follows the lengths
        if axis.categories or (axis.low is not None and axis.high is not None):
            return axis
        ends = [end for mark in panel.marks for end in _extent(mark)]
        low = axis.low if axis.low is not None else min(ends) or float(axis.log is True)
        return replace(axis, low=low, high=axis.high if axis.high is not None else max(ends))

    def y_axis(self, panel: Panel | Triangle) -> Axis:
        """Return the y axis of a panel with the range and label that a slider gives it."""
        return self._over_slider(panel.y_axis)

    def _over_slider(self, axis: Axis) -> Axis:
        for part in self.parameters:
            if isinstance(part, Slider) and part.symbol == axis.symbol:
                label = axis.label or part.label
                return replace(axis, label=label, low=part.low, high=part.high, log=part.log)
        return axis

    def settings(self, button: Button) -> dict[Symbol, Expr]:
        """Return what each single parameter becomes when a button is pressed."""
        bases = {part.base: part.symbols for part in self.parameters if isinstance(part, Bars)}
        found: dict[Symbol, Expr] = {}
        for key, value in button.sets.items():
            if isinstance(key, Symbol):
                found[key] = value
                continue
            symbols = bases.get(key, ())
            values = bases.get(value, ()) if isinstance(value, IndexedBase) else (value,) * len(symbols)
            if not symbols or len(values) != len(symbols):
                raise ValueError(
                    f"Figure({self.name!r}), button {button.label!r}: expected distributions or "
                    f"vectors of one size among {[*bases]}, got {key} set to {value}"
                )
            found |= dict(zip(symbols, values, strict=True))
        return found

    def spec(self) -> dict[str, Any]:
        """Return what a front end needs, as JSON: words, parameters, wire expressions, alternative text."""
        from ce.figures.spec import figure_spec  # noqa: PLC0415

        return figure_spec(self)

    def values(self, changes: Mapping[str, Any] | None = None) -> dict[Symbol, float]:
        """Return the value of every symbol: the starting one, or the one that ``changes`` has under its name.

        Raises
        ------
        ValueError
            For a name that no parameter has, a number out of range, probabilities that do not sum to one.
        """
        changes = dict(changes or {})
        names = {symbol.name: value for symbol, value in self.start.items()} | changes
        unknown = sorted(names.keys() - {symbol.name for symbol in self.start})
        if unknown:
            raise ValueError(f"Figure({self.name!r}): expected names among "
                             f"{[symbol.name for symbol in self.start]}, got {unknown}")  # fmt: skip
        found: dict[Symbol, float] = {}
        for part in self.parameters:
            if isinstance(part, Bars):
                where = f"{type(part).__name__}({part.base})"
                entries = part.accept(where, [names[symbol.name] for symbol in part.symbols])
                found |= dict(zip(part.symbols, entries, strict=True))
            else:
                found[part.symbol] = part.accept(part.symbol.name, names[part.symbol.name])
        return found

    def picture(self, changes: Mapping[str, Any] | None = None) -> bytes:
        """Return the figure as a PNG drawn by matplotlib, at the starting values or as ``changes`` says."""
        from ce.figures.picture import draw  # noqa: PLC0415

        return draw(self, self.values(changes))

    def description(self, changes: Mapping[str, Any] | None = None) -> str:
        """Return what the picture shows in words made from its numbers: its alternative text."""
        from ce.figures.description import describe  # noqa: PLC0415

        return describe(self, self.values(changes))

    def widget(self) -> FigureWidget:
        """Return the figure as a Jupyter widget, whose traits link with those of other widgets."""
        from ce.figures.widget import FigureWidget  # noqa: PLC0415

        return FigureWidget(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from ce.figures.display import mimebundle  # noqa: PLC0415

        return mimebundle(self)

    def _ipython_display_(self) -> None:
        from ce.figures.display import show  # noqa: PLC0415

        show(self)


def _extent(mark: object) -> tuple[float, ...]:
    """Return the x values that a mark of data covers by itself."""
    if isinstance(mark, Series | Band):
        return mark.x
    return (0.0, float(mark.along.length)) if isinstance(mark, Path) else ()
