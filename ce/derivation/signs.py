"""Which expressions are known to be >= 0, from their structure and from named lemmas.

Where a line has max, min, |·| or a distinction of cases: the regions in which each of these is one branch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, permutations, product, repeat
from math import prod
from typing import Any, NamedTuple

import sympy as sp
from sympy import Expr, Indexed, Mul, Symbol

from ce.derivation.assumptions import World
from ce.derivation.verdict import Unreadable
from ce.formulas.functions import Node
from ce.formulas.names import bound_in, names_in, terms_in, unsigned
from ce.formulas.operators import Largest, TangentGap

_MAX_COMPARED = 10  # terms, of which all subsets may be asked
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
        """Return whether the proofs together speak of these arguments; what may be 0 is 0, or positive."""
        cases = [[ZERO, _SOME] if signs(own, world) == [1, 0] else [own] for own in arguments]
        return not self.proofs or all(
            any(all(map(_admits, proof.start.args, case, repeat(world))) for proof in self.proofs)
            for case in product(*cases)
        )


ZERO, _SOME = sp.Integer(0), Symbol("some", positive=True)
SQUARES = Lemma("a square is never negative")
STRUCTURE = Lemma("every factor is ≥ 0")


def _admits(mine: Expr, given: Expr, world: World) -> bool:
    """Return whether what a proof assumes of its symbol is known of an argument."""
    if isinstance(mine, Symbol):
        return positive(given, world) if mine.is_positive else not mine.is_nonnegative or nonnegative(given, world)
    return bool(mine == given)


def nonnegative(expression: Expr, world: World, lemma: Lemma = STRUCTURE) -> bool:
    """Return whether an expression is known to be >= 0 in a world, using at most the one lemma."""
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
            known[question] = False  # while it is asked: what rests on itself is not known
            known[question] = self._of(node)
        return bool(known[question])

    def _of(self, node: Expr) -> bool:  # noqa: PLR0911, PLR0912  (one for each kind)
        gaps = (node - known for known in self.world.positive)
        if isinstance(node, sp.exp) or any(gap.is_Number and gap >= 0 for gap in gaps):
            return True
        least, attained = _least(node, self.world)
        if least != node and self._replace(strict=self.strict and attained).of(least):
            return True
        match node:
            case sp.Number() | sp.NumberSymbol():
                return bool(node.is_extended_positive if self.strict else node.is_extended_nonnegative)
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
            case TangentGap() if _of_a_convex(node, self.world):
                return not self.strict
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
        return self.world.sign(thing) > self.strict

    def _of_sum(self, node: sp.Sum | sp.Product) -> bool:
        filled = all(map(_filled, node.limits))
        bound = {at: high for at, low, high in node.limits}
        world = self.world.binding(*bound)
        if filled and node.function.has(sp.Sum, Largest):  # whose terms are looked for at the indices in range
            known = {at: high for at, high in bound.items() if high.is_Symbol or high.is_Integer}
            world = world.but(in_range={**world.in_range, **known})
        if filled and self.strict and _is_mean(node, world):
            return True
        return (filled or not self.strict) and self._replace(world=world).of(node.function.xreplace(unsigned(node)))

    def _of_mul(self, node: Mul) -> bool:
        number, rest = node.as_coeff_Mul()
        known = (1 if self.of(part) else -self._is_below(part) for part in Mul.make_args(rest))
        return bool(number * prod(known) > 0)

    def _is_below(self, part: Expr) -> bool:
        """Return whether the opposite of a factor is known to have the sign: −log q ≥ 0 for q ≤ 1."""
        if isinstance(part, sp.log):
            return self.of(1 - part.args[0])
        opposite = sp.Sum(-part.function, *part.limits) if isinstance(part, sp.Sum) else -part
        return isinstance(part, sp.Add | sp.Sum) and self.of(opposite)

    def _with_largest(self, node: Expr) -> bool:
        """Judge a maximum as the entry at an index of which nothing but its range is known."""
        for largest in sorted(node.atoms(Largest), key=str):
            value, index, size = largest.args
            if size.is_Add or names_in(value) & bound_in(node) - {index}:  # another one for each of some entries
                continue
            at = sp.Dummy("m", integer=True, positive=True)
            there = self._replace(world=self.world.but(in_range={**self.world.in_range, at: size}))
            if there.of(node.xreplace({largest: value.xreplace({index: at})})):
                return True
        return False

    def _of_add(self, node: sp.Add) -> bool:
        if not self.strict and _at_most_one(1 - node, self.world):
            return True
        if node.is_number and not node.has(sp.Sum, sp.Product, Node):
            return bool(node.is_positive or (node.is_nonnegative and not self.strict))
        enough = (all(self._replace(strict=more).of(part) for part, more in parts) for parts in self._enough(node))
        return any(enough) or self._with_largest(node)

    def _enough(self, node: sp.Add) -> Iterator[list[tuple[Expr, bool]]]:
        """Yield lists of which it is enough that all are >= 0, or > 0 where it says so, for a sum to have the sign."""
        world, strict = self.world, self.strict
        for one in node.args if strict else node.args[:1]:
            yield [(term, strict and term == one) for term in node.args]
        written = (part for part in node.atoms(Node) if part.has_meaning and part.func != self.lemma.node)
        bodies = {**world.define, **{part: part.meaning() for part in written}}
        for one in (one for one in node.atoms(Indexed) if one.base in world.defined_bases):
            pattern, body = world.defined_bases[one.base]
            if not bound_in(body) & one.free_symbols:  # which would be caught
                bodies[one] = body.xreplace(dict(zip(pattern, one.indices, strict=True)))
        spelled = node.xreplace(bodies)
        for one in (names_in(node) - bound_in(node)).intersection(world.choices):
            yield [(node.xreplace({one: sp.Rational(value)}), strict) for value in world.choices[one]]
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
            summed = isinstance(part, sp.Sum) and nonnegative(part.function, world.binding(*part.bound_symbols))
            if times > 0 and (summed or isinstance(part, Largest)):  # at least any of its terms, where they are >= 0
                yield from ([(others + times * one, strict)] for one in _terms(part, others, world))
            if times > 0 and isinstance(part, sp.log):  # log a − b ≥ 0 where a − e to the b is
                yield [(part.args[0] - sp.exp(-others / times), strict)]
        for upper, lower in permutations(node.args if len(node.args) <= _MAX_COMPARED else (), 2):
            yield from ([(first, strict), (node - upper - lower, False)] for first in _compared(upper, lower, world))
        small = node.count_ops() < _MAX_SIZE and terms_in(node) <= 5 * _MAX_SIZE
        inside = (sp.expand(one.args[0]) for one in node.atoms(sp.exp) if small)
        numbers = chain(*(part.atoms(sp.Number) for part in (node, *inside)))
        ways = [sp.together] * small + [sp.factor] * (small and all(abs(number) < _MAX_SIZE for number in numbers))
        yield from ([(whole, strict)] for way in ways if not isinstance(whole := way(node), sp.Add))


def _of_a_convex(gap: TangentGap, world: World) -> bool:
    """Return whether a gap is that of a function declared convex, with its slope at the point of the tangent."""
    there, here, slope = gap.args
    declared = there.func in world.convex and world.slopes[there.func] == (slope.func,)
    return declared and here.func == there.func and here.args == slope.args


def _is_mean(node: sp.Sum | sp.Product, world: World) -> bool:
    """Return whether a sum is the mean of something positive under a pmf, some entries of which may be 0."""
    (index, _, size), *others = node.limits
    for part in Mul.make_args(node.function):
        base = part.base if isinstance(part, Indexed) and part.indices == (index,) else None
        if isinstance(node, sp.Sum) and not others and base in world.normalised and world.sign(base):
            return world.shape(base, 1) == (size,) and positive(node.function / part, world)
    return False


def _least(node: Expr, world: World) -> tuple[Expr, bool]:
    """Return a sum or term with c · x at the end of the range of x where it is least, and whether that is attained."""
    attained = True
    for term in sp.Add.make_args(node):
        number, symbol = term.as_coeff_Mul()
        counts = symbol.is_Symbol and symbol.is_integer and symbol.is_positive and symbol not in world.define
        if (counts or symbol in world.intervals) and number.is_Rational:
            end = world.range_of(symbol)[0 if number > 0 else 1]
            if end.is_finite:
                node, attained = node + number * end - term, attained and symbol not in world.intervals
    return node, attained


def _terms(total: sp.Sum | Largest, others: Expr, world: World) -> Iterator[Expr]:
    """Yield terms of a sum: those at the indices which stand beside it, and the first."""
    index, low, size = total.limits[0]
    inner = bound_in(total.args[0])
    places = [at for at, last in world.in_range.items() if last == size and others.has(at)]
    places += [sp.Integer(1)] * _filled(total.limits[0])
    if low == 1 and len(total.limits) == 1 and index not in inner:
        yield from (total.args[0].xreplace({index: at}) for at in places if at not in inner)


def _filled(limit: sp.Tuple) -> bool:
    """Return whether a sum has a first term: it runs from 1 to a size, and not to a size less one."""
    _, low, high = limit
    return low == 1 and bool(high.is_positive)


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
    (number, one), (factor, other) = upper.as_coeff_Mul(), lower.as_coeff_Mul()
    if isinstance(one, sp.Sum) and isinstance(other, sp.Sum) and one.limits == other.limits:  # one sum of differences
        yield sp.Sum(number * one.function + factor * other.function, *one.limits)


def _at_most_one(node: Expr, world: World) -> bool:
    """Return whether a node lies between 0 and 1: entries of pmfs, indicators, products of such."""
    match node:
        case sp.KroneckerDelta() | sp.Integer(p=1):
            return True
        case sp.Pow(base=base, exp=power):
            return all(nonnegative(part, world) for part in (power, base, 1 - base))
        case Mul():
            return all(nonnegative(one, world) for part in node.args for one in (part, 1 - part))
        case Indexed(base=base):
            pmf = base in world.normalised and world.sign(base) > 0
            return pmf or base in world.one_hot
    return False


_BRANCHING = (sp.Max, sp.Min, sp.Abs, sp.Rel)  # of a piecewise line, the conditions


class Region(NamedTuple):
    """Where a difference has one sign, or is 0: in words, with the lines and the assumptions that hold there.

    On the ``boundary``, with what makes it 0 put in, a proof holds, and numbers that refute it need not.
    """

    where: str
    lines: tuple[Expr, ...]
    world: World
    spelled: tuple[Expr, ...]  # the lines with nothing cancelled, to ask where they have a value
    boundary: bool = False


def regions(lines: Sequence[Expr], world: World, spelled: Sequence[Expr]) -> list[Region]:
    """Return the regions by the sign of the first difference on which a branch depends; empty for none.

    The lines are given ``spelled`` out, too, with nothing cancelled. It is Unreadable what they are at 0.
    """
    bound = set().union(*map(bound_in, lines))
    differences = (found for line in lines for found in _differences(line) if not found.free_symbols & bound)
    inside = world.binding(*bound)  # where a branch may be chosen
    difference = next((found for found in differences if len(signs(found, inside)) > 1), None)
    if difference is None:
        known, own = _branches(lines, {}, inside), _branches(spelled, {}, inside, evaluated=False)
        return [] if known == tuple(lines) else [Region("the branches are known", known, world, own)]
    found = []
    for sign in signs(difference, inside):
        put = {}
        if sign:
            there = world.but(positive=(*world.positive, sign * difference))
        else:
            unknown, rate = linear(difference)
            put = {unknown: sp.expand(unknown - difference / rate)}
            if any(put[unknown].has(*bound_in(body)) for body in world.define.values()):
                raise Unreadable(f"{put[unknown]} would stand in a sum over what it is made of")
            there = world.but(define={left: body.xreplace(put) for left, body in world.define.items()})
        inside = there.binding(*bound)
        chosen, own = _branches(lines, put, inside), _branches(spelled, put, inside, evaluated=False)
        found.append(Region(f"{difference} {'=><'[sign]} 0", chosen, there, own, boundary=not sign))
    return found


def _differences(line: Expr) -> Iterator[Expr]:
    """Yield what the branches depend on, that of the innermost ones."""
    for node in sorted(line.atoms(*_BRANCHING), key=str):
        found = node.args[0] - (0 if isinstance(node, sp.Abs) else node.args[1])
        if not found.has(*_BRANCHING):
            yield found


def expanded(line: Expr) -> Expr:
    """Return a line written out; one with too many terms is Unreadable."""
    if terms_in(line) > 5 * _MAX_SIZE:
        raise Unreadable(f"{line} has too many terms to be written out; break the step up")
    return sp.expand(line)


def linear(difference: Expr) -> tuple[Expr, Expr]:
    """Return a symbol or an element in which a difference is linear, and the rate, which is a number."""
    for unknown in sorted(difference.atoms(Indexed) or difference.free_symbols, key=str):
        rate = expanded(difference).coeff(unknown)
        if rate.is_number and rate != 0 and not sp.expand(difference - rate * unknown).has(unknown):
            return unknown, rate
    raise Unreadable(f"what the lines are where {difference} = 0 is not seen; exclude that by nonzero")


def _branches(lines: Sequence[Expr], put: dict[Any, Any], world: World, *, evaluated: bool = True) -> tuple[Expr, ...]:
    """Return lines with every branch chosen that is known to hold; what is dropped has to have a value, too."""

    def choose(node: Expr) -> Expr:
        with sp.evaluate(True):
            found = _chosen(node, world)
        gone = node.args if isinstance(node, sp.Max | sp.Min) and not evaluated else ()
        return sp.Add(found, *(sp.Mul(0, part, evaluate=False) for part in gone), evaluate=False) if gone else found

    found = []
    for line in lines:
        names, compared = unsigned(line), [side for one in line.atoms(sp.Rel) for side in one.args if not evaluated]
        with sp.evaluate(evaluated):
            there = line.xreplace(put).xreplace(names).replace(lambda node: isinstance(node, _BRANCHING), choose)
            there = there.xreplace({new: old for old, new in names.items()})
        found.append(sp.Add(there, *(sp.Mul(0, side, evaluate=False) for side in compared), evaluate=evaluated))
    if any(line.has(sp.nan) for line in found):
        raise Unreadable("a line has no value in one of its cases")
    return tuple(found)


def _chosen(node: Any, world: World) -> Any:
    if isinstance(node, sp.Abs):
        (argument,) = node.args
        return next((turned for turned in (argument, -argument) if nonnegative(turned, world)), node)
    if isinstance(node, sp.Rel):
        truths = {node.func(sign, 0) for sign in signs(node.lhs - node.rhs, world)}
        return truths.pop() if len(truths) == 1 else node
    kept, turn = list(node.args), 1 if isinstance(node, sp.Max) else -1
    for one in node.args:
        if any(other is not one and nonnegative(turn * (other - one), world) for other in kept):
            kept.remove(one)
    return node.func(*kept)
