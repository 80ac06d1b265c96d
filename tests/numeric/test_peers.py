"""ce beside PyTorch, Keras, SciPy, scikit-learn and JAX, in a table that ``benchmarks/peers.py`` writes."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import ce.numeric as cn
from tests.numeric import exact
from tests.numeric.units import units_off

TABLE = json.loads((Path(__file__).parent / "peers.json").read_text(encoding="utf-8"))


class Answer(NamedTuple):
    """What a peer said in a case."""

    peer: str
    function: str
    arguments: dict[str, Any]
    values: list[str]

    @property
    def numbers(self) -> list[float]:
        return [float(value) for value in self.values]


ANSWERS = [Answer(**row) for row in TABLE["rows"]]
PEERS = sorted({answer.peer for answer in ANSWERS})


def ours(answer: Answer) -> list[float]:
    return [float(value) for value in np.ravel(getattr(cn, answer.function)(**answer.arguments))]


def smoothed_cross_entropy(logits: list[float], targets: int, label_smoothing: float = 0.0) -> list[mpf]:
    s, epsilon = exact.Softmax(logits), mpf(label_smoothing)
    surprises = [s.log_of_total - gap for gap in s.gaps]
    return [(1 - epsilon) * surprises[targets] + epsilon * mpmath.fsum(surprises) / len(logits)]


def binary_cross_entropy(logits: float, targets: float) -> list[mpf]:
    return [targets * exact.softplus(-logits) + (1 - targets) * exact.softplus(logits)]


def divergence(p: list[float], q: list[float]) -> list[mpf]:
    if any(a and not b for a, b in zip(p, q, strict=True)):
        return [mpf("inf")]
    return [mpmath.fsum(mpf(a) * mpmath.log(mpf(a) / mpf(b)) for a, b in zip(p, q, strict=True) if a)]


def gaussian(mean: float, targets: float, variance: float) -> list[mpf]:
    return [(mpmath.log(variance) + (mpf(targets) - mpf(mean)) ** 2 / mpf(variance)) / 2]


TRUTH = {
    "cross_entropy_with_logits": smoothed_cross_entropy,
    "log_softmax": lambda logits: [e.value for e in exact.log_softmax(logits)],
    "softmax": lambda logits: [e.value for e in exact.softmax(logits)],
    "logsumexp": lambda logits: [e.value for e in exact.logsumexp(logits)],
    "binary_cross_entropy_with_logits": binary_cross_entropy,
    "sigmoid": lambda logits: [exact.sigmoid(logits)[0]],
    "log_sigmoid": lambda logits: [-exact.softplus(-logits)],
    "entropy": lambda p: [mpmath.fsum(-mpf(a) * mpmath.log(a) for a in p if a)],
    "kl_divergence": divergence,
    "log_loss": lambda probabilities, labels: [
        -mpmath.log(row[c]) if row[c] else mpf("inf") for row, c in zip(probabilities, labels, strict=True)
    ],
    "gaussian_nll": gaussian,
}


BEYOND = mpf(10) ** 400
"""What stands for an infinity in the truth: beyond float64, so that the truth rounds to the limit."""


def as_finite(value: Any) -> Any:
    if isinstance(value, list):
        return [as_finite(item) for item in value]
    return BEYOND * (1 if value > 0 else -1) if math.isinf(value) else value


def off(values: list[float], answer: Answer) -> float:
    """Return the largest distance from the truth, in units in the last place."""
    with mpmath.workprec(exact.BITS):
        true = TRUTH[answer.function](**{name: as_finite(value) for name, value in answer.arguments.items()})
        pairs = zip(values, true, strict=True)
        return max(0.0 if value == float(wanted) else units_off(value, wanted) for value, wanted in pairs)


@pytest.mark.parametrize("peer", PEERS)
def test_where_a_peer_is_right_ce_says_the_same(peer):
    right = [a for a in ANSWERS if a.peer == peer and off(a.numbers, a) <= 8]
    assert len(right) >= (1 if peer == "sklearn" else 10)
    for answer in right:
        np.testing.assert_allclose(ours(answer), answer.numbers, rtol=1e-14, atol=5e-324)


@pytest.mark.parametrize("peer", PEERS)
def test_where_a_peer_is_wrong_ce_is_right(peer):
    wrong = [a for a in ANSWERS if a.peer == peer and off(a.numbers, a) > 8]
    for answer in wrong:
        assert off(ours(answer), answer) <= 8, (answer, ours(answer))


@pytest.mark.parametrize("peer", PEERS)
def test_no_number_of_ours_is_further_off_than_that_of_a_peer(peer):
    """Apart from the last four units, in which correct forms differ."""
    for answer in (a for a in ANSWERS if a.peer == peer):
        assert off(ours(answer), answer) <= max(4.0, off(answer.numbers, answer)), answer


def said(peer: str, function: str, **arguments: Any) -> list[float]:
    asked = (peer, function, arguments)
    (found,) = [answer.numbers for answer in ANSWERS if answer[:3] == asked]
    return found


class TestTheTableHoldsTheKnownFaults:
    """A newer version may have mended one: then the sentence in the book that names it has to go."""

    @pytest.mark.parametrize("peer", ["torch", "keras"])
    def test_the_loss_of_a_sure_right_answer_is_said_to_be_zero(self, peer):
        assert said(peer, "cross_entropy_with_logits", logits=[46.0, 0.0], targets=0) == [0.0]
        assert cn.cross_entropy_with_logits([46.0, 0.0], 0) == pytest.approx(math.exp(-46.0), rel=1e-14)

    @pytest.mark.parametrize("peer", ["torch", "scipy", "jax"])
    def test_log_softmax_loses_it_too(self, peer):
        assert said(peer, "log_softmax", logits=[46.0, 0.0])[0] == 0.0

    def test_an_infinite_logit_is_not_a_number_in_pytorch(self):
        assert math.isnan(*said("torch", "binary_cross_entropy_with_logits", logits=math.inf, targets=1.0))
        assert cn.binary_cross_entropy_with_logits(math.inf, 1.0) == 0.0

    @pytest.mark.parametrize("peer", ["sklearn", "keras"])
    def test_an_infinite_loss_is_clipped(self, peer):
        (value,) = said(peer, "log_loss", probabilities=[[1.0, 0.0]], labels=[1])
        assert value < 40
        assert cn.log_loss([[1.0, 0.0]], [1]) == math.inf

    def test_a_small_variance_is_floored_in_pytorch(self):
        (value,) = said("torch", "gaussian_nll", mean=0.0, targets=1.0, variance=1e-7)
        assert value < 0.2 * cn.gaussian_nll(0.0, 1.0, 1e-7)
