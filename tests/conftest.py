"""What the tests share: the built book and a browser."""

from __future__ import annotations

import gc
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from xdist.scheduler import LoadFileScheduling

from tests.book_copies import ROOT, STRICT, BookCopy, copy_book
from tests.install_browser import find_browser, launch_flags

# The same examples in every run; `python -m pytest tests/numeric --hypothesis-profile=explore` looks further.
settings.register_profile("suite", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", max_examples=2000, database=None, deadline=None)
settings.load_profile("suite")
# As long as Playwright waits for anything else: on a busy machine a page within a page took more than its five seconds.
expect.set_options(timeout=30_000)


KERNELS = (
    "tests/book/test_cells_that_readers_run.py",
    "tests/browser/test_chapters_open_as_notebooks.py",
    "tests/site/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort files so that one worker builds the book while the other has tests that need none; small ones come last."""
    waiting = {item.path for item in items if "built_book" in getattr(item, "fixturenames", ())}
    tests = Counter(item.path for item in items)
    items.sort(
        key=lambda item: (not item.nodeid.startswith(KERNELS), item.path in waiting, -tests[item.path], item.path)
    )


def pytest_collection_finish() -> None:
    """Have the collector of garbage pass over what stays for the whole run: it took a tenth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


class FileScheduling(LoadFileScheduling):
    """A file to a worker; those that start kernels to one, since kernels of two may choose the same port."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return "kernels" if file.startswith(KERNELS) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileScheduling:
    """Give each file to one worker, as its tests share what they look at, in the order of the collection."""
    config.option.loadscopereorder = False
    return FileScheduling(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test that was skipped has shown nothing, and a full run without a browser is none: both have failed.

    Looked at where the reports come together, because workers see a part of the tests each.
    """
    config = session.config
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput") or config.option.collectonly:
        return
    full = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    seen = any(report.nodeid.startswith("tests/browser/") for report in reporter.stats.get("passed", ()))
    if full and not seen:
        reporter.write_line("ERROR: expected tests in tests/browser, none has passed", red=True)
    if (full and not seen) or reporter.stats.get("skipped") or reporter.stats.get("xfailed"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def kept_studies(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[None]:
    """Train for the study on real digits once: tests, the book and its downloads find it in a folder of this run."""
    shared = tmp_path_factory.getbasetemp()
    folder = (shared if worker_id == "master" else shared.parent) / "studies"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CE_KEPT_STUDIES", str(folder))
        yield


@pytest.fixture(scope="session")
def built_book(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The HTML of the real book, built once for the whole run from a copy, whichever worker asks first."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared if worker_id == "master" else shared.parent
    with FileLock(shared / "book.lock"):
        said = shared / "book.said"
        if not said.exists():
            said.write_text(_build_book(shared / "book"), encoding="utf8")
        if text := said.read_text(encoding="utf8"):
            pytest.fail(text, pytrace=False)
    return BookCopy(shared / "book").html


def _build_book(folder: Path) -> str:
    """Build the book in a folder; return what went wrong, empty for nothing."""
    folder.mkdir()
    copy = copy_book(folder)
    cache = ROOT / "_build" / ".jupyter_cache"
    if cache.is_dir():
        # Keyed on the code and the libraries (a test holds that), so what it saves is time and nothing else.
        shutil.copytree(cache, copy.root / "_build" / ".jupyter_cache")
    build = copy.build(*STRICT)
    if build.code == 0:
        return ""
    # Every test of a page would repeat this, so it is what matters and not the whole log.
    said = [line for line in build.log.splitlines() if re.search(r":\d+: |WARNING|ERROR|Error", line)]
    return "\n".join(["the book does not build; `make book` shows all:", *said])


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
