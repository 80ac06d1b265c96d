"""Zero training loss is memorisation, and a mean loss hides its examples: claims V5 and C16."""

from __future__ import annotations

from sympy import Integer, KroneckerDelta, Rational, Sum, Symbol, log, oo

from ce.claims.registry import claim
from ce.derivation import At, AtMost, Counterexample, Derivation, Derivative, Equal, Limit, Slip, World
from ce.formulas import sigmoid, softplus
from ce.symbols import K, N, classes, k, n, q, y

WRONG, MARGIN, SCALE = Symbol("s", positive=True), Symbol("d", positive=True), Symbol("a", positive=True)
RIGHTLY = sigmoid(SCALE * MARGIN).meaning()
SCALED = (1 - WRONG) * softplus(-SCALE * MARGIN).meaning() + WRONG * softplus(SCALE * MARGIN).meaning()


@claim
def zero_training_loss_is_memorisation() -> Derivation:
    """V5: a table of the training labels has training loss 0."""
    world = World(one_hot={y: classes}, labels={classes: K}, define={q[n, k]: KroneckerDelta(classes[n], k)})
    return Derivation(
        claim="V5",
        part="training",
        title="A table of the training labels has training loss zero",
        conditions=(
            "the labels are one-hot",
            r"the model looks up the label of a known input: \(q_{n,k} = [c_n = k]\)",
            r"\(0 \log 0 = 0\)",
        ),
        world=world,
        head="J",
        start=-Sum(Sum(y[n, k] * log(q[n, k]), (k, 1, K)), (n, 1, N)) / N,
        steps=(Equal(Integer(0), r"\(1 \log 1\) and \(0 \log 0\)"),),
        conclusion="Zero training loss says nothing of inputs that are not in the table.",
        counterexamples=(
            Counterexample(
                "the inputs are those of the table",
                1,
                world.but(define={q[n, k]: 1 / K}),
                moral="On a new input the table knows nothing; with the uniform pmf it pays log K.",
            ),
        ),
    )


@claim
def a_new_input_costs_log_k() -> Derivation:
    """V5: on inputs outside the table the uniform answer costs log K each."""
    world = World(one_hot={y: classes}, labels={classes: K}, define={q[n, k]: 1 / K})
    return Derivation(
        claim="V5",
        part="new inputs",
        title="On new inputs the table pays log K",
        conditions=("the labels are one-hot", r"on an unknown input it answers \(q_{n,k} = 1/K\)"),
        world=world,
        head="J",
        start=-Sum(Sum(y[n, k] * log(q[n, k]), (k, 1, K)), (n, 1, N)) / N,
        steps=(Equal(log(K), r"\(-\log(1/K)\) for each"),),
        counterexamples=(
            Counterexample("the inputs are new", 1, world.but(define={q[n, k]: KroneckerDelta(classes[n], k)})),
        ),
    )


@claim
def a_mean_hides_its_examples() -> Derivation:
    """C16: nine right and sure and one wrong and sure have the loss of knowing nothing of ten classes."""
    surprise = Symbol("q_c", positive=True)
    return Derivation(
        claim="C16",
        part="a mean",
        title="Nine in ten right and sure can have the loss of knowing nothing",
        conditions=(r"a share \(s\) of the examples gets \(q_c\), the others get 1",),
        world=World(intervals={WRONG: (0, 1)}),
        head="J",
        start=-(1 - WRONG) * log(1) - WRONG * log(surprise),
        steps=(
            At(
                log(10),
                "one in ten, and ten orders of magnitude",
                put={WRONG: Rational(1, 10), surprise: Rational(1, 10**10)},
            ),
        ),
        conclusion=r"\(\log 10\) is what the uniform answer costs with ten classes.",
        counterexamples=(Slip("the mean is taken of the probabilities", 1, before=-log(1 - WRONG + WRONG * surprise)),),
    )


@claim
def slope_in_the_scale() -> Derivation:
    """C16: as all logits are scaled up, the mean loss falls until confidence is accuracy, and then rises."""
    return Derivation(
        claim="C16",
        part="scale",
        title="More confidence helps until confidence is accuracy",
        conditions=(
            r"a share \(s\) of the examples is wrong by the margin \(d > 0\), the others are right by \(d\)",
            r"all logits are multiplied by \(a > 0\)",
        ),
        world=World(intervals={WRONG: (0, 1)}),
        head="J(a)",
        start=SCALED,
        steps=(Derivative(MARGIN * (RIGHTLY - (1 - WRONG)), "confidence minus accuracy", by=SCALE),),
        conclusion="The accuracy, 1 − s, does not change with a. The confidence grows with it: from the place "
        "where they meet, the mean loss rises.",
        counterexamples=(Slip("the wrong examples are left out", 1, before=softplus(-SCALE * MARGIN).meaning()),),
    )


@claim
def all_right_is_never_confident_enough() -> Derivation:
    """C16: where every example is right, more is always better."""
    return Derivation(
        claim="C16",
        part="training set",
        title="Where all examples are right, the loss falls for ever",
        conditions=(r"\(s = 0\), \(d > 0\), \(a > 0\)",),
        world=World(),
        head="J(a)",
        start=softplus(-SCALE * MARGIN).meaning(),
        steps=(
            Derivative(-MARGIN * (1 - RIGHTLY), "confidence minus 1", by=SCALE),
            AtMost(Integer(0), "a probability is below 1", strict=True),
        ),
        counterexamples=(Slip("the sign of the slope is lost", 1, after=MARGIN * (1 - RIGHTLY)),),
    )


@claim
def one_wrong_is_enough() -> Derivation:
    """C16: where any example is wrong, the mean loss grows without bound with the scale."""
    return Derivation(
        claim="C16",
        part="one wrong",
        title="Where any example is wrong, the mean loss grows without bound",
        conditions=(r"\(s > 0\): for a wrong example alone, with the margin \(d = 1\)",),
        world=World(),
        head=r"L(a)",
        start=softplus(SCALE).meaning(),
        steps=(Limit(oo, "it is more than a", variable=SCALE, to=oo),),
        counterexamples=(Slip("the example is right", 1, before=softplus(-SCALE).meaning()),),
    )
