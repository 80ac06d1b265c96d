"""Put the folded code of a cell below what the cell shows.

A page is about its figures and results; how they were made is an offer, and comes after them. Cells tagged
``hide-input`` that follow each other without a word between them, and of which only the last shows something,
are one step in several pieces: their code stands in one fold.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from ce.site.figures import live_figure, page_of_figure


def setup(app: Sphinx) -> None:
    """Register the fold and what puts it in its place."""
    app.add_node(code_fold, html=(_open_fold, _close_fold))
    app.add_post_transform(FoldedCodeAfterOutput)


class code_fold(nodes.General, nodes.Element):  # noqa: N801 (docutils names its nodes so)
    """What is behind a summary that reads ``show`` or ``hide``; ``subject`` says whose code it is."""


class FoldedCodeAfterOutput(SphinxPostTransform):
    """Do what MyST-NB would do for ``hide-input``, only below the output and once for a run of cells."""

    # After outputs have been chosen (4), before MyST-NB wraps what is to be hidden (199).
    default_priority = 198
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Fold the code of the page's cells, and what is to be opened whole."""
        for cell in list(self.document.findall(_is_closed)):
            fold = code_fold("", show=cell["prompt_show"], hide=cell["prompt_hide"], code=False)
            fold.extend(cell.children)
            del cell["hide_mode"]
            cell.children = []
            cell.append(fold)
        for cells in list(_runs(self.document)):
            last = cells[-1]
            fold = code_fold("", show=last["prompt_show"], hide=last["prompt_hide"], code=True, **_subject(last))
            for cell in cells:
                fold += cell.pop(0)
                del cell["hide_mode"]
                if cell is not last:
                    cell.parent.remove(cell)
            last += fold


def _runs(page: nodes.document) -> Iterator[list[nodes.Element]]:
    run: list[nodes.Element] = []
    for cell in list(page.findall(_is_folded)):
        if run and not (_follows(run[-1], cell) and not _shows(run[-1])):
            yield run
            run = []
        run.append(cell)
    if run:
        yield run


def _is_folded(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("hide_mode") == "input" and "cell_input" in _kinds(node)


def _is_closed(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("hide_mode") in {"output", "all"}


def _kinds(cell: nodes.Element) -> str:
    return " ".join(name for child in cell.children for name in child.get("classes", ()))


def _follows(cell: nodes.Element, other: nodes.Element) -> bool:
    """Whether nothing a reader sees stands between two cells."""
    if cell.parent is not other.parent:
        return False
    between = cell.parent.children[cell.parent.index(cell) + 1 : cell.parent.index(other)]
    return all(isinstance(node, nodes.Invisible | nodes.target) for node in between)


def _shows(cell: nodes.Element) -> bool:
    """Whether a cell has an output that a reader sees; a number handed to the text is none."""
    seen = (nodes.Text, nodes.image, nodes.raw, live_figure)
    return any(isinstance(node, seen) for child in cell.children[1:] for node in child.findall())


def _subject(cell: nodes.Element) -> dict[str, str]:
    """Return what the code makes, in words, and the name of the figure if it is one."""
    for figure in cell.findall(live_figure):
        return {"subject": f"of the figure “{figure['spec']['title']}”", "figure": figure["spec"]["name"]}
    section = cell.parent
    while section is not None and not isinstance(section, nodes.section):
        section = section.parent
    title = section.next_node(nodes.title) if section is not None else None
    return {"subject": f"of what is shown in “{title.astext()}”"} if title is not None else {}


def _open_fold(translator: HTML5Translator, node: code_fold) -> None:
    # The summary's name is what is read on it, and then whose code it is: pages have many.
    subject = f'<span class="visually-hidden"> {escape(node["subject"])}</span>' if "subject" in node else ""
    translator.body.append(
        f'<details class="admonition hide{" below-output" if node["code"] else ""}"><summary>'
        f'<p class="collapsed admonition-title">{escape(node["show"])}{subject}</p>'
        f'<p class="expanded admonition-title">{escape(node["hide"])}{subject}</p></summary>\n'
    )
    if "figure" in node:
        page = translator.builder.get_relative_uri(translator.builder.current_docname, page_of_figure(node["figure"]))
        translator.body.append(f'<p class="ce-alone"><a href="{page}">The figure alone</a>, to project or embed</p>\n')


def _close_fold(translator: HTML5Translator, _node: code_fold) -> None:
    translator.body.append("</details>\n")
