r"""Typeset every formula while the book is built, by KaTeX: HTML for the eye, MathML in it for the ear; made small.

Formulas of the text are nodes of the page. Derivations and exercises print theirs in the HTML of an output,
between ``\(`` and ``\)``: a notebook typesets them itself, the site here. A page needs no script for its formulas.

A page is sent with half of the elements and of the text that KaTeX writes. What a reader sees stays where it was, to
the fraction of a pixel that browsers calculate in.
"""

from __future__ import annotations

import atexit
import json
import re
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape
from importlib.resources import files
from typing import Any

from docutils import nodes
from py_mini_racer import MiniRacer
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from ce.site.problems import Problem, report

_CLOSING = re.compile(r"[)\]”’.,;:!?]*")  # both always match, if with nothing
_OPENING = re.compile(r"[(\[“‘]*$")
# Code, in which nothing is a formula, or a formula between its delimiters: with the bracket before it, the element that
# it may have to itself and the punctuation after it, or on a line of its own.
_FORMULA = re.compile(
    r"<(?P<code>pre|code|script)\b.*?</(?P=code)>|\\\[(?P<displayed>.*?)\\\]|"
    r'(?P<opening>[(\[“‘]?)(?P<tag><span class="math[^>]*>)?\\\((?P<inline>.*?)\\\)(?(tag)</span>)'
    rf"(?P<closing>{_CLOSING.pattern})",
    re.DOTALL,
)
_TAG = re.compile(r"^[^>]*>|<[^>]*>|\u200b")
_SHORT = 13  # signs
# What KaTeX only warns of is an error here. Formulas may carry classes and data of the book's own, no other attribute.
_SETTING = r"""
    let warnings;
    const console = {warn: warning => warnings.push(warning)};
    const trust = ({command, class: name = "", attributes = {}}) => {
      const ours = command === "\\htmlClass" ? /^ce-[\w-]+$/.test(name)
        : command === "\\htmlData" && Object.keys(attributes).every(key => key.startsWith("data-ce-"));
      if (ours) return true;
      throw new Error(`${command} may only be \\htmlClass{ce-...} or \\htmlData{ce-...=...}`);
    };
    const strict = code => code === "htmlExtension" ? "ignore" : "error";
    function set(tex, displayMode) {
      warnings = [];
      try { return [katex.renderToString(tex, {displayMode, strict, trust, throwOnError: true}), warnings]; }
      catch (error) { return ["", [error.message]]; }
    }"""
_START = re.compile(r'<span class="katex-html"')
_SPAN = re.compile(r'<span((?: [\w-]+="[^"]*")*)>|</span>')
_ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
_NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'  # which HTML knows
# By these KaTeX has decided on the spaces between signs. No style names them but the last, whose margin is enough.
_KINDS = {"mord", "mbin", "mrel", "mop", "mopen", "mclose", "mpunct", "minner", "mtight", "mspace"}
# The style sheet speaks of the spans within these, and of the spans in the spans within the first.
_STACKS = {"vlist", "mfrac"}
_HOLDERS = {*_STACKS, "inner", "delim-size1", "delim-size4"}
# What a line of text that is raised cannot hold: tables, and what is laid over a sign.
_PLACED_BY_LINE = {"vlist-t", "rlap", "llap", "clap"}
# KaTeX's sizes of letters, by number.
_SIZES = (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.44, 1.728, 2.074, 2.488)
# What is written of the place of a sign, and the letters by which a class names it: `kh1_2v-0_25`.
_LETTERS = {
    "height": "h",
    "vertical-align": "v",
    "top": "t",
    "left": "x",
    "width": "w",
    "min-width": "n",
    "margin-left": "l",
    "margin-right": "r",
    "padding-left": "p",
    "border-bottom-width": "b",
    "font-size": "f",
    "line-height": "i",
}
_PLACE_CLASS = re.compile(rf"(?<=[ \"])k(?:[{''.join(_LETTERS.values())}]-?[\d_]+)+(?=[ \"])")
_PLACE = re.compile(r"([a-z])(-?[\d_]+)")


def setup(app: Sphinx) -> None:
    """Write formulas of the text and HTML of outputs typeset."""
    app.add_html_math_renderer("katex", (_write_inline, None), (_write_displayed, None))
    app.add_node(nodes.raw, override=True, html=(_write_raw, None))
    app.add_post_transform(FormulaWithPunctuation)


class FormulaWithPunctuation(SphinxPostTransform):
    """Put a formula and the brackets or punctuation beside it into one piece.

    Without it a line may break between them. Within a longer formula it still may, at a relation or a sign.
    """

    default_priority = 300
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Go through the formulas of the page."""
        for formula in list(self.document.findall(nodes.math)):
            siblings = formula.parent.children
            at = siblings.index(formula)
            before, after = _text(siblings[:at][-1:]), _text(siblings[at + 1 :][:1])
            opening, closing = _OPENING.findall(before)[0], _CLOSING.findall(after)[0]
            if not (opening or closing):
                continue
            whole = nodes.inline(classes=["ce-unbroken"])
            formula.replace_self(whole)
            whole += [nodes.Text(opening), formula, nodes.Text(closing)]
            if opening:
                before.parent.replace(before, nodes.Text(before.removesuffix(opening)))
            if closing:
                after.parent.replace(after, nodes.Text(after.removeprefix(closing)))


def _text(neighbour: list[nodes.Node]) -> nodes.Text:
    return neighbour[0] if neighbour and isinstance(neighbour[0], nodes.Text) else nodes.Text("")


@cache
def typeset_as_html(tex: str, displayed: bool = False) -> str:
    r"""Return a formula as HTML that needs only a style sheet and fonts.

    Parameters
    ----------
    tex
        The formula as TeX. ``\htmlClass{ce-name}{...}`` and ``\htmlData{ce-name=value}{...}`` mark a part of it.
    displayed
        Whether it stands on a line of its own.

    Raises
    ------
    ValueError
        When KaTeX cannot set it, or doubts what is meant.

    Examples
    --------
    >>> html = typeset_as_html(r"\hat{p} < 1")
    >>> html.count("<math"), '<annotation encoding="application/x-tex">\\hat{p} &lt; 1</annotation>' in html
    (1, True)
    >>> typeset_as_html(r"\nosuchname")
    Traceback (most recent call last):
    ValueError: expected a formula that KaTeX can set, got \nosuchname: ... Undefined control sequence: \nosuchname ...
    """
    call = f"JSON.stringify(set({json.dumps(tex)}, {json.dumps(displayed)}))"
    html, complaints = json.loads(str(_katex().eval(call)))
    if complaints:
        raise ValueError(f"expected a formula that KaTeX can set, got {tex}: {'; '.join(complaints)}")
    return str(html)


def typeset_within(html: str) -> str:
    r"""Return HTML with every formula between ``\(`` and ``\)``, or ``\[`` and ``\]``, typeset; code is left alone.

    As in the text, no line breaks between a formula and the brackets or punctuation beside it.
    """
    return _FORMULA.sub(lambda found: found[0] if found["code"] else _typeset_match(found), html)


def lines_aligned(tex: str) -> str:
    r"""Return displayed TeX whose lines, broken by ``\\`` without an environment, are aligned at ``&``."""
    return f"\\begin{{aligned}}\n{tex}\n\\end{{aligned}}" if "\\\\" in tex and "\\begin{" not in tex else tex


@cache
def _katex() -> MiniRacer:
    engine = MiniRacer()
    atexit.register(engine.close)  # left to itself, it now and then keeps Python from ending
    engine.eval((files("sphinxcontrib") / "katex.min.js").read_text(encoding="utf8"))
    engine.eval(_SETTING)
    return engine


def _typeset_match(found: re.Match[str]) -> str:
    if found["displayed"] is not None:
        return typeset_as_html(unescape(found["displayed"]), displayed=True)
    formula = typeset_as_html(unescape(found["inline"]))
    whole = f"{found['tag']}{formula}</span>" if found["tag"] else formula
    beside = found["opening"], found["closing"]
    return f'<span class="ce-unbroken">{beside[0]}{whole}{beside[1]}</span>' if any(beside) else whole


def _write_inline(translator: HTML5Translator, node: nodes.math) -> None:
    formula = _typeset_or_reported(translator, node, displayed=False)
    name = "math notranslate ce-short" if _is_short(formula) else "math notranslate"
    translator.body.append(f"{translator.starttag(node, 'span', '', CLASS=name)}{formula}</span>")
    raise nodes.SkipNode


def _is_short(html: str) -> bool:
    """Whether a formula takes less than half of a phone's line: then no line breaks within it."""
    return len(unescape(_TAG.sub("", html.rpartition("katex-html")[2]))) <= _SHORT


def _write_displayed(translator: HTML5Translator, node: nodes.math_block) -> None:
    formula = _typeset_or_reported(translator, node, displayed=True)
    translator.body.append(f"{translator.starttag(node, 'div', CLASS='math notranslate')}{formula}")
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def _write_raw(translator: HTML5Translator, node: nodes.raw) -> None:
    html = node.astext()
    if "html" in node["format"].split():
        try:
            html = typeset_within(html)
        except ValueError as error:
            _report(translator, node, error)
    HTML5Translator.visit_raw(translator, nodes.raw("", html, **node.attributes))


def _typeset_or_reported(translator: HTML5Translator, node: nodes.Element, *, displayed: bool) -> str:
    tex = node.astext()
    try:
        return typeset_as_html(lines_aligned(tex) if displayed else tex, displayed)
    except ValueError as error:
        _report(translator, node, error)
        return escape(tex)


def _report(translator: HTML5Translator, node: nodes.Node, error: ValueError) -> None:
    app = translator.builder.app
    place = node
    while place.line is None and place.parent is not None:
        place = place.parent
    page = app.env.doc2path(translator.builder.current_docname, base=False)
    report(app, Problem(page, place.line, str(error)))


@dataclass
class _Span:
    """A span with what is in it; sizes of its style in em."""

    classes: list[str]
    style: dict[str, float]
    others: str = ""
    children: list[_Span | str] = field(default_factory=list)

    @property
    def spans(self) -> list[_Span]:
        return [child for child in self.children if isinstance(child, _Span)]


def shortened_formulas(html: str) -> str:
    """Return a page whose formulas have few spans, and name the place of a sign by a class, not in a style of its own.

    A span that no style is for is left out. A lone index or exponent, which KaTeX puts into a table, is text that is
    raised or lowered; of other tables only the cell is left. The classes say what they mean, so that pages of two
    builds can share a style sheet: see `place_rules`.

    Parameters
    ----------
    html
        The page. One that has been shortened before comes back as it is.

    Examples
    --------
    >>> formula = '<span class="katex-html"><span style="height:1.2em;vertical-align:-0.25em;"></span>{}</span>'
    >>> shortened_formulas(formula.format('<span class="mord">2</span><span class="mord mathit">e</span>'))
    '<span class="katex-html"><span class="kh1_2v-0_25"></span>2<span class="mathit">e</span></span>'
    """
    parts, end = [], 0
    for start in _START.finditer(html):
        formula, after = _read(html, start.start())
        parts += [html[end : start.start()], _written(formula, set(), set())]
        end = after
    return "".join([*parts, html[end:]]).replace(_NAMESPACE, "")


def place_rules(html: str) -> str:
    """Return the rules of the classes by which formulas name the places of their signs.

    Examples
    --------
    >>> place_rules('<span class="strut kh1_2v-0_25"></span>')
    '.kh1_2v-0_25{height:1.2em!important;vertical-align:-0.25em!important}'
    """
    names = {letter: name for name, letter in _LETTERS.items()}
    rules = []
    for place in sorted(set(_PLACE_CLASS.findall(html))):
        sizes = [(names[letter], size.replace("_", ".")) for letter, size in _PLACE.findall(place[1:])]
        rules.append(f".{place}{{{';'.join(f'{name}:{size}em!important' for name, size in sizes)}}}")
    return "".join(rules)


def _read(html: str, start: int) -> tuple[_Span, int]:
    """Read a formula and say where it ends."""
    around: list[_Span] = []
    at = start
    for tag in _SPAN.finditer(html, start):
        if around and tag.start() > at:
            around[-1].children.append(html[at : tag.start()])
        at = tag.end()
        if tag[1] is not None:
            around.append(_opened(tag[1]))
            continue
        closed = _raised(_one_cell(around.pop()))
        if not around:
            return closed, at
        around[-1].children.append(closed)
    raise ValueError(f"a formula: expected as many spans closed as opened, got {html[start : start + 80]!r}...")


def _opened(attributes: str) -> _Span:
    """Return the span that a tag opens. A style in other units than em stays as it is."""
    span = _Span([], {})
    for name, value in _ATTRIBUTE.findall(attributes):
        sizes = re.fullmatch(r"(?:[\w-]+:-?[\d.]+em;)+", value) if name == "style" else None
        declared = [each.split(":") for each in value.rstrip(";").split(";")] if sizes else []
        if name == "class":
            span.classes = [each for each in value.split() if each not in _KINDS]
        elif declared and _LETTERS.keys() >= {each for each, _ in declared}:
            span.style = {each: float(size.removesuffix("em")) for each, size in declared}
        else:
            span.others += f' {name}="{value}"'
    if "delimcenter" in span.classes and span.style == {"top": 0}:
        return _Span([], {}, span.others)
    if "sizing" in span.classes:
        before, after = (next(each for each in span.classes if each.startswith(of)) for of in ("reset-size", "size"))
        at, to = int(before.removeprefix("reset-size")), int(after.removeprefix("size"))
        span.classes = [each for each in span.classes if each not in {"sizing", before, after}]
        span.style["font-size"] = _SIZES[to - 1] / _SIZES[at - 1]
    return span


def _one_cell(table: _Span) -> _Span:
    """Leave out the row around the cell of a stack, and the row below: the formula's strut says how deep it is."""
    if "vlist-t" in table.classes and "vlist-r" in table.spans[0].classes:
        table.classes = ["vlist-t"]
        table.children = [each for each in table.spans[0].spans if "vlist-s" not in each.classes]
    return table


def _raised(script: _Span) -> _Span:
    """Return an index or an exponent as text that is raised; what is no such thing, or two above each other, as it is.

    A stack that holds one thing has its base line on that of a strut, so and so much below the thing's own top. What is
    laid over a sign, as the stroke of ≠ is, has its place from the height of its line, and a raised text has none.
    """
    if script.classes != ["msupsub"]:
        return script
    place = script.spans[0].spans[0]
    if len(place.spans) != 1 or len(place.spans[0].spans) != 2:
        return script
    (place,) = place.spans
    strut, text = place.spans
    if "pstrut" not in strut.classes or "top" not in place.style or _placed_by_line(text):
        return script
    size = text.style.get("font-size", 1)
    beside = {name: value / size for name, value in place.style.items() if name != "top" and value}
    up = -(place.style["top"] + strut.style["height"]) / size
    style = {**text.style, "line-height": 0, "vertical-align": up, **beside}
    return _Span(text.classes, style, text.others, text.children)


def _placed_by_line(span: _Span) -> bool:
    return not _PLACED_BY_LINE.isdisjoint(span.classes) or any(map(_placed_by_line, span.spans))


def _written(span: _Span, around: set[str], beyond: set[str]) -> str:
    """Return a span as HTML; around it and beyond that are spans of these classes."""
    classes = set(span.classes)
    within = "".join(child if isinstance(child, str) else _written(child, classes, around) for child in span.children)
    place = "".join(f"{_LETTERS[name]}{round(size, 4):g}".replace(".", "_") for name, size in span.style.items())
    named = " ".join([*span.classes, *([f"k{place}"] if place else [])])
    attributes = (f' class="{named}"' if named else "") + span.others
    # Without attributes it has no look of its own, unless one comes from its place; empty, it is there for editors.
    if attributes or (within and (around & _HOLDERS or beyond & _STACKS)):
        return f"<span{attributes}>{within}</span>"
    return within
