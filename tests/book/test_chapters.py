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
    claim = re.search(r":::\{admonition\} (The claim|What was measured)\n:class: important", text)
    assert claim, "expected an admonition “The claim” or “What was measured” with :class: important, got none"
    headings = set(re.findall(r"^## (.+)$", text, re.M))
    assert headings >= {"Exercises", "What to remember"}
    assert headings & {"What breaks when a condition is dropped", "What these numbers do not say"}


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_has_two_to_four_figures_and_six_exercises(page):
    figures = sum(len(re.findall(r"\bFigure\(", code)) for code in cells(page))
    assert 2 <= figures <= 4, f"expected two to four figures, got {figures}"
    exercises = sum(map(asks, cells(page)))
    assert exercises >= 6, f"expected six exercises or more, got {exercises}"


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
