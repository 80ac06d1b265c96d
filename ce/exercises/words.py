"""What a word of an answer stands for: a symbol, an indexed symbol, a function, a named quantity."""

from __future__ import annotations

from collections.abc import Callable

from sympy import E, IndexedBase, Integer, KroneckerDelta, exp, log, pi, sqrt
from sympy.core.expr import Expr

from ce.exercises.cursor import Cursor
from ce.exercises.indices import subscript, until
from ce.exercises.reading import Parser, Read, bracketed, within
from ce.exercises.sums import SUMS, read_sum
from ce.exercises.tokens import Token
from ce.formulas import sigmoid

__all__ = ["FUNCTIONS", "word"]

FUNCTIONS: dict[str, Callable[[Expr], Expr]] = {
    "log": log, "ln": log, "log2": lambda x: log(x) / log(2), "log10": lambda x: log(x) / log(10),
    "exp": exp, "sqrt": sqrt, "sigma": sigmoid, "sigmoid": sigmoid,
}  # fmt: skip


def word(parser: Parser) -> Read:
    """Read a name and all that belongs to it; what the exercise declares goes before the built-in words."""
    token = parser.cursor.take()
    if (declared := _declared(parser, token)) is not None:
        return Read(declared)
    if token.text in FUNCTIONS:
        return _function(parser, token)
    if token.text in SUMS:
        return read_sum(parser, token)
    if token.text in _BUILT_IN:
        return Read(_BUILT_IN[token.text](parser, token))
    name = token.text[:24]
    suggestion = parser.alphabet.suggestion(name, parser.cursor.next.text)
    parser.cursor.fail(f"unknown name '{name}': {suggestion}", token)


def _declared(parser: Parser, token: Token) -> Expr | None:
    cursor, alphabet, name = parser.cursor, parser.alphabet, token.text
    numbered = name + cursor.ahead(1).text
    if cursor.sees("_") and numbered in alphabet.symbols:  # z_0 for the symbol z0
        cursor.take()
        cursor.take()
        return alphabet.symbols[numbered]
    if name in alphabet.bases:
        if cursor.sees("_", "[") or (name not in alphabet.symbols and cursor.sees("(")):
            return _indexed(parser, token)
        if name not in alphabet.symbols:
            cursor.fail(f"expected an index after '{name}', as in {name}_k, got {cursor.next.quoted}")
    scalar = alphabet.symbols.get(name, alphabet.indices.get(name))
    if scalar is not None:
        return _bare(cursor, token, scalar)
    return _measure(parser, token) if name in alphabet.measures else None


def _bare(cursor: Cursor, token: Token, value: Expr) -> Expr:
    return cursor.fail(f"'{token.text}' takes no index here") if cursor.sees("_") else value


def _indexed(parser: Parser, token: Token) -> Expr:
    cursor = parser.cursor
    base, rank = parser.alphabet.bases[token.text]
    opening = cursor.take()
    closing = {"[": "]", "(": ")"}.get(opening.text)
    with cursor.deeper():
        indices = until(cursor, parser.alphabet, closing) if closing else subscript(cursor, parser.alphabet)
    if len(indices) != rank:
        wanted = "one index" if rank == 1 else f"{rank} indices"
        cursor.fail(f"expected {wanted} for '{token.text}', got {len(indices)}", opening)
    return base[tuple(indices)]


def _function(parser: Parser, token: Token) -> Read:
    cursor, name = parser.cursor, token.text
    base = _base(parser) if name == "log" and cursor.accept("_") else None
    if cursor.sees("^"):
        cursor.fail(f"expected the argument of {name}, got '^': write ({name} x)^2")
    if cursor.sees("("):
        inner, shape = bracketed(parser), "plain"
    else:
        with cursor.deeper():
            inner, shape = parser.factor()
        shape = shape if shape in {"sum", "long sum"} else "open"
    if name.startswith(("log", "ln")) and inner.is_nonpositive:
        got = "0" if inner.is_zero else "a negative one"
        cursor.fail(f"expected a positive argument of {name}, got {got}", token)
    if name == "exp":
        within(cursor, token, lambda: cursor.bounds.check_exponent(inner))
    value = FUNCTIONS[name](inner)
    return Read(value / log(base) if base else value, shape)


def _base(parser: Parser) -> Integer:
    braced = parser.cursor.accept("{")
    token = parser.cursor.take()
    if braced:
        parser.cursor.expect("}", "after the base of the logarithm")
    if not token.text.isdigit() or not 2 <= int(token.text) <= 99:
        parser.cursor.fail(f"expected a base from 2 to 99, as in log_2(x), got {token.quoted}", token)
    return Integer(int(token.text))


def _measure(parser: Parser, token: Token) -> Expr:
    cursor, named = parser.cursor, parser.alphabet.bases
    cursor.expect("(", f"after {token.text}")
    bases: list[IndexedBase] = []
    while not cursor.sees(")"):
        entry = cursor.take()
        if entry.text not in named:
            known = ", ".join(sorted(named))
            cursor.fail(f"expected one of {known} in {token.text}(…), got {entry.quoted}", entry)
        bases.append(named[entry.text][0])
        cursor.accept(",", "|", "||")
    closing = cursor.take()
    if len(bases) not in {"H": (1, 2)}.get(token.text, (2,)):
        cursor.fail(f"expected H(p), H(p, q) or KL(p || q), got {token.text} of {len(bases)}", closing)
    return parser.alphabet.measures[token.text](*bases)


def _fraction(parser: Parser, token: Token) -> Expr:
    above, below = (bracketed(parser, "{", "}") for _ in range(2))
    if below.is_zero:
        parser.cursor.fail("expected a divisor that is not zero, got 0", token)
    return above / below


def _delta(parser: Parser, token: Token) -> Expr:
    parser.cursor.expect("_", "after delta, as in delta_jk")
    indices = subscript(parser.cursor, parser.alphabet)
    if len(indices) != 2:
        parser.cursor.fail(f"expected two indices for delta, as in delta_jk, got {len(indices)}", token)
    return KroneckerDelta(*indices)


_BUILT_IN: dict[str, Callable[[Parser, Token], Expr]] = {
    "delta": _delta, "frac": _fraction,
    "e": lambda parser, token: _bare(parser.cursor, token, E),
    "pi": lambda parser, token: _bare(parser.cursor, token, pi),
}  # fmt: skip
