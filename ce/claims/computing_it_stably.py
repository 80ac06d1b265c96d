"""Forms of the loss that keep their digits, and what frameworks compute: claims V4 and F1."""

from __future__ import annotations

from sympy import KroneckerDelta, Sum, Symbol, exp, log

from ce.claims.registry import claim
from ce.derivation import At, Counterexample, Derivation, Equal, Slip, World
from ce.formulas import SIGMOID, SOFTMAX, binary_cross_entropy, categorical_cross_entropy
from ce.symbols import K, c, j, k, label, logit, prob, q, v, y, z

OTHERS = 1 - KroneckerDelta(k, c)


@claim
def softmax_and_cross_entropy_fuse() -> Derivation:
    """V4: softmax, then cross-entropy, is one log-sum-exp."""
    world = World(define=SOFTMAX, in_range={c: K})
    return Derivation(
        claim="V4",
        part="fused",
        title="Softmax and cross-entropy, two operations, fused into one",
        conditions=(r"\(c\) is the true class",),
        world=world,
        head="L",
        start=-log(q[c]),
        steps=(Equal(log(Sum(exp(z[k]), (k, 1, K))) - z[c], "the logarithm of a quotient"),),
        counterexamples=(Counterexample("q is normalised by the softmax", 1, world.but(define={q[k]: exp(z[k])})),),
    )


@claim
def softmax_is_shift_invariant() -> Derivation:
    """V4: adding a number to all logits changes nothing."""
    shift = Symbol("a", real=True)
    return Derivation(
        claim="V4",
        part="shift",
        title="Adding one number to all logits changes nothing",
        conditions=(r"the same \(a\) for every class",),
        world=World(in_range={j: K}),
        head="q_{j}",
        start=exp(z[j]) / Sum(exp(z[k]), (k, 1, K)),
        steps=(At(exp(v[j]) / Sum(exp(v[k]), (k, 1, K)), r"\(e^a\) cancels", put={z[k]: v[k] + shift}),),
        counterexamples=(
            Slip(
                "the logits are multiplied, not shifted",
                1,
                before=exp(z[j] * shift) / Sum(exp(z[k] * shift), (k, 1, K)),
                moral="A factor, the inverse of a temperature, does change the softmax.",
            ),
        ),
    )


@claim
def log_sum_exp_can_be_shifted() -> Derivation:
    """V4: taking the largest logit out keeps the value and the exponents at most 0."""
    largest = Symbol("m", real=True)
    return Derivation(
        claim="V4",
        part="log-sum-exp",
        title="Log-sum-exp with any number taken out",
        conditions=(r"any real \(m\); computing takes the largest logit",),
        world=World(),
        head=r"\log \sum_{k} e^{z_{k}}",
        start=log(Sum(exp(z[k]), (k, 1, K))),
        steps=(Equal(largest + log(Sum(exp(z[k] - largest), (k, 1, K))), r"\(e^{z_k} = e^m e^{z_k - m}\)"),),
        counterexamples=(Slip("m is not added again", 1, after=log(Sum(exp(z[k] - largest), (k, 1, K)))),),
    )


@claim
def largest_logit_is_left_out_of_the_sum() -> Derivation:
    """V4: one term of the log-sum-exp is exactly 1; the rest goes to log1p, so that no small term is lost."""
    shifted = exp(z[k] - z[c])
    return Derivation(
        claim="V4",
        part="one term left out",
        title="Leave one term out of the sum",
        conditions=(r"\(c\) is any class; computing takes the largest logit",),
        world=World(in_range={c: K}),
        head=r"\log \sum_{k} e^{z_{k}}",
        start=log(Sum(exp(z[k]), (k, 1, K))),
        steps=(
            Equal(z[c] + log(Sum(shifted, (k, 1, K))), r"take \(z_c\) out"),
            Equal(z[c] + log(1 + Sum(OTHERS * shifted, (k, 1, K))), r"the term \(k = c\) is \(e^0 = 1\)"),
        ),
        conclusion=r"Computed as \(\mathrm{log1p}\) of the rest, the sum with 1 is never rounded.",
        counterexamples=(Slip("the term of c is counted twice", 2, after=z[c] + log(1 + Sum(shifted, (k, 1, K)))),),
    )


@claim
def loss_is_a_log_of_one_plus_the_others() -> Derivation:
    """V4: the loss from differences of logits alone, with nothing to cancel."""
    return Derivation(
        claim="V4",
        part="differences",
        title="The loss needs differences of logits only",
        conditions=(r"\(c\) is the true class",),
        world=World(define=SOFTMAX, in_range={c: K}),
        head="L",
        start=-log(q[c]),
        steps=(
            Equal(log(Sum(exp(z[k] - z[c]), (k, 1, K))), r"the logarithm of a quotient, \(e^{z_c}\) put in"),
            Equal(log(1 + Sum(OTHERS * exp(z[k] - z[c]), (k, 1, K))), r"the term \(k = c\) is \(e^0 = 1\)"),
        ),
        counterexamples=(Slip("the 1 is forgotten", 2, after=log(Sum(OTHERS * exp(z[k] - z[c]), (k, 1, K)))),),
    )


@claim
def gradient_at_the_label_is_what_the_others_have() -> Derivation:
    """V4: q_c − 1 without the subtraction."""
    world = World(normalised=(q,), in_range={c: K})
    return Derivation(
        claim="V4",
        part="gradient at the label",
        title="The gradient at the label is minus what the others have",
        conditions=(r"\(c\) is the true class", r"\(\sum_k q_k = 1\)"),
        world=world,
        head=r"\frac{\partial L}{\partial z_c}",
        start=q[c] - 1,
        steps=(Equal(-Sum(OTHERS * q[k], (k, 1, K)), r"\(q\) sums to one"),),
        counterexamples=(
            Counterexample(
                "q sums to one", 1, world.without(normalised=(q,)), moral="Rounded probabilities do not quite."
            ),
        ),
    )


@claim
def binary_loss_from_either_side() -> Derivation:
    """V4: two forms of binary cross-entropy, of which one has no growing exponential."""
    return Derivation(
        claim="V4",
        part="binary",
        title="Binary cross-entropy from either side",
        conditions=(r"\(\hat{p} = \sigma(z)\)",),
        world=World(define=SIGMOID),
        head="L",
        start=binary_cross_entropy.textbook,
        steps=(
            Equal((1 - label) * logit + log(1 + exp(-logit)), r"for \(z \ge 0\): \(e^{-z} \le 1\)"),
            Equal(-label * logit + log(1 + exp(logit)), r"for \(z < 0\): \(e^z < 1\)"),
        ),
        conclusion=r"Both are \(cz + \mathrm{log1p}(e^{-|z|})\) with \(c = [z \ge 0] - y\).",
        counterexamples=(Slip("the power e⁻ᶻ is kept for z < 0", 2, after=-label * logit + log(1 + exp(-logit))),),
    )


@claim
def binary_gradient_from_either_side() -> Derivation:
    """V4: the same for its gradient."""
    return Derivation(
        claim="V4",
        part="binary gradient",
        title="Its gradient from either side",
        conditions=(r"\(\hat{p} = \sigma(z)\)",),
        world=World(define=SIGMOID),
        head=r"\frac{\partial L}{\partial z}",
        start=prob - label,
        steps=(
            Equal((1 - label) - exp(-logit) / (1 + exp(-logit)), r"for \(z \ge 0\)"),
            Equal(-label + exp(logit) / (1 + exp(logit)), r"for \(z < 0\)"),
        ),
        conclusion=r"For a right prediction \(1 - y\), or \(y\), is 0, and nothing cancels.",
        counterexamples=(Slip("the power e⁻ᶻ is kept for z < 0", 2, after=-label + exp(-logit) / (1 + exp(-logit))),),
    )


@claim
def frameworks_compute_the_textbook_loss() -> Derivation:
    """F1: what the frameworks compute from logits and class numbers is the textbook loss."""
    world = World(one_hot={y: c}, in_range={c: K})
    return Derivation(
        claim="F1",
        part="logits",
        title="What frameworks compute from logits is the textbook cross-entropy",
        conditions=(r"class number \(c\) in, \(y_k = [k = c]\)",),
        world=world,
        head="L",
        start=log(Sum(exp(z[k]), (k, 1, K))) - z[c],
        steps=(Equal(categorical_cross_entropy.textbook, r"minus the logarithm of entry \(c\) of the softmax"),),
        counterexamples=(Counterexample("the label is a class number", 1, world.without(one_hot=(y,))),),
    )


@claim
def binary_is_categorical_with_two_classes() -> Derivation:
    """F1: binary cross-entropy on z is categorical cross-entropy on the logits (0, z)."""
    return Derivation(
        claim="F1",
        part="binary",
        title="Binary cross-entropy is the categorical one on the logits 0 and z",
        conditions=(r"labels \((1 - y, y)\)",),
        world=World(define=SIGMOID),
        head="L",
        start=binary_cross_entropy.textbook,
        steps=(Equal(log(exp(0) + exp(logit)) - (1 - label) * 0 - label * logit, r"\(1 - \hat{p} = 1 / (1 + e^z)\)"),),
        counterexamples=(
            Slip("the logits −z and z are taken", 1, after=log(exp(-logit) + exp(logit)) - label * logit),
        ),
    )
