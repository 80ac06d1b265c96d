"""References are named as running text has them."""

import re
from pathlib import Path

import pytest
from pybtex.database import parse_file

import ce.formulas
from ce.claims import all_claims
from ce.formulas import Formula
from ce.references import BIBLIOGRAPHY, author_and_year

BOOK = Path(__file__).parents[1] / "book"
ENTRIES = parse_file(BIBLIOGRAPHY, "bibtex").entries


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("bishop2006", "Bishop (2006)"),
        ("hui2021", "Hui and Belkin (2021)"),
        ("mueller2019", "Müller et al. (2019)"),
        ("vandervaart1998", "van der Vaart (1998)"),
    ],
)
def test_a_reference_is_named_by_its_authors_and_year(key, named):
    assert author_and_year(key) == named


def test_every_reference_is_read_as_by_the_library_that_prints_the_bibliography():
    for key, entry in ENTRIES.items():
        people = entry.persons["author"]
        parts = [*people[0].rich_prelast_names, *people[0].rich_last_names]
        others = {1: "", 2: " and "}.get(len(people), " et al.")
        named = author_and_year(key)
        assert named.startswith(" ".join(part.render_as("text") for part in parts) + others)
        assert named.endswith(f"({entry.fields['year']})")


def test_an_unknown_key_is_refused_with_those_there_are():
    with pytest.raises(KeyError, match=r"expected a citation key.*bishop2006.*got 'nobody1900'"):
        author_and_year("nobody1900")


def test_a_cited_step_names_its_reference_on_the_page():
    cited = [claim.derivation.check() for claim in all_claims() if claim.key == "S3 limit"]
    assert cited
    assert "White (1982)" in cited[0]._repr_mimebundle_()["text/html"]


def test_every_entry_is_cited_on_a_page_or_by_a_derivation_and_none_is_missing():
    text = "\n".join(page.read_text(encoding="utf8") for page in BOOK.rglob("*.md"))
    on_pages = {key.strip() for keys in re.findall(r"\{cite\w*(?::\w+)?\}`([^`]*)`", text) for key in keys.split(",")}
    by_steps = {
        source for claim in all_claims() for step in claim.derivation.steps if (source := getattr(step, "source", ""))
    }
    assert on_pages | by_steps == set(ENTRIES)


def test_every_reference_that_a_formula_names_is_an_entry():
    formulas = (formula for formula in vars(ce.formulas).values() if isinstance(formula, Formula))
    named = {formula.source for formula in formulas} - {""}
    assert named
    assert named <= set(ENTRIES)


@pytest.mark.parametrize("key", [key for key, entry in ENTRIES.items() if entry.type != "book"])
def test_what_is_no_book_has_a_doi_or_an_address(key):
    fields = ENTRIES[key].fields
    assert re.fullmatch(r"10\.\d{4,}/\S+", fields.get("doi", "")) or fields.get("url", "").startswith("http")
