"""Formulas are typeset while the site is built: for eye and ear, with marks of the book's own, nothing else."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from ce.site.mathematics import lines_aligned, typeset_as_html, typeset_within
from tests.book_copies import ROOT


def test_the_style_sheet_is_that_of_the_script() -> None:
    script = (files("sphinxcontrib") / "katex.min.js").read_text(encoding="utf8")
    style = (ROOT / "book/_static/katex.css").read_text(encoding="utf8")
    (version,) = re.findall(r'version:"([\d.]+)"', script)
    assert f'.katex-version:after{{content:"{version}"}}' in style
    faces = re.findall(r'url\("(fonts/katex-[^"]*)"\)', style)
    assert len(faces) == 10
    assert all((ROOT / "book/_static" / face).is_file() for face in faces)


def test_formulas_of_an_output_are_typeset_and_code_is_not() -> None:
    code = r"<pre>r'\(p\)'</pre> <code>\(q\)</code> <script>'\\(s\\)'</script>"
    html = typeset_within(code + r"<p>for \(q_k &gt; 0\) and \[x &amp;= 1\]</p>".replace("&amp;", ""))
    assert html.startswith(code)
    assert '<annotation encoding="application/x-tex">q_k &gt; 0</annotation>' in html
    assert html.count("<math") == 2
    assert html.count("katex-display") == 1


def test_a_formula_of_an_output_keeps_what_stands_close_to_it() -> None:
    html = typeset_within(r'(\(p\)), then <span class="math a">\(q\)</span>; last <b>\(r\)</b>.')
    for name in "pqr":
        html = html.replace(typeset_as_html(name), name)
    assert html == (
        '<span class="ce-unbroken">(p),</span> then '
        '<span class="ce-unbroken"><span class="math a">q</span>;</span> last <b>r</b>.'
    )


def test_a_part_can_be_marked_with_what_is_the_books_own() -> None:
    html = typeset_as_html(r"H = \htmlClass{ce-term}{p_k} + \htmlData{ce-term=gap}{q}")
    assert 'class="enclosing ce-term"' in html
    assert 'data-ce-term="gap"' in html


@pytest.mark.parametrize(
    "tex",
    [
        r"\htmlClass{other}{x}",
        r"\htmlId{a}{x}",
        r"\href{javascript:1}{x}",
        r"\htmlStyle{color:red}{x}",
        "é_1",
        r"\frac{1}",
    ],
)
def test_what_is_not_the_books_own_or_no_formula_is_refused(tex: str) -> None:
    with pytest.raises(ValueError, match="expected a formula that KaTeX can set, got"):
        typeset_as_html(tex)


def test_lines_without_an_environment_are_aligned() -> None:
    assert typeset_as_html(lines_aligned(r"a &= b \\ &= c"), displayed=True).count("col-align-r") == 1
    assert lines_aligned(r"\begin{cases} a \\ b \end{cases}") == r"\begin{cases} a \\ b \end{cases}"
    assert lines_aligned("a") == "a"
