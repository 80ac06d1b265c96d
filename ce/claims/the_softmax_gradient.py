"""The softmax's Jacobian, the loss's gradient and curvature, squared error beside it: G1 to G4, M5, C12."""

from __future__ import annotations

from sympy import IndexedBase, Integer, KroneckerDelta, Sum, Symbol, exp, log

from ce.claims.registry import claim
from ce.derivation import SQUARES, At, AtLeast, AtMost, Counterexample, Derivation, Derivative, Equal, Slip, World
from ce.formulas import PARTITION, SOFTMAX, categorical_cross_entropy, softmax_squared_error
from ce.symbols import K, c, i, j, k, l, m, q, v, y, z

DELTA = KroneckerDelta(j, k)
AVERAGE = Sum(q[l] * v[l], (l, 1, K))
SQUARED_ERROR_SLOPE = 2 * q[j] * (q[j] - y[j] - Sum(q[k] * (q[k] - y[k]), (k, 1, K)))


@claim
def softmax_jacobian() -> Derivation:
    """G1: the Jacobian of the softmax, from the softmax itself."""
    world = World(define=SOFTMAX, in_range={j: K, k: K})
    return Derivation(
        claim="G1",
        title="The Jacobian of the softmax",
        conditions=(r"\(j\) and \(k\) are classes, equal or not",),
        world=world,
        head="q_{k}",
        start=SOFTMAX[q[k]],
        steps=(
            Derivative(
                (DELTA * exp(z[k]) * PARTITION - exp(z[k]) * exp(z[j])) / PARTITION**2, "quotient rule", by=z[j]
            ),
            Equal(SOFTMAX[q[k]] * (DELTA - exp(z[j]) / PARTITION), "divide through"),
            Equal(q[k] * (DELTA - q[j]), "both quotients are the softmax again"),
        ),
        counterexamples=(
            Slip(
                "the case j = k is forgotten",
                1,
                after=-exp(z[k]) * exp(z[j]) / PARTITION**2,
                moral="Without the delta the diagonal is wrong.",
            ),
            Counterexample("j is one of the classes", 1, world.without(in_range=(j,))),
        ),
    )


@claim
def softmax_gradient() -> Derivation:
    """G2: for softmax with cross-entropy the gradient at the logits is q − y, for any K."""
    total = Symbol("S", positive=True)
    world = World(define={**SOFTMAX, total: PARTITION}, in_range={j: K}, normalised=(y,))
    return Derivation(
        claim="G2",
        part="softmax",
        title="Softmax and cross-entropy: the gradient is prediction minus label",
        conditions=(r"\(\sum_k y_k = 1\) (one-hot or soft)", r"\(y\) does not depend on \(z\)"),
        world=world,
        head="L",
        start=categorical_cross_entropy.textbook,
        steps=(
            Equal(-Sum(y[k] * (z[k] - log(total)), (k, 1, K)), r"the logarithm of \(e^{z_k} / S\)"),
            Equal(log(total) - Sum(y[k] * z[k], (k, 1, K)), "the labels sum to one"),
            Derivative(exp(z[j]) / total - y[j], r"\(\partial S / \partial z_j = e^{z_j}\)", by=z[j]),
            Equal(q[j] - y[j], "the quotient is the softmax"),
        ),
        counterexamples=(
            Counterexample(
                "the labels sum to one",
                2,
                world.without(normalised=(y,)),
                moral=r"In general the gradient is \(q_j \sum_k y_k - y_j\).",
            ),
            Counterexample(
                "y does not depend on z",
                3,
                World(define={**world.define, y[k]: SOFTMAX[q[k]]}, in_range={j: K}),
                moral="If the model makes its own labels, they move with the logits.",
            ),
        ),
    )


@claim
def gradient_in_the_weights() -> Derivation:
    """C12: for logits that are linear in the inputs, the gradient in the weights is (q − y) xᵀ."""
    w, x, features = IndexedBase("w", real=True), IndexedBase("x", real=True), Symbol("D", integer=True, positive=True)
    total = Symbol("S", positive=True)
    linear = {z[k]: Sum(w[k, i] * x[i], (i, 1, features))}
    world = World(
        define={**SOFTMAX, **linear, total: PARTITION},
        in_range={j: K, m: features},
        shapes={w: (K, features), x: (features,)},
    )
    return Derivation(
        claim="C12",
        part="softmax",
        title="In the weights the gradient is the mistake times the input",
        conditions=(r"\(z_k = \sum_i w_{k,i} x_i\)", r"\(y\) does not depend on \(w\)"),
        world=world,
        head="L",
        start=log(total) - Sum(y[k] * z[k], (k, 1, K)),
        steps=(
            Derivative(
                (exp(z[j]) / total - y[j]) * x[m], r"\(\partial z_k / \partial w_{j,m} = [j = k] \, x_m\)", by=w[j, m]
            ),
            Equal((q[j] - y[j]) * x[m], "the quotient is the softmax"),
        ),
        counterexamples=(
            Slip("the input is forgotten", 1, after=exp(z[j]) / total - y[j], moral="That is the slope in a bias."),
        ),
    )


@claim
def softmax_hessian() -> Derivation:
    """G3: the Hessian of cross-entropy in the logits is diag(q) − q qᵀ."""
    world = World(define=SOFTMAX, in_range={j: K, m: K})
    return Derivation(
        claim="G3",
        part="Hessian",
        title="The Hessian of cross-entropy in the logits",
        conditions=(r"\(q\) is the softmax of \(z\); \(y\) does not depend on \(z\)",),
        world=world,
        head=r"\frac{\partial L}{\partial z_{j}}",
        start=q[j] - y[j],
        steps=(Derivative(q[j] * (KroneckerDelta(j, m) - q[m]), "the Jacobian of the softmax", by=z[m]),),
        counterexamples=(
            Slip("the case j = m is forgotten", 1, after=-q[j] * q[m]),
            Counterexample("m is one of the classes", 1, world.without(in_range=(m,))),
            Counterexample("y does not depend on z", 1, world.but(define={**SOFTMAX, y[k]: SOFTMAX[q[k]]})),
        ),
    )


@claim
def hessian_is_a_variance() -> Derivation:
    """G3: vᵀHv is the variance of v under q, never negative: cross-entropy is convex in the logits."""
    world = World(normalised=(q,))
    form = Sum(Sum(v[j] * q[j] * (KroneckerDelta(j, m) - q[m]) * v[m], (m, 1, K)), (j, 1, K))
    variance = Sum(q[k] * (v[k] - AVERAGE) ** 2, (k, 1, K))
    return Derivation(
        claim="G3",
        part="convex",
        title="Cross-entropy is convex in the logits",
        conditions=(r"\(q\) is a pmf", r"\(v\) is any direction"),
        world=world,
        head=r"v^{\mathsf T} H v",
        start=form,
        steps=(
            Equal(Sum(q[k] * v[k] ** 2, (k, 1, K)) - AVERAGE**2, "the delta leaves one sum"),
            Equal(variance, "the variance of v under q; q sums to one"),
            AtLeast(Integer(0), r"\(q_k \ge 0\), and squares", lemma=SQUARES),
        ),
        counterexamples=(
            Counterexample(
                "q sums to one",
                2,
                world.without(normalised=(q,)),
                moral="With weights that sum to more than one the form can be negative.",
            ),
        ),
    )


@claim
def flat_direction() -> Derivation:
    """G3: along (1, …, 1) it is flat: shifting all logits changes nothing."""
    world = World(normalised=(q,), in_range={j: K})
    return Derivation(
        claim="G3",
        part="flat direction",
        title="Shifting all logits alike is the flat direction",
        conditions=(r"\(q\) is a pmf",),
        world=world,
        head=r"(H \mathbf{1})_j",
        start=Sum(q[j] * (KroneckerDelta(j, m) - q[m]), (m, 1, K)),
        steps=(Equal(Integer(0), r"\(q_j - q_j \sum_m q_m\)"),),
        counterexamples=(Counterexample("q sums to one", 1, world.without(normalised=(q,))),),
    )


@claim
def cross_entropy_gradient_at_a_vertex() -> Derivation:
    """G4: at a certain and wrong prediction the gradient of cross-entropy has size 1 in two entries."""
    return Derivation(
        claim="G4",
        part="vertices",
        title="At a certain prediction the gradient of cross-entropy is the mistake itself",
        conditions=(r"the prediction is certain of class \(m\): \(q_k = [k = m]\)", r"\(y\) is one-hot"),
        world=World(in_range={j: K, m: K, c: K}, one_hot={y: c}),
        head=r"\frac{\partial L}{\partial z_{j}}",
        start=q[j] - y[j],
        steps=(At(KroneckerDelta(j, m) - KroneckerDelta(j, c), "put in", put={q[k]: KroneckerDelta(k, m)}),),
        conclusion=r"If \(m \ne c\) it is \(+1\) at \(m\) and \(-1\) at \(c\).",
        counterexamples=(Slip("the gradient is taken to vanish, as that of squared error does", 1, after=Integer(0)),),
    )


@claim
def softmax_squared_error_gradient() -> Derivation:
    """M5: the gradient of the squared error through the softmax, for any K."""
    inner = Sum(2 * (q[k] - y[k]) * q[k] * (KroneckerDelta(j, k) - q[j]), (k, 1, K))
    return Derivation(
        claim="M5",
        part="gradient",
        title="The gradient of the squared error through the softmax",
        conditions=(r"\(q\) is the softmax of \(z\)",),
        world=World(define=SOFTMAX, in_range={j: K}),
        head="L",
        start=softmax_squared_error.textbook,
        steps=(
            Derivative(inner, r"chain rule, with \(\partial q_k / \partial z_j = q_k ([j = k] - q_j)\)", by=z[j]),
            Equal(SQUARED_ERROR_SLOPE, "collect the terms"),
        ),
        counterexamples=(
            Slip(
                "each probability is taken to move with its own logit only",
                1,
                after=2 * (q[j] - y[j]) * q[j] * (1 - q[j]),
                moral="That is the sigmoid’s gradient, entry by entry; the softmax couples the entries.",
            ),
        ),
    )


@claim
def softmax_squared_error_vanishes_at_every_vertex() -> Derivation:
    """M5: it is zero wherever the prediction is certain, right or wrong."""
    return Derivation(
        claim="M5",
        part="vertices",
        title="The squared error has no gradient at a certain prediction, right or wrong",
        conditions=(r"the prediction is certain of class \(m\): \(q_k = [k = m]\)",),
        world=World(in_range={j: K, m: K}),
        head=r"\frac{\partial L}{\partial z_{j}}",
        start=SQUARED_ERROR_SLOPE,
        steps=(
            At(
                Integer(0),
                r"for \(j \ne m\) the factor \(q_j\) is 0; for \(j = m\) the bracket is",
                put={q[k]: KroneckerDelta(k, m)},
            ),
        ),
        counterexamples=(
            Slip(
                "the loss is cross-entropy",
                1,
                before=q[j] - y[j],
                moral="Its gradient is [j = m] − yⱼ there: not zero unless the label is m.",
            ),
        ),
    )


@claim
def softmax_squared_error_pushes_towards_the_true_class() -> Derivation:
    """M5: on the true class the push of the squared error points the right way, however weak it is."""
    world = World(one_hot={y: c}, in_range={c: K})
    others = Sum((1 - KroneckerDelta(k, c)) * q[k] ** 2, (k, 1, K))
    return Derivation(
        claim="M5",
        part="direction",
        title="On the true class squared error pushes the right way",
        conditions=(r"\(y\) is one-hot with class \(c\)", r"\(q_k \ge 0\)"),
        world=world,
        head=r"-\frac{\partial L}{\partial z_{c}}",
        start=-SQUARED_ERROR_SLOPE.subs(j, c),
        steps=(
            Equal(2 * q[c] * ((1 - q[c]) ** 2 + others), r"\(y_k = [k = c]\); \(q_c^2\) is taken out of the sum"),
            AtLeast(Integer(0), r"\(q_c \ge 0\), and squares", lemma=SQUARES),
        ),
        counterexamples=(Counterexample("y is one-hot", 1, world.without(one_hot=(y,))),),
    )


@claim
def softmax_squared_error_fades_with_the_true_class() -> Derivation:
    """M5: for any K the push on the true class is at most four times its probability: it fades with it."""
    world = World(normalised=(q,), one_hot={y: c}, in_range={c: K})
    return Derivation(
        claim="M5",
        part="vanishing",
        title="The surer the mistake, the weaker the push of the squared error on the true class",
        conditions=(r"\(y\) is one-hot with class \(c\)", r"\(q\) is a pmf"),
        world=world,
        head=r"-\frac{\partial L}{\partial z_{c}}",
        start=2 * q[c] * (y[c] - q[c] + Sum(q[k] * (q[k] - y[k]), (k, 1, K))),
        steps=(
            Equal(2 * q[c] * (1 - 2 * q[c] + Sum(q[k] ** 2, (k, 1, K))), r"\(y_k = [k = c]\)"),
            AtMost(
                4 * q[c],
                r"\(\sum_k q_k^2 \le \sum_k q_k = 1\), since \(q_k \le 1\)",
                slack=4 * q[c] ** 2 + 2 * q[c] * Sum(q[k] * (1 - q[k]), (k, 1, K)),
            ),
        ),
        conclusion=r"As \(q_c \to 0\) the gradient goes to 0, and yet the prediction could not be more wrong.",
        counterexamples=(
            Counterexample("y is one-hot", 1, world.without(one_hot=(y,))),
            Counterexample("q is a pmf", 2, world.without(normalised=(q,))),
            Slip("the loss is cross-entropy", 2, before=1 - q[c], moral="For cross-entropy the push tends to 1."),
        ),
    )
