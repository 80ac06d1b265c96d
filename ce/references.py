"""Names of the references, as running text has them, from the one bibliography ``ce/references.bib``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pybtex.database.input.bibtex import Parser

__all__ = ["author_and_year"]

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
    entry = entries[key]
    names = [_family_name(person) for person in entry.persons["author"]]
    listed = names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else f"{names[0]} et al."
    return f"{listed} ({entry.fields['year']})"


@cache
def _entries() -> Mapping[str, Any]:
    return dict(Parser().parse_file(BIBLIOGRAPHY).entries)  # ``parse_file`` looks for plug-ins, and takes its time


def _family_name(person: Any) -> str:
    parts = [*person.rich_prelast_names, *person.rich_last_names]
    return " ".join(map(str, parts))
