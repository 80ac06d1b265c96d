"""Escape times of gradient flow: claim M3."""

from __future__ import annotations

from sympy import Integer, Rational, exp, oo

from ce.claims.registry import claim
from ce.derivation import At, Derivation, Derivative, Equal, Limit, Rounded, Slip, World
from ce.formulas import cross_entropy_escape_time, sigmoid, squared_error_escape_time
from ce.symbols import prob, start

AT_START = {prob: sigmoid(start).meaning()}
CE_TIME = cross_entropy_escape_time.textbook
SE_TIME = squared_error_escape_time.textbook
FLOW = r"gradient flow \(\dot z = -\partial L / \partial z\), \(y = 1\), from \(z_0 < 0\) to \(z = 0\)"


@claim
def escape_time_of_cross_entropy() -> Derivation:
    """M3: the time T(z₀) has slope −1/speed and is 0 at z₀ = 0."""
    return Derivation(
        claim="M3",
        part="cross-entropy",
        title="The escape time of cross-entropy",
        conditions=(FLOW,),
        world=World(define=AT_START, intervals={start: (-oo, 0)}),
        head="T(z_0)",
        start=CE_TIME,
        steps=(
            Derivative(-1 - exp(start), "term by term", by=start),
            Equal(-1 / (1 - prob), r"minus one over the speed \(1 - \hat{p}\)"),
        ),
        conclusion=r"So \(\mathrm{d}T / \mathrm{d}z_0 = -1/\dot z\), and \(T(0) = 0\): \(T\) is the time.",
        counterexamples=(Slip("the speed of squared error is taken", 2, after=-1 / (2 * prob * (1 - prob) ** 2)),),
    )


@claim
def escape_time_of_cross_entropy_at_zero() -> Derivation:
    """M3: it is zero where the journey ends."""
    return Derivation(
        claim="M3",
        part="cross-entropy, end",
        title="At the boundary the time of cross-entropy is zero",
        conditions=(),
        world=World(),
        head="T(z_0)",
        start=CE_TIME,
        steps=(At(Integer(0), r"\(e^0 = 1\)", put={start: Integer(0)}),),
        counterexamples=(Slip("the constant 1 is forgotten", 1, before=-start - exp(start)),),
    )


@claim
def escape_time_of_squared_error() -> Derivation:
    """M3: the same for the squared error."""
    return Derivation(
        claim="M3",
        part="squared error",
        title="The escape time of the squared error",
        conditions=(FLOW, r"\(L = (\hat{p} - y)^2\)"),
        world=World(define=AT_START, intervals={start: (-oo, 0)}),
        head="T(z_0)",
        start=SE_TIME,
        steps=(
            Derivative(-(exp(-start) + 3 + 3 * exp(start) + exp(2 * start)) / 2, "term by term", by=start),
            Equal(-((1 + exp(start)) ** 3) / (2 * exp(start)), "a cube"),
            Equal(-1 / (2 * prob * (1 - prob) ** 2), r"minus one over the speed \(2 \hat{p} (1 - \hat{p})^2\)"),
        ),
        conclusion=r"So \(\mathrm{d}T / \mathrm{d}z_0 = -1/\dot z\), and \(T(0) = 0\).",
        counterexamples=(
            Slip("the speed of the loss with a factor ½ is taken", 3, after=-1 / (prob * (1 - prob) ** 2)),
        ),
    )


@claim
def escape_time_of_squared_error_at_zero() -> Derivation:
    """M3: it is zero where the journey ends."""
    return Derivation(
        claim="M3",
        part="squared error, end",
        title="At the boundary the time of the squared error is zero",
        conditions=(),
        world=World(),
        head="T(z_0)",
        start=SE_TIME,
        steps=(At(Integer(0), r"\(\tfrac54 + \tfrac12 - \tfrac32 - \tfrac14\)", put={start: Integer(0)}),),
        counterexamples=(Slip("the constant is larger by one", 1, before=SE_TIME + 1),),
    )


@claim
def escape_time_grows_exponentially() -> Derivation:
    """M3: the squared error's time grows like e^|z₀| / 2."""
    return Derivation(
        claim="M3",
        part="growth",
        title="The escape time of the squared error grows exponentially with |z₀|",
        conditions=(r"\(z_0 \to -\infty\), so \(|z_0| = -z_0\)",),
        world=World(),
        head=r"T(z_0) \, e^{-|z_0|}",
        start=SE_TIME * exp(start),
        steps=(Limit(Rational(1, 2), r"the other terms are smaller than \(e^{-z_0}\)", variable=start, to=-oo),),
        counterexamples=(
            Slip(
                "the time of cross-entropy is taken",
                1,
                before=CE_TIME * exp(start),
                moral="The time of cross-entropy grows like |z₀| only.",
            ),
        ),
    )


@claim
def escape_time_grows_linearly() -> Derivation:
    """M3: that of cross-entropy grows like |z₀|."""
    return Derivation(
        claim="M3",
        part="linear growth",
        title="The escape time of cross-entropy grows like |z₀|",
        conditions=(r"\(z_0 \to -\infty\)",),
        world=World(),
        head=r"T(z_0) / |z_0|",
        start=CE_TIME / -start,
        steps=(Limit(Integer(1), r"\(e^{z_0} \to 0\)", variable=start, to=-oo),),
        counterexamples=(Slip("the time of squared error is taken", 1, before=SE_TIME / -start),),
    )


@claim
def escape_time_of_cross_entropy_in_numbers() -> Derivation:
    """M3: 11.0 from z₀ = −10."""
    return Derivation(
        claim="M3",
        part="cross-entropy, numbers",
        title="From z₀ = −10 with cross-entropy",
        conditions=(r"\(z_0 = -10\)",),
        world=World(),
        head="T(-10)",
        start=CE_TIME.subs(start, -10),
        steps=(Rounded(because="computed", digits=1),),
        counterexamples=(Slip("the time of squared error is taken", 1, before=SE_TIME.subs(start, -10)),),
    )


@claim
def escape_time_of_squared_error_in_numbers() -> Derivation:
    """M3: 11029.5 from z₀ = −10."""
    return Derivation(
        claim="M3",
        part="squared error, numbers",
        title="From z₀ = −10 with the squared error",
        conditions=(r"\(z_0 = -10\)",),
        world=World(),
        head="T(-10)",
        start=SE_TIME.subs(start, -10),
        steps=(Rounded(because="computed", digits=1),),
        counterexamples=(Slip("the time of cross-entropy is taken", 1, before=CE_TIME.subs(start, -10)),),
    )
