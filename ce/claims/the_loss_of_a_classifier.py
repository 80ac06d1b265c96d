"""One output or two, and which losses have the slope prediction minus label: claims C8 and C9."""

from __future__ import annotations

from sympy import exp, log

from ce.claims.registry import claim
from ce.derivation import Counterexample, Derivation, Derivative, Equal, Slip, World
from ce.formulas import SIGMOID, binary_cross_entropy, squared_error
from ce.symbols import label, logit, prob, z

FIRST, SECOND = (exp(z[at]) / (exp(z[1]) + exp(z[2])) for at in (1, 2))
TWO = World(shapes={z: (2,)}, define={prob: SIGMOID[prob].subs(logit, z[1] - z[2])})


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
    world = TWO.but(choices={label: (0, 1)})
    return Derivation(
        claim="C8",
        part="losses",
        title="Their losses are the same number, for hard and for soft labels",
        conditions=(r"\(K = 2\), label vector \((y, 1 - y)\)", r"\(\hat{p} = \sigma(z_1 - z_2)\)"),
        world=world,
        head="L",
        start=-label * log(FIRST) - (1 - label) * log(SECOND),
        steps=(Equal(binary_cross_entropy.textbook, r"\(q_1 = \hat{p}\), \(q_2 = 1 - \hat{p}\)"),),
        conclusion=r"Both sides are linear in \(y\): what holds for 0 and 1 holds for every label between.",
        counterexamples=(
            Slip("the label counts the other class", 1, before=-label * log(SECOND) - (1 - label) * log(FIRST)),
        ),
    )


@claim
def slope_in_the_probability() -> Derivation:
    """C9: a slope of p̂ − y in the logit is one of (p̂ − y)/(p̂(1 − p̂)) in the probability: cross-entropy's."""
    world = World(intervals={prob: (0, 1)})
    return Derivation(
        claim="C9",
        part="slope",
        title="Cross-entropy is the loss whose slope in the logit is the mistake",
        conditions=(r"\(0 < \hat{p} < 1\)", r"\(\partial \hat{p} / \partial z = \hat{p} (1 - \hat{p})\)"),
        world=world,
        head="L",
        start=binary_cross_entropy.textbook,
        steps=(Derivative((prob - label) / (prob * (1 - prob)), "partial fractions, read backwards", by=prob),),
        conclusion=r"Times \(\hat{p} (1 - \hat{p})\) it is \(\hat{p} - y\). Two losses with this slope "
        r"differ by a constant.",
        counterexamples=(
            Slip(
                "the loss is squared error",
                1,
                before=squared_error.textbook,
                moral="Its slope in the logit is 2 (p̂ − y) p̂ (1 − p̂).",
            ),
        ),
    )
