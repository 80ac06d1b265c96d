"""Language models on a real text: n-grams of letters and words, trained by counting, each chapter held out in its turn.

The text is Alice's Adventures in Wonderland in 27 letters, the space and a to z; ``alice29.md`` says whence it comes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ce.checks import FloatArray, IntArray, number, positive_integer

ALPHABET = " abcdefghijklmnopqrstuvwxyz"
_BOOK = Path(__file__).with_name("alice29.txt")
SPELLING = 5  # the n-grams of letters in which a new word is spelt


@cache
def chapters() -> tuple[str, ...]:
    """Return the twelve chapters in lower case; whatever is not a letter is a space, and several spaces are one.

    Each begins with its title and ends with a space, so that a word and the space after it are one piece.

    Examples
    --------
    >>> len(chapters()), chapters()[0][:41]
    (12, 'down the rabbit hole alice was beginning ')
    """
    parts = re.split(r"\n +CHAPTER [IVX]+\n", _BOOK.read_text(encoding="ascii"))[1:]
    return tuple(re.sub("[^a-z]+", " ", part.lower()).lstrip() for part in parts)


def letters_of(text: str) -> IntArray:
    """Return the places of letters in :data:`ALPHABET`.

    Raises
    ------
    TypeError, ValueError
        For what is no text, or a character that is none of the 27.

    Examples
    --------
    >>> letters_of("a cat")
    array([ 1,  0,  3,  1, 20])
    """
    if not isinstance(text, str):
        raise TypeError(f"letters_of: expected a text, got {text!r}")
    if strange := sorted(set(text) - set(ALPHABET)):
        raise ValueError(f"letters_of: expected the space and a to z alone, got {strange}")
    return np.array([ALPHABET.index(letter) for letter in text], dtype=np.int64)


@dataclass(frozen=True)
class Counts:
    """What the training texts say of the T tokens of a text, from contexts of 0, 1, …, n − 1 tokens.

    Parameters
    ----------
    share
        Shape (n, T): the share of this token among those that followed its context in training; 0 where the
        context never came up.
    total, kinds
        Shape (n, T): how many tokens followed this context in training, and how many different ones.
    """

    share: FloatArray
    total: IntArray
    kinds: IntArray

    def part(self, places: slice) -> Counts:
        """Return the counts of some of the tokens."""
        return Counts(self.share[:, places], self.total[:, places], self.kinds[:, places])

    def probabilities(self, spread: float | None, base: FloatArray | float) -> FloatArray:
        """Return the probability of each token by the models of orders 0, 1, …, n, shape (n + 1, T).

        Order 0 is ``base``. Each longer context keeps the share 1 − ε for what followed it in training, and leaves
        ε to the next shorter one; a context that never came up leaves all.

        Parameters
        ----------
        spread
            The ε of every context; None gives each its own, k / (k + t) where t tokens of k kinds followed it.
        base
            The probability of each token before any counting: 1/27 for a letter.

        References
        ----------
        Witten and Bell (1991), method C: the ε of a context is the share of novelties in it.

        Examples
        --------
        >>> counts = counted([np.array([1, 1, 2])], [np.array([1, 2, 2])], order=1, alphabet=3)
        >>> counts.probabilities(spread=0.3, base=1 / 3)[1]
        array([0.56666667, 0.33333333, 0.33333333])
        """
        if spread is not None:
            number(spread, "probabilities", "spread", low=0, high=1)
        found = [np.broadcast_to(base, self.share.shape[1:])]
        for share, total, kinds in zip(self.share, self.total, self.kinds, strict=True):
            left = kinds / np.maximum(kinds + total, 1) if spread is None else spread
            found.append(np.where(total > 0, (1 - left) * share + left * found[-1], found[-1]))
        return np.stack(found)


def counted(training: Sequence[IntArray], texts: Sequence[IntArray], order: int, alphabet: int) -> Counts:
    """Count the n-grams of the training texts, and look up those of the texts, one after the other.

    Parameters
    ----------
    training, texts
        Tokens as numbers from 0 to ``alphabet`` − 1. Before its first token each text has as many 0 as needed.
    order
        The longest n-grams.
    alphabet
        How many tokens there are.

    Raises
    ------
    TypeError, ValueError
        For an order or an alphabet that is no positive integer, or where a number of an n-gram would not fit into
        64 bits.
    """
    tokens, longest = positive_integer(alphabet, "counted", "alphabet"), positive_integer(order, "counted", "order")
    if tokens ** min(longest, 64) >= 2**63:
        raise ValueError(f"counted: expected alphabet ** order below 2 ** 63, got {alphabet} ** {order}")
    rows: list[tuple[FloatArray, IntArray, IntArray]] = []
    for n in range(1, order + 1):
        grams, counts = np.unique(_grams(training, n, alphabet), return_counts=True)
        contexts, first = np.unique(grams // alphabet, return_index=True)
        totals, kinds = np.add.reduceat(counts, first), np.diff(np.append(first, len(grams)))
        wanted = _grams(texts, n, alphabet)
        count = _found(grams, counts, wanted)
        total, kind = (_found(contexts, column, wanted // alphabet) for column in (totals, kinds))
        rows.append((count / np.maximum(total, 1), total, kind))
    return Counts(*(np.stack(column) for column in zip(*rows, strict=True)))


def _grams(texts: Sequence[IntArray], n: int, alphabet: int) -> IntArray:
    """Return the n-gram that ends at each token as one number, its digits the tokens."""
    blank = np.zeros(n - 1, dtype=np.int64)
    joined = np.concatenate([part for text in texts for part in (blank, text)])
    own = np.concatenate([part for text in texts for part in (blank > 0, text >= 0)])
    value = np.zeros(len(joined), dtype=np.int64)
    for at in range(n):
        value[at:] += joined[: len(joined) - at] * alphabet**at
    return value[own]


def _found(keys: IntArray, values: IntArray, wanted: IntArray) -> IntArray:
    """Return the value of each key that is wanted, 0 for one that is not there."""
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0)


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
        When there is no such chapter, or the line is not in it.

    Examples
    --------
    >>> surprises_along("alice ", 0, 2).share[1].round(2)
    array([0.13, 0.1 , 0.18, 0.08, 0.3 , 0.43])
    """
    if chapter not in range(len(chapters())):
        raise ValueError(f"surprises_along: expected a chapter from 0 to {len(chapters()) - 1}, got {chapter!r}")
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
