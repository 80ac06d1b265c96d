"""A formula that was made small for its page stands as KaTeX sets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ce.site.mathematics import place_rules, shortened_formulas, typeset_as_html
from tests.browser.engines import Engine, of_playwright, opened

STYLE = Path(__file__).parents[2] / "book" / "_static" / "katex.css"
FORMULAS = [
    r"q_k",
    r"p_k^2 + e^{-z_j} + q_{\theta}(x)",
    r"x_{i_{k}}^{a^{b}}",
    r"a_{\frac{p}{q}} + e^{\hat p}",
    r"\displaystyle -\sum_{k=1}^{K} p_{k} \log \frac{q_{k}}{p_{k}}",
    r"\left(\frac{\hat p_k - y_k}{\sigma^{2}}\right)^{2}",
    r"\sqrt{2\pi}\,\sqrt[3]{x}",
    r"\htmlData{ce-term=p}{\hat p} - \htmlClass{ce-other}{y'}",
    r"\begin{aligned} \mathrm{KL}(p\,\|\,q) &\ge 0 \\ &= \operatorname*{arg\,min}_{\theta} H(q_\theta) \end{aligned}",
    r"\begin{cases} 1 & y = k \\ 0 & \text{else} \end{cases}",
    r"\sum_{k \ne c} e^{z_k} \notin A^{a \ne b}",
    r"\overline{x}_{n} \underbrace{a_1 + a_2}_{n} \mathbb{E}_{x \sim p}\Bigl[\mathcal{L}_1\Bigr]",
]
# Where each sign stands in its formula.
PLACES = """() => [...document.querySelectorAll('p')].map(formula => {
  const home = formula.getBoundingClientRect(), range = document.createRange(), places = [];
  const signs = document.createNodeIterator(formula.querySelector('.katex-html'), NodeFilter.SHOW_TEXT);
  for (let sign = signs.nextNode(); sign; sign = signs.nextNode()) [...sign.data].forEach((letter, at) => {
    if (letter === '\\u200b') return;
    range.setStart(sign, at);
    range.setEnd(sign, at + 1);
    const {left, top, right, bottom} = range.getBoundingClientRect();
    places.push([letter, left - home.left, top - home.top, right - home.left, bottom - home.top]);
  });
  return [home.height, places];
})"""


def page_with(formulas: str) -> str:
    style = f'<link rel="stylesheet" href="{STYLE.as_uri()}"><style>{place_rules(formulas)}</style>'
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{style}</head><body>{formulas}</body></html>"


def places(engine: Engine, file: Path, formulas: str) -> list[tuple[float, list[list[float | str]]]]:
    file.write_text(page_with(formulas), encoding="utf8")
    engine.open(file.as_uri())
    engine.run("await document.fonts.ready")
    found: list[tuple[float, list[list[float | str]]]] = engine.run(f"return ({PLACES})()")
    return found


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def engine(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Engine, float]]:
    """A browser, and how near it sets a sign: WebKit rounds what raises a text, and how wide it is."""
    if request.param == "chromium":
        yield of_playwright(browser), 0.1
    else:
        with opened(request.param) as other:
            yield other, 1 if request.param == "webkit" else 0.1


def test_each_sign_stands_where_it_stood(engine: tuple[Engine, float], tmp_path: Path) -> None:
    browser, near = engine
    as_set = "".join(f"<p>{typeset_as_html(tex)}</p>" for tex in FORMULAS)
    small = shortened_formulas(as_set)
    assert small.count("<span") < 0.6 * as_set.count("<span")
    assert shortened_formulas(small) == small
    for tex, before, after in zip(
        FORMULAS,
        places(browser, tmp_path / "before.html", as_set),
        places(browser, tmp_path / "after.html", small),
        strict=True,
    ):
        assert after[0] == pytest.approx(before[0], abs=near), tex
        assert [letter for letter, *_ in after[1]] == [letter for letter, *_ in before[1]]
        for (_, *was), (_, *now) in zip(before[1], after[1], strict=True):
            assert now == pytest.approx(was, abs=near), tex


def test_no_style_names_what_is_left_out(built_book: Path) -> None:
    styles = (built_book / "_static" / "site.css").read_text(encoding="utf8")
    assert ".mathnormal" in styles
    assert not re.findall(r"\.(?:mord|mbin|mrel|mop|mopen|mclose|mpunct|minner|mtight)\b", styles)
