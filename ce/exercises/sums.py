"""Sums and products over an index: ``sum_k``, ``sum_{k=1}^{K}``, ``prod_n``, ``sum_{k != j}``."""

from __future__ import annotations

from sympy import KroneckerDelta, Product, Sum
from sympy.core.expr import Expr

from ce.exercises.indices import Running, running, single
from ce.exercises.reading import Parser, Read
from ce.exercises.tokens import Token

__all__ = ["SUMS", "read_sum"]

SUMS = {"sum": Sum, "prod": Product}


def read_sum(parser: Parser, token: Token) -> Read:
    """Read a sum or a product from its subscript on; its body is the product that follows."""
    cursor = parser.cursor
    if not cursor.accept("_"):
        cursor.fail(f"expected the index of the {token.text}, as in {token.text}_k, got {cursor.next.quoted}")
    place = cursor.next
    runs = running(cursor, parser.alphabet)
    _check_range(parser, runs, place)
    parser.sums += len(runs)
    if parser.sums > cursor.bounds.sums:
        cursor.fail(f"expected at most {cursor.bounds.sums} sums, got more", token)
    parser.bound += [run.index for run in runs]
    with cursor.deeper():
        body, shape = parser.product()
    del parser.bound[-len(runs) :]
    for run in reversed(runs):
        body = _over(run, body, token.text, parser.alphabet.ranges[run.index])
    return Read(body, "long sum" if shape == "product" else "sum")


def _over(run: Running, body: Expr, name: str, last: Expr | int) -> Expr:
    if run.left_out is not None:
        elsewhere = 1 - KroneckerDelta(run.index, run.left_out)
        body = body * elsewhere if name == "sum" else body**elsewhere
    return SUMS[name](body, (run.index, 1, last))


def _check_range(parser: Parser, runs: list[Running], place: Token) -> None:
    """Insist that every index runs over its declared range, and over one thing at a time."""
    cursor, ranges = parser.cursor, parser.alphabet.ranges
    seen = list(parser.bound)
    for run in runs:
        if run.index in seen:
            name = run.index.name
            cursor.fail(f"{name} is in use by a sum: take another letter, or put that sum in brackets", place)
        if run.first not in {None, 1}:
            cursor.fail(f"expected {run.index} to run from 1, got {run.first}", place)
        seen.append(run.index)
    last = _last(parser)
    for run in runs:
        if last not in {None, ranges[run.index]}:
            cursor.fail(f"expected {run.index} to run up to {ranges[run.index]}, got {last}", place)


def _last(parser: Parser) -> Expr | None:
    cursor = parser.cursor
    if not cursor.accept("^"):
        return None
    opening = cursor.accept("{", "(")
    last = single(cursor, parser.alphabet)
    if opening:
        cursor.expect({"{": "}", "(": ")"}[opening.text], "after the last value")
    return last
