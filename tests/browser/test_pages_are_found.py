"""A page says what it is about, and the search finds the words that people type, from the disk too."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext

from ce.site.web.metadata import metatags
from tests.browser.visits import PAGES, visit

TAG = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"')


def test_each_page_says_what_it_is_about(built_book: Path) -> None:
    abouts = []
    for name in PAGES:
        html = (built_book / f"{name}.html").read_text(encoding="utf8")
        tags = {key: unescape(text) for key, text in TAG.findall(html)}
        data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)[0])
        assert html.count('name="viewport"') == 1
        assert '<html lang="en"' in html
        assert 25 <= len(tags["description"]) <= 300, name
        assert not re.search(r"\\|\$|[<>]\w", tags["description"]), "TeX, or tags"
        assert tags["og:description"] == data["description"] == tags["description"]
        assert tags["og:title"] == data["name"]
        assert (built_book / name).parent.joinpath(tags["og:image"]).is_file()
        abouts.append(tags["description"])
    assert len(set(abouts)) == len(PAGES)


def test_where_the_book_is_published_addresses_are_whole() -> None:
    body = '<h1>One</h1><p>It is "so".</p><img class="ce-picture" src="../_images/a.png">'
    there, here = (metatags("book/one", "One", body, book="Book", base=base) for base in ("https://example.org/b", ""))
    assert '<meta property="og:image" content="https://example.org/b/_images/a.png">' in there
    assert '<meta property="og:image" content="../_images/a.png">' in here
    assert '"url": "https://example.org/b/book/one.html"' in there
    assert "url" not in here
    assert 'content="It is &quot;so&quot;."' in there


def test_whoever_lost_their_way_is_led_on(built_book: Path) -> None:
    for page in ("404", "index"):
        html = (built_book / f"{page}.html").read_text(encoding="utf8")
        assert '<html lang="en"' in html
        assert 'href="book/index.html"' in html
        assert "<title>" in html


@pytest.mark.parametrize("place", ["from the disk", "from a server"])
def test_the_search_finds_what_people_type_and_shows_it_readably(
    context: BrowserContext, built_book: Path, served_book: str, place: str
) -> None:
    wanted = {
        "KL": "quantity/kl-divergence",
        "label smoothing": "changing-the-loss/label-smoothing",
        "p̂ − y": "gradient/squared-error-saturates",
        "Softmax gradients": "gradient/the-softmax-gradient",
        "focal": "changing-the-loss/focal-loss-and-class-weights",
        "temperature": "changing-the-loss/calibration-and-temperature",
    }
    base = built_book.as_uri() if place == "from the disk" else served_book
    opened = visit(context, f"{base}/search.html?q=")
    field, results = opened.page.get_by_role("searchbox").last, opened.page.locator("#search-results li")
    for query, page in wanted.items():
        field.fill(query)
        first = [str(link.get_attribute("href")) for link in results.locator(":scope > a").all()[:3]]
        assert any(page in address for address in first), (query, first)
        excerpts = results.locator(":scope > a + p").all_inner_texts()
        assert results.locator("mark").count() >= len(excerpts) / 2
        assert not [text for text in excerpts if re.search(r"\\[a-z]+|import |\.ipynb|Show the code", text)]
        assert max(map(len, excerpts)) < 320
    assert f"q={quote('temperature')}" in opened.page.url
    results.locator("a").first.click()
    opened.page.wait_for_load_state()
    assert opened.page.evaluate("document.querySelector(':target, h1') !== null")
    assert not opened.complaints


def test_words_that_stand_nowhere_are_said_to_stand_nowhere(context: BrowserContext, served_book: str) -> None:
    page = visit(context, f"{served_book}/search.html?q=xylophone").page
    assert page.get_by_role("status").filter(has_text="xylophone").count() == 1
    assert page.locator("#search-results li").count() == 0
    # What is typed is text, and never markup.
    page.get_by_role("searchbox").last.fill("<img src=x> xylophone")
    assert page.locator("#search-results img").count() == 0
