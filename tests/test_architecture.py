"""Imports within the package go downward only, as CONTRIBUTING.md draws it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ce"
# What each part may import besides itself. A part that is not listed here has no place yet.
BELOW: dict[str, frozenset[str]] = {
    "symbols": frozenset(),
    "checks": frozenset(),
    "references": frozenset(),
    "formulas": frozenset({"symbols"}),
    "derivation": frozenset({"symbols", "formulas", "references"}),
    "numeric": frozenset({"checks"}),
    "figures": frozenset({"symbols", "formulas"}),
    "claims": frozenset({"symbols", "formulas", "derivation", "references"}),
    "exercises": frozenset({"symbols", "formulas", "derivation"}),
    "experiments": frozenset({"symbols", "formulas", "checks", "numeric"}),
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
