"""Firefox and WebKit show and compute what Chromium does, in one visit a page: figures, controls, exercises."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from ce.exercises.exports import chapters
from tests.browser.engines import Engine, of_playwright, opened, process
from tests.browser.visits import WHOLE

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
  // Each exercise is answered wrongly, then rightly; a derivation that fades is right twice.
  const unjudged = [];
  for (const box of document.querySelectorAll(".ce-exercise")) {
    for (let up = box; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    const {kind, value, digits, unit, options, order, groups} = JSON.parse(box.querySelector("script").textContent);
    const [form, output] = ["form", "output"].map(part => box.querySelector(part));
    const fields = all(form, "[name=answer]");
    const answers = (given, at) => {
      if (kind === "choice") fields[at].checked = given;
      else fields[at].value = given;
    };
    const submit = pick => {
      fields.forEach((_, at) => answers(pick(at), at));
      form.requestSubmit();
      (said[box.dataset.exercise] ??= []).push(text(output));
    };
    submit(at => (kind === "choice" ? at === 0 : at + 1));
    const right = {
      formula: () => worked[box.dataset.exercise],
      choice: at => options[at].right,
      order: at => order.indexOf(at) + 1,
      number: () => `${value.toPrecision(digits)} ${unit}`,
    };
    submit(right[kind]);
    if (groups) submit(right[kind]);
    if (!said[box.dataset.exercise].at(-1).startsWith("✓ Right")) unjudged.push(box.dataset.exercise);
  }
  const formulas = all(document, ".bd-article .katex-html").filter(node => node.checkVisibility());
  return {
    said,
    unjudged,
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
  return [document.querySelectorAll(".ce-notice, .ce-figure:not(:has(.ce-live))").length, {MISSING}];
"""
AXE = (
    Axe().axe_script
    + """; const about = {resultTypes: ["violations"], preload: false, rules: {"color-contrast": {enabled: false}}};
  return (await axe.run(about)).violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`);"""
)
# A control of each kind in the gallery, and the key that moves it.
GALLERY = "book/reference/figure-gallery"
CONTROLS = {
    "slider": ("#figure-gallery-curve input[type=range]", "ArrowRight"),
    "choice": ("#figure-gallery-lengths label:last-child > [type=radio]", "ArrowDown"),
    "switch": ("#figure-gallery-fill input[type=checkbox]", "Space"),
    "button": ("#figure-gallery-lengths .ce-button", "Enter"),
    "bar": ("#figure-gallery-lengths [role=slider]", "ArrowDown"),
    "plot": ("#figure-gallery-curve .ce-sideways", ""),
    "plane": ("#figure-gallery-landscape .ce-anywhere", ""),
    "triangle": ("#figure-gallery-rolls .ce-anywhere", ""),
}
PRESSED = ("choice", "switch", "button")
UPWARDS = ("bar", "plane", "triangle")
WAYS = ("mouse", "touch", "key")
# Headless Firefox has no focused window: there these keys are told to the page, but press nothing, on any page.
UNPRESSED = ("Space", "Enter")
# What depends on how many pixels wide a plot is.
OF_PIXELS = {("bar", "touch"), ("triangle", "mouse"), ("triangle", "touch")}
STATE = """
  const node = document.querySelector(%s), figure = node.closest(".ce-figure");
  const frames = async () => { for (const _ of [1, 2]) await new Promise(requestAnimationFrame); };
  const state = () => [...figure.querySelectorAll(".ce-live :is(output, td, input, [aria-valuetext])")]
    .map(each => each.getAttribute("aria-valuetext") ?? (each.type ? each.checked : each.textContent)).join(" | ");
  await frames();
"""
# Where a figure's control is when all of it is as at the start; for a key it has the focus.
GRASPED = (
    STATE
    + """
  [...figure.querySelectorAll(".ce-button")].at(-1).click();
  await frames();
  node.scrollIntoView({block: "center", behavior: "instant"});
  (node.type === "radio" ? figure.querySelector("[type=radio]:checked") : node).focus?.({preventScroll: true});
  await frames();
  const {left, right, top, height} = node.getBoundingClientRect();
  return [(left + right) / 2, top + height / 2, right, top, state()];
"""
)


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
def engines(browser: Browser) -> Iterator[list[Engine]]:
    with opened("firefox") as firefox, opened("webkit") as webkit:
        yield [of_playwright(browser), firefox, webkit]


@pytest.fixture(scope="module")
def worked(built_book: Path) -> dict[str, dict[str, str]]:
    """The worked answers of each page as a reader would type them, which the page itself does not say."""
    found = chapters(built_book.parent / "jupyter_execute")
    return {page: {one["name"]: one["answer"] for one in asked} for page, _, asked in found}


def at_once(engines: list[Engine], ask: Callable[[Engine], Any]) -> dict[str, Any]:
    """Ask all engines at the same time, as each spends most of it waiting for a frame; give their answers."""
    chromium, *others = engines
    with ThreadPoolExecutor() as pool:
        asked = {engine.name: pool.submit(ask, engine) for engine in others}
        return {chromium.name: ask(chromium), **{name: answer.result() for name, answer in asked.items()}}


def test_every_engine_says_the_same_to_all_printed_digits(
    engines: list[Engine], noting_book: str, worked: dict[str, dict[str, str]], name: str
) -> None:
    drive = f"const worked = {json.dumps(worked.get(name, {}))}; {DRIVEN}"

    def driven(browser: Engine) -> dict[str, Any]:
        browser.open(f"{noting_book}/{name}.html")
        return dict(browser.run(drive))

    seen = at_once(engines, driven)
    assert list(seen) == ["Chromium", "Firefox", "WebKit"]
    for engine, page in seen.items():
        assert page["complaints"] == [], engine
        assert (page["unset"], page["flat"], page["missing"], page["still"]) == (0, 0, [], 0), engine
        assert not page["wide"], engine
        assert page["unjudged"] == [], engine
        assert page["formulas"] == seen["Chromium"]["formulas"], engine
        differing = [place for place, lines in page["said"].items() if lines != seen["Chromium"]["said"][place]]
        assert not differing, (engine, differing)


def test_what_goes_wrong_in_an_engine_is_said_at_once_and_its_process_ends() -> None:
    began = time.monotonic()
    with pytest.raises(ValueError, match="wrong"), process("sleep", "60"):
        raise ValueError("wrong")
    assert time.monotonic() - began < 10


@pytest.fixture(scope="module")
def handled(engines: list[Engine], built_book: Path) -> dict[str, dict[tuple[str, str], str]]:
    """What a figure says in each engine when one control of each kind is moved in each way, from the disk."""

    def handle(browser: Engine) -> dict[tuple[str, str], str]:
        browser.open(f"{built_book.as_uri()}/{GALLERY}.html")
        assert browser.run(FROM_DISK) == [0, []], browser.name
        assert browser.run(AXE) == [], browser.name
        said = {}
        for kind, (selector, key) in CONTROLS.items():
            place = json.dumps(selector)
            for way in WAYS:
                if way == "key" and (not key or (browser.name == "Firefox" and key in UNPRESSED)):
                    continue
                x, y, right, top, before = browser.run(GRASPED % place)
                if way == "key":
                    browser.press(key)
                elif kind in PRESSED:
                    browser.point(way, [(x, y)])
                elif way == "touch":
                    # Near its right end, and where it moves upwards near its top.
                    browser.point(way, [(x if kind == "bar" else right - 2, top + 2 if kind in UPWARDS else y)])
                else:
                    browser.point(way, [(x, y), (x + 20, y - 20), (min(right + 40, 1270), max(top - 200, 1))])
                said[kind, way] = browser.run(f"{STATE % place} return state();")
                assert said[kind, way] != before, (browser.name, kind, way)
        return said

    return at_once(engines, handle)


@pytest.mark.parametrize("engine", ["Firefox", "WebKit"])
def test_each_kind_of_control_answers_mouse_touch_and_keys_from_the_disk(
    handled: dict[str, dict[tuple[str, str], str]], engine: str
) -> None:
    said = {each: state for each, state in handled[engine].items() if each not in OF_PIXELS}
    assert said == {each: handled["Chromium"][each] for each in said}
