"""Every figure of the chapters, as its cell makes it: its words and its colours."""

import re
from dataclasses import replace

import pytest

from tests.book.chapter_cells import PAGES, draws, figures
from tests.figures.drawn import faults, faults_at_extremes
from tests.figures.figure_pages import write_page

DRAWN = [page for page in PAGES if draws(page)]


def test_there_are_figures_to_look_at():
    assert sum(len(figures(page)) for page in DRAWN) >= len(DRAWN) - 2


@pytest.mark.parametrize("page", DRAWN)
def test_titles_are_no_sentences_and_captions_are(page):
    for figure in figures(page):
        for title in (figure.title, *(panel.title for panel in figure.panels)):
            assert re.search(r"\w$", title), title
        for words in (figure.caption, figure.prompt):
            assert re.search(r"[.?]$", words), words


@pytest.mark.parametrize("page", DRAWN)
def test_cross_entropy_has_the_first_colour_wherever_it_is_drawn(page):
    for figure in figures(page):
        losses = [name for name in figure.roles if "cross-entropy" in name or "NLL" in name]
        assert losses in ([], [figure.roles[0]]), figure.name


@pytest.mark.parametrize("width", [1200, 360])
def test_names_and_ticks_of_all_figures_are_free_wide_and_narrow(browser, tmp_path, width):
    # Those that ask first are looked at opened.
    shown_here = [replace(figure, guess=None) for page in DRAWN for figure in figures(page)]
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(write_page(tmp_path, *shown_here, pictures=False).as_uri())
    assert page.locator(".ce-plot").count() > 40
    assert not faults(page)
    assert width != 360 or not faults_at_extremes(page)
    page.close()
