"""What the book claims, in words, and which figures show it: ``statements.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Statement", "statements"]


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
