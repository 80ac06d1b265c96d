"""References are named as running text has them."""

import pytest
from pybtex.database import parse_file

from ce.claims import all_claims
from ce.references import BIBLIOGRAPHY, author_and_year


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
    for key, entry in parse_file(BIBLIOGRAPHY, "bibtex").entries.items():
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
