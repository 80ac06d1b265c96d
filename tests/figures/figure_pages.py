"""Pages with figures as a website has them, written to a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from ce.bundle import source
from ce.figures import Figure, figure_html, static_files
from ce.site.mathematics import typeset_as_html

PAGE = """<!doctype html>
<html lang="en"{attributes}><head><meta charset="utf-8"><title>Figures</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{formulas}<link rel="stylesheet" href="figure.css"><link rel="stylesheet" href="page.css">
<script src="figure.js" defer></script></head>
<body><main><h1>Figures</h1>
{figures}</main></body></html>
"""
# A page with a background of its own in both themes.
STYLE = """body { margin: 0; font-family: system-ui, sans-serif; background: #fff; }
main { max-width: 58rem; margin: 0 auto; padding: 0 1rem; }
html[data-theme=dark] body { background: #14181e; color: #ced6dd; }
"""

STATIC = Path(__file__).parents[2] / "book" / "_static"
Opener = Callable[..., Page]

# Many tests show the same figure. Kept by identity and not by name, which chapters and examples may share;
# the figure stands beside what was made of it, so that it lives as long as its identity is used.
_DRAWN: dict[int, tuple[Figure, dict[str, Any], bytes]] = {}


def write_page(folder: Path, *figures: Figure, theme: str | None = None, pictures: bool = True) -> Path:
    """Write a page with figures as a website has them, pictures as files, and return where it is.

    A test that looks at the live figures only does without the pictures, which take a second each.
    """
    elements = []
    formulas = any(figure.formula for figure in figures)
    if formulas and not (folder / "fonts").exists():
        (folder / "fonts").symlink_to(STATIC / "fonts")
    for figure in figures:
        if not pictures:
            elements.append(element(figure.spec()))
            continue
        if id(figure) not in _DRAWN:
            _DRAWN[id(figure)] = (figure, figure.spec(), figure.picture())
        _, spec, picture = _DRAWN[id(figure)]
        (folder / f"{figure.name}.png").write_bytes(picture)
        elements.append(element(spec))
    for name, text in {**static_files(), "page.css": STYLE}.items():
        (folder / name).write_text(text, encoding="utf-8")
    attributes = f' data-theme="{theme}"' if theme else ""
    page = folder / "index.html"
    style = f"<style>{(STATIC / 'katex.css').read_text(encoding='utf-8')}</style>" if formulas else ""
    page.write_text(PAGE.format(attributes=attributes, figures="".join(elements), formulas=style), encoding="utf-8")
    return page


def element(spec: dict[str, Any]) -> str:
    """Return the element of a figure as the site has it."""
    formula = typeset_as_html(spec["formula"]["marked"], displayed=True) if "formula" in spec else ""
    return figure_html(spec, f"{spec['name']}.png", formula, scripted=True)


@contextmanager
def module_page(browser: Browser, names: Iterable[str]) -> Iterator[Page]:
    """Open a page that imports modules of the front end as they stand, and makes globals of their exports."""
    lines = (f"import * as {name} from './{name}.js'; Object.assign(globalThis, {name});" for name in names)
    script = "\n".join([*lines, "globalThis.ready = true;"])
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def serve(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name == "all.js":
            route.fulfill(body=script, content_type="text/javascript")
        elif name.endswith(".js"):
            route.fulfill(body=source("ce.figures.web", name), content_type="text/javascript")
        else:
            route.fulfill(
                body="<!doctype html><title>t</title><script type=module src=all.js></script>", content_type="text/html"
            )

    page.route("http://figures.test/*", serve)
    page.goto("http://figures.test/", wait_until="load")
    assert page.evaluate("globalThis.ready"), errors
    yield page
    page.close()
