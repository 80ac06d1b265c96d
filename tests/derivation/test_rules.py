"""Each rule of the normal form: what it proves, and what it must not prove when its condition is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sympy import (
    Abs,
    Eq,
    Float,
    Integer,
    Integral,
    KroneckerDelta,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    oo,
    pi,
    sin,
    sqrt,
)

from ce.derivation import Derivation, Equal, UndecidedStep, Unreadable, World, judge
from ce.formulas import LogSumExp, sigmoid, softplus, xlogy
from ce.symbols import K, M, N, c, classes, j, k, l, label, logit, m, n, p, prob, q, smoothing, v, x, y, z
from tests.derivation.soundness import equal_in_normal_form, normal_form

A, B = Symbol("a", positive=True), Symbol("b", positive=True)
X = Symbol("x", real=True)
LSE = Sum(exp(z[l]), (l, 1, K))
SOFTMAX = {q[k]: exp(z[k]) / LSE}

PROVEN = {
    "bound names do not matter": (Sum(v[k], (k, 1, K)), Sum(v[l], (l, 1, K)), World()),
    "the order of summation does not matter": (
        Sum(Sum(v[k] * z[l] ** 2, (k, 1, K)), (l, 1, K)),
        Sum(Sum(v[l] * z[k] ** 2, (k, 1, K)), (l, 1, K)),
        World(),
    ),
    "several limits are nested sums": (
        Sum(q[n, k], (k, 1, K), (n, 1, N)),
        Sum(Sum(q[n, l], (l, 1, K)), (n, 1, N)),
        World(),
    ),
    "sums are linear": (Sum(2 * v[k] + z[k], (k, 1, K)), 2 * Sum(v[k], (k, 1, K)) + Sum(z[k], (k, 1, K)), World()),
    "a constant is summed as often as there are terms": (Sum(A, (k, 1, K)), K * A, World()),
    "independent sums factor": (
        Sum(Sum(p[k] * v[l], (k, 1, K)), (l, 1, K)),
        Sum(p[k], (k, 1, K)) * Sum(v[k], (k, 1, K)),
        World(),
    ),
    "a normalised base sums to one": (Sum(A * q[k], (k, 1, K)), A, World(normalised=(q,))),
    "each row of a normalised table sums to one": (
        Sum(Sum(q[n, k], (k, 1, K)) * z[n], (n, 1, N)),
        Sum(z[n], (n, 1, N)),
        World(normalised=(q,), shapes={z: (N,)}),
    ),
    "a delta picks one term": (Sum(KroneckerDelta(k, c) * v[k], (k, 1, K)), v[c], World(in_range={c: K})),
    "a delta may pick by a label": (
        Sum(KroneckerDelta(k, x[n]) * v[k], (k, 1, K)),
        v[x[n]],
        World(labels={x: K}, in_range={n: N}),
    ),
    "a delta is its own square": (Sum(KroneckerDelta(k, c) ** 2, (k, 1, K)), Integer(1), World(in_range={c: K})),
    "beside its delta one index is the other": (
        KroneckerDelta(j, c) * v[j] ** 2,
        KroneckerDelta(j, c) * v[j] * v[c],
        World(in_range={j: K, c: K}),
    ),
    "a one-hot label is a delta": (Sum(y[k] * v[k], (k, 1, K)), v[c], World(one_hot={y: c}, in_range={c: K})),
    "one-hot rows": (
        Sum(y[n, k] * v[k], (k, 1, K)),
        v[classes[n]],
        World(one_hot={y: classes}, labels={classes: K}, in_range={n: N}),
    ),
    "the logarithm of a product of positive factors": (
        log(A * B / q[k]),
        log(A) + log(B) - log(q[k]),
        World(in_range={k: K}),
    ),
    "the logarithm of an exponential": (log(exp(X - z[k])), X - z[k], World(in_range={k: K})),
    "the logarithm of a product over an index": (
        log(Product(q[k] ** p[k], (k, 1, K))),
        Sum(p[k] * log(q[k]), (k, 1, K)),
        World(),
    ),
    "the logarithm of a bracket with a common factor": (log(A * X**2 + A), log(A) + log(1 + X**2), World()),
    "the logarithm of numbers": (log(12), 2 * log(2) + log(3), World()),
    "exponentials multiply": (exp(X) * exp(-X + 1), exp(1), World()),
    "powers of positive things": (sqrt(A) * sqrt(A * B), A * sqrt(B), World()),
    "roots of numbers": (sqrt(8), 2 * sqrt(2), World()),
    "the logarithm of a square": (log(X**2), 2 * log(Abs(X)), World(nonzero=(X,))),
    "the absolute value of a quotient": (Abs(X / logit), Abs(X) / Abs(logit), World(nonzero=(logit,))),
    "one fraction": (1 / (1 + exp(-X)) + 1 / (1 + exp(X)), Integer(1), World()),
    "the complement of the sigmoid under a logarithm": (log(1 - sigmoid(X)), -softplus(X), World()),
    "softmax sums to one": (Sum(q[k], (k, 1, K)), Integer(1), World(define=SOFTMAX)),
    "log-sum-exp": (LogSumExp(LSE) - z[c], -log(q[c]), World(define=SOFTMAX, in_range={c: K})),
    "x log y": (xlogy(p[j], q[j]), p[j] * log(q[j]), World(in_range={j: K})),
    "an interval makes a bracket positive": (
        log(A * (1 - smoothing)),
        log(A) + log(1 - smoothing),
        World(intervals={smoothing: (0, 1)}),
    ),
    "case by case over two labels": (label**2, label, World(choices={label: (0, 1)})),
    "case by case over two classes": (KroneckerDelta(c, 1) + KroneckerDelta(c, 2), Integer(1), World(in_range={c: 2})),
    "a counted pmf": (
        N * p[k],
        Sum(KroneckerDelta(x[n], k), (n, 1, N)),
        World(labels={x: K}, in_range={k: K}, define={p[k]: Sum(KroneckerDelta(x[n], k), (n, 1, N)) / N}),
    ),
    "a counted pmf sums to one": (
        Sum(p[k], (k, 1, K)),
        Integer(1),
        World(labels={x: K}, define={p[k]: Sum(KroneckerDelta(x[n], k), (n, 1, N)) / N}),
    ),
    "a power of a sum is written out where it depends on an outer index": (
        Sum(Sum(q[k, l], (l, 1, M)) ** 2, (k, 1, K)),
        Sum(Sum(Sum(q[k, l] * q[k, m], (l, 1, M)), (m, 1, M)), (k, 1, K)),
        World(shapes={q: (K, M)}),
    ),
    "indices used as numbers": (Sum(k * v[k], (k, 1, K)), Sum(l * v[l], (l, 1, K)), World()),
    "given values": (Sum(p[k] ** 2, (k, 1, K)), Rational(5, 9), World(values={p: (Rational(1, 3), Rational(2, 3))})),
    "constants": (log(2 * pi * A), log(2) + log(pi) + log(A), World()),
    "absolute values stand as they are": (Abs(X) + Abs(X), 2 * Abs(X), World()),
    "the absolute value of a product": (Abs(v[1] * v[2] * A), A * Abs(v[1]) * Abs(v[2]), World(at_least={K: 2})),
    "the absolute value of a product of sums": (Abs((X + 1) * (logit + 1)), Abs(X + 1) * Abs(logit + 1), World()),
}

NOT_PROVEN = {
    "a base that is not normalised": (Sum(q[k], (k, 1, K)), Integer(1), World()),
    "the sum over the wrong index of a table": (
        Sum(q[n, k], (n, 1, N)),
        Integer(1),
        World(normalised=(q,), in_range={k: K}),
    ),
    "the square of a pmf": (Sum(q[k] ** 2, (k, 1, K)), Integer(1), World(normalised=(q,))),
    "a delta whose index may be out of range": (Sum(KroneckerDelta(k, c), (k, 1, K)), Integer(1), World()),
    "a delta of two ranges": (Sum(Sum(KroneckerDelta(k, n), (k, 1, K)), (n, 1, N)), N, World()),
    "a soft label taken for one-hot": (Sum(y[k] * v[k], (k, 1, K)), v[c], World(in_range={c: K}, normalised=(y,))),
    "a logarithm of factors of unknown sign": (log(X * logit), log(X) + log(logit), World()),
    "the absolute value of a sum": (Abs(X + logit), Abs(X) + Abs(logit), World()),
    "an absolute value of unknown sign": (Abs(X) * A, X * A, World()),
    "a root of a square": ((X**2) ** Rational(1, 2) * X, X**2, World()),
    "one minus a scalar outside its interval": (log(X * (1 - smoothing)), log(X) + log(1 - smoothing), World()),
    "a label with more than two values": (label**2, label, World(choices={label: (0, 1, 2)})),
    "a product of sums taken for a sum of products": (
        Sum(v[k], (k, 1, K)) * Sum(z[k], (k, 1, K)),
        Sum(v[k] * z[k], (k, 1, K)),
        World(),
    ),
}


@pytest.mark.parametrize("rule", PROVEN)
def test_the_normal_form_proves(rule: str) -> None:
    left, right, world = PROVEN[rule]
    assert judge(left, Equal(right), world).grade.name == "A"


@pytest.mark.parametrize("rule", PROVEN)
def test_the_normal_form_of_what_it_proves_is_no_accident(rule: str) -> None:
    left, right, world = PROVEN[rule]
    assert not equal_in_normal_form(left, right + Rational(1, 7), world)
    assert judge(left, Equal(right + Rational(1, 7)), world).grade.name == "F"


@pytest.mark.parametrize("rule", NOT_PROVEN)
def test_the_normal_form_does_not_prove(rule: str) -> None:
    left, right, world = NOT_PROVEN[rule]
    assert not equal_in_normal_form(left, right, world)
    assert judge(left, Equal(right), world).grade.name == "F"


@pytest.mark.parametrize("rule", PROVEN)
def test_the_normal_form_of_a_normal_form_is_itself(rule: str) -> None:
    left, _, world = PROVEN[rule]
    if not world.values and not world.choices:
        assert equal_in_normal_form(normal_form(left, world), left, world)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (sin(X), "no rule for sin"),
        (Integral(X, X), "no rule for Integral"),
        (Float(0.5) * X, "no rule for Float"),
        (Symbol("w") + 1, "expected a real symbol"),
        (Sum(v[k], (k, 3, K)), "may run backwards"),
        (Sum(Sum(v[l], (l, k, m)), (k, 1, K)), "may run backwards"),
        (Sum(v[k], (k, 1, X)), "up to a size or an index"),
        (X ** Symbol("w", real=True), "expected a base that is known to be >= 0"),
        (Product(v[k], (k, 1, K)), "factors known to be >= 0"),
        (v[2 * k], "expected an index"),
        ((1 + X) ** 9, "too large to write out"),
    ],
)
def test_what_has_no_rule_is_refused_with_a_reason(expression, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        normal_form(expression, World(in_range={k: K}))


def test_a_line_that_cannot_be_read_is_named_with_its_step_and_a_way_out() -> None:
    halves = Derivation("X", "Halves", (), World(), X, (Equal(X), Equal(X * 0.5 * 2)))
    with pytest.raises(Unreadable, match=r"X, step 2 \(=\): there is no rule for Float in .*; write .*Rational"):
        halves.check()


@pytest.mark.parametrize("ask", [lambda: judge(X, 2, World()), lambda: judge(Eq(X, 1), Equal(1), World())])
def test_what_is_no_line_or_no_step_is_not_judged(ask: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"expected an expression and a step from it, such as Equal\(line\), got"):
        ask()


@pytest.mark.parametrize("steps", [(), Equal(X), [Equal(X)], (X,)])
def test_a_derivation_wants_a_tuple_of_steps(steps: object) -> None:
    with pytest.raises(ValueError, match="Derivation X: expected tuples, of conditions and of steps, got"):
        Derivation("X", "One step", (), World(), X, steps)


def test_one_condition_needs_its_comma() -> None:
    with pytest.raises(ValueError, match=r"expected tuples, of conditions .*, got 'x is real'"):
        Derivation("X", "One step", "x is real", World(), X, (Equal(X),))  # type: ignore[arg-type]


def test_a_base_is_refused_with_the_wrong_number_of_indices() -> None:
    with pytest.raises(ValueError, match="declare its shape"):
        normal_form(q[n, k], World(shapes={q: (K,)}, in_range={n: N, k: K}))


@pytest.mark.parametrize("told", [{"one_hot": {y: c}}, {"define": {y[k]: v[k]}}, {"shapes": {y: (K,)}}])
def test_a_step_with_the_wrong_number_of_indices_is_refused_in_words(told: dict) -> None:
    with pytest.raises(ValueError, match=r"y has 1 index\(es\), got 2"):
        judge(y[n, k], Equal(y[n, k]), World(in_range={n: N, k: K, c: K}, **told))


def test_an_abbreviation_can_be_no_index_and_no_bound() -> None:
    with pytest.raises(Unreadable, match="cannot be an index"):
        normal_form(v[c], World(define={c: Integer(1)}))
    with pytest.raises(Unreadable, match="index or bound a sum"):
        normal_form(Sum(v[k], (k, 1, K)), World(define={K: Integer(2)}))


def test_agreement_at_every_point_is_no_proof() -> None:
    nested = sqrt(A + 2 * sqrt(A) + 1)
    verdict = judge(nested, Equal(sqrt(A) + 1), World())
    assert verdict.grade.name == "U"
    assert not verdict.holds
    assert "no point drawn refutes it" in str(verdict)
    assert judge(nested, Equal(sqrt(A) - 1), World()).grade.name == "F"
    with pytest.raises(UndecidedStep, match="is not decided"):
        Derivation("X", "nested", (), World(), nested, (Equal(sqrt(A) + 1),)).check()


def test_what_is_too_large_for_the_normal_form_is_not_decided_but_can_be_refuted() -> None:
    powers = (1 + A) ** 9
    written_out = sum(Integer(b) * A**e for e, b in enumerate((1, 9, 36, 84, 126, 126, 84, 36, 9, 1)))
    assert "too large to write out" in str(judge(powers, Equal(written_out), World()).refutation)
    assert judge(powers, Equal(written_out + A), World()).grade.name == "F"


def test_infinity_is_no_number() -> None:
    with pytest.raises(Unreadable):
        normal_form(oo + X, World())
    assert prob.is_positive
    assert logit.is_real
