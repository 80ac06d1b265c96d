"""A formula's textbook form is its stable form: proven by the engine, computed by mpmath and by NumPy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import mpmath
import numpy as np
import pytest
from sympy import IndexedBase, KroneckerDelta, Product, Rational, Sum, Symbol, exp, lambdify, log, sqrt

import ce.formulas
from ce.derivation import Equal, Grade, World, judge
from ce.formulas import (
    Formula,
    Largest,
    LogSumExp,
    Node,
    binary_cross_entropy,
    categorical_cross_entropy,
    focal_loss,
    instantiate,
    numpy_function,
    sigmoid,
    softplus,
    squared_error,
    typeset,
    xlogy,
)
from ce.symbols import K, N, gamma, k, label, logit, n, p, prob, q, smoothing, y, z

FORMULAS = {name: thing for name, thing in vars(ce.formulas).items() if isinstance(thing, Formula)}
WORLDS = {
    "entropy": World(normalised=(p,)),
    "kl_divergence": World(normalised=(p, q)),
    "cross_entropy": World(normalised=(p, q)),
    "smoothed_cross_entropy": World(intervals={smoothing: (0, 1)}),
}
DERIVED_IN_THIS_BOOK = {"cross_entropy_escape_time", "squared_error_escape_time"}


def spelled(expression):
    """Return an expression with the book's own functions written out."""
    while nodes := expression.atoms(Node):
        expression = expression.xreplace({node: node.meaning() for node in nodes})
    return expression


@pytest.mark.parametrize("name", FORMULAS)
def test_the_stable_form_is_proven_equal_to_the_textbook_form(name: str) -> None:
    formula = FORMULAS[name]
    verdict = judge(formula.explicit, Equal(formula.stable), WORLDS.get(name, World()))
    assert verdict.grade in (Grade.A, Grade.B)


@pytest.mark.parametrize("name", FORMULAS)
def test_a_stable_form_with_an_error_in_it_is_refuted(name: str) -> None:
    formula = FORMULAS[name]
    for wrong in (-formula.stable, formula.stable + 1, 2 * formula.stable):
        assert judge(formula.explicit, Equal(wrong), WORLDS.get(name, World())).grade is Grade.F


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("classes", [2, 5])
def test_the_two_forms_agree_in_mpmath_with_their_sums_written_out(name: str, classes: int) -> None:
    forms = FORMULAS[name].explicit, FORMULAS[name].stable
    naive, stable = (spelled(instantiate(form, {"K": classes})) for form in forms)
    symbols = sorted(naive.free_symbols | stable.free_symbols, key=str)
    with mpmath.workdps(40):
        values = [mpmath.mpf(3 + 2 * at) / (17 + 3 * at) for at in range(len(symbols))]
        first, second = (lambdify(symbols, form, "mpmath")(*values) for form in (naive, stable))
        assert mpmath.almosteq(first, second, rel_eps=mpmath.mpf(10) ** -30)


@pytest.mark.parametrize("value", [-1e9, -800.0, -40.0, -1.0, 0.0, 1.0, 40.0, 800.0, 1e9])
@pytest.mark.parametrize("truth", [0, 1])
@pytest.mark.parametrize("formula", [binary_cross_entropy, squared_error], ids=lambda f: f.name)
def test_the_stable_form_keeps_its_digits_at_extreme_logits(formula: Formula, truth: int, value: float) -> None:
    with mpmath.workdps(60):
        share = 1 / (1 + mpmath.exp(-mpmath.mpf(value)))
        other = 1 / (1 + mpmath.exp(mpmath.mpf(value)))
        wrong = other if truth else share
        nats = mpmath.log1p(mpmath.exp((1 - 2 * truth) * mpmath.mpf(value)))
        loss = {"nats": nats, "": wrong**2}[formula.unit]
        slope = {"nats": wrong, "": 2 * wrong * share * other}[formula.unit] * (-1 if truth else 1)
    computed = formula.function(label, logit)(float(truth), value)
    gradient = numpy_function(formula.derivative(logit), [label, logit])(float(truth), value)
    assert computed == pytest.approx(float(loss), rel=1e-13, abs=5e-324)
    assert gradient == pytest.approx(float(slope), rel=1e-13, abs=5e-324)


def test_the_categorical_stable_form_keeps_its_digits_at_extreme_logits() -> None:
    form = categorical_cross_entropy.at(K=3)
    symbols = sorted(form.free_symbols, key=str)
    function = numpy_function(form, symbols)
    at = {"y_1": 0.0, "y_2": 1.0, "y_3": 0.0, "z_1": 1e9, "z_2": -1e9, "z_3": 5.0}
    assert function(*(at[str(symbol)] for symbol in symbols)) == 2e9


@pytest.mark.parametrize("focus", [0.0, 0.5, 2.0, 5.0])
def test_the_focal_loss_is_computed_and_differentiated(focus: float) -> None:
    loss = focal_loss.function(logit, gamma)
    slope = numpy_function(focal_loss.derivative(logit), [logit, gamma])
    logits = np.array([-30.0, -2.0, 0.0, 1.0, 30.0])
    share = 1 / (1 + np.exp(-logits))
    expected = (1 - share) ** focus * (focus * share * np.log(share) - (1 - share))
    np.testing.assert_allclose(slope(logits, focus)[1:-1], expected[1:-1], rtol=1e-12)
    losses = -((1 - share) ** focus) * np.log(share)
    np.testing.assert_allclose(loss(logits, focus)[1:-1], losses[1:-1], rtol=1e-12)


def test_functions_broadcast_over_arrays() -> None:
    function = binary_cross_entropy.function(label, logit)
    assert function(np.array([[0.0], [1.0]]), np.linspace(-3, 3, 7)).shape == (2, 7)


class TestBadInput:
    def test_a_derivative_by_what_is_not_there(self) -> None:
        with pytest.raises(ValueError, match=r"expected one of .* to differentiate by, got gamma"):
            binary_cross_entropy.derivative(gamma)
        with pytest.raises(ValueError, match="to differentiate by"):
            categorical_cross_entropy.derivative(z[1])

    def test_a_function_without_all_of_its_symbols(self) -> None:
        with pytest.raises(ValueError, match=r"got \['y'\] besides"):
            binary_cross_entropy.function(logit)

    @pytest.mark.parametrize("order", [-1, 1.5, "a", None, True])
    def test_a_derivative_of_another_order_than_a_count(self, order: Any) -> None:
        with pytest.raises(ValueError, match=rf"expected 0, 1, 2, … as order, got {order!r}"):
            binary_cross_entropy.derivative(logit, order)

    def test_a_function_with_one_symbol_twice(self) -> None:
        with pytest.raises(ValueError, match=r"expected different arguments, got \['y', 'z', 'z'\]"):
            binary_cross_entropy.function(label, logit, logit)

    @pytest.mark.parametrize("part", ["name", "head", "textbook", "stable", "source", "where", "unit"])
    def test_a_part_of_another_type(self, part: str) -> None:
        with pytest.raises(ValueError, match=rf"Formula\(.*\)\.{part}: expected a \w+, got \[1\]"):
            replace(binary_cross_entropy, **{part: [1]})

    def test_a_size_of_another_kind_of_integer(self) -> None:
        assert categorical_cross_entropy.at(K=np.int64(2)) == categorical_cross_entropy.at(K=2)

    @pytest.mark.parametrize("size", [0, -1, 2.0, True, "3", 10**400])
    def test_a_size_that_is_no_positive_integer(self, size) -> None:
        with pytest.raises(ValueError, match="expected a positive integer for K"):
            categorical_cross_entropy.at(K=size)

    def test_a_size_that_is_missing(self) -> None:
        with pytest.raises(ValueError, match="expected numeric bounds"):
            categorical_cross_entropy.at(N=3)

    def test_a_sum_of_something_else_than_exponentials(self) -> None:
        with pytest.raises(ValueError, match="expected a sum of exponentials"):
            LogSumExp(logit + 1)
        with pytest.raises(ValueError, match="expected a sum of exponentials"):
            LogSumExp(-exp(logit) + 1)


class TestNodes:
    x = Symbol("x", real=True)

    @pytest.mark.parametrize(
        "node",
        [sigmoid, softplus, lambda at: LogSumExp(exp(at) + exp(2 * at) + 3), lambda at: xlogy(exp(at), exp(at) + 1)],
    )
    def test_the_derivative_of_a_node_is_that_of_its_meaning(self, node) -> None:
        whole, meant = node(self.x).diff(self.x), node(self.x).meaning().diff(self.x)
        assert judge(whole, Equal(meant), World()).grade in (Grade.A, Grade.B)

    @pytest.mark.parametrize("at", [-700, -1, 0, 2, 700])
    def test_the_value_of_a_node_is_that_of_its_meaning(self, at: int) -> None:
        for node in (sigmoid(self.x), softplus(self.x), LogSumExp(1 + exp(self.x))):
            value, meant = node.subs(self.x, at).evalf(40), node.meaning().subs(self.x, at).evalf(40)
            assert abs(value - meant) < Rational(1, 10**35) * (1 + abs(meant))

    def test_x_log_y_is_zero_at_zero(self) -> None:
        assert xlogy(0, q[k]) == 0
        function = numpy_function(xlogy(label, prob), [label, prob])
        assert function(0.0, 0.0) == 0.0


class TestTypesetting:
    @pytest.mark.parametrize(
        ("name", "latex"),
        [
            ("binary_cross_entropy", r"-y \log \hat{p} - \left(1 - y\right) \log\left(1 - \hat{p}\right)"),
            ("squared_error", r"\left(\hat{p} - y\right)^{2}"),
            ("entropy", r"-\sum_{k=1}^{K} p_{k} \log p_{k}"),
            ("cross_entropy", r"-\sum_{k=1}^{K} p_{k} \log q_{k}"),
            ("kl_divergence", r"\sum_{k=1}^{K} p_{k} \log \frac{p_{k}}{q_{k}}"),
            ("categorical_cross_entropy", r"-\sum_{k=1}^{K} y_{k} \log \frac{e^{z_{k}}}{\sum_{l=1}^{K} e^{z_{l}}}"),
            ("focal_loss", r"-\left(1 - \hat{p}\right)^{\gamma} \log \hat{p}"),
            ("brier_score", r"\sum_{k=1}^{K} \left(q_{k} - y_{k}\right)^{2}"),
        ],
    )
    def test_a_formula_is_set_the_way_people_write_it(self, name: str, latex: str) -> None:
        assert typeset(FORMULAS[name].textbook) == latex
        assert FORMULAS[name].latex == f"{FORMULAS[name].head} = {latex}"

    def test_factors_terms_and_fractions(self) -> None:
        cases = {
            -Sum(Sum(y[n, k] * log(q[n, k]), (k, 1, K)), (n, 1, N))
            / N: r"-\frac{1}{N} \sum_{n=1}^{N} \sum_{k=1}^{K} y_{n,k} \log q_{n,k}",
            -log(Product(q[k], (k, 1, K))) / N: r"-\frac{1}{N} \log \prod_{k=1}^{K} q_{k}",
            2 * (prob - label) * prob * (1 - prob): r"2 \hat{p} \left(1 - \hat{p}\right) \left(\hat{p} - y\right)",
            KroneckerDelta(k, Symbol("c", integer=True, positive=True)): r"[k = c]",
            1 / (1 + exp(-logit)): r"\frac{1}{1 + e^{-z}}",
            Sum(p[k], (k, 1, K)) * log(q[1]): r"\left(\sum_{k=1}^{K} p_{k}\right) \log q_{1}",
            Sum(p[k] - q[k], (k, 1, K)): r"\sum_{k=1}^{K} \left(p_{k} - q_{k}\right)",
            sqrt(logit**2 + 1): r"\sqrt{z^{2} + 1}",
            -((logit - 1) ** 2): r"-\left(z - 1\right)^{2}",
            3 * prob - 1: r"3 \hat{p} - 1",
            sigmoid(logit) ** 2: r"\sigma^{2}\left(z\right)",
            log(logit) ** 2: r"\left(\log z\right)^{2}",
            Rational(-8, 27): r"-\frac{8}{27}",
            2 * Largest(z[k] + 1, k, K): r"2 \max_{k} \left(z_{k} + 1\right)",
            Largest(z[k], k, K) * log(logit): r"\left(\max_{k} z_{k}\right) \log z",
            LogSumExp(exp(logit) + exp(prob)): r"\log\left(e^{\hat{p}} + e^{z}\right)",
            LogSumExp(Sum(exp(z[k]), (k, 1, K))) * log(label): r"\left(\log \sum_{k=1}^{K} e^{z_{k}}\right) \log y",
            xlogy(p[k], q[k]) * log(label): r"\left(p_{k} \log q_{k}\right) \log y",
        }
        assert {typeset(expression): latex for expression, latex in cases.items()} == {
            latex: latex for latex in cases.values()
        }

    def test_bases_and_their_elements(self) -> None:
        assert typeset(IndexedBase("phat")) == r"\hat{p}"
        assert typeset(q[n, k]) == "q_{n,k}"


def test_every_formula_names_a_source_and_says_what_it_is_called() -> None:
    for name, formula in FORMULAS.items():
        assert formula.name
        assert bool(formula.source) is (name not in DERIVED_IN_THIS_BOOK)
        assert formula.unit in {"nats", ""}
