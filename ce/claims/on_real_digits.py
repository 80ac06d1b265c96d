"""Squared error on raw outputs, without a softmax: claim M4."""

from __future__ import annotations

from sympy import Integer, Sum, Symbol

from ce.claims.registry import claim
from ce.derivation import AtLeast, Cite, Derivation, Derivative, Slip, World
from ce.formulas import softmax_squared_error
from ce.symbols import K, j, k, y, z


@claim
def squared_error_on_raw_outputs() -> Derivation:
    """M4: on the raw outputs, with no softmax, the gradient of the squared error does not saturate."""
    return Derivation(
        claim="M4",
        part="raw outputs",
        title="On raw outputs the gradient of the squared error is twice the mistake",
        conditions=(r"no softmax: the model’s outputs are the \(z_k\)",),
        world=World(in_range={j: K}),
        head="L",
        start=Sum((z[k] - y[k]) ** 2, (k, 1, K)),
        steps=(
            Derivative(2 * (z[j] - y[j]), "each output has its own square", by=z[j]),
            Derivative(Integer(2), "and constant curvature: convex everywhere", by=z[j]),
            AtLeast(Integer(0), r"\(2 > 0\)", strict=True),
        ),
        counterexamples=(
            Slip(
                "the outputs go through a softmax",
                1,
                before=softmax_squared_error.explicit,
                moral="Through the softmax the factor qⱼ comes back.",
            ),
        ),
    )


@claim
def squared_error_is_competitive() -> Derivation:
    """M4: and it is competitive in practice, cited and measured in the study of the digits."""
    return Derivation(
        claim="M4",
        part="in practice",
        title="Squared error on raw outputs is competitive in practice",
        conditions=(
            "tuned step size; outputs not passed through a softmax",
            "with 42 classes or more the loss is rescaled",
            "language and speech; in vision cross-entropy had a slight edge",
        ),
        world=World(),
        head="L",
        start=Sum((z[k] - y[k]) ** 2, (k, 1, K)),
        steps=(
            Cite(
                Symbol(r"\text{a test error like that of cross-entropy}"),
                "trained this way, networks were on a par or better in most of these tasks",
                source="hui2021",
            ),
        ),
    )
