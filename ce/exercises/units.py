"""Numbers with units: what a reader types, what it agrees with, what an expression comes to at values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from sympy import Dummy, IndexedBase, Integer, Rational, Symbol, log, oo
from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.exercises.notation import LIMITS, MalformedAnswer, Names, parse
from ce.formulas import component, instantiate
from ce.formulas.typeset import typeset

__all__ = [
    "DIGITS",
    "UNITS",
    "Quantity",
    "agrees",
    "evaluated",
    "is_whole",
    "last_place",
    "put_into",
    "read_line",
    "read_quantity",
    "short",
    "span",
    "split_unit",
    "with_unit",
]

UNITS: Mapping[str, Expr] = {"nats": Integer(1), "bits": log(2), "hartleys": log(10)}
"""The units of information, each as a number of nats."""

DIGITS = 30
_MOST_DIGITS = 60  # of a number by itself, which a program may have printed
_WRITTEN_OUT = 9  # from this power of ten on, and its inverse, zeros would have to be counted
_HALF, _TIE = Fraction(1, 2), Fraction(1, 10**15)
_MORE = tuple(10**more for more in range(7))
_SAME = Fraction(1, 10**4)  # of the last of these digits: a page computes with 16
_NO_NAMES = Names(ranges={})
_UNIT = (
    r"(?<![a-z\\])(?:\\[a-z]+ *\{|[(\[])? *(nat|bit|hartley|NOUN)s?(?![a-z])"
    r"[})\]]? *(?:/ *)?(?:[a-z]+(?:[ -]|\Z)){0,5}\Z"
)
# What an answer is the value of, as in "H(p, q) =": no sum over k = 1, no [j = k], no ", where y = 1"; then signs.
_BEFORE = re.compile(
    r"(?:(?:(?!(?:sum|prod|[∑Σ∏Π])_?\w+ ?=|\b(?:with|where|if|for|given|when|at)\b"
    r"|[,;][^,)]*=|[\[({][^\])}]*=)[^=≈!<>─-╿])*"
    r"(?:[=≈]|\\approx\b))*"
    r"(?:[\s$€=≈~≃≅∼]|about|approx[a-z]*\.?|ca\.|answer:)*",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(?:[-−–]?fold|[\s$€.,;~…]|\\(?:[,;:! ]|l?dots))+\Z")
_BLANK = re.compile(r"(?:\\(?:begin|end) *\{\w+\*?\}|\\[\\()\[\]]|[&\s])+")
_BOXED = re.compile(r"\\boxed *\{(.*)\}")
_TWO_WAYS = re.compile(r"[-−]?[0-9]+·[0-9]+")
_PERCENT = re.compile(r"(.[^-+−]*?)\s*(?:\\?%|per ?cent(?:age points)?)", re.IGNORECASE)  # 1 - 25 % is not read
_SIGNED = r"([-+−]?) ?"
_INFINITE = re.compile(_SIGNED + r"(?:∞|inf|infinity|oo|\\infty)", re.IGNORECASE)
_PLAIN = re.compile(_SIGNED + r"([0-9]*)\.?([0-9]*)(?:[eE]([-+−]?[0-9]{1,2}))?")
_COMMA = re.compile(_SIGNED + r"[0-9]+,[0-9]+")
_GROUPED = re.compile(_SIGNED + r"[0-9]{1,3}(?:([ ,'’])[0-9]{3})(?:\2[0-9]{3})*(?:\.[0-9]*)?")
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2064\ufeff]")


class Quantity(NamedTuple):
    """A number as a reader typed it.

    Parameters
    ----------
    value
        What was typed; a percentage as a fraction.
    unit
        Its unit, empty where there is none.
    place
        For a plain number the power of ten of its last digit, zeros at the end of a whole number not counted.
    note
        How it was read, where that could surprise: ``"4,605 read as 4.605"``.
    """

    value: Expr
    unit: str = ""
    place: int | None = None
    note: str = ""


def read_quantity(text: str, noun: str = "nat") -> list[Quantity]:
    """Read a number and its unit.

    Parameters
    ----------
    text
        A decimal, also like ``1e-3``, ``4,605`` or ``10 %``; an expression of numbers as the notation has
        them; ``inf``. Then a unit, and words such as "per toss". ``=`` or ``≈`` may stand before it.
    noun
        What is counted, such as "byte": it may stand after the number.

    Returns
    -------
    list
        Its readings: two where a comma before three digits may separate decimals or thousands.

    Raises
    ------
    MalformedAnswer
        When it is none of these.
    TypeError
        When ``text`` is not a string.

    Examples
    --------
    >>> [(found.value, found.unit) for found in read_quantity("≈ -2.5e-1 bits per toss.")]
    [(-1/4, 'bits')]
    >>> [found.value for typed in ("log(100)", "−∞", "10 %", "4,605") for found in read_quantity(typed)]
    [log(100), -oo, 1/10, 921/200, 4605]
    """
    if not isinstance(text, str):
        raise TypeError(f"expected the answer as a str, got {type(text).__name__}")
    number, unit = split_unit(text, noun)
    percent = _PERCENT.fullmatch(number)
    if percent:
        number = percent[1]
    size = Rational(1, 100 if percent else 1)
    return [
        Quantity(value * size, unit, place - 2 if percent and place is not None else place, shown)
        for value, place, shown in _readings(number)
    ]


def split_unit(text: str, noun: str = "nat") -> tuple[str, str]:
    """Cut the unit off an answer, with what stands before and after an answer and means nothing.

    Raises
    ------
    MalformedAnswer
        When the text is too long; nothing else is done with a long one.

    Examples
    --------
    >>> split_unit("H(p) = 0.693 nats per toss."), split_unit("log K")
    (('0.693', 'nats'), ('log K', ''))
    """
    LIMITS.check_length(text)
    plain = _BLANK.sub(" ", _INVISIBLE.sub("", text)).replace("{,}", ",")
    plain = _BOXED.sub(r"\1", plain).strip()
    plain = _AFTER.sub("", plain[_BEFORE.match(plain).end() :])  # type: ignore[union-attr]
    found = re.search(_UNIT.replace("NOUN", noun), plain, re.IGNORECASE)
    if not found:
        return plain, ""
    unit = f"{found[1].lower()}s"
    return _AFTER.sub("", plain[: found.start()]), unit if unit in UNITS else ""


def read_line(text: str, names: Names) -> Expr:
    """Read a line that may have a unit, as an expression in nats.

    Raises
    ------
    MalformedAnswer
        When it cannot be read.

    Examples
    --------
    >>> read_line("H = 2 bits", Names())
    2*log(2)
    """
    written, unit = split_unit(text)
    return parse(written, names) * UNITS.get(unit, 1)


def _readings(number: str) -> Iterator[tuple[Expr, int | None, str]]:
    """Yield each value a text may stand for, the place of its last digit, and how it was read."""
    if _TWO_WAYS.fullmatch(number):
        raise MalformedAnswer("this can be read in two ways: write a.b or a*b", number, 0)
    if infinite := _INFINITE.fullmatch(number):
        yield (-oo if infinite[1] in {"-", "−"} else oo), None, ""
        return
    comma, grouped = _COMMA.fullmatch(number), _GROUPED.fullmatch(number)
    if comma:
        point = number.replace(",", ".")
        yield *_plain(point), f"{number} read as {point}"
    if grouped:
        whole = re.sub("[ ,'’]", "", number)
        yield *_plain(whole), f"{number} read as {whole}"
    if not (comma or grouped):
        plain = _PLAIN.fullmatch(number)
        yield *(_plain(number) if plain and (plain[2] or plain[3]) else (_value(number), None)), ""


def _plain(number: str) -> tuple[Expr, int]:
    sign, whole, decimals, power = _PLAIN.fullmatch(number).groups("")  # type: ignore[union-attr]
    if len(whole + decimals) > _MOST_DIGITS:
        raise MalformedAnswer(f"expected a number of at most {_MOST_DIGITS} digits, got a longer one", number, 0)
    place = int(power.replace("−", "-") or 0) - len(decimals)
    digits = int(whole + decimals)
    value = digits * Rational(10) ** place
    zeros = len(whole) - len(whole.rstrip("0")) if not decimals and digits else 0
    return (-value if sign in {"-", "−"} else value), place + zeros


def _value(number: str) -> Expr:
    value = parse(number, _NO_NAMES)
    if not value.evalf(DIGITS).is_real:
        raise MalformedAnswer("expected a real number, got something undefined", number, 0)
    return value


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
    written, numbers = _written_out(expression, values)
    number = written.xreplace({symbol: _exact(value) for symbol, value in numbers.items()})
    if number.free_symbols:
        raise ValueError(f"expected values for all of {expression}, got none for {number.free_symbols}")
    result = number.evalf(DIGITS)
    if not result.is_extended_real:
        raise ValueError(f"expected a number, got {result} for {expression} at {dict(values)}")
    return result


def _written_out(expression: Expr, values: Mapping[Symbol | IndexedBase, Any]) -> tuple[Expr, dict[Expr, Any]]:
    """Return an expression with its sums written out, and the number of each symbol in it."""
    tuples = {base: numbers for base, numbers in values.items() if isinstance(base, IndexedBase)}
    lengths = {len(numbers) for numbers in tuples.values()}
    if len(lengths) > 1:
        raise ValueError(f"expected tuples of one length, got {sorted(lengths)} for {[*tuples]}")
    sizes = {"K": lengths.pop()} if lengths else {}
    sizes |= {
        symbol.name: int(number)
        for symbol, number in values.items()
        if isinstance(symbol, Symbol) and symbol.is_integer
    }
    listed = {component(base[at]): number for base, numbers in tuples.items() for at, number in enumerate(numbers, 1)}
    alone = {symbol: number for symbol, number in values.items() if isinstance(symbol, Symbol)}
    return instantiate(expression, sizes), {**listed, **alone}


def put_into(expression: Expr, values: Mapping[Symbol | IndexedBase, Any]) -> Expr:
    r"""Return an expression with numbers put in and nothing worked out, for typesetting alone.

    Examples
    --------
    >>> from ce.formulas import entropy
    >>> from ce.formulas.typeset import typeset
    >>> from ce.symbols import p
    >>> print(typeset(put_into(entropy.textbook, {p: (0.5, 0.5)})))
    -0.5 \log 0.5 - 0.5 \log 0.5
    """
    written, numbers = _written_out(expression, values)
    return written.xreplace({symbol: Dummy(_in_brackets(number), positive=True) for symbol, number in numbers.items()})


def _in_brackets(number: Any) -> str:
    text = str(number) if isinstance(number, float | int) else typeset(sympify(number))
    return rf"\left({text}\right)" if text.startswith("-") or "log" in text else text


def last_place(value: Expr, digits: int) -> int:
    """Return the power of ten of the last of so many significant digits.

    Examples
    --------
    >>> last_place(log(100).evalf(DIGITS), 3), last_place(Integer(0), 3)
    (-2, -3)
    """
    return (Decimal(str(value.evalf(DIGITS))).adjusted() if value != 0 else -1) - digits + 1


def agrees(given: Expr, value: Expr, digits: int) -> bool:
    """Whether a number rounds to the same significant digits as the value; infinities are themselves.

    The value rounded to more digits is right, too, as 4.605 is 4.6052 to four digits, wherever the fourth digit leads.

    Parameters
    ----------
    given, value
        The two numbers.
    digits
        How many significant digits of the value count.

    Examples
    --------
    >>> value = log(100).evalf(DIGITS)  # 4.60517…
    >>> [agrees(Rational(typed), value, 3) for typed in ("4.605", "4.614", "4.604", "4.600")]
    [True, True, False, False]
    >>> agrees(Integer(2705), Rational(270505, 100), 3)  # a whole number says more than three digits, too
    True
    """
    if not (given.is_finite and value.is_finite):
        return bool(given == value)
    unit = Fraction(10) ** last_place(value, digits)
    typed, right = (_fraction(number) / unit for number in (given, value))
    if abs(typed - right) >= 1:  # a digit that counts is another, and no further one mends that
        return False
    gaps = [min(abs(typed * power - near) for near in _rounded(right * power)) for power in _MORE]
    return gaps[0] < _HALF or min(gaps) < _SAME


def span(value: Expr, digits: int) -> tuple[Expr, Expr]:
    """Return the middle of all numbers that round to the same digits as a finite value, and how far they go from it.

    Examples
    --------
    >>> span(log(100).evalf(DIGITS), 3)
    (461/100, 1/200)
    """
    unit = Rational(10) ** last_place(value, digits)
    rounded = _rounded(_fraction(value / unit))
    low, high = min(rounded), max(rounded)
    return (low + high) * unit / 2, (high - low + 1) * unit / 2


def _fraction(number: Expr) -> Fraction:
    """Return a real number, known to 30 digits at least, as Python has it: SymPy takes ten times as long to compute."""
    ratio = Rational(number)
    return Fraction(ratio.p, ratio.q)


def _rounded(value: Fraction) -> set[int]:
    """Return the whole number nearest to a value; of two at the same distance either will do."""
    return {floor(value + _HALF + _TIE), ceil(value - _HALF - _TIE)}


def is_whole(value: Expr, digits: int = 4) -> bool:
    """Whether so many digits show all of a number that is known to 30.

    Examples
    --------
    >>> is_whole(Rational(1, 4).evalf(DIGITS)), is_whole(log(2).evalf(DIGITS))
    (True, False)
    """
    return not value.is_finite or abs(value - Rational(f"{float(value):.{digits}g}")) < Rational(10) ** (5 - DIGITS)


def short(value: Expr, digits: int = 4) -> str:
    """Return a number to four significant digits, or more, as a person writes it.

    Examples
    --------
    >>> short(Integer(22026)), short(Rational(-99, 100)), short(-oo), short(Rational(10) ** 20)
    ('22,030', '−0.99', '−∞', '1e+20')
    """
    if not value.is_finite:
        return str(value).replace("oo", "∞").replace("-", "−")
    rounded = Decimal(f"{float(value):.{digits}g}")
    return f"{rounded:{',f' if abs(rounded.adjusted()) < _WRITTEN_OUT else 'e'}}".replace("-", "−")


def with_unit(value: Expr, unit: str, digits: int = 4) -> str:
    """Return a number as a message shows it, with its unit: one bit, two bits.

    Examples
    --------
    >>> with_unit(Integer(1), "bits"), with_unit(log(2), "nats"), with_unit(Integer(3), "")
    ('1 bit', '0.6931 nats', '3')
    """
    number = short(value, digits)
    return f"{number} {unit[:-1] if number.lstrip('−') == '1' else unit}".rstrip()


def _exact(number: Any) -> Expr:
    return Rational(str(number)) if isinstance(number, float) else sympify(number, strict=True)
