"""Every exercise of every chapter, as its cell makes it, put to its own judge."""

import gzip
import json
import re
from fractions import Fraction

import pytest

from ce.claims import all_claims
from ce.exercises import Exercise, NumberExercise, Outcome, StepByStep, written
from tests.book.chapter_cells import CHAPTERS, source
from tests.book.readers_answers import (
    READERS_WAYS,
    USUAL_SLIPS,
    asked,
    every_exercise,
    judged,
    right,
    the_exercise,
    worked,
    wrong,
)


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_asks_six_times_or_more_and_at_least_one_answer_is_typed(page):
    assert judged(page)
    assert len(asked(page)) + source(page).count(":::{dropdown} Answer") >= 6


@pytest.mark.parametrize("page", CHAPTERS)
def test_every_exercise_takes_its_own_answer_and_no_other_letter(page):
    for exercise in asked(page):
        assert exercise.check(exercise.answer_text).right, exercise.question
        letters = "abcdefgh"[: len(exercise.listed_html)] if exercise.kind == "choice" else ""
        for letter in letters.replace(exercise.answer_text, ""):
            assert exercise.check(letter).outcome is Outcome.WRONG


@pytest.mark.parametrize("page", CHAPTERS)
def test_what_an_exercise_puts_into_a_page_weighs_little(page):
    for exercise in asked(page):
        text = json.dumps(exercise.spec, ensure_ascii=False, separators=(",", ":"))
        assert len(gzip.compress(text.encode(), 9)) <= 2048, exercise.question
        if exercise.kind == "formula":  # (K - 1) (K - 2) … is to be found out
            assert max(point["K"] for point in exercise.spec["points"]) > 6, exercise.question


def test_the_names_of_exercises_are_unique():
    names = [exercise.slug for page in CHAPTERS for exercise in asked(page)]
    assert len(names) >= 70
    assert [name for name in names if names.count(name) > 1] == []


def test_twelve_derivations_or_more_are_the_readers_line_by_line():
    kinds = [type(exercise) for page in CHAPTERS for exercise in asked(page)]
    assert kinds.count(StepByStep) >= 12


PRACTISED = {
    "L1": "an-example-has-the-true-class-c-f4d2",
    "L2": "a-coin-showed-heads-in-7-of-8c06",
    "L3": "regroup-by-faces",
    "L4": "ten-rolls-of-a-three-sided-die-2c31",
    "L5": "log-of-the-expected-likelihood",
    "L6": "a-constant-in-the-mean",
    "L7": "every-example-twice",
    "L8": "subtract-the-entropy-from-the-loss-write-4d92",
    "I1": "a-model-reports-a-loss-of-one-e07a",
    "I2": "from-two-entropies-to-kl",
    "I3": "which-hold-for-kl",
    "I4": "when-the-data-move",
    "I5": "exchange-is-no-sign",
    "G1": "again-q-is-the-softmax-of-z-07f8",
    "G2": "softmax-gradient-step-by-step",
    "G3": "flat-direction",
    "G4": "the-label-is-1-the-prediction-0-9f72",
    "M1": "squared-error-gradient-step-by-step",
    "M2": "turning-point",
    "M3": "by-which-factor-does-the-escape-time-399f",
    "M4": "one-rate-for-two-losses",
    "M5": "where-softmax-and-squares-fall-silent",
    "V1": "the-label-is-1-the-logit-is-d609",
    "V2": "a-thousand-classes-0-1-over-all-9de6",
    "V3": "an-example-has-2-and-the-probability-5630",
    "V4": "write-the-loss-as-one-logarithm-7371",
    "V5": "the-validation-loss-rises-the-validation-accuracy-dc0c",
    "S1": "above-that-of-an-honest-report-stands-d0bd",
    "E1": "the-label-is-1-the-prediction-0-9f72",
    "F1": "softmax-then-logarithm",
    "C1": "which-lists-of-lengths-can-be-those-27db",
    "C3": "k3-step-by-step",
    "C4": "the-ceiling-is-reached",
    "C6": "what-can-a-temperature-change-31e9",
    "C7": "odds-step-by-step",
    "C8": "two-logits-are-one",
    "C9": "slope-in-the-probability",
    "C13": "a-label-is-soft-0-9-on-8d31",
    "C15": "log-of-the-expected-likelihood",
    "C16": "scale-step-by-step",
}


def test_each_claim_that_has_a_page_is_practised():
    pages = {page.rpartition("/")[2]: page for page in CHAPTERS}
    names = {exercise.slug: page for page in CHAPTERS for exercise in asked(page)}
    assert {name for name in PRACTISED.values() if name not in names} == set()
    claimed = {claim.derivation.claim: claim.chapter for claim in all_claims() if claim.chapter in pages}
    assert PRACTISED.keys() <= claimed.keys()
    # A claim that is not listed is practised by the exercises of its page, each of which then is about it.
    idle = [number for number, chapter in claimed.items() if number not in PRACTISED and not asked(pages[chapter])]
    assert idle == []


@pytest.mark.parametrize("page", CHAPTERS)
def test_the_worked_answer_typed_in_is_right(page):
    said = {exercise.question_text: str(exercise.check(worked(exercise))) for exercise in judged(page)}
    assert {question: words for question, words in said.items() if not words.startswith("right")} == {}


@pytest.mark.parametrize("page", CHAPTERS)
def test_the_worked_answer_with_the_wrong_sign_is_wrong_and_the_hint_says_why(page):
    for exercise in judged(page):
        said = exercise.check(
            f"-({written(exercise.line)})" if isinstance(exercise, Exercise) else f"-({float(exercise.value):.8f})"
        )
        assert (said.outcome, said.mistake) == (Outcome.WRONG, "sign"), exercise.question


@pytest.mark.parametrize("page", CHAPTERS)
def test_an_answer_that_repeats_the_question_is_not_enough(page):
    for exercise in judged(page):
        for given in exercise.shows.values():
            assert not exercise.check(written(given)).right, exercise.question


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_question_for_a_number_with_a_unit_names_the_unit(page):
    for exercise in judged(page):
        if isinstance(exercise, NumberExercise) and exercise.unit:
            assert exercise.unit in exercise.question, exercise.question


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_question_ends_as_a_sentence(page):
    asked = [exercise.question for exercise in judged(page)]
    assert [question for question in asked if not re.search(r"[.?]$", question)] == []


@pytest.mark.parametrize("page", CHAPTERS)
def test_what_readers_type_for_the_right_answer_is_right(page):
    for exercise in judged(page):
        said = {answer: exercise.check(answer) for answer in right(exercise)}
        assert {answer: str(words) for answer, words in said.items() if not words.right} == {}, exercise.question


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_wrong_answer_is_understood_and_not_called_right(page):
    outcomes = {Outcome.WRONG, Outcome.UNDECIDED, Outcome.ROUNDED}
    for exercise in judged(page):
        said = {answer: exercise.check(answer) for answer in wrong(exercise)}
        assert {answer: str(words) for answer, words in said.items() if words.outcome not in outcomes} == {}
        undecided = [answer for answer, words in said.items() if words.outcome is Outcome.UNDECIDED]
        assert all("10^-40" in answer or "(K - 1) (K - 2)" in answer for answer in undecided)


@pytest.mark.parametrize("page", CHAPTERS)
def test_what_is_said_of_a_wrong_number_does_not_give_the_right_one_away(page):
    for exercise in judged(page):
        if not isinstance(exercise, NumberExercise):
            continue
        value = f"{float(exercise.value):.3g}"
        said = [exercise.check(answer) for answer in wrong(exercise) if value not in answer]
        told = [words.message for words in said if words.mistake in {"", "given", "rounding"}]
        assert [words for words in told if re.search(rf"(?<![0-9.]){re.escape(value)}", words)] == []


@pytest.mark.parametrize(("words", "answer", "mistake"), USUAL_SLIPS)
def test_a_usual_slip_gets_the_hint_that_fits_it(words, answer, mistake):
    said = the_exercise(words).check(answer)
    expected = Outcome.UNDECIDED if "10^-40" in answer else Outcome.WRONG
    assert (said.outcome, said.mistake) == (expected, mistake), said


def test_a_right_answer_in_another_form_than_the_one_asked_for_is_told_so():
    for words, answer in [
        ("An example has the true class", "-log(1 - sum_{k != c} q_k)"),
        ("as a difference of two sums, one of which", "sum_k p_k log(p_k/q_k) + sum_j p_j - 1"),
        ("Write the loss {loss} as one logarithm", "log(sum_k e^z_k) - z_c"),
        ("Subtract the entropy", "sum_k p_k log p_k - sum_k p_k log q_k"),
        ("Write the first minus the second", "-sum_k p_k log p_k + sum_k q_k - 1"),
    ]:
        assert the_exercise(words).check(answer).outcome is Outcome.NOT_AS_ASKED, words


def test_points_shown_to_readers_have_probabilities_that_sum_to_one():
    for words, answer in [
        ("Treat the entries of q as free", "-p_j q_j"),
        ("An example has the true class", "-log(1 - q_c)"),
    ]:
        said = the_exercise(words).check(answer)
        shown_masses = re.findall(r"\b[pq] = \(([^)]*)\)", said.message)
        assert shown_masses
        assert {sum(map(Fraction, masses.split(", "))) for masses in shown_masses} == {1}


def test_readers_ways_belong_to_exercises():
    questions = [exercise.question for exercise in every_exercise()]
    assert [words for words in READERS_WAYS if not any(words in question for question in questions)] == []


def test_the_answers_are_many():
    assert sum(len(right(exercise)) for exercise in every_exercise()) > 1000
    assert sum(len(wrong(exercise)) for exercise in every_exercise()) > 600
