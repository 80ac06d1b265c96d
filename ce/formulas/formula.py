"""A formula: what the page prints, what the computer computes, and everything made from the two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sympy import Symbol, diff
from sympy.core.expr import Expr

from ce.formulas.evaluate import checked_arguments, checked_result, instantiate, numpy_function
from ce.formulas.typeset import typeset


@dataclass(frozen=True)
class Formula:
    """A named formula in two forms that a test proves equal.

    Parameters
    ----------
    name
        What the formula is called in running text.
    head
        LaTeX of the left-hand side.
    textbook
        The form the page prints.
    stable
        The form that is computed: equal to ``textbook`` (with ``where`` put in), accurate in floating point.
    source
        Citation key in ``references.bib``.
    where
        What the auxiliary symbols and elements of ``textbook`` stand for, such as the probability as a
        function of the logit, or ``q[k]`` as the softmax (written with the index it has in ``textbook``).
    unit
        ``"nats"`` for what contains a logarithm of a probability, ``""`` for a pure number.

    Examples
    --------
    >>> from ce.formulas import binary_cross_entropy
    >>> from ce.symbols import label, logit
    >>> binary_cross_entropy.derivative(logit)
    -y*sigmoid(-z) + (1 - y)*sigmoid(z)
    >>> float(binary_cross_entropy.function(label, logit)(1.0, -10.0))
    10.000045398899218
    """

    name: str
    head: str
    textbook: Expr
    stable: Expr
    source: str
    where: Mapping[Expr, Expr] = field(default_factory=dict)
    unit: str = "nats"

    def __post_init__(self) -> None:
        kinds = {"str": str, "Expr": Expr, "Mapping[Expr, Expr]": Mapping}
        for part in fields(self):
            kind, given = kinds[str(part.type)], getattr(self, part.name)
            if not isinstance(given, kind):
                raise ValueError(f"Formula({self.name!r}).{part.name}: expected a {kind.__name__}, got {given!r}")

    @property
    def explicit(self) -> Expr:
        """The textbook form with its auxiliary symbols put in."""
        return self.textbook.xreplace(dict(self.where))

    def derivative(self, variable: Symbol, order: int = 1) -> Expr:
        """Return the derivative of the stable form; it is stable too, since each node's derivative is.

        Parameters
        ----------
        variable
            A scalar symbol of the formula. (Derivatives by an indexed symbol belong to :mod:`ce.derivation`,
            which differentiates under sums; SymPy's ``diff`` does that wrongly.)
        order
            How often to differentiate; 0 is the formula itself.

        Raises
        ------
        ValueError
            When ``variable`` does not occur in the formula as a scalar, or the order is no count.
        """
        if isinstance(order, bool) or not isinstance(order, int) or order < 0:
            raise ValueError(f"{self.name}: expected 0, 1, 2, … as order, got {order!r}")
        if variable not in self.stable.free_symbols or not isinstance(variable, Symbol):
            names = sorted(str(s) for s in self.stable.free_symbols)
            raise ValueError(f"{self.name}: expected one of {names} to differentiate by, got {variable!r}")
        return diff(self.stable, variable, order)

    def at(self, **sizes: int) -> Expr:
        """Return the stable form with its sums written out, such as ``at(K=3)``."""
        return instantiate(self.stable, sizes)

    def function(self, *arguments: Symbol) -> Callable[..., Any]:
        """Return the NumPy function of the stable form, broadcasting over ``arguments`` in their order.

        The function refuses NaN, labels and probabilities outside [0, 1], empty and object arrays, and shapes
        that do not fit, and infinite logits at which the stable form itself is 0 · ∞; :func:`numpy_function` is the
        bare one.
        """
        compute = numpy_function(self.stable, arguments)

        def computed(*values: Any) -> Any:
            import numpy as np  # noqa: PLC0415  (formulas are read without it)

            given = checked_arguments(self.name, arguments, values)
            with np.errstate(all="ignore"):
                return checked_result(self.name, compute(*given))

        return computed

    @property
    def latex(self) -> str:
        """LaTeX of the whole line, left-hand side and textbook form."""
        return f"{self.head} = {typeset(self.textbook)}"

    def _repr_latex_(self) -> str:
        parts = (rf",\qquad {typeset(symbol)} = {typeset(value)}" for symbol, value in self.where.items())
        where = "".join(parts)
        return rf"$\displaystyle {self.latex}{where}$"
