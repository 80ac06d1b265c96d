"""Checks that the parts of a figure share; each error says where, what was expected and what came."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from numbers import Real
from typing import Any

from sympy import Expr, Symbol
from sympy.core.sympify import SympifyError, sympify
from sympy.logic.boolalg import Boolean

__all__ = ["condition", "conditions", "expression", "instance", "number", "numbers", "plain", "several", "text"]

PLAIN = {"str": (str, "a text"), "bool": (bool, "True or False")}


def instance(where: str, value: object, kind: Any, expected: str) -> None:
    """Refuse a ``value`` that is not of this ``kind``, which ``expected`` says in words."""
    if not isinstance(value, kind):
        raise ValueError(f"{where}: expected {expected}, got {value!r}")


def plain(where: str, part: Any) -> None:
    """Refuse what is no text in a field of text, and no truth value in one of truth values."""
    for field in fields(part):
        if field.type in PLAIN:
            instance(f"{where}.{field.name}", getattr(part, field.name), *PLAIN[str(field.type)])


def several(where: str, values: object) -> tuple[Any, ...]:
    """Return ``values`` as a tuple; one thing by itself, where a comma is missing, is an error."""
    instance(where, values, list | tuple, "a tuple, for one of them (it,)")
    return tuple(values)  # type: ignore[arg-type]


def number(where: str, value: object) -> float:
    """Return ``value`` as a float; anything but a finite real number is an error."""
    try:
        found = float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
    except OverflowError:  # an integer
        found = math.inf
    if not math.isfinite(found):
        raise ValueError(f"{where}: expected a finite number, got {value!r}")
    return found


def numbers(where: str, values: Any) -> tuple[float, ...]:
    """Return ``values``, a tuple, an array or anything else in a row, as a non-empty tuple of floats."""
    try:
        listed = None if isinstance(values, str | Mapping) else iter(values)
    except TypeError:
        listed = None
    if listed is None:
        raise ValueError(f"{where}: expected a tuple of numbers, got {values!r}")
    found = tuple(number(f"{where}[{position}]", value) for position, value in enumerate(listed))
    if not found:
        raise ValueError(f"{where}: expected at least one number, got none")
    return found


def expression(where: str, value: object) -> Expr:
    """Return ``value`` as a SymPy expression; numbers are taken as they are."""
    if isinstance(value, str):
        raise ValueError(f"{where}: expected a SymPy expression, got the string {value!r}")
    try:
        found = None if hasattr(value, "mask") else sympify(value, strict=True)  # NumPy's masked would be 0
    except (SympifyError, TypeError):
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
