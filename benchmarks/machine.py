"""What the benchmarks were measured on."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Browser


def machine(browser: Browser, packages: tuple[str, ...]) -> str:
    """Return the machine, its load, the browser, and the versions of Python and of packages."""
    told = Path("/proc/cpuinfo")
    models = re.findall(r"model name\s*: (.*)", told.read_text() if told.exists() else "")
    return ", ".join(
        [
            platform.platform(),
            f"{os.cpu_count()} × {(models or [platform.processor()])[0]}",
            *([f"load {os.getloadavg()[0]:.1f}"] if hasattr(os, "getloadavg") else []),
            f"Python {platform.python_version()}",
            f"Chromium {browser.version} (headless)",
            *(f"{name} {version(name)}" for name in packages),
        ]
    )
