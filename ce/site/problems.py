"""Collect what is wrong with the book and fail the build with a list of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.util import logging

__all__ = ["Problem", "fail_the_build", "found_in", "report"]

_logger = logging.getLogger(__name__)
_ATTRIBUTE = "ce_site_problems"


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
    _logger.error("%s", problem, type="ce.site")


def fail_the_build(app: Sphinx, exception: Exception | None) -> None:
    """End a build that found problems with a non-zero exit code and a list of them.

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
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "\n".join(f"  {problem}" for problem in problems)
        _logger.info("\nThe book has %s:\n%s\n", count, lines)
