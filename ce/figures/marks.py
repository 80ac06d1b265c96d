"""What a panel shows of its formulas: curves, ranges, points, rules, arrows, bars, lengths and paths.

A mark has a ``label``, the name written beside it. Marks of one label share their colour, dash and marker in
every panel of the figure, and the name is written once in each panel. ``role`` takes the colour of another
label instead (a shaded range in the colour of its curve, say). ``when`` shows a mark only for some values of
the choices and switches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from ce.figures.checks import condition, conditions, expression, text
from ce.figures.pmf import Pmf
from ce.figures.rolls import Sequence
from ce.figures.ternary import ternary
from ce.figures.vector import Vector

__all__ = ["Area", "Arrow", "Bar", "Length", "Line", "Mark", "Point", "Rule"]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What all marks have.

    A label; the label whose colour they take; the choices they are shown for; the sequence at whose current
    step they are taken.
    """

    label: str = ""
    role: str = ""
    when: Mapping[Symbol, float] = field(default_factory=dict)
    along: Sequence | None = None

    # Whether the mark must be named, for it draws what the figure is about.
    named: ClassVar[bool] = False

    def __post_init__(self) -> None:
        where = type(self).__name__
        if self.named:
            text(f"{where}.label", self.label)
        object.__setattr__(self, "when", conditions(f"{where}.when", self.when))
        if self.along is not None and not isinstance(self.along, Sequence):
            raise ValueError(f"{where}.along: expected an Iteration or Rolls, got {self.along!r}")

    @property
    def colour(self) -> str:
        """The label whose colour the mark has, empty for the neutral one."""
        return self.role or self.label

    def _expressions(self, *names: str) -> None:
        for name in names:
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, expression(f"{type(self).__name__}.{name}", value))


@dataclass(frozen=True)
class Line(Mark):
    """The curve of an expression over the symbol of the x axis, other parameters at their current value.

    Examples
    --------
    >>> from ce.formulas import squared_error
    >>> from ce.symbols import label, logit
    >>> Line(squared_error.stable.subs(label, 1), label="squared error").y
    sigmoid(-z)**2
    """

    y: Expr
    named: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self._expressions("y")


@dataclass(frozen=True)
class Area(Mark):
    """Shades the x at which a condition holds; the label names what holds there.

    Examples
    --------
    >>> from ce.symbols import logit
    >>> Area(logit < 0, label="wrong", role="cross-entropy").condition
    z < 0
    """

    condition: Boolean
    named: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        condition("Area.condition", self.condition)

    @property
    def colour(self) -> str:
        """The label whose colour the range has; its own label names the range and gives no colour."""
        return self.role


@dataclass(frozen=True)
class Point(Mark):
    """A marker at the current values; ``x`` is the parameter of the x axis unless given.

    ``along`` a sequence, ``x`` is its symbol on the x axis or its step unless given.

    Examples
    --------
    >>> from ce.formulas import sigmoid
    >>> from ce.symbols import logit
    >>> Point(sigmoid(logit), label="prediction").y
    sigmoid(z)
    """

    y: Expr
    x: Expr | None = None

    @classmethod
    def ternary(cls, pmf: tuple[Expr, Expr, Expr], **others: Any) -> Point:
        """Return the place of a distribution in the probability triangle.

        Examples
        --------
        >>> Point.ternary((0.5, 0.25, 0.25), label="data").x
        0.375000000000000
        """
        x, y = ternary(pmf)
        return cls(y, x, **others)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._expressions("x", "y")


@dataclass(frozen=True)
class Rule(Mark):
    """A straight line across the panel, at one ``x`` or at one ``y``.

    Examples
    --------
    >>> Rule(y=0.5, label="boundary").y
    0.500000000000000
    """

    x: Expr | None = None
    y: Expr | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.x is None) == (self.y is None):
            raise ValueError(f"Rule: expected either x or y, got x={self.x!r} and y={self.y!r}")
        self._expressions("x", "y")

    @property
    def colour(self) -> str:
        """The label whose colour the rule has; its own label names it and gives no colour."""
        return self.role


@dataclass(frozen=True)
class Bar(Mark):
    """One bar for each category of the x axis; those of a :class:`Pmf` or a :class:`Vector` can be dragged.

    Examples
    --------
    >>> from ce.symbols import p
    >>> Bar(Pmf(p, (0.5, 0.5), ("heads", "tails"), "data p")).label
    'data p'
    """

    heights: tuple[Expr, ...] | Pmf | Vector
    named: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if isinstance(self.heights, Pmf | Vector):
            object.__setattr__(self, "label", self.label or self.heights.label)
        else:
            heights = tuple(expression("Bar.heights", height) for height in self.heights)
            object.__setattr__(self, "heights", heights)
        super().__post_init__()


@dataclass(frozen=True)
class Length(Mark):
    """A level bar on a row, from one x to another; put end to end, bars add up.

    Examples
    --------
    >>> from ce.formulas import entropy
    >>> Length(0, entropy.at(K=2), "made of", label="entropy H(p)").row
    'made of'
    """

    start: Expr
    end: Expr
    row: str
    named: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        text("Length.row", self.row)
        self._expressions("start", "end")


@dataclass(frozen=True)
class Arrow(Mark):
    """An arrow between two points, each a pair of expressions.

    Examples
    --------
    The step that gradient descent takes on z², from the current z:

    >>> from ce.symbols import logit, rate
    >>> Arrow((logit, logit**2), (logit - rate * 2 * logit, logit**2)).end
    (-2*eta*z + z, z**2)
    """

    start: tuple[Expr, Expr]
    end: tuple[Expr, Expr]

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("start", "end"):
            pair = tuple(expression(f"Arrow.{name}", value) for value in getattr(self, name))
            if len(pair) != 2:
                raise ValueError(f"Arrow.{name}: expected a pair (x, y), got {pair}")
            object.__setattr__(self, name, pair)
