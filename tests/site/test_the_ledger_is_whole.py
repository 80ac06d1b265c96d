"""The ledger links what shows each claim, and the build fails when something does not stand on its page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from docutils import nodes

from ce.site.ledger import Shown, changed_ledgers, missing

LEDGER = (
    '<th>I3 <span class="ce-shown" data-claim="I3" data-figures="tangent"></span></th>'
    '<td><a href="../quantity/kl.html#derivation-I3">Gibbs</a></td>'
)
NOTHING = Shown(frozenset(), {}, {}, "")
PAGES = {
    "book/quantity/kl": Shown(
        frozenset({"derivation-I3"}), {"figure-tangent": "A tangent"}, {"exercise-a": ["I3"]}, ""
    ),
    "book/reference/ledger": NOTHING._replace(ledger=LEDGER),
}


def lacking(page: str = "book/quantity/kl", **changes: object) -> list[str]:
    pages = {**PAGES, page: PAGES[page]._replace(**changes)}
    return list(missing(pages, "book/reference/ledger"))


def test_a_ledger_is_written_again_when_what_it_links_to_has_changed_and_then_only() -> None:
    environment: Any = SimpleNamespace(ce_shown=dict(PAGES), titles={page: nodes.title("", page) for page in PAGES})
    assert changed_ledgers(environment) == ["book/reference/ledger"]
    assert changed_ledgers(environment) == []
    environment.titles["book/quantity/kl"] = nodes.title("", "another title")
    assert changed_ledgers(environment) == ["book/reference/ledger"]
    environment.ce_shown["book/quantity/kl"] = NOTHING
    assert changed_ledgers(environment) == ["book/reference/ledger"]
    assert changed_ledgers(environment) == []


def test_a_claim_with_derivation_figure_and_exercise_lacks_nothing() -> None:
    assert lacking() == []


def test_a_derivation_that_no_page_shows_is_an_orphan() -> None:
    (said,) = lacking(derivations=frozenset())
    assert said.startswith("derivation-I3 is an orphan: expected book/quantity/kl to show it")


def test_a_figure_that_is_nowhere_is_missed() -> None:
    (said,) = lacking(figures={"figure-secant": "Another"})
    assert said.startswith("claim I3 has no figure 'tangent', which ce/claims/statements.toml names")


def test_a_derivation_without_a_page_is_missed() -> None:
    unplaced = LEDGER + '<span class="ce-unplaced">p &lt; q</span>'
    assert lacking("book/reference/ledger", ledger=unplaced) == [
        "the derivation of “p < q” has no page: expected one named as its module in ce/claims"
    ]


def test_a_claim_that_nobody_practises_is_missed() -> None:
    (said,) = lacking(exercises={"exercise-a": []})
    assert said.startswith("claim I3 has no exercise: expected one on some page with claims=('I3',)")


def test_an_exercise_of_a_claim_that_is_none_is_refused() -> None:
    (said,) = lacking(exercises={"exercise-a": ["I3", "Z9"]})
    assert said == "exercise-a on book/quantity/kl practises Z9: expected a claim of the ledger"
