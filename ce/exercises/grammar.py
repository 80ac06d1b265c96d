r"""The grammar of an answer, and its parser.

What people write, read as they mean it::

    expression  =  [sign] product { (+ | -) product }
    product     =  factor { (* | / | nothing) factor }
    factor      =  { sign } power
    power       =  primary [ ^ { sign } power ]
    primary     =  number | name | name subscript | function | sum | ( expression ) | [ index = index ]
    subscript   =  _ k | _ nk | _ {n, k} | _ {x_n} | _ 3 | [ k ] | ( k )
    function    =  (log | ln | log2 | log_2 | exp | sqrt | sigma) (( expression ) | factor)
    sum         =  (sum | prod) _ index [= 1] [ ^ last ] product

Scope, where habits differ:

* A sum takes the product after it and ends at ``+`` or ``-``: ``sum_k a b + c`` is ``(sum_k a b) + c``.
  Brackets extend it: ``sum_k (a b + c)``. Without ``= 1`` and a last value it runs over its whole range.
* A function without brackets takes one factor, with its subscript and power: ``log q_k^2`` is ``log(q_k^2)``,
  and ``log(q_k)^2`` is the square of the logarithm.
* What could be read in two ways is refused and both readings are named: ``log p_k/q_k``, ``1/2 N``,
  ``1/sum_l a_l b``. Another function or sum may follow: ``log p_k log q_k``.
* ``-x^2`` is ``-(x^2)``, ``a^b^c`` is ``a^(b^c)``, ``a/b*c`` is ``(a/b)*c``; numbers such as 0.01 are exact.
* ``[j = k]`` and ``delta_jk`` are 1 where the indices agree and 0 elsewhere.

The text is never run as code: the parser below builds SymPy expressions from a fixed table of functions,
within the bounds of :mod:`ce.exercises.bounds`.
"""

from __future__ import annotations

from sympy import E, I, Integer, KroneckerDelta, Rational, Symbol, exp, nan, oo, zoo
from sympy.core.expr import Expr

from ce.exercises.alphabet import Alphabet
from ce.exercises.bounds import BOUNDS, Bounds
from ce.exercises.cursor import Cursor
from ce.exercises.indices import single
from ce.exercises.reading import Read, ambiguous, bracketed, within
from ce.exercises.sums import SUMS
from ce.exercises.tokens import Token
from ce.exercises.words import FUNCTIONS, word

__all__ = ["parse"]


def parse(text: str, alphabet: Alphabet, bounds: Bounds = BOUNDS) -> Expr:
    """Read a reader's text as an expression.

    Parameters
    ----------
    text
        What the reader wrote, in the notation above.
    alphabet
        The names it may use.
    bounds
        How large it may be.

    Raises
    ------
    MalformedAnswer
        When the text is not in the grammar, names something unknown, divides by zero, is not real, or is too
        large.
    TypeError
        When ``text`` is not a string.

    Examples
    --------
    >>> from ce.exercises import alphabet
    >>> from ce.symbols import k, p, q
    >>> parse("-sum_k p_k log q_k", alphabet(p[k], q[k]))
    -Sum(log(q[k])*p[k], (k, 1, K))
    >>> parse("p_k (1 − p_j)", alphabet(p[k]))
    (1 - p[j])*p[k]
    >>> parse("p_k (1 − p_j", alphabet(p[k]))
    Traceback (most recent call last):
        ...
    ce.exercises.malformed.MalformedAnswer: expected ')' to close '(', got the end (character 13)
      p_k (1 − p_j
                  ^
    """
    if not isinstance(text, str):
        raise TypeError(f"parse: expected the answer as a str, got {type(text).__name__}")
    return _Parser(Cursor(text, bounds), alphabet).answer()


class _Parser:
    def __init__(self, cursor: Cursor, alphabet: Alphabet) -> None:
        self.cursor = cursor
        self.alphabet = alphabet
        self.bound: list[Symbol] = []
        self.sums = 0

    def answer(self) -> Expr:
        start = self.cursor.next
        value = self.expression()
        rest = self.cursor.next
        if rest.kind != "end":
            self.cursor.fail(f"expected an operator or the end, got {rest.quoted}{_REST.get(rest.text, '')}")
        within(self.cursor, start, lambda: self.cursor.bounds.check(value))
        if value.has(nan, zoo, oo, -oo, I):
            self.cursor.fail("expected a real number wherever it is used, got something undefined", start)
        return value

    def expression(self) -> Expr:
        with self.cursor.deeper():
            value = self.product().value
            while sign := self.cursor.accept("+", "-"):
                term = self.product().value
                value = value + term if sign.text == "+" else value - term
            return value

    def product(self) -> Read:
        read, factors = self.factor(), 1
        while True:
            here = self.cursor.next
            operator = self.cursor.accept("*", "/")
            if not operator and here.kind != "name" and not self.cursor.sees("(", "{", "["):
                return Read(read.value, "product") if factors > 1 else read
            self._refuse_two_readings(read, operator, here)
            factor, factors = self.factor(), factors + 1
            if operator and operator.text == "/":
                read = self._quotient(read, factor, operator)
            else:
                read = Read(read.value * factor.value, factor.shape)

    def _refuse_two_readings(self, before: Read, operator: Token | None, here: Token) -> None:
        """Let a function or a sum follow anything, other factors not where brackets are missing."""
        following = self.cursor.next
        if following.kind == "name" and (following.text in FUNCTIONS or following.text in SUMS):
            return
        if before.shape == "open":
            sign = operator.text if operator else " "
            ambiguous(self.cursor, here, f"log(a{sign}b)", f"(log a){sign}b")
        halves = before.shape == "number/number" and self.cursor.sees("(", "[")  # 1/2 (p - y)^2 is clear
        if not operator and before.shape in {"divisor", "number/number"} and not halves:
            ambiguous(self.cursor, here, "a/(b c)", "(a/b) c")

    def _quotient(self, dividend: Read, divisor: Read, slash: Token) -> Read:
        if divisor.shape == "long sum":
            ambiguous(self.cursor, slash, "a/(sum_l b_l c)", "a/(sum_l b_l) c")
        if divisor.value.is_zero:
            self.cursor.fail("expected a divisor that is not zero", slash)
        shape = "number/number" if dividend.shape == divisor.shape == "number" else "divisor"
        return Read(dividend.value / divisor.value, "open" if divisor.shape == "open" else shape)

    def factor(self) -> Read:
        negative = False
        while sign := self.cursor.accept("-", "+"):
            negative ^= sign.text == "-"
        read = self._power()
        return Read(-read.value, read.shape) if negative else read

    def _power(self) -> Read:
        base = self._primary()
        caret = self.cursor.accept("^")
        if not caret:
            return base
        with self.cursor.deeper():
            exponent = self.factor().value
        if base.value.is_zero and not exponent.is_positive:
            self.cursor.fail("expected a positive power of zero", caret)
        within(self.cursor, caret, lambda: self.cursor.bounds.check_power(base.value, exponent))
        return Read(exp(exponent) if base.value is E else base.value**exponent)

    def _primary(self) -> Read:
        token = self.cursor.next
        if token.kind == "number":
            return Read(self._number(), "number")
        if token.kind == "name":
            return word(self)
        if self.cursor.sees("(", "{"):
            return Read(bracketed(self, token.text, {"(": ")", "{": "}"}[token.text]))
        if self.cursor.accept("["):
            return Read(self._indicator())
        self.cursor.fail(f"expected a number, a name or '(', got {token.quoted}")

    def _number(self) -> Rational:
        token, after, sign = self.cursor.take(), self.cursor.next, self.cursor.ahead(1)
        most = self.cursor.bounds.digits
        if len(token.text) > most:
            self.cursor.fail(f"expected a number of at most {most} digits, got a longer one", token)
        if after.text in {"e", "E"} and not after.spaced and sign.text in {"+", "-"} and not sign.spaced:
            ambiguous(self.cursor, after, "a*10^-b", "a e - b with blanks")
        whole, _, decimals = token.text.partition(".")
        return Rational(int(whole + decimals or "0"), 10 ** len(decimals))

    def _indicator(self) -> Expr:
        """Read ``[j = k]``, which is 1 where the indices agree, or ``[j != k]``."""
        left = single(self.cursor, self.alphabet)
        sign = self.cursor.accept("=", "!=") or self.cursor.fail(
            f"expected '=' between two indices, as in [j = k], got {self.cursor.next.quoted}"
        )
        self.cursor.accept("=")
        delta = KroneckerDelta(left, single(self.cursor, self.alphabet))
        self.cursor.expect("]", "to close '['")
        return delta if sign.text == "=" else Integer(1) - delta


_REST = {
    "=": ": write the right-hand side only", ",": ": a decimal point is written '.'",
    ")": ": it closes nothing", "]": ": it closes nothing", "}": ": it closes nothing",
}  # fmt: skip
