"""Exercises of the book, as its chapters set them, for the tests of this folder."""

from __future__ import annotations

from sympy import KroneckerDelta, Rational, Sum, exp, log

from ce.derivation import Derivative, World
from ce.exercises import WITHOUT_SUMS, Exercise, Names, NumberExercise, without
from ce.formulas import SOFTMAX, binary_cross_entropy, cross_entropy, entropy, kl_divergence, sigmoid, squared_error
from ce.symbols import K, N, c, j, k, label, logit, n, p, prob, q, x, y, z

P_OF_LOGITS = {p[k]: SOFTMAX[q[k]]}
LOSS = -Sum(y[k] * log(p[k]), (k, 1, K))

softmax_gradient = Exercise(
    "Differentiate {loss} by {by}, where p is the softmax of z; write it without sums and with p and y.",
    answer=Derivative(p[j] - y[j], by=z[j]),
    given=LOSS,
    world=World(normalised=(y,), define=P_OF_LOGITS, in_range={j: K}),
    names=Names(p, y, z),
    form=WITHOUT_SUMS & without(exp, asks="with p and y"),
    shows={"loss": LOSS, "by": z[j]},
    because="The labels sum to one.",
)

softmax_jacobian = Exercise(
    "Differentiate the softmax {softmax} by {by}.",
    answer=Derivative(p[k] * (KroneckerDelta(j, k) - p[j]), by=z[j]),
    given=P_OF_LOGITS[p[k]],
    world=World(define=P_OF_LOGITS, in_range={j: K, k: K}),
    names=Names(p, z),
    shows={"softmax": P_OF_LOGITS[p[k]], "by": z[j]},
)

negative_log_likelihood = Exercise(
    "Write the mean negative log-likelihood of N rolls.",
    answer=-Sum(log(q[x[n]]), (n, 1, N)) / N,
    world=World(labels={x: K}),
    names=Names(q, x),
)

by_faces = Exercise(
    "Regroup {nll} by faces with p and q, where p is the share of the rolls that show face k.",
    answer=cross_entropy.textbook,
    given=negative_log_likelihood.line,
    world=World(labels={x: K}, define={p[k]: Sum(KroneckerDelta(x[n], k), (n, 1, N)) / N}),
    names=Names(p, q, x),
    form=without(KroneckerDelta, x, asks="with p and q"),
    shows={"nll": negative_log_likelihood.line},
)

divergence = Exercise(
    "Write {kl} with entropies.",
    answer=cross_entropy.textbook - entropy.textbook,
    given=kl_divergence.textbook,
    world=World(normalised=(p, q)),
    names=Names(p, q),
    shows={"kl": kl_divergence.textbook},
)

one_hot = Exercise(
    "What is left of {loss} when y is one-hot at c? Write it without sums.",
    answer=-log(q[c]),
    given=cross_entropy.textbook.xreplace({p: y}),
    world=World(one_hot={y: c}, in_range={c: K}),
    names=Names(q, y),
    form=WITHOUT_SUMS,
    shows={"loss": cross_entropy.textbook.xreplace({p: y})},
)

binary_gradient = Exercise(
    "Differentiate {loss} by {by}, where {p} is the sigmoid of {by}.",
    answer=Derivative(prob - label, by=logit),
    given=binary_cross_entropy.textbook,
    world=World(define={prob: sigmoid(logit)}),
    names=Names(prob, label, logit),
    shows={"loss": binary_cross_entropy.textbook, "by": logit, "p": prob},
)

squared_gradient = Exercise(
    "Differentiate {loss} by {by}, where {p} is the sigmoid of {by}.",
    answer=Derivative(2 * (prob - label) * prob * (1 - prob), by=logit),
    given=squared_error.textbook,
    world=World(define={prob: sigmoid(logit)}),
    names=Names(prob, label, logit),
    shows={"loss": squared_error.textbook, "by": logit, "p": prob},
)

HARD = {label: 1, prob: Rational(1, 100)}
HARD_LOGIT = {label: 1, logit: log(Rational(1, 99))}

coin = NumberExercise("The entropy of a fair coin, in bits?", entropy.stable, {p: (0.5, 0.5)}, unit="bits")
cross_entropy_of_hard = NumberExercise(
    "How large is {loss}?",
    binary_cross_entropy.textbook,
    HARD,
    unit="nats",
    shows={"loss": binary_cross_entropy.textbook},
)
one_bit = NumberExercise("One bit, in nats?", log(2), unit="nats", converts=True)
squared_error_of_hard = NumberExercise("And the squared error?", squared_error.textbook, HARD)
cross_entropy_slope = NumberExercise("Its slope?", binary_cross_entropy.derivative(logit), HARD_LOGIT)
squared_error_slope = NumberExercise("Its slope?", squared_error.derivative(logit), HARD_LOGIT)
two_coins = NumberExercise(
    "How far is the second coin from the first?", kl_divergence.stable, {p: (0.5, 0.5), q: (0.25, 0.75)}, unit="bits"
)

SYMBOLIC = {
    "softmax gradient": softmax_gradient,
    "softmax Jacobian": softmax_jacobian,
    "mean negative log-likelihood": negative_log_likelihood,
    "by faces": by_faces,
    "divergence": divergence,
    "one-hot": one_hot,
    "binary gradient": binary_gradient,
    "squared gradient": squared_gradient,
}
