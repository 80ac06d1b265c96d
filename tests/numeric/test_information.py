"""The information measures against SciPy and the book's own formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special, stats

import ce.numeric as cn
from ce import formulas
from ce.formulas import numpy_function

RNG = np.random.default_rng(7)
P = RNG.dirichlet(np.full(6, 0.3), size=25)
Q = RNG.dirichlet(np.full(6, 2.0), size=25)


@pytest.mark.parametrize(("unit", "base"), [("nats", np.e), ("bits", 2), ("hartleys", 10)])
def test_units_are_those_of_scipy_with_the_matching_base(unit, base):
    np.testing.assert_allclose(cn.entropy(P, unit=unit), stats.entropy(P, axis=-1, base=base), rtol=1e-12)
    np.testing.assert_allclose(cn.kl_divergence(P, Q, unit=unit), stats.entropy(P, Q, axis=-1, base=base), rtol=1e-11)


@pytest.mark.parametrize("name", ["entropy", "cross_entropy", "kl_divergence"])
def test_arrays_and_formulas_agree(name):
    expression = getattr(formulas, name).at(K=6)
    symbols = sorted(expression.free_symbols, key=str)
    columns = {f"{letter}_{i + 1}": array[:, i] for letter, array in (("p", P), ("q", Q)) for i in range(6)}
    expected = numpy_function(expression, symbols)(*(columns[str(s)] for s in symbols))
    ours = getattr(cn, name)(*([P] if name == "entropy" else [P, Q]))
    np.testing.assert_allclose(ours, expected, rtol=1e-11)


def test_known_values():
    assert cn.entropy(np.full(6, 1 / 6)) == pytest.approx(np.log(6))
    assert cn.entropy([1.0, 0.0]) == 0.0
    third, binomial = np.full(3, 1 / 3), stats.binom.pmf([0, 1, 2], 2, 0.3)
    assert cn.kl_divergence(third, binomial) == pytest.approx(0.231, abs=5e-4)
    assert cn.kl_divergence(binomial, third) == pytest.approx(0.168, abs=5e-4)


def test_a_divergence_that_rounding_would_make_negative_is_zero():
    p = np.array([0.1, 0.2, 0.7])
    q = np.nextafter(p, 1.0)  # one unit in the last place above: still a pmf as far as doubles can tell
    assert special.rel_entr(p, q).sum() < 0
    assert cn.kl_divergence(p, q) == 0.0


def test_a_class_the_model_rules_out_costs_infinity_only_if_the_data_has_it():
    assert cn.kl_divergence([0.5, 0.5], [1.0, 0.0]) == np.inf
    assert cn.cross_entropy([0.5, 0.5], [1.0, 0.0]) == np.inf
    assert cn.kl_divergence([1.0, 0.0], [0.5, 0.5]) == pytest.approx(np.log(2))
    assert cn.cross_entropy([1.0, 0.0], [1.0, 0.0]) == 0.0


def test_the_divergence_is_not_symmetric():
    # The condition a textbook slip would drop: were KL symmetric, these would be equal.
    forward, backward = cn.kl_divergence([[0.9, 0.1], [0.5, 0.5]], [[0.5, 0.5], [0.9, 0.1]])
    assert abs(forward - backward) > 0.1


weights = arrays(np.float64, (5,), elements=st.floats(0, 1)).filter(lambda w: w.sum() > 1e-3)


@given(weights, weights)
def test_cross_entropy_is_entropy_plus_divergence_and_the_divergence_is_nonnegative(a, b):
    p, q = a / a.sum(), (b + 1e-6) / (b + 1e-6).sum()
    divergence = cn.kl_divergence(p, q)
    assert divergence >= 0
    assert cn.cross_entropy(p, q) == pytest.approx(cn.entropy(p) + divergence, abs=1e-12)
    assert cn.kl_divergence(q, q) == 0.0


@given(weights)
def test_the_entropy_lies_between_zero_and_that_of_the_uniform(a):
    assert 0 <= cn.entropy(a / a.sum()) <= np.log(5) + 1e-15


def test_a_float32_softmax_over_a_thousand_classes_counts_as_a_pmf():
    z = RNG.normal(size=(8, 1000)).astype(np.float32)
    p = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
    assert p.dtype == np.float32
    assert (cn.entropy(p) < np.log(1000)).all()


def test_the_perplexity_of_equal_classes_is_their_number_and_does_not_ask_for_a_unit():
    for classes in (1, 2, 6, 1000):
        assert cn.perplexity(np.full(classes, 1 / classes)) == pytest.approx(classes, rel=1e-12)
    np.testing.assert_allclose(cn.perplexity(P), 2 ** cn.entropy(P, unit="bits"), rtol=1e-13)
    np.testing.assert_allclose(cn.perplexity(P, Q), 10 ** cn.cross_entropy(P, Q, unit="hartleys"), rtol=1e-13)
    assert (cn.perplexity(P, Q) >= cn.perplexity(P)).all()
    assert cn.perplexity([0.5, 0.5], [1.0, 0.0]) == np.inf


def test_the_perplexity_of_a_text_is_one_over_the_geometric_mean_of_its_probabilities():
    words = np.random.default_rng(1).uniform(0.01, 0.9, size=50)
    model = np.stack([words, 1 - words], axis=-1)
    mean = cn.log_loss(model, np.zeros(50, int))
    assert np.exp(mean) == pytest.approx(np.prod(1 / words) ** (1 / 50), rel=1e-12)
    certain = np.tile([1.0, 0.0], (50, 1))
    assert np.exp(np.log(cn.perplexity(certain, model)).mean()) == pytest.approx(np.exp(mean), rel=1e-12)
