"""Pages with live figures, opened in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ce.figures import Figure
from tests.figures.figure_pages import Opener, write_page

# A figure is drawn when it is mounted, and again a frame after its size is told.
SETTLED = "async () => { for (const _ of [1, 2, 3, 4]) await new Promise(requestAnimationFrame); }"


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Open a page with figures from the disk; an error in its scripts fails the test."""
    contexts = []
    errors: list[str] = []

    def opened(*figures: Figure, theme: str | None = None, width: int = 1000, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        live = options.get("java_script_enabled", True)
        page.goto(write_page(tmp_path, *figures, theme=theme, pictures=not live).as_uri())
        if live:
            page.evaluate(SETTLED)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors
