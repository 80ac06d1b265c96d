"""A derivation: a claim, its conditions, a chain of steps, and what happens when a condition is dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

from sympy.core.expr import Expr

from ce.derivation.assumptions import World
from ce.derivation.data import CheckedData, CheckedStep, Counterexample, DerivationData, Refuted, Slip
from ce.derivation.html import bundle
from ce.derivation.steps import Step, judge
from ce.derivation.verdict import Grade, RefutedStep, UndecidedStep, Verdict
from ce.symbols import DISTRIBUTIONS


@dataclass(frozen=True, eq=False)
class CheckedDerivation(CheckedData):
    """A checked derivation, as a notebook and the book show it."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return bundle(self)


@dataclass(frozen=True, eq=False)
class Derivation(DerivationData):
    r"""A claim and its derivation, not yet checked.

    Parameters
    ----------
    claim
        Its number in the ledger, such as ``"L2"``.
    title
        What is shown, in words.
    conditions
        The conditions of the claim, in words with LaTeX in ``\(…\)``.
    world
        The same conditions, for the judge.
    start
        The first line.
    steps
        The steps from there.
    head
        LaTeX of what the first line is, such as ``L(\theta)``; empty for none.
    counterexamples
        What fails when a condition is dropped, and the common slips; ``check`` refutes each.
    formalised
        The theorem of a proof assistant that this derivation shows, where there is one.

    Examples
    --------
    >>> from sympy import Sum
    >>> from ce.derivation import Equal, World
    >>> from ce.symbols import K, k, q
    >>> total = Sum(2 * q[k], (k, 1, K))
    >>> proof = Derivation("X", "Twice one", (), World(normalised=(q,)), total, (Equal(2, "q sums to one"),))
    >>> proof.check().weakest.name
    'A'
    """

    def check(self) -> CheckedDerivation:
        """Judge every step and every counter-example, and return the derivation with its grades.

        Raises
        ------
        RefutedStep
            When a step is false; the message names it and a point at which its two sides differ.
        UndecidedStep
            When a step is neither refuted nor proven.
        AssertionError
            When a counter-example is not refuted: then the condition was not needed, or the judge is blind.
        """
        start, checked = perf_counter(), []
        for number, (before, step) in enumerate(self.moves, start=1):
            verdict = judge(before, step, self.world)
            if verdict.refutation is not None:
                failure = UndecidedStep if verdict.grade is Grade.U else RefutedStep
                raise failure(self.key, number, step.name, (before, step.expr), verdict.refutation)
            checked.append(CheckedStep(before, step, verdict))
        refuted = [Refuted(example, self.refute(example)) for example in self.counterexamples]
        return CheckedDerivation(self, tuple(checked), tuple(refuted), perf_counter() - start)

    def refute(self, example: Counterexample | Slip) -> Verdict:
        """Return what the judge says of a step without one of its conditions, or with a slip in it."""
        before, step = self.moves[example.step - 1]
        world = example.world or self.world
        if isinstance(example, Slip):
            before = before if example.before is None else example.before
            step = step if example.after is None else replace(step, expr=example.after)
        elif example.from_start:
            before = self.start
        verdict = self._with_distributions(before, step, world) or judge(before, step, world)
        if verdict.grade is not Grade.F:
            raise AssertionError(
                f"{self.key}, step {example.step}: expected it to be refuted, but it is graded "
                f"{verdict.grade.name}: {example.when} …"
            )
        return verdict

    def _with_distributions(self, before: Expr, step: Step, world: World) -> Verdict | None:
        """Refute the step where what stands for probabilities sums to one, unless that is what was dropped.

        Numbers that refute it there refute it in the wider world, too, and a reader sees probabilities.
        """
        fixed = {*world.normalised, *world.one_hot, *world.defined_bases, *world.values}
        dropped = {*self.world.normalised} - {*world.normalised}
        free = tuple(base for base in DISTRIBUTIONS if base not in fixed | dropped)
        if not world.ingredients(before).union(world.ingredients(step.expr)).intersection(free):
            return None
        verdict = judge(before, step, world.but(normalised=(*world.normalised, *free)))
        # Without a point it would be another reason, such as that entries with a sum cannot vary alone.
        return verdict if verdict.refutation and verdict.refutation.point else None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": f"{self.claim}: {self.title} (not checked yet: call .check())"}
