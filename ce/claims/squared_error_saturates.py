"""Where the two losses of the binary case keep a slope and where they bend: G2, G4, M1, M2, E1, C9 to C12."""

from __future__ import annotations

from sympy import Integer, Rational, Symbol, exp, log, oo
from sympy.core.expr import Expr

from ce.claims.cross_entropy import mirrored
from ce.claims.registry import claim
from ce.derivation import (
    SQUARES,
    At,
    AtLeast,
    AtMost,
    Counterexample,
    Derivation,
    Derivative,
    Equal,
    Limit,
    Rounded,
    Slip,
    World,
)
from ce.formulas import SIGMOID, binary_cross_entropy, squared_error
from ce.symbols import bias, label, logit, prob, weight

LOSS_OF_ONE, LOSS_OF_ZERO = (squared_error.textbook.subs(label, known) for known in (1, 0))
CHAIN = r"chain rule, with \(\partial \hat{p} / \partial z = \hat{p} (1 - \hat{p})\)"
SLOPE = r"\frac{\partial L}{\partial z}"
FOR_ONE = 2 * (prob - 1) * prob * (1 - prob)
FOR_ZERO = 2 * prob**2 * (1 - prob)
SIZE_FOR_ONE = 2 * prob * (1 - prob) ** 2
CURVATURE = r"\frac{\partial^2 L}{\partial z^2}"
CURVATURE_FOR_ONE = 2 * prob * (1 - prob) ** 2 * (3 * prob - 1)


def _worked(part: str, title: str, head: str, *, start: Expr, digits: int, exact: Expr, wrong: Expr) -> Derivation:
    put = {label: Integer(1), prob: Rational(1, 100)}
    return Derivation(
        claim="E1",
        part=part,
        title=title,
        conditions=(r"\(\hat{p} = 0.01\), \(y = 1\)",),
        world=World(),
        head=head,
        start=start,
        steps=(At(exact, "put in", put=put), Rounded(because="computed", digits=digits)),
        counterexamples=(Slip("the label 0 is taken for 1", 1, before=wrong),),
    )


@claim
def squared_error_is_symmetric() -> Derivation:
    """C11: the squared error of label 0 is that of label 1, mirrored."""
    return mirrored("squared error", squared_error)


@claim
def gradient_in_the_weights() -> Derivation:
    """C12: the slope in a weight is the mistake times the input."""
    data = Symbol("x", real=True)
    return Derivation(
        claim="C12",
        part="binary",
        title="In a weight the gradient is the mistake times the input",
        conditions=(r"\(z = w x + b\), and \(y\) does not depend on \(w\)",),
        world=World(define={**SIGMOID, logit: weight * data + bias}),
        head="L",
        start=log(1 + exp(logit)) - label * logit,
        steps=(
            Derivative(
                (prob - label) * data, r"\(\partial L / \partial z\) times \(\partial z / \partial w = x\)", by=weight
            ),
        ),
        counterexamples=(
            Slip("the input is forgotten", 1, after=prob - label, moral="That is the slope in the bias b."),
        ),
    )


@claim
def losses_with_the_error_as_slope() -> Derivation:
    """C9: a loss whose slope in p̂ is what the error asks for; cross-entropy and a constant, no other."""
    constant = Symbol("C", real=True)
    world = World(intervals={prob: (0, 1)})
    return Derivation(
        claim="C9",
        title="Integrated, the slope is cross-entropy and a constant",
        conditions=(r"\(0 < \hat{p} < 1\)", r"\(C\) does not depend on \(\hat{p}\)"),
        world=world,
        head=r"L + C",
        start=binary_cross_entropy.textbook + constant,
        steps=(
            Derivative((1 - label) / (1 - prob) - label / prob, "the slope of each logarithm", by=prob),
            Equal((prob - label) / (prob * (1 - prob)), "one fraction"),
        ),
        conclusion="Two functions with one slope on an interval differ by a constant, so there is no other.",
        counterexamples=(
            Counterexample(
                "C does not depend on p̂",
                1,
                world.but(define={constant: prob}),
                moral="Whatever else moves with the prediction is seen in the slope.",
            ),
        ),
    )


@claim
def binary_gradient() -> Derivation:
    """G2: for the sigmoid with binary cross-entropy the gradient at the logit is p̂ − y."""
    world = World(define=SIGMOID)
    slope = -label / prob + (1 - label) / (1 - prob)
    return Derivation(
        claim="G2",
        part="binary",
        title="Sigmoid and cross-entropy: the gradient is prediction minus label",
        conditions=(r"\(y\) does not depend on \(z\)",),
        world=world,
        head="L",
        start=binary_cross_entropy.textbook,
        steps=(
            Derivative(slope * prob * (1 - prob), CHAIN, by=logit),
            Equal(-label * (1 - prob) + (1 - label) * prob, "the denominators cancel"),
            Equal(prob - label, r"the terms \(y \hat{p}\) cancel"),
        ),
        counterexamples=(
            Counterexample(
                "the probability is the sigmoid of the logit",
                1,
                world.but(define={prob: exp(-exp(-logit))}),
                moral="With another squashing function the factor does not cancel.",
            ),
            Counterexample(
                "y does not depend on z",
                1,
                world.but(define={**SIGMOID, label: prob}),
                moral="If the model makes its own label, the label moves with the logit.",
            ),
        ),
    )


@claim
def gradient_stays_when_wrong() -> Derivation:
    """G4: for y = 1 the gradient of cross-entropy tends to −1 as the prediction gets ever more wrong."""
    return Derivation(
        claim="G4",
        part="wrong",
        title="However confident the mistake, the gradient of cross-entropy keeps its size",
        conditions=(r"\(y = 1\)",),
        world=World(define=SIGMOID),
        head=SLOPE,
        start=prob - 1,
        steps=(
            Equal(-1 / (1 + exp(logit)), "the sigmoid, put in"),
            Limit(Integer(-1), r"\(e^z \to 0\)", variable=logit, to=-oo),
        ),
        counterexamples=(
            Slip(
                "the loss is squared error",
                2,
                before=FOR_ONE,
                moral="The gradient of the squared error tends to 0 at the same end.",
            ),
        ),
    )


@claim
def gradient_fades_when_right() -> Derivation:
    """G4: for y = 1 it tends to 0 as the prediction gets right, and only there."""
    return Derivation(
        claim="G4",
        part="right",
        title="When the prediction is right the gradient of cross-entropy fades",
        conditions=(r"\(y = 1\)",),
        world=World(define=SIGMOID),
        head=SLOPE,
        start=prob - 1,
        steps=(
            Equal(-exp(-logit) / (1 + exp(-logit)), "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^{-z} \to 0\)", variable=logit, to=oo),
        ),
        counterexamples=(
            Slip(
                "the label 0 is taken for 1",
                2,
                before=prob,
                moral="For y = 0 this is the wrong end, and the gradient tends to 1.",
            ),
        ),
    )


@claim
def gradient_is_at_least_half_when_wrong() -> Derivation:
    """G4: while the true class has less than probability 1/2, the gradient is more than 1/2 in size."""
    return Derivation(
        claim="G4",
        part="size",
        title="While the prediction is wrong, the gradient of cross-entropy is more than 1/2",
        conditions=(r"\(y = 1\) and \(\hat{p} < 1/2\)",),
        world=World(intervals={prob: (0, Rational(1, 2))}),
        head=rf"\left|{SLOPE}\right|",
        start=1 - prob,
        steps=(AtLeast(Rational(1, 2), r"\(\hat{p} < 1/2\)", strict=True),),
        counterexamples=(Counterexample("p̂ < 1/2", 1, World(intervals={prob: (0, 1)})),),
    )


@claim
def gradient_is_less_than_one() -> Derivation:
    """G4: and it is never larger than 1: it keeps its size, and does not explode."""
    return Derivation(
        claim="G4",
        part="bound",
        title="The gradient of cross-entropy is always less than 1",
        conditions=(r"\(y = 1\)", r"\(0 < \hat{p} < 1\)"),
        world=World(intervals={prob: (0, 1)}),
        head=rf"\left|{SLOPE}\right|",
        start=1 - prob,
        steps=(AtMost(Integer(1), r"\(\hat{p} > 0\)", strict=True),),
        counterexamples=(
            Counterexample(
                "0 < p̂", 1, World(may_vanish=(prob,)), moral="At p̂ = 0, which the sigmoid never reaches, it is 1."
            ),
        ),
    )


@claim
def softmax_gradient_stays_when_wrong() -> Derivation:
    """G4: the same for softmax and any K: the gradient at the true class tends to −1."""
    t, rest = Symbol("t", real=True), Symbol("R", positive=True)
    return Derivation(
        claim="G4",
        part="softmax",
        title="The same for softmax with any number of classes",
        conditions=(r"\(t\) is the logit of the true class", r"\(R = \sum_{k \ne c} e^{z_k} > 0\) stays"),
        world=World(),
        head=r"\frac{\partial L}{\partial t}",
        start=exp(t) / (exp(t) + rest) - 1,
        steps=(
            Equal(-rest / (exp(t) + rest), "one fraction"),
            Limit(Integer(-1), r"\(e^t \to 0\) and \(R\) stays", variable=t, to=-oo),
        ),
        counterexamples=(
            Counterexample(
                "the other logits stay",
                2,
                World(define={rest: exp(t)}),
                moral="When all logits fall together nothing changes: the softmax sees only differences.",
            ),
        ),
    )


@claim
def squared_error_gradient() -> Derivation:
    """M1: the gradient of the squared error carries the sigmoid's own slope."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M1",
        part="gradient",
        title="The gradient of the squared error through the sigmoid",
        conditions=(r"\(y\) does not depend on \(z\)",),
        world=world,
        head="L",
        start=squared_error.textbook,
        steps=(Derivative(2 * (prob - label) * prob * (1 - prob), CHAIN, by=logit),),
        counterexamples=(
            Slip(
                "the sigmoid’s own slope is forgotten",
                1,
                after=2 * (prob - label),
                moral="This is the derivative by p̂, not by z.",
            ),
            Counterexample("y does not depend on z", 1, world.but(define={**SIGMOID, label: prob**2})),
        ),
    )


@claim
def squared_error_is_at_most_half_as_fast() -> Derivation:
    """C10: at every prediction the gradient of squared error is at most half that of cross-entropy."""
    world = World(intervals={prob: (0, 1)}, choices={label: (0, 1)})
    return Derivation(
        claim="C10",
        title="Squared error never pushes more than half as hard as cross-entropy",
        conditions=(r"\(y\) is 0 or 1", r"\(0 < \hat{p} < 1\)"),
        world=world,
        head=r"\frac{\partial L_{\mathrm{SE}} / \partial z}{\partial L_{\mathrm{CE}} / \partial z}",
        start=2 * (prob - label) * prob * (1 - prob) / (prob - label),
        steps=(
            Equal(2 * prob * (1 - prob), r"the error \(\hat{p} - y\) cancels"),
            AtMost(
                Rational(1, 2),
                r"the difference is \(\tfrac12 (1 - 2\hat{p})^2\)",
                slack=(1 - 2 * prob) ** 2 / 2,
                lemma=SQUARES,
            ),
        ),
        conclusion=r"It is ½ at \(\hat{p} = \tfrac12\) only, and fades towards both ends.",
        counterexamples=(
            Counterexample(
                "y is 0 or 1",
                1,
                world.without(choices=(label,)),
                moral="At p̂ = y neither loss pushes, and there is no ratio.",
            ),
        ),
    )


@claim
def squared_error_gradient_vanishes_when_wrong() -> Derivation:
    """M1: for y = 1 the gradient tends to 0 at the wrong end as well, like e^z."""
    return Derivation(
        claim="M1",
        part="wrong end",
        title="A confident mistake has no gradient left",
        conditions=(r"\(y = 1\)",),
        world=World(define=SIGMOID),
        head=SLOPE,
        start=FOR_ONE,
        steps=(
            Equal(-2 * exp(logit) / (1 + exp(logit)) ** 3, "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^z \to 0\)", variable=logit, to=-oo),
        ),
        counterexamples=(
            Slip(
                "the loss is cross-entropy",
                2,
                before=prob - 1,
                moral="The gradient of cross-entropy tends to −1 there.",
            ),
        ),
    )


@claim
def squared_error_gradient_vanishes_when_right() -> Derivation:
    """M1: and at the right end."""
    return Derivation(
        claim="M1",
        part="right end",
        title="A confident right prediction has no gradient either",
        conditions=(r"\(y = 1\)",),
        world=World(define=SIGMOID),
        head=SLOPE,
        start=FOR_ONE,
        steps=(
            Equal(-2 * exp(-2 * logit) / (1 + exp(-logit)) ** 3, "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^{-2z} \to 0\)", variable=logit, to=oo),
        ),
        counterexamples=(Slip("the slope in p̂ is taken at the far end", 2, after=Integer(-2)),),
    )


@claim
def squared_error_gradient_rate() -> Derivation:
    """M1: at the wrong end the gradient is −2 e^{−|z|} to leading order."""
    return Derivation(
        claim="M1",
        part="rate",
        title="At the wrong end the gradient shrinks exponentially with |z|",
        conditions=(r"\(y = 1\), \(z \to -\infty\), so \(|z| = -z\)",),
        world=World(define=SIGMOID),
        head=rf"{SLOPE} \, e^{{|z|}}",
        start=FOR_ONE * exp(-logit),
        steps=(
            Equal(-2 / (1 + exp(logit)) ** 3, r"one factor \(e^z\) cancels"),
            Limit(Integer(-2), r"\(e^z \to 0\)", variable=logit, to=-oo),
        ),
        counterexamples=(
            Slip(
                "the sign of the exponent is turned",
                2,
                before=FOR_ONE * exp(logit),
                moral="At the right end |z| = z, and the gradient shrinks faster still, like e⁻²ᶻ.",
            ),
        ),
    )


@claim
def squared_error_largest_gradient() -> Derivation:
    """M1: for y = 1 the gradient of a (p̂ − y)² is at most 8a/27 in size, which it is at p̂ = 1/3."""
    factor, world = Symbol("a", positive=True), World(intervals={prob: (0, 1)})
    bound = Rational(8, 27) * factor
    return Derivation(
        claim="M1",
        part="largest size",
        title="The gradient of squared error is largest at p̂ = 1/3",
        conditions=(r"\(y = 1\)", r"\(0 < \hat{p} < 1\)", r"the loss is \(a (\hat{p} - y)^2\), \(a > 0\)"),
        world=world,
        head=rf"\left|{SLOPE}\right|",
        start=factor * SIZE_FOR_ONE,
        steps=(
            AtMost(
                bound,
                r"the difference is \(\tfrac{2a}{27} (3\hat{p} - 1)^2 (4 - 3\hat{p})\)",
                slack=factor * Rational(2, 27) * (3 * prob - 1) ** 2 * (4 - 3 * prob),
                lemma=SQUARES,
            ),
            At(bound, r"attained: \(2 \cdot \tfrac13 \cdot \tfrac49\)", put={prob: Rational(1, 3)}),
        ),
        conclusion=r"That is 8/27 for \(a = 1\), and 4/27 where the loss is written with a factor ½.",
        counterexamples=(
            Slip("the bound for a factor ½ is taken", 1, after=bound / 2),
            Counterexample("p̂ < 1", 1, World(intervals={prob: (0, 2)})),
        ),
    )


@claim
def squared_error_curvature() -> Derivation:
    """M2: for y = 1 the second derivative is 2 p̂ (1 − p̂)² (3 p̂ − 1)."""
    return Derivation(
        claim="M2",
        part="curvature",
        title="The curvature of the squared error against the logit",
        conditions=(r"\(y = 1\)",),
        world=World(define=SIGMOID),
        head="L",
        start=LOSS_OF_ONE,
        steps=(
            Derivative(-SIZE_FOR_ONE, CHAIN, by=logit),
            Derivative(
                (-2 * (1 - prob) ** 2 + 4 * prob * (1 - prob)) * prob * (1 - prob), "product and chain rule", by=logit
            ),
            Equal(CURVATURE_FOR_ONE, "collect the factors"),
        ),
        counterexamples=(
            Slip(
                "the loss for the label 0 is taken", 1, before=LOSS_OF_ZERO, moral="For y = 0 everything is mirrored."
            ),
        ),
    )


@claim
def squared_error_is_not_convex() -> Derivation:
    """M2: below p̂ = 1/3 the curvature is negative."""
    return Derivation(
        claim="M2",
        part="where negative",
        title="Below p̂ = 1/3 the squared error is not convex",
        conditions=(r"\(y = 1\)", r"\(0 < \hat{p} < 1/3\)"),
        world=World(intervals={prob: (0, Rational(1, 3))}),
        head=CURVATURE,
        start=CURVATURE_FOR_ONE,
        steps=(
            AtMost(Integer(0), r"\(3 \hat{p} < 1\)", slack=2 * prob * (1 - prob) ** 2 * (1 - 3 * prob), strict=True),
        ),
        counterexamples=(
            Counterexample(
                "p̂ < 1/3",
                1,
                World(intervals={prob: (0, Rational(1, 2))}),
                moral="Above 1/3 the curvature is positive again.",
            ),
        ),
    )


@claim
def squared_error_is_convex_above_a_third() -> Derivation:
    """M2: above p̂ = 1/3 it is positive."""
    return Derivation(
        claim="M2",
        part="where positive",
        title="Above p̂ = 1/3 it is convex",
        conditions=(r"\(y = 1\)", r"\(1/3 < \hat{p} < 1\)"),
        world=World(intervals={prob: (Rational(1, 3), 1)}),
        head=CURVATURE,
        start=CURVATURE_FOR_ONE,
        steps=(AtLeast(Integer(0), r"\(3 \hat{p} > 1\)", strict=True),),
        counterexamples=(Counterexample("p̂ > 1/3", 1, World(intervals={prob: (0, 1)})),),
    )


@claim
def squared_error_turning_point() -> Derivation:
    """M2: p̂ = 1/3 is z = −log 2."""
    return Derivation(
        claim="M2",
        part="turning point",
        title="The curvature changes sign at z = −log 2",
        conditions=(r"\(y = 1\)",),
        world=World(define=SIGMOID),
        head=r"\hat{p}",
        start=prob,
        steps=(At(Rational(1, 3), r"\(e^{\log 2} = 2\)", put={logit: -log(2)}),),
        counterexamples=(
            Slip(
                "the turning point for the label 0 is taken",
                1,
                after=Rational(2, 3),
                moral="For y = 0 it is z = +log 2.",
            ),
        ),
    )


@claim
def cross_entropy_is_convex() -> Derivation:
    """M2: the curvature of cross-entropy is p̂ (1 − p̂) > 0 everywhere."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="M2",
        part="cross-entropy",
        title="Cross-entropy is convex in the logit everywhere",
        conditions=(r"\(y\) does not depend on \(z\)",),
        world=world,
        head="L",
        start=binary_cross_entropy.textbook,
        steps=(
            Derivative(prob - label, "prediction minus label", by=logit),
            Derivative(prob * (1 - prob), "the slope of the sigmoid", by=logit),
            Equal(exp(logit) / (1 + exp(logit)) ** 2, "the sigmoid, put in"),
            AtLeast(Integer(0), "both factors are positive", strict=True),
        ),
        counterexamples=(
            Slip("the loss is squared error", 4, before=CURVATURE_FOR_ONE),
            Counterexample("y does not depend on z", 2, world.but(define={**SIGMOID, label: prob**2})),
        ),
    )


@claim
def worked_cross_entropy() -> Derivation:
    """E1: the cross-entropy of p̂ = 0.01 for y = 1."""
    return _worked(
        "cross-entropy",
        "Exercise: the cross-entropy",
        r"L_{\mathrm{CE}}",
        digits=3,
        start=binary_cross_entropy.textbook,
        exact=log(100),
        wrong=-log(1 - prob),
    )


@claim
def worked_squared_error() -> Derivation:
    """E1: the squared error."""
    return _worked(
        "squared error",
        "Exercise: the squared error",
        r"L_{\mathrm{SE}}",
        digits=4,
        start=squared_error.textbook,
        exact=Rational(9801, 10000),
        wrong=LOSS_OF_ZERO,
    )


@claim
def worked_gradient_of_cross_entropy() -> Derivation:
    """E1: the gradient of cross-entropy at the logit."""
    return _worked(
        "gradient of cross-entropy",
        "Exercise: the gradient of cross-entropy at the logit",
        r"\frac{\partial L_{\mathrm{CE}}}{\partial z}",
        digits=2,
        start=prob - label,
        exact=Rational(-99, 100),
        wrong=prob,
    )


@claim
def worked_gradient_of_squared_error() -> Derivation:
    """E1: the gradient of the squared error at the logit: fifty times smaller."""
    return _worked(
        "gradient of squared error",
        "Exercise: the gradient of the squared error at the logit",
        r"\frac{\partial L_{\mathrm{SE}}}{\partial z}",
        digits=4,
        start=2 * (prob - label) * prob * (1 - prob),
        exact=Rational(-19602, 10**6),
        wrong=FOR_ZERO,
    )
