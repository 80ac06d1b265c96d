"""What an indexed symbol with one number for each named entry is: distributions and vectors share it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from sympy import IndexedBase, Symbol

from ce.figures.checks import text
from ce.formulas import component

__all__ = ["Components"]


class Components(ABC):
    """A parameter of several numbers: the entries of ``base``, each with a value and a name."""

    base: IndexedBase
    values: tuple[float, ...]
    names: tuple[str, ...]
    label: str

    def _check_components(self, where: str, least: int) -> None:
        """Raise ValueError unless there are ``least`` values or more, acceptable and each named."""
        if not isinstance(self.base, IndexedBase):
            raise ValueError(f"{where}: expected a SymPy IndexedBase, got {self.base!r}")
        text(f"{where}.label", self.label)
        object.__setattr__(self, "values", self.accept(f"{where}.values", self.values))
        names = tuple(text(f"{where}.names", name) for name in self.names)
        if len(self.values) < least or len(set(names)) != len(names) or len(names) != len(self.values):
            raise ValueError(f"{where}.names: expected {least} or more values, each with a name of its own, "
                             f"got values {self.values} and names {names}")  # fmt: skip
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
