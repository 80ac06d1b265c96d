"""Lay the notebooks of all pages out for JupyterLab: one folder, in reading order, linked with one another.

The folder is the reader's: whatever is changed there stays. A build writes what has changed in the book since
the last one, and where the reader has changed the same notebook, the reader's is kept under another name.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import nbformat
from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util import logging

from ce.site.downloads import page_notebook, write_notebook
from ce.site.freshness import up_to_date

FOLDER = "notebooks"
_RECORD = ".written.json"
_logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Have the folder written when the pages are written."""
    app.connect("build-finished", _lay_out_book, priority=800)


def lay_out(folder: Path, notebooks: Mapping[str, NotebookNode]) -> list[tuple[str, str]]:
    """Write notebooks into a folder in which a reader works.

    Parameters
    ----------
    folder
        The folder; made when it is not there. A file in it notes what has been written.
    notebooks
        The notebooks by file name. One that was written before and is not among them any more is removed,
        unless the reader has changed it.

    Returns
    -------
    list of tuple
        The name of each notebook that both sides have changed, and the name that the reader's now has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / _RECORD
    written = json.loads(record.read_text(encoding="utf8")) if record.is_file() else {}
    kept = []
    for name, notebook in notebooks.items():
        path, new, last = folder / name, _content(notebook), written.get(name)
        there = _content_of_file(path)
        if there == new or (there not in {"", last} and last == new):
            continue
        if there not in {"", last}:
            mine = _free_name(path)
            path.rename(mine)
            kept.append((name, mine.name))
        write_notebook(path, notebook)
    for name in written.keys() - notebooks.keys():
        if _content_of_file(folder / name) == written[name]:
            (folder / name).unlink()
    digests = {name: _content(notebook) for name, notebook in notebooks.items()}
    record.write_text(json.dumps(digests, indent=1) + "\n", encoding="utf8")
    return kept


def _content(notebook: NotebookNode) -> str:
    """Digest what a reader can change; JupyterLab alters other metadata when it only looks."""
    cells = [[cell.cell_type, cell.source, cell.get("outputs", [])] for cell in notebook.cells]
    content = json.dumps([cells, notebook.metadata.get("widgets")], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _content_of_file(path: Path) -> str:
    """Digest a notebook on the disk: "" when there is none, anything else when it cannot be read."""
    if not path.is_file():
        return ""
    try:
        return _content(nbformat.read(path, as_version=4))
    except Exception:  # whatever is wrong with it, it is the reader's
        return "unreadable"


def _free_name(path: Path) -> Path:
    numbers = ("", *(f"-{number}" for number in range(2, 10_000)))
    names = (path.with_name(f"{path.stem}-yours{number}{path.suffix}") for number in numbers)
    return next(name for name in names if not name.exists())


def _lay_out_book(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.name != "html":
        return
    # beside `_build`, which is the book's own folder unless that may not be written to (`--path-output`)
    folder, names = Path(app.outdir).parents[1] / FOLDER, _file_names(app)
    if up_to_date(app, [folder / name for name in (_RECORD, *names.values())]):
        return
    headings = {page: dict(_headings(app.env.get_doctree(page))) for page in names}
    notebooks = {name: page_notebook(app, page, _links_of(app, page, names, headings)) for page, name in names.items()}
    for name, mine in lay_out(folder, notebooks):
        _logger.info("%s/%s is new; yours, which you had changed, is now %s/%s", FOLDER, name, FOLDER, mine)


def _file_names(app: Sphinx) -> dict[str, str]:
    """Name the notebook of each page so that a list of files is in reading order."""
    following = {page: after for page, (_, _, after) in app.env.collect_relations().items()}
    names, page = {app.config.root_doc: "00-start-here.ipynb"}, following.get(app.config.root_doc)
    while page:
        names[page] = f"{len(names):02d}-{posixpath.basename(page)}.ipynb"
        page = following[page]
    return names


def _headings(page: nodes.document) -> Iterator[tuple[str, str]]:
    """Give, for each anchor of a section, the one that JupyterLab makes of its heading."""
    for section in page.findall(nodes.section):
        title = section.next_node(nodes.title)
        if title is not None and title.next_node(nodes.math) is None:
            for name in section["ids"]:
                yield name, title.astext().replace(" ", "-")


def _links_of(
    app: Sphinx, page: str, names: Mapping[str, str], headings: Mapping[str, Mapping[str, str]]
) -> Callable[[str], str]:
    pages = {app.builder.get_target_uri(name): name for name in names}
    here = app.builder.get_target_uri(page)

    def link(uri: str) -> str:
        if "://" in uri or uri.startswith("mailto:"):
            return uri
        path, _, anchor = uri.partition("#")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(here), path)) if path else here
        target = pages.get(place)
        if target is None:
            return ""
        heading = headings[target].get(anchor)
        return (names[target] if path else "") + (f"#{quote(heading)}" if heading else "")

    return link
