"""Which expressions are known to be >= 0, from their structure and from named lemmas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Any

from sympy import (
    Abs,
    Add,
    Dummy,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Number,
    NumberSymbol,
    Pow,
    Product,
    Sum,
    Symbol,
    exp,
    factor,
    log,
)
from sympy.core.expr import Expr

from ce.derivation.assumptions import World
from ce.formulas.functions import Node
from ce.formulas.operators import Largest


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
        plain = all(isinstance(part, Symbol | Number) for part in proof.start.args)
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
                # >= 0: either 0, which a proof of its own may cover, or more.
                return all(
                    self.holds_for(tuple(case if own == first else own for own in arguments), world)
                    for case in (Integer(0), _SOME)
                )
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
    return _sign(expression, world, lemma, strict=False)


def positive(expression: Expr, world: World, lemma: Lemma = STRUCTURE) -> bool:
    """Return whether an expression is known to be > 0 in a world, using at most the one lemma."""
    return _sign(expression, world, lemma, strict=True)


def _sign(node: Expr, world: World, lemma: Lemma, *, strict: bool) -> bool:
    """Return whether a node is known to be >= 0, or > 0 if strict."""
    if isinstance(node, exp) or any(_exceeds(node, known) for known in world.positive):
        return True
    if isinstance(node, Number | NumberSymbol):
        return bool(node > 0 if strict else node >= 0)
    if isinstance(node, Symbol | Indexed):
        return _declared(node, world, strict=strict)
    for kind, rule in _RULES:
        if isinstance(node, kind):
            return rule(node, world, lemma, strict=strict)
    return not strict and isinstance(node, KroneckerDelta | Abs)


def _exceeds(node: Expr, known: Any) -> bool:
    """Return whether a node is what is declared positive, or more by a number."""
    if node == known or not isinstance(known, Add):
        return bool(node == known)
    more = (node.primitive()[1] if isinstance(node, Add) else node) - known.primitive()[1]
    return bool(more.is_Number and more.is_nonnegative)


def _sign_of_sum(node: Sum | Product, world: World, lemma: Lemma, *, strict: bool) -> bool:
    # From 1 to a size, which is at least 1: not empty.
    filled = all(low == 1 and (high.is_positive or high in world.at_least) for _, low, high in node.limits)
    bound = {at: high for at, low, high in node.limits}
    if any(known.has(*bound) for known in world.positive):  # said of one index, not of all
        world = world.but(positive=tuple(known for known in world.positive if not known.has(*bound)))
    if node.function.has(Sum, Largest):  # whose terms are looked for at the indices in range
        others = {at: size for at, size in world.in_range.items() if at not in bound}
        world = world.but(in_range={**others, **bound} if filled else others)
    if filled and strict and _is_mean(node, world):
        return True
    return (filled or not strict) and _sign(node.function, world, lemma, strict=strict)


def _is_mean(node: Sum | Product, world: World) -> bool:
    """Return whether a sum is the mean of something positive under a pmf, some entries of which may be 0."""
    (index, _, size), *others = node.limits
    for part in Mul.make_args(node.function):
        base = part.base if isinstance(part, Indexed) and part.indices == (index,) else None
        if isinstance(node, Sum) and not others and base in world.normalised and world.is_nonnegative(base):
            return world.shape(base, 1) == (size,) and positive(node.function / part, world)
    return False


def _sign_of_pow(node: Pow, world: World, lemma: Lemma, *, strict: bool) -> bool:
    square = not strict and node.exp.is_Integer and node.exp.is_even
    return bool(square) or _sign(node.base, world, lemma, strict=strict)


def _sign_of_node(node: Node, world: World, lemma: Lemma, *, strict: bool) -> bool:
    if node.func == lemma.node:  # and no subclass of it, whose meaning may be another
        return not strict and lemma.holds_for(node.args, world)
    return node.has_meaning and _sign(node.meaning(), world, lemma, strict=strict)


def _sign_with_largest(node: Expr, world: World, lemma: Lemma, *, strict: bool) -> bool:
    """Judge a maximum as the entry at an index of which nothing but its range is known."""
    for largest in sorted(node.atoms(Largest), key=str):
        value, index, size = largest.args
        at = Dummy("m", integer=True, positive=True)
        there = world.but(in_range={**world.in_range, at: size})
        if _sign(node.xreplace({largest: value.xreplace({index: at})}), there, lemma, strict=strict):
            return True
    return False


def _declared(node: Symbol | Indexed, world: World, *, strict: bool) -> bool:
    if node in world.define:
        return _sign(world.define[node], world, STRUCTURE, strict=strict)
    thing = node.base if isinstance(node, Indexed) else node
    if isinstance(node, Indexed) and thing in world.defined_bases:
        return _sign(world.defined_bases[thing][1], world, STRUCTURE, strict=strict)
    return world.is_positive(thing) if strict else world.is_nonnegative(thing)


def _termwise(node: Add, world: World, lemma: Lemma, *, strict: bool) -> bool:
    """Judge each term by itself, or those with the lemma's node so and the others together."""
    known = [term for term in node.args if _sign(term, world, lemma, strict=False)]
    if len(known) == len(node.args):
        return not strict or any(_sign(term, world, lemma, strict=True) for term in known)
    others = [term for term in node.args if not (lemma.node and term in known and term.has(lemma.node))]
    written = (part for part in node.atoms(Node) if part.has_meaning and part.func != lemma.node)
    spelled = node.xreplace({part: part.meaning() for part in written})
    if spelled != node:
        return _sign(spelled, world, lemma, strict=strict)
    return len(others) < len(node.args) and _sign(Add(*others), world, lemma, strict=strict)


def _linear(node: Add, world: World, lemma: Lemma, *, strict: bool) -> bool:
    """Judge what is linear in one symbol by the ends of its interval; other terms stand alone."""
    for symbol, ends in world.intervals.items():
        line = [term for term in node.args if term.is_Rational or (term / symbol).is_Rational]
        values = [Add(*line).subs(symbol, end) for end in ends] if len(line) > 1 else [Integer(-1)]
        if all(value >= 0 for value in values) and any(value > 0 for value in values):
            return _sign(Add(*(term for term in node.args if term not in line)), world, lemma, strict=False)
    return False


def _at_least_zero(node: Add, world: World, lemma: Lemma, *, strict: bool) -> bool:
    return not strict and _at_most_one(1 - node, world)


def _growing(node: Add, world: World, lemma: Lemma, *, strict: bool) -> bool:
    """Judge what grows with every size where all of them are smallest."""
    parts = [term.as_coeff_Mul() for term in node.args]
    if not all(
        rest == 1 or (number > 0 and rest.is_Symbol and rest.is_integer and rest.is_positive) for number, rest in parts
    ):
        return False
    least = sum(number if rest == 1 else number * world.smallest(rest) for number, rest in parts)
    return bool(least > 0 if strict else least >= 0)


def _bounded(node: Add, world: World, lemma: Lemma, *, strict: bool) -> bool:
    return any(all(_sign(part, world, lemma, strict=strict) for part in parts) for parts in _bounds(node, world))


def _compared(node: Add, world: World, lemma: Lemma, *, strict: bool) -> bool:
    return any(
        _sign(first, world, lemma, strict=strict) and _sign(rest, world, lemma, strict=False)
        for first, rest in _differences(node, world)
    )


def _factored(node: Add, world: World, lemma: Lemma, *, strict: bool) -> bool:
    """Judge what SymPy can write as a product or a quotient."""
    small = node.count_ops() < _MAX_SIZE and all(abs(number) < _MAX_SIZE for number in node.atoms(Number))
    whole = factor(node) if small else node
    return not isinstance(whole, Add) and _sign(whole, world, lemma, strict=strict)


_MAX_SIZE = 60
_RULES_FOR_ADD = (_termwise, _linear, _at_least_zero, _growing, _bounded, _compared, _factored, _sign_with_largest)


def _bounds(node: Add, world: World) -> Iterator[list[Expr]]:
    """Yield lists of which it is enough that all are >= 0: bounds of the sum from below.

    |a| and max(a, b) are at least each of their branches and equal to one of them, and a sum of terms >= 0 is
    at least any of its terms.
    """
    for term in node.args:
        times, part = term.as_coeff_Mul()
        others = node - term
        if isinstance(part, Abs | Max | Min):
            branches = (*part.args, *(-argument for argument in part.args if isinstance(part, Abs)))
            values = [others + times * branch for branch in branches]
            if (times > 0) == isinstance(part, Min):
                yield values
            else:
                yield from ([value] for value in values)
        if isinstance(part, Sum) and times > 0 and nonnegative(part.function, world):
            yield from ([others + times * one] for one in _terms(part, others, world))
        if isinstance(part, Largest) and times > 0:
            yield from ([others + times * one] for one in _terms(part.family, others, world))


def _terms(total: Sum, others: Expr, world: World) -> Iterator[Expr]:
    """Yield terms of a sum: those at the indices which stand beside it, and the first."""
    index, low, size = total.limits[0]
    inner = {limit[0] for node in total.function.atoms(Sum, Product) for limit in node.limits}
    inner |= {node.args[1] for node in total.function.atoms(Largest)}
    places = [at for at, last in world.in_range.items() if last == size and others.has(at)]
    if low == 1 and len(total.limits) == 1 and index not in inner:
        yield from (total.function.xreplace({index: at}) for at in [*places, Integer(1)] if at not in inner)


def _differences(node: Add, world: World) -> Iterator[tuple[Expr, Expr]]:
    """Yield pairs of which it is enough that both are >= 0: for f(a) − f(b) + rest, a − b and the rest."""
    for upper, lower in permutations(node.args, 2):
        times, large = upper.as_coeff_Mul()
        small, rest = -lower / times, node - upper - lower
        if times > 0 and (large.has(exp, log) or small.has(exp, log)):
            for kind, inverse in ((exp, log), (log, exp)):
                first, second = _argument(large, kind, inverse), _argument(small, kind, inverse)
                if first is not None and second is not None:
                    yield first - second, rest
        if times > 0 and isinstance(large, Pow) and isinstance(small, Pow) and large.exp == small.exp:
            inner = large.base - small.base if large.exp.is_positive else small.base - large.base
            if large.exp.is_number and positive(large.base, world) and positive(small.base, world):
                yield inner, rest
    for term in node.args:  # log a − b ≥ 0 where a − e to the b is
        times, part = term.as_coeff_Mul()
        if times > 0 and isinstance(part, log):
            yield part.args[0] - exp((term - node) / times), Integer(0)
    sums = [term for term in node.args if isinstance(term.as_coeff_Mul()[1], Sum)]
    for one, other in permutations(sums, 2):  # sums over one range are one sum of differences
        (times, first), (others, second) = one.as_coeff_Mul(), other.as_coeff_Mul()
        if first.limits == second.limits:
            joined = Sum(times * first.function + others * second.function, *first.limits)
            yield joined, node - one - other


def _argument(side: Expr, kind: type[Expr], inverse: type[Expr]) -> Expr | None:
    """Return a for f(a), or for a number that is f(a); None for anything else."""
    if isinstance(side, kind):
        return side.args[0]
    return inverse(side) if side.is_number and (kind is log or side.is_positive) else None


def _at_most_one(node: Expr, world: World) -> bool:
    """Return whether a node lies between 0 and 1: entries of pmfs, indicators, and products of such."""
    if isinstance(node, KroneckerDelta) or node == 1:
        return True
    if isinstance(node, Symbol):
        _, high = world.intervals.get(node, (None, None))
        return high is not None and high <= 1 and nonnegative(node, world)
    if isinstance(node, Pow):
        return _at_most_one(node.base, world) and bool(node.exp.is_nonnegative)
    if isinstance(node, Mul):
        return all(_at_most_one(part, world) for part in node.args)
    return isinstance(node, Indexed) and (
        node.base in world.one_hot or (node.base in world.normalised and world.is_nonnegative(node.base))
    )


def _sign_of_mul(node: Mul, world: World, lemma: Lemma, *, strict: bool) -> bool:
    number, rest = node.as_coeff_Mul()
    factors = Mul.make_args(rest)
    if number > 0:
        return all(_sign(part, world, lemma, strict=strict) for part in factors)
    for place, part in enumerate(factors):
        others = Mul(-number, *factors[:place], *factors[place + 1 :])
        if isinstance(part, log) and not strict and _at_most_one(part.args[0], world):
            return _sign(others, world, lemma, strict=False)  # −log q ≥ 0 for 0 < q ≤ 1
        if isinstance(part, Sum):
            inside = Sum(-part.function, *part.limits)
            return _sign(inside, world, lemma, strict=strict) and _sign(others, world, lemma, strict=strict)
    return False


def _sign_of_extreme(node: Max | Min, world: World, lemma: Lemma, *, strict: bool) -> bool:
    enough = any if isinstance(node, Max) else all
    return enough(_sign(branch, world, lemma, strict=strict) for branch in node.args)


_RULES: tuple[tuple[Any, Callable[..., bool]], ...] = (
    (Sum, _sign_of_sum),
    (Product, _sign_of_sum),
    (Add, lambda *told, strict: any(rule(*told, strict=strict) for rule in _RULES_FOR_ADD)),
    (Mul, _sign_of_mul),
    (Pow, _sign_of_pow),
    (log, lambda node, world, lemma, *, strict: _sign(node.args[0] - 1, world, lemma, strict=strict)),
    (Max | Min, _sign_of_extreme),
    (Largest, _sign_with_largest),
    (Node, _sign_of_node),
)
