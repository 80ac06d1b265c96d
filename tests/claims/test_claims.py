"""Every claim of the book is derived, every step stands, every dropped condition is refuted."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from math import exp, log
from pathlib import Path

import pytest
from scipy.optimize import minimize_scalar
from sympy import Rational, Sum

import ce.claims
from ce.cards import anchor
from ce.claims import Claim, all_claims, claim, derivation, ledger
from ce.claims import registry as register
from ce.claims.ledger import Ledger, Statement, statements
from ce.derivation import At, CheckedDerivation, Cite, Derivation, Derivative, Equal, Grade, RefutedStep, World
from ce.symbols import DISTRIBUTIONS, K, M, N, logit, prob

CLAIMS = {claim.key: claim for claim in all_claims()}
# How many claims there are of each letter.
NUMBERS = [
    f"{letter}{at + 1}"
    for letter, count in zip("LIGMVSREFC", (8, 5, 4, 5, 5, 3, 2, 1, 1, 16), strict=True)
    for at in range(count)
]
# What each claim must be shown for: any number of classes, of examples, or both.
SYMBOLIC = {
    "L1": {K},
    "L2": {K, N},
    "L3": {K, N},
    "L4": {K},
    "L5": {K, N},
    "L6": {K, N, M},
    "L7": {K, N},
    "L8": {K, M},
    "I1": {K},
    "I2": {K},
    "I3": {K},
    "I4": {K},
    "G1": {K},
    "G2": {K},
    "G3": {K},
    "M5": {K},
    "V2": {K},
    "V4": {K},
    "V5": {K, N},
    "S1": {K},
    "S2": {K, N},
    "S3": {K, N},
    "R1": {K, N},
    "R2": {K, M},
    "F1": {K},
    "C1": {K},
    "C2": {K, N},
    "C5": {K, M},
    "C12": {K},
    "C13": {K},
    "C15": {K, M},
}
CITED = {
    "C1 Kraft",
    "L5 strong law",
    "L5 chain",
    "L6 chain",
    "M4 in practice",
    "S1 locality",
    "S2 asymptotics",
    "S3 limit",
    "S3 spread",
}


@cache
def checked(key: str) -> CheckedDerivation:
    return CLAIMS[key].derivation.check()


def parts_of(number: str) -> list[Claim]:
    return [claim for claim in CLAIMS.values() if claim.derivation.claim == number]


def test_every_claim_is_derived_and_said_in_words_and_no_derivation_is_of_a_claim_nobody_made() -> None:
    assert {claim.derivation.claim for claim in CLAIMS.values()} == set(NUMBERS) == set(statements())


@pytest.mark.parametrize("key", CLAIMS)
def test_every_step_stands_and_only_named_ones_are_cited(key: str) -> None:
    grades = [step.verdict.grade for step in checked(key).steps]
    assert Grade.F not in grades
    assert (Grade.D in grades) == (key in CITED)


@pytest.mark.parametrize("key", CLAIMS)
def test_what_is_not_proven_is_a_number_or_cited(key: str) -> None:
    """Agreement of numbers alone is enough for a decimal or a root, and for nothing else."""
    for step in checked(key).steps:
        if step.verdict.grade is Grade.C:
            assert type(step.step).__name__ in {"Rounded", "Root"}


@pytest.mark.parametrize("number", SYMBOLIC)
def test_a_claim_is_shown_for_any_number_of_classes_and_examples(number: str) -> None:
    symbols = set()
    for found in (part.derivation for part in parts_of(number)):
        definitions = [body.free_symbols for body in found.world.define.values()]
        symbols |= set().union(*(line.free_symbols for line in found.lines), *definitions)
    assert SYMBOLIC[number] <= symbols


@pytest.mark.parametrize("key", CLAIMS)
def test_every_derivation_that_proves_something_has_a_counter_example(key: str) -> None:
    found = CLAIMS[key].derivation
    assert found.counterexamples or all(isinstance(step, Cite) for step in found.steps)


@pytest.mark.parametrize("key", CLAIMS)
def test_numbers_shown_for_probabilities_are_probabilities_unless_that_is_what_is_dropped(key: str) -> None:
    found = checked(key)
    for shown in found.refutations:
        world = getattr(shown.example, "world", None) or found.derivation.world
        dropped = {*map(str, found.derivation.world.normalised)} - {*map(str, world.normalised)}
        step = found.derivation.steps[shown.example.step - 1]
        if isinstance(step, Derivative) and step.by.has(*DISTRIBUTIONS):
            continue  # to differentiate by an entry, the entries have to be free
        for base, numbers in re.findall(r"\b([pqry])[₀-₉]* = \(([^)]*)\)", shown.words()):
            defined = base in map(str, world.defined_bases)
            if base not in dropped and not defined:
                total = sum(float(Rational(number.replace("−", "-"))) for number in numbers.split(","))
                assert abs(total - 1) < 1e-6, shown.words()


@pytest.mark.parametrize("key", CLAIMS)
def test_the_step_is_refuted_when_its_condition_is_dropped(key: str) -> None:
    for found in checked(key).refutations:
        assert found.refutation.why
        assert found.words().startswith(found.example.when)


@pytest.mark.parametrize("key", CLAIMS)
def test_a_refutation_is_written_as_a_page_writes_numbers_and_names(key: str) -> None:
    code = re.compile(r"(?<![\w)])-\d|\*\*|_\w*\d|\w\[\d+\] =|\(\d+,\)|\btheta\b")
    assert not [words for found in checked(key).refutations if code.search(words := found.refutation.found)]


@pytest.mark.parametrize("key", CLAIMS)
def test_title_and_reasons_are_there(key: str) -> None:
    found = CLAIMS[key].derivation
    assert found.title
    assert all(step.because for step in found.steps)


@pytest.mark.parametrize("key", CLAIMS)
def test_weights_that_have_to_sum_to_one_are_said_to(key: str) -> None:
    """Without the assumption a step fails: then it is a condition of the claim, and stands in its list."""
    found = CLAIMS[key].derivation
    said = " ".join(found.conditions)
    for base in found.world.normalised:
        assumed = replace(found, world=found.world.without(normalised=(base,)), counterexamples=())
        try:
            assumed.check()
        except (RefutedStep, ValueError):
            said_so = rf"sum_[a-z] [^;]*\b{base}_|\b{base}\b[^;]*\bpmfs?\b|pmf \\?\(?{base}\b"
            assert re.search(said_so, said), f"{key}: expected a condition such as '{base} is a pmf', got {said!r}"


class TestNumbers:
    """The numbers the derivations compute, against the sources that give them."""

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("E1 cross-entropy", "4.605"),
            ("E1 squared error", "0.9801"),
            ("E1 gradient of cross-entropy", "-0.99"),
            ("E1 gradient of squared error", "-0.0196"),
            ("M3 cross-entropy, numbers", "11.0"),
            ("M3 squared error, numbers", "11029.5"),
            ("I5 forward", "0.231"),
            ("I5 backward", "0.168"),
            ("V3 what it reports", "0.627"),
            ("V2 report in numbers", "0.77"),
            ("C7 numbers", "0.973"),
            ("S3 far away", "0.693"),
            ("I1 nat", "1.4427"),
            ("I1 hartley", "3.3219"),
        ],
    )
    def test_agree(self, key: str, value: str) -> None:
        assert checked(key).derivation.lines[-1] == Rational(value)

    def test_the_turning_point_of_the_focal_loss_is_where_its_gradient_is_smallest(self) -> None:
        def gradient(at: float) -> float:
            share = 1 / (1 + exp(-at))
            return (1 - share) ** 2 * (2 * share * log(share) - (1 - share))

        found = minimize_scalar(gradient, bounds=(-8, 0), method="bounded", options={"xatol": 1e-10})
        turning = float(checked("V3 turning point").derivation.lines[-1])
        assert turning == pytest.approx(1 / (1 + exp(-found.x)), abs=6e-4)


@pytest.mark.parametrize("at", [Rational(1, 2), Rational(1, 4), Rational(9, 10), Rational(0)])
def test_a_maximum_is_attained_where_it_is_said_to_be_and_nowhere_else(at: Rational) -> None:
    found = CLAIMS["M1 largest size"].derivation
    *bounds, attained = found.steps
    assert found.check()
    with pytest.raises(RefutedStep, match=f"step {len(found.steps)} "):
        replace(found, steps=(*bounds, replace(attained, put={prob: at})), counterexamples=()).check()


@pytest.mark.parametrize(
    ("key", "number"),
    [
        (key, number)
        for key, claim in CLAIMS.items()
        for number, step in enumerate(claim.derivation.steps)
        if isinstance(step, At)
    ],
)
def test_another_value_put_in_gives_another_line(key: str, number: int) -> None:
    """A step that stands whatever is put in would check nothing."""
    found = CLAIMS[key].derivation
    step = found.steps[number]
    assert isinstance(step, At)
    for left, right in step.put.items():
        other = {**step.put, left: right / 3 + Rational(1, 7)}
        steps = (*found.steps[:number], replace(step, put=other))
        with pytest.raises(RefutedStep, match=f"step {number + 1} "):
            replace(found, steps=steps, counterexamples=()).check()


@pytest.mark.parametrize("focus", [0.1, 0.5, 1, 2, 5, 12])
def test_the_focal_loss_stops_being_convex_at_one_place_whatever_the_focus(focus: float) -> None:
    """What the three derivations of the bracket's shape conclude, from second differences of the loss."""
    step = 0.01
    logits = [step * at for at in range(-3000, 1200)]
    losses = [(1 / (1 + exp(z))) ** focus * log(1 + exp(-z)) for z in logits]
    bends = [left - 2 * at + right for left, at, right in zip(losses, losses[1:], losses[2:], strict=False)]
    signs = [bend > 0 for bend in bends if abs(bend) > 1e-12]
    assert signs == sorted(signs)
    assert not signs[0]
    assert signs[-1]


def test_a_derivation_is_found_by_its_key_and_an_unknown_key_says_which_there_are() -> None:
    assert derivation("L3").key == "L3"
    with pytest.raises(KeyError, match="expected one of L1 likelihood"):
        derivation("Z9")


def test_a_claim_cannot_be_derived_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "_registered", dict(register._registered))

    def another() -> Derivation:
        return Derivation("L3", "again", (), World(), logit, (Equal(logit, "so"),))

    with pytest.raises(ValueError, match="claim 'L3' is derived twice: by regrouping_by_face"):
        claim(another)


@pytest.mark.parametrize("number", ["", "L", "7", "Q7", "LI7", "L7a"])
def test_a_claim_without_a_letter_of_the_book_and_a_number_is_refused(number: str) -> None:
    def unnumbered() -> Derivation:
        return Derivation(number, "of no number", (), World(), logit, (Equal(logit, "so"),))

    with pytest.raises(ValueError, match="unnumbered: expected one of the letters LIGMVSREFC and a number"):
        claim(unnumbered)


NEW_CHAPTER = """
from ce.claims.registry import claim
from ce.derivation import Derivation, Equal, World
from ce.symbols import logit


@claim
def tenth() -> Derivation:
    return Derivation("C10", "A tenth", (), World(), logit, (Equal(logit, "so"),), part="made up")


@claim
def second() -> Derivation:
    return Derivation("C2", "A second", (), World(), logit, (Equal(logit, "so"),), part="made up")
"""


@pytest.fixture
def new_chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module of claims and its page, in a book of their own: nothing else says that they are there."""
    monkeypatch.setattr(register, "_registered", dict(register._registered))
    (tmp_path / "a_made_up_chapter.py").write_text(NEW_CHAPTER)
    monkeypatch.setattr(ce.claims, "__path__", [*ce.claims.__path__, str(tmp_path)])
    table = "root: book/index\nchapters:\n  - file: book/quantity/a-made-up-chapter\n"
    (tmp_path / "_toc.yml").write_text(table)
    yield tmp_path
    sys.modules.pop("ce.claims.a_made_up_chapter", None)


class TestANewChapter:
    def test_is_found_by_its_module_and_sorted_by_number(self, new_chapter: Path) -> None:
        keys = [found.key for found in all_claims() if found.chapter == "a-made-up-chapter"]
        assert keys == ["C2 made up", "C10 made up"]
        assert derivation("C10 made up").check().weakest is Grade.A

    def test_is_linked_where_a_page_has_its_name(self, new_chapter: Path) -> None:
        html = ledger(root=new_chapter, numbers=["C2", "L3"]).as_html()
        assert 'href="../quantity/a-made-up-chapter.html#derivation-C2-made-up"' in html
        assert '<span class="ce-unplaced">The mean negative log-likelihood' in html

    def test_is_not_linked_before_the_page_stands_in_the_table_of_contents(self, new_chapter: Path) -> None:
        (new_chapter / "_toc.yml").write_text("root: book/index\n# - file: book/quantity/a-made-up-chapter\n")
        html = ledger(root=new_chapter, numbers=["C2"]).as_html()
        assert '<span class="ce-unplaced">A second</span>' in html

    def test_cannot_share_its_name_with_another_page(self, new_chapter: Path) -> None:
        with (new_chapter / "_toc.yml").open("a") as table:
            table.write("  - file: book/other/a-made-up-chapter\n")
        expected = "got book/quantity/a-made-up-chapter and book/other/a-made-up-chapter; rename one"
        with pytest.raises(ValueError, match=expected):
            ledger(root=new_chapter, numbers=["C2"])


@pytest.mark.parametrize(("given", "got"), [({}, "neither"), ({"figures": ("a",), "unpictured": "why"}, "both")])
def test_a_claim_has_figures_or_a_reason_why_not(given: dict[str, object], got: str) -> None:
    with pytest.raises(ValueError, match=rf"\[Z1\]: expected names of figures or a reason .* got {got}"):
        Statement("Z1", "Nothing.", **given)  # type: ignore[arg-type]


def test_the_ledger_is_refused_while_a_claim_has_no_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "_registered", {key: found for key, found in CLAIMS.items() if key != "C10"})
    with pytest.raises(ValueError, match=r"statements\.toml: expected a derivation of every claim, got none of C10"):
        ledger(numbers=["L1"])


def test_the_ledger_is_refused_while_a_claim_is_not_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    unsaid = replace(CLAIMS["C10"], derivation=replace(CLAIMS["C10"].derivation, claim="C99"))
    monkeypatch.setattr(register, "_registered", {**CLAIMS, "C99": unsaid})
    with pytest.raises(ValueError, match=r"statements\.toml: expected the words of every claim, got none of C99"):
        ledger(numbers=["L1"])


def test_every_derivation_has_an_anchor_of_its_own() -> None:
    anchors = [anchor(key) for key in CLAIMS]
    assert len(set(anchors)) == len(anchors)


def test_the_claims_stand_in_the_order_of_the_book() -> None:
    letters = [claim.derivation.claim[0] for claim in CLAIMS.values()]
    assert "LIGMVSREFC".startswith("".join(dict.fromkeys(letters)))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    root = tmp_path_factory.mktemp("book")
    (root / "_toc.yml").write_text(
        "root: book/index\nchapters:\n"
        "  - file: book/three-names/one-procedure\n"
        "  - file: book/three-names/from-likelihood-to-cross-entropy\n"
    )
    return ledger(root=root, numbers=["L2", "L5", "M4"])


class TestLedger:
    def test_has_a_row_for_each_derivation_with_grade_and_time(self, table: Ledger) -> None:
        html = table.as_html()
        assert len(table.entries) == sum(len(parts_of(number)) for number in ("L2", "L5", "M4"))
        assert html.count(" ms</td>") == len(table.entries)
        for number in ("L2", "L5", "M4"):
            assert f'id="claim-{number}">{number}. ' in html
        for entry in table.entries:
            assert f">{entry.checked.weakest.name}<" in html
        assert table.seconds == sum(entry.checked.seconds for entry in table.entries)

    def test_counts_claims_derivations_and_grades(self, table: Ledger) -> None:
        cited = sum(entry.checked.weakest is Grade.D for entry in table.entries)
        assert f"3 claims in {len(table.entries)} derivations" in table.summary
        assert f"{cited} of grade D" in table.summary

    def test_links_the_derivation_on_its_page_where_that_is_written(self, table: Ledger) -> None:
        assert '<a href="../three-names/one-procedure.html#derivation-L2-equality">' in table.as_html()

    def test_has_no_link_where_there_is_no_page(self, table: Ledger) -> None:
        strong_law = CLAIMS["L5 strong law"].derivation.title
        assert f'<span class="ce-unplaced">{strong_law}</span>' in table.as_html()

    @pytest.mark.parametrize("turn", [1, -1])
    def test_has_the_parts_of_a_claim_in_reading_order(self, tmp_path: Path, turn: int) -> None:
        pages = ["cross-entropy", "surprise-and-entropy"][::turn]
        (tmp_path / "_toc.yml").write_text("".join(f"- file: book/quantity/{page}\n" for page in pages))
        entries = ledger(root=tmp_path, numbers=["I1"]).entries
        assert list(dict.fromkeys(entry.claim.chapter for entry in entries)) == pages

    def test_says_what_is_cited_and_of_whom(self, table: Ledger) -> None:
        assert 'href="bibliography.html">van der Vaart (1998)</a>' in table.as_html()
        assert "Hui and Belkin (2021)" in table.as_html()
        assert "cited: hui2021" in table.as_text()

    def test_can_be_shown_in_a_notebook_and_as_text(self, table: Ledger) -> None:
        bundle = table._repr_mimebundle_()
        assert set(bundle) == {"text/html", "text/plain"}
        assert len(bundle["text/plain"].splitlines()) == len(table.entries)

    def test_finds_the_book_above_the_working_directory(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "_toc.yml").write_text("root: book/index")
        inside = tmp_path / "book" / "reference"
        inside.mkdir(parents=True)
        monkeypatch.chdir(inside)
        assert [entry.page for entry in ledger(numbers=["L3"]).entries] == [None]
        (tmp_path / "_toc.yml").write_text("root: book/index\nchapters:\n- file: book/a/one-procedure\n")
        assert [entry.page for entry in ledger(numbers=["L3"]).entries] == ["book/a/one-procedure"]


def test_a_probability_that_is_an_abbreviation_is_shown_as_one() -> None:
    found = derivation("G2 binary")
    assert prob in found.world.define
    assert not any(line.atoms(Sum) for line in found.lines)


def test_what_a_step_takes_from_a_lemma_is_derived_in_the_ledger() -> None:
    proven = [(found.derivation.start, found.derivation.steps) for found in CLAIMS.values()]
    steps = [step for found in CLAIMS.values() for step in found.derivation.steps]
    lemmas = {lemma for step in steps if (lemma := getattr(step, "lemma", None)) and lemma.proofs}
    assert lemmas
    for lemma in lemmas:
        assert lemma.derived
        assert all((proof.start, proof.steps) in proven for proof in lemma.proofs)
