"""What it costs to believe q where p is the truth, and the two limits of the binary loss: I1, I5, V1, C11."""

from __future__ import annotations

from sympy import Integer, Rational, Sum, Symbol, exp, log, oo

from ce.claims.registry import claim
from ce.derivation import Counterexample, Derivation, Equal, Limit, Rounded, Slip, World
from ce.formulas import SIGMOID, Formula, binary_cross_entropy, cross_entropy, squared_error
from ce.symbols import K, c, k, label, logit, p, prob, q

LOSS_OF_ONE, LOSS_OF_ZERO = (binary_cross_entropy.textbook.subs(label, known) for known in (1, 0))
THIRDS = (Rational(1, 3),) * 3
BINOMIAL = (Rational(49, 100), Rational(42, 100), Rational(9, 100))  # Bin(2, 3/10)
WORKED = World(values={p: THIRDS, q: BINOMIAL})
WORKED_CONDITIONS = (r"\(p\) uniform on three faces", r"\(q\) is \(\mathrm{Bin}(2, 0.3)\)")


@claim
def cross_entropy_in_bits() -> Derivation:
    """I1: cross-entropy in another unit, as entropy."""
    return Derivation(
        claim="I1",
        part="cross-entropy in bits",
        title="Cross-entropy in bits is cross-entropy in nats divided by log 2",
        conditions=(r"\(q_k > 0\)",),
        world=World(),
        head=r"-\sum_{k} p_{k} \log_2 q_{k}",
        start=-Sum(p[k] * (log(q[k]) / log(2)), (k, 1, K)),
        steps=(Equal(cross_entropy.textbook / log(2), r"\(1 / \log 2\) is the same in every term"),),
        counterexamples=(Slip("nats are reported as bits", 1, after=cross_entropy.textbook),),
    )


@claim
def uniform_belief_costs_log_of_the_classes() -> Derivation:
    """I1: who holds all K classes for equally likely is surprised by log K, whatever the truth."""
    world = World(normalised=(p,), define={q[k]: 1 / K})
    return Derivation(
        claim="I1",
        part="uniform belief",
        title="Knowing nothing costs log K, whatever the truth",
        conditions=(r"\(\sum_k p_k = 1\)", r"\(q_k = 1/K\)"),
        world=world,
        head="H(p, q)",
        start=cross_entropy.textbook,
        steps=(
            Equal(Sum(p[k] * log(K), (k, 1, K)), r"\(-\log(1/K) = \log K\) for every class"),
            Equal(log(K), r"\(p\) sums to one"),
        ),
        counterexamples=(
            Counterexample(
                "p sums to one",
                2,
                world.without(normalised=(p,)),
                moral="Weights in place of probabilities move the level of knowing nothing.",
            ),
            Counterexample("the belief is uniform", 1, World(normalised=(p, q))),
        ),
    )


@claim
def one_hot_truth_leaves_one_surprise() -> Derivation:
    """I1: for a one-hot truth the cross-entropy is the surprise at the true class."""
    return Derivation(
        claim="I1",
        part="one-hot truth",
        title="With a one-hot label only the true class counts",
        conditions=(r"\(p_k = [k = c]\)", r"\(q_k > 0\)"),
        world=World(one_hot={p: c}, in_range={c: K}, normalised=(q,)),
        head="H(p, q)",
        start=cross_entropy.textbook,
        steps=(Equal(-log(q[c]), r"only the term \(k = c\) has a weight"),),
        counterexamples=(
            Counterexample(
                "p is one-hot",
                1,
                World(normalised=(p, q), in_range={c: K}),
                moral="A soft label asks about the other classes too.",
            ),
        ),
    )


@claim
def ruling_out_what_happens_costs_without_bound() -> Derivation:
    """I1: a belief near zero in what does happen costs without bound, however seldom it happens."""
    share, belief = Symbol("a", positive=True), Symbol("b", positive=True)
    lost = -share * log(belief) - (1 - share) * log(1 - belief)
    return Derivation(
        claim="I1",
        part="ruled out",
        title="To rule out what happens costs without bound",
        conditions=(r"\(p = (a, 1 - a)\), \(0 < a < 1\)", r"\(q = (b, 1 - b)\)"),
        world=World(intervals={share: (0, 1), belief: (0, 1)}),
        head="H(p, q)",
        start=lost,
        steps=(
            Limit(
                oo, r"\(-a \log b \to \infty\) as \(b \to 0\), however small \(a\) is", variable=belief, to=0, side="+"
            ),
        ),
        counterexamples=(
            Slip(
                "the term of what is ruled out is left out",
                1,
                before=-(1 - share) * log(1 - belief),
                moral="What never happens may be ruled out for nothing.",
            ),
        ),
    )


@claim
def cross_entropy_is_not_symmetric() -> Derivation:
    """I5: H(p, q) − H(q, p) is not zero; here it is in numbers."""
    truth, belief = (
        (Rational(6, 10), Rational(3, 10), Rational(1, 10)),
        (Rational(1, 10), Rational(1, 10), Rational(8, 10)),
    )
    exact = sum((b * log(a) - a * log(b) for a, b in zip(truth, belief, strict=True)), Integer(0))
    return Derivation(
        claim="I5",
        part="cross-entropy",
        title="Cross-entropy is not symmetric",
        conditions=(r"\(p = (0.6, 0.3, 0.1)\)", r"\(q = (0.1, 0.1, 0.8)\)"),
        world=World(values={p: truth, q: belief}),
        head="H(p, q) - H(q, p)",
        start=cross_entropy.textbook + Sum(q[k] * log(p[k]), (k, 1, K)),
        steps=(Equal(exact, "put the numbers in"), Rounded(because="in nats, and not 0", digits=3)),
        counterexamples=(Slip("the two orders are taken for one", 1, after=Integer(0)),),
    )


@claim
def loss_of_a_right_prediction() -> Derivation:
    """V1: the loss tends to 0 as the prediction gets right."""
    return Derivation(
        claim="V1",
        part="right",
        title="The loss of a right prediction tends to zero",
        conditions=(r"\(y = 1\)",),
        world=World(define=SIGMOID),
        head="L",
        start=LOSS_OF_ONE,
        steps=(
            Equal(log(1 + exp(-logit)), "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^{-z} \to 0\)", variable=logit, to=oo),
        ),
        counterexamples=(Slip("the label 0 is taken for 1", 2, before=LOSS_OF_ZERO),),
    )


@claim
def loss_of_a_wrong_prediction() -> Derivation:
    """V1: it grows without bound as the prediction gets wrong."""
    return Derivation(
        claim="V1",
        part="wrong",
        title="The loss of a wrong prediction grows without bound",
        conditions=(r"\(y = 1\)",),
        world=World(define=SIGMOID),
        head="L",
        start=LOSS_OF_ONE,
        steps=(
            Equal(log(1 + exp(-logit)), "the sigmoid, put in"),
            Limit(oo, r"\(e^{-z} \to \infty\)", variable=logit, to=-oo),
        ),
        counterexamples=(
            Slip(
                "the loss is squared error",
                2,
                before=squared_error.textbook.subs(label, 1),
                moral="The squared error of a mistake is at most 1.",
            ),
        ),
    )


@claim
def loss_of_a_wrong_prediction_grows_linearly() -> Derivation:
    """V1: no faster than the logit."""
    return Derivation(
        claim="V1",
        part="rate",
        title="It grows like the logit, no faster",
        conditions=(r"\(y = 1\)",),
        world=World(define=SIGMOID),
        head="L / |z|",
        start=LOSS_OF_ONE / -logit,
        steps=(Limit(Integer(1), r"\(\log(1 + e^{-z}) + z \to 0\)", variable=logit, to=-oo),),
        counterexamples=(Slip("the loss is compared with z²", 1, before=LOSS_OF_ONE / logit**2),),
    )


def mirrored(part: str, loss: Formula) -> Derivation:
    """Return C11 for a loss: what it is for label 0 at z, it is for label 1 at −z."""
    of_zero, of_one = (loss.textbook.subs(label, known) for known in (0, 1))
    world = World(define=SIGMOID)
    return Derivation(
        claim="C11",
        part=part,
        title=f"The {loss.name} of label 0 is that of label 1, mirrored",
        conditions=(r"\(\hat{p} = \sigma(z)\)",),
        world=world,
        head="L(z; 0)",
        start=of_zero,
        steps=(Equal(of_one.subs(prob, SIGMOID[prob].subs(logit, -logit)), r"\(1 - \sigma(z) = \sigma(-z)\)"),),
        conclusion=r"So \(L(z; 0) = L(-z; 1)\): a slope changes its sign, a curvature does not.",
        counterexamples=(
            Counterexample(
                "p̂ is the sigmoid of z",
                1,
                world.but(define={prob: exp(-exp(-logit))}),
                moral="A squashing function that is not symmetric treats the labels differently.",
            ),
        ),
    )


@claim
def cross_entropy_is_symmetric() -> Derivation:
    """C11: the cross-entropy of label 0 is that of label 1, mirrored."""
    return mirrored("cross-entropy", binary_cross_entropy)
