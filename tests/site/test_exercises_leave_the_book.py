"""Every exercise of the book can be set elsewhere, and elsewhere its worked answer is right, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat

from ce.exercises.exports import chapters, moodle, nbgrader


def test_every_exercise_of_the_book_is_set_by_its_own_code_and_has_its_place_in_each_format(built_book: Path) -> None:
    found = chapters(built_book.parent / "jupyter_execute")
    names = [one["name"] for chapter in found for one in chapter.exercises]
    assert len(names) == len(set(names)) >= 80
    for chapter in found:
        site = (built_book / f"{chapter.page}.html").read_text(encoding="utf8")
        assert chapter.title in site
        own = [one["name"] for one in chapter.exercises]
        assert all(f'data-exercise="{name}"' in site for name in own)
        quiz = ElementTree.fromstring(moodle(chapter))
        assert [question.findtext("name/text") for question in quiz.findall("question")[1:]] == own
        notebook = nbformat.reads(nbgrader(chapter), as_version=4)
        nbformat.validate(notebook)
        namespace: dict[str, Any] = {}
        for cell in notebook.cells:
            if cell.cell_type == "code":  # the worked answer, then the tests that judge it
                exec(cell.source, namespace)
