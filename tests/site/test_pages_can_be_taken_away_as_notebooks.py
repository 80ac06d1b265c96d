"""Each page offers its notebook first, and the notebook runs on its own."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path, PurePath
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest
from docutils import nodes
from IPython.core.inputtransformer2 import TransformerManager
from nbclient import NotebookClient
from nbformat import NotebookNode
from packaging.requirements import Requirement
from playwright.sync_api import Browser

from ce.site.downloads import package_address, wheel_name
from ce.site.notebook_text import PageText
from tests.book_copies import ROOT, STRICT, BookCopy


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


def code_of(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_notebook_has_the_code_and_no_outputs(small_book: BookCopy) -> None:
    asks, *cells = code_of(downloaded(small_book, "first"))
    assert asks.source.startswith("# Run this first")
    assert [cell.source.splitlines()[-1] for cell in cells] == [
        "loss = -math.log(0.01)",
        'print(f"twice the loss is {twice:.3f}")',
    ]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


def test_what_the_page_folds_is_folded(small_book: BookCopy) -> None:
    _, folded, shown = code_of(downloaded(small_book, "first"))
    assert folded.metadata == {"tags": ["hide-input"], "jupyter": {"source_hidden": True}}
    assert shown.metadata == {}


@pytest.mark.parametrize(
    ("base", "place", "address"),
    [
        ("", "", ""),
        ("", "some/book/main", "git+https://github.com/some/book"),
        ("https://example.org/b/", "some/book/main", f"https://example.org/b/_static/{wheel_name()}"),
    ],
)
def test_the_package_comes_from_the_site_and_else_from_its_repository(base: str, place: str, address: str) -> None:
    app: Any = SimpleNamespace(config=SimpleNamespace(html_baseurl=base, ce_notebooks=place))
    assert package_address(app) == address
    app.config = SimpleNamespace(html_baseurl="", ce_notebooks="https://github.com")
    with pytest.raises(ValueError, match="expected OWNER/REPOSITORY/BRANCH, or nothing, got 'https"):
        package_address(app)


def test_no_page_names_a_service_before_its_site_says_where_it_stands(small_book: BookCopy) -> None:
    for page in (small_book.html / "book").glob("*.html"):
        assert not re.search("colab|mybinder", page.read_text(encoding="utf8"))


def test_a_page_without_code_asks_for_nothing(small_book: BookCopy) -> None:
    assert code_of(downloaded(small_book, "bibliography")) == []


def test_without_the_package_the_first_cell_says_what_to_install(
    small_book: BookCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = code_of(downloaded(small_book, "first"))[0].source
    exec(first, {})
    monkeypatch.setitem(sys.modules, "ce", None)  # as if there were none
    with pytest.raises(ModuleNotFoundError, match=r"package `ce`.*index\.html(.|\n)*repository") as told:
        exec(first, {})
    ways = re.findall(f'{re.escape(sys.executable)} -m pip install "(.+)\\[notebook,digits\\]"\n', str(told.value))
    assert [(small_book.html / ways[0]).is_file(), *ways[1:]] == [True, "."]
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if only the package's core were there
    with pytest.raises(ModuleNotFoundError, match=r"(?s)matplotlib.*\[notebook,digits\]"):
        exec(first, {})


def test_a_site_that_knows_its_address_links_itself_and_its_wheel(
    copy_of_small_book: Callable[[], BookCopy], monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    book = copy_of_small_book()
    address = "https://example.org/the-book/"
    book.replace("_config.yml", "    language: en\n", f"    language: en\n    html_baseurl: {address}\n")
    where = "repository:\n  url: https://github.com/some/book\n  branch: main\nhtml:\n  use_edit_page_button: true\n"
    book.replace("_config.yml", "html:\n", f"{where}  use_repository_button: true\n")
    book.replace("_config.yml", 'ce_notebooks: ""', "ce_notebooks: some/book/gh-pages")
    assert book.build(*STRICT).code == 0
    services = re.findall(r'href="(https://(?:colab|mybinder)[^"]+)"', book.page("book/first"))
    assert services == [
        "https://colab.research.google.com/github/some/book/blob/gh-pages/_sources/book/first.ipynb",
        "https://mybinder.org/v2/gh/some/book/gh-pages?urlpath=lab/tree/_sources/book/first.ipynb",
    ]
    assert "colab" not in book.page("book/bibliography"), "a page that runs nothing"
    assert f'<link rel="canonical" href="{address}book/first.html"' in book.page("book/first")
    locations = [place.text for place in ElementTree.parse(book.html / "sitemap.xml").iterfind("{*}url/{*}loc")]
    assert sorted(map(str, locations)) == sorted(f"{address}book/{page.name}" for page in book.html.glob("book/*.html"))
    page = browser.new_page()
    page.goto((book.html / "book/first.html").as_uri())
    page.get_by_role("button", name="Source repositories").click()
    edit = page.locator("a", has_text="Suggest edit")
    assert edit.get_attribute("href") == "https://github.com/some/book/edit/main/book/first.md"
    assert edit.is_visible()
    sign = "icon => [getComputedStyle(icon).fontFamily, getComputedStyle(icon, '::before').content.codePointAt(1)]"
    assert page.locator(".fab").first.evaluate(sign) == ['"Font Awesome 6 Free"', 0xF121], (
        "one that the book's file has"
    )
    page.close()
    text = text_of(downloaded(book, "index"))
    assert f"[one chapter]({address}book/first.html)" in text
    asked: list[tuple[str, str]] = []
    shell = SimpleNamespace(run_line_magic=lambda *words: asked.append(words))
    first = TransformerManager().transform_cell(code_of(downloaded(book, "first"))[0].source)
    exec(first, {"get_ipython": lambda: shell})
    assert asked == [], "the package is there"
    monkeypatch.setitem(sys.modules, "ce", None)
    exec(first, {"get_ipython": lambda: shell})
    ((magic, words),) = asked
    *command, wanted = shlex.split(words)
    assert (magic, command) == ("pip", ["install", "--quiet"])
    requirement = Requirement(wanted)
    assert (requirement.name, requirement.extras) == ("cross-entropy-book", {"notebook", "digits"})
    assert (book.html / str(requirement.url).removeprefix(address)).is_file()


def test_the_wheel_beside_the_site_is_the_whole_package(small_book: BookCopy, tmp_path: Path) -> None:
    (wheel,) = (small_book.html / "_static").glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-index"]
    subprocess.run([*pip, "--no-deps", "--target", str(tmp_path), str(wheel)], check=True)
    package = small_book.root / "ce"
    names = [
        path.relative_to(package) for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    assert Path("references.bib") in names
    for name in names:
        assert (tmp_path / "ce" / name).read_bytes() == (package / name).read_bytes()
    (metadata,) = tmp_path.glob("*.dist-info")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))
    data = project["tool"]["setuptools"]["package-data"]["ce"]
    for name in names:  # what `pip install .` puts there, too
        assert name.suffix == ".py" or any(PurePath(name).match(pattern) for pattern in data), name
    lines = (metadata / "METADATA").read_text("utf8").splitlines()
    required = {
        line.removeprefix("Requires-Dist: ")
        for line in lines
        if line.startswith("Requires-Dist: ") and "extra ==" not in line
    }
    stated = project["project"]["dependencies"]
    assert {Requirement(text) for text in required} == {Requirement(text) for text in stated}
    assert (metadata / "licenses" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


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
    assert "myst_nb" not in str(notebook)
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


def test_a_listing_of_a_page_keeps_the_fences_that_stand_in_it() -> None:
    code = "# A page\n\n```python\n1\n```\n\n"
    listed = nodes.literal_block(code, code, language="md")
    assert written(listed) == "````md\n# A page\n\n```python\n1\n```\n````"


def test_raw_html_stays_out() -> None:
    script = nodes.raw("", "<script>x()</script>", format="html")
    assert written(script, nodes.paragraph("", "text")) == "text"
