"""What the parts of the parser share: a value with the shape it was written in, and the parser itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, NoReturn, Protocol

from sympy import Symbol
from sympy.core.expr import Expr

from ce.exercises.alphabet import Alphabet
from ce.exercises.bounds import TooLarge
from ce.exercises.cursor import Cursor
from ce.exercises.tokens import Token

__all__ = ["Parser", "Read", "ambiguous", "bracketed", "within"]


class Read(NamedTuple):
    """A value, and the shape it was written in, on which depends what may follow it.

    Shapes: ``number``, ``open`` (a function without brackets), ``sum``, ``long sum`` (of a product),
    ``product``, ``divisor``, ``number/number``, and ``plain`` for the rest.
    """

    value: Expr
    shape: str = "plain"


class Parser(Protocol):
    """The parser of :mod:`ce.exercises.grammar`, as the readers of words and sums use it."""

    cursor: Cursor
    alphabet: Alphabet
    bound: list[Symbol]
    sums: int

    def expression(self) -> Expr:
        """Read products joined by + and -."""
        ...

    def product(self) -> Read:
        """Read factors."""
        ...

    def factor(self) -> Read:
        """Read signs and a power."""
        ...


def bracketed(parser: Parser, opening: str = "(", closing: str = ")") -> Expr:
    """Read an expression in brackets."""
    parser.cursor.expect(opening, "here")
    value = parser.expression()
    parser.cursor.expect(closing, f"to close '{opening}'")
    return value


def within(cursor: Cursor, token: Token, check: Callable[[], None]) -> None:
    """Run a check of the bounds; what it refuses is reported at ``token``."""
    refusal = ""
    try:
        check()
    except TooLarge as error:
        refusal = str(error)
    if refusal:
        cursor.fail(refusal, token)


def ambiguous(cursor: Cursor, token: Token, first: str, second: str) -> NoReturn:
    """Refuse what can be read in two ways, and name both."""
    cursor.fail(f"this can be read in two ways: write {first} or {second}", token)
