"""A figure that asks first: it opens on a guess or without one, and says how far off the guess was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sympy import Symbol, log

from ce.figures import Figure, Guess, Readout
from ce.formulas import squared_error
from ce.symbols import label, logit
from tests.book.chapter_cells import PAGES, shown, source, trains
from tests.figures import examples
from tests.figures.figure_pages import Opener

WITH_GUESS = [page for page in PAGES if not trains(page) and "guess=Guess(" in source(page)]
SLOPE = Readout("slope", -squared_error.derivative(logit), digits=2)
COST = Readout("loss", squared_error.stable, "nats")


def asking(**changes: Any) -> Figure:
    about: dict[str, Any] = {"of": COST, "low": 0, "high": 3, "step": 0.1, "on": "y"}
    guess = Guess("How large is the loss?", lesson="It has a height.", **about | changes)
    return replace(examples.saturation(), guess=guess)


def guesses(page: str) -> Iterator[Figure]:
    return (part for part in shown(page) if isinstance(part, Figure) and part.guess is not None)


def bring(page: Page, figure: Figure, truths: list[float]) -> None:
    """Bring the sliders of the guess to the truth, by keys alone."""
    assert figure.guess is not None
    for part, truth in zip(figure.guess.sliders, truths, strict=True):
        page.get_by_label(part.label, exact=True).focus()
        for _ in range(1000):
            now = float(page.evaluate("document.activeElement.value"))
            now = 10**now if part.log else now
            if part.share(min(max(now, part.low), part.high), truth) < 0.02:
                break
            page.keyboard.press("ArrowLeft" if now > truth else "ArrowRight")


@pytest.mark.parametrize("page", WITH_GUESS)
def test_the_guesses_of_a_chapter_are_made_by_keyboard_right_and_wrong(page: str, open_page: Opener) -> None:
    for figure in guesses(page):
        guess = figure.guess
        assert guess is not None
        truths = figure.spec()["guess"]["truths"]
        for right in (True, False):
            opened = open_page(figure)
            said = opened.locator(".ce-gap")
            expect(said).to_have_attribute("role", "status")
            expect(opened.get_by_role("group", name=guess.question)).to_be_visible()
            assert said.text_content() == ""
            assert opened.locator(".ce-live > .ce-controls").is_hidden()
            # Nothing of the answer is there yet, to see or to hear.
            assert opened.locator(".ce-live table:visible, .ce-curve:visible, .ce-marker:visible").count() == (
                len(guess.over)
            )
            words = opened.locator(".ce-caption")
            closed, title = (part.bounding_box() for part in (words, words.locator("strong")))
            assert closed
            assert title
            assert closed["height"] < title["height"] + 4
            assert figure.description() not in (opened.locator(".ce-live .ce-spoken").first.text_content() or "")
            low = truths[0] - guess.low < guess.high - truths[0]
            if right:
                bring(opened, figure, truths)
            else:
                opened.get_by_label(guess.sliders[0].label, exact=True).press("End" if low else "Home")
            opened.get_by_role("button", name="This is my guess").press("Enter")
            gap = said.inner_text()
            assert gap.endswith(guess.lesson)
            assert re.search(": close" if right else ": too (high|low) by ", gap), gap
            expect(opened.locator(".ce-live .ce-spoken").first).to_contain_text(figure.description())
            opened_title = words.locator("strong").bounding_box()
            assert opened_title
            assert title["height"] <= opened_title["height"] + 2, "a closed figure breaks its title"
            # The keyboard goes on at the first control of the figure, or at what is said where it has none.
            here = ".ce-live :is(input, button, [role=slider])" if figure.parameters else ".ce-live .ce-gap"
            assert opened.evaluate("place => document.activeElement.matches(place)", here)


def test_at_least_eight_figures_of_the_book_ask_first() -> None:
    assert sum(len(re.findall(r"guess=Guess\(", source(page))) for page in PAGES) >= 8


def test_who_does_not_want_to_guess_goes_on_without(open_page: Opener) -> None:
    page = open_page(asking())
    page.get_by_role("button", name="Show me without one").press("Enter")
    expect(page.locator(".ce-live table")).to_be_visible()
    assert page.locator(".ce-gap").inner_text() == ""
    assert page.locator(".ce-guessed").count() == 0 == page.locator(".ce-guess").count()


def test_a_guess_is_remembered_when_the_page_is_opened_again(open_page: Opener) -> None:
    page = open_page(asking())
    page.get_by_label("your guess").press("End")
    page.get_by_role("button", name="This is my guess").click()
    gap = page.locator(".ce-gap").inner_text()
    assert gap == "You said 3\u00a0nats, it is 0.9644\u00a0nats: too high by 2.036. It has a height."
    page.reload()
    assert page.locator(".ce-gap").inner_text() == gap
    assert page.evaluate("document.activeElement === document.body")


def test_a_hand_in_the_panel_moves_the_guess_and_not_the_figure(open_page: Opener) -> None:
    page = open_page(asking(of=SLOPE, low=0, high=1, step=0.01, over=(-6, 0, 6), panel="Size of the gradient"))
    box = page.locator(".ce-plot:visible").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    values = [float(page.get_by_label(name, exact=True).input_value()) for name in ("at −6", "at 0", "at 6")]
    assert values[0] == values[2] == 0.5 < values[1]
    page.get_by_role("button", name="This is my guess").click()
    expect(page.get_by_role("slider", name="logit z")).to_have_attribute("aria-valuetext", "−4")


def test_the_figure_opens_in_the_state_that_was_asked_about(open_page: Opener) -> None:
    page = open_page(asking(at={logit: 2, label: 0}))
    page.get_by_role("button", name="Show me without one").click()
    expect(page.get_by_role("slider", name="logit z")).to_have_attribute("aria-valuetext", "2")


def test_on_paper_there_is_the_whole_figure_and_no_question(open_page: Opener) -> None:
    page = open_page(asking())
    page.emulate_media(media="print")
    assert page.locator(".ce-plot:visible").count() == 3
    assert page.locator(".ce-live table").is_visible()
    assert not page.locator(".ce-guess").is_visible()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"of": squared_error.stable}, "Guess.of: expected a Readout or a FirstPassage"),
        ({"on": "z"}, 'Guess.on: expected "", "x" or "y"'),
        ({"over": (1.0,), "on": "x"}, 'Guess.over: expected on="y" and a Readout for a curve'),
        ({"low": 5}, "expected low < high"),
        ({"high": 9}, "expected places on the y axis, 0.0 to 6.0, got 0.0 to 9.0"),
        ({"over": (-20.0, 2.0)}, "expected places on the x axis, -10.0 to 10.0, got -20.0 to 2.0"),
        ({"panel": "None"}, "guess.panel: expected one of ['Loss'"),
        ({"of": Readout("loss", Symbol("w"))}, "expected symbols among"),
        ({"of": Readout("loss", log(2) + 3)}, "expected a truth from 0.0 to 3.0, got"),
        ({"high": 2}, "expected a truth away from the middle 1"),
        ({"at": {Symbol("w"): 1}}, "expected names among"),
    ],
)
def test_a_guess_that_cannot_be_made_is_refused_with_the_reason(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        asking(**changes)


def test_a_closed_figure_draws_the_panel_of_the_guess_and_the_rest_when_it_opens_or_is_printed(
    open_page: Opener,
) -> None:
    opens = "document.querySelectorAll('.ce-guess button')[1].click()"
    for act in (opens, "dispatchEvent(new Event('beforeprint'))"):
        page = open_page(asking())
        panels, drawn = page.locator(".ce-panel"), page.locator(".ce-panel:has(.ce-curve)")
        assert panels.count() > 1
        assert drawn.count() == 1
        assert page.locator(".ce-guessed").count()
        # At once: in the next frame a page that is not printed is drawn as its screen has it.
        guessed = page.evaluate(f"({act}, document.querySelectorAll('.ce-guessed').length)")
        assert guessed == 0, "nobody has guessed"
        assert drawn.count() == panels.count()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".ce-guessed").count(), "the question is still open on the screen"
