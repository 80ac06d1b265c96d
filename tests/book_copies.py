"""Copies of the book in folders of their own, to build and to break."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
STRICT = ("-W", "-n", "--keep-going")
_BOOK = ("_config.yml", "_toc.yml", "book", "ce")
NOT_COPIED = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")


@dataclass(frozen=True)
class Build:
    """How a build ended: its exit code and all it printed."""

    code: int
    log: str


@dataclass(frozen=True)
class BookCopy:
    """A copy of the book, package included, in a folder of its own."""

    root: Path

    @property
    def html(self) -> Path:
        return self.root / "_build" / "html"

    def build(self, *flags: str) -> Build:
        """Run ``jupyter-book build .`` on the copy, with the copy's own package."""
        build = self._build_once(*flags)
        # Two builds at a time now and then choose the same port for their kernels: no fault of either book.
        return self._build_once(*flags) if "Address already in use" in build.log else build

    def read(self, *flags: str) -> Build:
        """Run a build that reads all pages, runs their cells and resolves their links, but writes none."""
        return self.build(*flags, "--builder", "custom", "--custom-builder", "dummy")

    def _build_once(self, *flags: str) -> Build:
        command = Path(sys.executable).with_name("jupyter-book" + (".exe" if os.name == "nt" else ""))
        done = subprocess.run(
            [str(command), "build", ".", *flags],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(self.root), "NO_COLOR": "1", "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf8",
            check=False,
        )
        return Build(done.returncode, done.stdout)

    def page(self, name: str) -> str:
        """Give the HTML of a page: ``book/index`` and so on."""
        return (self.html / f"{name}.html").read_text(encoding="utf8")

    def replace(self, path: str, old: str, new: str) -> int:
        """Change the one place of a file where `old` stands; give its line, 1-based."""
        file = self.root / path
        text = file.read_text(encoding="utf8")
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times, expected once"
        file.write_text(text.replace(old, new), encoding="utf8")
        return text[: text.index(old)].count("\n") + 1


def copy_book(target: Path) -> BookCopy:
    """Copy the book's sources and its package."""
    for name in _BOOK:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=NOT_COPIED)
        else:
            shutil.copy2(source, target / name)
    return BookCopy(target)
