"""Find a Chromium to test pages with; as a command, install one where there is none, and Firefox and WebKit.

``python tests/install_browser.py`` uses, in this order: the browser named in ``CE_CHROMIUM``, an installed
Chromium or Chrome, Debian's Chromium without a window where apt-get can be used, Playwright's own download. Firefox
and WebKit are Debian's packages, or else Playwright's own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ce.site.editions.paper import find_browser, launch_flags

__all__ = ["find_browser", "launch_flags", "main"]

# What the two other engines are driven by (tests/browser/engines.py), and Debian's packages that have it.
OTHERS = {"firefox-esr": "firefox-esr", "WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"}


def _playwrights_own(*names: str) -> bool:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        return all(Path(getattr(playwright, name).executable_path).is_file() for name in names)


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


def _install_by_apt(apt_get: list[str], *packages: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = [[*apt_get, "update"], [*apt_get, "install", "-y", "--no-install-recommends", *packages]]
    return all(subprocess.run(command, env=environment, check=False).returncode == 0 for command in commands)


def _others_are_there() -> bool:
    return all(shutil.which(command) for command in OTHERS) or _playwrights_own("firefox", "webkit")


def _install_by_playwright(*names: str) -> int:
    # On Linux it installs, by apt-get, the libraries that they need too.
    wanted = [*(["--with-deps"] if _apt_get() else []), *names]
    return subprocess.run([sys.executable, "-m", "playwright", "install", *wanted], check=False).returncode


def main() -> int:
    """Make sure there are the browsers; give the exit code."""
    apt_get = _apt_get()
    if not find_browser() and not _playwrights_own("chromium"):
        # Ubuntu has no such package.
        packages = ("chromium-headless-shell", "fonts-dejavu-core")
        installed = apt_get and _install_by_apt(apt_get, *packages) and find_browser()
        if not installed and (failed := _install_by_playwright("chromium")):
            return failed
    print(f"Browser for the tests: {find_browser() or 'the Chromium of Playwright'}")
    if not _others_are_there():
        installed = apt_get and _install_by_apt(apt_get, *OTHERS.values()) and _others_are_there()
        if not installed and (failed := _install_by_playwright("firefox", "webkit")):
            return failed
    print("Beside it: Firefox and WebKit")
    return 0


if __name__ == "__main__":
    sys.exit(main())
