"""What the code cells of a chapter show when they run from top to bottom in one namespace."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jupytext
import yaml
from nbformat import NotebookNode

from ce.exercises.question import Question
from ce.figures import Figure, FirstPassage
from ce.figures.evaluation import Scene

ROOT = Path(__file__).parents[2]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))
CHAPTERS = [chapter["file"] for part in TOC["parts"] if part.get("numbered") for chapter in part["chapters"]]
# A cell that shows a claim of `ce.claims`; the derivations that a page writes out itself are run whole.
CLAIM = re.compile(r"\w+\.\w+\(\)\.check\(\)")
ASKS = re.compile(r"^(?:Choice|Condition|Exercise|FalseLine|NumberExercise|Order|StepByStep)\(", re.MULTILINE)
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]


def source(page: str) -> str:
    return (ROOT / f"{page}.md").read_text(encoding="utf8")


@cache
def notebook(page: str) -> NotebookNode:
    return jupytext.reads(source(page), fmt="md:myst")


@cache
def cells(page: str) -> tuple[str, ...]:
    """Return the code that runs when the book is built."""
    return tuple(cell.source for cell in notebook(page).cells if cell.cell_type == "code" and not local(cell))


def local(cell: NotebookNode) -> bool:
    """Whether a cell is for readers to run, since a website has no kernel to answer it."""
    return "skip-execution" in cell.metadata.get("tags", [])


def asks(code: str) -> bool:
    """Whether a cell sets an exercise."""
    return bool(ASKS.search(code))


def trains(page: str) -> bool:
    """Whether a page trains models, which takes its time; its exercises stand on their own."""
    return any("run_study(" in code for code in cells(page))


def draws(page: str) -> bool:
    """Whether a page has figures that need no training; its cells are not run to know it."""
    return not trains(page) and any("Figure(" in code for code in cells(page))


def figures(page: str) -> list[Figure]:
    return [thing for thing in shown(page) if isinstance(thing, Figure)]


def figure(page: str, name: str) -> Figure:
    (found,) = [thing for thing in figures(page) if thing.name == name]
    return found


def readouts(figure: Figure, values: Mapping[str, float]) -> dict[tuple[str, str], Any]:
    """Return the numbers below a figure at some values of its parameters, by their labels and columns."""
    scene = Scene(figure, figure.values(values))
    return {
        (row.label, row.column): scene.first_passage(row)
        if isinstance(row, FirstPassage)
        else scene.number(row.expression, row.along)
        for row in figure.readouts
    }


def shown(page: str) -> tuple[Any, ...]:
    """Return what each cell of a page shows; of a page that trains models, only the exercises run."""
    return _ran(page)[0]


def glued(page: str) -> dict[str, Any]:
    """Return the numbers that the cells of a page hand to its prose."""
    return _ran(page)[1]


@cache
def questions(page: str) -> tuple[Question, ...]:
    """Return the exercises of a page.

    Of its other cells only those run whose names the exercises use; where models are trained, none.
    """
    needed: set[str] = set()
    wanted: list[str] = []
    for code in reversed(cells(page)):
        names = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)]
        bound = {node.id for node in names if isinstance(node.ctx, ast.Store)} | _imported_or_defined(code)
        if asks(code) or (bound & needed and not trains(page)):
            wanted.insert(0, code)
            needed |= {node.id for node in names}
    namespace: dict[str, Any] = {}
    with patch.dict(os.environ, CE_SITE_BUILD="1"), patch("myst_nb.glue"):
        shown = [_run(code, page, namespace) for code in wanted]
    return tuple(thing for thing in shown if isinstance(thing, Question))


def _imported_or_defined(code: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(code)))
    found = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    made = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    return made | {alias.asname or alias.name.partition(".")[0] for node in found for alias in node.names}


@cache
def _ran(page: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    namespace: dict[str, Any] = {}
    numbers: dict[str, Any] = {}

    def glue(name: str, value: Any, display: bool = True) -> None:
        numbers[name] = value

    wanted = [code for code in cells(page) if not trains(page) or asks(code)]
    with patch.dict(os.environ, CE_SITE_BUILD="1"), patch("myst_nb.glue", glue):
        return tuple(_run(code, page, namespace) for code in wanted), numbers


def _run(code: str, page: str, namespace: dict[str, Any]) -> Any:
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, page, "exec"), namespace)
    if last is None:
        return None
    value = last.value
    if CLAIM.fullmatch(ast.unparse(value)):
        value = value.func.value  # the tests of the claims check it
    return eval(compile(ast.Expression(value), page, "eval"), namespace)
