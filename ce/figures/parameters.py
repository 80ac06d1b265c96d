"""What a reader can change in a figure: sliders, choices and switches, and bars that are dragged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sympy import Expr, Symbol

from ce.figures.checks import number, text
from ce.figures.pmf import Pmf
from ce.figures.vector import Vector

__all__ = ["Bars", "Choice", "Parameter", "Slider", "Switch"]


@dataclass(frozen=True)
class Slider:
    """A number the reader moves; a panel whose x axis is this symbol can be dragged to move it too.

    Parameters
    ----------
    symbol
        The symbol of the expressions. An integer symbol makes a slider of whole numbers.
    low, high, value
        Range and starting value.
    step
        Distance of two neighbouring positions; with ``log`` in decades (0.05 is a factor of 1.12).
    label
        What the number is, as a short Unicode text such as ``"logit z"``.
    log
        Whether the slider moves on a logarithmic scale.
    animate
        Whether a button plays the slider from its value to ``high``.

    Raises
    ------
    ValueError
        For an empty range, a value outside it, a step that is not positive, a log scale that reaches zero.

    Examples
    --------
    >>> from ce.symbols import logit
    >>> Slider(logit, -8, 8, -4, 0.1, "logit z").value
    -4.0
    """

    symbol: Symbol
    low: float
    high: float
    value: float
    step: float
    label: str
    log: bool = False
    animate: bool = False

    def __post_init__(self) -> None:
        where = f"Slider({self.symbol})"
        if not isinstance(self.symbol, Symbol):
            raise ValueError(f"{where}: expected a SymPy Symbol, got {self.symbol!r}")
        for name in ("low", "high", "value", "step"):
            object.__setattr__(self, name, number(f"{where}.{name}", getattr(self, name)))
        text(f"{where}.label", self.label)
        if not self.low < self.high:
            raise ValueError(f"{where}: expected low < high, got {self.low} and {self.high}")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{where}.value: expected one in [{self.low}, {self.high}], got {self.value}")
        if not self.step > 0:
            raise ValueError(f"{where}.step: expected a positive number, got {self.step}")
        if self.log and not self.low > 0:
            raise ValueError(f"{where}.low: expected a positive number on a log scale, got {self.low}")
        if self.integer and not all(end.is_integer() for end in (self.low, self.high, self.value)):
            raise ValueError(f"{where}: expected whole numbers for the integer symbol {self.symbol}, got "
                             f"{self.low}, {self.high}, {self.value}")  # fmt: skip

    @property
    def integer(self) -> bool:
        """Whether the slider runs over whole numbers, which the symbol's assumption says."""
        return bool(self.symbol.is_integer)

    @property
    def start(self) -> dict[Symbol, float]:
        """Starting values by symbol."""
        return {self.symbol: self.value}

    def accept(self, name: str, value: object) -> float:
        """Return ``value`` as a number the parameter may have, or raise ValueError."""
        found = number(f"Slider({self.symbol})", value)
        if not self.low <= found <= self.high:
            raise ValueError(f"{name}: expected a number in [{self.low}, {self.high}], got {found}")
        if self.integer and not found.is_integer():
            raise ValueError(f"{name}: expected a whole number, got {found}")
        return found


@dataclass(frozen=True)
class Choice:
    """A number picked from a few, shown as a group of radio buttons.

    Parameters
    ----------
    symbol
        The symbol of the expressions and of the ``when`` of marks.
    options
        Pairs of a text and the number it stands for, a SymPy number such as ``log(2)`` too.
    value
        The number picked at first.
    label
        What is chosen, as a short text such as ``"label y"``.

    Raises
    ------
    ValueError
        For fewer than two options, numbers or texts that occur twice, a value that no option has.

    Examples
    --------
    >>> from ce.symbols import label
    >>> Choice(label, (("label 1", 1), ("label 0", 0)), 1, "label y").name(0.0)
    'label 0'
    """

    symbol: Symbol
    options: tuple[tuple[str, float], ...]
    value: float
    label: str

    def __post_init__(self) -> None:
        where = f"Choice({self.symbol})"
        if not isinstance(self.symbol, Symbol):
            raise ValueError(f"{where}: expected a SymPy Symbol, got {self.symbol!r}")
        text(f"{where}.label", self.label)
        options = tuple((text(f"{where}.options", name), number(f"{where}.options[{name}]", _plain(value)))
                        for name, value in self.options)  # fmt: skip
        if len(options) < 2 or any(len(set(column)) < len(options) for column in zip(*options, strict=True)):
            raise ValueError(f"{where}.options: expected two or more different options, got {self.options}")
        object.__setattr__(self, "options", options)
        object.__setattr__(self, "value", self.accept(f"{where}.value", self.value))

    @property
    def start(self) -> dict[Symbol, float]:
        """Starting values by symbol."""
        return {self.symbol: self.value}

    def accept(self, name: str, value: object) -> float:
        """Return ``value`` when it is one of the options, or raise ValueError."""
        found = number(name, _plain(value))
        allowed = [option for _, option in self.options]
        if found not in allowed:
            raise ValueError(f"{name}: expected one of {allowed}, got {found}")
        return found

    def name(self, value: float) -> str:
        """Return the text of an option."""
        return next(text for text, option in self.options if option == value)


def _plain(value: object) -> object:
    """Return a SymPy number as a float, anything else as it is."""
    return float(value) if isinstance(value, Expr) and value.is_number and value.is_real else value


@dataclass(frozen=True)
class Switch:
    """A yes or no, shown as a checkbox; the symbol is 1 or 0 in expressions and in the ``when`` of marks.

    Parameters
    ----------
    symbol
        The symbol of the expressions.
    value
        Whether it is on at first.
    label
        What is on, as a short text.

    Raises
    ------
    ValueError
        For a symbol that is none, a value that is neither true nor false, an empty label.

    Examples
    --------
    >>> from sympy import Symbol
    >>> Switch(Symbol("clipped"), True, "clipped").start
    {clipped: 1.0}
    """

    symbol: Symbol
    value: bool
    label: str

    def __post_init__(self) -> None:
        where = f"Switch({self.symbol})"
        if not isinstance(self.symbol, Symbol):
            raise ValueError(f"{where}: expected a SymPy Symbol, got {self.symbol!r}")
        text(f"{where}.label", self.label)
        object.__setattr__(self, "value", int(self.accept(f"{where}.value", self.value)))

    @property
    def start(self) -> dict[Symbol, float]:
        """Starting values by symbol."""
        return {self.symbol: float(self.value)}

    def accept(self, name: str, value: object) -> float:
        """Return 1.0 for what is on and 0.0 for what is off, or raise ValueError."""
        if value not in (0, 1):
            raise ValueError(f"{name}: expected True or False, got {value!r}")
        return float(bool(value))


# Several numbers, each a bar that the reader drags.
Bars: TypeAlias = Pmf | Vector
Parameter: TypeAlias = Slider | Choice | Switch | Bars
