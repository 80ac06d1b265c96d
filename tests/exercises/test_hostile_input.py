"""Whatever is typed: a reading or a message, after little work and in little memory."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy.core.expr import Expr

from ce.exercises import Feedback, MalformedAnswer, Names, Outcome, parse
from ce.exercises.question import Question
from tests.exercises.book_exercises import cross_entropy_of_hard, divergence, softmax_gradient

Counter: TypeAlias = Callable[[Callable[[], Any]], int]
MOST_CALLS = 1_000_000

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
    "blanks before a letter": " " * 40_000 + "x",
    "line breaks before a number": "\n" * 40_000 + "4.605",
    "a root of a long number": "(97^40-7)^(63/64)",
    "another root of a long number": "(83^40+2)^(63/64)",
    "a logarithm of a long number": "log(3^64*5^64+1)",
    "a logarithm of a long product": "log2(987654321987654321^33+2)",
    "sigmoids all the way": "sigma(" * 20 + "z_1" + ")" * 20,
    "roots that cancel": "theta/(sqrt(5+2 sqrt(6))-sqrt(2)-sqrt(3)+1)",
    "a root of a negative number": "sqrt(1-e)",
    "a third root of a negative number": "(-8)^(1/3)",
    "a sum of many sigmoids": "+".join(f"sigma({n} K)" for n in range(2, 28)),
    "a sum of many fractions": "+".join(f"1/(K+{n})" for n in range(1, 36)),
    "eight fractions": "+".join(f"1/(K+{n})" for n in range(1, 9)),
    "a long polynomial": "+".join(f"K^{n}" for n in range(60)),
    "its logarithm": f"log({'+'.join(f'K^{n}' for n in range(60))})",
    "a power of a negative number": "(-1)^0.1",
    "type with many points": r"\mathbf{1.1.1.1}" * 25,
    "a root with a small index": r"\sqrt[1/64]{97^40}",
    "a root whose index is a tower": r"\sqrt[9^9^9]{2}",
    "open indices of roots": r"\sqrt[" * 60,
    "boxes in boxes": r"\boxed{" * 50,
    "environments": r"\begin{a}" * 44,
    "words after a unit": "1 bits" + " a" * 196,
    "units in a row": "bits " * 79,
    "sides of an equation": "a=sum_b=" * 50,
    "blanks in blanks": "1" + r"\, \\ &" * 50,
    "Unicode fractions": "⅐" * 399,
    "exponents without brackets": "e^a" * 133,
    "capitals": "LOG " * 99 + "2",
    "a long decimal": "9" * 59 + "e99",
    "blanks that could be of two things": "1" + " fold" * 70 + "%",
    "the size of a complex power": "|exp(sqrt(z_j))|",
    "a root of a negative logarithm": "(log 0.5)^(1/3)",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_answered_with_little_work(name: str, names: Names, calls_of: Counter) -> None:
    tracemalloc.start()
    calls = calls_of(lambda: parse(HOSTILE[name], names))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert calls < 300_000
    assert peak < 50_000_000


REFUSED = [
    "a tower of powers",
    "a power with ten digits",
    "a power of a symbol",
    "a power made of a symbol",
    "an exponential of a logarithm",
    "a tower of exponentials",
    "powers of powers",
    "a wide power",
    "many brackets",
    "a hundred brackets",
    "ten thousand minus signs",
    "too many sums",
    "a digit string",
    "python",
    "an attribute",
    "a product of numeric powers",
    "blanks before a letter",
    "line breaks before a number",
    "a root of a long number",
    "another root of a long number",
    "a logarithm of a long number",
    "a logarithm of a long product",
    "sigmoids all the way",
    "roots that cancel",
    "a sum of many sigmoids",
    "a sum of many fractions",
]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_out_of_all_proportion_is_refused(name: str, names: Names) -> None:
    with pytest.raises(MalformedAnswer):
        parse(HOSTILE[name], names)


@pytest.mark.parametrize("exercise", [softmax_gradient, cross_entropy_of_hard, divergence])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_judged_with_little_work(name: str, exercise: Question, calls_of: Counter) -> None:
    assert exercise.check(HOSTILE[name]).outcome is not Outcome.RIGHT
    assert calls_of(lambda: exercise.check(HOSTILE[name])) < MOST_CALLS


# Expressions that nobody would write, put together at random within the grammar.
LEAVES = st.sampled_from(["p_j", "y_j", "z_j", "z_k", "p_k", "2", "7", "0.5", "K", "N", "(1/3)", "9" * 18])
POWERS = st.sampled_from(["2", "3", "9", "20", "64", "(1/2)", "(63/64)", "-3", "0.1"])
NAMED = st.sampled_from(["log", "exp", "sqrt", "sigma", "log2", "abs", "sum_k ", "sum_l ", "prod_m "])
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.tuples(parts, st.sampled_from("+-*/^"), parts).map(lambda abc: "({}){}({})".format(*abc)),
        st.tuples(NAMED, parts).map(lambda ab: "({}({}))".format(*ab)),
        st.tuples(parts, POWERS).map(lambda ab: "({})^{}".format(*ab)),
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=250, derandomize=True, database=None, suppress_health_check=[*HealthCheck])
@given(text=EXPRESSIONS, disguise=st.booleans())
def test_whatever_is_typed_gets_feedback_after_little_work(text: str, disguise: bool, calls_of: Counter) -> None:
    typed = f"p_j - y_j + ({text}) - ({text})" if disguise else text
    found: list[Feedback] = []
    assert calls_of(lambda: found.append(softmax_gradient.check(typed))) < MOST_CALLS
    (feedback,) = found
    assert feedback.right or feedback.message
    if disguise and feedback.outcome is Outcome.WRONG:  # wrong only in having no value, or a free index
        assert "no value" in feedback.message or "index" in feedback.message, typed


def test_a_long_text_is_refused_before_it_is_looked_at(calls_of: Counter) -> None:
    for exercise in (softmax_gradient, cross_entropy_of_hard):
        for text in (" " * 10**6 + "x", "1" * 10**6, "\n" * 10**6 + "4.605"):
            assert "expected at most 400 characters" in exercise.check(text).message
            assert calls_of(lambda text=text, exercise=exercise: exercise.check(text)) < 1000


def test_importing_the_package_takes_neither_numpy_nor_widgets() -> None:
    heavy = "('numpy', 'ipywidgets', 'matplotlib')"
    code = f"import sys, ce.exercises; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# SymPy caches and hypothesis shrinks: both take longer than a default deadline allows.
QUIET = settings(
    deadline=None,
    max_examples=300,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

PIECES = st.sampled_from(
    [
        "p_k",
        "q_j",
        "y",
        "z",
        "theta",
        "phat",
        "N",
        "K",
        "x_n",
        "q_{x_n}",
        "sum_k",
        "sum_{n=1}^N",
        "prod_l",
        "log ",
        "exp",
        "sqrt",
        "sigma",
        "e^",
        "(",
        ")",
        "[j=k]",
        "delta_jk",
        "+",
        "-",
        "*",
        "/",
        "^",
        " ",
        "1/N ",
        "2",
        "0",
        "0.5",
        "10^9",
        "H(p)",
        "KL(p||q)",
        "{",
        "}",
        "_",
        "²",
        "ₖ",
        "p̂",
        "\\frac{",
        "=",
        ",",
        "|",
        "99999",
        "1/(",
    ]
)


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
