"""Each line on the page of printed errors is refuted, and the line that stands beside it is proven."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import rel_entr

from ce.claims.printed_and_refuted import PRINTED, Printed, printed
from ce.derivation import Grade, RefutedStep, Rounded

PAGE = Path(__file__).parents[2] / "book" / "reference" / "printed-and-refuted.md"
NAMES = [f"{error.kind} {at}" for at, error in enumerate(PRINTED)]


@pytest.mark.parametrize("error", PRINTED, ids=NAMES)
def test_the_printed_line_is_refuted_and_the_right_one_proven(error: Printed) -> None:
    checked = error.derivation.check()
    decimal = isinstance(error.derivation.steps[-1], Rounded)
    assert checked.weakest in ((Grade.C,) if decimal else (Grade.A, Grade.B))
    assert len(checked.refutations) == 1


@pytest.mark.parametrize("error", PRINTED, ids=NAMES)
def test_a_derivation_that_ends_in_the_printed_line_does_not_stand(error: Printed) -> None:
    (slip,) = error.derivation.counterexamples
    start = slip.before if slip.before is not None else error.derivation.start
    last = error.derivation.steps[-1]
    steps = (*error.derivation.steps[:-1], replace(last, expr=last.expr if slip.after is None else slip.after))
    with pytest.raises(RefutedStep):
        replace(error.derivation, start=start, steps=steps, counterexamples=()).check()


def test_every_error_has_a_section_a_source_and_a_state() -> None:
    shown = re.findall(r'^printed\("(\w+)"\)$', PAGE.read_text(encoding="utf8"), re.MULTILINE)
    assert shown == list(dict.fromkeys(error.kind for error in PRINTED))
    assert len(PRINTED) >= 16
    assert all(error.url.startswith("https://") and error.where and error.state for error in PRINTED)
    assert len({error.line for error in PRINTED}) == len(PRINTED)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one of the kinds sign, order"):
        printed("spelling")


def test_the_numbers_beside_the_printed_ones_are_those_of_numpy() -> None:
    found = {error.where: error.derivation for error in PRINTED if error.kind == "number"}
    information = next(made for where, made in found.items() if "in bits" in where)
    table = np.array([[0.1, 0.5], [0.1, 0.3]])
    product = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True)
    assert float(information.start) == pytest.approx(rel_entr(table, product).sum() / np.log(2), rel=1e-12)
    # N(0, 1) and N(1, 1) on a fine grid: half a nat in both directions.
    at = np.linspace(-12, 13, 200_001)
    one, other = np.exp(-(at**2) / 2), np.exp(-((at - 1) ** 2) / 2)
    one, other = one / one.sum(), other / other.sum()
    assert rel_entr(one, other).sum() == pytest.approx(0.5, rel=1e-6)
    assert rel_entr(other, one).sum() == pytest.approx(0.5, rel=1e-6)


@pytest.mark.parametrize("error", PRINTED, ids=NAMES)
def test_a_slope_is_called_a_first_derivative_in_the_printed_line_and_in_the_right_one(error: Printed) -> None:
    formulas = re.findall(r"\\\((.*?)\\\)", printed(error.kind).as_html())
    assert not [formula for formula in formulas if r"\partial^2" in formula or formula.count(r"\frac{\partial") > 1]
    if error.derivation.counterexamples[0].before is None:
        at = formulas.index(error.line)
        assert formulas[at + 1].startswith(error.line.rpartition(" = ")[0])
