"""`make lab`: a chapter opens as a notebook by double click and runs; its figures are live, both ways."""

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
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

TOKEN = "of-this-test-only"
CHAPTER = "index.md"
# A notebook in which the kernel says what it has, moves the figure itself, and links it with two sliders.
TWO_WAY = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

```{code-cell}
import ipywidgets
from ce.figures import Figure, Line, Panel, Readout, Slider
from ce.symbols import logit

slider = Slider(logit, -4, 4, 1, 0.5, "logit z")
panel = Panel(logit, "square", (Line(logit**2, label="square"),), "A square")
readout = Readout("square", logit**2)
figure = Figure("square", "A square", "It bends.", "move z.", (slider,), (panel,), (readout,))
widget = figure.widget()
said = ipywidgets.Label("kernel: nothing yet")
widget.observe(lambda change: setattr(said, "value", f"kernel: z = {change['new']['z']:g}"), "values")
button = ipywidgets.Button(description="set from the kernel")
button.on_click(lambda _: setattr(widget, "values", {"z": -2.5}))
here = ipywidgets.FloatSlider(1, min=-4, max=4, step=0.5, description="linked")
there = ipywidgets.FloatSlider(1, min=-4, max=4, step=0.5, description="jslinked")
ipywidgets.link((here, "value"), (widget, "z"))
ipywidgets.jslink((there, "value"), (widget, "z"))
ipywidgets.VBox([widget, said, button, here, there])
```
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def lab_settings() -> Path:
    """Give the folder of settings that `make lab` names."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf8")
    (folder,) = re.findall(r'JUPYTER_CONFIG_PATH="\$\(CURDIR\)/([^"]*)" \$\(BIN\)/jupyter lab book', makefile)
    return ROOT / folder


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab on a copy of the chapters, started as `make lab` starts it."""
    folder = tmp_path_factory.mktemp("lab")
    book = folder / "book"
    shutil.copytree(ROOT / "book", book)
    (book / "two-way.md").write_text(TWO_WAY, encoding="utf8")
    port, log = free_port(), folder / "log"
    with log.open("w") as output:
        options = ["--no-browser", f"--port={port}", "--allow-root", f"--IdentityProvider.token={TOKEN}"]
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", str(book), *options],
            env={**os.environ, "JUPYTER_CONFIG_PATH": str(lab_settings()), "HOME": str(folder)},
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


def run_all(page: Page, lab: str, name: str) -> Locator:
    """Open a notebook by double click, run all its cells, and give its panel."""
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.goto(lab)
    listed = page.locator(".jp-DirListing-item", has_text=name)
    listed.wait_for(timeout=60_000)
    listed.dblclick()
    notebook = page.locator(".jp-NotebookPanel:visible")
    notebook.locator(".jp-CodeCell").first.wait_for(timeout=60_000)
    expect(page.locator("#jp-main-statusbar")).to_contain_text("Idle", timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()
    notebook.locator(".ce-live").first.wait_for(timeout=60_000)
    waiting = notebook.locator(".jp-InputPrompt", has_text=re.compile(r"\[[ *]\]"))
    expect(waiting).to_have_count(0, timeout=60_000)
    expect(notebook.locator('[data-mime-type="application/vnd.jupyter.stderr"]')).to_have_count(0)
    return notebook


def test_a_chapter_opens_by_double_click_runs_and_is_live(lab: str, context: BrowserContext) -> None:
    figure = run_all(context.new_page(), lab, CHAPTER).locator(".ce-live").first
    slider, readouts = figure.locator("input[type=range]").first, figure.locator(".ce-readouts").first
    before = readouts.inner_text()
    for _ in range(5):
        slider.press("ArrowRight")
    expect(readouts).not_to_have_text(before)


def test_browser_kernel_and_linked_controls_move_one_another(lab: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    notebook = run_all(page, lab, "two-way.md")
    slider = notebook.get_by_role("slider", name="logit z", exact=True)
    shown = notebook.get_by_role("row", name="square").get_by_role("cell")
    said = notebook.locator(".jp-OutputArea-output .widget-label", has_text="kernel:")
    linked, jslinked = (notebook.locator(".widget-hslider", has_text=name).locator(".widget-readout")
                        for name in (re.compile("^linked"), re.compile("^jslinked")))  # fmt: skip

    def all_have(z: str, square: str) -> None:
        expect(slider).to_have_attribute("aria-valuetext", z.replace("-", "−"))
        expect(shown).to_have_text(square)
        for control in (linked, jslinked):
            expect(control).to_have_text(f"{float(z):.2f}".replace("-", "−"))

    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(said).to_have_text("kernel: z = 2")
    all_have("2", "4.000")
    notebook.get_by_role("button", name="set from the kernel").click()
    expect(said).to_have_text("kernel: z = -2.5")
    all_have("-2.5", "6.250")
    for control, z, square in ((linked, "3", "9.000"), (jslinked, "-1", "1.000")):
        retype(control, z)
        all_have(z, square)
        expect(said).to_have_text(f"kernel: z = {z}")
    context.close()
    assert asked
    host = lab.partition("/lab")[0].removeprefix("http")
    elsewhere = [url for url in asked if not url.removeprefix("http").removeprefix("ws").startswith(host)]
    assert not [url for url in elsewhere if not url.startswith(("data:", "blob:"))]


def retype(readout: Locator, text: str) -> None:
    """Type a number into the read-out of a slider of ipywidgets."""
    readout.click()
    readout.press("Control+A")
    readout.press_sequentially(text)
    readout.press("Enter")
