"""The wire form: what it says, what it means, and what it refuses."""

from __future__ import annotations

import json
import math

import pytest
from sympy import Abs, Eq, Integer, Max, Min, Not, Piecewise, Rational, Sum, exp, log, pi, sign, sin

from ce.formulas import LogSumExp, component, instantiate, numpy_function, sigmoid, softplus, to_wire, xlogy
from ce.formulas.wire import OPERATORS
from ce.symbols import K, N, gamma, k, l, label, logit, n, p, prob, q, z


def meaning(wire, values):
    """Compute a wire form in plain Python: the test's own reading of the table."""
    if isinstance(wire, str):
        return values[wire]
    if not isinstance(wire, list):
        return wire
    operator, *parts = wire
    if operator == "if":
        for test, value in zip(parts[::2], parts[1::2], strict=True):
            if meaning(test, values):
                return meaning(value, values)
        return math.nan
    numbers = [meaning(part, values) for part in parts]
    return {
        "+": sum,
        "*": math.prod,
        "^": lambda a: a[0] ** a[1],
        "exp": lambda a: math.exp(a[0]),
        "log": lambda a: math.log(a[0]),
        "abs": lambda a: abs(a[0]),
        "sign": lambda a: (a[0] > 0) - (a[0] < 0),
        "max": max,
        "min": min,
        "sigmoid": lambda a: 1 / (1 + math.exp(-a[0])),
        "softplus": lambda a: math.log1p(math.exp(a[0])),
        "xlogy": lambda a: a[0] and a[0] * math.log(a[1]),
        "logsumexp": lambda a: math.log(sum(map(math.exp, a))),
        "<": lambda a: a[0] < a[1],
        "<=": lambda a: a[0] <= a[1],
        ">": lambda a: a[0] > a[1],
        ">=": lambda a: a[0] >= a[1],
        "==": lambda a: a[0] == a[1],
        "and": all,
        "or": any,
        "not": lambda a: not a[0],
    }[operator](numbers)


EXPRESSIONS = [
    logit**2 - 3 * logit + Rational(1, 3),
    exp(-logit) / (1 + log(prob)),
    sigmoid(2 * logit),
    softplus(-logit),
    Max(logit, prob) - Min(logit, prob),
    Abs(logit) * sign(logit),
    xlogy(prob, prob),
    pi * logit,
    LogSumExp(1 + exp(logit) + 2 * exp(3 * logit)),
    Piecewise((logit, logit < 0), (prob, (logit >= 0) & (prob <= 1)), (Integer(0), True)),
    Piecewise((1, Eq(label, 1)), (2, Not(logit > 1) | (prob > 2)), (3, True)),
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
@pytest.mark.parametrize("at", [-1.5, 0.25, 2.0])
def test_the_wire_form_means_what_the_expression_does(expression, at: float) -> None:
    wire = json.loads(json.dumps(to_wire(expression)))
    values = {"z": at, "phat": 0.75, "y": 1.0}
    computed = numpy_function(expression, [logit, prob, label])(at, 0.75, 1.0)
    assert meaning(wire, values) == pytest.approx(float(computed), rel=1e-12)


def test_every_operator_has_a_name_of_its_own() -> None:
    assert len(set(OPERATORS.values())) == len(OPERATORS)


@pytest.mark.parametrize("expression", [sin(logit), q[k], Sum(q[k], (k, 1, K))])
def test_a_node_outside_the_table_is_refused(expression) -> None:
    with pytest.raises(ValueError, match="to_wire: expected a node among"):
        to_wire(expression)


def test_a_sum_is_refused_with_a_hint() -> None:
    with pytest.raises(ValueError, match="write its sums out with instantiate first"):
        to_wire(Sum(q[k], (k, 1, K)))


class TestInstantiate:
    def test_sums_are_written_out_with_the_right_indices(self) -> None:
        nested = Sum(p[k] * Sum(z[l] ** 2, (l, 1, K)), (k, 1, K))
        written = instantiate(nested, {"K": 2})
        p1, p2, z1, z2 = (component(element) for element in (p[1], p[2], z[1], z[2]))
        assert (written - (p1 + p2) * (z1**2 + z2**2)).expand() == 0

    def test_a_bound_index_hides_an_outer_one_of_its_name(self) -> None:
        nested = Sum(p[k] * Sum(p[k], (k, 1, K)), (k, 1, K))
        total = component(p[1]) + component(p[2])
        assert (instantiate(nested, {"K": 2}) - total**2).expand() == 0

    def test_tables_and_several_limits(self) -> None:
        written = instantiate(Sum(q[n, k], (k, 1, K), (n, 1, N)), {"K": 2, "N": 2})
        assert {str(symbol) for symbol in written.free_symbols} == {"q_1_1", "q_1_2", "q_2_1", "q_2_2"}

    def test_signs_are_kept(self) -> None:
        assert component(q[2]).is_positive
        assert component(p[2]).is_nonnegative
        assert component(z[2]).is_real

    def test_an_index_that_is_no_number_yet_is_refused(self) -> None:
        with pytest.raises(ValueError, match="expected numeric indices"):
            component(q[k])

    def test_what_has_no_sums_stays(self) -> None:
        assert instantiate(gamma * logit, {"K": 3}) == gamma * logit
