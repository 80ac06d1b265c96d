"""A figure in a cell becomes a live figure in the page, with its picture as a file beside it."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from myst_nb.core.render import MimeData

from ce.site.figures import MIME_TYPE, FigureRenderer
from tests.book_copies import BookCopy


def test_the_page_holds_the_specification_and_links_the_picture(small_book: BookCopy) -> None:
    page = small_book.page("book/second")
    (figure,) = re.findall(r'<figure class="ce-figure".*?</figure>', page, re.DOTALL)
    (spec,) = re.findall(r'<script type="application/json">(.*?)</script>', figure, re.DOTALL)
    assert json.loads(spec)["name"] == "small"
    (picture,) = re.findall(r'<img[^>]* src="([^"]*)"', figure)
    assert (small_book.html / "book" / picture).read_bytes().startswith(b"\x89PNG")
    assert "base64" not in page


def test_the_page_asks_for_no_widget_manager(small_book: BookCopy) -> None:
    page = small_book.page("book/second")
    assert "widget-state+json" not in page
    assert "require" not in re.sub(r"<pre>.*?</pre>", "", page, flags=re.DOTALL)


def test_script_and_style_sheet_are_linked_and_there(small_book: BookCopy) -> None:
    page = small_book.page("book/second")
    for name in ("figure.js", "site.css"):
        assert re.search(rf'_static/{re.escape(name)}(\?v=\w+)?"', page)
    assert (small_book.html / "_static/figure.js").stat().st_size > 0
    styles = (small_book.html / "_static/site.css").read_text(encoding="utf8")
    for rule in (".ce-role-1", ".ce-derivation summary", "--ce-role-0"):
        assert rule in styles


def test_a_book_by_way_of_latex_has_the_picture_with_its_caption_and_the_formulas(small_book: BookCopy) -> None:
    build = small_book.build("--builder", "latex")
    assert build.code == 0, build.log
    tex = next((small_book.root / "_build" / "latex").glob("*.tex")).read_text(encoding="utf8")
    (picture,) = re.findall(r"includegraphics(?:\[[^]]*\])?\{\{(\w+)\}\.png\}", tex)
    assert (small_book.root / "_build" / "latex" / f"{picture}.png").is_file()
    assert r"\sphinxstylestrong{A loss.} It falls." in tex
    assert r"\sphinxstylestrong{Twice one} (claim X)" in tex
    assert re.search(r"\\begin\{aligned\}\s*& *\\sum_", tex)
    assert "Sum(" not in tex.replace(r"\PYG{n}{Sum}", "")


def rendered(outputs: list[dict[str, Any]], data: MimeData, *, inline: bool = False) -> Any:
    client = SimpleNamespace(code_cell_outputs=lambda _index: (1, outputs))
    renderer = SimpleNamespace(renderer=SimpleNamespace(nb_client=client), source="book/x.md")
    return FigureRenderer.handle_mime(renderer, data, inline)  # type: ignore[arg-type]


def test_a_figure_without_a_picture_is_refused() -> None:
    data = MimeData(MIME_TYPE, {"name": "x"}, cell_index=0, line=7)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"expected: image/png.*got: none, in book/x\.md, cell at line 7"):
        rendered([{"data": {MIME_TYPE: {"name": "another"}, "image/png": "aaaa"}}], data)


def test_other_outputs_are_left_to_others() -> None:
    assert rendered([], MimeData("text/html", "<b>bold</b>", cell_index=0)) is None
