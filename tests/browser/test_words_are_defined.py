"""A reader meets no word of the book before it is defined: on every page its first use leads to the definition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, NavigableString

from tests.browser.visits import PAGES

START = "book/before-you-start"
WORDS = ("class", "distribution", "expectation", "nat", "label", "bracket", "logit", "sigmoid", "softmax", "loss")
ALSO = {"distribution": "distribution|pmf"}  # one definition under two names
ELSEWHERE = ("book/reference/glossary", "book/reference/bibliography")  # the definitions, and titles of others
# Where a word is no running text: code, formulas, figures, boxes with a reading of their own, headings.
_APART = "pre, code, script, h1, h2, h3, figure, .katex, .ce-tip, .ce-derivation, .ce-exercise, .ce-ledger, .ce-printed"


_SPAN = re.compile(r'<span\b(?P<formula> class="katex")?|</span>')


def without_formulas(html: str) -> str:
    """Leave out what formulas are set in, most of a page: to parse it all takes six times as long."""
    kept, depth, start = [], 0, 0
    for tag in _SPAN.finditer(html):
        if depth:
            depth += -1 if tag[0] == "</span>" else 1
            start = tag.end()
        elif tag["formula"]:
            kept.append(html[start : tag.start()])
            depth = 1
    return "".join([*kept, html[start:]])


def running_text(page: Path) -> Iterator[NavigableString]:
    article = BeautifulSoup(without_formulas(page.read_text(encoding="utf8")), "html.parser").article
    for apart in article.select(_APART):
        apart.decompose()
    for paragraph in article.select("p:not(.admonition-title)"):
        yield from (text for text in paragraph.descendants if isinstance(text, NavigableString))


def undefined(page: Path, words: tuple[str, ...] = WORDS) -> list[str]:
    """The words whose first use is neither a link nor, in bold, the definition itself."""
    wanted = dict.fromkeys(words)
    for text in running_text(page):
        for word in list(wanted):
            if re.search(rf"(?<![\w-])(?:{ALSO.get(word, word)})(?:e?s)?(?![\w-])", text, re.IGNORECASE):
                del wanted[word]
                if not text.find_parent(["a", "strong"]):
                    return [word, str(text)]
    return []


@pytest.mark.parametrize("chapter", [page for page in PAGES if page not in ELSEWHERE])
def test_the_first_use_of_each_of_the_ten_words_leads_to_its_definition(built_book: Path, chapter: str) -> None:
    assert undefined(built_book / f"{chapter}.html") == []


def test_the_ten_words_are_those_of_the_page_before_the_start(built_book: Path) -> None:
    article = BeautifulSoup((built_book / f"{START}.html").read_text(encoding="utf8"), "html.parser").article
    defined = " ".join(strong.get_text().lower() for strong in article.select("p > strong:first-child"))
    assert [word for word in WORDS if word not in defined] == []


def test_a_word_that_is_used_and_not_linked_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<article><h1>Logits</h1><p>A <a>loss</a>, a loss and two logits.</p></article>")
    assert undefined(page)[0] == "logit"
