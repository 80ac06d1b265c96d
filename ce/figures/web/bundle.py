"""The front end as one text: the modules of ``static/``, joined in the order of imports and minified."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from ce.figures.palette import variables
from ce.minify import minified

__all__ = ["classic_script", "joined", "kinds_of_marks", "module", "source", "stylesheet"]

IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
OFFERED = re.compile(r"^export default \{[^}]*\};\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|function) (\w+))", re.MULTILINE)


@cache
def source(name: str) -> str:
    """Return the text of one file of ``static/``."""
    return files("ce.figures.web").joinpath("static", name).read_text(encoding="utf-8")


def joined(name: str) -> str:
    """Return a module with all that it imports as one text without imports and exports.

    Raises
    ------
    ValueError
        When two modules give one name to two things, or an import or export is written in another way than
        ``import { a, b } from "./module.js";`` and ``export const`` or ``export function``.

    Examples
    --------
    >>> joined("expression").splitlines()[0]
    '// Expressions: JSON lists from ce.formulas.wire, computed at given values or made functions. No eval.'
    """
    text = "".join(source(f"{part}.js") for part in _order(name))
    for pattern in (IMPORT, OFFERED, EXPORT):
        text = pattern.sub("", text)
    left = [line for line in text.splitlines() if re.match(r"(import|export)\b", line)]
    names = re.findall(r"^(?:const|let|function|class) (\w+)", text, re.MULTILINE)
    twice = sorted({given for given in names if names.count(given) > 1})
    if left or twice:
        raise ValueError(f"{name}.js: expected plain imports and exports, every name once, got {left + twice}")
    return text


def _order(name: str, seen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the modules that one needs, each after those that it imports, itself last."""
    for needed in IMPORT.findall(source(f"{name}.js")):
        if needed not in seen:
            seen = _order(needed, seen)
    return seen if name in seen else (*seen, name)


def kinds_of_marks() -> set[str]:
    """Return the kinds of marks that the front end draws: the entries of MARKS in ``mark.js``.

    Examples
    --------
    >>> "line" in kinds_of_marks()
    True
    """
    table = source("mark.js").partition("export const MARKS = {\n")[2].partition("\n};\n")[0]
    return set(re.findall(r"^  (\w+): \{$", table, re.MULTILINE))


@cache
def module() -> str:
    """Return the ES module that draws a figure, as anywidget loads it."""
    return minified(joined("widget") + "".join(OFFERED.findall(source("widget.js"))))


@cache
def classic_script() -> str:
    """Return the same with the host that mounts figures, as a classic script, which loads from the disk."""
    return minified('"use strict";(()=>{' + joined("host") + "})();") + "\n"


@cache
def stylesheet() -> str:
    """Return the style sheet of the figures, with the colours of both themes."""
    from rcssmin import cssmin  # noqa: PLC0415  (only pages and widgets need it)

    return str(cssmin(variables() + source("figure.css"))) + "\n"
