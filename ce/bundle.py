"""A front end as one text: the modules of a part's ``static/``, joined in the order of imports and made short.

Short means no comments, no idle spaces, and short names for all that is declared.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise, product
from string import ascii_uppercase
from typing import NamedTuple

IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
OFFERED = re.compile(r"^export default \{[^}]*\};\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|function) (\w+))", re.MULTILINE)
# A string, a regular expression, a name, or a sign; the text between two `${…}` of a template is a PIECE.
TOKEN = re.compile(
    r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?:(?<![\w)\]\s"'`.])|(?<=return))/(?![/*])(?:[^/\\\n[]|\\.|\[[^]]*\])+/[a-z]*"""
    r"""|[A-Za-z_$][\w$]*|\d[\w.]*|\.\.\.|\?\.(?!\d)|=>|[-+*%<>=!|&?]+|/=?|.)\s*""",
    re.DOTALL,
)
PIECE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL)
NAME = re.compile(
    r"(?!(?:let|return|if|else|for|of|in|do|function|new|typeof|try|catch|throw|true|false|null|undefined|while|break|"
    r"continue|this|const|class|extends|super|instanceof|switch|case|void|in|NaN|Infinity|delete|default|export)$)[A-Za-z_$][\w$]*"
)
# What stands before a brace that opens an object or a pattern, and not a block.
BEFORE_OBJECT = re.compile(r"[(,=:[?]|&&|\|\||\?\?|\.{3}|return|throw|let|of|default")
# What goes on with the statement before it.
CONTINUES = ("else", "catch", "finally", "while", "of", "in", "instanceof")
WORD = re.compile(r"[\w$]")
BETWEEN_BLANKS = re.compile(r"[*/<>=!|&?:,]+")
OPENS = re.compile(r"^[(\[{]$|\$\{$")
LETTERS = "tenoriaslcudmphgfbyvwxkjqz" + ascii_uppercase  # those of the words around them first: they compress better


@cache
def source(part: str, name: str) -> str:
    """Return the text of one file in the ``static/`` of a part of the package."""
    return files(part).joinpath("static", name).read_text(encoding="utf-8")


def joined(part: str, name: str) -> str:
    """Return a module with all that it imports as one text without imports and exports.

    Raises
    ------
    ValueError
        When two modules give one name to two things, or an import or export is written in another way than
        ``import { a, b } from "./module.js";`` and ``export const`` or ``export function``.

    Examples
    --------
    >>> joined("ce.figures.web", "expression").splitlines()[0]
    '// Expressions: JSON lists from ce.formulas.wire, computed at given values or made functions. No eval.'
    """
    text = "".join(source(part, f"{each}.js") for each in _order(part, name))
    for pattern in (IMPORT, OFFERED, EXPORT):
        text = pattern.sub("", text)
    left = [line for line in text.splitlines() if re.match(r"(import|export)\b", line)]
    names = re.findall(r"^(?:const|let|function|class) (\w+)", text, re.MULTILINE)
    twice = sorted({given for given in names if names.count(given) > 1})
    if left or twice:
        raise ValueError(f"{name}.js: expected plain imports and exports, every name once, got {left + twice}")
    return text


def _order(part: str, name: str, seen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the modules that one needs, each after those that it imports, itself last."""
    for needed in IMPORT.findall(source(part, f"{name}.js")):
        if needed not in seen:
            seen = _order(part, needed, seen)
    return seen if name in seen else (*seen, name)


@cache
def module(part: str, name: str) -> str:
    """Return the ES module that anywidget loads."""
    return minified(joined(part, name) + "".join(OFFERED.findall(source(part, f"{name}.js"))))


@cache
def classic_script(part: str, name: str, last: str = "") -> str:
    """Return a module as a classic script, which loads from the disk, with the statement that comes ``last``."""
    return minified(f'"use strict";(()=>{{{joined(part, name)}{last}}})();') + "\n"


@cache
def stylesheet(part: str, name: str, before: str = "") -> str:
    """Return a style sheet, with the rules that come ``before`` it."""
    from rcssmin import cssmin  # noqa: PLC0415  (only pages and widgets need it)

    return str(cssmin(before + source(part, name))) + "\n"


class Scope(NamedTuple):
    """From which token to which a name is known."""

    start: int
    end: int
    name: str


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
    'let t=({low:e})=>{let t=Math.abs(e);return{high:t}};'
    """
    from rjsmin import jsmin  # noqa: PLC0415  (only pages and widgets need it, and it is not for every Python)

    tokens = _tokens(re.sub(r"\bconst\b", "let", str(jsmin(text))))
    uses = [_use(tokens, at) for at in range(len(tokens))]
    scopes: dict[str, list[Scope]] = {}
    for scope in sorted(set(_scopes(tokens, uses)), reverse=True):  # of two that hold a place the inner one comes first
        scopes.setdefault(scope.name, []).append(scope)
    places: dict[Scope, list[int]] = {}
    taken = {token.text for token in tokens} - scopes.keys()
    for at, use in enumerate(uses):
        if use is not None:
            name = tokens[at].text
            own = next((scope for scope in scopes.get(name, ()) if scope.start <= at <= scope.end), None)
            if own is None:
                taken.add(name)
            else:
                places.setdefault(own, []).append(at)
    found = [whole for whole, _, _ in tokens]
    for scope, short in _short_names(places, taken).items():
        for at in places[scope]:
            found[at] = found[at].replace(scope.name, f"{uses[at]}{short}")
    _join_statements(found, tokens)
    return "".join(found).replace(";}", "}")


def _join_statements(found: list[str], tokens: list[Token]) -> None:
    """Let one ``let`` do for declarations in a row, and leave out line breaks and the blanks of templates."""
    first = [""]  # the first word of the statement that is read, in each of the brackets around it
    for at, (token, after) in enumerate(pairwise([*tokens, Token("", "", "")])):
        if token.text in (")", "]", "}"):
            first.pop()
        elif token.text == ";" and first[-1] == after.text == "let":
            found[at : at + 2] = ",", ""
        else:
            first[-1] = "" if token.text == ";" else first[-1] or token.text
        if OPENS.search(token.text):
            first.append("")
        if token.text == "}" and token.whole.endswith("\n") and WORD.match(after.text) and after.text not in CONTINUES:
            found[at], first[-1] = "};", ""
        if token.text == ")":  # of `if` and `for`, with what they govern on a line of its own
            found[at] = ")"
        if BETWEEN_BLANKS.fullmatch(token.text) or (WORD.match(token.text) and BETWEEN_BLANKS.fullmatch(after.text)):
            found[at] = found[at].strip(" ")


def _short_names(places: dict[Scope, list[int]], taken: set[str]) -> dict[Scope, str]:
    """Choose short names; two may be the same where neither is used within the scope of the other."""
    every = ("".join(letters) for letters in product(("", *LETTERS), LETTERS))
    owners: dict[str, list[Scope]] = {name: [] for name in every if NAME.fullmatch(name) and name not in taken}
    short: dict[Scope, str] = {}
    # Small scopes first: then functions that are alike look alike, and compress better.
    for scope in sorted(places, key=lambda scope: (scope.end - scope.start, places[scope][0], scope)):
        short[scope] = next(name for name, own in owners.items() if not any(_meet(scope, one, places) for one in own))
        owners[short[scope]].append(scope)
    return short


def _meet(one: Scope, other: Scope, places: dict[Scope, list[int]]) -> bool:
    if one.end == other.end:  # of a parameter and of what the function's body declares, too
        return True
    inner, outer = (one, other) if other.start <= one.start <= other.end else (other, one)
    used = places[outer]
    at = bisect_left(used, inner.start)
    return at < len(used) and used[at] <= inner.end


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


def _scopes(tokens: list[Token], uses: list[str | None]) -> Iterator[Scope]:
    """Yield what ``let`` and ``function`` declare, and parameters, each with where it is known."""
    text = [token.text for token in [*tokens, Token("", "", "")]]
    closes: dict[int, int] = {-1: len(tokens)}
    opened = [-1]
    for at, part in enumerate(text):
        if OPENS.search(part):
            opened.append(at)
        elif part in (")", "]", "}"):
            closes[opened.pop()] = at

    def end(at: int, stops: tuple[str, ...]) -> int:
        """Return where an expression or a statement ends: at one of the stops, or with the brackets around it."""
        while at < len(tokens) and text[at] not in (*stops, ")", "]", "}"):
            at = closes.get(at, at) + 1
        return at

    def body(at: int, *stops: str) -> int:
        return closes[at] if text[at] == "{" else end(at, stops)

    def names(at: int, last: int) -> Iterator[str]:
        while at < last:
            if uses[at] is not None:
                yield text[at]
            at = end(at, (",",)) if text[at] == "=" else at + 1

    around = [-1]
    for at, part in enumerate(text):
        if part in ("let", "function"):
            scope = around[-1], closes[around[-1]]
            if text[around[-1] - 1] == "for" and text[around[-1]] == "(":
                scope = around[-1], body(scope[1] + 1, ";")
            here, more = at, True
            while more:
                last = closes[here + 1] if text[here + 1] in ("{", "[") else here + 1
                yield from (Scope(*scope, name) for name in names(here + 1, last + 1))
                here = end(last + 1, (",", ";", "of", "in"))
                more = part == "let" and text[here] == ","
        elif OPENS.search(part):
            around.append(at)
        elif part in (")", "]", "}"):
            start, after = around.pop(), text[at + 1]
            if part == ")" and after in ("=>", "{") and text[start - 1] not in ("if", "for", "while", "switch"):
                last = body(at + 1 + (after == "=>"), ",", ";")
                yield from (Scope(start, last, name) for name in names(start + 1, at))
