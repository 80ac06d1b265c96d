"""Mutations of the book's steps, and whether the mutated step is true, decided by the oracle alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from sympy import Add, Indexed, Integer, KroneckerDelta, Mul, Pow, Product, Sum, Symbol, log, oo
from sympy.core.expr import Expr
from sympy.core.sympify import sympify

from ce.derivation import (
    Apply,
    ArgMax,
    ArgMin,
    At,
    AtLeast,
    AtMost,
    Derivative,
    Equal,
    Limit,
    Maximum,
    Minimum,
    SameArgmin,
    Solve,
    Step,
    World,
)
from ce.symbols import K, N, c, j, k, l, m, n, p, q, r, v, y, z
from tests.derivation.oracle import NoValueError, OraclePoint

POINTS = 8
CLOSE = 1e-7


@dataclass(frozen=True)
class MutatedStep:
    """A step of the book, as it stands or with one thing changed."""

    key: str
    number: int
    kind: str
    before: Expr
    step: Step
    world: World

    @property
    def after(self) -> Expr:
        """The line that the step arrives at."""
        return self.step.expr

    def __str__(self) -> str:
        where = f"{self.key}, step {self.number}, {self.kind}"
        return f"{where}: {self.before}  [{self.step.word}]  {self.after}"


# the operators: each returns a changed expression, or None where it does not apply


def places(expression: Expr, test: Callable[[Expr], bool], path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """Yield the paths to the nodes that pass a test; limits of sums are no nodes."""
    if test(expression):
        yield path
    for at, part in enumerate(_parts(expression)):
        yield from places(part, test, (*path, at))


def _parts(expression: Expr) -> tuple[Expr, ...]:
    if isinstance(expression, Sum | Product):
        return (expression.function,)
    if isinstance(expression, ArgMin | ArgMax):
        return (expression.objective,)
    return () if isinstance(expression, Indexed) else expression.args


def changed(expression: Expr, path: tuple[int, ...], change: Callable[[Expr], Expr]) -> Expr:
    """Return the expression with the node at a path changed."""
    if not path:
        return change(expression)
    at, *rest = path
    parts = list(_parts(expression))
    parts[at] = changed(parts[at], tuple(rest), change)
    if isinstance(expression, Sum | Product):
        return expression.func(parts[0], *expression.limits)
    if isinstance(expression, ArgMin | ArgMax):
        return expression.func(parts[0], expression.over)
    return expression.func(*parts)


Operator = Callable[[Expr, Random], Expr | None]


def _somewhere(test: Callable[[Expr], bool], change: Callable[[Expr, Random], Expr]) -> Operator:
    """Return an operator that changes one node, drawn among those that pass the test."""

    def mutate(expression: Expr, random: Random) -> Expr | None:
        paths = list(places(expression, test))
        return changed(expression, random.choice(paths), lambda node: change(node, random)) if paths else None

    return mutate


def _is_node(node: Expr) -> bool:
    return isinstance(node, Expr) and not isinstance(node, ArgMin | ArgMax)


def _drop(node: Expr, random: Random) -> Expr:
    parts = list(node.args)
    parts.pop(random.randrange(len(parts)))
    return node.func(*parts)


def _other_index(node: Indexed, random: Random) -> Expr:
    indices = list(node.indices)
    indices[random.randrange(len(indices))] = random.choice((j, k, l, m, c, n, Integer(1)))
    return node.base[tuple(indices)]


def _other_base(node: Indexed, random: Random) -> Expr:
    return random.choice([base for base in (p, q, y, z, r, v) if base != node.base])[node.indices]


def _other_bound(node: Sum | Product, random: Random) -> Expr:
    (symbol, low, high), *rest = node.limits
    if random.random() < 0.5:
        return node.func(node.function, (symbol, low, N if high == K else K), *rest)
    other = random.choice([s for s in (j, k, l, n) if s != symbol])
    return node.func(node.function, (other, low, high), *rest)


def _other_delta(node: KroneckerDelta, random: Random) -> Expr:
    other = KroneckerDelta(node.args[0], random.choice((j, k, m, c)))
    return random.choice((1 - node, other, Integer(1), Integer(0)))


def _scaled(node: Expr, random: Random) -> Expr:
    return node * random.choice((2, Integer(1) / 2, N, 1 / N, K, 1 / K))


def _other_power(node: Pow, random: Random) -> Expr:
    return Pow(node.base, node.exp + random.choice((-1, 1)))


def _other_log(node: log, random: Random) -> Expr:
    return random.choice((node.args[0], 1 / node, log(1 / node.args[0])))


def _kind(*kinds: type) -> Callable[[Expr], bool]:
    return lambda node: isinstance(node, kinds)


OPERATORS: dict[str, Callable[[Expr, Random], Expr | None]] = {
    "sign": _somewhere(_is_node, lambda node, random: -node),
    "factor": _somewhere(_is_node, _scaled),
    "index": _somewhere(_kind(Indexed), _other_index),
    "swapped base": _somewhere(_kind(Indexed), _other_base),
    "bound": _somewhere(_kind(Sum, Product), _other_bound),
    "dropped term": _somewhere(_kind(Add), _drop),
    "dropped factor": _somewhere(_kind(Mul), _drop),
    "exponent": _somewhere(_kind(Pow), _other_power),
    "delta": _somewhere(_kind(KroneckerDelta), _other_delta),
    "logarithm": _somewhere(_kind(log), _other_log),
    "constant": _somewhere(lambda node: node.is_Integer, lambda node, random: node + random.choice((-1, 1))),
}


def mutated(step: MutatedStep, random: Random) -> MutatedStep | None:
    """Return a step with one thing changed in one line, None where the operator drawn does not apply."""
    before, after, rule = step.before, step.after, step.step
    kind = random.choice([*OPERATORS, "limit"])
    if kind == "limit":
        if not isinstance(rule, Limit):
            return None
        if rule.to in (oo, -oo):
            other: Step = replace(rule, to=-rule.to)
        else:
            other = replace(rule, side="-" if rule.side == "+" else "+")
        return replace(step, kind=kind, step=other)
    on_after = random.random() < 0.7
    line = OPERATORS[kind](after if on_after else before, random)
    if line is None or line in (after, before) or not isinstance(line, Expr):
        return None
    if on_after:
        return replace(step, kind=kind, step=replace(rule, expr=line))
    return replace(step, kind=kind, before=line)


# the truth


def is_true(step: MutatedStep) -> bool | None:
    """Return whether a step is true at the oracle's points; None when it has no value at any of them."""
    valued = False
    for seed in range(POINTS):
        try:
            if not _holds(step, OraclePoint(step.world, seed)):
                return False
            valued = True
        except NoValueError:
            continue
    return True if valued else None


def _holds(step: MutatedStep, point: OraclePoint) -> bool:
    for kind, rule in _TRUTH.items():
        if isinstance(step.step, kind):
            return rule(step, point)
    raise NotImplementedError(f"no truth is known for {step.step}")


def _equal(step: MutatedStep, point: OraclePoint) -> bool:
    before, after = step.before, step.after
    if isinstance(before, ArgMin | ArgMax) and type(before) is type(after):
        before, after = before.objective, after.objective
    return _close(point.value(before), point.value(after))


def _equal_there(step: MutatedStep, point: OraclePoint) -> bool:
    put = dict(step.step.put)
    bases = [left.base if isinstance(left, Indexed) else left for left in put]
    world = step.world.but(
        define={**step.world.define, **put},
        normalised=tuple(base for base in step.world.normalised if base not in bases),
        intervals={key: ends for key, ends in step.world.intervals.items() if key not in bases},
    )
    return _equal(step, replace(point, world=world, kept={}))


def _is_slope(step: MutatedStep, point: OraclePoint) -> bool:
    return _close(slope(step.before, step.step.by, point), point.value(step.after), 1e-4)


def _is_bounded(step: MutatedStep, point: OraclePoint) -> bool:
    lines = (step.after, step.before) if isinstance(step.step, AtMost | Maximum) else (step.before, step.after)
    more, less = map(point.value, lines)
    return more > less if getattr(step.step, "strict", False) else more - less >= -CLOSE


def _is_extremum(step: MutatedStep, point: OraclePoint) -> bool:
    there = point.moved(step.step.variable.name, (), point.value(sympify(step.step.at)))
    return _close(there.value(step.before), there.value(step.after)) and _is_bounded(step, point)


def _is_solution(step: MutatedStep, point: OraclePoint) -> bool:
    unknown = step.step.variable
    name, indices = (unknown.base.name, unknown.indices) if isinstance(unknown, Indexed) else (unknown.name, ())
    indices = tuple(point.index(index) if isinstance(index, Symbol) else int(index) for index in indices)
    return _close(point.moved(name, indices, point.value(step.after)).value(step.before), 0)


def _is_applied(step: MutatedStep, point: OraclePoint) -> bool:
    return _close(point.value(step.step.function(step.before)), point.value(step.after))


def _same_argmin(step: MutatedStep, point: OraclePoint) -> bool:
    """Return whether one objective is the other up to a constant and a scale, for three draws."""
    rule = step.step
    objectives = [getattr(line, "objective", line) for line in (step.before, step.after)]
    made_of = step.world.ingredients
    names = frozenset(str(one) for line in objectives for one in made_of(line) if rule.over in made_of(one))
    rests = []
    for salt in range(3):
        drawn = point.redrawn(names, salt)
        values = [_signed(line, drawn) for line in (step.before, step.after)]
        (sign, first), (other, second) = values
        if rule.through == "log":
            if first <= 0:
                return False
            first = math.log(first)
        scale = drawn.value(sympify(rule.scaled))
        if scale <= 0:
            return False
        rests.append((other * second - scale * sign * first, scale))
    return all(_close(rest, rests[0][0], 1e-6) and _close(scale, rests[0][1]) for rest, scale in rests)


def _signed(line: Expr, point: OraclePoint) -> tuple[int, float]:
    objective = line.objective if isinstance(line, ArgMin | ArgMax) else line
    return (-1 if isinstance(line, ArgMax) else 1), point.value(objective)


def _tends(step: MutatedStep, point: OraclePoint) -> bool:
    """Return whether the values far out (or near by) approach what is claimed."""
    rule = step.step
    sign = -1 if rule.to is -oo or rule.side == "-" else 1
    if rule.to in (oo, -oo):
        places = (10, 20, 40, 80), (10**2, 10**3, 10**4, 10**6)
        walks = [[sign * place for place in walk] for walk in places]
    else:
        powers = (2, 4, 8, 16), (9, 30, 60, 90)
        walks = [[float(rule.to) + sign * 10.0**-power for power in walk] for walk in powers]
    outcomes = []
    for walk in walks:
        try:
            values = [point.moved(rule.variable.name, (), place).value(step.before) for place in walk]
            outcomes.append(_approach(values, step.after, point))
        except NoValueError:
            continue
    if not outcomes:
        raise NoValueError("no walk has values")
    return any(outcomes)


def _approach(values: list[float], goal: Expr, point: OraclePoint) -> bool:
    if goal in (oo, -oo):
        signed = [value if goal is oo else -value for value in values]
        return signed == sorted(signed) and signed[-1] > 8 and signed[-1] > 1.2 * signed[-2]
    gaps = [abs(value - point.value(goal)) for value in values]
    close = gaps[-1] < 1e-4 * (1 + abs(values[-1]))
    return close or (gaps[-1] < 0.6 * gaps[-2] < 0.36 * gaps[-3] < 0.216 * gaps[-4])


def slope(before: Expr, by: Expr, point: OraclePoint) -> float:
    """Return the derivative by a scalar or an element, from five values."""
    name, indices = (by.base.name, by.indices) if isinstance(by, Indexed) else (by.name, ())
    indices = tuple(point.index(index) if isinstance(index, Symbol) else int(index) for index in indices)
    here, step = point.value(by), 1e-4
    ends = [point.moved(name, indices, here + side * step).value(before) for side in (-2, -1, 1, 2)]
    return (ends[0] - 8 * ends[1] + 8 * ends[2] - ends[3]) / (12 * step)


def _close(first: float, second: float, tolerance: float = CLOSE) -> bool:
    return abs(first - second) <= tolerance * (1 + abs(first) + abs(second))


_TRUTH = {
    Equal: _equal,
    At: _equal_there,
    Derivative: _is_slope,
    AtLeast: _is_bounded,
    AtMost: _is_bounded,
    SameArgmin: _same_argmin,
    Limit: _tends,
    Minimum: _is_extremum,
    Solve: _is_solution,
    Apply: _is_applied,
}
