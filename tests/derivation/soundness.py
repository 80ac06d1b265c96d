"""Soundness, measured: mutated steps of the book and random nested sums, as many as one likes.

``python -m tests.derivation.soundness --mutations 100000 --sums 100000 --derivatives 10000`` reports what was
tried, and fails if a false step was accepted, or a normal form or a derivative has another value.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from sympy import Add, Expr
from tqdm import tqdm

from ce.claims import all_claims
from ce.derivation import Cite, Root, Rounded, Unreadable, World, judge
from ce.derivation.judge import Judge
from ce.symbols import c, j, v, z
from tests.derivation.mutations import MutatedStep, is_true, mutated, slope
from tests.derivation.oracle import NoValueError, OraclePoint
from tests.derivation.random_sums import WORLDS, random_sum


@dataclass
class Count:
    """What was tried, and what went wrong."""

    tried: int = 0
    false_steps: int = 0
    kinds: Counter = field(default_factory=Counter)
    relations: Counter = field(default_factory=Counter)
    grades: Counter = field(default_factory=Counter)
    accepted_falsely: list[str] = field(default_factory=list)


def normal_form(expression: Expr, world: World) -> Expr:
    """Return the normal form of an expression, with the same value at every point of the world."""
    reader = Judge.of(world).reader
    return reader.write(reader.read(expression))


def equal_in_normal_form(left: Expr, right: Expr, world: World) -> bool:
    """Return whether the normal form proves two expressions equal; no point is asked."""
    reader = Judge.of(world).reader
    return reader.algebra.vanishes(reader.read(left) - reader.read(right))


def book_steps() -> list[MutatedStep]:
    """Return every step of the book that can be judged by its two lines, as it stands."""
    return [
        MutatedStep(claim.key, number, "none", before, step, claim.derivation.world)
        for claim in all_claims()
        for number, (before, step) in enumerate(claim.derivation.moves, start=1)
        if not isinstance(step, Cite | Rounded | Root)
    ]


def mutations(seed: int) -> Iterator[MutatedStep]:
    """Yield mutated steps without end, from every step of the book in turn."""
    random, steps = Random(seed), book_steps()
    while True:
        for step in random.sample(steps, len(steps)):
            try:
                found = mutated(step, random)
            except (TypeError, ValueError, IndexError, ZeroDivisionError):
                continue  # SymPy refuses to build it
            if found is not None:
                yield found


def try_mutations(number: int, seed: int) -> Count:
    """Judge mutated steps and count; a false one that is accepted is kept."""
    count = Count()
    source = mutations(seed)
    for _ in tqdm(range(number), desc="mutated steps", disable=number < 5000):
        step = next(source)
        count.tried += 1
        count.kinds[step.kind] += 1
        count.relations[step.step.word] += 1
        try:
            verdict = judge(step.before, step.step, step.world)
        except ValueError:  # unreadable, or the question is refused: not accepted
            count.grades["refused"] += 1
            continue
        count.grades[verdict.grade.name] += 1
        truth = is_true(step)
        count.false_steps += truth is False
        if verdict.holds and truth is not True:
            count.accepted_falsely.append(f"{step}  graded {verdict.grade.name}, truth {truth}")
    return count


def try_sums(number: int, seed: int) -> tuple[int, int, list[str]]:
    """Compare random sums with their normal form; return how many had a value, were rewritten, failed."""
    random, valued, rewritten, failures = Random(seed), 0, 0, []
    for at in tqdm(range(number), desc="random sums", disable=number < 20000):
        world = WORLDS[at % len(WORLDS)]
        expression = random_sum(random, world)
        point = OraclePoint(world, seed=random.randrange(10**9))
        try:
            value = point.value(expression)
        except NoValueError:
            continue
        try:
            form = normal_form(expression, world)
        except Unreadable as error:
            failures.append(f"{expression} is unreadable: {error}")
            continue
        valued += 1
        rewritten += form != expression
        try:
            gap = 1e8 * abs(point.value(form) - value)
            same = gap <= 1 + abs(value) or gap <= 1 + abs(value) + _size(expression, point)
        except NoValueError as error:
            failures.append(f"{expression} -> {form} has no value: {error}")
            continue
        if not same:
            failures.append(f"{expression} -> {form}: {value} -> {point.value(form)} at seed {point.seed}")
    return valued, rewritten, failures


def try_derivatives(number: int, seed: int) -> tuple[int, list[str]]:
    """Compare derivatives of random sums with differences of their values; return what moved, what failed."""
    random, moved, failures = Random(seed), 0, []
    for at in tqdm(range(number), desc="derivatives", disable=number < 5000):
        world = WORLDS[at % len(WORLDS)]
        expression = random_sum(random, world)
        by = random.choice((z[j], v[j], v[c]))
        point = OraclePoint(world, seed=random.randrange(10**9))
        reader = Judge.of(world).reader
        ((((variable, _),), _),) = reader.read(by).items()
        form = reader.write(reader.algebra.derivative(reader.read(expression), variable))
        try:
            expected, found = slope(expression, by, point), point.value(form)
            size = _size(expression, point)
        except NoValueError:
            continue
        moved += expected != 0
        if abs(expected - found) > 1e-5 * (1 + abs(expected) + size):
            failures.append(f"{expression} by {by}: {found}, should be {expected}")
    return moved, failures


def _size(expression: object, point: OraclePoint) -> float:
    """Return the size of the terms, against which rounding is measured."""
    try:
        return sum(abs(point.value(term)) for term in Add.make_args(expression))
    except NoValueError:
        return 0.0


def main() -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=0)
    parser.add_argument("--sums", type=int, default=0)
    parser.add_argument("--derivatives", type=int, default=0)
    parser.add_argument("--seed", type=int, default=2)
    options = parser.parse_args()
    count = try_mutations(options.mutations, options.seed)
    print(f"{count.tried} mutated steps, {count.false_steps} false; grades {dict(count.grades)}")
    print(f"kinds {dict(count.kinds)}; relations {dict(count.relations)}")
    valued, rewritten, failures = try_sums(options.sums, options.seed)
    print(f"{valued} random sums with a value, {rewritten} rewritten by the normal form")
    moved, wrong = try_derivatives(options.derivatives, options.seed)
    print(f"{moved} derivatives of random sums that are not zero")
    problems = [*count.accepted_falsely, *failures, *wrong]
    for problem in problems:
        print("FAILED", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
