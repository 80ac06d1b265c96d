"""A derivation: a claim, its conditions, a chain of steps, and what happens when a condition is dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter
from typing import Any, NamedTuple

from sympy import Expr, IndexedBase, nan, sympify

from ce.cards import Card
from ce.derivation.assumptions import World
from ce.derivation.inequalities import Apply, AtLeast, AtMost, Minimum, Solve
from ce.derivation.limits import Limit
from ce.derivation.steps import At, Cite, Derivative, Step, judge
from ce.derivation.verdict import Grade, Refutation, RefutedStep, UndecidedStep, Undefined, Unreadable, Verdict
from ce.formulas.operators import Extremum
from ce.references import Formalisation
from ce.symbols import DISTRIBUTIONS


@dataclass(frozen=True, eq=False)
class Counterexample:
    """A condition that is ``dropped``, in words, and the step that fails without it: the lines do not change.

    ``step`` is its number, the first being 1; ``world`` the world without the condition; ``moral`` what a reader should
    take from it. With ``from_start`` the step is judged from the first line: what fails is the claim as a whole.
    """

    dropped: str
    step: int
    world: World
    from_start: bool = False
    moral: str = ""

    heading = "What fails when a condition is dropped"
    when = property(lambda self: f"Without “{self.dropped}”")  # the step fails, as the beginning of a sentence


@dataclass(frozen=True, eq=False)
class Slip:
    """A common slip: what is done by ``mistake``, as a clause such as "p and q are swapped", and the step that fails.

    ``before`` and ``after`` are the lines of the slip where they are not those of the step, ``world`` what a changed
    line needs declared where that is not the world of the derivation, ``moral`` what a reader should take from it.
    """

    mistake: str
    step: int
    before: Expr | None = None
    after: Expr | None = None
    world: World | None = None
    moral: str = ""

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            raise ValueError(f"Slip “{self.mistake}”: expected a changed line; a dropped condition is a Counterexample")

    heading = "A common slip, and how it fails"
    when = property(lambda self: f"When {self.mistake},")


_SAID = {
    sign: f"only bounds the left-hand side from {side}: it may be followed by = and {sign}, or by a derivative, a "
    "limit or a value put in, which start from the line that equals it"
    for sign, side in (("≥", "below"), ("≤", "above"))
} | {
    "≈": "is a decimal number and not exact: put it last, and derive what follows from the exact line",
    "⟹": "is cited and not proven here: put it last, and derive what follows from it on its own",
}


def _broken(step: Step, before: Expr, sign: str, gone: frozenset[Any], *, solved: bool) -> str:
    """Return why a step cannot follow where it stands, empty when it can."""
    if sign in ("≈", "⟹") or not (step.anew or sign == "=" or step.sign in ("=", sign)):
        return f"the line before it {_SAID[sign]}"
    if solved and step.anew:
        return "the left-hand side says where something is 0 by now: it may be followed by =, ≥ or ≤ alone"
    if again := sorted(map(str, gone.intersection(step.along))):
        return f"{', '.join(again)} has a value by now: start again from the line before it was put in"
    if not step.of_minimisers and isinstance(before, Extremum):
        followed = "an equal objective, by the same minimisers, or by a citation"
        return f"the line before it says where something is smallest or largest: it may be followed by {followed}"
    return ""


@dataclass(frozen=True, eq=False, repr=False)
class Derivation:
    r"""A claim and its derivation, not yet checked.

    - ``claim``, ``part``: its number in the ledger, such as ``"L2"``, and which of its derivations this is.
    - ``title``, ``conclusion``: what is shown, in words, and what follows from it.
    - ``conditions``, ``world``: the conditions, in words with LaTeX in ``\(…\)``, and the same for the judge.
    - ``start``, ``steps``: the first line, and the steps from there.
    - ``head``: LaTeX of what the first line is, such as ``L(\theta)``; empty for none.
    - ``counterexamples``: what fails when a condition is dropped, and the common slips; ``check`` refutes each.
    - ``source``: the code that makes it, for a reader to change.
    - ``formalised``: the theorem of a proof assistant that it shows, where there is one.

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

    claim: str
    title: str
    conditions: tuple[str, ...]
    world: World
    start: Expr
    steps: tuple[Step, ...]
    head: str = ""
    conclusion: str = ""
    counterexamples: tuple[Counterexample | Slip, ...] = ()
    part: str = ""
    source: str = ""
    formalised: Formalisation | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", sympify(self.start))
        problem, count = "", len(self.steps) if isinstance(self.steps, tuple) else 0
        if not count or isinstance(self.conditions, str) or not all(isinstance(step, Step) for step in self.steps):
            problem = f"expected tuples, of conditions and of steps, got {self.conditions!r} and {self.steps!r}"
        for example in self.counterexamples:
            if not 1 <= example.step <= count:
                problem = f"expected a counter-example to one of the steps 1..{count}, got {example.step}"
            elif isinstance(example, Counterexample) and example.world == self.world:
                problem = f"expected a world without “{example.dropped}”, got the same; a changed line is a Slip"
        if problem:
            raise ValueError(f"Derivation {self.claim}: {problem}")

    key = property(lambda self: f"{self.claim} {self.part}".strip(), doc='The claim and its part, as in "G2 softmax".')

    lines = property(lambda self: (self.start, *(step.expr for _, step in self.moves)), doc="All lines, as written.")

    @cached_property
    def moves(self) -> tuple[tuple[Expr, Step], ...]:
        """For each step the line that it starts from, and the step with its line; RefutedStep if it cannot follow."""
        # Each step is judged on two lines alone; whether they make one statement is a matter of how they compose: from
        # f ≥ g and g = h follows f ≥ h, but nothing for the derivative of f. So a step that changes the left-hand side
        # starts from the last line that equals it. What is gone has a value by now: the left-hand side is free of it.
        line = equal = self.start
        sign, gone, found, since = "=", frozenset[Any](), list[tuple[Expr, Step]](), [equal]
        for number, step in enumerate(self.steps, start=1):
            if isinstance(step, Apply):
                step = step.within(equal, sign)  # noqa: PLW2901
            if isinstance(step, At):
                step = replace(step, since=tuple(since))  # noqa: PLW2901
            before = equal if step.anew and not isinstance(step, Apply) else line
            problem = _broken(step, before, sign, gone, solved=any(isinstance(one, Solve) for _, one in found))
            try:
                reached = step if problem else step.reached(before, self.world)
            except Undefined as error:
                problem = f"the line cannot be computed: {error}"
            if problem:
                raise RefutedStep(self.key, number, step.name, (line, step.expr), Refutation(why=problem))
            found.append((before, reached))
            line, sign = reached.expr, step.sign if step.anew or sign == "=" else sign
            equal = line if sign == "=" else step.of(equal) if isinstance(step, Apply) else equal
            since += [nan, equal] if isinstance(step, At | Limit | Solve) else [equal]  # at an end, a limit may differ
            if not isinstance(step, Derivative | Apply):
                gone = gone.union(*map(self.world.ingredients, step.along))
        return tuple(found)

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
            try:
                verdict = judge(before, step, self.world)
            except Unreadable as error:
                raise Unreadable(f"{self.key}, step {number} ({step.name}): {error}") from None
            if verdict.refutation:
                failure = UndecidedStep if verdict.grade is Grade.U else RefutedStep
                raise failure(self.key, number, step.name, (before, step.expr), verdict.refutation)
            checked.append(CheckedStep(before, step, verdict))
        examples = sorted(self.counterexamples, key=lambda one: isinstance(one, Slip))  # dropped conditions first
        refuted = tuple(Refuted(example, self._refute(example)) for example in examples)
        return CheckedDerivation(self, tuple(checked), refuted, perf_counter() - start)

    def _refute(self, example: Counterexample | Slip) -> Refutation:
        """Return why a step fails without one of its conditions, or with a slip in it."""
        (before, step), world = self.moves[example.step - 1], example.world or self.world
        if isinstance(example, Slip):
            before = before if example.before is None else sympify(example.before)
            step = step if example.after is None else replace(step, expr=example.after)
            if example.world and (before, step) == self.moves[example.step - 1]:
                raise ValueError(f"{self.key}: expected a changed line, got the same: {example.when} …")
            if isinstance(step, AtLeast | AtMost):  # the bound has to fail, and not its slack alone
                step = replace(step, slack=None)
        elif example.from_start:
            before = self.start
            if any(one.anew or one.sign not in ("=", step.sign) for _, one in self.moves[: example.step]):
                raise ValueError(f"{self.key}: step {example.step} says nothing of the first line: {example.when} …")
        pmfs = [base for base in DISTRIBUTIONS if base not in {*self.world.normalised} - {*world.normalised}]
        verdict = refuted_by_pmfs(before, step, world, pmfs) or judge(before, step, world)
        slip = isinstance(example, Slip) and isinstance(step, Minimum) and verdict.refutation
        if slip and "slope" in slip.sides:  # of which the bound has to fail, too
            verdict = judge(before, (AtLeast if step.sign == "≥" else AtMost)(step.expr), world)
        if verdict.grade is not Grade.F or verdict.refutation is None:
            said = f"expected it to be refuted, but it is graded {verdict.grade.name}: {example.when} …"
            raise AssertionError(f"{self.key}, step {example.step}: {said}")
        return verdict.refutation

    def __repr__(self) -> str:
        return f"{self.key}: {self.title} (not checked yet: call .check())"


def refuted_by_pmfs(before: Expr, step: Step, world: World, pmfs: Iterable[IndexedBase]) -> Verdict | None:
    """Refute a step where what stands for probabilities sums to one, by numbers; None where that does not do it.

    Numbers that refute it there refute it in the wider world, too, and a reader sees probabilities.
    """
    settled = {*world.normalised, *world.one_hot, *world.defined_bases, *world.values}
    free = tuple(base for base in pmfs if base not in settled)
    if not world.ingredients(before).union(world.ingredients(step.expr)).intersection(free):
        return None
    verdict = judge(before, step, world.but(normalised=(*world.normalised, *free)))
    # Without a point it would be another reason, such as that entries with a sum cannot vary alone.
    return verdict if verdict.refutation and verdict.refutation.point else None


class CheckedStep(NamedTuple):
    """A step with the line that it starts from and its verdict."""

    before: Expr
    step: Step
    verdict: Verdict


class Refuted(NamedTuple):
    """A counter-example or a slip, and how its step fails."""

    example: Counterexample | Slip
    refutation: Refutation

    def words(self) -> str:
        """Return it as a sentence or two."""
        moral = f" {self.example.moral}" if self.example.moral else ""
        return f"{self.example.when} step {self.example.step} fails: {self.refutation.found}.{moral}"


@dataclass(frozen=True, eq=False, repr=False)
class CheckedDerivation(Card):
    """A derivation every step of which stands, and what was found against its counter-examples."""

    derivation: Derivation
    steps: tuple[CheckedStep, ...]
    refutations: tuple[Refuted, ...]
    seconds: float

    weakest = property(lambda self: max(step.verdict.grade for step in self.steps), doc="Grade of the weakest step.")

    @property
    def sources(self) -> tuple[str, ...]:
        """What is cited and not proven, as keys of the references."""
        return tuple(dict.fromkeys(step.source for _, step, _ in self.steps if isinstance(step, Cite)))
