r"""Typeset every formula while the book is built, by KaTeX: HTML for the eye, with MathML in it for the ear.

Formulas of the text are nodes of the page. Derivations and exercises print theirs in the HTML of an output,
between ``\(`` and ``\)``: a notebook typesets them itself, the site here. A page needs no script for its formulas.
"""

from __future__ import annotations

import atexit
import json
import re
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

__all__ = ["FormulaWithPunctuation", "lines_aligned", "setup", "typeset_as_html", "typeset_within"]

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
