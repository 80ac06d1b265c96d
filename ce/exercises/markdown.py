"""Exercises as Markdown, for sheets and for paper by way of LaTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

__all__ = ["LETTERED", "in_markdown", "items", "question"]

LETTERED = [f"- {letter}. " for letter in "abcdefghijklmnopqrstuvwxyz"]


def question(one: Mapping[str, Any], indent: str = "") -> str:
    """Return the question of a record, with what there is to choose from."""
    wanted = f" Answer {one['wanted']}." if one["wanted"] else ""
    # The lines of a derivation hold its answer.
    options = "" if one["kind"] == "formula" or not one["listed"] else items(one["listed"], indent, LETTERED)
    return in_markdown(one["asked"]) + wanted + options


def in_markdown(html: str) -> str:
    """Return a text of a page as Markdown, with its mathematics between dollars."""
    parts = re.split(r"\\\((.+?)\\\)", unescape(re.sub(r"<[^>]+>", "", html)))  # every second one is mathematics
    parts[::2] = (re.sub(r"([\\`*_$<\[\]])", r"\\\1", part) for part in parts[::2])
    return "$".join(parts)


def items(rows: Sequence[str], indent: str, marks: Sequence[str]) -> str:
    """Return texts of a page as a list, each with its mark."""
    return "\n" + "".join(f"\n{indent}{mark}{in_markdown(row)}" for mark, row in zip(marks, rows, strict=False))
