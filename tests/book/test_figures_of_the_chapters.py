"""Every figure of the chapters, as its cell makes it: its words and its colours."""

import re

import pytest
from chapter_cells import PAGES, shown, trains

from ce.figures import Figure


def figures(page):
    return [thing for thing in shown(page) if isinstance(thing, Figure)]


DRAWN = [page for page in PAGES if not trains(page)]


def test_there_are_figures_to_look_at():
    assert sum(len(figures(page)) for page in DRAWN) >= len(DRAWN) - 2


@pytest.mark.parametrize("page", DRAWN)
def test_titles_are_no_sentences_and_captions_are(page):
    for figure in figures(page):
        for title in (figure.title, *(panel.title for panel in figure.panels)):
            assert re.search(r"\w$", title), title
        for words in (figure.see, figure.attempt):
            assert re.search(r"[.?]$", words), words


@pytest.mark.parametrize("page", DRAWN)
def test_cross_entropy_has_the_first_colour_wherever_it_is_drawn(page):
    for figure in figures(page):
        losses = [name for name in figure.roles if "cross-entropy" in name or "NLL" in name]
        assert losses in ([], [figure.roles[0]]), figure.name
