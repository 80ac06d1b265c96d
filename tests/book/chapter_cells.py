"""What the code cells of a chapter show when they run from top to bottom in one namespace."""

from __future__ import annotations

import ast
import os
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jupytext
import yaml

ROOT = Path(__file__).parents[2]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))
CHAPTERS = [chapter["file"] for part in TOC["parts"] if part.get("numbered") for chapter in part["chapters"]]
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]


def source(page: str) -> str:
    return (ROOT / f"{page}.md").read_text(encoding="utf8")


@cache
def cells(page: str) -> tuple[str, ...]:
    notebook = jupytext.reads(source(page), fmt="md:myst")
    return tuple(cell.source for cell in notebook.cells if cell.cell_type == "code")


def trains(page: str) -> bool:
    """Whether a page trains models, which takes its time; its exercises stand on their own."""
    return any("run_study(" in code for code in cells(page))


@cache
def shown(page: str) -> tuple[Any, ...]:
    """Return what each cell of a page shows; of a page that trains models, only the exercises run."""
    namespace: dict[str, Any] = {}
    wanted = [code for code in cells(page) if not trains(page) or "Exercise(" in code]
    with patch.dict(os.environ, CE_SITE_BUILD="1"):
        return tuple(_run(code, page, namespace) for code in wanted)


def _run(code: str, page: str, namespace: dict[str, Any]) -> Any:
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, page, "exec"), namespace)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), page, "eval"), namespace)
