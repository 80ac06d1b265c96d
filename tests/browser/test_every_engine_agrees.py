"""Firefox and WebKit show and compute what Chromium does, in one visit a page: figures, controls, exercises."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.engines import Engine, of_playwright, opened
from tests.browser.visits import PAGES, WHOLE

# WebKit's driver does not tell what the console says: the page itself notes its errors, from its first line on.
NOTED = b"""<head><script>window.complaints = [];
addEventListener("error", ({message, target}) => complaints.push(message || `failed: ${target.outerHTML}`), true);
addEventListener("unhandledrejection", event => complaints.push(String(event.reason)));</script>"""
# Faces that did not come. One that stands in until another has come is of the reader's machine, which need not have it.
MISSING = """[...document.fonts]
  .filter(({status, family}) => status === "error" && !family.includes("Fallback")).map(({family}) => family)"""
# All that a page says after each control is moved and each exercise is answered.
DRIVEN = (
    WHOLE
    + f"const missing = () => {MISSING};"
    + """
  const all = (node, selector) => [...node?.querySelectorAll(selector) ?? []];
  const text = node => node.textContent.replace(/\\s+/g, " ").trim();
  const said = {};
  for (const figure of document.querySelectorAll("figure.ce-figure")) {
    const lines = said[figure.id] = [];
    figure.scrollIntoView();
    await frames();
    const note = async what => {
      await new Promise(requestAnimationFrame);  // after the frame's own, which the event has asked for
      const values = all(figure, ".ce-live :is(output, .ce-table)").map(text);
      const sliders = all(figure, ".ce-live [aria-valuetext]").map(node => node.getAttribute("aria-valuetext"));
      lines.push([what, ...values, ...sliders].join(" | "));
    };
    await note("at the start");
    for (const input of all(figure, ".ce-live input")) {
      if (input.type === "range") {
        for (const end of ["max", "min"]) {
          input.value = input[end];
          input.dispatchEvent(new Event("input", {bubbles: true}));
          await note(`${input.getAttribute("aria-label") ?? ""} ${end}`);
        }
      } else {
        input.click();
        await note(input.type);
      }
    }
    for (const handle of all(figure, ".ce-live [role=slider]:not(input)")) {
      for (const key of ["ArrowUp", "Home"]) {
        handle.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
        await note(`${handle.getAttribute("aria-label") ?? ""} ${key}`);
      }
    }
    for (const button of all(figure, ".ce-live button")) {
      if (/play|pause/i.test(button.textContent)) continue;
      button.click();
      await note(text(button));
    }
  }
  for (const box of document.querySelectorAll(".ce-exercise")) {
    for (let up = box; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    const form = box.querySelector("form");
    const chosen = form?.querySelector("input:is([type=radio], [type=checkbox])");
    if (chosen) chosen.checked = true;
    for (const field of all(form, "input:not([type=radio], [type=checkbox]), textarea")) field.value = "1";
    form?.requestSubmit();
    await frames();
    said[box.dataset.exercise] = all(box, "output, [role=status]").map(text);
  }
  const formulas = all(document, ".bd-article .katex-html").filter(node => node.checkVisibility());
  return {
    said,
    complaints: window.complaints,
    unset: document.querySelectorAll(".bd-article :is(span.math, div.math):not(:has(.katex-html))").length,
    flat: formulas.filter(node => node.getBoundingClientRect().width < 2).length,
    formulas: formulas.length,
    missing: missing(),
    still: document.querySelectorAll(".ce-notice, .ce-figure:not(:has(.ce-live))").length,
    wide: document.documentElement.scrollWidth > innerWidth,
  };
"""
)
FROM_DISK = f"""{WHOLE}
  return [document.querySelectorAll(".ce-live").length, document.querySelectorAll(".ce-notice").length, {MISSING}];
"""


class Noting(SimpleHTTPRequestHandler):
    """Serves pages that note their errors."""

    def do_GET(self) -> None:
        """Answer with a file."""
        path = Path(self.translate_path(self.path))
        if path.suffix != ".html" or not path.is_file():
            return super().do_GET()
        body = path.read_bytes().replace(b"<head>", NOTED, 1)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, format: str, *args: object) -> None:
        """Keep the log to itself."""


@pytest.fixture(scope="module")
def noting_book(built_book: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Noting, directory=str(built_book))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def engines(browser: Browser) -> Iterator[dict[str, Engine]]:
    with opened("firefox") as firefox, opened("webkit") as webkit:
        yield {"Chromium": of_playwright(browser), "Firefox": firefox, "WebKit": webkit}


def test_every_engine_says_the_same_to_all_printed_digits(
    engines: dict[str, Engine], noting_book: str, name: str
) -> None:
    seen: dict[str, Any] = {}
    for engine, browser in engines.items():
        browser.open(f"{noting_book}/{name}.html")
        seen[engine] = browser.run(DRIVEN)
    for engine, page in seen.items():
        assert page["complaints"] == [], engine
        assert (page["unset"], page["flat"], page["missing"], page["still"]) == (0, 0, [], 0), engine
        assert not page["wide"], engine
        assert page["formulas"] == seen["Chromium"]["formulas"], engine
        differing = [place for place, lines in page["said"].items() if lines != seen["Chromium"]["said"][place]]
        assert not differing, (engine, differing)


@pytest.mark.parametrize("engine", ["Firefox", "WebKit"])
def test_figures_answer_keys_and_live_from_the_disk(engines: dict[str, Engine], built_book: Path, engine: str) -> None:
    browser = engines[engine]
    browser.open(f"{built_book.as_uri()}/{PAGES[0]}.html")
    live, notices, missing = browser.run(FROM_DISK)
    assert live >= 1
    assert (notices, missing) == (0, [])
    value = "return document.querySelector('.ce-live input').value"
    before = browser.run("document.querySelector('.ce-live input').focus();" + value)
    browser.press("ArrowRight")
    assert float(browser.run(value)) > float(before)
