"""Readers' answers to the book's own exercises, in many notations."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from sympy import Expr, IndexedBase, Integer, Rational, Symbol, exp, log, oo

from ce.derivation import AtLeast, Derivative, Equal, Limit, SameArgmin, World
from ce.exercises import (
    WITHOUT_SUMS,
    Exercise,
    MalformedAnswer,
    Names,
    NumberExercise,
    Outcome,
    as_short_as,
    check_step,
    parse,
    written,
)
from ce.formulas import entropy, kl_divergence
from ce.symbols import K, j, logit, p, q, theta, x, z
from tests.exercises.book_exercises import (
    SYMBOLIC,
    coin,
    cross_entropy_of_hard,
    cross_entropy_slope,
    divergence,
    one_bit,
    softmax_gradient,
    squared_error_of_hard,
    squared_error_slope,
    two_coins,
)

RIGHT = {
    "softmax gradient": [
        "p_j - y_j",
        "-y_j + p_j",
        "p_j-y_j",
        "p_j − y_j",
        "-(y_j - p_j)",
        "p[j] - y[j]",
        r"p_{j} - y_{j}",
    ],
    "softmax Jacobian": [
        "p_k (delta_jk - p_j)",
        "p_k([j=k] - p_j)",
        "p_j (delta_{kj} - p_k)",
        "[k=j] p_k - p_j p_k",
        "p_k δⱼₖ − pⱼ pₖ",
        "p_j (1 - p_j) [j=k] - p_j p_k [j≠k]",
        r"p_k \left( \delta_{jk} - p_j \right)",
    ],
    "mean negative log-likelihood": [
        "-1/N sum_n log q_{x_n}",
        "-(1/N) sum_{n=1}^N log q_x_n",
        "-1/N log prod_n q(x_n)",
        "1/N sum_n log(1/q_{x_n})",
        "-(sum_n ln q_{x_n})/N",
        "-sum_n (log q_{x_n})/N",
        "-1/N sum_n sum_k [x_n = k] log q_k",
        r"-\frac{1}{N} \sum_{n=1}^{N} \log q_{x_n}",
    ],
    "by faces": [
        "-sum_k p_k log q_k",
        "−Σ_{k=1}^{K} p_k · ln(q_k)",
        "sum_k p_k log(1/q_k)",
        "-log prod_k q_k^p_k",
        "-sum_j p_j log q_j",
    ],
    "divergence": [
        "-sum_k p_k log q_k - (-sum_k p_k log p_k)",
        "sum_k p_k log(p_k/q_k)",
        "sum_k p_k (log p_k - log q_k)",
        "sum_k p_k log p_k - sum_j p_j log q_j",
        "-sum_k p_k log(q_k/p_k)",
        "sum_k p_k log(p_k/q_k) + 1 - sum_k q_k",
    ],
    "one-hot": ["-log q_c", "log(1/q_c)", "-ln(q_c)"],
    "binary gradient": [
        "p̂ - y",
        "phat-y",
        "σ(z) − y",
        "sigma(z) - y",
        "1/(1+e^-z) - y",
        "-y + 1/(1 + exp(-z))",
        "(1-y) sigma(z) - y sigma(-z)",
    ],
    "squared gradient": [
        "2(p̂-y)p̂(1-p̂)",
        "2 p̂² (1-p̂) - 2 y p̂ (1-p̂)",
        "2 (sigma(z) - y) sigma(z) sigma(-z)",
        "2(p̂-y) e^-z/(1+e^-z)^2",
    ],
}

ANSWERS = [(name, text) for name, texts in RIGHT.items() for text in texts]

UNSIMPLIFIED = [
    ("softmax gradient", "e^z_j/(sum_l e^z_l) - y_j", "with p and y"),
    ("softmax gradient", "sum_k y_k (p_j - [j=k])", "without sums"),
    ("one-hot", "-sum_k y_k log q_k", "without sums"),
    ("by faces", "-1/N sum_n log q_{x_n}", "with p and q"),
]

WRONG = [
    # exercise, text, kind of hint, part of the message
    ("softmax gradient", "y_j - p_j", "sign", "the sign the other way round"),
    ("softmax gradient", "p_k - y_k", "index", "wrote the index k for j"),
    ("softmax gradient", "p_j", "", "expected"),
    ("softmax gradient", "p_j (1 - p_j)", "", "the two differ"),
    ("softmax gradient", "2 p_j - 2 y_j", "factor", "a factor 2 too many"),
    ("softmax Jacobian", "p_k (p_j - delta_jk)", "sign", "the sign"),
    ("softmax Jacobian", "p_k (1 - p_j)", "delta", "wrote 1 for a delta"),
    ("softmax Jacobian", "p_k (1 - p_k)", "delta", "gave the case k = j only"),
    ("softmax Jacobian", "-p_k p_j", "delta", "left out the term"),
    ("mean negative log-likelihood", "-sum_n log q_{x_n}", "factor", "a factor N too many"),
    ("mean negative log-likelihood", "1/N sum_n log q_{x_n}", "sign", "the sign"),
    ("mean negative log-likelihood", "sum_n log q_{x_n}", "factor", "and you have a factor N too many"),
    ("mean negative log-likelihood", "-1/N log q_{x_n}", "sum", "forgot to sum over n"),
    ("mean negative log-likelihood", "-1/N sum_n log_2 q_{x_n}", "units", "bits for nats"),
    ("mean negative log-likelihood", "-1/N sum_n sum_k log q_k", "", "the two differ"),
    ("by faces", "-N sum_k p_k log q_k", "factor", "a factor N too many"),
    ("by faces", "-sum_k p_k log q_k + sum_k p_k log p_k", "", "the two differ"),
    ("by faces", "prod_k q_k^p_k", "logarithm", "minus the logarithm"),
    ("divergence", "sum_k q_k log(q_k/p_k)", "swapped", "p and q swapped"),
    ("divergence", "sum_k p_k log(q_k/p_k)", "sign", "the sign"),
    ("divergence", "sum_k q_k log(p_k/q_k)", "swapped", "the other way round, and you have p and q swapped"),
    ("divergence", "p_k log(p_k/q_k)", "sum", "forgot to sum over k"),
    ("divergence", "-sum_k p_k log(p_k q_k)", "", "the two differ"),
    ("one-hot", "-log q_k", "index", "wrote the index k for c"),
    ("one-hot", "log q_c", "sign", "the sign"),
    ("one-hot", "q_c", "logarithm", "minus the logarithm"),
    ("one-hot", "-y_c", "", "the two differ"),
    ("binary gradient", "y - p̂", "sign", "the sign"),
    ("binary gradient", "(p̂ - y) p̂ (1 - p̂)", "slope", "the slope of phat one time too many"),
    ("binary gradient", "1/(p̂ - y)", "inverted", "upside down"),
    ("binary gradient", "1 - p̂ + y", "complement", "one minus"),
    ("squared gradient", "(p̂ - y) p̂ (1 - p̂)", "factor", "forgot a factor 2"),
    ("squared gradient", "2 (p̂ - y)", "slope", "the slope of phat"),
    ("squared gradient", "y - p̂", "slope", "the slope of phat, and a factor 2"),
]


@pytest.mark.parametrize(("name", "text"), ANSWERS)
def test_a_right_answer_is_right_however_it_is_written(name: str, text: str) -> None:
    feedback = SYMBOLIC[name].check(text)
    assert str(feedback) == "right"
    assert feedback.right


@pytest.mark.parametrize(("name", "text", "asked"), UNSIMPLIFIED)
def test_an_answer_that_is_right_in_another_form_is_told_so(name: str, text: str, asked: str) -> None:
    feedback = SYMBOLIC[name].check(text)
    assert feedback.outcome is Outcome.NOT_AS_ASKED
    assert str(feedback).startswith("right but not simplified as asked: write it ")
    assert asked in feedback.message
    assert not feedback.right


@pytest.mark.parametrize(("name", "text", "hint", "words"), WRONG)
def test_a_wrong_answer_is_wrong_and_the_likely_mistake_is_named(name: str, text: str, hint: str, words: str) -> None:
    feedback = SYMBOLIC[name].check(text)
    assert feedback.outcome is Outcome.WRONG
    assert feedback.mistake == hint
    assert words in feedback.message
    assert feedback.message.startswith("you probably ") == bool(hint)


@pytest.mark.parametrize("name", SYMBOLIC)
def test_the_worked_answer_is_accepted_as_an_answer(name: str) -> None:
    exercise = SYMBOLIC[name]
    assert exercise.check(written(exercise.line)).right


def test_a_sum_that_ends_too_soon_is_not_called_wrong() -> None:
    for text in ("sum_k p_k log p_k - log q_k", "sum_k p_k log(p_k) - p_k log(q_k)"):
        feedback = divergence.check(text)
        assert feedback.outcome is Outcome.UNREAD
        assert "the index k has no value here, outside of any sum over it: a sum ends at + or -" in feedback.message


def test_an_index_without_a_value_is_not_understood_unless_the_mistake_is_known() -> None:
    for text in ("p_j - y_k", "c (p_j - y_j)", "p_j log c"):
        feedback = softmax_gradient.check(text)
        assert feedback.outcome is Outcome.UNREAD
        assert "has no value here, outside of any sum over it" in feedback.message
    assert softmax_gradient.check("p_k - y_k").mistake == "index"


def numbers_in(where: str, name: str) -> list[float]:
    """Return the numbers a message gives for a name, as in ``K = 2, p = (1/2, 1/2)``."""
    (found,) = re.findall(rf"\b{name} = (\([^)]*\)|[^,]+)", where)
    return [float(Fraction(number)) for number in found.strip("()").replace("−", "-").split(",")]


def test_without_a_hint_both_numbers_are_shown_and_are_right() -> None:
    feedback = divergence.check("-sum_k p_k log q_k")
    found = feedback.difference
    assert found is not None
    assert str(feedback) == (
        f"wrong: at {found.where} the two differ: yours is {found.yours}, expected {found.expected}"
    )
    # The sides by hand, at whatever point was drawn.
    truth, belief = (numbers_in(found.where, name) for name in "pq")
    yours = -sum(a * math.log(b) for a, b in zip(truth, belief, strict=True))
    own = -sum(a * math.log(a) for a in truth if a)
    assert float(found.yours) == pytest.approx(yours, abs=1e-6)
    assert float(found.expected) == pytest.approx(yours - own, abs=1e-6)


def test_an_answer_that_is_right_only_where_it_has_a_value_is_told_so() -> None:
    feedback = softmax_gradient.check("(p_j y_j - y_j^2)/y_j")
    assert feedback.outcome is Outcome.WRONG
    assert "your answer has no value (a division of zero by zero); elsewhere it agrees" in feedback.message
    assert not feedback.mistake


def test_a_condition_dropped_makes_the_same_answer_wrong() -> None:
    exercise = softmax_gradient
    free = exercise.world.without(normalised=exercise.world.normalised)
    with pytest.raises(ValueError, match="expected a worked answer that holds"):
        Exercise("?", exercise.answer, free, exercise.names, given=exercise.given)


def test_a_false_worked_answer_does_not_build() -> None:
    with pytest.raises(ValueError, match="expected a worked answer that holds"):
        Exercise("?", entropy.textbook, World(), Names(p, q), given=kl_divergence.textbook)


def test_a_worked_answer_must_have_the_form_it_asks_for() -> None:
    with pytest.raises(ValueError, match="expected a worked answer with at most 1"):
        Exercise("?", p[j] + q[j], World(in_range={j: K}), Names(p, q), form=as_short_as(p[j]))


def test_a_form_is_judged_only_if_the_question_asks_for_it() -> None:
    with pytest.raises(ValueError, match="expected the question to say 'without sums'"):
        Exercise("Write it.", p[j], World(in_range={j: K}), Names(p), form=WITHOUT_SUMS)


def test_a_question_names_the_expressions_it_shows() -> None:
    with pytest.raises(ValueError, match="expected the question to name"):
        Exercise("What is {loss}?", p[j], World(in_range={j: K}), Names(p))


def test_a_form_counts_symbols_and_numbers() -> None:
    question = "Write it with at most 2 symbols and numbers."
    world, form = World(in_range={j: K}), as_short_as(p[j] - q[j])
    short = Exercise(question, p[j] - q[j], world, Names(p, q), form=form)
    assert short.check("p_j - q_j").right
    assert short.check("(p_j^2 - q_j^2)/(p_j + q_j)").outcome is Outcome.NOT_AS_ASKED


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("(theta - s)/(theta (1 - theta))", 5),
        ("-s/theta + (1 - s)/(1 - theta)", 6),
        ("1/(1 + e^-s)", 3),
        ("sqrt(1 - s)/2", 4),
        ("-2 s^2", 3),
        ("sum_k p_k log(p_k/q_k)", 3),
    ],
)
def test_symbols_and_numbers_are_counted_as_a_person_does(text: str, count: int) -> None:
    names = Names(p, q, theta, Symbol("s", positive=True))
    line = parse(text, names)
    enough, short = as_short_as(line), as_short_as(line, -1)
    assert enough.asks == f"with at most {count} symbols and numbers"
    assert enough.holds(line)
    assert not short.holds(line)


ten_thousand = NumberExercise("A bit for each of 10,000 tosses, (0, 1): how many bytes?", Integer(1250))
bytes_of_bits = NumberExercise("How many bytes are {bits} bits?", Integer(12) / 8, shows={"bits": Integer(12)})

NUMBERS = [
    # exercise, text, how the feedback begins, its hint
    (cross_entropy_of_hard, "4.605", "right", ""),
    (cross_entropy_of_hard, "4.61 nats", "right", ""),
    (cross_entropy_of_hard, "-log .01", "right", ""),
    (cross_entropy_of_hard, "ln(100)", "right", ""),
    (cross_entropy_of_hard, "4.605e0", "right", ""),
    (cross_entropy_of_hard, "6.644 bits", "right: 6.644 bits is 4.605 nats", ""),
    (cross_entropy_of_hard, "2 hartleys", "right: 2 hartleys is 4.605 nats", ""),
    (cross_entropy_of_hard, "4.6", "right but rounded too far: give three", ""),
    (cross_entropy_of_hard, "5", "wrong: 5 nats is too large", ""),
    (cross_entropy_of_hard, "4.60", "wrong: the last digit is off", "rounding"),
    (cross_entropy_of_hard, "4.614", "right", ""),
    (cross_entropy_of_hard, "4.604", "wrong: the last digit is off", "rounding"),
    (cross_entropy_of_hard, "log(99)", "wrong: 4.595 nats is too small", ""),
    (cross_entropy_of_hard, "0", "wrong: 0 nats is too small", ""),
    (squared_error_of_hard, "1", "wrong: 1 is too large", ""),
    (one_bit, "0.7", "right but rounded too far: give three", ""),
    (one_bit, "1", "wrong: you probably gave bits for nats", "units"),
    (cross_entropy_of_hard, "6.644", "wrong: you probably gave bits for nats", "units"),
    (cross_entropy_of_hard, "2", "wrong: you probably gave hartleys for nats", "units"),
    (cross_entropy_of_hard, "-4.605", "wrong: you probably have the sign", "sign"),
    (cross_entropy_of_hard, "9.21", "wrong: you probably have a factor 2 too many", "factor"),
    (cross_entropy_of_hard, "0.01", "wrong: 0.01 nats is too small", ""),
    (cross_entropy_of_hard, "∞", "wrong: ∞ nats is too large", ""),
    (cross_entropy_of_hard, "4,605", "right: 4,605 read as 4.605", ""),
    (cross_entropy_of_hard, "= 4.605 nats per example.", "right", ""),
    (cross_entropy_of_hard, "≈ 4.605", "right", ""),
    (cross_entropy_of_hard, "L = -ln 0.01 = 4.605 nats", "right", ""),
    (cross_entropy_of_hard, r"H(p, q) = \ln 100 \approx 4.605\ldots", "right", ""),
    (cross_entropy_of_hard, "4.6051…", "right", ""),
    (cross_entropy_of_hard, r"4.605\,\text{nats}", "right", ""),
    (cross_entropy_of_hard, "4.605 (nats)", "right", ""),
    (cross_entropy_of_hard, "6.644 [bits]", "right: 6.644 bits is 4.605 nats", ""),
    (cross_entropy_of_hard, "0.4605 x 10^1", "right", ""),
    (cross_entropy_of_hard, "4605×10⁻³", "right", ""),
    (cross_entropy_of_hard, r"460.5 \times 10^{-2}", "right", ""),
    (cross_entropy_of_hard, "p != 4.605", "not understood", ""),
    (cross_entropy_of_hard, r"$\approx 4.605\text{ nats}$", "right", ""),
    (cross_entropy_of_hard, "~4.605", "right", ""),
    (cross_entropy_of_hard, "about 4.605", "right", ""),
    (cross_entropy_of_hard, "ca. 4.605 nats", "right", ""),
    (cross_entropy_of_hard, "Answer: 4.605", "right", ""),
    (cross_entropy_of_hard, "4.605 nats given p = 0.01", "not understood", ""),
    (cross_entropy_of_hard, "4.605; p = 0.01", "not understood", ""),
    (cross_entropy_of_hard, "-sum p log q = 4.605", "right", ""),
    (cross_entropy_of_hard, "-sum_k=1^2 p_k log q_k", "not understood", ""),
    (cross_entropy_of_hard, r"\boxed{4.605\text{ nats}}", "right", ""),
    (cross_entropy_of_hard, r"\begin{aligned} L &= \ln 100 \\ &= 4.605 \end{aligned}", "right", ""),
    (cross_entropy_of_hard, "4{,}605", "right: 4,605 read as 4.605", ""),
    (cross_entropy_of_hard, r"\mathbf{4.605}", "right", ""),
    (cross_entropy_of_hard, "4·605", "not understood: this can be read in two ways: write a.b or a*b", ""),
    (cross_entropy_of_hard, "4.6051701859880913680359829093687284152022029772575459520666558", "not understood", ""),
    (cross_entropy_of_hard, "4.60517018598809136803598290936872841520220297725754595", "right", ""),
    (cross_entropy_of_hard, "4.605 bytes", "not understood", ""),
    (cross_entropy_of_hard, "ln100", "right", ""),
    (cross_entropy_of_hard, "log100", "right", ""),
    (cross_entropy_of_hard, "Log[100]", "right", ""),
    (ten_thousand, "1250 bytes", "right", ""),
    (ten_thousand, "10000", "wrong: that number stands in the question", "given"),
    (ten_thousand, "1", "wrong: that number stands in the question", "given"),
    (ten_thousand, "10", "wrong: 10 is too small", ""),
    (bytes_of_bits, "1.5", "right", ""),
    (bytes_of_bits, "1.5 bytes", "right", ""),
    (bytes_of_bits, r"1.5\,\text{bytes} per word", "right", ""),
    (bytes_of_bits, "12 bits", "wrong: the answer is not in bits", ""),
    (bytes_of_bits, "1.5 bytes 8", "not understood", ""),
    (cross_entropy_of_hard, "log_e 100", "right", ""),
    (cross_entropy_of_hard, "\ufeff4.605\u200b", "right", ""),
    (cross_entropy_of_hard, "460.5%", "right", ""),
    (cross_entropy_of_hard, "sqrt(1-e)", "not understood: expected a real number", ""),
    (cross_entropy_of_hard, "(-8)^(1/3)", "not understood: expected a real number", ""),
    (one_bit, "1 bit", "wrong: the question is how many nats that is", "units"),
    (one_bit, "0.693 nats", "right", ""),
    (squared_error_of_hard, "98.01 %", "right", ""),
    (squared_error_of_hard, "98.01 Percent", "right", ""),
    (squared_error_of_hard, "98.01", "wrong: you probably gave per cent", "percent"),
    (cross_entropy_of_hard, "4.605 apples", "not understood: unknown name 'apples'", ""),
    (squared_error_of_hard, "0.9801", "right", ""),
    (squared_error_of_hard, ".99^2", "right", ""),
    (squared_error_of_hard, "0.98", "right", ""),
    (squared_error_of_hard, "0.99", "wrong: 0.99 is too large", ""),
    (squared_error_of_hard, "0.9801 nats", "wrong: the answer is not in nats", ""),
    (cross_entropy_slope, "-0.99", "right", ""),
    (cross_entropy_slope, "−99/100", "right", ""),
    (cross_entropy_slope, "0.99", "wrong: you probably have the sign", "sign"),
    (cross_entropy_slope, "0.01", "wrong: 0.01 is too large", ""),
    (cross_entropy_slope, "-1", "wrong: −1 is too small", ""),
    (squared_error_slope, "-0.0196", "right", ""),
    (squared_error_slope, "2 (.01 - 1) .01 .99", "not understood", ""),
    (squared_error_slope, "2*(.01 - 1)*.01*.99", "right", ""),
    (squared_error_slope, "-0.0098", "wrong: you probably forgot a factor 2", "factor"),
    (coin, "1", "right", ""),
    (coin, "1 bit", "right", ""),
    (coin, "0.693 nats", "right: 0.693 nats is 1 bit", ""),
    (coin, "0.693", "wrong: you probably gave nats for bits", "units"),
    (coin, "0", "wrong: 0 bits is too small", ""),
    (coin, "1 nat", "wrong: you probably gave bits for nats", "units"),
    (two_coins, "0.2075", "right", ""),
    (two_coins, "1/2 log2(2) + 1/2 log2(2/3)", "right", ""),
    (two_coins, "0.1887", "wrong: you probably have p and q swapped", "swapped"),
    (two_coins, "0.1438", "wrong: you probably gave nats for bits", "units"),
]


@pytest.mark.parametrize(("exercise", "text", "begins", "hint"), NUMBERS)
def test_numbers_are_judged_with_their_units(exercise: NumberExercise, text: str, begins: str, hint: str) -> None:
    feedback = exercise.check(text)
    assert str(feedback).startswith(begins)
    assert feedback.right == (begins.split(":", maxsplit=1)[0] == "right")
    assert feedback.mistake == hint


def test_the_numbers_themselves_are_the_known_ones() -> None:
    assert float(cross_entropy_of_hard.value) == pytest.approx(-math.log(0.01), rel=1e-12)
    assert float(squared_error_of_hard.value) == pytest.approx(0.99**2, rel=1e-12)
    assert float(cross_entropy_slope.value) == pytest.approx(-0.99, rel=1e-12)
    assert float(squared_error_slope.value) == pytest.approx(2 * (0.01 - 1) * 0.01 * 0.99, rel=1e-12)
    assert float(coin.value) == pytest.approx(1.0, rel=1e-12)
    assert float(two_coins.value) == pytest.approx(0.5 * math.log2(2) + 0.5 * math.log2(2 / 3), rel=1e-12)


def test_an_infinite_answer_is_answered_by_infinity() -> None:
    limit = NumberExercise("Where does the loss tend to?", oo)
    assert limit.check("inf").right
    assert limit.check("+∞").right
    assert limit.check("-∞").mistake == "sign"
    assert limit.check("10^9").outcome is Outcome.WRONG
    assert '"value":"Infinity"' in limit._repr_html_()
    assert '"-Infinity"' in limit._repr_html_()


def test_an_answer_may_be_nothing() -> None:
    certain = NumberExercise("How large is the entropy of what is certain?", Integer(0), unit="bits")
    assert '"value":0.0' in certain._repr_html_()
    assert certain.check("0").right
    assert certain.check("1").outcome is Outcome.WRONG


@pytest.mark.parametrize("digits", range(1, 7))
def test_the_answer_is_shown_to_as_many_digits_as_are_asked_for(digits: int) -> None:
    asked = NumberExercise("How large is it, in nats?", log(22026), unit="nats", digits=digits)
    assert asked.check(asked.answer_text).right
    assert asked.answer_text in asked.worked_html
    assert asked.answer_text == ("9.99998 nats" if digits == 6 else "10 nats")


OPEN = [
    (entropy.textbook, {}, "expected numeric bounds"),
    (theta**2, {}, "got none for {theta}"),
    (entropy.textbook, {p: (0.5, 0.5), q: (1,)}, "tuples of one length"),
    (entropy.textbook, {p: (0.0, 1.0)}, "expected a number, got nan"),
    (entropy.textbook, {p: 0.5}, "expected a tuple of numbers for p in values, got 0.5"),
    (entropy.textbook, {p: ()}, "expected a tuple of numbers for p"),
    (entropy.textbook, {p: ("a", "b")}, "expected a tuple of numbers for p"),
    (theta, {theta: "1"}, "expected a number for theta in values, got '1'"),
    (exp(1000), {}, "expected an answer that a float can hold, got 1.97"),
]


@pytest.mark.parametrize(("answer", "values", "message"), OPEN)
def test_a_number_exercise_needs_values_at_which_it_has_one(
    answer: Expr, values: dict[Symbol | IndexedBase, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        NumberExercise("?", answer, values)


def test_a_number_exercise_knows_its_units_and_tolerances() -> None:
    with pytest.raises(ValueError, match="expected a unit among"):
        NumberExercise("?", Integer(1), unit="bans")
    with pytest.raises(ValueError, match="expected from 1 to 6 significant digits"):
        NumberExercise("?", Integer(1), digits=9)


def test_an_undefined_swap_does_not_stop_the_judge() -> None:
    certain = NumberExercise("?", kl_divergence.stable, {p: (1, 0), q: (0.5, 0.5)}, unit="bits")
    assert certain.check("1").right
    assert certain.check("3").outcome is Outcome.WRONG


@pytest.mark.parametrize("text", [None, 4.605, b"4.605"])
def test_answers_are_text(text: object) -> None:
    for exercise in (coin, softmax_gradient):
        with pytest.raises(TypeError, match="expected the answer as a str"):
            exercise.check(text)  # type: ignore[arg-type]


# A reader's own step

NAMES = Names(p, q, z, x, theta, logit)
WORLD = World(normalised=(p, q), labels={x: K})
CE, KL = "-sum_k p_k log q_k", "sum_k p_k log(p_k/q_k)"


def test_a_readers_equality_is_judged() -> None:
    assert check_step(KL, f"{CE} + sum_k p_k log p_k", Equal, WORLD, NAMES).right
    assert check_step(KL, "sum_k q_k log(q_k/p_k)", Equal, WORLD, NAMES).mistake == "swapped"
    assert check_step(kl_divergence.textbook, CE, Equal, WORLD, NAMES).outcome is Outcome.WRONG


def test_a_readers_derivative_is_judged() -> None:
    step = partial(Derivative, by=logit)
    assert check_step("log(1 + e^-z)", "-sigma(-z)", step, World(), Names(logit)).right
    assert check_step("log(1 + e^-z)", "sigma(-z)", step, World(), Names(logit)).mistake == "sign"
    wrong = check_step("log(1 + e^-z)", "sigma(z)", step, World(), Names(logit))
    assert wrong.difference is not None
    (at,) = numbers_in(wrong.difference.where, "z")
    (expected,) = numbers_in(f"slope = {wrong.difference.expected}", "slope")
    assert expected == pytest.approx(-1 / (1 + math.exp(at)), abs=1e-6)


def test_a_readers_change_of_objective_is_judged() -> None:
    step = partial(SameArgmin, over=q)
    names = Names(p, q)
    assert check_step(CE, KL, step, WORLD, names).right
    assert check_step(CE, f"{CE} + sum_k q_k^2", step, WORLD, names).outcome is Outcome.WRONG
    assert check_step(CE, "sum_k p_k log q_k", step, WORLD, names).mistake == "sign"


def test_a_readers_inequality_is_judged_and_an_unproven_one_is_not_called_wrong() -> None:
    assert check_step("theta^2 + 1", "1", AtLeast, World(), NAMES).right
    assert check_step("theta^2", "1", AtLeast, World(), NAMES).outcome is Outcome.WRONG
    unproven = check_step(KL, "0", AtLeast, WORLD, NAMES)
    assert unproven.outcome is Outcome.UNDECIDED
    assert unproven.message == "no number refutes it, and no rule proves it"
    zero = divergence.check("log prod_k (p_k/q_k)^p_k")  # where p_k is 0 it is more than the checker knows
    assert str(zero) == f"not decided: {unproven.message}"


def test_a_readers_limit_is_judged() -> None:
    step = partial(Limit, variable=logit, to=oo)
    assert check_step("log(1 + e^-z)", "0", step, World(), Names(logit)).right
    assert check_step("log(1 + e^-z)", "1", step, World(), Names(logit)).outcome is Outcome.WRONG


def test_a_line_given_that_cannot_be_read_is_the_callers_error() -> None:
    with pytest.raises(MalformedAnswer):
        check_step("sum_k p_k |", "0", Equal, WORLD, NAMES)
    assert check_step(KL, "log(p_k", Equal, WORLD, NAMES).outcome is Outcome.UNREAD


def test_the_size_of_the_data_may_stand_in_a_step() -> None:
    assert check_step("sum_n log q_{x_n}", "N log theta", Equal, WORLD, NAMES).outcome is Outcome.WRONG
    assert check_step("sum_n theta", "N theta", Equal, WORLD, NAMES).right
    assert "forgot a factor N" in check_step("sum_n theta", "theta", Equal, WORLD, NAMES).message


def test_a_number_put_in_beside_another_is_no_mixed_number() -> None:
    twice = NumberExercise("What is twice {theta}?", 2 * theta, {theta: Rational(2, 5)}, shows={"theta": theta})
    assert r"2 \cdot \frac{2}{5}" in twice.worked_html
