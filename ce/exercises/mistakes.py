"""The table of likely mistakes: each undoes one mistake, and the engine is asked whether that makes it right.

A new kind of mistake is a new row of ``MISTAKES``: a name, the hint that comes first, and a function that yields
repaired expressions, each with the words that follow "you probably". A page is told of it in the same words: what is
repaired without a look into the answer is put down as a text in which ``answer`` stands for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeAlias

from sympy import IndexedBase, Integer, KroneckerDelta, Sum, Symbol, log
from sympy.core.expr import Expr

from ce.derivation import ArgMin, Equal, SameArgmin, judge
from ce.exercises.task import Task, free_indices

__all__ = ["ANSWER", "MISTAKES", "Mistake", "Repairs", "kind_of", "likely_mistake", "rows_for_the_page"]

Repairs: TypeAlias = Iterator[tuple[Expr, str]]
ANSWER = Symbol("answer", positive=True)
# In these words each %s stands for an index or a size.
_FORGOTTEN = "forgot to sum over %s"
_ANOTHER = "wrote the index %s for %s"
_EXCHANGED = "have %s and %s exchanged"
_SWAPPED = "have %s and %s swapped"
_TOO_FAR = "meant %s to run up to %s: here it runs up to %s, and %s up to %s"


def _repairs(repaired: Expr, answer: Expr, task: Task) -> bool:
    return repaired != answer and task.plausible(repaired) and task.verdict(repaired).holds


@dataclass(frozen=True)
class Mistake:
    """A row of the table.

    Parameters
    ----------
    name
        What a feedback names it by.
    hint
        What a page says first: where to look.
    repairs
        Yields (expression with the mistake undone, words after "you probably") for a wrong answer to a task.
    combines
        Whether it is looked for together with a wrong sign, too.
    about_indices
        Whether it can repair an answer with an index that has no value.
    on_page
        The words of what a page repairs by a rule of its own, each with what the rule needs.
    """

    name: str
    hint: str
    repairs: Callable[[Expr, Task], Repairs]
    combines: bool = False
    about_indices: bool = False
    on_page: Callable[[Task], list[tuple[str, Any]]] | None = None


def likely_mistake(answer: Expr, task: Task) -> tuple[str, str]:
    """Return the name of a likely mistake and the words for it; two empty texts when no row fits.

    Parameters
    ----------
    answer
        A wrong answer.
    task
        What it is held against.
    """
    left_free = task.without_value(answer)
    for mistake in MISTAKES:
        if left_free and not mistake.about_indices:
            continue
        for repaired, words in mistake.repairs(answer, task):
            if _repairs(repaired, answer, task):
                return mistake.name, words
            if mistake.combines and _repairs(-repaired, answer, task):
                return mistake.name, f"have the sign the other way round, and you {words}"
    return "", ""


def rows_for_the_page(task: Task) -> Iterator[tuple[Mistake, str, Any]]:
    """Yield each mistake with its words and the answer repaired, or what a page's own rule needs.

    Examples
    --------
    >>> from ce.derivation import World
    >>> from ce.exercises import Names
    >>> from ce.symbols import k, p
    >>> [(words, repaired) for _, words, repaired in rows_for_the_page(Task(p[k], World(), Names(p)))][-1]
    ('took one minus what is asked', 1 - answer)
    """
    for mistake in MISTAKES:
        if mistake.on_page:
            yield from ((mistake, words, needed) for words, needed in mistake.on_page(task))
        else:
            yield from ((mistake, words, repaired) for repaired, words in mistake.repairs(ANSWER, task))


def _sums(answer: Expr, task: Task) -> Repairs:
    if extra := task.without_value(answer):
        limits = [(index, 1, task.names.ranges[index]) for index in extra]
        yield Sum(answer, *limits), _FORGOTTEN % " and ".join(index.name for index in extra)


def _indices(answer: Expr, task: Task) -> Repairs:
    """Undo one index written for another, or two exchanged; a bound index of that name would capture it."""
    mine, theirs = (free_indices(line, task.names) for line in (answer, task.before))
    for wrong in mine:
        for right in theirs:
            if right not in mine:
                yield _renamed(answer, {wrong: right}), _ANOTHER % (wrong, right)
    for first, second in combinations(mine, 2):
        yield _renamed(answer, {first: second, second: first}), _EXCHANGED % (first, second)


def _renamed(answer: Expr, names: dict[Symbol, Symbol]) -> Expr:
    """Rename free indices; sums keep theirs."""
    if isinstance(answer, Sum) and any(limit[0] in {*names, *names.values()} for limit in answer.limits):
        return answer
    if answer in names:
        return names[answer]
    return answer.func(*(_renamed(part, names) for part in answer.args)) if answer.args else answer


def _ranges(answer: Expr, task: Task) -> Repairs:
    """Undo an index of examples taken for one of classes, or the other way round."""
    sizes = dict.fromkeys(task.names.ranges.values())
    for summed in sorted(answer.atoms(Sum), key=str):
        for index, low, last in summed.limits:
            for size in sizes:
                if size != last:
                    there = [(index, low, size) if limit[0] == index else limit for limit in summed.limits]
                    repaired = answer.xreplace({summed: Sum(summed.function, *there)})
                    letters = ", ".join(str(other) for other, end in task.names.ranges.items() if end == size)
                    yield repaired, _TOO_FAR % (index, size, last, letters, size)


def _sign(answer: Expr, task: Task) -> Repairs:
    yield -answer, "have the sign the other way round"


def _slips(answer: Expr, task: Task) -> Repairs:
    """Undo what the exercise expects of its readers."""
    for words, slip in task.slips.items():
        if Task(slip, task.world, task.names).verdict(answer).holds:
            yield task.before, words


def _slips_on_page(task: Task) -> list[tuple[str, Any]]:
    return [(words, ANSWER + task.before - slip) for words, slip in task.slips.items()]


def _factors(answer: Expr, task: Task) -> Repairs:
    sizes = [size for size in dict.fromkeys(task.names.ranges.values()) if isinstance(size, Symbol)]
    for factor in (Integer(2), *sorted(sizes, key=str, reverse=True)):
        yield answer * factor, f"forgot a factor {factor} (or have a factor 1/{factor} too many)"
        yield answer / factor, f"have a factor {factor} too many (or forgot a factor 1/{factor})"


def _units(answer: Expr, task: Task) -> Repairs:
    yield answer * log(2), "gave bits for nats: a factor log 2 apart"
    yield answer / log(2), "gave nats for bits: a factor log 2 apart"
    yield answer * log(10), "gave hartleys for nats: a factor log 10 apart"
    yield answer / log(10), "gave nats for hartleys: a factor log 10 apart"


def _swapped(answer: Expr, task: Task) -> Repairs:
    for first, second in _alike(task):
        if answer.has(first, second):
            yield answer.xreplace({first: second, second: first}), _SWAPPED % (first, second)


def _alike(task: Task) -> Iterator[tuple[IndexedBase, IndexedBase]]:
    bases = sorted({base for base, _ in task.names.bases.values()}, key=str)
    return ((first, second) for first, second in combinations(bases, 2) if kind_of(first) == kind_of(second))


def kind_of(base: IndexedBase) -> tuple[bool, bool]:
    """Return what a base holds: probabilities are not taken for logits, nor for class numbers."""
    assumptions = base.assumptions0
    return bool(assumptions.get("nonnegative")), bool(assumptions.get("integer"))


def _delta(answer: Expr, task: Task) -> Repairs:
    """Undo what is made of a Kronecker delta; the answer is then what the right line becomes."""
    for wrong, words in _spoilt_deltas(task.before) if task.kind is Equal else ():
        yield answer + task.before - wrong, words


def _spoilt_deltas(line: Expr) -> Repairs:
    """Yield what readers make of the Kronecker deltas of a line, with the words after "you probably"."""
    for delta in line.atoms(KroneckerDelta):
        first, second = delta.args
        spoilt = {
            f"wrote 1 for a delta, which is 0 where {first} and {second} differ": {delta: Integer(1)},
            f"left out the term that is there only where {first} = {second}": {delta: Integer(0)},
            f"gave the case {first} = {second} only": {second: first},
            f"gave the case {second} = {first} only": {first: second},
        }
        for words, change in spoilt.items():
            yield line.xreplace(change), words


def _slope(answer: Expr, task: Task) -> Repairs:
    """Undo a derivative that stops before what an abbreviation stands for."""
    for symbol, meaning in task.world.define.items():
        if isinstance(symbol, Symbol) and len(meaning.free_symbols) == 1:
            (variable,) = meaning.free_symbols
            names = (name for name, thing in task.names.symbols.items() if thing == symbol)
            spelled = next(names, str(symbol))
            slope, forgot = meaning.diff(variable), f"forgot the chain rule’s factor, the slope of {spelled}"
            yield answer * slope, forgot
            yield 2 * answer * slope, f"{forgot}, and a factor 2"
            yield answer / slope, f"have the slope of {spelled} one time too many"
            yield answer / slope**2, f"multiplied by the slope of {spelled}, and did not divide by it"


def _logarithm(answer: Expr, task: Task) -> Repairs:
    if answer.is_Add or not answer.is_nonpositive:
        taken = log(answer, evaluate=not answer.is_Add)  # to find the sign of a long sum would take seconds
        yield -taken, "forgot to take minus the logarithm"
        yield taken, "forgot to take the logarithm"


def _inverted(answer: Expr, task: Task) -> Repairs:
    if not answer.is_zero:
        yield 1 / answer, "have it upside down"


def _complement(answer: Expr, task: Task) -> Repairs:
    yield 1 - answer, "took one minus what is asked"


def _constant(answer: Expr, task: Task) -> Repairs:
    if _differs_by_a_constant(answer, task):
        yield task.before, f"added or dropped something that does not depend on {task.parameter}"


MISTAKES: tuple[Mistake, ...] = (
    Mistake("sign", "Look at the sign.", _sign),
    Mistake("slip", "A step is left out, or another one is taken.", _slips, on_page=_slips_on_page),
    Mistake("sum", "Has every index a value, or a sum over it?", _sums, True, True, lambda _: [(_FORGOTTEN, 0)]),
    Mistake("index", "Look at the indices.", _indices, True, True, lambda _: [(_ANOTHER, 0), (_EXCHANGED, 1)]),
    Mistake("range", "How far does each index run?", _ranges, True, on_page=lambda _: [(_TOO_FAR, 0)]),
    Mistake("factor", "A factor is off.", _factors, combines=True),
    Mistake("units", "Which unit is asked for?", _units, combines=True),
    Mistake(
        "swapped",
        "Which distribution stands where?",
        _swapped,
        combines=True,
        on_page=lambda task: [(_SWAPPED % pair, [f"{base}_" for base in pair]) for pair in _alike(task)],
    ),
    Mistake("delta", "Take the case of equal indices apart.", _delta, combines=True),
    Mistake("slope", "What does the chain rule ask for?", _slope, combines=True),
    Mistake("logarithm", "Where is the logarithm?", _logarithm),
    Mistake("inverted", "Is it this way up?", _inverted),
    Mistake("complement", "Is it this, or what is left of one?", _complement),
    Mistake("constant", "A part that does not vary is off.", _constant),
)


def _differs_by_a_constant(answer: Expr, task: Task) -> bool:
    """Whether answer and right line differ by something free of the parameter, while they themselves vary."""
    over, world = task.parameter, task.world
    if over is None or task.kind is not Equal:
        return False
    right = ArgMin(task.before, over)
    nothing, theirs = (SameArgmin(ArgMin(line, over), over=over) for line in (Integer(0), answer))
    return not judge(right, nothing, world).holds and judge(right, theirs, world).holds
