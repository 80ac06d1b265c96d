r"""What mathlib, the mathematics library of the proof assistant Lean, has of the book's derivations.

Each name stands in ``theorems.toml`` beside the key of the derivation, as leanblueprint puts ``\lean{…}``
beside a proof on paper; ``python -m ce.claims.mathlib PATH`` looks for all of them in a checkout of mathlib.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ce.derivation import Formalisation

__all__ = ["Theorem", "formalisations", "pinned", "theorems"]


@dataclass(frozen=True)
class Theorem:
    """A theorem of mathlib, by its full name and the file that declares it."""

    name: str
    file: str


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("ce.claims.mathlib") / "theorems.toml").read_text(encoding="utf8"))


def pinned() -> tuple[str, str]:
    """Return the revision of mathlib that the names were taken from, and the release it is.

    Examples
    --------
    >>> revision, release = pinned()
    >>> len(revision), release
    (40, 'v4.29.0')
    """
    return _data()["revision"], _data()["release"]


@cache
def formalisations() -> dict[str, Formalisation]:
    """Return what mathlib has of a derivation, by the derivation's key.

    Examples
    --------
    >>> formalisations()["I3 itself"].name
    'InformationTheory.klDiv_self'
    """
    data, (revision, _) = _data(), pinned()
    return {
        key: Formalisation(
            "mathlib",
            found["name"],
            f"{data['repository']}/blob/{revision}/{found['file']}",
            whole,
            found.get("note", ""),
        )
        for whole in (True, False)
        for key, found in data["whole" if whole else "part"].items()
    }


def theorems() -> tuple[Theorem, ...]:
    """Return every theorem that is named, once each."""
    found = [*_data()["whole"].values(), *_data()["part"].values()]
    return tuple(dict.fromkeys(Theorem(one["name"], one["file"]) for one in found))
