"""Subscripts: ``p_k``, ``y_{n,k}``, ``q_{x_n}``, ``p[k]``, and what a sum runs over."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Integer, Symbol
from sympy.core.expr import Expr

from ce.exercises.alphabet import Alphabet
from ce.exercises.cursor import Cursor

__all__ = ["Running", "running", "subscript", "until"]

_CLOSING = {"{": "}", "(": ")", "[": "]"}


@dataclass(frozen=True)
class Running:
    """An index a sum runs over, its first value where the reader wrote one, and a value left out."""

    index: Symbol
    first: Expr | None = None
    left_out: Expr | None = None


def subscript(cursor: Cursor, alphabet: Alphabet) -> list[Expr]:
    """Read the indices after ``_``: one word or number, or a list in brackets."""
    opening = cursor.accept("{", "(")
    return until(cursor, alphabet, _CLOSING[opening.text]) if opening else _word(cursor, alphabet)


def until(cursor: Cursor, alphabet: Alphabet, closing: str) -> list[Expr]:
    """Read indices up to a closing bracket; commas between them may be left out."""
    found: list[Expr] = []
    while not cursor.sees(closing):
        found += _word(cursor, alphabet)
        cursor.accept(",")
    cursor.take()
    return found


def running(cursor: Cursor, alphabet: Alphabet) -> list[Running]:
    """Read what a sum or product runs over: ``k``, ``k=1``, ``{k=1}``, ``{k != j}`` or ``{n, k}``."""
    opening = cursor.accept("{", "(")
    if not opening:
        return _run(cursor, alphabet)
    found = _run(cursor, alphabet)
    closing = _CLOSING[opening.text]
    while not cursor.sees(closing):
        if not cursor.accept(","):
            cursor.fail(f"expected '{closing}' after the index of the sum, got {cursor.next.quoted}")
        found += _run(cursor, alphabet)
    cursor.take()
    return found


def _run(cursor: Cursor, alphabet: Alphabet) -> list[Running]:
    token = cursor.next
    indices = _word(cursor, alphabet)
    if not all(isinstance(index, Symbol) for index in indices):
        names = ", ".join(alphabet.indices)
        cursor.fail(f"expected an index to run over ({names}), got {token.quoted}", token)
    if cursor.accept("="):
        return [*map(Running, indices[:-1]), Running(indices[-1], first=single(cursor, alphabet))]
    if cursor.accept("!="):
        return [*map(Running, indices[:-1]), Running(indices[-1], left_out=single(cursor, alphabet))]
    return [Running(index) for index in indices]


def single(cursor: Cursor, alphabet: Alphabet) -> Expr:
    """Read exactly one index, or the last value of one (K, N)."""
    token = cursor.next
    if token.kind == "name" and alphabet.symbols.get(token.text) in alphabet.ranges.values():
        return alphabet.symbols[cursor.take().text]
    found = _word(cursor, alphabet, least=0)
    return found[0] if len(found) == 1 else cursor.fail(f"expected one index, got {token.quoted}", token)


def _word(cursor: Cursor, alphabet: Alphabet, least: int = 1) -> list[Expr]:
    """Read ``k``, ``nk`` (two indices), ``3`` or ``x_n`` (an index that is itself looked up)."""
    token = cursor.take()
    if token.kind == "number":
        if not token.text.isdigit() or not least <= int(token.text) <= 99:
            cursor.fail(f"expected an index from {least} to 99, counted from 1, got {token.quoted}", token)
        return [Integer(int(token.text))]
    if token.kind != "name":
        cursor.fail(f"expected an index, as in p_k, got {token.quoted}", token)
    if token.text in alphabet.indices:
        return [alphabet.indices[token.text]]
    if token.text in alphabet.bases and cursor.sees("_", "["):
        base, rank = alphabet.bases[token.text]
        with cursor.deeper():
            inner = subscript(cursor, alphabet) if cursor.accept("_") else _bracketed(cursor, alphabet)
        if len(inner) == rank and base[tuple(inner)].is_integer:
            return [base[tuple(inner)]]
        cursor.fail(f"expected an index, got {token.quoted}, which is not a whole number from 1 on", token)
    if all(letter in alphabet.indices for letter in token.text):
        return [alphabet.indices[letter] for letter in token.text]
    cursor.fail(f"expected an index ({', '.join(alphabet.indices)}), got {token.quoted}", token)


def _bracketed(cursor: Cursor, alphabet: Alphabet) -> list[Expr]:
    cursor.expect("[", "before an index")
    return until(cursor, alphabet, "]")
