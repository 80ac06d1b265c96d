"""Collect what is wrong with the book, such as pages that its table of contents promises in vain; fail the build."""

from __future__ import annotations

import logging as std_logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.util import logging

from ce.site.freshness import files_of_pages

_logger = logging.getLogger(__name__)
_TYPE = "ce.site"
_CODE_CELL = re.compile(r"^(`{3,}|~{3,})\{code-cell\}", re.MULTILINE)
_ARTICLE = re.compile(r"<article\b.*?</article>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def setup(app: Sphinx) -> None:
    """Have Sphinx's own warnings noted, for the list at the end of a build that fails for them, and the build fail."""
    warnings: dict[str, None] = {}  # in their order, each once

    def note(record: std_logging.LogRecord) -> bool:
        if getattr(record, "type", "") != _TYPE:
            warnings[record.getMessage().replace(f"{app.srcdir}/", "")] = None
        return True

    for handler in std_logging.getLogger(logging.NAMESPACE).handlers:
        if isinstance(handler, logging.WarningStreamHandler):
            handler.addFilter(note)
    app.connect("build-finished", check_pages, priority=900)
    app.connect("build-finished", lambda app, error: fail_the_build(app, error, list(warnings)), priority=999)


@dataclass(frozen=True)
class Problem:
    """Something in the book that must not be published.

    Parameters
    ----------
    page
        Source file relative to the book's root, e.g. ``book/index.md``.
    line
        Line of that file, 1-based; None where the page as a whole is meant.
    message
        What is wrong and what to do.
    """

    page: str
    line: int | None
    message: str

    def __str__(self) -> str:
        """``page:line: message``, the form editors turn into a link."""
        place = self.page if self.line is None else f"{self.page}:{self.line}"
        return f"{place}: {self.message}"


def found_in(app: Sphinx) -> list[Problem]:
    """Give the problems found so far in this build, in the order of finding."""
    problems: list[Problem] = app.__dict__.setdefault("ce_site_problems", [])
    return problems


def report(app: Sphinx, problem: Problem) -> None:
    """Note a problem and show it at once; the build goes on, to find the others as well."""
    found_in(app).append(problem)
    _logger.error("%s", problem, type=_TYPE)


def fail_the_build(app: Sphinx, exception: Exception | None, warnings: list[str]) -> None:
    """End a build that found problems with a non-zero exit code and a list of them, warnings that fail it among them.

    Sphinx warns about a page only when it reads it. A second build after a failed one would read nothing and
    pass, so the environment of a build with problems or warnings is thrown away. Executed cells stay cached.
    """
    if exception is not None:
        page = app.env.temp_data.get("docname") if app.env else None
        if page:
            _logger.error("the build stopped while reading %s", app.env.doc2path(page, base=False))
        return
    problems = found_in(app)
    if problems or app._warncount:
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
    if problems:
        app.statuscode = 1
    reasons = [*map(str, problems), *(warnings if app.keep_going or app.warningiserror else ())]
    if reasons:
        count = "1 problem" if len(reasons) == 1 else f"{len(reasons)} problems"
        lines = "\n".join(f"  {reason}" for reason in reasons)
        _logger.info("\nThe book has %s:\n%s\n", count, lines)


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
    promised = set(promised_pages(app))
    found = [path.relative_to(app.srcdir) for path in files_of_pages(app) if path.suffix in app.config.source_suffix]
    return [path.as_posix() for path in found if path.with_suffix("").as_posix() not in promised]


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
