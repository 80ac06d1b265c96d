"""The judge: proves a relation by normal form where it can, and asks the witness in every case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import islice, product, starmap
from math import prod
from threading import RLock
from typing import Any, TypeAlias

from sympy import Expr, Indexed, IndexedBase, Piecewise, Pow, Symbol

from ce.derivation.assumptions import World
from ce.derivation.normal_form.reader import Reader
from ce.derivation.normal_form.terms import Polynomial
from ce.derivation.numeric_check.evaluator import Witness
from ce.derivation.numeric_check.points import MP, POINTS, Point, exact
from ce.derivation.signs import positive
from ce.derivation.verdict import Grade, Refutation, TooLarge, Undefined, Unreadable, Verdict
from ce.formulas.functions import Node
from ce.formulas.names import base_of, bound_in
from ce.formulas.typeset import formula_text, number_text

TOLERANCE = MP.mpf(10) ** -40  # two sides differ where they are further apart, measured by 1 and their sizes
DERIVATIVE_TOLERANCE = MP.mpf(10) ** -18  # the same for a slope, which is taken from differences
_MAX_DIGITS = 6000
_MAX_CASES = 16
_ROUNDING = MP.mpf(10) ** -30

JUDGING = RLock()  # held while a step is judged: points of a world and the precision of their numbers are shared


class EngineError(AssertionError):
    """Normal form says equal, the witness says not: a fault of the engine, never of a step."""


Pair: TypeAlias = tuple[Callable[[Witness], Any], Callable[[Witness], Any]]
Wrong: TypeAlias = Callable[[Any, Witness], str]
"""What is wrong with how far two values are apart, at the point of a witness."""


class Judge:
    """Judges steps in one ``world``; the points and their values are kept between steps."""

    def __init__(self, world: World) -> None:
        self.world, self.reader = world, Reader(world)
        self._witnesses: list[Witness] = []
        self._drawn = filter(self.admits, (Witness(Point(world, number)) for number in range(20 * POINTS)))

    @staticmethod
    @lru_cache(maxsize=64)
    def of(world: World) -> Judge:
        """Return the judge of a world; worlds that assume the same share it, and the last ones are kept."""
        return Judge(world)

    def witnesses(self) -> Iterator[Witness]:
        """Yield a witness for each of the points, simple ones first."""
        for at in range(POINTS):
            with JUDGING:
                if at == len(self._witnesses):
                    self._witnesses += islice(self._drawn, 1)
            if at == len(self._witnesses):
                raise ValueError("World: no points found at which the declared expressions are positive")
            yield self._witnesses[at]

    def admits(self, witness: Witness) -> bool:
        """Return whether the declared conditions hold at a point."""
        conditions = [thing for thing in self.world.positive if not isinstance(thing, Symbol | IndexedBase)]
        try:
            inside = all(witness.value(one) > 0 for one in conditions) and all(map(witness.value, self.world.nonzero))
        except Undefined:
            return False
        for symbol in self.world.define if inside else ():
            with suppress(Undefined):  # what has no value contradicts nothing
                if isinstance(symbol, Symbol) and (wrong := misplaced(symbol, witness.value(symbol), self.world)):
                    raise ValueError(f"World: by its definition {Refutation(witness.point.described, why=wrong)}")
        return inside

    def equal(self, left: Expr, right: Expr) -> Verdict:
        """Judge left = right at every point of the world."""

        def same(first: Expr, second: Expr) -> bool:
            return self.reader.algebra.vanishes(self.reader.read(first) - self.reader.read(second))

        refutation = self.refuted((lambda now: now.value(left), lambda now: now.value(right)))
        proof = lambda: same(left, right) or all(starmap(same, self._in_cases(left, right)))  # noqa: E731
        return self.compared((left, right), proof, refutation)

    def _in_cases(self, *lines: Expr) -> list[tuple[Expr, ...]]:
        """Return some lines at all values of the symbols that have few; as they are where these are too many."""
        small = {i: range(1, n + 1) for i, n in self.world.in_range.items() if isinstance(n, int) and n <= _MAX_CASES}
        few: dict[Symbol, Sequence[Any]] = {**self.world.choices, **small}
        here = {symbol: few[symbol] for symbol in few if any(symbol in line.free_symbols for line in lines)}
        if prod(map(len, here.values())) > _MAX_CASES:
            return [lines]
        cases = (dict(zip(here, values, strict=True)) for values in product(*here.values()))
        return [tuple(line.subs(case) for line in lines) for case in cases]

    def unbroken(self, line: Expr) -> bool:
        """Return whether a line is seen to have a value at every point, and to be continuous there."""
        parts = [line, *self.world.define.values()]
        for part in parts:  # which grows
            parts += [*part.args, *([part.meaning()] if isinstance(part, Node) and part.has_meaning else [])]
        world = self.world.binding(*bound_in(line))
        powers = (part for part in parts if isinstance(part, Pow) and not part.exp.is_number)
        jumps = any(isinstance(one, Piecewise) for one in parts) or not all(positive(one.base, world) for one in powers)
        with suppress(Unreadable):
            return not jumps and not self.reader.domain(line) and not self.refuted((lambda now: now.value(line),) * 2)
        return False

    def excluded(self, left: Expr, right: Expr, *, both: bool = True, moving: Symbol | None = None) -> str:
        """Return in words at which points one side may have a value and the other none; empty for nowhere.

        No luck of the draw decides: they have to be excluded by name, in the world. Of a derivative the right side
        alone is asked (not ``both``), of a limit what is free of ``moving``.
        """
        try:
            first, second = map(self.reader.domain, (left, right))
        except Unreadable as error:
            return str(error)
        texts = dict[str, None]()  # in order
        for signed, (doubt, *_) in sorted(first ^ second if both else second - first):
            if moving and any(atom.mentions(str(moving)) for term, _ in doubt for atom, _ in term):
                continue
            part = self.reader.write(Polynomial(doubt))
            cases = self._in_cases(part)
            if signed or len(cases) == 1 or any(self.reader.algebra.zeros(self.reader.read(one)) for (one,) in cases):
                texts[f"{formula_text(part)} may be {'negative' if signed else '0'}"] = None
        return f"{', '.join(texts)}; exclude that in the world, by nonzero or positive" if texts else ""

    def fixed(self, by: Expr, *, whole: bool = False) -> str:
        """Return why something cannot vary, or, if it may be ``whole``, tend to anything; empty when it can."""
        world, base = self.world, base_of(by)
        if not isinstance(by, Symbol if whole else Indexed | Symbol):
            return f"expected a symbol or an element that varies, got {formula_text(by)}"
        if base in world.normalised:
            return f"the entries of {base} sum to one, so {formula_text(by)} cannot vary alone: impose it afterwards"
        if moved := [thing for thing, above in world.depends_on.items() if base in world.ingredients(above)]:
            names = ", ".join(sorted(map(formula_text, moved)))
            return f"how {names} varies with {formula_text(by)} is not said, only that it does: define it instead"
        fixed = (world.one_hot, world.labels, world.choices, world.values, world.in_range)
        if any(base in declared for declared in fixed) or (by.is_integer and not whole):
            return f"{formula_text(by)} takes separate values only and cannot vary"
        if by in world.define or base in world.defined_bases:
            return f"{formula_text(by)} is an abbreviation: vary what it is made of"
        return ""

    def unseen(self, thing: Expr, why: str, wrong: Callable[[Any], bool]) -> Verdict:
        """Return the verdict where something is not seen to be what it has to be: false at a point where it is not."""
        values = (lambda now: now.value(thing), lambda now: MP.zero)
        found = self.refuted(values, lambda gap, _: why if wrong(gap) else "")
        is_not = Refutation(found.point, why=why.replace("not seen to be", "not")) if found else None
        return Verdict.refused(is_not) if is_not else Verdict.undecided(why)

    def compared(
        self, lines: tuple[Expr, Expr], proof: Callable[[], bool], refutation: Refutation | None, *, both: bool = True
    ) -> Verdict:
        """Judge that two values are one: there is a proof, and no witness knows of a point where they differ."""
        proven, unproven = False, "the two sides have different normal forms"
        try:
            proven = proof()
        except Unreadable as error:
            unproven = str(error)
        if refutation and proven and refutation.residual:
            raise EngineError(f"normal form says yes to {lines[0]} and {lines[1]}, the witness says: {refutation}")
        if refutation:
            return Verdict.refused(refutation)
        if proven and (named := self.excluded(*lines, both=both)):
            unproven, proven = f"one side may have no value: {named}", False
        return Verdict(Grade.A, "normal form") if proven else Verdict.undecided(unproven)

    def refuted(self, values: Pair, wrong: Wrong | None = None, tolerance: Any = TOLERANCE) -> Refutation | None:
        """Return a point at which two values are ``wrong`` together, or one is missing; None without one.

        What is wrong is that they differ, unless ``wrong`` says in words what else it is.
        """
        for witness in self.witnesses():
            texts = ("", "", "")
            try:
                gap, left, right = settled(witness, lambda now: (values[0](now), values[1](now)), tolerance)
                why = wrong(gap, witness) if wrong else gap and "the two sides differ"
                if not why:
                    continue
                texts = number_text(left), number_text(right), number_text(abs(gap), 3)
            except TooLarge:
                continue  # nothing is known of this point
            except Undefined:
                why = "the two sides have no value with the digits at hand"
            fresh = witness.afresh()  # that only what is used here is shown
            for side, value in zip(("right", "left"), reversed(values), strict=True):
                try:
                    value(fresh)
                except Undefined as error:
                    why = why if texts[0] else f"the {side} side has no value ({error})"
            return Refutation(fresh.point.described, *texts, why)
        return None


def misplaced(symbol: Symbol, found: Any, world: World) -> str:
    """Return why a symbol cannot have a value; the ends of its range are allowed, and what rounding adds to them."""
    low, high = world.range_of(symbol)
    rows = (
        (low.is_finite and found < exact(low) - _ROUNDING, f"at least {formula_text(low)}"),
        (high.is_finite and found > exact(high) + _ROUNDING, f"at most {formula_text(high)}"),
        (symbol.is_integer and found != MP.floor(found), "a whole number"),
    )
    said = next((said for wrong, said in rows if wrong), "")
    return said and f"{formula_text(symbol)} would be {number_text(found)}, and it is {said}"


def settled(witness: Witness, compute: Callable[[Witness], tuple[Any, Any]], tolerance: Any) -> tuple[Any, Any, Any]:
    """Return how far two values are apart at a point, and both; a distance that rounding explains is 0.

    Where terms cancel, few of their digits are left, and a zero may seem none. So a distance counts only when
    it was computed with as many digits as the largest number on the way asks for.
    """
    digits, now = MP.dps, witness
    while digits <= _MAX_DIGITS:
        with MP.workdps(digits):
            try:
                left, right = compute(now)
                if abs(left - right) <= tolerance * (1 + abs(left) + abs(right)):
                    return MP.zero, left, right
                if now is not witness and now.digits <= digits:
                    return left - right, left, right
            except Undefined as error:
                now.sizes[0] = max(now.sizes) if now.lost else now.sizes[0]  # a denominator may be 0 by that
                if (isinstance(error, TooLarge) and not now.lost) or (now is not witness and now.digits <= digits):
                    raise
            digits = 2 * MP.dps if now is witness else now.digits + 20  # the first has met other lines' numbers
        now = witness.afresh()  # drawn again: 1/3 has all the digits then
    raise TooLarge("numbers too large to compare")


def value_at(witness: Witness, line: Expr) -> Any:
    """Return the value of a line at a point, with as many digits as terms that cancel ask for."""
    return settled(witness, lambda now: (now.value(line), MP.zero), tolerance=-1)[0]
