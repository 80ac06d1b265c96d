"""A button that sets several parameters at once, such as one that swaps two distributions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Expr, IndexedBase, Symbol

from ce.figures.checks import expression, text

__all__ = ["Button"]


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
            raise ValueError(f"{where}.sets: expected a mapping from symbols to what they become, "
                             f"got {self.sets!r}")  # fmt: skip
        for key in self.sets:
            if not isinstance(key, Symbol | IndexedBase):
                raise ValueError(f"{where}.sets: expected symbols or indexed bases as keys, got {key!r}")
        found = {key: value if isinstance(value, IndexedBase) else expression(f"{where}.sets[{key}]", value)
                 for key, value in self.sets.items()}  # fmt: skip
        object.__setattr__(self, "sets", found)
