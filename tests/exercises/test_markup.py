"""How exercises and feedback are written: in words, escaped, whole without a script."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from sympy import Sum, log, symbols

from ce.bundle import joined, minified
from ce.derivation import AtLeast, Equal, World
from ce.exercises import (
    Choice,
    Condition,
    Exercise,
    FalseLine,
    Names,
    NumberExercise,
    Order,
    Outcome,
    StepByStep,
    check_step,
    static_files,
)
from ce.exercises.question import Question
from ce.formulas.typeset import typeset
from ce.symbols import K, j, k, p, q
from tests.exercises.book_exercises import SYMBOLIC, coin, cross_entropy_of_hard, divergence, softmax_gradient

ONE_SUM = Sum(p[k] * log(p[k] / q[k]), (k, 1, K))
APART = Sum(p[k] * log(p[k]), (k, 1, K)) - Sum(p[k] * log(q[k]), (k, 1, K))
LISTED = [
    Choice("Can it be?", (("Yes.", False, "No."), ("No.", True, "Never.")), name="can-it-be"),
    FalseLine("Which?", log(q[k] ** 2), (Equal(2 * log(q[k])), Equal(log(2 * q[k]))), World(in_range={k: K})),
    Condition(
        "When is it one?",
        Sum(q[k], (k, 1, K)),
        Equal(1),
        (("q sums to one", World(normalised=(q,))), ("never", World())),
    ),
    Order("Sort them.", ("first", "second", "third")),
]
EXERCISES = [*SYMBOLIC.values(), coin, cross_entropy_of_hard, *LISTED]
SET = """from ce.exercises import Choice
Choice("Which?", (("this", True, "it is"), ("that", False, "it is not")), name="{name}")
"""
JUDGEMENTS = {
    "RIGHT": softmax_gradient.check("p_j - y_j"),
    "NOT_AS_ASKED": softmax_gradient.check("e^z_j/(sum_l e^z_l) - y_j"),
    "ROUNDED": cross_entropy_of_hard.check("4.6"),
    "WRONG": softmax_gradient.check("y_j - p_j"),
    "UNREAD": softmax_gradient.check("p_j - <b>y_j</b>"),
    "UNDECIDED": check_step("sum_k p_k log(p_k/q_k)", "0", AtLeast, divergence.world, divergence.names),
}


class _Tags(HTMLParser):
    """Collects tags, and insists that they close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_outcome_is_shown_in_words() -> None:
    assert set(JUDGEMENTS) == {outcome.name for outcome in Outcome}
    for name, feedback in JUDGEMENTS.items():
        assert feedback.outcome.name == name
        page = _Tags(feedback._repr_html_())
        assert Outcome[name].value in page.text
        assert feedback.message.partition("\n")[0] in page.text


def test_what_the_reader_wrote_is_escaped() -> None:
    for text in ("<script>alert(1)</script>", "p_j <img src=x onerror=alert(1)>", "&lt;", '"><b>'):
        for exercise in (softmax_gradient, coin):
            html = exercise.check(text)._repr_html_()
            assert {"script", "img", "b"}.isdisjoint(_Tags(html).tags)
    assert "p_j - <b>y_j</b>" in _Tags(JUDGEMENTS["UNREAD"]._repr_html_()).text


def test_feedback_repeats_how_the_answer_was_read() -> None:
    feedback = divergence.check("sum_k p_k log p_k")
    assert feedback.read_as is not None
    assert rf"\({typeset(feedback.read_as)}\)" in _Tags(feedback._repr_html_()).text


def test_question_worked_answer_and_what_is_listed_stand_there_without_a_script() -> None:
    for exercise in EXERCISES:
        page = _Tags(exercise._repr_html_())
        assert {"section", "details", "summary"} <= set(page.tags)
        assert "form" not in page.tags  # it would be dead without a script
        assert page.tags.count("li") >= len(exercise.listed_html)
        for shown in exercise.shows.values():
            assert typeset(shown) in page.text


def test_the_data_of_the_box_cannot_end_its_element() -> None:
    exercise = NumberExercise("Is 1 < 2 & 3?", coin.answer, coin.values, because="</script><script>alert(1)</script>")
    page = _Tags(exercise._repr_html_())
    assert page.tags.count("script") == 1
    assert "Is 1 < 2 & 3?" in page.text


def test_a_number_is_shown_with_its_unit_and_its_working() -> None:
    assert "≈ 4.605 nats" in cross_entropy_of_hard.worked_html
    assert "= 1 bit." in coin.worked_html
    assert r"\log 0.5" in coin.worked_html  # the numbers put in
    assert r"\frac{1}{\log 2}" in coin.worked_html  # bits are nats by log 2


def test_the_plain_text_of_a_question_is_in_the_notation_of_the_answers() -> None:
    assert softmax_gradient.question_text == (
        "Differentiate -sum_k y_k log(p_k) by z_j, where p is the softmax of z; write it without sums and with p and y."
    )
    assert str(coin) == "The entropy of a fair coin, in bits?\nAnswer: -1/log(2) sum_k p_k log(p_k) = 1 bit"


def test_an_exercise_leaves_a_record_for_teachers() -> None:
    for exercise in EXERCISES:
        record = exercise.record
        assert record["name"] == exercise.slug
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", exercise.slug)
        assert exercise.check(record["answer"]).right


def test_an_exercise_names_the_claims_that_it_practises() -> None:
    def sign(claims: tuple[str, ...]) -> Choice:
        return Choice("Is it so?", (("No.", False, "It is not."), ("Yes.", True, "It is.")), claims=claims)

    assert 'data-claims="I3 C15" id="exercise-is-it-so-' in sign(("I3", "C15"))._repr_html_()
    assert "data-claims" not in sign(())._repr_html_()
    assert sign(("I3",)).record["claims"] == ["I3"]
    for claims in ("I3", ("3",), ("I0",), ("I3 C15",)):
        with pytest.raises(ValueError, match="expected claims as a tuple of numbers"):
            sign(claims)  # type: ignore[arg-type]


@pytest.mark.parametrize("exercise", [*LISTED, coin, divergence], ids=lambda one: type(one).__name__)
def test_a_part_of_another_type_is_refused_by_its_name(exercise: Question) -> None:
    for part in fields(exercise):
        for other in (None, object(), b"x", 0.5j, (object(),)):
            if part.name != "given" or other is not None:
                with pytest.raises(ValueError, match=rf"expected .*\b{part.name}\b"):
                    replace(exercise, **{part.name: other})


TEN = [f"Number {at}." for at in range(27)]
REFUSED: list[tuple[Callable[[], Question], str]] = [
    (lambda: Choice("Which?", (("A.", True, "It is."), ("A.", False, "It is not."))), "two to 26 different options"),
    (lambda: Choice("Which?", tuple((one, one == TEN[0], "So.") for one in TEN)), "two to 26 different options"),
    (lambda: Order("Which?", tuple(TEN)), "3 to 26 different lines"),
    (lambda: Order("Which?", ("A.", "B.", "A.")), "3 to 26 different lines"),
    (
        lambda: Order("Which} is it?", ("A.", "B.", "C.")),
        "expected braces in pairs, a brace itself as two, got 'Which}",
    ),
    (lambda: Order(" ", ("A.", "B.", "C.")), "expected a question, .* got ' ' and ''"),
    (lambda: replace(coin, name='a"b'), "a name of small letters, digits and hyphens or none, got .* and 'a\"b'"),
    (lambda: replace(coin, digits=True), "expected int as digits, got True"),
    (lambda: replace(divergence, names=Names(p)), "expected names to type .* with, got "),
]


@pytest.mark.parametrize(("make", "says"), REFUSED)
def test_an_exercise_that_could_not_be_answered_is_refused(make: Callable[[], Question], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()


@pytest.mark.parametrize("exercise", LISTED, ids=lambda one: one.slug)
def test_what_is_listed_is_judged_by_letters(exercise: Choice) -> None:
    assert exercise.check(exercise.answer_text).right
    for typed in ("z", "", "9", "a b c d e f", "<b>", "a or b", "a/b", "²", "a" * 10**6, " " * 10**6 + "a", "\ud800"):
        assert exercise.check(typed).outcome is Outcome.UNREAD
    others = [letter for letter in "ab" if letter != exercise.answer_text]
    assert isinstance(exercise, Order) or exercise.check(others[0]).outcome is Outcome.WRONG


def test_letters_are_read_as_readers_type_them() -> None:
    choice, false, condition, order = LISTED
    letter = choice.answer_text
    place = "ab".index(letter) + 1
    for typed in (
        letter.upper(),
        f"{letter})",
        f"({letter})",
        f"{letter}.",
        f"Option {letter}",
        f"{place}",
        "no",
        " No. ",
    ):
        assert choice.check(typed).right, typed
    assert condition.check("Q sums to one.").right
    assert false.check("(B)").right
    assert false.check("2").outcome is Outcome.UNREAD  # the first line is given: some count it
    letters = order.answer_text.split(", ")
    for typed in (" und ".join(letters), "; ".join(letters).upper(), "".join(letters), ") ".join(letters)):
        assert order.check(typed).right, typed
    for typed in (" -> ".join(letters), " > ".join(letters), "→".join(letters), f"Lines {', '.join(letters)}"):
        assert order.check(typed).right, typed


def test_the_checker_says_why_a_line_is_false_and_when_a_condition_is_missing() -> None:
    _, false, missing, _ = LISTED
    assert "differ" in false.options[1].why
    assert {option.right for option in missing.options} == {True, False}
    assert any("At K = 1" in option.why for option in missing.options)


def test_exercises_that_contradict_themselves_are_refused() -> None:
    world = World(normalised=(p, q))
    with pytest.raises(ValueError, match="got 0 right of 2"):
        FalseLine("Which?", log(q[k] ** 2), (Equal(2 * log(q[k])), Equal(log(q[k] ** 2))), World(in_range={k: K}))
    with pytest.raises(ValueError, match="got 2 right of 2"):
        Choice("Which?", (("a", True, "yes"), ("b", True, "yes")))
    with pytest.raises(AssertionError, match="refuted"):
        Exercise("Go.", answer=ONE_SUM, given=APART, world=world, names=Names(p, q), working=(Equal(0), Equal(ONE_SUM)))
    with pytest.raises(ValueError, match="expected a working"):
        StepByStep("Go.", answer=ONE_SUM, given=APART, world=world, names=Names(p, q))


def test_the_points_of_an_exercise_weigh_less_than_two_kilobytes() -> None:
    for exercise in SYMBOLIC.values():
        text = json.dumps(exercise.spec, separators=(",", ":"))
        assert len(gzip.compress(text.encode(), 9)) < 2048, exercise.question


def test_the_points_are_those_of_the_world() -> None:
    data = divergence.page_data
    sizes = {point["K"] for point in data["points"]}
    assert {1, 2} < sizes
    assert max(sizes) >= 9
    for point in data["points"]:
        for name in ("p_", "q_"):
            assert len(point[name]) == point["K"]
            assert sum(point[name]) == pytest.approx(1, abs=1e-11)
    assert any(0 in point["p_"] for point in data["points"])  # the boundary


def test_the_points_that_are_shown_first_have_pmfs_and_more_than_one_class() -> None:
    free = Exercise("Multiply.", answer=p[j] * q[j], world=World(in_range={j: K}), names=Names(p, q)).page_data
    first, *rest = free["points"]
    assert {round(sum(first[name]), 9) for name in ("p_", "q_")} == {1}
    assert first["K"] > 1
    assert any(sum(point["p_"]) > 1.1 for point in rest)  # an answer that needs a pmf is found out
    assert any(point["K"] == 1 for point in rest)


def test_the_numbers_of_a_point_stand_in_one_order_so_that_two_builds_give_one_page() -> None:
    letters = symbols("h a f c e b g d", positive=True)
    asked = Exercise("What is it?", answer=sum(letters), world=World(), names=Names(*letters))
    assert list(asked.page_data["points"][0]) == ["K", "N", *"abcdefgh"]


def test_a_number_of_entries_that_the_names_leave_open_is_refused() -> None:
    def page_data(names: Names) -> dict[str, Any]:
        return Exercise("Subtract.", answer=q[1] - q[2], world=World(shapes={q: (2,)}), names=names).page_data

    assert {len(point["q_"]) for point in page_data(Names(q[k], ranges={k: 2}))["points"]} == {2}
    with pytest.raises(ValueError, match=r"names that give q the sizes of its world, \(2,\), got \(K,\)"):
        page_data(Names(q))


def test_the_judge_of_a_page_weighs_less_than_eight_kilobytes_and_with_its_box_ten() -> None:
    judge = minified(f"(()=>{{{joined('ce.exercises', 'judge')}globalThis.judge=judge;}})();")
    assert len(gzip.compress(judge.encode(), 9)) <= 8 * 1024
    assert len(gzip.compress(static_files()["exercise.js"].encode(), 9)) <= 10 * 1024


def test_the_files_are_a_script_and_a_style_sheet_and_hold_no_eval() -> None:
    assert set(static_files()) == {"exercise.js", "exercise.css"}
    assert not re.search(
        r"\beval\b|new Function|innerHTML|insertAdjacentHTML|document\.write", static_files()["exercise.js"]
    )


def test_a_teacher_gets_all_exercises_of_executed_notebooks_as_markdown_and_json(tmp_path: Path) -> None:
    for name in ("first", "second"):
        notebook = new_notebook(cells=[new_code_cell(SET.format(name=name)), new_code_cell("1 + 1")])
        NotebookClient(notebook, kernel_name="python3").execute()
        (tmp_path / f"{name}.ipynb").write_text(nbformat.writes(notebook), encoding="utf8")
    listed = [sys.executable, "-m", "ce.exercises.exports", str(tmp_path)]
    said = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    assert "# first: answers" in said
    assert "    - a. " in said
    found = json.loads(subprocess.run([*listed, "--json"], capture_output=True, text=True, check=True).stdout)
    assert [one["name"] for asked in found.values() for one in asked] == ["first", "second"]
    subprocess.run([*listed, "--into", str(tmp_path / "out")], capture_output=True, check=True)
    written = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")}
    endings = {"sheet": "md", "key": "md", "moodle": "xml", "nbgrader": "ipynb"}
    assert written == {f"{kind}/{name}.{ending}" for kind, ending in endings.items() for name in ("first", "second")}
    nothing = subprocess.run([*listed[:3], str(tmp_path / "none")], capture_output=True, text=True, check=False)
    assert nothing.returncode == 1
    assert "build the book first" in nothing.stderr
