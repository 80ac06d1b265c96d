"""The judge: proves a relation by normal form where it can, and asks the witness in every case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from time import perf_counter
from typing import Any
from weakref import WeakKeyDictionary

from sympy import Indexed, IndexedBase, Symbol, pretty, simplify
from sympy.core.expr import Expr

from ce.derivation.calculus import derivative
from ce.derivation.errors import EngineError, Undefined, Unreadable
from ce.derivation.reading import Reader
from ce.derivation.sampling import MP, POINTS, Point, element_key, symbol_key
from ce.derivation.terms import Polynomial, add, scale, single
from ce.derivation.verdict import Grade, Refutation, Verdict, number_text
from ce.derivation.witness import Witness
from ce.derivation.world import World
from ce.derivation.writing import Writer

__all__ = ["Judge"]

_TOLERANCE = MP.mpf(10) ** -40
_DERIVATIVE_TOLERANCE = MP.mpf(10) ** -18
_STEP = MP.mpf(10) ** -12
_SIMPLIFIER_SIZE = 120
_MAX_CASES = 16

_judges: WeakKeyDictionary[World, Judge] = WeakKeyDictionary()


class Judge:
    """Judges steps in one world; the points and their values are kept between steps.

    Parameters
    ----------
    world
        The assumptions.
    seed
        Chooses the random points.
    """

    def __init__(self, world: World, seed: int = 0) -> None:
        self.world, self.reader = world, Reader(world)
        self._seed = seed
        self._witnesses: list[Witness] = []

    @classmethod
    def of(cls, world: World) -> Judge:
        """Return the judge of a world, made once."""
        if world not in _judges:
            _judges[world] = cls(world)
        return _judges[world]

    def witnesses(self) -> Iterator[Witness]:
        """Yield a witness for each of the points, simple ones first."""
        yield from self._witnesses
        number = self._witnesses[-1].point.number + 1 if self._witnesses else 0
        while len(self._witnesses) < POINTS:
            witness = Witness(Point(self.world, number, self._seed))
            number += 1
            if number > 20 * POINTS:
                raise ValueError("World: no points found at which the declared expressions are positive")
            if self._admissible(witness):
                self._witnesses.append(witness)
                yield witness

    def _admissible(self, witness: Witness) -> bool:
        conditions = [thing for thing in self.world.positive if not isinstance(thing, Symbol | IndexedBase)]
        try:
            return all(witness.value(condition) > 0 for condition in conditions)
        except Undefined:
            return False

    # equality

    def equal(self, left: Expr, right: Expr) -> Verdict:
        """Judge left = right at every point of the world."""
        return self.compared(left, right, lambda: self._difference(left, right),
                             lambda witness: witness.value(left), _TOLERANCE)  # fmt: skip

    def _difference(self, left: Expr, right: Expr) -> Polynomial:
        """Return left − right; or, for symbols of few values, the first case that does not vanish."""
        rest = add([self.reader.read(left), scale(self.reader.read(right), -1)])
        few = {
            symbol: values
            for symbol, values in self._few_values().items()
            if symbol in (left - right).free_symbols
        }
        if not few or self.reader.vanishes(rest) or prod(map(len, few.values())) > _MAX_CASES:
            return rest
        for values in product(*few.values()):
            case = dict(zip(few, values, strict=True))
            rest = add([self.reader.read(left.subs(case)), scale(self.reader.read(right.subs(case)), -1)])
            if not self.reader.vanishes(rest):
                break
        return rest

    def _few_values(self) -> dict[Symbol, tuple[Any, ...]]:
        few = {symbol: tuple(values) for symbol, values in self.world.choices.items()}
        for index, size in self.world.in_range.items():
            if isinstance(size, int):
                few[index] = tuple(range(1, size + 1))
        return few

    def derivative(self, before: Expr, by: Expr, after: Expr) -> Verdict:
        """Judge ∂before/∂by = after."""
        if problem := self._not_free(by):
            return Verdict(Grade.F, problem, Refutation(before, after, why=problem))

        def difference() -> Polynomial:
            term = single(self.reader.read(by))
            assert term is not None
            inner = derivative(self.reader, self.reader.read(before), term[0][0][0])
            return add([inner, scale(self.reader.read(after), -1)])

        return self.compared(before, after, difference, lambda witness: _slope(witness, before, by),
                             _DERIVATIVE_TOLERANCE)  # fmt: skip

    def _not_free(self, by: Expr) -> str:
        """Return why one cannot differentiate by something, empty when one can."""
        world = self.world
        base = by.base if isinstance(by, Indexed) else by
        if not isinstance(by, Indexed | Symbol):
            return f"expected a symbol or an element to differentiate by, got {by}"
        if base in world.normalised:
            return f"the entries of {base} sum to one, so {by} cannot vary alone: impose it afterwards"
        if by in world.depends_on.values() or base in world.depends_on.values():
            return (
                f"how other things depend on {by} is not said, only that they do: give a definition instead"
            )
        if by in world.define or base in world.defined_bases:
            return f"{by} is an abbreviation: differentiate by what it is made of"
        fixed = (world.one_hot, world.labels, world.choices, world.values, world.in_range)
        if any(base in declared for declared in fixed) or by.is_integer:
            return f"{by} takes separate values only: there is no derivative by it"
        return ""

    def compared(
        self, left: Expr, right: Expr, difference: Callable[[], Polynomial], value: Callable[[Witness], Any],
        tolerance: Any,
    ) -> Verdict:  # fmt: skip
        """Judge two sides: the proof's verdict and the witness's must agree."""
        start = perf_counter()
        unproven, rest = "", None
        try:
            rest = difference()
            proven = self.reader.vanishes(rest)
        except Unreadable as error:
            proven, unproven = False, str(error)
        refutation = self._refuted(left, right, value, tolerance)
        if refutation and proven and refutation.residual:
            raise EngineError(f"normal form says {left} = {right}, the witness says: {refutation}")
        if refutation:
            verdict = Verdict(Grade.F, refutation.why, refutation)
        elif proven:
            verdict = Verdict(Grade.A, "normal form")
        elif rest is not None and self._simplifies(rest):
            verdict = Verdict(Grade.B, "SymPy's simplifier")
        else:
            verdict = Verdict(Grade.C, unproven or "agreed at every point drawn")
        return verdict.timed(perf_counter() - start)

    def _refuted(
        self, left: Expr, right: Expr, value: Callable[[Witness], Any], tolerance: Any
    ) -> Refutation | None:
        for witness in self.witnesses():
            found = _differ(witness, left, right, value, tolerance)
            if found:
                # Once more at the same point, drawn afresh: the message names only what the two sides use.
                again = _differ(Witness(witness.point.afresh()), left, right, value, tolerance)
                if again is None or again.residual != found.residual:
                    raise EngineError(f"one point gave two verdicts on {left} and {right}: {found}; {again}")
                return again
        return None

    def _simplifies(self, difference: Polynomial) -> bool:
        expression = Writer(self.reader, opaque=True).write(difference)
        if expression.count_ops() > _SIMPLIFIER_SIZE:
            return False
        return bool(simplify(expression) == 0)


def _differ(
    witness: Witness, left: Expr, right: Expr, value: Callable[[Witness], Any], tolerance: Any
) -> Refutation | None:
    """Return how the two sides differ at a point, None where they agree."""
    sides: list[Any] = []
    for side, compute in (("left", value), ("right", lambda w: w.value(right))):
        try:
            sides.append(compute(witness))
        except Undefined as error:
            return Refutation(
                left, right, described(witness.point), why=f"the {side} side has no value ({error})"
            )
    gap = abs(sides[0] - sides[1])
    if gap <= tolerance * (1 + abs(sides[0]) + abs(sides[1])):
        return None
    return Refutation(left, right, described(witness.point), number_text(sides[0]), number_text(sides[1]),
                      number_text(gap, 3), "the two sides differ")  # fmt: skip


def _slope(witness: Witness, expression: Expr, by: Expr) -> Any:
    """Return the derivative by central differences, with Richardson's correction."""
    point = witness.point
    if isinstance(by, Indexed):
        indices = tuple(witness.index(index) for index in by.indices)
        key, here = element_key(by.base, indices), witness.value(by)
    else:
        key, here = symbol_key(by), witness.value(by)

    def at(offset: Any) -> Any:
        moved = point.shifted(key, here + offset)
        slope = Witness(moved).value(expression)
        point.drawn.update(moved.drawn)
        return slope

    def central(step: Any) -> Any:
        return (at(step) - at(-step)) / (2 * step)

    return (4 * central(_STEP / 2) - central(_STEP)) / 3


def described(point: Point) -> tuple[tuple[str, str], ...]:
    """Return what was drawn at a point, as text with the names of the page: sizes and indices first."""

    def rank(item: tuple[str, Any]) -> tuple[bool, bool, str]:
        return isinstance(item[1], tuple), not isinstance(item[1], int), item[0]

    found = sorted(point.drawn.items(), key=rank)
    names = [_read(name.partition("|")[0].replace("[]", "")) for name, _ in found]
    return tuple((name, number_text(value)) for name, (_, value) in zip(names, found, strict=True))


def _read(name: str) -> str:
    return str(pretty(Symbol(name), use_unicode=True))
