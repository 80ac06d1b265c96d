"""Alice's Adventures in Wonderland in 27 letters: the space and a to z. ``alice29.md`` says where it comes from."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np

from ce.checks import IntArray

__all__ = ["ALPHABET", "chapters", "letters_of"]

ALPHABET = " abcdefghijklmnopqrstuvwxyz"
_BOOK = Path(__file__).with_name("alice29.txt")


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
    ValueError
        When a character is none of the 27.

    Examples
    --------
    >>> letters_of("a cat")
    array([ 1,  0,  3,  1, 20])
    """
    if strange := sorted(set(text) - set(ALPHABET)):
        raise ValueError(f"letters_of: expected the space and a to z alone, got {strange}")
    return np.array([ALPHABET.index(letter) for letter in text], dtype=np.int64)
