"""A derivation: a claim, its conditions, a chain of steps, and what happens when a condition is dropped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from time import perf_counter

from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.derivation.chain import Chain
from ce.derivation.display import bundle
from ce.derivation.relations import judge
from ce.derivation.steps import Step
from ce.derivation.verdict import Grade, Refutation, RefutedStep, Verdict
from ce.derivation.world import World

__all__ = ["CheckedDerivation", "CheckedStep", "Counterexample", "Derivation", "RefutedCounterexample"]


@dataclass(frozen=True, eq=False)
class Counterexample:
    """A condition that is dropped, and the step that fails without it.

    Parameters
    ----------
    dropped
        The condition, in words.
    step
        Number of the step that must be refuted, the first being 1.
    world
        The world without the condition.
    before, after
        The two lines, where they are not those of the step.
    moral
        What a reader should take from it.
    """

    dropped: str
    step: int
    world: World
    before: Expr | None = None
    after: Expr | None = None
    moral: str = ""


@dataclass(frozen=True, eq=False)
class Derivation:
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
    where
        Named abbreviations, as LaTeX: ``(("S", r"\\sum_l e^{z_l}"),)`` is made from expressions by the
        printer.
    counterexamples
        What fails when a condition is dropped; each is refuted in the tests.

    Examples
    --------
    >>> from sympy import Sum
    >>> from ce.derivation import Equal
    >>> from ce.symbols import K, k, q
    >>> total = Sum(2 * q[k], (k, 1, K))
    >>> proof = Derivation("X", "Twice one", (), World(normalised=(q,)), total, (Equal(2, "q sums to one"),))
    >>> proof.check().weakest.name
    'A'
    """

    claim: str
    title: str
    conditions: tuple[str, ...]
    world: World
    start: Expr
    steps: tuple[Step, ...]
    head: str = ""
    conclusion: str = ""
    counterexamples: tuple[Counterexample, ...] = ()
    part: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", sympify(self.start))
        if not self.steps or not all(isinstance(step, Step) for step in self.steps):
            raise ValueError(
                f"Derivation {self.claim}: expected a tuple of one or more steps, got {self.steps!r}"
            )
        for example in self.counterexamples:
            if not 1 <= example.step <= len(self.steps):
                raise ValueError(
                    f"Derivation {self.claim}: expected a counter-example to one of the steps "
                    f"1..{len(self.steps)}, got {example.step}"
                )

    @property
    def key(self) -> str:
        """The claim and its part, as in ``"G2 softmax"``."""
        return f"{self.claim} {self.part}".strip()

    @property
    def lines(self) -> tuple[Expr, ...]:
        """All lines, the first included."""
        return (self.start, *(line for _, line in self.moves))

    @cached_property
    def moves(self) -> tuple[tuple[Expr, Expr], ...]:
        """For each step the line that it starts from and the line that it arrives at.

        Raises
        ------
        RefutedStep
            When a step cannot follow where it stands, such as an equality after a rounded number.
        """
        chain, found = Chain.at(self.start), []
        for number, step in enumerate(self.steps, start=1):
            if problem := chain.broken(step):
                refutation = Refutation(chain.line, step.expr, why=problem)
                raise RefutedStep(self.key, number, step.relation.name, refutation)
            before = chain.premise(step)
            found.append((before, step.line(before, self.world)))
            chain = chain.after(step, found[-1][1])
        return tuple(found)

    def check(self) -> CheckedDerivation:
        """Judge every step and return the derivation with its grades.

        Raises
        ------
        RefutedStep
            When a step is false; the message names it and a point at which its two sides differ.
        """
        start, checked = perf_counter(), []
        for number, (step, (before, line)) in enumerate(zip(self.steps, self.moves, strict=True), start=1):
            verdict = judge(before, line, step.relation, self.world)
            if verdict.refutation is not None:
                raise RefutedStep(self.key, number, step.relation.name, verdict.refutation)
            checked.append(CheckedStep(number, step, line, verdict))
        return CheckedDerivation(self, tuple(checked), perf_counter() - start)

    def refute(self, example: Counterexample) -> Verdict:
        """Return what the judge says of a step in the weaker world of a counter-example."""
        before, after = self.moves[example.step - 1]
        before = before if example.before is None else example.before
        after = after if example.after is None else example.after
        return judge(before, after, self.steps[example.step - 1].relation, example.world)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": f"{self.claim}: {self.title} (not checked yet: call .check())"}


@dataclass(frozen=True)
class CheckedStep:
    """A step with its verdict."""

    number: int
    step: Step
    line: Expr
    verdict: Verdict


@dataclass(frozen=True)
class RefutedCounterexample:
    """A counter-example with the refutation found for it."""

    example: Counterexample
    verdict: Verdict

    def words(self) -> str:
        """Return the counter-example as a sentence or two."""
        found = self.verdict.refutation
        assert found is not None
        place = f" at {found.where}" if found.point else ""
        if found.residual:
            values = f" its two sides are {found.left_value} and {found.right_value}"
        else:
            values = f" {found.why}" + (
                f": {found.left_value}, not {found.right_value}" if found.left_value else ""
            )
        moral = f" {self.example.moral}" if self.example.moral else ""
        return f"Without “{self.example.dropped}” step {self.example.step} fails:{place}{values}.{moral}"


@dataclass(frozen=True, eq=False)
class CheckedDerivation:
    """A derivation every step of which stands."""

    derivation: Derivation
    steps: tuple[CheckedStep, ...]
    seconds: float

    @property
    def weakest(self) -> Grade:
        """The grade of the weakest step."""
        return max(step.verdict.grade for step in self.steps)

    @property
    def sources(self) -> tuple[str, ...]:
        """What is cited and not proven, as keys of the references."""
        cited = (getattr(checked.step, "source", "") for checked in self.steps)
        return tuple(dict.fromkeys(source for source in cited if source))

    def refutations(self) -> tuple[RefutedCounterexample, ...]:
        """Return the counter-examples with what the judge found.

        Raises
        ------
        AssertionError
            When a counter-example is not refuted: then the condition was not needed, or the judge is blind.
        """
        found = []
        for example in self.derivation.counterexamples:
            verdict = self.derivation.refute(example)
            if verdict.holds:
                raise AssertionError(
                    f"{self.derivation.key}, step {example.step}: expected it to fail without "
                    f"“{example.dropped}”, but it is graded {verdict.grade.name}"
                )
            found.append(RefutedCounterexample(example, verdict))
        return tuple(found)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return bundle(self)
