"""What the page needs to judge an answer without Python: points of the world, and the right values there.

The points are those of the checker's own witness, as far as doubles can carry them: a page computes with 16 digits,
so numbers larger than 12 and probabilities below 1e-4 are left to Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations, islice
from random import Random
from typing import Any

from sympy import IndexedBase, Integer, Symbol
from sympy.core.expr import Expr

from ce.derivation import World
from ce.derivation.judge import Judge
from ce.derivation.numeric_check.evaluator import Witness
from ce.derivation.numeric_check.points import Point
from ce.derivation.verdict import Undefined
from ce.exercises.mistakes import kind_of, spoilt_deltas
from ce.exercises.notation import Names
from ce.exercises.task import Task

__all__ = ["POINTS", "formula_data"]

POINTS = 24
_TRIED = 400
_LARGEST = 12
_SMALLEST = 1e-4
_PAIRS = 4
_SHIFT = 7
_DIGITS = 11  # of values that are compared; those of the points have two more


class _Moderate(Point):
    """A point whose numbers are of one magnitude; real ones lie to the right or the left of zero at some points."""

    def _number(self, random: Random, thing: Expr | IndexedBase) -> Any:
        shift = (0, _SHIFT, 0, -_SHIFT)[self.number % 4]
        return super()._number(random, thing) + shift * (not self.world.is_nonnegative(thing))

    @property
    def _wide(self) -> bool:
        return False


def formula_data(task: Task) -> dict[str, Any]:
    """Return points, right values and the values of likely mistakes for a task, as JSON can hold them.

    Raises
    ------
    ValueError
        When fewer than 24 points are found at which the right line has a value.

    Examples
    --------
    >>> from sympy import log
    >>> from ce.symbols import K, k, p
    >>> data = formula_data(Task(-log(p[k]), World(in_range={k: K}, positive=(p,)), Names(p)))
    >>> len(data["points"]), sorted(data["points"][0])
    (24, ['K', 'N', 'k', 'p_'])
    """
    names, line, world = task.names, task.before, task.world
    free = [index for index in names.ranges if task.allows(index)]
    found = list(islice(_witnesses(world, line, names, free), POINTS))
    twins: list[tuple[int, int]] = []
    if task.parameter is not None:
        twins = list(_twins(task, found, free))
    right = [float(witness.value(line)) for witness in found]
    if len(right) < POINTS:
        raise ValueError(f"Exercise: expected {POINTS} points where {line} has a value, got {len(right)}")
    bases = dict(sorted({base.name: base for base, _ in names.bases.values()}.items()))
    return {
        "names": {
            "symbols": {typed: symbol.name for typed, symbol in names.symbols.items()},
            "bases": {typed: [base.name, list(map(str, names.ends[base]))] for typed, (base, _) in names.bases.items()},
            "ranges": {index.name: str(last) for index, last in names.ranges.items()},
            "measures": bool(names.measures),
            "whole": [name for name, base in bases.items() if base.is_integer],
        },
        "points": [_values(witness, names, free) for witness in found],
        "right": [_rounded(value, _DIGITS) for value in right],
        "free": [index.name for index in free],
        "shown": sorted(_shown(line)),
        "swaps": [
            [one, other] for one, other in combinations(bases, 2) if kind_of(bases[one]) == kind_of(bases[other])
        ],
        "spoilt": [[words, _at(found, wrong)] for wrong, words in spoilt_deltas(line)],
        "slopes": list(_slopes(task, found)),
        "twins": twins,
        "parameter": str(task.parameter or ""),
    }


def _witnesses(world: World, line: Expr, names: Names, free: list[Symbol]) -> Iterator[Witness]:
    admissible = Judge.of(world).admits
    for number in range(_TRIED):
        witness = Witness(_Moderate(world, number))
        if admissible(witness) and _carried(witness, line, names, free):
            yield witness


def _carried(witness: Witness, line: Expr, names: Names, free: list[Symbol]) -> bool:
    """Whether a page can compute at a point."""
    try:
        values = _values(witness, names, free)
        numbers = [
            float(witness.value(line)),
            *_flat([value for key, value in values.items() if key not in {"K", "N"}]),
        ]
        small = [
            number
            for name, (base, _) in names.bases.items()
            if not base.is_integer and base.assumptions0.get("nonnegative")
            for number in _flat(values[f"{base.name}_"])
        ]
    except Undefined:
        return False
    return all(abs(number) <= _LARGEST for number in numbers[1:]) and not any(
        0 < number < _SMALLEST for number in small
    )


def _twins(task: Task, found: list[Witness], free: list[Symbol]) -> Iterator[tuple[int, int]]:
    """Add points at which the parameter alone has moved; yield the places of each and of its twin."""
    name = getattr(task.parameter, "name", str(task.parameter))
    for at in range(0, POINTS, POINTS // _PAIRS):
        twin = Witness(found[at].point.afresh(1, frozenset({name, f"{name}[]"})))
        if _carried(twin, task.before, task.names, free):
            found.append(twin)
            yield at, len(found) - 1


def _values(witness: Witness, names: Names, free: list[Symbol]) -> dict[str, Any]:
    """Return the numbers of a point by name; what has an index under its name and a stroke."""
    sizes = {last for last in names.ranges.values() if isinstance(last, Symbol)}
    values: dict[str, Any] = {size.name: witness.point.size(size) for size in sorted(sizes, key=str)}
    values |= {index.name: witness.point.size(index) for index in free}
    for symbol in {*names.symbols.values()} - sizes:
        values[symbol.name] = _rounded(witness.value(symbol))
    for base, ends in names.ends.items():
        lengths = [witness.point.size(end if isinstance(end, Symbol) else Integer(end or 1)) for end in ends]
        values[f"{base.name}_"] = _table(partial(_entry, witness, base), lengths)
    return values


def _entry(witness: Witness, base: IndexedBase, *indices: int) -> float | int:
    value = witness.value(base[tuple(map(Integer, indices))])
    return int(value) if base.is_integer else _rounded(value)


def _table(entry: Any, lengths: list[int], *before: int) -> Any:
    if len(before) == len(lengths):
        return entry(*before)
    return [_table(entry, lengths, *before, at) for at in range(1, lengths[len(before)] + 1)]


def _flat(value: Any) -> list[float]:
    return [number for part in value for number in _flat(part)] if isinstance(value, list) else [value]


def _rounded(value: Any, digits: int = 13) -> float | int:
    number = float(f"{float(value):.{digits}g}")
    return int(number) if number == int(number) else number


def _shown(line: Expr) -> set[str]:
    """Return the names of what the right line holds."""
    scalars = {symbol.name for symbol in line.free_symbols if isinstance(symbol, Symbol)}
    return scalars | {f"{base.name}_" for base in line.atoms(IndexedBase)}


def _at(found: list[Witness], line: Expr) -> list[float | int]:
    return [_rounded(witness.value(line), _DIGITS) for witness in found]


def _slopes(task: Task, found: list[Witness]) -> Iterator[list[Any]]:
    """Yield for each abbreviation of one variable how it is spelled and its slope at the points."""
    for symbol, meaning in task.world.define.items():
        if isinstance(symbol, Symbol) and len(meaning.free_symbols) == 1:
            (variable,) = meaning.free_symbols
            spelled = next((name for name, thing in task.names.symbols.items() if thing == symbol), str(symbol))
            yield [spelled, _at(found, meaning.diff(variable))]
