"""Mistakes made on purpose in every exercise: none is accepted, and the right row of the table fits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sympy import Expr, Sum, log

from ce.derivation import World
from ce.exercises import Exercise, Names, NumberExercise, Outcome, written
from ce.exercises.mistakes import MISTAKES, likely_mistake
from ce.exercises.task import Task
from ce.symbols import K, N, j, k, p, q, y, z
from tests.exercises.book_exercises import SYMBOLIC, divergence, negative_log_likelihood, softmax_jacobian

SPOILT: dict[str, tuple[str, Callable[[Expr], Expr]]] = {
    "a wrong sign": ("sign", lambda e: -e),
    "twice too large": ("factor", lambda e: 2 * e),
    "half too small": ("factor", lambda e: e / 2),
    "N times too large": ("factor", lambda e: N * e),
    "N times too small": ("factor", lambda e: e / N),
    "K times too large": ("factor", lambda e: K * e),
    "K times too small, and the sign": ("factor", lambda e: -e / K),
    "in bits": ("units", lambda e: e / log(2)),
    "in bits back to front": ("units", lambda e: e * log(2)),
    "in hartleys, and the sign": ("units", lambda e: -e / log(10)),
    "upside down": ("inverted", lambda e: 1 / e),
    "one minus it": ("complement", lambda e: 1 - e),
}


@pytest.mark.parametrize("mistake", SPOILT)
@pytest.mark.parametrize("name", SYMBOLIC)
def test_a_mistake_made_on_purpose_is_recognised(name: str, mistake: str) -> None:
    exercise = SYMBOLIC[name]
    hint, spoil = SPOILT[mistake]
    feedback = exercise.check(written(spoil(exercise.line)))
    assert feedback.outcome is Outcome.WRONG
    # an answer may be undefined upside down; then no hint is given, and none that is false
    assert feedback.mistake == hint or (hint == "inverted" and "no value" in feedback.message)


@pytest.mark.parametrize("exercise", [divergence, negative_log_likelihood])
def test_an_answer_off_by_something_else_gets_no_hint(exercise: Exercise) -> None:
    for spoilt in (exercise.line * 3, exercise.line**2 + 1, exercise.line + 1):
        feedback = exercise.check(written(spoilt))
        assert feedback.outcome is Outcome.WRONG
        assert feedback.mistake == ""
        assert feedback.difference is not None


def test_an_index_that_runs_over_examples_is_told_from_one_over_classes() -> None:
    exercise = Exercise("?", -Sum(p[k] * log(p[k]), (k, 1, K)), World(normalised=(p,)), Names(p, q))
    feedback = exercise.check("-sum_n p_n log p_n")
    assert feedback.mistake == "range"
    assert "here it runs up to N, and j, k, l, m, c, x up to K" in feedback.message
    opposite = exercise.check("sum_n p_n log p_n")
    assert opposite.mistake == "range"
    assert "have the sign the other way round, and you meant n" in opposite.message


def test_exchanged_indices_are_recognised() -> None:
    task = Task(q[j] * p[k], World(in_range={j: K, k: K}), Names(p, q))
    assert likely_mistake(q[k] * p[j], task) == ("index", "have j and k exchanged")


def test_an_index_is_not_renamed_into_a_sum_over_it() -> None:
    task = Task(q[j] * Sum(p[k] * y[k], (k, 1, K)), World(in_range={j: K, k: K}), Names(p, q, y))
    assert likely_mistake(q[k] * Sum(p[k] * y[k], (k, 1, K)), task)[0] == "index"
    assert likely_mistake(q[j] * Sum(p[j] * y[k], (k, 1, K)), task)[0] == ""


def test_logits_are_not_swapped_with_probabilities() -> None:
    task = Task(z[j] * p[j], World(in_range={j: K}), Names(p, z, y))
    assert likely_mistake(z[j] * y[j], task)[0] == "swapped"
    assert likely_mistake(p[j] * y[j], task)[0] == ""


def test_a_constant_is_named_only_for_a_declared_parameter_on_which_the_answer_depends() -> None:
    world, names = World(normalised=(p, q)), Names(p, q)
    answer, other = divergence.line, divergence.line + Sum(p[k] ** 2, (k, 1, K))
    assert likely_mistake(other, Task(answer, world, names, parameter=q))[0] == "constant"
    assert likely_mistake(other, Task(answer, world, names))[0] == ""
    free = Sum(p[k] ** 3, (k, 1, K))
    assert likely_mistake(Sum(p[k] ** 2, (k, 1, K)), Task(free, world, names, parameter=q))[0] == ""


def test_a_slip_that_is_expected_gets_its_own_words_in_every_spelling_and_none_may_be_the_answer() -> None:
    line, world, names = Sum(p[k] * log(p[k]), (k, 1, K)), World(normalised=(p,)), Names(p)
    exercise = Exercise("?", line, world, names, slips={"squared the weights": Sum(p[k] ** 2 * log(p[k]), (k, 1, K))})
    assert str(exercise.check("-sum_k p_k^2 log(1/p_k)")) == "wrong: you probably squared the weights"
    with pytest.raises(ValueError, match="expected another line where a reader wrote it so, got"):
        Exercise("?", line, world, names, slips={"wrote it so": line})
    with pytest.raises(ValueError, match="expected another number where a reader rounded it, got"):
        NumberExercise("?", log(2), slips={"rounded it": 0.693})


def test_every_row_of_the_table_is_exercised_here() -> None:
    elsewhere = {"slip", "sum", "index", "range", "swapped", "logarithm", "delta", "slope", "constant"}
    assert {row.name for row in MISTAKES} == elsewhere | {hint for hint, _ in SPOILT.values()}


def test_a_forgotten_sum_over_two_indices_is_named_with_both() -> None:
    exercise = Exercise("?", Sum(p[k] * q[j], (k, 1, K), (j, 1, K)), World(), Names(p, q))
    assert "forgot to sum over j and k" in exercise.check("p_k q_j").message
    assert "forgot to sum over j" in exercise.check("sum_k p_k q_j").message


def test_the_jacobian_is_symmetric_so_exchanged_indices_are_right() -> None:
    assert softmax_jacobian.check("p_j ([j=k] - p_k)").right
