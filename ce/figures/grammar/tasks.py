"""What a figure asks of the reader: a guess before it opens, a state to bring about."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sympy import Symbol
from sympy.logic.boolalg import Boolean

from ce.figures.grammar.checks import condition, conditions, instance, number, plain, several, text
from ce.figures.grammar.marks import Mark, Point, Rule
from ce.figures.grammar.parameters import Slider
from ce.figures.grammar.readouts import FirstPassage, Readout

__all__ = ["Goal", "Guess"]

# A guess as close as this to the truth, as a share of the slider's length, is a good one.
CLOSE = 0.05
# What the marks of a guess ask for: there are none for a reader who has made none.
GUESSED = Symbol("guessed")


@dataclass(frozen=True)
class Goal:
    """The state that the prompt of a figure asks for; the page says when the reader has reached it.

    Parameters
    ----------
    condition
        A condition on the figure's parameters, false at their starting values.
    reached
        What is said when it holds: what the reader has brought about, as a sentence.
    at
        Values of parameters at which it holds, the others at their start: evidence that it can be reached.

    Raises
    ------
    ValueError
        For a part of another type. The figure refuses a goal that holds at the start, or does not hold at ``at``
        once every slider stands on a step of its own.

    Examples
    --------
    >>> from ce.symbols import logit
    >>> Goal(logit <= -6, "Far out, squared error has let go.", {logit: -6}).at
    {z: -6.0}
    """

    condition: Boolean
    reached: str
    at: Mapping[Symbol, float]

    def __post_init__(self) -> None:
        condition("Goal.condition", self.condition)
        text("Goal.reached", self.reached)
        object.__setattr__(self, "at", conditions("Goal.at", self.at))


@dataclass(frozen=True)
class Guess:
    """A value, a place or a curve that the reader commits to before the figure shows it.

    Until then, or until the reader goes on without a guess, the figure is a question over empty axes. Then it
    opens, marks the guess where ``on`` says, and puts the gap in words.

    Parameters
    ----------
    question
        What is asked.
    of
        The true value: a read-out of expressions in the figure's parameters, with its unit and digits.
    low, high, step, log
        The slider of the guess, as for :class:`Slider`; it starts in the middle.
    lesson
        What the gap teaches, as a sentence.
    on
        The axis along which the guess is a place, marked by a line across the panel; empty for a number that no
        axis shows.
    over
        For a curve: the places along the x axis at which the reader sets its height. ``of`` has the symbol of
        that axis.
    panel
        The title of the panel the guess is marked in; the first when empty.
    at
        Values of parameters that the question speaks of, the others at their start. The figure opens there.

    Raises
    ------
    ValueError
        For a part of another type. The figure refuses a guess whose truth the slider cannot reach, or at which
        the slider starts, and a question of things it does not have.

    Examples
    --------
    >>> from sympy import log
    >>> from ce.symbols import prob
    >>> cost = Readout("loss", -log(prob), "nats")
    >>> guess = Guess("What does p = 0.01 cost?", cost, 0, 10, 0.1, "It counts the zeros.", on="y", at={prob: 0.01})
    >>> guess.sliders[0].value
    5.0
    """

    question: str
    of: Readout | FirstPassage
    low: float
    high: float
    step: float
    lesson: str
    log: bool = False
    on: Literal["", "x", "y"] = ""
    over: tuple[float, ...] = ()
    panel: str = ""
    at: Mapping[Symbol, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plain("Guess", self)
        text("Guess.question", self.question)
        text("Guess.lesson", self.lesson)
        instance("Guess.of", self.of, Readout | FirstPassage, "a Readout or a FirstPassage")
        if not isinstance(self.on, str) or self.on not in ("", "x", "y"):
            raise ValueError(f'Guess.on: expected "", "x" or "y", got {self.on!r}')
        over = several("Guess.over", self.over)
        if over and (self.on != "y" or isinstance(self.of, FirstPassage)):
            raise ValueError(f'Guess.over: expected on="y" and a Readout for a curve, got {self.on!r} and {self.of!r}')
        object.__setattr__(self, "over", tuple(number("Guess.over", place) for place in over))
        object.__setattr__(self, "at", conditions("Guess.at", self.at))
        for name in ("low", "high", "step"):
            object.__setattr__(self, name, number(f"Guess.{name}", getattr(self, name)))
        if self.log and not self.low > 0:
            raise ValueError(f"Guess.low: expected a positive number on a log scale, got {self.low}")
        self.sliders  # noqa: B018  (refuses a range that is none)

    @property
    def sliders(self) -> tuple[Slider, ...]:
        """The sliders of the guess: one, or one for each place of a curve."""
        middle = float(f"{math.sqrt(self.low * self.high):.3g}") if self.log else (self.low + self.high) / 2
        whole = isinstance(self.of, FirstPassage)
        labels = [f"at {place:g}".replace("-", "−") for place in self.over] or ["your guess"]
        names = [Symbol(f"guess {at}", integer=True if whole else None) for at in range(len(labels))]
        start = round(middle) if whole else middle
        return tuple(
            Slider(name, self.low, self.high, start, self.step, label, self.log)
            for name, label in zip(names, labels, strict=True)
        )

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What shows the guess in its panel."""
        name, when = "your guess", {GUESSED: 1}
        symbols = [slider.symbol for slider in self.sliders]
        if self.over:
            return tuple(Point(y, x=x, label=name, when=when) for x, y in zip(self.over, symbols, strict=True))
        x, y = (symbols[0] if self.on == axis else None for axis in "xy")
        return (Rule(x=x, y=y, label=name, when=when),) if self.on else ()
