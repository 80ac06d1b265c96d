"""Opening a page as a reader does, and noting all it asks for and complains about."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request
from sphinx_external_toc.parsing import parse_toc_yaml

from tests.book_copies import ROOT

PAGES = [str(name) for name in parse_toc_yaml(ROOT / "_toc.yml")]

# A page is ready when its figures are mounted, its other scripts have begun (one of them makes a toolbar), all its
# sections are laid out and the faces have come that these asked for.
WHOLE = """
  await document.fonts.ready;
  const frames = async () => { for (const _ of [1, 2]) await new Promise(requestAnimationFrame); };
  const waits = section => getComputedStyle(section).contentVisibility === "auto";
  while (document.querySelector(".ce-figure:not(:has(.ce-live, .ce-notice)), .header-article__inner:not([role])")
    || [...document.querySelectorAll(".bd-article > section > section")].some(waits)
    || document.fonts.status === "loading") await frames();
  await frames();
"""
READY = f"async () => {{ {WHOLE} }}"

# Every glyph that is cut off by a box which cannot be scrolled or does not show that it can. What a box hides is known
# in whole pixels only: an excess of two may be one of them.
CUT = """() => {
  const found = new Set();
  const signs = document.createNodeIterator(document.querySelector('.bd-article'), NodeFilter.SHOW_TEXT);
  const range = document.createRange(), known = new Map();
  const look = box => [getComputedStyle(box), box.getBoundingClientRect()];
  const about = box => known.get(box) ?? (known.set(box, look(box)), known.get(box));
  for (let sign = signs.nextNode(); sign; sign = signs.nextNode()) {
    if (!sign.parentElement.closest('.katex-html') || !sign.parentElement.checkVisibility()) continue;
    range.selectNodeContents(sign);
    const {left, right} = range.getBoundingClientRect();
    for (let box = sign.parentElement; box !== document.body; box = box.parentElement) {
      const [style, place] = about(box);
      if (style.overflowX === 'visible') continue;
      // Where a formula begins is seen at first, even where it does not end there.
      if (left < place.left - 2) found.add(`begins out of sight: ${box.textContent.trim().slice(0, 60)}`);
      if (right <= place.right + 2) continue;
      const shadow = /right/.test(box.dataset.scrolls) && style.backgroundImage.includes('gradient');
      if (style.overflowX !== 'auto' || !shadow || box.tabIndex !== 0)
        found.add(`${box.tagName}.${box.className}: ${box.textContent.trim().slice(0, 60)}`);
      break;
    }
  }
  return [...found];
}"""
# Punctuation after a formula, or a bracket before it, that stands on another line; and how many such signs there are.
TORN_OFF = """() => {
  const found = [], range = document.createRange();
  const texts = document.createTreeWalker(document.querySelector('.bd-article'), NodeFilter.SHOW_TEXT);
  const place = (text, at) => {
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect();
  };
  let seen = 0, before = null, formula = null;
  const look = (part, sign, words) => {
    const {top, bottom} = part.getBoundingClientRect();
    seen += 1;
    const tex = formula.querySelector('annotation').textContent;
    if (sign.top > bottom || sign.bottom < top) found.push(`${tex} ${words}`);
  };
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const holder = text.parentElement, within = holder.closest('.katex');
    if (!holder.checkVisibility() || (within && !holder.closest('.katex-html'))) continue;
    if (within && within !== formula) {
      formula = within;
      if (before && /[(\\[“‘]$/.test(before.data))
        look(within.querySelector('.base'), place(before, before.length - 1), before.data);
    } else if (!within) {
      if (formula && /^[)\\]”’.,;:!?]/.test(text.data))
        look([...formula.querySelectorAll('.base')].at(-1), place(text, 0), text.data);
      formula = null;
    }
    before = within ? null : text;
  }
  return [found, seen];
}"""
# The tab stops of a part, or of the page: one for all radio buttons of a group.
TABBED = """(part = document) => [...part.querySelectorAll(
  'a[href], button, input, select, textarea, summary, [tabindex]')]
  .filter(element => element.tabIndex === 0 && !element.disabled
    && element.checkVisibility({visibilityProperty: true}))
  .filter((element, at, all) => element.type !== 'radio'
    || at === all.findIndex(({type, name, form}) =>
      type === 'radio' && name === element.name && form === element.form))"""
STOPS = f"() => ({TABBED})().length"
FORMULA = ".bd-article :is(span.math, div.math)"


@dataclass(frozen=True)
class Visit:
    """A page that has been opened, what it asked for and what it complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def visit(context: BrowserContext, url: str) -> Visit:
    """Open a page and wait until it is ready."""
    return go(watched(context), url)


def watched(context: BrowserContext) -> Visit:
    """Open a tab, of which all is noted."""
    seen = Visit(context.new_page())
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.on("requestfailed", lambda request: _note_failed(seen, request))
    seen.page.on("console", lambda message: _note(seen, message))
    return seen


def go(seen: Visit, url: str) -> Visit:
    """Open a page in a tab and wait until it is ready; what another page has asked for is forgotten."""
    seen.requests.clear()
    seen.complaints.clear()
    seen.page.goto(url, wait_until="load")
    seen.page.evaluate(READY)
    return seen


def _note_failed(seen: Visit, request: Request) -> None:
    # The window's own request for the icon is given up now and then, on a busy machine; a missing icon is no such case.
    if not (request.url.endswith("/favicon.svg") and request.failure == "net::ERR_ABORTED"):
        seen.complaints.append(f"failed: {request.url}, {request.failure}")


def _note(seen: Visit, message: ConsoleMessage) -> None:
    if message.type in {"error", "warning"}:
        seen.complaints.append(message.text)


def assert_whole(seen: Visit, address: str) -> None:
    """Find that a page asks no other host, complains of nothing, and has its formulas set."""
    assert not [url for url in seen.requests if not url.startswith((address, "data:", "blob:"))]
    assert not seen.complaints
    assert seen.page.locator(f"{FORMULA}:not(:has(.katex-mathml math))").count() == 0
    assert seen.page.evaluate("typeof MathJax") == "undefined"
