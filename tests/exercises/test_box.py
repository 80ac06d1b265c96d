"""The box of an exercise in a browser: from the disk, under a strict policy, by keyboard, small, and on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sympy import Sum, exp

from ce.derivation import Derivative, Equal, World
from ce.exercises import Choice, Exercise, Names, NumberExercise, Order, Outcome, StepByStep, static_files, without
from ce.exercises.question import Question
from ce.formulas import sigmoid
from ce.symbols import K, j, k, logit, p, prob, smoothing, y, z
from tests.exercises.book_exercises import coin, softmax_gradient

SEVERAL = Choice(
    "Which are even?",
    (("two", True, "2 = 2 · 1"), ("three", False, "3 is odd"), ("four", True, "4 = 2 · 2")),
    several=True,
    name="even",
)
ONE = Choice(
    "Which is odd?", (("two", False, "2 is even"), ("three", True, "3 is odd")), because="So is five.", name="odd"
)
SORTED = Order("Sort them.", ("first", "second", "third"), name="sorted")
SLOPE = StepByStep(
    "From the loss to its slope: write it without sums and with p and y.",
    answer=softmax_gradient.answer,
    given=softmax_gradient.given,
    form=softmax_gradient.form,
    world=softmax_gradient.world,
    names=softmax_gradient.names,
    working=(
        Derivative(p[j] * Sum(y[k], (k, 1, K)) - y[j], "the softmax by z_j", by=z[j]),
        Equal(p[j] - y[j], "the labels sum to one"),
    ),
    name="slope",
)
TYPED = NumberExercise("In bits?", coin.answer, coin.values, unit="bits", because="One question tells.", name="coin")
ALL = (TYPED, softmax_gradient, SEVERAL, ONE, SORTED, SLOPE)
PAGE = """<!doctype html><html lang="en"{theme}><head><meta charset="utf-8"><title>Exercises</title>
<meta http-equiv="Content-Security-Policy" content="script-src 'self' file:">
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="exercise.css">
<script src="list.js" defer></script><script src="exercise.js" defer></script></head><body>
<div class="bd-sidebar-primary"><nav><a aria-current="page">Chapter</a></nav></div>
<main><h1>Exercises</h1>{boxes}<div class="ce-progress"></div></main></body></html>
"""

Opener = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Open a page with exercises from the disk."""
    contexts: list[BrowserContext] = []

    def page_of(*exercises: Question, theme: str = "", **options: object) -> Page:
        (tmp_path / "book").mkdir(exist_ok=True)
        boxes = "".join(exercise._repr_html_() for exercise in exercises)
        listed = json.dumps({"book/chapter": [exercise.slug for exercise in exercises]})
        files = {**static_files(), "list.js": f"globalThis.ceExercises={listed}"}
        for name, text in files.items():
            (tmp_path / "book" / name).write_text(text, encoding="utf8")
        path = tmp_path / "book" / "chapter.html"
        path.write_text(PAGE.format(boxes=boxes, theme=theme), encoding="utf8")
        contexts.append(browser.new_context(**options))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.complaints = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
        page.on("console", lambda message: page.complaints.append(message.text))  # type: ignore[attr-defined]
        page.goto(path.as_uri())
        return page

    yield page_of
    for context in contexts:
        context.close()


def box(page: Page, exercise: Question) -> Locator:
    return page.locator(f'section.ce-exercise[data-exercise="{exercise.slug}"]')


def answer(page: Page, exercise: Question, text: str) -> Locator:
    """Type an answer with the keyboard, and return what is said of it."""
    field = box(page, exercise).locator("input[name=answer]")
    field.fill(text)
    field.press("Enter")
    return box(page, exercise).locator("output[role=status]")


def outcome(said: Locator) -> str | None:
    return said.get_attribute("data-outcome")


def test_each_outcome_of_a_number_is_announced(opened: Opener) -> None:
    page = opened(TYPED)
    for text, expected in (("1", "right"), ("2", "wrong"), ("x", "unread"), ("1 bit", "right"), ("", "unread")):
        assert outcome(answer(page, TYPED, text)) == expected, text
    assert "One question tells." in answer(page, TYPED, "1").inner_text()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_formula_of_another_form_is_not_as_asked(opened: Opener) -> None:
    page = opened(softmax_gradient)
    assert outcome(answer(page, softmax_gradient, "e^z_j/(sum_l e^z_l) - y_j")) == "not-as-asked"
    said = answer(page, softmax_gradient, "p_j - y_j")
    assert outcome(said) == "right"
    assert "agreed at 24 points" in said.inner_text()  # evidence, and said to be no more


def test_feedback_comes_in_stages_and_the_first_holds_no_number(opened: Opener) -> None:
    page = opened(TYPED)
    first = answer(page, TYPED, "0.693").inner_text()
    assert "Which unit" in first
    assert not any(sign.isdigit() for sign in first)
    answer(page, TYPED, "0.693")
    assert "Which unit" in answer(page, TYPED, "0.693").inner_text()  # the same again is no further attempt
    assert "you probably gave nats for bits" in answer(page, TYPED, "0.6931").inner_text()
    details = box(page, TYPED).locator("details")
    assert details.get_attribute("open") is None
    assert "stands below" in answer(page, TYPED, "0.69315").inner_text()
    assert details.get_attribute("open") is not None
    assert "= 1 bit" in details.inner_text()


def test_the_place_of_a_difference_comes_second(opened: Opener) -> None:
    page = opened(softmax_gradient)
    first = answer(page, softmax_gradient, "p_j - 3 y_j").inner_text()
    assert "Put in" in first
    assert "expected" not in first
    assert "expected" in answer(page, softmax_gradient, "p_j - 4 y_j").inner_text()


def test_a_place_is_told_in_the_shortest_letters_that_may_be_typed(opened: Opener) -> None:
    product = Exercise(
        "p?", prob * smoothing, World(), Names(smoothing, spelled={"p": prob, "phat": prob}), name="product"
    )
    said = answer(opened(product), product, "p + 2").inner_text()
    assert re.search(r"Put in (ε = \S+, p = \S+|p = \S+, ε = \S+)\.$", said)


def test_a_caret_points_at_what_could_not_be_read(opened: Opener) -> None:
    page = opened(softmax_gradient)
    said = answer(page, softmax_gradient, "p_j - <img src=x onerror=alert(1)>")
    assert outcome(said) == "unread"
    shown, caret = said.locator("pre").inner_text().splitlines()
    assert shown[caret.index("^")] == "<"
    assert page.locator("img").count() == 0


def test_check_is_no_stop_of_the_keyboard_before_there_is_something_to_check(opened: Opener) -> None:
    page = opened(TYPED, ONE)
    field, check = page.get_by_label("Your answer"), page.get_by_role("button", name="Check").first
    field.press("Tab")
    expect(page.locator("summary").first).to_be_focused()
    check.click()
    assert box(page, TYPED).locator("output").inner_text() == "Answer first."
    field.press_sequentially("1")
    field.press("Tab")
    expect(check).to_be_focused()
    page.get_by_label("three").press("Space")
    page.keyboard.press("Tab")
    expect(box(page, ONE).get_by_role("button", name="Check")).to_be_focused()


def test_choices_are_made_by_keyboard_and_each_has_its_reason(opened: Opener) -> None:
    page = opened(ONE, SEVERAL)
    right = [option.right for option in ONE.options].index(True)
    first = box(page, ONE).locator("input").first
    first.focus()
    first.press("Space")
    if right:
        first.press("ArrowDown")
    page.keyboard.press("Enter")
    said = box(page, ONE).locator("output")
    assert outcome(said) == "right"
    assert "3 is odd. So is five." in said.inner_text()
    boxes = box(page, SEVERAL).locator("input")
    for at, option in enumerate(SEVERAL.options):
        if option.right:
            boxes.nth(at).check()
            box(page, SEVERAL).get_by_role("button", name="Check").click()
    assert outcome(box(page, SEVERAL).locator("output")) == "right"
    boxes.nth([option.right for option in SEVERAL.options].index(True)).uncheck()
    box(page, SEVERAL).get_by_role("button", name="Check").click()
    said = box(page, SEVERAL).locator("output")
    assert outcome(said) == "wrong"
    kept = SEVERAL.answer_text.split(", ")[1:]
    assert said.inner_text().endswith("More of them are right.")
    assert all(f"{letter}: " in said.inner_text() for letter in kept)
    assert str(SEVERAL.check(", ".join(kept))).endswith("More of them are right.")


def test_lines_are_put_in_order_by_their_places(opened: Opener) -> None:
    page = opened(SORTED)
    places, button = box(page, SORTED).locator("select"), box(page, SORTED).get_by_role("button", name="Check")
    for line, at in zip(SORTED.lines, SORTED.order, strict=True):
        expect(places.nth(at)).to_have_accessible_name(line)  # a listener hears which line it is
    for chosen, expected in (((1, 2, 3), "wrong"), ((1, 1, 1), "unread")):
        for at, place in enumerate(chosen):
            places.nth(at).select_option(str(place))
        button.click()
        assert outcome(box(page, SORTED).locator("output")) == expected
    for place, at in enumerate(SORTED.order, 1):
        places.nth(at).select_option(str(place))
    button.click()
    assert outcome(box(page, SORTED).locator("output")) == "right"


def test_a_derivation_fades_and_takes_every_line_that_follows_from_the_line_before(opened: Opener) -> None:
    page = opened(SLOPE)
    lines = box(page, SLOPE).locator(".ce-options > li > .math:visible, .ce-own")
    assert lines.count() == 2  # the last is the reader's
    box(page, SLOPE).get_by_role("button", name="Show it whole").click()
    assert lines.count() == 3
    box(page, SLOPE).get_by_role("button", name="Hide it again").click()
    assert outcome(answer(page, SLOPE, "p_j - y_j")) == "right"
    assert lines.count() == 1  # now all but the first are
    said = answer(page, SLOPE, "log(sum_k e^z_k) - sum_k y_k z_k")  # the loss itself, written in another way
    assert outcome(said) == "not-as-asked"
    assert "It follows" in said.inner_text()
    assert lines.count() == 2
    assert outcome(answer(page, SLOPE, "y_j - p_j")) == "wrong"
    assert outcome(answer(page, SLOPE, "e^z_j/(sum_k e^z_k) - y_j")) == "not-as-asked"  # its derivative
    assert outcome(answer(page, SLOPE, "log(sum_k e^z_k) - sum_k y_k z_k")) == "wrong"  # there is no way back
    assert answer(page, SLOPE, "p_j - y_j").inner_text() == "✓ Right."
    assert page.complaints == []  # type: ignore[attr-defined]


def test_the_second_half_of_a_derivation_begins_with_a_hint_again(opened: Opener) -> None:
    page = opened(SLOPE)
    for text in ("y_j - p_j", "p_j", "p_j - y_j"):
        answer(page, SLOPE, text)
    said = answer(page, SLOPE, "y_j - p_j")
    assert "expected" not in said.inner_text()
    assert not box(page, SLOPE).locator("details").get_attribute("open")


def test_a_look_at_the_whole_derivation_forgets_no_line_of_the_readers(opened: Opener) -> None:
    page = opened(SLOPE)
    for text in ("p_j - y_j", "log(sum_k e^z_k) - sum_k y_k z_k"):
        answer(page, SLOPE, text)
    for name in ("Show it whole", "Hide it again"):
        box(page, SLOPE).get_by_role("button", name=name).click()
        assert "after log(sum_k e^z_k)" in box(page, SLOPE).locator("form label").inner_text()


def test_a_derivation_of_one_line_is_done_when_it_is_right(opened: Opener) -> None:
    written_out, names = 1 + exp(logit), Names(logit)
    short = StepByStep(
        "Write it without a sigmoid.",
        answer=written_out,
        given=1 / (1 - sigmoid(logit)),
        form=without(sigmoid, asks="without a sigmoid"),
        world=World(),
        names=names,
        working=(Equal(written_out, "the sigmoid written out"),),
    )
    assert answer(opened(short), short, "1 + e^z").inner_text() == "✓ Right."


def test_python_judges_a_line_by_the_line_before_it() -> None:
    for before, line, expected in (
        ("line 1", "log(sum_k e^z_k) - sum_k y_k z_k", Outcome.NOT_AS_ASKED),
        ("line 1", "y_j - p_j", Outcome.WRONG),
        ("log(sum_k e^z_k) - sum_k y_k z_k", "e^z_j/(sum_k e^z_k) - y_j", Outcome.NOT_AS_ASKED),
        ("e^z_j/(sum_k e^z_k) - y_j", "log(sum_k e^z_k) - sum_k y_k z_k", Outcome.WRONG),
        ("line 2", "p_j - y_j", Outcome.RIGHT),
        ("", "p_j - y_j", Outcome.RIGHT),
        ("log(2^(sum_k ell_k", "p_j - y_j", Outcome.UNREAD),
    ):
        assert SLOPE.check(line, before).outcome is expected, (before, line)
    widget = SLOPE.widget()
    widget.before, widget.answer = "line 1", "log(sum_k e^z_k) - sum_k y_k z_k"
    assert widget.verdict.startswith("right but not simplified")


def test_progress_is_counted_kept_and_forgotten(opened: Opener) -> None:
    page = opened(TYPED, ONE)
    tally = page.locator("nav .ce-tally")
    assert tally.inner_text().strip() == "0 of 2"
    answer(page, TYPED, "1")
    assert tally.inner_text().strip() == "1 of 2"
    page.reload()
    assert tally.inner_text().strip() == "1 of 2"
    assert "1 of 2" in page.locator(".ce-progress").inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    assert list(json.loads(Path(download.value.path()).read_text(encoding="utf8"))) == ["coin"]
    page.get_by_role("button", name="Forget all").click()
    assert tally.inner_text().strip() == "0 of 2"
    page.reload()
    assert tally.inner_text().strip() == "0 of 2"


def test_what_another_tab_has_kept_is_kept(opened: Opener) -> None:
    page = opened(TYPED, SLOPE)
    other = page.context.new_page()
    other.goto(page.url)
    answer(page, TYPED, "1")
    answer(other, SLOPE, "p_j - y_j")
    page.reload()
    assert page.locator("nav .ce-tally").inner_text().strip() == "2 of 2"


NO_STORAGE = {
    "refused": "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } });",
    "full": "Storage.prototype.setItem = () => { throw new Error('full'); };",
    "spoilt": "localStorage['ce-exercises'] = '5';",
}


@pytest.mark.parametrize("script", NO_STORAGE.values(), ids=NO_STORAGE)
def test_without_storage_answers_are_judged_and_counted_all_the_same(opened: Opener, script: str) -> None:
    page = opened(TYPED, SLOPE)
    page.add_init_script(script)
    page.reload()
    assert outcome(answer(page, TYPED, "1")) == "right"
    assert outcome(answer(page, SLOPE, "p_j - y_j")) == "right"
    assert page.locator("nav .ce-tally").inner_text().strip() == "2 of 2"
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("theme", ["", ' data-theme="dark"'], ids=["light", "dark"])
def test_an_empty_box_looks_empty_and_a_chosen_one_chosen_whatever_the_engine_draws(opened: Opener, theme: str) -> None:
    page = opened(ONE, SEVERAL, theme=theme)

    def middle(control: Locator) -> int:
        image = Image.open(BytesIO(control.screenshot())).convert("L")
        return int(image.getpixel((image.width // 2, image.height // 2)))  # type: ignore[arg-type]

    for exercise in (ONE, SEVERAL):
        control = box(page, exercise).locator("input").first
        assert control.evaluate("input => getComputedStyle(input).appearance") == "none"
        ground = 21 if theme else 255
        assert abs(middle(control) - ground) < 8
        control.check()
        assert abs(middle(control) - ground) > 150
    page.emulate_media(forced_colors="active")
    assert control.evaluate("input => getComputedStyle(input).appearance") == "auto"


@pytest.mark.parametrize("theme", ["", ' data-theme="dark"'], ids=["light", "dark"])
def test_boxes_fit_a_small_screen_and_pass_the_audit_in_both_themes(opened: Opener, theme: str) -> None:
    page = opened(*ALL, theme=theme, viewport={"width": 360, "height": 800})
    answer(page, TYPED, "2")
    answer(page, softmax_gradient, "p_j -")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    violations = Axe().run(page).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"][:90]) for found in violations] == []
    assert page.locator("section.ce-exercise :is(button, select)").evaluate_all(
        "nodes => nodes.every(node => node.getBoundingClientRect().height >= 24)"
    )


def test_without_a_script_question_list_and_worked_answer_stand_there(opened: Opener) -> None:
    page = opened(*ALL, java_script_enabled=False)
    assert page.locator("form").count() == 0
    box(page, TYPED).locator("summary").click()
    assert "1 bit" in box(page, TYPED).inner_text()
    assert "three" in box(page, ONE).inner_text()


def test_on_paper_there_are_lines_to_write_on_and_no_buttons(opened: Opener) -> None:
    page = opened(TYPED, theme=' data-theme="dark"')
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Check").is_visible()
    assert not box(page, TYPED).locator("details").is_visible()
    ground, height = box(page, TYPED).evaluate(
        "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node, '::after').height]"
    )
    assert ground == "rgb(255, 255, 255)"
    assert float(height.removesuffix("px")) > 40
    assert not page.get_by_text("Solutions").is_visible()


def test_on_paper_the_solutions_stand_at_the_end_if_they_are_asked_for(opened: Opener) -> None:
    page = opened(TYPED, ONE)
    page.evaluate("window.print = () => { window.sheet = document.body.lastElementChild.outerHTML; }")
    page.get_by_role("button", name="Print this page with the solutions").click()
    sheet = page.evaluate("window.sheet")
    assert [words in sheet for words in ("Solutions", "= 1 bit", "So is five.")] == [True] * 3
    assert page.locator(".ce-solutions").count() == 0  # on the screen they stay in their folds
    page.evaluate("sheet => document.body.insertAdjacentHTML('beforeend', sheet)", sheet)
    assert not page.get_by_text("Solutions", exact=True).is_visible()
    page.emulate_media(media="print")
    assert page.get_by_text("Solutions", exact=True).is_visible()
    assert not page.get_by_role("button", name="Print this page").is_visible()


def test_the_widget_tells_the_checkers_verdict() -> None:
    widget = softmax_gradient.widget()
    widget.answer = "y_j - p_j"
    assert widget.verdict == "wrong"
    widget.answer = "-(p_j - y_j)"
    assert widget.verdict == "wrong: you probably have the sign the other way round"
    widget.answer = "p_j - y_j"
    assert widget.verdict == "right, proven by normal form (grade A)"


def test_two_answers_with_one_verdict_are_each_answered() -> None:
    widget, told = softmax_gradient.widget(), []
    widget.observe(lambda change: told.append(change["new"]), names="judged")
    for answer in ("p_j - y_j", "-y_j + p_j"):
        widget.answer = answer
    words = "right, proven by normal form (grade A)"
    assert told == [["p_j - y_j", words], ["-y_j + p_j", words]]
