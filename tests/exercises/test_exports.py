"""Exercises outside the book are those of the book: read back from each format, and marked as the book marks them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest
from markdown_it import MarkdownIt
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from ce.exercises import Outcome
from ce.exercises.exports import FORMATS, Chapter, chapters, key, moodle, nbgrader, sheet
from ce.exercises.question import RECORD, Question

CELLS = [
    """
from sympy import Sum, log, oo, exp
from ce.derivation import Equal, World
from ce.exercises import ONE_SUM, Choice, Exercise, Names, NumberExercise, Order, StepByStep
from ce.symbols import K, c, k, p, q
names, unused = Names(p, q), exp(2)
NumberExercise("A hundred, in nats?", log(100), unit="nats", name="hundred")
""",
    'NumberExercise("What is $5 < 7 worth, when nothing is left?", oo, name="ruled-out")',
    'NumberExercise("How far down?", -exp(10), name="far", because="Ten factors e, so e^10; no q_k is as large.")',
    """
surprise = [-log(q[k]) for k in (1, 2, c)][-1]
Exercise("Write twice the surprise {s}.", 2 * surprise, World(in_range={c: K}), names, shows={"s": surprise}, name="it")
""",
    """
def apart(of):
    return Sum(p[k] * log(p[k]), (k, 1, K)) - Sum(p[k] * log(of[k]), (k, 1, K))
one = Sum(p[k] * log(p[k] / q[k]), (k, 1, K))
StepByStep("Write {a} as one sum.", one, World(), names, form=ONE_SUM, given=apart(q), shows={"a": apart(q)},
           working=(Equal(one, "logarithms subtract"),), name="one-sum")
""",
    """
rows = (("<0", False, "Never."), ("0", True, "For p = 1."), ("1", True, "For p = 1/e."), ("-1", False, "q_k < 1."))
Choice("Which can a surprise be?", rows, several=True, name="which")
""",
    'Order("From data to loss.", ("Likelihood.", "Logarithm.", "Sign.", "Mean."), name="four")',
]
MATH = '<span class="math notranslate nohighlight">'


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Chapter, dict[str, Question]]:
    """A chapter read from its executed notebook, and its exercises by name."""
    folder, known, names, cells = tmp_path_factory.mktemp("executed"), {}, {}, []
    for source in CELLS:
        *before, last = source.strip().split("\n")
        starts = next(at for at in range(len(before), -1, -1) if not [*before, last][at].startswith(" "))
        exec("\n".join([*before, last][:starts]), names)
        exercise = eval("\n".join([*before, last][starts:]), names)
        known[exercise.slug] = exercise
        left = new_output("display_data", metadata={RECORD: exercise.record})
        cells.append(new_code_cell(source.strip(), outputs=[left]))
    notebook = new_notebook(cells=[new_markdown_cell("# Either/or\n\nText."), *cells, new_code_cell("1 + 1")])
    (folder / "part").mkdir()
    nbformat.write(notebook, folder / "part/page.ipynb")
    (chapter,) = chapters(folder)
    assert chapter.page == "part/page"
    return chapter, known


def test_a_sheet_asks_and_does_not_answer_and_its_key_answers(exported: tuple[Chapter, dict[str, Question]]) -> None:
    chapter, known = exported
    asked, answered = sheet(chapter), key(chapter)
    assert asked.startswith("# Either/or\n")
    assert answered.startswith("# Either/or: answers\n")
    assert "Answer in nats, to three significant digits." in asked
    assert r"What is \$5 \< 7 worth" in asked
    assert r"Write twice the surprise $-\log q_{c}$." in asked
    assert "\n    - a. " in asked
    for exercise in known.values():
        assert f"`{exercise.slug}`" in answered
        assert f"`{exercise.slug}`" not in asked
        assert exercise.answer_text in answered
        assert len(exercise.answer_text) < 5 or exercise.answer_text not in asked
    assert "logarithms subtract" in answered
    assert "logarithms subtract" not in asked, "the lines of a derivation hold its answer"
    assert asked.count("&nbsp;") > len(known)


def test_a_key_is_written_as_a_person_writes(exported: tuple[Chapter, dict[str, Question]]) -> None:
    answered = key(exported[0])
    assert "**−22,030**. $-e^{10}$ ≈ −22,030. Ten factors e, so $e^{10}$; no $q_{k}$ is as large. (`far`)" in answered
    assert "\n    $-2 \\log q_{c}$. Typed: `-2 log(q_c)`. (`it`)" in answered
    _, _, reasons = answered.partition(f"**{exported[1]['which'].answer_text}**.\n\n")
    for letter, row in zip("abcd", exported[1]["which"].record["listed"], strict=True):
        why = {"&lt;0": "No: Never", "0": "Right: For p = 1", "1": "Right: For p = 1/e", "-1": r"No: $q_{k}$ \< 1"}[row]
        said, _, reasons = reasons.partition("\n")
        assert said == f"    - {letter}. {why}."


def test_what_is_listed_stands_within_its_question(exported: tuple[Chapter, dict[str, Question]]) -> None:
    chapter = Chapter("page", "Ten and more", exported[0].exercises * 2)
    for write, lists in ((sheet, 4), (key, 10)):
        tokens = MarkdownIt().parse(write(chapter))
        opened = [token for token in tokens if token.type in {"bullet_list_open", "ordered_list_open"}]
        assert [token.type for token in opened if token.level == 0] == ["ordered_list_open"]
        assert [token.level for token in tokens if token.type == "list_item_open"].count(1) == 14
        assert len(opened) == 1 + lists
        assert not any(token.type == "code_block" for token in tokens)


def questions_of(quiz: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(quiz)
    assert root.tag == "quiz"
    category, *found = root.findall("question")
    assert category.findtext("category/text") == "$course$/top/Either//or"
    for question in found:
        assert question.find("questiontext").get("format") == "html"  # type: ignore[union-attr]
        assert question.findtext("defaultgrade") == "1"
        ElementTree.fromstring(question.findtext("questiontext/text", ""))  # what Moodle shows is well-formed, too
    return {question.findtext("name/text", ""): question for question in found}


def fractions(question: ElementTree.Element) -> dict[str, float]:
    return {one.findtext("text", ""): float(one.get("fraction", "")) for one in question.findall("answer")}


def test_a_number_is_right_in_moodle_exactly_where_it_is_right_in_the_book(
    exported: tuple[Chapter, dict[str, Question]],
) -> None:
    chapter, known = exported
    question, exercise = questions_of(moodle(chapter))["hundred"], known["hundred"]
    assert question.get("type") == "numerical"
    right, *wrong = question.findall("answer")
    assert right.get("fraction") == "100"
    value, tolerance = float(right.findtext("text", "")), float(right.findtext("tolerance", ""))
    for part, outcome in ((-0.98, True), (0, True), (0.98, True), (-1.1, False), (1.1, False)):
        assert exercise.check(f"{value + part * tolerance:.6f}").right is outcome
    assert wrong
    for one in wrong:
        typed = one.findtext("text", "")
        assert one.get("fraction") == "0"
        said = exercise.check(typed)
        assert said.outcome is Outcome.WRONG
        assert one.findtext("feedback/text") == said.message


def test_every_other_kind_has_its_question_in_moodle(exported: tuple[Chapter, dict[str, Question]]) -> None:
    chapter, known = exported
    found = questions_of(moodle(chapter))
    kinds = {name: question.get("type") for name, question in found.items()}
    assert kinds == {
        "hundred": "numerical",
        "ruled-out": "shortanswer",
        "far": "numerical",
        "it": "shortanswer",
        "one-sum": "shortanswer",
        "which": "multichoice",
        "four": "matching",
    }
    assert fractions(found["it"]) == {"-2 log(q_c)": 100, "-2log(q_c)": 100, "*": 0}
    assert fractions(found["ruled-out"]) == {"∞": 100, "inf": 100, "infinity": 100, "*": 0}
    assert found["it"].findtext("usecase") == "1", "P and p are two things"
    assert found["which"].findtext("single") == "false"
    assert found["which"].findtext("answernumbering") == "abc", "as the worked answer names them"
    assert [one.findtext("feedback/text") for one in found["which"].findall("answer")] == [
        {"&lt;0": "Never.", "0": "For p = 1.", "1": "For p = 1/e.", "-1": rf"{MATH}\(q_{{k}}\)</span> &lt; 1."}[row]
        for row in known["which"].record["listed"]
    ]
    assert found["four"].findtext("shuffleanswers") == "false", "the places stand in their order"
    assert fractions(found["which"]) == {"&lt;0": -50, "0": 50, "1": 50, "-1": -50}
    places = {one.findtext("text", ""): one.findtext("answer/text") for one in found["four"].findall("subquestion")}
    assert places == {"Likelihood.": "1", "Logarithm.": "2", "Sign.": "3", "Mean.": "4"}
    for exercise in known.values():
        told = found[exercise.slug].findtext("generalfeedback/text", "")
        assert found[exercise.slug].findtext("questiontext/text", "").startswith(f"<p>{exercise.question_html}")
        assert told == f"<div>{exercise.worked_html}</div>"
        ElementTree.fromstring(told)


def test_a_star_of_an_answer_is_a_star_to_moodle(exported: tuple[Chapter, dict[str, Question]]) -> None:
    chapter, _ = exported
    stars = Chapter("page", "Either/or", [{**chapter.exercises[3], "answer": "2*q_c"}])
    assert fractions(questions_of(moodle(stars))["it"]) == {r"2\*q_c": 100, "*": 0}


def cells_of(notebook: str) -> dict[str, Any]:
    read = nbformat.reads(notebook, as_version=4)
    nbformat.validate(read)
    return {cell.metadata.nbgrader.grade_id: cell for cell in read.cells if "nbgrader" in cell.metadata}


def test_a_notebook_for_nbgrader_has_the_metadata_of_its_schema_3(
    exported: tuple[Chapter, dict[str, Question]],
) -> None:
    cells = cells_of(nbgrader(exported[0]))
    assert len(cells) == 3 * len(exported[1]), "an id for each cell, and none twice"
    for name, cell in cells.items():
        data = dict(cell.metadata.nbgrader)
        assert data.pop("schema_version") == 3
        assert data.pop("grade_id") == name
        assert all(letter.isalnum() or letter in "-_" for letter in name)
        assert data.pop("cell_type") == cell.cell_type
        assert (data.pop("points", None) is not None) == data["grade"]
        assert {key: type(value) for key, value in data.items()} == dict.fromkeys(
            ("grade", "solution", "locked", "task"), bool
        )
        assert data["locked"] != data["solution"]


def released(source: str, marker: str) -> tuple[str, str]:
    """Part a cell as nbgrader does: what students get, and what is between the markers."""
    start, end = f"### BEGIN {marker}\n", f"\n### END {marker}"
    assert source.count(start) == source.count(end) == 1
    before, _, rest = source.partition(start)
    inside, _, after = rest.partition(end)
    return before + after, inside


def test_hidden_tests_take_the_worked_answer_and_refuse_wrong_and_missing_ones(
    exported: tuple[Chapter, dict[str, Question]],
) -> None:
    chapter, known = exported
    cells = cells_of(nbgrader(chapter))
    student: dict[str, Any] = {}
    for name in known:
        given, solution = released(cells[name].source, "SOLUTION")
        visible, test = released(cells[f"{name}-test"].source, "HIDDEN TESTS")
        assert given.startswith("# Write your answer here: ")
        assert (visible, "exercise" in given) == ("# Your answer is judged here.\n", False)
        with pytest.raises(AssertionError, match="not understood"):  # the answer to the last one is gone
            exec(test, student)
        exec(solution, student)
        exec(test, student)
        student["answer"] = "a, b, c, d" if name == "four" else "a" if name == "which" else "17"
        with pytest.raises(AssertionError, match=r"wrong|not understood"):
            exec(test, student)


def test_the_code_of_an_exercise_holds_what_it_needs_and_no_more(exported: tuple[Chapter, dict[str, Question]]) -> None:
    codes = {one["name"]: one["code"] for one in exported[0].exercises}
    assert "unused" in codes["it"], "it is bound in the line that binds the names"
    assert "def apart" in codes["one-sum"]
    assert "def apart" not in codes["which"]
    assert "import exp" not in codes["hundred"]
    assert codes["four"].startswith("from ce.exercises import Order\nexercise = Order(")


def test_a_folder_without_exercises_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "page.ipynb").write_text(json.dumps(new_notebook()), encoding="utf8")
    with pytest.raises(FileNotFoundError, match="build the book first"):
        chapters(tmp_path)
    assert set(FORMATS) == {"sheet", "key", "moodle", "nbgrader"}
