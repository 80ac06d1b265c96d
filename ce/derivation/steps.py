"""The steps an author writes: the next line, how it follows, and why. Each step judges itself."""
# ruff: noqa: D102  (what a step judges stands at its class)

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from itertools import chain, product
from typing import Any, ClassVar, dataclass_transform

from sympy import Add, Expr, Indexed, IndexedBase, Max, Min, Piecewise, Rational, Sum, Symbol, evaluate, nan, sympify
from sympy.core.function import AppliedUndef

from ce.derivation.assumptions import World
from ce.derivation.judge import DERIVATIVE_TOLERANCE, JUDGING, TOLERANCE, Judge, misplaced, value_at
from ce.derivation.numeric_check.evaluator import Witness
from ce.derivation.numeric_check.points import DIGITS, MP, exact
from ce.derivation.signs import Lemma, nonnegative, positive, regions, signs
from ce.derivation.verdict import Grade, TooLarge, Undefined, Unreadable, Verdict
from ce.formulas.names import base_of, bound_in, names_in, no_numbers_in, renamed
from ce.formulas.operators import Expectation, Extremum, Largest, NormalExpectation
from ce.formulas.typeset import differentiated, formula_text, listed_text, number_text, printed_alike, typeset
from ce.references import author_and_year

ZERO, ONE = map(sympify, (0, 1))
_KINDS = {"Expr": Expr, "tuple[Expr, Expr]": tuple, "Mapping[Expr, Expr]": Mapping, "Callable[[Expr], Expr]": Callable}
_KINDS |= {"Lemma": Lemma}
_SIGN_CHANGE = "a change of sign within half a unit of the last digit"
_MAX_SPLITS = 4  # so deep may cases stand in cases


@dataclass_transform(frozen_default=True, kw_only_default=True)
@dataclass(frozen=True)
class Step:
    """One line of a derivation: its expression and the reason for it.

    ``word`` names the step in messages; ``sign`` says how the line before compares with this one; ``varies`` is the
    field with what it varies or gives a value to; ``anew`` says that the left-hand side changes, so that the step
    starts from the last line that equals it (all but ``Apply``); ``of_minimisers`` that it may follow an arg min;
    ``by_cases`` that it may be judged in each branch of a max alone. A subclass is a frozen dataclass.
    """

    word: ClassVar[str]
    sign: ClassVar[str] = "="
    varies: ClassVar[str] = ""
    anew: ClassVar[bool] = False
    of_minimisers: ClassVar[bool] = False
    by_cases: ClassVar[bool] = False
    expr: Expr
    because: str = ""

    def __init_subclass__(cls, **traits: str | bool) -> None:
        for name, value in traits.items():
            setattr(cls, name, value)
        dataclass(frozen=True, kw_only=True)(cls)

    def __post_init__(self) -> None:
        for own in fields(self):
            given = getattr(self, own.name)
            if own.type == "Expr" and given is not None:
                object.__setattr__(self, own.name, given := sympify(given))
            if isinstance(given, Mapping):
                object.__setattr__(self, own.name, given := {left: sympify(right) for left, right in given.items()})
            parts = (*given, *given.values()) if isinstance(given, Mapping) else ()
            if not (isinstance(given, _KINDS.get(str(own.type), object)) and all(isinstance(p, Expr) for p in parts)):
                raise ValueError(f"{type(self).__name__}: expected {own.type} as {own.name}, got {given!r}")

    name = property(lambda self: self.word)  # as messages give it
    relation = property(lambda self: self.sign)  # as the page shows it
    reason = property(lambda self: self.because)  # and the reason
    shown = property(lambda self: typeset(self.expr))  # and the line, in LaTeX

    @property
    def along(self) -> list[Any]:
        """What the step varies, or gives a value to: symbols and bases."""
        things = getattr(self, self.varies) if self.varies else ()
        return [*map(base_of, things if isinstance(things, Mapping | tuple) else [things])]

    def reached(self, before: Expr, world: World) -> Step:
        """Return the step with its line worked out, where that is computed and not written."""
        return self

    def next_head(self, head: str) -> str:
        """Return LaTeX of the left-hand side, given that before the step; empty where it stays."""
        return ""

    @abstractmethod
    def verdict(self, before: Expr, world: World) -> Verdict:
        """Judge that the line follows from the one before; see :func:`judge`."""


def judge(before: Expr, step: Step, world: World) -> Verdict:
    """Judge one step: whether its line follows from the one before in this world.

    The grade is A to D when the step, such as ``Equal(line)`` or ``Derivative(line, by=z[j])``, stands; F, with a
    :class:`Refutation`, when it is false; U when it is neither proven nor refuted.

    Raises
    ------
    ValueError
        When the question itself is wrong, such as a limit at a number without a side.

    Examples
    --------
    >>> from sympy import Sum
    >>> from ce.symbols import K, k, q
    >>> judge(Sum(q[k], (k, 1, K)), Equal(1), World(normalised=(q,))).grade.name
    'A'
    >>> judge(Sum(q[k], (k, 1, K)), Equal(1), World()).refutation.where
    'K = 1, q = (1/2)'
    """
    before = sympify(before)
    if not isinstance(before, Expr) or not isinstance(step, Step):
        raise ValueError(f"expected an expression and a step from it, such as Equal(line), got {before!r} and {step!r}")
    told = [before, *(getattr(step, own.name) for own in fields(step))]
    said = chain(told, *((*one, *one.values()) for one in told if isinstance(one, Mapping)))
    lines = [one for one in said if isinstance(one, Expr | IndexedBase)]
    made = frozenset[Any]().union(*map(world.ingredients, lines))
    lines += [body for left, body in world.define.items() if base_of(left) in made]
    for problem in _misread(lines, made, world):
        raise Unreadable(problem)
    with JUDGING:
        try:
            verdict = _judged(before, step.reached(before, world), world)
        except TooLarge as error:
            return Verdict.undecided(str(error))
        except Undefined as error:
            return Verdict.refused(f"the line cannot be computed: {error}")
        except RecursionError:
            raise Unreadable("the lines are nested too deeply to be read; break the step up") from None
    normal = frozenset[Any]().union(*(line.atoms(NormalExpectation) for line in lines))
    if verdict.holds and not all(positive(node.args[3], world) for node in normal):
        return Verdict.undecided("a normal variable's deviation is not seen to be positive")
    if verdict.grade is Grade.A and normal:
        return replace(verdict, grade=Grade.B, how=f"{verdict.how}, and SymPy's normal moments")
    return verdict


def _misread(lines: list[Any], made: frozenset[Any], world: World) -> Iterator[str]:
    """Yield why some lines, ``made`` of these things, would be read otherwise than they are judged."""
    for part in chain(*map(no_numbers_in, lines)):
        yield f"expected numbers, and what is made of them, got {part} of type {type(part).__name__}"
    if name := printed_alike((*lines, *made)):
        yield f"two different symbols are called {name}; give one of them another name"
    for thing in made.union(*map(bound_in, lines)):  # no more is known where points are drawn
        known = {name: True for name in ("real", "nonnegative", "positive", "integer") if thing.assumptions0.get(name)}
        if thing.assumptions0 != Symbol("s", **known).assumptions0:
            yield f"expected {thing} as real, nonnegative, positive or integer; say in the world what else it is"
    for index, thing in chain(*(product(bound_in(line), names_in(line)) for line in lines)):
        if index != thing and index in world.ingredients(thing):
            yield f"{thing} varies with {index}, over which the line sums or integrates: write it out"
    if any(len(node.args) > 6 for line in lines for node in line.atoms(Max, Min)):
        yield "a max or min of more than six takes too long; write Largest, over an index"
    own = Judge.of(world).reader.facts.size  # which is not printed
    for inside, index, size in (node.args[-3:] for line in lines for node in line.atoms(Expectation, Largest)):
        for base, *places in (one.args for one in inside.atoms(Indexed)):
            ends = {own(most) for at, most in zip(places, world.shape(base, len(places)), strict=True) if at == index}
            if ends - {own(size)}:
                yield f"expected a mean, or a maximum, over all entries of {base}, got one over 1, …, {size}"


def _judged(before: Expr, step: Step, world: World, splits: int = 0, spelled: tuple[Expr, ...] = ()) -> Verdict:
    """Judge a step as it stands or, where that decides nothing, in each region in which max is one branch."""
    verdict = step.verdict(before, world)
    if verdict.grade is not Grade.U or not step.by_cases or splits > _MAX_SPLITS or isinstance(before, Extremum):
        return verdict
    names = [name for name in ("expr", "slack") if isinstance(getattr(step, name, None), Expr)]
    worst = Verdict(Grade.A, "normal form")
    try:
        lines = (before, *(getattr(step, name) for name in names))
        parts = regions(lines, world, spelled or lines)
        for part in parts:
            first, *others = part.lines
            if part.boundary and isinstance(step, Derivative):
                raise ValueError(f"there may be no derivative where {part.where}; exclude that by nonzero")
            inside = replace(step, **dict(zip(names, others, strict=True)))
            there = _judged(first, inside, part.world, splits + 1, part.spelled)
            if there.grade is Grade.F and not part.boundary:
                return there
            asked = there.holds and not any(line.has(Piecewise) for line in part.lines[:2])  # else further in
            both = not isinstance(step, Derivative)
            if asked and (named := Judge.of(part.world).excluded(*part.spelled[:2], both=both)):
                raise ValueError(f"where {part.where}, one side may have no value: {named}")
            if not there.holds:
                raise ValueError(f"where {part.where}, {there.how}")
            worst = max(worst, there, key=lambda one: one.grade)
    except ValueError as error:
        return Verdict.undecided(str(error))
    return replace(worst, how=f"{worst.how}, by cases") if parts else verdict


class Equal(Step, word="=", by_cases=True, of_minimisers=True):
    """The line equals the one before; where both say arg min over one thing, the objectives are equal."""

    def verdict(self, before: Expr, world: World) -> Verdict:
        after = self.expr
        if isinstance(before, Extremum) and type(before) is type(after) and before.over == after.over:
            before, after = before.objective, after.objective
        return Judge.of(world).equal(before, after)


class Derivative(Step, word="derivative", varies="by", by_cases=True, anew=True):
    """The line is the derivative of the one before; what it is by must be free: no Σq = 1 imposed on it."""

    by: Expr

    def next_head(self, head: str) -> str:
        return differentiated(head, self.by)

    def verdict(self, before: Expr, world: World) -> Verdict:
        judge, after = Judge.of(world), self.expr
        if problem := judge.fixed(self.by):
            return Verdict.refused(problem)

        def proven() -> bool:
            read, algebra = judge.reader.read, judge.reader.algebra
            ((((variable, _),), _),) = read(self.by).items()
            return algebra.vanishes(algebra.derivative(read(before), variable) - read(after))

        def slope(witness: Witness) -> Any:  # from the values a very small step to both sides: 26 of 65 digits are lost
            step = MP.mpf(10) ** -26 * (abs(here := witness.value(self.by)) or 1)
            above, below = (witness.shifted(self.by, here + offset).value(before) for offset in (step, -step))
            return (above - below) / (2 * step)

        refutation = judge.refuted((slope, lambda now: now.value(after)), tolerance=DERIVATIVE_TOLERANCE)
        return judge.compared((before, after), proven, refutation, both=False)


class At(Step, word="put in", varies="put", anew=True):
    """The line is the one before with something put in: ``{q[k]: p[k]}``, ``{logit: 0}``.

    At an open end of a range all lines ``since`` the first have to be continuous; nan stands for what is not.
    """

    put: Mapping[Expr, Expr]
    since: tuple[Expr, ...] = ()

    def next_head(self, head: str) -> str:
        alike = lambda pair: getattr(pair[0], "indices", 0) == getattr(pair[1], "indices", 1)  # noqa: E731
        shown = [map(base_of, pair) if alike(pair) else pair for pair in self.put.items()]
        return rf"\left. {head} \right|_{{" + r",\,".join(" = ".join(map(typeset, pair)) for pair in shown) + "}"

    def verdict(self, before: Expr, world: World) -> Verdict:
        for verdict in chain(map(Verdict.refused, self._cannot(before, world)), self._outside(world)):
            return verdict
        # What was there gets another name, and so does all that is made of it: then nothing is assumed of what is
        # put in, and two things can be exchanged.
        end = next((one.how for one in self._outside(world, strict=True)), "") if len(self.since) > 1 else ""
        bases, lines = {*self.along}, (before, *(self.since if end else ()))
        varied = {one for one in chain(*map(world.ingredients, lines)) if world.ingredients(one) & bases} - bases
        made = {left: body for left, body in world.define.items() if base_of(left) in varied}
        if others := varied.difference(map(base_of, made)):
            return Verdict.refused(f"{listed_text(others)} varies with what is put in: write it out first")
        mark = "′" * (1 + f"{lines} {self} {world}".count("′"))  # a name that nothing has
        names = {thing: type(thing)(f"{thing}{mark}", real=True) for thing in {*bases, *map(base_of, made)}}
        fresh = {renamed(left, names): body for left, body in self.put.items()}
        fresh |= {renamed(left, names): renamed(body, names) for left, body in made.items()}
        shapes = {new: world.shapes[old] for old, new in names.items() if old in world.shapes}
        there = Judge.of(world.but(define={**world.define, **fresh}, shapes={**world.shapes, **shapes}))
        if broken := [formula_text(line) for line in lines[1:] if not there.unbroken(renamed(line, names))]:
            return Verdict.undecided(f"{end}, nor {broken[0]} to be continuous, with a value, as far as there")
        with evaluate(False):  # what cancels has to have a value, too
            before = Add(renamed(before, names), *(0 * new for new in fresh if isinstance(new, Symbol)))
        return there.equal(before, self.expr)

    def _cannot(self, before: Expr, world: World) -> Iterator[str]:
        """Yield why these things cannot be put in."""
        put, bases = self.put, self.along
        bodies = frozenset[Any]().union(*map(world.ingredients, put.values()))
        for base, (left, body) in zip(bases, put.items(), strict=True):
            indices = getattr(left, "indices", ())
            if not (isinstance(left, Symbol | Indexed) and all(isinstance(at, Symbol) for at in indices)):
                yield f"expected a symbol or all entries of a base, as in q[k], to put in for, got {left}"
            if body.has(base):
                yield f"expected something free of {base} to put in for it, got {body}"
            others = {one.indices for one in before.atoms(Indexed) if one.base == base} - {indices}
            if others and world.in_range.keys() & {*indices}:
                yield f"{left} is one entry here, and all are put in for: write a free index, as in q[k]"
            if any(base in world.ingredients(parameter) for parameter in world.depends_on.values()):
                yield f"how other things depend on {base} is not said, so no value can be put in for it"
        if gone := world.ingredients(self.expr).intersection(bases) - bodies:
            yield f"expected a line free of {listed_text(gone)}, for which something was put in, got {self.expr}"
        again = set() if set(put) == set(put.values()) else bodies.intersection(bases)  # an exchange, or not
        if again or len(set(bases)) < len(bases):
            yield f"expected one value for each thing, and none that holds another, got {listed_text(put)}"

    def _outside(self, world: World, *, strict: bool = False) -> Iterator[Verdict]:
        """Yield why what is put in is not, or is not seen to be, what the world says of it; ends if ``strict``."""
        bases, judge = {*self.along}, Judge.of(world)
        told = {name: [one for one in getattr(world, name) if one not in bases] for name in ("positive", "nonzero")}
        touched = {name: [one for one in said if world.ingredients(one) & bases] for name, said in told.items()}
        for name, wrong in (("positive", {-1, strict - 1}), ("nonzero", {0})):  # an end is allowed, as of a range
            for one in touched[name]:
                there = one.xreplace(dict(self.put))
                if wrong.intersection(signs(there, world.without(**touched))):
                    why = f"{formula_text(one)} is {name} here, and not seen to be with what is put in"
                    shown = judge.unseen(there, why, lambda value: int(MP.sign(value)) in wrong)  # noqa: B023
                    yield Verdict.undecided(why) if world.ingredients(there) & bases else shown  # more to put in
        for left, body in self.put.items():
            thing, name, value = base_of(left), formula_text(left), formula_text(body)
            if thing in {*world.define, *world.defined_bases}.difference(world.one_hot):
                yield Verdict.refused(f"{name} is an abbreviation: put in what it is made of")
                continue
            low, high = world.range_of(thing)
            is_open = strict and not left.is_integer and (thing in world.intervals or world.sign(thing) == 2)
            seen, more, less = (positive, "more than", "less than") if is_open else (nonnegative, "at least", "at most")
            for end, gap, side in ((low, body - low, more), (high, high - body, less)):
                if end.is_finite and not (seen(gap, world) or seen(gap.together(), world)):
                    why = f"{name} is {side} {formula_text(end)}, and {value} is not seen to be"
                    yield judge.unseen(gap, why, lambda gap: gap < 0 or (is_open and not gap))  # noqa: B023
            facts, size = judge.reader.facts, world.in_range.get(thing, world.labels.get(thing))
            if size is not None and not facts.in_range(judge.reader.index(body, {}), facts.size(size)):
                why = f"{name} is one of 1, …, {formula_text(size)}, and {value} is not seen to be"
                yield judge.unseen(size - body, why, lambda gap: gap < 0)
            if any(thing in told for told in (world.one_hot, world.values, world.fixed)):
                yield Verdict.refused(f"{thing} has its values by what the world says: nothing can be put in for it")
            if (left.is_integer and not body.is_integer) or body not in world.choices.get(thing, (body,)):
                why = f"{name} takes separate values, and {value} is not seen to be one of them"
                yield (Verdict.refused if body.is_number else Verdict.undecided)(why)
            if thing in world.normalised:
                *outer, (last, size) = zip(left.indices, world.shape(thing, len(left.indices)), strict=True)
                inside = world.but(in_range={**world.in_range, **dict(outer)})
                if not (there := Judge.of(inside).equal(Sum(body, (last, 1, size)), ONE)).holds:
                    why = f"the entries of {thing} sum to one, and those put in are not seen to"
                    yield (Verdict.refused if there.grade is Grade.F else Verdict.undecided)(why)


class Rounded(Step, word="about", sign="≈", subject="the line", how="computed with as many digits as it needs"):
    """The line before as a decimal number to so many ``digits``, computed here and not typed."""

    subject: ClassVar[str]
    how: ClassVar[str]
    expr: Expr = field(default=nan, kw_only=False)
    digits: int = 3

    shown = property(lambda self: f"{Decimal(f'{int(Rational(self.expr) * 10**self.digits)}E-{self.digits}'):f}")

    def reached(self, before: Expr, world: World) -> Step:
        if not (isinstance(self.digits, int) and 0 <= self.digits <= DIGITS):
            raise ValueError(f"{type(self).__name__}: expected 0 to {DIGITS} digits, got {self.digits}")
        if self.expr is not nan:
            return self
        value, scale = self._value(before, world), 10**self.digits
        if abs(value) * scale > 10**DIGITS:
            raise Undefined(f"expected at most {DIGITS} digits in all, got {number_text(value)} to {self.digits} more")
        return replace(self, expr=Rational(int(MP.nint(value * scale)), scale))

    def verdict(self, before: Expr, world: World) -> Verdict:
        if not (self.expr * 10**self.digits).is_Integer:  # it would be printed as another one
            return Verdict.refused(f"expected a number of {self.digits} decimals, got {formula_text(self.expr)}")
        value, close = self._value(before, world), MP.mpf(10) ** -self.digits / 2
        if abs(value) > 10**DIGITS * close or abs(value - exact(self.expr)) > close * (1 + TOLERANCE):
            said = f"{formula_text(float(self.expr))} to {self.digits} decimals"
            return Verdict.refused(f"{self.subject} is {number_text(value)}, not {said}")
        return Verdict(Grade.C, self.how)

    def _value(self, before: Expr, world: World) -> Any:
        """Return the number with as many digits as it needs."""
        valued = {*self.along, *world.define, *world.defined_bases, *world.values, *world.fixed, *world.one_hot}
        any_of = chain(*(line.atoms(AppliedUndef) for line in (before, *world.define.values())))
        if varying := world.ingredients(before).union(any_of) - valued:
            raise Undefined(f"expected what is one number, got {before}, which may vary with {listed_text(varying)}")
        return self._computed(before, next(Judge.of(world).witnesses()))

    def _computed(self, before: Expr, witness: Witness) -> Any:
        """Return the number at a point of the world: that at any other would be the same."""
        return value_at(witness, before)


class Root(Rounded, word="root", varies="variable", anew=True, subject="the root", how=_SIGN_CHANGE):
    """A root of the line before, set to zero, between two numbers, as a decimal number."""

    variable: Symbol
    between: tuple[Expr, Expr]

    def next_head(self, head: str) -> str:
        return rf"0 \text{{ at }} {typeset(self.variable)}"

    def verdict(self, before: Expr, world: World) -> Verdict:
        verdict, (low, high), ends = super().verdict(before, world), world.range_of(self.variable), self.between
        between = {self.variable: (max(low, sympify(ends[0])), min(high, sympify(ends[-1])))}
        worlds = (world.but(intervals={**world.intervals, **more}) for more in ({}, between))
        if not verdict.holds or any(Judge.of(one).unbroken(before) for one in worlds):
            return verdict
        return Verdict.undecided("the line changes its sign, and is not seen to be continuous: it may jump over 0")

    def _computed(self, before: Expr, witness: Witness) -> Any:
        ends, world = tuple(map(sympify, self.between)), witness.point.world
        if not (all(end.is_Rational for end in ends) and len(ends) == 2 and ends[0] < ends[1]):
            raise Undefined(f"expected a root between two rational numbers, got {self.between}")
        told = f"expected a line that varies with a symbol, got {before} and {self.variable}"
        varies = self.variable in world.ingredients(before) and isinstance(self.variable, Symbol)
        if problem := Judge.of(world).fixed(self.variable) if varies else told:
            raise Undefined(problem)

        def value(at: Any) -> Any:
            return value_at(witness.shifted(self.variable, at), before)

        low, high = map(exact, ends)
        if (before_it := value(low)) * value(high) > 0:
            raise Undefined(f"expected a change of sign between {ends[0]} and {ends[1]}, got none")
        high = high if before_it else low
        while low < (root := (low + high) / 2) < high and high - low > TOLERANCE**2:  # a root at 0 has no last digit
            there = value(root) * before_it
            low, high = root if there >= 0 else low, root if there <= 0 else high
        is_open = self.variable in world.intervals or world.sign(self.variable) > 1
        finite = [end for end in world.range_of(self.variable) if is_open and end.is_finite]
        at_end = any(abs(root - exact(end)) <= TOLERANCE for end in finite)
        admitted = not at_end and Judge.of(world).admits(witness.shifted(self.variable, root))
        excluded = "" if admitted else f"the root is {number_text(root, 6)}, which the world excludes"
        if problem := misplaced(self.variable, root, world) or excluded:
            raise Undefined(problem)
        return root


class Cite(Step, word="cited", sign="⟹", of_minimisers=True):
    """The line is a theorem of the literature, named by its key in ``references.bib``; nothing is proven."""

    source: str

    reason = property(lambda self: ": ".join(filter(None, (self.because, author_and_year(self.source)))))

    def verdict(self, before: Expr, world: World) -> Verdict:
        numbers = not (world.ingredients(before) or world.ingredients(self.expr)) and before != self.expr
        if numbers and (equal := Judge.of(world).equal(before, self.expr)).grade is Grade.F:
            return equal  # no theorem leads from one number to another
        try:
            return Verdict(Grade.D, author_and_year(self.source))
        except KeyError as error:
            raise ValueError(f"Cite: {error.args[0]}") from None
