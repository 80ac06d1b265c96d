"""Make sure that what the table of contents promises is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx

from ce.site.problems import Problem, report

__all__ = ["check_pages", "missing_pages", "promised_pages"]

_CODE_CELL = re.compile(r"^(`{3,}|~{3,})\{code-cell\}", re.MULTILINE)
_ARTICLE = re.compile(r"<article\b.*?</article>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def check_pages(app: Sphinx, exception: Exception | None) -> None:
    """Report each page of the table of contents that is not in the output as it should be."""
    if exception is None and app.builder.name in {"html", "dirhtml"}:
        for problem in missing_pages(app):
            report(app, problem)


def promised_pages(app: Sphinx) -> list[str]:
    """List the document names of the table of contents, in its order."""
    suffixes = tuple(app.config.source_suffix)
    names = []
    for entry in app.config.external_site_map:
        suffix = next((suffix for suffix in suffixes if entry.endswith(suffix)), "")
        names.append(entry.removesuffix(suffix))
    return names


def missing_pages(app: Sphinx) -> Iterator[Problem]:
    """Find the pages that are promised but absent, empty, or not executed.

    Parameters
    ----------
    app
        The application after a build.

    Yields
    ------
    Problem
        One for each such page.
    """
    table = Path(app.srcdir, app.config.external_toc_path)
    lines = table.read_text(encoding="utf8").splitlines()
    for docname in promised_pages(app):
        if reason := _reason_it_is_missing(app, docname):
            message = (
                f"{_source(app, docname).relative_to(app.srcdir).as_posix()} is in the table of contents but {reason}"
            )
            yield Problem(table.name, _line_of(docname, lines), message)
    for name in _left_out(app):
        yield Problem(
            name, None, f"the page is not in {table.name}: name it there, or move it out of the book's folder"
        )


def _source(app: Sphinx, docname: str) -> Path:
    """Return the source of a page: whichever is there, ``.md`` where none is."""
    sources = [Path(app.srcdir, f"{docname}{suffix}") for suffix in app.config.source_suffix]
    return next((source for source in sources if source.exists()), Path(app.srcdir, f"{docname}.md"))


def _left_out(app: Sphinx) -> list[str]:
    """List the pages in the folder of the first page that no table of contents names."""
    root, first = Path(app.srcdir), Path(app.srcdir, app.config.root_doc)
    if first.parent == root:  # where all kinds of files are
        return []
    promised = set(promised_pages(app))
    found = (path.relative_to(root) for suffix in app.config.source_suffix for path in first.parent.rglob(f"*{suffix}"))
    return sorted(
        path.as_posix()
        for path in found
        if path.with_suffix("").as_posix() not in promised
        and not any(part.startswith((".", "_")) for part in path.parts)
    )


def _line_of(docname: str, lines: list[str]) -> int | None:
    entry = re.compile(rf"^[\s-]*(?:file|root):\s*[\"']?{re.escape(docname)}(?:\.md)?[\"']?\s*(?:#.*)?$")
    return next((number for number, line in enumerate(lines, 1) if entry.match(line)), None)


def _reason_it_is_missing(app: Sphinx, docname: str) -> str:
    source = _source(app, docname)
    if docname not in app.env.found_docs:
        return "excluded from the build" if source.exists() else "does not exist"
    output = Path(app.builder.get_outfilename(docname))  # type: ignore[attr-defined]
    if not output.is_file():
        return f"{output.name} was not written"
    if not _has_text(output.read_text(encoding="utf8")):
        return f"{output.name} is empty"
    # A failed execution has been reported already, with its line.
    if _has_cells(source) and NbMetadataCollector.get_exec_data(app.env, docname) is None:
        return "its cells were not executed: is 'format_name: myst' in the jupytext part of its header?"
    return ""


def _has_text(html: str) -> bool:
    article = _ARTICLE.search(html)
    return article is not None and bool(_TAG.sub("", article[0]).strip())


def _has_cells(source: Path) -> bool:
    return source.is_file() and _CODE_CELL.search(source.read_text(encoding="utf8")) is not None
