"""The judge of the page against Python's: thousands of answers to every exercise, in a browser."""

from functools import cache

import pytest
from playwright.sync_api import Browser, Page

from tests.book.page_judge import OUTCOMES, mutated, open_judge, page_says
from tests.book.readers_answers import LINES_BETWEEN, every_exercise, right, wrong

HOSTILE = [
    "x" * 1_000_000,
    "(" * 390,
    "-" * 399,
    "9^9^9^9",
    "e^e^e^e^e^9",
    "exp(exp(exp(exp(9))))",
    "sum_k sum_j sum_l sum_m sum_n sum_i sum_c p_k",
    "sum_k sum_j sum_l sum_m sum_c exp(z_k + z_j + z_l + z_m + z_c)",
    "log " * 90 + "2",
    "(K+1)(N+1)(K+2)(N+2)(K+3)(N+3)(K+4)(N+4)(K+5)(N+5)",
    "2" + "^2" * 190,
    " " * 1_000_000 + "4.605",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "globalThis.run = 99",
    "constructor.constructor('run')()",
    "__proto__",
    "toString_k",
    "\x00\u202e\ud800",
    "\u0302" * 300,
    r"\mathbf{1.1.1.1}" * 25,
    r"\sqrt[9^9^9]{2}",
    r"\boxed{" * 50,
    "a=sum_b=" * 50,
    "1 bits" + " a" * 196,
    "1" + " fold" * 70 + "%",
]

DIFFERENT = {
    # The answer, what Python says and what the page says: all that differ. Python refuses by its assumptions what the
    # page finds false at its points (a logarithm or a root of what cannot be positive, a root of a root, an exponential
    # that could be large); it does not decide where two sides agree at all of its own; and with 16 digits a small
    # divisor counts as 0.
    ("sum_k (log -mu + t_k/mu)", "unread", "wrong"),
    ("-log(-s)", "unread", "wrong"),
    ("(-2 log(epsilon) - log(0s))^2", "unread", "wrong"),
    ("(K - 1) (K - 2) (K - 3) (K - 4) (K - 5) (K - 6) - exp(z0) - 1", "unread", "wrong"),
    (
        "\\left(epsilon - 1\\right) \\sum\\limits_{k} y_k \\log\\left(q_k\\right) "
        "- epsilon/K \\sum\\limits_{k} \\log-\\left(q_k\\right)",
        "unread",
        "wrong",
    ),
    ("(epsilon - 1) sum_k y_k log-(y_k) - epsilon/K sum_k log(y_k)", "unread", "wrong"),
    ("\ufefflog((\u00a0\u200b-\u00a0\u200bs)/s)/d", "unread", "wrong"),
    ("d/log((1 - 2)/s)", "unread", "wrong"),
    ("(2 d)/log(( - s)/s)", "unread", "wrong"),
    ("d log(( - s)/s)", "unread", "wrong"),
    ("d/(N log((1 - 3)/s))", "unread", "wrong"),
    ("-d/log(( - s)/s) + 1", "unread", "wrong"),
    ("d/log((1  s)/s) + 10^-40", "unread", "wrong"),
    ("  -s \\log\\left(s\\right) - \\left(1 - s\\right) \\log\\left( - s\\right). ", "unread", "wrong"),
    ("1/(- s + s)", "unread", "wrong"),
    ("$√p/(√ + √(1 - p))$", "unread", "wrong"),
    ("$√p/(√- + √(1 - p))$", "unread", "wrong"),
    ("$√p/(√-p + √(1 - p))$", "unread", "wrong"),
}


@cache
def answers(number):
    """Return right answers, wrong ones and what mutation makes of them."""
    exercise = every_exercise()[number]
    typed = [*right(exercise), *wrong(exercise)]
    return list(dict.fromkeys([*typed, *mutated(typed, exercise.slug)]))


def brief(outcome, mistake):
    return f"{outcome} {mistake if outcome == 'wrong' else ''}".strip()


@pytest.fixture(scope="module")
def judge(browser: Browser):
    page = browser.new_page()
    open_judge(page)
    yield page
    page.close()


@pytest.fixture(scope="module")
def compared(judge: Page):
    """What Python and the page say of each answer, briefly."""
    found = []
    for number, exercise in enumerate(every_exercise()):
        texts = answers(number)
        for text, said in zip(texts, page_says(judge, exercise, texts), strict=True):
            own = exercise.check(text)
            python = brief(OUTCOMES[own.outcome.name], own.mistake)
            found.append((text, python, brief(said["outcome"], said["mistake"])))
    return found


def test_the_page_and_python_have_the_same_words_for_an_index_that_runs_too_far(judge):
    found = 0
    for exercise in every_exercise():
        if "sum_k" not in (typed := right(exercise)[0]):
            continue
        wrongly = typed.replace("sum_k", "sum_n").replace("_k", "_n")
        (said,) = page_says(judge, exercise, [wrongly])
        own = exercise.check(wrongly)
        if own.mistake == "range":
            assert own.message.endswith(said["message"]), wrongly
            found += 1
    assert found >= 3


UNREAD = {
    "Σ p_k log(p_k/q_k)": "expected the index of the sum, as in sum_k, got 'p'",
    "sum(p_k log p_k)": "expected the index of the sum, as in sum_k, got '('",
    "sum_{k=0}^K p_k": "expected k to run from 1, got 0",
    "p_k/0": "expected a divisor that is not zero",
    "0^-1 p_k": "expected a positive power of zero",
}


def test_the_page_and_python_have_the_same_words_for_what_stops_them(judge):
    exercise = next(one for one in every_exercise() if right(one)[0].startswith("sum_k"))
    for (typed, words), said in zip(UNREAD.items(), page_says(judge, exercise, [*UNREAD]), strict=True):
        assert exercise.check(typed).message.startswith(words)
        assert said["message"].replace("'0'", "0") == words


def test_the_page_says_what_python_says_and_every_difference_is_known(compared):
    assert len(compared) >= 5000
    assert {row for row in compared if row[1] != row[2]} == DIFFERENT


def test_nearly_all_outcomes_and_hints_are_the_same(compared):
    outcomes = [own.split()[0] == said.split()[0] for _, own, said in compared]
    hints = [own == said for _, own, said in compared if own.startswith("wrong") and said.startswith("wrong")]
    assert sum(outcomes) >= 0.99 * len(outcomes)
    assert sum(hints) >= 0.97 * len(hints)
    assert len(hints) > 1000


def test_no_wrong_answer_is_called_right_and_no_right_one_wrong(compared):
    assert [row for row in compared if row[2] == "right" and row[1] != "right"] == []
    assert [row for row in compared if row[1] == "right" and row[2] != "right"] == []


def test_a_line_between_follows_on_the_page_where_it_does_in_python(judge):
    for exercise in every_exercise():
        for at, lines in enumerate(LINES_BETWEEN.get(exercise.slug, ())):
            said = judge.evaluate(
                "([lines, spec]) => lines.map((line) => judge(line, spec, 0).outcome)", [lines, exercise.spec]
            )
            assert set(said) <= ({"right", "not-as-asked"}, {"wrong"})[at], exercise.slug


def test_a_judge_that_forgot_its_points_would_be_found_out(judge):
    exercise = next(one for one in every_exercise() if one.kind == "formula")
    spoilt = {**exercise.spec, "right": [value + 1 for value in exercise.spec["right"]]}
    typed = exercise.answer_text
    said = [
        judge.evaluate("([text, spec]) => judge(text, spec).outcome", [typed, spec]) for spec in (exercise.spec, spoilt)
    ]
    assert said == ["right", "wrong"]


def test_hostile_answers_get_a_message_within_fifty_milliseconds_and_nothing_runs(judge):
    for exercise in (next(one for one in every_exercise() if one.kind == kind) for kind in ("formula", "number")):
        page_says(judge, exercise, ["1"])
        for text in HOSTILE:
            took = min(
                judge.evaluate(
                    "([text, spec]) => { const start = performance.now(); const { outcome } = judge(text, spec);"
                    " return [performance.now() - start, outcome]; }",
                    [text, exercise.spec],
                )
                for _ in range(3)
            )
            assert took[1] in {"unread", "wrong"}, text[:40]
            assert took[0] < 50, text[:40]
    assert judge.evaluate("[globalThis.run, Object.prototype.run]") == [None, None]
