"""What models of letters and of words pay on a chapter they have not seen, each chapter held out in its turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ce.checks import FloatArray, IntArray, positive_integer
from ce.experiments.language.ngrams import Counts, counted
from ce.experiments.language.text import ALPHABET, chapters, letters_of

__all__ = ["LetterStudy", "WordStudy", "letter_study", "surprises_along", "word_study"]

SPELLING = 5  # the n-grams of letters in which a new word is spelt


@dataclass(frozen=True)
class LetterStudy:
    """Mean surprise of a letter in bits, for S ways of smoothing, orders 1 to n, and C chapters held out.

    Parameters
    ----------
    training, held_out
        Shape (S, n, C): on a chapter that was counted with the others, and on one that was not.
    unseen
        Shape (n, C): the share of letters of the chapter held out that never followed their context.
    """

    training: FloatArray
    held_out: FloatArray
    unseen: FloatArray


@dataclass(frozen=True)
class WordStudy:
    """Total surprise of each chapter held out, in bits, for models of orders 1 to n, and what it is divided by.

    Parameters
    ----------
    bits
        Shape (n, C).
    words, letters
        Shape (C,): how many words the chapter has, and how many letters, spaces included.
    unseen
        Shape (C,): the share of its words that no other chapter has.
    """

    bits: FloatArray
    words: IntArray
    letters: IntArray
    unseen: FloatArray


def letter_study(order: int, spreads: Sequence[float | None]) -> LetterStudy:
    """Hold out each chapter in turn, count the n-grams of the others, and look at what it pays, and one of them.

    Parameters
    ----------
    order
        The longest n-grams.
    spreads
        Ways of smoothing, as for :meth:`Counts.probabilities`.

    Examples
    --------
    >>> letter_study(2, [0.1]).held_out.mean(axis=2).round(2)
    array([[4.06, 3.25]])
    """
    positive_integer(order, "letter_study", "order")
    texts = [letters_of(text) for text in chapters()]
    training, held_out, unseen = [], [], []
    for at, text in enumerate(texts):
        others = texts[:at] + texts[at + 1 :]
        counts = counted(others, [text, others[at - 1]], order, len(ALPHABET))  # each chapter is once the known one
        new, known = counts.part(slice(len(text))), counts.part(slice(len(text), None))
        training.append(_bits(known, spreads))
        held_out.append(_bits(new, spreads))
        unseen.append((new.share == 0).mean(axis=1))
    return LetterStudy(*(np.stack(part, axis=-1) for part in (training, held_out, unseen)))


def _bits(counts: Counts, spreads: Sequence[float | None]) -> FloatArray:
    with np.errstate(divide="ignore"):  # what was thought impossible costs ∞
        means = [-np.log2(counts.probabilities(spread, 1 / len(ALPHABET))[1:]).mean(axis=1) for spread in spreads]
    return np.stack(means)


def surprises_along(line: str, chapter: int, order: int) -> Counts:
    """Return what the other chapters say of each letter of a line of one chapter, 0 being the first.

    Raises
    ------
    ValueError
        When the line is not in the chapter.

    Examples
    --------
    >>> surprises_along("alice ", 0, 2).share[1].round(2)
    array([0.13, 0.1 , 0.18, 0.08, 0.3 , 0.43])
    """
    text = chapters()[chapter]
    if line not in text:
        raise ValueError(f"surprises_along: expected a line of chapter {chapter}, got {line!r}")
    others = [letters_of(other) for at, other in enumerate(chapters()) if at != chapter]
    start = text.index(line)
    counts = counted(others, [letters_of(text[: start + len(line)])], order, len(ALPHABET))
    return counts.part(slice(start, None))


def word_study(order: int = 2) -> WordStudy:
    """Hold out each chapter in turn; a model of words gives what is left of its belief to the spelling of a word.

    So every string of letters has a probability, and a word that no other chapter has is not impossible. The
    spelling is an n-gram model of letters, trained on the list of the known words.

    Examples
    --------
    >>> study = word_study()
    >>> (study.bits.sum(axis=1) / study.letters.sum()).round(2)
    array([1.96, 1.75])
    """
    texts = [text.split() for text in chapters()]
    numbers = {word: at for at, word in enumerate(sorted({word for text in texts for word in text}), start=1)}
    spelt = {word: letters_of(f"{word} ") for word in numbers}
    coded = [np.array([numbers[word] for word in text]) for text in texts]
    bits, unseen = [], []
    for at, (text, code) in enumerate(zip(texts, coded, strict=True)):
        known = sorted({word for other in texts[:at] + texts[at + 1 :] for word in other})
        wanted = sorted(set(text))
        letters = counted([spelt[word] for word in known], [spelt[word] for word in wanted], SPELLING, len(ALPHABET))
        logs = np.log(letters.probabilities(None, 1 / len(ALPHABET))[-1])
        starts = np.cumsum([0, *(len(spelt[word]) for word in wanted)])[:-1]
        base = np.exp(np.add.reduceat(logs, starts))[np.searchsorted(wanted, text)]
        counts = counted(coded[:at] + coded[at + 1 :], [code], order, len(numbers) + 1)
        bits.append(-np.log2(counts.probabilities(None, base)[1:]).sum(axis=1))
        unseen.append((counts.share[0] == 0).mean())
    return WordStudy(
        np.array(bits).T,
        np.array([len(text) for text in texts]),
        np.array([len(text) for text in chapters()]),
        np.array(unseen),
    )
