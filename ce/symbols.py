"""Every symbol of the book, declared once with its assumptions and its meaning.

Formulas, derivations, figures and the notation page take their symbols from here, so that a letter means
one thing everywhere. Python names are words where the letter alone would be ambiguous: ``logit`` is the
single number z of the binary case, ``z`` the indexed logits z₁, …, z_K of the categorical one.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Idx, IndexedBase, Symbol
from sympy.core.expr import Expr

__all__ = [
    "DISTRIBUTIONS",
    "NOTATION",
    "K",
    "M",
    "N",
    "Notation",
    "bias",
    "c",
    "classes",
    "gamma",
    "i",
    "j",
    "k",
    "l",
    "label",
    "length",
    "log_variance",
    "logit",
    "m",
    "mean",
    "multiplier",
    "n",
    "p",
    "prob",
    "q",
    "r",
    "rate",
    "share",
    "sigma",
    "smoothing",
    "start",
    "target",
    "temperature",
    "theta",
    "v",
    "weight",
    "x",
    "y",
    "z",
]

K = Symbol("K", integer=True, positive=True)
N = Symbol("N", integer=True, positive=True)
M = Symbol("M", integer=True, positive=True)

j, k, l, m, c = (Symbol(name, integer=True, positive=True) for name in "jklmc")  # noqa: E741
n, i = (Symbol(name, integer=True, positive=True) for name in "ni")

p = IndexedBase("p", nonnegative=True)
q = IndexedBase("q", positive=True)
y = IndexedBase("y", nonnegative=True)
z = IndexedBase("z", real=True)
r = IndexedBase("r", nonnegative=True)
v = IndexedBase("v", real=True)
target = IndexedBase("t", real=True)
mean = IndexedBase("mu", real=True)
x = IndexedBase("x", integer=True, positive=True)
length = IndexedBase("ell", positive=True)
classes = IndexedBase("c", integer=True, positive=True)

DISTRIBUTIONS = (p, q, r, y)
"""What stands for probabilities or labels: numbers shown for them sum to one where nothing forbids it."""

label = Symbol("y", real=True)
logit = Symbol("z", real=True)
prob = Symbol("phat", positive=True)
theta = Symbol("theta", real=True)
multiplier = Symbol("lambda", real=True)

weight = Symbol("w", real=True)
bias = Symbol("b", real=True)
rate = Symbol("eta", positive=True)
start = Symbol("z0", real=True)
gamma = Symbol("gamma", nonnegative=True)
smoothing = Symbol("epsilon", nonnegative=True)
share = Symbol("pi_1", positive=True)
sigma = Symbol("sigma", positive=True)
log_variance = Symbol("s", real=True)
temperature = Symbol("T", positive=True)


@dataclass(frozen=True)
class Notation:
    """One row of the notation page: a symbol, what it means and where it lives.

    Parameters
    ----------
    symbol
        The SymPy object whose LaTeX the page prints.
    meaning
        What it stands for, in words, units included.
    domain
        LaTeX of the set it is taken from.
    """

    symbol: Expr | Idx | IndexedBase
    meaning: str
    domain: str


NOTATION: tuple[Notation, ...] = (
    Notation(K, "number of classes (faces of the die)", r"\{1, 2, \dots\}"),
    Notation(N, "number of examples (rolls)", r"\{1, 2, \dots\}"),
    Notation(M, "number of distinct inputs", r"\{1, 2, \dots\}"),
    Notation(
        k, "index of a class; j and l are further ones, and m is one or the index of an input", r"\{1, \dots, K\}"
    ),
    Notation(c, "the true class of an example", r"\{1, \dots, K\}"),
    Notation(n, "index of an example; i is another", r"\{1, \dots, N\}"),
    Notation(p[k], "probability of class k under the data or the target", r"[0, 1]"),
    Notation(q[k], "probability of class k under the model", r"(0, 1]"),
    Notation(y[k], "entry k of a label vector: one-hot, or soft with entries that sum to one", r"[0, 1]"),
    Notation(z[k], "logit of class k: what the model puts out before the softmax", r"\mathbb{R}"),
    Notation(r[m], "probability of m under what the data are drawn from: a face of the die, or an input", r"[0, 1]"),
    Notation(v[k], "entry k of an arbitrary vector", r"\mathbb{R}"),
    Notation(x[n], "what draw n is: the face that a roll shows, or the number of an input", r"\{1, 2, \dots\}"),
    Notation(length[k], "length of the code word for outcome k, in bits", r"\{1, 2, \dots\}"),
    Notation(classes[n], "true class of example n", r"\{1, \dots, K\}"),
    Notation(multiplier, "Lagrange multiplier of the condition that probabilities sum to one", r"\mathbb{R}"),
    Notation(label, "label of the binary case", r"\{0, 1\}"),
    Notation(logit, "logit of the binary case", r"\mathbb{R}"),
    Notation(prob, "predicted probability of label 1, the sigmoid of the logit", r"(0, 1)"),
    Notation(weight, "weight with which a neuron multiplies its input", r"\mathbb{R}"),
    Notation(bias, "what a neuron adds to its weighted input", r"\mathbb{R}"),
    Notation(theta, "parameters of the model", r"\mathbb{R}"),
    Notation(rate, "learning rate (step size) of gradient descent", r"(0, \infty)"),
    Notation(start, "logit at which a descent starts", r"\mathbb{R}"),
    Notation(gamma, "focusing parameter of the focal loss", r"[0, \infty)"),
    Notation(share, "true share of label 1 among examples that look alike", "(0, 1)"),
    Notation(target[k], "entry k of a real-valued target, or of a smoothed label", r"\mathbb{R}"),
    Notation(mean[k], "entry k of the predicted mean", r"\mathbb{R}"),
    Notation(sigma, "standard deviation of a Gaussian model", r"(0, \infty)"),
    Notation(log_variance, "logarithm of the predicted variance", r"\mathbb{R}"),
    Notation(temperature, "temperature: what the logits are divided by before the softmax", r"(0, \infty)"),
    Notation(smoothing, "share of the label spread over the classes by label smoothing", r"[0, 1)"),
)
