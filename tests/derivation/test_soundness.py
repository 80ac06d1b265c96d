"""No false step is accepted, no true one rejected, no normal form changes a value: measured, seeds fixed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from sympy import Integer, Rational, Sum

from ce.derivation import EngineError, Equal, World, judge
from ce.derivation.judge import Judge
from ce.derivation.normal_form import summation
from ce.derivation.normal_form.algebra import Algebra
from ce.derivation.normal_form.reader import Reader
from ce.derivation.normal_form.terms import Polynomial
from ce.symbols import K, k, q
from tests.derivation.mutations import OPERATORS, is_true, mutated
from tests.derivation.oracle import OraclePoint
from tests.derivation.random_sums import WORLDS, random_sum
from tests.derivation.soundness import book_steps, try_derivatives, try_mutations, try_sums

MUTATIONS = 3_000
SUMS = 10_000
STEPS = book_steps()


@pytest.mark.parametrize("part", range(3))  # which two processes can share
def test_no_mutated_step_of_the_book_is_accepted_unless_it_is_true(part: int) -> None:
    count = try_mutations(MUTATIONS // 3, seed=2 + part)
    assert count.accepted_falsely == []
    assert count.tried == MUTATIONS // 3
    assert count.false_steps >= 0.83 * MUTATIONS / 3, "the mutations must be false ones to mean anything"
    assert set(count.kinds) == {*OPERATORS, "limit"}
    assert set(count.relations) == {step.step.word for step in STEPS}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.key}, step {step.number}")
def test_the_oracle_agrees_that_a_step_of_the_book_is_true(step) -> None:
    assert is_true(step) is True


@pytest.mark.parametrize("part", range(5))
def test_the_normal_form_changes_no_value_of_random_nested_sums(part: int) -> None:
    valued, rewritten, failures = try_sums(SUMS // 5, seed=100 + part)
    assert failures == []
    assert valued > 0.95 * SUMS / 5
    assert rewritten > 0.8 * SUMS / 5, "the normal form must have had something to do"


def test_the_derivative_of_random_nested_sums_is_the_slope_of_their_values() -> None:
    moved, failures = try_derivatives(1_000, seed=9)
    assert failures == []
    assert moved > 300


def test_random_sums_reuse_the_names_of_outer_and_free_indices() -> None:
    random, clashes = Random(1), 0
    for _ in range(1_000):
        expression = random_sum(random, WORLDS[0])
        clashes += any(
            inner is not outer and inner.limits[0][0] == outer.limits[0][0]
            for outer in expression.atoms(Sum)
            for inner in outer.function.atoms(Sum)
        )
    assert clashes > 25


def test_a_broken_normal_form_is_found_by_the_random_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure must be able to fail: let a sum forget its size."""
    one = Polynomial.number(1)
    forgetful = lambda self: iter(() if self.monomial else (one,))  # noqa: E731
    monkeypatch.setattr(summation.SumOfProduct, "_eliminated", forgetful)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Judge, "of", classmethod(lambda cls, world: cls(world)))
        assert try_sums(200, seed=5)[2] != []


def test_a_broken_judge_is_found_by_the_mutations(monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge that believes everything accepts false steps, and the count says so."""
    monkeypatch.setattr(Judge, "refuted", lambda *_, **__: None)
    monkeypatch.setattr(Algebra, "vanishes", lambda *_: True)
    assert try_mutations(50, seed=7).accepted_falsely != []


def test_the_oracle_knows_a_false_step_from_a_true_one() -> None:
    world = World(normalised=(q,))
    point = OraclePoint(world, seed=1)
    assert point.value(Sum(q[k], (k, 1, K))) == pytest.approx(1)
    assert point.value(Sum(2 * q[k], (k, 1, K))) == pytest.approx(2)
    assert point.value(Sum(Rational(1, 2), (k, 1, K))) == point.size(K) / 2


def test_a_mutation_changes_the_step() -> None:
    random = Random(4)
    changed = Counter()
    for step in STEPS:
        found = mutated(step, random)
        if found is not None:
            changed[replace(found, kind=step.kind) != step] += 1
    assert changed[False] == 0
    assert changed[True] > len(STEPS) / 3


def test_the_two_witnesses_must_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the normal form calls a false step true, that is reported as a fault of the engine."""
    world = World()
    monkeypatch.setattr(Reader, "read", lambda self, expression, scope=None: Polynomial())
    with pytest.raises(EngineError, match="the witness says"):
        judge(Sum(q[k], (k, 1, K)), Equal(Integer(7)), world)
