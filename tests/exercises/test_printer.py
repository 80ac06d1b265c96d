"""What is written can be read back: parse(written(e)) is e."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st
from sympy import (
    Derivative,
    E,
    Expr,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Product,
    Rational,
    Sum,
    exp,
    log,
    nan,
    oo,
    pi,
    sqrt,
    zoo,
)

from ce.derivation import World
from ce.derivation.numeric_check.evaluator import Undefined, Witness
from ce.derivation.numeric_check.points import MP, Point
from ce.exercises import MalformedAnswer, Names, parse, written
from ce.exercises.notation import LIMITS, TooLarge
from ce.formulas import binary_cross_entropy, cross_entropy, entropy, kl_divergence, sigmoid, squared_error
from ce.symbols import K, N, c, j, k, l, label, logit, n, p, prob, q, start, theta, y, z

x = IndexedBase("x", integer=True, positive=True)

EXAMPLES = {
    -Sum(p[k] * log(q[k]), (k, 1, K)): "-sum_k p_k log(q_k)",
    -Sum(log(q[x[n]]), (n, 1, N)) / N: "-1/N sum_n log(q_{x_n})",
    exp(z[j]) / Sum(exp(z[l]), (l, 1, K)) - y[j]: "exp(z_j)/(sum_l exp(z_l)) - y_j",
    p[k] * (KroneckerDelta(j, k) - p[j]): "p_k ([j = k] - p_j)",
    (prob - label) ** 2 / 2: "(phat - y)^2/2",
    Sum(p[k] + q[k], (k, 1, K)): "sum_k (p_k + q_k)",
    Product(q[k] ** y[k], (k, 1, K)): "prod_k q_k^y_k",
    theta ** Rational(-1, 2): "1/theta^(1/2)",
    exp(z[k]) * log(p[k]) * 3 / 4 * N: "(3 N exp(z_k) log(p_k))/4",
    E * sigmoid(-logit): "e sigma(-z)",
    theta**label / 2: "(theta^y)/2",
    sqrt(2) * theta: "2^(1/2) theta",
}


@pytest.mark.parametrize("expression", EXAMPLES)
def test_an_expression_is_written_as_a_reader_would_type_it(expression: Expr, names: Names) -> None:
    assert sorted(written(expression)) == sorted(EXAMPLES[expression])  # SymPy chooses the order of terms
    assert parse(written(expression), names) == expression


FORMULAS = (binary_cross_entropy, squared_error, entropy, cross_entropy, kl_divergence)


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_formulas_of_the_book_are_read_back(formula: object, names: Names) -> None:
    textbook: Expr = formula.textbook  # type: ignore[attr-defined]
    assert parse(written(textbook), names) == textbook


@pytest.mark.parametrize("formula", [entropy, cross_entropy, binary_cross_entropy])
def test_a_stable_form_is_written_by_its_meaning(formula: object, names: Names) -> None:
    again = parse(written(formula.stable), names)  # type: ignore[attr-defined]
    assert _values(again) == _values(formula.textbook.subs(formula.where))  # type: ignore[attr-defined]


def test_a_node_without_a_notation_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="expected a node of the answer grammar, got Derivative"):
        written(Derivative(theta**2, theta))


ATOMS = st.sampled_from(
    [
        p[k],
        q[k],
        p[j],
        q[l],
        y[k],
        z[j],
        q[x[n]],
        z[1],
        label,
        logit,
        prob,
        theta,
        start,
        K,
        N,
        c,
        Integer(2),
        Integer(-3),
        Rational(1, 2),
        Rational(-5, 7),
        Integer(1),
        E,
        pi,
        KroneckerDelta(j, k),
        KroneckerDelta(x[n], k),
    ]
)


def _grow(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    pairs = st.tuples(parts, parts)
    powers = st.sampled_from([2, 3, -1, -2, Rational(1, 2), Rational(-3, 2)])
    bounds = st.sampled_from([(k, 1, K), (n, 1, N), (j, 1, K)])
    return st.one_of(
        pairs.map(lambda ab: ab[0] + ab[1]),
        pairs.map(lambda ab: ab[0] - ab[1]),
        pairs.map(lambda ab: ab[0] * ab[1]),
        pairs.map(lambda ab: ab[0] / ab[1] if ab[1] != 0 else ab[0]),
        parts.map(lambda a: log(a) if not a.is_nonpositive else a),
        parts.map(exp),
        parts.map(sigmoid),
        parts.map(lambda a: sqrt(a**2)),
        st.tuples(parts, powers).map(lambda ab: ab[0] ** ab[1] if ab[0] != 0 else ab[0]),
        st.tuples(parts, bounds).map(lambda ab: Sum(*ab)),
        st.tuples(parts, bounds).map(lambda ab: Product(*ab)),
    )


@settings(
    deadline=None,
    max_examples=400,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(expression=st.recursive(ATOMS, _grow, max_leaves=7))
def test_whatever_is_written_is_read_back(expression: Expr, names: Names) -> None:
    assume(not expression.has(nan, oo, zoo, -oo) and expression.is_real is not False)
    try:
        LIMITS.check(expression)
        text = written(expression)
        again = parse(text, names)
    except (TooLarge, MalformedAnswer, TypeError):
        reject()  # too large, one index in two nested sums, Abs: there is no notation for these
    assert _values(again) == _values(expression), text


WORLD = World(labels={x: K}, in_range={k: K, j: K, l: K, c: K, n: N})


def _values(expression: Expr) -> list[object]:
    """Return the value at four points, to 30 digits: SymPy may multiply a sign in on the way."""
    found: list[object] = []
    for number in (1, 4, 20, 21):
        try:
            found.append(MP.nstr(Witness(Point(WORLD, number)).value(expression), 30))
        except Undefined:
            found.append(None)
    return found
