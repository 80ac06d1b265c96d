r"""From the characters a reader types to tokens.

Accepted as they come from a keyboard or from the clipboard: ASCII, Greek letters, mathematical italics,
``−`` ``·`` ``×`` ``÷``, ``Σ`` ``Π``, superscripts and subscripts (``x²``, ``pₖ``), a hat as a combining
accent (``p̂`` is ``phat``), and the LaTeX of this book (``\log``, ``\hat{p}``, ``\left(``). Every token
remembers where it began in the text, so that an error can point at it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from ce.exercises.notation.errors import MalformedAnswer

__all__ = ["Token", "tokens"]


@dataclass(frozen=True)
class Token:
    """A word of the reader's text: its kind, its plain spelling, where it begins, if a blank precedes."""

    kind: Literal["number", "name", "sign", "end"]
    text: str
    start: int
    spaced: bool = False

    @property
    def quoted(self) -> str:
        """The token as an error message names it."""
        return "the end" if self.kind == "end" else f"'{self.text}'"


_CHARACTERS = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "·": "*", "×": "*", "∙": "*", "⋅": "*", "∗": "*",
    "÷": "/", "∕": "/", "⁄": "/", "∑": " sum ", "Σ": " sum ", "∏": " prod ", "Π": " prod ", "√": " sqrt ",
    "∞": " inf ", "≠": "!=", "‖": "||", "∥": "||", "′": "'", "’": "'",
}  # fmt: skip
_COMMANDS = {"cdot": "*", "times": "*", "ast": "*", "ne": "!=", "neq": "!=", "|": "||", "infty": "inf"}
_LAYOUT = {"left", "right", "quad", "qquad", "displaystyle", ",", ";", ":", "!", " "}
_HAT = "\u0302"
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<hat>\\(?:wide)?hat\s*(?:\{\s*[A-Za-z]\s*\}|\s[A-Za-z]))
    | (?P<command>\\(?:[A-Za-z]+|[,;:!|\ ]))
    | (?P<accent>[A-Za-z\u0370-\u03ff]\u0302)
    | (?P<name>(?:[A-Za-z](?!\u0302))+[0-9]*|[\u0370-\u03ff])
    | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    | (?P<sign>\*\*|!=|\|\||[-+*/^_()\[\]{}=,|])""",
    re.VERBOSE,
)


def tokens(text: str) -> list[Token]:
    """Cut a text into tokens; the last one is of kind ``"end"``.

    Raises
    ------
    MalformedAnswer
        At the first character that has no place in an answer.

    Examples
    --------
    >>> [token.text for token in tokens("−p̂_k² log θ")]
    ['-', 'phat', '_', 'k', '^', '{', '2', '}', 'log', 'theta', '']
    """
    plain, origin = _normalised(text)
    found: list[Token] = []
    at, spaced = 0, False
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if match is None:
            raise MalformedAnswer(_unreadable(text[origin[at]]), text, origin[at])
        kind, word = str(match.lastgroup), match.group()
        token = _token(kind, word, origin[at], spaced)
        if token is not None:
            found.append(token)
        spaced = token is None
        at = match.end()
    return [*found, Token("end", "", len(text), spaced)]


def _token(kind: str, word: str, start: int, spaced: bool) -> Token | None:
    """Make the token of a match; ``None`` for blanks and for LaTeX that only sets spacing."""
    if kind == "space" or (kind == "command" and word[1:] in _LAYOUT):
        return None
    if kind == "hat":
        return Token("name", word.rstrip(" }")[-1] + "hat", start, spaced)
    if kind == "command":
        kind, word = "name", _COMMANDS.get(word[1:], word[1:])
        if not word.isalpha():
            kind = "sign"
    if kind == "accent":
        kind, word = "name", _spelled(word[0]) + "hat"
    if kind == "name":
        return Token("name", _spelled(word), start, spaced)
    if kind == "number":
        return Token("number", word, start, spaced)
    return Token("sign", "^" if word == "**" else word, start, spaced)


def _spelled(word: str) -> str:
    """Write a Greek letter as its name, ``θ`` as ``theta``; leave other words."""
    if len(word) != 1 or word.isascii():
        return word
    name = unicodedata.name(word, "").replace("LAMDA", "LAMBDA").replace("FINAL ", "").split()
    greek = name[0] == "GREEK" and name[2:3] == ["LETTER"] and len(name) == 4 if name else False
    return (name[3].lower() if name[1] == "SMALL" else name[3].title()) if greek else word


def _normalised(text: str) -> tuple[str, list[int]]:
    """Replace every character by its plain spelling; the list says where each plain character came from."""
    plain: list[str] = []
    origin: list[int] = []
    run = ""
    for at, char in enumerate(text):
        tag, spelling = _plain(char)
        script = {"<super>": "^", "<sub>": "_"}.get(tag, "")
        if script != run:
            spelling = ("}" if run else "") + (script + "{" if script else "") + spelling
            run = script
        plain.extend(spelling)
        origin.extend([at] * len(spelling))
    if run:
        plain.append("}")
        origin.append(len(text) - 1)
    return "".join(plain), origin


def _plain(char: str) -> tuple[str, str]:
    """Return whether a character is a superscript or a subscript (its tag), and its plain spelling."""
    if char.isascii():
        return "", char
    if char in _CHARACTERS:
        return "", _CHARACTERS[char]
    first, _, rest = unicodedata.decomposition(char).partition(" ")
    if first in {"<super>", "<sub>"} and " " not in rest:
        inner = chr(int(rest, 16))
        return first, _CHARACTERS.get(inner, inner)
    if first.startswith("<") and first not in {"<font>", "<wide>", "<compat>"}:
        return "", char  # ½ or ① read as digits would change the number they stand beside
    folded = unicodedata.normalize("NFKD", char)
    return "", folded if folded[1:] in {"", _HAT} else char


_HINTS = {
    ".": "a point belongs to a number, as in 0.5", "'": "derivatives are written out, without a prime",
    "!": "write a factorial out", "\\": "write the name without the backslash", "%": "write 50 % as 0.5",
    "<": "an answer is an expression, not a comparison", ">": "an answer is an expression, not a comparison",
}  # fmt: skip


def _unreadable(char: str) -> str:
    shown = char if char.isprintable() and not unicodedata.combining(char) else f"U+{ord(char):04X}"
    hint = _HINTS.get(char)
    return f"expected letters, numbers or + - * / ^ _ ( ), got '{shown}'" + (f": {hint}" if hint else "")
