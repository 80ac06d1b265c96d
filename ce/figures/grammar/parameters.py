"""What a reader can change in a figure: sliders, choices and switches, and bars that are dragged."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sympy import Expr, IndexedBase, Symbol

from ce.figures.grammar.checks import expression, instance, number, numbers, plain, several, text
from ce.formulas import component

__all__ = ["Bars", "Button", "Choice", "Parameter", "Pmf", "Slider", "Switch", "Vector"]


class Single(ABC):
    """A parameter of one number, which a control shows under its label."""

    symbol: Symbol
    value: float
    label: str

    def _check_single(self, where: str) -> None:
        """Raise ValueError unless there is a symbol and a label."""
        instance(where, self.symbol, Symbol, "a SymPy Symbol")
        text(f"{where}.label", self.label)

    @property
    def start(self) -> dict[Symbol, float]:
        """Starting values by symbol."""
        return {self.symbol: float(self.value)}

    @abstractmethod
    def accept(self, name: str, value: object) -> float:
        """Return ``value`` as a number the parameter may have, or raise ValueError."""


@dataclass(frozen=True)
class Slider(Single):
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
        plain(where, self)
        self._check_single(where)
        for name in ("low", "high", "value", "step"):
            object.__setattr__(self, name, number(f"{where}.{name}", getattr(self, name)))
        if not self.low < self.high:
            raise ValueError(f"{where}: expected low < high, got {self.low} and {self.high}")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{where}.value: expected one in [{self.low}, {self.high}], got {self.value}")
        if not self.step > 0:
            raise ValueError(f"{where}.step: expected a positive number, got {self.step}")
        if self.log and not self.low > 0:
            raise ValueError(f"{where}.low: expected a positive number on a log scale, got {self.low}")
        if self.integer and not all(end.is_integer() for end in (self.low, self.high, self.value)):
            raise ValueError(
                f"{where}: expected whole numbers for the integer symbol {self.symbol}, got "
                f"{self.low}, {self.high}, {self.value}"
            )

    @property
    def integer(self) -> bool:
        """Whether the slider runs over whole numbers, which the symbol's assumption says."""
        return bool(self.symbol.is_integer)

    def snapped(self, value: float) -> float:
        """Return the nearest value that the slider can stand at, as the front end finds it."""
        if self.integer:
            return float(round(value))
        low, high, at = (math.log10(end) if self.log else end for end in (self.low, self.high, value))
        step = (high - low) / max(1, round((high - low) / self.step))
        near = low + round((at - low) / step) * step
        return min(self.high, max(self.low, float(f"{10**near:.4g}" if self.log else f"{near:.12g}")))

    def share(self, one: float, other: float) -> float:
        """Return how far two values are apart, as a share of the slider's length."""
        low, high, a, b = (math.log10(x) if self.log else x for x in (self.low, self.high, one, other))
        return abs(a - b) / (high - low)

    def accept(self, name: str, value: object) -> float:
        """Return ``value`` as a number the parameter may have, or raise ValueError."""
        found = number(f"Slider({self.symbol})", value)
        if not self.low <= found <= self.high:
            raise ValueError(f"{name}: expected a number in [{self.low}, {self.high}], got {found}")
        if self.integer and not found.is_integer():
            raise ValueError(f"{name}: expected a whole number, got {found}")
        return found


@dataclass(frozen=True)
class Choice(Single):
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
        self._check_single(where)
        pairs = [several(f"{where}.options", pair) for pair in several(f"{where}.options", self.options)]
        if any(len(pair) != 2 for pair in pairs):
            raise ValueError(f"{where}.options: expected pairs of a text and a number, got {self.options}")
        options = tuple(
            (text(f"{where}.options", name), number(f"{where}.options[{name}]", _plain(value))) for name, value in pairs
        )
        if len(options) < 2 or any(len(set(column)) < len(options) for column in zip(*options, strict=True)):
            raise ValueError(f"{where}.options: expected two or more different options, got {self.options}")
        object.__setattr__(self, "options", options)
        object.__setattr__(self, "value", self.accept(f"{where}.value", self.value))

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
class Switch(Single):
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
        self._check_single(where)
        object.__setattr__(self, "value", int(self.accept(f"{where}.value", self.value)))

    def accept(self, name: str, value: object) -> float:
        """Return 1.0 for what is on and 0.0 for what is off, or raise ValueError."""
        if not isinstance(value, Hashable) or value not in (0, 1):
            raise ValueError(f"{name}: expected True or False, got {value!r}")
        return float(bool(value))


class Components(ABC):
    """A parameter of several numbers: the entries of ``base``, each with a value and a name."""

    base: IndexedBase
    values: tuple[float, ...]
    names: tuple[str, ...]
    label: str

    def _check_components(self, where: str, least: int) -> None:
        """Raise ValueError unless there are ``least`` values or more, acceptable and each named."""
        instance(where, self.base, IndexedBase, "a SymPy IndexedBase")
        text(f"{where}.label", self.label)
        object.__setattr__(self, "values", self.accept(f"{where}.values", self.values))
        names = tuple(text(f"{where}.names", name) for name in several(f"{where}.names", self.names))
        if len(self.values) < least or len(set(names)) != len(names) or len(names) != len(self.values):
            raise ValueError(
                f"{where}.names: expected {least} or more values, each with a name of its own, "
                f"got values {self.values} and names {names}"
            )
        object.__setattr__(self, "names", names)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The K parameters, such as ``p_1`` to ``p_K``."""
        return tuple(component(self.base[position]) for position in range(1, len(self.values) + 1))

    @property
    def start(self) -> dict[Symbol, float]:
        """Starting values by symbol."""
        return dict(zip(self.symbols, self.values, strict=True))

    @abstractmethod
    def accept(self, name: str, values: Sequence[object]) -> tuple[float, ...]:
        """Return ``values`` as numbers the parameter may have, or raise ValueError."""


@dataclass(frozen=True)
class Pmf(Components):
    """A probability mass function whose bars the reader drags; the other bars give way in proportion.

    Parameters
    ----------
    base
        The indexed symbol of the formulas, such as ``ce.symbols.p``; its entry k is the parameter ``p_k``.
    values
        The K starting probabilities: each in [0, 1], together one.
    names
        What the K outcomes are called.
    label
        What the distribution is, as a short text such as ``"data p"``.

    Raises
    ------
    ValueError
        For fewer than two values, a value outside [0, 1], a sum that is not one, a wrong number of names.

    Examples
    --------
    >>> from ce.symbols import p
    >>> Pmf(p, (0.5, 0.3, 0.2), ("a", "b", "c"), "data p").moved((0.5, 0.3, 0.2), 0, 0.75)
    (0.75, 0.15, 0.1)
    """

    base: IndexedBase
    values: tuple[float, ...]
    names: tuple[str, ...]
    label: str

    def __post_init__(self) -> None:
        self._check_components(f"Pmf({self.base})", least=2)

    def accept(self, name: str, values: Sequence[object]) -> tuple[float, ...]:
        """Return ``values`` as probabilities that sum to one, or raise ValueError."""
        found = numbers(name, values)
        if not all(0 <= value <= 1 for value in found) or not math.isclose(math.fsum(found), 1, abs_tol=1e-9):
            raise ValueError(f"{name}: expected probabilities in [0, 1] with sum 1, got {found}")
        return found

    def moved(self, values: Sequence[float], position: int, value: float) -> tuple[float, ...]:
        """Return ``values`` with one entry set to ``value`` and the others scaled so that the sum stays one.

        Others that are all zero share what is left in equal parts.
        """
        probability = number(f"Pmf({self.base})[{position}]", value)
        if not 0 <= probability <= 1:
            raise ValueError(f"Pmf({self.base})[{position}]: expected a number in [0, 1], got {probability}")
        rest = math.fsum(values) - values[position]
        others = len(values) - 1
        return tuple(
            probability
            if at == position
            else old * (1 - probability) / rest
            if rest > 0
            else (1 - probability) / others
            for at, old in enumerate(values)
        )


@dataclass(frozen=True)
class Vector(Components):
    """K numbers drawn as bars from zero, each dragged by itself.

    Parameters
    ----------
    base
        The indexed symbol of the formulas, such as ``ce.symbols.z``; its entry k is the parameter ``z_k``.
    low, high
        The range of each number.
    values
        The K starting numbers.
    names
        What the K entries are called.
    label
        What the numbers are, as a short text such as ``"logits z"``.
    step
        How far an arrow key moves a bar.

    Raises
    ------
    ValueError
        For an empty range, a value outside it, a step that is not positive, a wrong number of names.

    Examples
    --------
    >>> from ce.symbols import z
    >>> Vector(z, -4, 4, (2, 0, -1), ("cat", "dog", "owl"), "logits z").symbols
    (z_1, z_2, z_3)
    """

    base: IndexedBase
    low: float
    high: float
    values: tuple[float, ...]
    names: tuple[str, ...]
    label: str
    step: float = 0.1

    def __post_init__(self) -> None:
        where = f"Vector({self.base})"
        for name in ("low", "high", "step"):
            object.__setattr__(self, name, number(f"{where}.{name}", getattr(self, name)))
        if not self.low < self.high:
            raise ValueError(f"{where}: expected low < high, got {self.low} and {self.high}")
        if not self.step > 0:
            raise ValueError(f"{where}.step: expected a positive number, got {self.step}")
        self._check_components(where, least=1)

    def accept(self, name: str, values: Sequence[object]) -> tuple[float, ...]:
        """Return ``values`` when each lies in the range, or raise ValueError."""
        found = numbers(name, values)
        if not all(self.low <= value <= self.high for value in found):
            raise ValueError(f"{name}: expected numbers in [{self.low}, {self.high}], got {found}")
        return found


# Several numbers, each a bar that the reader drags.
Bars: TypeAlias = Pmf | Vector
Parameter: TypeAlias = Slider | Choice | Switch | Bars


@dataclass(frozen=True)
class Button:
    """Sets parameters to what expressions come to at the current values, all of them together.

    Parameters
    ----------
    label
        What a press does, as a short text.
    sets
        What each parameter becomes: an expression for the symbol of a parameter; for the base of a
        distribution the base of another, or one expression for each of its entries.

    Raises
    ------
    ValueError
        For an empty label, nothing to set, keys that are no symbols or bases.

    Examples
    --------
    >>> from ce.symbols import p, q
    >>> Button("Swap p and q", {p: q, q: p}).sets
    {p: q, q: p}
    """

    label: str
    sets: Mapping[Symbol | IndexedBase, Expr | IndexedBase]

    def __post_init__(self) -> None:
        where = f"Button({self.label!r})"
        text(f"{where}.label", self.label)
        if not isinstance(self.sets, Mapping) or not self.sets:
            raise ValueError(f"{where}.sets: expected a mapping from symbols to what they become, got {self.sets!r}")
        for key in self.sets:
            instance(f"{where}.sets", key, Symbol | IndexedBase, "symbols or indexed bases as keys")
        found = {
            key: value if isinstance(value, IndexedBase) else expression(f"{where}.sets[{key}]", value)
            for key, value in self.sets.items()
        }
        object.__setattr__(self, "sets", found)
