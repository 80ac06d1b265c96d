"""Free numbers that a reader drags as bars, such as logits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import IndexedBase

from ce.figures.checks import number, numbers
from ce.figures.components import Components

__all__ = ["Vector"]


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
