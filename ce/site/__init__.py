"""The Sphinx extension the book is built with: ``ce.site`` in the extension list of ``_config.yml``.

Everything that keeps the book honest lives here and not in the Makefile, so that a bare
``jupyter-book build .`` has it too: pages follow the code they use (`ce.site.freshness`), a failing cell
stops the build and says where (`ce.site.execution`), no page of the table of contents gets lost
(`ce.site.problems`), figures are live without a kernel (`ce.site.figures`), and each page can be taken
away as a notebook (`ce.site.downloads`).
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

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
    # Loaded here, since another book (`ce.site.figures`) has not all that this one's build needs.
    from ce.site import code_folds, downloads, execution, figures, freshness, lab, ledger, links, mathematics, problems  # noqa: PLC0415
    from ce.site.web import delivery, metadata, search  # noqa: PLC0415

    freshness.setup(app)
    figures.setup(app)
    figures.give_pages(app)
    mathematics.setup(app)
    links.setup(app)
    downloads.setup(app)
    lab.setup(app)
    ledger.setup(app)
    code_folds.setup(app)
    delivery.setup(app)
    metadata.setup(app)
    search.setup(app)
    execution.setup(app)
    problems.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
