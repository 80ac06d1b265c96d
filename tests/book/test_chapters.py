"""What every chapter promises its reader, read from its source."""

import re

import pytest

from ce.claims import all_claims
from tests.book.chapter_cells import CHAPTERS, PAGES, ROOT, asks, cells, notebook, source

CELL_LINES, FIGURE_LINES, WIDTH = 10, 24, 100
COLUMN = 79  # characters in the narrowest window that has the contents of the page beside its text


def test_every_chapter_in_the_folder_is_in_the_table_of_contents():
    written = {str(path.relative_to(ROOT).with_suffix("")) for path in (ROOT / "book").rglob("*.md")}
    assert written == set(PAGES)


def test_the_landing_page_leads_to_every_page():
    linked = {f"book/{name}" for name in re.findall(r"\{doc\}`([^`<]+)`", source("book/index"))}
    assert linked >= set(PAGES) - {"book/index"}


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_claims_warns_practises_and_sums_up(page):
    text = source(page)
    assert re.search(r":::\{admonition\} (The claim|What was measured)\n:class: important", text)
    headings = re.findall(r"^## (.+)$", text, re.M)
    assert {"Exercises", "What to remember"} <= set(headings)
    assert {"What breaks when a condition is dropped", "What these numbers do not say"} & set(headings)


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_has_two_to_four_figures_and_six_exercises(page):
    assert 2 <= sum(len(re.findall(r"\bFigure\(", code)) for code in cells(page)) <= 4
    assert sum(map(asks, cells(page))) + source(page).count(":::{dropdown} Answer") >= 6


@pytest.mark.parametrize("page", PAGES)
def test_cells_are_short_and_import_by_name(page):
    for code in cells(page):
        lines = [line for line in code.splitlines() if line.strip()]
        unread = asks(code)  # on the page and in a notebook the code of an exercise is out of sight
        assert len(lines) <= (FIGURE_LINES if unread or "Figure(" in code else CELL_LINES), code
        assert max(map(len, lines)) <= WIDTH + 30 * unread, code
        assert "import *" not in code


@pytest.mark.parametrize("page", CHAPTERS)
def test_code_that_stands_open_fits_its_column(page):
    code = [cell.source for cell in notebook(page).cells if cell.cell_type == "code" and not cell.metadata.get("tags")]
    assert [line for shown in code for line in shown.splitlines() if len(line) > COLUMN] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_chapter_leaves_drawing_to_the_figure_grammar(page):
    assert not any("matplotlib" in code or "plt." in code for code in cells(page))


@pytest.mark.parametrize("claim", all_claims(), ids=lambda claim: claim.key)
def test_a_claim_whose_chapter_is_written_stands_in_it(claim):
    pages = [source(page) for page in PAGES if page.rpartition("/")[2] == claim.chapter]
    assert all(f"{claim.name}().check()" in text for text in pages)


def test_figures_have_names_of_their_own():
    code = "\n".join(cell for page in PAGES for cell in cells(page))
    names = re.findall(r'Figure\(\s*"([^"]+)"', code)
    assert len(names) >= len(CHAPTERS)
    assert len(set(names)) == len(names)


def test_every_reference_a_formula_or_claim_names_is_in_the_bibliography():
    known = set(re.findall(r"^@\w+\{(\w+),", (ROOT / "ce/references.bib").read_text(encoding="utf8"), re.M))
    steps = (step for claim in all_claims() for step in claim.derivation.steps)
    cited = {step.source for step in steps if hasattr(step, "source")}
    assert cited
    assert cited <= known
