"""`make lab`: a double click opens a chapter as a notebook, it runs unchanged, and its figures are live."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from book_copies import ROOT
from playwright.sync_api import BrowserContext, expect

TOKEN = "of-this-test-only"
CHAPTER = "index.md"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def lab_settings() -> Path:
    """Give the folder of settings that `make lab` names."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf8")
    (folder,) = re.findall(r'JUPYTER_CONFIG_PATH="\$\(CURDIR\)/([^"]*)" \$\(BIN\)/jupyter lab book', makefile)
    return ROOT / folder


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """Address of a JupyterLab on a copy of the chapters, started as `make lab` starts it."""
    book = tmp_path / "book"
    shutil.copytree(ROOT / "book", book)
    port, log = free_port(), tmp_path / "log"
    with log.open("w") as output:
        options = ["--no-browser", f"--port={port}", "--allow-root", f"--IdentityProvider.token={TOKEN}"]
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", str(book), *options],
            env={**os.environ, "JUPYTER_CONFIG_PATH": str(lab_settings()), "HOME": str(tmp_path)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(server, f"http://127.0.0.1:{port}/api?token={TOKEN}", log)
            yield f"http://127.0.0.1:{port}/lab?token={TOKEN}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(server: subprocess.Popen[bytes], url: str, log: Path, seconds: int = 60) -> None:
    for _ in range(seconds):
        assert server.poll() is None, log.read_text(encoding="utf8")
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(1)
    raise AssertionError(f"JupyterLab did not answer within {seconds} s:\n{log.read_text(encoding='utf8')}")


def test_a_chapter_opens_by_double_click_runs_and_is_live(lab: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.goto(lab)
    listed = page.locator(".jp-DirListing-item", has_text=CHAPTER)
    listed.wait_for(timeout=60_000)
    listed.dblclick()
    notebook = page.locator(".jp-NotebookPanel")
    notebook.locator(".jp-CodeCell").first.wait_for(timeout=60_000)
    expect(page.locator("#jp-main-statusbar")).to_contain_text("Idle", timeout=60_000)

    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()
    figure = notebook.locator(".ce-live").first
    figure.wait_for(timeout=60_000)
    waiting = notebook.locator(".jp-InputPrompt", has_text=re.compile(r"\[[ *]\]"))
    expect(waiting).to_have_count(0, timeout=60_000)
    expect(notebook.locator('[data-mime-type="application/vnd.jupyter.stderr"]')).to_have_count(0)

    slider, readouts = figure.locator("input[type=range]").first, figure.locator(".ce-readouts").first
    before = readouts.inner_text()
    for _ in range(5):
        slider.press("ArrowRight")
    expect(readouts).not_to_have_text(before)
