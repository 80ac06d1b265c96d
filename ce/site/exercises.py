"""The list of all exercises by page, which the contents count answers by: ``exercise_list.js``."""

from __future__ import annotations

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

__all__ = ["exercises_of", "setup"]

_NAME = re.compile(r'<section class="ce-exercise" data-exercise="([^"]+)"')
_FILE = "exercise_list.js"


def setup(app: Sphinx) -> None:
    """Link the list from every page, before the script that reads it, and write it when the pages are written."""
    app.add_js_file(_FILE, loading_method="defer", priority=490)
    app.connect("build-finished", _write, priority=100)


def exercises_of(environment: BuildEnvironment) -> dict[str, list[str]]:
    """Return the names of the exercises of each page that has some, in the order of the page."""
    found = {
        page: [name for raw in environment.get_doctree(page).findall(nodes.raw) for name in _NAME.findall(raw.astext())]
        for page in sorted(environment.found_docs)
    }
    return {page: names for page, names in found.items() if names}


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        listed = json.dumps(exercises_of(app.env), separators=(",", ":"))
        Path(app.outdir, "_static", _FILE).write_text(f"globalThis.ceExercises={listed};\n", encoding="utf8")
