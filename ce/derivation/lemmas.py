"""The lemmas that the slack of an inequality may rest on, each with the derivations that prove it."""

from __future__ import annotations

from sympy import Expr, Integer, Symbol, log

from ce.derivation.assumptions import World
from ce.derivation.derivation import Derivation
from ce.derivation.inequalities import AtLeast, Minimum
from ce.derivation.signs import Lemma
from ce.derivation.steps import Equal
from ce.formulas.functions import Node

A, B = Symbol("a", positive=True), Symbol("b", positive=True)


class LogGap(Node):
    r"""The gap :math:`b - a + a \log(a/b)`, which is >= 0 for a >= 0 and b > 0, and 0 only at a = b.

    It is :math:`a (x - 1 - \log x)` at :math:`x = b/a`: the distance between the line x − 1 and the
    logarithm. With 0 log 0 = 0 it is b at a = 0.

    Examples
    --------
    >>> from ce.symbols import k, p, q
    >>> LogGap(p[k], q[k]).meaning()
    log(p[k]/q[k])*p[k] - p[k] + q[k]
    """

    nargs = 2

    def meaning(self) -> Expr:
        """Return the textbook definition."""
        a, b = self.args
        return b - a + (a * log(a / b) if a else 0)

    def _latex(self, printer: object, exp: str | None = None) -> str:
        a, b = (printer._print(argument) for argument in self.args)  # type: ignore[attr-defined]
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\mathrm{{gap}}{power}\left({a}, {b}\right)"


class TangentGap(Node):
    """What a function exceeds its tangent by: f(x) − f(y) − f′(y) (x − y), given f(x), f(y) and f′(y).

    Examples
    --------
    >>> from sympy import Function
    >>> f, g, x, y = Function("f", real=True), Function("g", real=True), *map(Symbol, "xy")
    >>> TangentGap(f(x), f(y), g(y)).meaning()
    -(x - y)*g(y) + f(x) - f(y)
    """

    nargs = 3

    def meaning(self) -> Expr:
        """Return the difference."""
        there, here, slope = self.args
        return there - here - slope * (there.args[0] - here.args[0])


class _Convexity(Lemma):
    """What the world declares of its convex functions, and so needs no proof."""

    derived = True

    def holds_for(self, arguments: tuple[Expr, ...], world: World) -> bool:
        """Return whether the three belong to one convex function, the slope at the tangent's point."""
        there, here, slope = arguments
        declared = there.func in world.convex and world.slopes_of(there.func) == (slope.func,)
        return declared and here.func == there.func and here.args == slope.args


_FALLS_THEN_RISES = Derivation(
    "I3",
    r"The gap is never negative: \(\log x \le x - 1\) at \(x = b/a\)",
    (r"\(a > 0\), \(b > 0\)",),
    World(),
    LogGap(A, B),
    (
        Equal(LogGap(A, B).meaning(), "what the gap is"),
        Minimum(0, r"as \(b\) grows the gap falls until \(b = a\), and then rises", variable=B, at=A, slope=1 / B),
    ),
    part="lemma",
)
_AT_ZERO = Derivation(
    "I3",
    "At a = 0 the gap is b",
    (r"\(b > 0\)",),
    World(),
    LogGap(Integer(0), B),
    (Equal(B, r"\(0 \log 0 = 0\)"), AtLeast(0, r"\(b > 0\)")),
    part="lemma, a = 0",
)
LOG_LEMMA = Lemma("log x ≤ x − 1", LogGap, (_FALLS_THEN_RISES, _AT_ZERO))
CONVEXITY = _Convexity("a convex function lies above its tangents", TangentGap)
