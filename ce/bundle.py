"""A front end as one text: the modules of a part's ``static/``, joined in the order of imports and minified."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from ce.minify import minified

__all__ = ["classic_script", "joined", "module", "source", "stylesheet"]

IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
OFFERED = re.compile(r"^export default \{[^}]*\};\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|function) (\w+))", re.MULTILINE)


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
