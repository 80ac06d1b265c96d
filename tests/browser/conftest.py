"""The real book in a real browser: from a server on this machine, and from the disk."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.visits import PAGES, Visit, visit, watched


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and keeps its log to itself."""

    def log_message(self, format: str, *args: object) -> None:
        pass


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        # By module, so that tests which only look at a page can share one visit to it.
        metafunc.parametrize("name", PAGES, scope="module")


@pytest.fixture(scope="session")
def served_book(built_book: Path) -> Iterator[str]:
    """Address of the built book on a server of this machine."""
    handler = partial(QuietHandler, directory=str(built_book))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module", params=["from a server", "from the disk"])
def address(request: pytest.FixtureRequest, built_book: Path, served_book: str) -> str:
    """Where the book is read: each test that asks for this runs for both places."""
    return served_book if request.param == "from a server" else built_book.as_uri()


@pytest.fixture(scope="module")
def reading(browser: Browser, served_book: str, name: str) -> Iterator[Visit]:
    """A page as it opens; for looking at only."""
    context = browser.new_context()
    yield visit(context, f"{served_book}/{name}.html")
    context.close()


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Visit]:
    """A tab that goes from page to page, which takes half as long as one for each."""
    context = browser.new_context()
    yield watched(context)
    context.close()


@pytest.fixture(scope="module")
def without_javascript(browser: Browser) -> Iterator[Page]:
    """A tab without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser as it comes."""
    context = browser.new_context()
    yield context
    context.close()
