"""How long gradient flow needs, and how squared error can still be used: claims M3 and M4."""

from __future__ import annotations

from sympy import Integer, Rational, Sum, Symbol, exp, oo

from ce.claims.registry import on_page
from ce.derivation import (
    At,
    AtLeast,
    Cite,
    Derivation,
    Derivative,
    Equal,
    Limit,
    Rounded,
    Slip,
    World,
)  # fmt: skip
from ce.formulas import cross_entropy_escape_time, squared_error_escape_time
from ce.symbols import K, j, k, prob, start, y, z

LAB = "gradient/the-saturation-lab"
DIGITS = "gradient/on-real-digits"
AT_START = {prob: 1 / (1 + exp(-start))}
CE_TIME = cross_entropy_escape_time.textbook
SE_TIME = squared_error_escape_time.textbook
FLOW = r"gradient flow \(\dot z = -\partial L / \partial z\), \(y = 1\), from \(z_0 < 0\) to \(z = 0\)"


@on_page(LAB)
def escape_time_of_cross_entropy() -> Derivation:
    """M3: the time T(z₀) has slope −1/speed and is 0 at z₀ = 0."""
    world = World(define=AT_START)
    return Derivation(
        claim="M3", part="cross-entropy", title="The escape time of cross-entropy",
        conditions=(FLOW,), world=world, head="T(z_0)", start=CE_TIME,
        steps=(
            Derivative(-1 - exp(start), "term by term", by=start),
            Equal(-1 / (1 - prob), r"minus one over the speed \(1 - \hat{p}\)"),
        ),
        conclusion=r"So \(\mathrm{d}T / \mathrm{d}z_0 = -1/\dot z\), and \(T(0) = 0\): \(T\) is the time.",
        counterexamples=(
            Slip("the speed of squared error is taken", 2, after=-1 / (2 * prob * (1 - prob) ** 2)),
        ),
    )  # fmt: skip


@on_page(LAB)
def escape_time_of_cross_entropy_at_zero() -> Derivation:
    """M3: it is zero where the journey ends."""
    return Derivation(
        claim="M3", part="cross-entropy, end", title="At the boundary the time of cross-entropy is zero",
        conditions=(), world=World(), head="T(z_0)", start=CE_TIME,
        steps=(At(Integer(0), r"\(e^0 = 1\)", put={start: Integer(0)}),),
        counterexamples=(Slip("the constant 1 is forgotten", 1, before=-start - exp(start)),),
    )  # fmt: skip


@on_page(LAB)
def escape_time_of_squared_error() -> Derivation:
    """M3: the same for the squared error."""
    world = World(define=AT_START)
    return Derivation(
        claim="M3", part="squared error", title="The escape time of the squared error",
        conditions=(FLOW, r"\(L = (\hat{p} - y)^2\)"), world=world, head="T(z_0)", start=SE_TIME,
        steps=(
            Derivative(-(exp(-start) + 3 + 3 * exp(start) + exp(2 * start)) / 2, "term by term", by=start),
            Equal(-((1 + exp(start)) ** 3) / (2 * exp(start)), "a cube"),
            Equal(-1 / (2 * prob * (1 - prob) ** 2),
                  r"minus one over the speed \(2 \hat{p} (1 - \hat{p})^2\)"),
        ),
        conclusion=r"So \(\mathrm{d}T / \mathrm{d}z_0 = -1/\dot z\), and \(T(0) = 0\).",
        counterexamples=(
            Slip("the speed of the loss with a factor ½ is taken", 3,
                 after=-1 / (prob * (1 - prob) ** 2)),
        ),
    )  # fmt: skip


@on_page(LAB)
def escape_time_of_squared_error_at_zero() -> Derivation:
    """M3: it is zero where the journey ends."""
    return Derivation(
        claim="M3", part="squared error, end", title="At the boundary the time of the squared error is zero",
        conditions=(), world=World(), head="T(z_0)", start=SE_TIME,
        steps=(At(Integer(0), r"\(\tfrac54 + \tfrac12 - \tfrac32 - \tfrac14\)", put={start: Integer(0)}),),
        counterexamples=(Slip("the constant is larger by one", 1, before=SE_TIME + 1),),
    )  # fmt: skip


@on_page(LAB)
def escape_time_grows_exponentially() -> Derivation:
    """M3: the squared error's time grows like e^|z₀| / 2."""
    return Derivation(
        claim="M3", part="growth", title="The escape time of the squared error grows exponentially with |z₀|",
        conditions=(r"\(z_0 \to -\infty\), so \(|z_0| = -z_0\)",), world=World(),
        head=r"T(z_0) \, e^{-|z_0|}",
        start=SE_TIME * exp(start),
        steps=(Limit(Rational(1, 2), r"the other terms are smaller than \(e^{-z_0}\)", variable=start,
                     to=-oo),),
        counterexamples=(
            Slip("the time of cross-entropy is taken", 1, before=CE_TIME * exp(start),
                 moral="The time of cross-entropy grows like |z₀| only."),
        ),
    )  # fmt: skip


@on_page(LAB)
def escape_time_grows_linearly() -> Derivation:
    """M3: that of cross-entropy grows like |z₀|."""
    return Derivation(
        claim="M3", part="linear growth", title="The escape time of cross-entropy grows like |z₀|",
        conditions=(r"\(z_0 \to -\infty\)",), world=World(), head=r"T(z_0) / |z_0|", start=CE_TIME / -start,
        steps=(Limit(Integer(1), r"\(e^{z_0} \to 0\)", variable=start, to=-oo),),
        counterexamples=(Slip("the time of squared error is taken", 1, before=SE_TIME / -start),),
    )  # fmt: skip


@on_page(LAB)
def escape_time_of_cross_entropy_in_numbers() -> Derivation:
    """M3: 11.0 from z₀ = −10."""
    return Derivation(
        claim="M3", part="cross-entropy, numbers", title="From z₀ = −10 with cross-entropy",
        conditions=(r"\(z_0 = -10\)",), world=World(), head="T(-10)", start=CE_TIME.subs(start, -10),
        steps=(Rounded(because="computed", digits=1),),
        counterexamples=(Slip("the time of squared error is taken", 1,
                              before=SE_TIME.subs(start, -10)),),
    )  # fmt: skip


@on_page(LAB)
def escape_time_of_squared_error_in_numbers() -> Derivation:
    """M3: 11029.5 from z₀ = −10."""
    return Derivation(
        claim="M3", part="squared error, numbers", title="From z₀ = −10 with the squared error",
        conditions=(r"\(z_0 = -10\)",), world=World(), head="T(-10)", start=SE_TIME.subs(start, -10),
        steps=(Rounded(because="computed", digits=1),),
        counterexamples=(Slip("the time of cross-entropy is taken", 1,
                              before=CE_TIME.subs(start, -10)),),
    )  # fmt: skip


@on_page(DIGITS)
def squared_error_on_raw_outputs() -> Derivation:
    """M4: on the raw outputs, with no softmax, the gradient of the squared error does not saturate."""
    world = World(in_range={j: K})
    return Derivation(
        claim="M4", part="raw outputs",
        title="On raw outputs the gradient of the squared error is the mistake itself",
        conditions=(r"no softmax: the model's outputs are the \(z_k\)",),
        world=world, head="L", start=Sum((z[k] - y[k]) ** 2, (k, 1, K)),
        steps=(
            Derivative(2 * (z[j] - y[j]), "each output has its own square", by=z[j]),
            Derivative(Integer(2), "and constant curvature: convex everywhere", by=z[j]),
            AtLeast(Integer(0), r"\(2 > 0\)", slack=Integer(2), strict=True),
        ),
        counterexamples=(
            Slip("the outputs go through a softmax", 1,
                 before=Sum((exp(z[k]) / Sum(exp(z[k]), (k, 1, K)) - y[k]) ** 2, (k, 1, K)),
                 moral="Through the softmax the factor q_j comes back."),
        ),
    )  # fmt: skip


@on_page(DIGITS)
def squared_error_is_competitive() -> Derivation:
    """M4: and it is competitive in practice, cited and measured in the study of the digits."""
    world = World()
    return Derivation(
        claim="M4", part="in practice", title="Squared error on raw outputs is competitive in practice",
        conditions=("tuned step size; outputs not passed through a softmax", "with 42 classes or more the "
                    "loss is rescaled", "language and speech; in vision cross-entropy had a slight edge"),
        world=world, head="L", start=Sum((z[k] - y[k]) ** 2, (k, 1, K)),
        steps=(Cite(Symbol(r"\text{a test error like that of cross-entropy}"),
                    "trained this way, networks were on a par or better in most of these tasks",
                    source="hui2021"),),
    )  # fmt: skip
