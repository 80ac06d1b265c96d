"""Whether an expression of a figure can be computed: its symbols have values and its nodes a wire form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Symbol
from sympy.core.basic import Basic

from ce.figures.rolls import Sequence
from ce.formulas import to_wire

if TYPE_CHECKING:
    from ce.figures.figure import Figure

__all__ = ["check_known", "state"]


def check_known(figure: Figure, where: str, body: Basic, extra: set[Symbol]) -> None:
    """Raise when an expression has a symbol that nothing gives or a node the front end does not know."""
    given = set(figure.start) | extra
    explicit = figure.explicit(body)
    missing = explicit.free_symbols - given
    if missing:
        alike = {symbol.name for symbol in given} & {symbol.name for symbol in missing}
        hint = f"; {sorted(alike)} differ in their assumptions" if alike else ""
        raise ValueError(f"{where}: expected symbols among {sorted(map(str, given))}, got "
                         f"{sorted(map(str, missing))} besides in {explicit}{hint}")  # fmt: skip
    try:
        to_wire(explicit)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def state(sequence: Sequence | None) -> set[Symbol]:
    """Return the symbols that a sequence gives values."""
    return set() if sequence is None else set(sequence.symbols)
