"""What the page on language models says in numbers, and what its line of letters costs."""

import numpy as np
import pytest

from ce.experiments.language import chapters, surprises_along
from tests.book.chapter_cells import figure, glued, readouts

PAGE = "book/changing-the-loss/language-models"


def test_the_larger_perplexity_is_the_better_model():
    numbers = glued(PAGE)
    letters = sum(map(len, chapters()))
    words = sum(text.count(" ") for text in chapters())
    assert numbers["letters"] == letters
    assert numbers["word_perplexity"] > 100 * numbers["letter_perplexity"]
    assert numbers["word_perplexity"] ** (words / letters) == pytest.approx(2 ** numbers["best"])
    assert 2 ** numbers["best"] < numbers["letter_perplexity"]
    assert numbers["letters_as_words"] ** (words / letters) == pytest.approx(numbers["letter_perplexity"])
    assert numbers["letters_as_words"] / numbers["word_perplexity"] == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize(("order", "spread"), [(6, 0.1), (5, 0.5), (1, 0.3)])
def test_the_line_costs_what_the_counts_say(order, spread):
    drawn = figure(PAGE, "surprise-along-a-line")
    cost, *_ = readouts(drawn, {"n": order, "epsilon": spread}).values()
    counts = surprises_along("seated on their throne", 10, 6)
    bits = -np.log2(counts.probabilities(spread, 1 / 27)[order])
    assert cost == pytest.approx(bits.sum(), abs=0.02)


def test_with_nothing_left_over_one_letter_makes_the_line_impossible():
    drawn = figure(PAGE, "surprise-along-a-line")
    cost, *_ = readouts(drawn, {"n": 6, "epsilon": 0}).values()
    assert cost == np.inf
