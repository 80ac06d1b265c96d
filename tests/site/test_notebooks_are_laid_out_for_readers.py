"""The folder that `make lab` opens: in reading order, linked, and the reader's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from ce.site.lab import lay_out
from tests.book.chapter_cells import PAGES, asks, notebook
from tests.book_copies import STRICT, BookCopy

NAMES = ("start-here", "first", "second", "bibliography", "folds", "glossary")
SMALL = [f"{at:02}-{name}.ipynb" for at, name in enumerate(NAMES)]


def page(*sources: str) -> NotebookNode:
    return new_notebook(cells=[new_code_cell(source) for source in sources])


def change(path: Path, old: str, new: str) -> None:
    book = nbformat.read(path, as_version=4)
    book.cells[0].source = book.cells[0].source.replace(old, new)
    nbformat.write(book, path)


def first_cell(path: Path) -> str:
    return str(nbformat.read(path, as_version=4).cells[0].source)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.ipynb"))


def test_a_build_writes_every_page_in_reading_order(small_book: BookCopy) -> None:
    assert names(small_book.root / "notebooks") == SMALL
    text = first_cell(small_book.root / "notebooks" / SMALL[0])
    assert "[one chapter](01-first.ipynb) and [another](02-second.ipynb)" in text


def test_every_link_leads_to_a_notebook_and_a_heading_that_are_there(built_book: Path) -> None:
    folder = built_book.parents[1] / "notebooks"
    headings = {
        name: {
            re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line).lstrip("# ").replace(" ", "-")
            for cell in nbformat.read(folder / name, as_version=4).cells
            for line in cell.source.splitlines()
            if cell.cell_type == "markdown" and line.startswith("#")
        }
        for name in names(folder)
    }
    assert len(headings) == len(PAGES)
    followed = 0
    for name in headings:
        text = "\n".join(
            cell.source for cell in nbformat.read(folder / name, as_version=4).cells if cell.cell_type == "markdown"
        )
        for link in re.findall(r"\]\(((?!https?:|mailto:)[^)]*)\)", text):
            file, _, heading = link.partition("#")
            assert (file or name) in headings, f"{name}: {link}"
            assert not heading or unquote(heading) in headings[file or name], f"{name}: {link}"
            followed += 1
    assert followed > 30


def test_exercises_are_folded_and_claims_to_check_are_not(built_book: Path) -> None:
    folder = built_book.parents[1] / "notebooks"
    exercises = 0
    for number, (name, path) in enumerate(zip(PAGES, sorted(folder.glob("*.ipynb")), strict=True)):
        assert path.name.startswith(f"{number:02d}-")
        written = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        for cell in notebook(name).cells:
            tags = cell.metadata.get("tags", [])
            if cell.cell_type != "code" or not cell.source.strip() or "remove-cell" in tags:
                continue
            (there,) = [one for one in written if one.source.endswith(cell.source)]
            asking = asks(cell.source)
            exercises += asking
            assert there.source.startswith("# An exercise.") == asking, there.source
            hidden = there.metadata.get("jupyter", {}).get("source_hidden", False)
            assert hidden == (asking or "hide-input" in tags), there.source
    assert exercises > 20


@pytest.mark.parametrize("name", PAGES)
def test_only_cells_that_notebooks_leave_out_give_numbers_to_the_prose(name: str) -> None:
    for cell in notebook(name).cells:
        if cell.cell_type == "code" and "remove-cell" not in cell.metadata.get("tags", []):
            assert not re.search(r"\bmyst_nb\b|\bglue\(", cell.source), cell.source


def test_what_the_reader_has_changed_stays_until_the_book_changes_too(tmp_path: Path) -> None:
    assert lay_out(tmp_path, {"a.ipynb": page("x = 1"), "b.ipynb": page("y = 1")}) == []
    change(tmp_path / "a.ipynb", "x = 1", "x = 7")
    assert lay_out(tmp_path, {"a.ipynb": page("x = 1"), "b.ipynb": page("y = 2")}) == []
    assert first_cell(tmp_path / "a.ipynb") == "x = 7"
    assert first_cell(tmp_path / "b.ipynb") == "y = 2"
    changed = {"a.ipynb": page("x = 2"), "b.ipynb": page("y = 2")}
    assert lay_out(tmp_path, changed) == [("a.ipynb", "a-yours.ipynb")]
    assert first_cell(tmp_path / "a.ipynb") == "x = 2"
    assert first_cell(tmp_path / "a-yours.ipynb") == "x = 7"
    change(tmp_path / "a.ipynb", "x = 2", "x = 8")
    assert lay_out(tmp_path, {"a.ipynb": page("x = 3")}) == [("a.ipynb", "a-yours-2.ipynb")]
    assert [first_cell(path) for path in sorted(tmp_path.glob("a*.ipynb"))] == ["x = 8", "x = 7", "x = 3"]


def test_answers_in_widgets_and_outputs_are_the_readers_as_well(tmp_path: Path) -> None:
    lay_out(tmp_path, {"a.ipynb": page("x = 1"), "b.ipynb": page("y = 1")})
    ran, answered = page("x = 1"), page("y = 1")
    ran.cells[0].outputs = [new_output("stream", text="1")]
    answered.metadata["widgets"] = {"state": {"answer": "12"}}
    nbformat.write(ran, tmp_path / "a.ipynb")
    nbformat.write(answered, tmp_path / "b.ipynb")
    kept = lay_out(tmp_path, {"a.ipynb": page("x = 2"), "b.ipynb": page("y = 2")})
    assert kept == [("a.ipynb", "a-yours.ipynb"), ("b.ipynb", "b-yours.ipynb")]


def test_to_look_at_a_notebook_is_not_to_change_it(tmp_path: Path) -> None:
    lay_out(tmp_path, {"a.ipynb": page("x = 1")})
    looked = page("x = 1")
    looked.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(looked, tmp_path / "a.ipynb")
    assert lay_out(tmp_path, {"a.ipynb": page("x = 2")}) == []
    assert names(tmp_path) == ["a.ipynb"]


def test_a_page_that_is_gone_takes_its_notebook_along_but_not_the_readers(tmp_path: Path) -> None:
    lay_out(tmp_path, {"a.ipynb": page("x"), "b.ipynb": page("y"), "c.ipynb": page("z")})
    change(tmp_path / "b.ipynb", "y", "mine")
    (tmp_path / "own.ipynb").write_text("not a notebook", encoding="utf8")
    lay_out(tmp_path, {"a.ipynb": page("x"), "own.ipynb": page("book's")})
    assert names(tmp_path) == ["a.ipynb", "b.ipynb", "own-yours.ipynb", "own.ipynb"]
    assert (tmp_path / "own-yours.ipynb").read_text("utf8") == "not a notebook"


def test_a_build_says_where_it_has_put_the_readers_copy(copy_of_small_book: Callable[[], BookCopy]) -> None:
    book = copy_of_small_book()
    mine = book.root / "notebooks" / SMALL[1]
    read = nbformat.read(mine, as_version=4)
    read.cells.append(new_markdown_cell("My remark."))
    nbformat.write(read, mine)
    book.replace("book/first.md", "an old friend", "an older friend")
    build = book.build(*STRICT)
    assert build.code == 0, build.log
    said = r"notebooks/01-first\.ipynb is new; yours.* is now notebooks/01-first-yours\.ipynb"
    assert re.search(said, build.log)
    assert "My remark." in mine.with_name("01-first-yours.ipynb").read_text("utf8")
    assert "an older " in first_cell(mine)
