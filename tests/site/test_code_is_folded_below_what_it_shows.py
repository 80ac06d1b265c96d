"""The code of a figure is an offer: one fold, below the figure; no fold over nothing."""

from __future__ import annotations

from bs4 import BeautifulSoup

from tests.book_copies import BookCopy


def cells(book: BookCopy) -> list[tuple[str, ...]]:
    """Return what each cell of the page holds, in order: its outputs, its folds and its open code."""
    page = BeautifulSoup(book.page("book/folds"), "html.parser")
    return [
        tuple(
            f"{'fold' if part.name == 'details' else part['class'][0]}: {' '.join(part.get_text().split())}"
            for part in cell.find_all(["div", "details"], recursive=False)
        )
        for cell in page.select("div.cell")
    ]


def test_adjacent_folded_cells_are_one_fold_below_the_output_of_the_last(small_book: BookCopy) -> None:
    output, fold = cells(small_book)[0]
    assert output == "cell_output: shown by 1"
    assert fold.startswith("fold: Show the code of what is shown in “Code below what it shows”")
    assert fold.endswith('first = 1 print("shown by", first)')


def test_a_cell_with_an_output_of_its_own_has_a_fold_of_its_own(small_book: BookCopy) -> None:
    output, fold = cells(small_book)[1]
    assert output == "cell_output: shown alone"
    assert fold.endswith('print("shown alone")')
    assert "first" not in fold


def test_code_that_is_removed_is_not_there_and_an_output_can_be_opened(small_book: BookCopy) -> None:
    alone, opened = cells(small_book)[2:]
    assert alone == ("cell_output: no code of mine",)
    assert opened == ("fold: Show the proofHide the proof opened by hand",)


def test_the_notebook_keeps_the_cells_apart_and_in_their_order(small_book: BookCopy) -> None:
    notebook = (small_book.html / "_sources" / "book" / "folds.ipynb").read_text(encoding="utf8")
    places = [notebook.index(code) for code in ("first = 1", "shown by", "shown alone", "no code of mine")]
    assert places == sorted(places)
