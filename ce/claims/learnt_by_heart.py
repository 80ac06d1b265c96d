"""Zero training loss is memorisation: claim V5."""

from __future__ import annotations

from sympy import Integer, KroneckerDelta, Sum, log

from ce.claims.registry import claim
from ce.derivation import Counterexample, Derivation, Equal, World
from ce.symbols import K, N, classes, k, n, q, y


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
