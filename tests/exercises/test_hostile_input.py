"""Whatever is typed: a reading or a message, after little work and in little memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy.core.expr import Expr

from ce.exercises import MalformedAnswer, Names, parse

Counter: TypeAlias = Callable[[Callable[[], Any]], int]

HOSTILE = {
    "a tower of powers": "9^9^9",
    "a larger tower": "9^9^9^9^9^9^9",
    "a power with ten digits": "2^(10^9)",
    "a power of a symbol": "(2 theta)^(10^9)",
    "a power made of a symbol": "2^(10^9 N)",
    "an exponential of a logarithm": "exp(10^9 log 2)",
    "a tower of exponentials": "exp(exp(exp(exp(9))))",
    "e to the e": "e^e^e^e^e^e",
    "a negative huge power": "theta^-(10^17)",
    "powers of powers": "((((9^60)^60)^60)^60)^60",
    "powers of a sum": "((theta + z + 1)^60)^60",
    "a wide power": "(theta + z + phat + y + 1 + N + K)^60",
    "many brackets": "(theta+1)(z+1)(phat+1)(y+1)(N+1)(K+2)(theta+2)(z+2)(y+2)(N+2)(z+3)(y+3)",
    "five hundred brackets": "(" * 500 + "theta" + ")" * 500,
    "a hundred brackets": "(" * 100 + "theta" + ")" * 100,
    "a hundred open brackets": "(" * 100,
    "a hundred closing brackets": ")" * 100,
    "ten thousand minus signs": "-" * 10_000,
    "three hundred minus signs": "-" * 300 + "theta",
    "ten million characters": "theta+" * 1_700_000,
    "logarithms all the way": "log " * 90 + "K",
    "subscripts all the way": "q_" + "x_" * 150 + "n",
    "a hundred carets": "2" + "^2" * 150,
    "too many sums": "sum_k sum_j sum_l sum_m sum_n sum_i sum_c p_k",
    "a digit string": "9" * 390,
    "a long name": "a" * 390,
    "nothing but accents": "\u0302" * 300,
    "python": "__import__('os').system('true')",
    "an attribute": "().__class__.__bases__",
    "a lambda": "(lambda: 0)()",
    "a walrus": "(k := 3)",
    "sympy by its names": "Integral(Symbol(1))",
    "a script": "<script>alert(1)</script>",
    "null": "\x00",
    "surrogate": "\ud800",
    "digits of another script": "٣ + ३",
    "nested fractions": r"\frac{1}{" * 40 + "2" + "}" * 40,
    "a numeric root": "(10^17)^(1/7)^(1/11)",
    "a sum of numeric powers": "+".join(f"{n}^60" for n in range(2, 40)),
    "a product of numeric powers": " ".join(f"({n}^60)" for n in range(10, 60)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_answered_with_little_work(name: str, names: Names, calls_of: Counter) -> None:
    tracemalloc.start()
    calls = calls_of(lambda: parse(HOSTILE[name], names))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert calls < 300_000
    assert peak < 50_000_000


REFUSED = ["a tower of powers", "a power with ten digits", "a power of a symbol", "a power made of a symbol",
           "an exponential of a logarithm", "a tower of exponentials", "powers of powers", "a wide power",
           "many brackets", "a hundred brackets", "ten thousand minus signs", "too many sums",
           "a digit string", "python", "an attribute", "a product of numeric powers"]  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_out_of_all_proportion_is_refused(name: str, names: Names) -> None:
    with pytest.raises(MalformedAnswer):
        parse(HOSTILE[name], names)


# SymPy caches and hypothesis shrinks: both take longer than a default deadline allows.
QUIET = settings(
    deadline=None, max_examples=300, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip

PIECES = st.sampled_from([
    "p_k", "q_j", "y", "z", "theta", "phat", "N", "K", "x_n", "q_{x_n}", "sum_k", "sum_{n=1}^N", "prod_l",
    "log ", "exp", "sqrt", "sigma", "e^", "(", ")", "[j=k]", "delta_jk", "+", "-", "*", "/", "^", " ", "1/N ",
    "2", "0", "0.5", "10^9", "H(p)", "KL(p||q)", "{", "}", "_", "²", "ₖ", "p̂", "\\frac{", "=", ",", "|",
    "99999", "1/(",
])  # fmt: skip


@QUIET
@given(text=st.text(max_size=60))
def test_any_text_gives_a_reading_or_a_malformed_answer(text: str, names: Names) -> None:
    _read(text, names)


@QUIET
@given(pieces=st.lists(PIECES, max_size=25))
def test_any_pile_of_words_gives_a_reading_or_a_malformed_answer(pieces: list[str], names: Names) -> None:
    _read("".join(pieces), names)


def _read(text: str, names: Names) -> None:
    try:
        value = parse(text, names)
    except MalformedAnswer as refusal:
        value = refusal
    if isinstance(value, MalformedAnswer):
        assert 0 <= value.position <= len(text)
        assert len(str(value)) < 600
    else:
        assert isinstance(value, Expr)
        assert value.is_real is not False
