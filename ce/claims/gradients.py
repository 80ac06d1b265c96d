"""Gradients of cross-entropy at the logits: claims G1 to G4."""

from __future__ import annotations

from sympy import Integer, KroneckerDelta, Rational, Sum, Symbol, exp, log, oo

from ce.claims.registry import on_page
from ce.derivation import AtLeast, AtMost, Counterexample, Derivation, Derivative, Equal, Limit, Slip, World
from ce.formulas import binary_cross_entropy, categorical_cross_entropy
from ce.symbols import K, j, k, l, label, logit, prob, q, y, z

SATURATES = "gradient/squared-error-saturates"
SOFTMAX_GRADIENT = "gradient/the-softmax-gradient"
SIGMOID = {prob: 1 / (1 + exp(-logit))}
SOFTMAX = {q[k]: exp(z[k]) / Sum(exp(z[l]), (l, 1, K))}
DELTA = KroneckerDelta(j, k)


@on_page(SATURATES)
def binary_gradient() -> Derivation:
    """G2: for the sigmoid with binary cross-entropy the gradient at the logit is p̂ − y."""
    world = World(define=SIGMOID)
    slope = -label / prob + (1 - label) / (1 - prob)
    return Derivation(
        claim="G2", part="binary", title="Sigmoid and cross-entropy: the gradient is prediction minus label",
        conditions=(r"\(y\) does not depend on \(z\)",),
        world=world, head="L", start=binary_cross_entropy.textbook,
        steps=(
            Derivative(slope * prob * (1 - prob),
                       r"chain rule, with \(\partial \hat{p} / \partial z = \hat{p} (1 - \hat{p})\)",
                       by=logit),
            Equal(-label * (1 - prob) + (1 - label) * prob, "the denominators cancel"),
            Equal(prob - label, r"the terms \(y \hat{p}\) cancel"),
        ),
        counterexamples=(
            Counterexample("the probability is the sigmoid of the logit", 1,
                           world.but(define={prob: exp(-exp(-logit))}),
                           moral="With another squashing function the factor does not cancel."),
            Counterexample("y does not depend on z", 1, world.but(define={**SIGMOID, label: prob}),
                           moral="If the model makes its own label, the label moves with the logit."),
        ),
    )  # fmt: skip


@on_page(SOFTMAX_GRADIENT)
def softmax_jacobian() -> Derivation:
    """G1: the Jacobian of the softmax, from the softmax itself."""
    world = World(define=SOFTMAX, in_range={j: K, k: K})
    total = Sum(exp(z[l]), (l, 1, K))
    return Derivation(
        claim="G1", title="The Jacobian of the softmax",
        conditions=(r"\(j\) and \(k\) are classes, equal or not",),
        world=world, head="q_{k}", start=exp(z[k]) / total,
        steps=(
            Derivative((DELTA * exp(z[k]) * total - exp(z[k]) * exp(z[j])) / total**2, "quotient rule",
                       by=z[j]),
            Equal(exp(z[k]) / total * (DELTA - exp(z[j]) / total), "divide through"),
            Equal(q[k] * (DELTA - q[j]), "both quotients are the softmax again"),
        ),
        counterexamples=(
            Slip("the case j = k is forgotten", 1, after=-exp(z[k]) * exp(z[j]) / total**2,
                 moral="Without the delta the diagonal is wrong."),
            Counterexample("j is one of the classes", 1, world.without(in_range=(j,))),
        ),
    )  # fmt: skip


@on_page(SOFTMAX_GRADIENT)
def softmax_gradient() -> Derivation:
    """G2: for softmax with cross-entropy the gradient at the logits is q − y, for any K."""
    world = World(define=SOFTMAX, in_range={j: K}, normalised=(y,))
    total = Symbol("S", positive=True)
    world = world.but(define={**SOFTMAX, total: Sum(exp(z[l]), (l, 1, K))})
    return Derivation(
        claim="G2", part="softmax", title="Softmax and cross-entropy: the gradient is prediction minus label",
        conditions=(r"\(\sum_k y_k = 1\) (one-hot or soft)", r"\(y\) does not depend on \(z\)"),
        world=world, head="L", start=categorical_cross_entropy.textbook,
        steps=(
            Equal(-Sum(y[k] * (z[k] - log(total)), (k, 1, K)), r"the logarithm of \(e^{z_k} / S\)"),
            Equal(log(total) - Sum(y[k] * z[k], (k, 1, K)), "the labels sum to one"),
            Derivative(exp(z[j]) / total - y[j], r"\(\partial S / \partial z_j = e^{z_j}\)", by=z[j]),
            Equal(q[j] - y[j], "the quotient is the softmax"),
        ),
        counterexamples=(
            Counterexample("the labels sum to one", 2, world.without(normalised=(y,)),
                           moral=r"In general the gradient is \(q_j \sum_k y_k - y_j\)."),
            Counterexample("y does not depend on z", 3,
                           World(define={**world.define, y[k]: exp(z[k]) / Sum(exp(z[l]), (l, 1, K))},
                                 in_range={j: K}),
                           moral="If the model makes its own labels, they move with the logits."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def gradient_stays_when_wrong() -> Derivation:
    """G4: for y = 1 the gradient of cross-entropy tends to −1 as the prediction gets ever more wrong."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="G4", part="wrong",
        title="However confident the mistake, the gradient of cross-entropy keeps its size",
        conditions=(r"\(y = 1\)",),
        world=world, head=r"\frac{\partial L}{\partial z}", start=prob - 1,
        steps=(
            Equal(-1 / (1 + exp(logit)), "the sigmoid, put in"),
            Limit(Integer(-1), r"\(e^z \to 0\)", variable=logit, to=-oo),
        ),
        counterexamples=(
            Slip("the loss is squared error", 2, before=2 * (prob - 1) * prob * (1 - prob),
                 moral="The gradient of the squared error tends to 0 at the same end."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def gradient_fades_when_right() -> Derivation:
    """G4: for y = 1 it tends to 0 as the prediction gets right, and only there."""
    return Derivation(
        claim="G4", part="right", title="When the prediction is right the gradient of cross-entropy fades",
        conditions=(r"\(y = 1\)",),
        world=World(define=SIGMOID), head=r"\frac{\partial L}{\partial z}", start=prob - 1,
        steps=(
            Equal(-exp(-logit) / (1 + exp(-logit)), "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^{-z} \to 0\)", variable=logit, to=oo),
        ),
        counterexamples=(
            Slip("the label 0 is taken for 1", 2, before=prob,
                 moral="For y = 0 this is the wrong end, and the gradient tends to 1."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def gradient_is_at_least_half_when_wrong() -> Derivation:
    """G4: while the true class has less than probability 1/2, the gradient is more than 1/2 in size."""
    world = World(intervals={prob: (0, Rational(1, 2))})
    return Derivation(
        claim="G4", part="size",
        title="While the prediction is wrong, the gradient of cross-entropy is more than 1/2",
        conditions=(r"\(y = 1\) and \(\hat{p} < 1/2\)",),
        world=world, head=r"\left|\frac{\partial L}{\partial z}\right|", start=1 - prob,
        steps=(AtLeast(Rational(1, 2), r"\(\hat{p} < 1/2\)", slack=Rational(1, 2) - prob, strict=True),),
        counterexamples=(
            Counterexample("p̂ < 1/2", 1, World(intervals={prob: (0, 1)})),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def gradient_is_less_than_one() -> Derivation:
    """G4: and it is never larger than 1: it keeps its size, and does not explode."""
    return Derivation(
        claim="G4", part="bound", title="The gradient of cross-entropy is always less than 1",
        conditions=(r"\(y = 1\)", r"\(0 < \hat{p} < 1\)"),
        world=World(intervals={prob: (0, 1)}),
        head=r"\left|\frac{\partial L}{\partial z}\right|", start=1 - prob,
        steps=(AtMost(Integer(1), r"\(\hat{p} > 0\)", slack=prob, strict=True),),
        counterexamples=(
            Counterexample("0 < p̂", 1, World(may_vanish=(prob,)),
                           moral="At p̂ = 0, which the sigmoid never reaches, it is 1."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def gradient_stays_when_wrong_for_zero() -> Derivation:
    """G4: for y = 0 the wrong end is z → +∞, and the gradient tends to 1 there."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="G4", part="wrong for zero",
        title="Label 0: the confident mistake is pushed back with full size",
        conditions=(r"\(y = 0\)",),
        world=world, head=r"\frac{\partial L}{\partial z}", start=prob,
        steps=(
            Equal(1 / (1 + exp(-logit)), "the sigmoid, put in"),
            Limit(Integer(1), r"\(e^{-z} \to 0\)", variable=logit, to=oo),
        ),
        counterexamples=(
            Slip("the loss is squared error", 2, before=2 * prob**2 * (1 - prob),
                 moral="The gradient of the squared error tends to 0 at the same end."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def gradient_fades_when_right_for_zero() -> Derivation:
    """G4: for y = 0 it tends to 0 as z → −∞, where the prediction is right."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="G4", part="right for zero", title="Label 0: the gradient fades on the left, where it is right",
        conditions=(r"\(y = 0\)",),
        world=world, head=r"\frac{\partial L}{\partial z}", start=prob,
        steps=(
            Equal(exp(logit) / (1 + exp(logit)), "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^z \to 0\)", variable=logit, to=-oo),
        ),
        counterexamples=(
            Slip("the label 1 is taken for 0", 2, before=prob - 1,
                 moral="For y = 1 this is the wrong end, and the gradient tends to −1."),
        ),
    )  # fmt: skip


@on_page(SATURATES)
def softmax_gradient_stays_when_wrong() -> Derivation:
    """G4: the same for softmax and any K: the gradient at the true class tends to −1."""
    t, rest = Symbol("t", real=True), Symbol("R", positive=True)
    return Derivation(
        claim="G4", part="softmax", title="The same for softmax with any number of classes",
        conditions=(r"\(t\) is the logit of the true class", r"\(R = \sum_{k \ne c} e^{z_k} > 0\) stays"),
        world=World(), head=r"\frac{\partial L}{\partial t}", start=exp(t) / (exp(t) + rest) - 1,
        steps=(
            Equal(-rest / (exp(t) + rest), "one fraction"),
            Limit(Integer(-1), r"\(e^t \to 0\) and \(R\) stays", variable=t, to=-oo),
        ),
        counterexamples=(
            Counterexample("the other logits stay", 2, World(define={rest: exp(t)}),
                           moral="When all logits fall together nothing changes: the softmax sees only "
                                 "differences."),
        ),
    )  # fmt: skip
