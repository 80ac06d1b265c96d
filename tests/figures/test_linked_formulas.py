"""A formula beside its figure: whoever points at a term sees what it is in the figure, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sympy import Symbol

from ce.figures import Figure, LinkedFormula
from ce.formulas import binary_cross_entropy, typeset
from ce.symbols import p
from tests.book.chapter_cells import PAGES, shown, source, trains
from tests.figures import examples
from tests.figures.figure_pages import Opener

LINKED = [page for page in PAGES if not trains(page) and "formula=LinkedFormula(" in source(page)]
L = Symbol("L")


def with_formula(**changes: Any) -> Figure:
    about = {"sides": (L, binary_cross_entropy.explicit), "terms": {L: "cross-entropy"}} | changes
    return replace(examples.saturation(), formula=LinkedFormula(**about))


def linked(page: str) -> Iterator[Figure]:
    # A figure that asks first shows its formula when it opens.
    return (replace(part, guess=None) for part in shown(page) if isinstance(part, Figure) and part.formula is not None)


def lit(page: Page) -> tuple[set[str], set[str]]:
    """Return the labels of the terms and those of the parts that are lit."""
    labels = page.evaluate("JSON.parse(document.querySelector('figure script').textContent).formula.labels")
    terms = page.locator("[data-ce-term].ce-lit").evaluate_all("(nodes) => nodes.map((node) => node.dataset.ceTerm)")
    parts = page.locator(".ce-live .ce-lit").evaluate_all("(nodes) => nodes.map((node) => node.dataset.label)")
    return {labels[int(term)] for term in terms}, set(parts)


@pytest.mark.parametrize("name", LINKED)
def test_terms_and_parts_of_a_chapters_figures_light_each_other(name: str, open_page: Opener) -> None:
    for figure in linked(name):
        page = open_page(figure)
        labels = figure.spec()["formula"]["labels"]
        buttons = page.locator(".ce-formula button")
        assert buttons.count() == len(labels) <= 4
        for at, label in enumerate(labels):
            buttons.nth(at).focus()
            assert lit(page) == ({label}, {label})
            term = page.locator(f'[data-ce-term="{at}"]').first
            expect(term).to_have_css("outline-style", "solid")
            buttons.nth(at).blur()
            assert lit(page) == (set(), set())
            term.hover()
            assert lit(page) == ({label}, {label})
            page.mouse.move(0, 0)
            # The other way round, at a control by the keyboard and at what is drawn with the mouse.
            part = page.locator(f'.ce-live [data-label="{label}"]')
            control = part.locator("input").or_(part.and_(page.get_by_role("slider")))
            if control.count():
                control.first.focus()
                assert lit(page) == ({label}, {label})
                control.first.blur()
            part.locator("visible=true").first.hover(force=True)
            assert lit(page) == ({label}, {label})
            page.mouse.move(0, 0)
        assert lit(page) == (set(), set())


def test_at_least_five_figures_of_the_book_have_a_formula_beside_them() -> None:
    assert sum(len(re.findall(r"formula=LinkedFormula\(", source(page))) for page in PAGES) >= 5


def test_a_term_that_is_pressed_stays_lit_while_the_figure_moves(open_page: Opener) -> None:
    page = open_page(with_formula())
    button = page.get_by_role("button", name="Show cross-entropy in the figure")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    slider = page.get_by_role("slider", name="logit z")
    for _ in range(3):
        slider.press("ArrowRight")
    assert lit(page)[1] == {"logit z"}, "what has the focus comes first"
    assert page.locator(".ce-pointing").count() == 0, "nothing fades under the hand that moves the figure"
    slider.blur()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert lit(page) == ({"cross-entropy"}, {"cross-entropy"})
    assert page.locator(".ce-pointing").count() == 1
    # Thicker, and not only of another colour.
    assert page.locator(".ce-lit .ce-curve").first.evaluate("(node) => getComputedStyle(node).strokeWidth") == "4.5px"
    button.press("Enter")
    button.blur()
    assert lit(page) == (set(), set())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_a_figure_with_a_formula(open_page: Opener, theme: str) -> None:
    page = open_page(with_formula(), theme=theme)
    page.locator(".ce-formula button").first.focus()
    assert Axe().run(page, options={"preload": False}).response["violations"] == []


def test_a_notebook_gets_the_formula_without_marks() -> None:
    about = with_formula().spec()["formula"]
    assert about["tex"] == f"L = {typeset(binary_cross_entropy.explicit)}"
    assert "htmlData" not in about["tex"]
    assert re.sub(r"\\htmlData\{ce-term=\d\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", about["marked"]) == about["tex"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sides": (L,)}, "LinkedFormula.sides: expected two sides or more"),
        ({"terms": {p: "cross-entropy"}}, "LinkedFormula.terms: expected terms of L = "),
        ({"terms": ["cross-entropy"]}, "LinkedFormula.terms: expected a mapping such as {term: label}, got ["),
        ({"terms": {L: "loss"}}, "formula: expected terms with labels among ['cross-entropy'"),
        ({"sides": (L, L**2), "terms": {}}, "formula: expected terms with labels among"),
    ],
)
def test_a_formula_of_something_else_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        with_formula(**changes)
