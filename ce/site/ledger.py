"""See that every claim of the ledger has its page, derivation, exercise and figure, and link them there.

The ledger is made in a kernel, which knows no page. What the pages show is found as each is read; then the ledger's
claims are filled in, and what is missing fails the build.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from ce.site.figures import live_figure
from ce.site.problems import Problem, report

_DERIVATION = re.compile(r'<div class="ce-derivation[^>]* id="([^"]*)"')
_EXERCISE = re.compile(r'<section class="ce-exercise"[^>]* data-claims="([^"]*)" id="([^"]*)"')
_CLAIM = re.compile(r'<span class="ce-shown" data-claim="([^"]*)" data-figures="([^"]*)"></span>')
_ROW = re.compile(r'<a href="([^"]*)#(derivation-[^"]*)">|<span class="ce-unplaced">([^<]*)')
_STATEMENTS = "ce/claims/statements.toml"


class Shown(NamedTuple):
    """What a page shows: ids of derivations, titles of figures by id, the claims of exercises by id; and its ledger."""

    derivations: frozenset[str]
    figures: dict[str, str]
    exercises: dict[str, list[str]]
    ledger: str


def setup(app: Sphinx) -> None:
    """Look at each page as it is read, and at the ledger when all have been."""
    app.connect("doctree-read", _note_page)
    app.connect("env-purge-doc", lambda _app, env, page: _pages(env).pop(page, None))
    app.connect("env-updated", _check)
    app.connect("doctree-resolved", _fill)


def shown_by(page: nodes.document) -> Shown:
    """Find what a page shows."""
    outputs = [raw.astext() for raw in page.findall(nodes.raw) if "html" in raw["format"].split()]
    text = "\n".join(outputs)
    return Shown(
        frozenset(_DERIVATION.findall(text)),
        {f"figure-{node['spec']['name']}": node["spec"]["title"] for node in page.findall(live_figure)},
        {name: claims.split() for claims, name in _EXERCISE.findall(text)},
        next((output for output in outputs if _CLAIM.search(output)), ""),
    )


def missing(pages: dict[str, Shown], page: str) -> Iterator[str]:
    """Say what the claims of a page's ledger lack, each as a sentence.

    Parameters
    ----------
    pages
        What every page shows, by its name.
    page
        The page of the ledger.
    """
    table = pages[page].ledger
    figures = {figure for shown in pages.values() for figure in shown.figures}
    for claim, names in _CLAIM.findall(table):
        if not any(claim in claims for shown in pages.values() for claims in shown.exercises.values()):
            yield f"claim {claim} has no exercise: expected one on some page with claims=({claim!r},), got none"
        for name in names.split():
            if f"figure-{name}" not in figures:
                yield f"claim {claim} has no figure {name!r}, which {_STATEMENTS} names: expected it on some page"
    known = {claim for claim, _ in _CLAIM.findall(table)}
    for home, shown in pages.items():
        for exercise, claims in shown.exercises.items():
            if unknown := set(claims) - known:
                yield f"{exercise} on {home} practises {', '.join(sorted(unknown))}: expected a claim of the ledger"
    for link, derivation, unplaced in _ROW.findall(table):
        home = posixpath.normpath(posixpath.join(posixpath.dirname(page), link.removesuffix(".html")))
        if unplaced:
            yield f"the derivation of “{unescape(unplaced)}” has no page: expected one named as its module in ce/claims"
        elif home not in pages or derivation not in pages[home].derivations:
            yield f"{derivation} is an orphan: expected {home} to show it, by the check() of its claim, got none"


def _pages(env: BuildEnvironment) -> dict[str, Shown]:
    pages: dict[str, Shown] = env.__dict__.setdefault("ce_shown", {})
    return pages


def _note_page(app: Sphinx, page: nodes.document) -> None:
    _pages(app.env)[app.env.docname] = shown_by(page)


def _check(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Report what is missing, and have the ledgers written again whose links have changed."""
    for page in _ledgers(env):
        for problem in missing(_pages(env), page):
            report(app, Problem(env.doc2path(page, base=False), None, problem))
    return changed_ledgers(env)


def changed_ledgers(env: BuildEnvironment) -> list[str]:
    """Name the ledgers that link to something else than when this was asked before, in this build or an earlier one."""
    linked = {page: (shown, env.titles[page].astext()) for page, shown in _pages(env).items()}
    before, env.ce_linked = getattr(env, "ce_linked", None), linked  # type: ignore[attr-defined]
    return [] if linked == before else _ledgers(env)


def _ledgers(env: BuildEnvironment) -> list[str]:
    return [page for page, shown in _pages(env).items() if shown.ledger]


def _fill(app: Sphinx, page: nodes.document, docname: str) -> None:
    if not _pages(app.env)[docname].ledger:
        return

    def links(found: re.Match[str]) -> str:
        claim, names = found[1], {f"figure-{name}" for name in found[2].split()}
        seen, practised = [], []
        for other, shown in _pages(app.env).items():
            address = f"{posixpath.relpath(other, posixpath.dirname(docname))}.html"
            place = escape(app.env.titles[other].astext())
            seen += [
                f'<a href="{address}#{figure}">{escape(title)}</a>'
                for figure, title in shown.figures.items()
                if figure in names
            ]
            practised += [
                f'<a href="{address}#{exercise}">{place}, {number}</a>'
                for number, (exercise, claims) in enumerate(shown.exercises.items(), 1)
                if claim in claims
            ]
        return "".join(
            f'<span class="ce-place">{label}: {"; ".join(items)}</span>'
            for label, items in (("Seen in", seen), ("Practised in", practised))
            if items
        )

    for raw in list(page.findall(nodes.raw)):
        if _CLAIM.search(raw.astext()):
            filled: Any = _CLAIM.sub(links, raw.astext())
            raw.replace_self(nodes.raw("", filled, **raw.attributes))
