"""Each page offers its notebook first, and the notebook runs on its own."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from book_copies import BookCopy
from docutils import nodes
from nbclient import NotebookClient
from nbformat import NotebookNode

from ce.site.notebook_text import PageText


def downloaded(book: BookCopy, name: str) -> NotebookNode:
    notebook = nbformat.read(book.html / "_sources" / "book" / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    return notebook


def text_of(notebook: NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_every_page_offers_its_notebook_before_its_source(small_book: BookCopy) -> None:
    for name in ("index", "first", "second", "bibliography"):
        offered = re.findall(r'href="(\.\./_sources/[^"]*)"', small_book.page(f"book/{name}"))
        assert offered == [f"../_sources/book/{name}.ipynb", f"../_sources/book/{name}.md"]
        assert all((small_book.html / "book" / link).is_file() for link in offered)


def test_the_notebook_has_the_code_and_no_outputs(small_book: BookCopy) -> None:
    cells = [cell for cell in downloaded(small_book, "first").cells if cell.cell_type == "code"]
    assert [cell.source.splitlines()[-1] for cell in cells] == [
        'glue("loss", loss, display=False)',
        'print(f"twice the loss is {twice:.3f}")',
    ]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


def test_the_notebook_reads_as_the_page_does(small_book: BookCopy) -> None:
    text = text_of(downloaded(small_book, "first"))
    assert "# The first chapter" in text
    assert "an old friend [Cover and Thomas, 2006]" in text
    assert "The loss is 4.605 nats; see (1)." in text
    assert "$$\nH(p) = -\\sum_{k=1}^{K} p_k \\log p_k \\tag{1}\n$$" in text
    assert "> **To remember**\n>\n> Nats are not bits." in text
    without_tex = re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL)
    assert "{" not in without_tex, "a directive or role was left in the text"


def test_the_notebook_runs_from_top_to_bottom_elsewhere(small_book: BookCopy, tmp_path: Path) -> None:
    notebook = downloaded(small_book, "first")
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}, timeout=120).execute()
    assert notebook.cells[-2].outputs[0].text == "twice the loss is 9.210\n"


def test_the_same_page_gives_the_same_file(small_book: BookCopy) -> None:
    cells = downloaded(small_book, "second").cells
    assert [cell.id for cell in cells] == [f"cell-{number}" for number in range(len(cells))]


def written(*blocks: nodes.Node, base: str = "") -> str:
    page = nodes.container("", *blocks)
    text = PageText(link=lambda uri: uri if "://" in uri or base else "", equation_number=lambda _: "")
    return "\n\n".join(str(part) for part in text.parts(page))


def test_links_within_the_book_keep_their_text_when_its_address_is_unknown() -> None:
    inner = nodes.reference("", "the next chapter", refuri="second.html")
    outer = nodes.reference("", "a paper", refuri="https://example.org/paper")
    assert written(nodes.paragraph("", "", inner, nodes.Text(" and "), outer)) == (
        "the next chapter and [a paper](https://example.org/paper)"
    )


def test_text_that_would_be_markdown_is_escaped() -> None:
    assert written(nodes.paragraph("", "2 * 3 < $7 and `x`")) == r"2 \* 3 \< \$7 and \`x\`"


def test_lists_and_quotations_keep_their_nesting() -> None:
    inner = nodes.bullet_list("", nodes.list_item("", nodes.paragraph("", "inner")))
    outer = nodes.enumerated_list("", nodes.list_item("", nodes.paragraph("", "outer"), inner), start=3)
    assert written(nodes.block_quote("", outer)) == "> 3. outer\n>\n>    - inner"


def test_raw_html_stays_out() -> None:
    script = nodes.raw("", "<script>x()</script>", format="html")
    assert written(script, nodes.paragraph("", "text")) == "text"
