"""The code of a claim as a script of its own: what a reader pastes into a cell, changes and runs."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any

__all__ = ["runnable_source"]


def runnable_source(function: Callable[..., Any]) -> str:
    """Return the function with the imports and definitions it uses, and a call that checks it.

    Parameters
    ----------
    function
        A function at the top level of a module that returns a derivation.

    Examples
    --------
    >>> from ce.claims.one_procedure import likelihood_of_one_example
    >>> print(likelihood_of_one_example().source.splitlines()[-1])
    likelihood_of_one_example().check()
    """
    lines, tree = _parsed(function.__module__)
    name = function.__name__
    wanted = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    kept: list[ast.stmt] = []
    needed = set(_names(wanted))
    for node in reversed(tree.body):  # a definition may use what stands above it
        if node is not wanted and needed & set(_defined(node)):
            kept.insert(0, node)
            needed |= set(_names(node))
    imports = [line for node in kept for line in _import_lines(node, needed)]
    others = [_text(lines, node) for node in kept if not isinstance(node, ast.Import | ast.ImportFrom)]
    blocks = ["\n".join(imports), *others, _text(lines, wanted), f"{name}().check()"]
    return "\n\n".join(block for block in blocks if block) + "\n"


@cache
def _parsed(module: str) -> tuple[list[str], ast.Module]:
    text = inspect.getsource(import_module(module))
    return text.splitlines(), ast.parse(text)


@cache
def _names(node: ast.AST) -> frozenset[str]:
    body = node.body if isinstance(node, ast.FunctionDef) else [node]
    return frozenset(inner.id for part in body for inner in ast.walk(part) if isinstance(inner, ast.Name))


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name for alias in node.names)
    elif isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from (inner.id for inner in ast.walk(target) if isinstance(inner, ast.Name))


def _import_lines(node: ast.stmt, needed: set[str]) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module != "ce.claims.registry":
        names = sorted(
            alias.name + (f" as {alias.asname}" if alias.asname else "")
            for alias in node.names
            if (alias.asname or alias.name) in needed
        )
        if names:
            yield f"from {node.module} import {', '.join(names)}"


def _text(lines: list[str], node: ast.stmt) -> str:
    """Return the code of a statement at the top level, without its decorators."""
    return "\n".join(lines[node.lineno - 1 : node.end_lineno])
