"""The sigmoid and the softmax, written once, beside their definitions and what they are computed as."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, softmax
from sympy import exp, lambdify

from ce.derivation import Equal, Grade, World, judge
from ce.formulas import PARTITION, SIGMOID, SOFTMAX, LogSumExp, component, instantiate
from ce.symbols import K, k, logit, prob, q, z

PACKAGE = Path(__file__).parents[2] / "ce"
SIGMOID_CODE = r"1 / \(1 \+ exp\(-[\w.\[\]]+\)\)"
SOFTMAX_CODE = r"exp\(z\[k\]\) / (?:PARTITION|Sum\(exp)"


def test_the_sigmoid_is_scipys() -> None:
    at = np.linspace(-30, 30, 61)
    assert lambdify(logit, SIGMOID[prob])(at) == pytest.approx(expit(at), rel=1e-15)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_the_softmax_is_scipys_for_any_number_of_classes(size: int) -> None:
    logits = np.linspace(-2, 3, size) ** 3
    symbols = [component(z[at]) for at in range(1, size + 1)]
    shares = [instantiate(SOFTMAX[q[k]].subs(k, at), {"K": size}) for at in range(1, size + 1)]
    assert lambdify(symbols, shares)(*logits) == pytest.approx(softmax(logits), rel=1e-14)


def test_the_softmax_is_proven_equal_to_the_form_that_is_computed() -> None:
    stable = exp(z[k] - LogSumExp(PARTITION))
    world = World(in_range={k: K})
    assert judge(SOFTMAX[q[k]], Equal(stable), world).grade is Grade.A
    assert judge(SOFTMAX[q[k]], Equal(exp(z[k]) * stable), world).grade is Grade.F


def code_of(source: str) -> Iterator[str]:
    """Give the code of a source text, one top-level statement after the other, without its documentation."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    yield from map(ast.unparse, tree.body)


@pytest.mark.parametrize(
    ("pattern", "place"), [(SIGMOID_CODE, "formulas/functions.py"), (SOFTMAX_CODE, "formulas/losses.py")]
)
def test_each_is_written_once_in_the_package(pattern: str, place: str) -> None:
    places = [
        module.relative_to(PACKAGE).as_posix()
        for module in sorted(PACKAGE.rglob("*.py"))
        for statement in code_of(module.read_text(encoding="utf8"))
        for _ in re.findall(pattern, statement)
    ]
    assert places == [place]


@pytest.mark.parametrize(
    ("pattern", "source"),
    [
        (SIGMOID_CODE, "world = World(define={prob: 1 / (1 + exp(-logit))})"),
        (SOFTMAX_CODE, "def f():\n    return {q[k]: exp(z[k]) / Sum(exp(z[l]), (l, 1, K))}"),
    ],
)
def test_a_second_writing_would_be_seen(pattern: str, source: str) -> None:
    assert [re.search(pattern, statement) is not None for statement in code_of(source)] == [True]
