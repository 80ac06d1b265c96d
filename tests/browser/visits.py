"""Opening a page as a reader does, and noting all it asks for and complains about."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from sphinx_external_toc.parsing import parse_toc_yaml

from tests.book_copies import ROOT

PAGES = [str(name) for name in parse_toc_yaml(ROOT / "_toc.yml")]

# A page is ready when its formulas are typeset and its figures are mounted.
READY = """async () => {
  if (window.MathJax?.startup) await window.MathJax.startup.promise;
  await document.fonts.ready;
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


@dataclass(frozen=True)
class Visit:
    """A page that has been opened, what it asked for and what it complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def visit(context: BrowserContext, url: str) -> Visit:
    """Open a page and wait until it is ready."""
    seen = Visit(context.new_page())
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.on("requestfailed", lambda request: seen.complaints.append(f"failed: {request.url}"))
    seen.page.on("console", lambda message: _note(seen, message))
    seen.page.goto(url, wait_until="load")
    seen.page.evaluate(READY)
    return seen


def _note(seen: Visit, message: ConsoleMessage) -> None:
    if message.type in {"error", "warning"}:
        seen.complaints.append(message.text)
