"""Builds that are forked from one Python which has imported Jupyter Book and Sphinx, as each would in two seconds.

The package it has not imported: each build takes that of its own book.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

# The extensions of _config.yml without the book's own, and what that imports.
IMPORTED = (
    "jupyter_book.cli.main",
    "jupyter_book.sphinx",
    "myst_nb.sphinx_ext",
    "sphinx.builders.html",
    "sphinx_book_theme",
    "sphinx_comments",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_external_toc",
    "sphinxcontrib.bibtex",
    "sphinxcontrib.katex",
    "jupyter_cache.executors.utils",
    "matplotlib",
    "nbclient",
    "py_mini_racer",
    "sympy",
    "tinycss2",
)


@cache
def _forking() -> subprocess.Popen[str]:
    command = [sys.executable, __file__]
    forking = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf8", cwd=os.sep)
    atexit.register(forking.communicate)  # tells it that nothing more comes, and waits for it
    return forking


def run(words: list[str], folder: Path, env: dict[str, str], log: Path) -> int:
    """Run the command ``jupyter-book`` in a folder; what it says goes into a file. Give its exit code."""
    forking = _forking()
    assert forking.stdin
    assert forking.stdout
    print(json.dumps([words, str(folder), env, str(log)]), file=forking.stdin, flush=True)
    return int(forking.stdout.readline())


def _fork_builds() -> None:
    for name in IMPORTED:
        importlib.import_module(name)
    for line in sys.stdin:
        if not (child := os.fork()):
            return _build(*json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _build(words: list[str], folder: str, env: dict[str, str], log: str) -> None:
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number in (1, 2):
        os.dup2(said, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.path[:0] = [env["PYTHONPATH"]]
    sys.argv[:] = words
    importlib.import_module("jupyter_book.cli.main").main()


if __name__ == "__main__":
    del sys.path[0]  # the folder of this file
    _fork_builds()
