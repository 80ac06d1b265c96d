"""A probability mass function that a reader can change by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sympy import IndexedBase

from ce.figures.checks import number, numbers
from ce.figures.components import Components

__all__ = ["Pmf"]


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
            probability if at == position
            else old * (1 - probability) / rest if rest > 0
            else (1 - probability) / others
            for at, old in enumerate(values)
        )  # fmt: skip
