"""Checks that the parts of a figure share; each error says where, what was expected and what came."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

from sympy import Expr, Symbol
from sympy.core.sympify import SympifyError, sympify
from sympy.logic.boolalg import Boolean

__all__ = ["condition", "conditions", "expression", "instance", "number", "numbers", "several", "text"]


def instance(where: str, value: object, kind: Any, expected: str) -> None:
    """Refuse a ``value`` that is not of this ``kind``, which ``expected`` says in words."""
    if not isinstance(value, kind):
        raise ValueError(f"{where}: expected {expected}, got {value!r}")


def several(where: str, values: object) -> tuple[Any, ...]:
    """Return ``values`` as a tuple; one thing by itself, where a comma is missing, is an error."""
    instance(where, values, list | tuple, "a tuple, for one of them (it,)")
    return tuple(values)  # type: ignore[arg-type]


def number(where: str, value: object) -> float:
    """Return ``value`` as a float; anything but a finite real number is an error."""
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise ValueError(f"{where}: expected a finite number, got {value!r}")
    return float(value)


def numbers(where: str, values: Iterable[Any]) -> tuple[float, ...]:
    """Return ``values`` as a non-empty tuple of floats."""
    found = tuple(number(f"{where}[{position}]", value) for position, value in enumerate(values))
    if not found:
        raise ValueError(f"{where}: expected at least one number, got none")
    return found


def expression(where: str, value: object) -> Expr:
    """Return ``value`` as a SymPy expression; numbers are taken as they are."""
    if isinstance(value, str):
        raise ValueError(f"{where}: expected a SymPy expression, got the string {value!r}")
    try:
        found = sympify(value, strict=True)
    except SympifyError:
        found = None
    if not isinstance(found, Expr):
        raise ValueError(f"{where}: expected a SymPy expression, got {value!r}")
    return found


def condition(where: str, value: object) -> Boolean:
    """Return ``value`` when it is a SymPy condition."""
    # To SymPy a symbol is a condition too: it may stand for one.
    if not isinstance(value, Boolean) or isinstance(value, Symbol):
        raise ValueError(f"{where}: expected a condition such as z < 0, got {value!r}")
    return value


def text(where: str, value: object) -> str:
    """Return ``value`` when it is a string that says something."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where}: expected a text that is not empty, got {value!r}")
    return value


def conditions(where: str, value: Any) -> dict[Symbol, float]:
    """Return ``value`` as a mapping from the symbols of choices to the numbers they must have."""
    instance(where, value, Mapping, "a mapping such as {symbol: value}")
    for symbol in value:
        instance(where, symbol, Symbol, "symbols as keys")
    return {symbol: number(f"{where}[{symbol}]", wanted) for symbol, wanted in value.items()}
