"""An edit in the package changes the pages that use it; without an edit nothing is done again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.errors import ConfigError

from ce.site.freshness import digest, key_on_package, package_files
from tests.book_copies import ROOT, STRICT, BookCopy

Copies = Callable[[], BookCopy]
FORMULA = "ce/formulas/losses.py"
# What the commands of the README make besides the book; Markdown is in most of it.
MADE = (".venv", "build", "dist", "exercises", "node_modules", "notebooks")


def times(*folders: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def book(small_book: BookCopy, tmp_path_factory: pytest.TempPathFactory) -> BookCopy:
    """A copy to edit, built once; each test builds it again after each of its edits."""
    copy = BookCopy(tmp_path_factory.mktemp("edited") / "book")
    shutil.copytree(small_book.root, copy.root, ignore=shutil.ignore_patterns("html", ".doctrees"))
    assert copy.build(*STRICT).code == 0
    return copy


def test_a_build_after_no_edit_reads_runs_and_writes_nothing(small_book: BookCopy) -> None:
    made = [small_book.html / "book", small_book.html / "_sources", small_book.root / "notebooks"]
    written, files = times(*made), set(times(small_book.html))
    build = small_book.build(*STRICT)
    assert build.code == 0, build.log
    assert "0 added, 0 changed, 0 removed" in build.log
    assert "no targets are out of date" in build.log
    assert "Executing notebook" not in build.log
    assert len(list(small_book.html.glob("book/*.html"))) == 6
    assert times(*made) == written
    assert set(times(small_book.html)) == files


def test_a_notebook_that_was_removed_comes_back_though_nothing_was_edited(book: BookCopy) -> None:
    removed = [next(book.root.glob("notebooks/01-*.ipynb")), next(book.html.glob("_sources/book/first.ipynb"))]
    before = [path.read_bytes() for path in removed]
    for path in removed:
        path.unlink()
    for folder in MADE:
        (book.root / folder / "part").mkdir(parents=True)
        (book.root / folder / "part" / "page.md").write_text("# No page of the book\n", encoding="utf8")
    build = book.build(*STRICT)
    assert "no targets are out of date" in build.log, "what other commands have made is no reason to write pages again"
    assert [path.read_bytes() for path in removed] == before


def test_a_page_follows_its_text_and_the_package_it_uses(book: BookCopy) -> None:
    assert "Its name is binary cross-entropy." in book.page("book/second")

    book.replace("book/first.md", "an old friend", "a new friend")
    build = book.build(*STRICT)
    assert build.code == 0, build.log
    assert "a new friend" in book.page("book/first")
    assert "4.605" in book.page("book/first")
    assert "Executing notebook" not in build.log, "an edit of the text must not run the cells again"

    book.replace(FORMULA, 'name="binary cross-entropy"', 'name="loss of Bernoulli"')
    build = book.build(*STRICT)
    assert build.code == 0, build.log
    assert "Its name is loss of Bernoulli." in book.page("book/second")
    assert "Executing notebook" in build.log
    assert "IPKernelApp" not in build.log, "kernels say only what is an error"


def test_pages_run_at_once(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    # Each waits for the other.
    waiting = """
from pathlib import Path
from time import monotonic, sleep

Path("{own}.begun").touch()
end = monotonic() + 60
while not Path("{other}.begun").exists() and monotonic() < end:
    sleep(0.05)
assert monotonic() < end, "{other} has not begun"
"""
    book.replace("book/first.md", "twice = 2 * loss", f"{waiting.format(own='first', other='second')}twice = 2 * loss")
    book.replace("book/second.md", "print(f", f"{waiting.format(own='second', other='first')}print(f")
    build = book.read(*STRICT)
    assert build.code == 0, build.log
    assert len(re.findall("Executed notebook", build.log)) == 2, "the others are in the cache"


def test_an_edit_of_the_style_sheet_arrives_when_no_page_has_changed(book: BookCopy) -> None:
    with (book.root / "book/_static/book.css").open("a", encoding="utf8") as sheet:
        sheet.write("\n.ce-only-for-this-test { color: red; }\n")
    assert book.build(*STRICT).code == 0
    assert ".ce-only-for-this-test" in (book.html / "_static/site.css").read_text(encoding="utf8")


def test_pages_follow_the_files_beside_them_and_the_table_of_contents(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    pages = book.root / "book"
    (pages / "part.py").write_text("print('loaded: one')\n", encoding="utf8")
    (pages / "numbers.csv").write_text("one\n", encoding="utf8")
    cells = (":load: part.py", "print('read:', open('numbers.csv').read())")
    reads = "".join(f"```{{code-cell}} ipython3\n{cell}\n```\n\n" for cell in cells)
    book.replace("book/first.md", "The end of", f"{reads}The end of")
    style = pages / "_static" / "book.css"
    style.chmod(0o444)  # as in a checkout that nobody may write to
    assert book.build(*STRICT).code == 0
    assert "loaded: one" in book.page("book/first")
    assert "read: one" in book.page("book/first")
    assert all(path.stat().st_mode & 0o200 for path in book.html.rglob("*")), "the next build writes it again"

    (pages / "part.py").write_text("print('loaded: two')\n", encoding="utf8")
    (pages / "numbers.csv").write_text("two\n", encoding="utf8")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    third = new_notebook(cells=[new_markdown_cell("# A notebook of mine"), new_code_cell("20 + 2")], metadata=kernel)
    nbformat.write(third, pages / "third.ipynb")
    (pages / "folds.md").unlink()
    book.replace("_toc.yml", "book/folds", "book/third")
    build = book.build(*STRICT)
    assert build.code == 0, build.log
    assert "loaded: two" in book.page("book/first")
    assert "read: two" in book.page("book/first")
    assert ">22<" in re.sub(r"\s", "", book.page("book/third"))
    for name in ("index", "first", "second", "bibliography"):
        assert "third.html" in book.page(f"book/{name}"), name
        assert "folds.html" not in book.page(f"book/{name}"), name
    left = [
        path for path in (book.root / "_build").rglob("folds.*") if not {".jupyter_cache", ".doctrees"} & {*path.parts}
    ]
    assert left == []


def test_a_copy_of_the_folder_is_not_built_with_the_package_of_the_first(tmp_path: Path) -> None:
    """Its `.venv` was copied as well, and imports `ce` from where that was installed: its own edits would not count."""
    (tmp_path / "ce").mkdir()
    (tmp_path / "ce" / "__init__.py").touch()
    with pytest.raises(ConfigError, match=r"of this folder, .*; got that of .*: in a folder .* run  make clean  first"):
        key_on_package(SimpleNamespace(srcdir=tmp_path), SimpleNamespace())


def test_the_digest_depends_on_every_byte_and_name_of_the_package(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    code, style, read, extension = (tmp_path / name for name in ("a.py", "b.css", "c.txt", "site/c.py"))
    for path in (code, style, read, extension):
        path.write_text("one\n")
    (tmp_path / "notes.md").write_text("does not count")

    def digests() -> tuple[str, str]:
        files = package_files(tmp_path)
        return digest(tmp_path, files), digest(tmp_path, package_files(tmp_path, without="site"))

    start = digests()
    assert package_files(tmp_path) == [code, style, read, extension]
    (tmp_path / "notes.md").write_text("still does not count")
    assert digests() == start
    extension.write_text("two\n")
    assert digests()[0] != start[0]
    assert digests()[1] == start[1], "the extension's own code must not make cells run again"
    code.rename(tmp_path / "d.py")
    assert digests()[1] != start[1]
    assert digest(tmp_path, [], "numpy=1") != digest(tmp_path, [], "numpy=2")
    mere = {"README.md", "py.typed", "alice29.md"}
    package = {path.name for path in (ROOT / "ce").rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert package - {path.name for path in package_files(ROOT / "ce")} == mere, "a text that cells read counts"
