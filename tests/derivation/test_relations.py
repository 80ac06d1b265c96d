"""The relations between lines: what each accepts, what it refuses, and how a refusal is worded."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from weakref import ref

import pytest
from sympy import Abs, Expr, Float, Function, Integer, Rational, Sum, Symbol, exp, log, oo, sqrt

import ce.derivation
from ce.derivation import (
    LOG_LEMMA,
    SQUARES,
    ArgMax,
    ArgMin,
    At,
    AtLeast,
    AtMost,
    Cite,
    Counterexample,
    Derivation,
    Derivative,
    Equal,
    Limit,
    LogGap,
    Maximum,
    Minimum,
    RefutedStep,
    Root,
    Rounded,
    SameArgmin,
    Slip,
    Step,
    Unreadable,
    World,
    judge,
)
from ce.derivation.judge import Judge
from ce.derivation.numeric_check.points import POINTS
from ce.formulas import SIGMOID, SOFTMAX, kl_divergence
from ce.symbols import K, N, c, j, k, l, label, logit, n, p, prob, q, r, theta, v, x, y, z

X = Symbol("x", positive=True)
R = Symbol("t", real=True)
SQUARE = AtLeast(0, lemma=SQUARES)
CHOICE = World(choices={label: (0, 1)})
LSUM = Sum(v[k], (k, 1, K))
OF_LOGIT = World(define=SIGMOID)


def grade(before, step, world=None) -> str:
    return judge(before, step, world or World()).grade.name


def same(before, step, world=None) -> str:
    """Grade two objectives as the lines that say where they are smallest."""
    return grade(ArgMin(before, step.over), replace(step, expr=ArgMin(step.expr, step.over)), world)


class TestDerivative:
    def test_by_a_scalar_through_an_abbreviation(self) -> None:
        assert grade(prob, Derivative(prob * (1 - prob), by=logit), OF_LOGIT) == "A"
        assert grade(prob, Derivative(prob * (1 + prob), by=logit), OF_LOGIT) == "F"

    def test_by_an_element_of_a_table(self) -> None:
        world = World(in_range={n: N, j: K})
        total = Sum(Sum(z[n, k] ** 2, (k, 1, K)), (n, 1, N))
        assert grade(total, Derivative(2 * z[n, j], by=z[n, j]), world) == "A"
        both = World(in_range={n: N, j: K, k: K})
        assert grade(total, Derivative(2 * z[n, k], by=z[n, j]), both) == "F"

    def test_of_a_power_with_a_symbol_in_the_exponent(self) -> None:
        g = Symbol("g", real=True)
        assert grade(X**g, Derivative(g * X ** (g - 1), by=X)) == "A"
        assert grade(X**g, Derivative(X**g * log(X), by=g)) == "A"

    def test_of_a_function_that_stands_for_any(self) -> None:
        f, slope = Function("f", real=True), Function("g", real=True)
        world = World(slopes={f: slope}, in_range={j: K})
        by = partial(Derivative, by=q[j])
        assert grade(Sum(f(q[k] ** 2), (k, 1, K)), by(2 * q[j] * slope(q[j] ** 2)), world) == "A"
        assert grade(f(X), Derivative(f(X), by=X), world) == "F"

    @pytest.mark.parametrize(
        ("by", "world", "words"),
        [
            (q[j], World(normalised=(q,), in_range={j: K}), "sum to one"),
            (prob, OF_LOGIT, "abbreviation"),
            (label, World(choices={label: (0, 1)}), "separate values"),
            (y[j], World(one_hot={y: c}, in_range={c: K, j: K}), "separate values"),
            (K, World(), "separate values"),
            (theta, World(depends_on={q: theta}), "how q varies with θ"),
            (X**2, World(), "expected a symbol or an element"),
        ],
    )
    def test_is_refused_by_what_is_not_free(self, by, world: World, words: str) -> None:
        verdict = judge(theta * X, Derivative(Integer(0), by=by), world)
        assert verdict.grade.name == "F"
        assert words in verdict.refutation.why


class TestSameArgmin:
    world = World(normalised=(p, q), depends_on={q: theta}, labels={x: K})
    loss = -Sum(p[k] * log(q[k]), (k, 1, K))

    def test_adding_what_is_free_of_the_parameter(self) -> None:
        over = partial(SameArgmin, over=theta)
        moved = self.loss + 7 + Sum(log(r[k] + 1), (k, 1, K))
        assert same(self.loss, over(moved), self.world) == "A"

    def test_adding_what_is_not(self) -> None:
        over = partial(SameArgmin, over=theta)
        verdict = judge(ArgMin(self.loss, theta), over(ArgMin(self.loss + q[1], theta)), self.world)
        assert verdict.grade.name == "F"
        assert "do not differ by a constant" in str(verdict.refutation)
        assert same(self.loss, over(self.loss + theta), self.world) == "F"

    def test_a_scale_must_be_positive_and_free_of_the_parameter(self) -> None:
        for scale in (-1, theta, q[1], Integer(0), Symbol("s", real=True)):
            over = partial(SameArgmin, over=theta, scaled=Integer(1) * scale)
            assert same(self.loss, over(scale * self.loss), self.world) == "F"
        assert same(self.loss, SameArgmin(self.loss / N, over=theta, scaled=1 / N), self.world) == "A"

    def test_a_minimum_is_not_a_maximum(self) -> None:
        over = partial(SameArgmin, over=theta)
        assert grade(ArgMin(self.loss, theta), over(ArgMax(-self.loss, theta)), self.world) == "A"
        assert grade(ArgMin(self.loss, theta), over(ArgMax(self.loss, theta)), self.world) == "F"

    def test_only_positive_objectives_may_go_through_the_logarithm(self) -> None:
        over = partial(SameArgmin, over=theta, through="log")
        positive = Sum(q[k] ** 2, (k, 1, K))
        assert grade(ArgMax(positive, theta), over(ArgMax(log(positive), theta)), self.world) == "A"
        assert grade(ArgMax(v[1], theta), over(ArgMax(log(v[1]), theta)), World(depends_on={v: theta})) == "F"
        with pytest.raises(ValueError, match="expected one of"):
            same(positive, SameArgmin(positive, over=theta, through="sin"), self.world)

    def test_two_lines_must_be_over_the_same_thing(self) -> None:
        with pytest.raises(ValueError, match="expected a line over"):
            judge(ArgMin(self.loss, logit), SameArgmin(ArgMin(self.loss, theta), over=theta), self.world)

    def test_two_values_have_no_minimisers(self) -> None:
        verdict = judge(self.loss, SameArgmin(2 * self.loss, over=theta, scaled=Integer(2)), self.world)
        assert verdict.grade.name == "F"
        assert "expected two lines that say arg min" in verdict.refutation.why

    def test_the_parameter_may_be_a_whole_base(self) -> None:
        over = partial(SameArgmin, over=z)
        world = World(define=SOFTMAX)
        assert same(self.loss, over(self.loss + Sum(p[k] ** 2, (k, 1, K))), world) == "A"
        assert same(self.loss, over(self.loss + Sum(q[k] ** 2, (k, 1, K))), world) == "F"


class TestOrder:
    def test_a_slack_of_squares(self) -> None:
        slack = Sum(p[k] * v[k] ** 2, (k, 1, K))
        assert grade(1 + slack, AtLeast(Integer(1), slack=slack, lemma=SQUARES)) == "A"
        assert grade(1 - slack, AtMost(Integer(1), slack=slack, lemma=SQUARES)) == "A"

    def test_a_slack_that_is_not_the_difference(self) -> None:
        slack = Sum(p[k] * v[k] ** 2, (k, 1, K))
        assert grade(1 + slack, AtLeast(Integer(1), slack=2 * slack, lemma=SQUARES)) == "F"

    def test_a_slack_whose_sign_nobody_knows_is_not_believed_though_it_is_positive(self) -> None:
        slack = X - 1 - log(X)
        verdict = judge(X - log(X), AtLeast(Integer(1), slack=slack, lemma=LOG_LEMMA), World())
        assert verdict.grade.name == "U"
        assert "is not seen to be >= 0" in verdict.refutation.why

    def test_a_lemma_that_is_named_is_used_and_one_that_is_not_is_not(self) -> None:
        gap = LogGap(Integer(1), X)
        assert grade(X - log(X), AtLeast(Integer(1), slack=gap, lemma=LOG_LEMMA)) == "A"
        assert grade(X - log(X), AtLeast(Integer(1), slack=gap, lemma=SQUARES)) == "U"

    def test_a_lemma_needs_its_own_conditions(self) -> None:
        w = Symbol("w", real=True)
        gap = LogGap(Integer(1), w)
        assert grade(w - log(w), AtLeast(Integer(1), slack=gap, lemma=LOG_LEMMA)) == "F"

    def test_a_strict_inequality_needs_a_slack_that_is_never_zero(self) -> None:
        more, less = partial(AtLeast, strict=True), partial(AtMost, strict=True)
        assert grade(exp(logit), more(Integer(0))) == "A"
        assert grade(-exp(logit), less(Integer(0))) == "A"
        square = judge(logit**2, more(Integer(0)), World())
        assert grade(logit**2, AtLeast(Integer(0), lemma=SQUARES)) == "A"
        assert square.grade.name == "F"
        assert "equal there" in square.refutation.why
        assert grade(X, AtLeast(X)) == "A"
        assert grade(X, more(X)) == "F"

    def test_an_entry_of_a_pmf_is_at_most_one_and_a_weight_need_not_be(self) -> None:
        spread = Sum(p[k] * (1 - p[k]), (k, 1, K))
        assert grade(spread, AtLeast(Integer(0)), World(normalised=(p,))) == "A"
        assert grade(spread, AtLeast(Integer(0)), World()) == "F"
        assert grade(1 - v[j], AtLeast(Integer(0)), World(normalised=(v,), in_range={j: K})) == "F"

    @pytest.mark.parametrize(
        ("line", "world"),
        [
            (K - 1, World()),
            (K - 3, World(at_least={K: 3})),
            (N + K - 2, World()),
            (1 - p[j] ** 2, World(normalised=(p,), in_range={j: K})),
            (1 - p[j] * q[j], World(normalised=(p, q), in_range={j: K})),
            (1 - prob**3, World(intervals={prob: (0, 1)})),
            (-log(q[j]), World(normalised=(q,), in_range={j: K})),
            (-Sum(p[k] * log(p[k]), (k, 1, K)), World(normalised=(p,))),
            (-Sum(p[k] * log(q[k]), (k, 1, K)) / N, World(normalised=(p, q))),
        ],
    )
    def test_what_lies_between_nought_and_one_gives_signs(self, line, world: World) -> None:
        assert grade(line, AtLeast(0), world) == "A"
        assert grade(line, AtLeast(Rational(1, 10**6)), world) in {"F", "U"}
        assert grade(-line, AtLeast(0), world) in {"F", "U"}

    @pytest.mark.parametrize(
        ("line", "world"),
        [
            (K - 2, World()),
            (2 * K - N, World()),
            (K - 4, World(at_least={K: 3})),
            (1 - v[j] ** 2, World(in_range={j: K})),
            (1 - v[j] ** 2, World(normalised=(v,), in_range={j: K})),
            (-log(X), World()),
            (1 - 2 * p[j], World(normalised=(p,), in_range={j: K})),
            (-Sum(v[k] * log(q[k]), (k, 1, K)), World()),
            (1 - prob**2, World(intervals={prob: (0, 2)})),
            (1 - 1 / prob, World(intervals={prob: (0, 1)})),
            (-Sum(p[k] * log(q[k]), (k, 1, K)), World(normalised=(p,))),
            (log(q[j]), World(normalised=(q,), in_range={j: K})),
        ],
    )
    def test_what_does_not_gives_none(self, line, world: World) -> None:
        assert grade(line, AtLeast(0), world) == "F"

    def test_the_wrong_way_round(self) -> None:
        assert grade(Integer(0), AtLeast(Sum(v[k] ** 2, (k, 1, K)))) == "F"
        assert grade(Sum(v[k] ** 2, (k, 1, K)), AtMost(Integer(0))) == "F"

    def test_what_is_linear_is_known_from_the_ends_of_its_interval(self) -> None:
        third = World(intervals={prob: (0, Rational(1, 3))})
        assert grade(1 - 3 * prob, AtLeast(Integer(0)), third) == "A"
        assert grade(1 - 4 * prob, AtLeast(Integer(0)), third) == "F"


class TestLimit:
    def test_at_infinity_and_at_a_number(self) -> None:
        assert grade(1 / (1 + exp(-logit)), Limit(Integer(1), variable=logit, to=oo)) == "B"
        assert grade(1 / (1 + exp(-logit)), Limit(Integer(0), variable=logit, to=-oo)) == "B"
        assert grade(X * log(X), Limit(Integer(0), variable=X, to=Integer(0), side="+")) == "B"
        assert grade(-log(X), Limit(oo, variable=X, to=Integer(0), side="+")) == "B"

    @pytest.mark.parametrize("wrong", [Integer(0), Rational(1, 2), Rational(999_999, 10**6), -oo, oo])
    def test_a_wrong_limit(self, wrong) -> None:
        assert grade(1 / (1 + exp(-logit)), Limit(wrong, variable=logit, to=oo)) == "F"

    def test_a_function_that_has_none(self) -> None:
        assert grade(logit, Limit(Integer(0), variable=logit, to=oo)) == "F"

    def test_needs_a_side_at_a_number_and_a_limit_free_of_the_variable(self) -> None:
        with pytest.raises(ValueError, match="expected side"):
            judge(X, Limit(Integer(0), variable=X, to=Integer(0)), World())
        verdict = judge(X, Limit(X, variable=X, to=oo), World())
        assert verdict.grade.name == "F"
        assert "expected a limit free of x" in verdict.refutation.why

    @pytest.mark.parametrize(
        ("line", "variable", "to", "side", "limit"),
        [
            (1 / sqrt(N), N, oo, "", 0),
            (log(N) / log(2 * N), N, oo, "", 1),
            (-1 / log(X), X, 0, "+", 0),
            (Abs(log(X) + 1) / log(X), X, oo, "", 1),
            (log(log(X)), X, oo, "", oo),
            (1 / log(log(X)), X, oo, "", 0),
            (sqrt(X + 1) - sqrt(X), X, oo, "", 0),
            ((1 + 1 / X) ** X, X, oo, "", exp(1)),
            (R / (1 + exp(-R)), R, -oo, "", 0),
            (Sum(1 / N, (n, 1, N)), N, oo, "", 1),
            (theta / N + Sum(v[k], (k, 1, K)), N, oo, "", LSUM),
        ],
    )
    def test_a_limit_however_slow_is_found(self, line, variable, to, side, limit) -> None:
        assert grade(line, Limit(limit, variable=variable, to=to, side=side)) == "B"
        wrong = 0 if limit is oo else limit + Rational(1, 10**9)
        assert grade(line, Limit(wrong, variable=variable, to=to, side=side)) == "F"

    @pytest.mark.parametrize(
        ("line", "variable", "world", "words"),
        [
            (1 / prob, prob, OF_LOGIT, "abbreviation"),
            (1 / prob, prob, World(intervals={prob: (0, 1)}), "lies between"),
            (1 / label, label, World(choices={label: (0, 1)}), "separate values"),
            (v[1] / theta, theta, World(depends_on={v: theta}), "how v varies with θ"),
            (logit / theta, logit, World(depends_on={logit: theta}), "depends on theta"),
            (exp(-X) * Sum(exp(X * k), (k, 1, K)), X, World(), "stands inside a sum"),
            (Sum(1 / n, (n, 1, N)), N, World(), "stands inside a sum"),
        ],
    )
    def test_a_variable_that_is_not_free_to_go_there_is_refused(self, line, variable, world, words) -> None:
        verdict = judge(line, Limit(0, variable=variable, to=oo), world)
        assert not verdict.holds
        assert words in str(verdict.refutation)

    def test_what_holds_for_most_numbers_and_not_for_one_is_refuted_there(self) -> None:
        verdict = judge(R * X / (1 + R * X), Limit(1, variable=X, to=oo), World())
        assert verdict.grade.name == "F"
        assert "t = 0" in verdict.refutation.where

    def test_of_a_number_of_examples(self) -> None:
        assert grade(q[j] / N + 3, Limit(Integer(3), variable=N, to=oo), World(in_range={j: K})) == "B"


class TestPuttingIn:
    def test_an_element_is_replaced_everywhere(self) -> None:
        world = World(normalised=(p, q), positive=(p,))
        assert grade(kl_divergence.textbook, At(Integer(0), put={q[k]: p[k]}), world) == "A"
        assert grade(kl_divergence.textbook, At(Integer(0), put={q[k]: 1 / K}), world) == "F"

    def test_what_is_put_in_is_what_the_world_says_of_it(self) -> None:
        total, two = Sum(q[k], (k, 1, K)), At(2 * K, put={q[k]: Integer(2)})
        assert grade(total, two) == "A"
        verdict = judge(total, two, World(normalised=(q,)))
        assert verdict.grade.name == "F"
        assert "sum to one" in verdict.refutation.why
        assert grade(total, At(1, put={q[k]: 1 / K}), World(normalised=(q,))) == "A"

    def test_a_value_at_the_end_of_a_range_may_be_put_in_and_none_beyond(self) -> None:
        unit = World(intervals={prob: (0, 1)})
        assert grade(prob**2, At(1, put={prob: 1}), unit) == "A"
        assert grade(prob**2, At(0, put={prob: 0}), unit) == "A"
        for beyond in (2, -1, 1 + theta**2):
            assert grade(prob**2, At(beyond**2, put={prob: beyond}), unit) == "F"
        assert grade(label**2, At(Rational(1, 4), put={label: Rational(1, 2)}), CHOICE) == "F"

    def test_a_thing_cannot_be_replaced_by_itself(self) -> None:
        verdict = judge(q[k], At(q[k] + 1, put={q[k]: q[k] + 1}), World())
        assert verdict.grade.name == "F"
        assert "free of q" in verdict.refutation.why


def test_two_lines_that_say_arg_min_are_equal_when_their_objectives_are() -> None:
    world = World(normalised=(q,), depends_on={q: theta})
    one, two = ArgMin(Sum(2 * q[k] * theta, (k, 1, K)), theta), ArgMin(2 * theta, theta)
    assert grade(one, Equal(two), world) == "A"
    with pytest.raises(ValueError, match="no rule for"):
        judge(one, Equal(ArgMax(2 * theta, theta)), world)


def proof(*steps, start=None, world=None, **more) -> Derivation:
    return Derivation("X1", "A claim", (), world or World(), X**2 if start is None else start, steps, **more)


def test_a_refuted_step_names_claim_step_sides_sizes_and_numbers() -> None:
    steps = Equal(Sum(q[k], (k, 1, K)), "so"), Equal(2, "because")
    broken = proof(*steps, start=Sum(q[l], (l, 1, K)), world=World(normalised=(q,)))
    with pytest.raises(RefutedStep) as caught:
        broken.check()
    message = str(caught.value)
    for part in ("X1, step 2 (=)", "from: Sum(q[k], (k, 1, K))", "to: 2", "K = 1", "1 and 2, apart by 1"):
        assert part in message
    assert caught.value.step == 2


def test_the_first_point_of_a_refutation_is_small() -> None:
    verdict = judge(Sum(q[k] ** 2, (k, 1, K)), Equal(Integer(1)), World(normalised=(q,)))
    assert dict(verdict.refutation.point)["K"] in {"2", "3"}
    assert verdict.refutation.left_value.count("/") <= 1


def test_the_weakest_grade_and_the_sources_of_a_derivation() -> None:
    checked = proof(Derivative(2 * X, by=X), Cite(3 * X, source="bishop2006")).check()
    assert [step.verdict.grade.name for step in checked.steps] == ["A", "D"]
    assert checked.weakest.name == "D"
    assert checked.sources == ("bishop2006",)


def test_rounded_numbers_and_roots_are_computed() -> None:
    assert proof(Rounded(digits=3), start=sqrt(2)).check().steps[0].step.expr == Rational(1414, 1000)
    root = proof(Root(variable=X, between=(1, 2), digits=4), start=X**2 - 2)
    assert root.check().steps[0].step.expr == Rational(14142, 10000)
    with pytest.raises(RefutedStep, match="change of sign"):
        proof(Root(variable=X, between=(2, 3)), start=X**2 - 2).check()


@pytest.mark.parametrize("line", [1 / (R - 1), Abs(R - 1) / (R - 1), 1 / (R - 1) ** 3 + 5, log(R)])
def test_a_pole_and_a_jump_are_no_roots(line) -> None:
    with pytest.raises(RefutedStep, match="cannot be computed"):
        proof(Root(variable=R, between=(0, 3)), start=line).check()


@pytest.mark.parametrize("line", [1 / (X - X), log(-X * X), log(Integer(0))])
def test_a_line_without_a_value_is_not_rounded(line) -> None:
    with pytest.raises((RefutedStep, Unreadable)):
        proof(Rounded(), start=line).check()


def test_the_number_of_a_step_is_worked_out_when_it_is_judged_alone() -> None:
    assert judge(sqrt(2), Rounded(), World()).grade.name == "C"
    assert judge(sqrt(2), Rounded(Rational(1415, 1000)), World()).grade.name == "F"
    assert judge(R**2 - 2, Root(variable=R, between=(0, 2)), World()).grade.name == "C"
    assert judge(R**2 - 2, Root(expr=Rational(3, 2), variable=R, between=(0, 2)), World()).grade.name == "F"


def test_a_line_that_is_not_one_number_cannot_be_rounded() -> None:
    with pytest.raises(RefutedStep):
        proof(Rounded(digits=3), start=X).check()


def test_a_derivation_needs_steps_and_counter_examples_to_them() -> None:
    with pytest.raises(ValueError, match="of conditions and of steps, got"):
        proof()
    with pytest.raises(ValueError, match="counter-example to one of the steps"):
        proof(Equal(X * X), counterexamples=(Counterexample("x", 2, World()),))


def test_a_counter_example_that_is_not_refuted_is_an_error() -> None:
    small = Counterexample("x is small", 1, World(intervals={X: (0, 9)}))
    useless = proof(Equal(X * X), counterexamples=(small,))
    with pytest.raises(AssertionError, match=r"expected it to be refuted.*Without “x is small”"):
        useless.check()
    harmless = proof(Equal(X * X), counterexamples=(Slip("x is doubled and halved", 1, after=2 * X * X / 2),))
    with pytest.raises(AssertionError, match=r"expected it to be refuted.*When x is doubled"):
        harmless.check()


@pytest.mark.parametrize(
    ("start", "step", "slip"),
    [
        (X**2 + 1, AtLeast(1, slack=X**2), {"after": Integer(0)}),
        (-(X**2), AtMost(0, slack=X**2), {"after": Integer(1)}),
        ((X - 3) ** 2, Minimum(0, variable=X, at=3, slope=2), {"before": 2 * (X - 3) ** 2}),
        (-((X - 3) ** 2), Maximum(0, variable=X, at=3, slope=-2), {"before": -2 * (X - 3) ** 2}),
    ],
)
def test_a_slip_fails_by_what_it_says_and_not_by_its_proof_alone(
    start: Expr, step: Step, slip: dict[str, Expr]
) -> None:
    told = Derivation("X", "a bound", (), World(), start, (step,), counterexamples=(Slip("it is moved", 1, **slip),))
    with pytest.raises(AssertionError, match="expected it to be refuted"):
        told.check()


def test_a_counter_example_drops_a_condition_and_a_slip_changes_a_line() -> None:
    with pytest.raises(ValueError, match=r"expected a world without “x is small”.*is a Slip"):
        proof(Equal(X * X), counterexamples=(Counterexample("x is small", 1, World()),))
    with pytest.raises(ValueError, match=r"expected a changed line.*is a Counterexample"):
        Slip("x is small", 1)
    with pytest.raises(TypeError, match="after"):
        Counterexample("x is small", 1, World(), after=X)  # type: ignore[call-arg]


def test_dropped_conditions_and_slips_stand_under_headings_of_their_own() -> None:
    world = World(normalised=(q,))
    whole = Derivation(
        "X",
        "Twice one",
        (),
        world,
        Sum(2 * q[k], (k, 1, K)),
        (Equal(2, "q sums to one"),),
        counterexamples=(Counterexample("q sums to one", 1, World()), Slip("the 2 is forgotten", 1, after=1)),
    )
    page = whole.check()._repr_mimebundle_()["text/html"]
    dropped, slips = page.split("A common slip, and how it fails")
    assert "What fails when a condition is dropped" in dropped
    assert "Without “q sums to one” step 1 fails: at K = 1, q = (1/2)" in dropped
    assert "When the 2 is forgotten, step 1 fails" in slips


def test_the_claim_as_a_whole_can_be_what_fails() -> None:
    example = Counterexample("q sums to one", 2, World(normalised=(p,)), from_start=True)
    gaps = Sum(LogGap(p[k], q[k]), (k, 1, K))
    steps = (Equal(gaps), AtLeast(0, slack=gaps, lemma=LOG_LEMMA))
    found = Derivation(
        "X", "Gibbs", (), World(normalised=(p, q)), kl_divergence.textbook, steps, counterexamples=(example,)
    ).check()
    (shown,) = found.refutations
    assert shown.refutation.left_value.startswith("−")


class TestChain:
    """Every step of these derivations stands; together they say something false, or nothing."""

    @pytest.mark.parametrize(
        ("start", "steps", "words"),
        [
            (R**2, (SQUARE, Equal(0), AtMost(1)), "only bounds the left-hand side from below"),
            (R**2, (SQUARE, AtMost(0)), "only bounds the left-hand side from below"),
            (-(R**2), (AtMost(0), AtLeast(-1)), "only bounds the left-hand side from above"),
            (R**2 + 2, (AtLeast(2, lemma=SQUARES), Rounded()), "only bounds the left-hand side from below"),
            (R**2, (SQUARE, Cite(1, source="s")), "only bounds the left-hand side from below"),
            (sqrt(2), (Rounded(digits=1), Equal(Rational(7, 5))), "a decimal number and not exact"),
            (sqrt(2), (Rounded(digits=1), AtLeast(Rational(7, 5))), "a decimal number and not exact"),
            (sqrt(2), (Rounded(digits=1), Rounded(digits=0)), "a decimal number and not exact"),
            (R**3 - 2, (Root(variable=R, between=(1, 2)), Derivative(0, by=R)), "a decimal number"),
            (R, (Cite(2 * R, source="s"), Equal(R + R)), "is cited and not proven here"),
            (R, (Cite(2 * R, source="s"), Derivative(2, by=R)), "is cited and not proven here"),
            (ArgMin(R**2, R), (Derivative(2 * R, by=R),), "where something is smallest"),
            (ArgMin(R**2, R), (At(0, put={R: 0}),), "where something is smallest"),
            (ArgMin(R**2, R), (AtLeast(0),), "where something is smallest"),
            (R**2, (SameArgmin(2 * R**2 + 5, over=R, scaled=2), Derivative(4 * R, by=R)), "say arg min"),
            (R**2, (SameArgmin(7, over=theta),), "say arg min"),
        ],
    )
    def test_a_step_that_cannot_follow_is_refused_with_its_number(self, start, steps, words: str) -> None:
        with pytest.raises(RefutedStep, match=r"step \d \(.*\) is refuted") as caught:
            proof(*steps, start=start).check()
        assert words in str(caught.value)

    @pytest.mark.parametrize("wrong", [Derivative(0, by=R), At(0, put={R: 5}), Limit(0, variable=R, to=oo)])
    def test_what_changes_the_left_hand_side_starts_from_the_line_that_equals_it(self, wrong) -> None:
        with pytest.raises(RefutedStep, match="step 2"):
            proof(SQUARE, wrong, start=R**2).check()

    def test_after_a_bound_the_slope_is_that_of_what_is_bounded(self) -> None:
        checked = proof(SQUARE, Derivative(2 * R, by=R), At(10, put={R: 5}), start=R**2, head="f").check()
        assert [line.head for line in checked.lines_shown()][2] == r"\frac{\partial f}{\partial t}"
        assert "[derivative of t**2] 2*t" in checked.as_text()
        assert "[put in] 10" in checked.as_text()

    def test_bounds_of_one_direction_compose(self) -> None:
        steps = AtLeast(R**2, lemma=SQUARES), Equal(R * R), SQUARE
        assert proof(*steps, start=2 * R**2).check().weakest.name == "A"

    def test_what_was_put_in_is_gone(self) -> None:
        with pytest.raises(RefutedStep, match="expected a line free of t"):
            proof(At(3 * R, put={R: 3}), start=R**2).check()
        with pytest.raises(RefutedStep, match="t has a value by now"):
            proof(At(9, put={R: 3}), Derivative(0, by=R), start=R**2).check()
        hidden = World(define={logit: R + 1})
        with pytest.raises(RefutedStep, match="expected a line free of t"):
            proof(At(3 * logit - 3, put={R: 3}), start=R**2, world=hidden).check()

    def test_no_value_is_put_in_for_an_abbreviation_but_for_what_it_is_made_of(self) -> None:
        assert proof(At(Rational(1, 4), put={logit: 0}), start=prob**2, world=OF_LOGIT).check()
        with pytest.raises(RefutedStep, match="put in what it is made of"):
            proof(At(Rational(1, 4), put={prob: Rational(1, 2)}), start=prob**2, world=OF_LOGIT).check()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((exp(100) + R) ** 2 - exp(200) - 2 * R * exp(100), R**2),
        ((10**70 + R) ** 2 - 10**140 - 2 * 10**70 * R, R**2),
        ((exp(3000) + R) - exp(3000), R),
        ((1 - 1 / (exp(-R - 100) + 1)) * exp(R + 100), 1 / (exp(-R - 100) + 1)),
    ],
)
def test_terms_that_cancel_do_not_fool_the_witness(left, right) -> None:
    assert grade(left, Equal(right)) == "A"
    assert grade(left, Equal(right + Rational(1, 10**9))) == "F"


def test_worlds_that_assume_the_same_share_their_points_and_only_the_last_ones_are_kept() -> None:
    world = World(normalised=(q,), at_least={K: 7})
    assert Judge.of(world) is Judge.of(World(at_least={K: 7}, normalised=(q,)))
    assert Judge.of(world) is not Judge.of(World(at_least={K: 8}, normalised=(q,)))
    gone = ref(world)
    del world
    for least in range(1, 65):
        Judge.of(World(at_least={N: least}))
    gc.collect()
    assert gone() is None


def test_a_world_that_assumes_the_same_does_not_know_the_other_ones_symbols() -> None:
    for sign in ({"real": True}, {"positive": True}):
        x = Symbol("x", **sign)
        assert judge(x + 1, Equal(1 + x), World()).grade.name == "A"


def test_threads_share_the_points_of_a_world() -> None:
    for _ in range(10):
        world = World(normalised=(q,), in_range={j: K})
        with ThreadPoolExecutor(6) as pool:
            steps = [Equal(q[j] + number - number) for number in range(12)]
            grades = pool.map(lambda step, world=world: judge(q[j], step, world).grade.name, steps)
        assert set(grades) == {"A"}
        points = [witness.point.number for witness in Judge.of(world).witnesses()]
        assert len(set(points)) == len(points) == POINTS


def test_threads_in_several_worlds_say_what_one_thread_says() -> None:
    def worlds() -> list[World]:
        return [World(normalised=(q,), in_range={j: K}, at_least={K: least}) for least in range(1, 7)]

    def said(world: World) -> list[tuple[str, str]]:
        verdicts = [judge(Sum(q[k], (k, 1, K)), step, world) for step in (Equal(1), Equal(K), AtMost(2))]
        return [(verdict.grade.name, str(verdict.refutation)) for verdict in verdicts]

    expected = [said(world) for world in worlds()]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(said, worlds())) == expected
    assert expected[0][1] == ("F", "the two sides differ at K = 2, q = (3/5, 2/5): 1 and 2, apart by 1")


def test_judging_in_fresh_worlds_does_not_fill_the_memory() -> None:
    def judged(*numbers: int) -> int:
        for number in numbers:
            assert judge(X + 1, Equal(1 + X), World(at_least={K: number})).holds
        gc.collect()
        return len(gc.get_objects())

    before = judged(*range(1, 100))  # what is kept of the last worlds is there by now
    assert judged(*range(100, 600)) - before < 500, "a world is made of more than one object"


def test_floating_point_numbers_are_not_exact_and_are_refused() -> None:
    with pytest.raises(Unreadable, match="Float"):
        judge(X * Float("0.5"), Equal(X / 2), World())


def test_every_kind_of_step_has_a_word_of_its_own() -> None:
    known = (kind for kind in vars(ce.derivation).values() if isinstance(kind, type) and kind is not Step)
    words = [kind.word for kind in known if issubclass(kind, Step)]
    assert len(set(words)) == len(words) >= 10
