"""Find a Chromium to test pages with; as a command, install one where there is none.

``python tests/install_browser.py`` uses, in this order: the browser named in ``CE_CHROMIUM``, an installed
Chromium or Chrome, Debian's package ``chromium`` where apt-get can be used, Playwright's own download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
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


def _playwrights_own() -> bool:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).is_file()


def _apt_get() -> list[str] | None:
    """Give the command that installs packages without asking, where there is one."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", "apt-get"]
    return None


def _install_by_apt(apt_get: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*apt_get, "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
    for command in ([*apt_get, "update"], install):
        if subprocess.run(command, env=environment, check=False).returncode != 0:
            return False
    # On Ubuntu the package is a stub that points at another installer.
    return find_browser() is not None


def main() -> int:
    """Make sure there is a browser; give the exit code."""
    if found := find_browser():
        print(f"Browser for the tests: {found}")
        return 0
    if _playwrights_own():
        print("Browser for the tests: Playwright's own Chromium")
        return 0
    apt_get = _apt_get()
    if apt_get and _install_by_apt(apt_get):
        print(f"Browser for the tests: {find_browser()}")
        return 0
    return subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
