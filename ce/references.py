"""References as running text names them: the entries of ``ce/references.bib``, and theorems of proof assistants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from unicodedata import normalize

# Beside this module, so that it comes with the package wherever the package goes.
BIBLIOGRAPHY = Path(__file__).with_name("references.bib")


def author_and_year(key: str) -> str:
    """Return a reference as running text names it.

    Parameters
    ----------
    key
        Its citation key in ``ce/references.bib``.

    Raises
    ------
    KeyError
        When the bibliography has no such key.

    Examples
    --------
    >>> author_and_year("hui2021"), author_and_year("vandervaart1998")
    ('Hui and Belkin (2021)', 'van der Vaart (1998)')
    """
    entries = _entries()
    if key not in entries:
        known = sorted(entries)
        raise KeyError(f"expected a citation key of {BIBLIOGRAPHY.name}, one of {known}, got {key!r}")
    authors, year = entries[key]
    names = [_family_name(author) for author in authors.split(" and ")]
    listed = names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else f"{names[0]} et al."
    return f"{listed} ({year})"


# BibTeX as this file is written: one field a line, an author as "Family, Given" or a name in braces, accents in braces.
_ENTRY = re.compile(r"^@\w+\{(\w+),(.*?)^\}", re.MULTILINE | re.DOTALL)
_AUTHOR, _YEAR = (re.compile(rf"^ *{field} *= *\{{(.*)\}}", re.MULTILINE) for field in ("author", "year"))
_ACCENT = re.compile(r"\{\\(['`^~\"])(\w)\}")
_COMBINING = dict(zip("'`^~\"", "\u0301\u0300\u0302\u0303\u0308", strict=True))


@cache
def _entries() -> Mapping[str, tuple[str, str]]:
    """Return authors and year of each entry; a library that reads all of BibTeX is not needed for these."""
    found = _ENTRY.findall(BIBLIOGRAPHY.read_text(encoding="utf8"))
    return {key: (_AUTHOR.findall(fields)[0], _YEAR.findall(fields)[0]) for key, fields in found}


def _family_name(author: str) -> str:
    accented = _ACCENT.sub(lambda found: normalize("NFC", found[2] + _COMBINING[found[1]]), author)
    return accented.partition(",")[0].strip("{}")


@dataclass(frozen=True)
class Formalisation:
    """The theorem ``name`` of a proof assistant's ``library`` that a derivation shows, or of which it shows a case.

    ``url`` is the file that declares it; ``whole`` says that the theorem is the whole claim, or more, and not a
    part of it; ``note`` how the two differ, as the end of a sentence: "for all finite measures".
    """

    library: str
    name: str
    url: str
    whole: bool = True
    note: str = ""

    @property
    def words(self) -> tuple[str, str]:
        """What is said before the name, and after it."""
        before = "Formalised" if self.whole else "A part is formalised"
        return f"{before} in {self.library} as", f", {self.note}" if self.note else ""

    def as_html(self) -> str:
        """Return the words with the name linked to its file."""
        before, after = map(escape, self.words)
        return f'{before} <a href="{escape(self.url)}"><code>{escape(self.name)}</code></a>{after}'

    def as_markdown(self) -> str:
        """Return the same as Markdown."""
        return f"{self.words[0]} [`{self.name}`]({self.url}){self.words[1]}."
