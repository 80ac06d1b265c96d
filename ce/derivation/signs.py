"""Which expressions are known to be >= 0, from their structure and from named lemmas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Any, NamedTuple

import sympy as sp
from sympy import Expr, Indexed, Mul, Symbol

from ce.derivation.assumptions import World
from ce.formulas.functions import Node
from ce.formulas.operators import Largest

_MAX_SIZE = 60  # operations, and the largest number: SymPy's factors take long for more


@dataclass(frozen=True, eq=False)
class Lemma:
    """An inequality that a slack rests on: derived, or else a step that uses it is only cited.

    It says that ``node`` is >= 0; None stands for what follows from the signs of squares and factors. Each of the
    ``proofs``, which are derivations, starts from the node at symbols, whose assumptions are the conditions of the
    lemma, or at numbers, for a case of its own; it assumes nothing else, and ends with ≥ 0.
    """

    name: str
    node: type[Node] | None = None
    proofs: tuple[Any, ...] = ()

    @cached_property
    def derived(self) -> bool:
        """Whether it needs no derivation, or has proofs that stand and say what the lemma says."""
        return self.node is None or (bool(self.proofs) and all(map(self._is_proof, self.proofs)))

    def _is_proof(self, proof: Any) -> bool:
        given, kinds = proof.start.args, ("positive", "nonnegative", "real")  # no more is asked of an argument
        free = (one for one in given if not isinstance(one, sp.Number))
        plain = all(one in [Symbol(str(one), **{kind: True}) for kind in kinds] for one in free)
        plain = plain and len(set(given)) == len(given)
        says = proof.start.func == self.node and plain and proof.steps[-1].expr == 0
        chain = all(step.sign in "=≥" and not step.anew for step in proof.steps)
        return says and chain and proof.world == World() and proof.check().weakest.name in "AB"

    def holds_for(self, arguments: tuple[Expr, ...], world: World) -> bool:
        """Return whether one of the proofs, or two of them together, speak of these arguments."""
        if not self.proofs:
            return True
        for proof in self.proofs:
            pairs = list(zip(proof.start.args, arguments, strict=True))
            open_ones = [own for mine, own in pairs if not _admits(mine, own, world)]
            if not open_ones:
                return True
            (first, *others) = open_ones
            if not others and nonnegative(first, world) and first not in (0, _SOME):
                cases = ({first: case} for case in (sp.Integer(0), _SOME))  # 0, which may have its own proof, or more
                return all(self.holds_for(tuple(case.get(own, own) for own in arguments), world) for case in cases)
        return False


_SOME = Symbol("some", positive=True)
SQUARES = Lemma("a square is never negative")
STRUCTURE = Lemma("every factor is ≥ 0")


def _admits(mine: Expr, given: Expr, world: World) -> bool:
    """Return whether what a proof assumes of its symbol is known of an argument."""
    if not isinstance(mine, Symbol):
        return bool(mine == given)
    if mine.is_positive:
        return positive(given, world)
    return nonnegative(given, world) if mine.is_nonnegative else bool(mine.is_real)


def nonnegative(expression: Expr, world: World, lemma: Lemma = STRUCTURE) -> bool:
    """Return whether an expression is known to be >= 0 in a world, using at most the one lemma.

    Examples
    --------
    >>> from sympy import Sum
    >>> from ce.symbols import K, k, p, z
    >>> nonnegative(Sum(p[k] * z[k] ** 2, (k, 1, K)), World())
    True
    >>> nonnegative(Sum(p[k] * z[k], (k, 1, K)), World())
    False
    """
    return _Sign(world, lemma, strict=False).of(expression)


def positive(expression: Expr, world: World, lemma: Lemma = STRUCTURE) -> bool:
    """Return whether an expression is known to be > 0 in a world, using at most the one lemma."""
    return _Sign(world, lemma, strict=True).of(expression)


def signs(expression: Expr, world: World) -> list[int]:
    """Return which of the signs 1, −1 and 0 an expression may have in a world."""
    sides = (expression, -expression)
    above, below = (nonnegative(side, world) for side in sides)
    apart = any(side in world.nonzero or positive(side, world) for side in sides)
    return [sign for sign, excluded in ((1, below), (-1, above), (0, apart)) if not excluded]


class _Sign(NamedTuple):
    """The question whether something is known to be >= 0, or > 0 if ``strict``."""

    world: World
    lemma: Lemma
    strict: bool

    def of(self, node: Expr) -> bool:
        """Return whether a node is known to have the sign: the same parts are met again in many ways."""
        known, question = self.world.asked, (node, self.lemma, self.strict)
        if question not in known:
            known[question] = self._of(node)
        return known[question]

    def _of(self, node: Expr) -> bool:  # noqa: PLR0911  (one for each kind)
        if isinstance(node, sp.exp) or any(_exceeds(node, known) for known in self.world.positive):
            return True
        match node:
            case sp.Number() | sp.NumberSymbol():
                return bool(node > 0 if self.strict else node >= 0)
            case Symbol() | Indexed():
                return self._of_declared(node)
            case sp.Sum() | sp.Product():
                return self._of_sum(node)
            case sp.Add():
                return self._of_add(node)
            case Mul():
                return self._of_mul(node)
            case sp.Pow(exp=power):
                return (not self.strict and power.is_Integer and power.is_even) or self.of(node.base)
            case sp.log():
                return self.of(node.args[0] - 1)
            case sp.Max() | sp.Min():
                return (any if isinstance(node, sp.Max) else all)(map(self.of, node.args))
            case Largest():
                return self._with_largest(node)
            case Node() if node.func == self.lemma.node:  # and no subclass of it, whose meaning may be another
                return not self.strict and self.lemma.holds_for(node.args, self.world)
            case Node():
                return node.has_meaning and self.of(node.meaning())
        return not self.strict and isinstance(node, sp.KroneckerDelta | sp.Abs)

    def _of_declared(self, node: Symbol | Indexed) -> bool:
        thing, bodies = getattr(node, "base", node), self.world.defined_bases
        pattern, body = bodies.get(thing, ((), self.world.define.get(node)))
        if body is not None:
            return self._replace(world=self.world.binding(*pattern), lemma=STRUCTURE).of(body)
        return self.world.is_positive(thing) if self.strict else self.world.is_nonnegative(thing)

    def _of_sum(self, node: sp.Sum | sp.Product) -> bool:
        # From 1 to a size, which is at least 1: not empty.
        filled = all(low == 1 and (high.is_positive or high in self.world.at_least) for _, low, high in node.limits)
        bound = {at: high for at, low, high in node.limits}
        world = self.world.binding(*bound)
        if filled and node.function.has(sp.Sum, Largest):  # whose terms are looked for at the indices in range
            world = world.but(in_range={**world.in_range, **bound})
        if filled and self.strict and _is_mean(node, world):
            return True
        from_where = {at: sp.Dummy(integer=True) for at, low, _ in node.limits if not low.is_positive}  # 0, or below
        return (filled or not self.strict) and self._replace(world=world).of(node.function.xreplace(from_where))

    def _of_mul(self, node: Mul) -> bool:
        number, rest = node.as_coeff_Mul()
        factors = Mul.make_args(rest)
        if number > 0:
            return all(map(self.of, factors))
        for place, part in enumerate(factors):
            others = Mul(-number, *factors[:place], *factors[place + 1 :])
            if isinstance(part, sp.log) and not self.strict and _at_most_one(part.args[0], self.world):
                return self.of(others)  # −log q ≥ 0 for 0 < q ≤ 1
            if isinstance(part, sp.Sum):
                return self.of(sp.Sum(-part.function, *part.limits)) and self.of(others)
        return False

    def _with_largest(self, node: Expr) -> bool:
        """Judge a maximum as the entry at an index of which nothing but its range is known."""
        for largest in sorted(node.atoms(Largest), key=str):
            value, index, size = largest.args
            at = sp.Dummy("m", integer=True, positive=True)
            there = self._replace(world=self.world.but(in_range={**self.world.in_range, at: size}))
            if there.of(node.xreplace({largest: value.xreplace({index: at})})):
                return True
        return False

    def _of_add(self, node: sp.Add) -> bool:
        if not self.strict and _at_most_one(1 - node, self.world):
            return True
        enough = (all(self._replace(strict=more).of(part) for part, more in parts) for parts in self._enough(node))
        return any(enough) or self._with_largest(node)

    def _enough(self, node: sp.Add) -> Iterator[list[tuple[Expr, bool]]]:
        """Yield lists of which it is enough that all are >= 0, or > 0 where it says so, for a sum to have the sign."""
        world, strict = self.world, self.strict
        for one in node.args if strict else node.args[:1]:
            yield [(term, strict and term == one) for term in node.args]
        least, attained = _least(node, world)
        if least != node:
            yield [(least, strict and attained)]
        written = (part for part in node.atoms(Node) if part.has_meaning and part.func != self.lemma.node)
        spelled = node.xreplace({part: part.meaning() for part in written})
        gaps = [term for term in node.args if self.lemma.node and term.has(self.lemma.node)]
        if spelled != node:
            yield [(spelled, strict)]
        elif gaps:  # each by itself, and the others together
            yield [*((gap, False) for gap in gaps), (node - sp.Add(*gaps), strict)]
        for term in node.args:
            times, part = term.as_coeff_Mul()
            others = node - term
            if isinstance(part, sp.Abs | sp.Max | sp.Min):  # at least each of its branches, and equal to one of them
                branches = (*part.args, *(-argument for argument in part.args if isinstance(part, sp.Abs)))
                values = [(others + times * branch, strict) for branch in branches]
                yield from [values] if (times > 0) == isinstance(part, sp.Min) else ([value] for value in values)
            if times > 0 and isinstance(part, sp.Sum | Largest):  # at least any of its terms, where they are >= 0
                family = part if isinstance(part, sp.Sum) else part.family
                if family != part or nonnegative(part.function, world.binding(*part.bound_symbols)):
                    yield from ([(others + times * one, strict)] for one in _terms(family, others, world))
            if times > 0 and isinstance(part, sp.log):  # log a − b ≥ 0 where a − e to the b is
                yield [(part.args[0] - sp.exp(-others / times), strict)]
        for upper, lower in permutations(node.args, 2):
            yield from ([(first, strict), (node - upper - lower, False)] for first in _compared(upper, lower, world))
        small = node.count_ops() < _MAX_SIZE and all(abs(number) < _MAX_SIZE for number in node.atoms(sp.Number))
        whole = sp.factor(node) if small else node
        if not isinstance(whole, sp.Add):
            yield [(whole, strict)]


def _exceeds(node: Expr, known: Any) -> bool:
    """Return whether a node is what is declared positive, or more by a number."""
    if node == known or not isinstance(known, sp.Add):
        return bool(node == known)
    more = (node.primitive()[1] if isinstance(node, sp.Add) else node) - known.primitive()[1]
    return bool(more.is_Number and more.is_nonnegative)


def _is_mean(node: sp.Sum | sp.Product, world: World) -> bool:
    """Return whether a sum is the mean of something positive under a pmf, some entries of which may be 0."""
    (index, _, size), *others = node.limits
    for part in Mul.make_args(node.function):
        base = part.base if isinstance(part, Indexed) and part.indices == (index,) else None
        if isinstance(node, sp.Sum) and not others and base in world.normalised and world.is_nonnegative(base):
            return world.shape(base, 1) == (size,) and positive(node.function / part, world)
    return False


def _least(node: sp.Add, world: World) -> tuple[Expr, bool]:
    """Return a sum with c · x at that end of the range of x where it is least, and whether all ends are attained."""
    attained = True
    for term in node.args:
        number, symbol = term.as_coeff_Mul()
        ranged = symbol in world.intervals or (symbol.is_Symbol and symbol.is_integer and symbol.is_positive)
        if ranged and number.is_Rational:
            end = world.range_of(symbol)[0 if number > 0 else 1]
            if end.is_finite:
                node, attained = node + number * end - term, attained and symbol not in world.intervals
    return node, attained


def _terms(total: sp.Sum, others: Expr, world: World) -> Iterator[Expr]:
    """Yield terms of a sum: those at the indices which stand beside it, and the first."""
    index, low, size = total.limits[0]
    inner = {limit[0] for node in total.function.atoms(sp.Sum, sp.Product) for limit in node.limits}
    inner |= {node.args[1] for node in total.function.atoms(Largest)}
    places = [at for at, last in world.in_range.items() if last == size and others.has(at)]
    if low == 1 and len(total.limits) == 1 and index not in inner:
        yield from (total.function.xreplace({index: at}) for at in [*places, sp.Integer(1)] if at not in inner)


def _compared(upper: Expr, lower: Expr, world: World) -> Iterator[Expr]:
    """Yield what has the sign of a sum of two terms: a − b has that of f(a) − f(b) for an increasing f."""
    times, large = upper.as_coeff_Mul()
    small = -lower / times
    for kind, inverse in ((sp.exp, sp.log), (sp.log, sp.exp)):
        numbers = {side for side in (large, small) if side.is_number and (kind is sp.log or side.is_positive)}
        fits = all(isinstance(side, kind) or side in numbers for side in (large, small))
        if times > 0 and fits and (large.has(kind) or small.has(kind)):
            first, second = (side.args[0] if isinstance(side, kind) else inverse(side) for side in (large, small))
            yield first - second
    powers = isinstance(large, sp.Pow) and isinstance(small, sp.Pow) and large.exp == small.exp and large.exp.is_number
    if times > 0 and powers and positive(large.base, world) and positive(small.base, world):
        yield (large.base - small.base) * sp.sign(large.exp)
    (number, one), (factor, other) = upper.as_coeff_Mul(), lower.as_coeff_Mul()
    if isinstance(one, sp.Sum) and isinstance(other, sp.Sum) and one.limits == other.limits:  # one sum of differences
        yield sp.Sum(number * one.function + factor * other.function, *one.limits)


def _at_most_one(node: Expr, world: World) -> bool:
    """Return whether a node lies between 0 and 1: entries of pmfs, indicators, and products of such."""
    match node:
        case sp.KroneckerDelta() | sp.Integer(p=1):
            return True
        case Symbol():
            return world.intervals.get(node, (0, 2))[1] <= 1 and nonnegative(node, world)
        case sp.Pow(base=base, exp=power):
            return bool(power.is_nonnegative) and _at_most_one(base, world)
        case Mul():
            return all(_at_most_one(part, world) for part in node.args)
        case Indexed(base=base):
            pmf = base in world.normalised and world.is_nonnegative(base)
            return pmf or base in world.one_hot
    return False
