"""The second witness: a plain evaluator of expressions at a point of a world, at 50 digits.

It walks the SymPy tree and adds, multiplies and loops over indices. It shares no code with the normal form,
so that an error in one does not hide in the other. Of the infinite it knows one thing, the convention 0 · log
0 = 0; any other infinite or undefined value makes the whole expression :class:`Undefined` at that point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sympy import (
    Abs,
    Add,
    E,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    pi,
)  # fmt: skip
from sympy.core.expr import Expr
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from ce.derivation.errors import TooLarge, Undefined, Unreadable
from ce.derivation.numeric_check.extended import POLE, Pole, added, finite, multiplied
from ce.derivation.numeric_check.points import MP, Point, exact
from ce.formulas.functions import Node

__all__ = ["Witness"]

Scope = Mapping[Symbol, int]

_MAX_TERMS = 30_000  # of all sums in one value
_MAX_EXPONENT = MP.mpf(10) ** 40


class Witness:
    """Evaluates expressions at one point; values of parts without a bound index are kept.

    Examples
    --------
    >>> from sympy import Sum
    >>> from ce.derivation.assumptions import World
    >>> from ce.symbols import K, k, p
    >>> int(Witness(Point(World(normalised=(p,)), number=5)).value(Sum(p[k], (k, 1, K))))
    1
    """

    def __init__(self, point: Point, sizes: list[int] | None = None) -> None:
        self.point = point
        self._sizes = [0] if sizes is None else sizes
        self._terms_left = _MAX_TERMS
        self._kept: dict[Expr, Any] = {}
        self._bound: dict[Expr, bool] = {}

    @property
    def digits(self) -> int:
        """How many digits the values asked for so far need, that terms which cancel leave enough of them."""
        return 110 + int(0.6 * self._sizes[0])  # twice the digits of the largest number met

    def elsewhere(self, point: Point) -> Witness:
        """Return a witness at another point, whose numbers count for the digits of this one."""
        return Witness(point, self._sizes)

    def value(self, expression: Expr) -> Any:
        """Return the real value of an expression.

        Raises
        ------
        Undefined
            Where it has none: log of a negative number, a division by zero, an infinite value, an index out
            of range.
        """
        self._terms_left = _MAX_TERMS
        try:
            value = self._value(expression, {})
        except IndexError as error:
            raise Undefined(str(error)) from None
        if isinstance(value, Pole):
            raise Undefined("a division by zero")
        if not MP.isfinite(value):
            raise Undefined("its value is infinite: a logarithm of zero that nothing multiplies by zero")
        return value

    def _value(self, node: Expr, scope: Scope) -> Any:
        if node.args and not scope:
            if node not in self._kept:
                self._kept[node] = self._sized(node, scope)
            return self._kept[node]
        if scope and isinstance(node, Sum | log | exp) and not node.has(*scope):
            return self._value(node, {})
        return self._sized(node, scope)

    def _sized(self, node: Expr, scope: Scope) -> Any:
        value = self._compute(node, scope)
        _, digits, exponent, bits = getattr(
            value, "_mpf_", (0, 0, 0, 0)
        )  # zero, infinity and a pole have no digits
        if digits and exponent + bits > self._sizes[0]:
            self._sizes[0] = exponent + bits
        return value

    def _compute(self, node: Expr, scope: Scope) -> Any:
        rule = _rule(type(node))  # type: ignore[arg-type]  # a type without stubs
        if rule is not None:
            return rule(self, node, scope)
        if isinstance(node, Node):
            try:
                return self._value(node.meaning(), scope)
            except NotImplementedError:
                pass
        raise Unreadable(f"the witness has no rule for {type(node).__name__} in {node}")

    def _rational(self, node: Rational, scope: Scope) -> Any:
        return exact(node)

    def _symbol(self, node: Symbol, scope: Scope) -> Any:
        if node in scope:
            return MP.mpf(scope[node])
        if node in self.point.world.define:
            return self._value(self.point.world.define[node], {})
        return self.point.scalar(node)

    def index(self, node: Expr, scope: Scope | None = None) -> int:
        """Return the value of an expression in index position."""
        scope = scope or {}
        if isinstance(node, Symbol):
            if node in self.point.world.define and node not in scope:
                raise Unreadable(f"{node} is an abbreviation and cannot be an index")
            return scope[node] if node in scope else self.point.index(node)
        if isinstance(node, Indexed):
            return int(self.point.element(node.base, tuple(self.index(part, scope) for part in node.indices)))
        if node.is_Integer:
            return int(node)
        number, rest = node.as_coeff_Add()
        if number.is_Integer and number:  # k + 1
            return int(number) + self.index(rest, scope)
        raise Unreadable(f"expected an index, got {node}")

    def _element(self, node: Indexed, scope: Scope) -> Any:
        world, indices = self.point.world, tuple(self.index(part, scope) for part in node.indices)
        defined = world.defined_bases.get(node.base)
        if defined and len(defined[0]) != len(indices):
            raise Unreadable(f"{node.base} is defined with {len(defined[0])} index(es), got {node}")
        if defined:
            for index, size in zip(indices, world.shape(node.base, len(indices)), strict=True):
                if not 1 <= index <= self.point.size(size):
                    raise IndexError(f"{node} is asked for at {indices}, outside its range")
            pattern, body = defined
            return self._value(body, dict(zip(pattern, indices, strict=True)))
        if node.base in world.one_hot:
            hot = world.one_hot[node.base]
            if isinstance(hot, IndexedBase):
                return MP.mpf(int(self.point.element(hot, indices[:-1])) == indices[-1])
            return MP.mpf(self.index(hot, {}) == indices[-1])
        return self.point.element(node.base, indices)

    def _terms(self, node: Sum | Product, scope: Scope) -> list[Any]:
        scopes: list[dict[Symbol, int]] = [dict(scope)]
        for symbol, low, high in reversed(node.limits):
            ends = [(self._end(low, inner), self._end(high, inner) + 1) for inner in scopes]
            self._terms_left -= sum(max(0, last - first) for first, last in ends)
            if self._terms_left < 0:
                raise TooLarge("a sum of too many terms to compute")
            scopes = [
                {**inner, symbol: at}
                for inner, bounds in zip(scopes, ends, strict=True)
                for at in range(*bounds)
            ]
        return [self._value(node.function, inner) for inner in scopes]

    def _end(self, bound: Expr, scope: Scope) -> int:
        if isinstance(bound, Symbol) and bound not in scope:
            if bound in self.point.world.define:
                raise Unreadable(f"{bound} is an abbreviation and cannot bound a sum")
            return self.point.index(bound)
        return int(self._value(bound, scope))

    def _sum(self, node: Sum, scope: Scope) -> Any:
        return added(self._terms(node, scope))

    def _product(self, node: Product, scope: Scope) -> Any:
        return multiplied(self._terms(node, scope))

    def _add(self, node: Add, scope: Scope) -> Any:
        return added([self._value(part, scope) for part in node.args])

    def _mul(self, node: Mul, scope: Scope) -> Any:
        return multiplied([self._value(part, scope) for part in node.args])

    def _power(self, node: Pow, scope: Scope) -> Any:
        base, exponent = self._value(node.base, scope), self._value(node.exp, scope)
        if (
            isinstance(base, Pole)
            or isinstance(exponent, Pole)
            or not (MP.isfinite(base) and MP.isfinite(exponent))
        ):
            raise Undefined("a power of something infinite")
        if base == 0 and exponent < 0:
            return POLE
        if base < 0 and exponent != MP.floor(exponent):
            raise Undefined("a root of a negative number")
        return MP.power(base, int(exponent) if exponent == MP.floor(exponent) else exponent)

    def _log(self, node: log, scope: Scope) -> Any:
        argument = self._value(node.args[0], scope)
        if isinstance(argument, Pole):
            return MP.inf
        if argument == 0:
            return -MP.inf
        if argument < 0 or not MP.isfinite(argument):
            raise Undefined("a logarithm of a number that is not positive")
        return MP.log(argument)

    def _exp(self, node: exp, scope: Scope) -> Any:
        exponent = finite(self._value(node.args[0], scope))
        if abs(exponent) > _MAX_EXPONENT:
            raise TooLarge("an exponential too large to compute")
        return MP.exp(exponent)

    def _abs(self, node: Abs, scope: Scope) -> Any:
        return abs(finite(self._value(node.args[0], scope)))

    def _extreme(self, node: Max | Min, scope: Scope) -> Any:
        extreme = max if isinstance(node, Max) else min
        return extreme(finite(self._value(branch, scope)) for branch in node.args)

    def _piecewise(self, node: Piecewise, scope: Scope) -> Any:
        for value, condition in node.args:
            if self._fulfilled(condition, scope):
                return self._value(value, scope)
        raise Undefined(f"none of the cases of {node}")

    def _fulfilled(self, condition: Boolean, scope: Scope) -> bool:
        parts = {part: self._holds(part, scope) for part in condition.atoms(Relational)}
        return bool(condition.xreplace(parts))

    def _holds(self, condition: Relational, scope: Scope) -> Any:
        left, right = (finite(self._value(side, scope)) for side in condition.args)
        return condition.func(Integer(int(MP.sign(left - right))), 0)

    def _undefined(self, node: AppliedUndef, scope: Scope) -> Any:
        if len(node.args) != 1:
            raise Unreadable(f"a function that stands for any has one argument, got {node}")
        name, order = type(node), 0
        backwards = {str(slope): function for function, slope in self.point.world.slopes.items()}
        while str(name) in backwards:
            name, order = backwards[str(name)], order + 1
        return self.point.smooth(str(name), order, finite(self._value(node.args[0], scope)))

    def _delta(self, node: KroneckerDelta, scope: Scope) -> Any:
        if len(node.args) > 2:
            raise Unreadable(f"expected the delta of two indices and no range, got {node}")
        first, second = (self.index(part, scope) for part in node.args)
        return MP.mpf(first == second)

    def _constant(self, node: Expr, scope: Scope) -> Any:
        return +(MP.e if node == E else MP.pi)


_RULES: tuple[tuple[Any, Callable[..., Any]], ...] = (
    (Rational, Witness._rational), (Symbol, Witness._symbol), (Indexed, Witness._element),
    (Sum, Witness._sum), (Product, Witness._product), (Add, Witness._add), (Mul, Witness._mul),
    (type(E), Witness._constant), (type(pi), Witness._constant), (Pow, Witness._power), (log, Witness._log),
    (exp, Witness._exp), (Abs, Witness._abs), (Max, Witness._extreme), (Min, Witness._extreme),
    (Piecewise, Witness._piecewise), (KroneckerDelta, Witness._delta),
    (AppliedUndef, Witness._undefined),
)  # fmt: skip


@cache
def _rule(kind: Any) -> Callable[..., Any] | None:
    return next((rule for known, rule in _RULES if issubclass(kind, known)), None)
