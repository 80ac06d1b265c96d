from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, E, Expr, IndexedBase, Integer, KroneckerDelta, Product, Rational, Sum, Symbol, exp, log, pi, sqrt

from ce.exercises import MalformedAnswer, Names, parse, without
from ce.formulas import sigmoid
from ce.symbols import K, N, c, i, j, k, l, label, logit, n, p, prob, q, start, theta, y, z

x = IndexedBase("x", integer=True, positive=True)
total = Sum(exp(z[l]), (l, 1, K))


def over_k(body: Expr) -> Expr:
    return Sum(body, (k, 1, K))


READINGS: dict[str, Expr] = {
    # one thing, many ways to write it
    "-sum_k p_k log q_k": -over_k(p[k] * log(q[k])),
    "-sum_k p_k ln q_k": -over_k(p[k] * log(q[k])),
    "- sum_k=1^K p_k log q_k": -over_k(p[k] * log(q[k])),
    "-sum_{k=1}^{K} p_k * log(q_k)": -over_k(p[k] * log(q[k])),
    "-sum_(k=1)^K p[k] log(q[k])": -over_k(p[k] * log(q[k])),
    "−Σ_k p_k·log q_k": -over_k(p[k] * log(q[k])),
    "−∑ₖ₌₁ᴷ pₖ × log qₖ": -over_k(p[k] * log(q[k])),
    r"-\sum_{k=1}^{K} p_k \log q_k": -over_k(p[k] * log(q[k])),
    r"-\sum_{k=1}^{K} p_k \, \log \left( q_k \right)": -over_k(p[k] * log(q[k])),
    "sum_k -p_k log(q_k)": over_k(-p[k] * log(q[k])),
    "sum_k p(k) log(p(k)/q(k))": over_k(p[k] * log(p[k] / q[k])),
    "𝑝_𝑘": p[k],
    # scope
    "sum_k p_k q_k + c": over_k(p[k] * q[k]) + c,
    "sum_k (p_k q_k + c)": over_k(p[k] * q[k] + c),
    "sum_k p_k/q_k": over_k(p[k] / q[k]),
    "(sum_k p_k)/N": over_k(p[k]) / N,
    "1/N sum_n log q_{x_n}": Sum(log(q[x[n]]), (n, 1, N)) / N,
    "1/N * sum_n log q(x_n)": Sum(log(q[x[n]]), (n, 1, N)) / N,
    "sum_n sum_k y_k": Sum(y[k], (k, 1, K), (n, 1, N)),
    "sum_{n,k} y_k": Sum(y[k], (k, 1, K), (n, 1, N)),
    "sum_{k != j} e^{z_k}": over_k((1 - KroneckerDelta(k, j)) * exp(z[k])),
    "prod_k q_k^{y_k}": Product(q[k] ** y[k], (k, 1, K)),
    "prod_k q_k^y_k": Product(q[k] ** y[k], (k, 1, K)),
    "log prod_n q_x_n": log(Product(q[x[n]], (n, 1, N))),
    "log sum_l e^z_l - z_j": log(total) - z[j],
    "exp(z_k)/sum_l exp(z_l)": exp(z[k]) / total,
    "e^z_k/e^z_j": exp(z[k]) / exp(z[j]),
    "e^-z*e^theta": exp(-logit) * exp(theta),
    "logit(p_k)": log(p[k] / (1 - p[k])),
    "-softplus(-z)": -log(1 + exp(-logit)),
    "log(theta^-K exp(-sum_k z_k/theta))": log(theta**-K * exp(-over_k(z[k] / theta))),
    "e^z_k / sum_l e^z_l": exp(z[k]) / total,
    r"\frac{e^{z_k}}{\sum_l e^{z_l}}": exp(z[k]) / total,
    # products, quotients, powers, signs
    "p_k (1 - p_j)": p[k] * (1 - p[j]),
    "p_k(1-p_j)": p[k] * (1 - p[j]),
    "2 theta": 2 * theta,
    "2theta": 2 * theta,
    "NK theta + K log(NK)": N * K * theta + K * log(N * K),
    "N K": N * K,
    "1/2 (y - p̂)^2": (label - prob) ** 2 / 2,
    "1/2(y - phat)²": (label - prob) ** 2 / 2,
    "(y - phat)**2/2": (label - prob) ** 2 / 2,
    "-theta^2": -(theta**2),
    "2^-z": 2 ** (-logit),
    "2^3^2": Integer(512),
    "theta - -1": theta + 1,
    "a/b".replace("a", "N").replace("b", "K/theta"): N / K / theta,
    "N/K*theta": N / K * theta,
    "theta⁻¹": 1 / theta,
    "0.01": Rational(1, 100),
    ".5 + 1.": Rational(3, 2),
    # functions
    "log q_k^2": log(q[k] ** 2),
    "log(q_k)^2": log(q[k]) ** 2,
    "log p_k log q_k": log(p[k]) * log(q[k]),
    "log p_k / log 2": log(p[k]) / log(2),
    "log2(K)": log(K) / log(2),
    "log_2 K": log(K) / log(2),
    "log_{10}(K)": log(K) / log(10),
    "e^-z": exp(-logit),
    "exp -z": exp(-logit),
    "e + pi": E + pi,
    "√2": sqrt(2),
    "sigma(z)": sigmoid(logit),
    "σ(−z)": sigmoid(-logit),
    "log_2 8 log 2": log(8) / log(2) * log(2),
    "1 - log2": 1 - log(2),
    "log2 + log(K)": log(2) + log(K),
    "(log10) theta": log(10) * theta,
    "-0.5ln0.5": log(2) / 2,
    "log9 + ln10 + log52/log2": log(9) + log(10) + log(52) / log(2),
    "log25": log(25),
    "log2(K) + log2 K": 2 * log(K) / log(2),
    "Log[K] + LN(N)": log(K) + log(N),
    "Exp[-z] SQRT(2)": exp(-logit) * sqrt(2),
    "Sum_k p_k": over_k(p[k]),
    r"\sqrt[3]{8} \sqrt[N]{\theta}": 2 * theta ** (1 / N),
    "Sqrt[2]/2": sqrt(2) / 2,
    # what follows an exponent
    "e^-z theta": exp(-logit) * theta,
    "e^{z}theta": exp(logit) * theta,
    "e^z / K": exp(logit) / K,
    "e^z/(1 + e^z)": exp(logit) / (1 + exp(logit)),
    "theta^2y": theta**2 * label,
    "theta^2/2": theta**2 / 2,
    "10^-3theta": theta / 1000,
    "2 e - 3": 2 * E - 3,
    r"\left.4 \theta\right.": 4 * theta,
    # indices
    "delta_jk": KroneckerDelta(j, k),
    "δ_{j,k}": KroneckerDelta(j, k),
    "δⱼₖ": KroneckerDelta(j, k),
    r"q_k\delta_{jk} - q_jq_k": q[k] * KroneckerDelta(j, k) - q[j] * q[k],
    r"\sum_kp_k\log q_k": Sum(p[k] * log(q[k]), (k, 1, K)),
    "[j=k] - p_j": KroneckerDelta(j, k) - p[j],
    "[j == k]": KroneckerDelta(j, k),
    "[j ≠ k]": 1 - KroneckerDelta(j, k),
    "p_k[j=k]": p[k] * KroneckerDelta(j, k),
    "2[x_n = k]": 2 * KroneckerDelta(x[n], k),
    "y_1 + y_2": y[1] + y[2],
    "q_{x_n}": q[x[n]],
    "z_0": start,
    # as it is pasted
    r"$\dfrac{1}{N}\sum\limits_{n=1}^{N} \log q_{x_n}$": Sum(log(q[x[n]]), (n, 1, N)) / N,
    r"\(\operatorname{log}\bigl(\mathbf{q}_k\bigr)\)": log(q[k]),
    r"\mathrm{e}^{-z}": exp(-logit),
    r"\tfrac12 \left[ y - \hat{p} \right]^2": (label - prob) ** 2 / 2,
    r"\mathbf{1}\{j = k\} - q_j": KroneckerDelta(j, k) - q[j],
    r"\frac1N \sqrt{2} \theta": sqrt(2) * theta / N,
    "\ufeffp_k\u200b − q\u2060_k": p[k] - q[k],
    "p_k ⁻ q_k": p[k] - q[k],
    "= theta.": theta,
    "½ theta": theta / 2,
    "log[K]": log(K),
    "logK": log(K),
    "ln2": log(2),
    "log_e K": log(K),
    "log1p(e^-z)": log(1 + exp(-logit)),
    "|p_k - q_k|": Abs(p[k] - q[k]),
    "z_{0} + z₀": 2 * start,
    r"\vartheta + 2": theta + 2,
    r"\boxed{\Sigma_k p_k}": over_k(p[k]),
    r"\sum^{K}_{k=1} p_k": over_k(p[k]),
    "np.log(K) - math.exp(theta)": log(K) - exp(theta),
    "2 x 3 X 10^-2": Rational(6, 100),
    "numpy.log(K)": log(K),
    r"\mathbf{1.5} {p}_{k}": p[k] * Rational(3, 2),
    "(theta - sum_k=1^K p_k)/2": (theta - over_k(p[k])) / 2,
    "‖p_k - q_k‖": Abs(p[k] - q[k]),
    "√theta/(√theta + 1)": sqrt(theta) / (sqrt(theta) + 1),
    r"\mathbb{1}_{j=k} - \mathbf 1_{\{j = k\}}/2": KroneckerDelta(j, k) / 2,
    "1_{j != k} + I(j = k)": Integer(1),
    r"\mathbb{I}[j=k]": KroneckerDelta(j, k),
    r"q_k \mathbf{1}\{j = k\} - q_k 1_{j=k}": Integer(0),
    "delta(j, k) + δ[k,j]": 2 * KroneckerDelta(j, k),
    # i runs over what it indexes
    "sum_i p_i log q_i": Sum(p[i] * log(q[i]), (i, 1, K)),
    "sum_{i=1}^K p_i": Sum(p[i], (i, 1, K)),
    "sum_i log q_{x_i}": Sum(log(q[x[i]]), (i, 1, N)),
    "sum_i [i = k] p_i": Sum(KroneckerDelta(i, k) * p[i], (i, 1, K)),
    # named quantities
}


@pytest.mark.parametrize("text", READINGS)
def test_ordinary_notation_is_read_as_people_mean_it(text: str, names: Names) -> None:
    assert parse(text, names) == READINGS[text]


def test_a_base_with_two_indices_takes_them_with_and_without_a_comma() -> None:
    table = IndexedBase("t", real=True)
    for text in ("t_nk", "t_{n,k}", "t_{n k}", "t[n, k]", "t(n, k)", "tₙₖ"):
        assert parse(text, Names(table[n, k])) == table[n, k]


def test_a_chapter_may_spell_its_model_with_a_hat() -> None:
    hats = Names(y[k], spelled={"phat": q})
    for text in ("p̂_k", "phat_k", r"\hat{p}_k", r"\hat p_k", "p̂ₖ"):
        assert parse(text, hats) == q[k]


def test_what_the_exercise_declares_goes_before_the_built_in_words() -> None:
    width = Symbol("sigma", positive=True)
    assert parse("σ^2", Names(width)) == width**2


MISTAKES = {
    # text: (a part of the message, the position it points at)
    "": ("got an empty text", 0),
    "   ": ("got an empty text", 0),
    "pk": ("did you mean p_k?", 0),
    "log(thet)": ("did you mean theta?", 4),
    "Np_k": ("did you mean N p", 0),
    "y1": ("did you mean y_1?", 0),
    "w_k": ("the names here are", 0),
    "w": ("the names here are", 0),
    **dict.fromkeys(("eps", "beta", "if", "H"), ("the names here are", 0)),
    "p": ("expected an index after 'p', as in p_k, got the end", 1),
    "p_": ("expected an index, as in p_k, got the end", 2),
    "p_0": ("counted from 1, got '0'", 2),
    "p_{j,k}": ("expected one index for 'p', got 2", 1),
    "q_{p_k}": ("which is not a whole number", 3),
    "theta_k": ("'theta' takes no index", 5),
    "sum p_k": ("expected the index of the sum, as in sum_k, got 'p'", 4),
    "sum_k=0^K p_k": ("expected k to run from 1, got 0", 4),
    "sum_{k=1}^N p_k": ("expected k to run up to K, got N", 4),
    "sum_k p_k sum_k q_k": ("k is in use by a sum", 14),
    "sum_theta theta": ("expected an index (j, k, l, m, c, n, i), got 'theta'", 4),
    "p_k + ": ("expected a number, a name or '(', got the end", 6),
    "p_k * / 2": ("expected a number, a name or '(', got '/'", 6),
    "(p_k": ("expected ')' to close '(', got the end", 4),
    "p_k)": ("it closes nothing", 3),
    "L = p_k": ("unknown name 'L'", 0),
    "theta = 1": ("write the right-hand side only", 6),
    "4,605": ("write 0.5 and 1500 without a comma", 1),
    "theta 2": ("expected an operator or the end, got '2'", 6),
    "log p_k/q_k": ("two ways: write log(a/b) or (log a)/b", 7),
    "log p_k q_k": ("two ways: write log(a b) or (log a) b", 8),
    "1/2 N": ("two ways: write a/(b c) or (a/b) c", 4),
    "N/K(theta)": ("two ways", 3),
    "1/sum_l e^z_l y_j": ("two ways: write a/(sum_l b_l c) or a/(sum_l b_l) c", 1),
    "2e-3": ("two ways: write a*10^-b", 1),
    "2 e-3": ("two ways: write a*10^-b", 2),
    "6.9x10-1": ("two ways: write a*10^-b", 6),
    "e^zK": ("two ways: write a^(b c) or (a^b) c", 3),
    "e^z(1 - y)": ("two ways: write a^(b c) or (a^b) c", 3),
    "e^2theta": ("two ways: write a^(b c) or (a^b) c", 3),
    "e^-1/2": ("two ways: write a^(b/c) or (a^b)/c", 4),
    "e^z_k/K": ("two ways: write a^(b/c) or (a^b)/c", 5),
    "theta^1/2": ("two ways: write a^(b/c) or (a^b)/c", 7),
    "2^-zK": ("two ways: write a^(b c) or (a^b) c", 4),
    "log2K": ("two ways: write log_2(a) or log(2 a)", 0),
    "log2π": ("two ways: write log_2(a) or log(2 a)", 0),
    "log2√K": ("two ways: write log_2(a) or log(2 a)", 0),
    "log 2√K": ("two ways: write log(a b) or (log a) b", 5),
    "1/2√K": ("two ways: write a/(b c) or (a/b) c", 3),
    r"\sqrt[3]K": ("two ways", 8),
    r"\sqrt[0]{K}": ("a root that is not the zeroth", 0),
    "log^2 p_k": ("write (log x)^2", 3),
    "1/0": ("a divisor that is not zero", 1),
    "1/(theta - theta)": ("a divisor that is not zero", 1),
    r"\frac{1}{0}": ("a divisor that is not zero", 0),
    "0^-1": ("a positive power of zero", 1),
    "log 0": ("expected a positive argument of log, got 0", 0),
    "log(-1)": ("expected a positive argument of log", 0),
    "sqrt(-1)": ("expected a real number", 0),
    "[j = ]": ("expected an index, as in p_k, got ']'", 5),
    "log3 K": ("did you mean log 3", 0),
    "log 3 ≈": ("an answer is exact here", 6),
    "delta_j": ("expected two indices for delta", 0),
    "theta!": ("write a factorial out", 5),
    "sigma'(z)": ("expected", 5),
    "50 %": ("write 50 % as 0.5", 3),
    "2½": ("write 2.5, not 2½", 1),
    "2 ½": ("write 2.5, not 2½", 2),
    "theta < 1": ("an answer is an expression, not a comparison", 6),
    "pᵏ_k": ("expected an index after 'p'", 1),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_named_and_pointed_at(text: str, names: Names) -> None:
    message, position = MISTAKES[text]
    with pytest.raises(MalformedAnswer) as caught:
        parse(text, names)
    assert message in caught.value.message
    assert caught.value.position == position
    assert f"(character {position + 1})" in str(caught.value)


def test_the_caret_stands_under_the_place_also_after_a_hat() -> None:
    with pytest.raises(MalformedAnswer) as caught:
        parse("p̂ + w", Names(prob))
    shown, below = caught.value.caret.splitlines()
    assert caught.value.text[caught.value.position] == "w"
    columns = shown.replace("\u0302", "")
    assert columns[below.index("^")] == "w"


def test_a_long_text_is_shown_around_the_place_only() -> None:
    with pytest.raises(MalformedAnswer) as caught:
        parse("theta + " * 40 + "w", Names(theta))
    assert max(len(line) for line in caught.value.caret.splitlines()) < 140


def test_direction_marks_and_control_characters_do_not_reach_the_terminal() -> None:
    with pytest.raises(MalformedAnswer) as caught:
        parse("theta \u202e + \x1b[31m w", Names(theta))
    assert "\u202e" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("thing", [None, 3, b"p_k", ["p_k"]])
def test_an_answer_that_is_not_text_is_a_type_error(thing: object) -> None:
    with pytest.raises(TypeError, match="expected the answer as a str"):
        parse(thing, Names(p))  # type: ignore[arg-type]


def test_names_stand_for_symbols_only() -> None:
    with pytest.raises(TypeError, match="expected Symbol, IndexedBase or Indexed, got str"):
        Names("p")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("others", "says"),
    [
        ({"spelled": [("x", p)]}, "a mapping as spelled, got"),
        ({"spelled": {"a b": p}}, "names without a space, got 'a b'"),
        ({"spelled": {"": p}}, "names without a space, got ''"),
        ({"spelled": {1: p}}, "names without a space, got 1"),
        ({"ranges": None}, "a mapping as ranges, got None"),
        ({"ranges": {"k": K}}, "ranges from a Symbol .* got 'k': K"),
        ({"ranges": {k: "K"}}, "ranges from a Symbol .* got k: 'K'"),
        ({"ranges": {k: 0}}, "ranges from a Symbol .* got k: 0"),
        ({"ranges": {k: 2.5}}, "ranges from a Symbol .* got k: 2.5"),
    ],
)
def test_names_that_nobody_could_type_and_ranges_that_end_nowhere_are_refused(others: Any, says: str) -> None:
    with pytest.raises(TypeError, match=f"Names: expected {says}"):
        Names(p, **others)


def test_a_form_is_without_functions_and_not_without_their_names() -> None:
    for kinds in ((), ("log",), (int,)):
        with pytest.raises(ValueError, match="expected SymPy classes such as log, or symbols"):
            without(*kinds, asks="without logarithms")
