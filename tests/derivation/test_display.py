"""What a reader sees of a derivation: HTML, LaTeX, text, its code, and its style."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser

import pytest
from sympy import Function, Integer, Sum, Symbol, log, sympify
from sympy.parsing.sympy_parser import T, implicit_multiplication, parse_expr

from ce.cards import in_dollars
from ce.claims import all_claims, derivation
from ce.derivation import (
    Apply,
    At,
    CheckedDerivation,
    Derivation,
    Detail,
    Equal,
    RefutedStep,
    World,
    judge,
    static_files,
)
from ce.derivation.judge import Judge
from ce.symbols import K, k, logit, p, q

CLAIMS = [claim.key for claim in all_claims()]
VOID = {"br", "img", "hr", "meta", "link", "input"}


class Outline(HTMLParser):
    """Reads HTML, fails on tags that do not match, and collects what a test asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def with_class(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.seen if name in (attrs.get("class") or "").split()]


def outline(html: str) -> Outline:
    parser = Outline()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


@cache
def checked_of(key: str) -> CheckedDerivation:
    return derivation(key).check()


@pytest.fixture(scope="module")
def checked():
    return checked_of("G2 softmax")


@pytest.mark.parametrize("key", CLAIMS)
def test_the_html_is_well_formed_and_shows_every_line_with_reason_and_grade(key: str) -> None:
    checked = checked_of(key)
    html = checked.as_html()
    parsed = outline(html)
    assert len(parsed.with_class("ce-math")) == len(checked.steps) + 1
    assert len(parsed.with_class("ce-grade")) == len(checked.steps)
    for step in checked.steps:
        assert step.verdict.grade.value in html
        assert step.step.because in unescape(html)


@pytest.mark.parametrize("key", CLAIMS)
def test_the_markdown_has_all_that_the_html_has_and_no_line_without_its_number(key: str) -> None:
    checked = checked_of(key)
    text, derivation = checked.as_markdown(), checked.derivation
    before, lines, after = text.split("$$")
    assert lines.count("\\\\\n") == len(checked.steps) == len(re.findall(r"&& \(\d+\)", lines))
    assert lines.count(r"\begin{aligned}") == lines.count(r"\end{aligned}") == 1
    for number, (step, line) in enumerate(zip(checked.steps, checked.lines_shown()[1:], strict=True), 1):
        assert f"\n{number}. {in_dollars(line.reason)} ({step.verdict.grade.name})" in after
        assert line.formula in lines
    assert all(in_dollars(condition) in before for condition in (derivation.title, *derivation.conditions))
    assert in_dollars(derivation.conclusion) in after
    assert all(in_dollars(refuted.words()) in after for refuted in checked.refutations)
    assert before.count("$") % 2 == after.count("$") % 2 == 0
    assert r"\(" not in before + after


@pytest.mark.parametrize("key", CLAIMS)
def test_the_latex_of_every_line_has_its_brackets_in_pairs(key: str) -> None:
    for line in checked_of(key).lines_shown():
        for latex in (line.head, line.formula, line.reason):
            unescaped = latex.replace(r"\{", "").replace(r"\}", "")
            assert unescaped.count("{") == unescaped.count("}")
            assert len(re.findall(r"\\left\b", latex)) == len(re.findall(r"\\right\b", latex))


def test_the_formula_boxes_have_names_and_are_no_tab_stops_of_themselves(checked) -> None:
    for box in outline(checked.as_html()).with_class("ce-math"):
        assert "tabindex" not in box
        assert box["aria-label"]


def test_a_grade_says_what_it_means_without_being_seen(checked) -> None:
    html = checked.as_html()
    assert 'title="proven by normal form"' in html
    assert '<span class="ce-sr">grade </span>A<span class="ce-sr">: proven by normal form' in html


def test_the_lines_are_in_textbook_order(checked) -> None:
    shown = [line.formula for line in checked.lines_shown()]
    assert shown[1] == r"-\sum_{k=1}^{K} y_{k} \left(z_{k} - \log S\right)"
    assert shown[-1] == "q_{j} - y_{j}"
    assert checked.lines_shown()[3].head == r"\frac{\partial L}{\partial z_{j}}"


def test_abbreviations_are_named(checked) -> None:
    html = checked.as_html()
    assert r"S = \sum_{l=1}^{K} e^{z_{l}}" in html
    assert "Where" in html


def test_a_second_derivative_is_written_as_one() -> None:
    heads = [line.head for line in checked_of("M2 curvature").lines_shown()]
    assert heads[1] == r"\frac{\partial L}{\partial z}"
    assert heads[2] == r"\frac{\partial^2 L}{\partial z^2}"


def test_the_counter_examples_are_told_in_words() -> None:
    html = checked_of("I3 Gibbs").as_html()
    assert "Without “q sums to one” step 2 fails: at K = " in html
    assert "its two sides are" in html


def test_what_is_cited_is_marked_so() -> None:
    html = checked_of("L5 chain").as_html()
    assert "ce-grade-d" in html
    assert "cited, not proven here" in html
    assert "van der Vaart (1998)" in html


@pytest.mark.parametrize("key", CLAIMS)
def test_the_code_shown_runs_by_itself_and_gives_the_same_derivation(key: str) -> None:
    source = derivation(key).source
    scope: dict[str, object] = {}
    body, call = source.rstrip().rsplit("\n", 1)
    exec(compile(body, "shown code", "exec"), scope)
    found = eval(call.removesuffix(".check()"), scope)
    assert found.key == key
    assert [str(line) for line in found.lines] == [str(line) for line in derivation(key).lines]


def test_a_reader_who_changes_a_step_of_the_code_sees_it_fail() -> None:
    source = derivation("G2 softmax").source
    wrong = source.replace("Equal(q[j] - y[j]", "Equal(y[j] - q[j]")
    assert wrong != source
    with pytest.raises(RefutedStep, match="G2 softmax, step 4"):
        exec(compile(wrong, "changed code", "exec"), {})


def test_the_style_is_inlined_in_a_notebook_and_linked_by_the_site(checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CE_SITE_BUILD", raising=False)
    assert "<style>" in checked._repr_mimebundle_()["text/html"]
    monkeypatch.setenv("CE_SITE_BUILD", "1")
    assert "<style>" not in checked._repr_mimebundle_()["text/html"]
    assert list(static_files()) == ["derivation.css"]


def test_the_style_serves_both_themes_and_narrow_pages() -> None:
    css = static_files()["derivation.css"]
    for needed in ('html[data-theme="dark"]', "data-jp-theme-light", "@container", "overflow-x: auto"):
        assert needed in css


def test_the_page_asks_no_other_host_and_runs_no_script(checked) -> None:
    html = checked._repr_mimebundle_()["text/html"]
    assert "http" not in html
    assert "<script" not in html


def test_the_plain_form_has_a_line_for_each_step(checked) -> None:
    text = checked.as_text()
    assert text.splitlines()[0].startswith("G2 softmax: ")
    conditions = [f"   Condition: {condition}" for condition in checked.derivation.conditions]
    assert text.splitlines()[1 : 1 + len(conditions)] == conditions
    assert len(text.splitlines()) == len(checked.steps) + 2 + len(conditions) + len(checked.refutations)
    assert checked.refutations[0].words() in text


def test_words_that_look_like_html_do_no_harm() -> None:
    steps = (Equal(logit, "a < b & c"),)
    html = Derivation("X", "<b>bold</b>", ("<script>",), World(), logit, steps).check().as_html()
    assert "<b>" not in html
    assert "<script>" not in html
    assert "a &lt; b &amp; c" in html


def test_an_unchecked_derivation_says_so_and_shows_no_grade() -> None:
    assert re.fullmatch(r"L1 likelihood: .+ \(not checked yet: call \.check\(\)\)", repr(derivation("L1 likelihood")))


def test_outside_a_notebook_a_derivation_is_its_text() -> None:
    checked = derivation("I3 Gibbs").check()
    assert repr(checked) == checked.as_text() == checked._repr_mimebundle_()["text/plain"]


def test_a_strict_inequality_is_set_and_told_as_one() -> None:
    below = derivation("M2 where negative").check()
    assert below.lines_shown()[-1].sign == "<"
    assert r"\displaystyle &lt; 0" in below.as_html()
    assert "[less than] 0" in below.as_text()
    assert derivation("I3 Gibbs").check().lines_shown()[-1].sign == r"\ge"


def test_what_is_put_in_is_shown_as_it_is_and_whole_bases_by_name() -> None:
    x, y = Symbol("x", real=True), Symbol("y", real=True)
    powers = Derivation("X", "A square", (), World(), y + 1, (At(x**2 + 1, put={y: x**2}),), head="f")
    assert powers.check().lines_shown()[-1].head == r"\left. f \right|_{y = x^{2}}"
    same = At(Integer(1), put={q[k]: p[k]})
    total = Derivation("X", "A sum", (), World(normalised=(p, q)), Sum(q[k], (k, 1, K)), (same,), head="f")
    assert total.check().lines_shown()[-1].head == r"\left. f \right|_{q = p}"
    for key in ("C14 by heart", "C14 new draws"):
        assert r"\theta = \frac{1}{4^{N} - 1}" in derivation(key).check().as_markdown()


def test_a_function_of_both_sides_is_shown_of_the_whole_left_hand_side() -> None:
    x = Symbol("x", real=True)
    steps = (Apply(log(x**2 + 1), function=log),)
    for head, shown in (("f + g", r"\log \left(f + g\right)"), ("f", r"\log f")):
        found = Derivation("X", "A logarithm", (), World(), x**2 + 1, steps, head=head).check()
        assert found.lines_shown()[-1].head == shown


def test_a_verdict_is_printed_in_words() -> None:
    x = Symbol("x", real=True)
    assert str(judge(x + x, Equal(2 * x), World())) == "proven by normal form"
    assert str(judge(x, Equal(x + 1), World())).startswith("refuted: the two sides differ at x = ")


def test_printing_judges_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = derivation("I3 Gibbs").check()

    def judged(*_: object) -> None:
        raise AssertionError("a step was judged while it was printed")

    monkeypatch.setattr(Judge, "of", judged)
    monkeypatch.setattr(Judge, "compared", judged)
    assert set(checked._repr_mimebundle_()) == {"text/html", "text/markdown", "text/plain"}


def test_a_point_is_told_with_the_letters_of_the_page() -> None:
    told = [found.words() for found in derivation("M2 where negative").check().refutations]
    assert "at p̂ = " in told[0]


def test_a_function_that_was_drawn_is_told_as_a_formula_that_gives_the_values() -> None:
    f, g, h = (Function(name) for name in "fgh")
    slopes = tuple(Function(f"g{number}") for number in range(6))
    x, t = Symbol("x", real=True), Symbol("t", real=True)  # a letter that the formula has to leave alone
    for known, convex, before, after in (
        ({f: (g, h)}, (), f(x, t), f(t, x)),
        ({f: g}, (f,), f(x), f(x + 1)),
        ({f: slopes}, (), f(*[x] * 6), f(*[x + 1] * 6)),  # more arguments than there are letters
    ):
        found = judge(before, Equal(after), World(slopes=known, convex=convex)).refutation
        assert found
        plain = str.maketrans("−₀₁₂₃", "-0123")
        told = {name.translate(plain): value.translate(plain) for name, value in found.point}
        ((name, text),) = ((name, text) for name, text in told.items() if name.startswith("f("))
        numbers = {Symbol(letter): sympify(told[letter]) for letter in ("x", "t") if letter in told}
        arguments = [Symbol(letter) for letter in name[2:-1].split(", ")]
        formula = parse_expr(
            text.replace("²", "**2").replace("³", "**3"), transformations=(*T[:4], implicit_multiplication)
        )
        for side, value in zip((before, after), (found.left_value, found.right_value), strict=True):
            given = [argument.subs({x: numbers[Symbol("x")], t: numbers.get(Symbol("t"), 0)}) for argument in side.args]
            assert float(formula.subs(dict(zip(arguments, given, strict=True)))) == pytest.approx(
                float(value.translate(plain)), rel=1e-5
            )


def test_what_need_not_be_read_stands_whole_behind_one_fold_that_says_how_much_there_is():
    many = [checked_of(key) for key in ("I2", "I3 Gibbs", "G2 softmax")]
    shown = outline(Detail(*many)._repr_mimebundle_()["text/html"])
    assert next(attrs for tag, attrs in shown.seen if tag == "details") == {"class": "ce-detail"}  # closed
    assert len(shown.with_class("ce-derivation")) == 3
    assert Detail(*many).summary == "Checked in detail (3 derivations)"
    assert Detail(many[0]).summary == "Checked in detail (1 derivation)"


def test_a_derivation_that_was_not_checked_is_not_put_behind_a_fold():
    for given in ((), (derivation("I2"),)):
        with pytest.raises(TypeError, match=r"expected checked derivations.*call \.check\(\)"):
            Detail(*given)
