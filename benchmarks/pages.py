"""How heavy the built book's pages are and how soon they can be read, in Chromium.

Run as ``python benchmarks/pages.py`` on a quiet machine, after ``make book``. A server of this machine packs text by
gzip. Each page is opened with nothing kept and then, after the landing page, as a second page; each of these with the
processor as it is and four times slower. Times are in milliseconds from navigation, the median of ``--rounds``:
``painted`` is the first paint with a formula in it, ``answers`` the first frame after the first figure was there with
its controls, ``blocked`` how much longer than 50 ms tasks of the page's scripts were, in all. ``shift`` is the layout
shift of the whole visit, of which 0.1 is called good.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, BrowserContext, sync_playwright  # noqa: E402

from tests.browser.visits import PAGES  # noqa: E402
from tests.install_browser import find_browser, launch_flags  # noqa: E402

HEADS = ("requests", "kB", "painted", "answers", "blocked", "shift")
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
  return [asked.length, bytes / 1000, painted, seen.answers, seen.blocked, seen.shift];
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


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--html", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("pages", nargs="*", default=PAGES, help="pages as in _toc.yml; all when none is named")
    options = parser.parse_args()
    with served(options.html) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=launch_flags())
        for slower in (1, 4):
            for kept in (False, True):
                print(f"\n{'second page' if kept else 'first visit'}, processor x {1 / slower:g}")
                print(f"{'page':<34}", *(f"{head:>9}" for head in HEADS))
                for name in options.pages:
                    row = median_row(browser, base, name, options.rounds, kept=kept, slower=slower)
                    digits = (0, 0, 0, 0, 0, 2)
                    cells = ["-" if x is None else f"{x:.{n}f}" for x, n in zip(row, digits, strict=True)]
                    print(f"{name.rsplit('/', 1)[-1]:<34}", *(f"{cell:>9}" for cell in cells), flush=True)
        browser.close()
    files = [path.stat().st_size for path in options.html.rglob("*") if path.is_file()]
    print(f"\nthe site: {sum(files) / 1e6:.1f} MB in {len(files)} files")


if __name__ == "__main__":
    main()
