"""A Jupyter Book that only names our extension, made literally from the page that tells how."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.book.chapter_cells import source
from tests.book_copies import ROOT

PART = source("book/reference/make-your-own").partition("## In a Jupyter Book of your own")[2]
FILE = re.compile(r"^(`{3,4})(?:yaml|md)\n(?:# |<!-- )(\S+)(?: -->)?\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
FILES = {name: text for _, name, text in FILE.findall(PART)}
# What our own book's build needs and another book does not have.
ONLY_OURS = ("py_mini_racer", "sphinxcontrib.katex")


@pytest.fixture(scope="module")
def their_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the book of that page where the modules of our own build cannot be imported; return its HTML."""
    folder = tmp_path_factory.mktemp("another")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf8")
    barred = "".join(f"sys.modules[{name!r}] = None; " for name in ONLY_OURS)
    run = f"import sys; {barred}from jupyter_book.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", run, "build", ".", "-W", "--keep-going"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return folder / "_build" / "html"


def test_its_figure_moves_and_its_exercise_is_judged(their_book: Path, browser: Browser) -> None:
    assert set(FILES) == {"_config.yml", "_toc.yml", "figure.md", "exercise.md"}
    context = browser.new_context()
    # Its theme may ask other hosts for what it likes; nobody answers here.
    context.route(re.compile("^https?:"), lambda route: route.abort())
    page = context.new_page()
    page.goto((their_book / "figure.html").as_uri())
    value = page.get_by_role("row", name="probability").get_by_role("cell")
    expect(value).to_have_text("0.5000")
    page.get_by_role("slider", name="logit z").press("End")
    expect(value).to_have_text("0.9997")
    page.goto((their_book / "exercise.html").as_uri())
    asked = page.locator("section.ce-exercise")
    for answer, outcome in (("2", "wrong"), ("1 bit", "right")):
        asked.locator("[name=answer]").fill(answer)
        asked.get_by_role("button", name="Check").click()
        expect(asked.locator("output")).to_have_attribute("data-outcome", outcome)
    assert "NumberExercise" not in page.locator("main").inner_text()
    context.close()
