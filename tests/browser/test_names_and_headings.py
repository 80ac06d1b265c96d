"""What a page's buttons, folds and derivations are called, for those who speak to it or listen to it."""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import Browser, expect

from tests.browser.visits import visit


def test_code_stands_once_and_below_what_it_shows(built_book: Path, name: str) -> None:
    page = BeautifulSoup((built_book / f"{name}.html").read_text(encoding="utf8"), "html.parser")
    for cell in page.select("div.cell"):
        folds = cell.select("details.below-output")
        assert len(folds) <= 1
        assert not cell.select("details.above-input, details.below-input")
        if folds:
            parts = cell.find_all(["div", "details"], recursive=False)
            assert "cell_output" in parts[0]["class"]
            assert parts[-1] is folds[0]
            assert not cell.select(".ce-exercise"), "the code of an exercise holds its answer"
            assert cell.select(".cell_output img, .cell_output figure, .cell_output pre, .cell_output table")
        code = cell.select_one(".cell_input")
        assert not (code and re.fullmatch(r"(from .*\n+)*[\w.]+\(\)\.check\(\)\s*", code.get_text()))


def test_search_and_theme_have_names(browser: Browser, served_book: str) -> None:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = visit(context, f"{served_book}/book/index.html").page
    expect(page.get_by_role("button", name=re.compile(r"Search.*Ctrl.*K")).first).to_be_visible()
    expect(page.get_by_role("button", name="Colour theme").first).to_be_visible()
    context.close()


def test_each_derivation_can_be_jumped_to_by_its_heading(browser: Browser, served_book: str) -> None:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = visit(context, f"{served_book}/book/quantity/kl-divergence.html").page
    page.evaluate("for (const fold of document.querySelectorAll('.bd-article details')) fold.open = true")
    titles = page.locator(".ce-derivation .ce-title strong").all_inner_texts()
    headings = page.get_by_role("heading", level=3).all_inner_texts()
    contents = page.locator(".bd-toc a").all_inner_texts()
    context.close()
    assert len(titles) > 5
    assert all(any(title in heading for heading in headings) for title in titles)
    assert not set(titles) & set(contents), "the contents list is of sections"
