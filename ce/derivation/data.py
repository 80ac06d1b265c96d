"""What a derivation says and what was found of it: the data that is judged, printed and listed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.derivation.assumptions import World
from ce.derivation.inequalities import Apply
from ce.derivation.minimisers import ArgMax, ArgMin
from ce.derivation.steps import Derivative, Step
from ce.derivation.verdict import Grade, Refutation, RefutedStep, Undefined, Verdict


@dataclass(frozen=True, eq=False)
class Counterexample:
    """A condition that is ``dropped``, in words, and the step that fails without it: the lines do not change.

    ``step`` is its number, the first being 1; ``world`` the world without the condition. With ``from_start`` the
    step is judged from the first line and not from the one before: what fails is the claim as a whole. ``moral``
    is what a reader should take from it.
    """

    dropped: str
    step: int
    world: World
    from_start: bool = False
    moral: str = ""

    @property
    def when(self) -> str:
        """When the step fails, as the beginning of a sentence."""
        return f"Without “{self.dropped}”"


@dataclass(frozen=True, eq=False)
class Slip:
    """A common slip: what is done by ``mistake``, as a clause such as "p and q are swapped", and the step that fails.

    ``before`` and ``after`` are the lines of the slip where they are not those of the step, and ``world`` what a
    changed line needs declared where that is not the world of the derivation. ``moral`` is what a reader should
    take from it.
    """

    mistake: str
    step: int
    before: Expr | None = None
    after: Expr | None = None
    world: World | None = None
    moral: str = ""

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            raise ValueError(
                f"Slip “{self.mistake}”: expected a changed line, before or after, got none; "
                "a condition that is dropped is a Counterexample"
            )

    @property
    def when(self) -> str:
        """When the step fails, as the beginning of a sentence."""
        return f"When {self.mistake},"


@dataclass(frozen=True)
class Formalisation:
    """The theorem ``name`` of a proof assistant's ``library`` that a derivation shows, or of which it shows a case.

    ``url`` is the file that declares it; ``whole`` says that the theorem is the whole claim, or more, and not a
    part of it; ``note`` how the two differ, as the end of a sentence: "for all finite measures".
    """

    library: str
    name: str
    url: str
    whole: bool = True
    note: str = ""

    @property
    def words(self) -> tuple[str, str]:
        """What is said before the name, and after it."""
        before = "Formalised" if self.whole else "A part is formalised"
        return f"{before} in {self.library} as", f", {self.note}" if self.note else ""


# How the left-hand side compares with a line, after a line it compares so with and a step of that sign.
_COMPOSED = {("=", sign): sign for sign in "=≥≤≈⟹"} | {(sign, then): sign for sign in "≥≤" for then in ("=", sign)}
_BOUNDS = (
    "only bounds the left-hand side from {}: it may be followed by = and {}, or by a derivative, a limit or "
    "a value put in, which start from the line that equals it"
)
_SAID = {
    "≥": _BOUNDS.format("below", "≥"),
    "≤": _BOUNDS.format("above", "≤"),
    "≈": "is a decimal number and not exact: put it last, and derive what follows from the exact line",
    "⟹": "is cited and not proven here: put it last, and derive what follows from it on its own",
}


@dataclass(frozen=True)
class _Chain:
    """Where a derivation stands: how the left-hand side compares with its current line.

    Each step is judged on two lines alone; whether they make one statement is a matter of how they compose: from
    f ≥ g and g = h follows f ≥ h, but nothing follows for the derivative of f. So a step that changes the
    left-hand side (a derivative, a limit, a value put in) starts from the last line that *equals* it, whatever
    bounds stand in between. ``gone`` has a value by now or went to its limit: the left-hand side is free of it.
    """

    line: Expr
    equal: Expr
    sign: str = "="
    gone: frozenset[Any] = frozenset()

    def premise(self, step: Step) -> Expr:
        """Return the line that a step starts from."""
        return self.equal if step.anew and not step.keeps_bound else self.line

    def broken(self, step: Step) -> str:
        """Return why a step cannot follow here, empty when it can."""
        if self.sign in ("≈", "⟹") or not (step.anew or (self.sign, step.sign) in _COMPOSED):
            return f"the line before it {_SAID[self.sign]}"
        if again := sorted(map(str, self.gone.intersection(step.along))):
            return f"{', '.join(again)} has a value by now: start again from the line before it was put in"
        if not step.of_minimisers and isinstance(self.premise(step), ArgMin | ArgMax):
            return (
                "the line before it says where something is smallest or largest: it may be followed by an "
                "equal objective, by the same minimisers, or by a citation"
            )
        return ""

    def after(self, step: Step, world: World) -> _Chain:
        """Return the chain with a step's line added."""
        line = step.expr
        sign = step.sign if step.anew else _COMPOSED[self.sign, step.sign]
        equal = step.function(self.equal) if isinstance(step, Apply) else self.equal
        fixed = () if isinstance(step, Derivative) else map(world.ingredients, step.along)
        return _Chain(line, line if sign == "=" else equal, sign, self.gone.union(*fixed))


@dataclass(frozen=True, eq=False)
class DerivationData:
    """The fields of a :class:`ce.derivation.Derivation`, and the lines they lead to."""

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
        problem, count = "", len(self.steps)
        if not self.steps or not all(isinstance(step, Step) for step in self.steps):
            problem = f"expected a tuple of one or more steps, got {self.steps!r}"
        for example in self.counterexamples:
            if not 1 <= example.step <= count:
                problem = f"expected a counter-example to one of the steps 1..{count}, got {example.step}"
            elif isinstance(example, Counterexample) and example.world == self.world:
                problem = (
                    f"expected a world without “{example.dropped}”, got the world of the derivation itself; "
                    "a line that is changed is a Slip"
                )
        if problem:
            raise ValueError(f"Derivation {self.claim}: {problem}")

    @property
    def key(self) -> str:
        """The claim and its part, as in ``"G2 softmax"``."""
        return f"{self.claim} {self.part}".strip()

    @property
    def lines(self) -> tuple[Expr, ...]:
        """All lines, the first included."""
        return (self.start, *(step.expr for _, step in self.moves))

    @cached_property
    def moves(self) -> tuple[tuple[Expr, Step], ...]:
        """For each step the line that it starts from, and the step with its own line worked out.

        Raises
        ------
        RefutedStep
            When a step cannot follow where it stands, such as an equality after a rounded number.
        """
        chain, found = _Chain(self.start, self.start), []
        for number, step in enumerate(self.steps, start=1):
            step = step.within(chain.equal, chain.sign)  # noqa: PLW2901
            before, problem = chain.premise(step), chain.broken(step)
            try:
                reached = step if problem else step.reached(before, self.world)
            except Undefined as error:
                problem = f"the line cannot be computed: {error}"
            if problem:
                raise RefutedStep(self.key, number, step.name, (chain.line, step.expr), Refutation(why=problem))
            found.append((before, reached))
            chain = chain.after(reached, self.world)
        return tuple(found)


class CheckedStep(NamedTuple):
    """A step with the line that it starts from and its verdict."""

    before: Expr
    step: Step
    verdict: Verdict

    @property
    def line(self) -> Expr:
        """The line that the step arrives at."""
        return self.step.expr


@dataclass(frozen=True)
class Refuted:
    """A counter-example or a slip, with the refutation found for it."""

    example: Counterexample | Slip
    verdict: Verdict

    @property
    def found(self) -> str:
        """Where the two sides differ, and their values: "at K = 2 its two sides are 0 and 1"."""
        found = self.verdict.refutation
        assert found is not None
        place = f"at {found.where} " if found.point else ""
        if found.residual:
            return f"{place}its two sides are {found.left_value} and {found.right_value}"
        return f"{place}{found.why}" + (f": {found.left_value}, not {found.right_value}" if found.left_value else "")

    def words(self) -> str:
        """Return it as a sentence or two."""
        moral = f" {self.example.moral}" if self.example.moral else ""
        return f"{self.example.when} step {self.example.step} fails: {self.found}.{moral}"


@dataclass(frozen=True, eq=False)
class CheckedData:
    """A derivation every step of which stands, and what was found against its counter-examples."""

    derivation: DerivationData
    steps: tuple[CheckedStep, ...]
    refutations: tuple[Refuted, ...]
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
