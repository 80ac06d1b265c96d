"""The ledger: what the book claims in words, how well each claim is established, and what is only cited.

The words, and which figures show a claim, stand in ``statements.toml``.
"""

from __future__ import annotations

import os
import posixpath
import re
import tomllib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from itertools import chain, groupby
from pathlib import Path

from ce.cards import anchor, grade_mark, style
from ce.claims.registry import Claim, all_claims
from ce.derivation import CheckedDerivation
from ce.references import author_and_year

_REFERENCES = "book/reference/bibliography.html"


@dataclass(frozen=True)
class Statement:
    """What a claim ``says``; the names of the ``figures`` that show it, or why it is ``unpictured``.

    Raises
    ------
    ValueError
        When it has neither figures nor a reason, or both.
    """

    claim: str
    says: str
    figures: tuple[str, ...] = ()
    unpictured: str = ""

    def __post_init__(self) -> None:
        if bool(self.figures) == bool(self.unpictured):
            raise ValueError(
                f"statements.toml, [{self.claim}]: expected names of figures or a reason why it is unpictured, "
                f"got {'both' if self.figures else 'neither'}"
            )


@cache
def statements() -> dict[str, Statement]:
    """Return the claims by their numbers.

    Examples
    --------
    >>> statements()["I2"].says
    'Cross-entropy is entropy plus divergence.'
    """
    read = tomllib.loads((files("ce.claims") / "statements.toml").read_text(encoding="utf8"))
    return {
        claim: Statement(claim, said["says"], tuple(said.get("figures", ())), said.get("unpictured", ""))
        for claim, said in read.items()
    }


@dataclass(frozen=True, eq=False)
class Entry:
    """One row: a claim, its checked derivation, and the document of its chapter, where that is written."""

    claim: Claim
    checked: CheckedDerivation
    page: str | None


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
        return "\n".join(map(_row_as_text, self.entries))

    @property
    def summary(self) -> str:
        """How many claims and derivations there are, how many of each grade, and what checking them took."""
        grades = Counter(entry.checked.weakest for entry in self.entries)
        counts = ", ".join(f"{grades[grade]} of grade {grade.name}" for grade in sorted(grades))
        claims = len({entry.claim.derivation.claim for entry in self.entries})
        time = f"checked in {self.seconds:.1f} seconds"
        return f"{claims} claims in {len(self.entries)} derivations: {counts}; {time}."

    def as_html(self) -> str:
        """Return the table: of each claim its words, then its derivations."""
        columns = ("What is shown, and where", "Steps", "Weakest", "Time")
        head = "".join(f'<th scope="col">{column}</th>' for column in columns)
        groups = groupby(self.entries, key=lambda entry: entry.claim.derivation.claim)
        bodies = "".join(f"<tbody>{self._rows(tuple(entries))}</tbody>" for _, entries in groups)
        return (
            '<div class="ce-ledger" tabindex="0" role="region" aria-label="Ledger of claims">'
            f"<p>{escape(self.summary)}</p><table><thead><tr>{head}</tr></thead>{bodies}</table></div>"
        )

    def _rows(self, entries: tuple[Entry, ...]) -> str:
        """Return the rows of one claim: its words, to which the site adds what shows it, and its derivations."""
        said = statements()[entries[0].claim.derivation.claim]
        unpictured = f'<span class="ce-place">No figure: {escape(said.unpictured)}.</span>' if said.unpictured else ""
        shown = f'<span class="ce-shown" data-claim="{said.claim}" data-figures="{" ".join(said.figures)}"></span>'
        words = f"{said.claim}. {escape(said.says)}{unpictured}{shown}"
        head = f'<tr><th scope="rowgroup" colspan="4" id="claim-{said.claim}">{words}</th></tr>'
        return head + "".join(f"<tr>{self._row(entry)}</tr>" for entry in entries)

    def _row(self, entry: Entry) -> str:
        checked = entry.checked
        references = posixpath.relpath(_REFERENCES, posixpath.dirname(self.page))
        cited = "".join(
            f' <a class="ce-cited" href="{references}">{escape(author_and_year(source))}</a>'
            for source in checked.sources
        )
        return (
            f"<td>{self._title(entry)}{_formalised(entry)}</td><td>{len(checked.steps)}</td>"
            f"<td>{grade_mark(checked.weakest)}{cited}</td><td>{1000 * checked.seconds:.0f} ms</td>"
        )

    def _title(self, entry: Entry) -> str:
        """Return the title, linked to the derivation on its page where the book has that page."""
        title = escape(entry.claim.derivation.title)
        if entry.page is None:
            return f'<span class="ce-unplaced">{title}</span>'
        target = posixpath.relpath(f"{entry.page}.html", posixpath.dirname(self.page))
        link = f"{target}#{anchor(entry.claim.derivation.key)}"
        place = escape(entry.page.removeprefix("book/"))
        return f'<a href="{escape(link)}">{title}</a><span class="ce-place">{place}</span>'


def _row_as_text(entry: Entry) -> str:
    checked, formalised = entry.checked, entry.claim.derivation.formalised
    row = (
        f"{entry.claim.key:<30}{checked.weakest.name}  {len(checked.steps):>2} steps "
        f"{1000 * checked.seconds:7.0f} ms  {entry.claim.chapter}"
    )
    if checked.sources:
        row += f"  cited: {', '.join(checked.sources)}"
    if formalised:
        row += f"  {formalised.library}{'' if formalised.whole else ', a part'}: {formalised.name}"
    return row


def _formalised(entry: Entry) -> str:
    found = entry.claim.derivation.formalised
    return f'<span class="ce-place ce-formalised">{found.as_html()}</span>' if found else ""


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
    ValueError
        When two pages have the name of one chapter, or a claim lacks its derivation or its words.

    Examples
    --------
    >>> [entry.checked.weakest.name for entry in ledger(numbers=["L1"]).entries]
    ['A', 'A']
    """
    said, derived = statements().keys(), {claim.derivation.claim for claim in all_claims()}
    for lacking, what in ((said - derived, "a derivation of"), (derived - said, "the words of")):
        if lacking:
            raise ValueError(f"statements.toml: expected {what} every claim, got none of {', '.join(sorted(lacking))}")
    folder = Path(root) if root is not None else _root()
    pages = _pages(folder) if folder is not None else {}
    places = {name: place for place, name in enumerate(pages)}
    entries = [
        Entry(claim, claim.derivation.check(), pages.get(claim.chapter))
        for claim in all_claims()
        if numbers is None or claim.derivation.claim in numbers
    ]
    in_reading_order = (
        sorted(parts, key=lambda entry: places.get(entry.claim.chapter, len(places)))
        for _, parts in groupby(entries, key=lambda entry: entry.claim.derivation.claim)
    )
    return Ledger(tuple(chain.from_iterable(in_reading_order)), page)


def _pages(root: Path) -> dict[str, str]:
    """Return the document of every page by its name without the folder, in reading order."""
    table = root / "_toc.yml"
    pages: dict[str, str] = {}
    for page in re.findall(r"^[\s-]*(?:root|file):\s*(\S+)", table.read_text(encoding="utf8"), re.M):
        name = posixpath.basename(page)
        if name in pages:
            raise ValueError(
                f"{table}: expected every page to have a name of its own, by which its claims are found, got "
                f"{pages[name]} and {page}; rename one"
            )
        pages[name] = page
    return pages


def _root() -> Path | None:
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "_toc.yml").is_file()), None)
