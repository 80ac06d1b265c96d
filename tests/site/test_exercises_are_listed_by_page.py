"""The list by which the contents count: every exercise of every page, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path


def test_the_list_has_the_exercises_of_each_page_in_their_order(built_book: Path) -> None:
    script = (built_book / "_static" / "exercise_list.js").read_text(encoding="utf8")
    listed = json.loads(script.removeprefix("globalThis.ceExercises=").rstrip(";\n"))
    there = {
        path.relative_to(built_book).with_suffix("").as_posix(): re.findall(
            r'<section class="ce-exercise" data-exercise="([^"]+)"', path.read_text(encoding="utf8")
        )
        for path in (built_book / "book").rglob("*.html")
    }
    assert listed == {page: names for page, names in there.items() if names}
    assert sum(map(len, listed.values())) >= 80


def test_the_list_is_read_before_the_script_that_counts(built_book: Path) -> None:
    page = (built_book / "book" / "quantity" / "kl-divergence.html").read_text(encoding="utf8")
    assert page.index("exercise_list.js") < page.index("exercise.js")
