"""Every exercise of every chapter, as its cell makes it, put to its own judge."""

import re

import pytest
from chapter_cells import CHAPTERS, shown, source

from ce.exercises import Exercise, NumberExercise, Outcome, written


def judged(page):
    return [thing for thing in shown(page) if isinstance(thing, Exercise | NumberExercise)]


def worked(exercise):
    """The worked answer as a reader would type it, the unit included."""
    if isinstance(exercise, NumberExercise):
        return str(exercise).rpartition("= ")[2]
    return written(exercise.line)


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_has_three_exercises_or_more_and_at_least_one_is_judged(page):
    assert judged(page)
    assert len(judged(page)) + source(page).count(":::{dropdown} Answer") >= 3


@pytest.mark.parametrize("page", CHAPTERS)
def test_the_worked_answer_typed_in_is_right(page):
    said = {exercise.question_text: str(exercise.check(worked(exercise))) for exercise in judged(page)}
    assert {question: words for question, words in said.items() if not words.startswith("right")} == {}


@pytest.mark.parametrize("page", CHAPTERS)
def test_the_worked_answer_with_the_wrong_sign_is_wrong_and_the_hint_says_why(page):
    for exercise in judged(page):
        said = exercise.check(f"-({written(exercise.line)})" if isinstance(exercise, Exercise)
                              else f"-({float(exercise.value):.8f})")  # fmt: skip
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


READERS_WAYS = {
    "What is the entropy of a fair coin": ["1", "1 bit", "log2(2)", "0.693 nats"],
    "You draw one card": ["5.70", "log2(52)", "log(52)/log(2)"],
    "A model reports a loss of one bit": ["0.693", "log 2", "ln2 nats"],
    "All of K outcomes": ["log K", "ln(K)", "-log(1/K)"],
    "Four outcomes are equally likely": ["2.62", "1.82 nats", "-0.25 log2(0.7) - 0.75 log2(0.1)"],
    "The label is 1, the logit is −12": ["12", "12.000006", "log(1 + exp(12))"],
    "The mean loss on a test set": ["0.607", "exp(-0.5)", "1/sqrt(e)"],
    "Treat the entries of q as free": ["-p_j/q_j", "-p_j * q_j^-1"],
    "The truth p is a fair coin": ["0.511", "0.737 bits"],
    "Now the coin p shows heads": ["0.368"],
    "as a difference of two sums": ["sum_k p_k log p_k - sum_k p_k log q_k",
                                    "-sum_k p_k log q_k + sum_j p_j log p_j"],
    "Ten rolls of a three-sided die": ["1.03", "1.0297", "-0.5 log(0.5) - 0.3 log(0.3) - 0.2 log(0.2)"],
    "The same ten rolls": ["log 3", "1.0986"],
    "In N rolls": ["N sum_k p_k log q_k", "sum_k N p_k log(q_k)", "N*sum_k(p_k*log(q_k))"],
    "under a fair coin": ["log(2)", "0.693"],
    "under the coin that fits": ["0.611"],
    "Subtract the entropy": ["sum_k p_k log(p_k/q_k)", "-sum_k p_k log(q_k/p_k)",
                             "sum_k p_k (log p_k - log q_k)"],
    "A label is soft": ["0.325", "0.3251 nats"],
    "Write the first minus the second": ["-sum_k p_k log p_k", "sum_j p_j log(1/p_j)"],
    "An example has the true class": ["-log q_c", "log(1/q_c)"],
    "The labels sum to one": ["q_j - y_j", "-y_j + q_j"],
    "Now the labels need not": ["q_j sum_k y_k - y_j", "(sum_l y_l) q_j - y_j"],
    "Again q is the softmax": ["q_k (delta_jk - q_j)", "q_k [j = k] - q_k q_j"],
    "What is the cross-entropy, in nats": ["4.605", "log 100", "-log(0.01)"],
    "What is the squared error, without": ["0.9801", "0.98", "0.99^2"],
    "derivative of the cross-entropy": ["-0.99", "-99/100"],
    "derivative of the squared error": ["-0.0196", "-0.019602", "2*(0.01 - 1)*0.01*0.99"],
    "for any label and prediction": ["2 (p - y) p (1 - p)", "2*(phat - y)*phat*(1 - phat)", "-2p(1-p)(y-p)"],
    "The largest number of float16": ["11.1", "11.09", "ln 65504", "log(65504)"],
    "Two logits are 1000 and 1001": ["0.313", "log(1 + exp(-1))", "0.452 bits"],
    "One-hot probabilities over ten classes": ["1.461", "log(1 + 9/e)", "log(e + 9) - 1"],
    "as one logarithm": ["log(sum_k exp(z_k - z_c))", "log(sum_j exp(z_j - z_c))",
                         "log(sum_k exp(z_k) / exp(z_c))"],
    "the logit starts at −20": ["21", "21.0", "1 + 20"],
    "does the escape time under squared error grow": ["20.06", "e^3", "exp(3)"],
    "A neuron should say 0": ["11.1", "1/(0.9*0.1)", "100/9"],
    "by z₀. Type z0": ["-1 - exp(z0)", "-(1 + e^z0)", "-e^z0 - 1"],
    "by the logit, for any label and output": ["(a - y) a (1 - a)", "a(1-a)(a-y)", "-(y - a)*a*(1 - a)"],
    "A start is ten logits": ["22026", "e^10", "exp(10)"],
    "A classifier reports": ["0.1", "1/10"],
}  # fmt: skip

USUAL_SLIPS = [
    ("What is the entropy of a fair coin", "0.693", "units"),
    ("You draw one card", "3.951", "units"),
    ("A model reports a loss of one bit", "1.4427", "inverted"),
    ("Four outcomes are equally likely", "1.816", "units"),
    ("Four outcomes are equally likely", "2", "swapped"),
    ("The label is 1, the logit is −12", "17.3", "units"),
    ("The label is 1, the logit is −12", "0", ""),
    ("The mean loss on a test set", "1.649", "inverted"),
    ("The mean loss on a test set", "0.393", "complement"),
    ("Treat the entries of q as free", "p_j/q_j", "sign"),
    ("Treat the entries of q as free", "-p_k/q_k", "index"),
    ("The truth p is a fair coin", "0.368", "swapped"),
    ("Now the coin p shows heads", "0.511", "swapped"),
    ("as a difference of two sums", "sum_k p_k log q_k - sum_k p_k log p_k", "sign"),
    ("Ten rolls of a three-sided die", "1.485", "units"),
    ("In N rolls", "sum_k p_k log q_k", "factor"),
    ("In N rolls", "N sum_k q_k log p_k", "swapped"),
    ("Subtract the entropy", "sum_k q_k log(q_k/p_k)", "swapped"),
    ("An example has the true class", "q_c", "logarithm"),
    ("The labels sum to one", "q_k - y_k", "index"),
    ("Now the labels need not", "y_j - q_j sum_k y_k", "sign"),
    ("Again q is the softmax", "q_j - q_k", ""),
    ("Again q is the softmax", "q_k (1 - q_j)", "delta"),
    ("What is the cross-entropy, in nats", "2", "units"),
    ("derivative of the squared error", "-0.0098", "factor"),
    ("The largest number of float16", "4.816", ""),
    ("Two logits are 1000 and 1001", "1.3133", ""),
    ("One-hot probabilities over ten classes", "0", ""),
    ("One-hot probabilities over ten classes", "2.108", "units"),
    ("as one logarithm", "log(sum_k exp(z_c - z_k))", ""),
    ("as one logarithm", "-log(sum_k exp(z_k - z_c))", "sign"),
    ("for any label and prediction", "(p - y) p (1 - p)", "factor"),
    ("for any label and prediction", "2 (p - y)", "slope"),
    ("by z₀. Type z0", "1 + exp(z0)", "sign"),
    ("by the logit, for any label and output", "2 (a - y) a (1 - a)", "factor"),
    ("by the logit, for any label and output", "a - y", "slope"),
]


def the_exercise(words):
    (found,) = [one for page in CHAPTERS for one in judged(page) if words in one.question]
    return found


@pytest.mark.parametrize(("words", "answers"), READERS_WAYS.items(), ids=list(READERS_WAYS))
def test_what_readers_type_for_the_right_answer_is_right(words, answers):
    exercise = the_exercise(words)
    assert [answer for answer in answers if not exercise.check(answer).right] == []


@pytest.mark.parametrize(("words", "answer", "hint"), USUAL_SLIPS)
def test_a_usual_slip_gets_the_hint_that_fits_it(words, answer, hint):
    said = the_exercise(words).check(answer)
    assert (said.outcome, said.mistake) == (Outcome.WRONG, hint), said


def test_every_judged_exercise_has_its_readers_ways():
    asked = [exercise for page in CHAPTERS for exercise in judged(page)]
    assert len(asked) == len(READERS_WAYS)
