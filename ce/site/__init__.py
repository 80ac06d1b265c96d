"""The Sphinx extension the book is built with: ``ce.site`` in the extension list of ``_config.yml``.

Everything that keeps the book honest lives here and not in the Makefile, so that a bare
``jupyter-book build .`` has it too: pages follow the code they use (`ce.site.freshness`), a failing cell
stops the build and says where (`ce.site.execution`), no page of the table of contents gets lost
(`ce.site.completeness`), figures are live without a kernel (`ce.site.figures`), and each page can be taken
away as a notebook (`ce.site.downloads`).
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Set the extension up; Sphinx calls this by name."""
    # Loaded here, since another book (`ce.site.figures`) has not all that this one's build needs.
    from ce.site import extension  # noqa: PLC0415

    return extension.setup(app)
