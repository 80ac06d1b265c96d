"""Imports within the package go downward only, as CONTRIBUTING.md draws it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ce"
# What each part may import besides itself. A part that is not listed here has no place yet.
BELOW: dict[str, frozenset[str]] = {
    "symbols": frozenset(),
    "checks": frozenset(),
    "bundle": frozenset(),
    "notebook": frozenset(),
    "cards": frozenset({"bundle", "notebook", "formulas"}),
    "references": frozenset(),
    "formulas": frozenset({"symbols", "checks"}),
    "derivation": frozenset({"cards", "symbols", "formulas", "references"}),
    "numeric": frozenset({"checks"}),
    "figures": frozenset({"bundle", "symbols", "notebook", "formulas"}),
    "claims": frozenset({"cards", "symbols", "formulas", "derivation", "references"}),
    "exercises": frozenset({"bundle", "symbols", "notebook", "formulas", "derivation"}),
    "experiments": frozenset({"symbols", "formulas", "checks", "notebook", "numeric"}),
}
BELOW["site"] = frozenset(BELOW)
MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_parts(source: str) -> Iterator[str]:
    """Give the parts of ``ce`` that a source text imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which part a module belongs to"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            if package == "ce" and rest:
                yield rest.split(".")[0]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_is_below_it(module: Path) -> None:
    part = part_of(module)
    allowed = BELOW[part] | {part} if part != "__init__" else frozenset()
    assert set(imported_parts(module.read_text(encoding="utf8"))) <= allowed


def test_the_order_has_no_circle() -> None:
    rest = dict(BELOW)
    while rest:
        free = [part for part, below in rest.items() if not below & rest.keys()]
        assert free, f"these parts import one another: {sorted(rest)}"
        for part in free:
            del rest[part]


def test_nothing_imports_jupyter_book_so_that_the_pages_outlive_it() -> None:
    texts = [module.read_text(encoding="utf8") for module in MODULES]
    assert any(re.search(r"^from sphinx\b", text, re.MULTILINE) for text in texts)
    assert not [text for text in texts if re.search(r"^\s*(?:import|from) jupyter_book\b", text, re.MULTILINE)]


def named(module: Path) -> str:
    return ".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def packages(module: str) -> set[str]:
    """Give the packages that a module is in, which are imported before it."""
    return {module[:at] for at, letter in enumerate(module) if letter == "."}


def imported_modules(source: str, known: Collection[str]) -> set[str]:
    """Give the modules that a source text imports, at the top or within a function, and the packages these are in."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            within = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= within & set(known) or {str(node.module)}
    return found.union(*map(packages, found)) & set(known)


def circles(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Give what is left of the modules when those that import none of the rest are taken away, again and again."""
    rest = {name: imported_modules(source, sources) - packages(name) - {name} for name, source in sources.items()}
    while free := {name for name, needed in rest.items() if not needed & rest.keys()}:
        rest = {name: needed for name, needed in rest.items() if name not in free}
    return rest


def test_no_modules_import_one_another_not_even_within_a_folder_or_a_function() -> None:
    sources = {named(module): module.read_text(encoding="utf8") for module in MODULES}
    assert len(sources) > 100
    assert not circles(sources)


def test_a_circle_is_found_however_it_is_hidden() -> None:
    hidden = "def f():\n    from ce.b import g\n"
    assert circles({"ce.a": hidden, "ce.b": "from ce import c", "ce.c": "import ce.a", "ce.d": "import ce.a"})
    assert circles({"ce.a": "from ce.b.c import f", "ce.b": "import ce.a", "ce.b.c": ""})
    assert not circles({"ce.a": hidden, "ce.b": "from ce import c", "ce.c": "import json"})


def towers(source: str) -> set[str]:
    """Return the classes whose base is a class of the package, imported or in the same file."""
    tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = {name.asname or name.name for node in imports if (node.module or "")[:3] == "ce." for name in node.names}
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    ours |= {node.name for node in classes}
    return {node.name for node in classes if ours & {ast.unparse(base) for base in node.bases}}


def test_each_class_of_the_normal_form_stands_by_itself() -> None:
    texts = [module.read_text(encoding="utf8") for module in MODULES if "normal_form" in module.parts]
    assert sum("class " in text for text in texts) > 3, "classes are found"
    assert set().union(*map(towers, texts)) == set()


def test_a_tower_would_be_found() -> None:
    assert towers("from ce.derivation.steps import Step\nclass Next(Step): ...") == {"Next"}
    assert towers("class Low: ...\nclass High(Low): ...") == {"High"}
    assert towers("class Row(NamedTuple): ...") == set()


# One module stands for one chapter, in the order of the book: many of one kind are no crowd.
PARALLEL = {"claims"}
MOST = 16


def test_no_folder_is_a_crowd_of_unlike_modules() -> None:
    crowds = Counter(
        folder
        for module in MODULES
        if module.stem != "__init__" and (folder := module.parent.relative_to(PACKAGE).as_posix()) not in PARALLEL
    )
    assert max(crowds.values()) >= 10
    assert {folder: count for folder, count in crowds.items() if count > MOST} == {}


def test_every_part_of_the_package_has_its_place() -> None:
    assert {part_of(module) for module in MODULES} - {"__init__"} <= BELOW.keys()


@pytest.mark.parametrize(
    "source", ["import ce.site", "from ce.site import setup", "from ce import site", "def f():\n    import ce.site.x"]
)
def test_an_upward_import_is_found_however_it_is_written(source: str) -> None:
    assert set(imported_parts(source)) == {"site"}


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "misc", "common", "tools"}
    assert not [module for module in MODULES if module.stem in drawers]
