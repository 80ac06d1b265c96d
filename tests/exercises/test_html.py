"""How exercises and feedback are shown: in words, escaped, on a page without a kernel and in a notebook."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TypeAlias

import ipywidgets
import pytest
from IPython.core.formatters import DisplayFormatter
from playwright.sync_api import Browser
from sympy import log

from ce.derivation import AtLeast
from ce.exercises import Exercise, Feedback, NumberExercise, Outcome, check_step
from ce.exercises.html import CHECKED_IN_A_NOTEBOOK
from ce.formulas.typeset import typeset
from tests.exercises.book_exercises import SYMBOLIC, coin, cross_entropy_of_hard, divergence, softmax_gradient

EXERCISES = [*SYMBOLIC.values(), coin, cross_entropy_of_hard]
JUDGEMENTS = {
    "RIGHT": softmax_gradient.check("p_j - y_j"),
    "NOT_AS_ASKED": softmax_gradient.check("e^z_j/(sum_l e^z_l) - y_j"),
    "ROUNDED": cross_entropy_of_hard.check("5"),
    "WRONG": softmax_gradient.check("y_j - p_j"),
    "UNREAD": softmax_gradient.check("p_j - <b>y_j</b>"),
    "UNDECIDED": check_step("KL(p || q)", "0", AtLeast, divergence.world, divergence.names),
}


class _Tags(HTMLParser):
    """Collects tags, and insists that they close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_outcome_is_shown_in_words() -> None:
    assert set(JUDGEMENTS) == {outcome.name for outcome in Outcome}
    for name, feedback in JUDGEMENTS.items():
        assert feedback.outcome.name == name
        page = _Tags(feedback._repr_html_())
        assert Outcome[name].value in page.text
        assert feedback.message.partition("\n")[0] in page.text


def test_what_the_reader_wrote_is_escaped() -> None:
    for text in ("<script>alert(1)</script>", "p_j <img src=x onerror=alert(1)>", "&lt;", '"><b>'):
        for exercise in (softmax_gradient, coin):
            html = exercise.check(text)._repr_html_()
            assert {"script", "img", "b"}.isdisjoint(_Tags(html).tags)
    assert "p_j - <b>y_j</b>" in _Tags(JUDGEMENTS["UNREAD"]._repr_html_()).text


def test_the_caret_stands_in_a_block_that_keeps_blanks() -> None:
    page = _Tags(JUDGEMENTS["UNREAD"]._repr_html_())
    assert "pre" in page.tags
    assert "\n        ^" in page.text


def test_feedback_repeats_how_the_answer_was_read() -> None:
    feedback = divergence.check("sum_k p_k log p_k")
    assert feedback.read_as is not None
    assert rf"\({typeset(feedback.read_as)}\)" in _Tags(feedback._repr_html_()).text


def test_the_website_shows_question_and_worked_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CE_SITE_BUILD", "1")
    for exercise in EXERCISES:
        bundle = exercise._repr_mimebundle_()
        assert set(bundle) == {"text/html", "text/plain"}
        page = _Tags(bundle["text/html"])
        assert {"details", "summary"} <= set(page.tags)
        answer = exercise.line if isinstance(exercise, Exercise) else exercise.answer
        in_unit = answer / log(2) if exercise is coin else answer
        assert typeset(in_unit) in page.text
        assert CHECKED_IN_A_NOTEBOOK in page.text
        for shown in exercise.shows.values():
            assert typeset(shown) in page.text


def test_a_number_is_shown_with_its_unit() -> None:
    assert "≈ 4.605 nats" in cross_entropy_of_hard.worked_html
    assert "= 1 bit." in coin.worked_html
    assert r"\frac{1}{\log 2}" in coin.worked_html


def test_the_plain_text_of_a_question_is_in_the_notation_of_the_answers() -> None:
    assert softmax_gradient.question_text == (
        "Differentiate -sum_k y_k log(p_k) by z_j, where p is the softmax of z; write it without sums and with p and y."
    )
    assert str(coin) == "The entropy of a fair coin, in bits?\nAnswer: -1/log(2) sum_k p_k log(p_k) = 1 bit"


def test_a_question_may_hold_signs_of_html() -> None:
    exercise = NumberExercise("Is 1 < 2 & 3?", coin.answer, coin.values)
    assert "Is 1 < 2 & 3?" in _Tags(exercise._repr_html_()).text


Parts: TypeAlias = tuple[ipywidgets.Text, ipywidgets.Button, ipywidgets.HTMLMath]


def _parts(exercise: Exercise | NumberExercise) -> Parts:
    box = exercise.widget()
    _, row, judged = box.children
    field, button = row.children[0], row.children[-1]
    return field, button, judged


def test_enter_in_the_text_field_judges() -> None:
    field, _, judged = _parts(softmax_gradient)
    assert field.continuous_update is False  # the value comes with Enter, not with every letter
    field.value = "y_j - p_j"
    assert "the sign the other way round" in judged.value
    field.value = "p_j - y_j"
    assert "<strong>right</strong>" in judged.value


def test_the_button_judges_and_an_empty_field_clears() -> None:
    field, button, judged = _parts(coin)
    field.value = "1"
    judged.value = ""
    button.click()
    assert "<strong>right</strong>" in judged.value
    field.value = "  "
    assert judged.value == ""


def test_without_a_kernel_there_is_no_widget_view() -> None:
    data, _ = DisplayFormatter().format(softmax_gradient)
    assert set(data) == {"text/html", "text/plain"}


def test_the_field_has_a_label_and_the_result_is_announced() -> None:
    field, _, _ = _parts(coin)
    assert field.description == "Your answer"
    assert 'role="status"' in Feedback(Outcome.RIGHT)._repr_html_()


THEMES = {
    "plain": ("#ffffff", "#000000", ""),
    "website, dark": ("#14181e", "#ced6dd", "--pst-color-surface: #29313d; --pst-color-text-base: #ced6dd;"),
    "lab, dark": ("#111111", "#ffffff", "--jp-layout-color1: #111111; --jp-content-font-color1: #ffffff;"),
}


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_border_stand_out_in_both_themes(theme: str, browser: Browser) -> None:
    ground, ink, variables = THEMES[theme]
    boxes = "".join(shown._repr_html_() for shown in (*JUDGEMENTS.values(), softmax_gradient))
    page = browser.new_page(viewport={"width": 360, "height": 800})
    body = f"<body style='background: {ground}; color: {ink}'>{boxes}</body>"
    page.set_content(f"<html lang='en' style='{variables}'>{body}</html>")
    styles = page.eval_on_selector_all(
        ".ce-feedback, .ce-exercise",
        "boxes => boxes.map(box => { const s = getComputedStyle(box);"
        " return [s.color, s.backgroundColor, s.borderLeftColor]; })",
    )
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert len(styles) == len(JUDGEMENTS) + 1
    for text, background, border in styles:
        assert _contrast(text, background) >= 4.5
        assert _contrast(border, background) >= 3
    assert wide <= 360


def _contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two CSS colours (WCAG 2.1)."""
    light, dark = sorted((_luminance(colour) for colour in (first, second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(value) / 255 for value in re.findall(r"\d+", colour)[:3]]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
