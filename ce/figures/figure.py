"""A figure that shows itself: the one module that knows both the data and all that is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ce.figures.grammar.figure_data import FigureData
from ce.figures.grammar.tasks import CLOSE, Goal, Guess

if TYPE_CHECKING:
    from ce.figures.web.widget import FigureWidget

__all__ = ["Figure"]

# NumPy, matplotlib and the widgets are slow to load and not everywhere at hand: the methods that need them
# import them, so that a figure can be declared and checked without them.


@dataclass(frozen=True)
class Figure(FigureData):
    """A live figure, written once and shown on the website, in Jupyter and in print.

    Parameters
    ----------
    name
        What links and files call it: small letters, digits and hyphens.
    title
        What it is about, as one line.
    caption
        What there is to see, in one or two sentences.
    prompt
        What the reader should try.
    parameters
        What the reader can change.
    panels
        The plots, side by side where there is room.
    readouts
        The rows of the table under the plots.
    buttons
        What sets several parameters at once.
    goal
        The state that the prompt asks for, of which the page says when it is reached.
    guess
        What the reader is asked before the figure opens.
    formula
        An equation whose terms light up what they are in the figure.

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

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.goal is not None:
            self._check_goal(self.goal)
        if self.guess is not None:
            self._check_guess(self.guess)

    def _check_goal(self, goal: Goal) -> None:
        """Raise ValueError for a goal that holds at the start, or not at the values said to reach it."""
        from ce.figures.evaluation import Scene  # noqa: PLC0415

        for wanted, changes in ((False, None), (True, self.on_steps(goal.at))):
            if bool(Scene(self, self.values(changes)).number(goal.condition)) is not wanted:
                raise ValueError(
                    f"Figure({self.name!r}).goal: expected a condition that is {wanted} at "
                    f"{changes or 'the start'}, got {goal.condition}"
                )

    def _check_guess(self, guess: Guess) -> None:
        """Raise ValueError for a guess that no slider can make right, or that is right without the reader."""
        from ce.figures.evaluation import Scene  # noqa: PLC0415

        where = f"Figure({self.name!r}).guess"
        scene, start = Scene(self, self.values(self.on_steps(guess.at))), guess.sliders[0]
        truths = scene.truths(guess)
        if not all(guess.low <= truth <= guess.high for truth in truths):
            raise ValueError(f"{where}: expected a truth from {guess.low} to {guess.high}, got {truths}")
        if all(start.share(start.value, truth) <= CLOSE for truth in truths):
            raise ValueError(f"{where}: expected a truth away from the middle {start.value:g}, got {truths}")

    def spec(self) -> dict[str, Any]:
        """Return what a front end needs, as JSON: words, parameters, wire expressions, alternative text."""
        from ce.figures.web.spec import figure_spec  # noqa: PLC0415

        return figure_spec(self)

    def picture(self, changes: Mapping[str, Any] | None = None) -> bytes:
        """Return the figure as a PNG drawn by matplotlib, at the starting values or as ``changes`` says."""
        from ce.figures.picture.draw import draw  # noqa: PLC0415

        return draw(self, self.values(changes))

    def description(self, changes: Mapping[str, Any] | None = None) -> str:
        """Return what the picture shows in words made from its numbers: its alternative text."""
        from ce.figures.alt_text import describe  # noqa: PLC0415

        return describe(self, self.values(changes))

    def widget(self) -> FigureWidget:
        """Return the figure as a Jupyter widget, whose traits link with those of other widgets."""
        from ce.figures.web.widget import FigureWidget  # noqa: PLC0415

        return FigureWidget(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from ce.figures.web.html import mimebundle  # noqa: PLC0415

        return mimebundle(self.spec(), self.picture())

    def _ipython_display_(self) -> None:
        from ce.figures.web.html import show  # noqa: PLC0415

        show(self._repr_mimebundle_(), self.widget)
