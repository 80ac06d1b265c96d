r"""What the functions of ``ce.numeric`` are in truth: mpmath, and how well conditioned the problem is.

Each function returns :class:`Exact` numbers: the value, the largest term of the stable formula for it, and
the condition number :math:`\kappa = \sum_k |z_k \, \partial f / \partial z_k| / |f|`: how many units in the
last place f moves when each logit moves by one. A problem with κ ≤ 2 is called well conditioned."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import mpmath
from mpmath import mpf

ZERO, ONE = mpf(0), mpf(1)
BITS = 320


class Exact(NamedTuple):
    """A number in truth, the largest term that it is computed from, and its condition."""

    value: mpf
    term: mpf
    condition: mpf


class Softmax:
    """The softmax of logits given as floats: gaps exact, everything else at 320 bits."""

    def __init__(self, logits: Sequence[float]) -> None:
        self.z = [mpf(value) for value in logits]
        largest = max(self.z)
        self.top = self.z.index(largest)
        self.gaps = [mpmath.fsub(value, largest, exact=True) for value in self.z]
        powers = [mpmath.exp(gap) for gap in self.gaps]
        self.rest = mpmath.fsum(power for k, power in enumerate(powers) if k != self.top)
        total = ONE + self.rest
        self.p = [power / total for power in powers]
        # 1 − p without cancellation: the sum of the others.
        self.others = [
            (self.rest if k == self.top else ONE + self.rest - power) / total for k, power in enumerate(powers)
        ]
        self.log_of_total = mpmath.log1p(self.rest)
        self.mean_size = mpmath.fsum(abs(z) * p for z, p in zip(self.z, self.p, strict=True))

    def exponent(self, k: int) -> mpf:
        """Give the size of the exponent that p_k is computed from, at least one."""
        return max(ONE, abs(self.gaps[k]))

    def spread(self) -> mpf:
        """Give the largest exponent, weighted with its probability, at least one."""
        return max([ONE, *(abs(gap) * p for gap, p in zip(self.gaps, self.p, strict=True))])

    def moved(self, k: int) -> mpf:
        """Give Σ_j |z_j ∂p_k/∂z_j|, how far p_k moves when each logit moves by its own size."""
        size = abs(self.z[k])
        return self.p[k] * (size * self.others[k] + self.mean_size - size * self.p[k])

    def condition(self, slopes: Sequence[mpf], value: mpf) -> mpf:
        """Give κ for a function with these derivatives by the logits."""
        moved = mpmath.fsum(abs(z * slope) for z, slope in zip(self.z, slopes, strict=True))
        return ratio(moved, value)


@cache
def softmax_of(logits: tuple[float, ...]) -> Softmax:
    """Give the softmax of logits: many functions are asked about the same ones."""
    return Softmax(logits)


def ratio(moved: mpf, value: mpf) -> mpf:
    """Give how far a value moves, in units of its own size."""
    return moved / abs(value) if value else (ZERO if not moved else mpf("inf"))


def softmax(logits: Sequence[float]) -> list[Exact]:
    """Give p̂."""
    s = softmax_of(tuple(logits))
    return [Exact(p, p * s.exponent(k), ratio(s.moved(k), p)) for k, p in enumerate(s.p)]


def log_softmax(logits: Sequence[float]) -> list[Exact]:
    """Give log p̂."""
    s = softmax_of(tuple(logits))
    found = []
    for k in range(len(s.p)):
        value = s.gaps[k] - s.log_of_total
        moved = s.moved(k) / s.p[k] if s.p[k] else abs(s.z[k]) + s.mean_size
        found.append(Exact(value, max(abs(s.gaps[k]), s.log_of_total), ratio(moved, value)))
    return found


def logsumexp(logits: Sequence[float]) -> list[Exact]:
    """Give log Σ e^z."""
    s = softmax_of(tuple(logits))
    value = mpmath.fadd(s.z[s.top], s.log_of_total, prec=2200)
    return [Exact(value, max(abs(s.z[s.top]), s.log_of_total), s.condition(s.p, value))]


def cross_entropy(logits: Sequence[float], label: int) -> tuple[list[Exact], list[Exact]]:
    """Give −log p̂_c and its gradient p̂ − t."""
    s = softmax_of(tuple(logits))
    loss = -s.gaps[label] + s.log_of_total
    slopes = [-s.others[k] if k == label else p for k, p in enumerate(s.p)]
    terms = [p * s.exponent(k) for k, p in enumerate(s.p)]
    terms[label] = max((term for k, term in enumerate(terms) if k != label), default=ZERO)
    gradient = [
        Exact(slope, term, ratio(s.moved(k), slope)) for k, (slope, term) in enumerate(zip(slopes, terms, strict=True))
    ]
    return [Exact(loss, max(-s.gaps[label], s.log_of_total), s.condition(slopes, loss))], gradient


def softmax_squared_error(logits: Sequence[float], label: int) -> tuple[list[Exact], list[Exact]]:
    """Give Σ (p̂ − t)² and its gradient 2 p̂_j (e_j − Σ p̂ e)."""
    s = softmax_of(tuple(logits))
    e = [-s.others[k] if k == label else p for k, p in enumerate(s.p)]
    with mpmath.workprec(2400):
        loss = mpmath.fsum(error * error for error in e)
        mean = mpmath.fsum(p * error for p, error in zip(s.p, e, strict=True))
        slopes = [2 * p * (error - mean) for p, error in zip(s.p, e, strict=True)]
    weights = [error * error * s.exponent(k) for k, error in enumerate(e)]
    largest = max(abs(error) for error in e) * s.spread()
    gradient = [
        Exact(slope, 2 * p * largest * s.exponent(k), mpf("inf"))
        for k, (slope, p) in enumerate(zip(slopes, s.p, strict=True))
    ]
    return [Exact(loss, max([loss, *weights]), s.condition(slopes, loss))], gradient


def softmax_focal(logits: Sequence[float], label: int, gamma: float) -> tuple[list[Exact], list[Exact]]:
    """Give (1 − p̂_c)^γ times the cross-entropy, and its gradient."""
    s = softmax_of(tuple(logits))
    wrong, right, power = s.others[label], s.p[label], mpf(gamma)
    loss = -s.gaps[label] + s.log_of_total
    focus = wrong**power if wrong or power else ONE
    pull = focus * (wrong + power * right * loss)
    slopes = [-pull if k == label else (p * pull / wrong if wrong else ZERO) for k, p in enumerate(s.p)]
    spread, unlike = (1 + power) * max(s.spread(), s.exponent(label)), mpf("inf")
    gradient = [Exact(slope, abs(slope) * spread * s.exponent(k), unlike) for k, slope in enumerate(slopes)]
    return [Exact(focus * loss, focus * loss * spread, s.condition(slopes, focus * loss))], gradient


def unlikelihood(logits: Sequence[float], label: int) -> tuple[list[Exact], list[Exact]]:
    """Give −log(1 − p̂_c), and its gradient."""
    s = softmax_of(tuple(logits))
    right, wrong = s.p[label], s.others[label]
    loss = -mpmath.log(wrong) if 2 * right > 1 else -mpmath.log1p(-right)
    slopes = [right if k == label else -right * p / wrong for k, p in enumerate(s.p)]
    spread, unlike = max(s.spread(), s.exponent(label)), mpf("inf")
    gradient = [Exact(slope, abs(slope) * spread * s.exponent(k), unlike) for k, slope in enumerate(slopes)]
    return [Exact(loss, max(loss, right * spread), s.condition(slopes, loss))], gradient


def sigmoid(z: float) -> tuple[mpf, mpf]:
    """Give σ(z) and σ(−z)."""
    t = mpmath.exp(-abs(mpf(z)))
    larger, smaller = ONE / (ONE + t), t / (ONE + t)
    return (larger, smaller) if z >= 0 else (smaller, larger)


def softplus(z: float) -> mpf:
    """Give log(1 + e^z)."""
    return mpmath.fadd(max(mpf(z), ZERO), mpmath.log1p(mpmath.exp(-abs(mpf(z)))), prec=2200)


def smoothed_cross_entropy(
    logits: Sequence[float], targets: Sequence[float], epsilon: float = 0.0
) -> tuple[list[Exact], list[Exact]]:
    """Give −Σ w_k log p̂_k with w = (1 − ε)t + ε/K, and its gradient S p̂ − w with S = Σ w.

    The weights are inputs as the logits are: the condition of the gradient counts both.
    """
    s, classes = softmax_of(tuple(logits)), len(targets)
    weights = [(1 - mpf(epsilon)) * mpf(target) + mpf(epsilon) / classes for target in targets]
    with mpmath.workprec(2400):
        loss = mpmath.fsum(w * (s.log_of_total - gap) for w, gap in zip(weights, s.gaps, strict=True))
        total = mpmath.fsum(weights)
        slopes = [total * p - w for p, w in zip(s.p, weights, strict=True)]
        unwanted = total - weights[s.top]
        slopes[s.top] = unwanted - total * s.others[s.top]
    terms = [max(p * s.exponent(k), w) for k, (p, w) in enumerate(zip(s.p, weights, strict=True))]
    missed = s.others[s.top] * max(s.exponent(k) for k in range(len(terms)))
    terms[s.top] = min(terms[s.top], max(unwanted, missed))
    gradient = []
    for k, (slope, term, p) in enumerate(zip(slopes, terms, s.p, strict=True)):
        moved = total * s.moved(k) + p * (total - weights[k]) + weights[k] * s.others[k]
        gradient.append(Exact(slope, term, ratio(moved, slope)))
    largest = max([s.log_of_total, *(w * abs(gap) for w, gap in zip(weights, s.gaps, strict=True))])
    return [Exact(loss, largest, s.condition(slopes, loss))], gradient
