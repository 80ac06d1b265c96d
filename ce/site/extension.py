"""Connect the parts of the extension to the events of a Sphinx build."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from ce.site import (
    code_folds,
    completeness,
    downloads,
    execution,
    figures,
    freshness,
    lab,
    line_numbers,
    mathematics,
    problems,
    wheel,
)
from ce.site.links import bibliography, cross_references, glossary, ledger
from ce.site.web import delivery, figure_pages, metadata, search

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Set the extension up; Sphinx calls this by name.

    Parameters
    ----------
    app
        The Sphinx application.

    Returns
    -------
    dict
        The extension's metadata. Pages are read one after the other: a notebook's failure is reported in
        the process that reads it.
    """
    line_numbers.correct_line_numbers()
    freshness.setup(app)
    figures.setup(app)
    figure_pages.setup(app)
    mathematics.setup(app)
    bibliography.setup(app)
    cross_references.setup(app)
    wheel.setup(app)
    downloads.setup(app)
    lab.setup(app)
    ledger.setup(app)
    glossary.setup(app)
    code_folds.setup(app)
    delivery.setup(app)
    metadata.setup(app)
    search.setup(app)
    app.connect("config-inited", execution.provide_kernel)
    app.connect("doctree-read", execution.report_failing_cells)
    app.connect("build-finished", completeness.check_pages, priority=900)
    problems.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
