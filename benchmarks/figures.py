"""How fast the book's figures answer in a real browser, beside ipywidgets' ``interact`` with matplotlib.

Run as ``python benchmarks/figures.py`` on a quiet machine; ``--steps 50`` is quicker, ``--without-kernel``
leaves JupyterLab out, ``--engine firefox`` or ``webkit`` measures the figures in that engine alone. Every step is
a key pressed by the browser's debugging protocol, the next one after the frame of the last. A time runs from the
time stamp that the browser gives the key's event to the end of the frame that shows its effect: a message that a
callback of ``requestAnimationFrame`` posts is handled after that frame is painted. The floor is the same for a
slider with an empty handler. ``answers`` is the time from navigation to the first painted frame of the figure, for
the kernel to the first picture of its cell.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from operator import gt
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
# The tests know where the browser is and how to run a chapter's cells.
sys.path.insert(0, str(ROOT))

import nbformat  # noqa: E402
from machine import machine  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from ce.figures import Figure, figure_html, static_files  # noqa: E402
from tests.book.chapter_cells import PAGES, shown, trains  # noqa: E402
from tests.browser.engines import Engine, opened  # noqa: E402
from tests.install_browser import find_browser, launch_flags  # noqa: E402

FRAME = 1000 / 60
SLOW = 4
PACKAGES = ("ipywidgets", "jupyterlab", "matplotlib", "playwright")
HEADS = ("median", "p95", f"{SLOW}× med.", f"{SLOW}× p95", "answers")
CONTROLS = ".ce-live :is(input, [role=slider])"

PAINTED = """
window.times = [];
window.pending = null;
const painted = (then) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => then(performance.now());
  port2.postMessage(null);
});
const noted = (start, resolve) => painted((end) => {
  window.times.push(end - start);
  resolve();
});
"""
# Notes how long each key took to its painted frame, and when the figure was painted first.
HARNESS = (
    PAINTED
    + """
addEventListener("keydown", ({ timeStamp }) => {
  window.pending = new Promise((resolve) => noted(timeStamp, resolve));
}, true);
const watcher = new MutationObserver(() => {
  if (!document.querySelector(".ce-live .ce-plot, #empty")) return;
  watcher.disconnect();
  painted((end) => (window.answered = end));
});
watcher.observe(document, { childList: true, subtree: true });
"""
)
# The same for a picture that a kernel sends: until the new image is decoded and painted.
KERNEL_HARNESS = (
    "() => {"
    + PAINTED
    + """
  let began = null;
  let arrived = null;
  addEventListener("keydown", ({ timeStamp }) => {
    began = timeStamp;
    window.pending = new Promise((resolve) => (arrived = resolve));
  }, true);
  new MutationObserver(async (records) => {
    const added = records.flatMap(({ addedNodes }) => [...addedNodes]);
    const image = added.map((node) => node.querySelector?.("img")).find(Boolean);
    if (!image || began === null) return;
    const start = began;
    began = null;
    await image.decode();
    noted(start, arrived);
  }).observe(document.querySelector(".jp-NotebookPanel"), { childList: true, subtree: true });
}"""
)
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="figure.css"><script src="figure.js" defer></script><main>{body}</main></html>"""
# The figure of the chapter on squared error, the plain way.
INTERACT = """
import numpy as np
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
from ce.formulas import binary_cross_entropy, numpy_function, squared_error
from ce.symbols import label, logit

curves = {}
zs = np.linspace(-10, 10, 481)

@interact(z=FloatSlider(-4, min=-10, max=10, step=0.1))
def draw(z):
    fig, axes = plt.subplots(1, 3, figsize=(9, 3))
    for order, ax in enumerate(axes):
        for loss in (binary_cross_entropy, squared_error):
            f = loss.derivative(logit, order).subs(label, 1) if order else loss.stable.subs(label, 1)
            curve = curves.setdefault((order, loss.name), numpy_function(f, [logit]))
            ax.plot(zs, curve(zs))
            ax.plot(z, curve(z), "o")
    plt.show()
"""


@dataclass(frozen=True)
class Times:
    """What was measured for one page, in milliseconds."""

    name: str
    steps: Sequence[float]
    slow: Sequence[float]
    answers: float

    def row(self) -> str:
        """Write one line of the table."""
        numbers = [*summary(self.steps), *summary(self.slow), self.answers]
        return f"{self.name:28}" + "".join(f"{number:9.1f}" if number else f"{'':9}" for number in numbers)


def summary(times: Sequence[float]) -> tuple[float, float]:
    """Return the median and the time that 95 of 100 steps do not exceed, zeros where nothing was measured."""
    return (statistics.median(times), sorted(times)[int(0.95 * (len(times) - 1))]) if times else (0, 0)


def figures() -> Iterator[Figure]:
    """Yield the figures of the book that answer a hand, but for pages that train models."""
    for page in PAGES:
        if not trains(page):
            with redirect_stdout(StringIO()):
                found = [replace(thing, guess=None) for thing in shown(page) if isinstance(thing, Figure)]
            yield from (figure for figure in found if figure.parameters)


def press(page: Page, selector: str, steps: int) -> list[float]:
    """Press keys on the controls of a page in turn, each to and fro, and return the times."""
    page.evaluate("times.length = 0")
    controls = page.locator(selector).all()
    for at, control in enumerate(controls):
        control.focus()
        there, back = keys(control.evaluate("node => [node.type ?? '', node.value, node.min, node.max]"))
        for step in range(steps // len(controls) + (at < steps % len(controls))):
            page.keyboard.press(there if step // 10 % 2 == 0 else back)
            page.evaluate("pending")
            time.sleep(random.uniform(0, FRAME / 1000))  # out of step with the frames
    times: list[float] = page.evaluate("times")
    return times


def keys(control: list[str]) -> tuple[str, str]:
    """Return the keys that move a control away from where it stands and back."""
    kind, value, low, high = control
    if kind == "checkbox":
        return "Space", "Space"
    ahead = kind != "range" or float(high or 100) - float(value) > float(value) - float(low or 0)
    return ("ArrowRight", "ArrowLeft") if ahead else ("ArrowLeft", "ArrowRight")


def measure(browser: Browser, file: Path, body: str, selector: str, steps: int) -> Times:
    """Measure one page of its own, named like its file."""
    file.write_text(PAGE.format(title=file.stem, body=body), encoding="utf8")
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.add_init_script(HARNESS)
    page.goto(file.as_uri())
    page.wait_for_function("window.answered")
    answers = page.evaluate("answered")
    press(page, selector, 20)  # what is run first is compiled first
    plain = press(page, selector, steps)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    slow = press(page, selector, steps * 3 // 10)  # so that all of it takes minutes
    page.close()
    return Times(file.stem, plain, slow, answers)


def measure_elsewhere(engine: Engine, file: Path, body: str, selector: str, steps: int) -> Times:
    """Measure one page in an engine whose processor cannot be slowed, nor its first frame be seen."""
    file.write_text(PAGE.format(title=file.stem, body=body), encoding="utf8")
    engine.open(file.as_uri())
    engine.run(HARNESS + f"window.controls = document.querySelectorAll({json.dumps(selector)});")
    count = engine.run("return controls.length")
    for warm, each in ((True, 20), (False, steps)):
        engine.run("times.length = 0")
        for at in range(min(count, each)):
            told = (
                f"const node = controls[{at}]; node.focus(); return [node.type ?? '', node.value, node.min, node.max];"
            )
            there, back = keys(engine.run(told))
            for step in range(each // count + (at < each % count)):
                engine.press(there if step // 10 % 2 == 0 else back)
                engine.run("await pending")
                if not warm:
                    time.sleep(random.uniform(0, FRAME / 1000))
    return Times(file.stem, engine.run("return times"), (), 0)


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Run a JupyterLab with the notebook of ``interact`` and give the notebook's address."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(INTERACT.strip())])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "interact.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        str(folder),
        "--no-browser",
        f"--port={port}",
        "--allow-root",
        "--IdentityProvider.token=",
    ]
    settings = {"JUPYTER_CONFIG_PATH": str(ROOT / "book" / "_jupyter"), "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log)
    try:
        for _ in range(120):
            try:
                urlopen(f"http://127.0.0.1:{port}/api", timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}/lab/tree/interact.ipynb"
    finally:
        server.terminate()
        server.wait(timeout=30)


def measure_kernel(browser: Browser, folder: Path, steps: int) -> Times:
    """Measure ``interact`` in JupyterLab; it answers once its first picture is there."""
    with jupyterlab(folder) as address:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        began = time.perf_counter()
        page.goto(address)
        page.locator("#jp-main-statusbar", has_text="Idle").wait_for(timeout=120_000)
        page.locator(".jp-CodeCell .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        page.locator(".jp-NotebookPanel img[src^='data:image/png']").first.wait_for(timeout=120_000)
        answers = 1000 * (time.perf_counter() - began)
        page.evaluate(KERNEL_HARNESS)
        press(page, ".jp-NotebookPanel [role=slider]", 10)
        plain = press(page, ".jp-NotebookPanel [role=slider]", steps)
        page.close()
    return Times("interact + matplotlib", plain, (), answers)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--steps", type=int, default=200, help="keys pressed on each page")
    parser.add_argument("--without-kernel", action="store_true", help="leave out interact in JupyterLab")
    parser.add_argument("--engine", choices=("firefox", "webkit"), help="measure in it, and in no other")
    options = parser.parse_args()
    if options.engine:
        with opened(options.engine) as engine, tempfile.TemporaryDirectory() as temporary:
            compare(partial(measure_elsewhere, engine), Path(temporary), options.steps)
        return 0
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as temporary:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=launch_flags())
        print(machine(browser, PACKAGES))
        found = compare(partial(measure, browser), Path(temporary), options.steps)
        if not options.without_kernel:
            interact = measure_kernel(browser, Path(temporary), options.steps)
            print("\n" + interact.row())
            ratios = [summary(interact.steps)[0] / summary(one.steps)[0] for one in found]
            print(f"its median is {min(ratios):.0f} to {max(ratios):.0f} times that of a figure")
        browser.close()
    return 0


def compare(measured: Callable[[Path, str, str, int], Times], folder: Path, steps: int) -> list[Times]:
    """Measure the floor and all figures in one run, print a line for each, and return the figures'."""
    for name, text in static_files().items():
        (folder / name).write_text(text, encoding="utf8")
        print(f"{name}: {len(text.encode()):,} bytes, {len(gzip.compress(text.encode(), 9)):,} gzipped")
    print(f"\nmilliseconds from key to painted frame; one frame is {FRAME:.1f}")
    print(f"{steps} steps, with the processor {SLOW} times slower {steps * 3 // 10}\n")
    print(" " * 28 + "".join(f"{head:>9}" for head in HEADS))
    empty = '<input type="range" id="empty">'
    floor = measured(folder / "an empty handler.html", empty, "#empty", steps)
    print(floor.row(), flush=True)
    found = []
    for figure in figures():
        (folder / f"{figure.name}.png").write_bytes(figure.picture())
        body = figure_html(figure.spec(), f"{figure.name}.png")
        found.append(measured(folder / f"{figure.name}.html", body, CONTROLS, steps))
        print(found[-1].row(), flush=True)
    bounds = [time + FRAME for time in summary(floor.steps)]
    late = [one.name for one in found if any(map(gt, summary(one.steps), bounds))]
    print(f"more than one frame above the floor, in median or p95: {', '.join(late) or 'none'}")
    return found


if __name__ == "__main__":
    sys.exit(main())
