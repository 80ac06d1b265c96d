"""Offer each page as a Jupyter notebook that runs wherever the package `ce` is installed, and the package as a wheel.

The notebooks that are downloaded from the site install the wheel beside it. A wheel of pure Python is a zip archive of
the package and of its metadata, and the metadata was written when the package was installed. So nothing is built: no
network, no compiler, no second version of setuptools.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import nbformat
from docutils import nodes
from myst_nb.sphinx_ext import OUTPUT_FOLDER
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx

import ce
from ce.site.freshness import up_to_date
from ce.site.notebook_text import PageText, exercise_cells

# JupyterLab shows the first line of a cell that is folded.
_EXERCISE = "# An exercise. Its code holds the answer.\n"
# What a notebook of the book needs of the package: all but the building of the site.
_EXTRAS = "[notebook,digits]"
_ASK_FOR_IT = r"""    import sys

    raise ModuleNotFoundError(
        f"expected the package `ce` with all that its notebooks need; got: {missing}. "
        "It comes with the book's pages: in the folder that holds their index.html, run\n"
        f'    {sys.executable} -m pip install "./_static/WHEEL"\n'
        "or, in the folder of the book's repository,\n"
        f'    {sys.executable} -m pip install ".EXTRAS"\n'
        "and then this cell again"
    ) from None"""
_NAME = "cross-entropy-book"
_PACKAGE = Path(ce.__file__).parent
# What the installation notes about itself.
_OF_THE_INSTALLATION = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json"}


def setup(app: Sphinx) -> None:
    """Offer the notebooks in the download menus, write them when the pages are written, and the wheel at each build."""
    app.connect("builder-inited", _write_beside_the_site)
    # Priority 400: before the theme (501) lays out the download menu.
    app.connect("html-page-context", _offer_notebook, priority=400)
    app.connect("html-page-context", _offer_services, priority=600)
    app.add_config_value("ce_notebooks", "", "html", str)
    app.connect("build-finished", _write_downloads, priority=800)


def page_notebook(app: Sphinx, docname: str, link: Callable[[str], str]) -> NotebookNode:
    """Return a page as a notebook that nobody has run.

    Parameters
    ----------
    app
        The application, when all pages have been read.
    docname
        Name of the page.
    link
        Gives the address of a reference in the notebook, or "" where only its text can be kept.
    """
    page = _resolved(app, docname)
    path = Path(app.outdir).parent / OUTPUT_FOLDER / f"{docname}.ipynb"
    executed = nbformat.read(path, as_version=4) if path.is_file() else new_notebook()
    text = PageText(link=link, equation_number=_equation_numbers_of(app, docname))
    return notebook_of(text.parts(page), executed, exercise_cells(page))


@cache  # for a page's two notebooks, the download and the one in reading order
def _resolved(app: Sphinx, docname: str) -> nodes.document:
    # Its entries are filled anew each time a list of references is resolved, and would stand there twice.
    for place, references in getattr(app.env.get_domain("cite"), "bibliographies", {}).items():
        for entry in references.citation_nodes.values() if place.docname == docname else ():
            entry.clear()
    return app.env.get_and_resolve_doctree(docname, app.builder)


def notebook_of(parts: Iterable[str | int], executed: NotebookNode, exercises: Collection[int] = ()) -> NotebookNode:
    """Put a page's text and the code of its cells together, without outputs.

    Parameters
    ----------
    parts
        Text of the page and, as ints, the places of the code cells that are shown.
    executed
        The page's notebook. Cells of which the page shows nothing are kept in their place: later ones may
        need them. Only those tagged ``remove-cell`` are left out: they give numbers to the page's prose, and
        there the numbers are.
    exercises
        The places of the cells that show exercises. Their code holds the answers, so it is folded.

    Returns
    -------
    NotebookNode
        The notebook as it is before anyone has run it.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> first, shown = new_code_cell("x = 1"), new_code_cell("x")
    >>> glued = new_code_cell("glue('x', x)", metadata={"tags": ["remove-cell"]})
    >>> fresh = notebook_of(["# Title", 2], new_notebook(cells=[first, glued, shown]))
    >>> [cell.source for cell in fresh.cells]
    ['# Title', 'x = 1', 'x']
    """
    kernel = executed.metadata.get("kernelspec", {"name": "python3", "display_name": "Python 3"})
    fresh = new_notebook(metadata={"kernelspec": dict(kernel), "language_info": {"name": "python"}})
    codes = [
        (place, _code_cell(cell, place in exercises))
        for place, cell in enumerate(executed.cells)
        if cell.cell_type == "code" and cell.source.strip() and "remove-cell" not in cell.metadata.get("tags", ())
    ]
    for part in parts:
        if isinstance(part, str):
            _append_text(fresh, part)
            continue
        while codes and codes[0][0] <= part:
            fresh.cells.append(codes.pop(0)[1])
    fresh.cells += [cell for _, cell in codes]
    return _numbered(fresh)


def installing_cell(address: str) -> NotebookNode:
    """Return the cell that comes first in a notebook that may stand alone: it sees to the package.

    Parameters
    ----------
    address
        Where the package can be had: its wheel, or its repository; "" when the site does not know.
    """
    install = f'    %pip install --quiet "{_NAME}{_EXTRAS} @ {address}"'
    ask = _ASK_FOR_IT.replace("WHEEL", f"{wheel_name()}EXTRAS").replace("EXTRAS", _EXTRAS)
    return new_code_cell(
        f"# Run this first: it {'installs' if address else 'asks for'} the book's package where it is missing.\n"
        "from importlib.metadata import version\n\n"
        "try:\n"
        "    import anywidget, ce, matplotlib\n\n"
        '    version("scikit-learn")  # which takes a second to import, and few pages need it\n'
        f"except ModuleNotFoundError as missing:\n{install if address else ask}"
    )


def write_notebook(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook, the same one as the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf8")


def _offer_notebook(
    app: Sphinx, docname: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    # Without a doctree it is a page without a source, such as the index.
    if doctree is not None and app.builder.format == "html":
        context["ipynb_source"] = f"{docname}.ipynb"  # what the theme looks for


def _offer_services(
    app: Sphinx, docname: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Link to services that run a notebook, if the site says on which branch on GitHub it stands."""
    if doctree is None or not app.config.ce_notebooks or "kernelspec" not in app.env.metadata[docname]:
        return
    repository, branch = _repository_and_branch(app)
    path, safe = f"_sources/{docname}.ipynb", quote(branch, safe="")
    services = {
        "Colab": f"https://colab.research.google.com/github/{repository}/blob/{safe}/{path}",
        "Binder": f"https://mybinder.org/v2/gh/{repository}/{safe}?urlpath=lab/tree/{path}",
    }
    (menu,) = (group for group in context["header_buttons"] if group.get("label") == "download-buttons")
    icon = "fas fa-up-right-from-square"
    menu["buttons"] += [
        {"type": "link", "url": url, "text": name, "icon": icon, "tooltip": f"Run this page on {name}"}
        for name, url in services.items()
    ]


def _repository_and_branch(app: Sphinx) -> tuple[str, str]:
    place = app.config.ce_notebooks
    named = re.fullmatch(r"([\w.-]+/[\w.-]+)/(.+)", place)
    if named is None:
        raise ValueError(f"ce_notebooks in _config.yml: expected OWNER/REPOSITORY/BRANCH, or nothing, got {place!r}")
    return named[1], named[2]


def package_address(app: Sphinx) -> str:
    """Return where a downloaded notebook finds the package: on the site, in its repository, or nowhere."""
    if app.config.html_baseurl:
        return urljoin(app.config.html_baseurl, f"_static/{wheel_name()}")
    return f"git+https://github.com/{_repository_and_branch(app)[0]}" if app.config.ce_notebooks else ""


def _write_downloads(app: Sphinx, exception: Exception | None) -> None:
    paths = {docname: Path(app.outdir, "_sources", f"{docname}.ipynb") for docname in sorted(app.env.found_docs)}
    if exception is not None or app.builder.format != "html" or up_to_date(app, paths.values()):
        return
    for docname, path in paths.items():
        notebook = page_notebook(app, docname, _links_of(app, docname))
        if any(cell.cell_type == "code" for cell in notebook.cells):
            notebook.cells.insert(0, installing_cell(package_address(app)))
        write_notebook(path, _numbered(notebook))


def _numbered(notebook: NotebookNode) -> NotebookNode:
    for number, cell in enumerate(notebook.cells):
        # nbformat draws ids at random; the same page must give the same file.
        cell["id"] = f"cell-{number}"
    return notebook


def _append_text(notebook: NotebookNode, text: str) -> None:
    if notebook.cells and notebook.cells[-1].cell_type == "markdown" and not text.startswith("#"):
        notebook.cells[-1].source += f"\n\n{text}"
    else:
        notebook.cells.append(new_markdown_cell(text))


def _code_cell(cell: NotebookNode, exercise: bool) -> NotebookNode:
    tags = list(cell.metadata.get("tags", ()))
    metadata: dict[str, Any] = {"tags": tags} if tags else {}
    if exercise or "hide-input" in tags:
        metadata["jupyter"] = {"source_hidden": True}
    return new_code_cell(_EXERCISE * exercise + cell.source, metadata=metadata)


def _links_of(app: Sphinx, docname: str) -> Callable[[str], str]:
    base = app.config.html_baseurl and urljoin(app.config.html_baseurl, app.builder.get_target_uri(docname))

    def link(uri: str) -> str:
        if "://" in uri or uri.startswith("mailto:"):
            return uri
        # Without the address of the published book a link within it would lead nowhere.
        return urljoin(base, uri) if base and uri else ""

    return link


def _equation_numbers_of(app: Sphinx, docname: str) -> Callable[[nodes.math_block], str]:
    numbers = app.env.toc_fignumbers.get(docname, {}).get("displaymath", {})

    def number(node: nodes.math_block) -> str:
        for name in node["ids"]:
            if name in numbers:
                return ".".join(map(str, numbers[name]))
        return str(node["number"]) if node.get("number") else ""

    return number


def wheel_name() -> str:
    """Return the name of the wheel's file, which its installation insists on.

    Examples
    --------
    >>> wheel_name() == f"cross_entropy_book-{ce.__version__}-py3-none-any.whl"
    True
    """
    return f"{_NAME.replace('-', '_')}-{_distribution().version}-py3-none-any.whl"


def write_wheel(folder: Path) -> Path:
    """Write the wheel of the package as it is now; the same package gives the same bytes.

    Parameters
    ----------
    folder
        Where to; it exists.
    """
    files = {path.relative_to(_PACKAGE.parent).as_posix(): path.read_bytes() for path in _package_files()}
    metadata = _metadata()
    record = next(iter(metadata)).partition("/")[0] + "/RECORD"
    files |= metadata
    lines = [f"{name},{_hash(content)},{len(content)}" for name, content in files.items()]
    files[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    target = folder / wheel_name()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = ZipInfo(name)  # of 1980, and not of today
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, ZIP_DEFLATED)
    return target


def _package_files() -> list[Path]:
    return sorted(path for path in _PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc")


def _distribution() -> Distribution:
    for found in distributions(name=_NAME):
        if found.read_text("WHEEL"):
            return found
    raise FileNotFoundError(
        f"expected {_NAME} to be installed, whose metadata the wheel beside the site needs; got: none. Run  "
        "pip install -r requirements.txt  in the book's folder"
    )


def _metadata() -> dict[str, bytes]:
    return {
        path.as_posix(): Path(path.locate()).read_bytes()
        for path in _distribution().files or ()
        if path.parts[0].endswith(".dist-info") and path.name not in _OF_THE_INSTALLATION
    }


def _hash(content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    return f"sha256={digest.decode().rstrip('=')}"


def _write_beside_the_site(app: Sphinx) -> None:
    if app.builder.format == "html":
        folder = Path(app.outdir, "_static")
        folder.mkdir(parents=True, exist_ok=True)
        write_wheel(folder)
