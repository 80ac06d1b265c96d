"""Run cells in the Python that builds the book, and say which of which page failed, on which line, and why."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import myst_nb.core.execute.cache
import myst_nb.sphinx_
import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from myst_nb.sphinx_ import NbMetadataCollector
from myst_nb.sphinx_ext import OUTPUT_FOLDER
from nbclient import NotebookClient
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config

from ce.site.kernels import forked_kernels, kernel_spec
from ce.site.problems import Problem, report

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# IPython's name for the code of a cell in tracebacks, and the line within the cell.
_CELL_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")
EXPECTED = "raises-exception"
AT_ONCE = 4
"""How many kernels run at most; each takes some 250 MB."""
IMPORTED = ("ce.claims", "ce.exercises", "ce.experiments", "ce.figures.picture.draw", "myst_nb.ext.glue")
"""What most chapters import, or have imported for them."""


def setup(app: Sphinx) -> None:
    """Have cells run in this Python, and each page looked at when its cells have been run."""
    correct_line_numbers()
    # Nobody needs what a kernel does when it is asked to end, which takes it half a second.
    NotebookClient.shutdown_kernel.default_value = "immediate"
    app.connect("config-inited", provide_kernel)
    app.connect("env-before-read-docs", run_ahead)
    app.connect("doctree-read", report_failing_cells)


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


def provide_kernel(app: Sphinx, _config: Config) -> None:
    """Make the kernel ``python3`` of the build the Python that runs it, whatever the machine calls so."""
    kernel = _kernel_json(app)
    kernel.parent.mkdir(parents=True, exist_ok=True)
    kernel.write_text(kernel_spec(sys.executable, "-m", "ipykernel_launcher"), encoding="utf8")
    folder = str(kernel.parents[2])
    os.environ["JUPYTER_PATH"] = os.pathsep.join([folder, os.environ.get("JUPYTER_PATH", "")]).rstrip(os.pathsep)


def _kernel_json(app: Sphinx) -> Path:
    return Path(app.outdir).parent / "jupyter" / "kernels" / "python3" / "kernel.json"


def run_ahead(app: Sphinx, env: Any, docnames: list[str]) -> None:
    """Begin to run the cells of the pages that are about to be read, several pages at once.

    MyST-NB runs a page when it reads it, one after the other. Here it finds each page running, or run, and waits
    for it. Pages in the cache, and pages with settings of their own, are left to it. The kernels of many pages are
    forked from one.
    """
    config = env.mystnb_config
    if config.execution_mode != "cache" or config.execution_excludepatterns:
        return
    cache = get_cache(config.execution_cache_path)
    to_run: list[tuple[NotebookNode, str]] = []
    for path in map(Path, map(env.doc2path, docnames)):
        text = path.read_text(encoding="utf8")
        reader = myst_nb.sphinx_.create_nb_reader(str(path), env.myst_config, config, text)
        notebook = reader.read(text) if reader else None
        if notebook is None or config.metadata_key in notebook.metadata:
            continue
        with suppress(KeyError):
            cache.match_cache_notebook(notebook)
            continue
        to_run.append((notebook, str(path.parent)))
    if len(to_run) > AT_ONCE:
        forking = ExitStack()
        _kernel_json(app).write_text(forking.enter_context(forked_kernels(IMPORTED)), encoding="utf8")
        app.connect("build-finished", lambda *_: forking.close())
    pool = ThreadPoolExecutor(max(2, min(AT_ONCE, os.cpu_count() or 1)))
    given = {"timeout": config.execution_timeout, "allow_errors": config.execution_allow_errors}
    running: dict[str, Future[ExecutionResult]] = {
        _text(notebook): pool.submit(single_nb_execution, notebook, cwd=cwd, **given) for notebook, cwd in to_run
    }

    def once_run(notebook: NotebookNode, **given: Any) -> ExecutionResult:
        if (begun := running.pop(_text(notebook), None)) is None:
            return single_nb_execution(notebook, **given)
        try:
            result = begun.result()
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        notebook.update(result.nb)
        return result

    myst_nb.core.execute.cache.single_nb_execution = once_run


def _text(notebook: NotebookNode) -> str:
    return json.dumps([cell.source for cell in notebook.cells])


def report_failing_cells(app: Sphinx, _doctree: nodes.document) -> None:
    """Report each cell of the page just read that failed, or that should have and did not."""
    docname = app.env.docname
    executed = NbMetadataCollector.get_exec_data(app.env, docname)
    if executed is None:
        return
    page = app.env.doc2path(docname, base=False)
    text = Path(app.env.doc2path(docname)).read_text(encoding="utf8")
    notebook = _executed_notebook(app, docname)
    problems = list(failing_cells(notebook, page, text))
    if not executed["succeeded"] and not problems:
        problems = [_unfinished_cell(notebook, page, text)]
    for problem in problems:
        report(app, problem)


def failing_cells(notebook: NotebookNode, page: str, text: str) -> Iterator[Problem]:
    """Find the cells whose outcome is not the declared one, and those that complain to stderr.

    A cell tagged ``raises-exception`` (a step shown to be refuted, say) must raise; any other must not.

    Parameters
    ----------
    notebook
        The executed notebook.
    page
        Name of the source file for the message.
    text
        The chapter's source, for the line numbers.

    Yields
    ------
    Problem
        One for each such cell, at the line of the code that raised.
    """
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        errors = [output for output in cell.outputs if output.output_type == "error"]
        expected = EXPECTED in cell.metadata.get("tags", [])
        start = first_code_line(notebook, index, text)
        if expected and not errors and cell.source.strip():
            message = f"the cell is tagged {EXPECTED!r} but raised nothing: remove the tag or mend the cell"
            yield Problem(page, start, message)
        if errors and not expected:
            yield _failure(page, start, errors[0])
        if complaint := "".join(output.text for output in cell.outputs if output.get("name") == "stderr"):
            told = "\n    ".join(_ANSI.sub("", complaint).strip().splitlines())
            yield Problem(page, start, f"the cell wrote to stderr: {told}")


def _failure(page: str, start: int | None, error: NotebookNode) -> Problem:
    traceback = _ANSI.sub("", "\n".join(error.traceback))
    within = _CELL_LINE.search(traceback)
    line = start + int(within[1]) - 1 if within and start else start
    reason = "\n    ".join(f"{error.ename}: {error.evalue}".splitlines())
    return Problem(page, line, f"the cell failed: {reason}")


def _unfinished_cell(notebook: NotebookNode, page: str, text: str) -> Problem:
    """Give the last cell that began: a kernel that is ended leaves no error."""
    begun = [index for index, cell in enumerate(notebook.cells) if cell.get("execution_count")]
    line = first_code_line(notebook, begun[-1], text) if begun else None
    return Problem(page, line, "the cell did not finish in the time that _config.yml allows (timeout)")


def _executed_notebook(app: Sphinx, docname: str) -> NotebookNode:
    # MyST-NB writes the notebook there just before the event that brings us here, but without its outputs
    # when they came from the cache.
    path = Path(app.outdir).parent / OUTPUT_FOLDER / f"{docname}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    if not any(cell.get("execution_count") for cell in notebook.cells):
        with suppress(KeyError):
            _, notebook = get_cache(app.config.nb_execution_cache_path).merge_match_into_notebook(notebook)
            nbformat.write(notebook, path)  # `python -m ce.exercises.exports` reads the outputs there
    return notebook
