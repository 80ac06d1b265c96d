r"""From the characters a reader types to tokens, and the one error that a text can raise, with a caret under the place.

Accepted as they come from a keyboard or from the clipboard: ASCII, Greek letters, mathematical italics,
``−`` ``·`` ``×`` ``÷``, ``Σ`` ``Π``, ``½``, superscripts and subscripts (``x²``, ``pₖ``), a hat as a
combining accent (``p̂`` is ``phat``), and LaTeX with what sets its type (``$…$``, ``\dfrac``,
``\operatorname{log}``, ``\hat{p}``, ``\left(``). What a copied page hides between its characters is passed
over, and so is a full stop at the end. Every token remembers where it began in the text, so that an error
can point at it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

__all__ = ["MalformedAnswer", "Token", "tokens"]

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
    **dict.fromkeys("−–—‐‑", "-"),
    **dict.fromkeys("·×∙⋅∗•", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    "∑": " sum ",
    "Σ": " sum ",
    "∏": " prod ",
    "Π": " prod ",
    "√": " sqrt ",
    "∞": " inf ",
    "≠": "!=",
    "‖": "|",
    "∥": "|",
    "∣": "|",
    "′": "'",
    "’": "'",
    "$": " ",
    "`": " ",
    "~": " ",
    "\u2062": " ",
    "\u2063": " ",
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2064\ufeff", ""),
}
"""Plain spellings. The last two rows are invisible: mathematics on web pages is full of them."""

_COMMANDS = {
    "cdot": "*",
    "times": "*",
    "ast": "*",
    "div": "/",
    "ne": "!=",
    "neq": "!=",
    "infty": "inf",
    "ell": "l",
    **dict.fromkeys(("dfrac", "tfrac", "cfrac", "nicefrac"), "frac"),
    "varepsilon": "epsilon",
    "vartheta": "theta",
    "Sigma": "sum",
    "|": "|",
    **dict.fromkeys(("Vert", "lVert", "rVert", "vert", "lvert", "rvert", "parallel", "mid"), "|"),
    "{": "{",
    "}": "}",
    "lbrace": "{",
    "rbrace": "}",
    "lbrack": "[",
    "rbrack": "]",
}
_LAYOUT = re.compile(
    r"(?:left|right)\.?|middle|[bB]igg?[lrm]?|(?:no)?limits|q?quad|(?:display|text|script)style|boxed|[,;:! ()\[\]]"
)
_ALPHABET = r"operatorname\*?|math(?:rm|bf|it|sf|tt|bb|cal)|text(?:rm|bf|it)?|boldsymbol|bm"
_FUNCTION = re.compile(r"(?:log|ln|exp|sqrt|sum)[0-9]*", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(r"(?<![A-Za-z0-9])[0-9.]+\s*\Z")
_HAT = "\u0302"
_TOKEN = re.compile(
    rf"""(?P<times>(?<=[0-9])\s*[xX](?=\s*[0-9]))
    | (?P<space>\s+|\b(?:np|numpy|math|torch)\.(?:float[0-9]+)?)
    | (?P<hat>\\(?:wide)?hat\s*(?:\{{\s*[A-Za-z]\s*\}}|\s[A-Za-z]))
    | (?:\\(?:{_ALPHABET})\s*|(?=\{{[A-Za-z]\}}_))\{{\s*(?P<set>[A-Za-z]+[0-9]*|[0-9]+(?:\.[0-9]+)?)\s*\}}
    | \\(?:{_ALPHABET})\s+(?P<letter>[A-Za-z0-9])
    | (?P<command>\\(?:(?:left|right)\.|[A-Za-z]+|[,;:!|(){{}}\[\]\ ]))
    | (?P<accent>[A-Za-z\u0370-\u03ff]\u0302)
    | (?P<name>log1p(?![A-Za-z])|(?:[A-Za-z](?!\u0302))+(?:[0-9]+(?!\.?[0-9]))?|[\u0370-\u03ff])
    | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    | (?P<sign>\*\*|!=|[-+*/^_()\[\]{{}}=,|])""",
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
    at = 0
    end = len(plain.rstrip())
    end -= plain[:end].endswith((".", ",", ";"))  # the end of a sentence
    while at < end:
        match = _TOKEN.match(plain, at, end)
        if match is None:
            raise MalformedAnswer(_unreadable(text[origin[at]]), text, origin[at])
        kind = str(match.lastgroup)
        word = match[kind]
        start = origin[at]
        token = _token(kind, word, start, text[start - 1 : start].isspace())
        if token is not None:
            found.append(token)
        at = match.end()
    return [*found, Token("end", "", len(text))]


def _token(kind: str, word: str, start: int, spaced: bool) -> Token | None:
    """Make the token of a match; ``None`` for blanks and for LaTeX that only sets spacing."""
    if kind == "space" or (kind == "command" and _LAYOUT.fullmatch(word, 1)):
        return None
    if kind in {"set", "letter"}:
        kind = "name" if word[0].isalpha() else "number"
    if kind == "times":
        return Token("sign", "*", start, spaced)
    if kind == "hat":
        return Token("name", word.rstrip(" }")[-1] + "hat", start, spaced)
    if kind == "command":
        kind, word = "name", _COMMANDS.get(word[1:], word[1:])
        if not word.isalpha():
            kind = "sign"
    if kind == "accent":
        kind, word = "name", _spelled(word[0]) + "hat"
    if kind == "name":
        plain = word.lower() if _FUNCTION.fullmatch(word) else _spelled(word)  # Log of Wolfram, LN of a spreadsheet
        return Token("name", plain, start, spaced)
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
    characters = [*map(_plain, text), ("", "")]
    for at, char in enumerate(text):
        tag, spelling = characters[at]
        if spelling in {"-", "+"} and not run and characters[at + 1][0] != "<super>":
            tag = ""  # a raised sign with nothing raised after it is a sign
        if tag == "<fraction>" and _NUMBER_BEFORE.search("".join(plain)):
            spelling = char  # 2½ is no product
        script = {"<super>": "^", "<sub>": "_"}.get(tag, "")
        if script != run:
            spelling = f"{'}' if run else ''}{script + '{' if script else ''}{spelling}"
            run = script
        plain.extend(spelling)
        origin.extend([at] * len(spelling))
    if run:
        plain.append("}")
        origin.append(len(text) - 1)
    return "".join(plain), origin


def _plain(char: str) -> tuple[str, str]:
    """Return whether a character is a superscript or a subscript (its tag), and its plain spelling."""
    if char in _CHARACTERS:
        return "", _CHARACTERS[char]
    if char.isascii():
        return "", char
    first, _, rest = unicodedata.decomposition(char).partition(" ")
    if first in {"<super>", "<sub>"} and " " not in rest:
        inner = chr(int(rest, 16))
        return first, _CHARACTERS.get(inner, inner)
    if first == "<fraction>":
        return first, f"({unicodedata.normalize('NFKD', char).replace('⁄', '/')})"
    if first.startswith("<") and first not in {"<font>", "<wide>", "<compat>"}:
        return "", char  # ① read as a digit would change the number it stands beside
    folded = unicodedata.normalize("NFKD", char)
    return "", folded if folded[1:] in {"", _HAT} else char


_HINTS = {
    ".": "a point belongs to a number, as in 0.5",
    "'": "derivatives are written out, without a prime",
    "!": "write a factorial out",
    "\\": "write the name without the backslash",
    "%": "write 50 % as 0.5",
    "≈": "an answer is exact here, and begins without a sign",
    "½": "write 2.5, not 2½",
    "<": "an answer is an expression, not a comparison",
    ">": "an answer is an expression, not a comparison",
}


def _unreadable(char: str) -> str:
    shown = char if char.isprintable() and not unicodedata.combining(char) else f"U+{ord(char):04X}"
    hint = _HINTS.get(char)
    return f"expected letters, numbers or + - * / ^ _ ( ), got '{shown}'" + (f": {hint}" if hint else "")
