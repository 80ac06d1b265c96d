"""How the engine is put together: no import circle, and in the normal form no tower of classes."""

from __future__ import annotations

import ast
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "ce" / "derivation"


def named(path: Path) -> str:
    """Return the name of a module, that of a room being its folder's."""
    parts = path.relative_to(FOLDER.parents[1]).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {named(path): path for path in FOLDER.rglob("*.py")}


def imported(name: str, path: Path) -> set[str]:
    """Return the modules that a module imports, for its types too, and with a module the room it is in."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.ImportFrom):
            parts = (node.module or "").split(".")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    rooms = {name[:at] for at, letter in enumerate(name) if letter == "."}
    return (found & NAMES.keys()) - rooms - {name}


def in_circles(below: dict[str, set[str]]) -> set[str]:
    """Return what is left when modules that import none of the rest are taken away, again and again."""
    rest = {name: set(names) for name, names in below.items()}
    while free := {name for name, names in rest.items() if not names & rest.keys()}:
        rest = {name: names for name, names in rest.items() if name not in free}
    return set(rest)


def test_there_is_no_import_circle() -> None:
    below = {name: imported(name, path) for name, path in NAMES.items()}
    assert len(below["ce.derivation.steps"]) > 3, "imports are found"
    assert "ce.derivation.normal_form" in below["ce.derivation.judge"], "and the rooms they are in"
    assert in_circles(below) == set()


def test_a_circle_would_be_found() -> None:
    assert in_circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == {"a", "b", "c", "d"}


def towers(source: str) -> set[str]:
    """Return the classes whose base is a class of the package, imported or in the same file."""
    tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = {name.asname or name.name for node in imports if (node.module or "")[:3] == "ce." for name in node.names}
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    ours |= {node.name for node in classes}
    return {node.name for node in classes if ours & {ast.unparse(base) for base in node.bases}}


def test_each_class_of_the_normal_form_stands_by_itself() -> None:
    rooms = {path: path.read_text(encoding="utf8") for path in (FOLDER / "normal_form").rglob("*.py")}
    assert sum("class " in source for source in rooms.values()) > 3, "classes are found"
    assert set().union(*map(towers, rooms.values())) == set()


def test_a_tower_would_be_found() -> None:
    assert towers("from ce.derivation.steps import Step\nclass Next(Step): ...") == {"Next"}
    assert towers("class Low: ...\nclass High(Low): ...") == {"High"}
    assert towers("class Row(NamedTuple): ...") == set()
