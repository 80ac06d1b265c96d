"""The language models against models of a few lines, and what the page says of them against the book they read."""

from collections import Counter
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from ce.experiments import language
from ce.experiments.language import ALPHABET, chapters, counted, letter_study, letters_of, surprises_along, word_study

FOLDER = Path(language.__file__).parent


@pytest.fixture(scope="module")
def letters():
    return letter_study(7, [0, 0.01, 0.6, None])


@pytest.fixture(scope="module")
def words():
    return word_study()


def test_the_text_is_the_one_that_its_note_describes():
    text = (FOLDER / "alice29.txt").read_bytes().replace(b"\r\n", b"\n")
    assert sha256(text).hexdigest() in (FOLDER / "alice29.md").read_text(encoding="utf8")
    assert len(chapters()) == 12
    assert set("".join(chapters())) == set(ALPHABET)
    assert all(text.split()[:1] != [""] and "  " not in text and text.endswith(" ") for text in chapters())


def witten_bell(training, text, order):
    """Return the mean surprise in bits, from dictionaries of strings."""
    padded = [" " * (order - 1) + part for part in training]
    grams = Counter(
        part[at - k : at + 1] for part in padded for at in range(order - 1, len(part)) for k in range(order)
    )
    total, kinds = Counter(), Counter()
    for gram, count in grams.items():
        total[gram[:-1]] += count
        kinds[gram[:-1]] += 1
    bits, text = [], " " * (order - 1) + text
    for at in range(order - 1, len(text)):
        belief = 1 / 27
        for k in range(order):
            context = text[at - k : at]
            if total[context]:
                belief = (grams[context + text[at]] + kinds[context] * belief) / (total[context] + kinds[context])
        bits.append(-np.log2(belief))
    return np.mean(bits)


def test_the_loss_on_a_new_chapter_is_that_of_a_model_made_of_dictionaries(letters):
    expected = witten_bell(chapters()[1:], chapters()[0], 4)
    assert letters.held_out[-1, 3, 0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("spread", [0, 0.2, 1, None])
def test_after_any_context_the_beliefs_in_all_letters_sum_to_one(spread):
    known = [letters_of(text) for text in chapters()[1:]]
    for context in ("alic", "qzx", "", "the "):
        texts = [letters_of(context + letter) for letter in ALPHABET]
        found = counted(known, texts, 5, 27).probabilities(spread, 1 / 27)[:, len(context) :: len(context) + 1]
        assert found.sum(axis=1) == pytest.approx(np.ones(6), abs=1e-12)


def test_without_smoothing_every_new_chapter_but_some_is_impossible_from_pairs_on_and_all_from_triples_on(letters):
    unsmoothed = letters.held_out[0]
    assert np.isfinite(unsmoothed[0]).all()
    assert np.isinf(unsmoothed[1]).sum() > 0
    assert np.isinf(unsmoothed[2:]).all()
    assert np.isfinite(letters.training).all()


def test_known_chapters_are_cheaper_with_every_letter_of_context_and_new_ones_are_not(letters):
    assert (np.diff(letters.training, axis=1) < 0).all()
    best = letters.held_out.mean(axis=2).argmin(axis=1) + 1
    assert best[1:].tolist() == [4, 7, 5]


def test_pairs_of_words_need_fewer_bits_per_byte_than_the_best_letters_in_every_chapter(letters, words):
    alone, pairs = words.bits / words.letters
    assert (pairs < letters.held_out[1:].min(axis=(0, 1))).all()
    assert alone.mean() == pytest.approx(letters.held_out[-1, 4].mean(), abs=0.05)


def test_a_model_of_words_gives_every_new_word_a_probability_and_counts_every_letter_once(words):
    assert np.isfinite(words.bits).all()
    assert (words.unseen > 0.03).all()
    assert words.letters.tolist() == [len(text) for text in chapters()]
    assert words.words.tolist() == [text.count(" ") for text in chapters()]


def test_the_surprises_along_a_line_are_those_of_its_chapter():
    line = "seated on their throne"
    counts = surprises_along(line, 10, 6)
    assert counts.share.shape == (6, len(line))
    others = [text for at, text in enumerate(chapters()) if at != 10]
    after = [text.count("thei") for text in others], [text.count("their") for text in others]
    assert counts.share[4, line.index("r")] == sum(after[1]) / sum(after[0])


def test_a_line_of_another_chapter_a_strange_letter_and_too_long_n_grams_are_refused():
    with pytest.raises(ValueError, match="expected a line of chapter 0, got 'seated on"):
        surprises_along("seated on their throne", 0, 2)
    for chapter in (-2, 12, None):  # counted from the end, it would not be held out
        with pytest.raises(ValueError, match=f"expected a chapter from 0 to 11, got {chapter}"):
            surprises_along("seated on their throne", chapter, 2)
    with pytest.raises(ValueError, match=r"a to z alone, got \['Q', 'é'\]"):
        letters_of("éQ")
    with pytest.raises(TypeError, match="expected a text, got None"):
        letters_of(None)
    for order, alphabet, kind in ((0, 27, ValueError), (1, 0, ValueError), (1.5, 27, TypeError), (None, 27, TypeError)):
        with pytest.raises(kind, match="expected a positive integer"):
            counted([letters_of("a")], [letters_of("a")], order, alphabet)
    with pytest.raises(ValueError, match=r"below 2 \*\* 63, got 27 \*\* 14"):
        counted([letters_of("a")], [letters_of("a")], 14, 27)
    with pytest.raises(ValueError, match=r"argument `spread`.*from 0 to 1"):
        counted([letters_of("a")], [letters_of("a")], 1, 27).probabilities(1.5, 1 / 27)
