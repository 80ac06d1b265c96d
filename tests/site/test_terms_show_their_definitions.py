"""The first use of a term on a page links to the glossary, and shows its definition by pointer and by keyboard."""

from __future__ import annotations

import re

import nbformat
from playwright.sync_api import Browser

from tests.book_copies import BookCopy

TERM = re.compile(r'<span class="ce-term"><a [^>]*href="([^"]*)"[^>]*>([^<]*)</a><span [^>]*role="tooltip"[^>]*>')


def test_the_first_use_on_a_page_is_linked_in_running_text_and_no_other(small_book: BookCopy) -> None:
    assert TERM.findall(small_book.page("book/first")) == [
        ("glossary.html#term-old-friend", "old friend"),  # the longer of two terms
        ("glossary.html#term-nat", "nats"),  # in the plural, and not again where the text goes on
    ]
    assert "Nats are not bits." in small_book.page("book/first")
    assert not TERM.search(small_book.page("book/glossary"))


def test_the_definition_stands_in_the_page_with_its_formula_set(small_book: BookCopy) -> None:
    page = small_book.page("book/first")
    assert 'id="definition-term-old-friend">Somebody one has known for long.</span>' in page
    (formula,) = re.findall(r'id="definition-term-nat">The unit of (.*?)\.</span></span>', page)
    assert "<math" in formula
    assert "definition" not in (small_book.html / "_static" / "search_index.js").read_text(encoding="utf8")


def test_a_notebook_has_the_link_and_no_hidden_text(small_book: BookCopy) -> None:
    (path,) = small_book.root.glob("notebooks/*first*.ipynb")
    text = "".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    assert re.search(r"\[old friend\]\([^)]*glossary", text)
    assert "known for long" not in text


def test_pointer_and_focus_show_it_the_pointer_may_go_there_and_escape_hides_it(
    small_book: BookCopy, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    page.goto((small_book.html / "book" / "first.html").as_uri())
    terms, shown = page.locator(".ce-term"), page.locator(".ce-tip:visible")
    terms.nth(0).locator("a").hover()
    assert shown.all_inner_texts() == ["Somebody one has known for long."]
    shown.hover()
    assert shown.count() == 1
    page.keyboard.press("Escape")
    assert shown.count() == 0
    page.mouse.move(0, 0)
    terms.nth(0).locator("a").focus()
    assert shown.count() == 1
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == shown.get_attribute("id")
    page.keyboard.press("Escape")
    assert shown.count() == 0
    terms.nth(1).locator("a").focus()
    assert shown.count() == 1
    page.close()
