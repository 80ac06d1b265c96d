"""`make lab`: the chapters open as notebooks, read as the site does, run, are live, and can be reopened."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import nbformat
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.book_copies import ROOT
from tests.browser.visits import PAGES

TOKEN = "of-this-test-only"
CHAPTER = "book/gradient/squared-error-saturates"
# A notebook in which the kernel says what it has, moves the figure itself, and links it with two sliders.
TWO_WAY = """\
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
"""
# The figure alone, as chapters show it.
SHOWN = TWO_WAY.partition("widget =")[0].replace("import ipywidgets\n", "") + "figure\n"
# The words of a page without its cells and what is not text, one sign for each formula, no white space.
WORDS = """(parts) => parts.map((part) => {
  const copy = part.cloneNode(true);
  const others = ".cell, .ce-tip, .headerlink, .section-number, .jp-InternalAnchorLink, script, style, svg";
  for (const other of copy.querySelectorAll(others)) other.remove();
  for (const formula of copy.querySelectorAll(".math, .katex, mjx-container")) formula.replaceWith("∎");
  return copy.textContent;
}).join("").replace(/\\s+/g, "")"""
# The same without the listings, where a role may stand as it is typed.
PROSE = WORDS.replace(".cell,", ".cell, pre,")


@dataclass(frozen=True)
class Lab:
    """A JupyterLab started as `make lab` starts it, on notebooks of its own."""

    address: str
    root: Path

    def open(self, context: BrowserContext, name: str) -> Page:
        """Open a notebook by its address, as `make lab` does with the first one, in a tidy workspace."""
        page = context.new_page()
        page.set_viewport_size({"width": 1400, "height": 1000})
        page.goto(f"{self.address}/lab/tree/{name}?reset&token={TOKEN}")
        page.locator(".jp-NotebookPanel:visible .jp-Cell").first.wait_for(timeout=60_000)
        return page

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the server itself."""
        headers = {"Authorization": f"token {TOKEN}"}
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.address}/{path}", data, headers, method=method)
        with urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def shut_kernels_down(self) -> None:
        """End what the notebooks have started."""
        with ThreadPoolExecutor() as pool:  # each takes a quarter of a second to end
            list(pool.map(lambda one: self.ask("DELETE", f"api/sessions/{one['id']}"), self.ask("GET", "api/sessions")))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_and_start_page() -> tuple[str, str]:
    """Give the folder of settings and the notebook that `make lab` names, both relative to the book."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf8")
    command = r'^lab: book .*\n\tJUPYTER_CONFIG_PATH="\$\(CURDIR\)/([^":]*)" \$\(BIN\)/jupyter lab (\S+)$'
    (found,) = re.findall(command, makefile, re.MULTILINE)
    return found


@pytest.fixture(scope="module")
def lab(built_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The notebooks that the build has written, in a repository that somebody has cloned."""
    root = tmp_path_factory.mktemp("lab") / "clone"
    root.mkdir()
    shutil.copy2(ROOT / ".gitignore", root)
    shutil.copytree(ROOT / "book", root / "book")
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    name = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    git(root, *name, "commit", "--quiet", "--message=The book")
    shutil.copytree(built_book.parents[1] / "notebooks", root / "notebooks")
    for name, code in (("two-way", TWO_WAY), ("shown", SHOWN)):
        nbformat.write(new_notebook(code), root / "notebooks" / f"{name}.ipynb")
    settings, start = settings_and_start_page()
    port, log = free_port(), root.parent / "log"
    with log.open("w") as output:
        options = ["--no-browser", f"--port={port}", "--allow-root", f"--IdentityProvider.token={TOKEN}"]
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", start, *options],
            cwd=root,
            env={**os.environ, "JUPYTER_CONFIG_PATH": str(root / settings), "HOME": str(root.parent)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(server, f"http://127.0.0.1:{port}/api?token={TOKEN}", log)
            yield Lab(f"http://127.0.0.1:{port}", root)
        finally:
            server.terminate()
            server.wait(timeout=120)


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=True, stdout=subprocess.PIPE, encoding="utf8")
    return done.stdout


def new_notebook(code: str) -> nbformat.NotebookNode:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(code)]
    return nbformat.v4.new_notebook(metadata={"kernelspec": kernel}, cells=cells)


def wait_for(server: subprocess.Popen[bytes], url: str, log: Path, seconds: int = 60) -> None:
    for _ in range(seconds):
        assert server.poll() is None, log.read_text(encoding="utf8")
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(1)
    raise AssertionError(f"JupyterLab did not answer within {seconds} s:\n{log.read_text(encoding='utf8')}")


def run_all(page: Page) -> Locator:
    """Run all cells of the notebook in view, and give its panel."""
    notebook = page.locator(".jp-NotebookPanel:visible")
    expect(page.locator("#jp-main-statusbar")).to_contain_text("Idle", timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()
    notebook.locator(".ce-live").first.wait_for(timeout=60_000)
    waiting = notebook.locator(".jp-InputPrompt", has_text=re.compile(r"\[[ *]\]"))
    expect(waiting).to_have_count(0, timeout=60_000)
    expect(notebook.locator('[data-mime-type="application/vnd.jupyter.stderr"]')).to_have_count(0)
    return notebook


def save(page: Page) -> None:
    changed = page.locator(".lm-TabBar-tab.lm-mod-current.jp-mod-dirty")
    for _ in range(30):  # what a cell or a figure still tells after a save is to be saved, too
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1000)
        if not changed.count():
            return
    expect(changed).to_have_count(0)


def current_tab(page: Page) -> Locator:
    return page.locator("#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current")


def reopened(lab: Lab, context: BrowserContext, name: str) -> Locator:
    """Run a notebook, save it, close it, end its kernel, and open it again; give its panel."""
    page = lab.open(context, name)
    run_all(page)
    save(page)
    page.close()
    lab.shut_kernels_down()
    return lab.open(context, name).locator(".jp-NotebookPanel:visible")


def test_the_start_page_opens_beside_the_chapters_in_reading_order(lab: Lab, context: BrowserContext) -> None:
    start = settings_and_start_page()[1].removeprefix("notebooks/")
    page = lab.open(context, start)
    listed = page.locator(".jp-DirListing-itemText").all_inner_texts()
    chapters = [f"{number:02d}-{Path(name).name}.ipynb" for number, name in enumerate(PAGES)][1:]
    assert [name for name in listed if name[0].isdigit()] == [start, *chapters]
    for title, chapter in (
        ("Cross-entropy", "quantity/cross-entropy"),
        ("Three names, one procedure", "three-names/one-procedure"),
    ):
        name = chapters[PAGES.index(f"book/{chapter}") - 1]
        shown = page.locator(".jp-NotebookPanel:visible")
        link = shown.locator(f".jp-MarkdownCell a[href*='{name}']", has_text=re.compile(f"^{title}$")).last
        link.evaluate("(link) => link.click()")  # a mouse may meet its neighbour: formulas still push links about
        expect(current_tab(page)).to_contain_text(name)
        expect(page.locator(".jp-NotebookPanel:visible h1")).to_contain_text(title)
        page.locator(f'.lm-TabBar-tab[title*="{start}"]').click()
        expect(current_tab(page)).to_contain_text(start)


def test_a_chapter_runs_and_its_figure_is_live(lab: Lab, context: BrowserContext) -> None:
    notebook = run_all(lab.open(context, settings_and_start_page()[1].removeprefix("notebooks/")))
    figure = notebook.locator(".ce-live").first
    slider, readouts = figure.locator("input[type=range]").first, figure.locator(".ce-readouts").first
    before = readouts.inner_text()
    for _ in range(5):
        slider.press("ArrowRight")
    expect(readouts).not_to_have_text(before)
    expect(notebook.locator(".ce-still")).to_have_count(1)
    expect(notebook.locator(".ce-still")).to_be_hidden()


def test_the_answers_of_exercises_are_out_of_sight(lab: Lab, context: BrowserContext) -> None:
    name = f"{PAGES.index(CHAPTER):02d}-{Path(CHAPTER).name}.ipynb"
    written = nbformat.read(lab.root / "notebooks" / name, as_version=4).cells
    asked = sum(cell.source.startswith("# An exercise.") for cell in written)
    assert asked >= 6
    page = lab.open(context, name)
    cells = page.locator(".jp-NotebookPanel:visible .jp-CodeCell", has_text="# An exercise.")
    expect(cells).to_have_count(asked, timeout=60_000)  # they come one after the other
    for cell in cells.all():
        cell.scroll_into_view_if_needed()
        said = re.compile(r"^\s*# An exercise\. Its code holds the answer\.\s*$")
        expect(cell).to_have_text(said, use_inner_text=True)
    cells.first.locator(".jp-Placeholder").click()
    expect(cells.first).to_contain_text("answer=")


def test_a_figure_is_live_again_when_its_notebook_is_reopened(lab: Lab, context: BrowserContext) -> None:
    notebook = reopened(lab, context, "shown.ipynb")
    slider = notebook.get_by_role("slider", name="logit z", exact=True)
    slider.press("ArrowRight")
    expect(notebook.get_by_role("row", name="square").get_by_role("cell")).to_have_text("2.250")
    expect(notebook.locator(".ce-still")).to_be_hidden()


def test_where_widgets_are_not_saved_a_reopened_notebook_shows_the_picture(lab: Lab, context: BrowserContext) -> None:
    setting = "lab/api/settings/@jupyter-widgets%2Fjupyterlab-manager:plugin"
    lab.ask("PUT", setting, {"raw": '{"saveState": false}'})
    try:
        notebook = reopened(lab, context, "shown.ipynb")
    finally:
        lab.ask("PUT", setting, {"raw": "{}"})
    expect(notebook.locator(".ce-live")).to_have_count(0)
    picture = notebook.locator(".ce-still img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 300


def test_working_in_the_notebooks_leaves_the_repository_as_it_was(lab: Lab, context: BrowserContext) -> None:
    start = settings_and_start_page()[1]
    page = lab.open(context, start.removeprefix("notebooks/"))
    before = (lab.root / start).stat().st_mtime_ns
    run_all(page)
    save(page)
    assert (lab.root / start).stat().st_mtime_ns > before
    assert git(lab.root, "status", "--porcelain") == ""
    (lab.root / "book" / "index.md").touch()
    (lab.root / "book" / "mine.md").touch()
    assert git(lab.root, "status", "--porcelain") == "?? book/mine.md\n"


def test_browser_kernel_and_linked_controls_move_one_another(lab: Lab, browser: Browser) -> None:
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    notebook = run_all(lab.open(context, "two-way.ipynb"))
    slider = notebook.get_by_role("slider", name="logit z", exact=True)
    shown = notebook.get_by_role("row", name="square").get_by_role("cell")
    said = notebook.locator(".jp-OutputArea-output .widget-label", has_text="kernel:")
    linked, jslinked = (
        notebook.locator(".widget-hslider", has_text=name).locator(".widget-readout")
        for name in (re.compile("^linked"), re.compile("^jslinked"))
    )

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
    host = lab.address.removeprefix("http")
    elsewhere = [url for url in asked if not url.removeprefix("http").removeprefix("ws").startswith(host)]
    assert not [url for url in elsewhere if not url.startswith(("data:", "blob:"))]


def retype(readout: Locator, text: str) -> None:
    """Type a number into the read-out of a slider of ipywidgets."""
    readout.click()
    readout.press("Control+A")
    readout.press_sequentially(text)
    readout.press("Enter")


@pytest.fixture(scope="module")
def reading_room(lab: Lab, browser: Browser) -> Iterator[Page]:
    """One JupyterLab for all chapters, to open one after the other.

    The last of this file: what it holds open it saves by itself now and then, between another's opening and saving.
    """
    context = browser.new_context()
    yield lab.open(context, settings_and_start_page()[1].removeprefix("notebooks/"))
    context.close()
    lab.shut_kernels_down()  # the server, told to end, would take minutes for as many


def test_a_chapter_reads_as_its_page_does(
    reading_room: Page, without_javascript: Page, built_book: Path, name: str
) -> None:
    without_javascript.goto(f"{built_book.as_uri()}/{name}.html")  # formulas are then as they were written
    expected = without_javascript.locator("article.bd-article").evaluate_all(WORDS)
    assert len(expected) > 400
    file = f"{PAGES.index(name):02d}-"
    reading_room.locator(".jp-DirListing-item", has_text=file).dblclick()
    expect(current_tab(reading_room)).to_contain_text(file)
    cells = reading_room.locator(".jp-NotebookPanel:visible .jp-MarkdownCell .jp-RenderedMarkdown")
    cells.first.wait_for()
    read, waiting = "", time.monotonic() + 30
    while read != expected and time.monotonic() < waiting:  # formulas are typeset one after the other
        reading_room.wait_for_timeout(100)  # to ask all the time is to keep the typesetter waiting
        read = cells.evaluate_all(WORDS)
    assert read == expected
    as_typed = r":\.\d[feg]|\{(glue|doc|eq|cite|ref)|\$|`"
    assert not re.search(as_typed, cells.evaluate_all(PROSE)), "a role or a formula was left as it was typed"
