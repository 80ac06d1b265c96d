"""What the tests share: the built book and a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from book_copies import ROOT, STRICT, copy_book
from install_browser import find_browser, launch_flags
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError


@pytest.fixture(scope="session")
def built_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML of the real book, built once for the whole run from a copy."""
    copy = copy_book(tmp_path_factory.mktemp("book"))
    cache = ROOT / "_build" / ".jupyter_cache"
    if cache.is_dir():
        # Keyed on the code and the libraries (a test holds that), so what it saves is time and nothing else.
        shutil.copytree(cache, copy.root / "_build" / ".jupyter_cache")
    build = copy.build(*STRICT)
    if build.code != 0:
        pytest.fail(f"the book does not build:\n{build.log}", pytrace=False)
    return copy.html


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium; a machine without one fails the tests that need it, and says what to do."""
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=find_browser(), args=launch_flags())
        except PlaywrightError as error:
            pytest.fail(
                "expected: a Chromium or Chrome to test pages with; got: none that starts. Run "
                f"`python tests/install_browser.py`, or name one in the variable CE_CHROMIUM.\n{error}",
                pytrace=False,
            )
        yield opened
        opened.close()
