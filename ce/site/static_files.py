"""Put the scripts and styles of the package's own outputs into the site, and the list by which answers are counted."""

from __future__ import annotations

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from ce import derivation, exercises, figures
from ce.site.freshness import up_to_date

__all__ = ["exercises_by_page", "exercises_in", "setup", "static_files", "write_static_files"]

_NAME = re.compile(r'<section class="ce-exercise" data-exercise="([^"]+)"')
_LIST = "exercise_list.js"
# Scripts that wait run in this order: what a reader touches first, then the list, then what reads it.
_ORDER = ("figure.js", _LIST, "exercise.js")


def setup(app: Sphinx) -> None:
    """Link the files from every page and have them written before the pages."""
    app.connect("write-started", write_static_files)
    app.connect("build-finished", _write_list, priority=100)
    for at, name in enumerate(_ORDER):
        app.add_js_file(name, loading_method="defer", priority=490 + at)
    for name in sorted(static_files()):
        if name.endswith(".css"):
            app.add_css_file(name)


def static_files() -> dict[str, str]:
    """Return the files by name: what figures, derivations and exercises need to look and work as they should.

    Examples
    --------
    >>> sorted(static_files())
    ['derivation.css', 'exercise.css', 'exercise.js', 'figure.css', 'figure.js']
    """
    return {**figures.static_files(), **derivation.static_files(), **exercises.static_files()}


def write_static_files(app: Sphinx, builder: Builder) -> None:
    """Write the files, whose digests the pages name."""
    if builder.format == "html":
        folder = Path(app.outdir, "_static")
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in static_files().items():
            (folder / name).write_text(content, encoding="utf8")


def exercises_in(doctree: nodes.document) -> list[str]:
    """Return the names of the exercises of a page, in its order."""
    return [name for raw in doctree.findall(nodes.raw) for name in _NAME.findall(raw.astext())]


def exercises_by_page(environment: BuildEnvironment) -> dict[str, list[str]]:
    """Return the names of the exercises of each page that has some, in the order of the page."""
    found = {page: exercises_in(environment.get_doctree(page)) for page in sorted(environment.found_docs)}
    return {page: names for page, names in found.items() if names}


def _write_list(app: Sphinx, error: Exception | None) -> None:
    path = Path(app.outdir, "_static", _LIST)
    if error is None and app.builder.format == "html" and not up_to_date(app, [path]):
        listed = json.dumps(exercises_by_page(app.env), separators=(",", ":"))
        path.write_text(f"globalThis.ceExercises={listed};\n", encoding="utf8")
