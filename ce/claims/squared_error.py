"""Squared error through the sigmoid: claim M1."""

from __future__ import annotations

from sympy import Integer, Rational, exp, oo

from ce.claims.registry import on_page
from ce.derivation import (
    SQUARES,
    At,
    AtMost,
    Counterexample,
    Derivation,
    Derivative,
    Equal,
    Limit,
    Slip,
    World,
)
from ce.formulas import squared_error
from ce.symbols import label, logit, prob

SATURATES = "gradient/squared-error-saturates"
SIGMOID = {prob: 1 / (1 + exp(-logit))}
CHAIN = r"chain rule, with \(\partial \hat{p} / \partial z = \hat{p} (1 - \hat{p})\)"
SLOPE = r"\frac{\partial L}{\partial z}"
FOR_ONE = 2 * (prob - 1) * prob * (1 - prob)
FOR_ZERO = 2 * prob**2 * (1 - prob)


@on_page(SATURATES)
def squared_error_gradient() -> Derivation:
    """M1: the gradient of the squared error carries the sigmoid's own slope."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M1", part="gradient", title="The gradient of the squared error through the sigmoid",
        conditions=(r"\(y\) does not depend on \(z\)",),
        world=world, head="L", start=squared_error.textbook,
        steps=(Derivative(2 * (prob - label) * prob * (1 - prob), CHAIN, by=logit),),
        counterexamples=(
            Slip("the sigmoid’s own slope is forgotten", 1,
                 after=2 * (prob - label),
                 moral="This is the derivative by p̂, not by z."),
            Counterexample("y does not depend on z", 1, world.but(define={**SIGMOID, label: prob**2})),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_is_at_most_half_as_fast() -> Derivation:
    """M1: at every prediction the gradient of squared error is at most half that of cross-entropy."""
    world = World(intervals={prob: (0, 1)}, choices={label: (0, 1)})
    return Derivation(
        claim="M1", part="ratio", title="Squared error never pushes more than half as hard as cross-entropy",
        conditions=(r"\(y\) is 0 or 1", r"\(0 < \hat{p} < 1\)"),
        world=world,
        head=r"\frac{\partial L_{\mathrm{SE}} / \partial z}{\partial L_{\mathrm{CE}} / \partial z}",
        start=2 * (prob - label) * prob * (1 - prob) / (prob - label),
        steps=(
            Equal(2 * prob * (1 - prob), r"the error \(\hat{p} - y\) cancels"),
            AtMost(Rational(1, 2), r"the difference is \(\tfrac12 (1 - 2\hat{p})^2\)",
                   slack=(1 - 2 * prob) ** 2 / 2, lemma=SQUARES),
        ),
        conclusion=r"It is ½ at \(\hat{p} = \tfrac12\) only, and fades towards both ends.",
        counterexamples=(
            Counterexample("y is 0 or 1", 1, world.without(choices=(label,)),
                           moral="At p̂ = y neither loss pushes, and there is no ratio."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_gradient_vanishes_when_wrong() -> Derivation:
    """M1: for y = 1 the gradient tends to 0 at the wrong end as well, like e^z."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M1", part="wrong end", title="A confident mistake has no gradient left",
        conditions=(r"\(y = 1\)",),
        world=world, head=SLOPE, start=FOR_ONE,
        steps=(
            Equal(-2 * exp(logit) / (1 + exp(logit)) ** 3, "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^z \to 0\)", variable=logit, to=-oo),
        ),
        counterexamples=(
            Slip("the loss is cross-entropy", 2, before=prob - 1,
                 moral="The gradient of cross-entropy tends to −1 there."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_gradient_vanishes_when_right() -> Derivation:
    """M1: and at the right end."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M1", part="right end", title="A confident right prediction has no gradient either",
        conditions=(r"\(y = 1\)",),
        world=world, head=SLOPE, start=FOR_ONE,
        steps=(
            Equal(-2 * exp(-2 * logit) / (1 + exp(-logit)) ** 3, "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^{-2z} \to 0\)", variable=logit, to=oo),
        ),
        counterexamples=(Slip("the slope in p̂ is taken at the far end", 2, after=Integer(-2)),),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_gradient_rate() -> Derivation:
    """M1: at the wrong end the gradient is −2 e^{−|z|} to leading order."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M1", part="rate", title="At the wrong end the gradient shrinks exponentially with |z|",
        conditions=(r"\(y = 1\), \(z \to -\infty\), so \(|z| = -z\)",),
        world=world, head=rf"{SLOPE} \, e^{{|z|}}", start=FOR_ONE * exp(-logit),
        steps=(
            Equal(-2 / (1 + exp(logit)) ** 3, r"one factor \(e^z\) cancels"),
            Limit(Integer(-2), r"\(e^z \to 0\)", variable=logit, to=-oo),
        ),
        counterexamples=(
            Slip("the sign of the exponent is turned", 2, before=FOR_ONE * exp(logit),
                 moral="At the right end |z| = z, and the gradient shrinks faster still, like "
                       "e^{−2z}."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_gradient_rate_when_right() -> Derivation:
    """M1: at the right end it is −2 e^{−2|z|}: faster, since there the error is small as well."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M1", part="rate, right end", title="At the right end it shrinks twice as fast",
        conditions=(r"\(y = 1\), \(z \to \infty\), so \(|z| = z\)",),
        world=world, head=rf"{SLOPE} \, e^{{2|z|}}", start=FOR_ONE * exp(2 * logit),
        steps=(
            Equal(-2 / (1 + exp(-logit)) ** 3, r"two factors \(e^{-z}\) cancel"),
            Limit(Integer(-2), r"\(e^{-z} \to 0\)", variable=logit, to=oo),
        ),
        counterexamples=(
            Slip("the sign of the exponent is turned", 2, before=FOR_ONE * exp(-2 * logit),
                 moral="At the wrong end the rate is e^{−|z|}."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_largest_gradient() -> Derivation:
    """M1: for y = 1 the gradient is at most 8/27 in size, and is that at p̂ = 1/3."""
    world = World(intervals={prob: (0, 1)})
    slack = Rational(2, 27) * (3 * prob - 1) ** 2 * (4 - 3 * prob)
    return Derivation(
        claim="M1", part="largest size", title="The gradient of the squared error is never larger than 8/27",
        conditions=(r"\(y = 1\)", r"\(0 < \hat{p} < 1\)"),
        world=world, head=rf"\left|{SLOPE}\right|", start=2 * prob * (1 - prob) ** 2,
        steps=(
            AtMost(Rational(8, 27), r"the difference is \(\tfrac{2}{27} (3\hat{p} - 1)^2 (4 - 3\hat{p})\)",
                   slack=slack,
                   lemma=SQUARES),
        ),
        counterexamples=(
            Slip("the bound of the loss with a factor ½ is taken", 1, after=Rational(4, 27),
                 moral="With the convention (p̂ − y)²/2 the bound is 4/27."),
            Counterexample("p̂ < 1", 1, World(intervals={prob: (0, 2)})),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_largest_gradient_at_a_third() -> Derivation:
    """M1: the bound is attained at p̂ = 1/3."""
    world = World(intervals={prob: (0, 1)})
    return Derivation(
        claim="M1", part="where largest", title="The bound 8/27 is attained at p̂ = 1/3",
        conditions=(r"\(y = 1\)",),
        world=world, head=rf"\left|{SLOPE}\right|", start=2 * prob * (1 - prob) ** 2,
        steps=(At(Rational(8, 27), r"\(2 \cdot \tfrac13 \cdot \tfrac49\)", put={prob: Rational(1, 3)}),),
        counterexamples=(Slip("the value of the loss with a factor ½ is taken", 1,
                              after=Rational(4, 27)),),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_gradient_vanishes_when_wrong_for_zero() -> Derivation:
    """M1: for y = 0 the wrong end is z → +∞, and the gradient tends to 0 there too, like e^−z."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M1", part="wrong end for zero",
        title="Label 0: the confident mistake is on the right, and silent",
        conditions=(r"\(y = 0\)",),
        world=world, head=SLOPE, start=FOR_ZERO,
        steps=(
            Equal(2 * exp(-logit) / (1 + exp(-logit)) ** 3, "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^{-z} \to 0\)", variable=logit, to=oo),
        ),
        counterexamples=(
            Slip("the gradient for the label 1 is taken", 1, before=FOR_ONE,
                 moral="For y = 1 the wrong end is the left one."),
            Slip("the loss is cross-entropy", 2, before=prob,
                 moral="The gradient of cross-entropy tends to 1 there."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_gradient_vanishes_when_right_for_zero() -> Derivation:
    """M1: and at z → −∞, the right end for y = 0."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M1", part="right end for zero", title="Label 0: no gradient at the right end either",
        conditions=(r"\(y = 0\)",),
        world=world, head=SLOPE, start=FOR_ZERO,
        steps=(
            Equal(2 * exp(2 * logit) / (1 + exp(logit)) ** 3, "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^{2z} \to 0\)", variable=logit, to=-oo),
        ),
        counterexamples=(Slip("the slope in p̂ is taken at the far end", 2, after=Integer(2)),),
    )  # fmt: skip


@on_page(SATURATES)
def squared_error_largest_gradient_with_a_half() -> Derivation:
    """M1: with the loss (p̂ − y)²/2 the gradient is at most 4/27 in size."""
    world = World(intervals={prob: (0, 1)})
    slack = Rational(1, 27) * (3 * prob - 1) ** 2 * (4 - 3 * prob)
    return Derivation(
        claim="M1", part="largest size with a half",
        title="With a factor ½ the gradient is never larger than 4/27",
        conditions=(r"\(y = 1\)", r"\(0 < \hat{p} < 1\)", r"the loss is \(\tfrac12 (\hat{p} - y)^2\)"),
        world=world, head=rf"\left|{SLOPE}\right|", start=prob * (1 - prob) ** 2,
        steps=(
            AtMost(Rational(4, 27), r"the difference is \(\tfrac{1}{27} (3\hat{p} - 1)^2 (4 - 3\hat{p})\)",
                   slack=slack, lemma=SQUARES),
            At(Rational(4, 27), r"attained: \(\tfrac13 \cdot \tfrac49\)", put={prob: Rational(1, 3)}),
        ),
        counterexamples=(
            Slip("the factor ½ is forgotten", 1, before=2 * prob * (1 - prob) ** 2,
                 moral="Without the factor ½ the bound is 8/27."),
        ),
    )  # fmt: skip
