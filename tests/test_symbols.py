"""One letter, one meaning: the notation page says of every symbol of the book what it stands for."""

from __future__ import annotations

from collections import Counter

from sympy import Indexed, IndexedBase

import ce.symbols
from ce.formulas import typeset
from ce.symbols import NOTATION

# Indices that stand beside one another in a row of the table.
FURTHER = {"j", "l", "m", "i"}


def letters() -> list[str]:
    return [typeset(row.symbol.base if isinstance(row.symbol, Indexed) else row.symbol) for row in NOTATION]


def test_every_symbol_stands_in_the_table() -> None:
    named = {
        getattr(ce.symbols, name)
        for name in ce.symbols.__all__
        if name not in {"NOTATION", "DISTRIBUTIONS", "Notation"}
    }
    listed = {row.symbol.base if isinstance(row.symbol, Indexed) else row.symbol for row in NOTATION}
    assert {str(symbol) for symbol in named - listed} == FURTHER


def test_a_letter_stands_for_two_things_only_where_one_is_an_entry_of_the_other() -> None:
    twice = {letter for letter, count in Counter(letters()).items() if count > 1}
    assert twice == {"y", "z", "c"}  # of one example or class, and of each
    for letter in twice:
        kinds = [
            isinstance(row.symbol, Indexed) for row, name in zip(NOTATION, letters(), strict=True) if name == letter
        ]
        assert sorted(kinds) == [False, True]


def test_an_index_is_said_to_be_further_where_the_table_has_no_row_of_its_own() -> None:
    said = " ".join(row.meaning for row in NOTATION if not isinstance(row.symbol, IndexedBase))
    assert all(f" {letter} " in f" {said.replace(',', ' ').replace(';', ' ')} " for letter in FURTHER)
