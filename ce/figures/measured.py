"""What a panel shows of measurements: series and their spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ce.figures.checks import numbers
from ce.figures.marks import Mark

__all__ = ["Band", "Series"]


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
    named: ClassVar[bool] = True

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
    named: ClassVar[bool] = True

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
    if any(left >= right for left, right in zip(columns[0], columns[0][1:], strict=False)):
        raise ValueError(f"{where}.x: expected ascending values, got {columns[0]}")
    for name, column in zip(names, columns, strict=True):
        object.__setattr__(mark, name, column)
