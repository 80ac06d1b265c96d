"""No module of the engine imports, by whatever way round, a module that imports it."""

from __future__ import annotations

import ast
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "ce" / "derivation"
NAMES = {".".join(path.relative_to(FOLDER).with_suffix("").parts): path for path in FOLDER.rglob("*.py")}


def imported(path: Path) -> set[str]:
    """Return the modules of the folder that a module imports, for its types too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ce.derivation."):
            found.add(node.module.removeprefix("ce.derivation."))
    return found & NAMES.keys()


def in_circles(below: dict[str, set[str]]) -> set[str]:
    """Return what is left when modules that import none of the rest are taken away, again and again."""
    rest = {name: set(names) for name, names in below.items()}
    while free := {name for name, names in rest.items() if not names & rest.keys()}:
        rest = {name: names for name, names in rest.items() if name not in free}
    return set(rest)


def test_there_is_no_import_circle() -> None:
    below = {name: imported(path) for name, path in NAMES.items() if name != "__init__"}
    assert len(below["steps"]) > 3, "imports are found"
    assert in_circles(below) == set()


def test_a_circle_would_be_found() -> None:
    assert in_circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == {"a", "b", "c", "d"}
