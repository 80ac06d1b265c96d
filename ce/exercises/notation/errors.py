"""The one error a reader's text can raise: what was expected, what came, and a caret under the place."""

from __future__ import annotations

import unicodedata

__all__ = ["MalformedAnswer"]

_AROUND = 60


class MalformedAnswer(ValueError):  # noqa: N818  (it names what the reader wrote)
    """A text that is not an answer in the grammar of :mod:`ce.exercises.notation`.

    Parameters
    ----------
    message
        What was expected and what came.
    text
        The whole text of the reader.
    position
        Index into ``text`` of the character where reading stopped.

    Examples
    --------
    >>> print(MalformedAnswer("expected a factor after '*', got the end", "2 *", 3))
    expected a factor after '*', got the end (character 4)
      2 *
         ^
    """

    def __init__(self, message: str, text: str, position: int) -> None:
        self.message = message
        self.text = text
        self.position = position
        super().__init__(f"{message} (character {position + 1})\n{self.caret}")

    @property
    def caret(self) -> str:
        """The text around the place, and below it a line with a caret: two lines, safe to print."""
        first = max(0, self.position - _AROUND)
        shown = self.text[first : self.position + _AROUND]
        lead = "…" if first else ""
        tail = "…" if self.position + _AROUND < len(self.text) else ""
        before = lead + _printable(self.text[first : self.position])
        return f"  {lead}{_printable(shown)}{tail}\n  {' ' * _columns(before)}^"


def _printable(text: str) -> str:
    """Replace what would move the line: control and direction marks; a line break becomes a blank."""
    return "".join(" " if char.isspace() else char if char.isprintable() else "·" for char in text)


def _columns(text: str) -> int:
    """Count the columns a terminal gives the text: a combining accent takes none, a wide character two."""
    wide = sum(unicodedata.east_asian_width(char) in {"W", "F"} for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)
