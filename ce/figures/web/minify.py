"""A script made short: no comments, no idle spaces, and short names for all that is declared in it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product
from string import ascii_letters
from typing import NamedTuple

from rjsmin import jsmin

__all__ = ["minified"]

# A string, a regular expression, a name, or a sign; the text between two `${…}` of a template is a PIECE.
TOKEN = re.compile(
    r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?<=[(,=:])/(?:[^/\\\n[]|\\.|\[[^]]*\])+/[a-z]*"""
    r"""|[A-Za-z_$][\w$]*|\d[\w.]*|\.\.\.|\?\.(?!\d)|[-+*%/<>=!|&?]+|.)\s*""",
    re.DOTALL,
)
PIECE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL)
NAME = re.compile(
    r"(?!(?:let|return|if|else|for|of|in|do|function|new|typeof|try|catch|throw|true|false|null|undefined|while|break|"
    r"continue|this|NaN|Infinity|delete|default|export)$)[A-Za-z_$][\w$]*"
)
# What stands before a brace that opens an object or a pattern, and not a block.
BEFORE_OBJECT = re.compile(r"[(,=:[?]|&&|\|\||\?\?|\.{3}|return|let|of|default")


class Token(NamedTuple):
    """A part of a script as it stands there, its text, and the bracket around it: "object" for that of one."""

    whole: str
    text: str
    inside: str


def minified(text: str) -> str:
    r"""Return a script without comments, idle spaces and semicolons, with ``let`` for ``const`` and short names.

    What a script declares is renamed everywhere, each name to one of its own; keys and globals stay. It reads as
    much of JavaScript as the scripts of figures use.

    Raises
    ------
    ValueError
        When the brackets it has read do not close: somewhere there is a sign that it takes for another.

    Examples
    --------
    >>> minified("const one = ({ low }) => { // the first\n  const high = Math.abs(low);\n  return { high };\n};")
    'let c=({low:a})=>{let b=Math.abs(a);return{high:b}};'
    """
    tokens = _tokens(re.sub(r"\bconst\b", "let", str(jsmin(text))))
    uses = [_use(tokens, at) for at in range(len(tokens))]
    counts = Counter(tokens[at].text for at in range(len(tokens)) if uses[at] is not None)
    declared = _declared(tokens, uses)
    taken = {token.text for token in tokens} - declared
    names = map("".join, product(("", *ascii_letters), ascii_letters))
    free = (name for name in names if NAME.fullmatch(name) and name not in taken)
    short = {name: next(free) for name, _ in counts.most_common() if name in declared}
    found = []
    for (whole, name, _), use in zip(tokens, uses, strict=True):
        found.append(whole.replace(name, use + short[name]) if use is not None and name in short else whole)
    return "".join(found).replace(";}", "}")


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    around: list[str] = []
    at, before = 0, ""
    while at < len(text):
        template = around[-1:] == ["`"]
        match = (PIECE if template else TOKEN).match(text, at)
        if match is None or (match[0].strip() in (")", "]", "}") and not around):
            raise ValueError(
                f"minified: expected a script whose brackets close, got lost at {text[at : at + 40]!r}; the cause is "
                "before it, often a regular expression in an unusual place: give it a name of its own"
            )
        whole, at = match[0], match.end()
        part = whole if template else match[1]
        if template and part.endswith("`"):
            around.pop()
        elif template:
            around.append("(")
        elif part in ("(", "[", "`"):
            around.append(part)
        elif part == "{":
            around.append("object" if BEFORE_OBJECT.fullmatch(before) else "block")
        found.append(Token(whole, part, "".join(around[-1:])))
        if part in (")", "]", "}"):
            around.pop()
        before = "(" if template else part
    return found


def _use(tokens: list[Token], at: int) -> str | None:
    """Return None for what is no variable, and otherwise what its new name needs before it: its key in ``{key}``."""
    name = tokens[at].text
    if not NAME.fullmatch(name) or tokens[at - 1].text in (".", "?."):
        return None
    if tokens[at].inside != "object" or tokens[at - 1].text not in ("{", ","):
        return ""
    return None if tokens[at + 1].text in (":", "(") else f"{name}:"


def _declared(tokens: list[Token], uses: list[str | None]) -> set[str]:
    """Return the names after ``let`` and ``function``, in their patterns and in lists of parameters."""
    found: set[str] = set()
    opened: list[int] = []
    for at, (_, part, _) in enumerate(tokens):
        before = tokens[at - 1].text
        if part in ("(", "[", "{") or part.endswith("${"):
            opened.append(at)
        elif uses[at] is not None and before in ("let", "function"):
            found.add(part)
        elif part in (")", "]", "}"):
            start = opened.pop()
            leader, follower = tokens[start - 1].text, tokens[at + 1].text if at + 1 < len(tokens) else ""
            parameters = part == ")" and follower in ("=>", "{") and leader not in ("if", "for", "while")
            if parameters or leader == "let":
                inner = range(start, at)
                found |= {tokens[k].text for k in inner if uses[k] is not None and tokens[k - 1].text != "="}
    return found
