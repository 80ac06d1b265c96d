"""Put the scripts and style sheets of the package's own outputs into the site."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from ce import derivation, exercises, figures

__all__ = ["setup", "static_files", "write_static_files"]


def setup(app: Sphinx) -> None:
    """Link the files from every page and have them written at each build."""
    app.connect("builder-inited", write_static_files)
    for name in sorted(static_files()):
        if name.endswith(".css"):
            app.add_css_file(name)
        else:
            # Figures first: they are what a reader touches, and scripts that wait run in the order of their numbers.
            app.add_js_file(name, loading_method="defer", priority=480 if name == "figure.js" else 500)


def static_files() -> dict[str, str]:
    """Return the files by name: what figures, derivations and exercises need to look and work as they should.

    Examples
    --------
    >>> sorted(static_files())
    ['derivation.css', 'exercise.css', 'exercise.js', 'figure.css', 'figure.js']
    """
    return {**figures.static_files(), **derivation.static_files(), **exercises.static_files()}


def write_static_files(app: Sphinx) -> None:
    """Write the files, also when no page is out of date."""
    if app.builder.format == "html":
        folder = Path(app.outdir, "_static")
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in static_files().items():
            (folder / name).write_text(content, encoding="utf8")
