"""What the tests share: the built book and a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from book_copies import ROOT, STRICT, copy_book
from hypothesis import settings
from install_browser import find_browser, launch_flags
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError

# The same examples in every run; `python -m pytest tests/numeric --hypothesis-profile=explore` looks further.
settings.register_profile("suite", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", max_examples=2000, database=None, deadline=None)
settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what builds the book, or needs it built, to the end: the quick tests speak first."""
    items.sort(key=lambda item: _waits(item.path))


def _waits(path: Path) -> int:
    folder = path.relative_to(ROOT).parts[1:2]
    return ("site", "browser").index(folder[0]) + 1 if folder and folder[0] in {"site", "browser"} else 0


def pytest_collection_finish(session: pytest.Session) -> None:
    """A full run without the tests in a browser is no full run."""
    config = session.config
    full = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    if full and not any(item.path.parent.name == "browser" for item in session.items):
        raise pytest.UsageError("expected tests in tests/browser, collected none")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test that was skipped has shown nothing: it counts as failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and (reporter.stats.get("skipped") or reporter.stats.get("xfailed")):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


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
        # Every test of a page would repeat this, so it is what matters and not the whole log.
        said = [line for line in build.log.splitlines() if re.search(r":\d+: |WARNING|ERROR|Error", line)]
        pytest.fail("\n".join(["the book does not build; `make book` shows all:", *said]), pytrace=False)
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
