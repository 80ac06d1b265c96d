"""What a panel shows of its formulas and data: curves, ranges, points, rules, arrows, bars, lengths, paths.

A mark has a ``label``, the name written beside it. Marks of one label share their colour, dash and marker in
every panel of the figure, and the name is written once in each panel. ``role`` takes the colour of another
label instead (a shaded range in the colour of its curve, say). ``when`` shows a mark only for some values of
the choices and switches.

A kind of mark is known in five places: its dataclass here, with its traits; its numbers (``trace``); its
paint in the picture (``paint``); its words (``tell``); and its entry in ``web/static/mark.js``. Whatever is
missing is an :class:`UnknownMarkError` when a figure needs it; nothing else asks which kind a mark is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any, ClassVar, Literal, TypeAlias

from sympy import Expr, Symbol, sqrt
from sympy.logic.boolalg import Boolean

from ce.figures.grammar.checks import condition, conditions, expression, instance, numbers, plain, several, text
from ce.figures.grammar.parameters import Bars
from ce.figures.grammar.sequences import Sequence

__all__ = [
    "Arrow",
    "Band",
    "Bar",
    "Between",
    "HeatMap",
    "Line",
    "Mark",
    "Path",
    "Place",
    "Point",
    "Rule",
    "Segment",
    "Series",
    "Span",
    "Traits",
    "UnknownMarkError",
    "ternary",
]

Place: TypeAlias = Literal["over numbers", "among bars", "on rows", "in a triangle"]
Shape: TypeAlias = Literal["curve", "region", "range", "rule", "point", "arrow", "bar", "field"]


class UnknownMarkError(TypeError):
    """A kind of mark of which a part of the package has never heard."""

    def __init__(self, mark: Mark, part: str, module: str) -> None:
        super().__init__(
            f"{type(mark).__name__}({mark.label!r}): expected {part} of this kind of mark in "
            f"ce/figures/{module}, got none; CONTRIBUTING.md lists the five places of a mark"
        )


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What is true of every mark of a kind.

    Parameters
    ----------
    shape
        What it looks like: where its name goes, what keeps clear of it and whether an axis makes room for it
        follow from this.
    stands
        Where it may stand.
    over
        Which symbols of the axes run through its expressions: that of ``"x"``, both of the ``"plane"``, none.
    labelled
        Whether it must have a label, for it draws what the figure is about.
    coloured
        Whether its label gives it a colour; if not, only a role does.
    named
        When its name is placed beside it, the lowest first; None when it is not written there.
    keyed
        Whether its name stands in the legend: always, or where it stands among bars.
    """

    shape: Shape
    stands: tuple[Place, ...] = ("over numbers",)
    over: Literal["nothing", "x", "plane"] = "nothing"
    labelled: bool = True
    coloured: bool = True
    named: int | None = None
    keyed: bool | Literal["among bars"] = False


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

    traits: ClassVar[Traits]

    def __init_subclass__(cls) -> None:
        if not isinstance(getattr(cls, "traits", None), Traits):
            raise TypeError(f"{cls.__name__}: expected traits = Traits(...) in a kind of mark, got none")

    def __post_init__(self) -> None:
        where = type(self).__name__
        plain(where, self)
        if self.traits.labelled:
            text(f"{where}.label", self.label)
        object.__setattr__(self, "when", conditions(f"{where}.when", self.when))
        for part in fields(self):
            kind, value = str(part.type), getattr(self, part.name)
            # What is said to be an expression, or to hold some, is made one.
            if "Expr" in kind and not (value is None and "None" in kind):
                object.__setattr__(self, part.name, _expressions(f"{where}.{part.name}", value, kind))
        instance(f"{where}.along", self.along, Sequence | None, "an Iteration or Draws")

    @property
    def colour(self) -> str:
        """The label whose colour the mark has, empty for the neutral one."""
        return self.role or (self.label if self.traits.coloured else "")

    @property
    def extent(self) -> tuple[float, ...]:
        """The x values that the mark covers by itself, whatever the axis."""
        x = getattr(self, "x", None)
        return x if isinstance(x, tuple) else ()

    def check_place(self, where: str, place: Place, names: tuple[str, ...] = ()) -> None:
        """Raise ValueError when the mark cannot stand here, among categories of these ``names``."""
        if place not in self.traits.stands:
            raise ValueError(
                f"{where}.marks: expected what can stand {place}, got a {type(self).__name__}, which stands "
                f"{' or '.join(self.traits.stands)}"
            )


def _expressions(where: str, value: Any, kind: str) -> Any:
    """Return an expression, a tuple of them, or the parameter that stands for such a tuple: what the kind says."""
    if "Bars" in kind and isinstance(value, Bars):
        return value
    if "tuple" in kind and (isinstance(value, list | tuple) or not kind.startswith("Expr")):
        return tuple(expression(where, entry) for entry in several(where, value))
    return expression(where, value)


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

    traits = Traits(shape="curve", over="x", named=2)


@dataclass(frozen=True)
class Span(Mark):
    """Shades the x at which a condition holds; the label names what holds there.

    Examples
    --------
    >>> from ce.symbols import logit
    >>> Span(logit < 0, label="wrong", role="cross-entropy").condition
    z < 0
    """

    condition: Boolean

    traits = Traits(shape="range", over="x", coloured=False, named=0)

    def __post_init__(self) -> None:
        super().__post_init__()
        condition("Span.condition", self.condition)


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

    traits = Traits(shape="point", stands=("over numbers", "among bars", "in a triangle"), labelled=False, named=5)

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

    traits = Traits(shape="rule", stands=("over numbers", "among bars"), labelled=False, coloured=False, named=1)

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.x is None) == (self.y is None):
            raise ValueError(f"Rule: expected either x or y, got x={self.x!r} and y={self.y!r}")


@dataclass(frozen=True)
class Bar(Mark):
    """One bar for each category of the x axis; those of a :class:`Pmf` or a :class:`Vector` can be dragged.

    Examples
    --------
    >>> from ce.figures import Pmf
    >>> from ce.symbols import p
    >>> Bar(Pmf(p, (0.5, 0.5), ("heads", "tails"), "data p")).label
    'data p'
    """

    heights: tuple[Expr, ...] | Bars

    traits = Traits(shape="bar", stands=("among bars",), keyed=True)

    def __post_init__(self) -> None:
        if isinstance(self.heights, Bars) and isinstance(self.label, str):
            object.__setattr__(self, "label", self.label or self.heights.label)
        super().__post_init__()

    def check_place(self, where: str, place: Place, names: tuple[str, ...] = ()) -> None:
        """Raise ValueError when the mark is not among bars, or the number of bars does not fit."""
        super().check_place(where, place, names)
        count = len(self.heights if isinstance(self.heights, tuple) else self.heights.values)
        if count != len(names):
            raise ValueError(
                f"{where}: expected {len(names)} bars, for the categories {names}, got {count} in {self.label!r}"
            )


@dataclass(frozen=True)
class Segment(Mark):
    """A level bar on a row, from one x to another; put end to end, bars add up.

    Examples
    --------
    >>> from ce.formulas import entropy
    >>> Segment(0, entropy.at(K=2), "made of", label="entropy H(p)").row
    'made of'
    """

    start: Expr
    end: Expr
    row: str

    traits = Traits(shape="bar", stands=("on rows",), keyed=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        text("Segment.row", self.row)

    def check_place(self, where: str, place: Place, names: tuple[str, ...] = ()) -> None:
        """Raise ValueError when the mark is not on rows, or there is no row of this name."""
        super().check_place(where, place, names)
        if self.row not in names:
            raise ValueError(f"{where}: expected a row among {names}, got {self.row!r}")


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

    traits = Traits(
        shape="arrow",
        stands=("over numbers", "among bars", "in a triangle"),
        labelled=False,
        named=4,
        keyed="among bars",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, pair in (("start", self.start), ("end", self.end)):
            if not isinstance(pair, tuple) or len(pair) != 2:
                raise ValueError(f"Arrow.{name}: expected a pair (x, y), got {pair}")


@dataclass(frozen=True)
class Series(Mark):
    """Measured data: a line through the pairs (x, y), with a marker on each when they are few.

    Examples
    --------
    >>> Series((0, 1, 2), (0.1, 0.7, 0.9), label="accuracy").y
    (0.1, 0.7, 0.9)
    """

    x: tuple[float, ...]
    y: tuple[float, ...]

    traits = Traits(shape="curve", stands=("over numbers", "among bars"), named=4)

    def __post_init__(self) -> None:
        super().__post_init__()
        _columns(self, "x", "y")


@dataclass(frozen=True)
class Band(Mark):
    """Measured spread: the range from ``low`` to ``high`` at each x, such as the range over seeds.

    Examples
    --------
    >>> Band((0, 1), (0.1, 0.6), (0.1, 0.8), label="accuracy").high
    (0.1, 0.8)
    """

    x: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    traits = Traits(shape="region")

    def __post_init__(self) -> None:
        super().__post_init__()
        _columns(self, "x", "low", "high")
        for x, low, high in zip(self.x, self.low, self.high, strict=True):
            if low > high:
                raise ValueError(f"Band({self.label!r}): expected low <= high, got {low} > {high} at x = {x}")


def _columns(mark: Series | Band, *names: str) -> None:
    """Turn the named fields into tuples of floats of one length, x in ascending order."""
    where = f"{type(mark).__name__}({mark.label!r})"
    columns = [numbers(f"{where}.{name}", getattr(mark, name)) for name in names]
    lengths = {name: len(column) for name, column in zip(names, columns, strict=True)}
    if len(set(lengths.values())) != 1:
        raise ValueError(f"{where}: expected columns of one length, got {lengths}")
    if any(left >= right for left, right in pairwise(columns[0])):
        raise ValueError(f"{where}.x: expected ascending values, got {columns[0]}")
    for name, column in zip(names, columns, strict=True):
        object.__setattr__(mark, name, column)


@dataclass(frozen=True)
class Between(Mark):
    """The region between two curves over the symbol of the x axis.

    Examples
    --------
    The lead of the cross-entropy over the entropy of a coin:

    >>> from ce.symbols import logit
    >>> Between(0, logit**2, label="region").high
    z**2
    """

    low: Expr
    high: Expr

    traits = Traits(shape="region", over="x", named=3)


@dataclass(frozen=True)
class HeatMap(Mark):
    """The values of an expression over the plane, as shading and as contour lines.

    Parameters
    ----------
    value
        An expression of the symbols of both axes, or of the three probabilities of a triangle.
    levels
        The values at which contours are drawn, ascending; the shading goes evenly from each to the next.
    dark
        Which values are dark: ``"low"`` ones, so that a valley is, or ``"high"`` ones.

    Raises
    ------
    ValueError
        For fewer than two levels or levels out of order.

    Examples
    --------
    >>> from ce.symbols import logit, rate
    >>> HeatMap(logit**2 + rate**2, (0.1, 1, 2), label="bowl").levels
    (0.1, 1.0, 2.0)
    """

    value: Expr
    levels: tuple[float, ...]
    dark: Literal["low", "high"] = "low"

    traits = Traits(shape="field", stands=("over numbers", "in a triangle"), over="plane", keyed=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        where = f"HeatMap({self.label!r})"
        levels = numbers(f"{where}.levels", self.levels)
        if len(levels) < 2 or any(low >= high for low, high in pairwise(levels)):
            raise ValueError(f"{where}.levels: expected two or more ascending numbers, got {levels}")
        object.__setattr__(self, "levels", levels)
        if not isinstance(self.dark, str) or self.dark not in ("low", "high"):
            raise ValueError(f'{where}.dark: expected "low" or "high", got {self.dark!r}')


@dataclass(frozen=True)
class Path(Mark):
    """An expression along a sequence.

    Parameters
    ----------
    along
        The sequence; its step symbol may stand in the expressions.
    y
        What is drawn upwards.
    x
        What is drawn to the right. Without it the path is drawn against that symbol of the sequence which the
        x axis has, else against the step.
    so_far
        Whether only the steps up to the current one are drawn.

    Examples
    --------
    >>> from ce.figures import Iteration
    >>> from ce.symbols import logit, start
    >>> halving = Iteration("halving", logit, logit / 2, start, 10)
    >>> Path(halving, logit**2, label="square").along.length
    10
    """

    along: Sequence = field(kw_only=False)
    y: Expr
    x: Expr | None = None
    so_far: bool = False

    traits = Traits(shape="curve", stands=("over numbers", "in a triangle"), named=3)

    @classmethod
    def ternary(cls, along: Sequence, pmf: tuple[Expr, Expr, Expr], **others: Any) -> Path:
        """Return the path of a distribution through the probability triangle.

        Examples
        --------
        >>> from ce.figures import Iteration
        >>> from ce.symbols import share, start
        >>> halving = Iteration("halving", share, share / 2, start, 10)
        >>> Path.ternary(halving, (1 - share, share, 0), label="way").x == share
        True
        """
        x, y = ternary(pmf)
        return cls(along, y, x, **others)

    def __post_init__(self) -> None:
        super().__post_init__()
        instance("Path.along", self.along, Sequence, "an Iteration or Draws")

    @property
    def extent(self) -> tuple[float, ...]:
        """The first step and the last."""
        return 0.0, float(self.along.length)


def ternary(pmf: Iterable[Expr | float]) -> tuple[Expr, Expr]:
    """Return where three probabilities stand in the triangle with the corners (0, 0), (1, 0), (1/2, √3/2).

    Parameters
    ----------
    pmf
        Three expressions that sum to one.

    Raises
    ------
    ValueError
        For another number of them.

    Examples
    --------
    >>> from sympy import Rational
    >>> ternary((Rational(1, 3),) * 3)
    (1/2, sqrt(3)/6)
    """
    found = [expression(f"ternary[{at}]", value) for at, value in enumerate(pmf)]
    if len(found) != 3:
        raise ValueError(f"ternary: expected three probabilities, got {found}")
    return found[1] + found[2] / 2, found[2] * sqrt(3) / 2
