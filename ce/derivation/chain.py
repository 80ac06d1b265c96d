"""How the relations of a derivation compose: what its current line still says of the left-hand side.

Each step is judged on two lines alone. Whether they make one statement is a matter of how they compose: from
f ≥ g and g = h follows f ≥ h, but nothing follows for the derivative of f. So a step that changes the
left-hand side (a derivative, a limit, a value put in) starts from the last line that *equals* it, whatever
bounds stand in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy.core.expr import Expr

from ce.derivation.assumptions import World
from ce.derivation.equations import Apply
from ce.derivation.minimisers import ArgMax, ArgMin
from ce.derivation.steps import Derivative, Step

__all__ = ["Chain"]

# How the left-hand side compares with a line, after a line it compares so with and a step of that sign.
_COMPOSED = {
    **{("=", sign): sign for sign in ("=", "≥", "≤", "≈", "⟹")},
    ("≥", "="): "≥",
    ("≥", "≥"): "≥",
    ("≤", "="): "≤",
    ("≤", "≤"): "≤",
}
_BOUNDS = (
    "only bounds the left-hand side from {}: it may be followed by = and {}, or by a derivative, a limit or "
    "a value put in, which start from the line that equals it"
)
_SAID = {
    "≥": _BOUNDS.format("below", "≥"),
    "≤": _BOUNDS.format("above", "≤"),
    "≈": "is a decimal number and not exact: put it last, and derive what follows from the exact line",
    "⟹": "is cited and not proven here: put it last, and derive what follows from it on its own",
}


@dataclass(frozen=True)
class Chain:
    """Where a derivation stands.

    Parameters
    ----------
    line
        Its current line.
    equal
        The last line that equals the left-hand side.
    sign
        How the left-hand side compares with the current line.
    gone
        What has a value by now or went to its limit, of which the left-hand side is free.
    """

    line: Expr
    equal: Expr
    sign: str = "="
    gone: frozenset[Any] = frozenset()

    @classmethod
    def at(cls, start: Expr) -> Chain:
        """Return the chain of a first line, which is what the left-hand side stands for."""
        return cls(start, start)

    def premise(self, step: Step) -> Expr:
        """Return the line that a step starts from."""
        return self.equal if step.anew and not step.keeps_bound else self.line

    def broken(self, step: Step) -> str:
        """Return why a step cannot follow here, empty when it can."""
        if self.sign in ("≈", "⟹") or not (step.anew or (self.sign, step.sign) in _COMPOSED):
            return f"the line before it {_SAID[self.sign]}"
        if again := sorted(map(str, self.gone.intersection(step.along))):
            return f"{', '.join(again)} has a value by now: start again from the line before it was put in"
        if not step.of_minimisers and isinstance(self.premise(step), ArgMin | ArgMax):
            return (
                "the line before it says where something is smallest or largest: it may be followed by an "
                "equal objective, by the same minimisers, or by a citation"
            )
        return ""

    def after(self, step: Step, world: World) -> Chain:
        """Return the chain with a step's line added."""
        line = step.expr
        sign = step.sign if step.anew else _COMPOSED[self.sign, step.sign]
        equal = step.function(self.equal) if isinstance(step, Apply) else self.equal
        fixed = () if isinstance(step, Derivative) else map(world.ingredients, step.along)
        return Chain(line, line if sign == "=" else equal, sign, self.gone.union(*fixed))
