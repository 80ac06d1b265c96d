"""Print pages with Chromium: the one that the tests use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

__all__ = ["find_browser", "launch_flags", "opened_page"]

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    # The lists below the address bar are pages of their own, rendered for each window although no one sees it. Given
    # here, the switch takes the place of Playwright's: what looks for other machines is named again.
    "--disable-features=MediaRouter,WebUIOmniboxAimPopup,WebUIOmniboxPopup",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def find_browser() -> str | None:
    """Give the path of an installed Chromium or Chrome; None leaves the choice to Playwright's own."""
    if named := os.environ.get("CE_CHROMIUM"):
        return named
    for command in COMMANDS:
        if found := shutil.which(command):
            return found
    return next((str(path) for path in _usual_places() if path.is_file()), None)


def launch_flags() -> list[str]:
    """Give the flags to start it with; Chromium refuses its sandbox to root."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*QUIET_FLAGS, *(["--no-sandbox"] if as_root else [])]


def _usual_places() -> Iterator[Path]:
    for name in ("Google Chrome", "Chromium"):
        yield Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if folder := os.environ.get(variable):
            yield Path(folder, "Google/Chrome/Application/chrome.exe")
            yield Path(folder, "Chromium/Application/chrome.exe")


@contextmanager
def opened_page() -> Iterator[Page]:
    """Open an empty page, in light colours."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=launch_flags())
        yield browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme="light")
        browser.close()
