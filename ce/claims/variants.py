"""Variants of the loss: limits of BCE, label smoothing, fused softmax, memorisation; claims V1, V2, V4, V5."""

from __future__ import annotations

from sympy import Integer, KroneckerDelta, Rational, Sum, Symbol, exp, log, oo

from ce.claims.registry import on_page
from ce.derivation import (
    LOG_LEMMA, At, AtLeast, Counterexample, Derivation, Derivative, Equal, Limit, LogGap, Rounded, World,
)  # fmt: skip
from ce.formulas import binary_cross_entropy, categorical_cross_entropy, smoothed_cross_entropy
from ce.symbols import K, N, c, classes, j, k, l, label, logit, n, p, prob, q, share, smoothing, v, y, z

BINARY = "three-names/the-binary-case"
SMOOTHING = "when-to-change/label-smoothing"
STABLY = "gradient/computing-it-stably"
DIGITS = "gradient/on-real-digits"
SIGMOID = {prob: 1 / (1 + exp(-logit))}
SOFTMAX = {q[k]: exp(z[k]) / Sum(exp(z[l]), (l, 1, K))}
BETWEEN = {smoothing: (0, 1)}
SPREAD_TO_ALL = (1 - smoothing) * KroneckerDelta(k, c) + smoothing / K
SPREAD_TO_OTHERS = (1 - smoothing) * KroneckerDelta(k, c) + smoothing / (K - 1) * (1 - KroneckerDelta(k, c))
EPSILON = r"\(0 < \varepsilon < 1\)"


@on_page(BINARY)
def loss_of_a_right_prediction() -> Derivation:
    """V1: the loss tends to 0 as the prediction gets right."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="V1", part="right", title="The loss of a right prediction tends to zero",
        conditions=(r"\(y = 1\)",), world=world, head="L", start=-log(prob),
        steps=(
            Equal(log(1 + exp(-logit)), "the sigmoid, put in"),
            Limit(Integer(0), r"\(e^{-z} \to 0\)", variable=logit, to=oo),
        ),
        counterexamples=(Counterexample("the label is 1", 2, world, before=-log(1 - prob)),),
    )  # fmt: skip


@on_page(BINARY)
def loss_of_a_wrong_prediction() -> Derivation:
    """V1: it grows without bound as the prediction gets wrong."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="V1", part="wrong", title="The loss of a wrong prediction grows without bound",
        conditions=(r"\(y = 1\)",), world=world, head="L", start=-log(prob),
        steps=(
            Equal(log(1 + exp(-logit)), "the sigmoid, put in"),
            Limit(oo, r"\(e^{-z} \to \infty\)", variable=logit, to=-oo),
        ),
        counterexamples=(
            Counterexample("the loss is cross-entropy", 2, world, before=(1 - prob) ** 2,
                           moral="The squared error of a mistake is at most 1."),
        ),
    )  # fmt: skip


@on_page(BINARY)
def loss_of_a_wrong_prediction_grows_linearly() -> Derivation:
    """V1: no faster than the logit."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="V1", part="rate", title="It grows like the logit, no faster",
        conditions=(r"\(y = 1\)",), world=world, head="L / |z|", start=-log(prob) / -logit,
        steps=(Limit(Integer(1), r"\(\log(1 + e^{-z}) + z \to 0\)", variable=logit, to=-oo),),
        counterexamples=(Counterexample("z tends to −∞", 1, world, before=-log(prob) / logit**2),),
    )  # fmt: skip


@on_page(SMOOTHING)
def smoothed_label_sums_to_one() -> Derivation:
    """V2: the smoothed label is a pmf, in the convention that spreads ε over all classes."""
    world = World(in_range={c: K})
    return Derivation(
        claim="V2", part="label, ε/K", title="A smoothed label is a pmf (ε over all classes)",
        conditions=(r"\(p_k = (1 - \varepsilon)[k = c] + \varepsilon/K\)",), world=world, head=r"\sum_{k} p_{k}",
        start=Sum(SPREAD_TO_ALL, (k, 1, K)), steps=(Equal(Integer(1), r"\(1 - \varepsilon + K \cdot \varepsilon/K\)"),),
        counterexamples=(
            Counterexample("the share is ε/K", 1, world, before=Sum((1 - smoothing) * KroneckerDelta(k, c) + smoothing, (k, 1, K))),
            Counterexample("c is one of the classes", 1, world.without(in_range=(c,))),
        ),
    )  # fmt: skip


@on_page(SMOOTHING)
def smoothed_label_over_the_others_sums_to_one() -> Derivation:
    """V2: and in the convention that spreads it over the other classes."""
    world = World(in_range={c: K}, at_least={K: 2})
    return Derivation(
        claim="V2", part="label, ε/(K−1)", title="A smoothed label is a pmf (ε over the other classes)",
        conditions=(r"\(p_k = (1 - \varepsilon)[k = c] + \frac{\varepsilon}{K - 1} (1 - [k = c])\)", r"\(K \ge 2\)"),
        world=world, head=r"\sum_{k} p_{k}", start=Sum(SPREAD_TO_OTHERS, (k, 1, K)),
        steps=(Equal(Integer(1), r"\(1 - \varepsilon + (K - 1) \cdot \varepsilon/(K - 1)\)"),),
        counterexamples=(Counterexample("K ≥ 2", 1, world.without(at_least=(K,)), moral="With one class there is no other."),),
    )  # fmt: skip


@on_page(SMOOTHING)
def smoothed_loss_splits() -> Derivation:
    """V2: the loss is a mixture of the hard loss and the mean of −log q over all classes."""
    world = World(one_hot={y: c}, in_range={c: K})
    return Derivation(
        claim="V2", part="split", title="Smoothing mixes in the loss against the uniform pmf",
        conditions=(r"\(y\) is one-hot with class \(c\)", r"\(q_k > 0\)"), world=world, head=r"L_\varepsilon",
        start=smoothed_cross_entropy.textbook,
        steps=(Equal(-(1 - smoothing) * log(q[c]) - smoothing / K * Sum(log(q[k]), (k, 1, K)), "one-hot; distribute"),),
        counterexamples=(Counterexample("y is one-hot", 1, world.without(one_hot=(y,))),),
    )  # fmt: skip


@on_page(SMOOTHING)
def smoothed_gradient() -> Derivation:
    """V2: the gradient is q minus the smoothed label."""
    world = World(define=SOFTMAX, in_range={j: K}, normalised=(y,))
    return Derivation(
        claim="V2", part="gradient", title="The gradient of the smoothed loss is prediction minus smoothed label",
        conditions=(r"\(\sum_k y_k = 1\)", r"\(q\) is the softmax of \(z\)"), world=world, head=r"L_\varepsilon",
        start=smoothed_cross_entropy.textbook,
        steps=(Derivative(q[j] - ((1 - smoothing) * y[j] + smoothing / K), "the smoothed label sums to one", by=z[j]),),
        counterexamples=(Counterexample("the label sums to one", 1, world.without(normalised=(y,))),),
    )  # fmt: skip


@on_page(SMOOTHING)
def smoothed_loss_is_smallest_at_the_smoothed_label() -> Derivation:
    """V2: so the model is made to report the smoothed label, not the label."""
    target = (1 - smoothing) * y[k] + smoothing / K
    entropy = -Sum(target * log(target), (k, 1, K))
    gaps = Sum(LogGap(target, q[k]), (k, 1, K))
    world = World(normalised=(y, q), intervals=BETWEEN)
    return Derivation(
        claim="V2", part="what it reports", title="The smoothed loss is smallest when the model reports the smoothed label",
        conditions=(EPSILON, r"\(q\) and \(y\) are pmfs"), world=world, head=r"L_\varepsilon",
        start=smoothed_cross_entropy.textbook,
        steps=(
            Equal(entropy + gaps, r"\(H(p, q) = H(p) + \mathrm{KL}(p \,\|\, q)\), p the smoothed label"),
            AtLeast(entropy, "Gibbs' inequality; equality only at q = p", slack=gaps, lemma=LOG_LEMMA),
        ),
        counterexamples=(Counterexample("q is a pmf", 1, world.without(normalised=(q,))),),
    )  # fmt: skip


@on_page(SMOOTHING)
def report_of_a_smoothed_binary_model() -> Derivation:
    """V2: with ε = 0.1 and two classes a true share of 0.8 is reported as 0.77."""
    return Derivation(
        claim="V2", part="report in numbers", title="What smoothing makes a binary model report",
        conditions=(r"\(K = 2\), \(\varepsilon = 0.1\), true share 0.8",), world=World(), head=r"\hat{p}",
        start=(1 - smoothing) * share + smoothing / K,
        steps=(
            At(Rational(77, 100), "put in", put={smoothing: Rational(1, 10), share: Rational(4, 5), K: Integer(2)}),
            Rounded(because="instead of 0.8", digits=2),
        ),
        counterexamples=(Counterexample("labels are smoothed", 1, World(), before=share),),
    )  # fmt: skip


@on_page(SMOOTHING)
def optimal_gap_over_all_classes() -> Derivation:
    """V2: the best logit gap is finite: log(K(1 − ε)/ε + 1)."""
    world = World(intervals=BETWEEN)
    return Derivation(
        claim="V2", part="gap, ε/K", title="The best gap between the logits is finite (ε over all classes)",
        conditions=(EPSILON, "q is the smoothed label", r"\(z_c - z_j = \log(q_c / q_j)\) for the softmax"), world=world,
        head=r"z_{c} - z_{j}", start=log((1 - smoothing + smoothing / K) / (smoothing / K)),
        steps=(Equal(log(K * (1 - smoothing) / smoothing + 1), r"divide by \(\varepsilon / K\)"),),
        counterexamples=(
            Counterexample("ε is spread over all classes", 1, World(intervals=BETWEEN, at_least={K: 2}),
                           after=log((K - 1) * (1 - smoothing) / smoothing)),
        ),
    )  # fmt: skip


@on_page(SMOOTHING)
def optimal_gap_over_the_others() -> Derivation:
    """V2: in the other convention log((K − 1)(1 − ε)/ε)."""
    world = World(intervals=BETWEEN, at_least={K: 2})
    return Derivation(
        claim="V2", part="gap, ε/(K−1)", title="The best gap between the logits is finite (ε over the other classes)",
        conditions=(EPSILON, r"\(K \ge 2\)", "q is the smoothed label"), world=world,
        head=r"z_{c} - z_{j}", start=log((1 - smoothing) / (smoothing / (K - 1))),
        steps=(Equal(log((K - 1) * (1 - smoothing) / smoothing), r"divide by \(\varepsilon / (K - 1)\)"),),
        counterexamples=(
            Counterexample("K ≥ 2", 1, world.without(at_least=(K,))),
            Counterexample("ε is spread over the other classes", 1, world, after=log(K * (1 - smoothing) / smoothing + 1)),
        ),
    )  # fmt: skip


@on_page(SMOOTHING)
def hard_labels_have_no_finite_gap() -> Derivation:
    """V2: without smoothing the gap has no finite optimum."""
    world = World(intervals=BETWEEN)
    return Derivation(
        claim="V2", part="no smoothing", title="Without smoothing the best gap is infinite",
        conditions=(EPSILON,), world=world, head=r"z_{c} - z_{j}", start=log(K * (1 - smoothing) / smoothing + 1),
        steps=(Limit(oo, r"\(K (1 - \varepsilon) / \varepsilon\) grows without bound", variable=smoothing, to=Integer(0), side="+"),),
        counterexamples=(
            Counterexample("ε tends to 0", 1, world, before=log(K * (1 - smoothing) + 1),
                           moral="Without the division by ε the gap would stay finite."),
        ),
    )  # fmt: skip


@on_page(STABLY)
def softmax_and_cross_entropy_fuse() -> Derivation:
    """V4: softmax, then cross-entropy, is one log-sum-exp."""
    world = World(define=SOFTMAX, in_range={c: K})
    return Derivation(
        claim="V4", part="fused", title="Softmax and cross-entropy, two operations, fused into one",
        conditions=(r"\(c\) is the true class",), world=world, head="L", start=-log(q[c]),
        steps=(Equal(log(Sum(exp(z[k]), (k, 1, K))) - z[c], "the logarithm of a quotient"),),
        counterexamples=(Counterexample("q is normalised by the softmax", 1, world.but(define={q[k]: exp(z[k])})),),
    )  # fmt: skip


@on_page(STABLY)
def softmax_is_shift_invariant() -> Derivation:
    """V4: adding a number to all logits changes nothing."""
    shift = Symbol("a", real=True)
    world = World(in_range={j: K})
    return Derivation(
        claim="V4", part="shift", title="Adding one number to all logits changes nothing",
        conditions=(r"the same \(a\) for every class",), world=world, head="q_{j}", start=exp(z[j]) / Sum(exp(z[k]), (k, 1, K)),
        steps=(At(exp(v[j]) / Sum(exp(v[k]), (k, 1, K)), r"\(e^a\) cancels", put={z[k]: v[k] + shift}),),
        counterexamples=(
            Counterexample("the same number for every class", 1, world, before=exp(z[j] * shift) / Sum(exp(z[k] * shift), (k, 1, K)),
                           moral="A factor, the inverse of a temperature, does change the softmax."),
        ),
    )  # fmt: skip


@on_page(STABLY)
def log_sum_exp_can_be_shifted() -> Derivation:
    """V4: taking the largest logit out keeps the value and the exponents at most 0."""
    largest = Symbol("m", real=True)
    world = World()
    return Derivation(
        claim="V4", part="log-sum-exp", title="Log-sum-exp with any number taken out",
        conditions=(r"any real \(m\); computing takes the largest logit",), world=world, head=r"\log \sum_{k} e^{z_{k}}",
        start=log(Sum(exp(z[k]), (k, 1, K))),
        steps=(Equal(largest + log(Sum(exp(z[k] - largest), (k, 1, K))), r"\(e^{z_k} = e^m e^{z_k - m}\)"),),
        counterexamples=(Counterexample("m is added again", 1, world, after=log(Sum(exp(z[k] - largest), (k, 1, K)))),),
    )  # fmt: skip


@on_page(DIGITS)
def zero_training_loss_is_memorisation() -> Derivation:
    """V5: a table of the training labels has training loss 0."""
    world = World(one_hot={y: classes}, labels={classes: K}, define={q[n, k]: KroneckerDelta(classes[n], k)})
    return Derivation(
        claim="V5", part="training", title="A table of the training labels has training loss zero",
        conditions=(r"the model looks up the label of a known input: \(q_{n,k} = [c_n = k]\)", r"\(0 \log 0 = 0\)"),
        world=world, head="J", start=-Sum(Sum(y[n, k] * log(q[n, k]), (k, 1, K)), (n, 1, N)) / N,
        steps=(Equal(Integer(0), r"\(1 \log 1\) and \(0 \log 0\)"),),
        conclusion="Zero training loss says nothing of inputs that are not in the table.",
        counterexamples=(
            Counterexample("the inputs are those of the table", 1, world.but(define={q[n, k]: 1 / K}),
                           moral="On a new input the table knows nothing; with the uniform pmf it pays log K."),
        ),
    )  # fmt: skip


@on_page(DIGITS)
def a_new_input_costs_log_k() -> Derivation:
    """V5: on inputs outside the table the uniform answer costs log K each."""
    world = World(one_hot={y: classes}, labels={classes: K}, define={q[n, k]: 1 / K})
    return Derivation(
        claim="V5", part="new inputs", title="On new inputs the table pays log K",
        conditions=(r"on an unknown input it answers \(q_{n,k} = 1/K\)",), world=world, head="J",
        start=-Sum(Sum(y[n, k] * log(q[n, k]), (k, 1, K)), (n, 1, N)) / N,
        steps=(Equal(log(K), r"\(-\log(1/K)\) for each"),),
        counterexamples=(Counterexample("the inputs are new", 1, world.but(define={q[n, k]: KroneckerDelta(classes[n], k)})),),
    )  # fmt: skip


@on_page(STABLY)
def frameworks_compute_the_textbook_loss() -> Derivation:
    """F1: what the frameworks compute from logits and class numbers is the textbook loss."""
    world = World(one_hot={y: c}, in_range={c: K})
    return Derivation(
        claim="F1", part="logits", title="What frameworks compute from logits is the textbook cross-entropy",
        conditions=(r"class number \(c\) in, \(y_k = [k = c]\)",), world=world, head="L",
        start=log(Sum(exp(z[k]), (k, 1, K))) - z[c],
        steps=(Equal(categorical_cross_entropy.textbook, r"minus the logarithm of entry \(c\) of the softmax"),),
        counterexamples=(Counterexample("the label is a class number", 1, world.without(one_hot=(y,))),),
    )  # fmt: skip


@on_page(STABLY)
def binary_is_categorical_with_two_classes() -> Derivation:
    """F1: binary cross-entropy on z is categorical cross-entropy on the logits (0, z)."""
    world = World(define=SIGMOID)
    return Derivation(
        claim="F1", part="binary", title="Binary cross-entropy is the categorical one on the logits 0 and z",
        conditions=(r"labels \((1 - y, y)\)",), world=world, head="L", start=binary_cross_entropy.textbook,
        steps=(Equal(log(exp(0) + exp(logit)) - (1 - label) * 0 - label * logit, r"\(-\log(1 - \hat{p}) = \log(1 + e^z)\)"),),
        counterexamples=(Counterexample("the logits are 0 and z", 1, world, after=log(exp(-logit) + exp(logit)) - label * logit),),
    )  # fmt: skip
