"""From a reader's text to an expression: one parser, and the place in the tokens it reads from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, NamedTuple, NoReturn

from sympy import Abs, E, I, Integer, KroneckerDelta, Rational, Symbol, exp, log, nan, oo, pi, zoo
from sympy.core.expr import Expr
from sympy.functions import atan2

from ce.exercises.notation.limits import LIMITS, Limits, TooLarge
from ce.exercises.notation.names import EITHER, FUNCTIONS, SUMS, Names
from ce.exercises.notation.tokenizer import MalformedAnswer, Token, tokens

__all__ = ["parse"]

CLOSING = {"(": ")", "{": "}", "[": "]"}
AFTER_A_FACTOR = {"", *CLOSING.values(), "+", "-", "*", "/", ",", "|", "="}


def parse(text: str, names: Names, limits: Limits = LIMITS) -> Expr:
    """Read a reader's text as an expression.

    Parameters
    ----------
    text
        What the reader wrote, in the notation of :mod:`ce.exercises.notation`.
    names
        The names it may use.
    limits
        How large it may be.

    Raises
    ------
    MalformedAnswer
        When the text is not in the notation, names something unknown, divides by zero, is not real, or is too
        large.
    TypeError
        When ``text`` is not a string.

    Examples
    --------
    >>> from ce.exercises import Names
    >>> from ce.symbols import k, p, q
    >>> parse("-sum_k p_k log q_k", Names(p[k], q[k]))
    -Sum(log(q[k])*p[k], (k, 1, K))
    >>> parse("p_k (1 − p_j)", Names(p[k]))
    (1 - p[j])*p[k]
    >>> parse("p_k (1 − p_j", Names(p[k]))
    Traceback (most recent call last):
        ...
    ce.exercises.notation.tokenizer.MalformedAnswer: expected ')' to close '(', got the end (character 13)
      p_k (1 − p_j
                  ^
    """
    if not isinstance(text, str):
        raise TypeError(f"parse: expected the answer as a str, got {type(text).__name__}")
    return _Parser(text, names, limits).answer()


class _Read(NamedTuple):
    """A value, and the shape it was written in, on which depends what may follow it.

    Shapes: ``number``, ``open`` (a function without brackets), ``root`` (a root of what varies, without brackets),
    ``raised`` (to an exponent without brackets, of e or of what varies, or ``raised to 1``),
    ``sum``, ``long sum`` (of a product),
    ``product``, ``divisor``, ``number/number``, and ``plain`` for the rest.
    """

    value: Expr
    shape: str = "plain"


@dataclass(frozen=True)
class _Running:
    """An index a sum runs over, its first value where the reader wrote one, and a value left out."""

    index: Symbol
    first: Expr | None = None
    left_out: Expr | None = None


class _Cursor:
    """The tokens of a text and how far they have been read: look, take, insist, and fail with a caret."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self._at = 0
        self._depth = 0
        limits.check_length(text)
        if not text.strip():
            raise MalformedAnswer("expected an expression, got an empty text", text, 0)
        self._tokens = tokens(text)

    @property
    def next(self) -> Token:
        return self._tokens[self._at]

    def ahead(self, steps: int) -> Token:
        return self._tokens[min(self._at + steps, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Read a token; at the end it stays there."""
        token = self.next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def sees(self, *signs: str) -> bool:
        return self.next.kind == "sign" and self.next.text in signs

    def accept(self, *signs: str) -> Token | None:
        """Read the next token if it is one of these signs."""
        return self.take() if self.sees(*signs) else None

    def expect(self, sign: str, purpose: str) -> Token:
        """Read this sign or fail; ``purpose`` says what it was needed for."""
        return self.accept(sign) or self.fail(f"expected '{sign}' {purpose}, got {self.next.quoted}")

    def fail(self, message: str, token: Token | None = None) -> NoReturn:
        """Raise the error, pointing at ``token`` or at the next one."""
        raise MalformedAnswer(message, self.text, (token or self.next).start)

    def ambiguous(self, token: Token, first: str, second: str) -> NoReturn:
        """Refuse what can be read in two ways, and name both."""
        self.fail(f"this can be read in two ways: write {first} or {second}", token)

    def within(self, token: Token, check: Callable[[], None]) -> None:
        """Run a check of the limits; what it refuses is reported at ``token``."""
        refusal = ""
        try:
            check()
        except TooLarge as error:
            refusal = str(error)
        if refusal:
            self.fail(refusal, token)

    def split(self, at: int) -> None:
        """Cut the token that was just taken in two; the second part is read next."""
        whole = self._tokens[self._at - 1]
        rest = whole.text[at:]
        kind: Literal["number", "name"] = "number" if rest.isdigit() else "name"
        self._tokens.insert(self._at, Token(kind, rest, whole.start + at))

    def holds_equality(self, ahead: int = 0) -> bool:
        """Whether an equals sign stands in the brackets that open here, and not deeper."""
        depth = 0
        for token in self._tokens[self._at + ahead :]:
            if token.kind == "sign":
                depth += (token.text in CLOSING) - (token.text in CLOSING.values())
                if depth == 0:
                    break
            if token.text in SUMS:  # (sum_k=1^K …)
                break
            if depth == 1 and token.text in {"=", "!="}:
                return True
        return False

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count one level of nesting while the block runs."""
        self._depth += 1
        if self._depth > self.limits.depth:
            self.fail(f"expected at most {self.limits.depth} levels of nesting, got more")
        yield
        self._depth -= 1


class _Parser:
    """Recursive descent: one method for each rule of the grammar."""

    def __init__(self, text: str, names: Names, limits: Limits) -> None:
        self.cursor = _Cursor(text, limits)
        self.names = names
        self.limits = limits
        self.bound: list[Symbol] = []
        self.sums = self.functions = self.bars = 0

    def answer(self) -> Expr:
        self.cursor.accept("=")
        start = self.cursor.next
        value = self.expression()
        rest = self.cursor.next
        if rest.kind != "end":
            self.cursor.fail(f"expected an operator or the end, got {rest.quoted}{_REST.get(rest.text, '')}")
        self.cursor.within(start, lambda: self.limits.check(value))
        if value.has(nan, zoo, oo, -oo, I, atan2):  # of SymPy's size of a complex power
            self.cursor.fail("expected a real number wherever it is used, got something undefined", start)
        return value

    # sums, products, quotients, powers

    def expression(self) -> Expr:
        with self.cursor.deeper():
            value = self.product().value
            while sign := self.cursor.accept("+", "-"):
                term = self.product().value
                value = value + term if sign.text == "+" else value - term
            return value

    def product(self) -> _Read:
        read, factors = self.factor(), 1
        last = read.shape
        while True:
            here = self.cursor.next
            operator = self.cursor.accept("*", "/")
            if not operator and here.kind != "name" and not self._opens():
                return _Read(read.value, "product") if factors > 1 else read
            self._refuse_two_readings(read.shape, last, operator, here)
            factor, factors = self.factor(), factors + 1
            last = factor.shape
            if operator and operator.text == "/":
                read = self._quotient(read, factor, operator)
            else:
                read = _Read(read.value * factor.value, factor.shape)

    def _opens(self) -> bool:
        bracket = self.cursor.sees("(", "{", "[") or (self.cursor.sees("|") and not self.bars)
        return bracket or self._marks_of_an_indicator() > 0

    def _refuse_two_readings(self, shape: str, last: str, operator: Token | None, here: Token) -> None:
        """Let a logarithm or a sum follow anything, other factors not where brackets are missing."""
        name = "log" if self.cursor.next.text in SUMS else self._function_at_start(self.cursor.next)
        sign = operator.text if operator else " "
        if not name.startswith("l") and (shape == "open" or (shape == "root" and sign != "/")):  # √p/2 is clear
            self.cursor.ambiguous(here, f"log(a{sign}b)", f"(log a){sign}b")
        raised = last == "raised" or (last == "raised to 1" and sign == "/")  # e^aw, e^z/T and p^1/2, but not e^a w
        opens = self.cursor.sees(*CLOSING, "|") or (self.cursor.next.text, self.cursor.ahead(1).text) == ("e", "^")
        if raised and not (name or here.spaced or (operator and opens)):
            self.cursor.ambiguous(here, f"a^(b{sign}c)", f"(a^b){sign}c")
        halves = shape == "number/number" and self.cursor.sees("(", "[")  # 1/2 (p - y)^2 is clear
        if name in {"", "sqrt"} and not operator and shape in {"divisor", "number/number"} and not halves:
            self.cursor.ambiguous(here, "a/(b c)", "(a/b) c")

    def _quotient(self, dividend: _Read, divisor: _Read, slash: Token) -> _Read:
        if divisor.shape == "long sum":
            self.cursor.ambiguous(slash, "a/(sum_l b_l c)", "a/(sum_l b_l) c")
        if divisor.value.is_zero:
            self.cursor.fail("expected a divisor that is not zero", slash)
        shape = "number/number" if dividend.shape == divisor.shape == "number" else "divisor"
        return _Read(dividend.value / divisor.value, "open" if divisor.shape == "open" else shape)

    def factor(self) -> _Read:
        negative = False
        while sign := self.cursor.accept("-", "+"):
            negative ^= sign.text == "-"
        read = self._power()
        return _Read(-read.value, read.shape) if negative else read

    def _power(self) -> _Read:
        base = self._primary()
        caret = self.cursor.accept("^")
        if not caret:
            return base
        with self.cursor.deeper():
            exponent = self.factor().value
        closed = self.cursor.ahead(-1).text in CLOSING.values()
        if base.value.is_zero and not exponent.is_positive:
            self.cursor.fail("expected a positive power of zero", caret)
        self.cursor.within(caret, lambda: self.limits.check_power(base.value, exponent))
        value = exp(exponent) if base.value is E else base.value**exponent
        if not closed and (base.value is E or exponent.free_symbols):
            return _Read(value, "raised")
        return _Read(value, "raised to 1" if not closed and abs(exponent) == 1 else "plain")

    def _primary(self) -> _Read:
        token = self.cursor.next
        if marks := self._marks_of_an_indicator():
            for _ in range(marks):
                self.cursor.take()
            return self._primary()
        if token.kind == "number":
            return _Read(self._number(), "number")
        if token.kind == "name":
            return self._word()
        if self.cursor.sees("(", "{", "["):
            return _Read(self._indicator() if self.cursor.holds_equality() else self._bracketed())
        if self.cursor.accept("|"):
            return _Read(self._absolute())
        self.cursor.fail(f"expected a number, a name or '(', got {token.quoted}")

    def _marks_of_an_indicator(self) -> int:
        """Count the tokens before the brackets of ``1_{j = k}`` and ``I(j = k)``; for anything else 0."""
        marks = 1 + (self.cursor.ahead(1).text == "_")
        found = self.cursor.next.text in {"1", "I"} and self.cursor.ahead(marks).text in CLOSING
        holds = found and any(self.cursor.holds_equality(marks + inner) for inner in (0, 1))
        return marks if holds else 0

    def _bracketed(self) -> Expr:
        opening = self.cursor.take().text
        before, self.bars = self.bars, 0
        value = self.expression()
        self.bars = before
        self.cursor.expect(CLOSING[opening], f"to close '{opening}'")
        return value

    def _absolute(self) -> Expr:
        self.bars += 1
        value = self.expression()
        self.bars -= 1
        self.cursor.expect("|", "to close '|'")
        return Abs(value)

    def _number(self) -> Rational:
        cursor = self.cursor
        token, after, sign = cursor.take(), cursor.next, cursor.ahead(1)
        most = self.limits.digits
        if len(token.text) > most:
            cursor.fail(f"expected a number of at most {most} digits, got a longer one", token)
        if token.text == "10" and cursor.ahead(-2).text == "*" and cursor.ahead(-3).kind == "number":
            after, sign = (after, after) if sign.kind == "number" else (token, token)  # 6.9*10-1
        if (after.text in {"e", "E"} or after is sign) and sign.text in {"+", "-"} and not sign.spaced:
            cursor.ambiguous(after, "a*10^-b", "a sign with blanks around it")
        whole, _, decimals = token.text.partition(".")
        return Rational(int(whole + decimals or "0"), 10 ** len(decimals))

    def _indicator(self) -> Expr:
        """Read ``[j = k]``, which is 1 where the indices agree, or ``[j != k]``."""
        opening = self.cursor.take().text
        left = self._one_index()
        sign = self.cursor.accept("=", "!=") or self.cursor.fail(
            f"expected '=' between two indices, as in [j = k], got {self.cursor.next.quoted}"
        )
        self.cursor.accept("=")
        delta = KroneckerDelta(left, self._one_index())
        self.cursor.expect(CLOSING[opening], f"to close '{opening}'")
        return delta if sign.text == "=" else Integer(1) - delta

    # words

    def _word(self) -> _Read:
        """Read a name and all that belongs to it; what the exercise declares goes before built-in words."""
        token = self.cursor.take()
        if (declared := self._declared(token)) is not None:
            return _Read(declared)
        if token.text in SUMS:
            return self._sum(token)
        if (function := self._named_function(token)) is not None:
            return self._function(function)
        if token.text in {"e", "pi"}:
            return _Read(self._bare(token, E if token.text == "e" else pi))
        if token.text in {"delta", "frac"}:
            return _Read(self._delta(token) if token.text == "delta" else self._fraction(token))
        if all(letter in self.names.symbols for letter in token.text):  # aw is a times w
            self.cursor.split(1)
            return _Read(self.names.symbols[token.text[0]])
        name = token.text[:24]
        suggestion = self.names.suggestion(name, self.cursor.next.text)
        self.cursor.fail(f"unknown name '{name}': {suggestion}", token)

    def _named_function(self, token: Token) -> Token | None:
        """Take a function off; ``logK`` is ``log K``, ``ln2`` is ``ln 2``, ``log3`` may be to the base 3."""
        name = self._function_at_start(token)
        if name and name != token.text:
            self.cursor.split(len(name))
        return Token("name", name, token.start, token.spaced) if name else None

    def _function_at_start(self, token: Token) -> str:
        """Find the function a word is or begins with; ``log2`` without an argument is ``log 2``."""
        digits = token.kind == "name" and token.text.removeprefix("log").isdigit()
        if digits and self.cursor.next.text in AFTER_A_FACTOR:
            return "log"
        if token.text in FUNCTIONS:
            return token.text
        known = {*self.names.symbols, *self.names.bases, *self.names.indices, "e", "pi"}
        for name in ("log", "ln", "exp", "sqrt"):
            rest = token.text.removeprefix(name)
            if rest != token.text and (rest in known or (rest.isdigit() and name != "log")):
                return name
        return ""

    def _declared(self, token: Token) -> Expr | None:
        cursor, names, name = self.cursor, self.names, token.text
        braced = cursor.ahead(1).text == "{" and cursor.ahead(3).text == "}"
        numbered = name + cursor.ahead(2 if braced else 1).text
        if cursor.sees("_") and numbered in names.symbols:  # z_0 for the symbol z0
            for _ in range(4 if braced else 2):
                cursor.take()
            return names.symbols[numbered]
        if name in names.bases:
            if cursor.sees("_", "[") or (name not in names.symbols and cursor.sees("(")):
                return self._indexed(token)
            if name not in names.symbols:
                cursor.fail(f"expected an index after '{name}', as in {name}_k, got {cursor.next.quoted}")
        scalar = names.symbols.get(name, names.indices.get(name))
        return None if scalar is None else self._bare(token, scalar)

    def _bare(self, token: Token, value: Expr) -> Expr:
        return self.cursor.fail(f"'{token.text}' takes no index here") if self.cursor.sees("_") else value

    def _indexed(self, token: Token) -> Expr:
        base, rank = self.names.bases[token.text]
        opening = self.cursor.take()
        with self.cursor.deeper():
            closing = CLOSING.get(opening.text)
            indices = self._indices_until(closing) if closing else self._subscript()
        if len(indices) != rank:
            wanted = "one index" if rank == 1 else f"{rank} indices"
            self.cursor.fail(f"expected {wanted} for '{token.text}', got {len(indices)}", opening)
        return base[tuple(indices)]

    def _function(self, token: Token) -> _Read:
        cursor, name = self.cursor, token.text
        base = self._base() if name == "log" and cursor.accept("_") else None
        if cursor.sees("^"):
            cursor.fail(f"expected the argument of {name}, got '^': write ({name} x)^2")
        self.functions += 1
        if self.functions > self.limits.functions:
            cursor.fail(f"expected at most {self.limits.functions} functions in one another, got more", token)
        root: Expr = Integer(2)
        if cursor.sees("(", "{") or (cursor.sees("[") and not cursor.holds_equality()):
            index = name == "sqrt" and cursor.sees("[")
            inner, shape = self._bracketed(), "root" if index else "plain"
            if index and cursor.sees("{"):  # \sqrt[n]{x}
                root, inner, shape = inner, self._bracketed(), "plain"
        elif name in {"log2", "log10"} and not cursor.next.spaced:
            cursor.ambiguous(token, f"log_{name[3:]}(a)", f"log({name[3:]} a)")
        else:
            with cursor.deeper():
                inner, shape = self.factor()
            if shape not in {"sum", "long sum"}:
                shape = "root" if name == "sqrt" and inner.free_symbols else "open"
        self.functions -= 1
        if name.startswith(("log", "ln")) and not inner.is_Add and inner.is_nonpositive:
            got = "0" if inner.is_zero else "a negative one"
            cursor.fail(f"expected a positive argument of {name}, got {got}", token)
        if name == "sqrt":
            if root.is_zero:
                cursor.fail("expected a root that is not the zeroth", token)
            cursor.within(token, lambda: self.limits.check_power(inner, 1 / root))
            return _Read(inner ** (1 / root), shape)
        check = self.limits.check_exponent if name in {"exp", "softplus"} else self.limits.check_factored
        cursor.within(token, lambda: check(inner))
        value = FUNCTIONS[name](inner)
        return _Read(value / log(base) if base else value, shape)

    def _base(self) -> Expr:
        braced = self.cursor.accept("{")
        token = self.cursor.take()
        if braced:
            self.cursor.expect("}", "after the base of the logarithm")
        if token.text == "e":
            return E
        if not token.text.isdigit() or not 2 <= int(token.text) <= 99:
            self.cursor.fail(f"expected a base from 2 to 99, as in log_2(x), got {token.quoted}", token)
        return Integer(int(token.text))

    def _fraction(self, token: Token) -> Expr:
        above, below = self._part(), self._part()
        if below.is_zero:
            self.cursor.fail("expected a divisor that is not zero, got 0", token)
        return above / below

    def _part(self) -> Expr:
        r"""Read what ``\frac`` takes: braces, or a single digit or letter as in ``\frac12``."""
        if self.cursor.sees("{"):
            return self._bracketed()
        token = self.cursor.next
        if token.kind == "name":
            return self._word().value
        if not token.text.isdigit():
            self.cursor.fail(f"expected '{{' after frac, got {token.quoted}")
        if len(self.cursor.take().text) > 1:
            self.cursor.split(1)
        return Integer(int(token.text[0]))

    def _delta(self, token: Token) -> Expr:
        if not self.cursor.sees("(", "["):
            self.cursor.expect("_", "after delta, as in delta_jk")
        indices = self._subscript()
        if len(indices) != 2:
            self.cursor.fail(f"expected two indices for delta, as in delta_jk, got {len(indices)}", token)
        return KroneckerDelta(*indices)

    # sums over an index

    def _sum(self, token: Token) -> _Read:
        """Read a sum or a product from its subscript on; its body is the product that follows."""
        cursor = self.cursor
        above = self._last()
        if not cursor.accept("_"):
            got = cursor.next.quoted
            cursor.fail(f"expected the index of the {token.text}, as in {token.text}_k, got {got}")
        place = cursor.next
        runs = self._runs()
        last = self._checked_last(runs, place, above)
        self.sums += len(runs)
        if self.sums > self.limits.sums:
            cursor.fail(f"expected at most {self.limits.sums} sums, got more", token)
        self.bound += [run.index for run in runs]
        with cursor.deeper():
            body, shape = self.product()
        del self.bound[-len(runs) :]
        for run in reversed(runs):
            body = self._over(run, body, token.text, last)
        return _Read(body, "long sum" if shape == "product" else "sum")

    def _over(self, run: _Running, body: Expr, name: str, last: Expr | None) -> Expr:
        if run.left_out is not None:
            elsewhere = 1 - KroneckerDelta(run.index, run.left_out)
            body = body * elsewhere if name == "sum" else body**elsewhere
        return SUMS[name](body, (run.index, 1, last or self.names.last_of(run.index, body)))

    def _checked_last(self, runs: list[_Running], place: Token, above: Expr | None) -> Expr | None:
        """Read the last value, unless it stood before the index.

        Every index is to run over its range, and over one thing at a time.
        """
        cursor, ranges = self.cursor, self.names.ranges
        seen = list(self.bound)
        for run in runs:
            if run.index in seen:
                otherwise = "take another letter, or put that sum in brackets"
                cursor.fail(f"{run.index} is in use by a sum: {otherwise}", place)
            if run.first not in {None, 1}:
                cursor.fail(f"expected {run.index} to run from 1, got {run.first}", place)
            seen.append(run.index)
        last = above or self._last()
        for run in runs:
            known = {ranges[run.index], *(ranges.values() if run.index in EITHER else ())}
            if last not in {None, *known}:
                cursor.fail(f"expected {run.index} to run up to {ranges[run.index]}, got {last}", place)
        return last

    def _last(self) -> Expr | None:
        if not self.cursor.accept("^"):
            return None
        opening = self.cursor.accept("{", "(")
        last = self._one_index()
        if opening:
            self.cursor.expect(CLOSING[opening.text], "after the last value")
        return last

    def _runs(self) -> list[_Running]:
        """Read what a sum or product runs over: ``k``, ``k=1``, ``{k=1}``, ``{k != j}`` or ``{n, k}``."""
        opening = self.cursor.accept("{", "(")
        if not opening:
            return self._run()
        found = self._run()
        closing = CLOSING[opening.text]
        while not self.cursor.sees(closing):
            if not self.cursor.accept(","):
                got = self.cursor.next.quoted
                self.cursor.fail(f"expected '{closing}' after the index of the sum, got {got}")
            found += self._run()
        self.cursor.take()
        return found

    def _run(self) -> list[_Running]:
        token = self.cursor.next
        indices = self._index_word()
        if not all(isinstance(index, Symbol) for index in indices):
            names = ", ".join(self.names.indices)
            self.cursor.fail(f"expected an index to run over ({names}), got {token.quoted}", token)
        if self.cursor.accept("="):
            return [*map(_Running, indices[:-1]), _Running(indices[-1], first=self._one_index())]
        if self.cursor.accept("!="):
            return [*map(_Running, indices[:-1]), _Running(indices[-1], left_out=self._one_index())]
        return [_Running(index) for index in indices]

    # indices

    def _subscript(self) -> list[Expr]:
        """Read the indices after ``_``: one word or number, or a list in brackets."""
        opening = self.cursor.accept("{", "(", "[")
        return self._indices_until(CLOSING[opening.text]) if opening else self._index_word()

    def _indices_until(self, closing: str) -> list[Expr]:
        """Read indices up to a closing bracket; commas between them may be left out."""
        found: list[Expr] = []
        while not self.cursor.sees(closing):
            found += self._index_word()
            self.cursor.accept(",")
        self.cursor.take()
        return found

    def _one_index(self) -> Expr:
        """Read exactly one index, or the last value of one (K, N)."""
        token = self.cursor.next
        if token.kind == "name" and self.names.symbols.get(token.text) in self.names.ranges.values():
            return self.names.symbols[self.cursor.take().text]
        found = self._index_word(least=0)
        if len(found) != 1:
            self.cursor.fail(f"expected one index, got {token.quoted}", token)
        return found[0]

    def _index_word(self, least: int = 1) -> list[Expr]:
        """Read ``k``, ``nk`` (two indices), ``3`` or ``x_n`` (an index that is itself looked up)."""
        cursor, names, token = self.cursor, self.names, self.cursor.take()
        got = token.quoted
        if token.kind == "number":
            if not token.text.isdigit() or not least <= int(token.text) <= 99:
                cursor.fail(f"expected an index from {least} to 99, counted from 1, got {got}", token)
            return [Integer(int(token.text))]
        if token.kind != "name":
            cursor.fail(f"expected an index, as in p_k, got {got}", token)
        if token.text in names.indices:
            return [names.indices[token.text]]
        if token.text in names.bases and cursor.sees("_", "["):
            base, rank = names.bases[token.text]
            with cursor.deeper():
                inner = self._subscript() if cursor.take().text == "_" else self._indices_until("]")
            if len(inner) == rank and base[tuple(inner)].is_integer:
                return [base[tuple(inner)]]
            cursor.fail(f"expected an index, got {got}, which is not a whole number from 1 on", token)
        rest = token.text.lstrip("".join(filter(lambda name: len(name) == 1, names.indices)))
        if rest == token.text or rest[:1].isdigit():
            cursor.fail(f"expected an index ({', '.join(names.indices)}), got {got}", token)
        letters = token.text.removesuffix(rest)
        if rest:  # LaTeX: q_jq_k is q_j q_k
            cursor.split(len(letters))
        return [names.indices[letter] for letter in letters]


_REST = {
    "=": ": write the right-hand side only",
    ",": ": write 0.5 and 1500 without a comma, and a base as in log_2(x)",
    ")": ": it closes nothing",
    "]": ": it closes nothing",
    "}": ": it closes nothing",
}
