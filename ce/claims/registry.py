"""The register of claims: which function derives which claim, in which chapter it stands, and its code as a script."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ce.claims.mathlib import formalisations
from ce.derivation import Derivation

# Likelihood, information, gradients, squared error, variants, scores, regression, exercises, frameworks, and
# what goes beyond all of these.
_ORDER = "LIGMVSREFC"

_registered: dict[str, Claim] = {}


@dataclass(frozen=True, eq=False)
class Claim:
    """A derivation of the book and the chapter it stands in.

    Parameters
    ----------
    derivation
        The derivation, its code and what mathlib has of it filled in.
    chapter
        Name of the chapter's page without its folder, such as ``"kl-divergence"``.
    name
        The function that returns it.
    """

    derivation: Derivation
    chapter: str
    name: str

    @property
    def key(self) -> str:
        """The claim and its part, such as ``"G2 softmax"``."""
        return self.derivation.key


def claim(function: Callable[[], Derivation]) -> Callable[[], Derivation]:
    """Register a function's derivation as standing in the chapter that its module is named after.

    ``ce/claims/kl_divergence.py`` holds the claims of the page ``kl-divergence``, whatever folder of the book
    that is in.

    Raises
    ------
    ValueError
        When two functions derive the same part of one claim, or when the claim has no number.
    """
    made = function()
    key, number = made.key, made.claim
    if number[:1] not in tuple(_ORDER) or not number[1:].isdecimal():
        raise ValueError(
            f"claim of {function.__name__}: expected one of the letters {_ORDER} and a number, such as 'L3', "
            f"got {number!r}"
        )
    chapter = function.__module__.rpartition(".")[2].replace("_", "-")
    known = _registered.get(key)
    if known and (known.chapter, known.name) != (chapter, function.__name__):
        raise ValueError(
            f"claim {key!r} is derived twice: by {known.name} for the chapter {known.chapter} and by "
            f"{function.__name__} for {chapter}; give one of them another part"
        )

    @cache
    def build() -> Derivation:
        return replace(made, source=runnable_source(function), formalised=formalisations().get(key))

    _registered[key] = Claim(build(), chapter, function.__name__)
    build.__doc__, build.__name__ = function.__doc__, function.__name__
    return build


def all_claims() -> tuple[Claim, ...]:
    """Return every claim, in the order of their numbers. Every module of the package is looked into.

    Examples
    --------
    >>> [claim.key for claim in all_claims()][:2]
    ['L1 likelihood', 'L1 negative logarithm']
    """
    package = import_module("ce.claims")  # by name: the package itself imports this module
    for module in iter_modules(package.__path__):
        import_module(f"ce.claims.{module.name}")
    return tuple(sorted(_registered.values(), key=_place))


def _place(claim: Claim) -> tuple[int, int, str]:
    """Return the place of a claim among all; in a chapter, parts stay in the order they are written in."""
    number = claim.derivation.claim
    return _ORDER.index(number[0]), int(number[1:]), claim.chapter


def derivation(key: str) -> Derivation:
    """Return the derivation of a claim by its key, such as ``"L2"`` or ``"G2 softmax"``.

    Raises
    ------
    KeyError
        When there is none; the message lists the keys there are.
    """
    claims = {claim.key: claim.derivation for claim in all_claims()}
    if key not in claims:
        raise KeyError(f"expected one of {', '.join(claims)}, got {key!r}")
    return claims[key]


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
