"""The exercises of a built book outside of it: a list, a sheet, its key, a quiz for Moodle, a notebook for nbgrader.

``python -m ce.exercises.exports`` lists all exercises with their answers as Markdown, or as JSON with ``--json``;
``--into FOLDER`` writes each chapter in every format of ``FORMATS``, which has each with the ending of its files and
the function that writes one chapter.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from html import escape
from pathlib import Path
from symtable import SymbolTable, symtable
from types import MappingProxyType
from typing import Any, NamedTuple
from xml.etree import ElementTree

from ce.exercises.markup import LETTERED, in_markdown, items, prose, question
from ce.exercises.question import RECORD

__all__ = ["FORMATS", "Chapter", "chapters", "key", "moodle", "nbgrader", "sheet"]

_INDENT = "    "  # of what belongs to a question, whatever its number
_LIST = re.compile(r"<(ol|ul)\b(.*?)>(.*?)</\1>")
_NUMBERED = [f"{number}. " for number in range(1, 27)]
_UNMARKED = ["- "] * 26
_ROOM = {"number": 3, "formula": 6}
_HOW = {
    "number": 'a number, such as answer = "0.25"',
    "formula": 'a formula, such as answer = "sum_k p_k log(q_k)"',
    "choice": 'letters, such as answer = "b"',
    "order": 'letters in order, such as answer = "b, a, c"',
}


class Chapter(NamedTuple):
    """A chapter's exercises: its page, its title, and for each exercise what it has left in its output and its code."""

    page: str
    title: str
    exercises: list[dict[str, Any]]


def chapters(folder: Path) -> list[Chapter]:
    """Return what executed notebooks hold of exercises, in the order of their names.

    Parameters
    ----------
    folder
        After ``make book`` that is ``_build/jupyter_execute``. No cell is run again.

    Raises
    ------
    FileNotFoundError
        When there is no exercise in the folder.
    """
    found = []
    for path in sorted(folder.rglob("*.ipynb")):
        asked, codes, title = [], list[_Line](), path.stem
        for cell in json.loads(path.read_text(encoding="utf8"))["cells"]:
            source = "".join(cell["source"])
            heading = re.match(r"(?:\(.*\)=\s*)?# (.+)", source) if cell["cell_type"] == "markdown" else None
            title = heading[1] if heading and title == path.stem else title
            if cell["cell_type"] == "code":
                codes += map(_Line.of, ast.parse(source).body)
                left = (output.get("metadata", {}) for output in cell["outputs"])
                asked += [{**one[RECORD], "code": _setting_code(codes)} for one in left if RECORD in one]
        if asked:
            found.append(Chapter(path.relative_to(folder).with_suffix("").as_posix(), title, asked))
    if not found:
        raise FileNotFoundError(f"expected notebooks with exercises in {folder}, got none: build the book first")
    return found


class _Line(NamedTuple):
    """A statement: its code, and which names it binds and uses outside of its own functions and loops."""

    code: ast.stmt
    binds: set[str]
    uses: set[str]

    @classmethod
    def of(cls, code: ast.stmt) -> _Line:
        table = symtable(ast.unparse(code), "cell", "exec")
        binds = {name.get_name() for name in table.get_symbols() if name.is_assigned() or name.is_imported()}
        return cls(code, binds, set(_used(table, outside=False)))


def _used(table: SymbolTable, *, outside: bool) -> Iterator[str]:
    for name in table.get_symbols():
        if name.is_referenced() and (name.is_global() or not outside):
            yield name.get_name()
    for inner in table.get_children():
        yield from _used(inner, outside=True)


def _setting_code(lines: Sequence[_Line]) -> str:
    """Return the code that sets an exercise, the last of these lines: what it needs of all the lines before."""
    *before, last = lines
    assert isinstance(last.code, ast.Expr), "an exercise is shown by the last line of its cell"
    kept, wanted = [f"exercise = {ast.unparse(last.code)}"], last.uses
    for line, binds, uses in reversed(before):
        if needed := binds & wanted:
            code = copy(line)
            if isinstance(code, ast.Import | ast.ImportFrom):
                code.names = [name for name in code.names if (name.asname or name.name) in needed]
            kept.append(ast.unparse(code))
            wanted = wanted - needed | uses
    return "\n".join(reversed(kept))


def sheet(chapter: Chapter) -> str:
    """Return the questions as Markdown, each with room to write."""
    return _numbered(chapter, lambda one: f"\n\n{_INDENT}&nbsp;" * _ROOM.get(one["kind"], 1))


def key(chapter: Chapter) -> str:
    r"""Return the questions as Markdown, each with its answer, the worked answer and its name.

    Examples
    --------
    >>> record = {"name": "one-bit", "kind": "number", "asked": "One bit?", "wanted": "in nats", "listed": []}
    >>> record |= {"answer": "0.6931 nats", "worked": r"\(\log 2\) ≈ 0.6931 nats."}
    >>> print(key(Chapter("units", "Units", [record])))
    # Units: answers
    <BLANKLINE>
    1. One bit? Answer in nats.
    <BLANKLINE>
        **0.6931 nats**. $\log 2$ ≈ 0.6931 nats. (`one-bit`)
    <BLANKLINE>
    """
    return _numbered(chapter, lambda one: f"\n\n{_INDENT}{_answered(one)}").replace("\n", ": answers\n", 1)


def _numbered(chapter: Chapter, below: Callable[[dict[str, Any]], str]) -> str:
    questions = (f"{at}. {question(one, _INDENT)}{below(one)}\n" for at, one in enumerate(chapter.exercises, 1))
    return "\n".join([f"# {chapter.title}\n", *questions])


def _answered(one: Mapping[str, Any]) -> str:
    """Return the answer, the worked answer with its list if it has one, and the name, as they stand in a key."""
    lead, name, listed = f"**{one['answer']}**.", f"(`{one['name']}`)", _LIST.match(one["worked"])
    if one["kind"] == "formula":
        lead, name = "Line by line:" if listed else "", f"Typed: `{one['answer']}`. {name}"
    why = f"{in_markdown(one['worked'][listed.end() if listed else 0 :])} {name}".lstrip()
    if not listed:
        return f"{lead} {why}".lstrip()
    marks = _UNMARKED if listed[1] == "ul" else LETTERED if "type" in listed[2] else _NUMBERED
    return f"{lead}{items(re.findall(r'<li>(.*?)</li>', listed[3]), _INDENT, marks)}\n\n{_INDENT}{why}"


def moodle(chapter: Chapter) -> str:
    """Return a quiz in Moodle's XML.

    A number is right within half of the last digit asked for, and the usual mistakes have their answers. Moodle
    compares a formula by its letters alone: the worked answer is shown for the reader to compare.
    """
    quiz = ElementTree.Element("quiz")
    category = ElementTree.SubElement(quiz, "question", type="category")
    _text(category, "category", f"$course$/top/{chapter.title.replace('/', '//')}")
    for one in chapter.exercises:
        question = ElementTree.SubElement(quiz, "question")
        _text(question, "name", one["name"])
        wanted = f" Answer {one['wanted']}." if one["wanted"] else ""
        _text(question, "questiontext", f"<p>{one['asked']}{escape(wanted)}</p>", html=True)
        _text(question, "generalfeedback", f"<div>{one['worked']}</div>", html=True)
        ElementTree.SubElement(question, "defaultgrade").text = "1"
        infinite = one["kind"] == "number" and not one["marking"]
        (_short_answer if infinite else _MOODLE[one["kind"]])(question, one)
    ElementTree.indent(quiz)
    return ElementTree.tostring(quiz, encoding="unicode", xml_declaration=False) + "\n"


def _text(parent: ElementTree.Element, name: str, text: str, *, html: bool = False, **also: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, {**({"format": "html"} if html else {}), **also})
    ElementTree.SubElement(element, "text").text = text
    return element


def _answer(
    question: ElementTree.Element, text: str, fraction: float, said: str, *, html: bool = False
) -> ElementTree.Element:
    answer = _text(question, "answer", text, html=html, fraction=f"{fraction:.7g}")
    _text(answer, "feedback", prose(said), html=True)
    return answer


def _numerical(question: ElementTree.Element, one: Mapping[str, Any]) -> None:
    question.set("type", "numerical")
    for value, tolerance, fraction, said in one["marking"]["numbers"]:
        answer = _answer(question, f"{value:.10g}", fraction, said)
        ElementTree.SubElement(answer, "tolerance").text = f"{tolerance:.10g}"


def _short_answer(question: ElementTree.Element, one: Mapping[str, Any]) -> None:
    question.set("type", "shortanswer")
    ElementTree.SubElement(question, "usecase").text = "1"
    answer = one["answer"].replace("*", r"\*")  # to Moodle a star alone is any text
    infinite = ("inf", "infinity") if answer == "∞" else ()
    for spelling in dict.fromkeys((answer, answer.replace(" ", ""), *infinite)):
        _answer(question, spelling, 100, "")
    _answer(question, "*", 0, "Only the letters are compared here. Is yours the worked answer in another spelling?")


def _multiple_choice(question: ElementTree.Element, one: Mapping[str, Any]) -> None:
    question.set("type", "multichoice")
    options, several = one["marking"]["options"], one["marking"]["several"]
    ElementTree.SubElement(question, "single").text = str(not several).lower()
    ElementTree.SubElement(question, "answernumbering").text = "abc"
    right = sum(option["right"] for option in options)
    loss = -100 / (len(options) - right) if several and right < len(options) else 0
    for option, words in zip(options, one["listed"], strict=True):
        _answer(question, words, 100 / right if option["right"] else loss, option["why"], html=True)


def _matching(question: ElementTree.Element, one: Mapping[str, Any]) -> None:
    question.set("type", "matching")
    ElementTree.SubElement(question, "shuffleanswers").text = "false"
    order = one["marking"]["order"]
    for at, words in enumerate(one["listed"]):
        line = _text(question, "subquestion", words, html=True)
        _text(line, "answer", str(order.index(at) + 1))


_MOODLE = {"number": _numerical, "formula": _short_answer, "choice": _multiple_choice, "order": _matching}


def nbgrader(chapter: Chapter) -> str:
    """Return the source of an assignment for nbgrader: questions, answers to be cleared, and hidden tests.

    The hidden tests set the exercise as the chapter does and ask :mod:`ce.exercises`, which has to be installed
    where they run.
    """
    cells = [_cell("markdown", f"# {chapter.title}")]
    for one in chapter.exercises:
        name, how = one["name"], _HOW[one["kind"]]
        cells += [
            _cell("markdown", question(one), grade_id=f"{name}-question", locked=True),
            _cell(
                "code",
                f"# Write your answer here: {how}.\n### BEGIN SOLUTION\nanswer = {one['answer']!r}\n### END SOLUTION",
                grade_id=name,
                solution=True,
            ),
            _cell("code", _TEST.format(code=one["code"]), grade_id=f"{name}-test", grade=True, locked=True, points=1),
        ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


# The answer is taken away when it is judged, so that it does not stand in for the next one.
_TEST = """\
# Your answer is judged here.
### BEGIN HIDDEN TESTS
{code}
said = exercise.check(globals().pop("answer", ""))
assert said.right, str(said)
### END HIDDEN TESTS"""


def _cell(kind: str, source: str, **graded: Any) -> dict[str, Any]:
    plain = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    metadata = {"nbgrader": {**plain, "cell_type": kind, **graded}} if graded else {}
    run: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": metadata, "source": source, **run}


FORMATS: Mapping[str, tuple[str, Callable[[Chapter], str]]] = MappingProxyType(
    {"sheet": (".md", sheet), "key": (".md", key), "moodle": (".xml", moodle), "nbgrader": (".ipynb", nbgrader)}
)


def main() -> None:
    """Print the list, or write the files."""
    parser = argparse.ArgumentParser(
        prog="python -m ce.exercises.exports", description="List exercises with their answers."
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("_build/jupyter_execute"), help="executed notebooks"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, not as Markdown")
    parser.add_argument("--into", type=Path, help=f"write {', '.join(FORMATS)} of each chapter into this folder")
    asked = parser.parse_args()
    try:
        found = chapters(asked.folder)
    except FileNotFoundError as error:
        sys.exit(str(error))
    if asked.into:
        for name, (ending, write) in FORMATS.items():
            for chapter in found:
                path = asked.into / name / f"{chapter.page.removeprefix('book/')}{ending}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(write(chapter), encoding="utf8")
        print(f"{len(found)} chapters as {', '.join(FORMATS)} are in {asked.into}")
    elif asked.json:
        print(json.dumps({chapter.page: chapter.exercises for chapter in found}, ensure_ascii=False, indent=1))
    else:
        print("\n".join(map(key, found)))


if __name__ == "__main__":
    main()
