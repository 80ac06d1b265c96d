"""How heavy the built book's pages are and how soon they can be read, in Chromium.

Run as ``python benchmarks/pages.py`` on a quiet machine, after ``make book``. A server of this machine packs text by
gzip. Each page is opened with nothing kept and then, after the landing page, as a second page; each of these with the
processor as it is and four times slower. Times are in milliseconds from navigation, the median of ``--rounds``:
``painted`` is the first paint, ``formulas`` the first with formulas in their own faces, where the first screen has any,
``answers`` the first frame after the first figure was there with its controls, ``blocked`` how much longer than 50 ms
tasks of the page were, in all. ``shift`` is the layout shift of the whole visit, of which 0.1 is called good. Beside a
number stands what it may be at most, after ``>`` where it is more.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from machine import machine  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, sync_playwright  # noqa: E402

from tests.browser.visits import PAGES  # noqa: E402
from tests.install_browser import find_browser, launch_flags  # noqa: E402

PACKAGES = ("playwright", "sphinx", "sphinx-book-theme", "myst-nb", "sphinxcontrib-katex")
SLOW = 4
# The columns with their digits.
HEADS = {"requests": 0, "kB": 0, "painted": 0, "formulas": 0, "answers": 0, "blocked": 0, "shift": 2}
FRAME = 1000 / 60
PACKED = {".woff2", ".png"}
WATCH = """
window.seen = {blocked: 0, shift: 0, answers: null};
new PerformanceObserver(list => {
  for (const {duration} of list.getEntries()) seen.blocked += duration - 50;
}).observe({type: "longtask", buffered: true});
new PerformanceObserver(list => {
  for (const {value} of list.getEntries()) seen.shift += value;
}).observe({type: "layout-shift", buffered: true});
new MutationObserver((changes, observer) => {
  if (!document.querySelector(".ce-live :is(input, button)")) return;
  observer.disconnect();
  requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => { seen.answers = performance.now(); };
    port2.postMessage(null);
  });
}).observe(document, {childList: true, subtree: true});
"""
SEEN = """async () => {
  await document.fonts.ready;
  await new Promise(done => setTimeout(done, 700));
  const sent = [performance.getEntriesByType("navigation")[0], ...performance.getEntriesByType("resource")];
  const asked = sent.filter(({transferSize}) => transferSize > 0);
  const bytes = asked.reduce((sum, {encodedBodySize}) => sum + encodedBodySize, 0);
  const painted = performance.getEntriesByName("first-contentful-paint")[0].startTime;
  // The faces that the first screen asked for.
  const faces = sent.filter(({name, startTime}) => name.includes("/katex-") && startTime <= painted);
  const inSight = ({top, height}) => height && top < innerHeight;
  const places = [...document.querySelectorAll(".katex-html")].map(formula => formula.getBoundingClientRect());
  const formulas = places.some(inSight) ? Math.max(painted, ...faces.map(({responseEnd}) => responseEnd)) : null;
  return [asked.length, bytes / 1000, painted, formulas, seen.answers, seen.blocked, seen.shift];
}"""


class Packing(SimpleHTTPRequestHandler):
    """Serves files, text of them packed, to be kept for ten minutes."""

    def do_GET(self) -> None:
        """Answer with a file."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body = packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if path.suffix not in PACKED:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        with suppress(ConnectionError):  # the page is closed before all of it has come
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the log to itself."""


@cache
def packed(path: Path) -> bytes:
    """Return a file as it is sent."""
    return path.read_bytes() if path.suffix in PACKED else gzip.compress(path.read_bytes())


@contextmanager
def served(html: Path) -> Iterator[str]:
    """Serve a folder; give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Packing, directory=str(html))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def measured(context: BrowserContext, url: str, slower: int) -> list[float | None]:
    """Open a page in a new tab; give its row of numbers."""
    page = context.new_page()
    page.add_init_script(WATCH)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(url)
    row: list[float | None] = page.evaluate(SEEN)
    page.close()
    return row


def median_row(browser: Browser, base: str, name: str, rounds: int, *, kept: bool, slower: int) -> list[Any]:
    """Visit a page several times, each in a fresh browser context; give the medians."""
    rows = []
    for _ in range(rounds):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        if kept:
            measured(context, f"{base}/{PAGES[0]}.html", 1)
        rows.append(measured(context, f"{base}/{name}.html", slower))
        context.close()
    return [None if None in column else statistics.median(column) for column in zip(*rows, strict=True)]


def bounds(row: list[Any], *, kept: bool, slower: int) -> dict[str, float]:
    """Return what the columns of a row may be at most; formulas come with the first paint, within its frame."""
    sent = {"kB": 70} if kept else {"requests": 25, "kB": 400}
    soon = {"answers": 500, "blocked": 100} if slower == 1 else {"answers": 1500, "blocked": 500}
    return {**sent, "formulas": row[list(HEADS).index("painted")] + FRAME, **soon, "shift": 0.05}


def beside(number: float, digits: int, most: float | None) -> str:
    """Write a number with its bound, where it has one."""
    bound = f" {'≤' if number <= most else '>'} {most:.{digits}f}" if most is not None else ""
    return f"{number:.{digits}f}{bound}"


def cells(row: list[Any], most: dict[str, float]) -> Iterator[str]:
    """Yield the numbers of a row, each with its bound."""
    for (head, digits), number in zip(HEADS.items(), row, strict=True):
        yield "-" if number is None else beside(number, digits, most.get(head))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--html", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("pages", nargs="*", default=PAGES, help="pages as in _toc.yml; all when none is named")
    options = parser.parse_args()
    with served(options.html) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=launch_flags())
        print(machine(browser, PACKAGES))
        for slower in (1, SLOW):
            for kept in (False, True):
                print(f"\n{'second page' if kept else 'first visit'}, processor × {1 / slower:g}")
                print(f"{'page':<36}", *(f"{head:>12}" for head in HEADS))
                for name in options.pages:
                    row = median_row(browser, base, name, options.rounds, kept=kept, slower=slower)
                    shown = cells(row, bounds(row, kept=kept, slower=slower))
                    print(f"{name.rsplit('/', 1)[-1]:<36}", *(f"{cell:>12}" for cell in shown), flush=True)
        browser.close()
    sizes = [path.stat().st_size for path in options.html.rglob("*") if path.is_file()]
    print(f"\nthe site: {beside(sum(sizes) / 1e6, 1, 12)} MB in {len(sizes)} files")


if __name__ == "__main__":
    main()
