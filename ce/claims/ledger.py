"""The ledger: what the book claims, how well each claim is established, and what is only cited."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from pathlib import Path

from ce.claims.registry import Claim, all_claims
from ce.derivation import CheckedDerivation
from ce.derivation.display import as_html, grade_mark, style

__all__ = ["Entry", "Ledger", "ledger"]


@dataclass(frozen=True, eq=False)
class Entry:
    """One row: a claim, its checked derivation, and whether the page it belongs to is there."""

    claim: Claim
    checked: CheckedDerivation
    written: bool


@dataclass(frozen=True, eq=False)
class Ledger:
    """Every claim with the grade of its weakest step; shown as a table.

    Parameters
    ----------
    entries
        The rows.
    page
        Document name of the page it is shown on; links are relative to it.
    """

    entries: tuple[Entry, ...]
    page: str

    @property
    def seconds(self) -> float:
        """Time that checking everything took."""
        return sum(entry.checked.seconds for entry in self.entries)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": style() + self.as_html(), "text/plain": self.as_text()}

    def as_text(self) -> str:
        """Return the table as plain text."""
        rows = [
            f"{entry.claim.key:<24}{entry.checked.weakest.name}  {len(entry.checked.steps):>2} steps "
            f"{1000 * entry.checked.seconds:7.0f} ms  {entry.claim.page}"
            + (f"  cited: {', '.join(entry.checked.sources)}" if entry.checked.sources else "")
            for entry in self.entries
        ]
        return "\n".join(rows)

    def as_html(self) -> str:
        """Return the table; a derivation whose chapter is not there stands in full behind its row."""
        columns = ("Claim", "What it says", "Page", "Steps", "Weakest step", "Time")
        head = "".join(f'<th scope="col">{column}</th>' for column in columns)
        rows = "".join(self._row(entry) for entry in self.entries)
        return (
            '<div class="ce-ledger" tabindex="0" role="region" aria-label="Ledger of claims">'
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def _row(self, entry: Entry) -> str:
        derivation, checked = entry.claim.derivation, entry.checked
        title = escape(derivation.title)
        if not entry.written:
            title = f"<details><summary>{title}</summary>{as_html(checked)}</details>"
        cited = "".join(
            f' <span class="ce-cited">cited: {escape(source)}</span>' for source in checked.sources
        )
        return (
            f'<tr><th scope="row">{escape(derivation.key)}</th><td>{title}</td><td>{self._link(entry)}</td>'
            f"<td>{len(checked.steps)}</td><td>{grade_mark(checked.weakest)}{cited}</td>"
            f"<td>{1000 * checked.seconds:.0f} ms</td></tr>"
        )

    def _link(self, entry: Entry) -> str:
        name = escape(entry.claim.page.removeprefix("book/"))
        if not entry.written:
            return f"{name} (not written yet)"
        target = posixpath.relpath(f"{entry.claim.page}.html", posixpath.dirname(self.page))
        return f'<a href="{escape(target)}">{name}</a>'


def ledger(
    page: str = "book/reference/ledger",
    root: str | os.PathLike[str] | None = None,
    numbers: Collection[str] | None = None,
) -> Ledger:
    """Check every derivation of the book and return the ledger.

    Parameters
    ----------
    page
        Document name of the page that shows it.
    root
        Folder that holds ``_toc.yml``; found above the working directory when not given.
    numbers
        The claims to check, such as ``("L1", "G2")``; all when not given.

    Raises
    ------
    RefutedStep
        When a step of the book is false.

    Examples
    --------
    >>> [entry.checked.weakest.name for entry in ledger(numbers=["L1"]).entries]
    ['A', 'A']
    """
    folder = Path(root) if root is not None else _root()
    return Ledger(
        tuple(
            Entry(
                claim,
                claim.derivation.check(),
                folder is not None and (folder / f"{claim.page}.md").is_file(),
            )
            for claim in all_claims()
            if numbers is None or claim.derivation.claim in numbers
        ),
        page,
    )


def _root() -> Path | None:
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "_toc.yml").is_file()), None)
