"""Collect what is wrong with the book and fail the build with a list of it."""

from __future__ import annotations

import logging as std_logging
from dataclasses import dataclass
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.util import logging

__all__ = ["Problem", "fail_the_build", "found_in", "report", "setup"]

_logger = logging.getLogger(__name__)
_ATTRIBUTE, _TYPE = "ce_site_problems", "ce.site"


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
    problems: list[Problem] | None = getattr(app, _ATTRIBUTE, None)
    if problems is None:
        problems = []
        setattr(app, _ATTRIBUTE, problems)
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
