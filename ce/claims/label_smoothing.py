"""Label smoothing: what it makes a model report, the best logit gap, the least loss: claims V2 and C13."""

from __future__ import annotations

from sympy import Integer, KroneckerDelta, Rational, Sum, Symbol, log, oo

from ce.claims.registry import claim
from ce.derivation import (
    LOG_LEMMA,
    At,
    AtLeast,
    Counterexample,
    Derivation,
    Derivative,
    Equal,
    Limit,
    LogGap,
    Rounded,
    Slip,
    World,
)
from ce.formulas import SOFTMAX, smoothed_cross_entropy, smoothed_label
from ce.symbols import K, c, j, k, q, share, smoothing, y, z
from ce.symbols import target as t

BETWEEN = {smoothing: (0, 1)}
TRUE_CLASS = {y[k]: KroneckerDelta(k, c)}
TRUE_CLASS_IS_ONE = {y[k]: KroneckerDelta(k, 1)}
TO_OTHERS = (1 - smoothing) * y[k] + smoothing / (K - 1) * (1 - y[k])
AT_TRUTH, ELSEWHERE = 1 - smoothing + smoothing / K, smoothing / K
GAP_TO_ALL = log(K * (1 - smoothing) / smoothing + 1)
GAP_TO_OTHERS = log((K - 1) * (1 - smoothing) / smoothing)
LOGITS = {z[k]: log(q[k]) + Symbol("a", real=True)}
ENTROPY, GAPS = -Sum(t[k] * log(t[k]), (k, 1, K)), Sum(LogGap(t[k], q[k]), (k, 1, K))
EPSILON = r"\(0 < \varepsilon < 1\)"
AT_BEST = (
    EPSILON,
    r"the true class is numbered 1, any other 2; \(K \ge 2\)",
    r"\(z_k = \log q_k + a\): q is the softmax of z, and at its best the smoothed label",
)
BEST = World(define=LOGITS, normalised=(q,), positive=(q,), intervals=BETWEEN, at_least={K: 2})


@claim
def smoothed_label_sums_to_one() -> Derivation:
    """V2: the smoothed label is a pmf, in the convention that spreads ε over all classes."""
    world = World(in_range={c: K}, intervals=BETWEEN)
    return Derivation(
        claim="V2",
        part="label, ε/K",
        title="A smoothed label sums to one (ε over all classes)",
        conditions=(EPSILON, r"\(t_k = (1 - \varepsilon)[k = c] + \varepsilon/K\)"),
        world=world,
        head=r"\sum_{k} t_{k}",
        start=Sum(smoothed_label.subs(TRUE_CLASS), (k, 1, K)),
        steps=(Equal(Integer(1), r"\(1 - \varepsilon + K \cdot \varepsilon/K\)"),),
        conclusion="No entry is negative, since ε lies between 0 and 1; so the smoothed label is a pmf.",
        counterexamples=(
            Slip(
                "every class is given the whole of ε",
                1,
                before=Sum((1 - smoothing) * KroneckerDelta(k, c) + smoothing, (k, 1, K)),
            ),
            Counterexample("c is one of the classes", 1, world.without(in_range=(c,))),
        ),
    )


@claim
def smoothed_label_over_the_others_sums_to_one() -> Derivation:
    """V2: and in the convention that spreads it over the other classes."""
    world = World(in_range={c: K}, at_least={K: 2}, intervals=BETWEEN)
    return Derivation(
        claim="V2",
        part="label, ε/(K−1)",
        title="A smoothed label sums to one (ε over the other classes)",
        conditions=(
            EPSILON,
            r"\(t_k = (1 - \varepsilon)[k = c] + \frac{\varepsilon}{K - 1} (1 - [k = c])\)",
            r"\(K \ge 2\)",
        ),
        world=world,
        head=r"\sum_{k} t_{k}",
        start=Sum(TO_OTHERS.subs(TRUE_CLASS), (k, 1, K)),
        steps=(Equal(Integer(1), r"\(1 - \varepsilon + (K - 1) \cdot \varepsilon/(K - 1)\)"),),
        conclusion="No entry is negative, since ε lies between 0 and 1; so the smoothed label is a pmf.",
        counterexamples=(
            Counterexample("K ≥ 2", 1, world.without(at_least=(K,)), moral="With one class there is no other."),
        ),
    )


@claim
def smoothed_loss_splits() -> Derivation:
    """V2: the loss is a mixture of the hard loss and the mean of −log q over all classes."""
    world = World(one_hot={y: c}, in_range={c: K})
    return Derivation(
        claim="V2",
        part="split",
        title="Smoothing mixes in the loss against the uniform pmf",
        conditions=(r"\(y\) is one-hot with class \(c\)", r"\(q_k > 0\)"),
        world=world,
        head=r"L_\varepsilon",
        start=smoothed_cross_entropy.textbook,
        steps=(Equal(-(1 - smoothing) * log(q[c]) - smoothing / K * Sum(log(q[k]), (k, 1, K)), "one-hot; distribute"),),
        counterexamples=(Counterexample("y is one-hot", 1, world.without(one_hot=(y,))),),
    )


@claim
def smoothed_gradient() -> Derivation:
    """V2: the gradient is q minus the smoothed label."""
    world = World(define=SOFTMAX, in_range={j: K}, normalised=(y,))
    return Derivation(
        claim="V2",
        part="gradient",
        title="The gradient of the smoothed loss is prediction minus smoothed label",
        conditions=(r"\(\sum_k y_k = 1\)", r"\(q\) is the softmax of \(z\)"),
        world=world,
        head=r"L_\varepsilon",
        start=smoothed_cross_entropy.textbook,
        steps=(Derivative(q[j] - smoothed_label.subs(k, j), "the smoothed label sums to one", by=z[j]),),
        counterexamples=(Counterexample("the label sums to one", 1, world.without(normalised=(y,))),),
    )


@claim
def smoothed_loss_is_smallest_at_the_smoothed_label() -> Derivation:
    """V2: so the model is made to report the smoothed label, not the label."""
    world = World(normalised=(y, q), intervals=BETWEEN, define={t[k]: smoothed_label})
    return Derivation(
        claim="V2",
        part="what it reports",
        title="The smoothed loss is smallest when the model reports the smoothed label",
        conditions=(EPSILON, r"\(q\) and \(y\) are pmfs"),
        world=world,
        head=r"L_\varepsilon",
        start=smoothed_cross_entropy.textbook,
        steps=(
            Equal(ENTROPY + GAPS, r"\(H(t, q) = H(t) + \mathrm{KL}(t \,\|\, q)\)"),
            AtLeast(ENTROPY, "Gibbs’ inequality; equality only at q = t", lemma=LOG_LEMMA),
        ),
        counterexamples=(Counterexample("q is a pmf", 1, world.without(normalised=(q,))),),
    )


@claim
def report_of_a_smoothed_binary_model() -> Derivation:
    """V2: with ε = 0.1 and two classes a true share of 0.8 is reported as 0.77."""
    return Derivation(
        claim="V2",
        part="report in numbers",
        title="What smoothing makes a binary model report",
        conditions=(r"\(K = 2\), \(\varepsilon = 0.1\), true share 0.8",),
        world=World(),
        head=r"\hat{p}",
        start=smoothed_label.subs(y[k], share),
        steps=(
            At(Rational(77, 100), "put in", put={smoothing: Rational(1, 10), share: Rational(4, 5), K: Integer(2)}),
            Rounded(because="instead of 0.8", digits=2),
        ),
        counterexamples=(Slip("the labels are left as they are", 1, before=share),),
    )


@claim
def smoothed_gradient_over_the_others() -> Derivation:
    """V2: in the other convention as well the gradient is q minus the smoothed label."""
    world = World(define=SOFTMAX, in_range={j: K}, normalised=(y,), at_least={K: 2})
    return Derivation(
        claim="V2",
        part="gradient, ε/(K−1)",
        title="The same gradient when ε goes to the other classes",
        conditions=(r"\(\sum_k y_k = 1\)", r"\(q\) is the softmax of \(z\)", r"\(K \ge 2\)"),
        world=world,
        head=r"L_\varepsilon",
        start=-Sum(TO_OTHERS * log(q[k]), (k, 1, K)),
        steps=(Derivative(q[j] - TO_OTHERS.subs(k, j), "this smoothed label sums to one too", by=z[j]),),
        counterexamples=(
            Counterexample("the label sums to one", 1, world.without(normalised=(y,))),
            Counterexample("K ≥ 2", 1, world.without(at_least=(K,))),
        ),
    )


@claim
def smoothed_loss_over_the_others_is_smallest_at_its_label() -> Derivation:
    """V2: and the model is made to report that smoothed label."""
    world = World(
        one_hot={y: c}, in_range={c: K}, normalised=(q,), intervals=BETWEEN, at_least={K: 2}, define={t[k]: TO_OTHERS}
    )
    return Derivation(
        claim="V2",
        part="what it reports, ε/(K−1)",
        title="With ε on the other classes the model reports that smoothed label",
        conditions=(EPSILON, r"\(q\) is a pmf, \(y\) one-hot", r"\(K \ge 2\)"),
        world=world,
        head=r"L_\varepsilon",
        start=-Sum(TO_OTHERS * log(q[k]), (k, 1, K)),
        steps=(
            Equal(ENTROPY + GAPS, r"\(H(t, q) = H(t) + \mathrm{KL}(t \,\|\, q)\)"),
            AtLeast(ENTROPY, "Gibbs’ inequality; equality only at q = t", lemma=LOG_LEMMA),
        ),
        counterexamples=(Counterexample("q is a pmf", 1, world.without(normalised=(q,))),),
    )


@claim
def optimal_gap_over_all_classes() -> Derivation:
    """V2: the best logit gap is finite: log(K(1 − ε)/ε + 1)."""
    return Derivation(
        claim="V2",
        part="gap, ε/K",
        title="The best gap between the logits is finite (ε over all classes)",
        conditions=AT_BEST,
        world=BEST,
        head=r"(z_{1} - z_{2})",
        start=z[1] - z[2],
        steps=(
            Equal(log(q[1] / q[2]), r"\(a\) cancels"),
            At(
                log((1 - smoothing + smoothing / K) / (smoothing / K)),
                "the smoothed label, put in",
                put={q[k]: smoothed_label.subs(TRUE_CLASS_IS_ONE)},
            ),
            Equal(GAP_TO_ALL, r"divide by \(\varepsilon / K\)"),
        ),
        counterexamples=(
            Counterexample("z is made of q", 1, BEST.without(define=tuple(LOGITS))),
            Slip("the gap of the other convention is taken", 3, after=GAP_TO_OTHERS),
        ),
    )


@claim
def optimal_gap_over_the_others() -> Derivation:
    """V2: in the other convention log((K − 1)(1 − ε)/ε)."""
    return Derivation(
        claim="V2",
        part="gap, ε/(K−1)",
        title="The best gap between the logits is finite (ε over the other classes)",
        conditions=AT_BEST,
        world=BEST,
        head=r"(z_{1} - z_{2})",
        start=z[1] - z[2],
        steps=(
            Equal(log(q[1] / q[2]), r"\(a\) cancels"),
            At(
                log((1 - smoothing) / (smoothing / (K - 1))),
                "the smoothed label, put in",
                put={q[k]: TO_OTHERS.subs(TRUE_CLASS_IS_ONE)},
            ),
            Equal(GAP_TO_OTHERS, r"divide by \(\varepsilon / (K - 1)\)"),
        ),
        counterexamples=(
            Counterexample("K ≥ 2", 3, BEST.without(at_least=(K,))),
            Slip("the gap of the other convention is taken", 3, after=GAP_TO_ALL),
        ),
    )


@claim
def hard_labels_have_no_finite_gap() -> Derivation:
    """V2: without smoothing the gap has no finite optimum."""
    return Derivation(
        claim="V2",
        part="no smoothing",
        title="Without smoothing the best gap is infinite",
        conditions=(EPSILON,),
        world=World(intervals=BETWEEN),
        head=r"z_{c} - z_{j}",
        start=GAP_TO_ALL,
        steps=(
            Limit(
                oo,
                r"\(K (1 - \varepsilon) / \varepsilon\) grows without bound",
                variable=smoothing,
                to=Integer(0),
                side="+",
            ),
        ),
        counterexamples=(
            Slip(
                "the division by ε is forgotten",
                1,
                before=log(K * (1 - smoothing) + 1),
                moral="Without the division by ε the gap would stay finite.",
            ),
        ),
    )


@claim
def soft_labels_have_a_floor() -> Derivation:
    """C13: for a soft label the least loss is the label's entropy, and not 0."""
    entropy = -Sum(y[k] * log(y[k]), (k, 1, K))
    gaps = Sum(LogGap(y[k], q[k]), (k, 1, K))
    world = World(normalised=(y, q))
    return Derivation(
        claim="C13",
        part="floor",
        title="The loss of a soft label is at least the label’s entropy",
        conditions=(r"\(y\) and \(q\) are pmfs", r"\(0 \log 0 = 0\)"),
        world=world,
        head="L",
        start=-Sum(y[k] * log(q[k]), (k, 1, K)),
        steps=(
            Equal(entropy + gaps, r"\(H(y, q) = H(y) + \mathrm{KL}(y \,\|\, q)\)"),
            AtLeast(entropy, "Gibbs’ inequality; equality only at q = y", lemma=LOG_LEMMA),
        ),
        conclusion="For a one-hot label that is 0, which no softmax of finite logits reaches. "
        "For any other label it is more.",
        counterexamples=(Counterexample("q is a pmf", 1, world.without(normalised=(q,))),),
    )


@claim
def floor_of_smoothing() -> Derivation:
    """C13: the floor of label smoothing, for any number of classes."""
    large, small = Symbol("a", positive=True), Symbol("b", positive=True)
    entries = {large: AT_TRUTH, small: ELSEWHERE}
    world = World(in_range={c: K}, intervals=BETWEEN, at_least={K: 2}, define=entries)
    true, other = KroneckerDelta(k, c), 1 - KroneckerDelta(k, c)
    return Derivation(
        claim="C13",
        part="floor of smoothing",
        title="The least loss with smoothed labels (ε over all classes)",
        conditions=(EPSILON, r"\(c\) is the true class, and at its best \(q\) is the smoothed label", r"\(K \ge 2\)"),
        world=world,
        head=r"\min_q L_\varepsilon",
        start=-Sum(true * large * log(large) + other * small * log(small), (k, 1, K)),
        steps=(
            Equal(
                -large * log(large) - (K - 1) * small * log(small),
                "one class has the large entry, K − 1 have the small one",
            ),
        ),
        counterexamples=(
            Slip("the true class is counted among the others", 1, after=-large * log(large) - K * small * log(small)),
            Counterexample("c is one of the classes", 1, world.without(in_range=(c,))),
        ),
    )


@claim
def floor_of_smoothing_in_numbers() -> Derivation:
    """C13: 0.5 nats for ten classes and ε = 0.1."""
    return Derivation(
        claim="C13",
        part="floor, numbers",
        title="With ten classes and ε = 0.1 no loss is below half a nat",
        conditions=(r"\(K = 10\), \(\varepsilon = 0.1\), ε over all classes",),
        world=World(intervals=BETWEEN),
        head=r"\min_q L_\varepsilon",
        start=-AT_TRUTH * log(AT_TRUTH) - (K - 1) * ELSEWHERE * log(ELSEWHERE),
        steps=(
            At(
                -Rational(91, 100) * log(Rational(91, 100)) - Rational(9, 100) * log(Rational(1, 100)),
                "put in",
                put={smoothing: Rational(1, 10), K: Integer(10)},
            ),
            Rounded(because="in nats", digits=3),
        ),
        counterexamples=(Slip("the small entries are left out", 1, before=-AT_TRUTH * log(AT_TRUTH)),),
    )


@claim
def uniform_label_noise_is_smoothing() -> Derivation:
    """V2: labels that are drawn anew with probability ε have the smoothed loss as their expected loss."""
    surprise = Sum(log(q[k]), (k, 1, K))
    return Derivation(
        claim="V2",
        part="noise",
        title="Label noise costs, on average, what smoothed labels cost",
        conditions=(
            r"with probability \(\varepsilon\) the label is drawn anew, all classes alike",
            r"\(y\) is one-hot with class \(c\); \(K \ge 2\)",
        ),
        world=World(one_hot={y: c}, in_range={c: K}, intervals=BETWEEN, at_least={K: 2}),
        head=r"\mathbb{E}\, L",
        start=(1 - smoothing) * -log(q[c]) + smoothing * -surprise / K,
        steps=(Equal(smoothed_cross_entropy.textbook, "collect by class"),),
        conclusion="On average: a network that can learn every label by heart learns the noisy ones, too, and "
        "ends elsewhere.",
        counterexamples=(
            Slip(
                "the new label is always another one",
                1,
                before=(1 - smoothing) * -log(q[c]) + smoothing * -(surprise - log(q[c])) / (K - 1),
                moral="Then it is the other convention, ε over the others.",
            ),
        ),
    )
