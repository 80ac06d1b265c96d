"""What the page needs to judge an answer without Python: points of the world, and the right values there.

The points are those of the checker's own witness, as far as doubles can carry them: a page computes with 16 digits,
so numbers larger than 12 and probabilities below 1e-4 are left to Python.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from random import Random
from typing import Any
from unicodedata import lookup

from sympy import IndexedBase, Integer, Symbol
from sympy.core.expr import Expr

from ce.derivation.judge import Judge
from ce.derivation.numeric_check.evaluator import Witness
from ce.derivation.numeric_check.points import Point
from ce.derivation.verdict import Undefined
from ce.exercises.mistakes import ANSWER, rows_for_the_page
from ce.exercises.notation import written
from ce.exercises.task import Task, holds_probabilities
from ce.formulas.names import names_in
from ce.symbols import K

__all__ = ["POINTS", "formula_data"]

POINTS = 24
_TRIED = 400
_AS_PMFS = 1
_FEW = 2
_LARGEST = 12
_SMALLEST = 1e-4
_SHIFT = 7
_DIGITS = 11  # of values that are compared; those of the points have two more


class _Moderate(Point):
    """A point whose numbers are of one magnitude; real ones lie to the right or the left of zero at some points."""

    def _number(self, random: Random, thing: Expr | IndexedBase) -> Any:
        shift = (0, _SHIFT, 0, -_SHIFT)[self.number % 4]
        return super()._number(random, thing) + shift * (not self.world.sign(thing))

    @property
    def _wide(self) -> bool:
        return False


def formula_data(task: Task, earlier: Sequence[Expr] = ()) -> dict[str, Any]:
    """Return points, right values and the rows of likely mistakes for a task, as JSON can hold them.

    Parameters
    ----------
    task
        What an answer is held against.
    earlier
        Lines of a derivation that leads to it, where they have other values.

    Raises
    ------
    ValueError
        When fewer than 24 points are found at which the right line has a value, or when the world fixes a size that the
        names leave open: the page could not tell ``z_2`` where ``z`` has one entry.

    Examples
    --------
    >>> from sympy import log
    >>> from ce.derivation import World
    >>> from ce.exercises import Names
    >>> from ce.symbols import K, k, p
    >>> data = formula_data(Task(-log(p[k]), World(in_range={k: K}, positive=(p,)), Names(p)))
    >>> len(data["points"]), sorted(data["points"][0])
    (24, ['K', 'N', 'k', 'p_'])
    """
    names, line = task.names, task.before
    for base, ends in names.ends.items():
        sizes = task.world.shapes.get(base, ends)
        if any(isinstance(size, int | Integer) and size != end for size, end in zip(sizes, ends, strict=True)):
            raise ValueError(f"Exercise: expected names that give {base} the sizes of its world, {sizes}, got {ends}")
    found = list(islice(_witnesses(task), POINTS))
    alike = [witness for witness in found if witness.point.size(K) == _FEW]
    for witness in islice(_as_pmfs(task), min(_AS_PMFS, len(alike))):
        found.remove(alike.pop())
        found.insert(0, witness)
    # A reader is shown the first that differs: that is not one with a single class.
    first = next((at for at, witness in enumerate(found) if witness.point.size(K) > 1), 0)
    found.insert(0, found.pop(first))
    right = [float(witness.value(line)) for witness in found]
    if len(right) < POINTS:
        raise ValueError(f"Exercise: expected {POINTS} points where {line} has a value, got {len(right)}")
    rows, defined = list(rows_for_the_page(task)), list(_defined(task))
    computed = [base for base, *_ in defined]
    wrong = [what for _, _, what in rows if isinstance(what, Expr)]
    also = {name for line in wrong for name in names_in(line)} - {ANSWER, *names.symbols.values(), *names.ranges}
    also = {name for name in also if isinstance(name, Symbol)}
    bases = {base for base, _ in names.bases.values()}
    typed = _spelled({word: symbol.name for word, symbol in names.symbols.items()})
    tables = _spelled({word: [base.name, list(map(str, names.ends[base]))] for word, (base, _) in names.bases.items()})
    by_length = sorted([*typed.items(), *tables.items()], key=lambda pair: len(pair[0]))
    return {
        "names": {
            "symbols": typed,
            "bases": tables,
            "ranges": {index.name: str(last) for index, last in names.ranges.items()},
            "whole": sorted(base.name for base in bases if base.is_integer),
            "known": names.listed,
        },
        "points": [_values(witness, task, also, computed) for witness in found],
        "defined": [[f"{base}_", str(index), size, meaning] for base, index, size, meaning in defined],
        "right": [_rounded(value, _DIGITS) for value in right],
        "chain": [[_rounded(witness.value(one), _DIGITS) for witness in found] for one in earlier],
        "free": [index.name for index in task.free],
        "shown": sorted(_shown(line)),
        # The shortest that a reader may type: μ, not mu.
        "letters": {name if isinstance(name, str) else f"{name[0]}_": word for word, name in reversed(by_length)},
        "mistakes": [
            [mistake.name, words, written(what) if isinstance(what, Expr) else what, int(mistake.combines)]
            for mistake, words, what in rows
        ],
        "hints": {mistake.name: mistake.hint for mistake, _, _ in rows},
        "also": {str(symbol): symbol.name for symbol in sorted(also, key=str)},
    }


def _as_pmfs(task: Task) -> Iterator[Witness]:
    """Yield points with pmfs for what holds probabilities, where the world leaves that open: a reader expects them."""
    world = task.world
    settled = {*world.normalised, *world.one_hot, *world.defined_bases, *world.values}
    held = dict.fromkeys(base for base, _ in task.names.bases.values() if holds_probabilities(base))
    loose = tuple(base for base in held if base not in settled)
    if loose:
        found = _witnesses(replace(task, world=world.but(normalised=(*world.normalised, *loose))))
        yield from (witness for witness in found if witness.point.size(K) > 1)


def _defined(task: Task) -> Iterator[tuple[IndexedBase, Symbol, str, str]]:
    """Yield what a page computes for itself from the rest of a point, such as the softmax of z: index, size, text."""
    for thing, meaning in task.world.define.items():
        ends = task.names.ends.get(getattr(thing, "base", None), ())
        held = {base for base, _ in task.names.bases.values()}
        if len(ends) == 1 and isinstance(thing.indices[0], Symbol) and meaning.atoms(IndexedBase) <= held:
            yield thing.base, thing.indices[0], str(ends[0]), written(meaning)


def _spelled(names: dict[str, Any]) -> dict[str, Any]:
    """Add the Greek letters themselves to names such as ``theta``."""
    letters = {}
    for name, thing in names.items():
        with suppress(KeyError):
            size = "SMALL" if name.islower() else "CAPITAL"
            letters[lookup(f"GREEK {size} LETTER {name.upper().replace('LAMBDA', 'LAMDA')}")] = thing
    return names | letters


def _witnesses(task: Task) -> Iterator[Witness]:
    admissible, computed = Judge.of(task.world).admits, [base for base, *_ in _defined(task)]
    for number in range(_TRIED):
        witness = Witness(_Moderate(task.world, number))
        if admissible(witness) and _carried(witness, task, computed):
            yield witness


def _carried(witness: Witness, task: Task, computed: Collection[IndexedBase]) -> bool:
    """Whether a page can compute at a point; what it computes for itself may be small."""
    try:
        witness.value(task.before)
        values = _values(witness, task)
    except Undefined:
        return False
    numbers = _flat([value for key, value in values.items() if key not in {"K", "N"}])
    small = [
        number
        for base, _ in task.names.bases.values()
        if base not in computed and holds_probabilities(base)
        for number in _flat(values[f"{base.name}_"])
    ]
    return all(abs(number) <= _LARGEST for number in numbers) and not any(0 < number < _SMALLEST for number in small)


def _values(
    witness: Witness, task: Task, also: Iterable[Symbol] = (), computed: Collection[IndexedBase] = ()
) -> dict[str, Any]:
    """Return the numbers of a point by name; what has an index under its name and a stroke."""
    names = task.names
    sizes = {last for last in names.ranges.values() if isinstance(last, Symbol)}
    values: dict[str, Any] = {size.name: witness.point.size(size) for size in sorted(sizes, key=str)}
    values |= {index.name: witness.point.size(index) for index in task.free}
    for symbol in sorted({*names.symbols.values(), *also} - sizes, key=str):
        values[symbol.name] = _rounded(witness.value(symbol))
    for base, ends in names.ends.items():
        if base in computed:
            continue
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
