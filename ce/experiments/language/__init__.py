"""Language models on a real text: n-grams of letters and of words, trained by counting."""

from ce.experiments.language.ngrams import Counts, counted
from ce.experiments.language.study import LetterStudy, WordStudy, letter_study, surprises_along, word_study
from ce.experiments.language.text import ALPHABET, chapters, letters_of

__all__ = [
    "ALPHABET",
    "Counts",
    "LetterStudy",
    "WordStudy",
    "chapters",
    "counted",
    "letter_study",
    "letters_of",
    "surprises_along",
    "word_study",
]
