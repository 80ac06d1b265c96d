"""Make the line numbers in messages about a chapter those of its file."""

from __future__ import annotations

from typing import Any

import myst_nb.sphinx_
from nbformat import NotebookNode

__all__ = ["correct_line_numbers", "first_code_line"]


def correct_line_numbers() -> None:
    """Correct the map from cells to lines that MyST-NB makes.

    Its reader drops the blank lines before a text cell but counts from the first of them, and both it and
    MyST-Parser turn lines counted from zero into lines counted from one. The two errors cancel only after
    exactly one blank line. The correction wraps the reader, and is made once.
    """
    create = myst_nb.sphinx_.create_nb_reader
    if getattr(create, "corrects_lines", False):
        return

    def create_correcting(path: str, md_config: Any, nb_config: Any, content: Any) -> Any:
        reader = create(path, md_config, nb_config, content)
        if reader is not None:
            read = reader.read
            reader.read = lambda text: _with_corrected_map(read(text), text)
        return reader

    create_correcting.corrects_lines = True  # type: ignore[attr-defined]
    myst_nb.sphinx_.create_nb_reader = create_correcting


def _with_corrected_map(notebook: NotebookNode, text: str) -> NotebookNode:
    starts = notebook.metadata.get("source_map")
    lines = text.splitlines()
    for index, cell in enumerate(notebook.cells if starts else ()):
        if cell.cell_type == "markdown":
            while starts[index] < len(lines) and not lines[starts[index]]:
                starts[index] += 1
        starts[index] -= 1  # one of the two turns from zero-based to one-based
    return notebook


def first_code_line(notebook: NotebookNode, index: int, text: str) -> int | None:
    r"""Give the line of the file on which the code of a cell starts.

    Parameters
    ----------
    notebook
        The notebook as MyST-NB read it, with ``source_map`` in its metadata.
    index
        Which cell.
    text
        The chapter's source.

    Returns
    -------
    int or None
        Line number, 1-based; None in an ``.ipynb``, which nobody reads by lines. The map leads to the cell's fence;
        options such as ``:tags:`` may follow it.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> text = "---\nx: 1\n---\n```{code-cell}\n:tags: [hide-input]\n1 / 0\n```\n"
    >>> notebook = new_notebook(cells=[new_code_cell("1 / 0")], metadata={"source_map": [3]})
    >>> first_code_line(notebook, 0, text)
    6
    """
    if "source_map" not in notebook.metadata:
        return None
    after_fence: int = notebook.metadata["source_map"][index] + 1
    code = notebook.cells[index].source.splitlines()
    lines = text.splitlines()
    for start in range(after_fence, len(lines)):
        if [line.strip() for line in lines[start : start + len(code)]] == [line.strip() for line in code]:
            return start + 1
    return after_fence + 1
