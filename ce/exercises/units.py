"""Numbers with units: what a reader types, and what an expression comes to at given values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sympy import IndexedBase, Integer, Rational, Symbol, floor, log, oo
from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.exercises.notation import Names, parse
from ce.formulas import component, instantiate

__all__ = ["DIGITS", "UNITS", "evaluated", "is_rounding", "is_whole", "read_quantity", "short", "with_unit"]

UNITS: Mapping[str, Expr] = {"nats": Integer(1), "bits": log(2), "hartleys": log(10)}
"""The units of information, each as a number of nats."""

DIGITS = 30
_NO_NAMES = Names(ranges={})
_UNIT = re.compile(r"\s*(nat|bit|hartley)s?\s*$", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\s*([-+−]?)([0-9]{1,15})(?:\.([0-9]{0,15}))?[eE]([-+−]?[0-9]{1,2})\s*")
_DECIMAL = re.compile(r"\s*[-+−]?\s*[0-9]*\.?([0-9]*)\s*")
_INFINITE = re.compile(r"\s*([-+−]?)\s*(?:∞|inf|infinity|oo|\\infty)\s*", re.IGNORECASE)


def read_quantity(text: str) -> tuple[Expr, str]:
    """Read a number and its unit, the unit empty where there is none.

    Parameters
    ----------
    text
        A decimal, also like ``1e-3``; an expression of numbers as the grammar has them; ``inf``. Then a unit.

    Raises
    ------
    MalformedAnswer
        When it is none of these.
    TypeError
        When ``text`` is not a string.

    Examples
    --------
    >>> read_quantity("-2.5e-1 bits"), read_quantity("log(100)"), read_quantity("−∞")
    ((-1/4, 'bits'), (log(100), ''), (-oo, ''))
    """
    if not isinstance(text, str):
        raise TypeError(f"expected the answer as a str, got {type(text).__name__}")
    found = _UNIT.search(text[-40:])
    unit = f"{found[1].lower()}s" if found else ""
    number = text[: len(text) - len(found[0])] if found else text
    if infinite := _INFINITE.fullmatch(number):
        return (-oo if infinite[1] in {"-", "−"} else oo), unit
    if scientific := _SCIENTIFIC.fullmatch(number):
        sign, whole, decimals, power = scientific.groups("")
        places = int(power.replace("−", "-")) - len(decimals)
        size = int(whole + decimals) * Rational(10) ** places
        return (-size if sign in {"-", "−"} else size), unit
    return parse(number, _NO_NAMES), unit


def evaluated(expression: Expr, values: Mapping[Symbol | IndexedBase, Any]) -> Expr:
    """Return what an expression comes to, to 30 digits.

    Parameters
    ----------
    expression
        Sums over 1, …, K are written out for K the length of the tuples given.
    values
        Numbers for symbols, tuples for indexed symbols; decimals count as what they say (0.1 is a tenth).

    Raises
    ------
    ValueError
        When a symbol has no value, tuples have different lengths, or the expression is undefined there.

    Examples
    --------
    >>> from ce.formulas import entropy
    >>> from ce.symbols import p
    >>> evaluated(entropy.stable, {p: (0.5, 0.5)}).round(3)
    0.693
    """
    tuples = {base: numbers for base, numbers in values.items() if isinstance(base, IndexedBase)}
    lengths = {len(numbers) for numbers in tuples.values()}
    if len(lengths) > 1:
        raise ValueError(f"expected tuples of one length, got {sorted(lengths)} for {[*tuples]}")
    sizes = {"K": lengths.pop()} if lengths else {}
    sizes |= {symbol.name: int(number) for symbol, number in values.items()
              if isinstance(symbol, Symbol) and symbol.is_integer}  # fmt: skip
    replaced = {component(base[at]): _exact(number) for base, numbers in tuples.items()
                for at, number in enumerate(numbers, 1)}  # fmt: skip
    replaced |= {symbol: _exact(number) for symbol, number in values.items() if isinstance(symbol, Symbol)}
    number = instantiate(expression, sizes).xreplace(replaced)
    if number.free_symbols:
        raise ValueError(f"expected values for all of {expression}, got none for {number.free_symbols}")
    result = number.evalf(DIGITS)
    if not result.is_extended_real:
        raise ValueError(f"expected a number, got {result} for {expression} at {dict(values)}")
    return result


def is_rounding(text: str, given: Expr, value: Expr) -> bool:
    """Whether the text is a decimal that the value rounds to, at the digits the text has.

    One digit of the value must be right: 0.7 is a rounding of 0.693, and 1 is another number.
    """
    decimal = _DECIMAL.fullmatch(_UNIT.sub("", text))
    if not (decimal and value.is_finite and value != 0):
        return False
    first_digit = floor(log(abs(value), 10).evalf())
    unit = Rational(10) ** min(-len(decimal[1]), first_digit)
    return bool(abs(given - value) <= unit / 2)


def is_whole(value: Expr) -> bool:
    """Whether four digits show all of a number that is known to 30.

    Examples
    --------
    >>> is_whole(Rational(1, 4).evalf(DIGITS)), is_whole(log(2).evalf(DIGITS))
    (True, False)
    """
    return not value.is_finite or abs(value - Rational(short(value))) < Rational(10) ** (5 - DIGITS)


def short(value: Expr) -> str:
    """Return a number to four significant digits, as a message shows it."""
    return f"{float(value):.4g}" if value.is_finite else str(value).replace("oo", "∞")


def with_unit(value: Expr, unit: str) -> str:
    """Return a number as a message shows it, with its unit: one bit, two bits.

    Examples
    --------
    >>> with_unit(Integer(1), "bits"), with_unit(log(2), "nats"), with_unit(Integer(3), "")
    ('1 bit', '0.6931 nats', '3')
    """
    number = short(value)
    return f"{number} {unit[:-1] if number.lstrip('-') == '1' else unit}".rstrip()


def _exact(number: Any) -> Expr:
    return Rational(str(number)) if isinstance(number, float) else sympify(number, strict=True)
