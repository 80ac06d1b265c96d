"""Each way of breaking the book fails the build, and the message names the page and the line."""

from __future__ import annotations

import re
from collections.abc import Callable

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.book_copies import STRICT, BookCopy, Build

Copies = Callable[[], BookCopy]


def message_at(build: Build, page: str, line: int) -> str:
    """Give what the log says about that line of that page."""
    found = re.findall(rf"{re.escape(page)}:{line}: (.*)", build.log)
    assert found, f"no message at {page}:{line} in\n{build.log}"
    return " ".join(found)


def test_a_failing_cell_fails_the_build_also_without_flags(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    in_cell = book.replace("book/first.md", "twice = 2 * loss", "twice = 2 * loss\n[][1]")
    in_package = book.replace("book/second.md", "print(f", 'to_wire("not an expression")\nprint(f')
    book.replace("book/second.md", "import binary_cross_entropy", "import binary_cross_entropy, to_wire")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = new_notebook(cells=[new_markdown_cell("# A notebook"), new_code_cell("1 / 0")], metadata=kernel)
    nbformat.write(notebook, book.root / "book/third.ipynb")
    book.replace("_toc.yml", "  - file: book/folds\n", "  - file: book/folds\n  - file: book/third\n")
    build = book.read()
    assert build.code != 0
    assert "IndexError: list index out of range" in message_at(build, "book/first.md", in_cell + 1)
    assert "book/third.ipynb: the cell failed: ZeroDivisionError: division by zero" in build.log
    # Raised deep inside the package, named by the line of the chapter that led there.
    assert "Error: " in message_at(build, "book/second.md", in_package)


def test_a_refuted_step_of_a_derivation_fails_the_build_and_shows_where_it_is_false(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    line = book.replace("book/second.md", "Equal(2,", "Equal(3,")
    build = book.read()
    assert build.code != 0
    message = message_at(build, "book/second.md", line + 1)
    assert "RefutedStep: X, step 1 (=) is refuted" in message
    assert re.search(r"from: Sum\(.*\n +to: 3", build.log), "expected the two sides"
    numbers = re.search(r"differ at K = \d+, q = \(.*\): 2 and 3, apart by 1", build.log)
    assert numbers, "expected numbers for which the two sides differ"


def test_a_formula_that_cannot_be_set_fails_the_build_in_the_text_and_in_an_output(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    displayed = book.replace("book/first.md", "\\log p_k", "\\nosuchname p_k")
    inline = book.replace("book/index.md", "It has", "$\\href{https://example.org}{x}$ It has")
    book.replace(
        "book/second.md", "print(f", "from IPython.display import HTML\ndisplay(HTML(r'\\(\\frac{1}\\)'))\nprint(f"
    )
    build = book.build()
    assert build.code != 0
    assert r"Undefined control sequence: \nosuchname" in message_at(build, "book/first.md", displayed - 2)
    assert r"\href may only be \htmlClass" in message_at(build, "book/index.md", inline)
    assert re.search(r"book/second\.md.*got \\frac\{1\}: KaTeX parse error", build.log)


def test_a_warning_of_sphinx_or_of_a_cell_fails_the_build(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    of_sphinx = book.replace("book/index.md", "It has", "```{nosuchdirective}\n```\n\nIt has")
    of_cell = book.replace("book/first.md", "twice =", "import sys\nprint('no', file=sys.stderr)\ntwice =")
    build = book.read(*STRICT)
    assert build.code != 0
    assert "nosuchdirective" in message_at(build, "book/index.md", of_sphinx)
    assert "the cell wrote to stderr: no" in message_at(build, "book/first.md", of_cell)
    _, _, reasons = build.log.rpartition("The book has 2 problems:\n")
    assert re.search(rf"^  book/index\.md:{of_sphinx}: .*nosuchdirective", reasons, re.MULTILINE)
    assert f"\n  book/first.md:{of_cell}: the cell wrote to stderr: no" in f"\n{reasons}"


def test_a_broken_internal_link_fails_the_build_until_it_is_mended(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    label = book.replace("book/first.md", "[this](#first)", "[this](#nowhere)")
    page = book.replace("book/index.md", "[another](second.md)", "[another](third.md)")
    equation = book.replace("book/first.md", "{eq}`entropy`", "{eq}`enthalpy`")
    figure = book.replace("book/index.md", "It has", "{ref}`A curve <figure-nowhere>`. It has")
    for _ in range(2):
        build = book.read(*STRICT)
        assert build.code != 0
        assert "nowhere" in message_at(build, "book/first.md", label)
        assert "third.md" in message_at(build, "book/index.md", page)
        assert "enthalpy" in message_at(build, "book/first.md", equation)
        assert "figure-nowhere" in message_at(build, "book/index.md", figure)


def test_an_unresolved_citation_and_a_claim_that_nothing_shows_fail_the_build(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    cell = (
        '```{code-cell} ipython3\nfrom ce.claims import ledger\n\nledger("book/index", numbers=["L3"])\n```\n\nIt has'
    )
    book.replace("book/index.md", "It has", cell)
    line = book.replace("book/first.md", "{cite}`cover2006`", "{cite}`nobody1900`")
    build = book.read(*STRICT)
    assert build.code != 0
    assert "nobody1900" in message_at(build, "book/first.md", line)
    assert "book/index.md: claim L3 has no figure 'best-die'" in build.log
    assert "book/index.md: claim L3 has no exercise" in build.log


def test_a_chapter_missing_from_the_output_fails_the_build(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    (book.root / "dropper.py").write_text(
        "import pathlib\n\n"
        "def drop(app, exception):\n"
        "    pathlib.Path(app.outdir, 'book', 'first.html').unlink()\n"
        "    pathlib.Path(app.outdir, 'book', 'bibliography.html').write_text('<article></article>')\n\n"
        "def setup(app):\n"
        "    app.connect('build-finished', drop)\n"
    )
    book.replace("_config.yml", "      - ce.site\n", "      - ce.site\n      - dropper\n")
    book.replace("_toc.yml", "book/second", "book/gone")
    (book.root / "book" / "left-out.md").write_text("# Left out\n", encoding="utf8")
    build = book.build()
    assert build.code != 0
    assert "first.html was not written" in message_at(build, "_toc.yml", 4)
    assert "book/gone.md is in the table of contents but does not exist" in message_at(build, "_toc.yml", 5)
    assert "bibliography.html is empty" in message_at(build, "_toc.yml", 6)
    assert "book/left-out.md: the page is not in _toc.yml: name it there" in build.log
    assert "book/second.md: the page is not in _toc.yml" in build.log


def test_a_chapter_left_out_or_not_executed_fails_the_build(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    book.replace("_config.yml", 'exclude_patterns: [".*"', 'exclude_patterns: ["book/second.md", ".*"')
    book.replace("_config.yml", "execute_notebooks: cache", 'execute_notebooks: "off"')
    build = book.build()
    assert build.code != 0
    assert "its cells were not executed" in message_at(build, "_toc.yml", 4)
    assert "excluded from the build" in message_at(build, "_toc.yml", 5)


def test_a_cell_that_should_raise_and_does_not_fails_the_build_every_time(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    line = book.replace("book/first.md", "twice = 2 * loss", ":tags: [raises-exception]\n\ntwice = 2 * loss")
    for _ in range(2):
        build = book.read()
        assert build.code != 0
        assert "raised nothing" in message_at(build, "book/first.md", line + 2)


def test_a_cell_that_raises_as_announced_builds(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    book.replace("book/first.md", "twice = 2 * loss", ":tags: [raises-exception]\n\ntwice = 2 / 0")
    build = book.build(*STRICT)
    assert build.code == 0, build.log
    assert "ZeroDivisionError" in book.page("book/first")


def test_a_cell_that_never_ends_is_named(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    cells = ["first = 1", "while True:\n    pass", "never = 1"]
    fenced = "\n".join(f"```{{code-cell}} ipython3\n{code}\n```\n" for code in cells)
    line = book.replace("book/index.md", "It has", f"{fenced}\nIt has")
    book.replace("_config.yml", "timeout: 300", "timeout: 3")
    build = book.read()
    assert build.code != 0
    assert "did not finish" in message_at(build, "book/index.md", line + 5)


def test_a_kernel_that_dies_is_named_by_its_page(copy_of_small_book: Copies) -> None:
    book = copy_of_small_book()
    book.replace("book/first.md", "twice = 2 * loss", "import os\nos._exit(1)")
    build = book.read()
    assert build.code != 0
    assert "the build stopped while reading book/first.md" in build.log
