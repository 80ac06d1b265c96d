"""One output or two, one label or many: claim C8."""

from __future__ import annotations

from sympy import Abs, Integer, Max, Product, Sum, exp, log

from ce.claims.registry import claim
from ce.derivation import AtLeast, Counterexample, Derivation, Derivative, Equal, Slip, World
from ce.formulas import SIGMOID, SOFTMAX, binary_cross_entropy, sigmoid
from ce.symbols import K, j, k, l, label, logit, prob, q, y, z

FIRST, SECOND = (exp(z[at]) / (exp(z[1]) + exp(z[2])) for at in (1, 2))
TWO = World(shapes={z: (2,)}, define={prob: SIGMOID[prob].subs(logit, z[1] - z[2])})
LOSS_OF_TWO = -label * log(FIRST) - (1 - label) * log(SECOND)
EACH_ITS_OWN = {q[k]: sigmoid(z[k]).meaning()}


@claim
def two_outputs_are_one() -> Derivation:
    """C8: the softmax of two logits is the sigmoid of their difference."""
    return Derivation(
        claim="C8",
        part="two outputs",
        title="A softmax of two outputs is a sigmoid of one",
        conditions=(r"\(K = 2\)", r"\(\hat{p} = \sigma(z_1 - z_2)\)"),
        world=TWO,
        head="q_1",
        start=FIRST,
        steps=(Equal(prob, r"divide by \(e^{z_1}\)"),),
        counterexamples=(
            Counterexample(
                "the one output is the difference of the two",
                1,
                TWO.but(define={prob: SIGMOID[prob].subs(logit, z[1])}),
                moral="The second output counts, unless it is held at 0.",
            ),
            Slip("the other class is taken", 1, before=SECOND),
        ),
    )


@claim
def two_losses_are_one() -> Derivation:
    """C8: and so are the losses, for hard and for soft labels."""
    return Derivation(
        claim="C8",
        part="losses",
        title="Their losses are the same number, for hard and for soft labels",
        conditions=(r"\(K = 2\), label vector \((y, 1 - y)\)", r"\(\hat{p} = \sigma(z_1 - z_2)\)"),
        world=TWO.but(choices={label: (0, 1)}),
        head="L",
        start=LOSS_OF_TWO,
        steps=(Equal(binary_cross_entropy.textbook, r"\(q_1 = \hat{p}\), \(q_2 = 1 - \hat{p}\)"),),
        conclusion=r"Both sides are linear in \(y\): what holds for 0 and 1 holds for every label between.",
        counterexamples=(
            Slip("the label counts the other class", 1, before=-label * log(SECOND) - (1 - label) * log(FIRST)),
        ),
    )


@claim
def two_outputs_move_twice_as_fast() -> Derivation:
    """C8: each of two logits receives the push that the one receives, so their difference moves twice as far."""
    return Derivation(
        claim="C8",
        part="pace",
        title="Each of two logits gets the push that the one would get",
        conditions=(r"\(K = 2\), \(\hat{p} = \sigma(z_1 - z_2)\)",),
        world=TWO.but(choices={label: (0, 1)}),
        head="L",
        start=LOSS_OF_TWO,
        steps=(Derivative(prob - label, "the loss is that of the difference, in which z₁ has the factor 1", by=z[1]),),
        conclusion=r"In \(z_2\) the factor is −1: the slope is \(y - \hat{p}\). One step takes "
        r"\(\eta (\hat{p} - y)\) off \(z_1\) and adds it to \(z_2\).",
        counterexamples=(
            Slip("the push is shared out between the two", 1, after=(prob - label) / 2, moral="Each gets all of it."),
        ),
    )


@claim
def many_labels_are_many_likelihoods() -> Derivation:
    """C8: with a sigmoid for each label, the loss is the sum of K binary cross-entropies."""
    binary = binary_cross_entropy.textbook.subs({label: y[k], prob: q[k]})
    return Derivation(
        claim="C8",
        part="many labels",
        title="With many labels the likelihood is a product of coins, and the loss a sum of binary ones",
        conditions=(
            r"each \(q_k = \sigma(z_k)\) is the probability that label \(k\) is there",
            "given the input, the model takes the labels to be independent",
        ),
        world=World(define=EACH_ITS_OWN),
        head="L",
        start=-log(Product(q[k] ** y[k] * (1 - q[k]) ** (1 - y[k]), (k, 1, K))),
        steps=(Equal(Sum(binary, (k, 1, K)), "the logarithm turns the product into a sum"),),
        counterexamples=(
            Slip(
                "the labels that are not there are left out",
                1,
                before=-log(Product(q[k] ** y[k], (k, 1, K))),
                moral="That would be a loss one can bring to 0 by saying yes to everything.",
            ),
        ),
    )


@claim
def a_sigmoid_is_pushed_by_its_own_label() -> Derivation:
    """C8: and each logit hears of its own label only."""
    world = World(define=EACH_ITS_OWN, in_range={j: K})
    binary = binary_cross_entropy.textbook.subs({label: y[k], prob: q[k]})
    return Derivation(
        claim="C8",
        part="many labels, gradient",
        title="With many labels each logit is pushed by its own mistake, and by no other",
        conditions=(r"\(q_k = \sigma(z_k)\)",),
        world=world,
        head="L",
        start=Sum(binary, (k, 1, K)),
        steps=(Derivative(q[j] - y[j], r"only \(k = j\) contains \(z_j\)", by=z[j]),),
        conclusion=r"As with a softmax, but there \(q_j\) depends on all the logits, here on \(z_j\).",
        counterexamples=(Counterexample("j is one of the labels", 1, world.without(in_range=(j,))),),
    )


@claim
def a_pair_of_classes_is_a_sigmoid() -> Derivation:
    """C8: of two classes of a softmax, the first has the sigmoid of the difference as its probability."""
    return Derivation(
        claim="C8",
        part="pairs",
        title="Between two classes of a softmax the sigmoid of their difference decides",
        conditions=(r"\(q\) is the softmax of \(z\)", "j and l are two of its classes"),
        world=World(define=SOFTMAX, in_range={j: K, l: K}),
        start=q[j] / (q[j] + q[l]),
        steps=(Equal(sigmoid(z[j] - z[l]).meaning(), "the sum over all classes cancels"),),
        conclusion="So a softmax has a model for every pair; K (K − 1)/2 models of pairs do in general not fit "
        "together to one softmax.",
        counterexamples=(
            Counterexample(
                "q is the softmax of z",
                1,
                World(define=EACH_ITS_OWN, in_range={j: K, l: K}),
                moral="For K sigmoids it does not hold.",
            ),
        ),
    )


@claim
def binary_loss_without_overflow() -> Derivation:
    """C8: the form of binary cross-entropy that frameworks compute, with one exponential of −|z|."""
    stable = Max(logit, Integer(0)) - label * logit + log(1 + exp(-Abs(logit)))
    return Derivation(
        claim="C8",
        part="one form",
        title="Binary cross-entropy with no exponential that can overflow",
        conditions=(r"\(\hat{p} = \sigma(z)\)",),
        world=World(define=SIGMOID),
        head="L",
        start=binary_cross_entropy.textbook,
        steps=(
            Equal(stable, r"for \(z > 0\), for \(z < 0\) and at 0"),
            AtLeast(Max(logit, Integer(0)) - label * logit, r"\(\log(1 + e^{-|z|}) \ge 0\)"),
        ),
        counterexamples=(
            Slip("the sign of the exponent is lost", 1, after=stable.xreplace({-Abs(logit): Abs(logit)})),
            Counterexample("p̂ is the sigmoid of z", 1, World(intervals={next(iter(SIGMOID)): (0, 1)})),
        ),
    )
