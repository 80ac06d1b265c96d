"""A figure's task: the page says when it is fulfilled, in every figure of the book that has a goal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from math import log10

import pytest
from playwright.sync_api import Page, expect

from ce.figures import Choice, Figure, Goal, Slider
from ce.figures.grammar.parameters import Bars
from ce.symbols import logit
from tests.book.chapter_cells import PAGES, shown, source, trains
from tests.figures import examples
from tests.figures.figure_pages import Opener

WITH_GOAL = [page for page in PAGES if not trains(page) and "goal=Goal(" in source(page)]


def goals(page: str) -> Iterator[Figure]:
    return (part for part in shown(page) if isinstance(part, Figure) and part.goal is not None)


def move(page: Page, wanted: float, *, log: bool) -> None:
    """Press the slider in focus to a value, or just beyond: by large steps as far as they go, then by small ones."""

    def to_go() -> tuple[float, int]:
        """Give how far it is, and how many small steps are within that."""
        now, step = page.evaluate("[document.activeElement.value, document.activeElement.step].map(Number)")
        return wanted - (10**now if log else now), int(abs((log10(wanted) if log else wanted) - now) / step)

    up = to_go()[0] > 0
    large, back, small = ("PageUp", "PageDown", "ArrowRight") if up else ("PageDown", "PageUp", "ArrowLeft")
    for _ in range(20):
        if (to_go()[0] > 0) is not up:
            page.keyboard.press(back)
            break
        page.keyboard.press(large)
    for _ in range(1000):
        rest, steps = to_go()
        if abs(rest) <= 1e-6 * abs(wanted) or (rest > 0) is not up:
            break
        for _ in range(max(1, steps)):
            page.keyboard.press(small)


def bring(page: Page, figure: Figure) -> None:
    """Bring every parameter where the goal says that it is reached, by keys alone."""
    assert figure.goal is not None
    if figure.guess is not None:
        page.get_by_role("button", name="Show me without one").press("Enter")
    at = {symbol.name: value for symbol, value in figure.goal.at.items()}
    for part in figure.parameters:
        if isinstance(part, Slider) and part.symbol.name in at:
            page.get_by_label(part.label, exact=True).focus()
            move(page, at[part.symbol.name], log=part.log)
        elif isinstance(part, Choice) and part.symbol.name in at:
            (name,) = (name for name, value in part.options if value == at[part.symbol.name])
            page.get_by_role("radio", name=name, exact=True).press("Space")
        elif isinstance(part, Bars):
            for _ in range(3):  # the other bars of a distribution give way to the one that is moved
                for symbol, name in zip(part.symbols, part.names, strict=True):
                    if symbol.name not in at:
                        continue
                    handle = page.get_by_role("slider", name=f"{part.label}, {name}", exact=True).first
                    step = getattr(part, "step", 0.01)
                    away = round((at[symbol.name] - float(handle.get_attribute("aria-valuenow") or "nan")) / step)
                    handle.focus()
                    for _ in range(abs(away)):
                        page.keyboard.press("ArrowUp" if away > 0 else "ArrowDown")
                    page.evaluate("() => new Promise(requestAnimationFrame)")


@pytest.mark.parametrize("page", WITH_GOAL)
def test_the_goals_of_a_chapter_are_reached_by_keyboard_and_not_before(page: str, open_page: Opener) -> None:
    for figure in goals(page):
        opened = open_page(figure)
        said = opened.locator(".ce-goal")
        expect(said).to_have_attribute("role", "status")
        opened.wait_for_timeout(400)
        assert said.inner_text() == ""
        bring(opened, figure)
        assert figure.goal is not None
        expect(said).to_have_text(f"✓ Reached. {figure.goal.reached}")


def test_at_least_fourteen_figures_of_the_book_have_a_goal() -> None:
    assert sum(len(re.findall(r"goal=Goal\(", source(page))) for page in PAGES) >= 14


def with_goal() -> Figure:
    return replace(examples.saturation(), goal=Goal(logit >= 6, "It is right and sure.", {logit: 6}))


def test_what_is_reached_stays_reached_after_a_reset_and_on_the_page_opened_again(open_page: Opener) -> None:
    page = open_page(with_goal())
    said = page.locator(".ce-goal")
    bring(page, with_goal())
    expect(said).to_have_text("✓ Reached. It is right and sure.")
    page.get_by_role("button", name="Reset").click()
    page.wait_for_timeout(400)
    expect(said).to_have_text("✓ Reached. It is right and sure.")
    page.reload()
    expect(said).to_have_text("✓ Reached. It is right and sure.")


def test_a_state_next_to_the_goal_is_not_said_to_be_it(open_page: Opener) -> None:
    page = open_page(with_goal())
    slider = page.get_by_role("slider").first
    slider.focus()
    slider.press("End")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    slider.press("Home")
    page.wait_for_timeout(500)
    assert page.locator(".ce-goal").inner_text() == ""


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        (Goal(logit < 0, "x", {logit: -6}), "expected a condition that is False at the start"),
        (Goal(logit > 100, "x", {logit: 6}), "expected a condition that is True at"),
        (Goal(abs(logit - 6.04) < 0.01, "x", {logit: 6.04}), "expected a condition that is True at {'z': 6.0}"),
    ],
)
def test_a_goal_that_holds_at_the_start_or_that_no_step_reaches_is_refused(goal: Goal, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        replace(examples.saturation(), goal=goal)
