"""Every exercise of every chapter, as its cell makes it, put to its own judge."""

import gzip
import json
import re
from fractions import Fraction

import pytest

from ce.claims import all_claims
from ce.derivation import Equal
from ce.exercises import Exercise, NumberExercise, Outcome, StepByStep, written
from tests.book.chapter_cells import ASKS, CHAPTERS, source
from tests.book.readers_answers import (
    LINES_BETWEEN,
    READERS_WAYS,
    USUAL_SLIPS,
    asked,
    every_exercise,
    judged,
    right,
    slipped,
    the_exercise,
    worked,
    wrong,
)

STEPS = ("**Warm-up.**", "**What breaks?**", "**Proofs and estimates.**")


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_asks_six_times_or_more_in_three_steps_and_judges_every_answer(page):
    section = source(page).partition("\n## Exercises\n")[2].partition("\n## What to remember\n")[0]
    assert re.findall(r"^\*\*.*\*\*$", section, re.MULTILINE) == list(STEPS)
    before, *steps = re.split("|".join(map(re.escape, STEPS)), section)
    counts = [len(ASKS.findall(step)) for step in steps]
    assert not ASKS.search(before)
    assert sum(counts) == len(asked(page)) >= 6
    assert min(counts) >= 1
    assert ":::" not in section  # what stands in a fold asks nothing that is judged
    warm_up, last = asked(page)[: counts[0]], asked(page)[-counts[2] :]
    assert any(isinstance(exercise, NumberExercise) for exercise in warm_up)
    assert any(isinstance(exercise, Exercise) and exercise.working for exercise in last)


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
        # (K - 1) (K - 2) … is to be found out, but where the question says how many classes there are.
        if exercise.kind == "formula" and not exercise.world.shapes:
            assert max(point["K"] for point in exercise.spec["points"]) > 6, exercise.question


def test_the_names_of_exercises_are_unique():
    names = [exercise.slug for page in CHAPTERS for exercise in asked(page)]
    assert len(names) >= 150
    assert [name for name in names if names.count(name) > 1] == []


def test_twelve_derivations_or_more_are_the_readers_line_by_line():
    kinds = [type(exercise) for page in CHAPTERS for exercise in asked(page)]
    assert kinds.count(StepByStep) >= 12


def test_each_claim_whose_page_is_a_chapter_is_practised_by_an_exercise_that_names_it():
    pages = {page.rpartition("/")[2] for page in CHAPTERS}
    known = {claim.derivation.claim for claim in all_claims()}
    claimed = {claim.derivation.claim for claim in all_claims() if claim.chapter in pages}
    named = {number for page in CHAPTERS for exercise in asked(page) for number in exercise.claims}
    assert sorted(claimed - named) == []
    assert sorted(named - known) == []


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
def test_no_line_that_is_shown_has_the_form_that_is_asked_for(page):
    for exercise in asked(page):
        if isinstance(exercise, StepByStep):
            lines = [exercise.given, *(step.expr for step in exercise.working)]
            derived = [at for at, step in enumerate(exercise.working, 1) if not isinstance(step, Equal)]
            shown = lines[max(derived, default=0) : -1]  # those that are equal to the answer
            assert not any(map(exercise.form.holds, shown)), exercise.question


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
        told = [words.message for words in said if words.mistake in {"", "given", "rounding", "slip"}]
        assert [words for words in told if re.search(rf"(?<![0-9.]){re.escape(value)}", words)] == []


@pytest.mark.parametrize(("words", "answer", "mistake"), USUAL_SLIPS)
def test_a_usual_slip_gets_the_hint_that_fits_it(words, answer, mistake):
    said = the_exercise(words).check(answer)
    expected = Outcome.UNDECIDED if "10^-40" in answer else Outcome.WRONG
    assert (said.outcome, said.mistake) == (expected, mistake), said


def test_a_slip_that_an_exercise_expects_gets_its_own_words():
    found = 0
    for exercise in every_exercise():
        for words, typed in zip(exercise.slips, slipped(exercise), strict=True):
            assert str(exercise.check(typed)) == f"wrong: you probably {words}"
            found += 1
    assert found > 100


def test_a_right_answer_in_another_form_than_the_one_asked_for_is_told_so():
    for words, answer in [
        ("An example has the true class", "-log(1 - sum_{k != c} q_k)"),
        ("Write the loss {loss} as one logarithm", "log(sum_k e^z_k) - z_c"),
        ("Subtract the entropy", "sum_k p_k log p_k - sum_k p_k log q_k"),
        ("Write the first minus the second", "-sum_k p_k log p_k + sum_k q_k - 1"),
    ]:
        assert the_exercise(words).check(answer).outcome is Outcome.NOT_AS_ASKED, words


@pytest.mark.parametrize("name", LINES_BETWEEN)
def test_every_honest_line_of_a_derivation_follows_and_no_other_does(name):
    (exercise,) = (one for one in every_exercise() if one.slug == name)
    honest, false = LINES_BETWEEN[name]
    said = {line: exercise.check(line, "line 1") for line in (*honest, *false)}
    follows = {Outcome.RIGHT, Outcome.NOT_AS_ASKED}
    assert {line: str(words) for line, words in said.items() if (words.outcome in follows) != (line in honest)} == {}
    assert {said[line].outcome for line in false} <= {Outcome.WRONG}


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
