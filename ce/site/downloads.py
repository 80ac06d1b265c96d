"""Offer each page as a Jupyter notebook that runs with ``requirements.txt`` alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import nbformat
from docutils import nodes
from myst_nb.sphinx_ext import OUTPUT_FOLDER
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx

from ce.site.notebook_text import PageText

__all__ = ["notebook_of", "offer_notebook"]


def offer_notebook(
    app: Sphinx, docname: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Write the page's notebook and put it first into its download menu.

    Parameters
    ----------
    app
        The application.
    docname
        Name of the page.
    context
        What the page's template is filled with; gets ``ipynb_source``, which the theme looks for.
    doctree
        The page with every reference resolved; None for a page without a source, such as the index.
    """
    if doctree is None or app.builder.format != "html":
        return
    path = Path(app.outdir).parent / OUTPUT_FOLDER / f"{docname}.ipynb"
    executed = nbformat.read(path, as_version=4) if path.is_file() else new_notebook()
    text = PageText(link=_links_of(app, docname), equation_number=_equation_numbers_of(app, docname))
    notebook = notebook_of(text.parts(doctree), executed)
    target = Path(app.outdir, "_sources", f"{docname}.ipynb")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf8")
    context["ipynb_source"] = f"{docname}.ipynb"


def notebook_of(parts: Iterable[str | int], executed: NotebookNode) -> NotebookNode:
    """Put a page's text and the code of its cells together, without outputs.

    Parameters
    ----------
    parts
        Text of the page and, as ints, the places of the code cells that are shown.
    executed
        The page's notebook. Cells the page leaves out are kept in their place: later ones may need them.

    Returns
    -------
    NotebookNode
        The notebook as it is before anyone has run it.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> hidden, shown = new_code_cell("x = 1"), new_code_cell("x")
    >>> fresh = notebook_of(["# Title", 1], new_notebook(cells=[hidden, shown]))
    >>> [cell.source for cell in fresh.cells]
    ['# Title', 'x = 1', 'x']
    """
    kernel = executed.metadata.get("kernelspec", {"name": "python3", "display_name": "Python 3"})
    fresh = new_notebook(metadata={"kernelspec": dict(kernel), "language_info": {"name": "python"}})
    codes = list(enumerate(executed.cells))
    for part in parts:
        if isinstance(part, str):
            _append_text(fresh, part)
            continue
        while codes and codes[0][0] <= part:
            _append_code(fresh, codes.pop(0)[1])
    for _, cell in codes:
        _append_code(fresh, cell)
    for number, cell in enumerate(fresh.cells):
        # nbformat draws ids at random; the same page must give the same file.
        cell["id"] = f"cell-{number}"
    return fresh


def _append_text(notebook: NotebookNode, text: str) -> None:
    if notebook.cells and notebook.cells[-1].cell_type == "markdown" and not text.startswith("#"):
        notebook.cells[-1].source += f"\n\n{text}"
    else:
        notebook.cells.append(new_markdown_cell(text))


def _append_code(notebook: NotebookNode, cell: NotebookNode) -> None:
    if cell.cell_type == "code" and cell.source.strip():
        tags = cell.metadata.get("tags")
        notebook.cells.append(new_code_cell(cell.source, metadata={"tags": list(tags)} if tags else {}))


def _links_of(app: Sphinx, docname: str) -> Any:
    base = app.config.html_baseurl and urljoin(app.config.html_baseurl, app.builder.get_target_uri(docname))

    def link(uri: str) -> str:
        if "://" in uri or uri.startswith("mailto:"):
            return uri
        # Without the address of the published book a link within it would lead nowhere.
        return urljoin(base, uri) if base and uri else ""

    return link


def _equation_numbers_of(app: Sphinx, docname: str) -> Any:
    numbers = app.env.toc_fignumbers.get(docname, {}).get("displaymath", {})

    def number(node: nodes.math_block) -> str:
        ids: Iterator[str] = (f"equation-{node['label']}",) if node.get("label") else ()  # type: ignore[assignment]
        for name in (*ids, *node.get("ids", ())):
            if name in numbers:
                return ".".join(map(str, numbers[name]))
        return str(node["number"]) if node.get("number") else ""

    return number
