"""Kernels that are forked from one Python: they are kernels like others, and none outlives its use."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from ce.site.kernels import forked_kernels

pytestmark = pytest.mark.usefixtures("kernels")


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    spec = tmp_path_factory.mktemp("jupyter") / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    with forked_kernels(["colorsys", "no.such.module"]) as text, pytest.MonkeyPatch.context() as patch:
        spec.write_text(text, encoding="utf8")
        patch.setenv("JUPYTER_PATH", str(spec.parents[2]))
        patch.setenv("SAID_LATER", "also to a kernel")
        yield


def run(*cells: str, folder: Path, timeout: int = 60) -> list[str]:
    """Run cells in a kernel; give what each prints."""
    book = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    about = {"shutdown_kernel": "immediate", "resources": {"metadata": {"path": str(folder)}}}
    NotebookClient(book, kernel_name="python3", timeout=timeout, **about).execute()
    return ["".join(output.get("text", "") for output in cell.outputs).strip() for cell in book.cells]


def gone(process: int) -> bool:
    end = time.monotonic() + 30
    while Path(f"/proc/{process}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    return not Path(f"/proc/{process}").exists()


def test_a_kernel_has_what_was_imported_and_all_else_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("here = True\n", encoding="utf8")
    cells = (
        "import os, sys\nprint('colorsys' in sys.modules, os.getpid(), os.getppid())",
        "import beside\nprint(os.getcwd(), os.environ['SAID_LATER'], sys.executable)\nmine = 1",
    )
    said = [run(*cells, "print('never' if 'yours' in dir() else 'new')\nyours = 1", folder=tmp_path) for _ in "ab"]
    (first, *rest), (second, *again) = said
    assert rest == again == [f"{tmp_path} also to a kernel {sys.executable}", "new"]
    (had, one, parent), (_, other, same) = first.split(), second.split()
    if sys.platform == "linux":
        assert had == "True"
        assert parent == same
        assert one != other
        assert gone(int(one))


def test_a_module_that_is_not_there_fails_the_cell_that_asks_for_it(tmp_path: Path) -> None:
    tried = "try:\n    import no.such.module\nexcept ImportError as error:\n    print(error)"
    assert run(tried, folder=tmp_path) == ["No module named 'no'"]


def test_a_kernel_that_dies_is_noticed_and_one_that_never_ends_is_ended(tmp_path: Path) -> None:
    with pytest.raises(DeadKernelError):
        run("import os\nos._exit(1)", folder=tmp_path)
    with pytest.raises(CellTimeoutError):
        run("import os\nopen('process', 'w').write(str(os.getpid()))", "while True: pass", folder=tmp_path, timeout=3)
    process = int((tmp_path / "process").read_text())
    assert process != os.getpid()
    assert gone(process)
