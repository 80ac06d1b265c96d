"""Offer each page as a Jupyter notebook that runs with ``requirements.txt`` alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx

__all__ = ["offer_notebook", "without_outputs"]


def offer_notebook(
    app: Sphinx, docname: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Write the page's notebook and put it first into its download menu."""
    if doctree is None or app.builder.format != "html":
        return
    executed = Path(app.env.mystnb_config.output_folder, f"{docname}.ipynb")
    if not executed.is_file():
        return
    notebook = without_outputs(nbformat.read(executed, as_version=4))
    target = Path(app.outdir, "_sources", f"{docname}.ipynb")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf8")
    context["ipynb_source"] = f"{docname}.ipynb"


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """Give the notebook as it is before anyone has run it."""
    kernel = notebook.metadata.get("kernelspec", {"name": "python3", "display_name": "Python 3"})
    fresh = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    for number, cell in enumerate(notebook.cells):
        copy = nbformat.from_dict(cell)
        copy["id"] = f"cell-{number}"
        if cell.cell_type == "code":
            copy["outputs"], copy["execution_count"] = [], None
        fresh.cells.append(copy)
    return fresh
